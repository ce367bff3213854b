"""AWS::EC2::Host and AWS::EC2::Instance."""

from __future__ import annotations

import base64
from typing import Any

from .. import ec2_hosts, hooks
from ..errors import ServiceError
from ..scope import Scope
from .resource_type import ResourceType, tag_map


class HostType(ResourceType):
    type_name = "AWS::EC2::Host"
    service_name = "Ec2"

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        host = ec2_hosts.allocate(
            scope, availability_zone=properties["AvailabilityZone"], instance_type=properties.get("InstanceType"),
            instance_family=properties.get("InstanceFamily"), auto_placement=properties.get("AutoPlacement", "on"),
            host_recovery=properties.get("HostRecovery", "off"), host_maintenance=properties.get("HostMaintenance", "off"))
        hooks.set_ec2_tags(host.id, tag_map(properties.get("Tags")))
        return host.id

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        ec2_hosts.modify(
            scope, identifier, auto_placement=new.get("AutoPlacement", "on"), host_recovery=new.get("HostRecovery", "off"),
            host_maintenance=new.get("HostMaintenance", "off"))
        hooks.set_ec2_tags(identifier, tag_map(new.get("Tags")))

    def delete(self, scope: Scope, identifier: str) -> None:
        if ec2_hosts.find(scope, identifier) is not None:
            ec2_hosts.release(scope, identifier)

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        host = ec2_hosts.find(scope, identifier)
        return None if host is None else {"HostId": host.id, "AvailabilityZone": host.availability_zone}

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        return [{"HostId": host_id} for host_id in ec2_hosts.ids(scope)]


class InstanceType(ResourceType):
    """An instance as far as licenses go: image, type, placement, license specifications, network interface by subnet."""

    type_name = "AWS::EC2::Instance"
    service_name = "Ec2"

    def create(self, scope: Scope, properties: dict[str, Any], default_name: str) -> str:
        request: dict[str, Any] = {"MinCount": "1", "MaxCount": "1"}
        plain = ("ImageId", "InstanceType", "SubnetId", "KeyName")
        request.update({name: str(properties[name]) for name in plain if name in properties})
        for name, parameter in (
                ("Tenancy", "Placement.Tenancy"), ("HostId", "Placement.HostId"), ("HostResourceGroupArn", "Placement.HostResourceGroupArn")):
            if name in properties:
                request[parameter] = properties[name]
        for index, group in enumerate(properties.get("SecurityGroupIds", []), 1):
            request[f"SecurityGroupId.{index}"] = group
        for index, specification in enumerate(properties.get("LicenseSpecifications", []), 1):
            request[f"LicenseSpecification.{index}.LicenseConfigurationArn"] = specification["LicenseConfigurationArn"]
        if "CpuOptions" in properties:
            request.update({f"CpuOptions.{name}": str(value) for name, value in properties["CpuOptions"].items()})
        if "UserData" in properties:
            request["UserData"] = base64.b64encode(base64.b64decode(properties["UserData"])).decode()
        instance_id = hooks.run_instance(request)
        hooks.set_ec2_tags(instance_id, tag_map(properties.get("Tags")))
        return instance_id

    def update(self, scope: Scope, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        instance = hooks.find_instance(identifier)
        if instance is None:
            raise ServiceError("InvalidInstanceID.NotFound", f"The instance ID '{identifier}' does not exist")
        instance["InstanceType"] = new.get("InstanceType", instance["InstanceType"])
        hooks.set_ec2_tags(identifier, tag_map(new.get("Tags")))

    def delete(self, scope: Scope, identifier: str) -> None:
        if hooks.find_instance(identifier) is not None:
            hooks.terminate_instance(identifier)

    def read(self, scope: Scope, identifier: str) -> dict[str, Any] | None:
        instance = hooks.find_instance(identifier)
        if instance is None:
            return None
        return {
            "InstanceId": identifier, "ImageId": instance["ImageId"], "InstanceType": instance["InstanceType"],
            "AvailabilityZone": instance["Placement"]["AvailabilityZone"], "PrivateIp": instance["PrivateIpAddress"],
            "PublicIp": instance["PublicIpAddress"], "PrivateDnsName": instance["PrivateDnsName"],
            "PublicDnsName": instance["PublicDnsName"], "VpcId": instance["VpcId"], "State": {"Name": instance["State"]["Name"]},
        }

    def list(self, scope: Scope) -> list[dict[str, Any]]:
        return [{"InstanceId": instance_id} for instance_id in hooks.instance_ids()]
