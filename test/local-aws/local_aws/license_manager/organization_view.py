"""The organization as License Manager sees it: who is in it, and whether it is linked."""

from __future__ import annotations

from .. import service_linked_roles
from ..errors import ServiceError
from ..organizations.store import Organization, organization_of
from ..scope import Scope
from ..settings import settings_of


def is_linked(organization: Organization, region: str) -> bool:
    """Whether the management account has linked it. Each Region is linked for itself."""
    settings = settings_of(Scope(organization.management, region)).serviceSettings
    return bool(settings.get("OrganizationConfiguration", {}).get("EnableIntegration"))


def managed_by(account: str) -> Organization | None:
    """The organization that the account is the management account of."""
    found = organization_of(account)
    return found if found is not None and found.management == account else None


def seen_by(scope: Scope) -> Organization:
    """The organization, for the views of all its accounts. Which of the declared errors refuses them is a guess."""
    found = organization_of(scope.account)
    if found is None or scope.account not in (found.management, *found.administrators.get(service_linked_roles.CORE, [])):
        raise ServiceError(
            "AccessDeniedException", f"Account {scope.account} is neither the management account of an organization nor its delegated administrator.")
    if not is_linked(found, scope.region):
        raise ServiceError("ValidationException", "The accounts of the organization are not linked: see the settings of License Manager.")
    return found
