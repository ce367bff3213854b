import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { renderedIdentity, renderedTarget } from '../../../src/private/license/launch';

const SPECIFICATIONS = [{ LicenseConfigurationArn: 'a' }, { LicenseConfigurationArn: 'b' }];
const UNKNOWN = { Ref: 'Parameter' };
const INSTANCE = 'AWS::EC2::Instance';
const LAUNCH_TEMPLATE = 'AWS::EC2::LaunchTemplate';
const DISTRIBUTION = 'AWS::ImageBuilder::DistributionConfiguration';
const WORKSPACE = 'AWS::WorkspacesInstances::WorkspaceInstance';
const CAPACITY_PROVIDER = 'AWS::BedrockAgentCore::CapacityProvider';

test.each<[string, object, object]>([
  [INSTANCE, {}, { licenses: [undefined], tenancyElsewhere: false }],
  [INSTANCE, { LicenseSpecifications: SPECIFICATIONS, Tenancy: 'dedicated', LaunchTemplate: {} },
    { licenses: [['a', 'b']], tenancy: 'dedicated', tenancyElsewhere: true, placement: { Tenancy: 'dedicated' } }],
  [INSTANCE, { LicenseSpecifications: UNKNOWN, HostId: 'h-1', PlacementGroupName: 'near' },
    { licenses: [UNKNOWN], tenancy: 'host', tenancyElsewhere: false, placement: { HostId: 'h-1', GroupName: 'near' } }],
  [INSTANCE, { HostResourceGroupArn: 'g', Tenancy: UNKNOWN },
    { licenses: [undefined], tenancy: UNKNOWN, tenancyElsewhere: false, hostResourceGroupArn: 'g', placement: { HostResourceGroupArn: 'g', Tenancy: UNKNOWN } }],
  [LAUNCH_TEMPLATE, {}, { licenses: [undefined], tenancyElsewhere: false }],
  [LAUNCH_TEMPLATE, { LaunchTemplateData: {} }, { licenses: [undefined], tenancyElsewhere: false }],
  [LAUNCH_TEMPLATE, { LaunchTemplateData: { LicenseSpecifications: SPECIFICATIONS, Placement: { HostResourceGroupArn: 'g' } } },
    { licenses: [['a', 'b']], tenancy: 'host', tenancyElsewhere: false, hostResourceGroupArn: 'g', placement: { HostResourceGroupArn: 'g' } }],
  [DISTRIBUTION, {}, { licenses: [], tenancyElsewhere: true }],
  [DISTRIBUTION, { Distributions: UNKNOWN }, { licenses: [], tenancyElsewhere: true }],
  [DISTRIBUTION, { Distributions: [{ LicenseConfigurationArns: ['a'] }, {}] }, { licenses: [['a'], undefined], tenancyElsewhere: true }],
  [WORKSPACE, {}, { licenses: [undefined], tenancyElsewhere: true }],
  [WORKSPACE, { ManagedInstance: {} }, { licenses: [undefined], tenancyElsewhere: true }],
  [WORKSPACE, { ManagedInstance: { LicenseSpecifications: SPECIFICATIONS, Placement: { Tenancy: 'host' } } },
    { licenses: [['a', 'b']], tenancy: 'host', tenancyElsewhere: true, placement: { Tenancy: 'host' } }],
  [CAPACITY_PROVIDER, {}, { licenses: [undefined], tenancyElsewhere: true }],
  [CAPACITY_PROVIDER, { ComputeConfiguration: {} }, { licenses: [undefined], tenancyElsewhere: true }],
  [CAPACITY_PROVIDER, { ComputeConfiguration: { Ec2Configuration: {} } }, { licenses: [undefined], tenancyElsewhere: true }],
  [CAPACITY_PROVIDER, { ComputeConfiguration: { Ec2Configuration: { LaunchTemplateSource: {} } } },
    { licenses: [undefined], tenancyElsewhere: true }],
  [CAPACITY_PROVIDER,
    { ComputeConfiguration: { Ec2Configuration: { LaunchTemplateSource: { LaunchParameters: { LicenseSpecifications: SPECIFICATIONS } } } } },
    { licenses: [['a', 'b']], tenancyElsewhere: true }],
])('%s with %j is read as far as it is written', (type, properties, expected) => {
  expect(renderedTarget(new CfnResource(new Stack(new App(), 'Stack'), 'Target', { type, properties }))).toEqual({ placement: {}, ...expected });
});

test.each<[unknown, unknown, boolean]>([
  [{ Ref: 'Group' }, { 'Fn::GetAtt': ['Group', 'Arn'] }, true],
  [{ Ref: 'Group' }, { Ref: 'Other' }, false],
  ['arn', 'arn', true],
  [undefined, undefined, true],
  [undefined, { Ref: 'Group' }, false],
  [null, { Ref: 'Group' }, false],
  [{ 'Fn::ImportValue': 'group' }, { 'Fn::ImportValue': 'group' }, true],
  [{ 'Fn::ImportValue': 'group' }, { 'Fn::ImportValue': 'other' }, false],
])('%j and %j name the same: %p', (one, other, same) => {
  expect(renderedIdentity(one) === renderedIdentity(other)).toBe(same);
});
