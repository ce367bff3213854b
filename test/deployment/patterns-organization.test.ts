/*
 * An organization of four accounts becomes one in which License Manager works, in one Region and in two; an account that joins has what the others have, and
 * what is shared with them; and what fails leaves everything as it was.
 */
import { CloudFormationClient, DescribeStackResourcesCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetServiceSettingsCommand, LicenseManagerClient } from '@aws-sdk/client-license-manager';
import { GetResourceSharesCommand, ListResourcesCommand, RAMClient } from '@aws-sdk/client-ram';
import { type App, CfnResource, Duration, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { useDeployment } from './deployment';
import { withApp } from './several-stacks';
import { LicenseConfiguration, LicenseCounting, patterns, Provisioning } from '../../src';
import { callJson, callQuery, remove } from '../support/requests';

const MEMBERS = ['444455556666', '555566667777', '666677778888'];
const JOINING = '777788889999';
const EUROPE = 'eu-west-1';
const STACK_SETS = 'member.org.stacksets.cloudformation.amazonaws.com';

const aws = useDeployment();

interface Choice {
  readonly member?: patterns.OrganizationMemberProps;
  readonly regions?: readonly string[];
  readonly administratorAccountId?: string;
  readonly shared?: boolean;
  readonly auditor?: boolean;
  readonly large?: boolean;
  readonly broken?: boolean;
}

/** The hub, its other Regions, the licenses, and what is shared. */
const organization = (choice: Choice = {}) => (app: App, props: StackProps) => {
  const { member, regions = [], administratorAccountId = MEMBERS[0], shared = true, auditor, large, broken } = choice;
  const stack = new Stack(app, 'Hub', props);
  const hub = new patterns.OrganizationHub(stack, 'Hub', {
    organizationalUnitIds: ['r-ab12'], organizationId: `o-${aws.localAws.account}`, administratorAccountId, member,
  });
  for (const region of regions) {
    hub.addRegion(new Stack(app, `Hub-${region}`, { ...props, env: { ...props.env, region } }), 'Region');
  }
  if (auditor) {
    for (const one of hub.members) {
      new CfnRole(one, 'Auditor', {
        assumeRolePolicyDocument: {
          Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: aws.localAws.account } }],
        },
      });
    }
  }
  if (large) {
    // More than a template may have inside another one.
    for (let index = 0; index < 60; index++) {
      new CfnResource(hub.members.at(-1)!, `Topic${index}`, { type: 'AWS::SNS::Topic', properties: { DisplayName: 'x'.repeat(900) } });
    }
  }
  if (broken) {
    const last = new CfnResource(stack, 'Broken', {
      type: 'AWS::LicenseManager::LicenseConfiguration', properties: { Name: 'x', LicenseCountingType: 'vCPU', LicenseRules: ['#minimumCores=2'] },
    });
    last.node.addDependency(hub);
  }
  const licenses = new Stack(app, 'Licenses', props);
  const license = new LicenseConfiguration(licenses, 'Windows', { licenseCounting: LicenseCounting.cores(), provisioning: Provisioning.NATIVE });
  if (shared) {
    hub.addShare(new Stack(app, 'Shares', props), 'Share', { licenseConfigurations: [license] });
  }
  Tags.of(app).add('purpose', 'licenses');
};

const run = (command: string, choice?: Choice, ...stacks: string[]) => withApp(
  aws, [command, ...stacks.length > 0 ? stacks : ['--all'], ...command === 'deploy' ? ['--require-approval', 'never'] : ['--force']], {}, organization(choice));
const deploy = (choice?: Choice, ...stacks: string[]) => run('deploy', choice, ...stacks);

const rates = async (account: string, region = 'us-east-1') => {
  const { Associations } = await callJson(aws.localAws.as(account, region), 'ssm', 'ListAssociations');
  return Associations.map(({ ScheduleExpression }: any) => ScheduleExpression);
};
const everywhere = (region?: string) => Promise.all([aws.localAws.account, ...MEMBERS].map(account => rates(account, region)));
const settings = (region = 'us-east-1') => new LicenseManagerClient(aws.localAws.as(aws.localAws.account, region).clientConfig).send(new GetServiceSettingsCommand({}));

/** The licenses that an account has by shares. */
async function sharedWith(account: string): Promise<string[]> {
  const { resources = [] } = await new RAMClient(aws.localAws.as(account).clientConfig).send(new ListResourcesCommand({ resourceOwner: 'OTHER-ACCOUNTS' }));
  return resources.map(({ arn }) => arn!);
}

const ownShares = async () => (await new RAMClient(aws.localAws.clientConfig).send(new GetResourceSharesCommand({ resourceOwner: 'SELF' }))).resourceShares!
  .filter(({ name, status }) => status === 'ACTIVE' && !name!.startsWith('licenseManagerResourceShare'));

async function stacksOf(account: string): Promise<string[]> {
  const { Stacks = [] } = await new CloudFormationClient(aws.localAws.as(account).clientConfig).send(new DescribeStacksCommand({}));
  return Stacks.filter(({ StackStatus }) => !StackStatus!.startsWith('DELETE')).map(({ StackName }) => StackName!);
}

/** Who joins and leaves is seen some time later. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 120_000; !await condition(); await new Promise(resolve => setTimeout(resolve, 100))) {
    expect(Date.now()).toBeLessThan(end);
  }
}

beforeEach(async () => {
  await aws.localAws.reset();
  await aws.localAws.seed({
    settings: {
      organizationManagementAccount: aws.localAws.account,
      organizationAccounts: MEMBERS,
      organizationServiceAccess: [STACK_SETS],
      organizationDelegatedAdministrators: {},
      sharingWithOrganization: false,
      sharingWithOrganizationDelay: 1,
      serviceLinkedRoles: [],
    },
  });
});

/** What stays after its stack: the next test makes it anew, under the same names. */
async function removeWhatStays(region: string): Promise<void> {
  const there = aws.localAws.as(aws.localAws.account, region);
  await remove(there, 's3', `/aws-license-manager-service-${there.account}-${region}`);
  for (const TopicArn of await callQuery(there, 'sns', '2010-03-31', 'ListTopics', 'TopicArn')) {
    await callQuery(there, 'sns', '2010-03-31', 'DeleteTopic', 'RequestId', { TopicArn });
  }
}

afterEach(async () => {
  await run('destroy', { regions: [EUROPE] });
  await Promise.all(['us-east-1', EUROPE].map(removeWhatStays));
});

test('the hub deploys to an organization of four accounts, a member that joins has what all have, and its share', async () => {
  const europe = await aws.in({ region: EUROPE });
  expect(europe.localAws.region).toBe(EUROPE);

  // AWS RAM is not ready yet: the share alone is taken back, and nothing is lost.
  const first = await deploy({ regions: [EUROPE] }, 'Hub', `Hub-${EUROPE}`, 'Shares');
  expect(first.succeeded).toBe(false);
  expect(first.output).toContain('onboarding process is still in progress');
  expect(await aws.stackStatus('Hub')).toBe('CREATE_COMPLETE');
  expect(await aws.stackStatus('Licenses')).toBe('CREATE_COMPLETE');
  expect(await ownShares()).toEqual([]);

  expect(await deploy({ regions: [EUROPE] })).toMatchObject({ succeeded: true });
  const { account } = aws.localAws;
  const [license] = await aws.licenses();
  expect(await everywhere()).toEqual([['rate(30 minutes)'], ['rate(30 minutes)'], ['rate(30 minutes)'], ['rate(30 minutes)']]);
  expect(await everywhere(EUROPE)).toEqual(await everywhere());
  expect(await settings()).toMatchObject({
    OrganizationConfiguration: { EnableIntegration: true },
    S3BucketArn: `arn:aws:s3:::aws-license-manager-service-${account}-us-east-1`,
    CrossRegionDiscoverySourceRegions: expect.arrayContaining(['us-east-1', EUROPE]),
  });
  expect(await settings(EUROPE)).toMatchObject({
    OrganizationConfiguration: { EnableIntegration: true }, S3BucketArn: `arn:aws:s3:::aws-license-manager-service-${account}-${EUROPE}`,
  });
  const { DelegatedAdministrators } = await callJson(aws.localAws, 'organizations', 'ListDelegatedAdministrators');
  expect(DelegatedAdministrators.map(({ Id }: any) => Id)).toEqual([MEMBERS[0]]);
  for (const member of MEMBERS) {
    expect(await sharedWith(member)).toContain(license);
  }

  // An account joins.
  expect([await rates(JOINING), await sharedWith(JOINING)]).toEqual([[], []]);
  await aws.localAws.seed({ settings: { organizationAccounts: [...MEMBERS, JOINING] } });
  await until(async () => (await rates(JOINING)).length === 1 && (await rates(JOINING, EUROPE)).length === 1);
  expect(await sharedWith(JOINING)).toContain(license);
  // And leaves.
  await aws.localAws.seed({ settings: { organizationAccounts: MEMBERS } });
  await until(async () => (await rates(JOINING)).length === 0 && (await rates(JOINING, EUROPE)).length === 0);

  // The same again changes nothing, and what changes reaches every account.
  const before = await Promise.all(MEMBERS.map(stacksOf));
  await aws.localAws.clearCalls();
  expect(await deploy({ regions: [EUROPE] })).toMatchObject({ succeeded: true });
  expect(await aws.writes()).toEqual([]);
  const changed = { regions: [EUROPE], member: { inventoryFrequency: Duration.hours(6) }, administratorAccountId: MEMBERS[1] };
  expect(await deploy(changed)).toMatchObject({ succeeded: true });
  expect(await everywhere()).toEqual([['rate(6 hours)'], ['rate(6 hours)'], ['rate(6 hours)'], ['rate(6 hours)']]);
  expect(await everywhere(EUROPE)).toEqual(await everywhere());
  expect(await Promise.all(MEMBERS.map(stacksOf))).toEqual(before);

  // One Region goes, and then all.
  expect(await run('destroy', { regions: [EUROPE] }, `Hub-${EUROPE}`)).toMatchObject({ succeeded: true });
  expect(await deploy()).toMatchObject({ succeeded: true });
  expect(await everywhere(EUROPE)).toEqual([[], [], [], []]);
  expect(await everywhere()).toEqual([['rate(30 minutes)'], ['rate(30 minutes)'], ['rate(30 minutes)'], ['rate(30 minutes)']]);
  expect(await run('destroy')).toMatchObject({ succeeded: true });
  expect(await everywhere()).toEqual([[], [], [], []]);
  expect((await settings()).OrganizationConfiguration).toEqual({ EnableIntegration: true });
});

test('a first deployment that fails leaves nothing in any account, and the next one succeeds', async () => {
  expect(await deploy({ broken: true, shared: false })).toMatchObject({ succeeded: false });
  expect(await everywhere()).toEqual([[], [], [], []]);
  expect(await Promise.all(MEMBERS.map(stacksOf))).toEqual([[], [], []]);

  expect(await deploy({ shared: false })).toMatchObject({ succeeded: true });

  // A later one that fails takes back what accounts have got.
  expect(await deploy({ broken: true, shared: false, member: { inventoryFrequency: Duration.hours(6) } })).toMatchObject({ succeeded: false });
  expect(await everywhere()).toEqual([['rate(30 minutes)'], ['rate(30 minutes)'], ['rate(30 minutes)'], ['rate(30 minutes)']]);
});

test('without trust in stack sets the deployment fails and says so', async () => {
  await aws.localAws.seed({ settings: { organizationServiceAccess: [] } });
  const { succeeded, output } = await deploy({ shared: false }, 'Hub');
  expect(succeeded).toBe(false);
  expect(output).toContain('You must enable organizations access to operate a service managed stack set');
});

test('what is added to all members, all accounts have, also when it is too large to be part of the template', async () => {
  expect(await deploy({ auditor: true, large: true, shared: false })).toMatchObject({ succeeded: true });
  for (const account of MEMBERS) {
    const [name] = await stacksOf(account);
    expect(name).toMatch(/^StackSet-license-manager-Hub-/);
    const client = new CloudFormationClient(aws.localAws.as(account).clientConfig);
    const { StackResources = [] } = await client.send(new DescribeStackResourcesCommand({ StackName: name }));
    const types = StackResources.map(({ ResourceType }) => ResourceType);
    expect(types.filter(type => type === 'AWS::SNS::Topic')).toHaveLength(60);
    expect(types).toEqual(expect.arrayContaining(['AWS::IAM::Role', 'AWS::SSM::Association']));
  }
  expect(await aws.physicalIds('Hub', 'AWS::IAM::Role')).toHaveLength(2);
});

test('every account has the role for conversions once, in all Regions of the hub, and loses it with the stack', async () => {
  const workflowAccountId = MEMBERS[0];
  const member = (regions = ['us-east-1']) => ({ conversionRole: { workflowAccountId, regions } });
  const trusts = (account: string) => callQuery(aws.localAws.as(account), 'iam', '2010-05-08', 'ListRoles', 'RoleName')
    .then(names => names.filter(name => name === 'LicenseManagerConversionRole'));
  const policy = async (account: string) => {
    const [document] = await callQuery(aws.localAws.as(account), 'iam', '2010-05-08', 'GetRolePolicy', 'PolicyDocument', {
      RoleName: 'LicenseManagerConversionRole',
      PolicyName: (await callQuery(aws.localAws.as(account), 'iam', '2010-05-08', 'ListRolePolicies', 'member', { RoleName: 'LicenseManagerConversionRole' }))[0],
    });
    return decodeURIComponent(document);
  };
  const all = [aws.localAws.account, ...MEMBERS];

  await aws.in({ region: EUROPE });
  expect(await deploy({ regions: [EUROPE], shared: false, member: member() })).toMatchObject({ succeeded: true });
  expect(await Promise.all(all.map(trusts))).toEqual(all.map(() => ['LicenseManagerConversionRole']));
  expect(await everywhere(EUROPE)).toEqual(await everywhere());
  expect(await policy(MEMBERS[1])).not.toContain(`ec2:${EUROPE}:${MEMBERS[1]}:instance/*`);

  expect(await deploy({ regions: [EUROPE], shared: false, member: member(['us-east-1', EUROPE]) })).toMatchObject({ succeeded: true });
  expect(await policy(MEMBERS[1])).toContain(`ec2:${EUROPE}:${MEMBERS[1]}:instance/*`);

  expect(await deploy({ regions: [EUROPE], shared: false, member: member(), broken: true })).toMatchObject({ succeeded: false });
  expect(await policy(MEMBERS[1])).toContain(`ec2:${EUROPE}:${MEMBERS[1]}:instance/*`);

  expect(await deploy({ regions: [EUROPE], shared: false })).toMatchObject({ succeeded: true });
  expect(await Promise.all(all.map(trusts))).toEqual(all.map(() => []));
});
