"""What the service models of today have, and those that are installed have not: the version of botocore is the one that fits ministack.

From the models of botocore 1.44.8. A test notices when the installed models have it.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

# Service -> shape -> what it has in addition: values of an enumeration, or members. A shape that is not there is given as a whole.
_ADDED: dict[str, dict[str, dict[str, Any]]] = {
    "license-manager": {
        "GrantType": {"type": "string", "enum": ["BuyerGrant", "DelegateGrant"]},
        "AllowedOperation": {"enum": ["ListReceivedLicenses"]},
        "Options": {"members": {"DesiredStatus": {"shape": "GrantStatus"}}},
        "CreateGrantRequest": {"members": {"GrantType": {"shape": "GrantType"}, "Options": {"shape": "Options"}}},
        "Grant": {"members": {"GrantType": {"shape": "GrantType"}}},
        "ReceivedMetadata": {"members": {"GrantType": {"shape": "GrantType"}}},
    },
}


def missing(service: str, model: dict[str, Any]) -> list[str]:
    """What an installed model lacks of it."""
    found = []
    for name, added in _ADDED.get(service, {}).items():
        shape = model["shapes"].get(name, {})
        if set(added.get("enum", [])) - set(shape.get("enum", [])) or set(added.get("members", {})) - set(shape.get("members", {})):
            found.append(name)
    return found


def completed(service: str, model: dict[str, Any]) -> dict[str, Any]:
    """A model with what it lacks."""
    if service not in _ADDED:
        return model
    model = deepcopy(model)
    for name, added in _ADDED[service].items():
        shape = model["shapes"].setdefault(name, {"type": added.get("type", "structure")})
        if "enum" in added:
            shape["enum"] = list(dict.fromkeys([*shape.get("enum", []), *added["enum"]]))
        if "members" in added:
            shape["members"] = {**shape["members"], **added["members"]}
    return model
