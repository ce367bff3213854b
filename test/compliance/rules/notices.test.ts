/*
 * The rules about who is told: of limits, of expiry, and by alarms.
 */
import { App, Aws, CfnCondition, Duration, Expiration, Fn, Stack, Token } from 'aws-cdk-lib';
import { AlarmRule, CfnAlarm, type CfnAlarmProps, CfnCompositeAlarm, CompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  LicenseConfiguration, type LicenseConfigurationProps, LicenseCounting, LicenseExpiryReminder, LicenseManagerTopic, LinuxSubscription,
  LinuxSubscriptionsSettings, ServiceSettings,
} from '../../../src';
import { brief, check, ENV, reportOf } from '../report';

const license = (stack: Stack, props: Partial<LicenseConfigurationProps>) =>
  new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus(), ...props });
const settings = (stack: Stack) => new ServiceSettings(stack, 'Settings', { topic: new LicenseManagerTopic(stack, 'Topic') });
const expiring = { licenseExpiry: Expiration.after(Duration.days(365)) };

describe.each<[string, Partial<LicenseConfigurationProps>, RegExp]>([
  ['a soft limit', { licenseCount: 10 }, /^The limit of 10 licenses can be exceeded, and nobody is told\.$/],
  ['a hard limit', { licenseCount: 10, licenseCountHardLimit: true }, /^The limit of 10 licenses is a hard one/],
])('%s', (_, props, message) => {
  const RULE = 'LimitWithoutNotice';

  test('of which nobody is told is found', () => {
    const [finding, ...others] = check(RULE, stack => license(stack, props));

    expect(others).toEqual([]);
    expect(finding).toMatchObject({ path: 'Stack/License/Resource', severity: 'warning', location: 'Properties.LicenseCount', message: expect.stringMatching(message) });
  });

  test('is right with a topic in the settings', () => {
    expect(check(RULE, stack => { settings(stack); license(stack, props); })).toEqual([]);
  });

  test('is right with an alarm that acts, and found with one that does not', () => {
    expect(check(RULE, stack => license(stack, props).addUsageAlarm('Alarm', { thresholdPercent: 90, actions: [new SnsAction(new Topic(stack, 'Topic'))] }))).toEqual([]);
    expect(check(RULE, stack => license(stack, props).addUsageAlarm('Alarm', { thresholdPercent: 90 }))).toHaveLength(1);
  });

  test('is found with settings of another account', () => {
    const app = new App({ analyticsReporting: false });
    settings(new Stack(app, 'Settings', { env: { ...ENV, account: '444455556666' } }));
    license(new Stack(app, 'Stack', { env: ENV }), props);

    expect(brief(reportOf(app).filter(({ rule }) => rule === RULE))).toEqual(['warning Stack/License/Resource']);
  });

  test('is not judged with settings in a stack that leaves the account open', () => {
    const app = new App({ analyticsReporting: false });
    settings(new Stack(app, 'Settings'));
    license(new Stack(app, 'Stack', { env: ENV }), props);

    expect(reportOf(app).filter(({ rule }) => rule === RULE)).toEqual([]);
  });
});

test('a license without a limit, and one of which there are none, have nothing to tell', () => {
  expect(check('LimitWithoutNotice', stack => license(stack, {}))).toEqual([]);
  expect(check('LimitWithoutNotice', stack => license(stack, { licenseCount: 0, licenseCountHardLimit: true }))).toEqual([]);
});

describe('an expiry', () => {
  const RULE = 'ExpiryWithoutNotice';

  test('of which nobody is told is found, also with an alarm, which watches the usage', () => {
    expect(brief(check(RULE, stack => license(stack, { ...expiring, licenseCount: 10 })
      .addUsageAlarm('Alarm', { thresholdPercent: 90, actions: [new SnsAction(new Topic(stack, 'Topic'))] })))).toEqual(['warning Stack/License/Resource']);
  });

  test('is right with a reminder that tells a topic, and found with one that tells nobody, or of another license', () => {
    const topic = (stack: Stack) => Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111122223333:topic');
    expect(check(RULE, stack => license(stack, expiring).addExpiryReminder('Reminder', { topic: topic(stack) }))).toEqual([]);
    expect(check(RULE, stack => {
      const { node } = license(stack, expiring);
      new LicenseExpiryReminder(stack, 'Reminder', { licenseConfiguration: node.defaultChild as CfnLicenseConfiguration, topic: topic(stack) });
    })).toEqual([]);
    expect(check(RULE, stack => license(stack, expiring).addExpiryReminder('Reminder'))).toHaveLength(1);
    expect(brief(check(RULE, stack => {
      license(stack, expiring);
      new LicenseConfiguration(stack, 'License2', { licenseCounting: LicenseCounting.vcpus(), ...expiring }).addExpiryReminder('Reminder', { topic: topic(stack) });
    }))).toEqual(['warning Stack/License/Resource']);
  });

  test('is right with a topic in the settings, and there may be none', () => {
    expect(check(RULE, stack => { settings(stack); license(stack, expiring); })).toEqual([]);
    expect(check(RULE, stack => license(stack, {}))).toEqual([]);
  });
});

describe('an alarm', () => {
  const RULE = 'AlarmWithoutAction';

  test('on a license without an action is found', () => {
    expect(brief(check(RULE, stack => license(stack, { licenseCount: 10 }).addUsageAlarm('Alarm', { thresholdPercent: 90 })))).toEqual(['warning Stack/License/Alarm/Resource']);
  });

  test('on Linux subscriptions, and one that somebody has written, is found', () => {
    expect(brief(check(RULE, stack => new LinuxSubscriptionsSettings(stack, 'Linux', { sourceRegions: ['us-east-1'] })
      .addAlarm('Alarm', { subscription: LinuxSubscription.RHEL, threshold: 5 })))).toEqual(['warning Stack/Linux/Alarm/Resource']);
    expect(brief(check(RULE, stack => new CfnAlarm(stack, 'Alarm', {
      comparisonOperator: 'GreaterThanThreshold', evaluationPeriods: 1, namespace: 'AWSLicenseManager/licenseUsage', actionsEnabled: false, alarmActions: ['arn:aws:sns:us-east-1:1:t'],
    })))).toEqual(['warning Stack/Alarm']);
  });

  test.each<[string, (stack: Stack) => void]>([
    ['with an action', stack => license(stack, { licenseCount: 10 }).addUsageAlarm('Alarm', { thresholdPercent: 90, actions: [new SnsAction(new Topic(stack, 'Topic'))] })],
    ['that tells the topic of the settings', stack => { settings(stack); license(stack, { licenseCount: 10 }).addUsageAlarm('Alarm', { thresholdPercent: 90 }); }],
    ['that is a part of one with an action', stack => new CompositeAlarm(stack, 'All', {
      alarmRule: AlarmRule.anyOf(license(stack, { licenseCount: 10 }).addUsageAlarm('Alarm', { thresholdPercent: 90 })),
    }).addAlarmAction(new SnsAction(new Topic(stack, 'Topic')))],
    ['on something else', stack => new CfnAlarm(stack, 'Alarm', { comparisonOperator: 'GreaterThanThreshold', evaluationPeriods: 1, namespace: 'AWS/EC2' })],
  ])('%s is right', (_, define) => {
    expect(check(RULE, define)).toEqual([]);
  });
});

describe('what constructs say without the plugin', () => {
  const annotationsOf = (app: App, stack: Stack) => {
    app.synth();
    return stack.node.findAll().flatMap(({ node }) => node.metadata).map(({ data }) => String(data)).filter(text => /nobodyIsNotified|alarmTellsNobody/.test(text)).length;
  };

  test('they do not say besides it', () => {
    const build = () => {
      const app = new App({ analyticsReporting: false });
      const stack = new Stack(app, 'Stack', { env: ENV });
      license(stack, { licenseCount: 10, ...expiring }).addUsageAlarm('Alarm', { thresholdPercent: 90 });
      return { app, stack };
    };
    const without = build();
    expect(annotationsOf(without.app, without.stack)).toBe(2);

    const withPlugin = build();
    expect(reportOf(withPlugin.app).map(({ rule }) => rule).sort()).toEqual([
      'AlarmWithoutAction', 'ExpiryWithoutNotice', 'LimitWithoutNotice', 'LimitWithoutReport', 'UnusedLicense',
    ]);
    expect(annotationsOf(withPlugin.app, withPlugin.stack)).toBe(0);
  });
});

describe('a limit', () => {
  const NONE = Token.asNumber({ Ref: 'AWS::NoValue' });
  const open = (stack: Stack) => new CfnCondition(stack, 'Condition', { expression: Fn.conditionEquals(Aws.STACK_NAME, 'a') }).logicalId;

  test.each<[string, (stack: Stack) => number]>([
    ['that is none', () => NONE],
    ['that may be none', stack => Token.asNumber(Fn.conditionIf(open(stack), 10, Aws.NO_VALUE))],
  ])('%s is no limit', (_, countOf) => {
    for (const rule of ['LimitWithoutNotice', 'LimitWithoutReport']) {
      expect(check(rule, stack => new CfnLicenseConfiguration(stack, 'License', { name: 'it', licenseCountingType: 'vCPU', licenseCount: countOf(stack) }))).toEqual([]);
    }
  });

  test('that is one or another, is one', () => {
    expect(check('LimitWithoutNotice', stack => new CfnLicenseConfiguration(stack, 'License', {
      name: 'it', licenseCountingType: 'vCPU', licenseCount: Token.asNumber(Fn.conditionIf(open(stack), 10, 20)),
    }))).toHaveLength(1);
  });
});

describe('an alarm that acts', () => {
  const TOPIC = ['arn:aws:sns:us-east-1:111122223333:topic'];
  const alarm = (stack: Stack, props: Partial<CfnAlarmProps>) => new CfnAlarm(stack, 'Alarm', {
    comparisonOperator: 'GreaterThanThreshold',
    evaluationPeriods: 1,
    namespace: 'AWSLicenseManager/licenseUsage',
    dimensions: [{ name: 'LicenseConfigurationArn', value: license(stack, { licenseCount: 10 }).licenseConfigurationArn }],
    ...props,
  });
  const found = (define: (stack: Stack) => void) => ['LimitWithoutNotice', 'AlarmWithoutAction'].filter(rule => check(rule, define).length > 0);

  test('only when all is well again tells nobody that the limit is reached', () => {
    expect(found(stack => alarm(stack, { okActions: TOPIC }))).toEqual(['LimitWithoutNotice', 'AlarmWithoutAction']);
    expect(found(stack => alarm(stack, { alarmActions: TOPIC }))).toEqual([]);
  });

  test('on what falls below a threshold may act either way', () => {
    expect(found(stack => alarm(stack, { okActions: TOPIC, comparisonOperator: 'LessThanThreshold' }))).toEqual([]);
  });

  test('as a part of a composite alarm that is turned off does nothing, and that names it does', () => {
    const composite = (stack: Stack, actionsEnabled: boolean) => {
      alarm(stack, { alarmName: 'used-up' });
      new CfnCompositeAlarm(stack, 'All', { alarmRule: 'ALARM("used-up")', alarmActions: TOPIC, actionsEnabled });
    };
    expect(found(stack => composite(stack, true))).toEqual([]);
    expect(found(stack => composite(stack, false))).toEqual(['LimitWithoutNotice', 'AlarmWithoutAction']);
  });

  const query = (alarmActions?: string[]) => (stack: Stack) => {
    license(stack, { licenseCount: 10 });
    new CfnAlarm(stack, 'Alarm', {
      comparisonOperator: 'GreaterThanThreshold',
      evaluationPeriods: 1,
      threshold: 90,
      alarmActions,
      metrics: [{ id: 'q', period: 300, expression: 'SELECT MAX(LicenseConfigurationUsagePercentage) FROM "AWSLicenseManager/licenseUsage"' }],
    });
  };

  test('on a query of Metrics Insights tells of all licenses', () => {
    expect(found(query())).toEqual(['LimitWithoutNotice', 'AlarmWithoutAction']);
    expect(found(query(TOPIC))).toEqual([]);
  });
});

test('a limit that is a parameter is a limit', () => {
  expect(check('LimitWithoutNotice', stack => new CfnLicenseConfiguration(stack, 'License', {
    name: 'it', licenseCountingType: 'vCPU', licenseCount: 10,
  }).addPropertyOverride('LicenseCount', { Ref: 'AWS::AccountId' }))[0].message).toBe('The limit of its licenses can be exceeded, and nobody is told.');
});
