import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnReportGenerator } from 'aws-cdk-lib/aws-licensemanager';
import {
  IReportGenerator, LicenseConfigurationReportType, Provisioning, ReportFrequency, ReportGenerator, ReportGeneratorGrants, UsageReport,
} from '../../src';
import { ImportedLicense } from '../license-configuration/licenses';

const ARN = `arn:aws:license-manager:us-east-1:111122223333:report-generator:r-${'0'.repeat(32)}`;

let stack: Stack;
let role: Role;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  role = new Role(stack, 'Auditor', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
});

function make(reportGeneratorName = 'monthly', provisioning = Provisioning.NATIVE): ReportGenerator {
  return new ReportGenerator(stack, 'Report', {
    reportGeneratorName,
    provisioning,
    report: UsageReport.licenseConfigurations({
      licenseConfigurations: [new ImportedLicense(stack, 'License')],
      types: [LicenseConfigurationReportType.SUMMARY],
      frequency: ReportFrequency.MONTHLY,
    }),
  });
}

function l1(reportGeneratorName: string): CfnReportGenerator {
  return new CfnReportGenerator(stack, 'L1', { reportGeneratorName, reportType: [], reportContext: {}, reportFrequency: {} });
}

/** The statements of the auditor. */
function statements(): any[] {
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy', {
    Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^Auditor') }] },
  }));
  return policy.Properties.PolicyDocument.Statement;
}

describe.each<[string, () => { grants: ReportGeneratorGrants; ref: CfnReportGenerator | IReportGenerator }]>([
  ['a report generator of this app', () => {
    const ref = make();
    return { ref, grants: ref.grants };
  }],
  ['one through the API', () => {
    const ref = make('monthly', Provisioning.CUSTOM_RESOURCE);
    return { ref, grants: ref.grants };
  }],
  ['an L1', () => {
    const ref = l1('monthly');
    return { ref, grants: ReportGeneratorGrants.fromReportGenerator(ref) };
  }],
  ['an imported one', () => {
    const ref = ReportGenerator.fromReportGeneratorArn(stack, 'Imported', ARN);
    return { ref, grants: ref.grants };
  }],
])('grants on %s', (_what, prepare) => {
  test('read: let look at it, and say nothing of its reports', () => {
    const { grants, ref } = prepare();
    grants.read(role).assertSuccess();

    expect(statements()).toEqual([{
      Effect: 'Allow',
      Action: ['license-manager:GetLicenseManagerReportGenerator', 'license-manager:ListTagsForResource'],
      Resource: stack.resolve(ref.reportGeneratorRef.reportGeneratorArn),
    }, {
      Effect: 'Allow', Action: 'license-manager:ListLicenseManagerReportGenerators', Resource: '*',
    }]);
    Template.fromStack(stack).resourceCountIs('Custom::LicenseManagerReportGeneratorLocation', 0);
  });

  test('manage: let change and delete it, and say nothing of its reports', () => {
    const { grants, ref } = prepare();
    grants.manage(role).assertSuccess();
    expect(statements()).toEqual([{
      Effect: 'Allow',
      Action: [
        'license-manager:GetLicenseManagerReportGenerator', 'license-manager:ListTagsForResource', 'license-manager:DeleteLicenseManagerReportGenerator',
        'license-manager:TagResource', 'license-manager:UntagResource', 'license-manager:UpdateLicenseManagerReportGenerator',
      ],
      Resource: stack.resolve(ref.reportGeneratorRef.reportGeneratorArn),
    }, {
      Effect: 'Allow', Action: ['license-manager:ListLicenseManagerReportGenerators', 'license-manager:GetServiceSettings'], Resource: '*',
    }]);
  });
});

test('a report generator has one facade', () => {
  const report = make();
  expect(report.grants).toBe(report.grants);
});

test.each(['read', 'manage'] as const)('%s to a principal of another account causes a warning', (name) => {
  const grant: Grant = make().grants[name](new AccountPrincipal('444455556666'));
  expect(grant.success).toBe(false);
  Annotations.fromStack(stack).hasWarning('/Stack/Report', Match.stringLikeRegexp(
    "A grant on the report generator 'Stack/Report' is to a principal of account '444455556666'.+\\[ack: cdk-license-manager:granteeOfAnotherAccount\\]$"));
});
