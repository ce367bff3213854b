"""Notices when another version of ministack no longer has what the local AWS holds on to."""

from __future__ import annotations

import ast
import importlib.util
import inspect
from pathlib import Path

import pytest
from botocore.loaders import Loader
from botocore.model import OperationModel

from local_aws import hooks, json_service, model, newer
from local_aws.license_manager.service import SERVICE
from local_aws.organizations.policies import OPERATIONS as POLICIES
from local_aws.organizations.service import SERVICE as ORGANIZATIONS

REQUIREMENTS = (Path(__file__).parent.parent / "requirements.txt").read_text()


def test_no_name_is_missing() -> None:
    assert hooks.missing() == []


def test_a_missing_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local_aws.hooks.names.NAMES", (*hooks.NAMES, ("ministack.app", "no_such_name")))
    assert hooks.missing() == ["ministack.app.no_such_name"]


def test_the_list_of_names_is_complete() -> None:
    """Every attribute of a ministack module that the package uses is in the list."""
    used: set[tuple[str, str]] = set()
    for file in Path(hooks.__file__).parent.glob("*.py"):
        tree = ast.parse(file.read_text())
        modules = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module and node.module.split(".")[0] in ("ministack", "hypercorn"):
                for alias in node.names:
                    is_module = importlib.util.find_spec(f"{node.module}.{alias.name}") if is_package(node.module) else None
                    if is_module:
                        modules[alias.name] = f"{node.module}.{alias.name}"
                    else:
                        used.add((node.module, alias.name))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
                used.add((modules[node.value.id], node.attr))
    assert used == set(hooks.NAMES)


def is_package(module: str) -> bool:
    spec = importlib.util.find_spec(module)
    return spec is not None and spec.submodule_search_locations is not None


@pytest.mark.parametrize("package", ["ministack", "botocore", "cfn-lint"])
def test_the_versions_are_the_pinned_ones(package: str) -> None:
    from importlib.metadata import version

    assert f"{package}=={version(package)}" in REQUIREMENTS


def test_the_installed_models_lack_what_is_added() -> None:
    """Once they have it, the addition can go."""
    service = "license-manager"
    assert newer.missing(service, Loader().load_service_model(service, "service-2")) == [
        "GrantType", "AllowedOperation", "Options", "CreateGrantRequest", "Grant", "ReceivedMetadata"]


def test_the_signatures_are_those_that_are_wrapped() -> None:
    """A wrapper passes on what it is given; these are the arguments that it reads."""
    from ministack.core import iam_actions, iam_evaluator
    from ministack.services.cloudformation import custom_resource, engine, provisioners, stacks

    def parameters(function: object) -> list[str]:
        return list(inspect.signature(function).parameters)  # type: ignore[arg-type]

    assert parameters(iam_evaluator.enforce)[:5] == ["access_key_id", "iam_action", "service", "region", "resource_arn"]
    assert parameters(iam_actions.extract_iam_action) == ["service", "method", "path", "headers", "body", "query_params"]
    assert parameters(iam_actions.extract_resource_arn)[:6] == ["service", "method", "path", "headers", "body", "query_params"]
    assert parameters(iam_actions.access_denied_response)[:4] == ["service", "action", "principal_arn", "request_id"]
    assert parameters(engine.validate_template_support)[0] == "template"
    assert parameters(custom_resource.invoke_custom_resource)[:6] == [
        "request_type", "logical_id", "props", "stack_name", "stack_id", "resource_type"]
    assert parameters(provisioners._custom_named_replacement_error) == ["resource_type", "old_props", "new_props", "physical_id"]
    assert parameters(stacks._roll_back_operation)[:4] == ["stack_name", "stack_id", "stack", "operation"]
    handler = provisioners._RESOURCE_HANDLERS["AWS::SNS::Topic"]
    assert set(handler) >= {"create", "update", "delete", "import"}


def test_ministack_has_nothing_of_its_own_for_what_is_added() -> None:
    """Once it has, the addition is to be weighed again."""
    from ministack import app
    from ministack.services import ec2, iam, organizations
    from ministack.services.cloudformation import provisioners

    assert not {"license-manager", "ram"} & set(app.SERVICE_HANDLERS)
    assert not [t for t in provisioners._RESOURCE_HANDLERS if t.startswith(("AWS::LicenseManager::", "AWS::RAM::"))]
    assert not {"AWS::EC2::Host", "AWS::EC2::Instance"} & set(provisioners._RESOURCE_HANDLERS)
    assert "AllocateHosts" not in ec2._ACTION_MAP
    # It has another one for every account, whose only account is that one, and its policies limit nobody; and makes up the names of service-linked roles.
    assert {"DescribeOrganization", *POLICIES} == set(organizations._DISPATCH) & set(ORGANIZATIONS.operations)
    assert "AWSServiceRoleFor" in inspect.getsource(iam._create_service_linked_role)


def test_answers_are_checked_against_the_model() -> None:
    operation: OperationModel = SERVICE.model.operation_model("GetLicenseConfiguration")
    for wrong in ({"Nome": "x"}, {"LicenseCount": "3"}, {"LicenseCountHardLimit": "true"}):
        with pytest.raises(model.ModelMismatch):
            model.shape_response(operation, wrong)
    with pytest.raises(model.ModelMismatch):
        json_service.JsonService("license-manager", {"NoSuchOperation": lambda _scope, _parameters: None})


