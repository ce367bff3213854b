"""The License Manager API."""

from __future__ import annotations

from typing import Any

from .. import hooks, service_linked_roles
from ..errors import ServiceError
from ..json_service import JsonService
from ..scope import Scope
from ..settings import settings_of
from . import (
    asset_groups,
    asset_rulesets,
    assets,
    associations,
    checkouts,
    configurations,
    conversions,
    grants,
    inventory,
    issued,
    licenses,
    received_grants,
    received_licenses,
    reports,
    service_settings,
    tags,
    tokens,
)
from .store import state_of

# From the service authorization reference: the operations that have a resource type, and the member that names the resource.
# All others are allowed or denied on «*».
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
_RESOURCE_MEMBERS: dict[str, str] = {
    "GetLicenseConfiguration": "LicenseConfigurationArn",
    "UpdateLicenseConfiguration": "LicenseConfigurationArn",
    "DeleteLicenseConfiguration": "LicenseConfigurationArn",
    "ListAssociationsForLicenseConfiguration": "LicenseConfigurationArn",
    "ListFailuresForLicenseConfigurationOperations": "LicenseConfigurationArn",
    "ListUsageForLicenseConfiguration": "LicenseConfigurationArn",
    "GetLicenseManagerReportGenerator": "LicenseManagerReportGeneratorArn",
    "UpdateLicenseManagerReportGenerator": "LicenseManagerReportGeneratorArn",
    "DeleteLicenseManagerReportGenerator": "LicenseManagerReportGeneratorArn",
    "GetLicense": "LicenseArn",
    "CreateLicenseVersion": "LicenseArn",
    "DeleteLicense": "LicenseArn",
    "CreateGrant": "LicenseArn",
    "GetGrant": "GrantArn",
    "CreateGrantVersion": "GrantArn",
    "DeleteGrant": "GrantArn",
    "AcceptGrant": "GrantArn",
    "RejectGrant": "GrantArn",
    "CreateToken": "LicenseArn",
    "CheckoutBorrowLicense": "LicenseArn",
    "GetLicenseUsage": "LicenseArn",
    "GetLicenseAssetRuleset": "LicenseAssetRulesetArn",
    "UpdateLicenseAssetRuleset": "LicenseAssetRulesetArn",
    "DeleteLicenseAssetRuleset": "LicenseAssetRulesetArn",
    "GetLicenseAssetGroup": "LicenseAssetGroupArn",
    "DeleteLicenseAssetGroup": "LicenseAssetGroupArn",
    "ListAssetsForLicenseAssetGroup": "LicenseAssetGroupArn",
    "TagResource": "ResourceArn",
    "UntagResource": "ResourceArn",
    "ListTagsForResource": "ResourceArn",
}

# Lists that have a resource type all the same: they are allowed or denied for all resources of the account.
_LISTED = {"ListLicenseAssetRulesets": "license-asset-ruleset", "ListLicenseAssetGroups": "license-asset-group"}


SERVICE = JsonService("license-manager", {
    "CreateLicenseConfiguration": configurations.create,
    "GetLicenseConfiguration": configurations.get,
    "UpdateLicenseConfiguration": configurations.update,
    "DeleteLicenseConfiguration": configurations.delete,
    "ListLicenseConfigurations": configurations.list_all,
    "UpdateLicenseSpecificationsForResource": associations.update,
    "ListLicenseSpecificationsForResource": associations.list_specifications,
    "ListAssociationsForLicenseConfiguration": associations.list_associations,
    "ListFailuresForLicenseConfigurationOperations": associations.list_failures,
    "ListUsageForLicenseConfiguration": associations.list_usage,
    "ListResourceInventory": inventory.list_all,
    "CreateLicenseManagerReportGenerator": reports.create,
    "GetLicenseManagerReportGenerator": reports.get,
    "UpdateLicenseManagerReportGenerator": reports.update,
    "DeleteLicenseManagerReportGenerator": reports.delete,
    "ListLicenseManagerReportGenerators": reports.list_all,
    "CreateLicense": licenses.create,
    "CreateLicenseVersion": licenses.create_version,
    "GetLicense": licenses.get,
    "ListLicenses": licenses.list_all,
    "DeleteLicense": licenses.delete,
    "CreateGrant": grants.create,
    "CreateGrantVersion": grants.create_version,
    "GetGrant": grants.get,
    "ListDistributedGrants": grants.list_distributed,
    "DeleteGrant": grants.delete,
    "AcceptGrant": received_grants.accept,
    "RejectGrant": received_grants.reject,
    "ListReceivedGrants": received_grants.list_all,
    "ListReceivedGrantsForOrganization": received_grants.list_for_organization,
    "ListReceivedLicenses": received_licenses.list_all,
    "ListReceivedLicensesForOrganization": received_licenses.list_for_organization,
    "CreateToken": tokens.create,
    "DeleteToken": tokens.delete,
    "ListTokens": tokens.list_all,
    "GetAccessToken": tokens.get_access_token,
    "CheckoutLicense": checkouts.check_out,
    "CheckoutBorrowLicense": checkouts.borrow,
    "ExtendLicenseConsumption": checkouts.extend,
    "CheckInLicense": checkouts.check_in,
    "GetLicenseUsage": checkouts.usage,
    "CreateLicenseConversionTaskForResource": conversions.create,
    "GetLicenseConversionTask": conversions.get,
    "ListLicenseConversionTasks": conversions.list_all,
    "CreateLicenseAssetRuleset": asset_rulesets.create,
    "GetLicenseAssetRuleset": asset_rulesets.get,
    "UpdateLicenseAssetRuleset": asset_rulesets.update,
    "DeleteLicenseAssetRuleset": asset_rulesets.delete,
    "ListLicenseAssetRulesets": asset_rulesets.list_all,
    "CreateLicenseAssetGroup": asset_groups.create,
    "GetLicenseAssetGroup": asset_groups.get,
    "UpdateLicenseAssetGroup": asset_groups.update,
    "DeleteLicenseAssetGroup": asset_groups.delete,
    "ListLicenseAssetGroups": asset_groups.list_all,
    "ListAssetsForLicenseAssetGroup": assets.list_assets,
    "TagResource": tags.tag_resource,
    "UntagResource": tags.untag_resource,
    "ListTagsForResource": tags.list_tags,
    "GetServiceSettings": service_settings.get,
    "UpdateServiceSettings": service_settings.update,
})


# What creates something with tags is asked for the permission to tag it, before it has an id and tags. Which ARN that is asked for is not documented.
_CREATED = {
    "CreateLicenseConfiguration": "license-configuration",
    "CreateLicenseManagerReportGenerator": "report-generator",
}


def _tagging_arns(operation: str, parameters: dict[str, Any]) -> list[str]:
    is_tagged = operation in _CREATED and parameters.get("Tags")
    return [hooks.current_scope().arn("license-manager", f"{_CREATED[operation]}:*")] if is_tagged else []


def _resource_arns(operation: str, parameters: dict[str, Any]) -> list[str]:
    if operation == "UpdateLicenseSpecificationsForResource":
        named = [*(parameters.get("AddLicenseSpecifications") or []), *(parameters.get("RemoveLicenseSpecifications") or [])]
        return [str(entry.get("LicenseConfigurationArn")) for entry in named if isinstance(entry, dict)]
    if operation in _LISTED:
        return [hooks.current_scope().arn("license-manager", f"{_LISTED[operation]}:*")]
    if operation in ("CreateLicenseAssetGroup", "UpdateLicenseAssetGroup"):
        group = [parameters["LicenseAssetGroupArn"]] if "LicenseAssetGroupArn" in parameters else []
        return [str(arn) for arn in (*group, *(parameters.get("AssociatedLicenseAssetRulesetARNs") or []))]
    member = _RESOURCE_MEMBERS.get(operation)
    return [str(parameters[member])] if member in parameters else []


def _tagged() -> list[tuple[str, list[dict[str, str]]]]:
    state = state_of(hooks.current_scope())
    account = issued.issued_by(hooks.current_scope())
    tagged = (
        *state.configurations.values(), *state.reports.values(), *state.asset_rulesets.values(), *state.asset_groups.values(),
        *account.licenses.values(), *account.grants.values())
    return [(each.arn, tags.as_list(each.tags)) for each in tagged]


def _check_role(operation: str, scope: Scope) -> None:
    """Nothing works without License Manager's own role. The text was seen with a real account; which of the two codes it has is not known.

    A call without credentials has no account, so that it is not asked for: a guess.
    """
    if operation != "GetAccessToken" and not service_linked_roles.is_seen(scope.account, service_linked_roles.CORE):
        raise ServiceError(settings_of(scope).serviceRoleNotFound, "Service role not found")


def _dependent(operation: str, parameters: dict[str, Any]) -> list[hooks.Permission]:
    return [*service_settings.dependent_permissions(operation, parameters), *conversions.dependent_permissions(operation, parameters)]


def install() -> None:
    SERVICE.guard = _check_role
    SERVICE.install(
        _resource_arns, target_prefix="AWSLicenseManager.", tagging_arns=_tagging_arns, dependent=_dependent)
    hooks.add_resource_tags("license-manager", _tagged)
    hooks.allow_unsigned("license-manager:GetAccessToken")
