"""Seller-issued licenses and the grants of them: what an account holds.

Both belong to an account, not to a Region: License Manager replicates them to all Regions, and changes them in their home Region only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, TypeVar

from ..errors import ServiceError, invalid_parameter
from ..scope import Arn, Scope
from ..state import ScopedState


@dataclass
class License:
    """A license, at its newest version; the older ones are copies."""

    arn: str
    tags: dict[str, str]
    home_region: str
    created: str
    properties: dict[str, Any]
    fingerprint: str
    status: str = "AVAILABLE"
    version: int = 1
    versions: dict[int, dict[str, Any]] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        issuer = {**self.properties["Issuer"], "KeyFingerprint": self.fingerprint}
        return {**self.properties, "LicenseArn": self.arn, "Issuer": issuer, "HomeRegion": self.home_region, "Status": self.status,
                "CreateTime": self.created, "Version": str(self.version)}


@dataclass
class Grant:
    """A grant, at its newest version."""

    arn: str
    tags: dict[str, str]
    home_region: str
    license_arn: str
    name: str
    principal: str
    operations: list[str]
    status: str
    version: int = 1

    def describe(self) -> dict[str, Any]:
        return {
            "GrantArn": self.arn, "GrantName": self.name, "ParentArn": self.license_arn, "LicenseArn": self.license_arn,
            "GranteePrincipalArn": self.principal, "HomeRegion": self.home_region, "GrantStatus": self.status,
            "Version": str(self.version), "GrantedOperations": self.operations}


@dataclass
class Issued:
    licenses: dict[str, License] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    # Client token -> what the request that had it was answered.
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)


_state: ScopedState[Issued] = ScopedState(Issued)
T = TypeVar("T", License, Grant)


def issued_by(scope: Scope) -> Issued:
    return _state.of(Scope(scope.account, ""))


Operation = Callable[[Scope, dict[str, Any]], dict[str, Any]]


def once(operation: Operation) -> Operation:
    """A request with a client token that was there before is answered as then, and nothing is done."""
    def run(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
        answers = issued_by(scope).answers
        if p["ClientToken"] not in answers:
            answers[p["ClientToken"]] = operation(scope, p)
        return answers[p["ClientToken"]]
    return run


def find_license(scope: Scope, text: str, *, for_change: bool = False) -> License:
    return _find(scope, text, issued_by(scope).licenses, "license", re.compile(r"license:l-[0-9a-f]{32}"), for_change)


def find_grant(scope: Scope, text: str, *, for_change: bool = False) -> Grant:
    return _find(scope, text, issued_by(scope).grants, "grant", re.compile(r"grant:g-[0-9a-f]{32}"), for_change)


def _find(scope: Scope, text: str, held: dict[str, T], kind: str, pattern: re.Pattern[str], for_change: bool) -> T:
    """A deleted one can be read: its data stays for six months."""
    arn = Arn.parse(text)
    if arn is None or arn.service != "license-manager" or arn.region or not pattern.fullmatch(arn.resource):
        raise ServiceError("ValidationException", f"The {kind} ARN '{text}' is not valid.")
    found = held.get(text)
    if found is None or (for_change and found.status == "DELETED"):
        raise invalid_parameter(f"The {kind} {text} was not found in account {scope.account}.")
    if for_change:
        check_home_region(scope, found.home_region)
    return found


def check_home_region(scope: Scope, home_region: str) -> None:
    if home_region != scope.region:
        raise ServiceError(
            "RedirectException", f"The home Region is {home_region}, and the request was made in {scope.region}.", status=308)


def now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
