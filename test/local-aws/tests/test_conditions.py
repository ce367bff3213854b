"""Conditions of templates: they may ask for where the stack is."""

from __future__ import annotations

import pytest

from .cloudformation import Stack, license_configuration
from .conftest import LocalAws


@pytest.mark.parametrize(("pseudo", "value", "is_made"), [
    ("AWS::Region", "us-east-1", True),
    ("AWS::Region", "eu-west-1", False),
    ("AWS::AccountId", "own", True),
    ("AWS::AccountId", "444455556666", False),
    ("AWS::Partition", "aws", True),
    ("AWS::URLSuffix", "amazonaws.com", True),
])
def test_what_has_a_condition_is_made_where_it_is_met(aws: LocalAws, pseudo: str, value: str, is_made: bool) -> None:
    stack = Stack(aws)
    assert stack.create({
        "Always": license_configuration(Name="always"),
        "There": {**license_configuration(Name="there"), "Condition": "IsThere"},
        "Conditions": {"IsThere": {"Fn::Equals": [{"Ref": pseudo}, aws.account if value == "own" else value]}},
    }) == "CREATE_COMPLETE"
    names = [each["Name"] for each in aws.client("license-manager").list_license_configurations()["LicenseConfigurations"]]
    assert sorted(names) == ["always", "there"][:2 if is_made else 1]


def test_a_stack_in_another_region_is_another_place(aws: LocalAws) -> None:
    stack = Stack(aws, region="us-west-2")
    stack.create({
        "There": {**license_configuration(Name="there"), "Condition": "IsThere"},
        "Always": license_configuration(Name="always"),
        "Conditions": {"IsThere": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-west-2"]}},
    })
    found = aws.client("license-manager", region="us-west-2").list_license_configurations()["LicenseConfigurations"]
    assert len(found) == 2
