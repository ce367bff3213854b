"""Instances that provide products, and the users who are associated with them."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from typing import Any

from .. import hooks
from ..errors import ServiceError
from ..paging import page
from ..scope import Scope
from ..settings import settings_of
from .filters import select
from .identity_providers import PRODUCTS, RDS, check_tags, conflict, directory_of, invalid, is_directory, not_found, registrations
from .progress import begin, look_at, nothing_else, word
from .store import Instance, UserAssociation, user_subscriptions_of
from .subscriptions import is_subscribed

_SERVICE = "license-manager-user-subscriptions"
_PHASES = ("instancePending", "instanceActive", "instanceUnhealthy", "instanceTerminated")


def seed_instance(scope: Scope, entry: dict[str, Any]) -> None:
    """An instance that was launched from an AMI with products: what makes it one is not modelled."""
    known = ("instanceId", "directoryId", "products", "health", "statusMessage", "reads")
    unknown = set(entry) - set(known)
    if unknown:
        raise ValueError(f"an instance has no {', '.join(sorted(unknown))}; it has: {', '.join(known)}")
    phase = f"instance{entry.get('health', 'active').capitalize()}"
    if phase not in _PHASES or not set(entry["products"]) <= set(PRODUCTS):
        raise ValueError("the health of an instance is pending, active, unhealthy or terminated, and its products are those of the API")
    found = Instance(
        id=entry["instanceId"], directory_id=entry["directoryId"], products=list(entry["products"]), phase=phase,
        message=entry.get("statusMessage"))
    user_subscriptions_of(scope).instances[found.id] = found
    if entry.get("reads"):
        begin(scope, found, "instancePending", (phase, nothing_else), "instanceTerminated")
        found.reads = int(entry["reads"])
    _see_to_terminated(scope)


def housekeeping(scope: Scope) -> None:
    """License Manager terminates instances that are unhealthy, with their associations."""
    for found in user_subscriptions_of(scope).instances.values():
        if found.phase == "instanceUnhealthy":
            found.phase = "instanceTerminated"
            if hooks.find_instance(found.id) is not None:
                hooks.terminate_instance(found.id)
    _see_to_terminated(scope)


def _see_to_terminated(scope: Scope) -> None:
    """Guide: whenever an instance is terminated, all users that are associated with it are disassociated. It may be one that EC2 has."""
    held = user_subscriptions_of(scope)
    for found in held.instances.values():
        instance = hooks.find_instance(found.id)
        if instance is not None and instance["State"]["Name"] in ("shutting-down", "terminated"):
            found.phase, found.finish = "instanceTerminated", None
    for association in held.associations.values():
        if association.is_live and held.instances[association.instance_id].phase == "instanceTerminated":
            association.phase, association.message, association.finish, association.until = "disassociated", None, None, _now()


def list_instances(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """Without those that are terminated: a guess."""
    _see_to_terminated(scope)
    held = user_subscriptions_of(scope).instances
    for found in held.values():
        look_at(found)
    left = [one for one in held.values() if one.phase != "instanceTerminated"]
    left = select(left, p, {"Status": lambda one: word(scope, one), "InstanceId": lambda one: one.id})
    items, token = page("ListInstances", left, p, settings_of(scope))
    return {"InstanceSummaries": [describe_instance(scope, one) for one in items], "NextToken": token}


def describe_instance(scope: Scope, found: Instance) -> dict[str, Any]:
    return {
        "InstanceId": found.id, "Status": word(scope, found), "Products": found.products, "LastStatusCheckDate": _now(),
        "StatusMessage": found.message, "OwnerAccountId": scope.account,
        "IdentityProvider": {"ActiveDirectoryIdentityProvider": {"DirectoryId": found.directory_id}}}


def associate(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """The model calls it idempotent: a user who is associated, or about to be, is answered as such."""
    _see_to_terminated(scope)
    given, username, domain = check_tags(p), p["Username"], p.get("Domain")
    provider = next(iter(registrations(scope, p["IdentityProvider"])), None)
    if provider is None:
        raise not_found("The identity provider is not registered.")
    instance = user_subscriptions_of(scope).instances.get(p["InstanceId"])
    if instance is None or instance.phase == "instanceTerminated":
        raise not_found(f"The instance {p['InstanceId']} was not found.")
    if instance.directory_id != provider.directory_id:
        raise invalid(f"The instance {instance.id} is not joined to the directory {provider.directory_id}.")
    if instance.phase != "instanceActive":
        raise conflict(f"The instance {instance.id} is {word(scope, instance)}.")
    known = _find(scope, instance.id, username, domain)
    if known is not None and known.phase in ("associating", "associated"):
        return {"InstanceUserSummary": describe(scope, known)}
    if known is not None and known.is_in_progress:
        raise conflict(f"The association of {username} with {instance.id} is {word(scope, known)}.")
    # The guide: a user needs a subscription to the product and to Remote Desktop Services. With which error that is refused is a guess.
    missing = [each for each in dict.fromkeys([*instance.products, RDS]) if not is_subscribed(scope, instance.directory_id, each, username, domain)]
    if missing:
        raise invalid(f"The user {username} is not subscribed to {', '.join(missing)}.")
    held = user_subscriptions_of(scope).associations
    most = settings_of(scope).instancesPerUser
    if len([one for one in held.values() if one.is_live and (one.username, one.domain) == (username, domain)]) >= most:
        raise ServiceError("ServiceQuotaExceededException", f"The user {username} is associated with the maximum of {most} instances.")
    for old in [one for one in held.values() if (one.instance_id, one.username, one.domain) == (instance.id, username, domain)]:
        del held[old.arn]
    found = UserAssociation(
        arn=scope.arn(_SERVICE, f"instance-user/{uuid.uuid4().hex}"), username=username, domain=domain, instance_id=instance.id,
        directory=provider.directory, since=_now(), tags=given, phase="associating")
    held[found.arn] = found
    begin(scope, found, "associating", ("associated", nothing_else), "associationFailed", f"AssociateUser/{username}", "AssociateUser")
    return {"InstanceUserSummary": describe(scope, found)}


def _find(scope: Scope, instance_id: str, username: str, domain: str | None) -> UserAssociation | None:
    return next((
        one for one in user_subscriptions_of(scope).associations.values()
        if one.is_live and (one.instance_id, one.username) == (instance_id, username) and domain in (None, one.domain)), None)


def disassociate(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    _see_to_terminated(scope)
    found = named_by(scope, p)
    if found is None:
        raise not_found("The user is not associated with the instance.")
    if found.phase == "disassociating":
        return {"InstanceUserSummary": describe(scope, found)}
    if found.is_in_progress:
        raise conflict(f"The association of {found.username} with {found.instance_id} is {word(scope, found)}.")

    def end() -> None:
        found.until = _now()

    begin(scope, found, "disassociating", ("disassociated", end), "disassociationFailed", f"DisassociateUser/{found.username}", "DisassociateUser")
    return {"InstanceUserSummary": describe(scope, found)}


def named_by(scope: Scope, p: dict[str, Any]) -> UserAssociation | None:
    """The association that a request names by its ARN, or by user, instance, directory and, if need be, domain."""
    arn, names = p.get("InstanceUserArn"), [p.get(each) for each in ("Username", "InstanceId", "IdentityProvider")]
    if (arn is None) == (None in names) or (arn is not None and any(each is not None for each in (*names, p.get("Domain")))):
        raise invalid("An association is named by its ARN, or by user, instance, identity provider and domain.")
    held = user_subscriptions_of(scope).associations
    if arn is not None:
        return held[arn] if arn in held and held[arn].is_live else None
    found = _find(scope, str(names[1]), str(names[0]), p.get("Domain"))
    return found if found is not None and is_directory(found.directory, directory_of(p["IdentityProvider"])) else None


def list_all(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """Those that have ended, or have failed, stay in the list: a guess."""
    _see_to_terminated(scope)
    if not registrations(scope, p["IdentityProvider"]):
        raise not_found("The identity provider is not registered.")
    asked = directory_of(p["IdentityProvider"])
    found = [
        one for one in user_subscriptions_of(scope).associations.values()
        if one.instance_id == p["InstanceId"] and is_directory(one.directory, asked)]
    for one in found:
        look_at(one)
    found = select(found, p, {"Status": lambda one: word(scope, one), "Username": lambda one: one.username, "Domain": lambda one: one.domain})
    items, token = page("ListUserAssociations", found, p, settings_of(scope))
    return {"InstanceUserSummaries": [describe(scope, one) for one in items], "NextToken": token}


def describe(scope: Scope, found: UserAssociation) -> dict[str, Any]:
    return {
        "Username": found.username, "InstanceId": found.instance_id, "IdentityProvider": {"ActiveDirectoryIdentityProvider": found.directory},
        "Status": word(scope, found), "InstanceUserArn": found.arn, "StatusMessage": found.message, "Domain": found.domain,
        "AssociationDate": found.since, "DisassociationDate": found.until}


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
