import { Mixin } from 'aws-cdk-lib';
import { CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IGroupRef } from 'aws-cdk-lib/aws-resourcegroups';
import type { IConstruct } from 'constructs';
import { changed, checkAtSynthesis, checkedLicenses, mergeSpecifications } from './private/attachment';
import { checkGroupPlace, checkPlacementAtSynthesis, licensesRequiredBy, placedInGroup } from './private/host-placement';
import { Reach } from './private/reach';
import { givenGroup } from '../private/license/given-reference';
import { checkLicenseRegions, warnOfDeactivated, warnOfForeign } from '../private/license/licenses';

/**
 * Has the instances of launch templates launched with self-managed licenses: License Manager counts them, and refuses the launch if that breaks a
 * rule or a hard limit.
 *
 * It is the way for everything that launches from a launch template: Auto Scaling groups, fleets, node groups of Amazon EKS, compute environments
 * of AWS Batch. Apply it to the template, or to the construct that makes the template.
 *
 * The licenses come after those that the template has already; one that it has already is there once, and its other data stays as it is. A
 * change makes a new version of the template; instances that run keep what they were launched with.
 *
 * **A launch that is denied** is what a missing permission looks like: who launches from the template, or gives it to an Auto Scaling
 * group, needs `ec2:RunInstances` on the license's ARN besides the usual permissions; `license.grants.launchInstances(role)` gives it.
 * License Manager's service-linked role (`AWSServiceRoleForAWSLicenseManagerRole`) has to exist in the account before the first
 * launch: `ServiceLinkedRole` makes it.
 *
 * The launch is counted; it delivers no license key. Software from AWS Marketplace that needs one is activated with the key of its seller.
 *
 * A license of another account has to be shared with the account that launches (`LicenseShare`).
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-rules.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-ec2-launchtemplate-licensespecification.html
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
 */
export class LaunchTemplateLicenses extends Mixin {
  private readonly licenses: ILicenseConfigurationRef[];
  private readonly reach = new Reach(CfnLaunchTemplate.CFN_RESOURCE_TYPE_NAME);

  /**
   * Attaches self-managed licenses to launch templates.
   *
   * A mixin without licenses attaches none, and causes a warning.
   *
   * @param licenses of the template's Region; more than 10, License Manager's default quota for a resource, is a warning
   */
  constructor(licenses: ILicenseConfigurationRef[]) {
    super();
    this.licenses = checkedLicenses('LaunchTemplateLicenses', licenses);
  }

  /**
   * Whether the mixin attaches licenses to the construct, an `AWS::EC2::LaunchTemplate`, or has to say that it can't: something that launches
   * instances, or something else that can have licenses, or an imported one.
   *
   * @param construct any construct
   */
  public supports(construct: IConstruct): boolean {
    return this.reach.includes(construct);
  }

  /**
   * Attaches the licenses to a launch template, and warns at synthesis (`cdk-license-manager:licenseNotAttached`) of what launches from a launch
   * configuration, without a template or from one without them, and of an imported template. If there is no launch template at all in what the
   * mixin is applied to, it warns of everything else there that can have licenses and has not got them in the end.
   *
   * Throws a `ValidationError` for a license known to be of another Region. At synthesis, a template is refused whose tenancy is not one that the
   * license allows, one whose customized CPU options have fewer or more vCPUs than a license with `honorVcpuOptimization`, and one on Dedicated Hosts
   * from which only Spot Instances are launched, by itself or by what uses it in the app: an Auto Scaling group with a mixed instances policy, a
   * fleet, a node group. A tenancy, CPU options and licenses that an instance or an EC2 Fleet of the app writes itself take the place of the
   * template's. Warnings are caused by Spot Instances and tenancies among others, by licenses that an override, or an instance from the template, has
   * overwritten, by a license that does not allow shared tenancy if no tenancy is written, by an instance type with fewer vCPUs than a license's
   * `minimumVcpus`, as far as its name tells, and by a license of another account or for databases of Amazon RDS.
   *
   * @param construct what the mixin supports; nothing is done to anything else
   */
  public applyTo(construct: IConstruct): void {
    if (!CfnLaunchTemplate.isCfnLaunchTemplate(construct)) {
      this.reach.leaveWithoutLicenses(construct, this.licenses);
      return;
    }
    this.reach.change(construct);
    checkLicenseRegions(construct, this.licenses);
    warnOfDeactivated(construct, this.licenses);
    warnOfForeign(construct, this.licenses);
    construct.launchTemplateData = changed<CfnLaunchTemplate.LaunchTemplateDataProperty>(construct.launchTemplateData, known => ({
      ...known, licenseSpecifications: mergeSpecifications(known?.licenseSpecifications, this.licenses),
    }));
    checkAtSynthesis(construct, this.licenses);
  }
}

/**
 * Has the instances of launch templates launched into a host resource group: onto one of its Dedicated Hosts, or onto a new one if the group
 * allocates them.
 *
 * It writes the tenancy `host` and the ARN of the group. A group with `HostLicenses.only()` wants instances with the same licenses, so those
 * that are missing are written, too. With `HostLicenses.any()`, the AMI has to have a license that is counted by core or by socket
 * (`licenseConfiguration.addAssociation()`), or the launch gets one by `LaunchTemplateLicenses`.
 *
 * **Of what AWS licenses, only Windows Server is permitted** on Dedicated Hosts and in their groups: an AMI with SQL Server, SUSE Linux
 * Enterprise Server or another product of which the license is included is not. What an AMI includes is not checked.
 *
 * A change makes a new version of the launch template.
 *
 * **A launch that is denied** is what a missing permission looks like: who launches needs `ec2:RunInstances` on the ARNs of the group and of
 * its licenses besides the usual permissions; `hostResourceGroup.grants.launchInstances(role)` gives it. An Auto Scaling group launches by its
 * service-linked role, which has it; who gives the launch template to the Auto Scaling group needs it, too. License Manager's
 * service-linked role (`AWSServiceRoleForAWSLicenseManagerRole`) has to exist in the account before the first launch.
 *
 * A group of another account has to be shared with the account that launches, and its licenses with it (`LicenseShare`).
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/host-resource-group-launch.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/conversion-tenancy.html
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-hosts-overview.html
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SpotPlacement.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-ec2-launchtemplate-placement.html
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
 */
export class LaunchTemplateHostPlacement extends Mixin {
  private readonly reach = new Reach(CfnLaunchTemplate.CFN_RESOURCE_TYPE_NAME);

  /**
   * Places the instances of launch templates in a host resource group.
   *
   * @param group a group of this app, or an imported one; of an L1 or of one that was imported by its ARN, the licenses are not known
   */
  constructor(private readonly group: IGroupRef) {
    super();
    givenGroup('mixins.LaunchTemplateHostPlacement', 'group', group);
  }

  /**
   * Whether the mixin places the instances of the construct, an `AWS::EC2::LaunchTemplate`, or has to say that it can't: something that launches
   * instances, or an imported template.
   *
   * @param construct any construct
   */
  public supports(construct: IConstruct): boolean {
    return this.reach.includes(construct);
  }

  /**
   * Places the instances of a launch template, and warns at synthesis (`cdk-license-manager:notPlacedInHostResourceGroup`) of what launches from a
   * launch configuration, without a template or from one that is not placed, and of an imported template. If there is no launch template at all in
   * what the mixin is applied to, it warns of instances there that are not in the group.
   *
   * Throws a `ValidationError` for a group known to be in another Region, and for another tenancy than `host`, a placement group or another host
   * resource group that is there already; what is not known of them before the deployment stays as it is, and causes a warning. At synthesis, a
   * launch template is refused from which only Spot Instances, or only types of families that the group is known not to allow, are launched: by
   * itself or by what uses it in the app, such as an Auto Scaling group with a mixed instances policy. Warnings are caused by such instances among
   * others, by a host that is there already, by other licenses than those of the group or, with `HostLicenses.any()`, by one that is known to be
   * counted by vCPU or by instance, by a placement that an override has changed, by an instance, an EC2 Fleet or a group of the app that writes
   * another placement than the template's itself, and by a host resource group or a license of another account.
   *
   * @param construct what the mixin supports; nothing is done to anything else
   */
  public applyTo(construct: IConstruct): void {
    if (!CfnLaunchTemplate.isCfnLaunchTemplate(construct)) {
      this.reach.leaveUnplaced(construct, this.group);
      return;
    }
    this.reach.change(construct);
    checkGroupPlace(construct, this.group);
    const licenses = licensesRequiredBy(this.group);
    warnOfDeactivated(construct, licenses);
    warnOfForeign(construct, licenses);
    construct.launchTemplateData = changed<CfnLaunchTemplate.LaunchTemplateDataProperty>(construct.launchTemplateData, known => ({
      ...known,
      placement: changed<CfnLaunchTemplate.PlacementProperty>(
        known?.placement ?? {}, placement => placedInGroup(construct, this.group, placement ?? {})),
      ...licenses.length > 0 && { licenseSpecifications: mergeSpecifications(known?.licenseSpecifications, licenses) },
    }));
    checkPlacementAtSynthesis(construct, this.group);
  }
}
