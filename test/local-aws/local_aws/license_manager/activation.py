"""Activating grants: what may be changed, and that of an AWS Marketplace product one grant is active at a time."""

from __future__ import annotations

from typing import Any

from ..errors import ServiceError
from .issued import Grant, all_grants, license_by_arn

# The issuer of the licenses of AWS Marketplace. That nothing else tells them from those of sellers is a guess.
MARKETPLACE = "AWS/Marketplace"
_REPLACE = "ALL_GRANTS_PERMITTED_BY_ISSUER"


def check_settled(found: Grant) -> None:
    if found.outcome is not None:
        raise ServiceError("ValidationException", f"Grant {found.arn} is {found.status}. Wait until that is done.")


def override_of(found: Grant, p: dict[str, Any]) -> str | None:
    """The override of a request, which has its conditions in the model's text; with which error they refuse is a guess."""
    options = p.get("Options") or {}
    if "DesiredStatus" in options:
        raise ServiceError("ValidationException", "DesiredStatus is for the creation of a grant.")
    override = options.get("ActivationOverrideBehavior")
    if override is None:
        return None
    if p.get("Status") != "ACTIVE":
        raise ServiceError("ValidationException", "ActivationOverrideBehavior goes with the status ACTIVE.")
    if not _is_of_marketplace(found):
        raise ServiceError("ValidationException", "ActivationOverrideBehavior is for licenses of AWS Marketplace.")
    return str(override)


def is_free(found: Grant, override: str | None) -> bool:
    """Whether the grant can be activated, by way of the override if need be."""
    return override == _REPLACE or not _rivals(found)


def make_room(found: Grant, override: str | None) -> None:
    """Disables the other active grants of the product, or refuses to activate one more."""
    if not is_free(found, override):
        raise ServiceError(
            "ValidationException", f"The account has another active grant of the product of {found.arn}. Disable it, or replace it by the options.")
    for rival in _rivals(found):
        rival.change("DISABLED")


def _rivals(found: Grant) -> list[Grant]:
    if not _is_of_marketplace(found) or found.grantee is None:
        return []
    return [
        one for one in all_grants() if one.arn != found.arn and one.grantee == found.grantee and one.status == "ACTIVE"
        and _is_of_marketplace(one) and _sku(one) == _sku(found)]


def _is_of_marketplace(grant: Grant) -> bool:
    found = license_by_arn(grant.license_arn)
    return found is not None and found.properties["Issuer"]["Name"] == MARKETPLACE


def _sku(grant: Grant) -> str | None:
    found = license_by_arn(grant.license_arn)
    return found.properties["ProductSKU"] if found else None
