/*
 * What the mixins have in common. Not public.
 */
import { Annotations, Lazy, Tokenization } from 'aws-cdk-lib';
import type { CfnResource, IResolvable } from 'aws-cdk-lib';
import type { CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { lit } from 'aws-cdk-lib/core/lib/helpers-internal';
import { identityOf } from '../private/identity/reference';
import { licensesAgainst, renderedProperties, tenanciesAsText } from '../private/license/launch';
import type { RenderedTarget } from '../private/license/launch';
import { ID_BEFORE_LOOKUP, identityOfLicense, LICENSES_PER_RESOURCE, tenanciesOf } from '../private/license/license-reference';
import { refuse } from '../private/validation/validation';

export type RenderTarget = (properties: { [name: string]: any }) => RenderedTarget;

/**
 * A list of license specifications as EC2's L1s have it.
 */
export type LicenseSpecifications<T> = (IResolvable | T)[] | IResolvable;

/**
 * Refuses licenses that can be told to be wrong for the target before it is rendered.
 */
export function checkLicenses(target: CfnResource, licenses: ILicenseConfigurationRef[]): void {
  if (licenses.length === 0) {
    refuse(target, lit`MixinWithoutLicense`,
      'the list of licenses is empty: a mixin attaches at least 1. Pass the licenses to attach, or leave the mixin out.');
  }
  checkAttachedOnce(target, licenses, []);
}

/**
 * Refuses a license that is on the target already, or twice in the list.
 */
export function checkAttachedOnce(target: CfnResource, licenses: ILicenseConfigurationRef[], attachedArns: string[]): void {
  const attached = new Set(attachedArns.map(identityOf));
  for (const license of licenses) {
    const identity = identityOfLicense(license);
    if (attached.has(identity)) {
      refuse(target, lit`LicenseAttachedTwice`,
        `license '${license.node.path}' is attached to it twice: a resource has a license once. Attach it once.`);
    }
    attached.add(identity);
  }
}

/**
 * The license specifications that are there, and those of the licenses after them.
 */
export function mergeSpecifications<T extends { readonly licenseConfigurationArn?: string }>(
  target: CfnResource, existing: LicenseSpecifications<T> | undefined, licenses: ILicenseConfigurationRef[],
): LicenseSpecifications<T | { readonly licenseConfigurationArn: string }> {
  if (Tokenization.isResolvable(existing)) {
    return mergeLater(existing, known => mergeSpecifications(target, known, licenses));
  }
  if (existing !== undefined && !Array.isArray(existing)) {
    return existing;
  }
  const specifications = existing ?? [];
  checkAttachedOnce(target, licenses, specifications.flatMap(specification =>
    !Tokenization.isResolvable(specification) && typeof specification.licenseConfigurationArn === 'string'
      ? [specification.licenseConfigurationArn]
      : []));
  return [
    ...specifications,
    ...licenses.map(license => ({ licenseConfigurationArn: license.licenseConfigurationRef.licenseConfigurationArn })),
  ];
}

/**
 * Merges into what is known only when the template is made.
 *
 * What is an intrinsic function even then (such as `Fn::If`) stays as it is; `checkAtSynthesis` reports that the licenses are missing.
 */
export function mergeLater(existing: any, merge: (known: any, resolve: (token: any) => any) => any): IResolvable {
  return Lazy.uncachedAny({
    produce: context => {
      const known = context.resolve(existing);
      return isIntrinsic(known) ? known : merge(known, token => context.resolve(token));
    },
  });
}

function isIntrinsic(value: any): boolean {
  const [key, ...others] = Object.keys(value ?? {});
  return key !== undefined && others.length === 0 && (key === 'Ref' || key.startsWith('Fn::'));
}

/**
 * Changes the data of a launch template, also if it is known only when the template is made.
 */
export function changeTemplateData(
  template: CfnLaunchTemplate, change: (known?: CfnLaunchTemplate.LaunchTemplateDataProperty) => CfnLaunchTemplate.LaunchTemplateDataProperty,
): void {
  const data = template.launchTemplateData;
  template.launchTemplateData = Tokenization.isResolvable(data) ? mergeLater(data, change) : change(data);
}

/**
 * Checks at synthesis what can still change after the mixin was applied: the tenancy, and whether something else has overwritten the
 * licenses.
 */
export function checkAtSynthesis(target: CfnResource, licenses: ILicenseConfigurationRef[], render: RenderTarget): void {
  const before = attachedByMixins.get(target);
  if (before) {
    before.push(...licenses);
    return;
  }
  const attached = [...licenses];
  attachedByMixins.set(target, attached);
  target.node.addValidation({ validate: () => findingsOf(target, attached, render) });
}

/** The licenses that mixins have attached: a target is checked once, for all of its mixins. */
const attachedByMixins = new WeakMap<CfnResource, ILicenseConfigurationRef[]>();

/**
 * The licenses that mixins have attached to a target.
 */
export function attachedTo(target: CfnResource): readonly ILicenseConfigurationRef[] {
  return attachedByMixins.get(target) ?? [];
}

function findingsOf(target: CfnResource, licenses: ILicenseConfigurationRef[], render: RenderTarget): string[] {
  const rendered = render(renderedProperties(target));
  return [
    ...findMissing(target, licenses, rendered.licenses),
    ...findDoubles(rendered.licenses),
    ...checkTenancy(target, licenses, rendered),
    ...warnOfQuota(target, rendered.licenses),
  ];
}

function findMissing(target: CfnResource, licenses: ILicenseConfigurationRef[], lists: unknown[]): string[] {
  const attached = new Set(lists.flatMap(list => Array.isArray(list) ? list.map(arn => JSON.stringify(arn)) : []));
  return licenses
    .filter(license => !attached.has(JSON.stringify(target.stack.resolve(license.licenseConfigurationRef.licenseConfigurationArn))))
    .map(license => `license '${license.node.path}' was attached by a mixin and is not in the template: an override ` +
      '(addPropertyOverride) or a condition (Fn::If) has written the licenses, and a mixin cannot merge into it. ' +
      'Write all licenses there and leave the mixin out, or attach all of them by the mixin.');
}

function findDoubles(lists: unknown[]): string[] {
  const doubles = new Set<string>();
  for (const list of lists.filter(Array.isArray)) {
    const arns = list.map(arn => JSON.stringify(arn));
    arns
      .filter((arn, index) => arns.indexOf(arn) !== index && !arn.includes(ID_BEFORE_LOOKUP))
      .forEach(arn => doubles.add(arn));
  }
  return [...doubles].map(arn => `license ${arn} is attached to it twice: a resource has a license once. Attach it once.`);
}

function warnOfQuota(target: CfnResource, lists: unknown[]): string[] {
  if (lists.some(list => Array.isArray(list) && list.length > LICENSES_PER_RESOURCE)) {
    Annotations.of(target).addWarningV2('cdk-license-manager:tooManyLicensesOnResource',
      `It gets more than ${LICENSES_PER_RESOURCE} licenses, the default quota of License Manager for a resource. ` +
      'Use fewer, or have the quota increased before you deploy.');
  }
  return [];
}

function checkTenancy(target: CfnResource, licenses: ILicenseConfigurationRef[], { tenancy, tenancyElsewhere }: RenderedTarget): string[] {
  if (tenancy === undefined && !tenancyElsewhere) {
    for (const license of licenses.filter(it => tenanciesOf(it)?.includes('EC2-Default') === false)) {
      Annotations.of(target).addWarningV2('cdk-license-manager:tenancyNotWritten',
        `It has no tenancy, so that EC2 uses that of the VPC or shared hardware, and license '${license.node.path}' allows only ` +
        `${tenanciesAsText(license)}. Unless the tenancy comes from somewhere else, the launch is refused: write it.`);
    }
  }
  return licensesAgainst(tenancy, licenses).map(license =>
    `its tenancy is '${String(tenancy)}', and license '${license.node.path}' allows only ${tenanciesAsText(license)}. Change the tenancy, or ` +
    'the allowedTenancy of the license.');
}
