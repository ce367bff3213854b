"""AWS::ResourceGroups::Group, as far as groups of hosts need it."""

from __future__ import annotations

from typing import Any

from ..errors import ServiceError
from ..resource_groups import hosts
from ..resource_groups.store import groups_of
from ..scope import Scope
from ..state import ScopedState
from .resource_type import ResourceType, tag_map

# The resources that a template has put into a group, by its name: those are taken out before the group is deleted.
_of_templates: ScopedState[dict[str, list[str]]] = ScopedState(dict)


class ResourceGroupType(ResourceType):
    type_name = "AWS::ResourceGroups::Group"
    service_name = "ResourceGroups"

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        name = str(properties["Name"])
        parameters = {api: properties[api] for api in ("Name", "Description", "Configuration", "ResourceQuery") if api in properties}
        self.call("resource-groups", "CreateGroup", {**parameters, "Tags": tag_map(properties.get("Tags"))})
        try:
            self._change_resources(scope, name, [], properties.get("Resources", []))
        except ServiceError:
            self.delete(scope, name)
            raise
        return name

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        # What may fail half-way comes first: nothing else has to be taken back then.
        self._change_resources(scope, identifier, old.get("Resources", []), new.get("Resources", []))
        # What a template does not have stays as it was: nothing says that the handler sets it back.
        if "Description" in new and old.get("Description") != new["Description"]:
            self.call("resource-groups", "UpdateGroup", {"Group": identifier, "Description": new["Description"]})
        if old.get("Configuration") != new.get("Configuration"):
            self.call("resource-groups", "PutGroupConfiguration", {"Group": identifier, "Configuration": new.get("Configuration", [])})
        group = groups_of(scope)[identifier]
        old_tags = tag_map(old.get("Tags"))
        group.tags = {**{key: value for key, value in group.tags.items() if key not in old_tags}, **tag_map(new.get("Tags"))}

    def _change_resources(self, scope: Scope, name: str, old: list[str], new: list[str]) -> None:
        added = [arn for arn in new if arn not in old]
        if added:
            answer = self.call("resource-groups", "GroupResources", {"Group": name, "ResourceArns": added})
            if answer["Failed"]:
                if answer["Succeeded"]:
                    self.call("resource-groups", "UngroupResources", {"Group": name, "ResourceArns": answer["Succeeded"]})
                raise ServiceError("BadRequestException", "; ".join(entry["ErrorMessage"] for entry in answer["Failed"]))
        gone = [arn for arn in old if arn not in new and arn in groups_of(scope)[name].members]
        if gone:
            self.call("resource-groups", "UngroupResources", {"Group": name, "ResourceArns": gone})
        _of_templates.of(scope)[name] = new

    def delete(self, scope: Scope, identifier: str) -> None:
        group = groups_of(scope).get(identifier)
        if group is None:
            return
        own = [arn for arn in _of_templates.of(scope).pop(identifier, []) if arn in group.members]
        if own:
            self.call("resource-groups", "UngroupResources", {"Group": identifier, "ResourceArns": own})
        self.call("resource-groups", "DeleteGroup", {"Group": identifier})

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        group = groups_of(scope).get(identifier)
        if group is None:
            return None
        return {
            "Name": group.name, "Arn": group.arn, "Configuration": group.configuration, "Resources": hosts.members(scope, group),
            "Tags": [{"Key": key, "Value": value} for key, value in group.tags.items() if not key.startswith("aws:")],
            **({"Description": group.description} if group.description else {}),
        }

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        """As ListGroups answers: names, no configuration."""
        return [{"Name": name} for name in groups_of(scope)]
