// Writes the README's table of the Regions that have CloudFormation's types for License Manager; with --check, tells whether it is up to date.
//
// It knows what aws-cdk-lib's validator knows, with which a finding F3006 at a user's synthesis agrees.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const readme = join(root, 'README.md');
const require = createRequire(import.meta.url);
const { RegionInfo } = require('aws-cdk-lib/region-info');
const { CelEngine, TemplateContent } = createRequire(require.resolve('aws-cdk-lib/package.json'))('@aws/cloudformation-validate');

const TYPES = [
  'AWS::LicenseManager::LicenseConfiguration',
  'AWS::LicenseManager::ReportGenerator',
  'AWS::LicenseManager::LicenseAssetGroup',
  'AWS::LicenseManager::LicenseAssetRuleSet',
  'AWS::LicenseManager::License',
  'AWS::LicenseManager::Grant',
  'AWS::LicenseManagerLinuxSubscriptions::SubscriptionProvider',
  'AWS::LicenseManagerUserSubscriptions::LicenseServerEndpoint',
];
/** A type that one Region has. Others seem to have it if the validator has no data of them: it takes them for that Region, or to have everything. */
const PROBE = { type: 'AWS::ECR::PublicRepository', region: 'us-east-1' };

const engine = new CelEngine();
let schemas;

/** The types that a Region has; nothing if the validator does not know the Region. */
function typesIn(region) {
  const asked = [...TYPES, PROBE.type];
  const template = { Resources: Object.fromEntries(asked.map((type, index) => [`Resource${index}`, { Type: type }])) };
  const { diagnostics, metadata } = engine.validateTemplate(new TemplateContent(JSON.stringify(template)), {
    detailLevel: 'STANDARD', pseudoParameterOverrides: { region }, include: { ids: ['F3006'] },
  });
  schemas = metadata.resourceSchemaVersion.match(/\d{4}-\d{2}-\d{2}/)[0];
  const there = asked.filter((type) => !diagnostics.some(({ message }) => message.includes(`'${type}'`)));
  return there.includes(PROBE.type) === (region === PROBE.region) ? there : undefined;
}

const places = RegionInfo.regions.map(({ name }) => ({ name, types: typesIn(name) }));
const known = places.filter(({ types }) => types);

function regionsOf(type) {
  const [there, missing] = [true, false].map((has) => known.filter(({ types }) => types.includes(type) === has).map(({ name }) => name));
  return there.length > missing.length && missing.length < 10 ? `all but ${missing.join(', ')}` : there.join(', ');
}

const rows = new Map();
for (const type of TYPES) {
  const regions = regionsOf(type);
  rows.set(regions, [...rows.get(regions) ?? [], type]);
}
const table = [
  '| CloudFormation type | Regions |',
  '| --- | --- |',
  ...[...rows].map(([regions, types]) => `| ${types.map((type) => `\`${type}\``).join(', ')} | ${regions} |`),
  '',
  `As of ${schemas}, in the schemas that aws-cdk-lib ${require('aws-cdk-lib/package.json').version} validates with. They have no data of ` +
  `${places.filter(({ types }) => !types).map(({ name }) => name).join(', ')}.`,
].join('\n');

const OLD = /^\| CloudFormation type \| Regions \|\n(?:\|.*\n)+\nAs of .*$/m;
const text = readFileSync(readme, 'utf8');
if (!OLD.test(text)) {
  throw new Error('README.md has no table that begins with "| CloudFormation type | Regions |" and ends with a line "As of …".');
}
const wanted = text.replace(OLD, () => table);
if (!process.argv.includes('--check')) {
  writeFileSync(readme, wanted);
} else if (wanted !== text) {
  console.error(`The table of Regions in README.md is out of date: run node tools/regions.mjs. It should be\n\n${table}`);
  process.exit(1);
}
