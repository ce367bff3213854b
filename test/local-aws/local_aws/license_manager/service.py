"""The License Manager API."""

from __future__ import annotations

from typing import Any

from .. import hooks
from ..json_service import JsonService
from ..scope import Scope
from ..settings import settings_of
from . import associations, configurations, reports, tags
from .store import state_of

# From the service authorization reference: the operations that have a resource type, and the member that names the resource.
# All others are allowed or denied on «*».
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
_RESOURCE_MEMBERS: dict[str, str] = {
    "GetLicenseConfiguration": "LicenseConfigurationArn",
    "UpdateLicenseConfiguration": "LicenseConfigurationArn",
    "DeleteLicenseConfiguration": "LicenseConfigurationArn",
    "ListAssociationsForLicenseConfiguration": "LicenseConfigurationArn",
    "ListFailuresForLicenseConfigurationOperations": "LicenseConfigurationArn",
    "ListUsageForLicenseConfiguration": "LicenseConfigurationArn",
    "GetLicenseManagerReportGenerator": "LicenseManagerReportGeneratorArn",
    "UpdateLicenseManagerReportGenerator": "LicenseManagerReportGeneratorArn",
    "DeleteLicenseManagerReportGenerator": "LicenseManagerReportGeneratorArn",
    "TagResource": "ResourceArn",
    "UntagResource": "ResourceArn",
    "ListTagsForResource": "ResourceArn",
}


def _get_service_settings(scope: Scope, _: dict[str, Any]) -> dict[str, Any]:
    return {"OrganizationConfiguration": {"EnableIntegration": False}, "EnableCrossAccountsDiscovery": False,
            **({"S3BucketArn": f"arn:{scope.partition}:s3:::{bucket}"} if (bucket := state_of(scope).bucket) else {}),
            **settings_of(scope).serviceSettings}


SERVICE = JsonService("license-manager", {
    "CreateLicenseConfiguration": configurations.create,
    "GetLicenseConfiguration": configurations.get,
    "UpdateLicenseConfiguration": configurations.update,
    "DeleteLicenseConfiguration": configurations.delete,
    "ListLicenseConfigurations": configurations.list_all,
    "UpdateLicenseSpecificationsForResource": associations.update,
    "ListLicenseSpecificationsForResource": associations.list_specifications,
    "ListAssociationsForLicenseConfiguration": associations.list_associations,
    "ListFailuresForLicenseConfigurationOperations": associations.list_failures,
    "ListUsageForLicenseConfiguration": associations.list_usage,
    "CreateLicenseManagerReportGenerator": reports.create,
    "GetLicenseManagerReportGenerator": reports.get,
    "UpdateLicenseManagerReportGenerator": reports.update,
    "DeleteLicenseManagerReportGenerator": reports.delete,
    "ListLicenseManagerReportGenerators": reports.list_all,
    "TagResource": tags.tag_resource,
    "UntagResource": tags.untag_resource,
    "ListTagsForResource": tags.list_tags,
    "GetServiceSettings": _get_service_settings,
})


def _resource_arns(operation: str, parameters: dict[str, Any]) -> list[str]:
    if operation == "UpdateLicenseSpecificationsForResource":
        named = [*(parameters.get("AddLicenseSpecifications") or []), *(parameters.get("RemoveLicenseSpecifications") or [])]
        return [str(entry.get("LicenseConfigurationArn")) for entry in named if isinstance(entry, dict)]
    member = _RESOURCE_MEMBERS.get(operation)
    return [str(parameters[member])] if member in parameters else []


def _tagged() -> list[tuple[str, list[dict[str, str]]]]:
    state = state_of(hooks.current_scope())
    return [(each.arn, tags.as_list(each.tags)) for each in (*state.configurations.values(), *state.reports.values())]


def install() -> None:
    hooks.add_service("license-manager", SERVICE.handle, target_prefix="AWSLicenseManager.", resource_arns=_resource_arns)
    hooks.add_resource_tags("license-manager", _tagged)
