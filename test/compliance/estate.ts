/*
 * An estate of ten stacks, once with a fault in each place that a rule looks at, and once without: tools/languages/compliance.py is the same in Python, and both
 * are held against estate.json.
 */
import { join } from 'node:path';
import { App, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnNodegroup } from 'aws-cdk-lib/aws-eks';
import { CfnDistributionConfiguration, CfnImagePipeline, CfnImageRecipe, CfnInfrastructureConfiguration } from 'aws-cdk-lib/aws-imagebuilder';
import { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { type Construct } from 'constructs';
import {
  HostLicenses, HostResourceGroup, LicenseCompliance, LicenseConfiguration, LicenseConfigurationReportType, LicenseConversionPath,
  LicenseConversionWorkflow, LicenseCounting, LicensedResource, LicenseManagerTopic, LicenseTenancy, ProductInformation, RdsDb2EngineEdition,
  RdsOracleEngineEdition, ReportFrequency, ReportGenerator, ServiceSettings, UsageReport,
} from '../../src';

const ENV = { account: '111122223333', region: 'us-east-1' };
const IMAGE = 'ami-0123456789abcdef0';
const GOLDEN_IMAGE = 'ami-0fedcba9876543210';
const ROLE = `arn:aws:iam::${ENV.account}:role/estate`;

/** The estate, with the plugin. */
export function estate(hasFaults: boolean): App {
  const app = new App({ analyticsReporting: false });
  const inStack = (id: string, scope: Construct = app, region = ENV.region) => new Stack(scope, id, { env: { ...ENV, region } });
  /** What is so with the fault, and what without. */
  const fault = <T>(wrong: T, right: T) => hasFaults ? wrong : right;

  // 1: the licenses, and who is told of them.
  const licenses = inStack('Licenses');
  const windows = new LicenseConfiguration(licenses, 'Windows', {
    licenseCounting: LicenseCounting.cores({ allowedTenancy: [LicenseTenancy.DEDICATED_HOST] }), licenseCount: 96, licenseCountHardLimit: true,
  });
  const sqlServer = new LicenseConfiguration(licenses, 'SqlServer', {
    licenseCounting: LicenseCounting.vcpus({ minimumVcpus: 4 }), licenseCount: 164, licenseCountHardLimit: true,
  });
  sqlServer.addUsageAlarm('NearlyUsedUp', { thresholdPercent: 90 });
  if (hasFaults) {
    new LicenseConfiguration(licenses, 'Unused', { licenseCounting: LicenseCounting.instances() });
  } else {
    new ServiceSettings(licenses, 'Settings', { topic: new LicenseManagerTopic(licenses, 'Topic') });
    new ReportGenerator(licenses, 'Report', {
      report: UsageReport.licenseConfigurations({
        licenseConfigurations: [windows, sqlServer], types: [LicenseConfigurationReportType.USAGE], frequency: ReportFrequency.MONTHLY,
      }),
    });
  }
  const withLicense = ({ licenseConfigurationArn }: LicenseConfiguration) => [{ licenseConfigurationArn }];

  // 2: instances, one of them in a nested stack.
  const instances = inStack('Instances');
  for (const scope of [instances, new NestedStack(instances, 'Nested')]) {
    new ec2.CfnInstance(scope, 'Windows', {
      imageId: IMAGE, instanceType: 'm5.xlarge', tenancy: fault('default', 'host'), licenseSpecifications: withLicense(windows),
    });
  }

  // 3: fleets.
  const fleets = inStack('Fleets');
  const data = (id: string, launchTemplateData: ec2.CfnLaunchTemplate.LaunchTemplateDataProperty, scope = fleets) => {
    const { ref: launchTemplateId, attrLatestVersionNumber: version } = new ec2.CfnLaunchTemplate(scope, id, { launchTemplateData });
    return { launchTemplateId, version };
  };
  new CfnAutoScalingGroup(fleets, 'SqlServers', {
    minSize: '1',
    maxSize: fault('11', '10'),
    availabilityZones: ['us-east-1a'],
    launchTemplate: data('SqlServer', { imageId: IMAGE, instanceType: 'm5.4xlarge', licenseSpecifications: withLicense(sqlServer) }),
  });
  new ec2.CfnEC2Fleet(fleets, 'WindowsFleet', {
    targetCapacitySpecification: { totalTargetCapacity: 2, defaultTargetCapacityType: fault('spot', 'on-demand') },
    launchTemplateConfigs: [{
      launchTemplateSpecification: data('Windows', {
        imageId: IMAGE, instanceType: 'm5.xlarge', placement: { tenancy: 'host' }, licenseSpecifications: withLicense(windows),
      }),
    }],
  });

  // 4: nodes of a cluster.
  const nodes = inStack('Nodes');
  const { launchTemplateId: nodeTemplateId } = data('Node', { imageId: IMAGE, instanceType: fault('m5.large', 'm5.xlarge'), licenseSpecifications: withLicense(sqlServer) }, nodes);
  new CfnNodegroup(nodes, 'Group', {
    clusterName: 'estate', nodeRole: ROLE, subnets: ['subnet-0123456789abcdef0'], launchTemplate: { id: nodeTemplateId }, scalingConfig: { minSize: 0, desiredSize: 0, maxSize: 0 },
  });

  // 5: images.
  const images = inStack('Images');
  windows.addAssociation('GoldenImage', { resource: LicensedResource.fromMachineImageId(GOLDEN_IMAGE) });
  new ec2.CfnLaunchTemplate(images, 'Foreign', {
    launchTemplateData: {
      licenseSpecifications: [{
        licenseConfigurationArn: `arn:aws:license-manager:${fault('eu-west-1', ENV.region)}:444455556666:license-configuration:lic-${'1'.repeat(32)}`,
      }],
    },
  });
  new CfnImagePipeline(images, 'Pipeline', {
    name: 'windows',
    imageRecipeArn: new CfnImageRecipe(images, 'Recipe', { name: 'windows', version: '1.0.0', parentImage: GOLDEN_IMAGE }).ref,
    infrastructureConfigurationArn: new CfnInfrastructureConfiguration(images, 'Infrastructure', {
      name: 'windows', instanceProfileName: 'windows', placement: { tenancy: fault('default', 'host') },
    }).ref,
    distributionConfigurationArn: new CfnDistributionConfiguration(images, 'Distribution', {
      name: 'windows', distributions: [{ region: ENV.region, licenseConfigurationArns: [windows.licenseConfigurationArn] }],
    }).ref,
  });

  // 6: products.
  const products = inStack('Products');
  const ofParameter = (name: string) => ec2.MachineImage.fromSsmParameter(name).getImage(products).imageId;
  const latestWindows = '/aws/service/ami-windows-latest/Windows_Server-2022-English-Full';
  new ec2.CfnInstance(products, 'WindowsOnHost', {
    imageId: ofParameter(`${latestWindows}-Base`), instanceType: 'm5.xlarge', tenancy: 'host', licenseSpecifications: fault(undefined, withLicense(windows)),
  });
  new ec2.CfnInstance(products, 'SqlServer', {
    imageId: ofParameter('/images/sql-server-2022'), instanceType: 'm5.xlarge', licenseSpecifications: fault(undefined, withLicense(sqlServer)),
  });
  new ec2.CfnInstance(products, 'IncludedOnHost', {
    imageId: ofParameter(`${latestWindows}-SQL_2022_Standard`),
    instanceType: 'm5.xlarge',
    tenancy: fault('host', 'dedicated'),
    licenseSpecifications: fault(withLicense(windows), undefined),
  });

  // 7: databases.
  const databases = inStack('Databases');
  new CfnDBInstance(databases, 'Oracle', { engine: 'oracle-ee', licenseModel: 'bring-your-own-license', dbInstanceClass: 'db.m5.large', allocatedStorage: '100' });
  new CfnDBInstance(databases, 'Db2', { engine: 'db2-se', licenseModel: 'bring-your-own-license', dbInstanceClass: 'db.m5.large', allocatedStorage: '100' });
  if (!hasFaults) {
    new LicenseConfiguration(databases, 'OracleLicense', {
      licenseCounting: LicenseCounting.vcpus(), productInformation: [ProductInformation.rdsOracle({ engineEdition: RdsOracleEngineEdition.EE })],
    });
    new LicenseConfiguration(databases, 'Db2License', {
      licenseCounting: LicenseCounting.vcpus(), productInformation: [ProductInformation.rdsDb2({ engineEdition: RdsDb2EngineEdition.SE })],
    });
  }

  // 8: hosts.
  const hosts = inStack('Hosts');
  const group = new HostResourceGroup(hosts, 'Group', { licenses: HostLicenses.any(), allowedHostFamilies: ['m5'] });
  const host = new ec2.CfnHost(hosts, 'Host', { availabilityZone: 'us-east-1a', instanceFamily: 'm5' });
  group.addHost(host);
  host.addPropertyOverride('InstanceFamily', fault('c5', 'm5'));

  // 9: conversions.
  const conversions = inStack('Conversions');
  const converted = new ec2.CfnInstance(conversions, 'Converted', { imageId: IMAGE, instanceType: 'm5.xlarge', tenancy: fault('default', 'dedicated') });
  const { stateMachineArn } = new LicenseConversionWorkflow(conversions, 'Workflow', { path: LicenseConversionPath.WINDOWS_INCLUDED_TO_BYOL });
  new CfnSchedule(conversions, 'Once', {
    flexibleTimeWindow: { mode: 'OFF' },
    scheduleExpression: 'at(2030-01-01T00:00:00)',
    target: { arn: stateMachineArn, roleArn: ROLE, input: conversions.toJsonString({ instanceIds: [converted.ref] }) },
  });

  // 10: a stage, with a template that was there before.
  const abroad = inStack('Imported', new Stage(app, 'Abroad'), fault('eu-west-1', 'eu-central-1'));
  const imported = new CfnInclude(abroad, 'Template', { templateFile: join(__dirname, 'imported.template.json') });
  imported.getResource('Server').addPropertyOverride('Tenancy', fault('dedicated', 'host'));
  if (hasFaults) {
    imported.getResource('Sockets').addPropertyOverride('LicenseExpiry', 1893456000);
  }

  Validations.of(app).addPlugins(new LicenseCompliance());
  return app;
}
