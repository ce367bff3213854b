"""The License Manager Linux Subscriptions API: settings, registration of subscription providers, and what becomes of their tokens."""

from __future__ import annotations

import datetime
import re
import uuid
from typing import Any

from .. import hooks
from ..errors import ServiceError
from ..json_service import JsonService
from ..paging import page
from ..scope import Arn, Scope
from ..settings import settings_of
from ..tag_operations import tag_operations
from . import metrics
from .discovery import check_discovery, get_settings, update_settings
from .store import Provider, providers_of

# Guide, «Linux subscription settings»: what the service-linked role's policy demands of a secret and of its key.
_TAG = ("LicenseManagerLinuxSubscriptions", "enabled")
# An offline token of Red Hat is a JSON Web Token.
_TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+")


def _register(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    check_discovery(scope)
    arn = Arn.parse(p["SecretArn"])
    if arn is None or (arn.account, arn.region) != (scope.account, scope.region) or hooks.find_secret(p["SecretArn"]) is None:
        raise ServiceError("ValidationException", f"The secret {p['SecretArn']} does not exist in account {scope.account}, Region {scope.region}.")
    source = p["SubscriptionProviderSource"]
    if any(provider.source == source for provider in providers_of(scope).values()):
        raise ServiceError("ValidationException", f"The subscription provider {source} is registered already. Deregister it first.")
    provider = Provider(
        scope.arn("license-manager-linux-subscriptions", f"subscription-provider/{uuid.uuid4()}"), source, p["SecretArn"], dict(p.get("Tags") or {}))
    providers_of(scope)[provider.arn] = provider
    return {"SubscriptionProviderArn": provider.arn, "SubscriptionProviderSource": source, "SubscriptionProviderStatus": provider.status}


def _find(scope: Scope, arn: str) -> Provider:
    provider = providers_of(scope).get(arn)
    if provider is None:
        raise ServiceError("ResourceNotFoundException", f"The subscription provider {arn} was not found.")
    return provider


def _describe(provider: Provider) -> dict[str, Any]:
    return {
        "SubscriptionProviderArn": provider.arn, "SubscriptionProviderSource": provider.source, "SecretArn": provider.secret_arn,
        "SubscriptionProviderStatus": provider.status, "SubscriptionProviderStatusMessage": provider.message,
        "LastSuccessfulDataRetrievalTime": provider.last_retrieval,
    }


def _get(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    return _describe(_find(scope, p["SubscriptionProviderArn"]))


def _list(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    check_discovery(scope)
    sources = p.get("SubscriptionProviderSources")
    found = [_describe(provider) for provider in providers_of(scope).values() if not sources or provider.source in sources]
    items, token = page("ListRegisteredSubscriptionProviders", found, p, settings_of(scope))
    return {"RegisteredSubscriptionProviders": items, "NextToken": token}


def _deregister(scope: Scope, p: dict[str, Any]) -> None:
    del providers_of(scope)[_find(scope, p["SubscriptionProviderArn"]).arn]


def housekeeping(scope: Scope) -> None:
    """What License Manager does from time to time."""
    _retrieve(scope)
    metrics.publish(scope)


def _retrieve(scope: Scope) -> None:
    """It asks the provider with the token, and learns whether that is good."""
    for provider in providers_of(scope).values():
        provider.message = _problem(provider)
        provider.status = "INVALID" if provider.message else "ACTIVE"
        if provider.message is None:
            provider.last_retrieval = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


# The policy of this key lets everybody use it who may read the secret, so that no tag is asked for:
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
_DEFAULT_KEY = "alias/aws/secretsmanager"


def _problem(provider: Provider) -> str | None:
    """Why there are no data: License Manager may not read the secret, or what is in it is no token."""
    secret = hooks.find_secret(provider.secret_arn)
    if secret is None:
        return f"The secret {provider.secret_arn} was not found."
    if _TAG not in [(tag["Key"], tag["Value"]) for tag in secret.get("Tags") or []]:
        return f"Access to the secret {provider.secret_arn} was denied."
    key = secret.get("KmsKeyId")
    if key and key != _DEFAULT_KEY and _TAG not in hooks.key_tags(key).items():
        return f"Access to the key of the secret {provider.secret_arn} was denied."
    if not _TOKEN.fullmatch(hooks.secret_string(provider.secret_arn) or ""):
        return f"The offline token in the secret {provider.secret_arn} is not valid."
    return None


SERVICE = JsonService("license-manager-linux-subscriptions", {
    "GetServiceSettings": get_settings,
    "UpdateServiceSettings": update_settings,
    "RegisterSubscriptionProvider": _register,
    "GetRegisteredSubscriptionProvider": _get,
    "ListRegisteredSubscriptionProviders": _list,
    "DeregisterSubscriptionProvider": _deregister,
    **tag_operations(_find, "resourceArn", "tags", "tagKeys"),
})


def _resource_arns(_operation: str, parameters: dict[str, Any]) -> list[str]:
    """All operations on a provider are allowed on its ARN, the others on «*»."""
    arn = parameters.get("SubscriptionProviderArn") or parameters.get("resourceArn")
    return [str(arn)] if arn else []


def install() -> None:
    SERVICE.install(_resource_arns)
