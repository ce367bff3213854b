"""Subscriptions of users to products."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta, timezone
from typing import Any

from ..errors import ServiceError
from ..paging import page
from ..scope import Scope
from ..settings import settings_of
from . import directories
from .filters import select
from .identity_providers import RDS, check_product, check_tags, conflict, directory_of, invalid, is_directory, not_found, registrations
from .progress import begin, look_at, nothing_else, word
from .store import Provider, Subscription, all_user_subscriptions, user_subscriptions_of

_SERVICE = "license-manager-user-subscriptions"
# User guide, «Microsoft RDS billing»: how long a client access license lasts.
_LICENSE_DAYS = 60


def start(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """The operation is not idempotent, and it costs money: a second one is a conflict, which is a guess.

    A user who is not in the directory is found out later, which is one, too.
    """
    product, given = check_product(p["Product"]), check_tags(p)
    provider = _registered(scope, p["IdentityProvider"], product)
    username = _username(p)
    if directories.owner_of(scope, provider.directory_id) is not None:
        # The guide: «user subscriptions management is restricted to the directory owner account».
        raise ServiceError("AccessDeniedException", f"Users of {provider.directory_id} are subscribed in the account that owns it.", 403)
    if product not in settings_of(scope).userSubscriptionProducts:
        raise invalid(f"Account {scope.account} has no active subscription to {product} in AWS Marketplace.")
    domain = p.get("Domain") or directories.domain_of(scope, provider.directory)
    if _live(scope, provider.directory_id, product, username, domain) is not None:
        raise conflict(f"The user {username} is subscribed to {product} already.")
    found = _start(scope, provider, product, username, domain, given)
    if RDS in settings_of(scope).userSubscriptionProducts and _live(scope, provider.directory_id, RDS, username, domain) is None:
        _start(scope, provider, RDS, username, domain, {})
    return {"ProductUserSummary": describe(scope, found)}


def _registered(scope: Scope, identity_provider: dict[str, Any], product: str) -> Provider:
    found = next((one for one in registrations(scope, identity_provider) if one.product == product), None)
    if found is None:
        raise not_found(f"The identity provider is not registered for {product}.")
    if found.phase not in ("registered", "updating", "updateFailed"):
        raise conflict(f"The identity provider {found.arn} is {word(scope, found)}.")
    return found


def _username(p: dict[str, Any]) -> str:
    if not p["Username"]:
        raise invalid("The username must not be empty.")
    return str(p["Username"])


def _start(
        scope: Scope, provider: Provider, product: str, username: str, domain: str | None, tags: dict[str, str]) -> Subscription:
    held = user_subscriptions_of(scope).subscriptions
    # What had failed or had ended goes.
    for old in [one for one in held.values() if _key(one) == (provider.directory_id, product, username, domain)]:
        del held[old.arn]
    found = Subscription(
        arn=scope.arn(_SERVICE, f"product-subscription/{uuid.uuid4().hex}"), username=username, domain=domain, product=product,
        directory=provider.directory, started=_now(), tags=tags, phase="subscribing")
    held[found.arn] = found
    unknown = None if directories.has_user(scope, provider.directory_id, username) else f"The user {username} does not exist."
    begin(scope, found, "subscribing", ("subscribed", nothing_else), "subscriptionFailed", f"StartProductSubscription/{username}",
          "StartProductSubscription", problem=unknown)
    return found


def _key(found: Subscription) -> tuple[str, str, str, str | None]:
    return found.directory_id, found.product, found.username, found.domain


def _live(scope: Scope, directory_id: str, product: str, username: str, domain: str | None) -> Subscription | None:
    return next((
        one for one in user_subscriptions_of(scope).subscriptions.values()
        if one.is_live and _key(one) == (directory_id, product, username, domain)), None)


def is_subscribed(scope: Scope, directory_id: str, product: str, username: str, domain: str | None) -> bool:
    """In the account that owns the directory: it has the subscriptions of all."""
    owner, owned = directories.owner_of(scope, directory_id) or (scope, directory_id)
    return any(
        one.is_on and (one.directory_id, one.product, one.username) == (owned, product, username) and domain in (None, one.domain)
        for one in user_subscriptions_of(owner).subscriptions.values())


def stop(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """Which errors refuse it is a guess."""
    found = named_by(scope, p)
    if found is None:
        raise not_found("The user is not subscribed to the product.")
    if found.is_in_progress:
        raise conflict(f"The subscription of {found.username} to {found.product} is {word(scope, found)}.")
    used = [] if found.product == RDS else _instances_used(scope, found)
    if used:
        raise conflict(f"The user {found.username} is associated with {', '.join(used)}. Disassociate the user first.")

    def end() -> None:
        found.ended = _now()

    begin(scope, found, "unsubscribing", ("unsubscribed", end), "unsubscriptionFailed", f"StopProductSubscription/{found.username}",
          "StopProductSubscription")
    return {"ProductUserSummary": describe(scope, found)}


def _instances_used(scope: Scope, found: Subscription) -> list[str]:
    """Also those in accounts that the directory is shared with."""
    return [
        one.instance_id for where, held in all_user_subscriptions() for one in held.associations.values()
        if one.is_live and one.username == found.username and found.product in held.instances[one.instance_id].products
        and (scope, found.directory_id) in ((where, one.directory["DirectoryId"]), directories.owner_of(where, one.directory["DirectoryId"]))]


def named_by(scope: Scope, p: dict[str, Any]) -> Subscription | None:
    """The subscription that a request names by its ARN, or by user, directory, product and, if need be, domain."""
    arn, names = p.get("ProductUserArn"), [p.get(each) for each in ("Username", "IdentityProvider", "Product")]
    if (arn is None) == (None in names) or (arn is not None and any(each is not None for each in (*names, p.get("Domain")))):
        raise invalid("A subscription is named by its ARN, or by user, identity provider, product and domain.")
    held = user_subscriptions_of(scope).subscriptions
    if arn is not None:
        return held[arn] if arn in held and held[arn].is_live else None
    asked = directory_of(p["IdentityProvider"])
    found = [
        one for one in held.values()
        if one.is_live and is_directory(one.directory, asked) and (one.username, one.product) == (names[0], names[2])
        and p.get("Domain") in (None, one.domain)]
    if len(found) > 1:
        raise invalid(f"There are several users {names[0]}: name the domain.")
    return found[0] if found else None


def list_all(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """Those that have ended, or have failed, stay in the list: a guess."""
    if not registrations(scope, p["IdentityProvider"]):
        raise not_found("The identity provider is not registered.")
    asked, product = directory_of(p["IdentityProvider"]), p.get("Product")
    if product is not None:
        check_product(product)
    found = [
        one for one in user_subscriptions_of(scope).subscriptions.values()
        if is_directory(one.directory, asked) and product in (None, one.product)]
    for one in found:
        look_at(one)
    found = select(found, p, {"Status": lambda one: word(scope, one), "Username": lambda one: one.username, "Domain": lambda one: one.domain})
    items, token = page("ListProductSubscriptions", found, p, settings_of(scope))
    return {"ProductUserSummaries": [describe(scope, one) for one in items], "NextToken": token}


def describe(scope: Scope, found: Subscription) -> dict[str, Any]:
    license_ends = datetime.fromisoformat(found.started.replace("Z", "+00:00")) + timedelta(days=_LICENSE_DAYS)
    return {
        "Username": found.username, "Product": found.product, "IdentityProvider": {"ActiveDirectoryIdentityProvider": found.directory},
        "Status": word(scope, found), "ProductUserArn": found.arn, "StatusMessage": found.message, "Domain": found.domain,
        "SubscriptionStartDate": found.started, "SubscriptionEndDate": found.ended,
        "LicenseExpirationDate": license_ends.strftime("%Y-%m-%dT%H:%M:%SZ") if found.product == RDS else None}


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
