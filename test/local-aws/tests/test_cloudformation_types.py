"""The native types: validation, attributes, update in place, replacement, roll-back, refused deletes, import, Regions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .cloudformation import CAPABILITIES, Stack, body, license_configuration
from .conftest import LocalAws
from .test_associations import AMI, add
from .test_license_configurations import refusal

LICENSES = {"LicenseCount": 96, "LicenseCountHardLimit": True, "LicenseRules": ["#minimumCores=8", "#allowedTenancy=EC2-DedicatedHost"]}


def licenses(aws: LocalAws) -> list[dict[str, Any]]:
    return aws.client("license-manager").list_license_configurations()["LicenseConfigurations"]


def tags(aws: LocalAws, arn: str) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in aws.client("license-manager").list_tags_for_resource(ResourceArn=arn)["Tags"]}


def test_life_of_a_license_configuration(aws: LocalAws) -> None:
    stack = Stack(aws)
    attributes = ("LicenseConfigurationArn", "LicenseConfigurationId", "OwnerAccountId", "Status")
    outputs = {name: {"Value": {"Fn::GetAtt": ["License", name]}} for name in attributes}
    outputs["Ref"] = {"Value": {"Ref": "License"}}
    given = license_configuration(**LICENSES, Tags=[{"Key": "team", "Value": "it"}, {"Key": "old", "Value": "1"}])
    assert stack.create({"License": given, "Outputs": outputs}) == "CREATE_COMPLETE"
    (found,) = licenses(aws)
    arn = found["LicenseConfigurationArn"]
    assert stack.outputs() == {
        "Ref": arn, "LicenseConfigurationArn": arn, "LicenseConfigurationId": found["LicenseConfigurationId"],
        "OwnerAccountId": aws.account, "Status": "AVAILABLE"}
    assert tags(aws, arn).items() >= {"team": "it", "aws:cloudformation:stack-name": "stack"}.items()

    changed = license_configuration(
        Name="renamed", LicenseCount=120, LicenseRules=LICENSES["LicenseRules"], Tags=[{"Key": "team", "Value": "ops"}])
    assert stack.update({"License": changed}) == "UPDATE_COMPLETE"
    (found,) = licenses(aws)
    # What is left out stays.
    assert (found["LicenseConfigurationArn"], found["Name"], found["LicenseCount"], found["LicenseCountHardLimit"]) == (
        arn, "renamed", 120, True)
    assert stack.update({"License": {**changed, "Properties": {**changed["Properties"], "LicenseCountHardLimit": False}}}) == "UPDATE_COMPLETE"
    assert licenses(aws)[0]["LicenseCountHardLimit"] is False
    assert (tags(aws, arn)["team"], "old" in tags(aws, arn)) == ("ops", False)
    assert stack.delete() == "DELETE_COMPLETE"
    assert licenses(aws) == []
    assert {c["userAgent"] for c in aws.calls() if c["operation"] == "CreateLicenseConfiguration"} == {"cloudformation.amazonaws.com"}


@pytest.mark.parametrize(("properties", "text"), [
    ({"LicenceCount": 1}, "#: extraneous key [LicenceCount] is not permitted"),
    ({"Status": "DISABLED"}, "#: extraneous key [Status] is not permitted"),
    ({"LicenseCountingType": "Cpu"}, "#/LicenseCountingType: #: Cpu is not a valid enum value"),
    ({"LicenseCount": "many"}, "#/LicenseCount: expected type: Integer"),
    ({"ProductInformationList": [{"ResourceType": "RDS"}]}, "required key [ProductInformationFilterList] not found"),
    ({"LicenseCountHardLimit": True}, "A hard limit needs a license count"),
])
def test_refuses_properties(aws: LocalAws, properties: dict[str, Any], text: str) -> None:
    stack = Stack(aws)
    assert stack.create({"License": license_configuration(**properties)}) == "ROLLBACK_COMPLETE"
    assert text in stack.reasons("CREATE_FAILED")[0]
    assert licenses(aws) == []


def test_numbers_and_booleans_may_be_strings(aws: LocalAws) -> None:
    assert Stack(aws).create({"License": license_configuration(LicenseCount="0", LicenseCountHardLimit="true")}) == "CREATE_COMPLETE"
    assert licenses(aws)[0]["LicenseCount"] == 0


def test_counting_type_and_rules_replace(aws: LocalAws) -> None:
    stack = Stack(aws)
    share: dict[str, Any] = {"Type": "AWS::RAM::ResourceShare", "Properties": {"Name": "s", "ResourceArns": [{"Ref": "License"}]}}
    stack.create({"License": license_configuration(), "Share": share})
    old = stack.resource("License")
    assert stack.update({"License": license_configuration(LicenseRules=["#minimumCores=4"]), "Share": share}) == "UPDATE_COMPLETE"
    new = stack.resource("License")
    assert new != old
    assert [c["LicenseConfigurationArn"] for c in licenses(aws)] == [new]
    operations = [(c["service"], c["operation"]) for c in aws.calls("license-manager,ram")]
    wanted = [
        ("license-manager", "CreateLicenseConfiguration"), ("ram", "AssociateResourceShare"), ("ram", "DisassociateResourceShare"),
        ("license-manager", "DeleteLicenseConfiguration")]
    assert [entry for entry in operations if entry in wanted][1:] == wanted


def test_a_failed_update_rolls_back(aws: LocalAws) -> None:
    stack = Stack(aws)
    stack.create({"First": license_configuration(LicenseCount=1)})
    before = stack.resource("First")
    second = {**license_configuration(Name="second", LicenseCountHardLimit=True), "DependsOn": "First"}
    changed = license_configuration(LicenseCount=2, LicenseRules=["#minimumCores=4"])
    assert stack.update({"First": changed, "Second": second}) == "UPDATE_ROLLBACK_COMPLETE"
    assert [(c["LicenseConfigurationArn"], c["LicenseCount"]) for c in licenses(aws)] == [(before, 1)]
    assert stack.resource("First") == before
    in_place = license_configuration(LicenseCount=3)
    assert stack.update({"First": in_place, "Second": second}) == "UPDATE_ROLLBACK_COMPLETE"
    assert licenses(aws)[0]["LicenseCount"] == 1


def test_a_refused_delete_and_its_way_out(aws: LocalAws) -> None:
    stack = Stack(aws)
    stack.create({"License": license_configuration()})
    arn = stack.resource("License")
    add(aws, AMI, arn)
    assert stack.delete() == "DELETE_FAILED"
    reason = stack.reasons("DELETE_FAILED")[0]
    assert reason.startswith('Resource handler returned message: "License configuration ')
    assert "it is in use" in reason
    assert "HandlerErrorCode: InvalidRequest" in reason
    aws.client("license-manager").update_license_specifications_for_resource(
        ResourceArn=AMI, RemoveLicenseSpecifications=[{"LicenseConfigurationArn": arn}])
    assert stack.delete() == "DELETE_COMPLETE"


def test_retain_and_import(aws: LocalAws) -> None:
    stack = Stack(aws)
    retained = license_configuration(DeletionPolicy="Retain")
    stack.create({"License": retained})
    arn = stack.resource("License")
    assert stack.delete() == "DELETE_COMPLETE"
    assert [c["LicenseConfigurationArn"] for c in licenses(aws)] == [arn]

    other = Stack(aws, "other")
    other.id = "other"
    request = {
        "StackName": "other", "ChangeSetName": "import", "ChangeSetType": "IMPORT", "TemplateBody": body({"License": retained}),
        "ResourcesToImport": [{
            "ResourceType": "AWS::LicenseManager::LicenseConfiguration", "LogicalResourceId": "License",
            "ResourceIdentifier": {"LicenseConfigurationArn": arn}}], **CAPABILITIES}
    other.client.create_change_set(**request)
    change_set = other.client.describe_change_set(StackName="other", ChangeSetName="import")
    assert (change_set["Status"], change_set["Changes"][0]["ResourceChange"]["Action"]) == ("CREATE_COMPLETE", "Import")
    other.client.execute_change_set(StackName="other", ChangeSetName="import")
    assert other.wait() == "IMPORT_COMPLETE"
    assert other.resource("License") == arn
    assert other.update({"License": license_configuration(DeletionPolicy="Retain", LicenseCount=5)}) == "UPDATE_COMPLETE"
    assert [(c["LicenseConfigurationArn"], c["LicenseCount"]) for c in licenses(aws)] == [(arn, 5)]


def test_a_license_that_is_gone_can_be_deleted(aws: LocalAws) -> None:
    stack = Stack(aws)
    stack.create({"License": license_configuration()})
    aws.client("license-manager").delete_license_configuration(LicenseConfigurationArn=stack.resource("License"))
    assert stack.delete() == "DELETE_COMPLETE"


def test_a_region_without_the_type(aws: LocalAws) -> None:
    client = aws.client("cloudformation", region="eu-west-1")
    found = refusal(client.create_stack, StackName="stack", TemplateBody=body({"License": license_configuration()}))
    assert found == ("ValidationError", "Template format error: Unrecognized resource types: [AWS::LicenseManager::LicenseConfiguration]")
    assert Stack(aws, region="eu-central-1").create({"License": license_configuration()}) == "CREATE_COMPLETE"


def test_a_fault_of_the_api_reaches_the_stack(aws: LocalAws) -> None:
    aws.fault("CreateLicenseConfiguration", "throttle")
    stack = Stack(aws)
    assert stack.create({"License": license_configuration()}) == "ROLLBACK_COMPLETE"
    assert "HandlerErrorCode: Throttling" in stack.reasons("CREATE_FAILED")[0]


def test_instance_host_and_license(aws: LocalAws) -> None:
    stack = Stack(aws)
    resources = {
        "License": license_configuration(LicenseCount=1, LicenseCountHardLimit=True),
        "Host": {"Type": "AWS::EC2::Host", "Properties": {"AvailabilityZone": "us-east-1a", "InstanceFamily": "m5"}},
        "Instance": {"Type": "AWS::EC2::Instance", "Properties": {
            "ImageId": "ami-0123456789abcdef0", "InstanceType": "m5.large", "Tenancy": "host", "HostId": {"Ref": "Host"},
            "LicenseSpecifications": [{"LicenseConfigurationArn": {"Ref": "License"}}]}},
    }
    assert stack.create(json.loads(json.dumps(resources))) == "CREATE_COMPLETE"
    assert [(c["ConsumedLicenses"], c["LicenseCount"]) for c in licenses(aws)] == [(1, 1)]
    second = {**resources, "Second": resources["Instance"]}
    assert stack.update(second) == "UPDATE_ROLLBACK_COMPLETE"
    assert any("has not enough licenses" in reason for reason in stack.reasons("CREATE_FAILED") + stack.reasons("UPDATE_FAILED"))


def test_policies_of_a_role(aws: LocalAws) -> None:
    def policy(action: str) -> dict[str, Any]:
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}
        return {"Type": "AWS::IAM::RolePolicy", "Properties": {
            "RoleName": {"Ref": "Role"}, "PolicyName": "licenses", "PolicyDocument": document}}

    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}}
    stack, iam = Stack(aws), aws.client("iam")
    assert stack.create({"Role": role, "Policy": policy("license-manager:List*")}) == "CREATE_COMPLETE"
    assert stack.update({"Role": role, "Policy": policy("license-manager:Get*")}) == "UPDATE_COMPLETE"
    name = stack.resource("Role")
    got = iam.get_role_policy(RoleName=name, PolicyName="licenses")["PolicyDocument"]
    assert got["Statement"][0]["Action"] == "license-manager:Get*"
    assert stack.update({"Role": role}) == "UPDATE_COMPLETE"
    assert iam.list_role_policies(RoleName=name)["PolicyNames"] == []


def test_an_alarm_and_a_rule(aws: LocalAws) -> None:
    alarm = {"Type": "AWS::CloudWatch::Alarm", "Properties": {
        "Namespace": "AWSLicenseManager/licenseUsage", "MetricName": "UsagePercentage", "Statistic": "Maximum", "Period": 3600,
        "EvaluationPeriods": 1, "Threshold": 90, "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "Dimensions": [{"Name": "LicenseConfigurationArn", "Value": {"Ref": "License"}}]}}
    rule = {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"source": ["aws.license-manager"]}}}
    stack = Stack(aws)
    assert stack.create({"License": license_configuration(), "Alarm": alarm, "Rule": rule}) == "CREATE_COMPLETE"
    assert len(aws.client("cloudwatch").describe_alarms()["MetricAlarms"]) == 1
