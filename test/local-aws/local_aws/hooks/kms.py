"""KMS."""

from __future__ import annotations

from typing import Any


def find_key(key_id_or_arn: str) -> dict[str, Any] | None:
    """The key of an id, an ARN or an alias in the account and Region of the request."""
    from ministack.services import kms

    found: dict[str, Any] | None = kms._resolve_key(key_id_or_arn)
    return found
