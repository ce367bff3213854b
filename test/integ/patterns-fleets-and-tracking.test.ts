import { Expiration, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { InstanceType, MachineImage, Vpc } from 'aws-cdk-lib/aws-ec2';
import { describeStacks, ENV } from './stacks';
import { CorePack, LicenseManagerTopic, patterns, Provisioning, RdsOracleEngineEdition, RdsOracleLicensePack, ReportFrequency } from '../../src';

const machineImage = MachineImage.genericWindows({ 'us-east-1': 'ami-0abcdef1234567890' });
const vpcOf = (stack: Stack) => Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-0123456789abcdef0'],
});
const licenses = (provisioning: Provisioning) =>
  provisioning === Provisioning.NATIVE ? 'AWS::LicenseManager::LicenseConfiguration' : 'Custom::LicenseManagerLicenseConfiguration';

describeStacks({
  'a fleet of Windows with licenses of its own': {
    define: (app) => {
      const stack = new Stack(app, 'Windows', { env: ENV });
      new patterns.WindowsByolFleet(stack, 'Fleet', {
        licenseCount: CorePack.SIXTEEN.licenses(6),
        licenseExpiry: Expiration.atDate(new Date('2099-06-30T00:00:00Z')),
        machineImage,
        instanceType: new InstanceType('m5.2xlarge'),
        vpc: vpcOf(stack),
        autoScalingGroupOptions: { minCapacity: 2, maxCapacity: 24 },
        notificationTopic: new LicenseManagerTopic(stack, 'Notices'),
        reportFrequency: ReportFrequency.MONTHLY,
        countAssets: true,
      });
      return stack;
    },
    check: (template: Template, provisioning) => {
      template.resourceCountIs(licenses(provisioning), 1);
      template.resourceCountIs('AWS::ResourceGroups::Group', 1);
      template.resourceCountIs('AWS::AutoScaling::AutoScalingGroup', 1);
      template.resourceCountIs('AWS::LicenseManager::LicenseAssetGroup', 1);
    },
  },
  'a fleet of Macs': {
    define: (app) => {
      const stack = new Stack(app, 'Macs', { env: ENV });
      new patterns.MacFleet(stack, 'Builders', {
        machineImage: MachineImage.fromSsmParameter('/aws/service/ec2-macos/sequoia/arm64_mac/latest/image_id'),
        instanceType: new InstanceType('mac2.metal'),
        vpc: vpcOf(stack),
        autoScalingGroupOptions: { maxCapacity: 3 },
      }).addHost('Host', { availabilityZone: Fn.select(0, Fn.getAzs()) });
      return stack;
    },
    check: (template: Template) => {
      template.resourceCountIs('AWS::ResourceGroups::Group', 1);
      template.resourceCountIs('AWS::EC2::Host', 1);
    },
  },
  'the tracking of SQL Server': {
    define: (app) => {
      const stack = new Stack(app, 'SqlServer', { env: ENV });
      new patterns.SqlServerTracking(stack, 'Tracking', {
        licenses: {
          Enterprise: { edition: patterns.SqlServerEdition.ENTERPRISE, coreLicenses: CorePack.TWO.licenses(48) },
          Standard: { edition: patterns.SqlServerEdition.STANDARD, coreLicenses: CorePack.TWO.licenses(20) },
        },
        editionTagKey: 'sql-server-edition',
        passiveSecondaryTag: { key: 'sql-server-role', value: 'passive' },
        notificationTopic: new LicenseManagerTopic(stack, 'Notices'),
        reportFrequency: ReportFrequency.MONTHLY,
      });
      return stack;
    },
    check: (template: Template, provisioning) => {
      template.resourceCountIs(licenses(provisioning), 2);
      template.resourceCountIs('AWS::SSM::Association', 1);
      template.resourceCountIs('AWS::CloudWatch::Alarm', 2);
    },
  },
  'the tracking of Oracle on Amazon RDS': {
    define: (app) => {
      const stack = new Stack(app, 'Oracle', { env: ENV });
      new patterns.OracleOnRdsTracking(stack, 'Tracking', {
        licenses: {
          EnterpriseEdition: { engineEdition: RdsOracleEngineEdition.EE, processorLicenses: 16 },
          StandardEdition2: { engineEdition: RdsOracleEngineEdition.SE2, processorLicenses: 4 },
          DiagnosticPack: { licensePacks: [RdsOracleLicensePack.DIAGNOSTIC_PACK_SQLT], processorLicenses: 8 },
        },
        notificationTopic: new LicenseManagerTopic(stack, 'Notices'),
      });
      return stack;
    },
    check: (template: Template, provisioning) => {
      template.resourceCountIs(licenses(provisioning), 3);
      template.resourceCountIs('AWS::CloudWatch::Alarm', 3);
    },
  },
}, Object.values(Provisioning));
