"""Sizes of EC2 instance types: a few that examples and tests use, and a rule for the others."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class InstanceType:
    vcpus: int
    cores: int
    sockets: int


_VCPUS = {
    "nano": 2, "micro": 2, "small": 2, "medium": 2, "large": 2, "xlarge": 4, "metal": 96,
}
# Sockets and cores of the hosts of a family, from the EC2 user guide's «Dedicated Hosts configurations».
_HOSTS = {
    "c5": (2, 36), "c6i": (2, 64), "m5": (2, 48), "m6i": (2, 64), "r5": (2, 48), "r6i": (2, 64), "mac1": (1, 6), "mac2": (1, 8),
}


def instance_type(name: str) -> InstanceType:
    """vCPUs, cores and sockets of an instance of the type; two vCPUs a core."""
    size = name.rpartition(".")[2]
    multiple = re.fullmatch(r"(\d+)xlarge", size)
    vcpus = 4 * int(multiple.group(1)) if multiple else _VCPUS.get(size, 2)
    return InstanceType(vcpus, max(1, vcpus // 2), 2 if vcpus > 64 else 1)


def host_of(family: str) -> InstanceType:
    """The whole Dedicated Host of a family."""
    sockets, cores = _HOSTS.get(family, (2, 36))
    return InstanceType(cores * 2, cores, sockets)
