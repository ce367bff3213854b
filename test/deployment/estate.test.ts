import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { GetLicenseCommand } from '@aws-sdk/client-license-manager';
import { CfnResource, type Stack, Tags } from 'aws-cdk-lib';
import type { CfnLicense } from 'aws-cdk-lib/aws-licensemanager';
import { useDeployment } from './deployment';
import { inventory, type Inventory } from './inventory';
import { LicenseEstateStack } from '../../examples/typescript/lib/license-estate-stack';
import { LicenseConfiguration, LicenseConfigurationAssociation, LicensedResource } from '../../src';

/*
 * The stack of the example that has every construct of this library: from its creation to its end.
 */

const IMAGE = 'ami-0abcdef1234567890';
const STACK = 'LicenseEstate';
const DIRECTORY = 'd-0123456789';
const DESKTOP = { instanceId: 'i-0abcdef1234567890', directoryId: DIRECTORY, products: ['REMOTE_DESKTOP_SERVICES' as const] };
const GRANT = 'arn:aws:license-manager::777788889999:grant:g-0abcdef1234567890abcdef123456789';
const OTHER_IDENTITY_PROVIDER = 'arn:aws:license-manager-user-subscriptions:us-east-1:111122223333:identity-provider/idp-1abcdef1234567890';

/** The native types and the custom resources that the stack has to have. */
const TYPES = [
  'AWS::EC2::Host',
  'AWS::LicenseManager::Grant',
  'AWS::LicenseManager::License',
  'AWS::LicenseManager::LicenseAssetGroup',
  'AWS::LicenseManager::LicenseAssetRuleSet',
  'AWS::LicenseManager::LicenseConfiguration',
  'AWS::LicenseManager::ReportGenerator',
  'AWS::LicenseManagerLinuxSubscriptions::SubscriptionProvider',
  'AWS::LicenseManagerUserSubscriptions::LicenseServerEndpoint',
  'AWS::RAM::ResourceShare',
  'AWS::ResourceGroups::Group',
  'AWS::Scheduler::Schedule',
  'AWS::StepFunctions::StateMachine',
  'Custom::LicenseManagerAwsManagedLicenseAssetRuleSet',
  'Custom::LicenseManagerGrantAcceptance',
  'Custom::LicenseManagerIdentityProvider',
  'Custom::LicenseManagerLicenseConfigurationAssociation',
  'Custom::LicenseManagerLicenseConfigurationDisassociation',
  'Custom::LicenseManagerLicenseConfigurationStatus',
  'Custom::LicenseManagerLicenseToken',
  'Custom::LicenseManagerProductSubscription',
  'Custom::LicenseManagerServiceLinkedRole',
  'Custom::LicenseManagerUserAssociation',
];

const aws = useDeployment();

beforeAll(async () => {
  await aws.localAws.seed({
    resources: [{ arn: `arn:aws:ec2:us-east-1::image/${IMAGE}` }],
    receivedGrants: [{ grantArn: GRANT }],
    settings: {
      sharingWithOrganization: true,
      directories: { [DIRECTORY]: { users: ['jane'] } },
      identityProviders: [OTHER_IDENTITY_PROVIDER],
      securityGroups: ['sg-0abcdef1234567890'],
    },
    userSubscriptionInstances: [DESKTOP],
  });
});

const deploy = (change: (stack: Stack) => void, licenseCount = 96) => aws.deploy(STACK, change, {
  make: (app, stackName, props) => new LicenseEstateStack(app, stackName, {
    ...props,
    licenseCount,
    imageId: IMAGE,
    organizationArn: 'arn:aws:organizations::111122223333:organization/o-exampleorgid',
    directoryId: DIRECTORY,
    grantArn: GRANT,
  }),
});

/** The physical ids by logical ids. */
const resources = async () => {
  const { StackResources = [] } = await aws.cloudFormation.send(new DescribeStackResourcesCommand({ StackName: STACK }));
  return new Map(StackResources.map(({ LogicalResourceId, PhysicalResourceId, ResourceType }) =>
    [LogicalResourceId!, { id: PhysicalResourceId!, type: ResourceType! }]));
};

const ofType = (stack: Stack, type: string) =>
  stack.node.findAll().filter((it): it is CfnResource => CfnResource.isCfnResource(it) && it.cfnResourceType === type);

/** What can be changed in place: the property and its value, for every native type of the stack. */
const IN_PLACE: [type: string, property: string, value: unknown][] = [
  ['AWS::LicenseManager::Grant', 'GrantName', 'renamed'],
  ['AWS::LicenseManager::License', 'ProductName', 'Renamed Analytics'],
  ['AWS::LicenseManager::LicenseAssetGroup', 'Description', 'Changed'],
  ['AWS::LicenseManager::LicenseAssetRuleSet', 'Description', 'Changed'],
  ['AWS::LicenseManager::LicenseConfiguration', 'Description', 'Changed'],
  ['AWS::LicenseManager::ReportGenerator', 'Description', 'Changed'],
  ['AWS::RAM::ResourceShare', 'Name', 'renamed'],
  ['AWS::ResourceGroups::Group', 'Description', 'Changed'],
];

/** What replaces a resource, for every native type of the stack of which something is replaced. */
const REPLACING: { [type: string]: (resource: CfnResource) => void } = {
  // A host of the group, which goes from the old one to the new one in place: a group is replaced without hosts only.
  'AWS::EC2::Host': (host) => host.addPropertyOverride('AvailabilityZone', { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] }),
  'AWS::LicenseManager::License': (license) => { (license as CfnLicense).productSku = 'example-analytics-2'; },
  'AWS::LicenseManager::LicenseAssetGroup': (group) =>
    group.addPropertyOverride('LicenseAssetGroupConfigurations', [{ UsageDimension: 'Socket' }]),
  'AWS::LicenseManager::LicenseConfiguration': (license) =>
    license.addPropertyOverride('LicenseRules', ['#minimumCores=4', '#allowedTenancy=EC2-DedicatedHost']),
  'AWS::LicenseManagerUserSubscriptions::LicenseServerEndpoint': (endpoint) =>
    endpoint.addPropertyOverride('IdentityProviderArn', OTHER_IDENTITY_PROVIDER),
  'AWS::SecretsManager::Secret': (secret) =>
    secret.addPropertyOverride('Name', `license-manager-user-${secret.node.scope!.node.id}`),
};

/** What is replaced with them, since it names them. */
const REPLACED_WITH_THEM = [
  'AWS::IAM::RolePolicy',
  'AWS::LicenseManager::Grant',
  'AWS::LicenseManagerLinuxSubscriptions::SubscriptionProvider',
  'Custom::LicenseManagerLicenseConfigurationAssociation',
  'Custom::LicenseManagerLicenseConfigurationDisassociation',
  'Custom::LicenseManagerLicenseConfigurationStatus',
  'Custom::LicenseManagerLicenseToken',
];

const replace = (stack: Stack) => {
  for (const [type, change] of Object.entries(REPLACING)) {
    ofType(stack, type).forEach(change);
  }
};

const changeInPlace = (stack: Stack) => {
  for (const [type, property, value] of IN_PLACE) {
    for (const resource of ofType(stack, type)) {
      resource.addPropertyOverride(property, value);
    }
  }
};

const counts = (of: Inventory) => Object.fromEntries(Object.entries(of).map(([kind, names]) => [kind, names.length]));

/** The kinds of things of which the account has more than in another inventory. */
const more = (one: Inventory, other: Inventory) => Object.keys(one).filter((kind) => one[kind].length > other[kind].length);

let empty: Inventory;
let before: Awaited<ReturnType<typeof resources>>;

test('a stack with everything that there is, is deployed', async () => {
  empty = await inventory(aws);
  expect(await deploy(() => {})).toMatchObject({ succeeded: true });

  before = await resources();
  const full = await inventory(aws);
  // Managed policies come with many licenses only.
  expect(more(full, empty)).toEqual(Object.keys(full).filter((kind) => kind !== 'policies'));
  expect([...new Set([...before.values()].map(({ type }) => type))]).toEqual(expect.arrayContaining(TYPES));
});

test('it is updated in place', async () => {
  const result = await deploy((stack) => {
    changeInPlace(stack);
    Tags.of(stack).add('owner', 'platform');
  }, 128);

  expect(result).toMatchObject({ succeeded: true });
  expect(await resources()).toEqual(before);
  expect(await aws.licenseOf(STACK)).toMatchObject({
    LicenseCount: 128, Description: 'Changed', Tags: expect.arrayContaining([{ Key: 'owner', Value: 'platform' }]),
  });
  const [licenseArn] = await aws.physicalIds(STACK, 'AWS::LicenseManager::License');
  const { License } = await aws.licenseManager.send(new GetLicenseCommand({ LicenseArn: licenseArn }));
  expect(License).toMatchObject({ ProductName: 'Renamed Analytics', Version: '2' });
});

test('it is updated by replacements, and only those, and nothing of the old ones is left', async () => {
  const full = await inventory(aws);
  expect(await deploy(replace)).toMatchObject({ succeeded: true });

  const after = await resources();
  const known = new Set([...before.values()].map(({ id }) => id));
  const replaced = [...after.values()].filter(({ id }) => !known.has(id)).map(({ type }) => type);
  expect([...new Set(replaced)].sort()).toEqual([...Object.keys(REPLACING), ...REPLACED_WITH_THEM].sort());
  expect(counts(await inventory(aws))).toEqual(counts(full));
  before = after;
});

test('it is as it was after an update that fails half-way', async () => {
  const full = await inventory(aws);
  const result = await deploy((stack) => {
    // As it was before the replacements, and some more: everything changes back.
    changeInPlace(stack);
    const association = new LicenseConfigurationAssociation(stack, 'Refused', {
      licenseConfiguration: stack.node.findChild('WindowsServer') as LicenseConfiguration,
      resource: LicensedResource.fromMachineImageId('ami-00000000000000bad'),
    });
    // Last of all.
    association.node.addDependency(...stack.node.children.filter((it) => it !== association && it.node.id !== 'CdkLicenseManager'));
  });

  expect(result.succeeded).toBe(false);
  expect((await aws.failures(STACK)).join('\n')).toContain('ami-00000000000000bad');
  expect(await aws.stackStatus(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await resources()).toEqual(before);
  expect(counts(await inventory(aws))).toEqual(counts(full));
});

test('it goes, and nothing is left', async () => {
  // Which the stack has not launched, and without which the directory is not deregistered.
  await aws.localAws.seed({ userSubscriptionInstances: [{ ...DESKTOP, health: 'terminated' }] });
  expect(await aws.destroy(STACK)).toMatchObject({ succeeded: true });

  expect(await aws.stackStatus(STACK)).toBeUndefined();
  // But for a role that others may rely on, and the logs of the workflow and of the export, which are kept.
  const role = 'AWSServiceRoleForAWSLicenseManagerUserSubscriptionsService';
  const logGroups = [...empty.logGroups, ...['AuditFunctionLog', 'AuditLog', 'ToIncludedLog'].map(name => expect.stringContaining(name))];
  expect(await inventory(aws)).toEqual({ ...empty, roles: [...empty.roles, role].sort(), logGroups });
});
