"""The License Manager User Subscriptions API: directories, users, instances, and license server endpoints."""

from __future__ import annotations

from typing import Any

from .. import hooks
from ..errors import ServiceError
from ..json_service import JsonService
from ..scope import Scope
from ..tag_operations import Tagged, tag_operations
from . import associations, endpoints, identity_providers, subscriptions
from .store import endpoints_of, user_subscriptions_of


def _find(scope: Scope, arn: str) -> Tagged:
    """What can have tags."""
    held = user_subscriptions_of(scope)
    found: dict[str, Tagged] = {**endpoints_of(scope), **held.providers, **held.subscriptions, **held.associations}
    if arn not in found:
        raise identity_providers.not_found(f"The resource {arn} was not found.")
    return found[arn]


SERVICE = JsonService("license-manager-user-subscriptions", {
    "RegisterIdentityProvider": identity_providers.register,
    "UpdateIdentityProviderSettings": identity_providers.update,
    "DeregisterIdentityProvider": identity_providers.deregister,
    "ListIdentityProviders": identity_providers.list_all,
    "StartProductSubscription": subscriptions.start,
    "StopProductSubscription": subscriptions.stop,
    "ListProductSubscriptions": subscriptions.list_all,
    "ListInstances": associations.list_instances,
    "AssociateUser": associations.associate,
    "DisassociateUser": associations.disassociate,
    "ListUserAssociations": associations.list_all,
    "CreateLicenseServerEndpoint": endpoints.create,
    "ListLicenseServerEndpoints": endpoints.list_all,
    "DeleteLicenseServerEndpoint": endpoints.delete,
    **tag_operations(_find, "ResourceArn", "Tags", "TagKeys"),
})


# From the service authorization reference: the operations that have resource types. A directory that is not registered has no ARN: that one is asked
# for which nothing has is a guess.
_ON_PROVIDER = (
    "UpdateIdentityProviderSettings", "DeregisterIdentityProvider", "ListProductSubscriptions", "ListUserAssociations", "StartProductSubscription",
    "AssociateUser", "StopProductSubscription", "DisassociateUser")


def _resource_arns(operation: str, p: dict[str, Any]) -> list[str]:
    scope = hooks.current_scope()
    if operation in _ON_PROVIDER:
        return _arns(scope, operation, p)
    named = [p.get(member) for member in ("IdentityProviderArn", "LicenseServerEndpointArn", "ResourceArn")]
    if operation == "DeleteLicenseServerEndpoint":
        # A deletion has to be allowed on the identity provider, too.
        endpoint = endpoints_of(scope).get(p.get("LicenseServerEndpointArn", ""))
        named.append(endpoint.identity_provider_arn if endpoint else None)
    return [str(arn) for arn in named if arn]


def _arns(scope: Scope, operation: str, p: dict[str, Any]) -> list[str]:
    directory, product, arns = p.get("IdentityProvider"), p.get("Product"), [p.get("IdentityProviderArn")]
    try:
        if operation == "StopProductSubscription":
            subscription = subscriptions.named_by(scope, p)
            arns = [subscription.arn if subscription else p.get("ProductUserArn")]
            directory = {"ActiveDirectoryIdentityProvider": subscription.directory} if subscription else directory
        if operation == "DisassociateUser":
            association = associations.named_by(scope, p)
            arns = [association.arn if association else p.get("InstanceUserArn")]
            directory = {"ActiveDirectoryIdentityProvider": association.directory} if association else directory
        found = identity_providers.registrations(scope, directory) if directory else []
    except (ServiceError, AttributeError, TypeError, KeyError):
        found = []  # It is refused anyway.
    provider = next((one for one in found if product in (None, one.product)), None)
    if provider is not None:
        arns.append(provider.arn)
    known = [str(arn) for arn in arns if arn]
    return known or [scope.arn("license-manager-user-subscriptions", "identity-provider/none")]


# What is created with tags is asked for the permission to tag it, which is not documented, and on which ARN is a guess: there is no id yet.
_CREATED = {
    "RegisterIdentityProvider": "identity-provider", "StartProductSubscription": "product-subscription", "AssociateUser": "instance-user"}


def _tagging_arns(operation: str, p: dict[str, Any]) -> list[str]:
    is_tagged = operation in _CREATED and p.get("Tags")
    return [hooks.current_scope().arn("license-manager-user-subscriptions", f"{_CREATED[operation]}/*")] if is_tagged else []


def _tagged() -> list[tuple[str, list[dict[str, str]]]]:
    scope = hooks.current_scope()
    held = user_subscriptions_of(scope)
    tagged = (*endpoints_of(scope).values(), *held.providers.values(), *held.subscriptions.values(), *held.associations.values())
    return [(each.arn, [{"Key": key, "Value": value} for key, value in each.tags.items()]) for each in tagged]


def install() -> None:
    SERVICE.install(_resource_arns, tagging_arns=_tagging_arns, dependent=identity_providers.dependent_permissions)
    hooks.add_resource_tags("license-manager-user-subscriptions", _tagged)
