import { Mixin } from 'aws-cdk-lib';
import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IGroupRef } from 'aws-cdk-lib/aws-resourcegroups';
import type { IConstruct } from 'constructs';
import { checkAtSynthesis, checkedLicenses, mergeSpecifications } from './private/attachment';
import { checkGroupPlace, checkPlacementAtSynthesis, licensesRequiredBy, placedInGroup } from './private/host-placement';
import { Reach } from './private/reach';
import { givenGroup } from '../private/license/given-reference';
import { checkLicenseRegions, warnOfDeactivated, warnOfForeign } from '../private/license/licenses';

/**
 * Has EC2 instances launched with self-managed licenses: License Manager counts them, and refuses the launch if that breaks a rule or a hard
 * limit.
 *
 * The licenses come after those that the instance has already, in one order, in whatever order mixins bring them; one that it has already is there
 * once. CloudFormation cannot change the licenses of an instance: adding or removing one **replaces the instance**, and so does a change that
 * replaces the license (its counting or its rules), unless the license has `protectFromReplacement`. To give a license to an instance that has to
 * stay, use `licenseConfiguration.addAssociation()` instead. An instance that comes from a launch template has the licenses that are written on
 * itself, not those of the template, as soon as one is: those of the template that it has not cause a warning (`licenseNotAttached`).
 *
 * **A launch that is denied** is what a missing permission looks like: who launches, here CloudFormation's execution role or the role
 * of the deployment, needs `ec2:RunInstances` on the license's ARN besides the usual permissions; `license.grants.launchInstances(role)`
 * gives it. License Manager's service-linked role (`AWSServiceRoleForAWSLicenseManagerRole`) has to exist in the account before the
 * first launch: `ServiceLinkedRole` makes it.
 *
 * The launch is counted; it delivers no license key. Software from AWS Marketplace that needs one is activated with the key of its seller.
 *
 * A license of another account has to be shared with the account that launches (`LicenseShare`).
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-rules.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-instance.html#cfn-ec2-instance-licensespecifications
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/use-launch-templates-to-control-launching-instances.html
 */
export class InstanceLicenses extends Mixin {
  private readonly licenses: ILicenseConfigurationRef[];
  private readonly reach = new Reach(CfnInstance.CFN_RESOURCE_TYPE_NAME);

  /**
   * Attaches self-managed licenses to EC2 instances.
   *
   * A mixin without licenses attaches none, and causes a warning.
   *
   * @param licenses of the instance's Region; more than 10, License Manager's default quota for a resource, is a warning
   */
  constructor(licenses: ILicenseConfigurationRef[]) {
    super();
    this.licenses = checkedLicenses('InstanceLicenses', licenses);
  }

  /**
   * Whether the mixin attaches licenses to the construct, an `AWS::EC2::Instance`, or has to say that it can't: something else that can have
   * licenses or launches instances, or an imported one.
   *
   * @param construct any construct
   */
  public supports(construct: IConstruct): boolean {
    return this.reach.includes(construct);
  }

  /**
   * Attaches the licenses to an instance, and warns at synthesis (`cdk-license-manager:licenseNotAttached`) of an imported one that stays without
   * them. If there is no instance at all in what the mixin is applied to, it warns of everything else there that launches instances or can
   * have licenses, and has not got them in the end.
   *
   * Throws a `ValidationError` for a license known to be of another Region. At synthesis, an instance is refused whose tenancy is not one that
   * the license allows, and one whose customized CPU options have fewer or more vCPUs than a license with `honorVcpuOptimization`. Warnings are caused
   * by licenses that an override has overwritten, by a license that does not allow shared tenancy if the instance has no tenancy, by an instance type
   * with fewer vCPUs than a license's `minimumVcpus`, as far as its name tells, and by a license of another account or for databases of Amazon RDS.
   * What the instance does not say itself, is that of its launch template, if that is of the app; licenses of the template that the instance loses by having
   * its own cause a warning, too.
   *
   * @param construct what the mixin supports; nothing is done to anything else
   */
  public applyTo(construct: IConstruct): void {
    if (!CfnInstance.isCfnInstance(construct)) {
      this.reach.leaveWithoutLicenses(construct, this.licenses);
      return;
    }
    this.reach.change(construct);
    checkLicenseRegions(construct, this.licenses);
    warnOfDeactivated(construct, this.licenses);
    warnOfForeign(construct, this.licenses);
    construct.licenseSpecifications = mergeSpecifications(construct.licenseSpecifications, this.licenses);
    checkAtSynthesis(construct, this.licenses);
  }
}

/**
 * Has EC2 instances launched into a host resource group: onto one of its Dedicated Hosts, or onto a new one if the group allocates them.
 *
 * It writes the tenancy `host` and the ARN of the group. A group with `HostLicenses.only()` wants instances with the same licenses, so those
 * that are missing are written, too. With `HostLicenses.any()`, the AMI has to have a license that is counted by core or by socket
 * (`licenseConfiguration.addAssociation()`), or the launch gets one by `InstanceLicenses`.
 *
 * **Of what AWS licenses, only Windows Server is permitted** on Dedicated Hosts and in their groups: an AMI with SQL Server, SUSE Linux
 * Enterprise Server or another product of which the license is included is not. What an AMI includes is not checked.
 *
 * CloudFormation cannot move an instance to another group: a change **replaces the instance**.
 *
 * **A launch that is denied** is what a missing permission looks like: who launches needs `ec2:RunInstances` on the ARNs of the group and of
 * its licenses besides the usual permissions; `hostResourceGroup.grants.launchInstances(role)` gives it. License Manager's
 * service-linked role (`AWSServiceRoleForAWSLicenseManagerRole`) has to exist in the account before the first launch.
 *
 * A group of another account has to be shared with the account that launches, and its licenses with it (`LicenseShare`).
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/host-resource-group-launch.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/conversion-tenancy.html
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-hosts-overview.html
 */
export class InstanceHostPlacement extends Mixin {
  private readonly reach = new Reach(CfnInstance.CFN_RESOURCE_TYPE_NAME);

  /**
   * Places EC2 instances in a host resource group.
   *
   * @param group a group of this app, or an imported one; of an L1 or of one that was imported by its ARN, the licenses are not known
   */
  constructor(private readonly group: IGroupRef) {
    super();
    givenGroup('mixins.InstanceHostPlacement', 'group', group);
  }

  /**
   * Whether the mixin places the construct, an `AWS::EC2::Instance`, or has to say that it can't: something else that launches instances, or an
   * imported one.
   *
   * @param construct any construct
   */
  public supports(construct: IConstruct): boolean {
    return this.reach.includes(construct);
  }

  /**
   * Places an instance, and warns at synthesis (`cdk-license-manager:notPlacedInHostResourceGroup`) of an imported one. If there is no instance
   * at all in what the mixin is applied to, it warns of everything else there that launches instances, and not into the group.
   *
   * Throws a `ValidationError` for a group known to be in another Region, and for another tenancy than `host`, a placement group or another host
   * resource group that is there already; what is not known of them before the deployment stays as it is, and causes a warning. At synthesis, an
   * instance is refused whose type is of a family that the group is known not to allow. Warnings are caused by a host that is there already, by other
   * licenses than those of the group or, with `HostLicenses.any()`, by one that is known to be counted by vCPU or by instance, by a placement that an
   * override has changed, and by a group or a license of another account.
   *
   * @param construct what the mixin supports; nothing is done to anything else
   */
  public applyTo(construct: IConstruct): void {
    if (!CfnInstance.isCfnInstance(construct)) {
      this.reach.leaveUnplaced(construct, this.group);
      return;
    }
    this.reach.change(construct);
    checkGroupPlace(construct, this.group);
    const { tenancy, hostId, hostResourceGroupArn, placementGroupName: groupName } = construct;
    const placement = placedInGroup(construct, this.group, { tenancy, hostId, hostResourceGroupArn, groupName });
    construct.tenancy = placement.tenancy;
    construct.hostResourceGroupArn = placement.hostResourceGroupArn;
    const licenses = licensesRequiredBy(this.group);
    warnOfDeactivated(construct, licenses);
    warnOfForeign(construct, licenses);
    if (licenses.length > 0) {
      construct.licenseSpecifications = mergeSpecifications(construct.licenseSpecifications, licenses);
    }
    checkPlacementAtSynthesis(construct, this.group);
  }
}
