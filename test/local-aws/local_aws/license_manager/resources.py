"""The resources that licenses are put on: what EC2 holds, and what a test declares."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .. import ec2_hosts, hooks
from ..errors import invalid_parameter
from ..instance_types import InstanceType, instance_type
from ..scope import Arn, Scope
from .store import SeededResource, state_of

_KINDS = (
    (re.compile(r"image/(ami-[0-9a-f]{8,17})"), "EC2_AMI"),
    (re.compile(r"instance/(i-[0-9a-f]{8,17})"), "EC2_INSTANCE"),
    (re.compile(r"dedicated-host/(h-[0-9a-f]{8,17})"), "EC2_HOST"),
)
_TENANCY_OF_EC2 = {"default": "EC2-Default", "dedicated": "EC2-DedicatedInstance", "host": "EC2-DedicatedHost"}


@dataclass
class Resource:
    """A resource as License Manager sees it."""

    arn: str
    type: str
    owner: str
    state: str
    tenancy: str | None = None
    size: InstanceType | None = None
    # vCPUs that the CPU options of an instance leave, where they differ from those of its type.
    customized_vcpus: int | None = None

    @property
    def gone(self) -> bool:
        return self.state in ("terminated", "shutting-down", "deregistered", "released")

    @property
    def running(self) -> bool:
        return self.state in ("running", "pending", "available")


def parse_arn(scope: Scope, text: str) -> tuple[str, str, Arn]:
    """The type and the id of a resource ARN, if it is one that licenses can be put on, in this partition and Region."""
    arn = Arn.parse(text)
    if arn is None or arn.service != "ec2":
        raise invalid_parameter(f"Resource ARN '{text}' is not valid.")
    for pattern, resource_type in _KINDS:
        match = pattern.fullmatch(arn.resource)
        if match is None:
            continue
        wrong_account = bool(arn.account) if resource_type == "EC2_AMI" else arn.account != scope.account
        if arn.partition != scope.partition or arn.region != scope.region or wrong_account:
            raise invalid_parameter(f"Resource ARN '{text}' is not valid in account {scope.account}, Region {scope.region}.")
        return resource_type, match.group(1), arn
    raise invalid_parameter(f"Resource ARN '{text}' is not valid: it is no AMI, instance or Dedicated Host.")


def find(scope: Scope, text: str) -> Resource | None:
    """The resource, or nothing when there is none by that ARN."""
    resource_type, resource_id, _ = parse_arn(scope, text)
    seeded = state_of(scope).resources.get(text)
    if seeded is not None:
        return _seeded(scope, seeded, resource_type)
    if resource_type == "EC2_AMI":
        if not hooks.image_exists(resource_id, scope.region):
            return None
        return Resource(text, resource_type, hooks.image_owner(resource_id, scope.region) or scope.account, "available")
    if resource_type == "EC2_HOST":
        host = ec2_hosts.find(scope, resource_id)
        if host is None:
            return None
        return Resource(text, resource_type, scope.account, host.state, "EC2-DedicatedHost", host.size)
    with hooks.in_scope(scope):
        instance = hooks.find_instance(resource_id)
    if instance is None:
        return None
    options = instance.get("CpuOptions")
    customized = int(options["CoreCount"]) * int(options["ThreadsPerCore"]) if options else None
    tenancy = _TENANCY_OF_EC2[instance["Placement"].get("Tenancy") or "default"]
    size = instance_type(instance["InstanceType"])
    return Resource(text, resource_type, scope.account, instance["State"]["Name"], tenancy, size, customized)


def _seeded(scope: Scope, seeded: SeededResource, resource_type: str) -> Resource:
    known = instance_type(seeded.instance_type)
    size = InstanceType(seeded.vcpus or known.vcpus, seeded.cores or known.cores, seeded.sockets or known.sockets)
    tenancy = "host" if resource_type == "EC2_HOST" else seeded.tenancy
    return Resource(
        seeded.arn, resource_type, seeded.owner or scope.account, seeded.state,
        None if resource_type == "EC2_AMI" else _TENANCY_OF_EC2[tenancy], size)
