"""Groups of Dedicated Hosts: the API, the type, launches into them, and what becomes of their hosts."""

from __future__ import annotations

import urllib.error
from typing import Any

import pytest

from .cloudformation import Stack
from .conftest import LocalAws
from .test_license_configurations import create, refusal

HOST = {"AvailabilityZone": "us-east-1a", "InstanceFamily": "m5", "Quantity": 1}
LAUNCH = {"ImageId": "ami-0123456789abcdef0", "InstanceType": "m5.xlarge", "MinCount": 1, "MaxCount": 1}
GENERIC = {"Type": "AWS::ResourceGroups::Generic", "Parameters": [
    {"Name": "allowed-resource-types", "Values": ["AWS::EC2::Host"]}, {"Name": "deletion-protection", "Values": ["UNLESS_EMPTY"]}]}
NOT_REQUIRED = {"instance-launch-option": ["LICENSE_CONFIGURATION_NOT_REQUIRED"]}
ANY = {"any-host-based-license-configuration": ["true"]}


def only(*arns: str) -> dict[str, list[str]]:
    return {"allowed-host-based-license-configurations": list(arns)}


def configuration(parameters: dict[str, list[str]]) -> list[dict[str, Any]]:
    return [{"Type": "AWS::EC2::HostManagement", "Parameters": [{"Name": name, "Values": values} for name, values in parameters.items()]}, GENERIC]


def make(aws: LocalAws, name: str = "hosts", **parameters: list[str]) -> str:
    given = {key.replace("_", "-"): value for key, value in parameters.items()} or ANY
    group = aws.client("resource-groups").create_group(Name=name, Configuration=configuration(given))["Group"]
    return str(group["GroupArn"])


def host_arn(aws: LocalAws, **options: Any) -> str:
    host = aws.client("ec2").allocate_hosts(**{**HOST, **options})["HostIds"][0]
    return f"arn:aws:ec2:us-east-1:{aws.account}:dedicated-host/{host}"


def hosts_of(aws: LocalAws, name: str = "hosts") -> list[str]:
    return [it["Identifier"]["ResourceArn"] for it in aws.client("resource-groups").list_group_resources(Group=name)["Resources"]]


def test_life_of_a_group(aws: LocalAws) -> None:
    client = aws.client("resource-groups")
    arn = client.create_group(Name="hosts", Description="for tests", Configuration=configuration(ANY), Tags={"team": "it"})["Group"]["GroupArn"]
    assert arn == f"arn:aws:resource-groups:us-east-1:{aws.account}:group/hosts"
    assert client.get_group(Group=arn)["Group"] == {"GroupArn": arn, "Name": "hosts", "Description": "for tests"}
    assert client.get_group_configuration(Group="hosts")["GroupConfiguration"]["Configuration"] == configuration(ANY)
    client.tag(Arn=arn, Tags={"more": "1"})
    client.untag(Arn=arn, Keys=["team"])
    assert client.get_tags(Arn=arn)["Tags"] == {"more": "1"}
    assert client.update_group(Group="hosts", Description="other")["Group"]["Description"] == "other"
    client.put_group_configuration(Group="hosts", Configuration=configuration(NOT_REQUIRED))
    assert client.get_group_configuration(Group=arn)["GroupConfiguration"]["Configuration"] == configuration(NOT_REQUIRED)
    assert [it["GroupName"] for it in client.list_groups()["GroupIdentifiers"]] == ["hosts"]
    assert "already exists" in refusal(client.create_group, Name="hosts", Configuration=configuration(ANY))[1]
    client.delete_group(Group="hosts")
    assert refusal(client.get_group, Group="hosts")[0] == "NotFoundException"
    assert "Cannot find" in refusal(client.get_tags, Arn=arn)[1]


@pytest.mark.parametrize("name", ["", "a b", "a" * 301, "aws-hosts", "AwsHosts"])
def test_names_that_are_refused(aws: LocalAws, name: str) -> None:
    assert refusal(aws.client("resource-groups").create_group, Name=name, Configuration=configuration(ANY))[0] == "BadRequestException"


@pytest.mark.parametrize(("parameters", "text"), [
    ({}, "either"),
    ({**ANY, **only("arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-1")}, "either"),
    ({**NOT_REQUIRED, **ANY}, "must not have license"),
    ({"instance-launch-option": ["license-configuration-required"]}, "is one of"),
    ({**ANY, "auto-allocate-host": ["True"]}, "\"true\" or \"false\""),
    ({**ANY, "auto-allocate-hosts": ["true"]}, "unknown"),
    ({**ANY, "allowed-host-families": []}, "without values"),
    (only("arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-1"), "was not found"),
])
def test_settings_that_are_refused(aws: LocalAws, parameters: dict[str, list[str]], text: str) -> None:
    code, found = refusal(aws.client("resource-groups").create_group, Name="hosts", Configuration=configuration(parameters))
    assert (code, text in found) == ("BadRequestException", True), found


@pytest.mark.parametrize("items", [
    configuration(ANY)[:1], [GENERIC], [*configuration(ANY)[:1], {**GENERIC, "Parameters": GENERIC["Parameters"][:1]}],
    [GENERIC, GENERIC], [{"Type": "AWS::EC2::CapacityReservationPool"}, GENERIC],
])
def test_configurations_that_are_no_configuration_of_hosts(aws: LocalAws, items: list[dict[str, Any]]) -> None:
    assert refusal(aws.client("resource-groups").create_group, Name="hosts", Configuration=items)[0] == "BadRequestException"


def test_a_query_is_refused_and_the_quota_is_kept(aws: LocalAws) -> None:
    client = aws.client("resource-groups")
    query = {"Type": "TAG_FILTERS_1_0", "Query": "{}"}
    assert "resource query" in refusal(client.create_group, Name="hosts", ResourceQuery=query)[1]
    aws.state(settings={"resourceGroupsPerRegion": 1})
    make(aws)
    assert "as many" in refusal(client.create_group, Name="more", Configuration=configuration(ANY))[1]


def test_only_licenses_that_count_hosts(aws: LocalAws) -> None:
    assert "counted by vCPU" in refusal(
        aws.client("resource-groups").create_group, Name="hosts", Configuration=configuration(only(create(aws, LicenseCountingType="vCPU"))))[1]
    for counting in ("Core", "Socket"):
        make(aws, counting, allowed_host_based_license_configurations=[create(aws, LicenseCountingType=counting)])


def test_members(aws: LocalAws) -> None:
    client = aws.client("resource-groups")
    make(aws, **{"allowed-host-families": ["M5"]}, **ANY)
    host, other = host_arn(aws), host_arn(aws, InstanceFamily="c5")
    nothing, foreign = host[:-1] + ("0" if host[-1] != "0" else "2"), host.replace(aws.account, "999988887777")
    answer = client.group_resources(Group="hosts", ResourceArns=[host, other, nothing, foreign])
    assert answer["Succeeded"] == [host]
    assert [it["ResourceArn"] for it in answer["Failed"]] == [other, nothing, foreign]
    assert hosts_of(aws) == [host]
    code, text = refusal(client.delete_group, Group="hosts")
    assert (code, "not empty" in text) == ("BadRequestException", True)
    refused = refusal(aws.client("ec2").run_instances, **LAUNCH, Placement={"HostId": host.rpartition("/")[2]})
    assert "launch into the group" in refused[1]
    answer = client.ungroup_resources(Group="hosts", ResourceArns=[host, other])
    assert (answer["Succeeded"], [it["ResourceArn"] for it in answer["Failed"]]) == ([host], [other])
    client.delete_group(Group="hosts")


def test_a_host_is_in_one_group(aws: LocalAws) -> None:
    client = aws.client("resource-groups")
    arn = make(aws)
    make(aws, "others")
    host = host_arn(aws)
    client.group_resources(Group="hosts", ResourceArns=[host])
    answer = client.group_resources(Group="others", ResourceArns=[host])
    assert (answer["Succeeded"], f"is in the host resource group {arn}" in answer["Failed"][0]["ErrorMessage"]) == ([], True)
    # Once more into its own group changes nothing.
    assert client.group_resources(Group="hosts", ResourceArns=[host])["Succeeded"] == [host]
    client.ungroup_resources(Group="hosts", ResourceArns=[host])
    client.group_resources(Group="others", ResourceArns=[host])
    assert (hosts_of(aws), hosts_of(aws, "others")) == ([], [host])


def test_at_most_ten_hosts_in_a_call(aws: LocalAws) -> None:
    client = aws.client("resource-groups")
    make(aws)
    hosts = [host_arn(aws) for _ in range(11)]
    for change in (client.group_resources, client.ungroup_resources):
        assert refusal(change, Group="hosts", ResourceArns=[])[0] == "BadRequestException"
        assert refusal(change, Group="hosts", ResourceArns=hosts)[0] == "BadRequestException"
        assert change(Group="hosts", ResourceArns=hosts[:10])["Succeeded"] == hosts[:10]
        assert change(Group="hosts", ResourceArns=hosts[10:])["Succeeded"] == hosts[10:]


def test_a_group_without_a_configuration_takes_no_hosts(aws: LocalAws) -> None:
    client = aws.client("resource-groups")
    client.create_group(Name="plain")
    assert "takes no resources" in refusal(client.group_resources, Group="plain", ResourceArns=[host_arn(aws)])[1]
    assert "Group is required" in refusal(client.get_group)[1]


def with_licenses(*arns: str) -> dict[str, Any]:
    return {"LicenseSpecifications": [{"LicenseConfigurationArn": arn} for arn in arns]} if arns else {}


def test_launches_into_a_group_of_licenses(aws: LocalAws) -> None:
    ec2 = aws.client("ec2")
    cores, more, vcpus = create(aws, LicenseCountingType="Core"), create(aws, LicenseCountingType="Core"), create(aws, LicenseCountingType="vCPU")
    into = {"Tenancy": "host", "HostResourceGroupArn": make(aws, allowed_host_based_license_configurations=[cores])}
    for licenses in (with_licenses(), with_licenses(more), with_licenses(cores, vcpus)):
        assert "exactly the license configurations" in refusal(ec2.run_instances, **LAUNCH, Placement=into, **licenses)[1]
    assert refusal(ec2.run_instances, **LAUNCH, Placement=into, **with_licenses(cores))[0] == "InsufficientHostCapacity"
    host = host_arn(aws)
    aws.client("resource-groups").group_resources(Group="hosts", ResourceArns=[host])
    ec2.run_instances(**LAUNCH, Placement=into, **with_licenses(cores))
    (reservation,) = ec2.describe_instances()["Reservations"]
    placement = reservation["Instances"][0]["Placement"]
    assert (placement["Tenancy"], host.rpartition("/")[2]) == ("host", placement.get("HostId", host.rpartition("/")[2]))
    aws.client("resource-groups").put_group_configuration(Group="hosts", Configuration=configuration(ANY))
    assert "counted by core or by socket" in refusal(ec2.run_instances, **LAUNCH, Placement=into)[1]
    assert "run in the group" in refusal(
        aws.client("resource-groups").put_group_configuration, Group="hosts",
        Configuration=configuration({**ANY, "allowed-host-families": ["c5"]}))[1]
    released = ec2.release_hosts(HostIds=[host.rpartition("/")[2]])
    assert (released["Successful"], released["Unsuccessful"][0]["Error"]["Code"]) == ([], "Client.InvalidHost.Occupied")


@pytest.mark.parametrize(("placement", "text"), [
    ({"Tenancy": "dedicated"}, "tenancy host"), ({"HostId": "h-0123456789abcdef1"}, "names no host"),
    ({"HostResourceGroupArn": "arn:aws:resource-groups:us-east-1:111122223333:group/none"}, "was not found"),
])
def test_placements_that_are_refused(aws: LocalAws, placement: dict[str, str], text: str) -> None:
    arn = make(aws, **NOT_REQUIRED)
    assert text in refusal(aws.client("ec2").run_instances, **LAUNCH, Placement={"HostResourceGroupArn": arn, **placement})[1]


def test_a_family_that_is_not_allowed(aws: LocalAws) -> None:
    arn = make(aws, **NOT_REQUIRED, **{"allowed-host-families": ["c5"]})
    assert "family m5" in refusal(aws.client("ec2").run_instances, **LAUNCH, Placement={"HostResourceGroupArn": arn})[1]


def test_hosts_that_come_and_go(aws: LocalAws) -> None:
    ec2 = aws.client("ec2")
    arn = make(aws, **NOT_REQUIRED, **{"auto-allocate-host": ["true"], "auto-release-host": ["true"]})
    launch = {**LAUNCH, "InstanceType": "mac2.metal", "MinCount": 2, "MaxCount": 2}
    instances = ec2.run_instances(**launch, Placement={"HostResourceGroupArn": arn})["Instances"]
    allocated = hosts_of(aws)
    assert len(allocated) == 2
    ec2.terminate_instances(InstanceIds=[it["InstanceId"] for it in instances])
    # Macs are kept for 24 hours.
    assert hosts_of(aws) == allocated
    first = allocated[0].rpartition("/")[2]
    unsuccessful = ec2.release_hosts(HostIds=[first])["Unsuccessful"]
    assert unsuccessful[0]["Error"]["Code"] == "Client.HostMinAllocationPeriodUnexpired"
    aws.state(hosts=[{"id": first, "hoursSinceAllocation": 25}])
    assert hosts_of(aws) == allocated[1:]


def test_a_shared_group(aws: LocalAws) -> None:
    other = LocalAws(aws.endpoint, account=f"9{aws.account[1:]}")
    arn = make(aws, **NOT_REQUIRED, **{"auto-allocate-host": ["true"]})
    into = {"HostResourceGroupArn": arn}
    assert "was not found" in refusal(other.client("ec2").run_instances, **LAUNCH, Placement=into)[1]
    share = {"name": "hosts", "principals": [other.account], "allowExternalPrincipals": True}
    assert refusal(aws.client("ram").create_resource_share, **share, resourceArns=[arn + "x"])[0] == "UnknownResourceException"
    aws.client("ram").create_resource_share(**share, resourceArns=[arn])
    (resource,) = aws.client("ram").list_resources(resourceOwner="SELF")["resources"]
    assert (resource["arn"], resource["type"]) == (arn, "resource-groups:Group")
    other.client("ec2").run_instances(**LAUNCH, Placement=into)
    # The owner of the group pays for the host.
    assert len(hosts_of(aws)) == 1
    assert other.client("ec2").describe_hosts()["Hosts"] == []
    assert refusal(other.client("resource-groups").get_group, Group=arn)[0] == "NotFoundException"


def group(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::ResourceGroups::Group", "Properties": {"Name": "hosts", "Configuration": configuration(ANY), **properties}}


def of_template(aws: LocalAws, **properties: Any) -> dict[str, Any]:
    host = {"Type": "AWS::EC2::Host", "Properties": {"AvailabilityZone": "us-east-1a", "InstanceType": "m5.xlarge"}}
    arn = {"Fn::Sub": f"arn:aws:ec2:us-east-1:{aws.account}:dedicated-host/${{Host}}"}
    return {"Host": host, "Group": group(Resources=[arn], **properties)}


def test_life_of_a_group_in_a_stack(aws: LocalAws) -> None:
    client = aws.client("resource-groups")
    stack = Stack(aws)
    outputs = {"Ref": {"Value": {"Ref": "Group"}}, "Arn": {"Value": {"Fn::GetAtt": ["Group", "Arn"]}}}
    assert stack.create({**of_template(aws, Tags=[{"Key": "team", "Value": "it"}]), "Outputs": outputs}) == "CREATE_COMPLETE"
    arn = f"arn:aws:resource-groups:us-east-1:{aws.account}:group/hosts"
    assert stack.outputs() == {"Ref": "hosts", "Arn": arn}
    assert client.get_tags(Arn=arn)["Tags"]["team"] == "it"
    assert len(hosts_of(aws)) == 1
    changed = of_template(aws, Description="changed")
    changed["Group"]["Properties"]["Configuration"] = configuration(NOT_REQUIRED)
    assert stack.update(changed) == "UPDATE_COMPLETE"
    assert stack.resource("Group") == "hosts"
    assert client.get_group(Group="hosts")["Group"]["Description"] == "changed"
    assert client.get_group_configuration(Group="hosts")["GroupConfiguration"]["Configuration"] == configuration(NOT_REQUIRED)
    del changed["Group"]["Properties"]["Resources"]
    assert stack.update(changed) == "UPDATE_COMPLETE"
    assert hosts_of(aws) == []
    assert stack.update({**changed, "Group": group(Name="others")}) == "UPDATE_COMPLETE"
    assert [it["GroupName"] for it in client.list_groups()["GroupIdentifiers"]] == ["others"]
    assert stack.delete() == "DELETE_COMPLETE"
    assert client.list_groups()["GroupIdentifiers"] == []


def test_a_stack_takes_its_own_hosts_out_and_no_others(aws: LocalAws) -> None:
    stack = Stack(aws)
    assert stack.create(of_template(aws)) == "CREATE_COMPLETE"
    other = host_arn(aws)
    aws.client("resource-groups").group_resources(Group="hosts", ResourceArns=[other])
    assert stack.delete() == "DELETE_FAILED"
    assert any("not empty" in reason for reason in stack.reasons("DELETE_FAILED"))
    aws.client("ec2").release_hosts(HostIds=[other.rpartition("/")[2]])
    assert stack.delete() == "DELETE_COMPLETE"


def test_a_host_that_is_refused_rolls_the_group_back(aws: LocalAws) -> None:
    stack = Stack(aws)
    families = configuration({**ANY, "allowed-host-families": ["c5"]})
    assert stack.create({**of_template(aws), "Group": group(
        Configuration=families, Resources=of_template(aws)["Group"]["Properties"]["Resources"])}) == "ROLLBACK_COMPLETE"
    assert any("does not allow" in reason for reason in stack.reasons("CREATE_FAILED"))
    assert aws.client("resource-groups").list_groups()["GroupIdentifiers"] == []


def test_a_group_is_replaced_when_its_hosts_are_out(aws: LocalAws) -> None:
    stack = Stack(aws)
    assert stack.create(of_template(aws)) == "CREATE_COMPLETE"
    assert stack.update(of_template(aws, Name="others")) == "UPDATE_ROLLBACK_COMPLETE"
    assert any("a host is in one group" in reason for _, _, reason in stack.events())
    assert [it["GroupName"] for it in aws.client("resource-groups").list_groups()["GroupIdentifiers"]] == ["hosts"]
    without = of_template(aws)
    del without["Group"]["Properties"]["Resources"]
    assert stack.update(without) == "UPDATE_COMPLETE"
    assert stack.update(of_template(aws, Name="others")) == "UPDATE_COMPLETE"
    assert len(hosts_of(aws, "others")) == 1
    assert stack.delete() == "DELETE_COMPLETE"


def test_a_young_mac_keeps_its_stack(aws: LocalAws) -> None:
    stack = Stack(aws)
    mac = {"Type": "AWS::EC2::Host", "Properties": {"AvailabilityZone": "us-east-1a", "InstanceType": "mac2.metal"}}
    assert stack.create({"Mac": mac}) == "CREATE_COMPLETE"
    assert stack.delete() == "DELETE_FAILED"
    assert any("24 hours" in reason for reason in stack.reasons("DELETE_FAILED"))
    assert "there is no host" in refused(aws, "h-0")
    aws.state(hosts=[{"id": stack.resource("Mac"), "hoursSinceAllocation": 24.1}])
    assert stack.delete() == "DELETE_COMPLETE"


def refused(aws: LocalAws, host: str) -> str:
    with pytest.raises(urllib.error.HTTPError) as found:
        aws.state(hosts=[{"id": host, "hoursSinceAllocation": 1}])
    return found.value.read().decode()


def test_cloud_control_lists_names(aws: LocalAws) -> None:
    make(aws)
    (found,) = aws.client("cloudcontrol").list_resources(TypeName="AWS::ResourceGroups::Group")["ResourceDescriptions"]
    assert (found["Identifier"], found["Properties"]) == ("hosts", '{"Name": "hosts"}')
