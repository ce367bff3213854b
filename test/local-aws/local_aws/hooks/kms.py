"""KMS."""

from __future__ import annotations

import base64
import json
from typing import Any

from ..errors import ServiceError


def find_key(key_id_or_arn: str) -> dict[str, Any] | None:
    """The key of an id, an ARN or an alias in the account and Region of the request."""
    from ministack.services import kms

    found: dict[str, Any] | None = kms._resolve_key(key_id_or_arn)
    return found


def sign(key_id: str, message: bytes, algorithm: str) -> bytes:
    """The signature of a message by a key of the account and Region of the request."""
    from ministack.services import kms

    status, _, body = kms._sign({"KeyId": key_id, "Message": base64.b64encode(message).decode(), "SigningAlgorithm": algorithm})
    answer = json.loads(body)
    if status != 200:
        raise ServiceError("UnsupportedDigitalSignatureMethodException", str(answer.get("message")))
    return base64.b64decode(answer["Signature"])
