import { Mixin } from 'aws-cdk-lib';
import { CfnCapacityProvider } from 'aws-cdk-lib/aws-bedrockagentcore';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IConstruct } from 'constructs';
import { changed, checkAtSynthesis, checkedLicenses, mergeSpecifications } from './private/attachment';
import { Reach } from './private/reach';
import { checkLicenseRegions, warnOfDeactivated, warnOfForeign } from '../private/license/licenses';
import { given } from '../private/validation/given';

/**
 * Has the EC2 instances of capacity providers of Amazon Bedrock AgentCore (`AWS::BedrockAgentCore::CapacityProvider`) launched with self-managed
 * licenses: License Manager counts them, and refuses the launch if that breaks a rule or a hard limit.
 *
 * The licenses come after those that the capacity provider has already, in one order, in whatever order mixins bring them; one that it has already is
 * there once. CloudFormation cannot change the licenses of a capacity provider: adding or removing one **replaces it**, and so does a change that
 * replaces the license (its counting or its rules), unless the license has `protectFromReplacement`.
 *
 * A license of another account has to be shared with the account that launches (`LicenseShare`).
 *
 * @see https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_LaunchParameters.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-bedrockagentcore-capacityprovider-licensespecification.html
 */
export class AgentCoreCapacityProviderLicenses extends Mixin {
  private readonly licenses: ILicenseConfigurationRef[];
  private readonly reach = new Reach(CfnCapacityProvider.CFN_RESOURCE_TYPE_NAME);

  /**
   * Attaches self-managed licenses to capacity providers of Amazon Bedrock AgentCore.
   *
   * A mixin without licenses attaches none, and causes a warning.
   *
   * @param licenses up to 5, of the capacity provider's Region
   */
  constructor(licenses: ILicenseConfigurationRef[]) {
    super();
    this.licenses = checkedLicenses('AgentCoreCapacityProviderLicenses', licenses);
  }

  /**
   * Whether the mixin attaches licenses to the construct, an `AWS::BedrockAgentCore::CapacityProvider`, or has to say that it can't: something else
   * that can have licenses or launches instances.
   *
   * @param construct any construct
   */
  public supports(construct: IConstruct): boolean {
    return this.reach.includes(construct);
  }

  /**
   * Attaches the licenses to a capacity provider. If there is none at all in what the mixin is applied to, it warns at synthesis
   * (`cdk-license-manager:licenseNotAttached`) of everything else there that launches instances or can have licenses, and has not got them in the end.
   *
   * Throws a `ValidationError` for a license known to be of another Region, and without the launch parameters, which licenses are a part of, or
   * without what they are in. At synthesis, a capacity provider is refused that gets more than 5 licenses. Licenses that an override has overwritten
   * cause a warning. A license of another account, or for databases of Amazon RDS, causes one, too.
   *
   * @param construct what the mixin supports; nothing is done to anything else
   */
  public applyTo(construct: IConstruct): void {
    if (!CfnCapacityProvider.isCfnCapacityProvider(construct)) {
      this.reach.leaveWithoutLicenses(construct, this.licenses);
      return;
    }
    this.reach.change(construct);
    checkLicenseRegions(construct, this.licenses);
    warnOfDeactivated(construct, this.licenses);
    warnOfForeign(construct, this.licenses);
    // All of them are required, which JavaScript and overrides that come later don't know.
    const known = <T extends object>(path: string, value: T): T => given(construct, `computeConfiguration${path}`, value);
    construct.computeConfiguration = changed<CfnCapacityProvider.ComputeConfigurationProperty>(construct.computeConfiguration, compute => ({
      ...known('', compute),
      ec2Configuration: changed<CfnCapacityProvider.Ec2ConfigurationProperty>(compute.ec2Configuration, ec2 => ({
        ...known('.ec2Configuration', ec2),
        launchTemplateSource: changed<CfnCapacityProvider.LaunchTemplateSourceProperty>(ec2.launchTemplateSource, source => ({
          ...known('.ec2Configuration.launchTemplateSource', source),
          launchParameters: changed<CfnCapacityProvider.LaunchParametersProperty>(source.launchParameters, parameters => ({
            ...known('.ec2Configuration.launchTemplateSource.launchParameters', parameters),
            licenseSpecifications: mergeSpecifications(parameters.licenseSpecifications, this.licenses),
          })),
        })),
      })),
    }));
    checkAtSynthesis(construct, this.licenses);
  }
}
