"""The policies of AWS Organizations: service control policies, which limit what the accounts of an organization may do."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from .. import hooks
from ..errors import ServiceError
from ..scope import Scope
from ..settings import settings_of_account
from ..state import ScopedState
from .store import Organization, organization_of

_TYPE = "SERVICE_CONTROL_POLICY"
# Quotas of May 2026: https://aws.amazon.com/about-aws/whats-new/2026/05/aws-organizations-increased-scp-quotas/
_MAXIMUM_SIZE, _MAXIMUM_PER_TARGET = 10_240, 10


@dataclass
class Policy:
    id: str
    arn: str
    name: str
    description: str
    content: str
    tags: dict[str, str] = field(default_factory=dict)
    targets: list[str] = field(default_factory=list)

    @property
    def summary(self) -> dict[str, Any]:
        return {"Id": self.id, "Arn": self.arn, "Name": self.name, "Description": self.description, "Type": _TYPE, "AwsManaged": False}

    @property
    def answer(self) -> dict[str, Any]:
        return {"Policy": {"PolicySummary": self.summary, "Content": self.content}}


# Of an organization, by the account that manages it.
_policies: ScopedState[dict[str, Policy]] = ScopedState(dict)


def policies_of(organization: Organization) -> dict[str, Policy]:
    return _policies.of(Scope(organization.management, ""))


def root_of(organization: Organization) -> str:
    """The id of the root: there is one."""
    return f"r-{organization.management}"


def documents_of(account: str) -> list[str]:
    """The policies that limit an account: its own, and those of the units above it. The management account is limited by none."""
    organization = organization_of(account)
    if organization is None or organization.management == account:
        return []
    units = settings_of_account(organization.management).organizationalUnits
    above = {account, root_of(organization), *(unit for unit, accounts in units.items() if account in accounts)}
    return [policy.content for policy in policies_of(organization).values() if above.intersection(policy.targets)]


def _managed(scope: Scope) -> Organization:
    found = organization_of(scope.account)
    if found is None:
        raise ServiceError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
    if found.management != scope.account:
        raise ServiceError("AccessDeniedException", "You don't have permissions to access this resource.")
    if not found.has_all_features:
        raise ServiceError("PolicyTypeNotAvailableForOrganizationException", f"{_TYPE} is not available: the organization has not all features.")
    return found


def _find(organization: Organization, policy_id: str) -> Policy:
    found = policies_of(organization).get(policy_id)
    if found is None:
        raise ServiceError("PolicyNotFoundException", f"We can't find a policy with the PolicyId that you specified: {policy_id}.")
    return found


def _check_type(policy_type: str) -> None:
    if policy_type != _TYPE:
        raise ServiceError("PolicyTypeNotAvailableForOrganizationException", f"The local AWS has no policies of the type {policy_type}.")


def _check_name(organization: Organization, name: str, policy_id: str | None = None) -> None:
    if any(each.name == name and each.id != policy_id for each in policies_of(organization).values()):
        raise ServiceError("DuplicatePolicyException", f"A policy with the name {name} already exists.")


def _check_content(content: str) -> None:
    """https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html"""
    if len(content) > _MAXIMUM_SIZE:
        raise ServiceError("ConstraintViolationException", "You have exceeded the maximum policy size.", Reason="POLICY_CONTENT_LIMIT_EXCEEDED")
    problem = _problem(content)
    if problem is not None:
        raise ServiceError("MalformedPolicyDocumentException", f"The provided policy document does not meet the requirements: {problem}.")


def _problem(content: str) -> str | None:
    try:
        document = json.loads(content)
    except ValueError:
        return "it is not JSON"
    if not isinstance(document, dict) or set(document) - {"Version", "Statement"}:
        return "it has other elements than Version and Statement"
    statements = document.get("Statement", [])
    statements = [statements] if isinstance(statements, dict) else statements
    if not statements:
        return "it has no statement"
    sids = [each["Sid"] for each in statements if "Sid" in each]
    if len(set(sids)) != len(sids) or not all(re.fullmatch(r"[A-Za-z0-9]*", sid) for sid in sids):
        return "a Sid is there twice, or has other characters than letters and digits"
    for each in statements:
        if set(each) - {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}:
            return "a statement has an element that such policies do not support"
    return hooks.policy_problem(content)


def _target(organization: Organization, target: str) -> dict[str, Any]:
    kind = None
    if target in organization.accounts:
        kind = "ACCOUNT"
    elif target == root_of(organization):
        kind = "ROOT"
    elif target in settings_of_account(organization.management).organizationalUnits:
        kind = "ORGANIZATIONAL_UNIT"
    if kind is None:
        raise ServiceError("TargetNotFoundException", f"We can't find a root, OU, or account with the TargetId that you specified: {target}.")
    resource = {"ACCOUNT": "account", "ROOT": "root", "ORGANIZATIONAL_UNIT": "ou"}[kind]
    return {"TargetId": target, "Arn": f"arn:aws:organizations::{organization.management}:{resource}/{organization.id}/{target}", "Name": target, "Type": kind}


def _create(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    organization = _managed(scope)
    _check_type(p["Type"])
    _check_name(organization, p["Name"])
    _check_content(p["Content"])
    policy_id = f"p-{secrets.token_hex(4)}"
    policy = Policy(
        policy_id, f"arn:{scope.partition}:organizations::{scope.account}:policy/{organization.id}/{_TYPE.lower()}/{policy_id}", p["Name"], p["Description"],
        p["Content"], {each["Key"]: each["Value"] for each in p.get("Tags", [])})
    policies_of(organization)[policy_id] = policy
    return policy.answer


def _update(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    organization = _managed(scope)
    policy = _find(organization, p["PolicyId"])
    _check_name(organization, p.get("Name", policy.name), policy.id)
    _check_content(p.get("Content", policy.content))
    policy.name, policy.description, policy.content = (
        p.get("Name", policy.name), p.get("Description", policy.description), p.get("Content", policy.content))
    return policy.answer


def _describe(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    return _find(_managed(scope), p["PolicyId"]).answer


def _list(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    organization = _managed(scope)
    return {"Policies": [each.summary for each in policies_of(organization).values()] if p["Filter"] == _TYPE else []}


def _delete(scope: Scope, p: dict[str, Any]) -> None:
    organization = _managed(scope)
    policy = _find(organization, p["PolicyId"])
    if policy.targets:
        raise ServiceError("PolicyInUseException", "The policy is attached to one or more entities. You must detach it from all roots, OUs, and accounts.")
    del policies_of(organization)[policy.id]


def _attach(scope: Scope, p: dict[str, Any]) -> None:
    organization = _managed(scope)
    policy, target = _find(organization, p["PolicyId"]), p["TargetId"]
    _target(organization, target)
    if target in policy.targets:
        raise ServiceError("DuplicatePolicyAttachmentException", "The selected policy is already attached to the specified target.")
    # FullAWSAccess is attached to each, too.
    if sum(target in each.targets for each in policies_of(organization).values()) + 1 >= _MAXIMUM_PER_TARGET:
        raise ServiceError("ConstraintViolationException", "You have attached the maximum number of policies.", Reason="MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
    policy.targets.append(target)


def _detach(scope: Scope, p: dict[str, Any]) -> None:
    policy, target = _find(_managed(scope), p["PolicyId"]), p["TargetId"]
    if target not in policy.targets:
        raise ServiceError("PolicyNotAttachedException", "The policy isn't attached to the specified target in the specified root.")
    policy.targets.remove(target)


def _list_targets(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    organization = _managed(scope)
    return {"Targets": [_target(organization, target) for target in _find(organization, p["PolicyId"]).targets]}


OPERATIONS = {
    "CreatePolicy": _create,
    "UpdatePolicy": _update,
    "DescribePolicy": _describe,
    "ListPolicies": _list,
    "DeletePolicy": _delete,
    "AttachPolicy": _attach,
    "DetachPolicy": _detach,
    "ListTargetsForPolicy": _list_targets,
}
