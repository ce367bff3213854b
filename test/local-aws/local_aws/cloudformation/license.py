"""AWS::LicenseManager::License and AWS::LicenseManager::Grant.

They make versions, and leave alone what no version holds, as the published handlers:
https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-licensemanager

Those are of 2020. Of what the schema has got since, they know nothing (tags, borrowing), and they fail without a metadata or a count. Here all that
the schema has is sent.
"""

from __future__ import annotations

import uuid
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from ..license_manager.issued import Grant, License, issued_by
from ..license_manager.tags import as_list
from ..scope import Scope
from .resource_type import ResourceType, tag_map


class _VersionedType(ResourceType):
    """What has versions: an update makes a new one, and takes of the properties those that a version has."""

    service_name = "LicenseManager"
    noun: str
    in_versions: tuple[str, ...]
    # What the version is called in a request to delete.
    deleted_version: str

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        given = {name: value for name, value in properties.items() if name != "Status"}
        return str(self.call("license-manager", f"Create{self.noun}", {**given, "ClientToken": uuid.uuid4().hex})[f"{self.noun}Arn"])

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        found = self.held(scope)[identifier]
        # A change of any other property goes by unnoticed: no version can hold it.
        if {k: v for k, v in old.items() if k != "Tags"} != {k: v for k, v in new.items() if k != "Tags"}:
            self.call("license-manager", f"Create{self.noun}Version", {
                f"{self.noun}Arn": identifier, "SourceVersion": str(found.version), "ClientToken": uuid.uuid4().hex,
                **{name: new[name] for name in self.in_versions if name in new}})
        before = tag_map(old.get("Tags"))
        found.tags = {**{key: value for key, value in found.tags.items() if key not in before}, **tag_map(new.get("Tags"))}

    def delete(self, scope: Scope, identifier: str) -> None:
        if self.is_there(scope, identifier):
            version = str(self.held(scope)[identifier].version)
            self.call("license-manager", f"Delete{self.noun}", {f"{self.noun}Arn": identifier, self.deleted_version: version})

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        if not self.is_there(scope, identifier):
            return None
        found = self.held(scope)[identifier]
        own = {key: value for key, value in found.tags.items() if not key.startswith("aws:")}
        return {
            **self.readable(scope, identifier), f"{self.noun}Arn": found.arn, "HomeRegion": found.home_region, "Version": str(found.version),
            "Tags": as_list(own)}

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        """As the list handlers answer: the ARN alone."""
        return [{f"{self.noun}Arn": arn} for arn in self.held(scope) if self.is_there(scope, arn)]

    def is_there(self, scope: Scope, identifier: str) -> bool:
        found = self.held(scope).get(identifier)
        return found is not None and found.status != "DELETED"

    @abstractmethod
    def held(self, scope: Scope) -> Mapping[str, License | Grant]:
        """All of the account, also what is deleted."""

    @abstractmethod
    def readable(self, scope: Scope, identifier: str) -> dict[str, Any]:
        """What is not write-only, and not the same for both types."""


class LicenseType(_VersionedType):
    type_name = "AWS::LicenseManager::License"
    noun = "License"
    in_versions = (
        "LicenseName", "ProductName", "Issuer", "HomeRegion", "Validity", "Entitlements", "ConsumptionConfiguration", "LicenseMetadata",
        "Status")
    deleted_version = "SourceVersion"

    def held(self, scope: Scope) -> Mapping[str, License | Grant]:
        return issued_by(scope).licenses

    def readable(self, scope: Scope, identifier: str) -> dict[str, Any]:
        found = issued_by(scope).licenses[identifier]
        return {**found.properties, "Status": found.status}


class GrantType(_VersionedType):
    type_name = "AWS::LicenseManager::Grant"
    noun = "Grant"
    in_versions = ("GrantName", "AllowedOperations", "Status")
    deleted_version = "Version"

    def held(self, scope: Scope) -> Mapping[str, License | Grant]:
        return issued_by(scope).grants

    def readable(self, scope: Scope, identifier: str) -> dict[str, Any]:
        found = issued_by(scope).grants[identifier]
        return {"GrantName": found.name, "LicenseArn": found.license_arn}
