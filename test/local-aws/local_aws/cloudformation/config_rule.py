"""AWS::Config::ConfigRule and AWS::Config::OrganizationConfigRule, as far as custom policies need them: nothing is evaluated."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from .. import hooks
from ..errors import ServiceError, invalid_parameter
from ..organizations.store import Organization, organization_of
from ..scope import Scope
from ..state import ScopedState
from .resource_type import ResourceType

_RUNTIME, _MAXIMUM_TEXT = "guard-2.x.x", 10_000
# https://docs.aws.amazon.com/config/latest/APIReference/API_Source.html
_MESSAGES = ("ConfigurationItemChangeNotification", "OversizedConfigurationItemChangeNotification")


def _check_recorder(where: str = "") -> None:
    if not hooks.records_configurations():
        raise ServiceError("NoAvailableConfigurationRecorderException", f"NoAvailableConfigurationRecorder: no configuration recorder is available{where}.")


def _check_text(text: str | None, runtime: str | None) -> None:
    if not text or len(text) > _MAXIMUM_TEXT:
        raise invalid_parameter(f"PolicyText has to have 1 to {_MAXIMUM_TEXT} characters.")
    if runtime != _RUNTIME:
        raise invalid_parameter(f"The policy runtime {runtime} is invalid: it has to be {_RUNTIME}.")


class ConfigRuleType(ResourceType):
    type_name = "AWS::Config::ConfigRule"
    service_name = "Config"

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        name = str(properties.get("ConfigRuleName") or f"{default_name}-{secrets.token_hex(6).upper()}")
        if hooks.config_rule(name) is not None:
            raise ServiceError("ResourceConflictException", f"The ConfigRule {name} already exists.")
        self._put(name, properties)
        return name

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._put(identifier, new)

    def _put(self, name: str, properties: dict[str, Any]) -> None:
        _check_recorder()
        if len(name) > 128:
            raise invalid_parameter("ConfigRuleName has to have 1 to 128 characters.")
        source = properties["Source"]
        if source["Owner"] == "CUSTOM_POLICY":
            details = source.get("CustomPolicyDetails", {})
            _check_text(details.get("PolicyText"), details.get("PolicyRuntime"))
            if any(each["EventSource"] != "aws.config" or each["MessageType"] not in _MESSAGES for each in source.get("SourceDetails", [])):
                raise invalid_parameter(f"A custom policy takes the messages {' and '.join(_MESSAGES)} of aws.config only.")
            if not source.get("SourceDetails"):
                raise invalid_parameter("A custom policy needs SourceDetails.")
        hooks.put_config_rule({**properties, "ConfigRuleName": name})

    def delete(self, scope: Scope, identifier: str) -> None:
        hooks.delete_config_rule(identifier)

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        found = hooks.config_rule(identifier)
        return None if found is None else {
            **{name: value for name, value in found.items() if name not in ("ConfigRuleArn", "ConfigRuleId", "ConfigRuleState")},
            "Arn": found["ConfigRuleArn"], "ConfigRuleId": found["ConfigRuleId"], "Compliance": {"Type": "INSUFFICIENT_DATA"}}

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        return [{"ConfigRuleName": each["ConfigRuleName"]} for each in hooks.config_rules()]


@dataclass
class _OrganizationRule:
    arn: str
    properties: dict[str, Any]
    # The account to the name that the rule has in it.
    members: dict[str, str] = field(default_factory=dict)


_rules: ScopedState[dict[str, _OrganizationRule]] = ScopedState(dict)


class OrganizationConfigRuleType(ResourceType):
    type_name = "AWS::Config::OrganizationConfigRule"
    service_name = "Config"

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        name = str(properties["OrganizationConfigRuleName"])
        if name in _rules.of(scope):
            raise ServiceError("ResourceConflictException", f"The organization config rule {name} already exists.")
        rule = _OrganizationRule(scope.arn("config", f"organization-config-rule/{name}-{secrets.token_hex(4)}"), properties)
        try:
            self._put(scope, name, rule, properties)
        except ServiceError:
            self._remove(scope, rule)
            raise
        _rules.of(scope)[name] = rule
        return name

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._put(scope, identifier, _rules.of(scope)[identifier], new)

    def _put(self, scope: Scope, name: str, rule: _OrganizationRule, properties: dict[str, Any]) -> None:
        organization = _managed(scope)
        kinds = [each for each in properties if each.endswith("Metadata")]
        if kinds != ["OrganizationCustomPolicyRuleMetadata"]:
            raise invalid_parameter(f"The local AWS takes a custom policy and nothing else, and has {', '.join(kinds) or 'nothing'}.")
        metadata = properties[kinds[0]]
        _check_text(metadata["PolicyText"], metadata["Runtime"])
        if not metadata.get("OrganizationConfigRuleTriggerTypes"):
            raise invalid_parameter("A custom policy needs OrganizationConfigRuleTriggerTypes.")
        accounts = [each for each in organization.accounts if each not in properties.get("ExcludedAccounts", [])]
        for account in accounts:
            with hooks.in_scope(Scope(account, scope.region)):
                _check_recorder(f" in account {account}")
        for account in [each for each in rule.members if each not in accounts]:
            self._remove_from(scope, rule, account)
        for account in accounts:
            member = rule.members.setdefault(account, f"OrgConfigRule-{name}-{secrets.token_hex(4)}")
            with hooks.in_scope(Scope(account, scope.region)):
                hooks.put_config_rule({
                    "ConfigRuleName": member, "Description": metadata.get("Description", ""), "CreatedBy": "config-multiaccountsetup.amazonaws.com",
                    "Scope": {"ComplianceResourceTypes": metadata.get("ResourceTypesScope", [])},
                    "Source": {"Owner": "CUSTOM_POLICY", "CustomPolicyDetails": {"PolicyRuntime": _RUNTIME, "PolicyText": metadata["PolicyText"]}}})
        rule.properties = properties

    def _remove(self, scope: Scope, rule: _OrganizationRule) -> None:
        for account in list(rule.members):
            self._remove_from(scope, rule, account)

    def _remove_from(self, scope: Scope, rule: _OrganizationRule, account: str) -> None:
        with hooks.in_scope(Scope(account, scope.region)):
            hooks.delete_config_rule(rule.members.pop(account))

    def delete(self, scope: Scope, identifier: str) -> None:
        rule = _rules.of(scope).pop(identifier, None)
        if rule is not None:
            self._remove(scope, rule)

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        rule = _rules.of(scope).get(identifier)
        return None if rule is None else {**rule.properties, "OrganizationConfigRuleArn": rule.arn}

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        return [{"OrganizationConfigRuleName": name} for name in _rules.of(scope)]


def _managed(scope: Scope) -> Organization:
    """That of a management account, or of a delegated administrator of AWS Config."""
    found = organization_of(scope.account)
    if found is None:
        raise ServiceError("NoAvailableOrganizationException", "Organization is no longer available.")
    if not found.has_all_features:
        raise ServiceError("OrganizationAllFeaturesNotEnabledException", "The organization has not all features enabled.")
    if scope.account != found.management and scope.account not in found.administrators.get("config-multiaccountsetup.amazonaws.com", []):
        raise ServiceError("OrganizationAccessDeniedException", "The caller is neither the management account nor a delegated administrator of AWS Config.")
    return found
