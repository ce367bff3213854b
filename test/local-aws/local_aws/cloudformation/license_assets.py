"""AWS::LicenseManager::LicenseAssetRuleSet and ::LicenseAssetGroup."""

from __future__ import annotations

import uuid
from typing import Any

from ..license_manager.store import LicenseAssetGroup, LicenseAssetRuleset, state_of
from ..license_manager.tags import as_list
from ..scope import Scope
from .resource_type import ResourceType, tag_map

_Asset = LicenseAssetGroup | LicenseAssetRuleset


class _LicenseAssetType(ResourceType):
    """Both types are over operations of one form."""

    service_name = "LicenseManager"
    # Of the operations: Create…, Update…, Delete….
    noun: str
    # The identifier, in CloudFormation and in the API.
    arn_name: str

    def resources(self, scope: Scope) -> dict[str, Any]:
        raise NotImplementedError

    def properties(self, asset: Any) -> dict[str, Any]:
        raise NotImplementedError

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        answer = self.call("license-manager", f"Create{self.noun}", {**properties, "ClientToken": str(uuid.uuid4())})
        return str(answer[self.arn_name])

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        if {**old, "Tags": None} != {**new, "Tags": None}:
            changeable = {name: value for name, value in new.items() if name not in ("Tags", *self.schema.create_only)}
            self.call("license-manager", f"Update{self.noun}", {
                # What a template does not have stays as it was: nothing says that the handler sets it back.
                **changeable, self.arn_name: identifier, "ClientToken": str(uuid.uuid4())})
        asset, old_tags = self.resources(scope)[identifier], tag_map(old.get("Tags"))
        # Tags that the stack gave, among them CloudFormation's own, which no caller of the API may write; others stay.
        asset.tags = {**{key: value for key, value in asset.tags.items() if key not in old_tags}, **tag_map(new.get("Tags"))}

    def delete(self, scope: Scope, identifier: str) -> None:
        if identifier in self.resources(scope):
            self.call("license-manager", f"Delete{self.noun}", {self.arn_name: identifier})

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        asset: _Asset | None = self.resources(scope).get(identifier)
        if asset is None:
            return None
        return {
            self.arn_name: asset.arn, "Name": asset.name, **self.properties(asset),
            "Tags": as_list({k: v for k, v in asset.tags.items() if not k.startswith("aws:")}),
            **({"Description": asset.description} if asset.description else {})}

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        """As the list operations answer: without tags."""
        found = [self.read(scope, arn) or {} for arn in self.resources(scope)]
        return [{name: value for name, value in properties.items() if name != "Tags"} for properties in found]


class LicenseAssetRuleSetType(_LicenseAssetType):
    type_name = "AWS::LicenseManager::LicenseAssetRuleSet"
    noun = "LicenseAssetRuleset"
    arn_name = "LicenseAssetRulesetArn"

    def resources(self, scope: Scope) -> dict[str, Any]:
        return state_of(scope).asset_rulesets

    def properties(self, asset: LicenseAssetRuleset) -> dict[str, Any]:
        return {"Rules": asset.rules}


class LicenseAssetGroupType(_LicenseAssetType):
    type_name = "AWS::LicenseManager::LicenseAssetGroup"
    noun = "LicenseAssetGroup"
    arn_name = "LicenseAssetGroupArn"

    def resources(self, scope: Scope) -> dict[str, Any]:
        return state_of(scope).asset_groups

    def properties(self, asset: LicenseAssetGroup) -> dict[str, Any]:
        return {
            "AssociatedLicenseAssetRulesetARNs": asset.rulesets, "LicenseAssetGroupConfigurations": asset.configurations,
            **({"Properties": asset.properties} if asset.properties else {})}
