import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LicenseConfiguration, LicenseConfigurationEvents, LicenseCounting, LicenseEventMessage, LicenseManagerEvents, LicenseMessageFormat } from '../../src';
import { makeLicense } from '../license-configuration/licenses';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const windows = () => new LicenseConfiguration(stack, 'Windows', {
  licenseConfigurationName: 'windows', licenseCounting: LicenseCounting.cores(), licenseCount: 96,
});
const to = (message: ReturnType<typeof LicenseEventMessage.ofService>) => ({ target: new SnsTopic(new Topic(stack, 'Topic'), { message }) });
const transformer = () => {
  const [rule] = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
  return rule.Properties.Targets[0].InputTransformer;
};

/** What EventBridge makes of it: what the event has, in the places of the variables. */
function written(
  { InputPathsMap, InputTemplate }: { InputPathsMap: { [name: string]: string }; InputTemplate: string }, values: { [path: string]: string },
) {
  return JSON.parse(Object.entries(InputPathsMap).reduce((text, [name, path]) => text.replaceAll(`<${name}>`, values[path] ?? ''), InputTemplate));
}

const CALL = {
  '$.detail.userIdentity.arn': 'arn:aws:sts::111122223333:assumed-role/Admin/jane',
  '$.detail.eventName': 'UpdateLicenseConfiguration',
  '$.detail.eventTime': '2026-11-30T12:00:00Z',
  '$.detail.eventID': '11111111-2222-3333-4444-555555555555',
};
const TEXT = 'arn:aws:sts::111122223333:assumed-role/Admin/jane called UpdateLicenseConfiguration on self-managed license \'windows\' of account 111122223333 in us-east-1 '
  + '(96 cores, a soft limit) at 2026-11-30T12:00:00Z. Resource, if it names one: []. Error, if it was refused: []. Look at Self-managed licenses in the console of AWS '
  + 'License Manager: https://console.aws.amazon.com/license-manager/home?region=us-east-1 CloudTrail has all of it, as event 11111111-2222-3333-4444-555555555555: '
  + 'https://console.aws.amazon.com/cloudtrailv2/home?region=us-east-1';

test('people read who did what to which license, of how much, and where to look', () => {
  const license = windows();
  license.events.onCloudTrailUpdate('Told', to(LicenseEventMessage.ofCloudTrail(license)));
  expect(written(transformer(), CALL)).toBe(TEXT);
});

test('channels get the form that they show', () => {
  const license = windows();
  license.events.onCloudTrailUpdate('Told', to(LicenseEventMessage.ofCloudTrail(license, LicenseMessageFormat.CHAT)));
  expect(written(transformer(), CALL)).toEqual({
    version: '1.0', source: 'custom', content: { textType: 'client-markdown', title: 'Self-managed license windows', description: TEXT },
  });
});

test('what was refused, and of which resource, is told too', () => {
  const license = makeLicense(stack, 'Raw');
  LicenseConfigurationEvents.fromLicenseConfiguration(license).onCloudTrailEvent('Told', to(LicenseEventMessage.ofCloudTrail(license)));
  expect(written(transformer(), { ...CALL, '$.detail.errorCode': 'AccessDenied', '$.detail.requestParameters.resourceArn': 'arn:x' })).toContain(
    'on self-managed license \'Raw\' of account 111122223333 in us-east-1 at 2026-11-30T12:00:00Z. Resource, if it names one: [arn:x]. Error, if it was refused: [AccessDenied].');
});

test.each(Object.values(LicenseMessageFormat))('a name is no placeholder of EventBridge: %s', format => {
  const names = ['<detail-eventName>', '<aws.events.event>', '<c>', 'a < b', '>'];
  const license = new LicenseConfiguration(stack, 'License', { licenseConfigurationName: names.join(' '), licenseCounting: LicenseCounting.cores() });
  license.events.onCloudTrailUpdate('Told', to(LicenseEventMessage.ofCloudTrail(license, format)));

  const { InputPathsMap, InputTemplate } = transformer();
  const placeholders = [...InputTemplate.matchAll(/<[^>]*>?/g)].map(([it]) => it);
  expect([...new Set(placeholders)].sort()).toEqual(Object.keys(InputPathsMap).map(name => `<${name}>`).sort());
  expect(InputTemplate.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]/);
  expect(JSON.stringify(written(transformer(), CALL))).toContain("'‹detail-eventName› ‹aws.events.event› ‹c› a ‹ b ›'");
});

test('of an event of License Manager people read what happened where', () => {
  LicenseManagerEvents.onGrantChange(stack, 'Told', to(LicenseEventMessage.ofService()));
  expect(written(transformer(), { '$.detail-type': 'Grant Change', '$.account': '1', '$.region': 'r', '$.time': 't', '$.resources': 'a' })).toBe(
    'AWS License Manager says: Grant Change, in account 1, r, at t. Resources: a. Look at its console for more.');
});

test('channels get events of License Manager in their form', () => {
  LicenseManagerEvents.onGrantChange(stack, 'Told', to(LicenseEventMessage.ofService(LicenseMessageFormat.CHAT)));
  expect(written(transformer(), { '$.detail-type': 'Grant Change' })).toMatchObject({ source: 'custom', content: { title: 'AWS License Manager' } });
});

test('another format is refused', () => {
  expect(() => LicenseEventMessage.ofService('SMS' as any)).toThrow('LicenseEventMessage.ofService(): format is \'SMS\': it has to be \'TEXT\' or \'CHAT\'.');
  expect(() => LicenseEventMessage.ofCloudTrail(windows(), 'SMS' as any)).toThrow('LicenseEventMessage.ofCloudTrail(): format is \'SMS\'');
});
