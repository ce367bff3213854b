/*
 * Stryker's test runner: which tests see a mutant, and which of them it fails.
 *
 * What the dry run has found out is in a file of the sandbox, where all workers find it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Hung, Tests } from './tests.mjs';

const FOUND = '.mutation.json';
const ENTRIES = ['src/index.ts', 'src/custom-resource/handler/index.ts'];

/**
 * A mutant that is there while the sources are loaded, in a constant, might be seen by any test of a file that imports it. The nearest tests are
 * run, as many as take so many milliseconds: a mutant that only others would kill counts as a survivor.
 */
const STATIC_TIME = 3_000;

/** How much longer than in the dry run a test may take: of what is not done then, no more comes. */
const limitOf = (time) => 5_000 + 10 * time;

class InProcessRunner {
  capabilities() {
    return { reloadEnvironment: true };
  }

  init() {
    this.stryker = globalThis.__stryker__ = {};
    this.tests = new Tests(process.cwd());
    this.loadSources();
  }

  dispose() {
    this.tests.dispose();
  }

  /** Runs all tests that some mutant may fail, to learn what each covers. */
  async dryRun({ files, testFiles }) {
    const { stryker, tests } = this;
    const mutated = new Set(files.map((file) => relative(process.cwd(), file)));
    const results = [];
    const found = { times: {}, imports: {} };
    for (const file of testFiles.map((it) => relative(process.cwd(), it)).sort()) {
      const loading = `load ${file}`;
      stryker.currentTestId = loading;
      const root = tests.load(file);
      if (tests.importsOf(file).isDisjointFrom(mutated)) {continue;}
      const hooks = new Map();
      await tests.run(root, {
        started: (it) => {
          if (typeof it === 'string') {
            stryker.currentTestId = it;
          } else {
            stryker.currentTestId = `hooks ${file} ${hooks.size}`;
            hooks.set(stryker.currentTestId, it.tests.map(({ id }) => id));
          }
        },
        ended: ({ id, name, time, failed, error }) => {
          found.times[id] = time;
          results.push({ id, name: `${file}: ${name}`, timeSpentMs: time, fileName: join(process.cwd(), file), ...resultOf(failed, error) });
          return true;
        },
      });
      stryker.currentTestId = undefined;
      found.imports[file] = [...tests.importsOf(file)];
      // What runs before all tests of a block is covered by each.
      const { perTest } = this.coverage;
      for (const [hook, ids] of hooks) {
        for (const id of ids) {
          add(perTest[id] ??= {}, perTest[hook] ?? {});
        }
        delete perTest[hook];
      }
      // A mutant that a test file's load reaches has to be there before it.
      add(this.coverage.static, perTest[loading] ?? {});
      delete perTest[loading];
    }
    tests.clean();
    writeFileSync(FOUND, JSON.stringify(found));
    return { status: 'complete', tests: results, mutantCoverage: this.coverage };
  }

  /** Runs the tests that a mutant may fail, the nearest first, until one fails. */
  async mutantRun({ activeMutant, testFilter, hitLimit, sandboxFileName, reloadEnvironment }) {
    if (this.broken) {
      // Stryker starts another process then, and tries again.
      throw new Error('A test has not come to an end, and may go on in this process.');
    }
    this.found ??= JSON.parse(readFileSync(FOUND, 'utf8'));
    const mutant = { id: activeMutant.id, hitLimit, isStatic: reloadEnvironment };
    this.stale ||= mutant.isStatic;
    const mutated = relative(process.cwd(), sandboxFileName);
    const wanted = mutant.isStatic ? undefined : new Set(testFilter);
    let count = 0;
    try {
      for (const file of this.filesFor(mutated, wanted)) {
        const { failure, ran } = await this.runFile(file, mutant, wanted);
        count += ran;
        if (failure?.error instanceof Hung) {
          this.broken = true;
          return { status: 'timeout', reason: failure.error.message };
        }
        if (failure && await this.isFault(file, mutant, failure)) {
          return { status: 'killed', killedBy: [failure.id], failureMessage: String(failure.error?.message ?? failure.error), nrOfTests: count };
        }
      }
      return { status: 'survived', nrOfTests: count };
    } finally {
      this.stale ||= mutant.isStatic;
      this.tests.clean();
    }
  }

  /** Whether it is the mutant that a test fails by, and not what others have left behind. */
  async isFault(file, mutant, { id }) {
    const alone = (it) => {
      this.stale ||= mutant.isStatic;
      return this.runFile(file, it, new Set([id]));
    };
    if (!(await alone(undefined)).failure) {return true;}
    this.stale = true;
    if ((await alone(undefined)).failure) {
      this.broken = true;
      throw new Error(`Without a mutant, too, this fails: ${id}`);
    }
    return (await alone(mutant)).failure !== undefined;
  }

  /** Runs the wanted tests of a file until one fails. */
  async runFile(file, mutant, wanted) {
    const { stryker, tests } = this;
    if (this.stale) {
      tests.forget('src');
      this.stale = false;
    }
    let failure;
    let ran = 0;
    const activate = () => Object.assign(stryker, { activeMutant: mutant?.id, hitCount: mutant?.hitLimit === undefined ? undefined : 0, hitLimit: mutant?.hitLimit });
    try {
      if (mutant?.isStatic) {
        activate();
      } else {
        this.loadSources();
      }
      const root = tests.load(file);
      activate();
      await tests.run(root, {
        wanted: (id) => wanted?.has(id) ?? true,
        limit: (id) => limitOf(this.found.times[id] ?? 0),
        ended: (result) => {
          ran++;
          if (result.failed) {failure = result;}
          return !result.failed;
        },
      });
    } catch (error) {
      // The file cannot even be loaded.
      failure = { id: Object.keys(this.found.times).find((id) => id.startsWith(`${file}\n`)), error };
    } finally {
      Object.assign(stryker, { activeMutant: undefined, hitCount: undefined, hitLimit: undefined });
    }
    return { failure, ran };
  }

  /** The files with tests that a mutant may fail, the nearest first. */
  filesFor(mutated, wanted) {
    const { found } = this;
    const times = new Map();
    for (const id of wanted ?? Object.keys(found.times)) {
      const file = id.split('\n')[0];
      times.set(file, (times.get(file) ?? 0) + found.times[id]);
    }
    const files = [...times.keys()].sort((one, other) => nearness(other, mutated) - nearness(one, mutated) || times.get(one) - times.get(other));
    if (wanted) {return files;}
    let time = 0;
    return files.filter((file) => found.imports[file].includes(mutated)
      && (nearness(file, mutated) === Infinity || (time += times.get(file)) < STATIC_TIME));
  }

  loadSources() {
    for (const entry of ENTRIES) {this.tests.require(entry);}
  }

  get coverage() {
    return this.stryker.mutantCoverage ??= { static: {}, perTest: {} };
  }
}

/** How many folders the tests' file has in common with the mirror image of a file. */
function nearness(test, mutated) {
  const image = mutated.replace(/^src/, 'test').replace(/\.ts$/, '.test.ts').split('/');
  const different = test.split('/').findIndex((name, index) => name !== image[index]);
  return different < 0 ? Infinity : different;
}

function resultOf(failed, error) {
  return failed ? { status: 1, failureMessage: String(error?.stack ?? error) } : { status: 0 };
}

function add(to, from) {
  for (const [mutant, hits] of Object.entries(from)) {
    to[mutant] = (to[mutant] ?? 0) + hits;
  }
}

/** The names of errors, lit`…`: tests look at messages, as users do. */
const errorNames = {
  shouldIgnore: (path) => path.isTaggedTemplateExpression() && path.node.tag.name === 'lit' ? 'The name of an error' : undefined,
};

export const strykerPlugins = [
  { kind: 'TestRunner', name: 'in-process', injectableClass: InProcessRunner },
  { kind: 'Ignore', name: 'error-names', value: errorNames },
];
