import { App, Aws, CfnParameter, Fn, PropertyInjectors, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnLicenseAssetGroup } from 'aws-cdk-lib/aws-licensemanager';
import {
  LicenseConfiguration, LicenseConfigurationReportType, LicenseCounting, Provisioning, ProvisioningInjector, ReportFrequency, ReportGenerator,
  UsageReport,
} from '../../src';
import type { ReportGeneratorProps } from '../../src';
import { ImportedLicense, LICENSE_ARN } from '../license-configuration/licenses';

const ENV = { account: '111122223333', region: 'us-east-1' };
const NATIVE = 'AWS::LicenseManager::ReportGenerator';
const CUSTOM = 'Custom::LicenseManagerReportGenerator';
const ARN = `arn:aws:license-manager:us-east-1:111122223333:report-generator:r-${'0123456789abcdef'.repeat(2)}`;

let app: App;
let stack: Stack;

beforeEach(() => {
  // Strict: what aws-cdk-lib's own validator finds is an error.
  app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
  stack = new Stack(app, 'Stack', { env: ENV });
});

function make(props: Partial<ReportGeneratorProps> = {}, id = 'Report'): ReportGenerator {
  return new ReportGenerator(stack, id, {
    report: UsageReport.licenseConfigurations({
      licenseConfigurations: [new ImportedLicense(stack, `License${id}`)],
      types: [LicenseConfigurationReportType.SUMMARY],
      frequency: ReportFrequency.WEEKLY,
    }),
    ...props,
  });
}

describe('a report generator', () => {
  test('with nothing but what it requires has a name of its own', () => {
    make();
    expect(Object.values(Template.fromStack(stack).toJSON().Resources)).toEqual([{
      Type: NATIVE,
      Properties: {
        ReportGeneratorName: expect.stringMatching(/^Stack-Report-[0-9A-F]{8}$/),
        // Written, for what is missing in an update stays as it is.
        Description: '',
        ReportType: ['LicenseConfigurationSummaryReport'],
        ReportContext: { LicenseConfigurationArns: [LICENSE_ARN] },
        ReportFrequency: { Period: 'WEEK', Value: 1 },
      },
    }]);
  });

  test('has its name, description and tags', () => {
    const report = make({ reportGeneratorName: 'weekly', description: 'For the auditor' });
    Tags.of(report).add('team', 'it');
    expect(report.reportGeneratorName).toBe('weekly');
    Template.fromStack(stack).hasResourceProperties(NATIVE, {
      ReportGeneratorName: 'weekly', Description: 'For the auditor', Tags: [{ Key: 'team', Value: 'it' }],
    });
  });

  test('gives its attributes', () => {
    const report = make();
    const [logicalId] = Object.keys(Template.fromStack(stack).findResources(NATIVE));
    expect(stack.resolve([report.reportGeneratorArn, report.reportGeneratorCreateTime, report.reportGeneratorCreatorAccount])).toEqual(
      ['Arn', 'CreateTime', 'ReportCreatorAccount'].map(name => ({ 'Fn::GetAtt': [logicalId, name] })));
    expect(report.reportGeneratorRef).toEqual({ reportGeneratorArn: report.reportGeneratorArn });
  });

  test('keeps its name when the path of other constructs changes, and has 64 characters at most', () => {
    const name = make({}, 'AReportGeneratorWithAnIdThatIsMuchLongerThanAnyNameShouldEverHaveToBeToSayWhatItIs').reportGeneratorName;
    expect(name).toHaveLength(64);
  });
});

describe('the name', () => {
  test.each([1, 2, 99, 100])('of %d characters is taken', (length) => {
    expect(make({ reportGeneratorName: 'n'.repeat(length) }).reportGeneratorName).toHaveLength(length);
  });

  test('of 100 characters is taken, of which JavaScript has each as two', () => {
    make({ reportGeneratorName: '\u{1F511}'.repeat(100) });
    Template.fromStack(stack).hasResourceProperties(NATIVE, { ReportGeneratorName: '\u{1F511}'.repeat(100) });
    expect(() => make({ reportGeneratorName: '\u{1F511}'.repeat(101) }, 'Longer')).toThrow('has 101 characters');
  });

  test('that is empty is refused, and one of blanks causes a warning', () => {
    expect(() => make({ reportGeneratorName: '' })).toThrow(
      "Stack/Report: reportGeneratorName '' has 0 characters: it has to have 1 to 100. Correct it, or leave it out to have a name generated.");
    make({ reportGeneratorName: ' ' }, 'Blank');
    Annotations.fromStack(stack).hasWarning('/Stack/Blank', "reportGeneratorName is ' ', which shows nothing. Correct it, or leave it out to have a name generated. [ack: cdk-license-manager:blankText]");
  });

  test('of 101 characters is refused', () => {
    expect(() => make({ reportGeneratorName: 'n'.repeat(101) })).toThrow(
      `Stack/Report: reportGeneratorName '${'n'.repeat(60)}…' has 101 characters: it has to have 1 to 100.`);
  });

  test('that is a token is taken, and nobody knows it to be doubled', () => {
    const name = new CfnParameter(stack, 'Name').valueAsString;
    make({ reportGeneratorName: name });
    make({ reportGeneratorName: name }, 'Other');
    Template.fromStack(stack).hasResourceProperties(NATIVE, { ReportGeneratorName: { Ref: 'Name' } });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('that another one has in the same account and Region causes a warning', () => {
    make({ reportGeneratorName: 'weekly' });
    make({ reportGeneratorName: 'weekly' }, 'Other');
    Annotations.fromStack(stack).hasWarning('/Stack/Other',
      "'Stack/Report' has the same reportGeneratorName 'weekly': the reports of both go to the same place in the bucket. Give one of the two " +
      'another name. [ack: cdk-license-manager:reportGeneratorsOfOneName]');
  });

  test('that one of another Region has is fine', () => {
    make({ reportGeneratorName: 'weekly' });
    stack = new Stack(app, 'Far', { env: { ...ENV, region: 'eu-west-1' } });
    make({
      reportGeneratorName: 'weekly',
      provisioning: Provisioning.CUSTOM_RESOURCE,
      report: UsageReport.licenseConfigurations({
        licenseConfigurations: [new ImportedLicense(stack, 'License', LICENSE_ARN.replace('us-east-1', 'eu-west-1'))],
        types: [LicenseConfigurationReportType.USAGE],
        frequency: ReportFrequency.DAILY,
      }),
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

describe.each(Object.values(Provisioning))('the removal policy, provisioned as %s,', (provisioning) => {
  const type = provisioning === Provisioning.NATIVE ? NATIVE : CUSTOM;

  test.each([
    [RemovalPolicy.DESTROY, 'Delete'], [RemovalPolicy.RETAIN, 'Retain'], [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'RetainExceptOnCreate'],
  ])('%s is set on the resource, as a property or afterwards', (removalPolicy, rendered) => {
    make({ provisioning, removalPolicy });
    make({ provisioning }, 'Other').applyRemovalPolicy(removalPolicy);
    Template.fromStack(stack).allResources(type, { DeletionPolicy: rendered });
  });

  test('snapshot is refused, as a property or afterwards', () => {
    const message = "removalPolicy is 'snapshot': there are no snapshots of a report generator. Use RemovalPolicy.DESTROY or RemovalPolicy.RETAIN.";
    expect(() => make({ provisioning, removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow(`Stack/Report: ${message}`);
    const other = make({ provisioning }, 'Other');
    expect(() => other.applyRemovalPolicy(RemovalPolicy.SNAPSHOT)).toThrow(`Stack/Other: ${message}`);
  });
});

describe('through the API', () => {
  test('it has the same logical id and the same properties', () => {
    const license = new ImportedLicense(stack, 'License');
    const report = UsageReport.licenseConfigurations({
      licenseConfigurations: [license], types: [LicenseConfigurationReportType.USAGE], frequency: ReportFrequency.DAILY,
    });
    const other = new Stack(app, 'Other', { env: ENV });
    for (const [scope, provisioning] of [[stack, Provisioning.NATIVE], [other, Provisioning.CUSTOM_RESOURCE]] as const) {
      Tags.of(new ReportGenerator(scope, 'Report', { reportGeneratorName: 'daily', description: 'd', report, provisioning })).add('team', 'it');
    }
    const [[nativeId, native]] = Object.entries(Template.fromStack(stack).findResources(NATIVE));
    const [[customId, custom]] = Object.entries(Template.fromStack(other).findResources(CUSTOM));
    expect(customId).toBe(nativeId);
    const { ServiceToken, ServiceTimeout, ...properties } = custom.Properties;
    expect(ServiceTimeout).toBe('300');
    expect(properties).toEqual(native.Properties);
  });

  test('it gives its attributes', () => {
    const report = make({ provisioning: Provisioning.CUSTOM_RESOURCE });
    const attributes = [report.reportGeneratorArn, report.reportGeneratorCreateTime, report.reportGeneratorCreatorAccount];
    const [logicalId] = Object.keys(Template.fromStack(stack).findResources(CUSTOM));
    expect(stack.resolve(attributes)).toEqual(['Arn', 'CreateTime', 'ReportCreatorAccount'].map(name => ({ 'Fn::GetAtt': [logicalId, name] })));
  });

  test('it is so for a whole app, unless a report generator says something else', () => {
    ProvisioningInjector.addTo(app, Provisioning.CUSTOM_RESOURCE);
    make();
    make({ provisioning: Provisioning.NATIVE }, 'Other');
    const template = Template.fromStack(stack);
    template.resourceCountIs(CUSTOM, 1);
    template.resourceCountIs(NATIVE, 1);
  });

  test('on license asset groups it needs no permission on licenses', () => {
    const group = new CfnLicenseAssetGroup(stack, 'Group', {
      name: 'windows',
      associatedLicenseAssetRulesetArns: [`arn:aws:license-manager:us-east-1:111122223333:license-asset-ruleset:lars-${'0'.repeat(32)}`],
      licenseAssetGroupConfigurations: [{ usageDimension: 'vCPU' }],
    });
    make({
      provisioning: Provisioning.CUSTOM_RESOURCE,
      report: UsageReport.licenseAssetGroups({
        licenseAssetGroups: [group], start: new Date('2026-01-01T00:00:00Z'), end: new Date('2026-02-01T00:00:00Z'),
      }),
    });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::RolePolicy', 0);
    template.hasResourceProperties(CUSTOM, { ReportContext: { LicenseAssetGroupArns: [{ Ref: 'Group' }] }, ReportFrequency: { Period: 'ONE_TIME' } });
  });

  test('it may be on a license that is made through the API, too', () => {
    const license = new LicenseConfiguration(stack, 'License', {
      licenseCounting: LicenseCounting.vcpus(), provisioning: Provisioning.CUSTOM_RESOURCE,
    });
    make({
      provisioning: Provisioning.CUSTOM_RESOURCE,
      report: UsageReport.licenseConfigurations({
        licenseConfigurations: [license], types: [LicenseConfigurationReportType.USAGE], frequency: ReportFrequency.DAILY,
      }),
    });
    // Nothing waits for itself.
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 1);
  });
});

describe('imported', () => {
  test('by its ARN, it has the account and the Region of the ARN', () => {
    const report = ReportGenerator.fromReportGeneratorArn(stack, 'Imported', ARN.replace('us-east-1:111122223333', 'eu-west-1:444455556666'));
    expect(report.reportGeneratorRef.reportGeneratorArn).toBe(report.reportGeneratorArn);
    expect(report.env).toEqual({ account: '444455556666', region: 'eu-west-1' });
  });

  test.each([
    ['of the shortest id', () => `${ARN.slice(0, -32)}1`],
    ['of an id of other characters', () => `${ARN}-A_b.c/d`],
    ['of an id of another form', () => ARN.slice(0, -34).concat('a:b/c_+=,@.-')],
    ['a token', () => Fn.importValue('ReportArn')],
    ['with tokens', () => `arn:${Aws.PARTITION}:license-manager:${Aws.REGION}:${Aws.ACCOUNT_ID}:report-generator:r-1`],
    ['of another partition', () => ARN.replace('arn:aws:', 'arn:aws-us-gov:').replace('us-east-1', 'us-gov-west-1')],
    ['of a third partition', () => ARN.replace('arn:aws:', 'arn:aws-cn:').replace('us-east-1', 'cn-north-1')],
  ])('an ARN that is %s is taken', (_what, arn) => {
    const given = arn();
    expect(ReportGenerator.fromReportGeneratorArn(new Stack(new App(), 'Anywhere'), 'Imported', given).reportGeneratorArn).toBe(given);
  });

  test.each([
    ['a blank', `${ARN} 1`, "Take the ARN from 'aws license-manager list-license-manager-report-generators'."],
    ['a slash', ARN.replace(':r-', '/r-'), `The id follows a colon, not a slash: '${ARN}'.`],
    ['no id', ARN.slice(0, -34), "Take the ARN from 'aws license-manager list-license-manager-report-generators'."],
    ['a license', LICENSE_ARN, "Take the ARN from 'aws license-manager list-license-manager-report-generators'."],
    ['a name', 'weekly', "Take the ARN from 'aws license-manager list-license-manager-report-generators'."],
  ])('%s for its ARN is refused', (_what, arn, wayOut) => {
    expect(() => ReportGenerator.fromReportGeneratorArn(stack, 'Imported', arn)).toThrow(
      `Stack: '${arn}', for 'Imported', is not the ARN of a usage report: expected 'arn:<partition>:license-manager:<region>:<account>:` +
      `report-generator:r-<id>'. ${wayOut}`);
  });

  test('by its name it is asked for, and made up until then', () => {
    const report = ReportGenerator.fromLookup(stack, 'Found', { reportGeneratorName: 'weekly' });
    expect(report.reportGeneratorArn).toBe(`arn:aws:license-manager:us-east-1:111122223333:report-generator:r-${'0'.repeat(32)}`);
    make();
    const [missing] = app.synth().manifest.missing!;
    expect(missing).toMatchObject({
      provider: 'cc-api-provider',
      props: { typeName: NATIVE, propertyMatch: { ReportGeneratorName: 'weekly' }, propertiesToReturn: ['Arn'], expectedMatchCount: 'exactly-one' },
    });
  });

  test('by a name that was found it has the ARN that was found', () => {
    make();
    ReportGenerator.fromLookup(stack, 'Found', { reportGeneratorName: 'weekly' });
    const [{ key }] = app.synth().manifest.missing!;
    const other = new Stack(new App({ context: { [key]: [{ Arn: ARN, Identifier: ARN }] } }), 'Stack', { env: ENV });
    expect(ReportGenerator.fromLookup(other, 'Found', { reportGeneratorName: 'weekly' }).reportGeneratorArn).toBe(ARN);
  });

  test('by a name that is a token is refused', () => {
    expect(() => ReportGenerator.fromLookup(stack, 'Found', { reportGeneratorName: Aws.STACK_NAME })).toThrow(
      /^Stack: the look-up 'Found' has a token as reportGeneratorName, .+ import the report generator by its ARN \(ReportGenerator\.fromReportGeneratorArn\)\.$/);
  });
});

test('its properties can be injected', () => {
  PropertyInjectors.of(app).add({
    constructUniqueId: ReportGenerator.PROPERTY_INJECTION_ID, inject: (props: any) => ({ ...props, description: 'injected' }),
  });
  make();
  Template.fromStack(stack).hasResourceProperties(NATIVE, { Description: 'injected' });
});
