"""Groups of Dedicated Hosts: their configuration, their hosts, and what is launched into them.

The configuration: https://docs.aws.amazon.com/ARG/latest/userguide/about-slg-types.html
"""

from __future__ import annotations

from typing import Any

from .. import ec2_hosts, sharing
from ..errors import ServiceError
from ..license_manager.store import LicenseConfiguration, state_of
from ..scope import Arn, Scope
from .store import Group, find, groups_of

MANAGEMENT, GENERIC = "AWS::EC2::HostManagement", "AWS::ResourceGroups::Generic"
_ALLOWED, _ANY, _OPTION = "allowed-host-based-license-configurations", "any-host-based-license-configuration", "instance-launch-option"
_FLAGS = ("auto-allocate-host", "auto-release-host", "auto-host-recovery", _ANY)
_PARAMETERS = {MANAGEMENT: {*_FLAGS, _ALLOWED, _OPTION, "allowed-host-families"}, GENERIC: {"allowed-resource-types", "deletion-protection"}}
_OPTIONS = ("LICENSE_CONFIGURATION_REQUIRED", "LICENSE_CONFIGURATION_NOT_REQUIRED")


def _bad(message: str) -> ServiceError:
    return ServiceError("BadRequestException", message)


def check_configuration(scope: Scope, configuration: list[dict[str, Any]]) -> None:
    """Refuses what is no configuration of a group of hosts. The texts are those of the local AWS: AWS does not document its own."""
    items: dict[str, dict[str, list[str]]] = {}
    for item in configuration:
        if item["Type"] not in _PARAMETERS:
            raise _bad(f"The local AWS knows no configuration of type {item['Type']}.")
        if item["Type"] in items:
            raise _bad(f"The configuration has {item['Type']} more than once.")
        parameters: dict[str, list[str]] = {}
        for parameter in item.get("Parameters") or []:
            name, values = parameter["Name"], list(parameter.get("Values") or [])
            if name not in _PARAMETERS[item["Type"]] or name in parameters or not values:
                raise _bad(f"The parameter {name} of {item['Type']} is unknown, doubled or without values.")
            parameters[name] = values
        items[item["Type"]] = parameters
    if set(items) != {MANAGEMENT, GENERIC}:
        raise _bad(f"A group of hosts has a configuration of type {MANAGEMENT} and one of type {GENERIC}.")
    if items[GENERIC] != {"allowed-resource-types": ["AWS::EC2::Host"], "deletion-protection": ["UNLESS_EMPTY"]}:
        raise _bad(f"The configuration {GENERIC} of a group of hosts is allowed-resource-types AWS::EC2::Host and deletion-protection UNLESS_EMPTY.")
    management = items[MANAGEMENT]
    for flag in _FLAGS:
        if management.get(flag, ["true"]) not in (["true"], ["false"]):
            raise _bad(f"The parameter {flag} is \"true\" or \"false\", not {management[flag]}.")
    _check_licenses(scope, management)


def _check_licenses(scope: Scope, management: dict[str, list[str]]) -> None:
    option = management.get(_OPTION, [_OPTIONS[0]])
    if len(option) != 1 or option[0] not in _OPTIONS:
        raise _bad(f"The parameter {_OPTION} is one of {', '.join(_OPTIONS)}, not {option}.")
    allowed, any_license = management.get(_ALLOWED, []), management.get(_ANY) == ["true"]
    if option[0] == _OPTIONS[1]:
        if allowed or any_license:
            raise _bad("A group that requires no license configuration must not have license configurations.")
    elif bool(allowed) == any_license:
        raise _bad(f"A group has either {_ALLOWED} or {_ANY}.")
    for arn in allowed:
        license_configuration = _license(scope, arn)
        if license_configuration is None:
            raise _bad(f"The license configuration {arn} was not found.")
        if license_configuration.counting_type not in ("Core", "Socket"):
            raise _bad(f"The license configuration {arn} is counted by {license_configuration.counting_type}, not by Core or Socket.")


def _license(scope: Scope, arn: str) -> LicenseConfiguration | None:
    parsed = Arn.parse(arn)
    if parsed is None or parsed.region != scope.region:
        return None
    found = state_of(Scope(parsed.account, parsed.region)).configurations.get(arn)
    return found if found is not None and (parsed.account == scope.account or sharing.is_shared_with(arn, scope)) else None


def is_host_group(group: Group) -> bool:
    return any(item["Type"] == MANAGEMENT for item in group.configuration)


# --- Hosts -----------------------------------------------------------------------------------------------------------------------

def members(scope: Scope, group: Group) -> list[str]:
    """The ARNs of the hosts that are in the group. What EC2 does a while after an instance has ended is done here: the release of hosts."""
    if group.values(MANAGEMENT, "auto-release-host") == ["true"]:
        for arn in group.members:
            host = ec2_hosts.find(scope, _host_id(arn))
            if host is not None and host.used and ec2_hosts.releasable(host):
                ec2_hosts.release(scope, host.id)
    group.members = [arn for arn in group.members if ec2_hosts.find(scope, _host_id(arn)) is not None]
    return group.members


def add_host(scope: Scope, group: Group, arn: str) -> str | None:
    """Adds a host; returns what is wrong with it."""
    parsed = Arn.parse(arn)
    if parsed is None or parsed.service != "ec2" or (parsed.region, parsed.account) != (scope.region, scope.account):
        return f"{arn} is no ARN of a Dedicated Host of account {scope.account} in {scope.region}."
    host = ec2_hosts.find(scope, _host_id(arn)) if parsed.resource.startswith("dedicated-host/") else None
    if host is None:
        return f"There is no Dedicated Host {arn}."
    families = _families(group)
    if families and host.family.lower() not in families:
        return f"The host {host.id} is of the family {host.family}, which the group does not allow."
    # AWS does not document whether a host can be in two groups: the strict side is taken.
    other = group_of_host(scope, host.id)
    if other is not None and other is not group:
        return f"The host {host.id} is in the host resource group {other.arn}: a host is in one group."
    if arn not in group.members:
        group.members.append(arn)
    return None


def _host_id(arn: str) -> str:
    return arn.rpartition("/")[2]


def _families(group: Group) -> list[str]:
    return [family.lower() for family in group.values(MANAGEMENT, "allowed-host-families")]


def group_of_host(scope: Scope, host_id: str) -> Group | None:
    return next((group for group in groups_of(scope).values() if any(_host_id(arn) == host_id for arn in group.members)), None)


def check_families(scope: Scope, group: Group, configuration: list[dict[str, Any]]) -> None:
    """A family cannot be taken out while an instance of it runs in the group."""
    new = Group(group.arn, group.name, configuration=configuration)
    families = _families(new)
    for arn in members(scope, group):
        host = ec2_hosts.find(scope, _host_id(arn))
        if families and host is not None and host.family.lower() not in families and ec2_hosts.running_on(host.id):
            raise _bad(f"Instances of the family {host.family} run in the group.")


# --- Launches --------------------------------------------------------------------------------------------------------------------

def check_launch(scope: Scope, parameters: dict[str, Any], licenses: list[LicenseConfiguration]) -> None:
    """Refuses a launch that the group does not allow, and one directly onto a host that is in a group."""
    host_id = ec2_hosts.request_value(parameters, "Placement.HostId")
    if host_id and (other := group_of_host(scope, host_id)) is not None:
        raise ServiceError("InvalidHost.InHostResourceGroup", f"The host {host_id} is in the host resource group {other.arn}: launch into the group.")
    arn = ec2_hosts.request_value(parameters, "Placement.HostResourceGroupArn")
    if not arn:
        return
    if ec2_hosts.request_value(parameters, "Placement.Tenancy") not in (None, "host") or host_id:
        raise ServiceError("InvalidParameterCombination", "A launch into a host resource group has the tenancy host, and names no host.")
    group = find(scope, arn)
    owner = Arn.parse(arn)
    if group is None or owner is None or not (owner.account == scope.account or sharing.is_shared_with(arn, scope)):
        raise ServiceError("InvalidParameterValue", f"The host resource group {arn} was not found.")
    family = (ec2_hosts.request_value(parameters, "InstanceType") or "m1.small").partition(".")[0]
    if _families(group) and family.lower() not in _families(group):
        raise ServiceError("InvalidParameterValue", f"The host resource group {arn} does not allow the instance family {family}.")
    allowed = group.values(MANAGEMENT, _ALLOWED)
    if allowed and sorted(allowed) != sorted(it.arn for it in licenses):
        raise ServiceError("InvalidParameterValue", f"A launch into {arn} has to have exactly the license configurations of the group.")
    if group.values(MANAGEMENT, _ANY) == ["true"] and not any(it.counting_type in ("Core", "Socket") for it in licenses):
        raise ServiceError("InvalidParameterValue", f"A launch into {arn} has to have a license configuration that is counted by core or by socket.")
    if _room(scope, group, family) is None and group.values(MANAGEMENT, "auto-allocate-host") != ["true"]:
        raise ServiceError("InsufficientHostCapacity", f"No host in {arn} has room for an instance of the family {family}.")


def _room(scope: Scope, group: Group, family: str) -> ec2_hosts.Host | None:
    """A host of the family with room: one Mac runs one instance; how many fit on others is not counted."""
    hosts = [ec2_hosts.find(_owner(scope, group), _host_id(arn)) for arn in members(_owner(scope, group), group)]
    return next((h for h in hosts if h is not None and h.family == family and not (h.is_mac and ec2_hosts.running_on(h.id))), None)


def _owner(scope: Scope, group: Group) -> Scope:
    arn = Arn.parse(group.arn)
    return scope if arn is None else Scope(arn.account, arn.region)


def place(scope: Scope, parameters: dict[str, Any], instances: list[dict[str, Any]]) -> None:
    """Puts the instances of a launch on hosts of the group, and allocates hosts in the account that owns it."""
    arn = ec2_hosts.request_value(parameters, "Placement.HostResourceGroupArn")
    group = find(scope, arn) if arn else None
    for instance in instances if group is not None else []:
        owner = _owner(scope, group)
        family = instance["InstanceType"].partition(".")[0]
        host = _room(scope, group, family)
        if host is None:
            host = ec2_hosts.allocate(
                owner, availability_zone=instance["Placement"]["AvailabilityZone"], instance_type=None, instance_family=family)
            group.members.append(owner.arn("ec2", f"dedicated-host/{host.id}"))
        host.used = True
        instance["Placement"].update({"Tenancy": "host", "HostId": host.id, "HostResourceGroupArn": group.arn})

