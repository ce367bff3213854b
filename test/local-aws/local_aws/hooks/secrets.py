"""Secrets Manager and KMS."""

from __future__ import annotations

import json
from typing import Any

from ..errors import ServiceError
from .kms import find_key


def install_secrets() -> None:
    """A version of a secret does not change: the same client request token again is the same value, or refused."""
    from ministack.services import secretsmanager

    put = secretsmanager._put_secret_value

    def put_secret_value(parameters: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        token = parameters.get("ClientRequestToken")
        given = (parameters.get("SecretString"), parameters.get("SecretBinary"))
        if (given[0] is None) == (given[1] is None):
            return _error("InvalidParameterException", "You must provide either SecretString or SecretBinary.")
        if token is not None and not 32 <= len(token) <= 64:
            return _error("InvalidParameterException", "You provided an invalid value for ClientRequestToken: its length is 32 to 64.")
        secret = secretsmanager._resolve(parameters.get("SecretId"))[1]
        version = (secret or {}).get("Versions", {}).get(token)
        if secret is None or version is None or secret.get("DeletedDate"):
            answer: tuple[int, dict[str, str], bytes] = put(parameters)
            return answer
        if (version["SecretString"], version["SecretBinary"]) != given:
            return _error("ResourceExistsException", f"A resource with the ID {token} already exists, with another value.")
        return _json(200, {"ARN": secret["ARN"], "Name": secret["Name"], "VersionId": token, "VersionStages": version["Stages"]})

    secretsmanager._put_secret_value = put_secret_value


def _error(code: str, message: str) -> tuple[int, dict[str, str], bytes]:
    return _json(400, {"__type": code, "Message": message})


def _json(status: int, value: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(value).encode()


def find_secret(secret_id: str) -> dict[str, Any] | None:
    """A secret by its name or ARN, in the current account and Region."""
    from ministack.services import secretsmanager

    found: dict[str, Any] | None = secretsmanager._resolve(secret_id)[1]
    return found


def secret_ids() -> list[str]:
    from ministack.services import secretsmanager

    return [secret["ARN"] for secret in secretsmanager._secrets.values()]


def secret_string(secret_id: str) -> str | None:
    """What is in a secret; nothing in one that is empty."""
    from ministack.services import secretsmanager

    found: str | None = secretsmanager.resolve_secret_string(secret_id)
    return found


def create_secret(parameters: dict[str, Any]) -> str:
    """Makes a secret, and returns its ARN. Without a value it has no version, as with the real service."""
    from ministack.services import secretsmanager

    arn: str = _answer(secretsmanager._create_secret(parameters))["ARN"]
    if "SecretString" not in parameters:
        secret = find_secret(arn)
        assert secret is not None
        secret["Versions"] = {}
    return arn


def update_secret(parameters: dict[str, Any]) -> None:
    from ministack.services import secretsmanager

    _answer(secretsmanager._update_secret(parameters))


def random_password(parameters: dict[str, Any]) -> str:
    from ministack.services import secretsmanager

    return str(_answer(secretsmanager._get_random_password(parameters))["RandomPassword"])


def purge_secret(secret_id: str) -> None:
    from ministack.services import secretsmanager

    key, secret = secretsmanager._resolve(secret_id)
    if secret is not None:
        secretsmanager._purge_secret(key, secret)


def key_tags(key_id: str) -> dict[str, str]:
    """The tags of a KMS key, by its id or ARN."""
    key = find_key(key_id)
    return {tag["TagKey"]: tag["TagValue"] for tag in (key or {}).get("Tags", [])}


def _answer(response: tuple[int, dict[str, str], bytes]) -> dict[str, Any]:
    status, _, body = response
    answer: dict[str, Any] = json.loads(body or b"{}")
    if status != 200:
        raise ServiceError(str(answer.get("__type", "")), str(answer.get("message") or answer.get("Message") or ""), status)
    return answer
