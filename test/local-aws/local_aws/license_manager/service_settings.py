"""The service settings: one object for each account and Region. What the control API sets as serviceSettings is what somebody set before."""

from __future__ import annotations

import re
import uuid
from typing import Any

from .. import hooks, service_linked_roles
from ..errors import ServiceError, invalid_parameter
from ..organizations.store import Organization, organization_of
from ..ram.store import Share, shares_of
from ..scope import Scope
from ..settings import settings_of
from .store import state_of

# User guide, «Settings»: License Manager's role may write to no others.
_PREFIX = "aws-license-manager-service-"
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d")


def get(scope: Scope, _: dict[str, Any]) -> dict[str, Any]:
    bucket = state_of(scope).bucket
    return {
        "OrganizationConfiguration": {"EnableIntegration": False}, "EnableCrossAccountsDiscovery": False,
        **({"S3BucketArn": f"arn:{scope.partition}:s3:::{bucket}"} if bucket else {}), **settings_of(scope).serviceSettings}


def update(scope: Scope, p: dict[str, Any]) -> None:
    """Changes what is given, and nothing of it if a part of it is refused. That what is omitted stays is a guess, which all samples share."""
    before = get(scope, {})
    changes: dict[str, Any] = {}
    if "S3BucketArn" in p:
        changes["S3BucketArn"] = _bucket(scope, p["S3BucketArn"])
    if "SnsTopicArn" in p:
        changes["SnsTopicArn"] = _topic(scope, p["SnsTopicArn"])
    if "EnabledDiscoverySourceRegions" in p:
        changes.update(_cross_region_discovery(scope, p["EnabledDiscoverySourceRegions"]))
    link = _is_to_be_linked(p, before)
    organization = _organization(scope) if link else None
    if link is not None:
        changes["OrganizationConfiguration"] = {"EnableIntegration": link}
    if p.get("EnableCrossAccountsDiscovery"):
        changes["EnableCrossAccountsDiscovery"] = True
    settings = settings_of(scope)
    settings.serviceSettings = {**settings.serviceSettings, **changes}
    if organization is not None:
        _link(scope, organization)
    if link is False:
        _unlink(scope)


def _bucket(scope: Scope, arn: str) -> str:
    found = re.fullmatch(rf"arn:{scope.partition}:s3:::({_PREFIX}[a-z0-9.-]+)", arn)
    if found is None:
        raise invalid_parameter(f"S3 bucket ARN '{arn}' is not valid. The name of the bucket has to begin with {_PREFIX}.")
    # That it is looked for, and in this Region only, is a guess: the guide names neither what is checked nor when. A bucket of another
    # account is taken.
    if hooks.bucket_region(found.group(1)) != scope.region:
        raise invalid_parameter(f"The S3 bucket {found.group(1)} does not exist in {scope.region}.")
    return arn


def _topic(scope: Scope, arn: str) -> str:
    if not re.fullmatch(rf"{re.escape(scope.arn('sns', _PREFIX))}[\w-]+(\.fifo)?", arn):
        raise invalid_parameter(f"SNS topic ARN '{arn}' is not valid. It has to match {scope.arn('sns', _PREFIX)}*.")
    if not hooks.topic_exists(arn):
        raise invalid_parameter(f"The SNS topic {arn} does not exist.")
    return arn


def _cross_region_discovery(scope: Scope, regions: list[str]) -> dict[str, Any]:
    # No documented way takes Regions away altogether: that an empty list is refused is a guess, and that one with duplicates is, too.
    if not regions or len(set(regions)) != len(regions):
        raise invalid_parameter("The source Regions of discovery are at least one, and each once.")
    for region in regions:
        if not _REGION.fullmatch(region):
            raise invalid_parameter(f"Region '{region}' is not valid.")
    # Nothing promises the order, nor a word of the status: whoever relies on these, fails here.
    found = sorted(regions, reverse=True)
    return {
        "CrossRegionDiscoveryHomeRegion": scope.region, "CrossRegionDiscoverySourceRegions": found,
        "ServiceStatus": {"CrossRegionDiscovery": {"Message": {region: {"Status": "-"} for region in found}}}}


def _is_to_be_linked(p: dict[str, Any], before: dict[str, Any]) -> bool | None:
    """Whether the call links the organization, or takes it off."""
    asked = (p.get("OrganizationConfiguration") or {}).get("EnableIntegration")
    discovery = p.get("EnableCrossAccountsDiscovery")
    if discovery is False:
        # «Impossible to revert»; that it is also refused of what was never on is a guess.
        raise invalid_parameter("Cross-account discovery cannot be turned off.")
    if asked is False and (discovery or before["EnableCrossAccountsDiscovery"]):
        raise invalid_parameter("Cross-account discovery needs the accounts of the organization to be linked.")
    if discovery:
        return True
    return asked if asked is None or asked or before["OrganizationConfiguration"].get("EnableIntegration") else None


def _organization(scope: Scope) -> Organization:
    """The organization that the account may link. Which of the declared errors says what is a guess."""
    found = organization_of(scope.account)
    if found is None:
        raise invalid_parameter(f"Account {scope.account} is not a member of an organization.")
    if found.management != scope.account:
        raise ServiceError("AccessDeniedException", f"Account {scope.account} is not the management account of its organization.")
    if not found.has_all_features:
        raise invalid_parameter("All features of the organization have to be enabled.")
    return found


def _link(scope: Scope, organization: Organization) -> None:
    organization.trust(service_linked_roles.CORE, service_linked_roles.MEMBER)
    service_linked_roles.create(organization.management, service_linked_roles.MASTER, service_linked_roles.MEMBER)
    for account in organization.accounts:
        if account != organization.management:
            service_linked_roles.create(account, service_linked_roles.CORE, service_linked_roles.MEMBER)
    settings = settings_of(scope)
    if "LicenseManagerResourceShareArn" not in settings.serviceSettings:
        share = Share(
            scope.arn("ram", f"resource-share/{uuid.uuid4()}"), f"licenseManagerResourceShare-{scope.account}", scope.account,
            tags={"Service": "LicenseManager"})
        shares_of(scope)[share.arn] = share
        settings.serviceSettings = {**settings.serviceSettings, "LicenseManagerResourceShareArn": share.arn}


def _unlink(scope: Scope) -> None:
    """The share goes; trusted access, roles and delegated administrators stay: a guess."""
    settings = settings_of(scope)
    arn = settings.serviceSettings.get("LicenseManagerResourceShareArn")
    settings.serviceSettings = {name: value for name, value in settings.serviceSettings.items() if name != "LicenseManagerResourceShareArn"}
    share = shares_of(scope).get(str(arn))
    if share is not None:
        share.status, share.resources, share.principals = "DELETED", {}, {}


def dependent_permissions(operation: str, parameters: dict[str, Any]) -> list[hooks.Permission]:
    """What links the organization does so with the caller's permissions.

    The service authorization reference does not name these; the guide does for sharing, and License Manager's own role has none of them.
    """
    configuration = parameters.get("OrganizationConfiguration")
    asked = isinstance(configuration, dict) and configuration.get("EnableIntegration")
    if operation != "UpdateServiceSettings" or not (asked or parameters.get("EnableCrossAccountsDiscovery")):
        return []
    scope = hooks.current_scope()
    trusted, made = (service_linked_roles.CORE, service_linked_roles.MEMBER), (service_linked_roles.MASTER, service_linked_roles.MEMBER)
    return [
        hooks.Permission("organizations:DescribeOrganization"),
        *(hooks.Permission("organizations:EnableAWSServiceAccess", keys={"organizations:ServicePrincipal": each}) for each in trusted),
        *(service_linked_roles.permission_to_create(scope, each) for each in made),
    ]
