"""License configurations: validation, rules, products, quotas, paging, tags, and the state of an account and Region."""

from __future__ import annotations

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import LocalAws


def create(aws: LocalAws, **values: Any) -> str:
    given = {"Name": "example", "LicenseCountingType": "Core", **values}
    return aws.client("license-manager").create_license_configuration(**given)["LicenseConfigurationArn"]


def refusal(call: Any, *args: Any, **kwargs: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(*args, **kwargs)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


def test_the_guides_operating_system_license(aws: LocalAws) -> None:
    rules = ["#minimumCores=8", "#maximumCores=16", "#allowedTenancy=EC2-DedicatedHost"]
    arn = create(aws, LicenseCount=96, LicenseCountHardLimit=True, LicenseRules=rules, Tags=[{"Key": "team", "Value": "it"}])
    assert re.fullmatch(rf"arn:aws:license-manager:us-east-1:{aws.account}:license-configuration:lic-[0-9a-f]{{32}}", arn)
    got = aws.client("license-manager").get_license_configuration(LicenseConfigurationArn=arn)
    assert got["LicenseRules"] == rules
    assert (got["LicenseCount"], got["LicenseCountHardLimit"], got["ConsumedLicenses"]) == (96, True, 0)
    assert (got["Status"], got["OwnerAccountId"], got["Tags"]) == ("AVAILABLE", aws.account, [{"Key": "team", "Value": "it"}])
    assert "Description" not in got


@pytest.mark.parametrize(("values", "code", "text"), [
    ({"Name": None}, "InvalidParameterValueException", "Value null at 'name' failed to satisfy constraint: Member must not be null"),
    ({"LicenseCountingType": "Cpu"}, "InvalidParameterValueException",
     "Member must satisfy enum value set: [vCPU, Instance, Core, Socket]"),
    ({"LicenceCount": 3}, "InvalidParameterValueException", "Unknown parameter(s) in CreateLicenseConfiguration: LicenceCount"),
    ({"LicenseCount": "3"}, "SerializationException", "STRING_VALUE cannot be converted to Long"),
    ({"LicenseCount": True}, "SerializationException", "expected NUMBER_VALUE"),
    ({"LicenseCountHardLimit": "true"}, "SerializationException", "STRING_VALUE cannot be converted to Boolean"),
    ({"Name": ""}, "InvalidParameterValueException", "must not be empty"),
    ({"LicenseCount": -1}, "InvalidParameterValueException", "The license count -1 is not valid"),
    ({"LicenseCountHardLimit": True}, "InvalidParameterValueException", "A hard limit needs a license count"),
    ({"LicenseRules": ["minimumCores=8"]}, "InvalidParameterValueException", "The syntax is #name=value"),
    ({"LicenseRules": ["#minimumVcpus=8"]}, "InvalidParameterValueException", "is not valid for the license counting type Core"),
    ({"LicenseRules": ["#minimumCores=0"]}, "InvalidParameterValueException", "is not a positive number"),
    ({"LicenseRules": ["#minimumCores=8", "#minimumCores=9"]}, "InvalidParameterValueException", "more than once"),
    ({"LicenseRules": ["#minimumCores=9", "#maximumCores=8"]}, "InvalidParameterValueException", "must not be greater than maximumCores"),
    ({"LicenseRules": ["#licenseAffinityToHost=181"]}, "InvalidParameterValueException", "The range is 1 to 180 days"),
    ({"LicenseRules": ["#allowedTenancy=EC2-Default"]}, "InvalidParameterValueException", "requires Dedicated Hosts"),
    ({"LicenseCountingType": "vCPU", "LicenseRules": ["#allowedTenancy=EC2-Default, EC2-DedicatedHost"]},
     "InvalidParameterValueException", "of license rule allowedTenancy is not valid"),
    ({"LicenseCountingType": "vCPU", "LicenseRules": ["#honorVcpuOptimization=true"]}, "InvalidParameterValueException", "True, False"),
    ({"LicenseCountingType": "vCPU", "LicenseRules": ["#licenseAffinityToHost=3"]}, "InvalidParameterValueException", "is not valid for"),
])
def test_refuses(aws: LocalAws, values: dict[str, Any], code: str, text: str) -> None:
    given = {k: v for k, v in {"Name": "n", "LicenseCountingType": "Core", **values}.items() if v is not None}
    found = aws.post("CreateLicenseConfiguration", given)
    assert found[0] == code
    assert text in found[1]


@pytest.mark.parametrize(("counting_type", "rules"), [
    ("Instance", ["#minimumCores=1", "#maximumSockets=2", "#minimumVcpus=4", "#allowedTenancy=EC2-Default,EC2-DedicatedHost"]),
    ("Socket", ["#minimumSockets=1", "#licenseAffinityToHost=180"]),
    ("vCPU", ["#honorVcpuOptimization=True", "#maximumVcpus=8"]),
])
def test_rules_of_a_counting_type(aws: LocalAws, counting_type: str, rules: list[str]) -> None:
    create(aws, LicenseCountingType=counting_type, LicenseRules=rules)


def rds(**values: Any) -> dict[str, Any]:
    product = {"ResourceType": "RDS", "ProductInformationFilterList": [
        {"ProductInformationFilterName": "Engine Edition", "ProductInformationFilterComparator": "EQUALS",
         "ProductInformationFilterValue": ["oracle-ee"]}]}
    return {"LicenseCountingType": "vCPU", "ProductInformationList": [product], **values}


@pytest.mark.parametrize(("values", "text"), [
    (rds(LicenseCountingType="Core"), "counted by vCPU"),
    (rds(LicenseRules=["#maximumVcpus=8"]), "License rules are not supported"),
    (rds(LicenseCount=1, LicenseCountHardLimit=True), "hard limit is not supported"),
    (rds(ProductInformationList=rds()["ProductInformationList"] * 2), "cannot share a license configuration"),
])
def test_restrictions_of_rds(aws: LocalAws, values: dict[str, Any], text: str) -> None:
    create(aws, **rds(LicenseCount=4))
    assert text in refusal(aws.client("license-manager").create_license_configuration, Name="n", **values)[1]


def product_filter(name: str, comparator: str = "EQUALS", values: list[str] | None = None) -> list[dict[str, Any]]:
    entry = {"ProductInformationFilterName": name, "ProductInformationFilterComparator": comparator}
    return [{"ResourceType": "SSM_MANAGED", "ProductInformationFilterList": [
        {**entry, **({} if values is None else {"ProductInformationFilterValue": values})}]}]


def test_product_filters(aws: LocalAws) -> None:
    create(aws, ProductInformationList=product_filter("Tag:stage", "NOT_EQUALS"))
    create(aws, ProductInformationList=product_filter("License Included", "NOT_EQUALS", ["sql-server-web"]))
    client = aws.client("license-manager")
    for products, text in (
        (product_filter("Application", values=["x"]), "Filter 'Application' is not valid"),
        (product_filter("Application Name", "CONTAINS", ["x"]), "Comparator 'CONTAINS' is not valid"),
        (product_filter("Application Name"), "needs a value"),
        (product_filter("AccountId", "NOT_EQUALS", ["12"]), "12 digits"),
        (product_filter("License Included", values=["oracle"]), "Value 'oracle' is not valid"),
    ):
        found = refusal(
            client.create_license_configuration, Name="n", LicenseCountingType="Core", ProductInformationList=products)
        assert text in found[1]


def test_update_changes_what_was_given_and_no_rule(aws: LocalAws) -> None:
    client = aws.client("license-manager")
    arn = create(aws, LicenseRules=["#minimumCores=8"], Description="before")
    client.update_license_configuration(
        LicenseConfigurationArn=arn, LicenseCount=0, LicenseRules=["#minimumCores=8", "#licenseAffinityToHost=90"])
    got = client.get_license_configuration(LicenseConfigurationArn=arn)
    assert (got["LicenseCount"], got["Description"], len(got["LicenseRules"])) == (0, "before", 2)
    code, text = refusal(client.update_license_configuration, LicenseConfigurationArn=arn, LicenseRules=["#minimumCores=9"])
    assert (code, "cannot be changed" in text) == ("InvalidParameterValueException", True)
    assert "Unknown parameter" in aws.post("UpdateLicenseConfiguration", {"LicenseConfigurationArn": arn, "LicenseCountingType": "vCPU"})[1]


def test_names_are_not_unique_and_the_quota_is_settable(aws: LocalAws) -> None:
    aws.state(settings={"licenseConfigurationsPerRegion": 2})
    create(aws)
    create(aws)
    found = refusal(aws.client("license-manager").create_license_configuration, Name="example", LicenseCountingType="Core")
    assert found[0] == "ResourceLimitExceededException"
    aws.client("license-manager", region="eu-west-1").create_license_configuration(Name="example", LicenseCountingType="Core")


def test_accounts_and_regions_do_not_see_each_other(aws: LocalAws) -> None:
    arn = create(aws)
    for other in (aws.client("license-manager", account="999999999999"), aws.client("license-manager", region="eu-west-1")):
        assert refusal(other.get_license_configuration, LicenseConfigurationArn=arn)[0] == "InvalidParameterValueException"
        assert other.list_license_configurations()["LicenseConfigurations"] == []
    assert "is not valid" in refusal(
        aws.client("license-manager").get_license_configuration, LicenseConfigurationArn=arn.replace(":lic-", "/lic-"))[1]


def test_pages_and_an_empty_page_with_a_token(aws: LocalAws) -> None:
    arns = [create(aws, Name=f"n{i}") for i in range(5)]
    aws.state(settings={"pageSize": 2, "emptyPages": True})
    client = aws.client("license-manager")
    pages, token = [], None
    while True:
        answer = client.list_license_configurations(**({"NextToken": token} if token else {}))
        pages.append([c["LicenseConfigurationArn"] for c in answer["LicenseConfigurations"]])
        token = answer.get("NextToken")
        if token is None:
            break
    assert [len(page) for page in pages] == [0, 2, 2, 1]
    assert [arn for page in pages for arn in page] == arns
    assert refusal(client.list_license_configurations, NextToken="x")[0] == "InvalidParameterValueException"


def test_tags(aws: LocalAws) -> None:
    client = aws.client("license-manager")
    arn = create(aws)
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    client.untag_resource(ResourceArn=arn, TagKeys=["a"])
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    assert refusal(client.tag_resource, ResourceArn=arn, Tags=[{"Key": "aws:x", "Value": ""}])[0] == "ValidationException"


def test_delete(aws: LocalAws) -> None:
    client = aws.client("license-manager")
    arn = create(aws)
    client.delete_license_configuration(LicenseConfigurationArn=arn)
    assert refusal(client.delete_license_configuration, LicenseConfigurationArn=arn)[0] == "InvalidParameterValueException"


def test_unknown_operation_and_service_settings(aws: LocalAws) -> None:
    assert aws.client("license-manager").get_service_settings()["OrganizationConfiguration"] == {"EnableIntegration": False}
    assert refusal(aws.client("license-manager").list_license_versions, LicenseArn="arn:aws:license-manager::111122223333:license:l-0123456789abcdef0123456789abcdef")[0] == "UnknownOperationException"
