"""AWS::LicenseManagerLinuxSubscriptions::SubscriptionProvider."""

from __future__ import annotations

from typing import Any

from ..license_manager.tags import as_list
from ..linux_subscriptions.store import providers_of
from ..scope import Scope
from .delete_first import DeleteFirstType
from .resource_type import tag_map

_SERVICE = "license-manager-linux-subscriptions"


class SubscriptionProviderType(DeleteFirstType):
    type_name = "AWS::LicenseManagerLinuxSubscriptions::SubscriptionProvider"
    service_name = "LicenseManagerLinuxSubscriptions"

    def resources(self, scope: Scope) -> dict[str, Any]:
        return providers_of(scope)

    def arn_of(self, identifier: str) -> str:
        return identifier

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        answer = self.call(_SERVICE, "RegisterSubscriptionProvider", {**properties, "Tags": tag_map(properties.get("Tags"))})
        return str(answer["SubscriptionProviderArn"])

    def remove(self, scope: Scope, arn: str) -> None:
        self.call(_SERVICE, "DeregisterSubscriptionProvider", {"SubscriptionProviderArn": arn})

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        provider = providers_of(scope).get(identifier)
        if provider is None:
            return None
        return {
            **self.call(_SERVICE, "GetRegisteredSubscriptionProvider", {"SubscriptionProviderArn": identifier}),
            "Tags": as_list({key: value for key, value in provider.tags.items() if not key.startswith("aws:")}),
        }

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        return [found for arn in providers_of(scope) if (found := self.read(scope, arn)) is not None]
