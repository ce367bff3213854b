/*
 * What the mixins that place instances in a host resource group have in common.
 */
import { Annotations, Token, Tokenization } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import type { CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { CfnGroup } from 'aws-cdk-lib/aws-resourcegroups';
import type { IGroupRef } from 'aws-cdk-lib/aws-resourcegroups';
import { attachedTo, checkAttached } from './attachment';
import { HostLicenses } from '../../host-resource-group';
import { isJudgedByRule } from '../../private/finding/compliance';
import { keepOn, keptOn } from '../../private/identity/copies';
import { accountOf, identityOf, knownToDiffer, referredConstruct, regionOf, resourceBehind, shown } from '../../private/identity/reference';
import { familyOfType } from '../../private/license/host-families';
import { renderedIdentity, renderedProperties, renderedTarget } from '../../private/license/launch';
import { type Launch, launchesOf, templateOf } from '../../private/license/launches';
import { identityOfLicense, notHostBased } from '../../private/license/license-reference';
import { checkRegion } from '../../private/validation/place';
import { lit, type LiteralString, refuse } from '../../private/validation/validation';

/** What can be placed. */
export type Placeable = CfnInstance | CfnLaunchTemplate;

/**
 * The licenses that an instance in a group has to have; none if it is not known which.
 */
export function licensesRequiredBy(group: IGroupRef): readonly ILicenseConfigurationRef[] {
  return HostLicenses._requiredBy(group) ?? [];
}

/**
 * Refuses a group that is known to be in another Region, and warns of one of another account.
 */
export function checkGroupPlace(target: CfnResource, group: IGroupRef): void {
  const { groupArn } = group.groupRef;
  const region = regionOf(group, groupArn);
  const account = accountOf(group, groupArn);
  checkRegion(target, lit`HostResourceGroupInAnotherRegion`, {
    what: `host resource group '${group.node.path}'`,
    value: region,
    reason: `an instance runs on hosts of its own Region. Use a group of '${target.stack.region}'.`,
  });
  if (knownToDiffer(account, target.stack.account)) {
    Annotations.of(target).addWarningV2('cdk-license-manager:hostResourceGroupOfAnotherAccount',
      `Host resource group '${group.node.path}' belongs to account '${account}' and the stack to '${target.stack.account}': AWS refuses a launch into it ` +
      'unless it is shared with the stack\'s account (LicenseShare).');
  }
}

/** A placement as an L1 has it, in whatever of the two. */
type Placement = CfnLaunchTemplate.PlacementProperty;

/**
 * The placement that is there, and the group. Refuses one that does not go with it; what is not known before the deployment stays as it is, and is found
 * at synthesis.
 */
export function placedInGroup(target: CfnResource, group: IGroupRef, known: Placement): Placement {
  for (const [name, message] of contradictions(target, group, known)) {
    refuse(target, name, message);
  }
  const { tenancy, hostId, hostResourceGroupArn } = known;
  if (hostId !== undefined) {
    Annotations.of(target).addWarningV2('cdk-license-manager:hostPlacementHost',
      `It is placed on host '${shown(target, hostId)}' and in host resource group '${group.node.path}', which chooses the host itself. Leave the host out, ` +
      'or the mixin.');
  }
  const { groupArn } = group.groupRef;
  const isSame = hostResourceGroupArn === undefined || identityOf(hostResourceGroupArn) === identityOf(groupArn);
  return { ...known, tenancy: tenancy ?? 'host', hostResourceGroupArn: isSame ? groupArn : hostResourceGroupArn };
}

/** What is known not to go with a group, in a placement: names of errors, and their messages. */
function contradictions(
  target: CfnResource, group: IGroupRef, { tenancy, hostResourceGroupArn, groupName, groupId }: Placement,
): [LiteralString, string][] {
  const path = group.node.path;
  const { groupArn } = group.groupRef;
  const found = new Array<[LiteralString, string]>();
  if (tenancy !== undefined && tenancy !== 'host' && !Token.isUnresolved(tenancy)) {
    found.push([lit`HostPlacementTenancy`,
      `its tenancy is '${tenancy}', and it is placed in host resource group '${path}', where it has to be 'host'. Leave the tenancy out.`]);
  }
  const placementGroup = groupName ?? groupId;
  if (placementGroup !== undefined && isWritten(placementGroup, 'AWS::EC2::PlacementGroup')) {
    found.push([lit`HostPlacementGroup`,
      `it is in placement group '${shown(target, placementGroup)}' and in host resource group '${path}': instances on Dedicated Hosts can't be in a ` +
      'placement group, also not in one without a name. Leave the placement group out, or the mixin.']);
  }
  if (hostResourceGroupArn !== undefined && identityOf(hostResourceGroupArn) !== identityOf(groupArn)
    && [hostResourceGroupArn, groupArn].every(arn => isWritten(arn, CfnGroup.CFN_RESOURCE_TYPE_NAME))) {
    found.push([lit`HostPlacementTwice`,
      `it is placed in host resource group '${path}' and has been in another one before: it can be in one. Leave one of the two out.`]);
  }
  return found;
}

/** Whether it is known what a text names: it is written, or a resource of the app has it. A parameter or a condition may stand for anything. */
function isWritten(text: string, type: string): boolean {
  return !Token.isUnresolved(text) || (referredConstruct(text) as CfnResource | undefined)?.cfnResourceType === type;
}

/** Under which the copies of this library keep where their mixins have placed something. */
const PLACED = 'mixins.hostPlacement';

/**
 * Checks at synthesis what can still change after something was placed: the placement, the instance type, and the licenses. Once for a group.
 */
export function checkPlacementAtSynthesis(target: Placeable, group: IGroupRef): void {
  checkAttached(target, []);
  const groups = keepOn(target, PLACED, () => new Set<string>());
  const identity = identityOf(group.groupRef.groupArn);
  if (groups.has(identity)) {
    return;
  }
  groups.add(identity);
  target.node.addValidation({
    validate: () => {
      renderedTarget(target).licenses.forEach(licenses => findInLicenses(target, group, licenses));
      const refused = contradictions(target, group, writtenPlacement(target));
      if (refused.length === 0) {
        findInPlacement(target, group, renderedPlacement(target));
      }
      findInTemplate(target, group);
      const launches = launchesOf(target);
      launches.filter(({ by }) => by !== target).forEach(launch => findInOverrides(target, group, launch));
      return [...refused.map(([, message]) => message), ...launches.flatMap(launch => findInFamily(target, group, launch))];
    },
  });
}

function renderedPlacement(target: Placeable): { [name: string]: any } {
  if (CfnInstance.isCfnInstance(target)) {
    const { PlacementGroupName: GroupName, ...properties } = renderedProperties(target);
    return { ...properties, GroupName };
  }
  const { LaunchTemplateData: data } = renderedProperties(target);
  return data?.Placement ?? {};
}

/**
 * Whether a mixin has placed something in a group. What its template says otherwise, is found there.
 */
export function wasPlaced(target: CfnResource, group: IGroupRef): boolean {
  return keptOn<Set<string>>(target, PLACED)?.has(identityOf(group.groupRef.groupArn)) ?? false;
}

/** What is written of a placement in the end, without overrides: only now it is known what some tokens stand for. */
function writtenPlacement(target: Placeable): Placement {
  const data = CfnInstance.isCfnInstance(target) ? undefined : target.stack.resolve(target.launchTemplateData);
  const { tenancy, hostResourceGroupArn, placementGroupName: groupName } = target as CfnInstance;
  const placement = data?.placement ?? target.stack.resolve({ tenancy, hostResourceGroupArn, groupName });
  return Object.fromEntries(Object.entries(placement).filter(([, value]) => typeof value === 'string'));
}

function findInPlacement(target: CfnResource, group: IGroupRef, placement: { [name: string]: any }): void {
  const { HostResourceGroupArn: arn, Tenancy: tenancy } = placement;
  const placementGroups = [placement.GroupName, placement.GroupId].filter(it => it !== undefined);
  const isThere = isInGroup(target, group, arn);
  const unknown = [
    ...isNotKnown(tenancy) ? ['its tenancy, which has to be \'host\''] : [],
    ...!isThere && (isNotKnown(arn) || arn !== undefined && isNotKnown(target.stack.resolve(group.groupRef.groupArn)))
      ? ['its hostResourceGroupArn, which has to be that of the group'] : [],
    ...placementGroups.some(isNotKnown) ? ['its placement group, of which there must be none'] : [],
  ];
  const isOther = !isThere && !unknown.some(it => it.includes('hostResourceGroupArn'))
    || tenancy !== 'host' && !isNotKnown(tenancy) || placementGroups.some(it => !isNotKnown(it));
  if (isOther) {
    Annotations.of(target).addWarningV2('cdk-license-manager:placementNotInTemplate',
      `It was placed in host resource group '${group.node.path}' by a mixin, and its placement in the template is another one: it was assigned afterwards, or an override ` +
      '(addPropertyOverride) or a condition (Fn::If) has written it, and a mixin cannot merge into it. Write the whole placement there ' +
      'and leave the mixin out, or take it from there.');
  } else if (unknown.length > 0) {
    Annotations.of(target).addWarningV2('cdk-license-manager:hostPlacementNotKnown',
      `It was placed in host resource group '${group.node.path}' by a mixin, and nobody knows before the deployment ${unknown.join(', and ')}: a mixin ` +
      'leaves what is written. Leave it out, or see that it is so.');
  }
}

/** What an instance takes from a launch template of the app. */
function findInTemplate(target: Placeable, group: IGroupRef): void {
  const template = templateOf(target);
  const from = template && renderedTarget(template).placement;
  const own = renderedPlacement(target);
  const taken = [
    ...from?.HostId !== undefined && own.HostId === undefined ? ['a host, and the group chooses it itself'] : [],
    ...(from?.GroupName ?? from?.GroupId) !== undefined && (own.GroupName ?? own.GroupId) === undefined
      ? ['a placement group, which instances on Dedicated Hosts can\'t be in'] : [],
  ];
  if (template && taken.length > 0) {
    Annotations.of(target).addWarningV2('cdk-license-manager:hostPlacementOfTemplate',
      `It is placed in host resource group '${group.node.path}', and has from launch template '${template.node.path}' ${taken.join(', and ')}. Take it out ` +
      'there, or leave the mixin out.');
  }
}

/** What uses the launch template, and writes a part of the placement itself, or the licenses, has it from there. */
function findInOverrides(target: Placeable, group: IGroupRef, { by, overrides, licenses }: Launch): void {
  const others = overrides.map(({ Tenancy: tenancy, HostId: host, HostResourceGroupArn: arn, GroupName, GroupId }) => [
    ...typeof tenancy === 'string' && tenancy !== 'host' ? [`the tenancy '${tenancy}'`] : [],
    ...host !== undefined ? ['a host, which the group chooses itself'] : [],
    ...arn !== undefined && !isNotKnown(arn) && !isInGroup(by, group, arn) ? ['another host resource group'] : [],
    ...(GroupName ?? GroupId) !== undefined ? ['a placement group, which instances on Dedicated Hosts can\'t be in'] : [],
  ]);
  const written = [...new Set(others.flat())];
  const isUnknown = overrides.flatMap(({ Tenancy, HostResourceGroupArn }) => [Tenancy, HostResourceGroupArn])
    .some(it => isNotKnown(it) && !isInGroup(by, group, it));
  const named = `host resource group '${group.node.path}'`;
  if (written.length > 0) {
    Annotations.of(by).addWarningV2('cdk-license-manager:notPlacedInHostResourceGroup',
      `${others.every(it => it.length > 0) ? 'It is not' : 'Some of it is not'} placed in ${named}, as a mixin was to do: it uses launch template ` +
      `'${target.node.path}', which is, and writes ${written.join(', and ')}, which is what counts. Leave it out, or acknowledge this finding.`);
  } else if (isUnknown) {
    Annotations.of(by).addWarningV2('cdk-license-manager:hostPlacementNotKnown',
      `It uses launch template '${target.node.path}', which is placed in ${named}, and writes a tenancy or a group of its own, which nobody knows before the ` +
      'deployment: the tenancy has to be \'host\', and the group the same. Leave them out, or see that it is so.');
  }
  if (licenses !== undefined && CfnInstance.isCfnInstance(by)) {
    findInLicenses(by, group, licenses);
  }
}

/** Whether nobody knows at synthesis what a rendered value stands for. Attributes of resources are known as what they are. */
function isNotKnown(rendered: unknown): boolean {
  return typeof rendered === 'object' && rendered !== null && !('Fn::GetAtt' in rendered);
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

/** An error if nothing can be launched, a warning if some of it can't. */
function findInFamily(target: CfnResource, group: IGroupRef, { by, instanceTypes }: Launch): string[] {
  // Only an L2 knows it, of whichever copy of the library.
  const { _knownHostFamilies: allowed } = group as { readonly _knownHostFamilies?: string[] };
  const others = allowed === undefined ? [] : instanceTypes.filter(type =>
    typeof type === 'string' && INSTANCE_TYPE.test(type) && !allowed.includes(familyOfType(type)));
  if (others.length === 0) {
    return [];
  }
  const text = `${by === target ? 'its instance type is' : `'${by.node.path}' launches`} ${others.map(type => `'${String(type)}'`).join(' and ')}` +
    `${by === target ? '' : ' from it'}, and allowedHostFamilies of host resource group '${group.node.path}' has only ` +
    `${allowed!.map(family => `'${family}'`).join(', ')}. Add the family, or use another instance type.`;
  if (others.length === instanceTypes.length) {
    return [text];
  }
  // What an imported group allows, no template says.
  if (!(resourceBehind(group, CfnGroup.isCfnGroup) && isJudgedByRule(target, 'HostFamilyNotAllowed'))) {
    Annotations.of(target).addWarningV2('cdk-license-manager:instanceTypeNotAllowed', text);
  }
  return [];
}

/** An instance type, or a family, which some services take in its place; they have other words, too. */
const INSTANCE_TYPE = /^[a-z]+[0-9-][a-z0-9-]*(\.|$)/;

/**
 * The user guide says that an instance has the licenses of the group. Whether it may have another one besides, for a second product on its host, nobody
 * documents.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/conversion-tenancy.html
 */
function findInLicenses(target: Placeable, group: IGroupRef, licenses: unknown): void {
  const required = HostLicenses._requiredBy(group);
  if (!required) {
    if (HostLicenses._takesAny(group)) {
      findNotHostBased(target, group);
    }
    return;
  }
  const wanted = new Map(required.map(license =>
    [renderedIdentity(target.stack.resolve(license.licenseConfigurationRef.licenseConfigurationArn)), license.node.path]));
  const there = new Set(Array.isArray(licenses) ? licenses.map(renderedIdentity) : []);
  const named = `host resource group '${group.node.path}'`;
  for (const [element, path] of wanted) {
    if (!there.has(element)) {
      Annotations.of(target).addWarningV2('cdk-license-manager:licenseOfGroupNotInTemplate',
        `License '${path}' of ${named} is not among its licenses in the template: they were assigned, or an override (addPropertyOverride) or a condition (Fn::If) ` +
        'has written them. Write all licenses of the group there.');
    }
  }
  for (const element of there) {
    if (!wanted.has(element)) {
      const known = licensesOf(target).find(license =>
        renderedIdentity(target.stack.resolve(license.licenseConfigurationRef.licenseConfigurationArn)) === element);
      Annotations.of(target).addWarningV2('cdk-license-manager:licenseNotOfGroup',
        `It has the license '${known?.node.path ?? JSON.parse(element)}', which ${named} has not: License Manager wants instances in a group to have the same licenses ` +
        'as the group, and may refuse the launch. If the license is needed, add it to the group (HostLicenses.only); else leave it out.');
    }
  }
}

function findNotHostBased(target: Placeable, group: IGroupRef): void {
  for (const license of licensesOf(target)) {
    const type = notHostBased(license);
    if (type !== undefined) {
      Annotations.of(target).addWarningV2('cdk-license-manager:licenseNotHostBased',
        `It has the license '${license.node.path}', which is counted by '${type}', and is placed in host resource group '${group.node.path}', ` +
        'which is for licenses that are counted by core or by socket. Use a license with LicenseCounting.cores() or .sockets(), or another placement.');
    }
  }
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
