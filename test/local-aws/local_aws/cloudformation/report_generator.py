"""AWS::LicenseManager::ReportGenerator."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from typing import Any

from ..license_manager.reports import find
from ..license_manager.store import state_of
from ..license_manager.tags import as_list
from ..scope import Scope
from .resource_type import ResourceType, tag_map

# The members of the report context: in CloudFormation -> in the API.
_CONTEXT = {
    "LicenseConfigurationArns": "licenseConfigurationArns", "LicenseAssetGroupArns": "licenseAssetGroupArns",
    "ReportStartDate": "reportStartDate", "ReportEndDate": "reportEndDate"}


class ReportGeneratorType(ResourceType):
    type_name = "AWS::LicenseManager::ReportGenerator"
    service_name = "LicenseManager"

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        answer = self.call("license-manager", "CreateLicenseManagerReportGenerator", {**_request(properties), "Tags": properties.get("Tags", [])})
        return str(answer["LicenseManagerReportGeneratorArn"])

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        if {**old, "Tags": None} != {**new, "Tags": None}:
            self.call("license-manager", "UpdateLicenseManagerReportGenerator", {
                # What a template does not have stays as it was: nothing says that the handler sets it back.
                **_request(new), "LicenseManagerReportGeneratorArn": identifier})
        report, old_tags = find(scope, identifier), tag_map(old.get("Tags"))
        # Tags that the stack gave, among them CloudFormation's own, which no caller of the API may write; others stay.
        report.tags = {**{key: value for key, value in report.tags.items() if key not in old_tags}, **tag_map(new.get("Tags"))}

    def delete(self, scope: Scope, identifier: str) -> None:
        if identifier in state_of(scope).reports:
            self.call("license-manager", "DeleteLicenseManagerReportGenerator", {"LicenseManagerReportGeneratorArn": identifier})

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        report = state_of(scope).reports.get(identifier)
        if report is None:
            return None
        found = self.call("license-manager", "GetLicenseManagerReportGenerator", {"LicenseManagerReportGeneratorArn": identifier})
        described = found["ReportGenerator"]
        return {
            "Arn": report.arn,
            "ReportGeneratorName": report.name,
            "ReportType": report.types,
            "ReportContext": {ours: _text(report.context[theirs]) for ours, theirs in _CONTEXT.items() if theirs in report.context},
            "ReportFrequency": {"Period": report.frequency["period"], "Value": report.frequency["value"]},
            "ReportCreatorAccount": report.owner,
            "CreateTime": described["CreateTime"],
            # An object: no template can read a member of it.
            "S3Location": {"Bucket": described["S3Location"]["bucket"], "KeyPrefix": described["S3Location"]["keyPrefix"]},
            "Tags": as_list({k: v for k, v in report.tags.items() if not k.startswith("aws:")}),
            **({"Description": report.description} if report.description else {}),
        }

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        """As ListLicenseManagerReportGenerators answers: without tags."""
        found = [self.read(scope, arn) or {} for arn in state_of(scope).reports]
        return [{name: value for name, value in properties.items() if name != "Tags"} for properties in found]


def _request(properties: dict[str, Any]) -> dict[str, Any]:
    context = properties["ReportContext"]
    return {
        "ReportGeneratorName": properties["ReportGeneratorName"],
        "Type": properties["ReportType"],
        "ReportContext": {theirs: _time(context[ours]) for ours, theirs in _CONTEXT.items() if ours in context},
        "ReportFrequency": {name.lower(): value for name, value in properties["ReportFrequency"].items()},
        "ClientToken": str(uuid.uuid4()),
        **({"Description": properties["Description"]} if "Description" in properties else {}),
    }


def _time(value: Any) -> Any:
    return datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp() if isinstance(value, str) else value


def _text(value: Any) -> Any:
    return datetime.fromtimestamp(value, timezone.utc).isoformat().replace("+00:00", "Z") if isinstance(value, (int, float)) else value
