"""Launches of instances: License Manager tracks and, at a hard limit, refuses them."""

from __future__ import annotations

import re
from typing import Any

from .. import ec2_hosts, hooks, launch_templates
from ..errors import ServiceError, invalid_parameter
from ..instance_types import instance_type
from ..resource_groups import hosts as host_groups
from ..scope import Scope
from . import associations, configurations, consumption, resources
from .store import Association, LicenseConfiguration

_TENANCIES = {"dedicated": "EC2-DedicatedInstance", "host": "EC2-DedicatedHost"}


def before(scope: Scope, parameters: dict[str, Any]) -> None:
    """Refuses what the licenses of the launch do not allow. The code that EC2 answers then is not documented: it is that of License
    Manager here."""
    count = int(ec2_hosts.request_value(parameters, "MaxCount") or 1)
    named = _configurations(scope, parameters)
    host_groups.check_launch(scope, parameters, named)
    for configuration in named:
        if configuration.status == "DISABLED":
            raise invalid_parameter(f"License configuration {configuration.arn} is disabled.")
        planned = _planned(scope, parameters)
        consumption.check_association(scope, configuration, planned)
        needed = count * consumption.consumption_of(configuration, planned)
        in_use = consumption.total(scope, configuration)
        if configuration.hard_limit and configuration.count is not None and in_use + needed > configuration.count:
            raise ServiceError("LicenseUsageException", f"License configuration {configuration.arn} has not enough licenses: {needed} "
                               f"needed, {in_use} of {configuration.count} in use.")


def after(scope: Scope, parameters: dict[str, Any], instances: list[dict[str, Any]]) -> None:
    ec2_hosts.place(parameters, instances)
    host_groups.place(scope, parameters, instances)
    for configuration in _configurations(scope, parameters):
        for instance in instances:
            arn = scope.arn("ec2", f"instance/{instance['InstanceId']}")
            configuration.associations.append(Association(arn, "EC2_INSTANCE", scope.account))


def _configurations(scope: Scope, parameters: dict[str, Any]) -> list[LicenseConfiguration]:
    """Those that the launch names, and those of its image."""
    named = [name for name in parameters if re.fullmatch(r"LicenseSpecification\.\d+\.LicenseConfigurationArn", name)]
    found = [configurations.find(scope, ec2_hosts.request_value(parameters, name) or "") for name in named]
    image = f"arn:{scope.partition}:ec2:{scope.region}::image/{ec2_hosts.request_value(parameters, 'ImageId')}"
    for configuration, association in associations.of_resource(scope, image):
        in_this_account = configuration.owner == scope.account or association.ami_association_scope == "cross-account"
        if in_this_account and configuration not in found:
            found.append(configuration)
    return found


def _planned(scope: Scope, parameters: dict[str, Any]) -> resources.Resource:
    """The instance that is to be launched."""
    tenancy = ec2_hosts.request_value(parameters, "Placement.Tenancy")
    if any(ec2_hosts.request_value(parameters, f"Placement.{name}") for name in ("HostId", "HostResourceGroupArn")):
        tenancy = "host"
    size = instance_type(ec2_hosts.request_value(parameters, "InstanceType") or "m1.small")
    cores = ec2_hosts.request_value(parameters, "CpuOptions.CoreCount")
    threads = ec2_hosts.request_value(parameters, "CpuOptions.ThreadsPerCore")
    return resources.Resource(
        scope.arn("ec2", "instance/*"), "EC2_INSTANCE", scope.account, "running", _TENANCIES.get(tenancy or "", "EC2-Default"), size,
        int(cores) * int(threads or 2) if cores else None)


def install() -> None:
    hooks.around_run_instances(launch_templates.completed, before, after)
    hooks.declare_launches(launch_templates.arns, launch_templates.condition_keys)
