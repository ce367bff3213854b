import type { Json } from './json';
import { isObject, objectsIn, textIn } from './json';
import { Problem } from '../../command/problem';

/** What a call of the AWS CLI has answered. */
export interface Call {
  /** As the AWS CLI names it: `list-license-configurations`. */
  readonly operation: string;
  /** What it was about: an ARN, a name. */
  readonly of?: string;
  readonly output?: Json;
  /** Why there is no output. */
  readonly error?: string;
}

/** What was asked by the script of `inventory`. */
export interface Inventory {
  readonly calls: readonly Call[];
  readonly region?: string;
}

/** The version of the inventory's form. */
export const INVENTORY_VERSION = 1;

/** Whether a document is one that the script of `inventory` has printed. */
export function isInventory(document: Json): boolean {
  return 'cdk-license-manager-inventory' in document;
}

export function inventoryIn(document: Json, source: string): Inventory {
  const version = document['cdk-license-manager-inventory'];
  if (version !== INVENTORY_VERSION) {
    throw new Problem(`${source} is an inventory of version ${String(version)}, and this is a command for version ${INVENTORY_VERSION}: take the script and ` +
      'the command from the same version of cdk-license-manager.');
  }
  return {
    region: textIn(document, 'region'),
    calls: objectsIn(document, 'calls').map(call => ({
      operation: textIn(call, 'operation') ?? '',
      of: textIn(call, 'of'),
      output: isObject(call.output) ? call.output : undefined,
      error: textIn(call, 'error'),
    })),
  };
}

/** The member of an output by which an operation is known. The first one that is there counts. */
const OPERATIONS: readonly (readonly [member: string, operation: string])[] = [
  ['LicenseConfigurations', 'list-license-configurations'],
  ['LicenseConfigurationAssociations', 'list-associations-for-license-configuration'],
  ['LicenseCountingType', 'get-license-configuration'],
  ['LicenseAssetRulesets', 'list-license-asset-rulesets'],
  ['LicenseAssetRuleset', 'get-license-asset-ruleset'],
  ['LicenseAssetGroups', 'list-license-asset-groups'],
  ['LicenseAssetGroup', 'get-license-asset-group'],
  ['ReportGenerators', 'list-license-manager-report-generators'],
  ['ReportGenerator', 'get-license-manager-report-generator'],
  ['Licenses', 'list-licenses'],
  ['License', 'get-license'],
  ['Grants', 'list-grants'],
  ['Grant', 'get-grant'],
  ['Tokens', 'list-tokens'],
  ['resourceShares', 'get-resource-shares'],
  ['permissions', 'list-resource-share-permissions'],
  ['principals', 'list-principals'],
  ['resources', 'list-resources'],
  ['GroupIdentifiers', 'list-groups'],
  ['GroupConfiguration', 'get-group-configuration'],
  ['Group', 'get-group'],
  ['Resources', 'list-group-resources'],
  ['ResourceIdentifiers', 'list-group-resources'],
  ['Images', 'describe-images'],
  ['Reservations', 'describe-instances'],
  ['Hosts', 'describe-hosts'],
  ['Account', 'get-caller-identity'],
  ['Tags', 'list-tags-for-resource'],
];

/** The operations that do not say in their output what it is about. */
const OF_SOMETHING: { readonly [operation: string]: string } = {
  'list-associations-for-license-configuration': 'the id of the license (lic-…)',
  'get-group-configuration': 'the name of the group',
  'list-group-resources': 'the name of the group',
  'list-tags-for-resource': 'the id of the resource',
  'list-resource-share-permissions': 'the id of the share',
};

/**
 * The call that an output of the AWS CLI is of.
 *
 * @param document the output
 * @param source   the file that it is from: where an output does not say what it is about, the name of the file has to
 */
export function callBehind(document: Json, source: string): Call {
  const operation = OPERATIONS.find(([member]) => member in document)?.[1];
  if (operation === undefined) {
    throw new Problem(`${source} is neither an inventory, nor a state of Terraform, nor the output of a list or a get of License Manager, AWS RAM or Resource ` +
      'Groups. Run \'npx cdk-license-manager inventory | sh > inventory.json\', and give that.');
  }
  const needs = OF_SOMETHING[operation];
  if (needs === undefined) {
    return { operation, output: document };
  }
  const file = source.replace(/^.*[\\/]/, '').replace(/\.json$/i, '');
  const of = operation.includes('group') ? file : /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[a-z]{1,4}-[0-9a-f]{8,}/i.exec(file)?.[0];
  if (of === undefined) {
    throw new Problem(`${source} is the output of '${operation}', which does not say what it is about. Put ${needs} into the name of the file, or run ` +
      '\'npx cdk-license-manager inventory | sh > inventory.json\', and give that.');
  }
  return { operation, of, output: document };
}
