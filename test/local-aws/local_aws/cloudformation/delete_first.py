"""Types whose resource CloudFormation deletes before it makes the one that replaces it (`replacementStrategy` in the schema).

ministack's engine makes the new one first. Here a replacement is an update that answers with another identifier, which the engine takes
for one; when it rolls the stack back it deletes the new resource, and that brings the old one back.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from ..errors import ServiceError
from ..scope import Scope
from .resource_type import ResourceType, tag_map


class DeleteFirstType(ResourceType):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # Identifier of a new resource -> that of the old one, and what brings it back.
        self._replaced: dict[str, tuple[str, Callable[[], None]]] = {}

    @abstractmethod
    def resources(self, scope: Scope) -> dict[str, Any]:
        """What the service holds, by ARN: objects with an `arn` and `tags`."""

    @abstractmethod
    def remove(self, scope: Scope, arn: str) -> None:
        """Calls the API to delete a resource that is there."""

    @abstractmethod
    def arn_of(self, identifier: str) -> str:
        """The ARN in an identifier."""

    def replace(self, scope: Scope, identifier: str, properties: dict[str, Any], default_name: str) -> str:
        arn = self.arn_of(identifier)
        old = self.resources(scope)[arn]
        self.remove(scope, arn)

        def restore() -> None:
            self.resources(scope)[arn] = old

        try:
            new = self.create(scope, properties, default_name)
        except ServiceError:
            restore()
            raise
        self._replaced[new] = (identifier, restore)
        return new

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Tags that the stack gave, among them CloudFormation's own, which no caller of the API may write; others stay."""
        resource = self.resources(scope)[self.arn_of(identifier)]
        before = tag_map(old.get("Tags"))
        resource.tags = {**{key: value for key, value in resource.tags.items() if key not in before}, **tag_map(new.get("Tags"))}

    def delete(self, scope: Scope, identifier: str) -> None:
        # The engine cleans an old resource up once the update is complete: then nothing can be rolled back any more.
        self._replaced = {new: entry for new, entry in self._replaced.items() if entry[0] != identifier}
        if self.arn_of(identifier) in self.resources(scope):
            self.remove(scope, self.arn_of(identifier))
        _, restore = self._replaced.pop(identifier, (None, None))
        if restore is not None:
            restore()
