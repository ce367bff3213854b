"""The settings of discovery: one object an account, which is seen from every Region and shown in its home Regions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from .. import service_linked_roles
from ..errors import ServiceError
from ..organizations.store import organization_of
from ..scope import Scope
from ..settings import settings_of
from ..state import ScopedState
from .store import providers_of

_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")


@dataclass
class Discovery:
    """What was asked for last, and how far it has come."""

    home_regions: list[str] = field(default_factory=list)
    enabled: bool = False
    organization: bool = False
    # None before anybody has set anything.
    source_regions: list[str] | None = None
    status: str | None = None
    # What is done in a Region, and with what outcome: at most two things at a time.
    messages: dict[str, dict[str, str]] = field(default_factory=dict)
    # How many more reads see the change in progress.
    reads: int = 0


_discoveries: ScopedState[Discovery] = ScopedState(Discovery)


def discovery_of(scope: Scope) -> Discovery:
    return _discoveries.of(Scope(scope.account, ""))


def is_done(discovery: Discovery) -> bool:
    return discovery.status in ("Completed", "Successful")


def check_discovery(scope: Scope) -> None:
    """Subscription providers need discovery."""
    discovery = discovery_of(scope)
    untouched = discovery.source_regions is None and settings_of(scope).linuxSubscriptionsDiscovery
    if not untouched and not (discovery.enabled and is_done(discovery)):
        raise ServiceError("ValidationException", "Linux subscriptions discovery is not enabled: the account must be onboarded first.")


def get_settings(scope: Scope, _: dict[str, Any]) -> dict[str, Any]:
    discovery = discovery_of(scope)
    answer = describe(discovery)
    if discovery.status == "InProgress":
        if discovery.reads > 0:
            discovery.reads -= 1
        else:
            _finish(discovery, scope)
            answer = describe(discovery)
    return answer


def update_settings(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    discovery, declared = discovery_of(scope), p["LinuxSubscriptionsDiscoverySettings"]
    enabled, organization = p["LinuxSubscriptionsDiscovery"] == "Enabled", declared["OrganizationIntegration"] == "Enabled"
    regions = declared["SourceRegions"]
    for region in regions:
        if not _REGION.fullmatch(region):
            raise ServiceError("ValidationException", f"The source Region {region} is not valid.")
    is_elsewhere = discovery.home_regions and scope.region not in discovery.home_regions
    if is_elsewhere and not p.get("AllowUpdate"):
        raise ServiceError(
            "ValidationException", f"The home Region of Linux subscriptions is {', '.join(discovery.home_regions)}. Allow the update to add another one.")
    before = (discovery.enabled, discovery.organization, set(discovery.source_regions or []))
    if before == (enabled, organization, set(regions)) and not is_elsewhere and discovery.status not in (None, "Failed"):
        return describe(discovery)
    if discovery.status == "InProgress":
        raise ServiceError("ValidationException", "The settings of Linux subscriptions are being updated. Wait until that is done.")
    if not enabled and any(providers_of(Scope(scope.account, region)) for region in discovery.home_regions):
        raise ServiceError("ValidationException", "A subscription provider is registered. Deregister it before discovery is disabled.")
    discovery.messages = _actions(discovery, enabled, organization, regions)
    discovery.enabled, discovery.organization, discovery.source_regions = enabled, organization, list(regions)
    discovery.home_regions = [*discovery.home_regions, *([] if scope.region in discovery.home_regions else [scope.region])]
    discovery.status, discovery.reads = "InProgress", settings_of(scope).linuxSubscriptionsReads
    return describe(discovery)


def _actions(discovery: Discovery, enabled: bool, organization: bool, regions: list[str]) -> dict[str, dict[str, str]]:
    """What has to be done in each Region; what had failed is done again."""
    done = {kind: {region for region, actions in discovery.messages.items() if actions.get(f"{kind}-Onboard") == "Successful"}
            for kind in ("Account", "Org")}
    wanted = {"Account": set(regions) if enabled else set(), "Org": set(regions) if enabled and organization else set()}
    found: dict[str, dict[str, str]] = {}
    for kind in ("Account", "Org"):
        for region in sorted(done[kind] | wanted[kind]):
            outcome = "Successful" if region in done[kind] & wanted[kind] else "Pending"
            action = "Onboard" if region in wanted[kind] else "Offboard"
            found.setdefault(region, {})[f"{kind}-{action}"] = outcome
    return found


def _finish(discovery: Discovery, scope: Scope) -> None:
    is_onboarding = any(
        action.endswith("Onboard") and outcome == "Pending" for actions in discovery.messages.values() for action, outcome in actions.items())
    has_role = is_onboarding and service_linked_roles.is_seen(scope.account, service_linked_roles.LINUX)
    failed = False
    for actions in discovery.messages.values():
        for action, outcome in actions.items():
            if outcome == "Pending":
                problem = _problem(action, scope, has_role)
                failed = failed or problem is not None
                actions[action] = f"Failed - {problem}" if problem else "Successful"
    discovery.status = "Failed" if failed else settings_of(scope).linuxSubscriptionsStatus


def _problem(action: str, scope: Scope, has_role: bool) -> str | None:
    if settings_of(scope).linuxSubscriptionsFailure:
        return settings_of(scope).linuxSubscriptionsFailure
    if action == "Account-Onboard" and not has_role:
        return "Service-linked role not present"
    return _problem_of_organization(scope, has_role) if action == "Org-Onboard" else None


def _problem_of_organization(scope: Scope, has_role: bool) -> str | None:
    """The texts are those of the user guide.

    That the delegated administrator may do it, and that trusted access has to be there before, are guesses: nothing tells whether
    UpdateServiceSettings gives it with the caller's permissions. An organization whose management account no test has named is not asked for it.
    """
    found = organization_of(scope.account)
    if found is None:
        return "Account isn't part of an organization"
    if scope.account not in (found.management, *found.administrators.get(service_linked_roles.LINUX, [])):
        return "Account isn't the management account"
    is_trusted = not found.is_declared or service_linked_roles.LINUX in found.service_access
    return None if has_role and is_trusted else "Linux subscriptions can't access the organization"


def describe(discovery: Discovery) -> dict[str, Any]:
    """What the API answers."""
    return {
        "HomeRegions": discovery.home_regions or None,
        "LinuxSubscriptionsDiscovery": "Enabled" if discovery.enabled else "Disabled",
        "LinuxSubscriptionsDiscoverySettings": None if discovery.source_regions is None else {
            "OrganizationIntegration": "Enabled" if discovery.organization else "Disabled", "SourceRegions": discovery.source_regions},
        "Status": discovery.status,
        "StatusMessage": {
            region: ", ".join(f"{action}: {outcome}" for action, outcome in actions.items())
            for region, actions in discovery.messages.items()} or None,
    }
