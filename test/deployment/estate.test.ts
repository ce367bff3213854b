import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import {
  GetLicenseCommand, ListDistributedGrantsCommand, ListLicenseAssetGroupsCommand, ListLicenseAssetRulesetsCommand,
  ListLicenseManagerReportGeneratorsCommand, ListLicensesCommand,
} from '@aws-sdk/client-license-manager';
import { CfnResource, type Stack, Tags } from 'aws-cdk-lib';
import { useDeployment } from './deployment';
import { LicenseEstateStack } from '../../examples/typescript/lib/license-estate-stack';
import { LicenseConfiguration, LicenseConfigurationAssociation, LicensedResource } from '../../src';

jest.setTimeout(300_000);

/*
 * The stack of the example that has every construct of this library: from its creation to its end.
 */

const IMAGE = 'ami-0abcdef1234567890';
const STACK = 'LicenseEstate';
const IDENTITY_PROVIDER = 'arn:aws:license-manager-user-subscriptions:us-east-1:111122223333:identity-provider/idp-0abcdef1234567890';
const OTHER_IDENTITY_PROVIDER = IDENTITY_PROVIDER.replace('idp-0', 'idp-1');

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
  'Custom::LicenseManagerAwsManagedLicenseAssetRuleSet',
  'Custom::LicenseManagerLicenseConfigurationAssociation',
  'Custom::LicenseManagerLicenseConfigurationDisassociation',
  'Custom::LicenseManagerLicenseConfigurationStatus',
];

const aws = useDeployment();

beforeAll(async () => {
  await aws.localAws.seed({
    resources: [{ arn: `arn:aws:ec2:us-east-1::image/${IMAGE}` }],
    settings: {
      sharingWithOrganization: true,
      identityProviders: [IDENTITY_PROVIDER, OTHER_IDENTITY_PROVIDER],
      securityGroups: ['sg-0abcdef1234567890'],
    },
  });
});

const deploy = (change: (stack: Stack) => void, licenseCount = 96) => aws.deploy(STACK, change, {
  make: (app, stackName, props) => new LicenseEstateStack(app, stackName, {
    ...props,
    licenseCount,
    imageId: IMAGE,
    organizationArn: 'arn:aws:organizations::111122223333:organization/o-exampleorgid',
    identityProviderArn: IDENTITY_PROVIDER,
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

/** What replaces a resource. */
const REPLACING: [type: string, property: string, value: unknown][] = [
  ['AWS::LicenseManager::LicenseAssetGroup', 'LicenseAssetGroupConfigurations', [{ UsageDimension: 'Socket' }]],
  ['AWS::LicenseManager::LicenseConfiguration', 'LicenseRules', ['#minimumCores=4', '#allowedTenancy=EC2-DedicatedHost']],
  ['AWS::LicenseManagerUserSubscriptions::LicenseServerEndpoint', 'IdentityProviderArn', OTHER_IDENTITY_PROVIDER],
];

const set = (changes: typeof IN_PLACE) => (stack: Stack) => {
  for (const [type, property, value] of changes) {
    for (const resource of ofType(stack, type)) {
      resource.addPropertyOverride(property, value);
    }
  }
};

/** The ARNs of what License Manager holds and has not deleted. */
const left = async () => {
  const client = aws.licenseManager;
  const { LicenseAssetGroups = [] } = await client.send(new ListLicenseAssetGroupsCommand({}));
  const { LicenseAssetRulesets = [] } = await client.send(new ListLicenseAssetRulesetsCommand({}));
  const { ReportGenerators = [] } = await client.send(new ListLicenseManagerReportGeneratorsCommand({}));
  const { Licenses = [] } = await client.send(new ListLicensesCommand({}));
  const { Grants = [] } = await client.send(new ListDistributedGrantsCommand({}));
  const lives = (status?: string) => !status?.includes('DELETE');
  return [
    ...await aws.licenses(),
    ...LicenseAssetGroups.map(({ LicenseAssetGroupArn }) => LicenseAssetGroupArn),
    ...LicenseAssetRulesets.map(({ LicenseAssetRulesetArn }) => LicenseAssetRulesetArn),
    ...ReportGenerators.map(({ LicenseManagerReportGeneratorArn }) => LicenseManagerReportGeneratorArn),
    ...Licenses.filter(({ Status }) => lives(Status)).map(({ LicenseArn }) => LicenseArn),
    ...Grants.filter(({ GrantStatus }) => lives(GrantStatus)).map(({ GrantArn }) => GrantArn),
  ];
};

let before: Awaited<ReturnType<typeof resources>>;

test('a stack with everything that there is, is deployed', async () => {
  expect(await deploy(() => {})).toMatchObject({ succeeded: true });

  before = await resources();
  expect(await left()).toHaveLength(7);
  expect([...new Set([...before.values()].map(({ type }) => type))]).toEqual(expect.arrayContaining(TYPES));
});

test('it is updated in place', async () => {
  const result = await deploy((stack) => {
    set(IN_PLACE)(stack);
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

test('it is updated by replacements, and only those', async () => {
  expect(await deploy(set(REPLACING))).toMatchObject({ succeeded: true });

  const after = await resources();
  const replaced = [...after].filter(([logicalId, { id }]) => before.get(logicalId)!.id !== id).map(([, { type }]) => type);
  expect([...new Set(replaced)].sort()).toEqual([
    'AWS::IAM::RolePolicy',
    ...REPLACING.map(([type]) => type),
    'Custom::LicenseManagerLicenseConfigurationAssociation',
    'Custom::LicenseManagerLicenseConfigurationDisassociation',
    'Custom::LicenseManagerLicenseConfigurationStatus',
  ].sort());
  before = after;
});

test('it is as it was after an update that fails half-way', async () => {
  const result = await deploy((stack) => {
    set([...REPLACING, ...IN_PLACE])(stack);
    const association = new LicenseConfigurationAssociation(stack, 'Refused', {
      licenseConfiguration: stack.node.findChild('WindowsServer') as LicenseConfiguration,
      resource: LicensedResource.machineImage('ami-00000000000000bad'),
    });
    // Last of all.
    association.node.addDependency(...stack.node.children.filter((it) => it !== association && it.node.id !== 'CdkLicenseManager'));
  });

  expect(result.succeeded).toBe(false);
  expect((await aws.failures(STACK)).join('\n')).toContain('ami-00000000000000bad');
  expect(await aws.stackStatus(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await resources()).toEqual(before);
});

test('it goes, and nothing is left', async () => {
  expect(await aws.destroy(STACK)).toMatchObject({ succeeded: true });

  expect(await aws.stackStatus(STACK)).toBeUndefined();
  expect(await left()).toEqual([]);
});
