"""AWS::CloudFormation::StackSet, with service-managed permissions: the same stack in the accounts of an organization, and in those that join it."""

from __future__ import annotations

import logging
import threading
import uuid
from dataclasses import dataclass, field
from math import floor
from typing import Any

from .. import hooks
from ..errors import ServiceError
from ..organizations.store import Organization, organization_of
from ..scope import Scope
from ..settings import settings_of_account
from ..state import ScopedState
from .resource_type import ApiCall, ResourceType

# What AWS Organizations has to trust before.
TRUSTED = "member.org.stacksets.cloudformation.amazonaws.com"

logger = logging.getLogger("local_aws")


@dataclass
class StackSet:
    """One, with the accounts and Regions in which its stacks are."""

    id: str
    properties: dict[str, Any]
    # Account and Region -> name of the stack.
    instances: dict[tuple[str, str], str] = field(default_factory=dict)
    # Two operations of one stack set do not go on at once.
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def name(self) -> str:
        return str(self.properties["StackSetName"])


_stack_sets: ScopedState[dict[str, StackSet]] = ScopedState(dict)


class StackSetType(ResourceType):
    type_name = "AWS::CloudFormation::StackSet"
    service_name = "CloudFormation"

    def __init__(self, call: ApiCall) -> None:
        super().__init__(call)
        hooks.run_on_worker_thread(self.type_name)

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        organization = _check(scope, properties)
        name = properties["StackSetName"]
        if any(found.name == name for found in _stack_sets.of(scope).values()):
            raise ServiceError("NameAlreadyExistsException", f"StackSet {name} already exists", 409)
        made = StackSet(f"{name}:{uuid.uuid4()}", properties)
        _stack_sets.of(scope)[made.id] = made
        try:
            _bring_about(scope, made, organization)
        except ServiceError:
            # CloudFormation would be told of it by a delete: the engine knows no id of what failed.
            self.delete(scope, made.id)
            raise
        return made.id

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        organization = _check(scope, new)
        found = _stack_sets.of(scope)[identifier]
        found.properties = new
        _bring_about(scope, found, organization)

    def delete(self, scope: Scope, identifier: str) -> None:
        found = _stack_sets.of(scope).get(identifier)
        if found is None:
            return
        with found.lock:
            for place in list(found.instances):
                _remove(found, place)
        del _stack_sets.of(scope)[identifier]

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        found = _stack_sets.of(scope).get(identifier)
        return found and {**found.properties, "StackSetId": found.id}

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        return [found for each in _stack_sets.of(scope) if (found := self.read(scope, each)) is not None]


def describe(scope: Scope) -> list[dict[str, Any]]:
    """What tests ask for."""
    return [
        {
            "name": found.name,
            "instances": [
                {"account": account, "region": region, "stackName": name} for (account, region), name in sorted(found.instances.items())],
        }
        for found in _stack_sets.of(scope).values()
    ]


def follow_organization() -> None:
    """Who has joined an organization, or a unit of it, gets what its stack sets have, and who has left loses it: some time later."""
    for scope, stack_sets in _stack_sets.items():
        for found in stack_sets.values():
            if found.properties["AutoDeployment"].get("Enabled"):
                threading.Thread(target=_follow, args=(scope, found), daemon=True).start()


def _follow(scope: Scope, found: StackSet) -> None:
    try:
        organization = organization_of(scope.account)
        if organization is not None:
            _bring_about(scope, found, organization, by_itself=True)
    except ServiceError as error:
        logger.warning("%s: %s", found.name, error.message)
    except Exception:
        logger.exception("%s", found.name)


def _refuse(message: str, code: str = "ValidationError") -> ServiceError:
    return ServiceError(code, message)


def _check(scope: Scope, p: dict[str, Any]) -> Organization:
    """What StackSets asks of a stack set with service-managed permissions. The texts are guesses but for that of trusted access."""
    if p["PermissionModel"] != "SERVICE_MANAGED":
        raise _refuse("The local AWS has stack sets with service-managed permissions only.")
    organization = organization_of(scope.account)
    if organization is None or not organization.is_declared or not organization.has_all_features or TRUSTED not in organization.service_access:
        raise _refuse("You must enable organizations access to operate a service managed stack set")
    is_delegated = scope.account in organization.administrators.get(TRUSTED, [])
    if (p.get("CallAs", "SELF") == "SELF") != (scope.account == organization.management) or (p.get("CallAs") == "DELEGATED_ADMIN" and not is_delegated):
        raise _refuse("Account used is not a delegated administrator")
    if "AutoDeployment" not in p or "Enabled" not in p["AutoDeployment"]:
        raise _refuse("AutoDeployment has to be specified for a service managed stack set")
    if "RetainStacksOnAccountRemoval" in p["AutoDeployment"] and not p["AutoDeployment"]["Enabled"]:
        raise _refuse("RetainStacksOnAccountRemoval can be specified only if auto deployment is enabled")
    if ("TemplateBody" in p) == ("TemplateURL" in p):
        raise _refuse("Either Template URL or Template Body must be specified.")
    if "AdministrationRoleARN" in p or "ExecutionRoleName" in p:
        raise _refuse("A service managed stack set takes no roles")
    for group in p.get("StackInstancesGroup", []):
        if not group["DeploymentTargets"].get("OrganizationalUnitIds"):
            raise _refuse("OrganizationalUnitIds are required for a service managed stack set")
        if set(group["DeploymentTargets"]) - {"OrganizationalUnitIds"}:
            raise _refuse("The local AWS has organizational units as targets only.")
        for unit in group["DeploymentTargets"]["OrganizationalUnitIds"]:
            if not unit.startswith("r-") and unit not in settings_of_account(organization.management).organizationalUnits:
                raise _refuse(f"OrganizationalUnit {unit} does not exist", "OperationFailed")
    _check_template(scope, p)
    return organization


def _body_of(scope: Scope, properties: dict[str, Any]) -> str:
    """StackSets reads the template where it is, in its account."""
    try:
        with hooks.in_scope(scope):
            return hooks.template_of({name: properties.get(name) for name in ("TemplateBody", "TemplateURL")})
    except ValueError as error:
        raise _refuse(str(error)) from None


def _check_template(scope: Scope, properties: dict[str, Any]) -> None:
    body = _body_of(scope, properties)
    missing = hooks.missing_capabilities(body, properties.get("Capabilities", []))
    if missing:
        raise _refuse(f"Requires capabilities : [{', '.join(missing)}]", "InsufficientCapabilitiesException")


def _places(organization: Organization, properties: dict[str, Any]) -> list[tuple[str, str]]:
    """Where stacks belong. No stack goes into the management account, in whatever unit it is."""
    units = settings_of_account(organization.management).organizationalUnits
    return list(dict.fromkeys(
        (account, region)
        for group in properties.get("StackInstancesGroup", [])
        for region in group["Regions"]
        for unit in group["DeploymentTargets"]["OrganizationalUnitIds"]
        for account in (organization.accounts if unit.startswith("r-") else units.get(unit, []))
        if account != organization.management and account in organization.accounts))


def _bring_about(scope: Scope, stack_set: StackSet, organization: Organization, by_itself: bool = False) -> None:
    """Makes, changes and removes stacks. Of those of an auto-deployment, what is there already is left alone."""
    with stack_set.lock:
        places, body = _places(organization, stack_set.properties), _body_of(scope, stack_set.properties)
        capabilities = stack_set.properties.get("Capabilities", [])
        failures: dict[tuple[str, str], str] = {}
        for place in [place for place in stack_set.instances if place not in places]:
            keeps = by_itself and stack_set.properties["AutoDeployment"].get("RetainStacksOnAccountRemoval")
            reason = None if keeps else _remove(stack_set, place)
            if reason is not None:
                failures[place] = reason
            stack_set.instances.pop(place, None)
        for place in places:
            if by_itself and place in stack_set.instances:
                continue
            name = stack_set.instances.get(place, f"StackSet-{stack_set.name}-{uuid.uuid4()}")
            reason = hooks.put_stack(Scope(*place), name, body, capabilities)
            stack_set.instances[place] = name
            if reason is not None:
                failures[place] = reason
        _check_failures(stack_set, places, failures)


def _check_failures(stack_set: StackSet, places: list[tuple[str, str]], failures: dict[tuple[str, str], str]) -> None:
    """An operation fails if in a Region more accounts fail than are tolerated; of a percentage, the number is rounded down."""
    preferences = stack_set.properties.get("OperationPreferences", {})
    for region in {region for _, region in failures}:
        accounts = [account for account, of in places if of == region]
        failed = [account for account, of in failures if of == region]
        tolerated = preferences.get("FailureToleranceCount", floor(len(accounts) * preferences.get("FailureTolerancePercentage", 0) / 100))
        if len(failed) > tolerated:
            reason = failures[(failed[0], region)]
            raise _refuse(f"Operation failed: account {failed[0]}, Region {region}: {reason}", "OperationFailed")


def _remove(stack_set: StackSet, place: tuple[str, str]) -> str | None:
    reason = hooks.remove_stack(Scope(*place), stack_set.instances[place])
    if reason is None:
        del stack_set.instances[place]
    return reason
