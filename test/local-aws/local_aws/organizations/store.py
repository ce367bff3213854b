"""Which account is in which organization, and what the organization lets services do. All of it are settings of the management account."""

from __future__ import annotations

import time
from dataclasses import dataclass

from ..scope import Scope
from ..settings import accounts_with_settings, change_settings, settings_of_account
from ..state import ScopedState

_SHARING = "ram.amazonaws.com"


@dataclass(frozen=True)
class Organization:
    management: str
    # With the management account.
    accounts: tuple[str, ...]
    # A test has named the management account. Otherwise nothing is asked of the organization but its accounts.
    is_declared: bool

    @property
    def id(self) -> str:
        return f"o-{self.management}"

    @property
    def has_all_features(self) -> bool:
        return settings_of_account(self.management).organizationFeatures == "ALL"

    @property
    def service_access(self) -> list[str]:
        """The services with trusted access. Sharing with the organization is one."""
        settings = settings_of_account(self.management)
        sharing = [_SHARING] if settings.sharingWithOrganization else []
        return list(dict.fromkeys([*settings.organizationServiceAccess, *sharing]))

    @property
    def administrators(self) -> dict[str, list[str]]:
        """Service principal -> its delegated administrators."""
        return settings_of_account(self.management).organizationDelegatedAdministrators

    def arn(self, scope: Scope, resource: str) -> str:
        return f"arn:{scope.partition}:organizations::{self.management}:{resource}"

    def trust(self, *principals: str) -> None:
        trusted = dict.fromkeys([*settings_of_account(self.management).organizationServiceAccess, *principals])
        self._change(organizationServiceAccess=list(trusted))

    def register(self, principal: str, account: str) -> None:
        self._change(organizationDelegatedAdministrators={
            **self.administrators, principal: [*self.administrators.get(principal, []), account]})

    def deregister(self, principal: str, account: str) -> None:
        left = [each for each in self.administrators[principal] if each != account]
        others = {name: accounts for name, accounts in self.administrators.items() if name != principal}
        self._change(organizationDelegatedAdministrators={**others, **({principal: left} if left else {})})

    def since(self, *what: str) -> float:
        """When something was first seen."""
        return _times.of(Scope(self.management, "")).setdefault("/".join(what), time.time())

    def _change(self, **settings: object) -> None:
        change_settings(Scope(self.management, ""), settings)


_times: ScopedState[dict[str, float]] = ScopedState(dict)


def organization_of(account: str) -> Organization | None:
    """What the account says itself, or else the management account that has it among its accounts."""
    settings = settings_of_account(account)
    declared = settings.organizationManagementAccount
    if not declared and settings.organizationAccounts:
        return Organization(account, tuple(dict.fromkeys([account, *settings.organizationAccounts])), is_declared=False)
    management = declared or next((each for each in accounts_with_settings() if _is_managed_by(each, account)), None)
    if management is None:
        return None
    accounts = (management, *settings_of_account(management).organizationAccounts, account)
    return Organization(management, tuple(dict.fromkeys(accounts)), is_declared=True)


def _is_managed_by(management: str, account: str) -> bool:
    settings = settings_of_account(management)
    return settings.organizationManagementAccount == management and account in settings.organizationAccounts


def is_management_account(account: str) -> bool:
    organization = organization_of(account)
    return organization is not None and organization.management == account
