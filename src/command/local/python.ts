import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from './processes';
import { Problem } from '../problem';

/** What is needed to find an interpreter, and to install what is missing. */
export interface PythonOptions {
  readonly env: NodeJS.ProcessEnv;
  /** What the local AWS stands on, in exactly these versions. */
  readonly requirements: string;
  /** The folder that environments are made in. */
  readonly cache: string;
  readonly warn: (text: string) => void;
  readonly interruption: AbortSignal;
}

const OLDEST = [3, 10];
const NAMES = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
const HOW_TO_GET_IT = 'Install one (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python; or https://www.python.org/downloads/), ' +
  'or name one in the environment variable PYTHON.';

/**
 * Says the version, where the interpreter is, and the one that it was made of if it is that of an environment, and whether it has all that is asked for. Every Python can
 * read it.
 */
const PROBE = `
import os, sys
print("%d.%d.%d" % sys.version_info[:3])
print(sys.executable)
print(os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable))
if sys.version_info >= (3, 10):
    from importlib.metadata import PackageNotFoundError, version
    def has(name, wanted):
        try:
            return version(name) == wanted
        except PackageNotFoundError:
            return False
    print(all(has(*pin.split("==")) for pin in sys.argv[1:]))
`;

interface Interpreter {
  readonly version: string;
  readonly executable: string;
  /** Itself, or what its environment was made with: one environment of ours is enough for all of those. */
  readonly base: string;
  /** Whether it has what is required, in the versions that are. */
  readonly isReady: boolean;
}

/**
 * An interpreter that has what is required: the user's own, if it has, else that of an environment in the cache, which is made the first time.
 *
 * @returns the path of the interpreter
 * @throws a Problem if there is none, or one cannot be made
 */
export async function pythonFor(options: PythonOptions): Promise<string> {
  const { requirements, cache } = options;
  const found = findInterpreter(options);
  if (found.isReady) {
    return found.executable;
  }
  const id = createHash('sha256').update([found.version, found.base, readFileSync(requirements, 'utf8')].join('\n')).digest('hex').slice(0, 12);
  const folder = join(cache, `local-aws-${id}`);
  const python = join('bin', 'python');
  if (!existsSync(join(folder, python))) {
    await install(found, folder, python, options);
  }
  return join(folder, python);
}

function findInterpreter({ env, requirements }: PythonOptions): Interpreter {
  const names = env.PYTHON ? [env.PYTHON] : NAMES;
  const pins = readFileSync(requirements, 'utf8').split('\n').map(line => line.trim()).filter(line => /^[\w.-]+==/.test(line));
  const tooOld: string[] = [];
  for (const name of names) {
    const { status, stdout } = spawnSync(name, ['-c', PROBE, ...pins], { env, encoding: 'utf8' });
    if (status !== 0) {continue;}
    const [version, executable, base, isReady] = stdout.trim().split('\n');
    const [major, minor] = version.split('.').map(Number);
    if (major > OLDEST[0] || major === OLDEST[0] && minor >= OLDEST[1]) {
      return { version, executable, base, isReady: isReady === 'True' };
    }
    tooOld.push(`${name} is ${version}`);
  }
  throw new Problem([
    `The local AWS needs Python ${OLDEST.join('.')} or newer.`,
    tooOld.length > 0 ? `Found: ${tooOld.join(', ')}.` : `Found none of: ${names.join(', ')}.`,
    HOW_TO_GET_IT,
  ].join('\n'));
}

/** Makes an environment. It is complete or not there at all: what was cut off is not taken for finished. */
async function install({ version, base }: Interpreter, folder: string, python: string, options: PythonOptions): Promise<void> {
  const { env, requirements, cache, warn, interruption } = options;
  warn(`Installing what the local AWS stands on into ${folder}, with Python ${version}: once, about a minute and 250 MB ...\n`);
  const unfinished = newFolder(cache);
  try {
    const run = (program: string, ...args: string[]) => execute(program, args, { env, signal: interruption });
    const made = await run(base, '-m', 'venv', unfinished);
    if (!made.succeeded && !interruption.aborted) {
      throw new Problem([made.output, `'${base} -m venv' does not work: Debian and Ubuntu ship it apart, apt install python3-venv.`].join('\n'));
    }
    const installed = await run(join(unfinished, python), '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--quiet', '-r', requirements);
    if (!installed.succeeded && !interruption.aborted) {
      throw new Problem([
        installed.output,
        'pip could not install what the local AWS stands on: see above. Does it reach a package index? It takes that from its own configuration, or from PIP_INDEX_URL.',
        `Without an index: install ${requirements} into a Python of yours in another way, and name that in PYTHON.`,
      ].join('\n'));
    }
    if (!interruption.aborted) {
      renameSync(unfinished, folder);
    }
  } catch (error) {
    // Somebody else may have been faster, with the same result.
    if (!existsSync(join(folder, python))) {throw error;}
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function newFolder(cache: string): string {
  try {
    mkdirSync(cache, { recursive: true });
    return mkdtempSync(join(cache, 'unfinished-'));
  } catch (error) {
    throw new Problem(`Nothing can be kept in ${cache}: ${(error as Error).message}. Name another folder in the environment variable XDG_CACHE_HOME.`);
  }
}
