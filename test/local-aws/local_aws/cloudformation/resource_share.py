"""AWS::RAM::ResourceShare."""

from __future__ import annotations

from typing import Any

from ..ram import store
from ..scope import Scope
from .resource_type import ResourceType, tag_map


class ResourceShareType(ResourceType):
    type_name = "AWS::RAM::ResourceShare"
    service_name = "Ram"

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        names = {
            "Name": "name", "ResourceArns": "resourceArns", "Principals": "principals", "PermissionArns": "permissionArns",
            "AllowExternalPrincipals": "allowExternalPrincipals", "Sources": "sources"}
        parameters = {api: properties[name] for name, api in names.items() if name in properties}
        parameters["tags"] = [{"key": key, "value": value} for key, value in tag_map(properties.get("Tags")).items()]
        return str(self.call("ram", "CreateResourceShare", parameters)["resourceShare"]["resourceShareArn"])

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        share = {"resourceShareArn": identifier}
        if any(old.get(name) != new.get(name) for name in ("Name", "AllowExternalPrincipals")):
            self.call("ram", "UpdateResourceShare", {
                **share, "name": new["Name"], "allowExternalPrincipals": new.get("AllowExternalPrincipals", True)})
        added, removed = {}, {}
        for name, api in (("ResourceArns", "resourceArns"), ("Principals", "principals")):
            before, after = old.get(name, []), new.get(name, [])
            added[api] = [item for item in after if item not in before]
            removed[api] = [item for item in before if item not in after]
        if any(added.values()):
            self.call("ram", "AssociateResourceShare", {**share, **added})
        if any(removed.values()):
            self.call("ram", "DisassociateResourceShare", {**share, **removed})
        old_tags, new_tags = tag_map(old.get("Tags")), tag_map(new.get("Tags"))
        gone = [key for key in old_tags if key not in new_tags]
        if gone:
            self.call("ram", "UntagResource", {**share, "tagKeys": gone})
        changed = [{"key": key, "value": value} for key, value in new_tags.items() if old_tags.get(key) != value]
        if changed:
            self.call("ram", "TagResource", {**share, "tags": changed})

    def delete(self, scope: Scope, identifier: str) -> None:
        share = store.shares_of(scope).get(identifier)
        if share is not None and share.status == "ACTIVE":
            self.call("ram", "DeleteResourceShare", {"resourceShareArn": identifier})

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        share = store.shares_of(scope).get(identifier)
        if share is None or share.status != "ACTIVE":
            return None
        return {
            "Arn": share.arn, "Name": share.name, "AllowExternalPrincipals": share.allow_external_principals, "Status": share.status,
            "OwningAccountId": share.owner, "FeatureSet": "STANDARD", "CreationTime": store.timestamp(share.created),
            "LastUpdatedTime": store.timestamp(share.updated),
            "Tags": [{"Key": key, "Value": value} for key, value in share.tags.items()],
        }

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        return [found for arn in store.shares_of(scope) if (found := self.read(scope, arn)) is not None]
