"""The AWS Organizations API: trusted access of services, delegated administrators, and service control policies. The other operations are ministack's own."""

from __future__ import annotations

import re
from typing import Any

from .. import hooks
from ..errors import ServiceError
from ..json_service import JsonService
from ..paging import page
from ..scope import Scope
from ..settings import settings_of, settings_of_account
from . import policies
from .store import Organization, organization_of

# The principals of License Manager that have trusted access, and those of them that can have a delegated administrator (user guide,
# «License Manager and AWS Organizations» and «Delegated administrators»). Of other services nothing is known here: each is taken.
_TRUSTED = (
    "license-manager.amazonaws.com", "license-manager.member-account.amazonaws.com", "license-manager-linux-subscriptions.amazonaws.com",
    "license-management.marketplace.amazonaws.com")
_DELEGATED = ("license-manager.amazonaws.com", "license-manager-linux-subscriptions.amazonaws.com")
_PRINCIPAL = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com")

# The model's own limit of a page.
_PAGE = 20


def _in_use(scope: Scope) -> Organization:
    found = organization_of(scope.account)
    if found is None:
        raise ServiceError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
    return found


def _managed(scope: Scope) -> Organization:
    found = _in_use(scope)
    if found.management != scope.account:
        raise ServiceError("AccessDeniedException", "You don't have permissions to access this resource.")
    return found


def _seen(scope: Scope) -> Organization:
    """The management account and delegated administrators, of whatever service."""
    found = _in_use(scope)
    if scope.account != found.management and not any(scope.account in accounts for accounts in found.administrators.values()):
        raise ServiceError("AccessDeniedException", "You don't have permissions to access this resource.")
    return found


def _violation(reason: str, message: str) -> ServiceError:
    return ServiceError("ConstraintViolationException", message, Reason=reason)


def _check_principal(principal: str, known: tuple[str, ...]) -> None:
    """That another License Manager principal is refused is a guess: nothing lists the principals that Organizations knows."""
    if not _PRINCIPAL.fullmatch(principal) or (principal.startswith("license-manage") and principal not in known):
        raise ServiceError(
            "InvalidInputException", "You specified an unrecognized service principal.", Reason="UNRECOGNIZED_SERVICE_PRINCIPAL")


def _check_features(organization: Organization) -> None:
    if not organization.has_all_features:
        raise _violation("ORGANIZATION_NOT_IN_ALL_FEATURES_MODE", "You can perform this operation only if the organization has all features enabled.")


def _describe(scope: Scope, _: dict[str, Any]) -> dict[str, Any]:
    found = _in_use(scope)
    features = "ALL" if found.has_all_features else "CONSOLIDATED_BILLING"
    policies = [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}] if found.has_all_features else []
    return {"Organization": {
        "Id": found.id, "Arn": found.arn(scope, f"organization/{found.id}"), "FeatureSet": features, "MasterAccountId": found.management,
        "MasterAccountArn": _account_arn(scope, found, found.management), "MasterAccountEmail": _email(found.management),
        "AvailablePolicyTypes": policies}}


def _account_arn(scope: Scope, organization: Organization, account: str) -> str:
    return organization.arn(scope, f"account/{organization.id}/{account}")


def _email(account: str) -> str:
    return f"{account}@example.com"


def _enable(scope: Scope, p: dict[str, Any]) -> None:
    found = _managed(scope)
    _check_features(found)
    _check_principal(p["ServicePrincipal"], _TRUSTED)
    found.trust(p["ServicePrincipal"])


def _list_access(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found = _seen(scope)
    entries = [{"ServicePrincipal": principal, "DateEnabled": found.since(principal)} for principal in found.service_access]
    items, token = _page("ListAWSServiceAccessForOrganization", entries, p, scope)
    return {"EnabledServicePrincipals": items, "NextToken": token}


def _register(scope: Scope, p: dict[str, Any]) -> None:
    found, account, principal = _managed(scope), p["AccountId"], p["ServicePrincipal"]
    _check_features(found)
    _check_principal(principal, _DELEGATED)
    _check_account(found, account)
    if account == found.management:
        raise _violation("CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR", "You cannot register the management account as delegated administrator.")
    if principal not in found.service_access:
        raise _violation("SERVICE_ACCESS_NOT_ENABLED", f"You must enable trusted access for {principal} before you register an administrator.")
    registered, limit = found.administrators.get(principal, []), settings_of_account(found.management).delegatedAdministratorsPerService
    if account in registered:
        raise ServiceError("AccountAlreadyRegisteredException", "The provided account is already a delegated administrator for your organization.")
    if registered and limit == 1:
        raise _violation("DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE", f"{principal} has a delegated administrator. Deregister it first.")
    if len(registered) >= limit:
        raise _violation(
            "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED", f"{principal} has the maximum of {limit} delegated administrators.")
    found.register(principal, account)


def _deregister(scope: Scope, p: dict[str, Any]) -> None:
    found, account, principal = _managed(scope), p["AccountId"], p["ServicePrincipal"]
    _check_principal(principal, _DELEGATED)
    _check_account(found, account)
    if account not in found.administrators.get(principal, []):
        raise ServiceError("AccountNotRegisteredException", "The provided account is not a registered delegated administrator for your organization.")
    found.deregister(principal, account)


def _check_account(organization: Organization, account: str) -> None:
    if account not in organization.accounts:
        raise ServiceError("AccountNotFoundException", "You specified an account that doesn't exist.")


def _list_administrators(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    found, wanted = _seen(scope), p.get("ServicePrincipal")
    if wanted is not None:
        # A principal that can have none is refused, as a registration is: a guess.
        _check_principal(wanted, _DELEGATED)
    accounts = dict.fromkeys(
        account for principal, registered in found.administrators.items() if wanted in (None, principal) for account in registered)
    entries = [_administrator(scope, found, account) for account in accounts]
    items, token = _page("ListDelegatedAdministrators", entries, p, scope)
    return {"DelegatedAdministrators": items, "NextToken": token}


def _administrator(scope: Scope, organization: Organization, account: str) -> dict[str, Any]:
    return {
        "Id": account, "Arn": _account_arn(scope, organization, account), "Email": _email(account), "Name": f"Account {account}",
        "Status": "ACTIVE", "State": "ACTIVE", "JoinedMethod": "CREATED", "JoinedTimestamp": organization.since("joined"),
        "DelegationEnabledDate": organization.since("delegated", account)}


def _page(operation: str, entries: list[Any], p: dict[str, Any], scope: Scope) -> tuple[list[Any], str | None]:
    try:
        return page(operation, entries, {"MaxResults": p.get("MaxResults", _PAGE), "NextToken": p.get("NextToken")}, settings_of(scope))
    except ServiceError as error:
        raise ServiceError("InvalidInputException", error.message, Reason="INVALID_NEXT_TOKEN") from None


SERVICE = JsonService("organizations", {
    "DescribeOrganization": _describe,
    "ListAWSServiceAccessForOrganization": _list_access,
    "EnableAWSServiceAccess": _enable,
    "RegisterDelegatedAdministrator": _register,
    "DeregisterDelegatedAdministrator": _deregister,
    "ListDelegatedAdministrators": _list_administrators,
    **policies.OPERATIONS,
})


def _resource_arns(operation: str, parameters: dict[str, Any]) -> list[str]:
    """From the service authorization reference: an administrator is the account, and all else is «*»."""
    scope = hooks.current_scope()
    found = organization_of(scope.account)
    if operation in policies.OPERATIONS:
        # The policy, and what it is attached to; that of one that is to be made is not known. Of a policy that is not there, whatever it is called.
        policy = policies.policies_of(found).get(str(parameters.get("PolicyId"))) if found else None
        return [policy.arn] if policy else []
    if operation in SERVICE.operations:
        return [_account_arn(scope, found, str(parameters["AccountId"]))] if found and "AccountId" in parameters else []
    return [f"arn:aws:organizations::{scope.account}:organization/*"]


def _condition_keys(_operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
    return {"organizations:ServicePrincipal": parameters["ServicePrincipal"]} if "ServicePrincipal" in parameters else {}


def install() -> None:
    SERVICE.install_over(_resource_arns, _condition_keys)
    hooks.declare_organizations(_id_of)
    hooks.limit_accounts(policies.documents_of)


def _id_of(account: str) -> str | None:
    organization = organization_of(account) if account else None
    return organization.id if organization else None
