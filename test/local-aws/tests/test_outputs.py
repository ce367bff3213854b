"""Outputs and exports of stacks: a change of theirs is a change, and what is imported stays."""

from __future__ import annotations

from typing import Any

import pytest

from .cloudformation import CAPABILITIES, Stack, body, license_configuration
from .conftest import LocalAws

LICENSE = license_configuration()


def exported(value: Any, name: str = "shared") -> dict[str, Any]:
    return {"License": LICENSE, "Outputs": {"Arn": {"Value": value, "Export": {"Name": name}}}}


def importing(name: str = "shared") -> dict[str, Any]:
    return {"License": license_configuration(Name="importing", Description={"Fn::ImportValue": name})}


def change(stack: Stack, resources: dict[str, Any], name: str, **options: Any) -> dict[str, Any]:
    stack.client.create_change_set(
        StackName=stack.name, ChangeSetName=name, TemplateBody=body(resources), **CAPABILITIES, **options)
    found: dict[str, Any] = stack.client.describe_change_set(StackName=stack.name, ChangeSetName=name)
    return found


def test_a_change_of_an_output_alone_is_a_change(aws: LocalAws) -> None:
    stack = Stack(aws)
    stack.create({"License": LICENSE, "Outputs": {"Told": {"Value": "before"}}})
    found = change(stack, {"License": LICENSE, "Outputs": {"Told": {"Value": "after"}}}, "second")
    assert (found["Status"], found["ExecutionStatus"], found["Changes"]) == ("CREATE_COMPLETE", "AVAILABLE", [])

    stack.client.execute_change_set(StackName=stack.name, ChangeSetName="second")
    assert stack.wait() == "UPDATE_COMPLETE"
    assert stack.outputs() == {"Told": "after"}


def test_a_parameter_of_an_output_is_a_change(aws: LocalAws) -> None:
    stack = Stack(aws)
    resources = {"License": LICENSE, "Parameters": {"Told": {"Type": "String"}}, "Outputs": {"Told": {"Value": {"Ref": "Told"}}}}
    stack.create(resources, Parameters=[{"ParameterKey": "Told", "ParameterValue": "before"}])
    assert change(stack, resources, "second", Parameters=[{"ParameterKey": "Told", "ParameterValue": "after"}])["Status"] == "CREATE_COMPLETE"


def test_no_change_is_none(aws: LocalAws) -> None:
    stack = Stack(aws)
    resources = {"License": LICENSE, "Outputs": {"Arn": {"Value": {"Ref": "License"}}}}
    stack.create(resources)
    assert change(stack, resources, "second")["Status"] == "FAILED"


@pytest.mark.parametrize(("resources", "verb"), [
    ({"License": LICENSE}, "deleted"),
    (exported("another value"), "updated"),
    (exported("one value", "renamed"), "deleted"),
])
def test_an_export_that_is_imported_stays(aws: LocalAws, resources: dict[str, Any], verb: str) -> None:
    stack, other = Stack(aws, "exporting"), Stack(aws, "importing")
    stack.create(exported("one value"))
    assert other.create(importing()) == "CREATE_COMPLETE"

    assert stack.update(resources) == "UPDATE_ROLLBACK_COMPLETE"
    assert f"Export shared cannot be {verb} as it is in use by importing" in [reason for _, _, reason in stack.events()]
    assert other.update({"License": license_configuration(Name="importing")}) == "UPDATE_COMPLETE"
    assert stack.update(resources) == "UPDATE_COMPLETE"


def test_an_export_that_nobody_imports_goes(aws: LocalAws) -> None:
    stack = Stack(aws)
    stack.create(exported("one value"))
    assert stack.update({"License": LICENSE}) == "UPDATE_COMPLETE"
    assert aws.client("cloudformation").list_exports()["Exports"] == []


def test_two_stacks_export_nothing_of_one_name(aws: LocalAws) -> None:
    Stack(aws, "one").create(exported("one value"))
    two = Stack(aws, "two")
    assert two.create(exported("another value")) == "ROLLBACK_COMPLETE"
    assert "Export with name shared is already exported by stack one" in [reason for _, _, reason in two.events()]
