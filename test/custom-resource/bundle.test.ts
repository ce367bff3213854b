import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';

const ROOT = resolve(__dirname, '..', '..');

/** What Lambda takes from the bundle: less starts faster. */
const MOST_ZIPPED_BYTES = 108_000;

describe('the bundle', () => {
  const folders: string[] = [];

  /** The sources in a folder of their own, bundled. */
  function bundleElsewhere(prefix: string): string {
    const folder = mkdtempSync(join(tmpdir(), prefix));
    folders.push(folder);
    cpSync(join(ROOT, 'tools'), join(folder, 'tools'), { recursive: true });
    cpSync(join(ROOT, 'src'), join(folder, 'src'), { recursive: true });
    // What goes with the command.
    cpSync(join(ROOT, 'test', 'local-aws'), join(folder, 'test', 'local-aws'), { recursive: true });
    cpSync(join(ROOT, 'tsconfig.json'), join(folder, 'tsconfig.json'));
    cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    execFileSync(process.execPath, ['--preserve-symlinks', '--preserve-symlinks-main', join(folder, 'tools', 'bundle.mjs')], { cwd: tmpdir() });
    return join(folder, 'assets', 'custom-resource');
  }

  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

  test('is the same, byte for byte, wherever it is made', () => {
    const [some, other] = [bundleElsewhere('a-'), bundleElsewhere('somewhere-else-with-a-longer-name-')];
    expect(readdirSync(some)).toEqual(['THIRD-PARTY-LICENSES', 'index.js']);
    for (const file of readdirSync(some)) {
      expect(readFileSync(join(some, file)).equals(readFileSync(join(other, file)))).toBe(true);
    }
    // And it is the one that the other tests run.
    expect(readFileSync(join(ROOT, 'assets', 'custom-resource', 'index.js')).equals(readFileSync(join(some, 'index.js')))).toBe(true);
  });

  const code = () => readFileSync(join(ROOT, 'assets', 'custom-resource', 'index.js'), 'utf8');

  test('names no folder and has no source map', () => {
    expect(code()).not.toContain(ROOT);
    expect(code()).not.toContain('node_modules');
    expect(code()).not.toContain('sourceMappingURL');
  });

  test('needs nothing but Node', () => {
    const required = [...code().matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name.replace('node:', '').split('/')[0]);
    expect([...new Set(required)].filter((name) => !builtinModules.includes(name))).toEqual([]);
  });

  test('contains one client and no provider of credentials but the environment', () => {
    const licenses = readFileSync(join(ROOT, 'assets', 'custom-resource', 'THIRD-PARTY-LICENSES'), 'utf8');
    const packages = licenses.split('\n\n')[1].split('\n').map((line) => line.split(' ')[0]);
    expect(packages.filter((name) => /client-|credential|sso|sts/.test(name))).toEqual(['@aws-sdk/client-license-manager']);
    expect(licenses).toContain('Apache License');
  });

  test('is small', () => {
    const folder = join(ROOT, 'assets', 'custom-resource');
    const zipped = readdirSync(folder).reduce((sum, file) => sum + deflateRawSync(readFileSync(join(folder, file)), { level: 9 }).length + 120, 0);
    expect(zipped).toBeLessThan(MOST_ZIPPED_BYTES);
  });
});
