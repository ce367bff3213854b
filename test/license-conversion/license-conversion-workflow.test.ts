import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Aws, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Role, User } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnTopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { ITopicRef } from 'aws-cdk-lib/aws-sns';
import { LicenseConversionPath, LicenseConversionWorkflow, LicenseConversionWorkflowGrants } from '../../src';
import type { LicenseConversionWorkflowProps } from '../../src';
import { transitions, transitionsOf } from '../support/transitions';

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:topic';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const workflow = (props: Partial<LicenseConversionWorkflowProps> = {}) =>
  new LicenseConversionWorkflow(stack, 'It', { path: LicenseConversionPath.WINDOWS_BYOL_TO_INCLUDED, ...props });
const topic = () => Topic.fromTopicArn(stack, 'Topic', TOPIC);

/** The definition, with its references as texts. */
function definition(props: Partial<LicenseConversionWorkflowProps> = {}): any {
  workflow(props);
  const [machine] = Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'));
  return JSON.parse(machine.Properties.DefinitionString['Fn::Join'][1].map((part: any) => typeof part === 'string' ? part : `<${part.Ref ?? part['Fn::GetAtt'].join('.')}>`).join(''));
}
const ofInstance = (props?: Partial<LicenseConversionWorkflowProps>) => definition(props).States['Convert the instances'].ItemProcessor.States;

/** What the role may do, by resource. */
function permissions(): { [resource: string]: string[] } {
  const found: { [resource: string]: string[] } = {};
  for (const { Properties: { PolicyDocument, Roles } } of Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))) {
    for (const { Action, Resource } of Roles[0].Ref.startsWith('ItRole') ? PolicyDocument.Statement : []) {
      const resource = JSON.stringify(Resource);
      found[resource] = [...found[resource] ?? [], ...[Action].flat()].sort();
    }
  }
  return found;
}

const MACHINE = { Ref: 'ItStateMachine' };
const named = (permission: { [resource: string]: string[] }) => Object.fromEntries(Object.entries(permission).map(([resource, actions]) => [
  resource.replace(/ItStateMachine[0-9A-F]+/g, 'ItStateMachine').replace(/ItResults[0-9A-F]+/g, 'ItResults'), actions,
]));

/** User guide, «Conversion prerequisites»: what the caller needs. */
const GUIDE = `
  ssm:GetInventory ssm:StartAutomationExecution ssm:GetAutomationExecution ssm:SendCommand ssm:GetCommandInvocation ssm:DescribeInstanceInformation
  ec2:DescribeImages ec2:DescribeInstances ec2:StartInstances ec2:StopInstances
  license-manager:CreateLicenseConversionTaskForResource license-manager:GetLicenseConversionTask license-manager:ListLicenseConversionTasks
  license-manager:GetLicenseConfiguration license-manager:ListUsageForLicenseConfiguration license-manager:ListLicenseSpecificationsForResource
  license-manager:ListAssociationsForLicenseConfiguration license-manager:ListLicenseConfigurations`.trim().split(/\s+/);

test('its role has the permissions that License Manager asks for, those of the workflow itself, and no others', () => {
  workflow();

  const found = named(permissions());
  const all = Object.values(found).flat();
  const ofItself = /^(logs|xray|s3|states):/;
  expect(all.filter(action => !ofItself.test(action)).sort()).toEqual([...GUIDE, 'ec2:DescribeInstanceAttribute'].sort());
  expect(found[JSON.stringify({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ec2:us-east-1:111122223333:instance/*']] })]).toEqual(
    ['ec2:DescribeInstanceAttribute', 'ec2:StartInstances', 'ec2:StopInstances']);
  expect(found[JSON.stringify({ 'Fn::Join': ['', [{ 'Fn::GetAtt': ['ItResults', 'Arn'] }, '/*']] })]).toEqual(['s3:PutObject']);
  expect(found[JSON.stringify(MACHINE)]).toEqual(['states:StartExecution']);
  expect(all.filter(action => /^states:/.test(action)).sort()).toEqual(
    ['states:DescribeExecution', 'states:RedriveExecution', 'states:StartExecution', 'states:StopExecution']);
});

test('a limit, a topic and a bucket with a key are permitted, too', () => {
  const key = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/1');
  workflow({
    maximumFailures: 1,
    notify: topic(),
    resultsBucket: Bucket.fromBucketAttributes(stack, 'Bucket', { bucketArn: 'arn:aws:s3:::results', encryptionKey: key }),
  });

  expect(permissions()).toMatchObject({
    '"arn:aws:s3:::results"': ['s3:ListBucket'],
    '"arn:aws:s3:::results/*"': ['s3:PutObject'],
    [JSON.stringify(TOPIC)]: ['sns:Publish'],
    '"arn:aws:kms:us-east-1:111122223333:key/1"': ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
  });
  Template.fromStack(stack).resourceCountIs('AWS::S3::Bucket', 0);
});

test('a bucket may be an L1', () => {
  workflow({ resultsBucket: new CfnBucket(stack, 'Bucket', { bucketName: 'results' }) });

  const arn = { 'Fn::GetAtt': ['Bucket', 'Arn'] };
  expect(permissions()).toMatchObject({ [JSON.stringify({ 'Fn::Join': ['', [arn, '/*']] })]: ['s3:PutObject'] });
  Template.fromStack(stack).resourceCountIs('AWS::S3::Bucket', 1);
});

test('nobody but Step Functions in the account takes its role', () => {
  workflow();

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [{
        Effect: 'Allow',
        Principal: { Service: 'states.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
      }],
    },
  });
});

test('it is logged and traced, without the tokens of approvals, and keeps its results', () => {
  workflow();

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
    StateMachineType: Match.absent(), // STANDARD
    LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false, Destinations: [Match.anyValue()] },
    TracingConfiguration: { Enabled: true },
  });
  template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain', Properties: { RetentionInDays: 365 } });
  template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain', Properties: { VersioningConfiguration: { Status: 'Enabled' } } });
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test('by default one instance after the other is converted, none is stopped, nobody is told or asked', () => {
  const { States } = definition();

  expect(States['Convert the instances']).toMatchObject({
    MaxConcurrency: 1, ToleratedFailurePercentage: 100, ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
  });
  expect(Object.keys(States)).not.toContain('Notify');
  expect(States['Who decides?'].Default).toBe('Convert the instances');
  const instance = States['Convert the instances'].ItemProcessor.States;
  expect(instance['Look for reasons'].Assign.reasons).toContain('the workflow does not stop instances');
  expect(Object.keys(instance)).not.toContain('Count failures');
  // Every 30 seconds for 2 hours.
  expect(instance['Is the task done?'].Choices[2].Condition).toBe('{% $polls >= 240 %}');
});

test('what is set, is in the definition', () => {
  const { States } = definition({
    stopInstances: true,
    concurrency: 7,
    maximumFailures: 3,
    conversionTimeout: Duration.minutes(31),
    notify: topic(),
    requireApproval: true,
    approvalTimeout: Duration.hours(3),
  });
  const instance = States['Convert the instances'].ItemProcessor.States;

  expect(States['Convert the instances'].MaxConcurrency).toBe(7);
  expect(States.Notify.Arguments.TopicArn).toBe(TOPIC);
  expect(States['Who decides?'].Default).toBe('Ask for approval');
  expect(States['Ask for approval']).toMatchObject({ TimeoutSeconds: 10800, Arguments: { TopicArn: TOPIC } });
  expect(instance['Look for reasons'].Assign.reasons).not.toContain('the workflow does not stop instances');
  expect(instance['Count failures'].Arguments.MaxKeys).toBe(3);
  expect(instance['Is the task done?'].Choices[2].Condition).toBe('{% $polls >= 62 %}');
});

test('the license contexts are those of the path', () => {
  expect(ofInstance({ path: LicenseConversionPath.rhelForSapToMarketplaceEmeaForever('abc123') })['Create the task'].Arguments).toMatchObject({
    SourceLicenseContext: { UsageOperation: 'RunInstances:0010', ProductCodes: [{ ProductCodeId: 'abc123', ProductCodeType: 'marketplace' }] },
    DestinationLicenseContext: {
      UsageOperation: 'RunInstances:00g0', ProductCodes: [{ ProductCodeId: '952qwcsxkm430zxhpy32i7w8g', ProductCodeType: 'marketplace' }],
    },
  });
});

/** That every state leads to one that there is, and every one is led to. */
function checkStates({ StartAt, States }: any): void {
  const next = (value: any): string[] => typeof value !== 'object' || value === null ? [] : Object.entries(value).flatMap(([name, it]) =>
    (name === 'Next' || name === 'Default') && typeof it === 'string' ? [it] : name === 'ItemProcessor' ? [] : next(it));
  expect([...new Set([StartAt, ...next(States)])].sort()).toEqual(Object.keys(States).sort());
}

test('every state leads to one that there is', () => {
  for (const path of [...Object.values(LicenseConversionPath) as unknown as LicenseConversionPath[], LicenseConversionPath.ubuntuLtsToProForever()]) {
    stack = new Stack(new App(), 'Stack');
    const whole = definition({ path, maximumFailures: 1, notify: topic(), requireApproval: true });
    checkStates(whole);
    checkStates(whole.States['Convert the instances'].ItemProcessor);
  }
});

test.each<[property: keyof LicenseConversionWorkflowProps, value: number, isRight: boolean]>([
  ['concurrency', 0, false], ['concurrency', 1, true], ['concurrency', 1000, true], ['concurrency', 1001, false], ['concurrency', 1.5, false],
  ['maximumFailures', 0, false], ['maximumFailures', 1, true], ['maximumFailures', 1000, true], ['maximumFailures', 1001, false],
])('%s of %d: %s', (property, value, isRight) => {
  const make = () => workflow({ [property]: value });

  if (isRight) {
    expect(make).not.toThrow();
  } else {
    expect(make).toThrow(`Stack/It: ${property} is ${value}: it has to be a whole number from 1 to 1000. Correct it, or leave it out.`);
  }
});

test.each<[property: 'conversionTimeout' | 'approvalTimeout', seconds: number, isRight: boolean]>([
  ['conversionTimeout', 59, false], ['conversionTimeout', 60, true], ['conversionTimeout', 86400, true], ['conversionTimeout', 86401, false],
  ['approvalTimeout', 59, false], ['approvalTimeout', 60, true], ['approvalTimeout', 31536000, true], ['approvalTimeout', 31536001, false],
])('%s of %d seconds: %s', (property, seconds, isRight) => {
  const make = () => workflow({ notify: topic(), requireApproval: true, [property]: Duration.seconds(seconds) });

  if (isRight) {
    expect(make).not.toThrow();
  } else {
    const shown = property === 'conversionTimeout' ? '24 hours' : '365 days';
    expect(make).toThrow(`Stack/It: ${property} is ${seconds} seconds: it has to be from 1 minute to ${shown}, in whole seconds. Correct it, or leave it out.`);
  }
});

test('a time of parts of seconds and a token are refused', () => {
  expect(() => workflow({ conversionTimeout: Duration.millis(60500) })).toThrow('conversionTimeout is 60.5 seconds: it has to be');
  stack = new Stack(new App(), 'Stack');
  const minutes = new CfnParameter(stack, 'Minutes', { type: 'Number' }).valueAsNumber;
  expect(() => workflow({ conversionTimeout: Duration.minutes(minutes) })).toThrow(
    'Stack/It: conversionTimeout is a token: how often is looked is in the template. Write it out.');
});

test.each<[code: string, isRight: boolean]>([
  ['', false], ['a', true], ['a'.repeat(25), true], ['a'.repeat(26), false], ['a-b', false],
])('the product code «%s»: %s', (code, isRight) => {
  const make = () => workflow({ path: LicenseConversionPath.rhelForSapToRedHatSubscriptionsForever(code) });

  if (isRight) {
    expect(make).not.toThrow();
  } else {
    expect(make).toThrow(
      `Stack/It: the product code of path is '${code}': it has to have 1 to 25 letters and digits. Take the one that DescribeInstances shows.`);
  }
});

test.each<[name: string, refusal: string | undefined]>([
  ['', 'Stack/It: stateMachineName \'\' has 0 characters: it has to have 1 to 80. Correct it, or leave it out.'],
  ['a', undefined],
  ['a'.repeat(80), undefined],
  ['a'.repeat(81), `Stack/It: stateMachineName '${'a'.repeat(60)}…' has 81 characters: it has to have 1 to 80. Correct it, or leave it out.`],
  ['a b', 'State Machine name must match'],
])('the name «%s»', (stateMachineName, refusal) => {
  const make = () => workflow({ stateMachineName });

  if (refusal === undefined) {
    expect(make).not.toThrow();
  } else {
    expect(make).toThrow(refusal);
  }
});

test('an approval needs somebody who is asked, and its time an approval', () => {
  expect(() => workflow({ requireApproval: true })).toThrow(
    'Stack/It: requireApproval is set without notify: nobody would be asked. Set notify, or leave requireApproval out.');
  stack = new Stack(new App(), 'Stack');
  expect(() => workflow({ notify: topic(), approvalTimeout: Duration.hours(1) })).toThrow(
    'Stack/It: approvalTimeout is set without requireApproval: nobody is asked. Set requireApproval, or leave approvalTimeout out.');
});

describe.each([[false, 'nobody is told'], [true, 'nobody is asked, and no execution is approved of']])('with requireApproval %s', (requireApproval, consequence) => {
  test.each<[what: string, notify: (of: Stack) => ITopicRef, warning: string | undefined]>([
    ['a FIFO topic', of => new Topic(of, 'Topic', { fifo: true }),
      `topic 'Stack/Topic' is a FIFO topic, which takes no message without a group id, and what the workflow says has none: ${consequence}. Name a standard topic. `
      + '[ack: cdk-license-manager:conversionTopicFifo]'],
    ['a FIFO topic as an L1', of => new CfnTopic(of, 'Topic', { fifoTopic: true, topicName: 'a.fifo' }),
      `topic 'Stack/Topic' is a FIFO topic, which takes no message without a group id, and what the workflow says has none: ${consequence}. Name a standard topic. `
      + '[ack: cdk-license-manager:conversionTopicFifo]'],
    ['an imported FIFO topic', of => Topic.fromTopicArn(of, 'Topic', `${TOPIC}.fifo`),
      `topic 'Stack/Topic' is a FIFO topic, which takes no message without a group id, and what the workflow says has none: ${consequence}. Name a standard topic. `
      + '[ack: cdk-license-manager:conversionTopicFifo]'],
    ['a topic of another Region', of => Topic.fromTopicArn(of, 'Topic', 'arn:aws:sns:eu-west-1:111122223333:topic'),
      `topic 'Stack/Topic' is in Region 'eu-west-1', and the executions are in 'us-east-1', whose topics they reach: ${consequence}. Name a topic of 'us-east-1'. `
      + '[ack: cdk-license-manager:conversionTopicInAnotherRegion]'],
    ['a topic of its Region, of another account', of => Topic.fromTopicArn(of, 'Topic', 'arn:aws:sns:us-east-1:444455556666:topic'), undefined],
    ['a topic that is a token', of => Topic.fromTopicArn(of, 'Topic', new CfnParameter(of, 'Arn').valueAsString), undefined],
  ])('%s', (_, notify, warning) => {
    workflow({ notify: notify(stack), requireApproval });

    expect(Annotations.fromStack(stack).findWarning('/Stack/It', Match.anyValue()).map(({ entry }) => entry.data)).toEqual(warning === undefined ? [] : [warning]);
  });
});

describe('of several accounts', () => {
  const OWN = { 'Fn::GetAtt': ['ItInstancesRole', 'Arn'] };
  const role = (account: string, name = 'LicenseManagerConversionRole') => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${account}:role/${name}`]] });
  /** The statements that let the role of the workflow have other roles. */
  const assumes = () => Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
    .flatMap(({ Properties: { PolicyDocument, Roles } }) => Roles[0].Ref.startsWith('ItRole') ? PolicyDocument.Statement : [])
    .filter(({ Action }) => Action === 'sts:AssumeRole')
    .map(({ Resource, Condition }) => [JSON.parse(JSON.stringify(Resource).replace(/InstancesRole[0-9A-F]+/g, 'InstancesRole')), Condition]);

  test('the role of the workflow converts nothing itself, and may have the roles of the accounts that are listed', () => {
    workflow({ memberAccountIds: ['444455556666', '555566667777'] });

    expect(assumes()).toEqual([[OWN, undefined], [[role('444455556666'), role('555566667777')], undefined]]);
    expect(Object.values(permissions()).flat().filter(action => /^(ec2|ssm|license-manager):/.test(action))).toEqual([]);
  });

  test('the role in its own account has what the role of a workflow without members has, and is for that of the workflow alone', () => {
    workflow();
    const statements = (roleName: string) => Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
      .flatMap(({ Properties: { PolicyDocument, Roles } }) => Roles[0].Ref.startsWith(roleName) ? PolicyDocument.Statement : [])
      .filter(({ Action }) => /"(ec2|ssm|license-manager):/.test(JSON.stringify(Action)));
    const alone = statements('ItRole');
    stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
    workflow({ memberAccountIds: ['444455556666'] });

    expect(statements('ItInstancesRole')).toEqual(alone);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ItRole'), 'Arn'] } } }],
      },
    });
  });

  test('the roles of all accounts are for those of an organization only', () => {
    workflow({ memberOrganizationId: 'o-exampleorgid', memberRoleName: 'converter' });

    expect(assumes()).toEqual([[OWN, undefined], [role('*', 'converter'), { StringEquals: { 'aws:ResourceOrgID': 'o-exampleorgid' } }]]);
  });

  test('a list and an organization hold together', () => {
    workflow({ memberAccountIds: ['444455556666'], memberOrganizationId: 'o-exampleorgid' });

    expect(assumes()[1]).toEqual([role('444455556666'), { StringEquals: { 'aws:ResourceOrgID': 'o-exampleorgid' } }]);
  });

  describe('with many accounts', () => {
    /** What IAM counts of the policies of the role of the workflow, with nothing shorter than it is after the deployment. */
    const length = (document: unknown) => JSON.stringify(JSON.parse(JSON.stringify(document), (_, value) => value?.['Fn::Join']
      ? value['Fn::Join'][1].map((part: any) => typeof part === 'string' ? part : part.Ref === 'AWS::Partition' ? 'aws-us-gov' : 'x'.repeat(80)).join('')
      : value?.['Fn::GetAtt'] ? 'x'.repeat(128) : value)).length;
    const accounts = (count: number) => Array.from({ length: count }, (_, index) => String(100000000000 + index));
    const managed = () => Object.values(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy')).map(({ Properties }) => Properties);
    const inline = () => Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).map(({ Properties }) => Properties)
      .filter(({ Roles }) => Roles[0].Ref.startsWith('ItRole'));
    const [LONG, EACH] = ['a'.repeat(64), 56];
    const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('memberAccountIds has'));

    test.each([[40, 0], [41, 1], [40 + EACH, 1], [41 + EACH, 2], [155, 3]])('%d of them fit into the policies of a role, %d of which are managed', (count, policies) => {
      workflow({
        memberAccountIds: accounts(count), memberRoleName: LONG, memberOrganizationId: `o-${'a'.repeat(32)}`, maximumFailures: 1, notify: topic(),
      });

      expect(managed()).toHaveLength(policies);
      for (const { PolicyDocument, Roles } of managed()) {
        expect(length(PolicyDocument)).toBeLessThanOrEqual(6144);
        expect(Roles).toEqual([{ Ref: expect.stringMatching(/^ItRole/) }]);
        expect(PolicyDocument.Statement).toMatchObject([{ Action: 'sts:AssumeRole', Condition: { StringEquals: { 'aws:ResourceOrgID': `o-${'a'.repeat(32)}` } } }]);
      }
      expect(inline().map(({ PolicyDocument }) => length(PolicyDocument)).reduce((sum, each) => sum + each)).toBeLessThan(8000);
      const all = [...inline(), ...managed()].flatMap(({ PolicyDocument }) => PolicyDocument.Statement).filter(({ Action }) => Action === 'sts:AssumeRole');
      expect(all.flatMap(({ Resource }) => [Resource].flat()).slice(1)).toEqual(accounts(count).map(account => role(account, LONG)));
      expect(warnings()).toEqual([]);
    });

    test('a shorter name makes room for more', () => {
      workflow({ memberAccountIds: accounts(155) });

      expect(managed()).toHaveLength(2);
      expect(Math.max(...managed().map(({ PolicyDocument }) => length(PolicyDocument)))).toBeLessThanOrEqual(6144);
    });

    test('a name that is not known yet may be long', () => {
      workflow({ memberAccountIds: accounts(41 + EACH), memberRoleName: new CfnParameter(stack, 'Name').valueAsString });

      expect(managed()).toHaveLength(2);
    });

    test.each([[40 + 10 * EACH, false], [41 + 10 * EACH, true]])('%d take more managed policies than a role has by default: %s', (count, isWarned) => {
      workflow({ memberAccountIds: accounts(count), memberRoleName: LONG });

      expect(warnings().map(({ id, entry }) => [id, entry.data])).toEqual(!isWarned ? [] : [['/Stack/It',
        'memberAccountIds has 601 members, for which the role of the workflow has 11 managed policies: an account has 10 for a role by default, and the deployment '
        + 'fails beyond. Have the quota raised (Service Quotas, \'Managed policies per role\'), and acknowledge this finding; or else: Set memberOrganizationId and '
        + 'leave memberAccountIds out, or make several workflows, each with some of the accounts. [ack: cdk-license-manager:memberPoliciesQuota]']]);
    });

    test('as many as 25 managed policies have room for, are taken, and one more is refused', () => {
      const most = 40 + 25 * EACH;
      workflow({ memberAccountIds: accounts(most), memberRoleName: LONG });
      expect(managed()).toHaveLength(25);

      stack = new Stack(new App(), 'Stack');
      expect(() => workflow({ memberAccountIds: accounts(most + 1), memberRoleName: LONG })).toThrow(
        `Stack/It: memberAccountIds has ${most + 1} members: the policies of a role have room for at most ${most}, with roles of this name. Set memberOrganizationId and `
        + 'leave memberAccountIds out, or make several workflows, each with some of the accounts.');
    });

    test('they are not in the definition, which has room for few things', () => {
      const few = definition({ memberAccountIds: accounts(1) });
      stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });

      expect(definition({ memberAccountIds: accounts(1000) })).toEqual(few);
    });
  });

  test('every task of an instance takes the role of its account, but for the results', () => {
    const states = ofInstance({ memberAccountIds: ['444455556666'], maximumFailures: 1 });

    for (const [name, state] of Object.entries<any>(states).filter(([, { Type }]) => Type === 'Task')) {
      expect([name, state.Credentials]).toEqual([name, /^(Count failures|Report)$/.test(name) ? undefined : { RoleArn: '{% $roleArn %}' }]);
    }
  });

  test('every state leads to one that there is', () => {
    for (const maximumFailures of [undefined, 1]) {
      stack = new Stack(new App(), 'Stack');
      const whole = definition({ memberOrganizationId: 'o-exampleorgid', maximumFailures, notify: topic(), requireApproval: true });
      checkStates(whole);
      checkStates(whole.States['Convert the instances'].ItemProcessor);
    }
  });

  test.each<[what: string, props: Partial<LicenseConversionWorkflowProps>, refusal: string | undefined]>([
    ['no account', { memberAccountIds: [] }, 'memberAccountIds has 0 members: it has to have at least 1. Correct it, or leave it out.'],
    ['11 digits', { memberAccountIds: ['1'.repeat(11)] }, 'an account id of memberAccountIds is \'11111111111\': it has to have 12 digits. Correct it.'],
    ['12 digits', { memberAccountIds: ['1'.repeat(12)] }, undefined],
    ['13 digits', { memberAccountIds: ['444455556666', '1'.repeat(13)] }, 'an account id of memberAccountIds is \'1111111111111\': it has to have 12 digits.'],
    ['a token', { memberAccountIds: [Aws.ACCOUNT_ID] }, undefined],
    ['the ARN of an organization', { memberOrganizationId: 'arn:aws:organizations::111122223333:organization/o-exampleorgid' },
      'it has to be \'o-\' and letters and digits. Take it from \'aws organizations describe-organization\'.'],
    ['no name', { memberAccountIds: ['444455556666'], memberRoleName: '' }, 'memberRoleName is \'\': it has to have 1 to 64 letters, digits and +=,.@_-.'],
    ['64 letters', { memberAccountIds: ['444455556666'], memberRoleName: 'a'.repeat(64) }, undefined],
    ['65 letters', { memberAccountIds: ['444455556666'], memberRoleName: 'a'.repeat(65) }, 'it has to have 1 to 64 letters, digits and +=,.@_-.'],
    ['a path', { memberAccountIds: ['444455556666'], memberRoleName: 'a/b' }, 'memberRoleName is \'a/b\': it has to have 1 to 64 letters'],
    ['a name of its own role', { roleName: 'a/b' }, 'roleName is \'a/b\': it has to have 1 to 64 letters'],
    ['a role without accounts', { memberRoleName: 'a' },
      'memberRoleName is set without memberAccountIds and memberOrganizationId: no other account is reached. Set one of them, or leave memberRoleName out.'],
  ])('%s', (_, props, refusal) => {
    const make = () => workflow(props);

    if (refusal === undefined) {
      expect(make).not.toThrow();
    } else {
      expect(make).toThrow(`Stack/It: ${refusal}`.slice(refusal.startsWith('it has') ? 'Stack/It: '.length : 0));
    }
  });

  test.each([['to-included+=.@_', undefined], ['to!included', true], ['to(included)', true]])('the name %s of its state machine', (stateMachineName, isWarned) => {
    workflow({ memberAccountIds: ['444455556666'], stateMachineName });

    const annotations = Annotations.fromStack(stack);
    expect(annotations.findWarning('*', Match.stringLikeRegexp('has characters that AWS STS does not take')).length).toBe(isWarned ? 1 : 0);
  });

  test('without members the name of its state machine may have them', () => {
    workflow({ stateMachineName: 'to!included' });

    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('the changes of state that the guide tells, which are billed,', () => {
  const rows = [...readFileSync(join(__dirname, '../../docs/license-type-conversion.md'), 'utf8').matchAll(/^\| (\d+) \| (.+) \|$/gm)]
    .map(([, count, what]): [what: string, count: number] => [what, Number(count)]);
  const told = (beginning: string) => rows.filter(([what]) => what.startsWith(beginning)).map(([, count]) => count);
  const counted = (props: Partial<LicenseConversionWorkflowProps> = {}) => {
    stack = new Stack(new App(), 'Stack');
    return transitionsOf(definition(props));
  };

  test('are those of the definition', () => {
    const { execution, checked, stopped, running, poll, stopPoll } = counted();

    expect([
      told('an execution that names its instances; 2 more with `tag`, 1 more to tell of its end, 1 more to ask for approval'), told('an instance that is only looked at'),
      told('an instance that is stopped'), told('one that runs'), told('each further half minute'),
    ]).toEqual([[execution], [checked], [stopped], [running], [poll]]);
    expect(stopPoll).toBe(poll);
  });

  test('are more with a tag, with a topic, with an approval', () => {
    const whole = definition({ notify: topic(), requireApproval: true });
    const [before, after] = [['Who decides?', 'Convert the instances'], ['Has any failed?', 'Done']];
    const [plain, searched, notified, approved] = [
      [...before, 'Some have failed'], ['Find the instances', ...before, 'Some have failed'], [...before, 'Notify', ...after],
      ['Who decides?', 'Ask for approval', 'Convert the instances', 'Notify', ...after],
    ].map(way => transitions(whole, ...way));

    expect([searched - plain, notified - counted().execution, approved - notified]).toEqual([2, 1, 1]);
  });

  test.each<[what: string, props: () => Partial<LicenseConversionWorkflowProps>]>([
    ['an instance, more, on a path to Windows Server BYOL', () => ({ path: LicenseConversionPath.WINDOWS_INCLUDED_TO_BYOL })],
    ['an instance, more, with `maximumFailures`', () => ({ maximumFailures: 1 })],
    ['an instance, more, if the workflow has members', () => ({ memberAccountIds: ['444455556666'] })],
  ])('%s', (what, props) => {
    const [base, more] = [counted(), counted(props())];

    for (const which of ['checked', 'stopped', 'running'] as const) {
      expect([more[which] - base[which]]).toEqual(told(what));
    }
  });
});

test('its role has the name that it is given', () => {
  workflow({ roleName: 'license-conversion' });

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { RoleName: 'license-conversion' });
});

test('who may start it, may start it and nothing else; who may approve, too', () => {
  const { grants, stateMachine } = workflow();
  grants.start(new User(stack, 'Starter'));
  LicenseConversionWorkflowGrants.fromStateMachine(stateMachine).approve(new User(stack, 'Approver'));

  const template = Template.fromStack(stack);
  for (const [user, action] of [['Starter', 'states:StartExecution'], ['Approver', ['states:SendTaskSuccess', 'states:SendTaskFailure']]] as const) {
    template.hasResourceProperties('AWS::IAM::Policy', {
      Users: [{ Ref: Match.stringLikeRegexp(`^${user}`) }],
      PolicyDocument: { Statement: [{ Action: action, Effect: 'Allow', Resource: { Ref: Match.stringLikeRegexp('^ItStateMachine') } }] },
    });
  }
});

test('a grant to a role of another account is warned of', () => {
  workflow().grants.start(Role.fromRoleArn(stack, 'Other', 'arn:aws:iam::444455556666:role/other'));

  Annotations.fromStack(stack).hasWarning('/Stack/It/StateMachine', Match.stringLikeRegexp('to a principal of account \'444455556666\''));
});

test('it is told by its brand, and has the ARN of its state machine', () => {
  const it = workflow();

  expect([it, stack].map(x => LicenseConversionWorkflow.isLicenseConversionWorkflow(x))).toEqual([true, false]);
  expect(it.stateMachineArn).toBe(it.stateMachine.stateMachineArn);
});
