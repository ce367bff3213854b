"""How many licenses an associated resource consumes."""

from __future__ import annotations

from ..errors import ServiceError, invalid_parameter
from ..instance_types import InstanceType
from ..scope import Scope
from . import resources, rules
from .store import Association, LicenseConfiguration


def consumed_by(scope: Scope, configuration: LicenseConfiguration, association: Association) -> int:
    """AMIs consume nothing themselves; a stopped or terminated instance gives its licenses back."""
    if association.consumed_licenses is not None:
        return association.consumed_licenses
    if association.resource_type not in ("EC2_INSTANCE", "EC2_HOST"):
        return 0
    resource = resources.find(Scope(association.resource_owner, scope.region), association.resource_arn)
    return consumption_of(configuration, resource) if resource is not None else 0


def consumption_of(configuration: LicenseConfiguration, resource: resources.Resource) -> int:
    if not resource.running or resource.size is None:
        return 0
    parsed = rules.parse(configuration.counting_type, configuration.rules)
    if parsed.honor_vcpu_optimization and resource.customized_vcpus is not None:
        return resource.customized_vcpus
    return _measure(resource.size, configuration.counting_type)


def _measure(size: InstanceType, counting_type: str) -> int:
    return {"vCPU": size.vcpus, "Core": size.cores, "Socket": size.sockets, "Instance": 1}[counting_type]


def total(scope: Scope, configuration: LicenseConfiguration) -> int:
    return sum(consumed_by(scope, configuration, association) for association in configuration.associations)


def check_association(scope: Scope, configuration: LicenseConfiguration, resource: resources.Resource) -> None:
    """Refuses a resource that the rules do not allow, or for which a hard limit leaves no licenses."""
    if resource.type == "EC2_AMI" or resource.size is None:
        return
    parsed = rules.parse(configuration.counting_type, configuration.rules)
    allowed = parsed.tenancies or (("EC2-DedicatedHost",) if configuration.counting_type in ("Core", "Socket") else ())
    if allowed and resource.tenancy not in allowed:
        raise invalid_parameter(
            f"Resource {resource.arn} has the tenancy {resource.tenancy}, which the license configuration {configuration.arn} "
            f"does not allow. Allowed: {', '.join(allowed)}.")
    for dimension, value in (("Vcpus", resource.size.vcpus), ("Cores", resource.size.cores), ("Sockets", resource.size.sockets)):
        minimum, maximum = parsed.limits.get(f"minimum{dimension}"), parsed.limits.get(f"maximum{dimension}")
        if (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
            bound = f"minimum{dimension}={minimum}" if minimum is not None and value < minimum else f"maximum{dimension}={maximum}"
            raise invalid_parameter(
                f"Resource {resource.arn} has {value} {dimension.lower()}, which breaks the rule {bound} of the license "
                f"configuration {configuration.arn}.")
    needed = consumption_of(configuration, resource)
    if configuration.hard_limit and configuration.count is not None and total(scope, configuration) + needed > configuration.count:
        raise ServiceError(
            "LicenseUsageException",
            f"License configuration {configuration.arn} has not enough licenses for {resource.arn}: {needed} needed, "
            f"{total(scope, configuration)} of {configuration.count} in use.")
