import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { LicenseAlarms, LicenseConfiguration, LicenseCounting, LicenseManagerTopic, LinuxSubscription, LinuxSubscriptionsSettings, ServiceSettings } from '../../src';

const ENV = { account: '111122223333', region: 'us-east-1' };

let app: App;
let stack: Stack;
beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: ENV });
});

const license = (scope: Construct = stack, id = 'Windows') =>
  new LicenseConfiguration(scope, id, { licenseCounting: LicenseCounting.vcpus(), licenseCount: 96 });
const action = (name: string) => ({ bind: () => ({ alarmActionArn: `arn:aws:sns:us-east-1:111122223333:${name}` }) });
const ARN = (name: string) => `arn:aws:sns:us-east-1:111122223333:${name}`;
const alarms = (of: Stack = stack) => Object.values(Template.fromStack(of).findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);

describe('what is said once for a scope', () => {
  test('holds for all alarms in it', () => {
    LicenseAlarms.of(stack).configure({
      alarmNamePrefix: 'licenses-', alarmDescriptionSuffix: 'Ask the licensing team.', actions: [action('on')], okActions: [action('off')],
    });
    const windows = license();
    windows.addUsageAlarm('Used', { thresholdPercent: 90 });
    windows.addHeadroomAlarm('Left', { licensesLeft: 8 });
    new LinuxSubscriptionsSettings(stack, 'Linux', { sourceRegions: ['us-east-1'] }).addAlarm('Many', { subscription: LinuxSubscription.RHEL, threshold: 5 });

    const found = alarms();
    expect(found.map(({ AlarmActions, OKActions }) => [AlarmActions, OKActions])).toEqual(Array(3).fill([[ARN('on')], [ARN('off')]]));
    expect(found.map(({ AlarmDescription }) => /[.1] Ask the licensing team\.$/.test(AlarmDescription))).toEqual([true, true, true]);
    expect(found.map(({ AlarmName }) => AlarmName)).toEqual([
      expect.stringMatching(/^licenses-Stack-Windows-Used-/), expect.stringMatching(/^licenses-Stack-Windows-Left-/), expect.stringMatching(/^AWS-LM-LS-/),
    ]);
  });

  test('gives way to what an alarm says, and to what is nearer', () => {
    LicenseAlarms.of(app).configure({ actions: [action('app')], okActions: [action('app')] });
    const inner = new Construct(stack, 'Inner');
    LicenseAlarms.of(inner).configure({ actions: [action('inner')] });
    license().addUsageAlarm('Outer', { thresholdPercent: 90 });
    license(inner).addUsageAlarm('Inner', { thresholdPercent: 90 });
    license(inner, 'Own').addUsageAlarm('Own', { thresholdPercent: 90, actions: [], okActions: [action('own')], alarmName: 'own', alarmDescription: 'mine' });

    expect(alarms().map(({ AlarmActions, OKActions, AlarmName, AlarmDescription }) => [AlarmActions, OKActions, AlarmName, /^mine$/.test(AlarmDescription)])).toEqual([
      [[ARN('inner')], [ARN('app')], undefined, false], [undefined, [ARN('own')], 'own', true], [[ARN('app')], [ARN('app')], undefined, false],
    ]);
  });

  test('is added up when it is said in parts', () => {
    LicenseAlarms.of(stack).configure({ actions: [action('a')] });
    LicenseAlarms.of(stack).configure({ okActions: [action('b')] });
    license().addUsageAlarm('Used', { thresholdPercent: 90 });
    expect(alarms()).toMatchObject([{ AlarmActions: [ARN('a')], OKActions: [ARN('b')] }]);
  });

  test('without anything alarms tell the topic of the settings', () => {
    license().addUsageAlarm('Used', { thresholdPercent: 90 });
    new ServiceSettings(stack, 'Settings', { topic: new LicenseManagerTopic(stack, 'Topic') });
    expect(alarms()).toMatchObject([{ AlarmActions: [{ Ref: 'TopicBFC7AF6E' }] }]);
  });

  test.each<[string, (it: Stack) => Construct]>([
    ['the stack', it => it], ['the app', it => it.node.root as App], ['the license', it => it.node.findChild('Windows') as Construct],
  ])('is refused for %s when there is an alarm already', (_, scopeOf) => {
    license().addUsageAlarm('Used', { thresholdPercent: 90 });
    const scope = scopeOf(stack);
    expect(() => LicenseAlarms.of(scope).configure({ actions: [] })).toThrow(
      `${scope.node.path || 'App'}: LicenseAlarms.configure() comes too late: 'Stack/Windows/Used' is an alarm already, and would not follow it. Call it before the first `
      + 'alarm at or below the scope is made.');
  });

  test('is taken beside an alarm of another scope', () => {
    license().addUsageAlarm('Used', { thresholdPercent: 90 });
    LicenseAlarms.of(new Construct(stack, 'Other')).configure({ actions: [] });
    expect(alarms()).toHaveLength(1);
  });

  test.each<[string, object, string]>([
    ['an empty prefix', { alarmNamePrefix: '' }, 'alarmNamePrefix \'\' has 0 characters: it has to have 1 to 200.'],
    ['a prefix that is too long', { alarmNamePrefix: 'x'.repeat(201) }, 'has 201 characters: it has to have 1 to 200.'],
    ['an empty suffix', { alarmDescriptionSuffix: '' }, 'alarmDescriptionSuffix \'\' has 0 characters: it has to have 1 to 512.'],
    ['a suffix that is too long', { alarmDescriptionSuffix: 'x'.repeat(513) }, 'has 513 characters: it has to have 1 to 512.'],
    ['an action that is none', { actions: ['arn'] }, 'actions[0] is the text \'arn\': it has to be an object that implements IAlarmAction.'],
  ])('%s is refused', (_, options, message) => {
    expect(() => LicenseAlarms.of(stack).configure(options)).toThrow(message);
  });

  test('the longest prefix and suffix are taken', () => {
    LicenseAlarms.of(stack).configure({ alarmNamePrefix: 'x'.repeat(200), alarmDescriptionSuffix: 'y'.repeat(512) });
    license().addUsageAlarm('Used', { thresholdPercent: 90 });
    const [{ AlarmName, AlarmDescription }] = alarms();
    expect([AlarmName.length <= 255, AlarmDescription.length <= 1024]).toEqual([true, true]);
  });

  test('tokens are taken', () => {
    const text = new CfnParameter(stack, 'Text').valueAsString;
    LicenseAlarms.of(stack).configure({ alarmNamePrefix: text, alarmDescriptionSuffix: text });
    license().addUsageAlarm('Used', { thresholdPercent: 90 });
    expect(JSON.stringify(alarms())).toContain('{"Fn::Join":["",[{"Ref":"Text"},"Stack-Windows-Used-');
  });

  test('a description that gets too long with the suffix is refused', () => {
    LicenseAlarms.of(stack).configure({ alarmDescriptionSuffix: 'y'.repeat(512) });
    expect(() => license().addUsageAlarm('Used', { thresholdPercent: 90, alarmDescription: 'x'.repeat(512) })).toThrow(
      /^Stack\/Windows: alarmDescription of alarm 'Used', with alarmDescriptionSuffix of LicenseAlarms, .* has 1025 characters: it has to have at most 1024\. Shorten one/);
    expect(() => license(stack, 'B').addUsageAlarm('Used', { thresholdPercent: 90, alarmDescription: 'x'.repeat(511) })).not.toThrow();
  });

  test('six actions are refused where an alarm takes them', () => {
    LicenseAlarms.of(stack).configure({ actions: ['a', 'b', 'c', 'd', 'e', 'f'].map(action) });
    expect(() => license().addUsageAlarm('Used', { thresholdPercent: 90 })).toThrow('actions of alarm \'Used\' has 6 members: it has to have at most 5.');
  });
});

describe('a composite alarm', () => {
  const composite = (of: Stack = stack) => Object.values(Template.fromStack(of).findResources('AWS::CloudWatch::CompositeAlarm')).map(({ Properties }) => Properties);
  const ruleOf = (...refs: string[]) => ({
    'Fn::Join': ['', [...refs.flatMap((Ref, index) => [index === 0 ? 'ALARM("' : '") OR ALARM("', { Ref }]), '")']],
  });

  test('is made of all alarms in the scope, also of those that come later, and of no others', () => {
    const windows = license();
    windows.addUsageAlarm('Used', { thresholdPercent: 90 });
    license(stack, 'Sql').addUsageAlarm('Used', { thresholdPercent: 90 });
    LicenseAlarms.of(windows).addCompositeAlarm('OfWindows');
    LicenseAlarms.of(stack).addCompositeAlarm('OfAll');
    windows.addHeadroomAlarm('Left', { licensesLeft: 8 });
    const [used, sql, left] = ['WindowsUsed', 'SqlUsed', 'WindowsLeft'].map(start =>
      Object.keys(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).find(id => id.startsWith(start))!);
    expect(composite().map(({ AlarmRule }) => AlarmRule)).toEqual([ruleOf(used, left), ruleOf(used, left, sql)]);
  });

  test('tells the topic of the settings, or its own actions, and not those of the scope', () => {
    LicenseAlarms.of(stack).configure({ actions: [], alarmNamePrefix: 'all-', alarmDescriptionSuffix: 'End.' });
    license().addUsageAlarm('Used', { thresholdPercent: 90 });
    LicenseAlarms.of(stack).addCompositeAlarm('Any');
    LicenseAlarms.of(stack).addCompositeAlarm('Named', {
      actions: [action('a')], okActions: [action('b')], compositeAlarmName: 'named', alarmDescription: 'Any license.',
    });
    new ServiceSettings(stack, 'Settings', { topic: new LicenseManagerTopic(stack, 'Topic') });
    expect(composite()).toMatchObject([
      { AlarmActions: [{ Ref: 'TopicBFC7AF6E' }], AlarmName: expect.stringMatching(/^all-Stack-Any-/), AlarmDescription: expect.stringContaining('is on in account 111122223333, us-east-1') },
      { AlarmActions: [ARN('a')], OKActions: [ARN('b')], AlarmName: 'named', AlarmDescription: 'Any license. End.' },
    ]);
  });

  test('that tells nobody causes an information', () => {
    license().addUsageAlarm('Used', { thresholdPercent: 90, actions: [] });
    LicenseAlarms.of(stack).addCompositeAlarm('Any');
    app.synth();
    Annotations.fromStack(stack).hasInfo('/Stack/Any', Match.stringLikeRegexp('it tells nobody'));
  });

  test.each([
    ['no alarm', 0, 0, 'there is no alarm on licenses in the scope to make the composite alarm of.'],
    ['101 alarms', 101, 0, 'the composite alarm is made of 101 alarms, and CloudWatch takes at most 100. Make composite alarms of smaller scopes, and one of aws-cdk-lib'],
    ['a rule that is too long', 39, 255, 'the rule of the composite alarm has at least 10448 characters, and CloudWatch takes at most 10240.'],
  ])('of %s is refused', (_, count, length, message) => {
    addAlarms(count, length);
    expect(() => app.synth()).toThrow(message);
  });

  test.each([[100, 0], [38, 255]])('of %d alarms, whose names have %d characters, is taken', (count, length) => {
    addAlarms(count, length);
    expect(() => app.synth()).not.toThrow();
  });

  function addAlarms(count: number, length: number) {
    const windows = license();
    for (let index = 0; index < count; index++) {
      windows.addUsageAlarm(`Used${index}`, { thresholdPercent: 90, actions: [], alarmName: length ? `${index}`.padEnd(length, 'x') : undefined });
    }
    LicenseAlarms.of(stack).addCompositeAlarm('Any', { actions: [] });
  }

  test('of a scope without a stack is refused', () => {
    expect(() => LicenseAlarms.of(app).addCompositeAlarm('Any')).toThrow(
      'App: composite alarm \'Any\' has to be in a stack, as it is a resource, and CloudWatch composes alarms of one account and Region. Use LicenseAlarms.of() with a stack');
  });

  test('leaves out the alarms of another Region, with a warning', () => {
    license().addUsageAlarm('Used', { thresholdPercent: 90, actions: [] });
    const other = new Stack(stack, 'Other', { env: { ...ENV, region: 'us-west-2' } });
    license(other).addUsageAlarm('Used', { thresholdPercent: 90, actions: [] });
    LicenseAlarms.of(stack).addCompositeAlarm('Any', { actions: [] });
    expect(composite()[0].AlarmRule['Fn::Join'][1]).toHaveLength(3);
    Annotations.fromStack(stack).hasWarning('/Stack/Any', Match.stringLikeRegexp('The alarm is not made of \'Stack/Other/Windows/Used\': CloudWatch composes alarms of one account'));
  });

  test.each<[string, object, string]>([
    ['compositeAlarmName', { compositeAlarmName: '' }, 'compositeAlarmName of alarm \'Any\' \'\' has 0 characters: it has to have 1 to 255.'],
    ['a long compositeAlarmName', { compositeAlarmName: 'x'.repeat(256) }, 'has 256 characters: it has to have 1 to 255.'],
    ['alarmDescription', { alarmDescription: 'x'.repeat(1025) }, 'has 1025 characters: it has to have at most 1024.'],
  ])('%s of another length is refused', (_, options, message) => {
    expect(() => LicenseAlarms.of(stack).addCompositeAlarm('Any', options)).toThrow(message);
  });

  test('is an alarm: what is said after it is refused', () => {
    LicenseAlarms.of(stack).addCompositeAlarm('Any', { actions: [action('a')] });
    expect(() => LicenseAlarms.of(stack).configure({ actions: [] })).toThrow('\'Stack/Any\' is an alarm already');
  });
});
