"""License server endpoints. They are provisioned at once."""

from __future__ import annotations

import json
import uuid
from typing import Any

from .. import hooks
from ..errors import ServiceError
from ..paging import page
from ..scope import Scope
from ..settings import settings_of
from .store import Endpoint, endpoints_of, user_subscriptions_of

# Guide, «Administrative credentials secret».
_PREFIX = "license-manager-user-"
_USERNAME = "Administrator"


def create(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    provider = p["IdentityProviderArn"]
    registered = user_subscriptions_of(scope).providers.get(provider)
    if registered is not None and registered.product != "REMOTE_DESKTOP_SERVICES":
        raise ServiceError("ValidationException", f"The identity provider {provider} is registered for {registered.product}.")
    if registered is not None and registered.phase != "registered":
        raise ServiceError("ConflictException", f"The identity provider {provider} is not registered yet.")
    if registered is None and provider not in settings_of(scope).identityProviders:
        raise ServiceError("ResourceNotFoundException", f"The identity provider {provider} was not found.", 404)
    if any(endpoint.identity_provider_arn == provider for endpoint in endpoints_of(scope).values()):
        raise ServiceError("ConflictException", f"The identity provider {provider} has a license server endpoint already.")
    secret_id = _secret_id(p["LicenseServerSettings"])
    _check_credentials(secret_id)
    endpoint_id = f"lse-{uuid.uuid4()}"
    endpoint = Endpoint(
        endpoint_id, scope.arn("license-manager-user-subscriptions", f"license-server-endpoint/{endpoint_id}"), provider, secret_id,
        f"{endpoint_id}.{scope.region}.license-server.example", dict(p.get("Tags") or {}))
    endpoints_of(scope)[endpoint.arn] = endpoint
    return {"IdentityProviderArn": provider, "LicenseServerEndpointArn": endpoint.arn}


def _secret_id(settings: dict[str, Any]) -> str:
    """The settings are unions of one kind each."""
    found: Any = settings
    for member in ("ServerSettings", "RdsSalSettings", "RdsSalCredentialsProvider", "SecretsManagerCredentialsProvider", "SecretId"):
        found = found.get(member)
        if not found:
            raise ServiceError("ValidationException", f"{member} is missing.")
    return str(found)


def _check_credentials(secret_id: str) -> None:
    secret = hooks.find_secret(secret_id)
    if secret is None or not secret["Name"].startswith(_PREFIX):
        raise ServiceError("ValidationException", f"The secret {secret_id} cannot be read: its name has to begin with {_PREFIX}.")
    try:
        credentials = json.loads(hooks.secret_string(secret_id) or "")
    except ValueError:
        credentials = None
    if not isinstance(credentials, dict) or credentials.get("username") != _USERNAME or not credentials.get("password"):
        raise ServiceError("ValidationException", f"The secret {secret_id} has no username {_USERNAME} and password.")


def _find(scope: Scope, arn: str) -> Endpoint:
    endpoint = endpoints_of(scope).get(arn)
    if endpoint is None:
        raise ServiceError("ResourceNotFoundException", f"The license server endpoint {arn} was not found.", 404)
    return endpoint


def _describe(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "IdentityProviderArn": endpoint.identity_provider_arn, "ServerType": "RDS_SAL", "ServerEndpoint": {"Endpoint": endpoint.address},
        "LicenseServerEndpointId": endpoint.id, "LicenseServerEndpointArn": endpoint.arn,
        "LicenseServerEndpointProvisioningStatus": "PROVISIONED",
        "LicenseServers": [{"ProvisioningStatus": "PROVISIONED", "HealthStatus": "HEALTHY", "Ipv4Address": "10.0.0.10"}],
        "CreationTime": endpoint.created,
    }


def list_all(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found = list(endpoints_of(scope).values())
    for wanted in p.get("Filters") or []:
        if wanted.get("Attribute") != "IdentityProviderArn":
            raise ServiceError("ValidationException", f"There is no filter {wanted.get('Attribute')}.")
        found = [endpoint for endpoint in found if endpoint.identity_provider_arn == wanted.get("Value")]
    items, token = page("ListLicenseServerEndpoints", [_describe(endpoint) for endpoint in found], p, settings_of(scope))
    return {"LicenseServerEndpoints": items, "NextToken": token}


def delete(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    endpoint = endpoints_of(scope).pop(_find(scope, p["LicenseServerEndpointArn"]).arn)
    return {"LicenseServerEndpoint": {**_describe(endpoint), "LicenseServerEndpointProvisioningStatus": "DELETING"}}
