import { App, CfnOutput, CfnParameter, Expiration, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { CfnTopic, Topic } from 'aws-cdk-lib/aws-sns';
import { LICENSE_ARN } from './licenses';
import { LicenseConfiguration, LicenseCounting, LicenseExpiryReminder, LicenseManagerTopic, ServiceSettings } from '../../src';
import type { LicenseExpiryReminderOptions } from '../../src';

const ENV = { account: '111122223333', region: 'us-east-1' };
const EXPIRY = Expiration.atDate(new Date('2099-06-30T12:34:56Z'));

let app: App;
let stack: Stack;
beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: ENV });
});

const license = (of: Stack = stack, licenseExpiry: Expiration | undefined = EXPIRY) => new LicenseConfiguration(of, 'Windows', {
  licenseConfigurationName: 'windows', licenseCounting: LicenseCounting.cores(), licenseCount: 96, licenseCountHardLimit: true, licenseExpiry,
});
const imported = () => LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Imported', LICENSE_ARN);
const topic = () => Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111122223333:topic');
const schedules = (of: Stack = stack) => Object.values(Template.fromStack(of).findResources('AWS::Scheduler::Schedule')).map(({ Properties }) => Properties);
const times = () => schedules().map(({ ScheduleExpression }) => ScheduleExpression);

test('somebody is reminded at the same time of the day, some days before', () => {
  license().addExpiryReminder('Expiry', { topic: topic() });
  expect(times()).toEqual(['at(2099-04-01T12:34:56)', 'at(2099-05-31T12:34:56)', 'at(2099-06-23T12:34:56)']);
});

test('a message says which license, of how much, whose, and where to look', () => {
  license().addExpiryReminder('Expiry', { daysBefore: [1, 0], topic: topic() });
  const [{ Target: { Arn, Input } }, today] = schedules();
  expect(Arn).toEqual({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':scheduler:::aws-sdk:sns:publish']] });
  const { Message, ...more } = JSON.parse(Input);
  expect(more).toEqual({
    TopicArn: 'arn:aws:sns:us-east-1:111122223333:topic', Subject: 'Licenses expire in 1 day: windows', MessageStructure: 'json',
  });
  const text = 'The licenses of \'windows\' of account 111122223333 in us-east-1 (96 cores, a hard limit) expire in 1 day, at 2099-06-30T12:34:56Z. Renew them, and set '
    + 'the new date. Look at Self-managed licenses in the console of AWS License Manager: https://console.aws.amazon.com/license-manager/home?region=us-east-1';
  expect(JSON.parse(Message).default).toBe(text);
  expect(JSON.parse(JSON.parse(Message).https)).toEqual({
    version: '1.0', source: 'custom', content: { textType: 'client-markdown', title: 'Licenses expire in 1 day: windows', description: text },
  });
  expect(JSON.parse(today.Target.Input).Subject).toBe('Licenses expire today: windows');
});

test('a subject has less than 100 characters of ASCII', () => {
  new LicenseConfiguration(stack, 'Long', {
    licenseConfigurationName: `Ü${'x'.repeat(99)}`, licenseCounting: LicenseCounting.cores(), licenseExpiry: EXPIRY,
  }).addExpiryReminder('Expiry', { daysBefore: [7], topic: topic() });
  expect(JSON.parse(schedules()[0].Target.Input).Subject).toMatch(/^Licenses expire in 7 days: \?x{71}$/);
});

test.each([
  ['cn-north-1', 'https://console.amazonaws.cn/license-manager/home?region=cn-north-1'],
  ['us-gov-west-1', 'https://console.amazonaws-us-gov.com/license-manager/home?region=us-gov-west-1'],
])('the console is that of the partition: %s', (region, address) => {
  const other = new Stack(app, 'Other', { env: { ...ENV, region } });
  Validations.of(other).acknowledge({ id: 'CloudFormation-Validate::F3006', reason: 'The type has not arrived everywhere.' });
  license(other).addExpiryReminder('Expiry', { daysBefore: [7], topic: new Topic(other, 'Topic') });
  expect(JSON.stringify(schedules(other))).toContain(`console of AWS License Manager: ${address}`);
});

test.each([['an open Region', undefined], ['a Region whose console is not known', { ...ENV, region: 'us-iso-east-1' }]])('of %s there is no address', (_, env) => {
  const other = new Stack(app, 'Other', { env });
  const arn = new CfnParameter(other, 'Arn').valueAsString;
  // No reminder names it, and linters warn of a parameter that nothing does.
  new CfnOutput(other, 'Of', { value: arn });
  new LicenseExpiryReminder(other, 'Expiry', {
    licenseConfiguration: LicenseConfiguration.fromLicenseConfigurationArn(other, 'Windows', arn),
    licenseExpiry: EXPIRY,
    daysBefore: [7],
    topic: new Topic(other, 'Topic'),
  });
  expect(JSON.stringify(schedules(other))).toContain('console of AWS License Manager.');
  expect(JSON.stringify(schedules(other))).not.toContain('https://');
});

describe('the topic', () => {
  test.each([[true], [false]])('is that of the settings, declared before: %s', isBefore => {
    const settings = () => new ServiceSettings(stack, 'Settings', { topic: new LicenseManagerTopic(stack, 'Notices') });
    const remind = () => license().addExpiryReminder('Expiry', { daysBefore: [7] });
    (isBefore ? [settings, remind] : [remind, settings]).forEach(step => step());
    expect(JSON.stringify(schedules())).toContain('{"Ref":"Notices');
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          { Action: 'sns:Publish', Effect: 'Allow', Resource: { Ref: Match.stringLikeRegexp('^Notices') } },
          { Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Effect: 'Allow', Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^NoticesKey'), 'Arn'] } },
        ],
      },
    });
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('There are no reminders'))).toEqual([]);
  });

  test('of settings in another stack is told by its name, with a key only by way of it', () => {
    const other = new Stack(app, 'Other', { env: ENV });
    new ServiceSettings(other, 'Settings', { topic: new LicenseManagerTopic(other, 'Notices', { topicName: 'aws-license-manager-service-notices' }) });
    license().addExpiryReminder('Expiry', { daysBefore: [7] });
    const arn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sns:us-east-1:111122223333:aws-license-manager-service-notices']] };
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          { Action: 'sns:Publish', Effect: 'Allow', Resource: arn },
          {
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Effect: 'Allow',
            Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':kms:us-east-1:111122223333:key/*']] },
            Condition: {
              StringEquals: {
                'kms:ViaService': { 'Fn::Join': ['', ['sns.us-east-1.', { Ref: 'AWS::URLSuffix' }]] }, 'kms:EncryptionContext:aws:sns:topicArn': arn,
              },
            },
          },
        ],
      },
    });
    expect(stack.dependencies).toEqual([]);
  });

  test('of settings in another stack without a name cannot be told', () => {
    const other = new Stack(app, 'Other', { env: ENV });
    new ServiceSettings(other, 'Settings', { topic: new Topic(other, 'Notices') });
    license().addExpiryReminder('Expiry');
    expect(schedules()).toEqual([]);
    Annotations.fromStack(stack).hasWarning('/Stack/Windows/Expiry', Match.stringLikeRegexp('There are no reminders: they cannot tell the topic of the settings, \'Other/Notices\''));
  });

  test('that there is not, causes a warning', () => {
    license().addExpiryReminder('Expiry');
    expect(schedules()).toEqual([]);
    Annotations.fromStack(stack).hasWarning('/Stack/Windows/Expiry', Match.stringLikeRegexp('There are no reminders: topic is not set, and this app declares no ServiceSettings'));
  });

  test.each<[string, (of: Stack) => Topic | CfnTopic, string]>([
    ['a FIFO topic', of => new Topic(of, 'Fifo', { fifo: true }), 'is a FIFO topic'],
    ['a topic of another Region', of => Topic.fromTopicArn(of, 'Far', 'arn:aws:sns:eu-west-1:111122223333:topic') as Topic, 'is in Region \'eu-west-1\''],
  ])('%s causes a warning', (_, make, warning) => {
    license().addExpiryReminder('Expiry', { topic: make(stack) });
    Annotations.fromStack(stack).hasWarning('/Stack/Windows/Expiry', Match.stringLikeRegexp(warning));
  });
});

describe('days', () => {
  const remind = (options: Partial<LicenseExpiryReminderOptions>) => () => license().addExpiryReminder('Expiry', { topic: topic(), ...options });

  test.each<[string, number[], string]>([
    ['none', [], 'daysBefore has 0 members: it has to have at least 1. Name a number of days, or leave it out.'],
    ['less than 0', [-1], 'daysBefore[0] is -1: it has to be a whole number from 0 to 3650. Correct it.'],
    ['more than 3650', [7, 3651], 'daysBefore[1] is 3651: it has to be a whole number from 0 to 3650. Correct it.'],
    ['a fraction', [1.5], 'daysBefore[0] is 1.5: it has to be a whole number from 0 to 3650. Correct it.'],
  ])('%s are refused', (_, daysBefore, message) => {
    expect(remind({ daysBefore })).toThrow(`Stack/Windows/Expiry: ${message}`);
  });

  test('a token is refused', () => {
    const days = new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber;
    expect(remind({ daysBefore: [days] })).toThrow('Stack/Windows/Expiry: daysBefore[0] is a token, which is known at the deployment only');
  });

  test('0 and 3650 are taken, and one that is named twice once', () => {
    remind({ daysBefore: [0, 3650, 0] })();
    expect(times()).toEqual(['at(2089-07-02T12:34:56)', 'at(2099-06-30T12:34:56)']);
    Annotations.fromStack(stack).hasWarning('/Stack/Windows/Expiry', Match.stringLikeRegexp('\'0\' is in daysBefore twice'));
  });

  test.each([[0, 3], [1, 2], [2, 2], [3, 1]])('those of which the time has passed are left out: %d seconds after the first', (after, left) => {
    const first = Date.parse('2099-04-01T12:34:56Z');
    const second = Date.parse('2099-05-31T12:34:56Z');
    const now = jest.spyOn(Date, 'now').mockReturnValue([first - 1, first, second - 1, second][after]);
    remind({})();
    now.mockRestore();
    expect(times()).toHaveLength(left);
    const said = Annotations.fromStack(stack).findInfo('/Stack/Windows/Expiry', Match.stringLikeRegexp('No reminder is made 90'));
    expect(said).toHaveLength(after === 0 ? 0 : 1);
  });

  test('when all have passed there are none, with a warning', () => {
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2099-06-29T00:00:00Z'));
    remind({})();
    now.mockRestore();
    expect([schedules(), Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Role'))]).toEqual([[], []]);
    Annotations.fromStack(stack).hasWarning('/Stack/Windows/Expiry', Match.stringLikeRegexp('expire at 2099-06-30T12:34:56, and the times of all reminders have passed'));
  });
});

describe('the expiry', () => {
  test('is that of the license, of an L1 too', () => {
    const raw = new CfnLicenseConfiguration(stack, 'Raw', { name: 'raw', licenseCountingType: 'vCPU', licenseExpiry: 4086508496 });
    new LicenseExpiryReminder(stack, 'Expiry', { licenseConfiguration: raw, daysBefore: [7], topic: topic() });
    expect(times()).toEqual([`at(${new Date((4086508496 - 7 * 86400) * 1000).toISOString().slice(0, 19)})`]);
  });

  test('is given for what is imported', () => {
    new LicenseExpiryReminder(stack, 'Expiry', { licenseConfiguration: imported(), licenseExpiry: EXPIRY, daysBefore: [7], topic: topic() });
    expect(times()).toEqual(['at(2099-06-23T12:34:56)']);
    expect(JSON.parse(schedules()[0].Target.Input).Subject).toBe('Licenses expire in 7 days: lic-0123456789abcdef0123456789abcdef');
  });

  test.each<[string, () => unknown, string]>([
    ['of an imported license', () => imported().addExpiryReminder('Expiry'), 'Stack/Imported/Expiry: it is not known when the licenses of \'Stack/Imported\' expire. Set licenseExpiry'],
    ['of a license without one', () => new LicenseConfiguration(stack, 'Endless', { licenseCounting: LicenseCounting.cores() }).addExpiryReminder('Expiry'),
      'Stack/Endless/Expiry: it is not known when the licenses of \'Stack/Endless\' expire.'],
    ['that is a token', () => new LicenseExpiryReminder(stack, 'Expiry', {
      licenseConfiguration: new CfnLicenseConfiguration(stack, 'Raw', {
        name: 'raw', licenseCountingType: 'vCPU', licenseExpiry: new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber,
      }),
    }), 'Stack/Expiry: the expiry of \'Stack/Raw\' is a token, which is known at the deployment only'],
    ['that is no date', () => imported().addExpiryReminder('Expiry', { licenseExpiry: Expiration.fromString('soon') }),
      'licenseExpiry of the reminder is not a date'],
  ])('%s is refused', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

test('the role trusts the scheduler of this account alone', () => {
  license().addExpiryReminder('Expiry', { topic: topic() });
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [{
        Principal: { Service: 'scheduler.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
      }],
    },
  });
});

test('it is told from others', () => {
  expect(LicenseExpiryReminder.isLicenseExpiryReminder(license().addExpiryReminder('Expiry', { topic: topic() }))).toBe(true);
  expect(LicenseExpiryReminder.isLicenseExpiryReminder(stack)).toBe(false);
});
