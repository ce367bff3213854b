import { Mixin } from 'aws-cdk-lib';
import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IConstruct } from 'constructs';
import { checkAtSynthesis, checkLicenses, mergeSpecifications } from './attachment';
import { renderedInstance } from '../private/license/launch';
import { checkLicenseRegions, warnOfDeactivated } from '../private/license/licenses';

/**
 * Has an EC2 instance launched with self-managed licenses: License Manager counts them, and refuses the launch if that breaks a rule
 * or a hard limit.
 *
 * The licenses come after those that the instance has already. A license that it has already is refused. CloudFormation cannot change
 * the licenses of an instance: adding or removing one **replaces the instance**. To give a license to an instance that has to stay,
 * use `licenseConfiguration.addAssociation()` instead. An instance that comes from a launch template has the licenses that are
 * written on itself, not those of the template, as soon as one is.
 *
 * **A launch that is denied** is what a missing permission looks like: who launches, here CloudFormation's execution role or the role
 * of the deployment, needs `ec2:RunInstances` on the license's ARN besides the usual permissions; `license.grants.launchInstances(role)`
 * gives it. License Manager's service-linked role (`AWSServiceRoleForAWSLicenseManagerRole`) has to exist in the account before the
 * first launch: open the License Manager console once, or run
 * `aws iam create-service-linked-role --aws-service-name license-manager.amazonaws.com`.
 *
 * A license of another account has to be shared with the account that launches (`LicenseShare`).
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-rules.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-instance.html#cfn-ec2-instance-licensespecifications
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/use-launch-templates-to-control-launching-instances.html
 */
export class InstanceLicenses extends Mixin {
  private readonly licenses: ILicenseConfigurationRef[];

  /**
   * Attaches self-managed licenses to EC2 instances.
   *
   * @param licenses at least one, each once, of the instance's Region; more than 10, License Manager's default quota for a resource,
   *   is a warning
   */
  constructor(licenses: ILicenseConfigurationRef[]) {
    super();
    this.licenses = [...licenses];
  }

  /**
   * Whether the construct is an `AWS::EC2::Instance`; by `.with()`, an L2 hands the mixin on to its L1.
   *
   * @param construct any construct
   */
  public supports(construct: IConstruct): construct is CfnInstance {
    return CfnInstance.isCfnInstance(construct);
  }

  /**
   * Attaches the licenses. Does nothing to a construct that is not supported; `Mixins.of(construct).requireAll().apply(mixin)` throws instead.
   *
   * Throws a `ValidationError` for an empty list, for a license that is there twice, and for one known to be of another Region. At
   * synthesis, an instance is refused whose tenancy is not one that the license allows, or whose licenses are overwritten by an
   * override; a license that does not allow shared tenancy causes a warning if the instance has no tenancy.
   *
   * @param construct the instance
   */
  public applyTo(construct: IConstruct): void {
    if (!this.supports(construct)) {
      return;
    }
    checkLicenses(construct, this.licenses);
    checkLicenseRegions(construct, this.licenses);
    warnOfDeactivated(construct, this.licenses);
    construct.licenseSpecifications = mergeSpecifications(construct, construct.licenseSpecifications, this.licenses);
    checkAtSynthesis(construct, this.licenses, renderedInstance);
  }
}
