import { Mixin } from 'aws-cdk-lib';
import { CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IConstruct } from 'constructs';
import { changeTemplateData, checkAtSynthesis, checkLicenses, mergeSpecifications } from './attachment';
import { renderedLaunchTemplate } from '../private/license/launch';
import { checkLicenseRegions, warnOfDeactivated } from '../private/license/licenses';

/**
 * Has the instances of a launch template launched with self-managed licenses: License Manager counts them, and refuses the launch if
 * that breaks a rule or a hard limit.
 *
 * The licenses come after those that the template has already; its other data stays as it is. A license that it has already is
 * refused. A change makes a new version of the template; instances that run keep what they were launched with.
 *
 * **A launch that is denied** is what a missing permission looks like: who launches from the template, or gives it to an Auto Scaling
 * group, needs `ec2:RunInstances` on the license's ARN besides the usual permissions; `license.grants.launchInstances(role)` gives it.
 * License Manager's service-linked role (`AWSServiceRoleForAWSLicenseManagerRole`) has to exist in the account before the first
 * launch: open the License Manager console once, or run
 * `aws iam create-service-linked-role --aws-service-name license-manager.amazonaws.com`.
 *
 * A license of another account has to be shared with the account that launches (`LicenseShare`).
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-rules.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-ec2-launchtemplate-licensespecification.html
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
 */
export class LaunchTemplateLicenses extends Mixin {
  private readonly licenses: ILicenseConfigurationRef[];

  /**
   * Attaches self-managed licenses to launch templates.
   *
   * @param licenses at least one, each once, of the template's Region; more than 10, License Manager's default quota for a resource,
   *   is a warning
   */
  constructor(licenses: ILicenseConfigurationRef[]) {
    super();
    this.licenses = [...licenses];
  }

  /**
   * Whether the construct is an `AWS::EC2::LaunchTemplate`; by `.with()`, an L2 hands the mixin on to its L1.
   *
   * @param construct any construct
   */
  public supports(construct: IConstruct): construct is CfnLaunchTemplate {
    return CfnLaunchTemplate.isCfnLaunchTemplate(construct);
  }

  /**
   * Attaches the licenses. Does nothing to a construct that is not supported; `Mixins.of(construct).requireAll().apply(mixin)` throws instead.
   *
   * Throws a `ValidationError` for an empty list, for a license that is there twice, and for one known to be of another Region. At
   * synthesis, a template is refused whose tenancy is not one that the license allows, or whose licenses are overwritten by an
   * override; a license that does not allow shared tenancy causes a warning if the template has no tenancy.
   *
   * @param construct the launch template
   */
  public applyTo(construct: IConstruct): void {
    if (!this.supports(construct)) {
      return;
    }
    checkLicenses(construct, this.licenses);
    checkLicenseRegions(construct, this.licenses);
    warnOfDeactivated(construct, this.licenses);
    changeTemplateData(construct, known => ({
      ...known,
      licenseSpecifications: mergeSpecifications(construct, known?.licenseSpecifications, this.licenses),
    }));
    checkAtSynthesis(construct, this.licenses, renderedLaunchTemplate);
  }
}
