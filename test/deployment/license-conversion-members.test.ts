/*
 * The workflow that converts license types in other accounts, run as it is deployed: each of its tasks takes the role of an account by AWS STS, which evaluates
 * the policies of the workflow and the trust of the role, and is a request of that account.
 */
import { CloudFormationClient, CreateStackCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import { CfnOutput } from 'aws-cdk-lib';
import { useDeployment } from './deployment';
import { LicenseConversionPath, LicenseConversionRole, LicenseConversionWorkflow } from '../../src';
import type { LicenseConversionRoleProps, LicenseConversionWorkflowProps } from '../../src';
import type { InstanceSeed } from '../local-aws/local-aws';
import { endOfExecution, objectsBelow, startExecution } from '../support/executions';
import { callQuery } from '../support/requests';

const aws = useDeployment();

const BYOL = 'RunInstances:0800';
const INCLUDED = 'RunInstances:0002';
const [MEMBER, OTHER, CLOSED, EMPTY, OUTSIDE] = ['444455556666', '555566667777', '666677778888', '777788889999', '888899990000'];
const WORKFLOW_ROLE = 'license-conversion';

let machines: { [name: string]: string };
let buckets: { [name: string]: string };

const id = (number: number) => `i-${number.toString(16).padStart(17, '0')}`;
const [ONE, TWO, THREE] = [1, 2, 3].map(id);

beforeAll(async () => {
  const organizationId = `o-${aws.localAws.account}`;
  await aws.localAws.seed({
    settings: { organizationManagementAccount: aws.localAws.account, organizationAccounts: [MEMBER, OTHER, CLOSED, EMPTY] },
  });
  const deployed = await aws.deploy('Conversion', stack => {
    const path = LicenseConversionPath.WINDOWS_BYOL_TO_INCLUDED;
    for (const [name, props] of Object.entries<Partial<LicenseConversionWorkflowProps>>({
      Listed: { stopInstances: true, concurrency: 5, memberAccountIds: [MEMBER, OTHER, CLOSED, EMPTY], roleName: WORKFLOW_ROLE },
      Organization: { memberOrganizationId: organizationId },
      Limited: { memberAccountIds: [MEMBER, EMPTY], maximumFailures: 1 },
      Foreign: { memberOrganizationId: 'o-somebodyelse' },
    })) {
      const workflow = new LicenseConversionWorkflow(stack, name, { path, ...props });
      new CfnOutput(stack, `${name}Arn`, { value: workflow.stateMachineArn });
      new CfnOutput(stack, `${name}Bucket`, { value: workflow.resultsBucket.bucketRef.bucketName });
    }
  });
  expect(deployed).toMatchObject({ succeeded: true });
  const outputs = await aws.outputs('Conversion');
  const ending = (end: string) => Object.fromEntries(
    Object.entries(outputs).filter(([name]) => name.endsWith(end)).map(([name, value]) => [name.slice(0, -end.length), value]));
  machines = ending('Arn');
  buckets = ending('Bucket');

  const workflowAccountId = aws.localAws.account;
  await member(MEMBER, { workflowAccountId, organizationId });
  await member(OTHER, { workflowAccountId, workflowRoleName: WORKFLOW_ROLE });
  await member(CLOSED, { workflowAccountId: '999999999999' });
  await member(OUTSIDE, { workflowAccountId });
});

const as = (account: string) => account === aws.localAws.account ? aws.localAws : aws.localAws.as(account);

/** What a stack set does in an account. */
async function member(account: string, props: LicenseConversionRoleProps): Promise<void> {
  const cloudFormation = new CloudFormationClient(as(account).clientConfig);
  const StackName = 'LicenseConversion';
  await cloudFormation.send(new CreateStackCommand({
    StackName, TemplateBody: LicenseConversionRole.stackSetTemplate(props), Capabilities: ['CAPABILITY_NAMED_IAM'],
  }));
  await waitUntilStackCreateComplete({ client: cloudFormation, minDelay: 1, maxDelay: 1, maxWaitTime: 60 }, { StackName });
}

const seed = (account: string, ...instances: InstanceSeed[]) =>
  as(account).seed({ instances, settings: { stateMachineWaitPercent: 0, conversionReads: 1, instanceStopReads: 1, conversionFailures: {} } });

/** How an execution has ended, and its objects: key without its name to detail. */
async function run(workflow: string, input: object): Promise<any> {
  const execution = await startExecution(aws.localAws, machines[workflow], input);
  const end = await endOfExecution(aws.localAws, execution);
  const prefix = `${execution.split(':').pop()}/`;
  const found = await objectsBelow(aws.localAws, buckets[workflow], prefix);
  const results = Object.fromEntries(Object.entries(found).map(([key, { detail }]) => [key.slice(prefix.length), detail]));
  return { ...end, results, bodies: Object.values(found) };
}

async function instance(account: string, instanceId: string): Promise<string[]> {
  const described = (element: string) => callQuery(as(account), 'ec2', '2016-11-15', 'DescribeInstances', element, { 'InstanceId.1': instanceId });
  return [(await described('name'))[0], ...await described('usageOperation')];
}

/** What state machines have asked in an account. */
const asked = async (account: string) => (await as(account).calls({ service: 'license-manager,ec2,ssm' }))
  .filter(({ userAgent }) => userAgent.startsWith('states.amazonaws.com')).map(({ operation }) => operation);
const CONVERTED = 'It has the license type now.';

test('instances of two accounts and of its own are converted by the role of each, and equal ids do not collide', async () => {
  for (const account of [MEMBER, OTHER, aws.localAws.account]) {
    await seed(account, { instanceId: ONE, usageOperation: BYOL, state: 'running', tags: { fleet: 'a' } }, { instanceId: TWO, usageOperation: BYOL });
    await as(account).clearCalls();
  }

  const { status, output, results, bodies } = await run('Listed', {
    accounts: {
      [MEMBER]: { instanceIds: [ONE, TWO, ONE] },
      [OTHER]: { tag: { key: 'fleet', value: 'a' } },
      [aws.localAws.account]: { instanceIds: [ONE] },
    },
  });

  expect([status, output]).toEqual(['SUCCEEDED', expect.objectContaining({ instances: 4, converted: 4, refused: 0, failed: 0 })]);
  expect(results).toEqual({
    [`converted/${MEMBER}/${ONE}.json`]: CONVERTED,
    [`converted/${MEMBER}/${TWO}.json`]: CONVERTED,
    [`converted/${OTHER}/${ONE}.json`]: CONVERTED,
    [`converted/${aws.localAws.account}/${ONE}.json`]: CONVERTED,
  });
  expect(bodies.find((body: any) => body.accountId === OTHER)).toMatchObject({ accountId: OTHER, instanceId: ONE, status: 'converted', wasRunning: true });
  expect(await Promise.all([MEMBER, OTHER, aws.localAws.account].map(account => instance(account, ONE)))).toEqual(Array(3).fill(['running', INCLUDED]));
  expect(await instance(OTHER, TWO)).toEqual(['stopped', BYOL]);
  for (const account of [MEMBER, OTHER, aws.localAws.account]) {
    expect(await asked(account)).toEqual(expect.arrayContaining(['StopInstances', 'CreateLicenseConversionTaskForResource', 'StartInstances']));
  }
});

test('an account without the role, and one whose role trusts another account, are refused, and the others go on', async () => {
  await seed(MEMBER, { instanceId: ONE, usageOperation: BYOL });
  await seed(CLOSED, { instanceId: ONE, usageOperation: BYOL, tags: { fleet: 'a' } });
  await as(CLOSED).clearCalls();

  const { status, output, results } = await run('Listed', {
    accounts: { [CLOSED]: { tag: { key: 'fleet', value: 'a' } }, [EMPTY]: { instanceIds: [ONE] }, [MEMBER]: { instanceIds: [ONE] } },
  });

  const refusal = (account: string) => expect.stringContaining(
    `is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::${account}:role/LicenseManagerConversionRole`);
  expect([status, output]).toEqual(['SUCCEEDED', expect.objectContaining({ instances: 3, converted: 1, refused: 2, failed: 0 })]);
  expect(results).toEqual({
    [`converted/${MEMBER}/${ONE}.json`]: CONVERTED,
    [`refused/${CLOSED}/all.json`]: refusal(CLOSED),
    [`refused/${EMPTY}/${ONE}.json`]: refusal(EMPTY),
  });
  expect(results[`refused/${CLOSED}/all.json`]).toMatch(/^Its instances were not found: /);
  expect(results[`refused/${EMPTY}/${ONE}.json`]).toMatch(/^Account 777788889999 does not let the workflow have the role arn:aws:iam::777788889999:role\//);
  expect([await asked(CLOSED), await instance(CLOSED, ONE)]).toEqual([[], ['stopped', BYOL]]);
});

test('a dry run tells it of all accounts, and touches nothing', async () => {
  await seed(MEMBER, { instanceId: ONE, usageOperation: BYOL, state: 'running' }, { instanceId: TWO, usageOperation: INCLUDED }, { instanceId: THREE, inventory: false });
  await as(MEMBER).clearCalls();

  const { output, results } = await run('Listed', { accounts: { [MEMBER]: { instanceIds: [ONE, TWO, THREE] }, [CLOSED]: { instanceIds: [ONE] } }, dryRun: true });

  expect(output).toMatchObject({ dryRun: true, instances: 4, ready: 1, unchanged: 1, refused: 2 });
  expect(Object.keys(results).sort()).toEqual([
    `ready/${MEMBER}/${ONE}.json`, `refused/${CLOSED}/${ONE}.json`, `refused/${MEMBER}/${THREE}.json`, `unchanged/${MEMBER}/${TWO}.json`,
  ].sort());
  expect((await asked(MEMBER)).filter(operation => /^(Create|Stop|Start)/.test(operation))).toEqual([]);
});

test('without accounts in the input, instances are those of its own account, and results named as ever', async () => {
  await aws.localAws.seed({ settings: { instancesPerPage: 1 } });
  await seed(aws.localAws.account, ...[ONE, TWO].map((instanceId): InstanceSeed => ({ instanceId, usageOperation: BYOL, tags: { fleet: 'own' } })));

  expect((await run('Listed', { instanceIds: [ONE, ONE], dryRun: true })).results).toEqual({ [`ready/${ONE}.json`]: 'Nothing speaks against it.' });
  expect((await run('Listed', { tag: { key: 'fleet', value: 'own' } })).results).toEqual({
    [`converted/${ONE}.json`]: CONVERTED, [`converted/${TWO}.json`]: CONVERTED,
  });
  await aws.localAws.seed({ settings: { instancesPerPage: 1000 } });
});

test('the accounts of an organization are reached without a list, and those of another one are not', async () => {
  for (const account of [MEMBER, OUTSIDE]) {
    await seed(account, { instanceId: ONE, usageOperation: BYOL });
  }
  const accounts = { [MEMBER]: { instanceIds: [ONE] }, [OUTSIDE]: { instanceIds: [ONE] } };

  expect(Object.keys((await run('Foreign', { accounts, dryRun: true })).results).sort()).toEqual([
    `refused/${MEMBER}/${ONE}.json`, `refused/${OUTSIDE}/${ONE}.json`,
  ]);
  expect(Object.keys((await run('Organization', { accounts })).results).sort()).toEqual([
    `converted/${MEMBER}/${ONE}.json`, `refused/${OUTSIDE}/${ONE}.json`,
  ]);
});

test('a role that trusts one role of the account is not for another one', async () => {
  await seed(OTHER, { instanceId: ONE, usageOperation: BYOL });

  expect(Object.keys((await run('Organization', { accounts: { [OTHER]: { instanceIds: [ONE] } } })).results)).toEqual([`refused/${OTHER}/${ONE}.json`]);
  expect(Object.keys((await run('Listed', { accounts: { [OTHER]: { instanceIds: [ONE] } } })).results)).toEqual([`converted/${OTHER}/${ONE}.json`]);
});

test('an account that is not listed is refused', async () => {
  await seed(OTHER, { instanceId: ONE, usageOperation: BYOL });

  expect((await run('Limited', { accounts: { [OTHER]: { instanceIds: [ONE] } } })).results).toEqual({
    [`refused/${OTHER}/${ONE}.json`]: expect.stringContaining('is not authorized to perform: sts:AssumeRole'),
  });
});

test('failures of all accounts are counted, and what is refused is none', async () => {
  await seed(MEMBER, ...[ONE, TWO].map((instanceId): InstanceSeed => ({ instanceId, usageOperation: BYOL })));
  await as(MEMBER).seed({ settings: { conversionFailures: { [ONE]: 'It failed.' } } });

  const { status, cause, results } = await run('Limited', { accounts: { [EMPTY]: { instanceIds: [ONE] }, [MEMBER]: { instanceIds: [ONE, TWO] } } });

  expect([status, cause]).toEqual(['FAILED', expect.stringMatching(/^1 of 3 instances failed, 1 not started/)]);
  expect(Object.keys(results).sort()).toEqual([`failed/${MEMBER}/${ONE}.json`, `notStarted/${MEMBER}/${TWO}.json`, `refused/${EMPTY}/${ONE}.json`]);
});

test.each<[what: string, input: object]>([
  ['no accounts', { accounts: {} }],
  ['an instance with its account, beside accounts', { instanceIds: [`${MEMBER}/${ONE}`] }],
  ['an empty id', { instanceIds: [''] }],
  ['an empty id in an account', { accounts: { [MEMBER]: { instanceIds: [ONE, ''] } } }],
  ['another account in an account', { accounts: { [MEMBER]: { instanceIds: [`${OTHER}/${ONE}`] } } }],
  ['accounts and instances', { accounts: { [MEMBER]: { instanceIds: [ONE] } }, instanceIds: [ONE] }],
  ['accounts and a tag', { accounts: { [MEMBER]: { instanceIds: [ONE] } }, tag: { key: 'a', value: 'b' } }],
  ['a list of accounts', { accounts: [MEMBER] }],
  ['something else than the id of an account', { accounts: { member: { instanceIds: [ONE] } } }],
  ['an id of 13 digits', { accounts: { [`${MEMBER}0`]: { instanceIds: [ONE] } } }],
  ['an account without instances', { accounts: { [MEMBER]: { instanceIds: [] } } }],
  ['an account with nothing', { accounts: { [OTHER]: { instanceIds: [ONE] }, [MEMBER]: {} } }],
  ['an account with instances and a tag', { accounts: { [MEMBER]: { instanceIds: [ONE], tag: { key: 'a', value: 'b' } } } }],
  ['an account with a tag without a value', { accounts: { [MEMBER]: { tag: { key: 'a' } } } }],
  ['dryRun in an account', { accounts: { [MEMBER]: { instanceIds: [ONE], dryRun: true } } }],
  ['a list in an account', { accounts: { [MEMBER]: [ONE] } }],
  ['a misspelled dryRun', { accounts: { [MEMBER]: { instanceIds: [ONE] } }, dryrun: true }],
])('an input with %s is wrong, and nothing is asked', async (_, input) => {
  await Promise.all([MEMBER, OTHER, aws.localAws.account].map(account => as(account).clearCalls()));

  expect(await endOfExecution(aws.localAws, await startExecution(aws.localAws, machines.Listed, input))).toMatchObject({ status: 'FAILED', error: 'InputWrong' });
  expect((await Promise.all([MEMBER, OTHER, aws.localAws.account].map(asked))).flat()).toEqual([]);
});
