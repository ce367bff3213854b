import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnOutput, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { useDeployment } from './deployment';
import { reportsOf } from './report-generator-cases';
import {
  IReportGenerator, LicenseConfiguration, LicenseConfigurationReportType, LicenseCounting, Provisioning, ProvisioningInjector, ReportFrequency,
  ReportGenerator, ReportGeneratorLocation, ReportGeneratorProps, UsageReport,
} from '../../src';

describe('the move from a custom resource to the native type', () => {
  const aws = useDeployment();

  const define = (stack: Stack, props: Partial<ReportGeneratorProps>) => {
    const license = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus() });
    return new ReportGenerator(stack, 'Report', {
      reportGeneratorName: 'monthly',
      report: UsageReport.licenseConfigurations({
        licenseConfigurations: [license], types: [LicenseConfigurationReportType.USAGE], frequency: ReportFrequency.MONTHLY,
      }),
      ...props,
    });
  };
  const use = (report: IReportGenerator) => {
    const { bucketName } = new ReportGeneratorLocation(report.stack, 'Location', { reportGenerator: report });
    new CfnOutput(report.stack, 'Bucket', { value: bucketName });
  };

  test('goes as documented: the report generator keeps its ARN, and nobody writes to License Manager', async () => {
    const custom = { provisioning: Provisioning.CUSTOM_RESOURCE };
    expect(await aws.deploy('Moving', (stack) => use(define(stack, custom)))).toMatchObject({ succeeded: true });
    const before = await reportsOf(aws);
    const arn = before[0].LicenseManagerReportGeneratorArn!;
    const outputs = await aws.outputs('Moving');
    await aws.localAws.clearCalls();
    const unchanged = async () => {
      expect(await aws.writes()).toEqual([]);
      expect(await reportsOf(aws)).toEqual(before);
      expect(await aws.outputs('Moving')).toEqual(outputs);
    };

    // Switched at once it is refused.
    const native = (stack: Stack) => use(define(stack, { provisioning: Provisioning.NATIVE }));
    expect(await aws.deploy('Moving', native)).toMatchObject({ succeeded: false });
    await unchanged();
    // 1. Keep it.
    const retained = await aws.deploy('Moving', (stack) => use(define(stack, { ...custom, removalPolicy: RemovalPolicy.RETAIN })));
    expect(retained).toMatchObject({ succeeded: true });
    await unchanged();
    // 2. Let go of it.
    const released = await aws.deploy('Moving', (stack) => {
      new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus() });
      use(ReportGenerator.fromReportGeneratorArn(stack, 'Report', arn));
    });
    expect(released).toMatchObject({ succeeded: true });
    expect(await aws.physicalIds('Moving', 'Custom::LicenseManagerReportGenerator')).toEqual([]);
    await unchanged();
    // 3. Take it in.
    const app = aws.synthesize('Moving', native);
    const mapping = join(aws.folder, 'mapping.json');
    writeFileSync(mapping, JSON.stringify({ ReportC847FC22: { Arn: arn } }));
    const taken = await aws.cdk(['import', 'Moving', '--app', app, '--force', '--resource-mapping', mapping]);
    expect(taken).toMatchObject({ succeeded: true });
    expect(await aws.physicalIds('Moving', 'AWS::LicenseManager::ReportGenerator')).toEqual([arn]);
    await unchanged();
    // 4. Use it.
    expect(await aws.deploy('Moving', native)).toMatchObject({ succeeded: true });
    await unchanged();
    expect(await aws.destroy('Moving')).toMatchObject({ succeeded: true });
    expect(await reportsOf(aws)).toEqual([]);
  });
});

describe('a Region that the CloudFormation type has not reached', () => {
  const aws = useDeployment();

  const define = (stack: Stack) => {
    const license = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus() });
    new ReportGenerator(stack, 'Report', {
      report: UsageReport.licenseConfigurations({
        licenseConfigurations: [license], types: [LicenseConfigurationReportType.USAGE], frequency: ReportFrequency.WEEKLY,
      }),
    });
  };

  test('refuses the native type, and takes the report generators of an app that is set to custom resources in one place', async () => {
    // The type of licenses is there, that of report generators is not.
    const far = await aws.in({ region: 'us-west-2' });

    // aws-cdk-lib says so before anything is deployed; whoever does not believe it is told by CloudFormation.
    expect(() => far.synthesize('Native', define)).toThrow("Resource type 'AWS::LicenseManager::ReportGenerator' does not exist in 'us-west-2'");
    const native = await far.deploy('Native', (stack) => {
      define(stack);
      Validations.of(stack).acknowledge({ id: 'CloudFormation-Validate::F3006', reason: 'CloudFormation is to be asked.' });
    });
    expect(native.succeeded).toBe(false);
    expect(native.output).toContain('Unrecognized resource types: [AWS::LicenseManager::ReportGenerator]');
    expect(await reportsOf(far)).toEqual([]);

    const prepare = (app: App) => ProvisioningInjector.addTo(app, Provisioning.CUSTOM_RESOURCE);
    expect(await far.deploy('Injected', define, { prepare })).toMatchObject({ succeeded: true });
    expect(await reportsOf(far)).toMatchObject([{ ReportFrequency: { period: 'WEEK', value: 1 } }]);
    expect(await reportsOf(aws)).toEqual([]);

    expect(await far.destroy('Injected')).toMatchObject({ succeeded: true });
    expect(await reportsOf(far)).toEqual([]);
  });
});
