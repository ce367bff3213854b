import { GetLicenseManagerReportGeneratorCommand, ListLicenseManagerReportGeneratorsCommand } from '@aws-sdk/client-license-manager';
import { CfnOutput, RemovalPolicy, Resource, Stack, Tags } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILicenseAssetGroupRef } from 'aws-cdk-lib/aws-licensemanager';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Deployment } from './deployment';
import { useDeployment } from './deployment';
import {
  LicenseConfiguration, LicenseConfigurationReportType, LicenseCounting, LicensedResource, mixins, Provisioning, ReportFrequency,
  ReportGenerator, ReportGeneratorLocation, ReportGeneratorProps, UsageReport,
} from '../../src';
import { UNANSWERED } from '../../src/custom-resource/contract/tags';

const { SUMMARY, USAGE } = LicenseConfigurationReportType;
const REPORT_TYPES = ['AWS::LicenseManager::ReportGenerator', 'Custom::LicenseManagerReportGenerator'];

/** A license asset group of which only the ARN is known. */
class ExistingGroup extends Resource implements ILicenseAssetGroupRef {
  public readonly licenseAssetGroupRef = {
    licenseAssetGroupArn: this.stack.formatArn({ service: 'license-manager', resource: 'license-asset-group:lag-0123456789abcdef' }),
  };
}

/** All report generators that there are. */
export async function reportsOf(aws: Deployment) {
  const { ReportGenerators = [] } = await aws.licenseManager.send(new ListLicenseManagerReportGeneratorsCommand({}));
  return Promise.all(ReportGenerators.map(async ({ LicenseManagerReportGeneratorArn }) => {
    const found = await aws.licenseManager.send(new GetLicenseManagerReportGeneratorCommand({ LicenseManagerReportGeneratorArn }));
    return found.ReportGenerator!;
  }));
}

/** Both ways of provisioning have to pass the same cases: one file for each, so that they run side by side. */
export function describeReportGenerator(provisioning: Provisioning): void {
  const aws = useDeployment();

  const onlyReport = async () => {
    const reports = await reportsOf(aws);
    expect(reports).toHaveLength(1);
    return reports[0];
  };

  interface Options {
    readonly props?: Partial<ReportGeneratorProps>;
    readonly licenseCounting?: LicenseCounting;
    readonly types?: LicenseConfigurationReportType[];
    readonly frequency?: ReportFrequency;
  }

  const define = (stack: Stack, options: Options = {}) => {
    const { props, licenseCounting = LicenseCounting.vcpus(), types = [SUMMARY], frequency = ReportFrequency.MONTHLY } = options;
    const license = new LicenseConfiguration(stack, 'License', { provisioning, licenseConfigurationName: 'windows-server', licenseCounting });
    const report = new ReportGenerator(stack, 'Report', {
      provisioning,
      reportGeneratorName: 'monthly',
      report: UsageReport.licenseConfigurations({ licenseConfigurations: [license], types, frequency }),
      ...props,
    });
    const location = new ReportGeneratorLocation(stack, 'Location', { reportGenerator: report });
    const outputs = {
      Arn: report.reportGeneratorArn,
      Created: report.reportGeneratorCreateTime,
      Account: report.reportGeneratorCreatorAccount,
      Bucket: location.bucketName,
      KeyPrefix: location.keyPrefix,
    };
    Object.entries(outputs).forEach(([name, value]) => new CfnOutput(stack, name, { value }));
    return { license, location, report };
  };

  describe(`the life of a report generator, provisioned as ${provisioning}:`, () => {
    beforeAll(() => aws.localAws.reset());

    test('it is deployed as declared, with its tags, and tells where its reports go', async () => {
      const result = await aws.deploy('Life', (stack) => {
        const { report, location } = define(stack, { props: { description: 'For the auditor' } });
        Tags.of(report).add('cost-center', '4711');
        const auditor = new Role(stack, 'Auditor', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
        report.grants.read(auditor);
        location.grants.read(auditor);
      });

      expect(result).toMatchObject({ succeeded: true });
      const deployed = await onlyReport();
      const { LicenseConfigurationArn } = await aws.onlyLicense();
      expect(deployed).toMatchObject({
        ReportGeneratorName: 'monthly',
        Description: 'For the auditor',
        ReportType: ['LicenseConfigurationSummaryReport'],
        ReportContext: { licenseConfigurationArns: [LicenseConfigurationArn] },
        ReportFrequency: { period: 'MONTH', value: 1 },
      });
      expect(deployed.Tags).toContainEqual({ Key: 'cost-center', Value: '4711' });
      expect(await aws.outputs('Life')).toEqual({
        Arn: deployed.LicenseManagerReportGeneratorArn,
        Created: deployed.CreateTime,
        Account: aws.localAws.account,
        Bucket: deployed.S3Location!.bucket,
        KeyPrefix: 'Reports/monthly/',
      });
      expect(await aws.physicalIds('Life', ...REPORT_TYPES)).toEqual([deployed.LicenseManagerReportGeneratorArn]);
    });

    test('it is changed in place, into a report of the other kind as well, and tells its new place', async () => {
      const before = await onlyReport();

      const result = await aws.deploy('Life', (stack) => {
        const report = UsageReport.licenseAssetGroups({
          licenseAssetGroups: [new ExistingGroup(stack, 'Group')], start: new Date('2026-01-01T00:00:00Z'), end: new Date('2026-02-01T00:00:00Z'),
        });
        Tags.of(define(stack, { props: { reportGeneratorName: 'audit', report } }).report).add('owner', 'platform');
      });

      expect(result).toMatchObject({ succeeded: true });
      const after = await onlyReport();
      expect(after).toMatchObject({
        LicenseManagerReportGeneratorArn: before.LicenseManagerReportGeneratorArn,
        ReportGeneratorName: 'audit',
        ReportType: ['LicenseAssetGroupUsageReport'],
        ReportContext: { reportStartDate: new Date('2026-01-01T00:00:00Z'), reportEndDate: new Date('2026-02-01T00:00:00Z') },
        ReportFrequency: { period: 'ONE_TIME', value: 1 },
      });
      expect(after.Description).toBeUndefined();
      expect(after.ReportContext!.licenseConfigurationArns).toBeUndefined();
      expect(after.Tags).toContainEqual({ Key: 'owner', Value: 'platform' });
      expect(after.Tags!.map(({ Key }) => Key)).not.toContain('cost-center');
      expect(await aws.outputs('Life')).toMatchObject({ Arn: before.LicenseManagerReportGeneratorArn, KeyPrefix: 'Reports/audit/' });
    });

    test('it goes on with the new license when its license is replaced', async () => {
      await aws.deploy('Life', (stack) => void define(stack, { types: [USAGE, SUMMARY], frequency: ReportFrequency.DAILY }));
      const before = await onlyReport();
      await aws.localAws.clearCalls();

      const result = await aws.deploy('Life', (stack) => void define(stack, {
        types: [USAGE, SUMMARY], frequency: ReportFrequency.DAILY, licenseCounting: LicenseCounting.instances(),
      }));

      expect(result).toMatchObject({ succeeded: true });
      const after = await onlyReport();
      const { LicenseConfigurationArn } = await aws.onlyLicense();
      expect(after.LicenseManagerReportGeneratorArn).toBe(before.LicenseManagerReportGeneratorArn);
      expect(after.ReportContext).toEqual({ licenseConfigurationArns: [LicenseConfigurationArn] });
      expect(before.ReportContext).not.toEqual(after.ReportContext);
      // When CloudFormation knows of the new license, the mark of a create without an answer is taken off.
      const marks = (await aws.localAws.calls({ operation: 'UntagResource' })).map(({ parameters }) => parameters.TagKeys);
      expect(marks).toEqual(provisioning === Provisioning.NATIVE ? [] : [[UNANSWERED]]);
      expect((await aws.writes()).filter(write => !/^(Create|Untag)/.test(write))).toEqual(['UpdateLicenseManagerReportGenerator', 'DeleteLicenseConfiguration']);
    });

    test('it is left as it was by an update of which something else is refused', async () => {
      await aws.deploy('Life', (stack) => void define(stack));
      const before = await onlyReport();

      const result = await aws.deploy('Life', (stack) => {
        const { license, report } = define(stack, { types: [USAGE], props: { reportGeneratorName: 'renamed', description: 'd' } });
        license.addAssociation('Image', { resource: LicensedResource.fromMachineImageId('ami-00000000000000bad') }).node.addDependency(report);
      });

      expect(result.succeeded).toBe(false);
      expect(await aws.stackStatus('Life')).toBe('UPDATE_ROLLBACK_COMPLETE');
      expect((await aws.failures('Life')).join('\n')).toContain('ami-00000000000000bad');
      expect(await onlyReport()).toEqual(before);
    });

    test('it is kept when its removal policy says so, and goes with its stack otherwise', async () => {
      const kept = await aws.deploy('Kept', (stack) => {
        new ReportGenerator(stack, 'Report', {
          provisioning,
          reportGeneratorName: 'kept',
          removalPolicy: RemovalPolicy.RETAIN,
          report: UsageReport.licenseAssetGroups({
            licenseAssetGroups: [new ExistingGroup(stack, 'Group')], start: new Date('2026-01-01T00:00:00Z'), end: new Date('2026-02-01T00:00:00Z'),
          }),
        });
        new Bucket(stack, 'Bucket', {
          bucketName: `aws-license-manager-service-${stack.account}`, removalPolicy: RemovalPolicy.DESTROY,
        }).with(new mixins.BucketLicenseManagerReports());
      });
      expect(kept).toMatchObject({ succeeded: true });
      expect(await aws.physicalIds('Kept', 'AWS::S3::Bucket')).toEqual([`aws-license-manager-service-${aws.localAws.account}`]);
      expect(await aws.physicalIds('Kept', 'AWS::S3::BucketPolicy')).toHaveLength(1);
      expect(await aws.destroy('Kept')).toMatchObject({ succeeded: true });
      expect(await aws.destroy('Life')).toMatchObject({ succeeded: true });

      expect((await reportsOf(aws)).map(({ ReportGeneratorName }) => ReportGeneratorName)).toEqual(['kept']);
      expect(await aws.licenses()).toEqual([]);
      expect(await aws.stackStatus('Life')).toBeUndefined();
    });
  });
}
