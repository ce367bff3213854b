/*
 * The questions of auditors, asked of what the function has exported, by an engine that others wrote: DuckDB, for which sqlglot translates the SQL of Athena.
 *
 * That shows what the queries mean. It does not show that Athena takes them to the letter, nor how it finds partitions and reads JSON: what they use of Trino's
 * functions is in its documentation.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ExportBench } from './support/function';
import { columnsOf, type TableName, TABLES } from '../../src/usage-export/contract/tables';
import { handler } from '../../src/usage-export/handler';
import { QUERIES } from '../../src/usage-export/usage-queries';
import { SourceRuntime } from '../custom-resource/support/function';

const PYTHON = join(__dirname, '..', '..', '.venv', 'bin', 'python');

const bench = new ExportBench(new SourceRuntime(handler));
let folder: string;
let windows: string;
let linux: string;

const node = (number: number) => `arn:aws:ssm:us-east-1:111122223333:managed-instance/mi-${number}`;

beforeAll(async () => {
  await bench.start();
  await bench.reset();
  [windows, linux] = [await bench.license('windows'), await bench.license('linux')];
  const use = (number: number, consumedLicenses: number) => bench.localAws.seed({
    associations: [{ licenseConfigurationArn: windows, resourceArn: node(number), consumedLicenses, associationTime: 1_780_000_000 + number }],
  });
  const day = async (date: string, ...licenses: string[]) => {
    for (const subject of licenses) {
      expect((await bench.export({ subject, scheduledTime: `${date}T23:00:00Z`, now: Date.parse(`${date}T23:00:01Z`) })).error).toBeUndefined();
    }
  };
  // 8 of 10 in May, 12 at its end; a day without an export; 15 in June.
  await use(1, 8);
  await day('2026-05-29', windows, linux);
  await use(2, 4);
  await day('2026-05-30', windows, linux);
  await day('2026-06-01', windows, linux);
  await use(3, 3);
  await bench.localAws.seed({ failures: [{ licenseConfigurationArn: windows, resourceArn: node(9), errorMessage: 'It failed.', failureTime: 1_780_300_000 }] });
  await day('2026-06-02', windows, linux);
  await day('2026-06-03', windows);

  folder = mkdtempSync(join(tmpdir(), 'export-'));
  for (const key of await bench.keys()) {
    mkdirSync(join(folder, dirname(key)), { recursive: true });
    writeFileSync(join(folder, key), await bench.text(key));
  }
});

afterAll(async () => {
  await bench.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What comes of a query. */
function ask(id: string, parameters: string[], then?: string): any[] {
  const { sql } = QUERIES.find((query) => query.id === id)!;
  const tables = Object.fromEntries((['licenses', 'usage', 'associations', 'failures'] satisfies TableName[]).map((table) =>
    [table, columnsOf(table).map(([name, type]) => [name, type])]));
  return JSON.parse(execFileSync(PYTHON, [join(__dirname, 'support', 'ask.py')], {
    input: JSON.stringify({ folder, tables, sql, parameters, then }), encoding: 'utf8', env: { ...process.env, TZ: 'UTC' },
  }));
}

test('who used what on a day', () => {
  expect(ask('WhoUsedWhat', ['2026-05-30']).map(({ name, resource_arn, consumed_licenses, association_time }) => [name, resource_arn, consumed_licenses, association_time]))
    .toEqual([['windows', node(1), 8, '2026-05-28T20:26:41.000Z'], ['windows', node(2), 4, '2026-05-28T20:26:42.000Z']]);
  expect(ask('WhoUsedWhat', ['2026-05-31'])).toEqual([]);
});

test('the peak of each month, and its first day', () => {
  expect(ask('MonthlyPeaks', ['2026-05-01', '2026-06-30']).map(({ name, month, peak, peak_day, license_count }) => [name, month, peak, peak_day, license_count])).toEqual([
    ['linux', '2026-05', 0, '2026-05-29', 10], ['linux', '2026-06', 0, '2026-06-01', 10],
    ['windows', '2026-05', 12, '2026-05-30', 10], ['windows', '2026-06', 15, '2026-06-02', 10],
  ]);
});

test('usage against the limit of each day', () => {
  expect(ask('UsageAgainstLimit', ['2026-05-29', '2026-06-02']).filter(({ name }) => name === 'windows')
    .map(({ day, consumed_licenses, free, percent, is_over }) => [day, consumed_licenses, free, percent, is_over])).toEqual([
    ['2026-05-29', 8, 2, 80, false], ['2026-05-30', 12, -2, 120, true], ['2026-06-01', 12, -2, 120, true], ['2026-06-02', 15, -5, 150, true],
  ]);
});

test('what was associated, from when to when', () => {
  expect(ask('Associations', ['2026-05-01', '2026-06-30']).map(({ resource_arn, first_seen, last_seen, days }) => [resource_arn, first_seen, last_seen, days])).toEqual([
    [node(1), '2026-05-29', '2026-06-03', 5], [node(2), '2026-05-30', '2026-06-03', 4], [node(3), '2026-06-02', '2026-06-03', 2],
  ]);
});

test('what has to be bought for a period', () => {
  expect(ask('TrueUp', ['2026-05-01', '2026-05-31']).map(({ name, license_count, peak, to_buy, days_over, days }) => [name, license_count, peak, to_buy, days_over, days])).toEqual([
    ['linux', 10, 0, 0, 0, 2], ['windows', 10, 12, 2, 1, 2],
  ]);
});

describe('the days of which there is no export', () => {
  const gaps = (first: string, last: string) => ask('DaysWithoutExport', [first, last]).map(({ day, name, gap }) => [day, name, gap]);

  test('are those in between, and those after the last export', () => {
    expect(gaps('2026-05-29', '2026-06-03')).toEqual([
      ['2026-05-31', 'linux', 'missing'], ['2026-05-31', 'windows', 'missing'], ['2026-06-03', 'linux', 'after its last export'],
    ]);
  });

  test('are also those of a period that has none at all', () => {
    expect(gaps('2026-05-31', '2026-05-31')).toEqual([['2026-05-31', 'linux', 'missing'], ['2026-05-31', 'windows', 'missing']]);
    expect(gaps('2026-06-05', '2026-06-05')).toEqual([['2026-06-05', 'linux', 'after its last export'], ['2026-06-05', 'windows', 'after its last export']]);
  });

  test('are none before the first export of a license', () => {
    expect(gaps('2026-05-01', '2026-05-30')).toEqual([]);
  });

  test('are none that are still to come, today included', () => {
    const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    expect([...new Set(gaps(at(-2), at(2)).map(([day]) => day))]).toEqual([at(-2), at(-1)]);
  });

  test('are told with the days between which there are exports', () => {
    expect(ask('DaysWithoutExport', ['2026-06-03', '2026-06-03'])).toEqual([{
      day: '2026-06-03',
      name: 'linux',
      gap: 'after its last export',
      first_day: '2026-05-29',
      last_day: '2026-06-02',
      license_configuration_arn: linux,
      account_id: '111122223333',
      region: 'us-east-1',
    }]);
  });
});

test('failures, each once', () => {
  expect(ask('Failures', ['2026-05-01', '2026-06-30']).map(({ resource_arn, error_message, first_seen }) => [resource_arn, error_message, first_seen])).toEqual([
    [node(9), 'It failed.', '2026-06-02'],
  ]);
});

test('a copy of the usage has all of it, and its month', () => {
  expect(ask('UsageToParquet', ['2026-05-01', '2026-06-30'], 'SELECT month, count(*) AS records FROM usage_parquet GROUP BY month ORDER BY month')).toEqual([
    { month: '2026-05', records: 3 }, { month: '2026-06', records: 8 },
  ]);
});

test('each query names its tables, and asks for what its description says', () => {
  for (const { sql, tables, description } of QUERIES) {
    expect([...new Set([...sql.matchAll(/(?:FROM|JOIN) (\w+)/g)].map(([, name]) => name).filter((name) => name in TABLES))].sort()).toEqual([...tables].sort());
    const asked = sql.split('?').length - 1;
    expect([1, 2]).toContain(asked);
    expect(description).toContain(asked === 1 ? 'Parameter: the day' : 'Parameters: the first and the last day');
    // What the API of Athena takes.
    expect(sql.length).toBeLessThan(262_144);
    expect(description.length).toBeLessThanOrEqual(1024);
  }
});
