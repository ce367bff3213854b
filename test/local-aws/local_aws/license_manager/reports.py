"""Operations on report generators (usage reports)."""

from __future__ import annotations

import json
import re
import uuid
from datetime import datetime, timezone
from typing import Any

from ..errors import ServiceError, invalid_parameter
from ..paging import page
from ..scope import Arn, Scope
from ..settings import settings_of
from . import configurations, tags
from .store import ReportGenerator, state_of

_ID = re.compile(r"report-generator:(r-[0-9a-f]{32})")
_GROUP = re.compile(r"license-asset-group:\S+")
_ON_GROUPS = "LicenseAssetGroupUsageReport"


def find(scope: Scope, text: str, *, for_change: bool = False) -> ReportGenerator:
    """The report generator of an ARN, to read it or to change it: the account's own in either case."""
    del for_change
    arn = Arn.parse(text)
    if arn is None or arn.service != "license-manager" or not _ID.fullmatch(arn.resource):
        raise invalid_parameter(f"Report generator ARN '{text}' is not valid.")
    report = state_of(scope).reports.get(text)
    if report is None:
        raise ServiceError("ResourceNotFoundException", f"Report generator {text} was not found.")
    return report


def create(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    state = state_of(scope)
    for known in state.reports.values():
        if known.client_token == p["ClientToken"]:
            return {"LicenseManagerReportGeneratorArn": known.arn}
    _check(scope, p)
    given = tags.as_map(p.get("Tags") or [])
    tags.check(given)
    quota = settings_of(scope).reportGeneratorsPerRegion
    if len(state.reports) >= quota:
        raise ServiceError("ResourceLimitExceededException", f"You have reached the maximum of {quota} report generators.")
    report_id = f"r-{uuid.uuid4().hex}"
    report = ReportGenerator(
        id=report_id, arn=scope.arn("license-manager", f"report-generator:{report_id}"), owner=scope.account, name=p["ReportGeneratorName"],
        types=list(p["Type"]), context=p["ReportContext"], frequency=p["ReportFrequency"], bucket=_bucket(scope),
        client_token=p["ClientToken"], description=p.get("Description") or "", tags=given)
    state.reports[report.arn] = report
    return {"LicenseManagerReportGeneratorArn": report.arn}


def update(scope: Scope, p: dict[str, Any]) -> None:
    report = find(scope, p["LicenseManagerReportGeneratorArn"])
    _check(scope, p)
    report.name, report.types = p["ReportGeneratorName"], list(p["Type"])
    report.context, report.frequency = p["ReportContext"], p["ReportFrequency"]
    report.description = p.get("Description", report.description)
    report.bucket = _bucket(scope)


def delete(scope: Scope, p: dict[str, Any]) -> None:
    del state_of(scope).reports[find(scope, p["LicenseManagerReportGeneratorArn"]).arn]


def get(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    return {"ReportGenerator": _describe(find(scope, p["LicenseManagerReportGeneratorArn"]))}


def list_all(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found = list(state_of(scope).reports.values())
    for entry in p.get("Filters") or []:
        if entry.get("Name") != "LicenseConfigurationArn":
            raise invalid_parameter(f"Filter '{entry.get('Name')}' is not valid. Valid filters: LicenseConfigurationArn.")
        if len(entry.get("Values") or []) != 1:
            raise invalid_parameter("The filter 'LicenseConfigurationArn' takes one value.")
        found = [r for r in found if entry["Values"][0] in (r.context.get("licenseConfigurationArns") or [])]
    items, token = page("ListLicenseManagerReportGenerators", found, p, settings_of(scope))
    # Whether a list has the tags is not documented: whoever relies on it, fails here.
    return {"ReportGenerators": [{k: v for k, v in _describe(r).items() if k != "Tags"} for r in items], "NextToken": token}


def _bucket(scope: Scope) -> str:
    """The bucket of the service settings; if there is none, License Manager makes one."""
    state = state_of(scope)
    arn = settings_of(scope).serviceSettings.get("S3BucketArn")
    if arn:
        return str(arn).rpartition(":")[2]
    if state.bucket is None:
        state.bucket = f"aws-license-manager-service-{uuid.uuid4()}"[:58]
    return state.bucket


def _check(scope: Scope, p: dict[str, Any]) -> None:
    types, context, frequency = p["Type"], p["ReportContext"], p["ReportFrequency"]
    licenses, groups = context.get("licenseConfigurationArns") or [], context.get("licenseAssetGroupArns") or []
    if not types or len(set(types)) != len(types):
        raise invalid_parameter("A report generator has at least one type, and each once.")
    if frequency.get("value") != 1:
        raise invalid_parameter(f"The frequency value {json.dumps(frequency.get('value'))} is not valid. The only supported value is 1.")
    for arns in (licenses, groups):
        if len(set(arns)) != len(arns):
            raise invalid_parameter("A resource is in the report context more than once.")
    if _ON_GROUPS in types:
        _check_on_groups(scope, types, context, frequency)
        return
    if groups or "reportStartDate" in context or "reportEndDate" in context or not licenses:
        raise invalid_parameter(f"Reports of the types {', '.join(types)} are about license configurations, and nothing else.")
    if frequency.get("period") not in ("DAY", "WEEK", "MONTH"):
        raise invalid_parameter(f"Reports of the types {', '.join(types)} are made every DAY, WEEK or MONTH.")
    for arn in licenses:
        configurations.find(scope, arn)


def _check_on_groups(scope: Scope, types: list[str], context: dict[str, Any], frequency: dict[str, Any]) -> None:
    if len(types) > 1 or context.get("licenseConfigurationArns") or not context.get("licenseAssetGroupArns"):
        raise invalid_parameter(f"A report of the type {_ON_GROUPS} is about license asset groups, and nothing else.")
    if frequency.get("period") != "ONE_TIME":
        raise invalid_parameter(f"A report of the type {_ON_GROUPS} is made ONE_TIME.")
    start, end = context.get("reportStartDate"), context.get("reportEndDate")
    if start is None or end is None or start >= end:
        raise invalid_parameter("A report on license asset groups has a start date and an end date after it.")
    for text in context["licenseAssetGroupArns"]:
        arn = Arn.parse(text)
        if arn is None or not _GROUP.fullmatch(arn.resource) or arn.region != scope.region:
            raise invalid_parameter(f"License asset group ARN '{text}' is not valid.")


def _describe(r: ReportGenerator) -> dict[str, Any]:
    return {
        "ReportGeneratorName": r.name,
        "ReportType": r.types,
        "ReportContext": r.context,
        "ReportFrequency": r.frequency,
        "LicenseManagerReportGeneratorArn": r.arn,
        "ReportCreatorAccount": r.owner,
        "Description": r.description or None,
        "S3Location": {"bucket": r.bucket, "keyPrefix": f"Reports/{r.name}"},
        "CreateTime": datetime.fromtimestamp(int(r.created), timezone.utc).isoformat(),
        "Tags": tags.as_list(r.tags),
    }
