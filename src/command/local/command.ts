import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { cacheFolder } from './cache';
import { applied, environmentOf, shellText } from './environment';
import type { Environment } from './environment';
import { HELP, parse, USUAL_PORT } from './options';
import type { LocalOptions } from './options';
import { execute } from './processes';
import { pythonFor } from './python';
import { healthOf, seed, Server } from './server';
import { complain, ExitCode, Problem } from '../problem';

/*
 * `local` of the command `cdk-license-manager`: a local AWS for whoever has an app to try.
 */

/** What the command has to do with the world around it. */
export interface Surroundings {
  readonly print: (text: string) => void;
  readonly warn: (text: string) => void;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** The folder with the Python package `local_aws` and its requirements. */
  readonly sources: string;
  /** Whether whoever has called it types into it: then Ctrl-C is heard by all that run in the terminal. */
  readonly isTerminal: boolean;
  /** Aborted with the name of a signal that this process has got. */
  readonly interruption: AbortSignal;
  /** Waits for the end of the standard input. */
  readonly inputEnds: () => Promise<void>;
}

/**
 * Runs the command.
 *
 * @param args what it was called with, after `local`
 * @returns the exit code: that of the command which it has run; or 0, 1 if it could not be done, 2 if it was called in a wrong way
 */
export async function local(args: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    return await dispatch(parse(args), surroundings);
  } catch (error) {
    return complain(error, surroundings.warn);
  }
}

async function dispatch(options: LocalOptions, surroundings: Surroundings): Promise<number> {
  switch (options.task) {
    case 'help':
      surroundings.print(HELP);
      return ExitCode.SUCCEEDED;
    case 'tell':
      surroundings.print(shellText(await environmentAt(options.port, surroundings)));
      return ExitCode.SUCCEEDED;
    default:
      return serve(options, surroundings);
  }
}

/** The environment for a server that runs. */
async function environmentAt(port: number, { env }: Surroundings): Promise<Environment> {
  const endpoint = `http://127.0.0.1:${port}`;
  const health = await healthOf(endpoint);
  if (health === undefined) {
    throw new Problem(`No local AWS answers at ${endpoint}: start it in another terminal, npx cdk-license-manager local${portOption(port)}.`);
  }
  return environmentOf({ endpoint, ...health }, env);
}

async function serve(options: LocalOptions, surroundings: Surroundings): Promise<number> {
  const { env, platform, sources, interruption, warn, folder } = surroundings;
  if (platform === 'win32') {
    throw new Problem('The local AWS runs on Linux and macOS. On Windows, start it in the Windows Subsystem for Linux.');
  }
  const seeded = options.seed === undefined ? undefined : read(resolve(folder, options.seed), options.seed);
  const requirements = join(sources, 'requirements.txt');
  const python = await pythonFor({ env, requirements, cache: cacheFolder(env, platform), warn, interruption });
  if (interruption.aborted) {
    return interruptedBy(interruption);
  }
  const server = await Server.start({ options, python, sources, folder, env });
  try {
    const environment = environmentOf({ ...options, endpoint: server.endpoint }, env);
    if (seeded !== undefined) {
      await seed(server.endpoint, seeded, options.seed!);
    }
    if (options.bootstrap) {
      await bootstrap(options, environment, surroundings);
    }
    if (interruption.aborted) {
      return interruptedBy(interruption);
    }
    if (options.task === 'run') {
      return await run(options.command, environment, surroundings);
    }
    announce(options, server.endpoint, environment, surroundings);
    await Promise.race([aborted(interruption), server.end(), ...options.task === 'serve-program' ? [surroundings.inputEnds()] : []]);
    return ExitCode.SUCCEEDED;
  } finally {
    await server.stop();
  }
}

function read(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Problem(`${name} cannot be read: ${(error as Error).message}.`);
  }
}

/** Lets the user's CDK CLI prepare the account for deployments, as it would any other. */
async function bootstrap({ account, region }: LocalOptions, environment: Environment, { folder, env, interruption }: Surroundings): Promise<void> {
  const path = [join(folder, 'node_modules', '.bin'), env.PATH].filter(Boolean).join(delimiter);
  // Without the app, which is not asked for its stacks; but in its folder, whose settings may name another qualifier.
  const { succeeded, output, error } = await execute('cdk', ['bootstrap', `aws://${account}/${region}`, '--app', '', '--no-notices', '--ci'], {
    cwd: folder, env: { ...applied(environment, env), PATH: path }, signal: interruption,
  });
  if (error === 'ENOENT') {
    throw new Problem('--bootstrap needs the CDK CLI, and there is no cdk here: npm install --save-dev aws-cdk.');
  }
  if (!succeeded && !interruption.aborted) {
    throw new Problem(`${output}\nThe CDK CLI could not bootstrap the local AWS: see above.`);
  }
}

/** Runs a command with the environment, until it ends. */
async function run([program, ...args]: readonly string[], environment: Environment, surroundings: Surroundings): Promise<number> {
  const { folder, env, interruption, isTerminal } = surroundings;
  const child = spawn(program, args, { cwd: folder, env: applied(environment, env), stdio: 'inherit' });
  interruption.addEventListener('abort', () => {
    // In a terminal, Ctrl-C is heard by the command as well; a second one would have it give up.
    if (!(isTerminal && interruption.reason === 'SIGINT')) {
      child.kill(interruption.reason);
    }
  });
  return new Promise((done, fail) => {
    child.once('error', error => fail(new Problem(`${program} could not be run: ${error.message}.`)));
    child.once('exit', (code, signal) => done(code ?? exitCodeOf(signal!)));
  });
}

function announce(options: LocalOptions, endpoint: string, environment: Environment, { print }: Surroundings): void {
  const { task, account, region, bootstrap: isBootstrapped } = options;
  if (task === 'serve-program') {
    print(`${JSON.stringify({ endpoint, account, region, ...environment })}\n`);
    return;
  }
  print([
    `The local AWS answers at ${endpoint}: account ${account}, ${region}. It ends with Ctrl-C, and all that is in it goes with it.`,
    '',
    'In another terminal, in this folder:',
    `  eval "$(npx cdk-license-manager local --env${portOption(Number(new URL(endpoint).port))})"`,
    ...isBootstrapped ? [] : [`  npx cdk bootstrap aws://${account}/${region}`],
    '  npx cdk deploy',
    '',
  ].join('\n'));
}

function portOption(port: number): string {
  return port === USUAL_PORT ? '' : ` --port ${port}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(done => signal.aborted ? done() : signal.addEventListener('abort', () => done()));
}

function interruptedBy({ reason }: AbortSignal): number {
  return exitCodeOf(reason);
}

/** What a shell says of a program that a signal has ended. */
function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
