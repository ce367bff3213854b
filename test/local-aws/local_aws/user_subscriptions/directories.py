"""Directories: those that a test has declared, or, as long as it has declared none, whichever are named. Directory Service is not modelled."""

from __future__ import annotations

from typing import Any

from ..errors import ServiceError
from ..scope import Scope
from ..settings import settings_of


def declared(scope: Scope, directory_id: str) -> dict[str, Any]:
    """What a test says of a directory."""
    directories = settings_of(scope).directories
    if directories and directory_id not in directories:
        raise ServiceError("ResourceNotFoundException", f"The directory {directory_id} was not found in account {scope.account}.", 404)
    return directories.get(directory_id, {})


def owner_of(scope: Scope, directory_id: str) -> tuple[Scope, str] | None:
    """The account that shares a directory with this one, in the same Region, and the id that it has there."""
    found = settings_of(scope).directories.get(directory_id, {})
    if "owner" not in found:
        return None
    return Scope(found["owner"], scope.region), found.get("ownerDirectoryId", directory_id)


def domain_of(scope: Scope, directory: dict[str, Any]) -> str | None:
    named = (directory.get("ActiveDirectorySettings") or {}).get("DomainName")
    return named or settings_of(scope).directories.get(directory["DirectoryId"], {}).get("domain")


def has_user(scope: Scope, directory_id: str, username: str) -> bool:
    """Whoever is asked for, unless a test has declared the users."""
    users = settings_of(scope).directories.get(directory_id, {}).get("users")
    return users is None or username in users
