"""The types that are added."""

from __future__ import annotations

from .ec2 import HostType, InstanceType
from .iam import RolePolicyType
from .license_configuration import LicenseConfigurationType
from .report_generator import ReportGeneratorType
from .resource_share import ResourceShareType
from .resource_type import ApiCall, ResourceType


def all_types(call: ApiCall) -> list[ResourceType]:
    return [LicenseConfigurationType(call), ReportGeneratorType(call), ResourceShareType(call), HostType(call), InstanceType(call), RolePolicyType(call)]
