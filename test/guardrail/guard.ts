import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const PACKAGE = dirname(require.resolve('@cdklabs/cdk-validator-cfnguard/package.json'));
const SYSTEM = process.platform === 'darwin' ? 'macos' : 'ubuntu';
const MACHINE = process.arch === 'arm64' ? 'aarch64' : 'x86_64';

/** The cfn-guard of npm, and that which tools/guard.mjs compiles, if it has: of the version that AWS Config runs. */
export const ENGINES: string[] = [
  join(PACKAGE, 'bin', SYSTEM, MACHINE, 'cfn-guard'),
  join(__dirname, '..', '..', '.cache', 'guard', 'bin', 'cfn-guard'),
].filter((engine, index) => index === 0 || existsSync(engine));

/** What Guard says of an item, and AWS Config makes of it: COMPLIANT, NON_COMPLIANT and NOT_APPLICABLE. */
export type Verdict = 'PASS' | 'FAIL' | 'SKIP';

/**
 * Runs a rule against configuration items.
 *
 * @returns what it says of each, in their order
 */
export function evaluate(engine: string, policyText: string, items: readonly object[]): Verdict[] {
  const folder = mkdtempSync(join(tmpdir(), 'guard-'));
  try {
    writeFileSync(join(folder, 'rule.guard'), policyText);
    return items.map((item, index) => {
      const file = join(folder, `${index}.json`);
      writeFileSync(file, JSON.stringify(item));
      const { stdout, stderr, error } = spawnSync(engine, ['validate', '--rules', join(folder, 'rule.guard'), '--data', file, '--show-summary', 'all'], { encoding: 'utf8' });
      const verdict = / Status = (PASS|FAIL|SKIP)/.exec(stdout)?.[1];
      if (error || verdict === undefined) {
        throw error ?? new Error(`cfn-guard takes it otherwise: ${stdout}${stderr}\n${policyText}`);
      }
      return verdict as Verdict;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
