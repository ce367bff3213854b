import { ReportFrequencyType, ReportType } from '@aws-sdk/client-license-manager';
import { App, Aws, CfnParameter, Resource, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnLicenseAssetGroup } from 'aws-cdk-lib/aws-licensemanager';
import type { CfnLicenseConfiguration, ILicenseAssetGroupRef } from 'aws-cdk-lib/aws-licensemanager';
import type { Construct } from 'constructs';
import {
  LicenseConfiguration, LicenseConfigurationReportType, LicenseCounting, ReportFrequency, ReportGenerator, UsageReport,
} from '../../src';
import type { LicenseAssetGroupReportOptions, LicenseConfigurationReportOptions } from '../../src';
import { ImportedLicense, LICENSE_ARN, makeLicense } from '../license-configuration/licenses';

const ENV = { account: '111122223333', region: 'us-east-1' };
const TYPE = 'AWS::LicenseManager::ReportGenerator';
const { SUMMARY, USAGE } = LicenseConfigurationReportType;
const START = new Date('2026-01-01T00:00:00Z');
const END = new Date('2026-02-01T00:00:00Z');

let stack: Stack;
let license: CfnLicenseConfiguration;
let group: CfnLicenseAssetGroup;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: ENV });
  license = makeLicense(stack, 'License');
  group = assetGroup(stack, 'Group');
});

function assetGroup(scope: Stack, id: string): CfnLicenseAssetGroup {
  return new CfnLicenseAssetGroup(scope, id, {
    name: id,
    associatedLicenseAssetRulesetArns: [`arn:aws:license-manager:us-east-1:111122223333:license-asset-ruleset:${id}`],
    licenseAssetGroupConfigurations: [{ usageDimension: 'vCPU' }],
  });
}

function onLicenses(options: Partial<LicenseConfigurationReportOptions> = {}): ReportGenerator {
  return new ReportGenerator(stack, 'Report', {
    report: UsageReport.licenseConfigurations({ licenseConfigurations: [license], types: [SUMMARY], frequency: ReportFrequency.MONTHLY, ...options }),
  });
}

function onGroups(options: Partial<LicenseAssetGroupReportOptions> = {}): ReportGenerator {
  return new ReportGenerator(stack, 'Report', {
    report: UsageReport.licenseAssetGroups({ licenseAssetGroups: [group], start: START, end: END, ...options }),
  });
}

test('the types and the frequencies are those of the API, without those of a report on license asset groups', () => {
  expect([...Object.values<string>(LicenseConfigurationReportType), 'LicenseAssetGroupUsageReport'].sort()).toEqual(Object.values<string>(ReportType).sort());
  expect([...Object.values<string>(ReportFrequency), 'ONE_TIME'].sort()).toEqual(Object.values<string>(ReportFrequencyType).sort());
});

const warned = (message: string) => Annotations.fromStack(stack).hasWarning('/Stack/Report', message);

describe('a report on self-managed licenses', () => {
  test.each([
    [ReportFrequency.DAILY, 'DAY'], [ReportFrequency.WEEKLY, 'WEEK'], [ReportFrequency.MONTHLY, 'MONTH'],
  ])('%s is made every %s', (frequency, period) => {
    onLicenses({ frequency });
    Template.fromStack(stack).hasResourceProperties(TYPE, { ReportFrequency: { Period: period, Value: 1 } });
  });

  test.each([
    [[SUMMARY], ['LicenseConfigurationSummaryReport']],
    [[USAGE], ['LicenseConfigurationUsageReport']],
    [[SUMMARY, USAGE], ['LicenseConfigurationSummaryReport', 'LicenseConfigurationUsageReport']],
  ])('tells %j', (types, rendered) => {
    onLicenses({ types });
    Template.fromStack(stack).hasResourceProperties(TYPE, { ReportType: rendered });
  });

  test('is on licenses of this app, as L1 or L2, and of others, and has neither groups nor dates', () => {
    const windows = new LicenseConfiguration(stack, 'Windows', { licenseCounting: LicenseCounting.vcpus() });
    onLicenses({ licenseConfigurations: [license, windows, new ImportedLicense(stack, 'Imported')] });
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      ReportContext: {
        LicenseConfigurationArns: [
          { Ref: 'License' },
          stack.resolve(windows.licenseConfigurationArn),
          LICENSE_ARN,
        ],
        LicenseAssetGroupArns: Match.absent(),
        ReportStartDate: Match.absent(),
        ReportEndDate: Match.absent(),
      },
    });
  });

  test.each(['licenseConfigurations', 'types'])('without %s causes a warning', (property) => {
    onLicenses({ [property]: [] });
    warned(`${property} of the report is empty, so that nothing is reported. Name what to report. [ack: cdk-license-manager:reportOfNothing]`);
  });

  test('with the same license twice has it once, by construct or by ARN', () => {
    const imports = [new ImportedLicense(stack, 'One'), new ImportedLicense(stack, 'Other')];
    onLicenses({ licenseConfigurations: [license, ...imports, license] });
    Template.fromStack(stack).hasResourceProperties(TYPE, { ReportContext: { LicenseConfigurationArns: [{ Ref: 'License' }, LICENSE_ARN] } });
    warned("'Stack/License' is in licenseConfigurations of the report twice, and is written once. Leave one of the two out, or name what was meant. [ack: cdk-license-manager:namedTwice]");
    warned("'Stack/Other' is in licenseConfigurations of the report twice, and is written once. Leave one of the two out, or name what was meant. [ack: cdk-license-manager:namedTwice]");
  });

  test('with the same type twice has it once', () => {
    onLicenses({ types: [USAGE, SUMMARY, USAGE] });
    Template.fromStack(stack).hasResourceProperties(TYPE, { ReportType: [USAGE, SUMMARY] });
    warned("'LicenseConfigurationUsageReport' is in types of the report twice, and is written once. Leave one of the two out, or name what was meant. [ack: cdk-license-manager:namedTwice]");
  });

  test.each([
    [{ types: ['LicenseAssetGroupUsageReport'] }, 'a member of types is \'LicenseAssetGroupUsageReport\': it has to be ' +
      '\'LicenseConfigurationSummaryReport\' or \'LicenseConfigurationUsageReport\'. Correct it.'],
    [{ frequency: 'YEAR' }, 'frequency is \'YEAR\': it has to be \'DAY\', \'WEEK\' or \'MONTH\'. Correct it.'],
    [{ frequency: undefined }, 'frequency of the report is missing: there is no default for it. Set it.'],
  ])('as a language without types may write it is refused: %j', (options, message) => {
    expect(() => onLicenses(options as any)).toThrow(`Stack/Report: ${message}`);
  });

  test('on a license of another Region is refused, on one of another account is not', () => {
    const foreign = new ImportedLicense(stack, 'Foreign', LICENSE_ARN.replace('us-east-1', 'eu-west-1'));
    expect(() => onLicenses({ licenseConfigurations: [license, foreign] })).toThrow(
      "Stack/Report: license 'Stack/Foreign' is in Region 'eu-west-1' and the stack in 'us-east-1'");
    stack.node.tryRemoveChild('Report');
    onLicenses({ licenseConfigurations: [new ImportedLicense(stack, 'Shared', LICENSE_ARN.replace('111122223333', '444455556666'))] });
    Template.fromStack(stack).resourceCountIs(TYPE, 1);
  });
});

describe('a report on license asset groups', () => {
  test('is made once, for its time, and has no licenses', () => {
    onGroups();
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      ReportType: ['LicenseAssetGroupUsageReport'],
      ReportContext: {
        LicenseAssetGroupArns: [{ Ref: 'Group' }],
        ReportStartDate: '2026-01-01T00:00:00Z',
        ReportEndDate: '2026-02-01T00:00:00Z',
        LicenseConfigurationArns: Match.absent(),
      },
      ReportFrequency: { Period: 'ONE_TIME', Value: 1 },
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('without a group causes a warning', () => {
    onGroups({ licenseAssetGroups: [] });
    warned('licenseAssetGroups of the report is empty, so that nothing is reported. Name what to report. [ack: cdk-license-manager:reportOfNothing]');
  });

  test('with the same group twice has it once', () => {
    onGroups({ licenseAssetGroups: [group, assetGroup(stack, 'Other'), group] });
    Template.fromStack(stack).hasResourceProperties(TYPE, { ReportContext: { LicenseAssetGroupArns: [{ Ref: 'Group' }, { Ref: 'Other' }] } });
    warned("'Stack/Group' is in licenseAssetGroups of the report twice, and is written once. Leave one of the two out, or name what was meant. [ack: cdk-license-manager:namedTwice]");
  });

  test.each([
    ['of the stack of another Region', () => assetGroup(new Stack(stack.node.root as App, 'Far', { env: { ...ENV, region: 'eu-west-1' } }), 'Group')],
    ['by its ARN', () => new ImportedGroup(stack, 'Imported', 'arn:aws:license-manager:eu-west-1:111122223333:license-asset-group:lag-1')],
  ])('on a group of another Region is refused: %s', (_what, make) => {
    const foreign = make();
    expect(() => onGroups({ licenseAssetGroups: [group, foreign] })).toThrow(
      `Stack/Report: license asset group '${foreign.node.path}' is in Region 'eu-west-1' and the stack in 'us-east-1': a report is on groups of ` +
      "its own Region, wherever their resources are. Declare the report in a stack of 'eu-west-1'.");
  });

  test.each([
    ['of the stack of another account', () => assetGroup(new Stack(stack.node.root as App, 'Far', { env: { ...ENV, account: '999988887777' } }), 'Group')],
    ['by its ARN', () => new ImportedGroup(stack, 'Imported', 'arn:aws:license-manager:us-east-1:999988887777:license-asset-group:lag-1')],
  ])('on a group of another account is refused: %s', (_what, make) => {
    const foreign = make();
    expect(() => onGroups({ licenseAssetGroups: [group, foreign] })).toThrow(
      `Stack/Report: license asset group '${foreign.node.path}' belongs to account '999988887777' and the stack to '111122223333': a report is on groups ` +
      "of its own account, whosever their resources are. Declare the report in a stack of '999988887777'.");
  });

  test('takes the ARN of a group that is a token', () => {
    onGroups({ licenseAssetGroups: [new ImportedGroup(stack, 'Imported', new CfnParameter(stack, 'GroupArn').valueAsString)] });
    Template.fromStack(stack).hasResourceProperties(TYPE, { ReportContext: { LicenseAssetGroupArns: [{ Ref: 'GroupArn' }] } });
  });

  test.each([
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['2026-01-01T00:00:01Z', '2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z', '2026-01-01T00:00:00Z'],
    ['2026-01-01T00:00:00.100Z', '2026-01-01T00:00:00.900Z', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
  ])('from %s to %s causes a warning', (start, end, from, to) => {
    onGroups({ start: new Date(start), end: new Date(end) });
    warned(`start of the report is ${from} and end is ${to}: there is no time between them that could be reported on. Correct one of the two. ` +
      '[ack: cdk-license-manager:reportTimeOrder]');
  });

  test('takes a second', () => {
    onGroups({ start: new Date('2026-01-01T00:00:00.999Z'), end: new Date('2026-01-01T00:00:01Z') });
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      ReportContext: { ReportStartDate: '2026-01-01T00:00:00Z', ReportEndDate: '2026-01-01T00:00:01Z' },
    });
  });

  test.each(['start', 'end'])('without %s is refused', (property) => {
    expect(() => onGroups({ [property]: undefined })).toThrow(`Stack/Report: ${property} of the report is missing: there is no default for it. Set it.`);
  });

  test.each(['start', 'end'])('with a %s that is not a date is refused', (property) => {
    for (const [value, what] of [
      [new Date('nonsense'), 'not a date: it was made from something that cannot be read as one.'],
      ['2026-01-01T00:00:00Z', 'the text \'2026-01-01T00:00:00Z\': it has to be a date.'],
    ]) {
      expect(() => onGroups({ [property]: value })).toThrow(`Stack/Report: ${property} of the report is ${what} Use a valid date.`);
      stack.node.tryRemoveChild('Report');
    }
  });

  test.each(['start', 'end'])('with a %s in a year of more than four digits is refused', (property) => {
    // As text, a year with a sign is before all others.
    expect(() => onGroups({ [property]: new Date('+010000-01-01T00:00:00Z') })).toThrow(
      `Stack/Report: ${property} of the report is '+010000-01-01T00:00:00Z': it has to have the form '2030-12-31T23:59:59Z'. Correct it.`);
  });

  test('that ends now causes no warning', () => {
    jest.useFakeTimers({ now: END });
    try {
      onGroups();
    } finally {
      jest.useRealTimers();
    }
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('that ends in the future causes a warning', () => {
    onGroups({ end: new Date('2999-01-01T00:00:00Z') });
    Annotations.fromStack(stack).hasWarning('/Stack/Report',
      'end of the report is 2999-01-01T00:00:00Z, which has not come yet: the report is made once, within an hour after the deployment, and tells ' +
      'nothing of what comes later. Deploy it after its end, or choose an end that has passed. [ack: cdk-license-manager:reportEndInFuture]');
  });
});

test.each(['licenseConfigurations', 'licenseAssetGroups'] as const)('%s() without its options is refused', (factory) => {
  expect(() => new ReportGenerator(stack, 'Report', { report: UsageReport[factory](undefined as any) })).toThrow(
    `Stack/Report: options of UsageReport.${factory}() is missing: there is no default for it. Set it.`);
});

test('licenses and groups of a stack without a Region are taken', () => {
  stack = new Stack(new App(), 'Stack');
  onLicenses({ licenseConfigurations: [makeLicense(stack, 'License'), new ImportedLicense(stack, 'Imported', LICENSE_ARN.replace('us-east-1', Aws.REGION))] });
  new ReportGenerator(stack, 'Groups', {
    report: UsageReport.licenseAssetGroups({ licenseAssetGroups: [assetGroup(stack, 'Group')], start: START, end: END }),
  });
  Template.fromStack(stack).resourceCountIs(TYPE, 2);
});

/** A group of which only the ARN is known. */
class ImportedGroup extends Resource implements ILicenseAssetGroupRef {
  public readonly licenseAssetGroupRef;

  constructor(scope: Construct, id: string, licenseAssetGroupArn: string) {
    super(scope, id);
    this.licenseAssetGroupRef = { licenseAssetGroupArn };
  }
}
