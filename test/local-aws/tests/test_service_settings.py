"""The service settings of License Manager: of an account and Region, and what linking the organization does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import LocalAws
from .test_iam import allow, user
from .test_license_configurations import create, refusal
from .test_organizations import CORE, organization, trusted

MEMBER_ROLE, MASTER_ROLE = "license-manager.member-account.amazonaws.com", "license-manager.master-account.amazonaws.com"
NOTHING = {"OrganizationConfiguration": {"EnableIntegration": False}, "EnableCrossAccountsDiscovery": False}
LINK = {"OrganizationConfiguration": {"EnableIntegration": True}}


def update(aws: LocalAws, **values: Any) -> None:
    aws.client("license-manager").update_service_settings(**values)


def refused(aws: LocalAws, **values: Any) -> tuple[str, str]:
    """What is refused, changes nothing."""
    before = read(aws)
    found = refusal(update, aws, **values)
    assert read(aws) == before
    return found


def read(aws: LocalAws) -> dict[str, Any]:
    found = aws.client("license-manager").get_service_settings()
    return {name: value for name, value in found.items() if name != "ResponseMetadata"}


def make_bucket(aws: LocalAws, name: str = "") -> str:
    name = name or f"aws-license-manager-service-{aws.account}"
    location = {} if aws.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": aws.region}}
    aws.client("s3").create_bucket(Bucket=name, **location)
    return f"arn:aws:s3:::{name}"


def make_topic(aws: LocalAws, name: str = "aws-license-manager-service-alerts") -> str:
    return aws.client("sns").create_topic(Name=name)["TopicArn"]


def roles(aws: LocalAws) -> list[str]:
    return aws.control("GET", f"state?account={aws.account}")["settings"]["serviceLinkedRoles"]


def test_nobody_has_set_anything(aws: LocalAws) -> None:
    assert read(aws) == NOTHING


def test_what_is_omitted_stays(aws: LocalAws) -> None:
    bucket, topic = make_bucket(aws), make_topic(aws)
    update(aws, S3BucketArn=bucket)
    assert read(aws) == {**NOTHING, "S3BucketArn": bucket}
    update(aws, SnsTopicArn=topic)
    update(aws)
    assert read(aws) == {**NOTHING, "S3BucketArn": bucket, "SnsTopicArn": topic}
    other = make_bucket(aws, f"aws-license-manager-service-{aws.account}-2")
    update(aws, S3BucketArn=other)
    assert read(aws)["S3BucketArn"] == other


def test_each_region_has_its_own(aws: LocalAws) -> None:
    there = LocalAws(aws.endpoint, aws.account, "eu-west-1")
    bucket = make_bucket(there)
    assert refused(aws, S3BucketArn=bucket)[0] == "InvalidParameterValueException"
    update(there, S3BucketArn=bucket, SnsTopicArn=make_topic(there))
    assert (read(there)["S3BucketArn"], read(aws)) == (bucket, NOTHING)


def test_what_somebody_set_before(aws: LocalAws) -> None:
    aws.state(settings={"serviceSettings": {"S3BucketArn": "arn:aws:s3:::aws-license-manager-service-old", "EnableCrossAccountsDiscovery": True}})
    topic = make_topic(aws)
    update(aws, SnsTopicArn=topic)
    assert read(aws) == {
        **NOTHING, "S3BucketArn": "arn:aws:s3:::aws-license-manager-service-old", "EnableCrossAccountsDiscovery": True, "SnsTopicArn": topic}
    assert aws.control("GET", f"state?account={aws.account}")["settings"]["serviceSettings"]["SnsTopicArn"] == topic


def test_report_generators_write_to_the_bucket(aws: LocalAws) -> None:
    bucket = make_bucket(aws)
    update(aws, S3BucketArn=bucket)
    arn = aws.client("license-manager").create_license_manager_report_generator(
        ReportGeneratorName="r", Type=["LicenseConfigurationSummaryReport"], ReportContext={"licenseConfigurationArns": [create(aws)]},
        ReportFrequency={"value": 1, "period": "DAY"}, ClientToken="1")["LicenseManagerReportGeneratorArn"]
    found = aws.client("license-manager").get_license_manager_report_generator(LicenseManagerReportGeneratorArn=arn)
    assert found["ReportGenerator"]["S3Location"]["bucket"] == bucket.rpartition(":")[2]


@pytest.mark.parametrize("name", ["reports", "aws-license-manager-services", "my-aws-license-manager-service-1", "aws-license-manager-service-"])
def test_a_bucket_of_another_name(aws: LocalAws, name: str) -> None:
    code, text = refused(aws, S3BucketArn=f"arn:aws:s3:::{name}")
    assert (code, "has to begin with aws-license-manager-service-" in text) == ("InvalidParameterValueException", True)


@pytest.mark.parametrize("arn", [
    "arn:aws:s3:::aws-license-manager-service-missing", "arn:aws-cn:s3:::aws-license-manager-service-1", "aws-license-manager-service-1", "",
    "arn:aws:s3:::aws-license-manager-service-1/key"])
def test_a_bucket_that_is_not_there_or_none(aws: LocalAws, arn: str) -> None:
    assert refused(aws, S3BucketArn=arn)[0] == "InvalidParameterValueException"


def test_a_topic_of_another_name_account_or_region(aws: LocalAws) -> None:
    make_topic(aws)
    make_topic(aws, "alerts")
    for arn in (
        f"arn:aws:sns:us-east-1:{aws.account}:alerts", f"arn:aws:sns:us-east-1:{aws.account}:aws-license-manager-service-missing",
        f"arn:aws:sns:us-east-1:{aws.account}:aws-license-manager-service-", f"arn:aws:sns:eu-west-1:{aws.account}:aws-license-manager-service-alerts",
        "arn:aws:sns:us-east-1:222233334444:aws-license-manager-service-alerts", f"arn:aws-cn:sns:us-east-1:{aws.account}:aws-license-manager-service-alerts",
        "aws-license-manager-service-alerts", "",
    ):
        assert refused(aws, SnsTopicArn=arn)[0] == "InvalidParameterValueException"
    update(aws, SnsTopicArn=f"arn:aws:sns:us-east-1:{aws.account}:aws-license-manager-service-alerts")


def test_nothing_is_done_when_a_part_is_refused(aws: LocalAws) -> None:
    organization(aws)
    assert refused(aws, S3BucketArn=make_bucket(aws), SnsTopicArn="x", **LINK)[0] == "InvalidParameterValueException"
    assert trusted(aws) == []


def test_discovery_in_other_regions_is_read_back_under_other_names(aws: LocalAws) -> None:
    update(aws, EnabledDiscoverySourceRegions=["eu-west-1", "us-east-1"])
    found = read(aws)
    assert sorted(found["CrossRegionDiscoverySourceRegions"]) == ["eu-west-1", "us-east-1"]
    assert found["CrossRegionDiscoveryHomeRegion"] == "us-east-1"
    assert set(found["ServiceStatus"]["CrossRegionDiscovery"]["Message"]) == {"eu-west-1", "us-east-1"}
    assert "EnabledDiscoverySourceRegions" not in found
    update(aws, EnabledDiscoverySourceRegions=["us-gov-west-1"])
    assert read(aws)["CrossRegionDiscoverySourceRegions"] == ["us-gov-west-1"]


@pytest.mark.parametrize("regions", [[], ["us-east-1", "us-east-1"], ["Ireland"], ["us-east-1", ""]])
def test_source_regions_that_are_refused(aws: LocalAws, regions: list[str]) -> None:
    assert refused(aws, EnabledDiscoverySourceRegions=regions)[0] == "InvalidParameterValueException"


def test_linking_the_organization(aws: LocalAws) -> None:
    first, second = organization(aws, serviceLinkedRoles=[CORE])
    for member in (first, second):
        member.state(settings={"serviceLinkedRoles": []})
    update(aws, **LINK)
    found = read(aws)
    assert found["OrganizationConfiguration"] == {"EnableIntegration": True}
    assert found["EnableCrossAccountsDiscovery"] is False
    assert trusted(aws) == [CORE, MEMBER_ROLE]
    assert roles(aws) == [CORE, MASTER_ROLE, MEMBER_ROLE]
    assert roles(first) == roles(second) == [CORE, MEMBER_ROLE]
    (share,) = aws.client("ram").get_resource_shares(
        resourceOwner="SELF", tagFilters=[{"tagKey": "Service", "tagValues": ["LicenseManager"]}])["resourceShares"]
    assert (share["resourceShareArn"], share["name"], share["status"]) == (
        found["LicenseManagerResourceShareArn"], f"licenseManagerResourceShare-{aws.account}", "ACTIVE")
    # Again, and it is the same share.
    update(aws, **LINK)
    assert read(aws) == found


def test_taking_the_organization_off(aws: LocalAws) -> None:
    organization(aws)
    update(aws, OrganizationConfiguration={"EnableIntegration": False})
    assert read(aws) == NOTHING
    update(aws, **LINK)
    update(aws, OrganizationConfiguration={"EnableIntegration": False})
    assert (read(aws), trusted(aws)) == (NOTHING, [CORE, MEMBER_ROLE])
    assert [share["status"] for share in aws.client("ram").get_resource_shares(resourceOwner="SELF")["resourceShares"]] == ["DELETED"]


def test_each_region_is_linked_for_itself(aws: LocalAws) -> None:
    organization(aws)
    update(aws, **LINK)
    assert read(LocalAws(aws.endpoint, aws.account, "eu-west-1")) == NOTHING


def test_who_cannot_link(aws: LocalAws) -> None:
    assert refused(aws, **LINK)[0] == "InvalidParameterValueException"
    first, _ = organization(aws, organizationFeatures="CONSOLIDATED_BILLING")
    assert refused(first, **LINK)[0] == "AccessDeniedException"
    assert refused(first, EnableCrossAccountsDiscovery=True)[0] == "AccessDeniedException"
    assert refused(aws, **LINK) == ("InvalidParameterValueException", "All features of the organization have to be enabled.")
    aws.state(settings={"organizationFeatures": "ALL"})
    update(aws, **LINK)


def test_cross_account_discovery_links_and_stays(aws: LocalAws) -> None:
    organization(aws)
    assert refused(aws, EnableCrossAccountsDiscovery=False)[0] == "InvalidParameterValueException"
    assert refused(aws, EnableCrossAccountsDiscovery=True, OrganizationConfiguration={"EnableIntegration": False})[0] == (
        "InvalidParameterValueException")
    update(aws, EnableCrossAccountsDiscovery=True)
    found = read(aws)
    assert (found["EnableCrossAccountsDiscovery"], found["OrganizationConfiguration"]["EnableIntegration"]) == (True, True)
    assert "LicenseManagerResourceShareArn" in found
    assert refused(aws, EnableCrossAccountsDiscovery=False) == ("InvalidParameterValueException", "Cross-account discovery cannot be turned off.")
    assert refused(aws, OrganizationConfiguration={"EnableIntegration": False})[0] == "InvalidParameterValueException"


@pytest.mark.parametrize(("parameters", "code"), [
    ({"S3BucketArn": 1}, "SerializationException"), ({"EnableCrossAccountsDiscovery": "true"}, "SerializationException"),
    ({"CrossRegionDiscoverySourceRegions": ["us-east-1"]}, "ValidationException"), ({"OrganizationConfiguration": {}}, "ValidationException"),
])
def test_what_the_model_refuses(aws: LocalAws, parameters: dict[str, Any], code: str) -> None:
    assert aws.post("UpdateServiceSettings", parameters)[0] == code
    assert read(aws) == NOTHING


def test_a_conflict_comes_from_a_fault_only(aws: LocalAws) -> None:
    aws.fault("UpdateServiceSettings", "conflict")
    assert refused(aws, EnabledDiscoverySourceRegions=["us-east-1"])[0] == "ConflictException"
    update(aws, EnabledDiscoverySourceRegions=["us-east-1"])


@pytest.fixture
def managed(endpoint_with_iam: str) -> Iterator[LocalAws]:
    aws = LocalAws(endpoint_with_iam)
    aws.state(settings={"organizationManagementAccount": aws.account, "organizationAccounts": ["222233334444"]})
    yield aws
    aws.state(settings={
        "organizationManagementAccount": "", "organizationAccounts": [], "organizationServiceAccess": [], "serviceSettings": {}})


ROLES = "arn:aws:iam::111122223333:role/aws-service-role"
NEEDED = [
    allow("license-manager:UpdateServiceSettings", "*"), allow("organizations:DescribeOrganization", "*"),
    allow("organizations:EnableAWSServiceAccess", "*", Condition={"StringEquals": {"organizations:ServicePrincipal": [CORE, MEMBER_ROLE]}}),
    allow("iam:CreateServiceLinkedRole", [f"{ROLES}/{MASTER_ROLE}/*", f"{ROLES}/{MEMBER_ROLE}/*"],
          Condition={"StringEquals": {"iam:AWSServiceName": [MASTER_ROLE, MEMBER_ROLE]}}),
]


@pytest.mark.parametrize("parameters", [LINK, {"EnableCrossAccountsDiscovery": True}])
def test_linking_takes_the_permissions_of_the_caller(managed: LocalAws, parameters: dict[str, Any]) -> None:
    managed.client("license-manager", **user(managed, *NEEDED)).update_service_settings(**parameters)
    actions = [
        "license-manager:UpdateServiceSettings", "organizations:DescribeOrganization", "organizations:EnableAWSServiceAccess",
        "iam:CreateServiceLinkedRole"]
    for index, action in enumerate(actions):
        client = managed.client("license-manager", **user(managed, *(each for n, each in enumerate(NEEDED) if n != index)))
        code, text = refusal(client.update_service_settings, **parameters)
        assert (code, f"is not authorized to perform: {action} on resource: " in text) == ("AccessDeniedException", True)


@pytest.mark.parametrize(("old", "new"), [(MEMBER_ROLE, "ram.amazonaws.com"), (MASTER_ROLE, CORE)])
def test_the_permissions_are_for_each_of_the_services(managed: LocalAws, old: str, new: str) -> None:
    statements = json.loads(json.dumps(NEEDED).replace(old, new))
    client = managed.client("license-manager", **user(managed, *statements))
    assert refusal(client.update_service_settings, **LINK)[0] == "AccessDeniedException"


def test_all_else_takes_one_permission(managed: LocalAws) -> None:
    client = managed.client("license-manager", **user(managed, NEEDED[0]))
    client.update_service_settings(EnabledDiscoverySourceRegions=["us-east-1"], OrganizationConfiguration={"EnableIntegration": False})
    on_arns = managed.client("license-manager", **user(managed, allow("license-manager:UpdateServiceSettings", "arn:aws:license-manager:*:*:*")))
    assert refusal(on_arns.update_service_settings)[0] == "AccessDeniedException"
