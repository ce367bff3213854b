"""Seller-issued licenses and the grants of them: what an account holds.

Both belong to an account, not to a Region: License Manager replicates them to all Regions, and changes them in their home Region only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
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


_ACCOUNT = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):root")


@dataclass
class Grant:
    """A grant, at its newest version; the older ones are copies."""

    arn: str
    tags: dict[str, str]
    home_region: str
    license_arn: str
    # What the granter had the right from: the license, or a grant of it; of a member's grant, the one to its organization.
    parent_arn: str
    name: str
    principal: str
    operations: list[str]
    status: str
    reason: str | None = None
    # BuyerGrant or DelegateGrant.
    kind: str = "BuyerGrant"
    # The ActivationOverrideBehavior, and whether the granter has chosen it.
    override: str | None = None
    granter_overrides: bool = False
    # The organization has accepted it, and not the account that has it.
    accepted_by_organization: bool = False
    version: int = 1
    versions: dict[int, dict[str, Any]] = field(default_factory=dict)
    # How many reads of the account that has it do not see it yet.
    unseen: int = 0
    # What becomes of a status that does not last, and how many more reads see that status.
    outcome: tuple[str, str | None] | None = None
    reads: int = 0

    @property
    def granter(self) -> str:
        return self.arn.split(":")[4]

    @property
    def grantee(self) -> str | None:
        """The account that has it; an organization has none of its own."""
        match = _ACCOUNT.fullmatch(self.principal)
        return match.group(1) if match else None

    def describe(self) -> dict[str, Any]:
        return {
            "GrantArn": self.arn, "GrantName": self.name, "ParentArn": self.parent_arn, "LicenseArn": self.license_arn,
            "GranteePrincipalArn": self.principal, "HomeRegion": self.home_region, "GrantStatus": self.status, "StatusReason": self.reason,
            "Version": str(self.version), "GrantedOperations": self.operations, "GrantType": self.kind,
            "Options": {"ActivationOverrideBehavior": self.override} if self.override else None}

    def read(self) -> dict[str, Any]:
        """What a read sees. Each brings on what is in progress."""
        if self.outcome is not None and self.reads > 0:
            self.reads -= 1
        elif self.outcome is not None:
            self.change(*self.outcome)
        return self.describe()

    def change(self, status: str, reason: str | None = None) -> None:
        """A change of the status alone; it is a version, too, but not the end of what was in progress."""
        if self.outcome is None:
            self.keep_version()
        self.status, self.reason, self.outcome = status, reason, None

    def keep_version(self) -> None:
        self.versions[self.version] = deepcopy(self.describe())
        self.version += 1


@dataclass
class RefreshToken:
    """A token by which somebody without an account consumes a license."""

    id: str
    value: str
    license_arn: str
    role_arns: list[str]
    properties: list[str]
    client_token: str
    created: datetime
    expires: datetime
    status: str = "AVAILABLE"


@dataclass
class AccessToken:
    value: str
    refresh_token_id: str
    role_arns: list[str]
    expires: datetime


@dataclass
class Checkout:
    """Entitlements that are in use."""

    token: str
    license_arn: str
    # Those of the request, with its values.
    entitlements: list[dict[str, Any]]
    kind: str
    issued: datetime
    # A perpetual one has no end.
    expires: datetime | None
    beneficiary: str | None = None
    node_id: str | None = None

    @property
    def is_over(self) -> bool:
        return self.expires is not None and self.expires <= datetime.now(timezone.utc)


@dataclass
class Issued:
    licenses: dict[str, License] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    # What the members have of the grants to an organization.
    member_grants: dict[str, Grant] = field(default_factory=dict)
    # The refresh tokens by their ids, the access tokens by themselves, and what is checked out by its consumption token.
    tokens: dict[str, RefreshToken] = field(default_factory=dict)
    access_tokens: dict[str, AccessToken] = field(default_factory=dict)
    checkouts: dict[str, Checkout] = field(default_factory=dict)
    # Operation and client token -> what the request that had it was answered.
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)


_state: ScopedState[Issued] = ScopedState(Issued)
T = TypeVar("T", License, Grant)


def issued_by(scope: Scope) -> Issued:
    return _state.of(Scope(scope.account, ""))


def license_by_arn(text: str) -> License | None:
    """A license of whatever account."""
    arn = Arn.parse(text)
    return issued_by(Scope(arn.account, "")).licenses.get(text) if arn else None


def checkouts_of(license_arn: str) -> list[Checkout]:
    """Those of all accounts that last."""
    return [
        one for _, held in _state.items() for one in held.checkouts.values() if one.license_arn == license_arn and not one.is_over]


def all_tokens() -> list[tuple[Scope, RefreshToken]]:
    return [(scope, token) for scope, held in _state.items() for token in held.tokens.values()]


def all_access_tokens() -> list[AccessToken]:
    return [token for _, held in _state.items() for token in held.access_tokens.values()]


def all_grants() -> list[Grant]:
    """Those that accounts have, and those of organizations."""
    return [grant for _, held in _state.items() for grant in (*held.grants.values(), *held.member_grants.values())]


Operation = Callable[[Scope, dict[str, Any]], dict[str, Any]]


def once(operation: Operation) -> Operation:
    """A request with a client token that was there before is answered as then, and nothing is done."""
    def run(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
        answers, key = issued_by(scope).answers, f"{operation.__module__}.{operation.__name__}/{p['ClientToken']}"
        if key not in answers:
            answers[key] = operation(scope, p)
        return answers[key]
    return run


def find_license(scope: Scope, text: str, *, for_change: bool = False) -> License:
    return _find(scope, text, issued_by(scope).licenses, "license", _LICENSE, for_change)


def find_grant(scope: Scope, text: str, *, for_change: bool = False) -> Grant:
    held = issued_by(scope)
    return _find(scope, text, {**held.grants, **held.member_grants}, "grant", _GRANT, for_change)


def check_license_arn(text: str) -> None:
    _check_arn(text, "license", _LICENSE)


def check_grant_arn(text: str) -> None:
    _check_arn(text, "grant", _GRANT)


_LICENSE, _GRANT = re.compile(r"license:l-[0-9a-f]{32}"), re.compile(r"grant:g-[0-9a-f]{32}")


def _check_arn(text: str, kind: str, pattern: re.Pattern[str]) -> None:
    arn = Arn.parse(text)
    if arn is None or arn.service != "license-manager" or arn.region or not pattern.fullmatch(arn.resource):
        raise ServiceError("ValidationException", f"The {kind} ARN '{text}' is not valid.")


def _find(scope: Scope, text: str, held: dict[str, T], kind: str, pattern: re.Pattern[str], for_change: bool) -> T:
    """A deleted one can be read: its data stays for six months."""
    _check_arn(text, kind, pattern)
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
    return iso(datetime.now(timezone.utc))


def iso(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
