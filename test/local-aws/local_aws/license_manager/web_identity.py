"""AWS STS: AssumeRoleWithWebIdentity takes the access tokens of License Manager.

ministack evaluates the trust policy, with --auth; here it is looked at whether the token is one of License Manager's, and still valid.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime, timezone
from typing import Any

from .. import hooks, wire
from ..errors import ServiceError
from ..parameters import parse_parameters
from .issued import all_access_tokens
from .tokens import PROVIDER

# User guide, «Get temporary credentials for ISV customers without an AWS account», and the reference of managed policies.
_POLICY = "service-role/AWSLicenseManagerConsumptionPolicy"
_ACTIONS = [
    "license-manager:CheckoutLicense", "license-manager:CheckInLicense", "license-manager:ExtendLicenseConsumption", "license-manager:GetLicense"]


async def _handle(
        original: hooks.ServiceHandler, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> wire.Response:
    p = parse_parameters(headers, body, query)
    if p.get("Action") == "AssumeRoleWithWebIdentity" and _is_of_license_manager(str(p.get("WebIdentityToken", ""))):
        try:
            _check(str(p["WebIdentityToken"]), str(p.get("RoleArn", "")))
        except ServiceError as error:
            return wire.error_response("sts", error)
    answer: wire.Response = await original(method, path, headers, body, query)
    return answer


def _is_of_license_manager(token: str) -> bool:
    try:
        claims = json.loads(base64.urlsafe_b64decode(f"{token.split('.')[1]}=="))
    except (IndexError, ValueError):
        return False
    return isinstance(claims, dict) and str(claims.get("iss")).endswith(PROVIDER)


def _check(value: str, role_arn: str) -> None:
    found = next((one for one in all_access_tokens() if one.value == value), None)
    if found is None:
        raise ServiceError("InvalidIdentityToken", "The web identity token that was passed could not be validated.")
    if found.expires <= datetime.now(timezone.utc):
        raise ServiceError("ExpiredTokenException", "The web identity token that was passed is expired.")
    # A token with roles is for these: a guess.
    if found.role_arns and role_arn not in found.role_arns:
        raise ServiceError("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403)


def install() -> None:
    hooks.wrap_service("sts", _handle)
    hooks.trust_web_identity_provider(PROVIDER)
    hooks.add_managed_policy(_POLICY, _ACTIONS)
