"""Operations on license asset rulesets."""

from __future__ import annotations

import re
import uuid
from typing import Any

from ..errors import invalid_parameter
from ..paging import page
from ..scope import Arn, Scope
from ..settings import settings_of
from . import tags
from .store import LicenseAssetRuleset, state_of

# User guide, «Working with license asset rulesets».
_MOST_RULES = 5
_RESOURCE = re.compile(r"license-asset-ruleset:[^:]+")

# The keys and, where they are closed, their values.
# https://docs.aws.amazon.com/license-manager/latest/APIReference/API_MatchingRuleStatement.html
_KEYS: dict[str, dict[str, tuple[str, ...]]] = {
    "LicenseConfigurationRuleStatement": {"LicenseConfigurationArn": (), "AccountId": ()},
    "LicenseRuleStatement": {
        "LicenseArn": (), "ProductSKU": (), "Issuer": (), "Beneficiary": (), "HomeRegion": (),
        "LicenseStatus": ("AVAILABLE", "PENDING_AVAILABLE", "DEACTIVATED", "SUSPENDED", "EXPIRED", "PENDING_DELETE", "DELETED")},
    "InstanceRuleStatement": {
        "Platform": ("Windows", "Linux"),
        "EC2BillingProduct": (
            "windows-server-enterprise", "windows-byol", "rhel", "rhel-byol", "rhel-high-availability", "ubuntu-pro", "suse-linux",
            "sql-server-standard", "sql-server-enterprise"),
        "MarketPlaceProductCode": (), "AMIId": (), "InstanceType": (), "InstanceId": (), "HostId": (), "AccountId": ()},
}
_CONSTRAINTS = ("EQUALS", "NOT_EQUALS")


def aws_managed(scope: Scope) -> list[LicenseAssetRuleset]:
    """The rulesets that AWS manages: the same for all accounts. What their ARNs are, and their rules, is not documented."""
    found = []
    for name in settings_of(scope).awsManagedRulesets:
        ruleset_id = f"lars-{uuid.uuid5(uuid.NAMESPACE_DNS, name).hex}"
        match = {"KeyToMatch": "Platform", "Constraint": "EQUALS", "ValueToMatch": ["Windows" if "Microsoft" in name else "Linux"]}
        found.append(LicenseAssetRuleset(
            arn=f"arn:{scope.partition}:license-manager:{scope.region}:aws:license-asset-ruleset:{ruleset_id}", name=name, client_token="",
            rules=[{"RuleStatement": {"InstanceRuleStatement": {"MatchingRuleStatement": match}}}]))
    return found


def find(scope: Scope, text: str, *, for_change: bool = False) -> LicenseAssetRuleset:
    """The ruleset of an ARN: the account's own or, to read it, one that AWS manages."""
    arn = Arn.parse(text)
    if arn is None or arn.service != "license-manager" or not _RESOURCE.fullmatch(arn.resource):
        raise invalid_parameter(f"License asset ruleset ARN '{text}' is not valid.")
    managed = [] if for_change else aws_managed(scope)
    ruleset = state_of(scope).asset_rulesets.get(text) or next((r for r in managed if r.arn == text), None)
    if ruleset is None:
        raise invalid_parameter(f"License asset ruleset {text} was not found.")
    return ruleset


def create(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    state = state_of(scope)
    for known in state.asset_rulesets.values():
        if known.client_token == p["ClientToken"]:
            return {"LicenseAssetRulesetArn": known.arn}
    _check(p["Name"], p["Rules"])
    given = tags.as_map(p.get("Tags") or [])
    tags.check(given)
    ruleset = LicenseAssetRuleset(
        arn=scope.arn("license-manager", f"license-asset-ruleset:lars-{uuid.uuid4().hex}"), name=p["Name"], rules=list(p["Rules"]),
        client_token=p["ClientToken"], description=p.get("Description") or "", tags=given)
    state.asset_rulesets[ruleset.arn] = ruleset
    return {"LicenseAssetRulesetArn": ruleset.arn}


def update(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    ruleset = find(scope, p["LicenseAssetRulesetArn"], for_change=True)
    name = p.get("Name", ruleset.name)
    _check(name, p["Rules"])
    ruleset.name, ruleset.rules = name, list(p["Rules"])
    ruleset.description = p.get("Description", ruleset.description)
    return {"LicenseAssetRulesetArn": ruleset.arn}


def delete(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    ruleset = find(scope, p["LicenseAssetRulesetArn"], for_change=True)
    state = state_of(scope)
    groups = [group.name for group in state.asset_groups.values() if ruleset.arn in group.rulesets]
    if groups:
        raise invalid_parameter(f"License asset ruleset {ruleset.arn} is associated with license asset groups: {', '.join(groups)}.")
    del state.asset_rulesets[ruleset.arn]
    return {}


def get(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    return {"LicenseAssetRuleset": describe(find(scope, p["LicenseAssetRulesetArn"]))}


def list_all(scope: Scope, p: dict[str, Any]) -> dict[str, Any]:
    """Whether the list with AWS-managed rulesets has the account's own is not documented: here it has."""
    found = list(state_of(scope).asset_rulesets.values())
    if p.get("ShowAWSManagedLicenseAssetRulesets"):
        found += aws_managed(scope)
    for entry in p.get("Filters") or []:
        if entry.get("Name") != "Name":
            raise invalid_parameter(f"Filter '{entry.get('Name')}' is not valid. Valid filters: Name.")
        found = [r for r in found if r.name in (entry.get("Values") or [])]
    items, token = page("ListLicenseAssetRulesets", found, p, settings_of(scope))
    return {"LicenseAssetRulesets": [describe(r) for r in items], "NextToken": token}


def describe(ruleset: LicenseAssetRuleset) -> dict[str, Any]:
    return {
        "Name": ruleset.name, "Rules": ruleset.rules, "LicenseAssetRulesetArn": ruleset.arn,
        **({"Description": ruleset.description} if ruleset.description else {})}


def _check(name: str, rules: list[dict[str, Any]]) -> None:
    if not name:
        raise invalid_parameter("The name of a license asset ruleset must not be empty.")
    if not 1 <= len(rules) <= _MOST_RULES:
        raise invalid_parameter(f"A license asset ruleset has 1 to {_MOST_RULES} rules, not {len(rules)}.")
    for rule in rules:
        kind, statement = _only(rule["RuleStatement"], "A rule statement", tuple(_KEYS))
        logic, inner = _only(statement, kind, ("AndRuleStatement", "OrRuleStatement", "MatchingRuleStatement"))
        matches = [inner] if logic == "MatchingRuleStatement" else inner.get("MatchingRuleStatements") or []
        if not matches:
            raise invalid_parameter(f"{logic} has no matching rule statements.")
        for match in matches:
            _check_match(kind, match)


def _only(members: dict[str, Any], what: str, allowed: tuple[str, ...]) -> tuple[str, Any]:
    found = {name: value for name, value in members.items() if value is not None}
    if len(found) != 1 or not set(found) <= set(allowed):
        raise invalid_parameter(f"{what} has exactly one of: {', '.join(allowed)}.")
    return next(iter(found.items()))


def _check_match(kind: str, match: dict[str, Any]) -> None:
    key, values = match["KeyToMatch"], match["ValueToMatch"]
    if key not in _KEYS[kind]:
        raise invalid_parameter(f"The key '{key}' is not valid for {kind}. Valid keys: {', '.join(_KEYS[kind])}.")
    if match["Constraint"] not in _CONSTRAINTS:
        raise invalid_parameter(f"The constraint '{match['Constraint']}' is not valid. Valid constraints: {', '.join(_CONSTRAINTS)}.")
    if not values or len(set(values)) != len(values):
        raise invalid_parameter(f"The key '{key}' has at least one value, and each once.")
    closed = _KEYS[kind][key]
    wrong = [value for value in values if closed and value not in closed]
    if wrong:
        raise invalid_parameter(f"'{wrong[0]}' is not valid for the key '{key}'. Valid values: {', '.join(closed)}.")
