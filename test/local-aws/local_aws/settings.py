"""What a test can set in an account and Region (POST /_local-aws/state)."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from .scope import Scope
from .state import ScopedState


@dataclass
class Settings:
    """The names are those of the control API."""

    # The most that a list operation returns at once, and whether it returns an empty page with a token first.
    pageSize: int = 50
    emptyPages: bool = False
    # Quotas of License Manager (user guide, «Self-managed licenses»).
    licenseConfigurationsPerRegion: int = 25
    licenseConfigurationsPerResource: int = 10
    # The default is not documented.
    reportGeneratorsPerRegion: int = 100
    # User guide, «Distribute License Manager entitlements».
    grantsPerLicense: int = 2000
    # General Reference, «AWS Resource Groups and Tagging endpoints and quotas».
    resourceGroupsPerRegion: int = 100
    # Whether the account may share resources with its organization, and the accounts of that organization.
    sharingWithOrganization: bool = False
    organizationAccounts: list[str] = field(default_factory=list)
    # Whether subscription providers can be registered while nobody has set anything about discovery of Linux subscriptions.
    linuxSubscriptionsDiscovery: bool = True
    # How many reads see a change of these settings in progress, how it ends well (Completed or Successful), and why it fails, if it does.
    linuxSubscriptionsReads: int = 1
    linuxSubscriptionsStatus: str = "Completed"
    linuxSubscriptionsFailure: str = ""
    # The ARNs of the identity providers that are registered for user-based subscriptions.
    identityProviders: list[str] = field(default_factory=list)
    # The ids of security groups that EC2 itself does not hold, for rules that a stack adds to them.
    securityGroups: list[str] = field(default_factory=list)
    # The names of the license asset rulesets that AWS manages: those of the user guide.
    awsManagedRulesets: list[str] = field(default_factory=lambda: [
        "Microsoft Windows Server Datacenter", "Microsoft SQL Server Enterprise Edition", "Microsoft SQL Server Standard Edition",
        "Red Hat Enterprise Linux", "Ubuntu Pro", "SUSE Enterprise Linux"])
    # What GetServiceSettings answers, beside what License Manager knows itself.
    serviceSettings: dict[str, Any] = field(default_factory=dict)

    def update(self, values: dict[str, Any]) -> None:
        known = {f.name: type(getattr(Settings(), f.name)) for f in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"there is no setting {name!r}; there are: {', '.join(sorted(known))}")
            if not isinstance(value, known[name]):
                raise ValueError(f"the setting {name} is a {known[name].__name__}, not {value!r}")
            setattr(self, name, value)


_settings: ScopedState[Settings] = ScopedState(Settings)


def settings_of(scope: Scope) -> Settings:
    return _settings.of(scope)
