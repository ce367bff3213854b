"""AWS::LicenseManagerUserSubscriptions::LicenseServerEndpoint."""

from __future__ import annotations

from typing import Any

from ..license_manager.tags import as_list
from ..scope import Scope
from ..user_subscriptions.store import endpoints_of
from .delete_first import DeleteFirstType
from .resource_type import tag_map

_SERVICE = "license-manager-user-subscriptions"


class LicenseServerEndpointType(DeleteFirstType):
    type_name = "AWS::LicenseManagerUserSubscriptions::LicenseServerEndpoint"
    service_name = "LicenseManagerUserSubscriptions"

    def resources(self, scope: Scope) -> dict[str, Any]:
        return endpoints_of(scope)

    def arn_of(self, identifier: str) -> str:
        """The primary identifier is the ARN of the identity provider and that of the endpoint."""
        return identifier.rpartition("|")[2]

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        answer = self.call(_SERVICE, "CreateLicenseServerEndpoint", {**properties, "Tags": tag_map(properties.get("Tags"))})
        return self.schema.identify(answer)

    def remove(self, scope: Scope, arn: str) -> None:
        self.call(_SERVICE, "DeleteLicenseServerEndpoint", {"LicenseServerEndpointArn": arn, "ServerType": "RDS_SAL"})

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        endpoint = endpoints_of(scope).get(self.arn_of(identifier))
        if endpoint is None:
            return None
        filters = [{"Attribute": "IdentityProviderArn", "Operation": "Equals", "Value": endpoint.identity_provider_arn}]
        found = self.call(_SERVICE, "ListLicenseServerEndpoints", {"Filters": filters})["LicenseServerEndpoints"]
        described = next(entry for entry in found if entry["LicenseServerEndpointArn"] == endpoint.arn)
        return {
            **described,
            "CreationTime": endpoint.created.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "Tags": as_list({key: value for key, value in endpoint.tags.items() if not key.startswith("aws:")}),
        }

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        identifiers = [f"{endpoint.identity_provider_arn}|{endpoint.arn}" for endpoint in endpoints_of(scope).values()]
        return [found for identifier in identifiers if (found := self.read(scope, identifier)) is not None]
