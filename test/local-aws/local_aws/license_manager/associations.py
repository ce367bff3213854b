"""Operations on the associations of license configurations with resources."""

from __future__ import annotations

from typing import Any

from ..errors import ServiceError, invalid_parameter
from ..paging import page
from ..scope import Scope
from ..settings import settings_of
from . import configurations, consumption, resources
from .store import Association, Failure, LicenseConfiguration, all_configurations, state_of


def of_resource(scope: Scope, resource_arn: str) -> list[tuple[LicenseConfiguration, Association]]:
    found = []
    for configuration in all_configurations():
        association = configuration.association(resource_arn)
        if association is not None and (configuration.owner == scope.account or association.resource_owner == scope.account):
            found.append((configuration, association))
    return found


def update(scope: Scope, p: dict[str, Any]) -> None:
    """All of a request is done, or nothing."""
    add, remove = p.get("AddLicenseSpecifications") or [], p.get("RemoveLicenseSpecifications") or []
    if not add and not remove:
        raise invalid_parameter("Specify at least one license configuration to add or to remove.")
    arns = [specification["LicenseConfigurationArn"] for specification in (*add, *remove)]
    if len(set(arns)) != len(arns):
        raise invalid_parameter("A license configuration is given more than once.")
    resource_arn = p["ResourceArn"]
    resource_type, _, _ = resources.parse_arn(scope, resource_arn)
    resource = resources.find(scope, resource_arn)
    removals = [_removal(scope, specification, resource_arn) for specification in remove]
    if resource is None or (resource.gone and resource.type != "EC2_INSTANCE"):
        raise invalid_parameter(f"Resource {resource_arn} does not exist.")
    if resource.gone:
        raise ServiceError("InvalidResourceStateException", f"Instance {resource_arn} is {resource.state}.")
    additions = [_addition(scope, specification, resource) for specification in add]
    quota = settings_of(scope).licenseConfigurationsPerResource
    present = {c.arn for c, _ in of_resource(scope, resource_arn)} - {c.arn for c, _ in removals}
    if len(present | {c.arn for c, _ in additions}) > quota:
        raise ServiceError(
            "InvalidParameterValueException", f"A resource has at most {quota} license configurations; {resource_arn} would have more.")
    for configuration, association in removals:
        configuration.associations.remove(association)
    late = state_of(scope).late_failures.pop(resource_arn, None) if additions else None
    for configuration, association in additions:
        if late is not None:
            configuration.failures.append(Failure(
                resource_arn, resource_type, association.resource_owner, late, "UpdateLicenseSpecificationsForResource"))
            continue
        existing = configuration.association(resource_arn)
        if existing is not None:
            existing.ami_association_scope = association.ami_association_scope
        else:
            configuration.associations.append(association)


def _removal(scope: Scope, specification: dict[str, Any], resource_arn: str) -> tuple[LicenseConfiguration, Association]:
    configuration = configurations.find(scope, specification["LicenseConfigurationArn"])
    association = configuration.association(resource_arn)
    if association is None:
        raise invalid_parameter(f"License configuration {configuration.arn} is not associated with {resource_arn}.")
    if association.discovered:
        raise invalid_parameter(f"{resource_arn} was associated by automated discovery and cannot be disassociated manually.")
    return configuration, association


def _addition(
        scope: Scope, specification: dict[str, Any], resource: resources.Resource) -> tuple[LicenseConfiguration, Association]:
    configuration = configurations.find(scope, specification["LicenseConfigurationArn"])
    ami_scope = specification.get("AmiAssociationScope")
    if ami_scope is not None and ami_scope != "cross-account":
        raise invalid_parameter(f"AMI association scope '{ami_scope}' is not valid. Valid value: cross-account.")
    if ami_scope is not None and resource.type != "EC2_AMI":
        raise invalid_parameter(f"An AMI association scope can be given for AMIs only, not for {resource.arn}.")
    if ami_scope is not None and resource.owner != scope.account:
        raise invalid_parameter(f"{resource.arn} belongs to another account: it can be associated in this account only.")
    if configuration.status == "DISABLED":
        raise invalid_parameter(f"License configuration {configuration.arn} is disabled.")
    if configuration.association(resource.arn) is None:
        consumption.check_association(scope, configuration, resource)
    return configuration, Association(resource.arn, resource.type, resource.owner, ami_association_scope=ami_scope)


def list_specifications(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    resources.parse_arn(scope, p["ResourceArn"])
    found = [
        {"LicenseConfigurationArn": configuration.arn, "AmiAssociationScope": association.ami_association_scope}
        for configuration, association in of_resource(scope, p["ResourceArn"])
    ]
    items, token = page("ListLicenseSpecificationsForResource", found, p, settings_of(scope))
    return {"LicenseSpecifications": items, "NextToken": token}


def list_associations(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    configuration = configurations.find(scope, p["LicenseConfigurationArn"])
    items, token = page("ListAssociationsForLicenseConfiguration", configuration.associations, p, settings_of(scope))
    return {
        "LicenseConfigurationAssociations": [
            {
                "ResourceArn": a.resource_arn, "ResourceType": a.resource_type, "ResourceOwnerId": a.resource_owner,
                "AssociationTime": a.time, "AmiAssociationScope": a.ami_association_scope,
            } for a in items
        ],
        "NextToken": token,
    }


def list_failures(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    configuration = configurations.find(scope, p["LicenseConfigurationArn"])
    items, token = page("ListFailuresForLicenseConfigurationOperations", configuration.failures, p, settings_of(scope))
    return {
        "LicenseOperationFailureList": [
            {
                "ResourceArn": f.resource_arn, "ResourceType": f.resource_type, "ErrorMessage": f.message, "FailureTime": f.time,
                "OperationName": f.operation, "ResourceOwnerId": f.resource_owner, "MetadataList": [],
            } for f in items
        ],
        "NextToken": token,
    }


def list_usage(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    configuration = configurations.find(scope, p["LicenseConfigurationArn"])
    found = configuration.associations
    members = {"resourceArn": "resource_arn", "resourceType": "resource_type", "resourceAccount": "resource_owner"}
    for entry in p.get("Filters") or []:
        name, values = entry.get("Name"), entry.get("Values") or []
        if name not in members:
            raise invalid_parameter(f"Filter '{name}' is not valid. Valid filters: {', '.join(members)}.")
        if len(values) > 1:
            raise ServiceError("FilterLimitExceededException", f"The filter '{name}' takes one value.")
        found = [association for association in found if getattr(association, members[name]) in values]
    # Of what is on the page alone: a license may be on very many resources.
    items, token = page("ListUsageForLicenseConfiguration", found, p, settings_of(scope))
    return {"LicenseConfigurationUsageList": [_usage(scope, configuration, each) for each in items], "NextToken": token}


def _usage(scope: Scope, configuration: LicenseConfiguration, association: Association) -> dict[str, Any]:
    state = "available"
    if association.resource_type in ("EC2_INSTANCE", "EC2_HOST"):
        resource = resources.find(Scope(association.resource_owner, scope.region), association.resource_arn)
        state = resource.state if resource is not None else "terminated"
    return {
        "ResourceArn": association.resource_arn, "ResourceType": association.resource_type, "ResourceStatus": state,
        "ResourceOwnerId": association.resource_owner, "AssociationTime": association.time,
        "ConsumedLicenses": consumption.consumed_by(scope, configuration, association),
    }


def housekeeping(scope: Scope) -> None:
    """What License Manager does every eight hours: drops the associations of resources that are gone."""
    for configuration in state_of(scope).configurations.values():
        configuration.associations = [a for a in configuration.associations if a.discovered or _is_there(scope, a)]


def _is_there(scope: Scope, association: Association) -> bool:
    owner = scope if association.resource_type == "EC2_AMI" else Scope(association.resource_owner, scope.region)
    resource = resources.find(owner, association.resource_arn)
    return resource is not None and not resource.gone
