import type { LicenseAssetRuleset } from '@aws-sdk/client-license-manager';
import { Refusal } from '../../contract/refusal';
import { awsManagedLicenseAssetRuleSet as definition, comparableRuleSetName } from '../../contract/types/aws-managed-license-asset-rule-set';
import { question } from '../kinds/known';
import type { ManagedType, Subject } from '../managed-type';
import { listLicenseAssetRulesets } from '../operations/license-manager';

/**
 * A license asset ruleset that AWS manages, found by its name.
 */
export const awsManagedLicenseAssetRuleSet: ManagedType<typeof definition> = {
  ...question(definition, find, LicenseAssetRulesetArn => ({ LicenseAssetRulesetArn })),

  check({ Name }) {
    if (comparableRuleSetName(Name) === '') {
      throw new Refusal(`Name is '${Name}'. Expected: the name of a ruleset that AWS manages, with at least 1 letter or digit`);
    }
  },
};

async function find(subject: Subject<typeof definition>, { Name: name }: { readonly Name: string }): Promise<string> {
  const { region } = subject.place;
  const managed = await awsManagedRuleSets(subject);
  const named = managed.filter(({ Name }) => comparableRuleSetName(Name!) === comparableRuleSetName(name));
  if (named.length === 0) {
    throw new Refusal(`AWS manages no license asset ruleset with the name '${name}' in Region ${region}. `
      + (managed.length > 0 ? `There are: ${managed.map(({ Name }) => `'${Name}'`).sort().join(', ')}. Use one of these names, with AwsManagedRuleSet.of()`
        : 'There is none at all: check that License Manager has license asset groups in this Region'));
  }
  if (named.length > 1) {
    throw new Refusal(`AWS manages ${named.length} license asset rulesets with the name '${name}' in Region ${region}: `
      + `${named.map(({ LicenseAssetRulesetArn }) => LicenseAssetRulesetArn).join(', ')}. Use one of these ARNs, with `
      + 'LicenseAssetRuleSet.fromLicenseAssetRuleSetArn()');
  }
  return named[0].LicenseAssetRulesetArn!;
}

/**
 * Whether a list with the rulesets that AWS manages has the account's own ones, too, is not documented, and neither are their ARNs. So an own
 * one is told by the list without them, which is only read if one could be own.
 */
async function awsManagedRuleSets({ aws, place: { account } }: Subject<typeof definition>): Promise<LicenseAssetRuleset[]> {
  const listed: LicenseAssetRuleset[] = [];
  for await (const ruleSet of aws.list(listLicenseAssetRulesets, { ShowAWSManagedLicenseAssetRulesets: true })) {
    listed.push(ruleSet);
  }
  if (!listed.some(({ LicenseAssetRulesetArn }) => LicenseAssetRulesetArn!.split(':')[4] === account)) {
    return listed;
  }
  const own = new Set<string>();
  for await (const { LicenseAssetRulesetArn } of aws.list(listLicenseAssetRulesets, { ShowAWSManagedLicenseAssetRulesets: false })) {
    own.add(LicenseAssetRulesetArn!);
  }
  return listed.filter(({ LicenseAssetRulesetArn }) => !own.has(LicenseAssetRulesetArn!));
}
