import { Stack, type StackProps } from 'aws-cdk-lib';
import { InstanceType, MachineImage, OperatingSystemType } from 'aws-cdk-lib/aws-ec2';
import {
  CorePack, GovernedInstances, GuardrailMatch, LicenseGuardrail, LicenseManagerTopic, LicenseTenancy, LicenseType, patterns, RdsOracleEngineEdition, RdsOracleLicensePack,
  ReportFrequency,
} from 'cdk-license-manager';
import type { Construct } from 'constructs';

/**
 * Whole jobs, a construct each: a fleet with Windows licenses of the team's own and a guard over it, and databases that are counted as their contracts do.
 */
export class LicensePatternsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const notificationTopic = new LicenseManagerTopic(this, 'Notices');

    // Six packs of 16 cores. The pipeline that imports images says by a parameter which one is the newest.
    const fleet = new patterns.WindowsByolFleet(this, 'WindowsFleet', {
      licenseCount: CorePack.SIXTEEN.licenses(6),
      machineImage: MachineImage.fromSsmParameter('/images/windows-server', { os: OperatingSystemType.WINDOWS }),
      instanceType: new InstanceType('m5.2xlarge'),
      countAssets: true,
      notificationTopic,
      reportFrequency: ReportFrequency.MONTHLY,
    });

    // Whoever launches Windows without that license, in whatever way, is found.
    new LicenseGuardrail(this, 'WindowsGuardrail', {
      instances: GovernedInstances.matching(GuardrailMatch.usageOperation([LicenseType.WINDOWS_BYOL.usageOperation])),
      licenseConfigurations: [fleet.license],
      allowedTenancy: [LicenseTenancy.DEDICATED_HOST],
    });

    new patterns.SqlServerTracking(this, 'SqlServer', {
      licenses: {
        Enterprise: { edition: patterns.SqlServerEdition.ENTERPRISE, coreLicenses: CorePack.TWO.licenses(32) },
        Standard: { edition: patterns.SqlServerEdition.STANDARD, coreLicenses: CorePack.TWO.licenses(16) },
      },
      editionTagKey: 'sql-server-edition',
      notificationTopic,
      reportFrequency: ReportFrequency.MONTHLY,
    });

    new patterns.OracleOnRdsTracking(this, 'Oracle', {
      licenses: {
        EnterpriseEdition: { engineEdition: RdsOracleEngineEdition.EE, processorLicenses: 16 },
        DiagnosticPack: { licensePacks: [RdsOracleLicensePack.DIAGNOSTIC_PACK_SQLT], processorLicenses: 8 },
      },
      notificationTopic,
      reportFrequency: ReportFrequency.MONTHLY,
    });
  }
}
