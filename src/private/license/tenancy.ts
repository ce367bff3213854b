import { Annotations } from 'aws-cdk-lib';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IConstruct } from 'constructs';
import { licensesAgainst, tenanciesAsText, tenancyOf } from './launch';
import type { Launch } from './launches';
import { countingTypeOf, isSeenByRules, isTenancyRule, tenanciesOf } from './license-reference';
import { isJudgedByRule } from '../finding/compliance';

/**
 * What is wrong with the tenancy of a launch, for its licenses: an error if a rule of a license lets nothing of it be launched, else a warning.
 *
 * @param scope    what is warned of
 * @param licenses those that it is launched with
 * @param launch   what is launched
 * @param name     what it is called, if it is not the scope: `instance 'path'`
 */
export function checkTenancy(scope: IConstruct, licenses: readonly ILicenseConfigurationRef[], launch: Launch, name?: string): string[] {
  const { by, tenancies, tenancyElsewhere, overrides } = launch;
  if (tenancies.includes(undefined) && !tenancyElsewhere) {
    for (const license of licenses.filter(it => isLeftOpen(it) && !isJudged(scope, it, tenanciesOf(it)!.includes('EC2-DedicatedInstance')))) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:tenancyNotWritten',
        `${capitalized(name ?? 'it')} has no tenancy, so that EC2 uses that of the VPC or shared hardware, and license '${license.node.path}' allows only ` +
        `${tenanciesAsText(license)}. Unless the tenancy comes from somewhere else, the launch is refused: write it.`);
    }
  }
  const isOwn = overrides.some(it => tenancyOf(it) !== undefined);
  return licenses.flatMap(license => {
    const against = tenancies.filter(tenancy => licensesAgainst(tenancy, [license]).length > 0);
    if (against.length === 0) {
      return [];
    }
    const found = [...new Set(against)].map(tenancy => `'${String(tenancy)}'`).join(' and ');
    const text = isOwn ? `'${by.node.path}' launches from it with the tenancy ${found}` : `${name ? `the tenancy of ${name}` : 'its tenancy'} is ${found}`;
    if (!isTenancyRule(license)) {
      if (isJudged(scope, license)) {
        return [];
      }
      Annotations.of(scope).addWarningV2('cdk-license-manager:tenancyNotCounted',
        `${capitalized(text)}, and license '${license.node.path}' is counted by '${countingTypeOf(license)}', which License Manager counts on ` +
        `${tenanciesAsText(license)} only. Change the tenancy, or count by vCPU or by instance.`);
      return [];
    }
    const refusal = `${text}, and license '${license.node.path}' allows only ${tenanciesAsText(license)}. Change the tenancy, or the allowedTenancy of the ` +
      'license.';
    if (against.length === tenancies.length) {
      return [refusal];
    }
    if (!isJudged(scope, license)) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:tenancyNotAllowed', capitalized(refusal));
    }
    return [];
  });
}

/** Whether a license asks for a tenancy to be written. */
function isLeftOpen(license: ILicenseConfigurationRef): boolean {
  return tenanciesOf(license)?.includes('EC2-Default') === false;
}

/**
 * Whether a rule of `LicenseCompliance` looks at the tenancy of what is launched with a license, and says what is wrong with it.
 *
 * @param isOfVpc whether the tenancy may be that of a VPC: the rule does not judge one that the app does not make
 */
function isJudged(scope: IConstruct, license: ILicenseConfigurationRef, isOfVpc = false): boolean {
  return !isOfVpc && isSeenByRules(license) && isJudgedByRule(scope, isTenancyRule(license) ? 'TenancyNotAllowed' : 'TenancyNotCounted');
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
