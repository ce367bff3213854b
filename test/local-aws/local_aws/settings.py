"""What a test can set in an account and Region (POST /_local-aws/state)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from .scope import Scope
from .state import ScopedState

# Service principal -> name of its service-linked role (user guide, «Service-linked roles for License Manager»).
LICENSE_MANAGER_ROLES = {
    "license-manager.amazonaws.com": "AWSServiceRoleForAWSLicenseManagerRole",
    "license-manager.master-account.amazonaws.com": "AWSServiceRoleForAWSLicenseManagerMasterAccountRole",
    "license-manager.member-account.amazonaws.com": "AWSServiceRoleForAWSLicenseManagerMemberAccountRole",
    "license-manager-user-subscriptions.amazonaws.com": "AWSServiceRoleForAWSLicenseManagerUserSubscriptionsService",
    "license-manager-linux-subscriptions.amazonaws.com": "AWSServiceRoleForAWSLicenseManagerLinuxSubscriptionsService",
    "license-management.marketplace.amazonaws.com": "AWSServiceRoleForMarketplaceLicenseManagement",
}


# The phases of identity providers, subscriptions, associations and instances of user-based subscriptions -> the words that the API has for them.
USER_SUBSCRIPTION_WORDS = {
    "registering": "CONFIGURING", "registered": "REGISTERED", "registrationFailed": "REGISTRATION_FAILED", "updating": "CONFIGURING",
    "updateFailed": "UPDATE_FAILED", "deregistering": "CONFIGURING", "deregistered": "DEREGISTERED", "deregistrationFailed": "DEREGISTRATION_FAILED",
    "subscribing": "SUBSCRIBING", "subscribed": "SUBSCRIBED", "subscriptionFailed": "SUBSCRIPTION_FAILED", "unsubscribing": "UNSUBSCRIBING",
    "unsubscribed": "UNSUBSCRIBED", "unsubscriptionFailed": "UNSUBSCRIPTION_FAILED", "associating": "ASSOCIATING", "associated": "ASSOCIATED",
    "associationFailed": "ASSOCIATION_FAILED", "disassociating": "DISASSOCIATING", "disassociated": "DISASSOCIATED",
    "disassociationFailed": "DISASSOCIATION_FAILED", "instancePending": "PENDING", "instanceActive": "ACTIVE", "instanceUnhealthy": "UNHEALTHY",
    "instanceTerminated": "TERMINATED",
}


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
    # The quota exists; its number is a guess.
    tokensPerLicense: int = 10
    # Of the grants that the account makes: how many reads of the receiver do not see one, how many reads see it being distributed and being
    # deleted, and why its distribution fails, if it does.
    grantDelay: int = 0
    grantWorkflowReads: int = 0
    grantDeletionReads: int = 0
    grantFailure: str = ""
    # The accounts of organizational units, by the ids of these.
    organizationalUnits: dict[str, list[str]] = field(default_factory=dict)
    # General Reference, «AWS Resource Groups and Tagging endpoints and quotas».
    resourceGroupsPerRegion: int = 100
    # Whether the account may share resources with its organization, and the accounts of that organization.
    sharingWithOrganization: bool = False
    organizationAccounts: list[str] = field(default_factory=list)
    # How many attempts to share with an organization are refused after sharing has been enabled by the API.
    sharingWithOrganizationDelay: int = 0
    # The management account of the organization that the account is in; the rest of an organization is set in that account. Without one, an
    # account that has organizationAccounts is a management account of which nothing more is asked, and others are in no organization.
    organizationManagementAccount: str = ""
    # ALL or CONSOLIDATED_BILLING.
    organizationFeatures: str = "ALL"
    # The service principals that have trusted access, and the delegated administrators of some.
    organizationServiceAccess: list[str] = field(default_factory=list)
    organizationDelegatedAdministrators: dict[str, list[str]] = field(default_factory=dict)
    delegatedAdministratorsPerService: int = 1
    # The services that have their service-linked role in the account.
    serviceLinkedRoles: list[str] = field(default_factory=lambda: list(LICENSE_MANAGER_ROLES))
    # How many uses of a service-linked role that was just made do not see it yet.
    serviceLinkedRoleDelay: int = 0
    # What License Manager answers without its role: its text is known, its code is not.
    serviceRoleNotFound: str = "AuthorizationException"
    # Whether subscription providers can be registered while nobody has set anything about discovery of Linux subscriptions.
    linuxSubscriptionsDiscovery: bool = True
    # How many reads see a change of these settings in progress, how it ends well (Completed or Successful), and why it fails, if it does.
    linuxSubscriptionsReads: int = 1
    linuxSubscriptionsStatus: str = "Completed"
    linuxSubscriptionsFailure: str = ""
    # The instances that run, of which its metrics tell: subscription -> Region -> how many.
    linuxInstances: dict[str, dict[str, int]] = field(default_factory=dict)
    # The ARNs of the identity providers that are registered for user-based subscriptions.
    identityProviders: list[str] = field(default_factory=list)
    # Directories by their ids, if a test wants to tell: owner (the account that shares it) and ownerDirectoryId, domain, users.
    directories: dict[str, dict[str, Any]] = field(default_factory=dict)
    # The products that the account has subscribed to in AWS Marketplace.
    userSubscriptionProducts: list[str] = field(default_factory=lambda: [
        "VISUAL_STUDIO_ENTERPRISE", "VISUAL_STUDIO_PROFESSIONAL", "OFFICE_PROFESSIONAL_PLUS", "OFFICE_STANDARD", "REMOTE_DESKTOP_SERVICES"])
    # How many reads see something in progress; what fails, by its operation, or by operation/username; and other words of the statuses.
    userSubscriptionsReads: int = 1
    userSubscriptionsFailures: dict[str, str] = field(default_factory=dict)
    userSubscriptionsWords: dict[str, str] = field(default_factory=dict)
    # User guide, «Troubleshoot user limits per instance».
    instancesPerUser: int = 25
    # The ids of security groups that EC2 itself does not hold, for rules that a stack adds to them.
    securityGroups: list[str] = field(default_factory=list)
    # The names of the license asset rulesets that AWS manages: those of the user guide.
    awsManagedRulesets: list[str] = field(default_factory=lambda: [
        "Microsoft Windows Server Datacenter", "Microsoft SQL Server Enterprise Edition", "Microsoft SQL Server Standard Edition",
        "Red Hat Enterprise Linux", "Ubuntu Pro", "SUSE Enterprise Linux"])
    # How many reads see a license type conversion in progress, and which ones fail, with what message, by their instances.
    conversionReads: int = 1
    conversionFailures: dict[str, str] = field(default_factory=dict)
    # How many reads of an instance by its id see it stopping, and how many instances a page of DescribeInstances has.
    instanceStopReads: int = 0
    instancesPerPage: int = 1000
    # Whether ListResourceInventory finds an inventory.
    resourceInventory: bool = True
    # How many hundredths of the waits of state machines are waited.
    stateMachineWaitPercent: int = 100
    # What GetServiceSettings answers, beside what License Manager knows itself.
    serviceSettings: dict[str, Any] = field(default_factory=dict)

    def update(self, values: dict[str, Any]) -> None:
        known = {f.name: type(getattr(Settings(), f.name)) for f in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"there is no setting {name!r}; there are: {', '.join(sorted(known))}")
            if not isinstance(value, known[name]):
                raise ValueError(f"the setting {name} is a {known[name].__name__}, not {value!r}")
            if name in _CHOICES and not set(value if isinstance(value, list) else [value]) <= set(_CHOICES[name]):
                raise ValueError(f"the setting {name} is made of {', '.join(_CHOICES[name])}, not {value!r}")
        _check_counts(values.get("linuxInstances", {}))
        _check_names("userSubscriptionsWords", values, set(USER_SUBSCRIPTION_WORDS))
        _check_names("userSubscriptionsFailures", values, _FAILING)
        for directory in values.get("directories", {}).values():
            _check_names("directories", {"directories": directory}, {"owner", "ownerDirectoryId", "domain", "users"})
        for name, value in values.items():
            setattr(self, name, value)


def _check_counts(values: dict[str, Any]) -> None:
    for regions in values.values():
        if not isinstance(regions, dict) or not all(type(count) is int and count >= 0 for count in regions.values()):
            raise ValueError(f"the setting linuxInstances has a number for each Region of a subscription, not {regions!r}")


def _check_names(setting: str, values: dict[str, Any], known: set[str]) -> None:
    unknown = {name.partition("/")[0] for name in values.get(setting, {})} - known
    if unknown:
        raise ValueError(f"the setting {setting} has no {', '.join(sorted(unknown))}; it has: {', '.join(sorted(known))}")


# The operations of user-based subscriptions that can fail after they were answered.
_FAILING = {
    "RegisterIdentityProvider", "UpdateIdentityProviderSettings", "DeregisterIdentityProvider", "StartProductSubscription",
    "StopProductSubscription", "AssociateUser", "DisassociateUser"}

_CHOICES: dict[str, tuple[str, ...]] = {
    "organizationFeatures": ("ALL", "CONSOLIDATED_BILLING"),
    "serviceLinkedRoles": (*LICENSE_MANAGER_ROLES, "ram.amazonaws.com"),
    "serviceRoleNotFound": ("AccessDeniedException", "AuthorizationException"),
}

# IAM and AWS Organizations have no Regions, and some settings name their own: what is set of these in one Region, is set in all.
_OF_ACCOUNT = (
    "sharingWithOrganization", "organizationAccounts", "sharingWithOrganizationDelay", "organizationManagementAccount", "organizationFeatures",
    "organizationServiceAccess", "organizationDelegatedAdministrators", "delegatedAdministratorsPerService", "serviceLinkedRoles",
    "serviceLinkedRoleDelay", "serviceRoleNotFound", "linuxInstances",
    "grantDelay", "grantWorkflowReads", "grantDeletionReads", "grantFailure", "organizationalUnits")

_settings: ScopedState[Settings] = ScopedState(Settings)
_account_settings: ScopedState[dict[str, Any]] = ScopedState(dict)


def settings_of(scope: Scope) -> Settings:
    found = _settings.of(scope)
    for name, value in _account_settings.of(_account(scope.account)).items():
        setattr(found, name, value)
    return found


def settings_of_account(account: str) -> Settings:
    """Those that have no Region."""
    return settings_of(_account(account))


def accounts_with_settings() -> Iterator[str]:
    return (scope.account for scope, values in _account_settings.items() if values)


def change_settings(scope: Scope, values: dict[str, Any]) -> None:
    settings_of(scope).update(values)
    _account_settings.of(_account(scope.account)).update({name: value for name, value in values.items() if name in _OF_ACCOUNT})


def _account(account: str) -> Scope:
    return Scope(account, "")
