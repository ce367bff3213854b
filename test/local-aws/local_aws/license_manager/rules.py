"""License rules: what the user guide's table «Self-managed license rules» allows for each counting type."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..errors import invalid_parameter

COUNTING_TYPES = ("vCPU", "Instance", "Core", "Socket")

# The guide's table. The API text of today names fewer rules for instances; the service takes those of the table.
_RULES_BY_COUNTING_TYPE: dict[str, tuple[str, ...]] = {
    "Core": ("licenseAffinityToHost", "maximumCores", "minimumCores", "allowedTenancy"),
    "Instance": (
        "maximumCores", "minimumCores", "maximumSockets", "minimumSockets", "maximumVcpus", "minimumVcpus", "allowedTenancy"),
    "Socket": ("licenseAffinityToHost", "maximumSockets", "minimumSockets", "allowedTenancy"),
    "vCPU": ("maximumVcpus", "minimumVcpus", "allowedTenancy", "honorVcpuOptimization"),
}
_TENANCIES = ("EC2-Default", "EC2-DedicatedHost", "EC2-DedicatedInstance")
_AFFINITY_DAYS = range(1, 181)
_SYNTAX = re.compile(r"#([A-Za-z]+)=(.+)")


@dataclass
class Rules:
    """The parsed rules of a license configuration."""

    counting_type: str
    limits: dict[str, int] = field(default_factory=dict)
    tenancies: tuple[str, ...] = ()
    honor_vcpu_optimization: bool = False


def parse(counting_type: str, texts: list[str]) -> Rules:
    """The rules, if the counting type has them and their values are ones that the service takes."""
    rules = Rules(counting_type)
    names: set[str] = set()
    for text in texts:
        match = _SYNTAX.fullmatch(text)
        if match is None:
            raise invalid_parameter(f"License rule '{text}' is not valid. The syntax is #name=value.")
        name, value = match.groups()
        if name not in _RULES_BY_COUNTING_TYPE[counting_type]:
            allowed = ", ".join(_RULES_BY_COUNTING_TYPE[counting_type])
            raise invalid_parameter(
                f"License rule '{name}' is not valid for the license counting type {counting_type}. Valid rules: {allowed}.")
        if name in names:
            raise invalid_parameter(f"License rule '{name}' is given more than once.")
        names.add(name)
        _apply(rules, name, value)
    _check_ranges(rules)
    return rules


def _apply(rules: Rules, name: str, value: str) -> None:
    if name == "allowedTenancy":
        tenancies = tuple(value.split(","))
        unknown = [tenancy for tenancy in tenancies if tenancy not in _TENANCIES]
        if unknown or len(set(tenancies)) != len(tenancies):
            raise invalid_parameter(f"Value '{value}' of license rule allowedTenancy is not valid. Valid values: {', '.join(_TENANCIES)}.")
        if rules.counting_type in ("Core", "Socket") and tenancies != ("EC2-DedicatedHost",):
            raise invalid_parameter(
                f"The license counting type {rules.counting_type} requires Dedicated Hosts: allowedTenancy '{value}' is not valid.")
        rules.tenancies = tenancies
    elif name == "honorVcpuOptimization":
        if value not in ("True", "False"):
            raise invalid_parameter(f"Value '{value}' of license rule honorVcpuOptimization is not valid. Valid values: True, False.")
        rules.honor_vcpu_optimization = value == "True"
    else:
        if not re.fullmatch(r"[1-9][0-9]*", value):
            raise invalid_parameter(f"Value '{value}' of license rule {name} is not a positive number.")
        if name == "licenseAffinityToHost" and int(value) not in _AFFINITY_DAYS:
            raise invalid_parameter(f"Value '{value}' of license rule licenseAffinityToHost is not valid. The range is 1 to 180 days.")
        rules.limits[name] = int(value)


def _check_ranges(rules: Rules) -> None:
    for dimension in ("Cores", "Sockets", "Vcpus"):
        minimum, maximum = rules.limits.get(f"minimum{dimension}"), rules.limits.get(f"maximum{dimension}")
        if minimum is not None and maximum is not None and minimum > maximum:
            raise invalid_parameter(f"minimum{dimension} ({minimum}) must not be greater than maximum{dimension} ({maximum}).")


def check_update(old: list[str], new: list[str]) -> None:
    """The only rule that can be added after the creation is licenseAffinityToHost; none can be changed or removed."""
    gone = set(old) - set(new)
    added = [rule for rule in new if rule not in old]
    if gone or any(not rule.startswith("#licenseAffinityToHost=") for rule in added):
        raise invalid_parameter(
            "License rules cannot be changed after the license configuration was created. "
            "The only rule that can be added is licenseAffinityToHost.")
