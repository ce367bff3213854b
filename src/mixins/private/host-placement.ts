/*
 * What the mixins that place instances in a host resource group have in common.
 */
import { Token, Tokenization } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import type { CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IGroupRef } from 'aws-cdk-lib/aws-resourcegroups';
import { attachedTo, checkAtSynthesis } from './attachment';
import { HostLicenses } from '../../host-resource-group';
import { keepOn } from '../../private/identity/copies';
import { identityOf, referredConstruct, regionOf, shown } from '../../private/identity/reference';
import { familyOfType } from '../../private/license/host-families';
import { renderedIdentity, renderedProperties, renderedTarget } from '../../private/license/launch';
import { identityOfLicense, notHostBased } from '../../private/license/license-reference';
import { checkRegion } from '../../private/validation/place';
import { lit, refuse } from '../../private/validation/validation';

/** What can be placed. */
export type Placeable = CfnInstance | CfnLaunchTemplate;

/**
 * The licenses that an instance in a group has to have; none if it is not known which.
 */
export function licensesRequiredBy(group: IGroupRef): ILicenseConfigurationRef[] {
  return HostLicenses._requiredBy(group) ?? [];
}

/**
 * Refuses a group that is known to be in another Region.
 */
export function checkGroupRegion(target: CfnResource, group: IGroupRef): void {
  const region = regionOf(group, group.groupRef.groupArn);
  checkRegion(target, lit`HostResourceGroupInAnotherRegion`, {
    what: `host resource group '${group.node.path}'`,
    value: region,
    reason: `an instance runs on hosts of its own Region. Use a group of '${target.stack.region}'.`,
  });
}

/**
 * The placement that is there, and the group. Refuses one that does not go with it.
 */
export function placedInGroup(
  target: CfnResource, group: IGroupRef, known: CfnLaunchTemplate.PlacementProperty,
): CfnLaunchTemplate.PlacementProperty {
  const path = group.node.path;
  const { tenancy, hostId, hostResourceGroupArn, groupName, groupId } = known;
  if (tenancy !== undefined && tenancy !== 'host' && !Token.isUnresolved(tenancy)) {
    refuse(target, lit`HostPlacementTenancy`,
      `its tenancy is '${tenancy}', and it is placed in host resource group '${path}', where it has to be 'host'. Leave the tenancy out.`);
  }
  if (hostId !== undefined) {
    refuse(target, lit`HostPlacementHost`,
      `it is placed on host '${shown(target, hostId)}' and in host resource group '${path}', which chooses the host itself. Leave the host out, or the mixin.`);
  }
  const placementGroup = groupName ?? groupId;
  if (placementGroup !== undefined) {
    refuse(target, lit`HostPlacementGroup`,
      `it is in placement group '${shown(target, placementGroup)}' and in host resource group '${path}': instances on Dedicated Hosts can't be in a ` +
      'placement group, also not in one without a name. Leave the placement group out, or the mixin.');
  }
  const { groupArn } = group.groupRef;
  if (hostResourceGroupArn !== undefined && identityOf(hostResourceGroupArn) !== identityOf(groupArn)) {
    refuse(target, lit`HostPlacementTwice`,
      `it is placed in host resource group '${path}' and has been in another one before: it can be in one. Leave one of the two out.`);
  }
  return { ...known, tenancy: 'host', hostResourceGroupArn: groupArn };
}

/** Under which the copies of this library keep where their mixins have placed something. */
const PLACED = 'mixins.hostPlacement';

/**
 * Checks at synthesis what can still change after something was placed: the placement, the instance type, and the licenses. Once for a group.
 */
export function checkPlacementAtSynthesis(target: Placeable, group: IGroupRef): void {
  checkAtSynthesis(target, []);
  const groups = keepOn(target, PLACED, () => new Set<string>());
  const identity = identityOf(group.groupRef.groupArn);
  if (groups.has(identity)) {
    return;
  }
  groups.add(identity);
  target.node.addValidation({
    validate: () => {
      const placement = renderedPlacement(target);
      return [
        ...findInPlacement(target, group, placement),
        ...findInFamily(group, placement.InstanceType),
        ...findSpot(group, placement.MarketType),
        ...renderedTarget(target).licenses.flatMap(licenses => findInLicenses(target, group, licenses)),
      ];
    },
  });
}

function renderedPlacement(target: Placeable): { [name: string]: any } {
  if (CfnInstance.isCfnInstance(target)) {
    const { PlacementGroupName: GroupName, ...properties } = renderedProperties(target);
    return { ...properties, GroupName };
  }
  const { LaunchTemplateData: data } = renderedProperties(target);
  return { InstanceType: data?.InstanceType, MarketType: data?.InstanceMarketOptions?.MarketType, ...data?.Placement };
}

function findInPlacement(target: CfnResource, group: IGroupRef, placement: { [name: string]: any }): string[] {
  const placed = isInGroup(target, group, placement.HostResourceGroupArn)
    && placement.Tenancy === 'host' && [placement.HostId, placement.GroupName, placement.GroupId].every(it => it === undefined);
  return placed ? [] : [
    `it was placed in host resource group '${group.node.path}' by a mixin, and its placement in the template is another one: an override ` +
    '(addPropertyOverride) or a condition (Fn::If) has written it, and a mixin cannot merge into it. Write the whole placement there ' +
    'and leave the mixin out, or take it from there.',
  ];
}

/**
 * Whether a group is the one that is in the template.
 *
 * @param target               what is placed
 * @param group                the group
 * @param hostResourceGroupArn what is in the template
 */
export function isInGroup(target: CfnResource, group: IGroupRef, hostResourceGroupArn: unknown): boolean {
  return JSON.stringify(hostResourceGroupArn) === JSON.stringify(target.stack.resolve(group.groupRef.groupArn));
}

function findInFamily(group: IGroupRef, instanceType: unknown): string[] {
  // Only an L2 knows it, of whichever copy of the library.
  const { _knownHostFamilies: allowed } = group as { readonly _knownHostFamilies?: string[] };
  if (allowed === undefined || typeof instanceType !== 'string' || allowed.includes(familyOfType(instanceType))) {
    return [];
  }
  return [
    `its instance type is '${instanceType}', and allowedHostFamilies of host resource group '${group.node.path}' has only ` +
    `${allowed.map(family => `'${family}'`).join(', ')}. Add the family, or use another instance type.`,
  ];
}

function findSpot(group: IGroupRef, marketType: unknown): string[] {
  return marketType !== 'spot' ? [] : [
    `it asks for Spot Instances (marketType 'spot') and is placed in host resource group '${group.node.path}': there are none on Dedicated Hosts. ` +
    'Leave the market options out, or the mixin.',
  ];
}

function findInLicenses(target: Placeable, group: IGroupRef, licenses: unknown): string[] {
  const required = HostLicenses._requiredBy(group);
  if (!required) {
    return HostLicenses._takesAny(group) ? findNotHostBased(target, group) : [];
  }
  const wanted = new Map(required.map(license =>
    [renderedIdentity(target.stack.resolve(license.licenseConfigurationRef.licenseConfigurationArn)), license.node.path]));
  const there = new Set(Array.isArray(licenses) ? licenses.map(renderedIdentity) : []);
  const named = `host resource group '${group.node.path}'`;
  return [
    ...[...wanted].filter(([element]) => !there.has(element)).map(([, path]) =>
      `license '${path}' of ${named} is not among its licenses in the template: an override (addPropertyOverride) or a condition (Fn::If) ` +
      'has written them. Write all licenses of the group there.'),
    ...[...there].filter(element => !wanted.has(element)).map(element =>
      `it has the license ${element}, which ${named} has not: an instance in a group has the licenses of the group, and no other. ` +
      'Leave the license out, or add it to the group (HostLicenses.only).'),
  ];
}

function findNotHostBased(target: Placeable, group: IGroupRef): string[] {
  return licensesOf(target).flatMap(license => {
    const type = notHostBased(license);
    return type === undefined ? [] : [
      `it has the license '${license.node.path}', which is counted by '${type}', and is placed in host resource group '${group.node.path}', ` +
      'which takes only licenses that are counted by core or by socket. Use a license with LicenseCounting.cores() or .sockets(), or another placement.',
    ];
  });
}

/** The licenses of a target of which something is known: those that mixins have attached, and L1s of the app. */
function licensesOf(target: Placeable): ILicenseConfigurationRef[] {
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
