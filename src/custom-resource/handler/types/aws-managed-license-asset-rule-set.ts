import type { LicenseAssetRuleset } from '@aws-sdk/client-license-manager';
import { comparableRuleSetName } from '../../contract/properties';
import type { AwsManagedLicenseAssetRuleSetProperties } from '../../contract/properties';
import type { Environment } from '../arn';
import { Refusal } from '../errors';
import type { LicenseManager } from '../license-manager';
import type { ManagedType } from '../managed-type';
import { object, text } from '../shape';

const SUFFIX = '|aws-managed-license-asset-ruleset';

/**
 * A license asset ruleset that AWS manages, found by its name. Nothing is ever written.
 */
export const awsManagedLicenseAssetRuleSet: ManagedType<AwsManagedLicenseAssetRuleSetProperties, string, never> = {
  properties: object<AwsManagedLicenseAssetRuleSetProperties>({ Name: text() }),

  check({ Name }) {
    if (comparableRuleSetName(Name) === '') {
      throw new Refusal(`Name is '${Name}'. Expected: the name of a ruleset that AWS manages, with at least 1 letter or digit`);
    }
  },

  identify: ({ Name }) => `${comparableRuleSetName(Name)}${SUFFIX}`,

  recognizes: (physicalId) => physicalId.endsWith(SUFFIX),

  async read({ properties, licenseManager, environment }) {
    if (!properties) {
      return undefined;
    }
    const managed = await awsManagedRuleSets(licenseManager, environment);
    const named = managed.filter(({ Name }) => comparableRuleSetName(Name!) === comparableRuleSetName(properties.Name));
    if (named.length === 0) {
      throw new Refusal(`AWS manages no license asset ruleset with the name '${properties.Name}' in Region ${environment.region}. `
        + (managed.length > 0 ? `There are: ${managed.map(({ Name }) => `'${Name}'`).sort().join(', ')}. Use one of these names, with AwsManagedRuleSet.of()`
          : 'There is none at all: check that License Manager has license asset groups in this Region'));
    }
    if (named.length > 1) {
      throw new Refusal(`AWS manages ${named.length} license asset rulesets with the name '${properties.Name}' in Region ${environment.region}: `
        + `${named.map(({ LicenseAssetRulesetArn }) => LicenseAssetRulesetArn).join(', ')}. Use one of these ARNs, with `
        + 'LicenseAssetRuleSet.fromLicenseAssetRuleSetArn()');
    }
    return named[0].LicenseAssetRulesetArn;
  },

  compare: () => undefined,

  write: () => Promise.resolve(),

  attributes: (_physicalId, _subject, arn) => ({ LicenseAssetRulesetArn: arn! }),
};

/**
 * Whether a list with the rulesets that AWS manages has the account's own ones, too, is not documented, and neither are their ARNs. So an own
 * one is told by the list without them, which is only read if one could be own.
 */
async function awsManagedRuleSets(licenseManager: LicenseManager, { account }: Environment): Promise<LicenseAssetRuleset[]> {
  const listed: LicenseAssetRuleset[] = [];
  for await (const ruleSet of licenseManager.licenseAssetRulesets(true)) {
    listed.push(ruleSet);
  }
  if (!listed.some(({ LicenseAssetRulesetArn }) => LicenseAssetRulesetArn!.split(':')[4] === account)) {
    return listed;
  }
  const own = new Set<string>();
  for await (const { LicenseAssetRulesetArn } of licenseManager.licenseAssetRulesets(false)) {
    own.add(LicenseAssetRulesetArn!);
  }
  return listed.filter(({ LicenseAssetRulesetArn }) => !own.has(LicenseAssetRulesetArn!));
}
