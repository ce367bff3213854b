"""Tokens by which somebody without an AWS account consumes a seller-issued license.

A refresh token is shown once. It gets access tokens, which need no credentials, and AWS STS takes these for a role: see web_identity.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import uuid
from datetime import datetime, timedelta, timezone
from typing import Any

from ..errors import ServiceError
from ..paging import page
from ..scope import Scope
from ..settings import settings_of
from . import received_grants
from .filters import filtered
from .issued import (
    AccessToken,
    License,
    RefreshToken,
    all_tokens,
    check_home_region,
    check_license_arn,
    iso,
    issued_by,
    license_by_arn,
)

PROVIDER = "openid-license-manager.amazonaws.com"
# Model: how long a client token is remembered. A repetition does not show the secret again, which is a guess: nothing promises that it does.
_REMEMBERED = timedelta(minutes=10)
_LIFE_OF_ACCESS = timedelta(hours=1)
_DEFAULT_DAYS = 365
# The model's own limit of a token.
_LONGEST = 4096
_key = secrets.token_bytes(32)


def create(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    held, now = issued_by(scope).tokens, datetime.now(timezone.utc)
    known = next((one for one in held.values() if one.client_token == p["ClientToken"] and now - one.created < _REMEMBERED), None)
    if known is not None:
        return {"TokenId": known.id, "TokenType": "REFRESH_TOKEN"}
    found = _license(scope, p["LicenseArn"])
    # There is no upper limit in the reference.
    days = p.get("ExpirationInDays", _DEFAULT_DAYS)
    if days < 1:
        raise ServiceError("ValidationException", f"ExpirationInDays must be a positive number, not {days}.")
    quota = settings_of(scope).tokensPerLicense
    if len([one for one in held.values() if one.license_arn == found.arn and one.status == "AVAILABLE" and one.expires > now]) >= quota:
        raise ServiceError("ResourceLimitExceededException", f"License {found.arn} has the maximum of {quota} tokens.")
    try:
        expires = now + timedelta(days=days)
    except OverflowError:
        raise ServiceError("ValidationException", f"ExpirationInDays is too large: {days}.") from None
    token = RefreshToken(
        uuid.uuid4().hex, "", found.arn, list(p.get("RoleArns") or []), list(p.get("TokenProperties") or []), p["ClientToken"], now, expires)
    token.value = _sign(scope.account, token, "refresh", expires)
    if len(token.value) > _LONGEST:
        raise ServiceError("ValidationException", f"The token would be longer than {_LONGEST} characters.")
    held[token.id] = token
    return {"TokenId": token.id, "TokenType": "REFRESH_TOKEN", "Token": token.value}


def _license(scope: Scope, arn: str) -> License:
    """A license of the account's own, or one that it has been granted together with the right to make tokens."""
    check_license_arn(arn)
    found = issued_by(scope).licenses.get(arn)
    if found is None and received_grants.usable(scope, arn, "CreateToken"):
        found = license_by_arn(arn)
    if found is None or found.status == "DELETED":
        raise ServiceError("ResourceNotFoundException", f"The license {arn} was not found in account {scope.account}.")
    check_home_region(scope, found.home_region)
    if found.status != "AVAILABLE":
        raise ServiceError("ValidationException", f"The license {arn} is {found.status}.")
    return found


def delete(scope: Scope, p: dict[str, Any]) -> None:
    """A deleted one is listed as such, and not deleted again."""
    found = issued_by(scope).tokens.get(p["TokenId"])
    if found is None or found.status == "DELETED":
        raise ServiceError("ResourceNotFoundException", f"The token {p['TokenId']} was not found.")
    licensed = license_by_arn(found.license_arn)
    if licensed is not None:
        check_home_region(scope, licensed.home_region)
    found.status = "DELETED"


def list_all(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """Those of a deleted license are listed as they were: what becomes of them is not documented."""
    asked = p.get("TokenIds") or None
    found = [one for one in issued_by(scope).tokens.values() if asked is None or one.id in asked]
    for entry in p.get("Filters") or []:
        actual = filtered(entry.get("Name"), {"LicenseArns": lambda one: one.license_arn})
        found = [one for one in found if actual(one) in (entry.get("Values") or [])]
    items, token = page("ListTokens", found, p, settings_of(scope))
    return {"Tokens": [describe(one) for one in items], "NextToken": token}


def describe(found: RefreshToken) -> dict[str, Any]:
    return {
        "TokenId": found.id, "TokenType": "REFRESH_TOKEN", "LicenseArn": found.license_arn, "ExpirationTime": iso(found.expires),
        "TokenProperties": found.properties, "RoleArns": found.role_arns, "Status": found.status}


def get_access_token(_: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """Whoever has the refresh token may call it, from wherever. Which of the declared errors refuses it is a guess."""
    issuer, found = _find(p["Token"])
    now = datetime.now(timezone.utc)
    licensed = license_by_arn(found.license_arn)
    if found.status != "AVAILABLE" or found.expires <= now or licensed is None or licensed.status != "AVAILABLE":
        raise ServiceError("AuthorizationException", "The token is not valid any more.")
    if not set(p.get("TokenProperties") or []) <= set(found.properties):
        raise ServiceError("ValidationException", "The token does not have these properties.")
    expires = min(now + _LIFE_OF_ACCESS, found.expires)
    value = _sign(issuer.account, found, "access", expires)
    issued_by(issuer).access_tokens[value] = AccessToken(value, found.id, found.role_arns, expires)
    return {"AccessToken": value}


def issuer_of(value: object) -> Scope | None:
    """The account of a refresh token, in the home Region of its license."""
    found = next(((scope, token) for scope, token in all_tokens() if token.value == value), None)
    if found is None:
        return None
    licensed = license_by_arn(found[1].license_arn)
    return Scope(found[0].account, licensed.home_region) if licensed else None


def _find(value: str) -> tuple[Scope, RefreshToken]:
    for issuer, token in all_tokens():
        if hmac.compare_digest(token.value, value):
            return issuer, token
    raise ServiceError("ValidationException", "The token is not valid.")


def _sign(account: str, token: RefreshToken, use: str, expires: datetime) -> str:
    """A JSON Web Token. The claim that trust policies ask for is in the guide, and the others in the model's text; what else there is is made up."""
    claims = {
        "iss": f"https://{PROVIDER}", "sub": token.license_arn, "aud": token.license_arn, "jti": uuid.uuid4().hex, "exp": int(expires.timestamp()),
        "iat": int(datetime.now(timezone.utc).timestamp()), "token_use": use, "roles": token.role_arns,
        "amr": [f"aws:license-manager:token-issuer-account-id:{account}", *token.properties]}
    text = ".".join(_encode(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return f"{text}.{_encode(hmac.new(_key, text.encode(), hashlib.sha256).digest())}"


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
