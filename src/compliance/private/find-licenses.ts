import { CfnElement, Token } from 'aws-cdk-lib';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { intrinsicOf, type Meaning, partsOf, type Template, type Templates, type Value } from './templates';
import { countingTypeOf, ID_BEFORE_LOOKUP, isTenancyRule, tenanciesOf } from '../../private/license/license-reference';
import type { SynthesizedApp } from '../synthesized-app';
import { SynthesizedLicense } from '../synthesized-license';
import { SynthesizedResource } from '../synthesized-resource';

/** How a self-managed license is made: by CloudFormation, or through the API. */
export const LICENSE_TYPES = ['AWS::LicenseManager::LicenseConfiguration', 'Custom::LicenseManagerLicenseConfiguration'];

/** The licenses of an app. */
export interface Licenses {
  /** All of which something is known. */
  readonly all: SynthesizedLicense[];
  /** That which a value stands for; nothing if nobody knows which it is. */
  readonly meant: (meaning: Meaning | undefined) => SynthesizedLicense | undefined;
}

/** The licenses that an app makes or imports, and who uses them. */
export function licensesIn(app: SynthesizedApp, templates: Templates): Licenses {
  const made = new Map(app._ofTypes(LICENSE_TYPES).map(resource => [resource._entry, SynthesizedLicense._of({ resource })]));
  const imported = new Map<string, SynthesizedLicense>();
  for (const construct of app._root.node.findAll()) {
    if ('licenseConfigurationRef' in construct && !CfnElement.isCfnElement(construct)) {
      const license = construct as unknown as ILicenseConfigurationRef;
      const arn = license.licenseConfigurationRef.licenseConfigurationArn;
      if (!Token.isUnresolved(arn) && !arn.endsWith(ID_BEFORE_LOOKUP)) {
        const countingType = countingTypeOf(license);
        const tenancies = tenanciesOf(license);
        const isKnown = tenancies !== undefined || countingType !== undefined && !Token.isUnresolved(countingType);
        // One may be imported several times, and what one import says of it, another one need not.
        if (isKnown || !imported.has(arn)) {
          imported.set(arn, SynthesizedLicense._of({
            arn, tenancies, hasTenancyRule: isTenancyRule(license), countingType: Token.isUnresolved(countingType) ? undefined : countingType,
          }));
        }
      }
    }
  }
  const meant = (meaning: Meaning | undefined) => {
    if (meaning && 'entry' in meaning) {
      return made.get(meaning.entry);
    }
    const arn = meaning && 'value' in meaning ? meaning.value : undefined;
    if (typeof arn !== 'string' || !arn.includes(':license-configuration:') || arn.endsWith(ID_BEFORE_LOOKUP)) {
      return undefined;
    }
    const license = imported.get(arn) ?? SynthesizedLicense._of({ arn });
    imported.set(arn, license);
    return license;
  };
  if (made.size > 0) {
    findUsers(templates, meaning => meaning && 'entry' in meaning ? made.get(meaning.entry) : undefined);
  }
  return { all: [...made.values(), ...imported.values()], meant };
}

/** Notes at each license which resources refer to it, and whether it is told to somebody outside of the app. */
function findUsers(templates: Templates, meant: (meaning: Meaning | undefined) => SynthesizedLicense | undefined): void {
  for (const template of templates.all) {
    for (const entry of template.entries.values()) {
      if (entry.type !== 'AWS::CloudFormation::Stack') {
        for (const license of named(templates, template, entry.properties, meant)) {
          if (license.resource?._entry !== entry) {
            license._users.add(SynthesizedResource._of(templates, entry));
          }
        }
      }
    }
  }
  // Only now it is known what other stacks of the app take.
  for (const template of templates.all.filter(({ stack }) => !stack.nestedStackParent)) {
    for (const output of Object.values<Value>(template.content.Outputs ?? {}).filter(it => !templates.isTaken(it))) {
      named(templates, template, output?.Value, meant).forEach(license => { license._isExported = true; });
    }
  }
}

/** The licenses that a value names, however deep. */
function named(
  templates: Templates, template: Template, value: Value, meant: (meaning: Meaning | undefined) => SynthesizedLicense | undefined,
): Set<SynthesizedLicense> {
  const found = new Set<SynthesizedLicense>();
  const visit = (it: Value) => {
    if (typeof it !== 'object' || it === null) {
      return;
    }
    const key = intrinsicOf(it);
    const license = key === undefined ? undefined : meant(templates.meaningOf(template, it));
    if (license) {
      found.add(license);
    } else if (key === 'Fn::Sub') {
      partsOf(it).forEach(visit);
    } else {
      Object.values(it).forEach(visit);
    }
  };
  visit(value);
  return found;
}
