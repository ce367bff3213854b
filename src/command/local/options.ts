import { parseArgs } from 'node:util';
import { Problem } from '../problem';

/** What `local` is asked for. */
export interface LocalOptions {
  /** What it does: serves until it is ended, the same for a program that has started it, runs a command, tells of a server that runs, or tells how it is used. */
  readonly task: 'serve' | 'serve-program' | 'run' | 'tell' | 'help';
  /** 0: a free one. */
  readonly port: number;
  readonly account: string;
  readonly region: string;
  /** Whether IAM policies are evaluated. */
  readonly auth: boolean;
  readonly bootstrap: boolean;
  /** A file with what is put into the account first. */
  readonly seed?: string;
  readonly logFile?: string;
  /** What to run, with its arguments. */
  readonly command: readonly string[];
}

/** Where a server for people listens: they have to know it in another terminal. */
export const USUAL_PORT = 4577;

const OPTIONS = {
  'port': { type: 'string' },
  'account': { type: 'string', default: '111122223333' },
  'region': { type: 'string', default: 'us-east-1' },
  'no-auth': { type: 'boolean', default: false },
  'bootstrap': { type: 'boolean', default: false },
  'seed': { type: 'string' },
  'log-file': { type: 'string' },
  'json': { type: 'boolean', default: false },
  'env': { type: 'boolean', default: false },
  'help': { type: 'boolean', short: 'h', default: false },
} as const;

export const HELP = `Starts an AWS account on this machine, with AWS License Manager in it, to deploy to.

  npx cdk-license-manager local                          until Ctrl-C
  eval "$(npx cdk-license-manager local --env)"          in another terminal: what talks to AWS there, talks to it
  npx cdk-license-manager local --bootstrap -- npx cdk deploy
                                                         runs a command with one, and ends it

  --port <number>      where it listens, on 127.0.0.1 only; 0: a free port (${USUAL_PORT}; with --json, and for a command: 0)
  --account <id>       the account of its callers (111122223333)
  --region <name>      (us-east-1)
  --no-auth            evaluates no IAM policies
  --bootstrap          lets the CDK CLI bootstrap it first
  --seed <file>        puts into the account what no call makes, such as AMIs
  --log-file <file>    writes its log there
  --json               for programs: prints a line of JSON when it is ready, and ends with its standard input
  --env                starts nothing: prints the environment for the one at --port
  --help               this

It needs Python 3.10 or newer, the first of python3, python, python3.14 to python3.10, or what PYTHON names, and installs what it stands on the first time.

The guide: https://github.com/cdk-license-manager/cdk-license-manager/blob/main/docs/local-aws.md
`;

/**
 * What the arguments after `local` say.
 *
 * @throws a Problem of usage
 */
export function parse(args: readonly string[]): LocalOptions {
  const end = args.indexOf('--');
  const command = end < 0 ? [] : args.slice(end + 1);
  const { values, positionals } = parsed(end < 0 ? args : args.slice(0, end));
  const { account, region, bootstrap, seed, json, env } = values;
  const options = { account, region, bootstrap, seed, auth: !values['no-auth'], logFile: values['log-file'], command };
  if (values.help) {
    return { ...options, task: 'help', port: 0 };
  }
  if (positionals.length > 0) {
    throw new Problem(`local takes no '${positionals[0]}': a command to run comes after --, as in 'local -- ${positionals.join(' ')}'.`, true);
  }
  if (end >= 0 && command.length === 0) {
    throw new Problem('There is no command after --.', true);
  }
  const tasks = [...json ? ['--json'] : [], ...env ? ['--env'] : [], ...end >= 0 ? ['a command'] : []];
  if (tasks.length > 1) {
    throw new Problem(`${tasks.join(' and ')} do not go together.`, true);
  }
  if (!/^\d{12}$/.test(account)) {
    throw new Problem(`--account is '${account}': it has to be 12 digits.`, true);
  }
  if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region)) {
    throw new Problem(`--region is '${region}': it has to be a Region, such as eu-central-1.`, true);
  }
  const port = values.port ?? (json || end >= 0 ? '0' : String(USUAL_PORT));
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Problem(`--port is '${port}': it has to be a number from 0, a free port, to 65535.`, true);
  }
  if (env && Number(port) === 0) {
    throw new Problem('--env needs the --port that the local AWS listens on.', true);
  }
  return { ...options, task: json ? 'serve-program' : env ? 'tell' : end >= 0 ? 'run' : 'serve', port: Number(port) };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new Problem((error as Error).message, true);
  }
}
