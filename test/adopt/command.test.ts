import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { buildSync } from 'esbuild';
import { ACCOUNT, inventory, license, licenseArn, licenseCalls, REGION } from './samples';
import { adopt, command, imported, newFolder } from './support';

const ONE = inventory(...licenseCalls([license(1)]));

describe('what the command is called with', () => {
  test.each([[['--help']], [['help']], [['adopt', '--help']], [['inventory', '-h']]])('%j tells how it is used', args => {
    expect(command(args)).toMatchObject({ code: 0, said: expect.stringContaining('npx cdk-license-manager adopt inventory.json'), complained: '' });
  });

  test('nothing tells how it is used, and is no success', () => {
    expect(command([])).toMatchObject({ code: 2, said: expect.stringContaining('npx cdk-license-manager') });
  });

  test.each<[args: string[], complaint: string]>([
    [['adapt'], 'There is no command \'adapt\': it is adopt, inventory or local.'],
    [['adopt', '--colour'], 'Unknown option \'--colour\''],
    [['adopt', '--language', 'cobol'], '--language is \'cobol\': it is typescript or python.'],
    [['adopt', '--stack', 'my stack'], '--stack is \'my stack\': it has to be letters and digits'],
    [['adopt', '--stack', 'x'], '--stack is \'x\''],
    [['adopt', '--account', '12'], '--account is \'12\': it has to be 12 digits.'],
    [['adopt', '--region', 'Mars'], '--region is \'Mars\': it has to be a Region'],
    [['adopt'], 'There is nothing to read: give a file, or pipe something into the command.'],
  ])('%j is refused', (args, complaint) => {
    const outcome = command(args);
    expect(outcome.code).toBe(2);
    expect(outcome.complained).toContain(complaint);
    expect(outcome.complained).toContain('npx cdk-license-manager --help tells how it is used.');
  });

  test.each<[what: string, input: string, complaint: string]>([
    ['nothing', ' \n', 'standard input is empty.'],
    ['no JSON', 'Licenses: none', 'standard input is not JSON'],
    ['half of a JSON', '{"a": ', 'standard input is not JSON'],
    ['no JSON after some', '{"Account": "111122223333"} table', 'standard input, document 2 is not JSON'],
    ['a list', '[]', 'standard input is no JSON object, which an output of the AWS CLI is.'],
    ['something else', '{"Buckets": []}', 'standard input is neither an inventory, nor a state of Terraform'],
    ['an inventory of the future', '{"cdk-license-manager-inventory": 2}', 'standard input is an inventory of version 2'],
    ['associations of something', '{"LicenseConfigurationAssociations": []}', 'which does not say what it is about. Put the id of the license (lic-…) into the name of the file'],
    ['no account', '{"LicenseConfigurations": []}', 'Nothing tells the Region. Give it with --region'],
    ['two Regions', inventory(...licenseCalls([license(1), license(2, { LicenseConfigurationArn: licenseArn(2).replace(REGION, 'eu-central-1') })])),
      'There is more than one Region: eu-central-1, us-east-1.'],
    ['two accounts', `${ONE}{"Account": "444455556666"}`, 'There is more than one account: 111122223333, 444455556666.'],
  ])('%s to read is refused', (_, input, complaint) => {
    const outcome = command(['adopt'], { input });
    expect(outcome.complained).toContain(complaint);
    expect(outcome).toMatchObject({ code: 1, said: '' });
  });

  test('a file that is not there is refused', () => {
    expect(command(['adopt', 'nothing.json'])).toMatchObject({ code: 1, complained: expect.stringContaining('nothing.json cannot be read: ENOENT') });
  });
});

describe('what it reads', () => {
  const plain = JSON.stringify({ LicenseConfigurations: [license(1)] });

  test.each<[what: string, bytes: Uint8Array]>([
    ['UTF-8', Buffer.from(ONE)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${ONE}`)],
    ['UTF-16 of PowerShell', Buffer.from(`\ufeff${ONE}`, 'utf16le')],
    ['UTF-16 of the other kind', Buffer.from(`\ufeff${ONE}`, 'utf16le').swap16()],
  ])('%s', (_, input) => {
    expect(command(['adopt'], { input })).toMatchObject({ code: 0, said: expect.stringContaining('1 to import') });
  });

  test('files and standard input together', () => {
    const folder = newFolder();
    const outcome = command(['adopt', 'list.json', '-'], { folder, files: { 'list.json': plain }, input: JSON.stringify({ Account: ACCOUNT }) });
    expect(outcome).toMatchObject({ code: 0, said: expect.stringContaining('1 to import') });
  });

  test('outputs of the AWS CLI, where the name of a file tells what an output does not', () => {
    const image = { ResourceArn: `arn:aws:ec2:${REGION}::image/ami-0abcdef1234567890` };
    const files = {
      'license-configurations.json': plain,
      [`associations-of-lic-${'1'.padStart(32, '0')}.json`]: JSON.stringify({ LicenseConfigurationAssociations: [image] }),
      'hosts.json': JSON.stringify({ GroupConfiguration: { Configuration: [{ Type: 'AWS::EC2::HostManagement', Parameters: [] }] } }),
      'groups.json': JSON.stringify({ GroupIdentifiers: [{ GroupName: 'hosts', GroupArn: `arn:aws:resource-groups:${REGION}:${ACCOUNT}:group/hosts` }] }),
      'tags-lic-00000000000000000000000000000001.json': JSON.stringify({ Tags: [{ Key: 'a', Value: 'b' }] }),
    };
    const outcome = command(['adopt', ...Object.keys(files)], { files });
    expect(outcome).toMatchObject({ code: 0, said: expect.stringContaining('2 to import, 1 to take over in place') });
    expect(outcome.files['adopted-licenses-stack.ts']).toContain('Tags.of(license1).add(\'a\', \'b\')');
  });

  test('several documents, one after another', () => {
    expect(command(['adopt'], { input: `${plain}\n{"Account": "111122223333"}\n` })).toMatchObject({ code: 0 });
  });

  test('the account and the Region that it is told', () => {
    const { files } = command(['adopt', '--account', '444455556666', '--region', 'eu-central-1'], { input: '{"LicenseConfigurations": []}' });
    expect(files['app.ts']).toContain('env: { account: \'444455556666\', region: \'eu-central-1\' }');
  });
});

describe('what it writes', () => {
  test('TypeScript, an app and the mapping, and what to do', () => {
    const { files, said } = command(['adopt', '--stack', 'OurLicenses'], { input: ONE });
    expect(Object.keys(files).sort()).toEqual(['app.ts', 'import-map.json', 'our-licenses-stack.ts']);
    expect(files['our-licenses-stack.ts']).toContain('export class OurLicensesStack extends Stack {');
    expect(files['app.ts']).toContain('import { OurLicensesStack } from \'./our-licenses-stack\';');
    expect(said).toContain('npx cdk import OurLicenses --app \'npx ts-node app.ts\' --resource-mapping import-map.json');
    expect(JSON.parse(files['import-map.json'])).toEqual({ License13F6C9915: { LicenseConfigurationArn: licenseArn(1) } });
  });

  test('Python, an app and the mapping, and what to do', () => {
    const { files, said } = command(['adopt', '--stack', 'OurLicenses', '--language', 'python'], { input: ONE });
    expect(Object.keys(files).sort()).toEqual(['app.py', 'import-map.json', 'our_licenses_stack.py']);
    expect(files['our_licenses_stack.py']).toContain('class OurLicensesStack(Stack):');
    expect(files['app.py']).toContain('from our_licenses_stack import OurLicensesStack');
    expect(said).toContain('npx cdk import OurLicenses --app \'python3 app.py\' --resource-mapping import-map.json');
  });

  test('the same, however often and in whatever order it is told', () => {
    const licenses = [license(1, { Name: 'a' }), license(2, { Name: 'a' }), license(3, { Name: 'A' }), license(4, { Name: 'b' })];
    const [one, other] = [licenses, [...licenses].reverse()].map(it => command(['adopt'], { input: inventory(...licenseCalls(it)) }).files);
    expect(one).toEqual(other);
  });

  test('an account without licenses is written, too', () => {
    const adopted = adopt(inventory());
    expect(adopted.mapping).toEqual({});
    expect(adopted.resources).toEqual({});
  });

  test('nothing over files that are there, unless it is forced', () => {
    const folder = newFolder();
    expect(command(['adopt'], { folder, input: ONE }).code).toBe(0);
    writeFileSync(join(folder, 'adopted-licenses', 'app.ts'), 'mine');
    expect(command(['adopt'], { folder, input: ONE })).toMatchObject({
      code: 1, complained: expect.stringContaining('adopted-licenses-stack.ts, app.ts, import-map.json are in adopted-licenses already.'),
    });
    expect(readFileSync(join(folder, 'adopted-licenses', 'app.ts'), 'utf8')).toBe('mine');
    expect(command(['adopt', '--force'], { folder, input: ONE }).code).toBe(0);
    expect(readFileSync(join(folder, 'adopted-licenses', 'app.ts'), 'utf8')).not.toBe('mine');
  });

  test('nothing where it may not', () => {
    expect(command(['adopt', '--output', 'file/folder'], { files: { file: '' }, input: ONE })).toMatchObject({
      code: 1, complained: expect.stringContaining('The files could not be written: '),
    });
  });

  test('nothing by a mapping that cannot be read', () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'adopted-licenses'));
    writeFileSync(join(folder, 'adopted-licenses', 'import-map.json'), '{');
    expect(command(['adopt', '--force'], { folder, input: ONE })).toMatchObject({ code: 1, complained: expect.stringContaining('is there and cannot be read') });
  });

  test('a word of more imports than CloudFormation takes at once, and of more resources than a stack has', () => {
    const many = (count: number) => command(['adopt'], { input: inventory(...licenseCalls(Array.from({ length: count }, (_, index) => license(index + 1)))) }).said;
    expect(many(200)).not.toContain('CloudFormation imports at most');
    expect(many(201)).toContain('CloudFormation imports at most 200 resources at once');
    expect(many(490)).not.toContain('A stack has at most');
    expect(many(491)).toContain('A stack has at most 500 resources');
  });
});

describe('ids', () => {
  const idsOf = (licenses: { [name: string]: any }[], folder = newFolder()) => {
    const { files } = command(['adopt', '--force'], { folder, input: inventory(...licenseCalls(licenses)) });
    return Object.fromEntries(Object.entries<any>(JSON.parse(files['import-map.json'])).map(([logicalId, { LicenseConfigurationArn }]) => [LicenseConfigurationArn, logicalId]));
  };

  test('of names that clash tell them apart, whichever is told first', () => {
    const licenses = ['SQL Server', 'SQL-Server', 'sql server', '製品', '許可', 'Resource', 'Default', '1', ' '].map((Name, index) => license(index + 1, { Name }));
    const ids = idsOf(licenses);
    expect(new Set(Object.values(ids)).size).toBe(licenses.length);
    expect(idsOf([...licenses].reverse())).toEqual(ids);
  });

  test('stay when something of the same name is added later, and of another kind', () => {
    const folder = newFolder();
    const before = idsOf([license(1, { Name: 'SQL' }), license(2, { Name: 'twice' }), license(3, { Name: 'twice' })], folder);
    const after = idsOf([license(9, { Name: 'SQL' }), license(1, { Name: 'SQL' }), license(8, { Name: 'twice' }), license(2, { Name: 'twice' }), license(3, { Name: 'twice' })], folder);
    expect(after).toMatchObject(before);
    expect(new Set(Object.values(after)).size).toBe(5);
    // And the mapping that was written then keeps them, too.
    expect(idsOf([license(1, { Name: 'SQL' }), license(9, { Name: 'SQL' })], folder)).toEqual({ [licenseArn(1)]: after[licenseArn(1)], [licenseArn(9)]: after[licenseArn(9)] });
  });

  test('of names that do not clash stay without a mapping', () => {
    const alone = idsOf([license(1, { Name: 'SQL' })]);
    expect(idsOf([license(1, { Name: 'SQL' }), license(2, { Name: 'Other' })])).toMatchObject(alone);
  });
});

describe('texts of others in code', () => {
  /** What ends a text, a comment or a line somewhere, what is interpolated somewhere, and what is not seen. */
  const PIECES = [
    '\'', '"', '`', '\\', '\n', '\r', '\t', '\0', '\b', '\u001b', '\u0085', '\u2028', '\u2029', '\u202e', '\u2066', '\ufeff', '\u200b', '\u00a0', '*/', '/*', '//', '#', '"""',
    '\'\'\'', '${x}', '#{x}', '{x}', '%s', '\\u0041', '\\N{DIGIT ONE}', '\ud83d\ude00', 'é', '製', '</script>', ';process.exit(1);', '")', '\'))', 'import os', '-*- coding: utf-7 -*-', ' ', 'a',
  ];
  /** The same each time. */
  const random = (seed: number) => () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
  };
  const made = (seed: number) => {
    const next = random(seed);
    return Array.from({ length: 1 + Math.floor(next() * 12) }, () => PIECES[Math.floor(next() * PIECES.length)]).join('');
  };
  const names = [...PIECES, ...Array.from({ length: 120 }, (_, seed) => made(seed + 1))];
  const licenses = names.map((text, index) => license(index + 1, {
    Name: `n${text}`,
    Description: text,
    Tags: [{ Key: `k${text}`, Value: text }],
    ...index % 3 === 0 ? { LicenseRules: [`#${text}=1`] } : {},
    ProductInformationList: [{ ResourceType: 'SSM_MANAGED', ProductInformationFilterList: [{ ProductInformationFilterName: `Tag:${text}`, ProductInformationFilterComparator: 'NOT_EQUALS', ProductInformationFilterValue: [text] }] }],
  }));
  const input = inventory(...licenseCalls(licenses), { operation: 'list-tokens', error: names.join(' ') });
  test('stay what they are in TypeScript', () => {
    const adopted = adopt(input);
    for (const [index, text] of names.entries()) {
      const { Name, Description, Tags, ProductInformationList } = imported(adopted, licenseArn(index + 1));
      expect({ Name, Description, Tags, ProductInformationList }).toEqual({
        Name: `n${text}`, Description: text, Tags: [{ Key: `k${text}`, Value: text }], ProductInformationList: licenses[index].ProductInformationList,
      });
    }
  });

  test('stay what they are in Python', () => {
    const folder = newFolder();
    expect(command(['adopt', '--language', 'python'], { folder, input })).toMatchObject({ code: 0, complained: '' });
    // Texts as Python reads them, without running anything.
    const read = 'import ast, json, sys\n'
      + 'tree = ast.parse(open(sys.argv[1], encoding="utf-8").read())\n'
      + 'calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]\n'
      + 'names = [k.value.value for c in calls for k in c.keywords if k.arg == "license_configuration_name"]\n'
      + 'names += [v.value for c in calls for k in c.keywords if k.arg == "properties" for n, v in zip(k.value.keys, k.value.values) if n.value == "Name"]\n'
      + 'print(json.dumps([names, sorted({type(n).__name__ for n in tree.body})]))\n';
    const script = join(folder, 'read.py');
    writeFileSync(script, read);
    const { stdout, stderr } = spawnSync(join(__dirname, '..', '..', '.venv', process.platform === 'win32' ? 'Scripts' : 'bin', 'python'),
      [script, join(folder, 'adopted-licenses', 'adopted_licenses_stack.py')], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const [found, statements] = JSON.parse(stdout);
    expect(found.sort()).toEqual(names.map(text => `n${text}`).sort());
    expect(statements).toEqual(['ClassDef', 'ImportFrom']);
  });

  test.each(['typescript', 'python'])('are seen in %s: nothing turns the direction of what is read, and comments stay comments', language => {
    const { files } = command(['adopt', '--language', language], { input });
    for (const text of Object.values(files).filter(it => !it.startsWith('{'))) {
      // eslint-disable-next-line no-control-regex
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u00a0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]/);
    }
  });

  test('that the CDK would take for its own are said, and not written', () => {
    const adopted = adopt(inventory(...licenseCalls([license(1, { Name: '${Token[TOKEN.1]}' }), license(2, { Tags: [{ Key: 'a', Value: '#{Token[TOKEN.1]}' }] })])));
    expect(adopted.mapping).toEqual({});
    expect(adopted.source.replace(/\n *\/\/ /g, ' ')).toContain('is a text that the CDK takes for a token of its own');
  });
});

describe('the bundled command', () => {
  const folder = newFolder();
  const bundle = join(folder, 'command.js');
  beforeAll(() => {
    buildSync({ entryPoints: [join(__dirname, '..', '..', 'src', 'command', 'index.ts')], outfile: bundle, bundle: true, platform: 'node', target: 'node20', format: 'cjs', tsconfigRaw: {} });
  });
  const runBundle = (args: string[], input?: string) => spawnSync(process.execPath, [bundle, ...args], { encoding: 'utf8', cwd: folder, input });

  test('needs nothing but Node.js', () => {
    expect(readFileSync(bundle, 'utf8').match(/require\("[^"]+"\)/g)!.every(it => it.startsWith('require("node:'))).toBe(true);
  });

  test('reads standard input, and writes', () => {
    const { status, stdout, stderr } = runBundle(['adopt'], ONE);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('1 to import');
    expect(existsSync(join(folder, 'adopted-licenses', 'import-map.json'))).toBe(true);
  });

  test('tells by its exit code what went wrong', () => {
    expect(runBundle(['adopt', 'nothing.json']).status).toBe(1);
    expect(runBundle(['adapt']).status).toBe(2);
  });
});

describe('the script that reads what there is', () => {
  const script = command(['inventory']).said;

  test('is a shell script that only reads', () => {
    expect(script.startsWith('#!/bin/sh\n')).toBe(true);
    const operations = script.match(/^[^#\n]*?\b((?:get|list|describe|create|update|delete|put|tag|untag|accept|reject)-[a-z-]+)/gm)!;
    expect(operations.length).toBeGreaterThan(15);
    expect(operations.every(line => /\b(get|list|describe)-[a-z-]+$/.test(line))).toBe(true);
  });

  /** An AWS CLI that answers from a table: by service and operation, one page after another; an answer that is a text is an error. */
  const runScript = (answers: { [operation: string]: (object | string)[] }, env: { [name: string]: string } = { AWS_REGION: REGION }) => {
    const folder = newFolder();
    writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers));
    writeFileSync(join(folder, 'aws'), `#!${process.execPath}
const { readFileSync, appendFileSync } = require('node:fs');
const args = process.argv.slice(2);
appendFileSync(${JSON.stringify(join(folder, 'calls'))}, JSON.stringify(args) + '\\n');
if (args[0] === 'configure') process.exit(1);
const pages = JSON.parse(readFileSync(${JSON.stringify(join(folder, 'answers.json'))}, 'utf8'))[args[1]] ?? [{}];
const token = args.find(it => it.startsWith('--next-token='))?.slice('--next-token='.length);
const page = token ? Number(token.replace(/^.*-/, '')) : 0;
if (typeof pages[page] === 'string') { console.error('\\n' + pages[page]); process.exit(255); }
if (Object.keys(pages[page]).length > 0) console.log(JSON.stringify(pages[page], undefined, 4));
`);
    chmodSync(join(folder, 'aws'), 0o755);
    writeFileSync(join(folder, 'inventory.sh'), script);
    const { PATH, AWS_REGION, AWS_DEFAULT_REGION, ...rest } = process.env;
    const outcome = spawnSync('sh', [join(folder, 'inventory.sh')], { encoding: 'utf8', env: { ...rest, ...env, PATH: `${folder}${delimiter}${PATH}` } });
    const calls = existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n').map(line => JSON.parse(line) as string[]) : [];
    return { ...outcome, calls };
  };
  const identity = [{ Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:root`, UserId: 'x' }];

  test('reads all pages, and every license', () => {
    const { status, stdout, stderr, calls } = runScript({
      'get-caller-identity': identity,
      'list-license-configurations': [{ LicenseConfigurations: [license(1)], NextToken: 'a=b/c+-1' }, { LicenseConfigurations: [license(2)] }],
      'get-license-configuration': [license(1)],
      'list-received-grants': [{ Grants: [], NextToken: 'token-1' }, { Grants: [{ GrantArn: 'arn:aws:license-manager::777788889999:grant:g-1', GrantName: 'x', GrantStatus: 'ACTIVE' }] }],
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ 'cdk-license-manager-inventory': 1, 'region': REGION });
    expect(calls).toContainEqual(expect.arrayContaining(['list-license-configurations', '--next-token=a=b/c+-1']));
    expect(calls.filter(([, operation]) => operation === 'get-license-configuration').map(call => call.at(-2))).toEqual([licenseArn(1), licenseArn(2)]);
    expect(command(['adopt'], { input: stdout }).said).toContain('2 to import, 1 to take over in place');
  });

  test('goes on where it is refused, and says so', () => {
    const refusal = 'An error occurred (AccessDeniedException) when calling "X": no\tidentity-based policy \\ allows it';
    const { status, stdout, stderr } = runScript({
      'get-caller-identity': identity,
      'list-license-configurations': [{ LicenseConfigurations: [license(1)] }],
      'get-license-configuration': [license(1)],
      'list-licenses': [refusal],
      'get-resource-shares': [refusal],
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '2 calls were refused: the document says which, and adopt says so in its comments.\n' });
    const { said, files } = command(['adopt'], { input: stdout });
    expect(said).toContain('1 to import');
    expect(said).toContain('Not read: \'list-licenses\' could not be read:  An error occurred (AccessDeniedException) when calling "X": no identity-based policy \\ allows it');
    expect(files['adopted-licenses-stack.ts']).toContain('Not read: \'get-resource-shares\' could not be read');
  });

  test('stops without credentials, with the message of the AWS CLI', () => {
    const { status, stderr } = runScript({ 'get-caller-identity': ['Unable to locate credentials'] });
    expect(status).toBe(1);
    expect(stderr).toContain('Unable to locate credentials');
    expect(stderr).toContain('The AWS CLI could not tell the account');
  });

  test('stops without a Region, and says how to set one', () => {
    const { status, stderr, stdout } = runScript({}, {});
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('No Region is set');
  });

  test('asks for what licenses are on by filters, a hundred at a time', () => {
    const images = Array.from({ length: 150 }, (_, index) => ({ ResourceArn: `arn:aws:ec2:${REGION}::image/ami-0${String(index).padStart(16, '0')}` }));
    const { calls } = runScript({
      'get-caller-identity': identity,
      'list-license-configurations': [{ LicenseConfigurations: [license(1)] }],
      'list-associations-for-license-configuration': [{ LicenseConfigurationAssociations: images }],
    });
    const asked = calls.filter(([, operation]) => operation === 'describe-images').map(call => call.find(it => it.startsWith('Name='))!.split(',').length - 1);
    expect(asked).toEqual([100, 50]);
  });
});
