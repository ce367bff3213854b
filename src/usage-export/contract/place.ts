import type { TableName } from './tables';

/*
 * Where objects are. The name of one says what it is of and of which day, and nothing else: the same export once more overwrites it.
 */

/**
 * The beginning of what a table has of a day.
 *
 * The day comes first, and is the only partition: who asks for a day lists one folder, and a license that nobody exports any more stays in the table with
 * what was exported of it.
 */
export function folderOf(prefix: string, table: TableName, day: string): string {
  return `${prefix}${table}/day=${day}/`;
}

/**
 * The name of an object. A license that is shared may be exported by several accounts, which need not see the same of it.
 *
 * @param subject the id of a license or of a license asset group, or `inventory`
 */
export function keyOf(prefix: string, table: TableName, day: string, account: string, region: string, subject: string): string {
  return `${folderOf(prefix, table, day)}account=${account}/region=${region}/${subject}.jsonl`;
}
