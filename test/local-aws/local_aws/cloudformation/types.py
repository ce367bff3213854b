"""The types that are added."""

from __future__ import annotations

from .composite_alarm import CompositeAlarmType
from .config_rule import ConfigRuleType, OrganizationConfigRuleType
from .ec2 import HostType, InstanceType
from .iam import RolePolicyType
from .license import GrantType, LicenseType
from .license_assets import LicenseAssetGroupType, LicenseAssetRuleSetType
from .license_configuration import LicenseConfigurationType
from .license_server_endpoint import LicenseServerEndpointType
from .named_query import NamedQueryType
from .policy import PolicyType
from .report_generator import ReportGeneratorType
from .resource_group import ResourceGroupType
from .resource_share import ResourceShareType
from .resource_type import ApiCall, ResourceType
from .secret import SecretType
from .security_group_rule import SecurityGroupEgressType, SecurityGroupIngressType
from .ssm_association import AssociationType
from .stack_set import StackSetType
from .subscription_provider import SubscriptionProviderType


def all_types(call: ApiCall) -> list[ResourceType]:
    return [
        LicenseConfigurationType(call),
        LicenseType(call),
        GrantType(call),
        LicenseAssetRuleSetType(call),
        LicenseAssetGroupType(call),
        ReportGeneratorType(call),
        ResourceShareType(call),
        SubscriptionProviderType(call),
        LicenseServerEndpointType(call),
        SecretType(call),
        ResourceGroupType(call),
        HostType(call),
        InstanceType(call),
        SecurityGroupIngressType(call),
        SecurityGroupEgressType(call),
        RolePolicyType(call),
        NamedQueryType(call),
        CompositeAlarmType(call),
        AssociationType(call),
        StackSetType(call),
        ConfigRuleType(call),
        OrganizationConfigRuleType(call),
        PolicyType(call),
    ]
