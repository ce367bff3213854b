import { App, Stack } from 'aws-cdk-lib';
import { useDeployment } from './deployment';
import { describeReportGenerator, reportsOf } from './report-generator-cases';
import {
  LicenseConfiguration, LicenseConfigurationReportType, LicenseCounting, Provisioning, ProvisioningInjector, ReportFrequency, ReportGenerator,
  UsageReport,
} from '../../src';

jest.setTimeout(300_000);

describeReportGenerator(Provisioning.CUSTOM_RESOURCE);

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
    const far = await aws.inRegion('us-west-2');

    const native = await far.deploy('Native', define);
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
