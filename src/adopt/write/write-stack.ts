import { writeHostGroups } from './host-groups';
import { writeIssuedLicenses } from './issued-licenses';
import { writeLicenseAssets } from './license-assets';
import { writeLicenseConfigurations } from './license-configurations';
import type { Program } from './program';
import { writeReports } from './reports';
import { writeShares } from './shares';
import { Writer } from './writer';
import type { Named } from '../code/names';
import { distinction, plainId } from '../code/names';
import type { Estate } from '../estate';

/** What has to be known beside what there is. */
export interface StackOptions {
  /** The logical ids of an earlier run, by what CloudFormation knows the resources by. */
  readonly knownLogicalIds: ReadonlyMap<string, string>;
  readonly hasEveryType: boolean;
}

/** Writes the stack that has all that there is. */
export function writeStack(estate: Estate, { knownLogicalIds, hasEveryType }: StackOptions): Program {
  const things = namedOf(estate);
  const writer = new Writer(estate, things, knownIds(things, knownLogicalIds, estate), hasEveryType);
  writeLicenseConfigurations(writer);
  writeIssuedLicenses(writer);
  writeLicenseAssets(writer);
  writeReports(writer);
  writeHostGroups(writer);
  writeShares(writer);
  return writer.program();
}

/** All that gets an id of its own. */
function namedOf(estate: Estate): Named[] {
  const of = (things: readonly { readonly arn: string; readonly name: string }[], kind: string, suffix: string): Named[] =>
    things.map(({ arn, name }) => ({ identity: arn, name, kind, suffix }));
  return [
    ...of(estate.licenseConfigurations, 'License', ''),
    ...of(estate.issuedLicenses, 'SellerIssuedLicense', 'License'),
    ...of(estate.grants, 'Grant', 'Grant'),
    ...of(estate.receivedGrants, 'Acceptance', 'Acceptance'),
    ...of(estate.ruleSets, 'RuleSet', 'RuleSet'),
    ...of(estate.assetGroups, 'AssetGroup', 'AssetGroup'),
    ...of(estate.reports, 'Report', 'Report'),
    ...of(estate.hostGroups, 'Hosts', 'Hosts'),
    ...of(estate.shares, 'Share', 'Share'),
  ];
}

/** The ids that an earlier run has given, as their logical ids tell. */
function knownIds(things: readonly Named[], logicalIds: ReadonlyMap<string, string>, estate: Estate): Map<string, string> {
  const names = new Map(estate.hostGroups.map(({ arn, name }) => [arn, name]));
  const known = new Map<string, string>();
  for (const thing of things) {
    const logicalId = logicalIds.get(names.get(thing.identity) ?? thing.identity);
    // A logical id is the id, and what the CDK and this library make of the path and of the properties.
    const id = [plainId(thing) + distinction(thing.identity), plainId(thing)].find(it =>
      logicalId?.startsWith(it) && /^([0-9A-F]{8}){0,2}$/.test(logicalId.slice(it.length)));
    if (id !== undefined) {
      known.set(thing.identity, id);
    }
  }
  return known;
}
