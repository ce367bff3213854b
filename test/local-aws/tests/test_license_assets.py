"""License asset rulesets and groups: rules, AWS-managed rulesets, client tokens, tags, paging, permissions, and the CloudFormation types."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .cloudformation import Stack
from .conftest import LocalAws
from .test_iam import allow, user
from .test_license_configurations import refusal
from .test_seller_issued_licenses import LICENSE

AWS_MANAGED = [
    "Microsoft SQL Server Enterprise Edition", "Microsoft SQL Server Standard Edition", "Microsoft Windows Server Datacenter",
    "Red Hat Enterprise Linux", "SUSE Enterprise Linux", "Ubuntu Pro"]


def match(key: str = "Platform", *values: str, constraint: str = "EQUALS") -> dict[str, Any]:
    return {"KeyToMatch": key, "Constraint": constraint, "ValueToMatch": list(values) or ["Windows"]}


def rule(kind: str = "InstanceRuleStatement", **statement: Any) -> dict[str, Any]:
    return {"RuleStatement": {kind: statement or {"MatchingRuleStatement": match()}}}


def make_ruleset(aws: LocalAws, **values: Any) -> str:
    given = {"Name": "windows", "Rules": [rule()], "ClientToken": str(values), **values}
    return aws.client("license-manager").create_license_asset_ruleset(**given)["LicenseAssetRulesetArn"]


def make_group(aws: LocalAws, *rulesets: str, **values: Any) -> str:
    given = {
        "Name": "windows", "LicenseAssetGroupConfigurations": [{"UsageDimension": "vCPU"}], "AssociatedLicenseAssetRulesetARNs": list(rulesets),
        "ClientToken": str(values), **values}
    return aws.client("license-manager").create_license_asset_group(**given)["LicenseAssetGroupArn"]


def test_life_of_a_ruleset_and_a_group(aws: LocalAws) -> None:
    manager = aws.client("license-manager")
    ruleset = make_ruleset(aws, Description="d", Tags=[{"Key": "team", "Value": "it"}])
    assert re.fullmatch(rf"arn:aws:license-manager:us-east-1:{aws.account}:license-asset-ruleset:lars-[0-9a-f]{{32}}", ruleset)
    assert make_ruleset(aws, Description="d", Tags=[{"Key": "team", "Value": "it"}]) == ruleset, "the same client token"
    group = make_group(aws, ruleset, Properties=[{"Key": "k", "Value": "v"}])
    assert re.fullmatch(rf"arn:aws:license-manager:us-east-1:{aws.account}:license-asset-group:lag-[0-9a-f]{{32}}", group)
    found = manager.get_license_asset_group(LicenseAssetGroupArn=group)["LicenseAssetGroup"]
    assert (found["Status"], found["AssociatedLicenseAssetRulesetARNs"], found["Properties"]) == ("ACTIVE", [ruleset], [{"Key": "k", "Value": "v"}])
    assert manager.list_tags_for_resource(ResourceArn=ruleset)["Tags"] == [{"Key": "team", "Value": "it"}]

    linux = [rule(MatchingRuleStatement=match("Platform", "Linux"))]
    manager.update_license_asset_ruleset(LicenseAssetRulesetArn=ruleset, Name="linux", Rules=linux, ClientToken="u")
    changed = manager.get_license_asset_ruleset(LicenseAssetRulesetArn=ruleset)["LicenseAssetRuleset"]
    assert (changed["Name"], changed["Description"]) == ("linux", "d")
    manager.update_license_asset_group(LicenseAssetGroupArn=group, AssociatedLicenseAssetRulesetARNs=[ruleset], Status="DISABLED", ClientToken="u")
    assert manager.list_license_asset_groups(
        Filters=[{"Name": "LicenseAssetRulesetArn", "Values": [ruleset]}])["LicenseAssetGroups"][0]["Status"] == "DISABLED"

    code, text = refusal(manager.delete_license_asset_ruleset, LicenseAssetRulesetArn=ruleset)
    assert (code, "is associated with license asset groups: windows" in text) == ("InvalidParameterValueException", True)
    assert manager.delete_license_asset_group(LicenseAssetGroupArn=group)["Status"] == "DELETED"
    manager.delete_license_asset_ruleset(LicenseAssetRulesetArn=ruleset)
    assert manager.list_license_asset_rulesets()["LicenseAssetRulesets"] == []
    assert refusal(manager.get_license_asset_group, LicenseAssetGroupArn=group)[0] == "InvalidParameterValueException"


@pytest.mark.parametrize("rules", [
    [rule("LicenseConfigurationRuleStatement", MatchingRuleStatement=match("AccountId", "111122223333"))],
    [rule("LicenseRuleStatement", OrRuleStatement={"MatchingRuleStatements": [
        match("LicenseStatus", "AVAILABLE"), match("HomeRegion", "us-east-1")]})],
    [rule(AndRuleStatement={"MatchingRuleStatements": [match(), match("EC2BillingProduct", "windows-byol", constraint="NOT_EQUALS")]})],
    [rule()] * 5,
])
def test_takes_rules(aws: LocalAws, rules: list[dict[str, Any]]) -> None:
    assert aws.client("license-manager").get_license_asset_ruleset(
        LicenseAssetRulesetArn=make_ruleset(aws, Rules=rules))["LicenseAssetRuleset"]["Rules"] == rules


@pytest.mark.parametrize(("rules", "text"), [
    ([], "has 1 to 5 rules, not 0"),
    ([rule()] * 6, "has 1 to 5 rules, not 6"),
    ([{"RuleStatement": {}}], "A rule statement has exactly one of"),
    ([{"RuleStatement": {**rule()["RuleStatement"], **rule("LicenseRuleStatement")["RuleStatement"]}}], "A rule statement has exactly one of"),
    ([rule(MatchingRuleStatement=match(), AndRuleStatement={"MatchingRuleStatements": [match()]})], "InstanceRuleStatement has exactly one of"),
    ([rule(OrRuleStatement={"MatchingRuleStatements": []})], "OrRuleStatement has no matching rule statements"),
    ([rule(MatchingRuleStatement=match("LicenseStatus", "AVAILABLE"))], "The key 'LicenseStatus' is not valid for InstanceRuleStatement"),
    ([rule("LicenseRuleStatement", MatchingRuleStatement=match())], "The key 'Platform' is not valid for LicenseRuleStatement"),
    ([rule(MatchingRuleStatement=match(constraint="Equals"))], "The constraint 'Equals' is not valid"),
    ([rule(MatchingRuleStatement={**match(), "ValueToMatch": []})], "has at least one value, and each once"),
    ([rule(MatchingRuleStatement=match("AMIId", "ami-1", "ami-1"))], "has at least one value, and each once"),
    ([rule(MatchingRuleStatement=match("Platform", "macOS"))], "'macOS' is not valid for the key 'Platform'"),
])
def test_refuses_rules(aws: LocalAws, rules: list[dict[str, Any]], text: str) -> None:
    code, found = aws.post("CreateLicenseAssetRuleset", {"Name": "n", "Rules": rules, "ClientToken": "t"})
    assert (code, text in found) == ("InvalidParameterValueException", True), found


@pytest.mark.parametrize(("values", "text"), [
    ({"Name": ""}, "must not be empty"),
    ({"Name": "x" * 129}, "Member must have length less than or equal to 128"),
    ({"Description": "x" * 1025}, "Member must have length less than or equal to 1024"),
    ({"LicenseAssetGroupConfigurations": []}, "has one usage dimension"),
    ({"LicenseAssetGroupConfigurations": [{"UsageDimension": "Sockets"}]}, "has one usage dimension"),
    ({"LicenseAssetGroupConfigurations": [{"UsageDimension": "vCPU"}, {"UsageDimension": "Core"}]}, "has one usage dimension"),
    ({"AssociatedLicenseAssetRulesetARNs": []}, "has at least one license asset ruleset"),
    ({"AssociatedLicenseAssetRulesetARNs": ["arn:aws:license-manager:us-east-1:111122223333:license-asset-ruleset:no"]}, "was not found"),
    ({"AssociatedLicenseAssetRulesetARNs": ["arn:aws:license-manager:us-east-1:111122223333:ruleset/no"]}, "is not valid"),
])
def test_refuses_groups(aws: LocalAws, values: dict[str, Any], text: str) -> None:
    given = {
        "Name": "n", "LicenseAssetGroupConfigurations": [{"UsageDimension": "vCPU"}], "ClientToken": "t",
        "AssociatedLicenseAssetRulesetARNs": [make_ruleset(aws)], **values}
    code, found = aws.post("CreateLicenseAssetGroup", given)
    assert (code != "", text in found) == (True, True), found


def test_aws_managed_rulesets_are_listed_when_asked_for_and_cannot_be_changed(aws: LocalAws) -> None:
    manager = aws.client("license-manager")
    own = make_ruleset(aws, Name="own")
    assert [r["Name"] for r in manager.list_license_asset_rulesets()["LicenseAssetRulesets"]] == ["own"]
    listed = manager.list_license_asset_rulesets(ShowAWSManagedLicenseAssetRulesets=True)["LicenseAssetRulesets"]
    assert sorted(r["Name"] for r in listed) == sorted([*AWS_MANAGED, "own"])
    managed = next(r["LicenseAssetRulesetArn"] for r in listed if r["LicenseAssetRulesetArn"] != own)
    assert manager.get_license_asset_group(LicenseAssetGroupArn=make_group(aws, managed, own))["LicenseAssetGroup"]["Status"] == "ACTIVE"
    assert "was not found" in refusal(manager.delete_license_asset_ruleset, LicenseAssetRulesetArn=managed)[1]
    named = manager.list_license_asset_rulesets(
        ShowAWSManagedLicenseAssetRulesets=True, Filters=[{"Name": "Name", "Values": ["Ubuntu Pro"]}])["LicenseAssetRulesets"]
    assert [r["Name"] for r in named] == ["Ubuntu Pro"]


def test_pages(aws: LocalAws) -> None:
    aws.state(settings={"pageSize": 2, "emptyPages": True})
    manager = aws.client("license-manager")
    found, token, pages = [], None, 0
    while pages == 0 or token:
        page = manager.list_license_asset_rulesets(ShowAWSManagedLicenseAssetRulesets=True, **({"NextToken": token} if token else {}))
        found += page["LicenseAssetRulesets"]
        token, pages = page.get("NextToken"), pages + 1
    assert (len(found), pages) == (6, 4)


INSTANCE = "arn:aws:ec2:{}:{}:instance/i-0123456789abcdef{}"


def assets(aws: LocalAws, group: str, kind: str = "Instance") -> list[str]:
    ask = aws.client("license-manager").list_assets_for_license_asset_group
    return [each["AssetArn"] for each in ask(LicenseAssetGroupArn=group, AssetType=kind)["Assets"]]


def discover(aws: LocalAws, *regions: str) -> None:
    aws.client("license-manager").update_service_settings(EnabledDiscoverySourceRegions=list(regions))


def seed_instances(aws: LocalAws, region: str, **states: str) -> dict[str, str]:
    found = {name: INSTANCE.format(region, aws.account, number) for number, name in enumerate(states)}
    LocalAws(aws.endpoint, aws.account, region).state(resources=[{"arn": found[name], "state": state} for name, state in states.items()])
    return found


def test_discovers_instances_in_the_source_regions(aws: LocalAws) -> None:
    group = make_group(aws, make_ruleset(aws))
    here = seed_instances(aws, "us-east-1", one="running", two="stopped", gone="terminated")
    there = seed_instances(aws, "eu-west-1", one="running")
    image = {"arn": "arn:aws:ec2:us-east-1::image/ami-0123456789abcdef0"}
    aws.state(resources=[image])
    assert assets(aws, group) == []
    discover(aws, "us-east-1")
    assert assets(aws, group) == [here["one"], here["two"]]
    discover(aws, "us-east-1", "eu-west-1")
    assert sorted(assets(aws, group)) == sorted([here["one"], here["two"], there["one"]])
    discover(aws, "ap-south-1")
    assert assets(aws, group) == []


def test_discovers_the_instances_of_ec2(aws: LocalAws) -> None:
    ec2 = aws.client("ec2", region="eu-west-1")
    one, two = (each["InstanceId"] for each in ec2.run_instances(ImageId="ami-0abcdef1234567890", MinCount=2, MaxCount=2)["Instances"])
    ec2.terminate_instances(InstanceIds=[two])
    discover(aws, "eu-west-1")
    assert assets(aws, make_group(aws, make_ruleset(aws))) == [f"arn:aws:ec2:eu-west-1:{aws.account}:instance/{one}"]


def test_the_settings_of_the_groups_region_count(aws: LocalAws) -> None:
    seed_instances(aws, "us-east-1", one="running")
    elsewhere = LocalAws(aws.endpoint, aws.account, "eu-west-1")
    discover(elsewhere, "us-east-1")
    assert len(assets(elsewhere, make_group(elsewhere, make_ruleset(elsewhere)))) == 1
    assert assets(aws, make_group(aws, make_ruleset(aws))) == []


def test_discovers_licenses(aws: LocalAws) -> None:
    group, configurations, licenses = make_group(aws, make_ruleset(aws)), {}, {}
    for region in ("us-east-1", "eu-west-1"):
        client = aws.client("license-manager", region=region)
        configurations[region] = client.create_license_configuration(Name="n", LicenseCountingType="vCPU")["LicenseConfigurationArn"]
        licenses[region] = client.create_license(**{**LICENSE, "HomeRegion": region, "ClientToken": region})["LicenseArn"]
    discover(aws, "eu-west-1")
    assert assets(aws, group, "LicenseConfiguration") == [configurations["eu-west-1"]]
    assert assets(aws, group, "License") == [licenses["eu-west-1"]]
    aws.client("license-manager", region="eu-west-1").delete_license(LicenseArn=licenses["eu-west-1"], SourceVersion="1")
    assert assets(aws, group, "License") == []


def test_pages_of_assets(aws: LocalAws) -> None:
    group, client = make_group(aws, make_ruleset(aws)), aws.client("license-manager")
    seed_instances(aws, "us-east-1", one="running", two="running", three="running")
    discover(aws, "us-east-1")
    first = client.list_assets_for_license_asset_group(LicenseAssetGroupArn=group, AssetType="Instance", MaxResults=2)
    assert (len(first["Assets"]), "LatestAssetDiscoveryTime" in first["Assets"][0]) == (2, True)
    second = client.list_assets_for_license_asset_group(LicenseAssetGroupArn=group, AssetType="Instance", NextToken=first["NextToken"])
    assert (len(second["Assets"]), "NextToken" in second) == (1, False)


def test_refuses_what_has_no_assets(aws: LocalAws) -> None:
    group, ask = make_group(aws, make_ruleset(aws)), aws.client("license-manager").list_assets_for_license_asset_group
    assert refusal(ask, LicenseAssetGroupArn=group, AssetType="Instances")[0] == "InvalidParameterValueException"
    assert refusal(ask, LicenseAssetGroupArn=f"{group}0", AssetType="Instance")[0] == "InvalidParameterValueException"
    assert refusal(ask, LicenseAssetGroupArn=group)[0] == "ValidationException"
    aws.fault("ListAssetsForLicenseAssetGroup", "throttle")
    assert refusal(ask, LicenseAssetGroupArn=group, AssetType="Instance")[0] == "RateLimitExceededException"


def test_permissions(endpoint_with_iam: str) -> None:
    aws = LocalAws(endpoint_with_iam, account="100000000999")
    ruleset = make_ruleset(aws)
    arn = "arn:aws:license-manager:us-east-1"
    manager = aws.client("license-manager", **user(aws, allow(["license-manager:ListLicenseAssetRulesets"], f"{arn}:*:license-asset-ruleset:*"),
                                                   allow(["license-manager:CreateLicenseAssetGroup"], ruleset)))
    assert manager.list_license_asset_rulesets()["LicenseAssetRulesets"][0]["LicenseAssetRulesetArn"] == ruleset
    given = {"Name": "n", "LicenseAssetGroupConfigurations": [{"UsageDimension": "vCPU"}], "ClientToken": "t"}
    manager.create_license_asset_group(**given, AssociatedLicenseAssetRulesetARNs=[ruleset])
    assert refusal(manager.create_license_asset_group, **given, AssociatedLicenseAssetRulesetARNs=[f"{ruleset}x"])[0] == "AccessDeniedException"
    assert refusal(manager.list_license_asset_groups)[0] == "AccessDeniedException"


def template(dimension: str = "vCPU", **values: Any) -> dict[str, Any]:
    return {
        "RuleSet": {"Type": "AWS::LicenseManager::LicenseAssetRuleSet", "Properties": {
            "Name": values.pop("Name", "windows"), "Rules": [rule()], **values.pop("RuleSet", {})}},
        "Group": {"Type": "AWS::LicenseManager::LicenseAssetGroup", "Properties": {
            "Name": "windows", "LicenseAssetGroupConfigurations": [{"UsageDimension": dimension}],
            "AssociatedLicenseAssetRulesetARNs": [{"Ref": "RuleSet"}], **values}}}


def test_the_cloudformation_types(aws: LocalAws) -> None:
    manager, stack = aws.client("license-manager"), Stack(aws)
    outputs = {"Outputs": {
        "Arn": {"Value": {"Fn::GetAtt": ["Group", "LicenseAssetGroupArn"]}},
        "RuleSet": {"Value": {"Fn::GetAtt": ["RuleSet", "LicenseAssetRulesetArn"]}}}}
    given = template(Description="d", Properties=[{"Key": "k", "Value": "v"}], Tags=[{"Key": "team", "Value": "it"}])
    assert stack.create({**given, **outputs}) == "CREATE_COMPLETE"
    group, ruleset = stack.resource("Group"), stack.resource("RuleSet")
    assert stack.outputs() == {"Arn": group, "RuleSet": ruleset}
    assert {"Key": "team", "Value": "it"} in manager.list_tags_for_resource(ResourceArn=group)["Tags"]

    assert stack.update(template(Name="renamed")) == "UPDATE_COMPLETE"
    found = manager.get_license_asset_group(LicenseAssetGroupArn=group)["LicenseAssetGroup"]
    # What is left out stays.
    assert (found["Description"], found["Properties"]) == ("d", [{"Key": "k", "Value": "v"}])
    assert stack.update(template(Name="renamed", Description="", Properties=[])) == "UPDATE_COMPLETE"
    found = manager.get_license_asset_group(LicenseAssetGroupArn=group)["LicenseAssetGroup"]
    assert ("Description" in found, found["Properties"]) == (False, [])
    assert manager.get_license_asset_ruleset(LicenseAssetRulesetArn=ruleset)["LicenseAssetRuleset"]["Name"] == "renamed"
    assert "team" not in [tag["Key"] for tag in manager.list_tags_for_resource(ResourceArn=group)["Tags"]]

    assert stack.update(template("Core", Name="renamed")) == "UPDATE_COMPLETE"
    assert (stack.resource("Group") != group, stack.resource("RuleSet")) == (True, ruleset)
    assert [g["LicenseAssetGroupArn"] for g in manager.list_license_asset_groups()["LicenseAssetGroups"]] == [stack.resource("Group")]

    listed = aws.client("cloudcontrol").list_resources(TypeName="AWS::LicenseManager::LicenseAssetGroup")["ResourceDescriptions"]
    assert [resource["Identifier"] for resource in listed] == [stack.resource("Group")]
    assert stack.delete() == "DELETE_COMPLETE"
    assert (manager.list_license_asset_groups()["LicenseAssetGroups"], manager.list_license_asset_rulesets()["LicenseAssetRulesets"]) == ([], [])


def test_a_refused_group_takes_its_ruleset_along(aws: LocalAws) -> None:
    stack = Stack(aws)
    assert stack.create(template("Sockets")) == "ROLLBACK_COMPLETE"
    assert "has one usage dimension" in stack.reasons("CREATE_FAILED")[0]
    assert aws.client("license-manager").list_license_asset_rulesets()["LicenseAssetRulesets"] == []
