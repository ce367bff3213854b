import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnReportGenerator, type IReportGeneratorRef } from 'aws-cdk-lib/aws-licensemanager';
import { AwsSolutionsChecks } from 'cdk-nag';
import {
  LicenseConfigurationReportType, Provisioning, ReportFrequency, ReportGenerator, ReportGeneratorLocation, ReportGeneratorLocationGrants, UsageReport,
} from '../../src';
import { ImportedLicense } from '../license-configuration/licenses';

const ARN = `arn:aws:license-manager:us-east-1:111122223333:report-generator:r-${'0'.repeat(32)}`;

let app: App;
let stack: Stack;
let role: Role;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  role = new Role(stack, 'Auditor', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
});

function make(provisioning = Provisioning.NATIVE): ReportGenerator {
  return new ReportGenerator(stack, 'Report', {
    reportGeneratorName: 'monthly',
    provisioning,
    report: UsageReport.licenseConfigurations({
      licenseConfigurations: [new ImportedLicense(stack, 'License')],
      types: [LicenseConfigurationReportType.SUMMARY],
      frequency: ReportFrequency.MONTHLY,
    }),
  });
}

function locate(reportGenerator: IReportGeneratorRef = make()): ReportGeneratorLocation {
  return new ReportGeneratorLocation(stack, 'Location', { reportGenerator });
}

/** The statements of the auditor, or of what policies are named. */
function statements(type = 'AWS::IAM::Policy', of: object = { Roles: [{ Ref: Match.stringLikeRegexp('^Auditor') }] }): any[] {
  return Object.values(Template.fromStack(stack).findResources(type, { Properties: of }))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

/** What lets list and read the reports of a place, and nothing else. */
function reading({ bucketName, keyPrefixInPolicy }: ReportGeneratorLocation): object[] {
  const [bucket, prefix] = stack.resolve([bucketName, keyPrefixInPolicy]);
  return [
    {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', bucket, '/', prefix, '*']] },
    },
    {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', bucket]] },
      Condition: { StringLike: { 's3:prefix': { 'Fn::Join': ['', [prefix, '*']] } } },
    },
  ];
}

describe.each<[string, () => IReportGeneratorRef, RegExp]>([
  ['a report generator of this app', () => make(), /^ReportGeneratorLocation[0-9A-F]{16}$/],
  ['one through the API', () => make(Provisioning.CUSTOM_RESOURCE), /^Report[0-9A-F]{8}$/],
  ['an L1', () => new CfnReportGenerator(stack, 'L1', { reportGeneratorName: 'monthly', reportType: [], reportContext: {}, reportFrequency: {} }),
    /^ReportGeneratorLocation[0-9A-F]{16}$/],
  ['an imported one', () => ReportGenerator.fromReportGeneratorArn(stack, 'Imported', ARN), /^ReportGeneratorLocation[0-9A-F]{16}$/],
])('grants on the reports of %s', (_what, reportGenerator, teller) => {
  test('read: let list and get its reports and no others, and say nothing of the report generator', () => {
    const location = locate(reportGenerator());
    location.grants.read(role).assertSuccess();

    expect(stack.resolve(location.keyPrefixInPolicy)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(teller), 'KeyPrefixInPolicy'] });
    expect(statements()).toEqual(reading(location));
  });
});

test('a location has one facade, and another one does the same', () => {
  const location = locate();
  expect(location.grants).toBe(location.grants);
  ReportGeneratorLocationGrants.fromReportGeneratorLocation(location).read(role).assertSuccess();
  expect(statements()).toEqual(reading(location));
});

test('a policy of its own may be granted to', () => {
  const location = locate();
  location.grants.read(new ManagedPolicy(stack, 'Auditing')).assertSuccess();

  expect(statements('AWS::IAM::ManagedPolicy', {})).toEqual(reading(location));
});

test('the wildcard behind the place is acknowledged for those who get it, and no other wildcard is', () => {
  const findings = () => new AwsSolutionsChecks().validateScope(app).violations.map(({ ruleName }) => ruleName);
  locate().grants.read(role);
  expect(findings()).toEqual([]);

  role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::other/*'] }));
  expect(findings()).toEqual([expect.stringContaining('AwsSolutions-IAM5')]);
});

test('read to a principal of another account causes a warning', () => {
  expect(locate().grants.read(new AccountPrincipal('444455556666')).success).toBe(false);
  Annotations.fromStack(stack).hasWarning('/Stack/Location', Match.stringLikeRegexp(
    "A grant on the report 'Stack/Location' is to a principal of account '444455556666'.+\\[ack: cdk-license-manager:granteeOfAnotherAccount\\]$"));
});
