"""The parameters of a request, in whatever protocol it was made."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl


def parse_parameters(headers: dict[str, str], body: bytes, query: dict[str, Any]) -> dict[str, Any]:
    """Good enough for logs and for finding the resource of a request; an API parses its requests itself."""
    parameters: dict[str, Any] = {k: v[0] if isinstance(v, list) and len(v) == 1 else v for k, v in query.items()}
    if body[:1] == b"{":
        try:
            return {**parameters, **json.loads(body)}
        except ValueError:
            return parameters
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        parameters.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return parameters
