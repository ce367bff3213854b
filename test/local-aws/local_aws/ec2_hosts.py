"""Dedicated Hosts, which ministack's EC2 does not have, and the placement of instances on them."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from . import hooks
from .errors import ServiceError
from .instance_types import InstanceType, host_of
from .scope import Scope
from .state import ScopedState


@dataclass
class Host:
    id: str
    availability_zone: str
    instance_type: str | None
    instance_family: str | None
    auto_placement: str = "on"
    host_recovery: str = "off"
    host_maintenance: str = "off"
    state: str = "available"
    tags: dict[str, str] = field(default_factory=dict)
    allocated: float = field(default_factory=time.time)
    # Whether an instance was launched onto it through a host resource group.
    used: bool = False

    @property
    def family(self) -> str:
        return self.instance_family or (self.instance_type or "").partition(".")[0]

    @property
    def is_mac(self) -> bool:
        return self.family.startswith("mac")

    @property
    def size(self) -> InstanceType:
        return host_of(self.family)


# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/mac-instance-stop.html
_MAC_MINIMUM_SECONDS = 24 * 60 * 60


_hosts: ScopedState[dict[str, Host]] = ScopedState(dict)


def find(scope: Scope, host_id: str) -> Host | None:
    return _hosts.of(scope).get(host_id)


def ids(scope: Scope) -> list[str]:
    return list(_hosts.of(scope))


def allocate(scope: Scope, *, availability_zone: str, instance_type: str | None, instance_family: str | None, **options: Any) -> Host:
    if not availability_zone.startswith(scope.region):
        raise ServiceError("InvalidParameterValue", f"Invalid availability zone: [{availability_zone}]")
    if (instance_type is None) == (instance_family is None):
        raise ServiceError("InvalidParameterCombination", "You must specify either an instance type or an instance family, not both.")
    host = Host(f"h-{secrets.token_hex(8)}1", availability_zone, instance_type, instance_family, **options)
    _hosts.of(scope)[host.id] = host
    return host


def modify(scope: Scope, host_id: str, **changes: Any) -> Host:
    host = _existing(scope, host_id)
    vars(host).update({name: value for name, value in changes.items() if value is not None})
    return host


def running_on(host_id: str) -> list[str]:
    """The instances on a host that keep it from being released."""
    placed = {instance_id: hooks.find_instance(instance_id) or {} for instance_id in hooks.instance_ids()}
    return [instance_id for instance_id, instance in placed.items()
            if instance.get("Placement", {}).get("HostId") == host_id and instance["State"]["Name"] in ("pending", "running")]


def releasable(host: Host) -> bool:
    return not running_on(host.id) and not _is_too_young(host)


def _is_too_young(host: Host) -> bool:
    return host.is_mac and time.time() - host.allocated < _MAC_MINIMUM_SECONDS


def release(scope: Scope, host_id: str) -> None:
    host = _existing(scope, host_id)
    if running_on(host.id):
        raise ServiceError("InvalidHost.Occupied", f"The host {host.id} has running instances.")
    if _is_too_young(host):
        raise ServiceError(
            "HostMinAllocationPeriodUnexpired", f"The host {host.id} is a Mac, which cannot be released within 24 hours of allocation.")
    host.state = "released"
    del _hosts.of(scope)[host_id]


def _existing(scope: Scope, host_id: str) -> Host:
    host = find(scope, host_id)
    if host is None:
        raise ServiceError("InvalidHostID.NotFound", f"The specified host ID '{host_id}' does not exist.")
    return host


# --- The EC2 API -----------------------------------------------------------------------------------------------------------------

def request_value(parameters: dict[str, Any], name: str) -> str | None:
    value = parameters.get(name)
    return value[0] if isinstance(value, list) else value


def request_values(parameters: dict[str, Any], name: str) -> list[str]:
    found = {int(m.group(1)): request_value(parameters, key) for key in parameters if (m := re.fullmatch(rf"{name}\.(\d+)", key))}
    return [str(found[index]) for index in sorted(found)]


def _api_allocate(scope: Scope, p: dict[str, Any]) -> tuple[str, str]:
    hosts = [
        allocate(
            scope, availability_zone=request_value(p, "AvailabilityZone") or "", instance_type=request_value(p, "InstanceType"),
            instance_family=request_value(p, "InstanceFamily"), auto_placement=request_value(p, "AutoPlacement") or "on",
            host_recovery=request_value(p, "HostRecovery") or "off", host_maintenance=request_value(p, "HostMaintenance") or "off")
        for _ in range(int(request_value(p, "Quantity") or 1))
    ]
    for host in hosts:
        hooks.set_ec2_tags_from_request(p, "dedicated-host", host.id)
    return "AllocateHostsResponse", f"<hostIdSet>{''.join(f'<item>{host.id}</item>' for host in hosts)}</hostIdSet>"


def _api_modify(scope: Scope, p: dict[str, Any]) -> tuple[str, str]:
    ids = request_values(p, "HostId")
    for host_id in ids:
        modify(
            scope, host_id, auto_placement=request_value(p, "AutoPlacement"), host_recovery=request_value(p, "HostRecovery"),
            host_maintenance=request_value(p, "HostMaintenance"))
    return "ModifyHostsResponse", f"<successful>{''.join(f'<item>{i}</item>' for i in ids)}</successful><unsuccessful/>"


def _api_release(scope: Scope, p: dict[str, Any]) -> tuple[str, str]:
    released, kept = [], []
    for host_id in request_values(p, "HostId"):
        try:
            release(scope, host_id)
            released.append(f"<item>{host_id}</item>")
        except ServiceError as error:
            kept.append(
                f"<item><resourceId>{host_id}</resourceId><error><code>Client.{error.code}</code>"
                f"<message>{escape(error.message)}</message></error></item>")
    return "ReleaseHostsResponse", f"<successful>{''.join(released)}</successful><unsuccessful>{''.join(kept)}</unsuccessful>"


def _api_describe(scope: Scope, p: dict[str, Any]) -> tuple[str, str]:
    ids = request_values(p, "HostId")
    hosts = [_existing(scope, i) for i in ids] if ids else list(_hosts.of(scope).values())
    return "DescribeHostsResponse", f"<hostSet>{''.join(_xml(scope, host) for host in hosts)}</hostSet>"


def _xml(scope: Scope, host: Host) -> str:
    tags = "".join(
        f"<item><key>{escape(key)}</key><value>{escape(value)}</value></item>" for key, value in hooks.ec2_tags(host.id).items())
    size = host.size
    kind = f"<instanceType>{host.instance_type}</instanceType>" if host.instance_type else (
        f"<instanceFamily>{host.instance_family}</instanceFamily>")
    return (
        f"<item><hostId>{host.id}</hostId><availabilityZone>{host.availability_zone}</availabilityZone><state>{host.state}</state>"
        f"<autoPlacement>{host.auto_placement}</autoPlacement><hostRecovery>{host.host_recovery}</hostRecovery>"
        f"<hostMaintenance>{host.host_maintenance}</hostMaintenance><ownerId>{scope.account}</ownerId>"
        f"<hostProperties>{kind}<cores>{size.cores}</cores><sockets>{size.sockets}</sockets>"
        f"<totalVCpus>{size.vcpus}</totalVCpus></hostProperties><tagSet>{tags}</tagSet></item>")


def place(parameters: dict[str, Any], instances: list[dict[str, Any]]) -> None:
    """What a launch asks for of tenancy and CPU options; ministack's instances are all of the default tenancy."""
    tenancy, host = request_value(parameters, "Placement.Tenancy"), request_value(parameters, "Placement.HostId")
    cores, threads = request_value(parameters, "CpuOptions.CoreCount"), request_value(parameters, "CpuOptions.ThreadsPerCore")
    for instance in instances:
        if tenancy or host:
            instance["Placement"]["Tenancy"] = tenancy or "host"
        if host:
            instance["Placement"]["HostId"] = host
        if cores:
            instance["CpuOptions"] = {"CoreCount": cores, "ThreadsPerCore": threads or 2}


def install() -> None:
    hooks.add_ec2_actions({
        "AllocateHosts": _api_allocate, "DescribeHosts": _api_describe, "ModifyHosts": _api_modify, "ReleaseHosts": _api_release})
