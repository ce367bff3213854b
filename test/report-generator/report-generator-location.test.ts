import { App, Aws, Fn, NestedStack, PropertyInjectors, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnReportGenerator } from 'aws-cdk-lib/aws-licensemanager';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Construct } from 'constructs';
import {
  LicenseConfigurationReportType, Provisioning, ReportFrequency, ReportGenerator, ReportGeneratorLocation, UsageReport,
} from '../../src';
import type { ReportGeneratorProps } from '../../src';
import { ImportedLicense } from '../license-configuration/licenses';

const ENV = { account: '111122223333', region: 'us-east-1' };
const NATIVE = 'AWS::LicenseManager::ReportGenerator';
const CUSTOM = 'Custom::LicenseManagerReportGenerator';
const LOCATION = 'Custom::LicenseManagerReportGeneratorLocation';
const ARN = `arn:aws:license-manager:us-east-1:111122223333:report-generator:r-${'0123456789abcdef'.repeat(2)}`;

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
  stack = new Stack(app, 'Stack', { env: ENV });
});

function make(props: Partial<ReportGeneratorProps> = {}, scope: Construct = stack): ReportGenerator {
  return new ReportGenerator(scope, 'Report', {
    reportGeneratorName: 'weekly',
    report: UsageReport.licenseConfigurations({
      licenseConfigurations: [new ImportedLicense(scope, 'License')],
      types: [LicenseConfigurationReportType.SUMMARY],
      frequency: ReportFrequency.WEEKLY,
    }),
    ...props,
  });
}

function makeL1(scope: Construct = stack): CfnReportGenerator {
  return new CfnReportGenerator(scope, 'L1', { reportGeneratorName: 'weekly', reportType: [], reportContext: {}, reportFrequency: {} });
}

/** What the template of a stack reads for a location. */
function placeOf({ bucketName, keyPrefix, keyPrefixInPolicy }: ReportGeneratorLocation, inStack = stack): unknown {
  return inStack.resolve([bucketName, keyPrefix, keyPrefixInPolicy]);
}

const attributesOf = (logicalId: string) => ['Bucket', 'KeyPrefix', 'KeyPrefixInPolicy'].map(name => ({ 'Fn::GetAtt': [logicalId, name] }));

/** The one custom resource that asks, with its logical id. */
function asked(inStack = stack): [string, any] {
  const found = Object.entries(Template.fromStack(inStack).findResources(LOCATION));
  expect(found).toHaveLength(1);
  return found[0];
}

describe('the place of the reports', () => {
  test('of an L2 is asked by a custom resource that may read the report generator, and nothing else', () => {
    const location = new ReportGeneratorLocation(stack, 'Location', { reportGenerator: make() });

    const [logicalId, { Properties: { ServiceToken, ServiceTimeout, ...properties } }] = asked();
    const template = Template.fromStack(stack);
    const [reportId] = Object.keys(template.findResources(NATIVE));
    const reportGeneratorArn = { 'Fn::GetAtt': [reportId, 'Arn'] };
    expect(logicalId).toMatch(/^ReportGeneratorLocation[0-9A-F]{16}$/);
    expect(properties).toEqual({ ReportGeneratorArn: reportGeneratorArn, ReportGeneratorName: 'weekly' });
    expect(ServiceTimeout).toBe('300');
    expect(placeOf(location)).toEqual(attributesOf(logicalId));
    expect(Object.values(template.findResources('AWS::IAM::RolePolicy')).map(({ Properties }) => Properties.PolicyDocument.Statement)).toEqual([
      [{ Effect: 'Allow', Action: 'license-manager:GetLicenseManagerReportGenerator', Resource: reportGeneratorArn }],
    ]);
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('of an L1 is asked under the name that the L1 has', () => {
    const location = new ReportGeneratorLocation(stack, 'Location', { reportGenerator: makeL1() });

    const [logicalId, { Properties }] = asked();
    expect(Properties).toMatchObject({ ReportGeneratorArn: { Ref: 'L1' }, ReportGeneratorName: 'weekly' });
    expect(placeOf(location)).toEqual(attributesOf(logicalId));
  });

  test('of an imported one is asked under its ARN, and its name if that is known', () => {
    const report = ReportGenerator.fromReportGeneratorAttributes(stack, 'Imported', { reportGeneratorArn: ARN, reportGeneratorName: 'weekly' });
    new ReportGeneratorLocation(stack, 'Location', { reportGenerator: report });
    expect(asked()[1].Properties).toMatchObject({ ReportGeneratorArn: ARN, ReportGeneratorName: 'weekly' });

    stack = new Stack(new App(), 'Unnamed', { env: ENV });
    new ReportGeneratorLocation(stack, 'Location', { reportGenerator: ReportGenerator.fromReportGeneratorArn(stack, 'Imported', ARN) });
    expect(asked()[1].Properties).toEqual({ ReportGeneratorArn: ARN, ServiceToken: expect.anything(), ServiceTimeout: '300' });
  });

  test('of one that is provisioned through the API is told by that, and nobody is asked', () => {
    const report = make({ provisioning: Provisioning.CUSTOM_RESOURCE });
    const location = new ReportGeneratorLocation(stack, 'Location', { reportGenerator: report });

    const template = Template.fromStack(stack);
    template.resourceCountIs(LOCATION, 0);
    expect(placeOf(location)).toEqual(attributesOf(Object.keys(template.findResources(CUSTOM))[0]));
  });

  test('of one that is provisioned through the API in another stack comes from there', () => {
    const report = make({ provisioning: Provisioning.CUSTOM_RESOURCE });
    const other = new Stack(app, 'Other', { env: ENV });
    const location = new ReportGeneratorLocation(other, 'Location', { reportGenerator: report });
    location.grants.read(new ManagedPolicy(other, 'Auditing'));

    const template = Template.fromStack(other);
    expect(JSON.stringify(template.findResources('AWS::IAM::ManagedPolicy'))).toMatch(/"Fn::ImportValue":"Stack:ExportsOutputFnGetAttReport\w+KeyPrefixInPolicy/);
    template.resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('of one of another stack is asked where somebody wants to know it', () => {
    const report = make();
    const other = new Stack(app, 'Other', { env: ENV });
    new ReportGeneratorLocation(other, 'Location', { reportGenerator: report });

    expect(JSON.stringify(asked(other)[1].Properties.ReportGeneratorArn)).toMatch(/^\{"Fn::ImportValue":"Stack:ExportsOutputFnGetAttReport/);
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('of a report generator that nobody asks for costs nothing', () => {
    make();
    expect(Object.values(Template.fromStack(stack).toJSON().Resources)).toHaveLength(1);
  });
});

describe('however many ask for the place of a report generator, there is one custom resource', () => {
  test('in a stack', () => {
    const report = make();
    const places = [
      new ReportGeneratorLocation(stack, 'One', { reportGenerator: report }),
      new ReportGeneratorLocation(stack, 'Two', { reportGenerator: report }),
      new ReportGeneratorLocation(report, 'Three', { reportGenerator: report }),
      new ReportGeneratorLocation(stack, 'Four', { reportGenerator: report.node.defaultChild as CfnReportGenerator }),
    ];

    const [logicalId] = asked();
    expect(places.map(each => placeOf(each))).toEqual(places.map(() => attributesOf(logicalId)));
  });

  test('whether its ARN is written out or left open', () => {
    [ARN, ARN.replace('arn:aws:', `arn:${Aws.PARTITION}:`)].forEach((arn, index) => new ReportGeneratorLocation(stack, `Location${index}`, {
      reportGenerator: ReportGenerator.fromReportGeneratorArn(stack, `Imported${index}`, arn),
    }));
    asked();
  });

  test('but each report generator has its own, and each stack', () => {
    const report = make();
    const nested = new NestedStack(stack, 'Nested');
    [stack, nested].forEach(scope => new ReportGeneratorLocation(scope, 'Location', { reportGenerator: report }));
    new ReportGeneratorLocation(stack, 'Other', { reportGenerator: makeL1() });

    Template.fromStack(stack).resourceCountIs(LOCATION, 2);
    Template.fromStack(nested).resourceCountIs(LOCATION, 1);
  });

  test('and its logical id stays when the location is moved or renamed', () => {
    const idOf = (id: string, below: (stack: Stack, report: ReportGenerator) => Construct) => {
      stack = new Stack(new App(), 'Stack', { env: ENV });
      const report = make();
      new ReportGeneratorLocation(below(stack, report), id, { reportGenerator: report });
      return asked()[0];
    };
    const logicalId = idOf('Location', each => each);
    expect(idOf('Renamed', each => each)).toBe(logicalId);
    expect(idOf('Location', (_stack, report) => report)).toBe(logicalId);
  });
});

describe('a report generator', () => {
  const from = (account: string, region: string) =>
    () => ReportGenerator.fromReportGeneratorArn(stack, 'Imported', ARN.replace('us-east-1:111122223333', `${region}:${account}`));
  const made = (account: string, region: string) => () => {
    const other = new Stack(app, 'Other', { env: { account, region } });
    return new CfnReportGenerator(other, 'Report', { reportGeneratorName: 'weekly', reportType: [], reportContext: {}, reportFrequency: {} });
  };

  test.each([
    ['imported, of another account', from('444455556666', 'us-east-1'), 'Stack/Imported', '444455556666', 'us-east-1'],
    ['imported, of another Region', from('111122223333', 'eu-west-1'), 'Stack/Imported', '111122223333', 'eu-west-1'],
    ['made in another account', made('444455556666', 'us-east-1'), 'Other/Report', '444455556666', 'us-east-1'],
    ['made in another Region', made('111122223333', 'eu-west-1'), 'Other/Report', '111122223333', 'eu-west-1'],
  ])('%s, is refused', (_what, reportGenerator, path, account, region) => {
    expect(() => new ReportGeneratorLocation(stack, 'Location', { reportGenerator: reportGenerator() })).toThrow(
      `Stack/Location: the report generator '${path}' is of account '${account}' and Region '${region}' and the stack of '111122223333' and 'us-east-1': ` +
      'License Manager tells the place of reports to their owner, in their Region. Declare the location in a stack of account ' +
      `'${account}' in '${region}'.`);
  });

  test.each([
    ['whose ARN is a token', () => Fn.importValue('ReportArn')],
    ['whose ARN has tokens', () => `arn:${Aws.PARTITION}:license-manager:${Aws.REGION}:${Aws.ACCOUNT_ID}:report-generator:r-1`],
  ])('%s is taken', (_what, arn) => {
    new ReportGeneratorLocation(stack, 'Location', { reportGenerator: ReportGenerator.fromReportGeneratorArn(stack, 'Imported', arn()) });
    asked();
  });

  test('of a known environment is taken by a stack whose own is open', () => {
    stack = new Stack(new App(), 'Anywhere');
    new ReportGeneratorLocation(stack, 'Location', { reportGenerator: ReportGenerator.fromReportGeneratorArn(stack, 'Imported', ARN) });
    asked();
  });
});

test('its properties can be injected', () => {
  const other = ReportGenerator.fromReportGeneratorArn(stack, 'Other', ARN);
  PropertyInjectors.of(app).add({
    constructUniqueId: ReportGeneratorLocation.PROPERTY_INJECTION_ID, inject: (props: any) => ({ ...props, reportGenerator: other }),
  });
  new ReportGeneratorLocation(stack, 'Location', { reportGenerator: make() });
  expect(asked()[1].Properties.ReportGeneratorArn).toBe(ARN);
});

test.each([
  ['an L2', () => make()],
  ['an L1', () => makeL1()],
  ['an imported report generator', () => ReportGenerator.fromReportGeneratorArn(stack, 'Imported', ARN)],
  ['a report generator that is provisioned through the API', () => make({ provisioning: Provisioning.CUSTOM_RESOURCE })],
])('cdk-nag has nothing to say about the location of %s, and those who may read the reports', (_what, reportGenerator) => {
  const location = new ReportGeneratorLocation(stack, 'Location', { reportGenerator: reportGenerator() });
  location.grants.read(new Role(stack, 'Auditor', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));

  expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
});
