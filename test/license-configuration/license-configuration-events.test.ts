import { App, Aws, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { makeLicense } from './licenses';
import { LicenseConfiguration, LicenseConfigurationEvents } from '../../src';

const ARN = 'arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-0123456789abcdef0123456789abcdef';

let stack: Stack;
let events: LicenseConfigurationEvents;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  ({ events } = LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License', ARN));
});

function pattern(): any {
  const [rule] = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
  return rule.Properties.EventPattern;
}

const ADDED = { addLicenseSpecifications: { licenseConfigurationArn: [ARN] } };
const REMOVED = { removeLicenseSpecifications: { licenseConfigurationArn: [ARN] } };

const RULES: [string, (id: string, options?: OnEventOptions) => Rule, object][] = [
  ['onCloudTrailEvent', (id, options) => events.onCloudTrailEvent(id, options), {
    requestParameters: { $or: [{ licenseConfigurationArn: [ARN] }, ADDED, REMOVED, { resourceArn: [ARN] }] },
  }],
  ['onCloudTrailUpdate', (id, options) => events.onCloudTrailUpdate(id, options), {
    eventName: ['UpdateLicenseConfiguration'], requestParameters: { licenseConfigurationArn: [ARN] },
  }],
  ['onCloudTrailStatusChange', (id, options) => events.onCloudTrailStatusChange(id, options), {
    eventName: ['UpdateLicenseConfiguration'],
    requestParameters: { licenseConfigurationArn: [ARN], licenseConfigurationStatus: [{ exists: true }] },
  }],
  ['onCloudTrailAssociationChange', (id, options) => events.onCloudTrailAssociationChange(id, options), {
    eventName: ['UpdateLicenseSpecificationsForResource'], requestParameters: { $or: [ADDED, REMOVED] },
  }],
  ['onCloudTrailDelete', (id, options) => events.onCloudTrailDelete(id, options), {
    eventName: ['DeleteLicenseConfiguration'], requestParameters: { licenseConfigurationArn: [ARN] },
  }],
];

describe.each(RULES)('%s', (_, on, detail) => {
  test('matches what CloudTrail records of this license', () => {
    const rule = on('Rule');
    expect(rule.node.path).toBe('Stack/License/Rule');
    expect(pattern()).toEqual({
      'source': ['aws.license-manager'],
      'detail-type': ['AWS API Call via CloudTrail'],
      'detail': { eventSource: ['license-manager.amazonaws.com'], ...detail },
    });
  });

  test('has a target, a name and a narrower pattern if asked to', () => {
    on('Rule', {
      target: new SnsTopic(new Topic(stack, 'Topic')),
      ruleName: 'somebody',
      description: 'Somebody did something',
      eventPattern: { detail: { userIdentity: { type: ['IAMUser'] } } },
    });
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      Name: 'somebody', Description: 'Somebody did something', Targets: [{ Arn: { Ref: 'TopicBFC7AF6E' } }],
    });
    expect(pattern().detail).toEqual({ eventSource: ['license-manager.amazonaws.com'], userIdentity: { type: ['IAMUser'] }, ...detail });
  });

  test('may be in another stack', () => {
    const other = new Stack(stack.node.scope as App, 'Other', { env: { account: '111122223333', region: 'us-east-1' } });
    on('Rule', { crossStackScope: other });
    Template.fromStack(other).resourceCountIs('AWS::Events::Rule', 1);
  });
});

describe('a license of another Region', () => {
  const inRegion = (id: string, region?: string) => new Stack(stack.node.scope as App, id, { env: { account: '111122223333', region } });
  const imported = (scope: Stack, arn = ARN) => LicenseConfiguration.fromLicenseConfigurationArn(scope, 'License', arn);

  test.each(RULES)('has no rule that would never match: %s', (_, on) => {
    ({ events } = imported(inRegion('Tokyo', 'ap-northeast-1')));
    expect(() => on('Rule')).toThrow(
      'Tokyo/License/Rule: the license is in Region \'us-east-1\' and the rule in \'ap-northeast-1\': events stay ' +
      'in their Region, so that it would never match. Import the license in a stack of \'us-east-1\' ' +
      '(LicenseConfiguration.fromLicenseConfigurationArn), and make the rule with it.');
  });

  test('gets no rule in its own Region by crossStackScope, which is for the same environment', () => {
    const { events: elsewhere } = imported(inRegion('Tokyo', 'ap-northeast-1'));
    expect(() => elsewhere.onCloudTrailDelete('Rule', { crossStackScope: stack })).toThrow('Tokyo/License/Rule: the license is in Region');
  });

  test('is not meant by a crossStackScope that Rule ignores', () => {
    expect(events.onCloudTrailDelete('Rule', { crossStackScope: inRegion('Tokyo', 'ap-northeast-1') }).stack).toBe(stack);
  });

  test('is not known where either is open', () => {
    imported(inRegion('Open')).events.onCloudTrailDelete('Rule');
    imported(inRegion('Tokyo', 'ap-northeast-1'), ARN.replace('us-east-1', Aws.REGION)).events.onCloudTrailDelete('Rule');
  });
});

test('an L1 has events too', () => {
  const license = makeLicense(stack, 'Raw');
  LicenseConfigurationEvents.fromLicenseConfiguration(license).onCloudTrailDelete('Rule');
  expect(pattern().detail.requestParameters).toEqual({ licenseConfigurationArn: [{ Ref: 'Raw' }] });
});
