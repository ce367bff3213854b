"""Report generators: what they report on, client tokens, tags, the bucket, paging, permissions, and the CloudFormation type."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

import pytest

from .cloudformation import Stack
from .conftest import LocalAws
from .test_iam import allow, user
from .test_license_configurations import create, refusal

GROUP = "arn:aws:license-manager:us-east-1:111122223333:license-asset-group:lag-0123456789abcdef0123456789abcdef"
START, END = 1767225600, 1769904000
ON_GROUPS = {
    "Type": ["LicenseAssetGroupUsageReport"], "ReportFrequency": {"value": 1, "period": "ONE_TIME"},
    "ReportContext": {"licenseAssetGroupArns": [GROUP], "reportStartDate": START, "reportEndDate": END}}


def request(aws: LocalAws, **values: Any) -> dict[str, Any]:
    context = {} if "ReportContext" in values else {"ReportContext": {"licenseConfigurationArns": [create(aws)]}}
    return {
        "ReportGeneratorName": "monthly", "Type": ["LicenseConfigurationSummaryReport"], "ReportFrequency": {"value": 1, "period": "MONTH"},
        "ClientToken": "token", **context, **values}


def make(aws: LocalAws, **values: Any) -> str:
    arn: str = aws.client("license-manager").create_license_manager_report_generator(**request(aws, **values))["LicenseManagerReportGeneratorArn"]
    return arn


def read(aws: LocalAws, arn: str) -> dict[str, Any]:
    found: dict[str, Any] = aws.client("license-manager").get_license_manager_report_generator(LicenseManagerReportGeneratorArn=arn)["ReportGenerator"]
    return found


def test_a_report_on_licenses(aws: LocalAws) -> None:
    license_arn = create(aws)
    arn = make(aws, ReportContext={"licenseConfigurationArns": [license_arn]}, Description="d", Tags=[{"Key": "team", "Value": "it"}])
    assert re.fullmatch(rf"arn:aws:license-manager:us-east-1:{aws.account}:report-generator:r-[0-9a-f]{{32}}", arn)
    found = read(aws, arn)
    assert found["ReportContext"] == {"licenseConfigurationArns": [license_arn]}
    assert (found["ReportCreatorAccount"], found["Description"], found["Tags"]) == (aws.account, "d", [{"Key": "team", "Value": "it"}])
    assert found["S3Location"]["bucket"].startswith("aws-license-manager-service-")
    assert found["S3Location"]["keyPrefix"] == "Reports/monthly"
    settings = aws.client("license-manager").get_service_settings()
    assert settings["S3BucketArn"] == f"arn:aws:s3:::{found['S3Location']['bucket']}"


def test_a_report_on_groups(aws: LocalAws) -> None:
    found = read(aws, make(aws, **ON_GROUPS))
    assert found["ReportContext"]["reportStartDate"] == datetime.fromtimestamp(START, timezone.utc)
    assert found["ReportFrequency"] == {"value": 1, "period": "ONE_TIME"}


def test_the_bucket_of_the_settings_is_used(aws: LocalAws) -> None:
    aws.state(settings={"serviceSettings": {"S3BucketArn": "arn:aws:s3:::aws-license-manager-service-own"}})
    assert read(aws, make(aws))["S3Location"]["bucket"] == "aws-license-manager-service-own"


@pytest.mark.parametrize(("values", "code", "text"), [
    ({"ReportGeneratorName": ""}, "ValidationException", "Member must have length greater than or equal to 1"),
    ({"ReportGeneratorName": "n" * 101}, "ValidationException", "Member must have length less than or equal to 100"),
    ({"ClientToken": "t" * 37}, "ValidationException", "Member must have length less than or equal to 36"),
    ({"ClientToken": None}, "ValidationException", "'clientToken' failed to satisfy constraint: Member must not be null"),
    ({"Type": ["LicenseUsageReport"]}, "ValidationException", "Member must satisfy enum value set"),
    ({"Type": []}, "InvalidParameterValueException", "at least one type"),
    ({"Type": ["LicenseConfigurationSummaryReport"] * 2}, "InvalidParameterValueException", "each once"),
    ({"ReportFrequency": {"value": 2, "period": "DAY"}}, "InvalidParameterValueException", "The only supported value is 1"),
    ({"ReportFrequency": {"period": "DAY"}}, "InvalidParameterValueException", "The frequency value null is not valid"),
    ({"ReportFrequency": {"value": 1, "period": "ONE_TIME"}}, "InvalidParameterValueException", "every DAY, WEEK or MONTH"),
    ({"ReportContext": {}}, "InvalidParameterValueException", "are about license configurations, and nothing else"),
    ({"ReportContext": {"licenseConfigurationArns": ["arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-" + "0" * 32]}},
     "InvalidParameterValueException", "was not found"),
    ({"ReportContext": {"licenseAssetGroupArns": [GROUP]}}, "InvalidParameterValueException", "are about license configurations"),
    ({**ON_GROUPS, "ReportFrequency": {"value": 1, "period": "DAY"}}, "InvalidParameterValueException", "is made ONE_TIME"),
    ({**ON_GROUPS, "ReportContext": {"licenseAssetGroupArns": [GROUP]}}, "InvalidParameterValueException", "a start date and an end date"),
    ({**ON_GROUPS, "ReportContext": {**ON_GROUPS["ReportContext"], "reportEndDate": START}}, "InvalidParameterValueException", "after it"),
    ({**ON_GROUPS, "Type": ["LicenseAssetGroupUsageReport", "LicenseConfigurationUsageReport"]}, "InvalidParameterValueException",
     "is about license asset groups, and nothing else"),
    ({**ON_GROUPS, "ReportContext": {**ON_GROUPS["ReportContext"], "licenseAssetGroupArns": ["arn:aws:license-manager:us-east-1:111122223333:x"]}},
     "InvalidParameterValueException", "License asset group ARN"),
])
def test_refuses(aws: LocalAws, values: dict[str, Any], code: str, text: str) -> None:
    found = aws.post("CreateLicenseManagerReportGenerator", {k: v for k, v in request(aws, **values).items() if v is not None})
    assert found[0] == code
    assert text in found[1]


def test_a_client_token_creates_once(aws: LocalAws) -> None:
    context = {"licenseConfigurationArns": [create(aws)]}
    assert make(aws, ReportContext=context) == make(aws, ReportContext=context)
    assert make(aws, ReportContext=context, ClientToken="other") != make(aws, ReportContext=context)


def test_update_and_delete(aws: LocalAws) -> None:
    client, arn = aws.client("license-manager"), make(aws, Description="d")
    changed = {**request(aws, **ON_GROUPS, ReportGeneratorName="audit", ClientToken="2"), "LicenseManagerReportGeneratorArn": arn}
    client.update_license_manager_report_generator(**changed)
    found = read(aws, arn)
    assert (found["ReportGeneratorName"], found["Description"], found["S3Location"]["keyPrefix"]) == ("audit", "d", "Reports/audit")
    assert found["ReportType"] == ["LicenseAssetGroupUsageReport"]
    client.delete_license_manager_report_generator(LicenseManagerReportGeneratorArn=arn)
    for call in (client.get_license_manager_report_generator, client.delete_license_manager_report_generator):
        assert refusal(call, LicenseManagerReportGeneratorArn=arn)[0] == "ResourceNotFoundException"
    assert refusal(client.get_license_manager_report_generator, LicenseManagerReportGeneratorArn="r-1")[0] == "InvalidParameterValueException"


def test_list_pages_and_filters_without_tags(aws: LocalAws) -> None:
    client, license_arn = aws.client("license-manager"), create(aws)
    arns = [make(aws, ClientToken=str(n), Tags=[{"Key": "n", "Value": str(n)}]) for n in range(2)]
    arns.append(make(aws, ClientToken="on", ReportContext={"licenseConfigurationArns": [license_arn]}))
    first = client.list_license_manager_report_generators(MaxResults=2)
    rest = client.list_license_manager_report_generators(MaxResults=2, NextToken=first["NextToken"])
    listed = [*first["ReportGenerators"], *rest["ReportGenerators"]]
    assert [report["LicenseManagerReportGeneratorArn"] for report in listed] == arns
    assert "Tags" not in listed[0]
    filtered = client.list_license_manager_report_generators(Filters=[{"Name": "LicenseConfigurationArn", "Values": [license_arn]}])
    assert [report["LicenseManagerReportGeneratorArn"] for report in filtered["ReportGenerators"]] == arns[2:]
    for entry in ({"Name": "Name", "Values": ["x"]}, {"Name": "LicenseConfigurationArn", "Values": []}):
        assert refusal(client.list_license_manager_report_generators, Filters=[entry])[0] == "InvalidParameterValueException"


def test_tags(aws: LocalAws) -> None:
    client, arn = aws.client("license-manager"), make(aws)
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    client.untag_resource(ResourceArn=arn, TagKeys=["a"])
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    other = arn.replace("report-generator:r-", "report:r-")
    assert refusal(client.tag_resource, ResourceArn=other, Tags=[]) == ("InvalidParameterValueException", f"Resource ARN '{other}' is not valid.")


def test_the_quota(aws: LocalAws) -> None:
    aws.state(settings={"reportGeneratorsPerRegion": 1})
    make(aws)
    assert aws.post("CreateLicenseManagerReportGenerator", request(aws, ClientToken="2"))[0] == "ResourceLimitExceededException"


def test_permissions(endpoint_with_iam: str) -> None:
    aws = LocalAws(endpoint_with_iam)
    aws.state(settings={"licenseConfigurationsPerRegion": 1000})
    mine, other = make(aws, ClientToken="1", Tags=[{"Key": "team", "Value": "it"}]), make(aws, ClientToken="2")
    for resource, more in ((mine, {}), ("*", {"Condition": {"StringEquals": {"aws:ResourceTag/team": "it"}}})):
        client = aws.client("license-manager", **user(aws, allow("license-manager:GetLicenseManagerReportGenerator", resource, **more)))
        client.get_license_manager_report_generator(LicenseManagerReportGeneratorArn=mine)
        assert refusal(client.get_license_manager_report_generator, LicenseManagerReportGeneratorArn=other)[0] == "AccessDeniedException"
    on_arns = aws.client("license-manager", **user(aws, allow("license-manager:*", "arn:aws:license-manager:*:*:*")))
    assert refusal(on_arns.create_license_manager_report_generator, **request(aws))[0] == "AccessDeniedException"
    assert refusal(on_arns.list_license_manager_report_generators)[0] == "AccessDeniedException"


def template(license_arn: str, **properties: Any) -> dict[str, Any]:
    return {"Report": {"Type": "AWS::LicenseManager::ReportGenerator", "Properties": {
        "ReportGeneratorName": "monthly", "ReportType": ["LicenseConfigurationSummaryReport"],
        "ReportContext": {"LicenseConfigurationArns": [license_arn]}, "ReportFrequency": {"Period": "MONTH", "Value": 1}, **properties}}}


def test_life_of_the_native_type(aws: LocalAws) -> None:
    stack, license_arn = Stack(aws), create(aws)
    outputs = {name: {"Value": {"Fn::GetAtt": ["Report", name]}} for name in ("Arn", "CreateTime", "ReportCreatorAccount")}
    given = template(license_arn, Description="d", Tags=[{"Key": "team", "Value": "it"}, {"Key": "old", "Value": "1"}])
    assert stack.create({**given, "Outputs": outputs}) == "CREATE_COMPLETE"
    arn = stack.outputs()["Arn"]
    found = read(aws, arn)
    assert stack.outputs() == {"Arn": arn, "CreateTime": found["CreateTime"], "ReportCreatorAccount": aws.account}
    assert {tag["Key"] for tag in found["Tags"]} >= {"team", "old", "aws:cloudformation:stack-name"}

    changed = template(
        license_arn, ReportGeneratorName="audit", ReportType=["LicenseAssetGroupUsageReport"], ReportFrequency={"Period": "ONE_TIME", "Value": "1"},
        ReportContext={"LicenseAssetGroupArns": [GROUP], "ReportStartDate": "2026-01-01T00:00:00Z", "ReportEndDate": "2026-02-01T00:00:00Z"},
        Tags=[{"Key": "team", "Value": "ops"}])
    assert stack.update(changed) == "UPDATE_COMPLETE"
    found = read(aws, arn)
    # What is left out stays.
    assert (found["ReportGeneratorName"], found.get("Description")) == ("audit", "d")
    assert found["ReportContext"]["reportEndDate"] == datetime.fromtimestamp(END, timezone.utc)
    assert {tag["Key"]: tag["Value"] for tag in found["Tags"]}["team"] == "ops"
    assert "old" not in {tag["Key"] for tag in found["Tags"]}
    described = aws.client("cloudcontrol").get_resource(TypeName="AWS::LicenseManager::ReportGenerator", Identifier=arn)
    assert '"ReportStartDate": "2026-01-01T00:00:00Z"' in described["ResourceDescription"]["Properties"]
    assert stack.delete() == "DELETE_COMPLETE"
    assert aws.client("license-manager").list_license_manager_report_generators()["ReportGenerators"] == []


@pytest.mark.parametrize(("properties", "text"), [
    ({"ReportType": ["LicenseUsageReport"]}, "LicenseUsageReport is not a valid enum value"),
    ({"ReportGeneratorName": "n" * 101}, "minLength/maxLength"),
    ({"S3Location": {"Bucket": "own"}}, "extraneous key [S3Location] is not permitted"),
    ({"ReportFrequency": {"Period": "ONE_TIME", "Value": 1}}, "are made every DAY, WEEK or MONTH"),
])
def test_a_template_that_is_refused(aws: LocalAws, properties: dict[str, Any], text: str) -> None:
    stack = Stack(aws)
    assert stack.create(template(create(aws), **properties)) == "ROLLBACK_COMPLETE"
    assert text in "\n".join(stack.reasons("CREATE_FAILED"))


def test_an_update_that_fails_is_rolled_back(aws: LocalAws) -> None:
    stack, license_arn = Stack(aws), create(aws)
    assert stack.create(template(license_arn)) == "CREATE_COMPLETE"
    before = read(aws, stack.resource("Report"))
    assert stack.update(template(license_arn, ReportFrequency={"Period": "DAY", "Value": 2})) == "UPDATE_ROLLBACK_COMPLETE"
    assert read(aws, stack.resource("Report")) == before
