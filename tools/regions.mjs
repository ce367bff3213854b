// Writes the table of the Regions that have CloudFormation's types for License Manager, in docs/provisioning.md, and the same for a rule of LicenseCompliance; with
// --check, tells whether they are up to date.
//
// It knows what aws-cdk-lib's validator knows, with which a finding F3006 at a user's synthesis agrees.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const page = join(root, 'docs', 'provisioning.md');
const source = join(root, 'src', 'compliance', 'private', 'regions.generated.ts');
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
const text = readFileSync(page, 'utf8');
if (!OLD.test(text)) {
  throw new Error('docs/provisioning.md has no table that begins with "| CloudFormation type | Regions |" and ends with a line "As of …".');
}
const list = (names) => `[${names.map((name) => `'${name}'`).join(', ')}]`;
const wanted = {
  [page]: text.replace(OLD, () => table),
  [source]: [
    `// Written by tools/regions.mjs, from the schemas of ${schemas}.`,
    '',
    '/** The Regions of which it is known what they have. */',
    `export const KNOWN_REGIONS: readonly string[] = ${list(known.map(({ name }) => name))};`,
    '',
    '/** The Regions that have a type of CloudFormation. */',
    'export const REGIONS_OF_TYPES: { readonly [type: string]: readonly string[] } = {',
    ...TYPES.map((type) => `  '${type}': ${list(known.filter(({ types }) => types.includes(type)).map(({ name }) => name))},`),
    '};',
    '',
  ].join('\n'),
};
const read = (file) => existsSync(file) ? readFileSync(file, 'utf8') : undefined;
if (!process.argv.includes('--check')) {
  Object.entries(wanted).forEach(([file, content]) => writeFileSync(file, content));
} else {
  const old = Object.entries(wanted).filter(([file, content]) => read(file) !== content);
  old.forEach(([file, content]) => console.error(`${relative(root, file)} is out of date: run node tools/regions.mjs. It should have\n\n${file === page ? table : content}`));
  process.exit(old.length > 0 ? 1 : 0);
}
