"""Grants that a test puts into an account, as if somebody else had made them."""

from __future__ import annotations

from typing import Any

from ..scope import Scope
from .issued import Grant, License, check_grant_arn, check_license_arn, issued_by, now

_MEMBERS = (
    "grantArn", "licenseArn", "grantName", "status", "statusReason", "homeRegion", "productSku", "issuer", "allowedOperations",
    "acceptedByOrganization", "delay", "workflowReads")
_STATUSES = ("PENDING_ACCEPT", "REJECTED", "ACTIVE", "FAILED_WORKFLOW", "DELETED", "PENDING_DELETE", "DISABLED")


def seed_received_grant(scope: Scope, entry: dict[str, Any]) -> None:
    """Whose it is, is in its ARN. The license is made, unless it is there."""
    unknown = set(entry) - set(_MEMBERS)
    if unknown:
        raise ValueError(f"a received grant has no {', '.join(sorted(unknown))}; it has: {', '.join(_MEMBERS)}")
    arn, status = entry["grantArn"], entry.get("status", "PENDING_ACCEPT")
    check_grant_arn(arn)
    if status not in _STATUSES:
        raise ValueError(f"the status of a received grant is one of {', '.join(_STATUSES)}, not {status!r}")
    granter = Scope(arn.split(":")[4], entry.get("homeRegion", scope.region))
    license_arn = entry.get("licenseArn", arn.replace(":grant:g-", ":license:l-"))
    check_license_arn(license_arn)
    licenses = issued_by(Scope(license_arn.split(":")[4], "")).licenses
    licenses.setdefault(license_arn, _license(license_arn, granter, entry))
    grant = Grant(
        arn=arn, tags={}, home_region=granter.region, license_arn=license_arn, parent_arn=license_arn, name=entry.get("grantName", "grant"),
        principal=f"arn:{scope.partition}:iam::{scope.account}:root",
        operations=list(entry.get("allowedOperations", ["CheckoutLicense", "CheckInLicense", "ExtendConsumptionLicense"])), status=status,
        reason=entry.get("statusReason"), accepted_by_organization=bool(entry.get("acceptedByOrganization", False)),
        unseen=int(entry.get("delay", 0)))
    if entry.get("workflowReads"):
        grant.outcome, grant.reads, grant.status, grant.reason = (status, grant.reason), int(entry["workflowReads"]), "PENDING_WORKFLOW", None
    issued_by(granter).grants[arn] = grant


def _license(arn: str, granter: Scope, entry: dict[str, Any]) -> License:
    issuer = entry.get("issuer", "issuer")
    properties = {
        "LicenseName": "license", "ProductName": "product", "ProductSKU": entry.get("productSku", "product"), "Issuer": {"Name": issuer},
        "Beneficiary": "beneficiary", "Validity": {"Begin": "2020-01-01T00:00:00Z", "End": "2100-01-01T00:00:00Z"},
        "Entitlements": [{"Name": "seats", "Unit": "Count", "MaxCount": 10, "AllowCheckIn": True}],
        "ConsumptionConfiguration": {"RenewType": "None", "ProvisionalConfiguration": {"MaxTimeToLiveInMinutes": 60}}}
    return License(
        arn=arn, tags={}, home_region=granter.region, created=now(), properties=properties,
        fingerprint=f"aws:{granter.account}:{issuer}:issuer-fingerprint")
