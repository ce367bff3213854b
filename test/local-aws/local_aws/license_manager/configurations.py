"""Operations on license configurations."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from typing import Any

from .. import sharing
from ..errors import ServiceError, invalid_parameter
from ..paging import page
from ..scope import Arn, Scope
from ..settings import settings_of
from . import consumption, products, resources, rules, tags
from .store import LicenseConfiguration, state_of

_ID = re.compile(r"license-configuration:(lic-[0-9a-f]{32})")
_MAXIMUM_COUNT = 2**63 - 1


def find(scope: Scope, text: str, *, for_change: bool = False) -> LicenseConfiguration:
    """The license configuration of an ARN: the account's own, or one that is shared with it.

    The service has no error of its own for one that does not exist: it is an invalid parameter.
    """
    arn = Arn.parse(text)
    match = _ID.fullmatch(arn.resource) if arn is not None and arn.service == "license-manager" else None
    if arn is None or match is None or arn.partition != scope.partition:
        raise invalid_parameter(f"License configuration ARN '{text}' is not valid.")
    owner = Scope(arn.account, arn.region)
    configuration = state_of(owner).configurations.get(text) if arn.region == scope.region else None
    shared = owner.account != scope.account and not for_change and sharing.is_shared_with(text, scope)
    if configuration is None or (owner.account != scope.account and not shared):
        raise invalid_parameter(f"License configuration {text} was not found in account {scope.account}, Region {scope.region}.")
    return configuration


def create(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    state = state_of(scope)
    quota = settings_of(scope).licenseConfigurationsPerRegion
    candidate = LicenseConfiguration(
        id=f"lic-{uuid.uuid4().hex}", arn="", owner=scope.account, name=p["Name"], counting_type=p["LicenseCountingType"],
        description=p.get("Description"), count=p.get("LicenseCount"), hard_limit=p.get("LicenseCountHardLimit", False),
        rules=list(p.get("LicenseRules") or []), expiry=p.get("LicenseExpiry"),
        disassociate_when_not_found=p.get("DisassociateWhenNotFound", False), products=list(p.get("ProductInformationList") or []),
        tags=tags.as_map(p.get("Tags") or []))
    candidate.arn = scope.arn("license-manager", f"license-configuration:{candidate.id}")
    _check(candidate)
    if len(state.configurations) >= quota:
        raise ServiceError("ResourceLimitExceededException", f"You have reached the maximum of {quota} license configurations.")
    state.configurations[candidate.arn] = candidate
    return {"LicenseConfigurationArn": candidate.arn}


def update(scope: Scope, p: dict[str, Any]) -> None:
    configuration = find(scope, p["LicenseConfigurationArn"], for_change=True)
    changed = LicenseConfiguration(**{
        **vars(configuration),
        "name": p.get("Name", configuration.name),
        "description": p.get("Description", configuration.description),
        "count": p.get("LicenseCount", configuration.count),
        "hard_limit": p.get("LicenseCountHardLimit", configuration.hard_limit),
        "rules": list(p.get("LicenseRules", configuration.rules)),
        "expiry": p.get("LicenseExpiry", configuration.expiry),
        "disassociate_when_not_found": p.get("DisassociateWhenNotFound", configuration.disassociate_when_not_found),
        "products": list(p.get("ProductInformationList", configuration.products)),
        "status": p.get("LicenseConfigurationStatus", configuration.status),
    })
    if "LicenseRules" in p:
        rules.check_update(configuration.rules, changed.rules)
    _check(changed)
    consumed = consumption.total(scope, configuration)
    if changed.hard_limit and changed.count is not None and changed.count < consumed:
        raise invalid_parameter(
            f"The license count {changed.count} is lower than the {consumed} licenses in use, and the license configuration "
            f"{configuration.arn} has a hard limit.")
    if changed.status == "DISABLED" and configuration.status == "AVAILABLE" and _on_running_instance(scope, configuration):
        raise invalid_parameter(f"License configuration {configuration.arn} is attached to a running instance and cannot be deactivated.")
    vars(configuration).update(vars(changed))


def delete(scope: Scope, p: dict[str, Any]) -> None:
    configuration = find(scope, p["LicenseConfigurationArn"], for_change=True)
    if configuration.associations:
        raise invalid_parameter(
            f"License configuration {configuration.arn} cannot be deleted because it is in use. "
            f"Disassociate its {len(configuration.associations)} resource(s) first.")
    del state_of(scope).configurations[configuration.arn]


def get(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    configuration = find(scope, p["LicenseConfigurationArn"])
    return {**_describe(scope, configuration), "Tags": tags.as_list(configuration.tags)}


def list_all(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found = list(state_of(scope).configurations.values())
    found += [find(scope, arn) for arn in sharing.shared_with(scope) if ":license-configuration:" in arn]
    arns = p.get("LicenseConfigurationArns")
    if arns:
        found = [find(scope, arn) for arn in arns]
    for entry in p.get("Filters") or []:
        found = [c for c in found if _matches(scope, c, entry)]
    items, token = page("ListLicenseConfigurations", found, p, settings_of(scope))
    return {"LicenseConfigurations": [_describe(scope, c) for c in items], "NextToken": token}


def _matches(scope: Scope, configuration: LicenseConfiguration, entry: dict[str, Any]) -> bool:
    name, values = entry.get("Name"), entry.get("Values") or []
    if len(values) > 1:
        raise ServiceError("FilterLimitExceededException", f"The filter '{name}' takes one value.")
    actual = {
        "licenseCountingType": configuration.counting_type,
        "enforceLicenseCount": str(configuration.hard_limit).lower(),
        "usagelimitExceeded": str(
            configuration.count is not None and consumption.total(scope, configuration) > configuration.count).lower(),
    }
    if name not in actual:
        raise invalid_parameter(f"Filter '{name}' is not valid. Valid filters: {', '.join(actual)}.")
    return actual[name] in [v if name == "licenseCountingType" else v.lower() for v in values]


def _check(configuration: LicenseConfiguration) -> None:
    if not configuration.name:
        raise invalid_parameter("The name of a license configuration must not be empty.")
    if configuration.count is not None and not 0 <= configuration.count <= _MAXIMUM_COUNT:
        raise invalid_parameter(f"The license count {configuration.count} is not valid.")
    if configuration.hard_limit and configuration.count is None:
        raise invalid_parameter("A hard limit needs a license count.")
    if configuration.expiry is not None and configuration.expiry < 0:
        raise invalid_parameter(f"The license expiry {configuration.expiry} is not valid.")
    rules.parse(configuration.counting_type, configuration.rules)
    products.check(configuration.products, configuration.counting_type, configuration.rules, configuration.hard_limit)
    tags.check(configuration.tags)


def _on_running_instance(scope: Scope, configuration: LicenseConfiguration) -> bool:
    for association in configuration.associations:
        if association.resource_type == "EC2_INSTANCE":
            resource = resources.find(scope, association.resource_arn)
            if resource is not None and resource.running:
                return True
    return False


def _describe(scope: Scope, c: LicenseConfiguration) -> dict[str, Any]:
    consumed: Counter[str] = Counter()
    managed: Counter[str] = Counter()
    for association in c.associations:
        managed[association.resource_type] += 1
        consumed[association.resource_type] += consumption.consumed_by(scope, c, association)
    return {
        "LicenseConfigurationId": c.id,
        "LicenseConfigurationArn": c.arn,
        "Name": c.name,
        "Description": c.description,
        "LicenseCountingType": c.counting_type,
        "LicenseRules": c.rules,
        "LicenseCount": c.count,
        "LicenseCountHardLimit": c.hard_limit,
        "DisassociateWhenNotFound": c.disassociate_when_not_found,
        "ConsumedLicenses": sum(consumed.values()),
        "Status": c.status,
        "OwnerAccountId": c.owner,
        "ConsumedLicenseSummaryList": [{"ResourceType": t, "ConsumedLicenses": n} for t, n in sorted(consumed.items())],
        "ManagedResourceSummaryList": [{"ResourceType": t, "AssociationCount": n} for t, n in sorted(managed.items())],
        "ProductInformationList": c.products,
        "LicenseExpiry": c.expiry,
    }
