"""What a CloudFormation type is made of."""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from ..errors import ServiceError
from ..scope import Scope
from . import schema

# The handler error codes of CloudFormation for the errors of the services.
_HANDLER_CODES = {
    "AccessDeniedException": "AccessDenied",
    "ConflictException": "ResourceConflict",
    "RateLimitExceededException": "Throttling",
    "ResourceLimitExceededException": "ServiceLimitExceeded",
    "ServerInternalException": "ServiceInternalError",
    "UnknownResourceException": "NotFound",
}

# Calls an API as a type's handler does: service, operation, parameters. Set when the server is put together.
ApiCall = Callable[[str, str, dict[str, Any]], dict[str, Any]]


class ResourceType(ABC):
    """A CloudFormation type: its handlers, over the operations of an API."""

    type_name: str
    service_name: str

    def __init__(self, call: ApiCall) -> None:
        self.call = call
        self.schema = schema.load(self.type_name)

    @abstractmethod
    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        """Makes the resource and returns its primary identifier."""

    @abstractmethod
    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Brings the changes about that need no replacement."""

    @abstractmethod
    def delete(self, scope: Scope, identifier: str) -> None:
        """Deletes the resource; nothing happens when there is none."""

    @abstractmethod
    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        """The properties of the resource, or nothing when there is none."""

    @abstractmethod
    def list(self, scope: Scope) -> list[dict[str, Any]]:
        """All resources of the type."""

    def attributes(self, scope: Scope, identifier: str) -> dict[str, Any]:
        """What Fn::GetAtt gives: the schema's read-only properties."""
        found = self.read(scope, identifier) or {}
        return {name: found[name] for name in self.schema.read_only if found.get(name) is not None}

    def failure(self, error: ServiceError) -> Exception:
        """The error as CloudFormation tells it in a stack's events."""
        if error.code == "ValidationError":
            return ValueError(error.message)
        handler_code = _HANDLER_CODES.get(error.code, "InvalidRequest")
        return RuntimeError(
            f'Resource handler returned message: "{error.message} (Service: {self.service_name}, Status Code: {error.status}, '
            f'Request ID: {uuid.uuid4()})" (RequestToken: {uuid.uuid4()}, HandlerErrorCode: {handler_code})')


def tag_map(tags: list[dict[str, str]] | None) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags or []}
