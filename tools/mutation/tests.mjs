/*
 * Runs test files in this process, again and again.
 *
 * Jest loads aws-cdk-lib anew for each test file, which takes longer than the tests. Here it is loaded once; only the files of src/ and test/ are
 * loaded again. What tests get of Jest are Jest's own modules, but for what loads and runs: this.
 */
import { readFileSync, rmSync, mkdirSync, mkdtempSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { transformSync } from 'esbuild';

const require = createRequire(import.meta.url);
const { jestExpect } = require('@jest/expect');
const { ModernFakeTimers } = require('@jest/fake-timers');
const { bind } = require('jest-each');
const { ModuleMocker } = require('jest-mock');
const { SnapshotState } = require('jest-snapshot');

// Tests replace those of the global object.
const { setTimeout, clearTimeout } = globalThis;

/** What a test fails with that does not come to an end. */
export class Hung extends Error {}

class Block {
  constructor(name, parent) {
    Object.assign(this, { name, parent, children: [], beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] });
  }

  get tests() {
    return this.children.flatMap((child) => child instanceof Block ? child.tests : [child]);
  }

  /** The blocks around, from the outside, and this one. */
  get path() {
    return this.parent ? [...this.parent.path, this] : [];
  }
}

export class Tests {
  /** @param root where src/ and test/ are: the current directory of the process */
  constructor(root) {
    this.root = root;
    this.transformed = new Map();
    this.imports = new Map();
    this.mocker = new ModuleMocker(globalThis);
    this.timers = new ModernFakeTimers({ global: globalThis, config: { rootDir: root, fakeTimers: {} } });
    // Every App writes its templates there.
    this.folder = mkdtempSync(join(tmpdir(), 'mutation-'));
    process.env.TMPDIR = this.folder;
    process.env.NODE_ENV = 'test';
    Module._extensions['.ts'] = (module, file) => module._compile(this.transform(file), file);
    for (const event of ['uncaughtException', 'unhandledRejection']) {
      process.on(event, (error) => this.fail?.(error));
    }
    this.defineGlobals();
  }

  dispose() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Throws away what tests have written. */
  clean() {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder);
  }

  /** The next load of a file of this folder is its first again. */
  forget(folder) {
    for (const file of Object.keys(require.cache)) {
      if (file.startsWith(join(this.root, folder) + sep)) {
        delete require.cache[file];
      }
    }
  }

  /** Loads a file of src/ or test/. */
  require(file) {
    return require(join(this.root, file));
  }

  /** Loads a test file: the block of its tests. */
  load(file) {
    this.forget('test');
    const root = this.block = new Block(file);
    this.require(file);
    const names = new Map();
    for (const test of root.tests) {
      // Two tests of a file may have the same name.
      const name = [...test.parent.path.map((block) => block.name), test.name].join(' ');
      const count = (names.get(name) ?? 0) + 1;
      names.set(name, count);
      Object.assign(test, { fullName: name, id: `${file}\n${name}${count > 1 ? ` (${count})` : ''}` });
    }
    return root;
  }

  /**
   * Runs tests of a file that has been loaded.
   *
   * @param root    its block
   * @param wanted  tells which tests
   * @param limit   tells how many milliseconds a test may take
   * @param started is told the id of the test that comes next, or the block whose hooks do
   * @param ended   is told each result, and says whether to go on
   */
  async run(root, { wanted = () => true, limit = () => 300_000, started = () => {}, ended }) {
    const snapshots = join(this.root, dirname(root.name), '__snapshots__', `${root.name.slice(root.name.lastIndexOf('/') + 1)}.snap`);
    jestExpect.setState({
      testPath: join(this.root, root.name),
      snapshotState: new SnapshotState(snapshots, {
        updateSnapshot: 'none', rootDir: this.root, snapshotFormat: { escapeString: false, printBasicPrototype: false },
      }),
    });
    let goOn = true;
    const hooks = async (block, list) => {
      started(block);
      for (const hook of list) {
        await this.call(hook, 300_000);
      }
    };
    const runTest = async (test) => {
      started(test.id);
      // aws-cdk-lib's validator takes most of the time of a test, and fails only those that speak of it.
      process.env.CDK_VALIDATION = String(test.fullName.includes('validator'));
      jestExpect.setState({ currentTestName: test.fullName, assertionCalls: 0 });
      const begin = performance.now();
      const blocks = [root, ...test.parent.path];
      let error;
      const attempt = async (work) => {
        try {
          await this.call(work, limit(test.id));
        } catch (reason) {
          error ??= { reason };
        }
      };
      await attempt(async () => {
        for (const hook of blocks.flatMap((block) => block.beforeEach)) {await hook();}
        await test.run();
      });
      if (!(error?.reason instanceof Hung)) {
        await attempt(async () => {
          for (const hook of blocks.toReversed().flatMap((block) => block.afterEach)) {await hook();}
        });
      }
      return ended({ id: test.id, name: test.fullName, time: performance.now() - begin, error: error?.reason, failed: error !== undefined });
    };
    const runBlock = async (block) => {
      const tests = block.tests.filter((test) => wanted(test.id));
      if (tests.length === 0) {return;}
      try {
        await hooks(block, block.beforeAll);
        for (const child of block.children) {
          if (!goOn) {break;}
          if (child instanceof Block) {
            await runBlock(child);
          } else if (wanted(child.id)) {
            goOn = await runTest(child);
          }
        }
        await hooks(block, block.afterAll);
      } catch (error) {
        goOn = await ended({ id: tests[0].id, name: tests[0].fullName, time: 0, error, failed: true });
      }
    };
    await runBlock(root);
  }

  /** The files that a file imports, and those that they import. */
  importsOf(file, found = new Set()) {
    for (const imported of this.imports.get(file) ?? []) {
      if (!found.has(imported)) {
        found.add(imported);
        this.importsOf(imported, found);
      }
    }
    return found;
  }

  async call(work, limit) {
    let timer;
    try {
      await new Promise((settle, reject) => {
        this.fail = reject;
        timer = setTimeout(() => reject(new Hung(`No end after ${limit} ms`)), limit);
        Promise.resolve().then(work).then(settle, reject);
      });
    } finally {
      clearTimeout(timer);
      this.fail = undefined;
    }
  }

  transform(file) {
    let code = this.transformed.get(file);
    if (code === undefined) {
      const test = relative(this.root, file).startsWith('test');
      code = transformSync(readFileSync(file, 'utf8'), {
        loader: 'ts', format: 'cjs', target: 'node20', sourcefile: file, sourcemap: false,
        tsconfigRaw: { compilerOptions: { target: 'es2022', strict: true } },
        // The example imports the library by its name, as a user does.
      }).code.replaceAll('require("cdk-license-manager")', `require(${JSON.stringify(join(this.root, 'src'))})`);
      const imports = [...code.matchAll(/require\("([./][^"]*)"\)/g)].map(([, path]) => createRequire(file).resolve(resolve(dirname(file), path)));
      if (code.includes('jest.requireActual(')) {
        // Only while it runs is it known what is loaded.
        imports.push(join(this.root, 'src', 'index.ts'));
      }
      this.imports.set(relative(this.root, file), imports.map((path) => relative(this.root, path)));
      if (test) {
        // Jest's functions that load modules do so from where they are called.
        code = `const jest = globalThis.jestOf(require);${code}`;
      }
      this.transformed.set(file, code);
    }
    return code;
  }

  defineGlobals() {
    const describe = (name, define) => {
      const block = new Block(name, this.block);
      this.block.children.push(block);
      this.block = block;
      try {
        define();
      } finally {
        this.block = block.parent;
      }
    };
    const test = (name, run) => void this.block.children.push({ name, run, parent: this.block });
    const hooks = ['beforeAll', 'afterAll', 'beforeEach', 'afterEach'].map((hook) => [hook, (run) => void this.block[hook].push(run)]);
    Object.assign(globalThis, {
      describe: Object.assign(describe, { each: bind(describe, false) }),
      test: Object.assign(test, { each: bind(test, false) }),
      expect: jestExpect,
      ...Object.fromEntries(hooks),
      jestOf: (requireOfTest) => this.jestOf(requireOfTest),
    });
  }

  jestOf(requireOfTest) {
    const { mocker, timers } = this;
    return {
      fn: (...args) => mocker.fn(...args),
      spyOn: (...args) => mocker.spyOn(...args),
      restoreAllMocks: () => mocker.restoreAllMocks(),
      useFakeTimers: (config) => timers.useFakeTimers(config),
      useRealTimers: () => timers.useRealTimers(),
      setTimeout: () => {},
      requireActual: requireOfTest,
      // Tests mock nothing but modules of which there is one here anyway.
      doMock: () => {},
      isolateModules: (load) => {
        const modules = Object.entries(require.cache);
        this.forget('src');
        try {
          load();
        } finally {
          this.forget('src');
          Object.assign(require.cache, Object.fromEntries(modules));
        }
      },
    };
  }
}
