import { App, CfnParameter, Expiration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm, Dashboard, GraphWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import {
  LicenseAlarms, LicenseAssetGroup, LicenseConfiguration, LicenseCounting, LicenseDashboard, LicenseWidgets, LinuxSubscription, UsageDimension,
} from '../../src';
import type { LicenseConfigurationProps, LicenseDashboardProps } from '../../src';
import { ImportedLicense, LICENSE_ARN, makeLicense } from '../license-configuration/licenses';

const ENV = { account: '111122223333', region: 'us-east-1' };
const GROUP_ARN = 'arn:aws:license-manager:us-east-1:111122223333:license-asset-group:lag-1';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: ENV });
});

const license = (id: string, props: Partial<LicenseConfigurationProps> = {}) =>
  new LicenseConfiguration(stack, id, {
    licenseConfigurationName: id.toLowerCase(), licenseCounting: LicenseCounting.cores(), licenseCount: 96, ...props,
  });
const EXPIRY = Expiration.atDate(new Date('2099-06-30T00:00:00Z'));
const imported = (licenseCounting?: LicenseCounting, region = 'us-east-1') => LicenseConfiguration.fromLicenseConfigurationAttributes(stack, 'Imported', {
  licenseConfigurationArn: LICENSE_ARN.replace('us-east-1', region), licenseCounting,
});
const machine = (id: string) => new StateMachine(stack, id, { definitionBody: DefinitionBody.fromChainable(new Pass(stack, `${id}Pass`)) });

/** The widgets of the only dashboard; what refers to something is its logical id and attribute. */
function widgets(of: Stack = stack): any[] {
  const [{ Properties: { DashboardBody: body } }] = Object.values(Template.fromStack(of).findResources('AWS::CloudWatch::Dashboard'));
  return JSON.parse(typeof body === 'string' ? body : body['Fn::Join'][1].map((part: any) =>
    typeof part === 'string' ? part : part.Ref ?? part['Fn::GetAtt']?.join('.') ?? 'of another stack').join('')).widgets;
}
const dashboard = (props?: LicenseDashboardProps) => {
  new LicenseDashboard(stack, 'Licenses', props);
  return widgets();
};
const shown = (widget: IWidget) => {
  new Dashboard(stack, 'Own').addWidgets(widget);
  return widgets()[0];
};
const titles = (all: any[]) => all.map(({ properties }) => properties.title);

describe('the dashboard', () => {
  test('shows what the app knows: use against the limit, what is left, and for how long', () => {
    const found = dashboard({ licenseConfigurations: [license('Windows', { licenseExpiry: EXPIRY }), license('Sql')] });
    expect(titles(found)).toEqual([
      undefined, undefined, 'windows: licenses in use', 'windows: licenses left', 'windows: days until expiry', 'sql: licenses in use', 'sql: licenses left',
      'All licenses of account 111122223333 in us-east-1 (%)',
    ]);
    expect(found.map(({ x, y, width, height }) => [x, y, width, height])).toEqual([
      [0, 0, 24, 5], [0, 5, 24, 3], [0, 8, 12, 6], [12, 8, 6, 6], [18, 8, 6, 6], [0, 14, 12, 6], [12, 14, 12, 6], [0, 20, 24, 6],
    ]);
    expect(found[0].properties.markdown).toBe(
      '## Licenses of account 111122223333 in us-east-1\nThe values are of the last hour, in which License Manager counts. '
      + '[License Manager](https://console.aws.amazon.com/license-manager/home?region=us-east-1)\n\n'
      + '| License | Number | Expires |\n| --- | --- | --- |\n| windows | 96 | 2099-06-30 |\n| sql | 96 |  |');
  });

  test('every metric has a period of an hour or more', () => {
    const found = dashboard({
      licenseConfigurations: [license('Windows', { licenseExpiry: EXPIRY }), imported()], linuxSubscriptions: [LinuxSubscription.RHEL], stateMachines: [machine('A')],
    });
    const metrics = found.flatMap(({ properties }) => properties.metrics ?? []);
    expect(metrics.length).toBeGreaterThan(12);
    expect(metrics.map((metric: any[]) => metric.at(-1).period)).toEqual(metrics.map(() => 3600));
  });

  test('without anything shows what a search finds', () => {
    const found = dashboard();
    expect(titles(found)).toEqual([undefined, undefined, 'All licenses of account 111122223333 in us-east-1 (%)']);
    expect(found[2].properties.metrics).toEqual([[{
      expression: 'SEARCH(\'{AWSLicenseManager/licenseUsage,LicenseConfigurationArn,LicenseConfigurationType} MetricName="LicenseConfigurationUsagePercentage"\', \'Maximum\', 3600)',
      period: 3600,
    }]]);
  });

  test('shows groups, Linux subscriptions and state machines, two in a row, and no search if that is said', () => {
    const group = LicenseAssetGroup.fromLicenseAssetGroupAttributes(stack, 'Group', { licenseAssetGroupArn: GROUP_ARN, usageDimension: UsageDimension.VCPU });
    const found = dashboard({
      showAllLicenses: false, licenseAssetGroups: [group], linuxSubscriptions: [LinuxSubscription.RHEL], stateMachines: [machine('A'), machine('B')], linuxMetricNamespace: 'Other',
    });
    expect(titles(found)).toEqual([
      undefined, undefined, expect.stringContaining('License asset group'), 'Running instances with Linux subscriptions', 'Failed executions',
    ]);
    expect(found.slice(2).map(({ x, y }) => [x, y])).toEqual([[0, 5], [12, 5], [0, 11]]);
    expect(found[3].properties.metrics[0].slice(0, 4)).toEqual(['Other', 'RunningInstancesCount', 'SubscriptionName', 'Red Hat Enterprise Linux Server']);
    expect(found[4].properties.metrics.map((metric: any[]) => [metric[1], metric.at(-1).label])).toEqual([
      ['ExecutionsFailed', 'Stack/A failed'], ['ExecutionsAborted', 'Stack/A stopped'], ['ExecutionsTimedOut', 'Stack/A timed out'],
      ['ExecutionsFailed', 'Stack/B failed'], ['ExecutionsAborted', 'Stack/B stopped'], ['ExecutionsTimedOut', 'Stack/B timed out'],
    ]);
  });

  test('shows each once, with a warning', () => {
    const windows = license('Windows');
    expect(titles(dashboard({ licenseConfigurations: [windows, windows] }))).toHaveLength(5);
    Annotations.fromStack(stack).hasWarning('/Stack/Licenses', Match.stringLikeRegexp('\'Stack/Windows\' is in licenseConfigurations twice'));
  });

  test('shows the alarms of the stack, those that are made later, too', () => {
    const windows = license('Windows');
    new LicenseDashboard(stack, 'Licenses');
    windows.addUsageAlarm('Used', { thresholdPercent: 90 });
    LicenseAlarms.of(stack).addCompositeAlarm('Any');
    expect(widgets()[1]).toMatchObject({
      type: 'alarm', properties: { title: 'Alarms', alarms: [expect.stringMatching(/^Any/), expect.stringMatching(/^WindowsUsed/)], sortBy: 'stateUpdatedTimestamp' },
    });
  });

  test('says so if there are none, and shows others if they are named', () => {
    expect(dashboard()[1]).toMatchObject({ type: 'text', properties: { markdown: expect.stringContaining('There is no alarm on licenses in this stack.') } });
    const other = new Stack(new App(), 'Other', { env: ENV });
    new LicenseDashboard(other, 'Licenses', { alarms: [Alarm.fromAlarmArn(other, 'Alarm', 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:a')] });
    expect(widgets(other)[1].properties.alarms).toEqual(['arn:aws:cloudwatch:us-east-1:111122223333:alarm:a']);
  });

  test('says that alarms of another stack have to be named, and of which part there are none', () => {
    const app = new App();
    const windows = new LicenseConfiguration(new Stack(app, 'Licenses', { env: ENV }), 'Windows', {
      licenseCounting: LicenseCounting.vcpus(), licenseCount: 96,
    });
    windows.addUsageAlarm('Used', { thresholdPercent: 90 });
    const watching = new Stack(app, 'Shown', { env: ENV });
    new LicenseDashboard(watching, 'It', { licenseConfigurations: [windows] });

    expect(widgets(watching)[1].properties.markdown).toBe('### Alarms\nThere is no alarm on licenses in this stack. Add one: `addUsageAlarm`, `addHeadroomAlarm`. '
      + 'Those of other stacks are shown if they are named: `alarms`.');
    const part = new Construct(watching, 'Part');
    expect(LicenseWidgets.alarms(part).toJson()[0].properties.markdown).toContain('in this part of the stack.');
    expect(LicenseWidgets.alarms(part, { alarms: [] }).toJson()[0].properties.markdown).toBe('### Alarms\nNo alarm is named.');
  });

  test('of an open stack names no account and no console', () => {
    const open = new Stack(new App(), 'Open');
    new LicenseDashboard(open, 'Licenses');
    expect(widgets(open)[0].properties.markdown).toBe(
      '## Licenses of account AWS::AccountId in AWS::Region\nThe values are of the last hour, in which License Manager counts.');
  });

  test('takes widgets of the user', () => {
    const { dashboard: made } = new LicenseDashboard(stack, 'Licenses');
    made.addWidgets(new TextWidget({ markdown: 'mine' }));
    expect(widgets().at(-1).properties.markdown).toBe('mine');
  });

  test.each(['a', 'A-b_9', 'x'.repeat(255)])('the name %s is taken', dashboardName => {
    new LicenseDashboard(stack, 'Licenses', { dashboardName });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: dashboardName });
  });

  test.each(['', 'a b', 'a.b', 'x'.repeat(256)])('the name \'%s\' is refused', dashboardName => {
    expect(() => new LicenseDashboard(stack, 'Licenses', { dashboardName })).toThrow(/Stack\/Licenses: dashboardName is '.*': it has to consist of 1 to 255 letters, digits, hyphens/);
  });

  // It has three widgets of its own, with one metric.
  test.each<[string, widgets: number, metrics: number, warns: boolean]>([
    ['500 widgets', 497, 1, false], ['501 widgets', 498, 1, true], ['500 metrics in a widget', 1, 500, false], ['501 metrics in a widget', 1, 501, true],
    ['2500 metrics', 7, 357, false], ['2501 metrics', 10, 250, true],
  ])('%s', (_, count, metrics, warns) => {
    const { dashboard: made } = new LicenseDashboard(stack, 'Licenses');
    const { metrics: of } = license('Windows');
    for (let index = 0; index < count; index++) {
      made.addWidgets(new GraphWidget({
        left: Array.from({ length: metrics }, (__, number) => of.usageCount({ dimensionsMap: { Number: `${index}-${number}` } })),
      }));
    }
    const found = Annotations.fromStack(stack).findWarning('/Stack/Licenses', Match.stringLikeRegexp('The dashboard has .* The quotas of CloudWatch are 500 widgets'));
    expect(found).toHaveLength(warns ? 1 : 0);
  });

  test('it is told from others', () => {
    expect(LicenseDashboard.isLicenseDashboard(new LicenseDashboard(stack, 'Licenses'))).toBe(true);
    expect(LicenseDashboard.isLicenseDashboard(stack)).toBe(false);
  });
});

describe('a widget of a license', () => {
  test('without a limit shows the use alone', () => {
    const endless = license('Endless', { licenseCount: undefined });
    expect(shown(LicenseWidgets.usage(endless)).properties.metrics.map((metric: any[]) => metric[1])).toEqual(['LicenseConfigurationUsageCount']);
  });

  test('with a limit shows both', () => {
    const { properties } = shown(LicenseWidgets.usage(license('Windows')));
    expect(properties.metrics.map((metric: any[]) => [metric[1], metric.at(-1).label])).toEqual([
      ['LicenseConfigurationUsageCount', 'in use'], ['TotalLicenseConfigurationUsageCount', 'there are'],
    ]);
    expect(properties).toMatchObject({ region: 'us-east-1', yAxis: { left: { min: 0 } } });
  });

  test('of which the counting type is not known is found by a search, in its Region', () => {
    const { properties } = shown(LicenseWidgets.headroom(imported(undefined, 'us-west-2')));
    const [[{ expression, region }]] = properties.metrics;
    const found = (name: string) => `SUM(SEARCH('{AWSLicenseManager/licenseUsage,LicenseConfigurationArn,LicenseConfigurationType} MetricName="${name}" `
      + `LicenseConfigurationArn="${LICENSE_ARN.replace('us-east-1', 'us-west-2')}"', 'Maximum', 3600))`;
    expect([expression, region]).toEqual([`${found('TotalLicenseConfigurationUsageCount')} - ${found('LicenseConfigurationUsageCount')}`, 'us-west-2']);
  });

  test('counts the days by the time of the use', () => {
    const { properties } = shown(LicenseWidgets.daysUntilExpiry(license('Windows', { licenseExpiry: EXPIRY })));
    const [[{ expression }], [, , , , , , { id }]] = properties.metrics;
    expect(expression).toBe(`(${EXPIRY.toEpoch()} - EPOCH(${id})) / 86400`);
  });

  test('counts the days of what is imported, if they are known', () => {
    const it = new ImportedLicense(stack, 'Foreign');
    expect(shown(LicenseWidgets.daysUntilExpiry(it, { licenseExpiry: EXPIRY })).properties.metrics[0][0].expression)
      .toMatch(/^\(4086460800 - EPOCH\(SUM\(SEARCH\('.*', 'Maximum', 3600\)\)\)\) \/ 86400$/);
    expect(() => LicenseWidgets.daysUntilExpiry(it)).toThrow('Stack/Foreign: it is not known when the licenses of \'Stack/Foreign\' expire.');
  });

  test('several show their percentages in one, but for those without a limit', () => {
    const { properties } = shown(LicenseWidgets.usagePercentage([license('Windows'), license('Endless', { licenseCount: undefined }), makeLicense(stack, 'Raw')]));
    expect(properties.metrics.map((metric: any[]) => metric.at(-1).label)).toEqual(['windows']);
  });

  test('several show what is left in one graph of the user', () => {
    const [a, b] = [license('A'), license('B')];
    const { properties } = shown(new GraphWidget({ left: [a.metrics.headroom(), b.metrics.headroom()] }));
    expect(properties.metrics.filter(([first]: any[]) => typeof first === 'object')).toHaveLength(2);
  });

  test('with a token has no days in the dashboard, and is shown', () => {
    const raw = makeLicense(stack, 'Raw');
    raw.licenseExpiry = new CfnParameter(stack, 'Expiry', { type: 'Number' }).valueAsNumber;
    raw.licenseCount = new CfnParameter(stack, 'Count', { type: 'Number' }).valueAsNumber;
    const found = dashboard({ licenseConfigurations: [raw] });
    expect(titles(found)).not.toContain('Raw: days until expiry');
    expect(found[0].properties.markdown).toContain('| Raw | Count |  |');
  });
});

describe('other widgets', () => {
  test('all Linux subscriptions are found by a search', () => {
    expect(shown(LicenseWidgets.linuxSubscriptions(stack)).properties.metrics[0][0].expression)
      .toBe('SEARCH(\'{AWS/LicenseManager/LinuxSubscriptions,SubscriptionName} MetricName="RunningInstancesCount"\', \'Sum\', 3600)');
  });

  test('a group of which the usage dimension is not known shows its instances', () => {
    const group = LicenseAssetGroup.fromLicenseAssetGroupArn(stack, 'Group', GROUP_ARN);
    expect(shown(LicenseWidgets.licenseAssetGroup(group)).properties.metrics.map((metric: any[]) => metric[1])).toEqual(['InstanceCount']);
  });

  test('more than 100 alarms cause a warning', () => {
    const windows = license('Windows');
    for (let index = 0; index < 101; index++) {
      windows.addUsageAlarm(`Used${index}`, { thresholdPercent: 90, actions: [] });
    }
    expect(shown(LicenseWidgets.alarms(stack)).properties.alarms).toHaveLength(100);
    Annotations.fromStack(stack).hasWarning('/Stack', Match.stringLikeRegexp('The widget of alarms shows 100 of 101, as CloudWatch takes no more'));
  });

  test('they look as is said', () => {
    expect(shown(LicenseWidgets.allLicenses(stack, { title: 'Mine', width: 1, height: 1000 }))).toMatchObject({ width: 1, height: 1000, properties: { title: 'Mine' } });
  });

  test.each<[string, object, string]>([
    ['a width of 0', { width: 0 }, 'width of the widget is 0: it has to be a whole number from 1 to 24.'],
    ['a width of 25', { width: 25 }, 'width of the widget is 25: it has to be a whole number from 1 to 24.'],
    ['a height of 0', { height: 0 }, 'height of the widget is 0: it has to be a whole number from 1 to 1000.'],
    ['a height of 1001', { height: 1001 }, 'height of the widget is 1001: it has to be a whole number from 1 to 1000.'],
  ])('%s is refused', (_, look, message) => {
    expect(() => LicenseWidgets.allLicenses(stack, look)).toThrow(`LicenseWidgets.allLicenses(): ${message}`);
  });

  test('nothing to show is refused', () => {
    expect(() => LicenseWidgets.usagePercentage([])).toThrow('LicenseWidgets.usagePercentage(): licenseConfigurations has 0 members: it has to have at least 1. Name a license.');
    expect(() => LicenseWidgets.failedExecutions([])).toThrow('stateMachines has 0 members');
    expect(() => LicenseWidgets.linuxSubscriptions(stack, { subscriptions: [] })).toThrow('Stack: subscriptions of the widget has 0 members');
    expect(() => LicenseWidgets.linuxSubscriptions(stack, { metricNamespace: '' })).toThrow('metricNamespace of the widget \'\' has 0 characters');
  });
});
