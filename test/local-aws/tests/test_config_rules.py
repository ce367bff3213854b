"""AWS::Config::ConfigRule and AWS::Config::OrganizationConfigRule: custom policies."""

from __future__ import annotations

from typing import Any

import pytest

from .cloudformation import Stack
from .conftest import LocalAws
from .test_organizations import organization

TEXT = "rule it { resourceType exists }"
MESSAGES = ["ConfigurationItemChangeNotification", "OversizedConfigurationItemChangeNotification"]


def record(*accounts: LocalAws) -> None:
    for each in accounts:
        each.client("config").put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": f"arn:aws:iam::{each.account}:role/r"})


def rules(aws: LocalAws) -> list[str]:
    return [each["Source"]["CustomPolicyDetails"]["PolicyText"] for each in aws.client("config").describe_config_rules()["ConfigRules"]]


def rule(text: str = TEXT, runtime: str = "guard-2.x.x", messages: list[str] | None = None, **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::Config::ConfigRule", "Properties": {"Source": {
        "Owner": "CUSTOM_POLICY", "CustomPolicyDetails": {"PolicyRuntime": runtime, "PolicyText": text},
        "SourceDetails": [{"EventSource": "aws.config", "MessageType": each} for each in (MESSAGES if messages is None else messages)]}, **properties}}


def test_life_of_a_rule(aws: LocalAws) -> None:
    record(aws)
    stack = Stack(aws)
    outputs = {"Ref": {"Value": {"Ref": "Rule"}}, "Arn": {"Value": {"Fn::GetAtt": ["Rule", "Arn"]}}}
    assert stack.create({"Rule": rule(), "Outputs": outputs}) == "CREATE_COMPLETE"
    before = stack.outputs()
    assert before["Ref"].startswith("stack-Rule-")
    assert stack.update({"Rule": rule(f"{TEXT} "), "Outputs": outputs}) == "UPDATE_COMPLETE"
    assert (stack.outputs(), rules(aws)) == (before, [f"{TEXT} "])
    assert stack.update({"Rule": rule("a" * 10_001), "Outputs": outputs}) == "UPDATE_ROLLBACK_COMPLETE"
    assert rules(aws) == [f"{TEXT} "]
    assert stack.update({"Rule": rule(ConfigRuleName="named"), "Outputs": outputs}) == "UPDATE_COMPLETE"
    assert (stack.outputs()["Ref"], rules(aws)) == ("named", [TEXT])
    assert stack.delete() == "DELETE_COMPLETE"
    assert rules(aws) == []


@pytest.mark.parametrize(("refused", "text"), [
    (rule(""), "PolicyText"), (rule("a" * 10_001), "PolicyText"), (rule(runtime="guard-3.x.x"), "runtime"), (rule(messages=[]), "SourceDetails"),
    (rule(messages=["ScheduledNotification"]), "messages"), (rule(ConfigRuleName="a" * 129), "ConfigRuleName"),
])
def test_what_is_no_rule(aws: LocalAws, refused: dict[str, Any], text: str) -> None:
    record(aws)
    stack = Stack(aws)
    assert stack.create({"Rule": refused}) == "ROLLBACK_COMPLETE"
    assert text in stack.reasons("CREATE_FAILED")[0]


def test_without_a_recorder_there_is_no_rule(aws: LocalAws) -> None:
    stack = Stack(aws)
    assert stack.create({"Rule": rule()}) == "ROLLBACK_COMPLETE"
    assert "NoAvailableConfigurationRecorder" in stack.reasons("CREATE_FAILED")[0]


def organization_rule(text: str = TEXT, name: str = "rule", **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::Config::OrganizationConfigRule", "Properties": {
        "OrganizationConfigRuleName": name, "OrganizationCustomPolicyRuleMetadata": {
            "Runtime": "guard-2.x.x", "PolicyText": text, "OrganizationConfigRuleTriggerTypes": MESSAGES}, **properties}}


def test_life_of_a_rule_over_an_organization(aws: LocalAws) -> None:
    first, second = organization(aws)
    record(aws, first, second)
    stack = Stack(aws)
    assert stack.create({"Rule": organization_rule()}) == "CREATE_COMPLETE"
    assert [rules(each) for each in (aws, first, second)] == [[TEXT]] * 3
    assert stack.update({"Rule": organization_rule("b", ExcludedAccounts=[second.account])}) == "UPDATE_COMPLETE"
    assert [rules(each) for each in (aws, first, second)] == [["b"], ["b"], []]
    assert stack.update({"Rule": organization_rule("")}) == "UPDATE_ROLLBACK_COMPLETE"
    assert [rules(each) for each in (aws, first, second)] == [["b"], ["b"], []]
    assert stack.delete() == "DELETE_COMPLETE"
    assert [rules(each) for each in (aws, first, second)] == [[], [], []]


def test_every_account_has_to_record(aws: LocalAws) -> None:
    first, second = organization(aws)
    record(aws, first)
    stack = Stack(aws)
    assert stack.create({"Rule": organization_rule()}) == "ROLLBACK_COMPLETE"
    assert f"no configuration recorder is available in account {second.account}" in stack.reasons("CREATE_FAILED")[0]
    assert rules(first) == []
    assert Stack(aws, "other").create({"Rule": organization_rule(ExcludedAccounts=[second.account])}) == "CREATE_COMPLETE"


def test_who_has_rules_over_an_organization(aws: LocalAws) -> None:
    alone = Stack(aws, "alone")
    assert alone.create({"Rule": organization_rule()}) == "ROLLBACK_COMPLETE"
    first, second = organization(aws)
    record(aws, first, second)
    stack = Stack(first)
    assert stack.create({"Rule": organization_rule()}) == "ROLLBACK_COMPLETE"
    assert "neither the management account" in stack.reasons("CREATE_FAILED")[0]
    aws.state(settings={"organizationDelegatedAdministrators": {"config-multiaccountsetup.amazonaws.com": [first.account]}})
    assert Stack(first, "delegated").create({"Rule": organization_rule()}) == "CREATE_COMPLETE"
