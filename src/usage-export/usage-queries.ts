import type { TableName } from './contract/tables';

/*
 * What auditors ask, in the SQL of Amazon Athena. Values are given when a query is run, in the order of the question marks:
 * https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
 *
 * A day is a text, as the partition is. A license that is shared may be exported by several accounts: each sees it in its own way, so that none of these
 * adds up what two of them say.
 */

/** A query. */
export interface UsageQuery {
  /** Of its construct, and the end of its name. */
  readonly id: string;
  readonly description: string;
  /** The tables that have to be there. */
  readonly tables: readonly TableName[];
  readonly sql: string;
}

const SAME_LICENSE = `l.day = u.day AND l.account_id = u.account_id AND l.region = u.region
  AND l.license_configuration_arn = u.license_configuration_arn`;

export const QUERIES: readonly UsageQuery[] = [
  {
    id: 'WhoUsedWhat',
    description: 'Which resources used which licenses on a day. Parameter: the day, such as \'2026-11-30\'',
    tables: ['licenses', 'usage'],
    sql: `SELECT l.name, u.resource_arn, u.resource_type, u.resource_owner_id, u.resource_status, u.consumed_licenses, u.association_time,
  u.license_configuration_arn, u.account_id, u.region, u.exported_at
FROM usage u
LEFT JOIN licenses l ON ${SAME_LICENSE}
WHERE u.day = ?
ORDER BY l.name, u.consumed_licenses DESC, u.resource_arn`,
  },
  {
    id: 'MonthlyPeaks',
    description: 'The most licenses that were in use on a day of each month, and the first such day. Parameters: the first and the last day',
    tables: ['licenses'],
    sql: `WITH ranked AS (
  SELECT *, substr(day, 1, 7) AS month,
    row_number() OVER (PARTITION BY account_id, region, license_configuration_arn, substr(day, 1, 7) ORDER BY consumed_licenses DESC, day) AS place
  FROM licenses
  WHERE day BETWEEN ? AND ?
)
SELECT name, month, consumed_licenses AS peak, day AS peak_day, license_count, license_configuration_arn, account_id, region
FROM ranked
WHERE place = 1
ORDER BY name, license_configuration_arn, account_id, region, month`,
  },
  {
    id: 'UsageAgainstLimit',
    description: 'Usage of each day against the number of licenses of that day. Parameters: the first and the last day',
    tables: ['licenses'],
    sql: `SELECT day, name, license_count, license_count_hard_limit, consumed_licenses, license_count - consumed_licenses AS free,
  round(100.0 * consumed_licenses / nullif(license_count, 0), 1) AS percent, consumed_licenses > license_count AS is_over,
  license_configuration_arn, account_id, region
FROM licenses
WHERE day BETWEEN ? AND ?
ORDER BY name, license_configuration_arn, account_id, region, day`,
  },
  {
    id: 'Associations',
    description: 'On which resources a license was, from when to when. Parameters: the first and the last day',
    tables: ['associations'],
    sql: `SELECT license_configuration_arn, resource_arn, resource_type, resource_owner_id, min(association_time) AS associated_since,
  min(day) AS first_seen, max(day) AS last_seen, count(DISTINCT day) AS days, account_id, region
FROM associations
WHERE day BETWEEN ? AND ?
GROUP BY license_configuration_arn, resource_arn, resource_type, resource_owner_id, account_id, region
ORDER BY license_configuration_arn, first_seen, resource_arn`,
  },
  {
    id: 'TrueUp',
    description: 'What has to be bought for a period: the peak against the number of licenses at its end. Parameters: the first and the last day',
    tables: ['licenses'],
    sql: `SELECT max_by(name, day) AS name, max_by(license_count, day) AS license_count, max(consumed_licenses) AS peak,
  count_if(consumed_licenses > license_count) AS days_over,
  CASE WHEN max(consumed_licenses) > max_by(license_count, day) THEN max(consumed_licenses) - max_by(license_count, day) ELSE 0 END AS to_buy,
  count(*) AS days, min(day) AS first_day, max(day) AS last_day, license_configuration_arn, account_id, region
FROM licenses
WHERE day BETWEEN ? AND ?
GROUP BY license_configuration_arn, account_id, region
ORDER BY name, license_configuration_arn, account_id, region`,
  },
  {
    id: 'DaysWithoutExport',
    description: 'The days before today of which there is no export, for each license that was ever exported, from its first day on: missing where it was exported '
      + 'again later, else after its last export. Parameters: the first and the last day',
    tables: ['licenses'],
    // A license that failed for all of the period is asked for, too. Whether what has no export any more was taken out, the tables do not know.
    sql: `WITH exported AS (
  SELECT DISTINCT day, license_configuration_arn, account_id, region FROM licenses
),
licensed AS (
  SELECT license_configuration_arn, account_id, region, max_by(name, day) AS name, min(day) AS first_day, max(day) AS last_day
  FROM licenses
  GROUP BY license_configuration_arn, account_id, region
),
asked AS (
  SELECT date_format(moment, '%Y-%m-%d') AS day FROM UNNEST(sequence(CAST(? AS date), CAST(? AS date), INTERVAL '1' DAY)) AS t(moment)
)
SELECT asked.day, licensed.name, CASE WHEN asked.day < licensed.last_day THEN 'missing' ELSE 'after its last export' END AS gap,
  licensed.first_day, licensed.last_day, licensed.license_configuration_arn, licensed.account_id, licensed.region
FROM licensed
CROSS JOIN asked
LEFT JOIN exported ON exported.day = asked.day AND exported.license_configuration_arn = licensed.license_configuration_arn
  AND exported.account_id = licensed.account_id AND exported.region = licensed.region
WHERE exported.day IS NULL AND asked.day >= licensed.first_day AND asked.day < date_format(current_date, '%Y-%m-%d')
ORDER BY asked.day, licensed.name, licensed.license_configuration_arn, licensed.account_id, licensed.region`,
  },
  {
    id: 'Failures',
    description: 'What License Manager could not do, each failure once. Parameters: the first and the last day',
    tables: ['failures'],
    sql: `SELECT failure_time, license_configuration_arn, operation_name, operation_requested_by, resource_arn, resource_type, error_message,
  min(day) AS first_seen, account_id, region
FROM failures
WHERE day BETWEEN ? AND ?
GROUP BY failure_time, license_configuration_arn, operation_name, operation_requested_by, resource_arn, resource_type, error_message, account_id, region
ORDER BY failure_time, resource_arn`,
  },
  {
    id: 'UsageToParquet',
    description: 'A copy of the usage in Apache Parquet, by months, for many queries of it: as long as results are kept. Parameters: the first and the last day',
    tables: ['usage'],
    // By months, as a statement writes 100 partitions at most.
    sql: `CREATE TABLE usage_parquet WITH (format = 'PARQUET', write_compression = 'SNAPPY', partitioned_by = ARRAY['month']) AS
SELECT u.*, substr(u.day, 1, 7) AS month
FROM usage u
WHERE u.day BETWEEN ? AND ?`,
  },
];
