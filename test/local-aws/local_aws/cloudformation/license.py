"""AWS::LicenseManager::License and AWS::LicenseManager::Grant.

As the published handlers do it:
https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-licensemanager
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from ..license_manager.issued import Grant, License, issued_by
from ..license_manager.tags import as_list
from ..scope import Scope
from .resource_type import ResourceType, tag_map


class _VersionedType(ResourceType):
    """What has versions: an update makes a new one, and takes of the properties those that a version has."""

    service_name = "LicenseManager"
    in_versions: tuple[str, ...]

    def new_version(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any], operation: str, arn: str) -> None:
        found = self.held(scope)[identifier]
        # A change of any other property goes by unnoticed: no version can hold it.
        if {k: v for k, v in old.items() if k != "Tags"} != {k: v for k, v in new.items() if k != "Tags"}:
            self.call("license-manager", operation, {
                arn: identifier, "SourceVersion": str(found.version), "ClientToken": uuid.uuid4().hex,
                **{name: new[name] for name in self.in_versions if name in new}})
        before = tag_map(old.get("Tags"))
        found.tags = {**{key: value for key, value in found.tags.items() if key not in before}, **tag_map(new.get("Tags"))}

    def held(self, scope: Scope) -> Mapping[str, License | Grant]:
        raise NotImplementedError

    def is_there(self, scope: Scope, identifier: str) -> bool:
        found = self.held(scope).get(identifier)
        return found is not None and found.status != "DELETED"

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        """As the list handlers answer: the ARN alone."""
        (name,) = self.schema.identifier
        return [{name: arn} for arn in self.held(scope) if self.is_there(scope, arn)]


class LicenseType(_VersionedType):
    type_name = "AWS::LicenseManager::License"
    in_versions = (
        "LicenseName", "ProductName", "Issuer", "HomeRegion", "Validity", "Entitlements", "ConsumptionConfiguration", "LicenseMetadata",
        "Status")

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        given = {name: value for name, value in properties.items() if name != "Status"}
        return str(self.call("license-manager", "CreateLicense", {**given, "ClientToken": uuid.uuid4().hex})["LicenseArn"])

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.new_version(scope, identifier, old, new, "CreateLicenseVersion", "LicenseArn")

    def delete(self, scope: Scope, identifier: str) -> None:
        if self.is_there(scope, identifier):
            version = str(self.held(scope)[identifier].version)
            self.call("license-manager", "DeleteLicense", {"LicenseArn": identifier, "SourceVersion": version})

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        if not self.is_there(scope, identifier):
            return None
        found = issued_by(scope).licenses[identifier]
        own = {key: value for key, value in found.tags.items() if not key.startswith("aws:")}
        return {
            **found.properties, "LicenseArn": found.arn, "HomeRegion": found.home_region, "Status": found.status,
            "Version": str(found.version), "Tags": as_list(own)}

    def held(self, scope: Scope) -> Mapping[str, License | Grant]:
        return issued_by(scope).licenses


class GrantType(_VersionedType):
    type_name = "AWS::LicenseManager::Grant"
    in_versions = ("GrantName", "AllowedOperations", "Status")

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        given = {name: value for name, value in properties.items() if name != "Status"}
        return str(self.call("license-manager", "CreateGrant", {**given, "ClientToken": uuid.uuid4().hex})["GrantArn"])

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.new_version(scope, identifier, old, new, "CreateGrantVersion", "GrantArn")

    def delete(self, scope: Scope, identifier: str) -> None:
        if self.is_there(scope, identifier):
            version = str(self.held(scope)[identifier].version)
            self.call("license-manager", "DeleteGrant", {"GrantArn": identifier, "Version": version})

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        """Without what is write-only."""
        if not self.is_there(scope, identifier):
            return None
        found = issued_by(scope).grants[identifier]
        own = {key: value for key, value in found.tags.items() if not key.startswith("aws:")}
        return {
            "GrantArn": found.arn, "GrantName": found.name, "HomeRegion": found.home_region, "LicenseArn": found.license_arn,
            "Version": str(found.version), "Tags": as_list(own)}

    def held(self, scope: Scope) -> Mapping[str, License | Grant]:
        return issued_by(scope).grants
