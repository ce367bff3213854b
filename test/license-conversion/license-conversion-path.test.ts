import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LicenseConversionPath, LicenseType } from '../../src';

const SAP_CODE = 'abc123';
const NA = '6cd5fxzrad0cu2j23p692xytz';
const EMEA = '6t1yup6mik9ng3ge36n33xqhw';
const SAP_NA = 'du6111oq9lwrc996awt04qyql';
const SAP_EMEA = '952qwcsxkm430zxhpy32i7w8g';

/**
 * What the user guide says, read from it and not from the code: from, to, whether there is a way back.
 *
 * Windows: the table «Conversion paths» with the usage operations of «Usage operation values», for media of your own, without its «Not needed» (the usage
 * operation stays as it is), «No» and «Unsupported». Linux: the commands of «Supported conversions for Red Hat» and «Convert to Ubuntu Pro».
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/conversion-types-windows.html
 */
const GUIDE: [from: string, to: string, wayBack: boolean][] = [
  ['RunInstances:0800', 'RunInstances:0002', true],
  ['RunInstances:0002', 'RunInstances:0800', true],
  ...['0202', '0006', '0102'].flatMap((sql): [string, string, boolean][] => [
    ['RunInstances:0800', `RunInstances:${sql}`, true],
    ['RunInstances:0002', `RunInstances:${sql}`, true],
    [`RunInstances:${sql}`, 'RunInstances:0002', true],
    [`RunInstances:${sql}`, 'RunInstances:0800', true],
  ]),
  ['RunInstances', 'RunInstances:0g00', false],
  [`RunInstances:0010 ${SAP_CODE}`, `RunInstances:00g0 ${SAP_NA}`, false],
  [`RunInstances:0010 ${SAP_CODE}`, `RunInstances:00g0 ${SAP_EMEA}`, false],
  [`RunInstances:0010 ${SAP_CODE}`, 'RunInstances:00g0', false],
  ...[NA, EMEA].flatMap((code): [string, string, boolean][] => [
    ['RunInstances:0010', `RunInstances:00g0 ${code}`, true],
    [`RunInstances:00g0 ${code}`, 'RunInstances:0010', true],
    [`RunInstances ${code}`, 'RunInstances:0010', true],
  ]),
  ['RunInstances:0010', 'RunInstances:00g0', true],
  ['RunInstances:00g0', 'RunInstances:0010', true],
];

const FOR_EVER = {
  ubuntuLtsToProForever: LicenseConversionPath.ubuntuLtsToProForever(),
  rhelForSapToMarketplaceForever: LicenseConversionPath.rhelForSapToMarketplaceForever(SAP_CODE),
  rhelForSapToMarketplaceEmeaForever: LicenseConversionPath.rhelForSapToMarketplaceEmeaForever(SAP_CODE),
  rhelForSapToRedHatSubscriptionsForever: LicenseConversionPath.rhelForSapToRedHatSubscriptionsForever(SAP_CODE),
};
const CONSTANTS = Object.fromEntries(Object.entries(LicenseConversionPath)) as unknown as { readonly [name: string]: LicenseConversionPath };
const ALL: [string, LicenseConversionPath][] = Object.entries({ ...CONSTANTS, ...FOR_EVER });

const text = ({ usageOperation, productCodeIds }: LicenseType) => [usageOperation, ...productCodeIds].join(' ');

test('the paths are those of the user guide, with their ways back', () => {
  expect(ALL.map(([, { source, destination, wayBack }]) => [text(source), text(destination), wayBack !== undefined]).sort()).toEqual(GUIDE.sort());
});

test('a path without a way back says so by its name, and in its effects', () => {
  for (const [name, { wayBack, effects }] of ALL) {
    expect([name, wayBack === undefined]).toEqual([name, name.endsWith('Forever')]);
    expect([name, effects.includes('There is no way back but by a request to AWS Support.')]).toEqual([name, wayBack === undefined]);
  }
});

test('every method of the class is one of a path without a way back', () => {
  const methods = Object.getOwnPropertyNames(LicenseConversionPath).filter(name => typeof Object.getOwnPropertyDescriptor(LicenseConversionPath, name)!.value === 'function');

  expect(methods.sort()).toEqual(Object.keys(FOR_EVER).sort());
});

test('the way back of what was launched from an AMI of Red Hat leads to the same product', () => {
  expect(LicenseConversionPath.RHEL_MARKETPLACE_AMI_TO_INCLUDED.wayBack).toBe(LicenseConversionPath.RHEL_INCLUDED_TO_MARKETPLACE);
  expect(LicenseConversionPath.RHEL_MARKETPLACE_AMI_EMEA_TO_INCLUDED.wayBack).toBe(LicenseConversionPath.RHEL_INCLUDED_TO_MARKETPLACE_EMEA);
});

test.each<[what: string, names: string[], part: 'prerequisites' | 'effects', words: RegExp]>([
  ['switches Windows to the KMS server of AWS', ['WINDOWS_BYOL_TO'], 'effects', /KMS server of AWS/],
  ['leaves the KMS server to you', ['TO_BYOL', 'TO_WINDOWS_BYOL'], 'effects', /KMS server of your own/],
  ['needs another tenancy than shared', ['TO_BYOL', 'TO_WINDOWS_BYOL'], 'prerequisites', /not permitted on shared tenancy/],
  ['needs an image of your own', ['WINDOWS_BYOL_TO', 'TO_BYOL', 'TO_WINDOWS_BYOL'], 'prerequisites', /an image that you have imported/],
  ['needs SQL Server', ['TO_SQL_SERVER'], 'prerequisites', /SQL Server of the edition is installed/],
  ['needs SQL Server from your own media', ['SQL_SERVER_WEB_TO', 'SQL_SERVER_STANDARD_TO', 'SQL_SERVER_ENTERPRISE_TO'], 'prerequisites', /SQL Server was installed from your own media/],
  ['needs a subscription of the account in AWS Marketplace', ['INCLUDED_TO_MARKETPLACE', 'rhelForSapToMarketplace'], 'prerequisites', /subscribed to the product in AWS Marketplace/],
  ['needs subscriptions that were bought from Red Hat', ['TO_RED_HAT_SUBSCRIPTIONS', 'ToRedHatSubscriptions'], 'prerequisites', /bought them from Red Hat/],
  ['refunds nothing of a contract with Red Hat', ['RHEL_MARKETPLACE_TO', 'RHEL_MARKETPLACE_EMEA_TO', 'RHEL_MARKETPLACE_AMI', 'RED_HAT_SUBSCRIPTIONS_TO'], 'effects', /not refunded/],
  ['needs the client and the network of Ubuntu Pro', ['ubuntu'], 'prerequisites', /Outbound TCP 443 to contracts\.canonical\.com/],
  ['loses Reserved Instances', ['ubuntu'], 'effects', /Reserved Instance/],
])('%s: exactly who has to', (_, names, part, words) => {
  expect(ALL.filter(([, path]) => path[part].some(it => words.test(it))).map(([name]) => name).sort()).toEqual(
    ALL.map(([name]) => name).filter(name => names.some(it => name.includes(it))).sort());
});

test('who changes what a path tells, changes the path not', () => {
  const path = LicenseConversionPath.RHEL_INCLUDED_TO_MARKETPLACE;
  path.prerequisites.push('a');
  path.destination.productCodeIds.push('a');

  expect(path.prerequisites).toHaveLength(1);
  expect(path.destination.productCodeIds).toEqual([NA]);
});

test('the table of the guide has every path', () => {
  const guide = readFileSync(join(__dirname, '..', '..', 'docs', 'license-type-conversion.md'), 'utf8');
  const rows = [...guide.matchAll(/^\| `(\w+)(?:\(productCodeId\))?` \| `([^`]+)`(?: and a product code)? \| `([^`]+)` \| (yes|no) \|$/gm)];

  expect(rows.map(([, ...row]) => row).sort()).toEqual(ALL.map(([name, { source, destination, wayBack }]) =>
    [name, source.usageOperation + (name.startsWith('rhelForSap') ? '' : text(source).slice(source.usageOperation.length)), text(destination), wayBack ? 'yes' : 'no']).sort());
});
