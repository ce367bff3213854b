"""Identity providers: directories that are registered for a product."""

from __future__ import annotations

import json
import uuid
from typing import Any

from .. import hooks, service_linked_roles
from ..errors import ServiceError
from ..paging import page
from ..scope import Scope
from ..settings import LICENSE_MANAGER_ROLES, settings_of
from . import directories
from .filters import select
from .progress import begin, look_at, nothing_else, word
from .store import Provider, endpoints_of, user_subscriptions_of

PRODUCTS = ("VISUAL_STUDIO_ENTERPRISE", "VISUAL_STUDIO_PROFESSIONAL", "OFFICE_PROFESSIONAL_PLUS", "OFFICE_STANDARD", "REMOTE_DESKTOP_SERVICES")
_OFFICE = ("OFFICE_PROFESSIONAL_PLUS", "OFFICE_STANDARD")
RDS = "REMOTE_DESKTOP_SERVICES"
# Guide, «Administrative credentials secret».
_PREFIX = "license-manager-user-"
_SERVICE = "license-manager-user-subscriptions"
_ROLE = "license-manager-user-subscriptions.amazonaws.com"


def invalid(message: str) -> ServiceError:
    return ServiceError("ValidationException", message)


def not_found(message: str) -> ServiceError:
    return ServiceError("ResourceNotFoundException", message, 404)


def conflict(message: str) -> ServiceError:
    return ServiceError("ConflictException", message)


def check_product(product: str) -> str:
    if product not in PRODUCTS:
        raise invalid(f"The product {product} is not valid. Valid products: {', '.join(PRODUCTS)}.")
    return product


def check_tags(p: dict[str, Any]) -> dict[str, str]:
    reserved = [key for key in p.get("Tags") or {} if key.lower().startswith("aws:")]
    if reserved:
        raise invalid(f"Tag keys must not start with aws: ({', '.join(reserved)}).")
    return dict(p.get("Tags") or {})


def directory_of(identity_provider: dict[str, Any]) -> dict[str, Any]:
    """The union has one kind of identity provider."""
    found = identity_provider.get("ActiveDirectoryIdentityProvider")
    if not found:
        raise invalid("ActiveDirectoryIdentityProvider is missing.")
    return dict(found)


def register(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """A pair of directory and product has one registration.

    That a second one is a conflict is a guess, although the model calls the operation idempotent: so a lost answer has to be looked for.
    """
    product, directory, held = check_product(p["Product"]), directory_of(p["IdentityProvider"]), user_subscriptions_of(scope).providers
    given = check_tags(p)
    _check_directory(scope, product, directory)
    settings = _settings(product, p.get("Settings"))
    known = next((one for one in held.values() if one.product == product and is_directory(one.directory, directory)), None)
    if known is not None:
        raise conflict(f"The directory {known.directory_id} is registered for {product} already: {known.arn}.")
    directory = {"DirectoryId": f"sd-{uuid.uuid4().hex[:10]}", **directory}
    provider = Provider(
        arn=scope.arn(_SERVICE, f"identity-provider/idp-{uuid.uuid4().hex}"), product=product, directory=directory,
        subnets=list(settings.get("Subnets", [])), security_group=settings.get("SecurityGroupId", ""), owner=scope.account, tags=given,
        phase="registering")
    held[provider.arn] = provider
    # That a registration without the role fails, and fails later, is a guess.
    has_role = service_linked_roles.is_seen(scope.account, _ROLE)
    begin(scope, provider, "registering", ("registered", nothing_else), "registrationFailed", "RegisterIdentityProvider",
          problem=None if has_role else f"The service-linked role {LICENSE_MANAGER_ROLES[_ROLE]} does not exist.")
    return {"IdentityProviderSummary": describe(scope, provider)}


def _check_directory(scope: Scope, product: str, directory: dict[str, Any]) -> None:
    """Guide, «Supported Active Directories»; and that a directory that is shared is registered by its owner first."""
    self_managed, directory_id = directory.get("ActiveDirectoryType") == "SELF_MANAGED", directory.get("DirectoryId")
    if self_managed:
        if product != RDS:
            raise invalid(f"{product} does not support self-managed directories.")
        if directory_id is not None and not directory_id.startswith("sd-"):
            raise invalid(f"The directory {directory_id} is not self-managed.")
        _check_domain(directory.get("ActiveDirectorySettings") or {})
        return
    if directory_id is None or not directory_id.startswith("d-"):
        raise invalid("A directory of AWS Managed Microsoft AD has a DirectoryId that begins with d-.")
    directories.declared(scope, directory_id)
    owner = directories.owner_of(scope, directory_id)
    if (owner is not None) != bool(directory.get("IsSharedActiveDirectory")):
        raise invalid(f"The directory {directory_id} is {'' if owner else 'not '}shared with account {scope.account}: see IsSharedActiveDirectory.")
    if owner is not None and find_registered(owner[0], owner[1], product) is None:
        raise invalid(f"The directory {directory_id} has to be registered for {product} in account {owner[0].account} first.")


def _check_domain(settings: dict[str, Any]) -> None:
    """What it takes to reach a self-managed directory: that all of it is needed is a guess."""
    secret_id = settings.get("DomainCredentialsProvider", {}).get("SecretsManagerCredentialsProvider", {}).get("SecretId")
    if not settings.get("DomainName") or not (settings.get("DomainIpv4List") or settings.get("DomainIpv6List")) or not secret_id:
        raise invalid("A self-managed directory needs DomainName, DomainIpv4List or DomainIpv6List, and DomainCredentialsProvider.")
    if not settings.get("DomainNetworkSettings"):
        raise invalid("A self-managed directory needs DomainNetworkSettings.")
    secret = hooks.find_secret(secret_id)
    if secret is None or not secret["Name"].startswith(_PREFIX):
        raise invalid(f"The secret {secret_id} cannot be read: its name has to begin with {_PREFIX}.")
    try:
        credentials = json.loads(hooks.secret_string(secret_id) or "")
    except ValueError:
        credentials = None
    if not isinstance(credentials, dict) or not credentials.get("username") or not credentials.get("password"):
        raise invalid(f"The secret {secret_id} has no username and password.")


def _settings(product: str, settings: dict[str, Any] | None) -> dict[str, Any]:
    """The endpoints to the activation servers are for Microsoft Office only. That other products refuse them is a guess.

    Whether subnets and security group are there is not looked at.
    """
    if (settings is not None) != (product in _OFFICE):
        raise invalid(f"Settings are {'missing' if settings is None else 'not valid'} for {product}: they are for {' and '.join(_OFFICE)}.")
    if settings is not None and len(set(settings["Subnets"])) != len(settings["Subnets"]):
        raise invalid("A subnet is given more than once.")
    return settings or {}


def is_directory(known: dict[str, Any], asked: dict[str, Any]) -> bool:
    """By its id; a self-managed one, whose id the service makes, by its domain, too."""
    if asked.get("DirectoryId"):
        return bool(known["DirectoryId"] == asked["DirectoryId"])
    domain = (asked.get("ActiveDirectorySettings") or {}).get("DomainName")
    return domain is not None and (known.get("ActiveDirectorySettings") or {}).get("DomainName") == domain


def registrations(scope: Scope, identity_provider: dict[str, Any]) -> list[Provider]:
    """Those of a directory, for whatever product."""
    asked = directory_of(identity_provider)
    return [one for one in user_subscriptions_of(scope).providers.values() if is_directory(one.directory, asked)]


def find_registered(scope: Scope, directory_id: str, product: str) -> Provider | None:
    return next((
        one for one in user_subscriptions_of(scope).providers.values()
        if (one.directory_id, one.product, one.phase) == (directory_id, product, "registered")), None)


def named_by(scope: Scope, p: dict[str, Any]) -> Provider | None:
    """The provider that a request names by its ARN, or by its directory and product."""
    arn, pair = p.get("IdentityProviderArn"), (p.get("IdentityProvider"), p.get("Product"))
    if (arn is None) == (None in pair) or (arn is not None and pair != (None, None)):
        raise invalid("An identity provider is named by its ARN, or by itself and the product.")
    if arn is not None:
        return user_subscriptions_of(scope).providers.get(arn)
    return next((one for one in registrations(scope, pair[0] or {}) if one.product == pair[1]), None)


def update(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """Changes the settings. The operation declares neither a conflict nor something that is not found."""
    found, changes = named_by(scope, p), p["UpdateSettings"]
    if found is None:
        raise invalid("The identity provider is not registered.")
    if found.product not in _OFFICE:
        raise invalid(f"An identity provider of {found.product} has no settings.")
    if found.phase not in ("registered", "updateFailed"):
        raise invalid(f"The identity provider {found.arn} is {word(scope, found)}.")
    add, remove = changes["AddSubnets"], changes["RemoveSubnets"]
    if set(add) & set(found.subnets) or set(remove) - set(found.subnets) or len(set(add)) != len(add):
        raise invalid("A subnet is added that is there, or removed that is not.")
    subnets = [*(each for each in found.subnets if each not in remove), *add]
    if not subnets:
        raise invalid("An identity provider has at least one subnet.")
    group = changes.get("SecurityGroupId", found.security_group)

    def change() -> None:
        found.subnets, found.security_group = subnets, group

    begin(scope, found, "updating", ("registered", change), "updateFailed", "UpdateIdentityProviderSettings")
    return {"IdentityProviderSummary": describe(scope, found)}


def deregister(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """Which error refuses what is still in use, and that it is refused at once, is a guess."""
    found = named_by(scope, p)
    if found is None:
        raise not_found("The identity provider is not registered.")
    if found.phase == "deregistering":
        return {"IdentityProviderSummary": describe(scope, found)}
    if found.is_in_progress:
        raise conflict(f"The identity provider {found.arn} is {word(scope, found)}.")
    left = _left(scope, found)
    if left:
        raise conflict(f"The identity provider {found.arn} is in use: {', '.join(left)}.")

    def remove() -> None:
        user_subscriptions_of(scope).providers.pop(found.arn, None)

    begin(scope, found, "deregistering", ("deregistered", remove), "deregistrationFailed", "DeregisterIdentityProvider")
    return {"IdentityProviderSummary": describe(scope, found)}


def _left(scope: Scope, found: Provider) -> list[str]:
    """What has to go before: guide, «Deregister an Active Directory from License Manager settings»."""
    held = user_subscriptions_of(scope)
    users = [one for one in held.subscriptions.values() if one.is_live and (one.directory_id, one.product) == (found.directory_id, found.product)]
    instances = [
        one.id for one in held.instances.values()
        if one.phase != "instanceTerminated" and one.directory_id == found.directory_id and found.product in one.products]
    endpoints = [one.arn for one in endpoints_of(scope).values() if one.identity_provider_arn == found.arn]
    return [*(f"user {one.username}" for one in users), *(f"instance {each}" for each in instances), *endpoints]


def list_all(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    held = user_subscriptions_of(scope).providers
    for provider in list(held.values()):
        look_at(provider)
    found = select(list(held.values()), p, {"Product": lambda one: one.product, "DirectoryId": lambda one: one.directory_id})
    items, token = page("ListIdentityProviders", found, p, settings_of(scope))
    return {"IdentityProviderSummaries": [describe(scope, one) for one in items], "NextToken": token}


def describe(scope: Scope, found: Provider) -> dict[str, Any]:
    """The settings are required in the answer: of other products than Office they are empty."""
    return {
        "IdentityProvider": {"ActiveDirectoryIdentityProvider": found.directory}, "Product": found.product, "Status": word(scope, found),
        "Settings": {"Subnets": found.subnets, "SecurityGroupId": found.security_group}, "IdentityProviderArn": found.arn,
        "FailureMessage": found.message, "OwnerAccountId": found.owner}


_DIRECTORY = ("AuthorizeApplication", "DescribeDirectories", "DescribeDomainControllers", "GetAuthorizedApplicationDetails", "UnauthorizeApplication")
_NETWORK = (
    "CreateNetworkInterface", "CreateNetworkInterfacePermission", "DeleteNetworkInterface", "DescribeNetworkInterfaces", "DescribeSubnets")
_ENDPOINTS = ("CreateVpcEndpoint", "DeleteVpcEndpoints", "DescribeSecurityGroups", "DescribeVpcEndpoints", "ModifyVpcEndpoint")
_ROUTING = (
    "AssociateVPCWithHostedZone", "ChangeResourceRecordSets", "CreateHostedZone", "DeleteHealthCheck", "DeleteHostedZone", "GetHealthCheckCount",
    "GetHostedZone", "ListHostedZones", "ListHostedZonesByName", "ListHostedZonesByVPC", "ListResourceRecordSets")


def dependent_permissions(operation: str, p: dict[str, Any]) -> list[hooks.Permission]:
    """The service works with the caller's permissions: guide, «Required permissions to create user-based subscriptions».

    Which of them which operation asks for is a guess: registering and deregistering ask for all that fit, an update for those of the endpoints.
    """
    if operation not in ("RegisterIdentityProvider", "DeregisterIdentityProvider", "UpdateIdentityProviderSettings"):
        return []
    scope = hooks.current_scope()
    try:
        found = None if operation == "RegisterIdentityProvider" else named_by(scope, p)
        product = found.product if found else p.get("Product")
        directory = found.directory if found else directory_of(p.get("IdentityProvider") or {})
    except (ServiceError, AttributeError, TypeError, ValueError):
        return []  # It is refused anyway.
    actions = [f"ec2:{each}" for each in _ENDPOINTS] if product in _OFFICE else []
    on_directory: list[hooks.Permission] = []
    if operation != "UpdateIdentityProviderSettings":
        if directory.get("ActiveDirectoryType") != "SELF_MANAGED":
            # The service authorization reference has all but this one on the directory.
            arn = scope.arn("ds", f"directory/{directory.get('DirectoryId')}")
            on_directory = [hooks.Permission(f"ds:{each}", "*" if each == "DescribeDirectories" else arn) for each in _DIRECTORY]
        actions += [*(f"ec2:{each}" for each in _NETWORK), *(f"route53:{each}" for each in _ROUTING)]
    return [*on_directory, *(hooks.Permission(each) for each in actions)]
