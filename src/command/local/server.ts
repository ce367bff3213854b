import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { delimiter, dirname, resolve } from 'node:path';
import type { LocalOptions } from './options';
import { lastOf } from './processes';
import { Problem } from '../problem';

/** How a server is started. */
export interface ServerOptions {
  readonly options: LocalOptions;
  readonly python: string;
  /** The folder of the Python package. */
  readonly sources: string;
  /** The folder that files are named from. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

const STOP_TIMEOUT_MS = 15_000;

/** A local AWS: a program in Python, which ends when its standard input does. So it ends with this process, however that ends. */
export class Server {
  /**
   * Starts one.
   *
   * @throws a Problem if it does not start
   */
  public static async start({ options, python, sources, folder, env }: ServerOptions): Promise<Server> {
    const { port, account, region, auth, logFile } = options;
    const args = ['-m', 'local_aws', '--port', String(port), '--account', account, '--region', region];
    if (auth) {args.push('--auth');}
    if (logFile !== undefined) {args.push('--log-file', resolve(folder, logFile));}
    const { PYTHONPATH, PYTHONHOME, NODE_OPTIONS, ...own } = env;
    const child = spawn(python, args, {
      // Where the package is; and what is beside the user's app shadows no module.
      cwd: sources,
      // Ctrl-C is for this process, which then ends the server; and for the command that it runs, which needs the server until its end.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        ...own,
        // The package may be of somebody else, or for a moment only: nothing is written beside it.
        PYTHONDONTWRITEBYTECODE: '1',
        // Functions run with the first `node` in the path, and without what is preloaded into this one.
        PATH: [dirname(process.execPath), env.PATH].filter(Boolean).join(delimiter),
      },
    });
    return new Server(child, await ready(child));
  }

  private constructor(private readonly child: ChildProcess, public readonly endpoint: string) {
    child.stdout?.resume();
  }

  /** Waits for its end. */
  public async end(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await new Promise<void>(done => this.child.once('exit', () => done()));
    }
  }

  /** Ends it, and the functions that it runs. */
  public async stop(): Promise<void> {
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    this.child.stdin?.end();
    await this.end();
    clearTimeout(timer);
  }
}

/** Waits for the line that says where the server listens. */
async function ready(server: ChildProcess): Promise<string> {
  const said = lastOf(server);
  return new Promise((done, fail) => {
    const failed = (reason: string) => fail(new Problem(`The local AWS did not start: ${reason}`));
    server.once('error', error => failed(error.message));
    server.once('close', () => failed(said()));
    let line = '';
    server.stdout?.on('data', chunk => {
      line += chunk;
      if (line.includes('\n')) {
        done(JSON.parse(line).endpoint);
      }
    });
  });
}

/** What a server that runs says of itself; undefined if none answers. */
export async function healthOf(endpoint: string): Promise<{ readonly account: string; readonly region: string } | undefined> {
  try {
    const answer = await fetch(`${endpoint}/_local-aws/health`, { headers: { connection: 'close' } });
    return answer.ok ? await answer.json() as { account: string; region: string } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Puts into the account what no call makes.
 *
 * @throws a Problem if it is refused
 */
export async function seed(endpoint: string, text: string, name: string): Promise<void> {
  const answer = await fetch(`${endpoint}/_local-aws/state`, { method: 'POST', headers: { connection: 'close' }, body: text });
  if (!answer.ok) {
    const { message } = await answer.json() as { message: string };
    throw new Problem(`${name} was refused: ${message}`);
  }
}
