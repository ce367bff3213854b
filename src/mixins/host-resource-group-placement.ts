import { Mixin, Token, Tokenization } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import { CfnInstance, CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IGroupRef } from 'aws-cdk-lib/aws-resourcegroups';
import { lit } from 'aws-cdk-lib/core/lib/helpers-internal';
import type { IConstruct } from 'constructs';
import { attachedTo, changeTemplateData, checkAtSynthesis, mergeLater, mergeSpecifications } from './attachment';
import type { LicenseSpecifications, RenderTarget } from './attachment';
import { HostLicenses, HostResourceGroup } from '../host-resource-group';
import { identityOf, knownToDiffer, referredConstruct, regionOf, shown } from '../private/identity/reference';
import { familyOfType } from '../private/license/host-families';
import { renderedInstance, renderedLaunchTemplate, renderedProperties } from '../private/license/launch';
import { identityOfLicense, notHostBased } from '../private/license/license-reference';
import { refuse } from '../private/validation/validation';

/**
 * Has an EC2 instance, or the instances of a launch template, launched into a host resource group: onto one of its Dedicated Hosts, or onto a
 * new one if the group allocates them.
 *
 * It writes the tenancy `host` and the ARN of the group. A group with `HostLicenses.only()` wants instances with the same licenses, so those
 * that are missing are written, too. With `HostLicenses.any()`, the AMI has to have a license that is counted by core or by socket
 * (`licenseConfiguration.addAssociation()`), or the launch gets one by `InstanceLicenses` or `LaunchTemplateLicenses`.
 *
 * **Of what AWS licenses, only Windows Server is permitted** on Dedicated Hosts and in their groups: an AMI with SQL Server, SUSE Linux
 * Enterprise Server or another product of which the license is included is not. What an AMI includes is not checked.
 *
 * CloudFormation cannot move an instance to another group: a change **replaces the instance**. A change of a launch template makes a new
 * version of it.
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
export class HostResourceGroupPlacement extends Mixin {
  /**
   * Places EC2 instances in a host resource group.
   *
   * @param group a group of this app, or an imported one; of an L1 or of one that was imported by its ARN, the licenses are not known
   */
  constructor(private readonly group: IGroupRef) {
    super();
  }

  /**
   * Whether the construct is an `AWS::EC2::Instance` or an `AWS::EC2::LaunchTemplate`; by `.with()`, an L2 hands the mixin on to its L1.
   *
   * @param construct any construct
   */
  public supports(construct: IConstruct): boolean {
    return CfnInstance.isCfnInstance(construct) || CfnLaunchTemplate.isCfnLaunchTemplate(construct);
  }

  /**
   * Places the instance, or those of the launch template. Does nothing to a construct that is not supported;
   * `Mixins.of(construct).requireAll().apply(mixin)` throws instead.
   *
   * Throws a `ValidationError` for a group known to be in another Region, and for another tenancy than `host`, a host, a placement group or
   * another host resource group that is there already. At synthesis, an instance or a launch template is refused that has other licenses than
   * the group or, with `HostLicenses.any()`, one that is known to be counted by vCPU or by instance, an instance type of a family that the group
   * is known not to allow, or of which an override has changed the placement, and a launch template for Spot Instances.
   *
   * @param construct the instance or the launch template
   */
  public applyTo(construct: IConstruct): void {
    if (CfnInstance.isCfnInstance(construct)) {
      this.checkRegion(construct);
      const { tenancy, hostId, hostResourceGroupArn, placementGroupName: groupName } = construct;
      const placement = this.place(construct, { tenancy, hostId, hostResourceGroupArn, groupName });
      construct.tenancy = placement.tenancy;
      construct.hostResourceGroupArn = placement.hostResourceGroupArn;
      const licenses = this.missingFrom(construct.licenseSpecifications);
      if (licenses.length > 0) {
        construct.licenseSpecifications = mergeSpecifications(construct, construct.licenseSpecifications, licenses);
      }
      this.checkLater(construct, renderedInstance, ({ PlacementGroupName: GroupName, ...properties }) => ({ ...properties, GroupName }));
    } else if (CfnLaunchTemplate.isCfnLaunchTemplate(construct)) {
      this.checkRegion(construct);
      changeTemplateData(construct, (known = {}) => {
        const licenses = this.missingFrom(known.licenseSpecifications);
        return {
          ...known,
          placement: Tokenization.isResolvable(known.placement)
            ? mergeLater(known.placement, placement => this.place(construct, placement ?? {}))
            : this.place(construct, known.placement ?? {}),
          ...licenses.length > 0 && { licenseSpecifications: mergeSpecifications(construct, known.licenseSpecifications, licenses) },
        };
      });
      this.checkLater(construct, renderedLaunchTemplate, ({ LaunchTemplateData: data }) => ({
        InstanceType: data?.InstanceType, MarketType: data?.InstanceMarketOptions?.MarketType, ...data?.Placement,
      }));
    }
  }

  /** The placement that is there, and the group. */
  private place(target: CfnResource, known: CfnLaunchTemplate.PlacementProperty): CfnLaunchTemplate.PlacementProperty {
    const path = this.group.node.path;
    const { tenancy, hostId, hostResourceGroupArn, groupName, groupId } = known;
    if (tenancy !== undefined && tenancy !== 'host' && !Token.isUnresolved(tenancy)) {
      refuse(target, lit`HostResourceGroupPlacementTenancy`,
        `its tenancy is '${tenancy}', and it is placed in host resource group '${path}', where it has to be 'host'. Leave the tenancy out.`);
    }
    if (hostId !== undefined) {
      refuse(target, lit`HostResourceGroupPlacementHost`,
        `it is placed on host '${shown(target, hostId)}' and in host resource group '${path}', which chooses the host itself. Leave the host out, or the mixin.`);
    }
    const placementGroup = groupName ?? groupId;
    if (placementGroup !== undefined) {
      refuse(target, lit`HostResourceGroupPlacementGroup`,
        `it is in placement group '${shown(target, placementGroup)}' and in host resource group '${path}': instances on Dedicated Hosts can't be in a ` +
        'placement group, also not in one without a name. Leave the placement group out, or the mixin.');
    }
    const { groupArn } = this.group.groupRef;
    if (hostResourceGroupArn !== undefined && identityOf(hostResourceGroupArn) !== identityOf(groupArn)) {
      refuse(target, lit`HostResourceGroupPlacementTwice`,
        `it is placed in host resource group '${path}' and has been in another one before: it can be in one. Leave one of the two out.`);
    }
    return { ...known, tenancy: 'host', hostResourceGroupArn: groupArn };
  }

  private checkRegion(target: CfnResource): void {
    const region = regionOf(this.group, this.group.groupRef.groupArn);
    if (knownToDiffer(region, target.stack.region)) {
      refuse(target, lit`HostResourceGroupInAnotherRegion`,
        `host resource group '${this.group.node.path}' is in Region '${region}' and the stack in '${target.stack.region}': an instance runs ` +
        `on hosts of its own Region. Use a group of '${target.stack.region}'.`);
    }
  }

  private missingFrom<T extends { readonly licenseConfigurationArn?: string }>(
    existing: LicenseSpecifications<T> | undefined,
  ): ILicenseConfigurationRef[] {
    const there = new Set((Array.isArray(existing) ? existing : []).flatMap(specification =>
      !Tokenization.isResolvable(specification) && specification.licenseConfigurationArn !== undefined
        ? [identityOf(specification.licenseConfigurationArn)]
        : []));
    return (HostLicenses._requiredBy(this.group) ?? []).filter(license => !there.has(identityOfLicense(license)));
  }

  private checkLater(
    target: CfnInstance | CfnLaunchTemplate, render: RenderTarget, placementOf: (properties: { [name: string]: any }) => { [name: string]: any },
  ): void {
    checkAtSynthesis(target, [], render);
    target.node.addValidation({
      validate: () => {
        const properties = renderedProperties(target);
        const placement = placementOf(properties);
        return [
          ...this.findInPlacement(target, placement),
          ...this.findInFamily(placement.InstanceType),
          ...this.findSpot(placement.MarketType),
          ...render(properties).licenses.flatMap(licenses => this.findInLicenses(target, licenses)),
        ];
      },
    });
  }

  private findInPlacement(target: CfnResource, placement: { [name: string]: any }): string[] {
    const { groupArn } = this.group.groupRef;
    const placed = JSON.stringify(placement.HostResourceGroupArn) === JSON.stringify(target.stack.resolve(groupArn))
      && placement.Tenancy === 'host' && [placement.HostId, placement.GroupName, placement.GroupId].every(it => it === undefined);
    return placed ? [] : [
      `it was placed in host resource group '${this.group.node.path}' by a mixin, and its placement in the template is another one: an override ` +
      '(addPropertyOverride) or a condition (Fn::If) has written it, and a mixin cannot merge into it. Write the whole placement there ' +
      'and leave the mixin out, or take it from there.',
    ];
  }

  private findInFamily(instanceType: unknown): string[] {
    const allowed = this.group instanceof HostResourceGroup ? this.group._knownHostFamilies : undefined;
    if (allowed === undefined || typeof instanceType !== 'string' || allowed.includes(familyOfType(instanceType))) {
      return [];
    }
    return [
      `its instance type is '${instanceType}', and allowedHostFamilies of host resource group '${this.group.node.path}' has only ` +
      `${allowed.map(family => `'${family}'`).join(', ')}. Add the family, or use another instance type.`,
    ];
  }

  private findSpot(marketType: unknown): string[] {
    return marketType !== 'spot' ? [] : [
      `it asks for Spot Instances (marketType 'spot') and is placed in host resource group '${this.group.node.path}': there are none on Dedicated Hosts. ` +
      'Leave the market options out, or the mixin.',
    ];
  }

  private findInLicenses(target: CfnInstance | CfnLaunchTemplate, licenses: unknown): string[] {
    const required = HostLicenses._requiredBy(this.group);
    if (!required) {
      return HostLicenses._takesAny(this.group) ? this.findNotHostBased(target) : [];
    }
    const wanted = new Map(required.map(license =>
      [elementOf(target.stack.resolve(license.licenseConfigurationRef.licenseConfigurationArn)), license.node.path]));
    const there = new Set(Array.isArray(licenses) ? licenses.map(elementOf) : []);
    const group = `host resource group '${this.group.node.path}'`;
    return [
      ...[...wanted].filter(([element]) => !there.has(element)).map(([, path]) =>
        `license '${path}' of ${group} is not among its licenses in the template: an override (addPropertyOverride) or a condition (Fn::If) ` +
        'has written them. Write all licenses of the group there.'),
      ...[...there].filter(element => !wanted.has(element)).map(element =>
        `it has the license ${element}, which ${group} has not: an instance in a group has the licenses of the group, and no other. ` +
        'Leave the license out, or add it to the group (HostLicenses.only).'),
    ];
  }

  private findNotHostBased(target: CfnInstance | CfnLaunchTemplate): string[] {
    return licensesOf(target).flatMap(license => {
      const type = notHostBased(license);
      return type === undefined ? [] : [
        `it has the license '${license.node.path}', which is counted by '${type}', and is placed in host resource group '${this.group.node.path}', ` +
        'which takes only licenses that are counted by core or by socket. Use a license with LicenseCounting.cores() or .sockets(), or another placement.',
      ];
    });
  }
}

/** The licenses of a target of which something is known: those that mixins have attached, and L1s of the app. */
function licensesOf(target: CfnInstance | CfnLaunchTemplate): ILicenseConfigurationRef[] {
  const data = CfnInstance.isCfnInstance(target) ? target : target.launchTemplateData;
  const specifications = Tokenization.isResolvable(data) ? undefined : data?.licenseSpecifications;
  const named = (Array.isArray(specifications) ? specifications : []).flatMap(specification => {
    const license = Tokenization.isResolvable(specification) ? undefined : referredConstruct(specification.licenseConfigurationArn ?? '');
    return license && CfnLicenseConfiguration.isCfnLicenseConfiguration(license) ? [license] : [];
  });
  const attached = attachedTo(target);
  const known = new Set(attached.map(identityOfLicense));
  return [...attached, ...named.filter(license => !known.has(identityOfLicense(license)))];
}

/** The same for both names of a license in a template: by `Ref` and by `Fn::GetAtt`. */
function elementOf(arn: any): string {
  return JSON.stringify(arn?.Ref ?? arn?.['Fn::GetAtt']?.[0] ?? arn);
}
