import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Estate } from './estate';
import { decode, isObject } from './input/json';
import { readEstate } from './input/read-estate';
import type { Source } from './input/read-estate';
import { INVENTORY_SCRIPT } from './inventory-script';
import { printMapping, printPython, printTypeScript } from './write/print';
import type { Program } from './write/program';
import { writeStack } from './write/write-stack';
import { complain, ExitCode, Problem } from '../command/problem';

/*
 * `adopt` and `inventory` of the command `cdk-license-manager`, and its help.
 */

/** What the command has to do with the world around it. */
export interface Surroundings {
  readonly print: (text: string) => void;
  readonly warn: (text: string) => void;
  /** What was piped into the command; undefined if it is a terminal. */
  readonly readInput: () => Uint8Array | undefined;
  readonly folder: string;
}

const HELP = `Brings licenses that exist in AWS License Manager under AWS CDK, and is an AWS account to try them in.

  npx cdk-license-manager inventory > inventory.sh     writes a script that reads what there is
  sh inventory.sh > inventory.json                     with your credentials: it only lists, gets and describes
  npx cdk-license-manager adopt inventory.json         writes a CDK stack, and the mapping for 'cdk import'
  npx cdk-license-manager local                        starts an AWS account on this machine, to deploy to

adopt [options] [file…]
  Reads files, or what is piped into it (-): an inventory; what 'aws license-manager list-…' and 'get-…' print with --output json; what
  'terraform show -json' prints. It needs neither a network nor credentials.

  --language <typescript|python>   what to write (typescript)
  --output <folder>                where to (adopted-licenses)
  --stack <name>                   the name of the stack (AdoptedLicenses)
  --account <id>, --region <name>  if what is read does not tell, or tells of several
  --every-type                     the Region has all types of CloudFormation by now
  --force                          writes over files that are there

inventory
  Prints the script. Read it before you run it.

local [options] [-- command…]
  Starts a local AWS, or runs a command with one. 'npx cdk-license-manager local --help' tells how.

  --help                           this

The guide: https://github.com/cdk-license-manager/cdk-license-manager/blob/main/docs/adopt.md
`;

const OPTIONS = {
  'language': { type: 'string', default: 'typescript' },
  'output': { type: 'string', default: 'adopted-licenses' },
  'stack': { type: 'string', default: 'AdoptedLicenses' },
  'account': { type: 'string' },
  'region': { type: 'string' },
  'every-type': { type: 'boolean', default: false },
  'force': { type: 'boolean', default: false },
  'help': { type: 'boolean', short: 'h', default: false },
} as const;

/**
 * Runs the command.
 *
 * @param args what it was called with
 * @param surroundings where it reads from, and what it prints to
 * @returns the exit code: 0, 1 if it could not be done, 2 if the command was called in a wrong way
 */
export function run(args: readonly string[], surroundings: Surroundings): number {
  try {
    return dispatch(args, surroundings);
  } catch (error) {
    return complain(error, surroundings.warn);
  }
}

function dispatch(args: readonly string[], surroundings: Surroundings): ExitCode {
  const [command, ...rest] = args;
  if (command === undefined || command === '--help' || command === '-h' || command === 'help') {
    surroundings.print(HELP);
    return command === undefined ? ExitCode.MISUSED : ExitCode.SUCCEEDED;
  }
  const { values, positionals } = parsed(rest);
  if (values.help) {
    surroundings.print(HELP);
    return ExitCode.SUCCEEDED;
  }
  switch (command) {
    case 'inventory':
      surroundings.print(INVENTORY_SCRIPT);
      return ExitCode.SUCCEEDED;
    case 'adopt':
      adopt(values, positionals, surroundings);
      return ExitCode.SUCCEEDED;
    default:
      throw new Problem(`There is no command '${command}': it is adopt, inventory or local.`, true);
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new Problem((error as Error).message, true);
  }
}

type Values = ReturnType<typeof parsed>['values'];

const LANGUAGES = { typescript: printTypeScript, python: printPython };
const MAPPING = 'import-map.json';

function adopt(values: Values, files: readonly string[], surroundings: Surroundings): void {
  const { language, stack, account, region } = values;
  if (!Object.hasOwn(LANGUAGES, language)) {
    throw new Problem(`--language is '${language}': it is typescript or python. Other languages take the stack from one of these, by hand.`, true);
  }
  if (!/^[A-Z][A-Za-z0-9]{0,99}$/.test(stack)) {
    throw new Problem(`--stack is '${stack}': it has to be letters and digits, and to begin with a capital letter. A class is called after it.`, true);
  }
  if (account !== undefined && !/^\d{12}$/.test(account)) {
    throw new Problem(`--account is '${account}': it has to be 12 digits.`, true);
  }
  if (region !== undefined && !/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region)) {
    throw new Problem(`--region is '${region}': it has to be a Region, such as eu-central-1.`, true);
  }
  const estate = readEstate(sourcesOf(files, surroundings), { account, region });
  const folder = resolve(surroundings.folder, values.output);
  const program = writeStack(estate, { knownLogicalIds: knownLogicalIds(join(folder, MAPPING)), hasEveryType: values['every-type'] });
  const written = [...LANGUAGES[language as keyof typeof LANGUAGES](program, estate, { id: stack }), { name: MAPPING, text: printMapping(program) }];
  const inTheWay = written.filter(({ name }) => existsSync(join(folder, name))).map(({ name }) => name);
  if (inTheWay.length > 0 && !values.force) {
    throw new Problem(`${inTheWay.join(', ')} ${inTheWay.length === 1 ? 'is' : 'are'} in ${values.output} already. Give another --output, or --force to write ` +
      `over ${inTheWay.length === 1 ? 'it' : 'them'}: the ids in ${MAPPING} are kept.`);
  }
  try {
    mkdirSync(folder, { recursive: true });
    written.forEach(({ name, text }) => writeFileSync(join(folder, name), text));
  } catch (error) {
    throw new Problem(`The files could not be written: ${(error as Error).message}.`);
  }
  surroundings.print(report(estate, program, values, written.map(({ name }) => name)));
}

function sourcesOf(files: readonly string[], { readInput, folder }: Surroundings): Source[] {
  const names = files.length === 0 ? ['-'] : files;
  return names.map(name => {
    if (name === '-') {
      const input = readInput();
      if (input === undefined) {
        throw new Problem('There is nothing to read: give a file, or pipe something into the command.', true);
      }
      return { name: 'standard input', text: decode(input) };
    }
    try {
      return { name, text: decode(readFileSync(resolve(folder, name))) };
    } catch (error) {
      throw new Problem(`${name} cannot be read: ${(error as Error).message}.`);
    }
  });
}

/** What CloudFormation knows the resources by that were written before, and their logical ids. */
function knownLogicalIds(mapping: string): Map<string, string> {
  if (!existsSync(mapping)) {
    return new Map();
  }
  let known: unknown;
  try {
    known = JSON.parse(readFileSync(mapping, 'utf8'));
  } catch (error) {
    throw new Problem(`${mapping} is there and cannot be read (${(error as Error).message}): the ids of constructs are taken from it. Mend it, or remove it.`);
  }
  return new Map(Object.entries(isObject(known) ? known : {}).flatMap(([logicalId, identifier]) =>
    isObject(identifier) ? Object.values(identifier).map((value): [string, string] => [String(value), logicalId]) : []));
}

/** Most of what can be imported at once, and of what a stack can have. */
const MOST_IMPORTS = 200;
const MOST_RESOURCES = 500;

function report(estate: Estate, program: Program, { language, output, stack }: Values, files: readonly string[]): string {
  const app = language === 'python' ? 'python3 app.py' : 'npx ts-node app.ts';
  const imports = program.imports.length;
  const lines = [
    `Wrote ${files.map(name => `${output}/${name}`).join(', ')}.`,
    `  ${imports} to import, ${program.takenOver} to take over in place, ${program.left} left as they are, with a comment that says why.`,
    ...estate.unread.map(it => `  Not read: ${it}`),
    '',
    'What to do now, in that folder:',
    ...language === 'python' ? ['  python3 -m pip install aws-cdk-lib cdk-license-manager'] : ['  npm install aws-cdk-lib constructs cdk-license-manager ts-node typescript@5'],
    `  1. Read the stack, its comments first. It is an app that works: ${app}`,
    `  2. npx cdk import ${stack} --app '${app}' --resource-mapping ${MAPPING}`,
    '     takes in what CloudFormation has types for, and changes nothing.',
    `  3. npx cdk deploy ${stack} --app '${app}'`,
    '     takes over the rest: what is there already is found, and not written.',
    `  4. npx cdk diff ${stack} --app '${app}' --fail`,
    '     is empty. From now on, License Manager is what the stack says.',
  ];
  if (imports > MOST_IMPORTS) {
    lines.push('', `CloudFormation imports at most ${MOST_IMPORTS} resources at once: split ${MAPPING} into files of that many, and import one after another.`);
  }
  if (imports + program.takenOver > MOST_RESOURCES - 10) {
    lines.push('', `A stack has at most ${MOST_RESOURCES} resources, and this would have more: divide the stack into several, each with its part of ${MAPPING}, before you import.`);
  }
  if (estate.terraform.length > 0) {
    lines.push('', 'Terraform still manages some of it. When step 4 is done, have it let go of them, without destroying anything:',
      ...estate.terraform.map(({ address }) => `  terraform state rm ${quoted(address)}`), 'and take them out of its configuration.');
  }
  return `${lines.join('\n')}\n`;
}

/** An address for a POSIX shell. */
function quoted(address: string): string {
  return `'${address.replaceAll('\'', '\'\\\'\'')}'`;
}
