"""AWS::LicenseManager::LicenseConfiguration."""

from __future__ import annotations

from typing import Any

from ..errors import ServiceError
from ..license_manager.store import state_of
from ..license_manager.tags import as_list
from ..scope import Scope
from .resource_type import ResourceType, tag_map

# What a template does not have stays as it was: nothing says that the handler sets it back.
_CHANGEABLE = ("Name", "Description", "LicenseCountHardLimit", "DisassociateWhenNotFound", "ProductInformationList")
# The API cannot take these away again.
_PERMANENT = ("LicenseCount", "LicenseExpiry")


class LicenseConfigurationType(ResourceType):
    type_name = "AWS::LicenseManager::LicenseConfiguration"
    service_name = "LicenseManager"

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        answer = self.call("license-manager", "CreateLicenseConfiguration", properties)
        return str(answer["LicenseConfigurationArn"])

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        removed = [name for name in _PERMANENT if name in old and name not in new]
        if removed:
            raise ServiceError("InvalidParameterValueException", f"{', '.join(removed)} cannot be removed from a license configuration.")
        changes = {name: new[name] for name in (*_CHANGEABLE, *_PERMANENT) if name in new and new[name] != old.get(name)}
        if changes:
            self.call("license-manager", "UpdateLicenseConfiguration", {"LicenseConfigurationArn": identifier, **changes})
        self._update_tags(scope, identifier, tag_map(old.get("Tags")), tag_map(new.get("Tags")))

    def _update_tags(self, scope: Scope, identifier: str, old: dict[str, str], new: dict[str, str]) -> None:
        """Tags that the stack gave, among them CloudFormation's own, which no caller of the API may write; others stay."""
        configuration = state_of(scope).configurations[identifier]
        kept = {key: value for key, value in configuration.tags.items() if key not in old}
        configuration.tags = {**kept, **new}

    def delete(self, scope: Scope, identifier: str) -> None:
        if identifier in state_of(scope).configurations:
            self.call("license-manager", "DeleteLicenseConfiguration", {"LicenseConfigurationArn": identifier})

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        configuration = state_of(scope).configurations.get(identifier)
        if configuration is None:
            return None
        return {
            "LicenseConfigurationArn": configuration.arn,
            "LicenseConfigurationId": configuration.id,
            "OwnerAccountId": configuration.owner,
            "Status": configuration.status,
            "Name": configuration.name,
            "LicenseCountingType": configuration.counting_type,
            "LicenseCountHardLimit": configuration.hard_limit,
            "LicenseRules": configuration.rules,
            "DisassociateWhenNotFound": configuration.disassociate_when_not_found,
            "ProductInformationList": configuration.products,
            "Tags": as_list({k: v for k, v in configuration.tags.items() if not k.startswith("aws:")}),
            **({"Description": configuration.description} if configuration.description else {}),
            **({"LicenseCount": configuration.count} if configuration.count is not None else {}),
            **({"LicenseExpiry": configuration.expiry} if configuration.expiry is not None else {}),
        }

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        """As ListLicenseConfigurations answers: without tags."""
        found = [self.read(scope, arn) or {} for arn in state_of(scope).configurations]
        return [{name: value for name, value in properties.items() if name != "Tags"} for properties in found]
