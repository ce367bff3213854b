import { ExportFailure } from './failure';
import { ObjectWriter, UploadGone } from './object-writer';
import {
  getLicenseConfiguration, listAssets, listAssociations, listFailures, listInventory, listUsage,
} from './operations';
import { assetRow, associationRow, failureRow, idOf, inventoryRow, licenseRow, usageRow } from './rows';
import type { Caller } from '../../custom-resource/handler/clients/caller';
import type { Listing, Page } from '../../custom-resource/handler/clients/operation';
import { OperationFailed } from '../../custom-resource/handler/errors';
import type { Log } from '../../custom-resource/handler/log';
import { keyOf } from '../contract/place';
import { type ExportAnswer, type ExportRequest, INVENTORY, type Position, type Progress } from '../contract/request';
import { columnsOf, type TableName } from '../contract/tables';

/** For how long after its time a run may still be for its day: what License Manager says is of now. */
const LATEST = 24 * 60 * 60 * 1000;
/** How much the clocks of two services may differ. */
const EARLIEST = 5 * 60 * 1000;

/** What an export has to do with. */
export interface Ground {
  /** Calls License Manager, and Amazon S3 where the bucket is elsewhere by `in()`. */
  readonly caller: Caller<string>;
  readonly log: Log;
  /** How many milliseconds are left. */
  readonly remaining: () => number;
  readonly account: string;
  readonly region: string;
}

/** A list of pages, with what makes a line of a member. */
interface Source {
  read(caller: Caller<string>, token: string | undefined): Promise<{ readonly rows: readonly object[]; readonly token?: string }>;
}

/** A table, and what it is made of for a subject. */
interface Table {
  readonly name: TableName;
  readonly sources: (progress: Progress) => readonly Source[];
}

/**
 * Exports a subject, as far as the time reaches.
 */
export async function exportSubject(request: ExportRequest, ground: Ground): Promise<ExportAnswer> {
  const { settings } = request;
  const day = dayOf(request);
  const tables = tablesOf(request);
  let progress: Progress = request.progress ?? { records: {} };
  for (const table of tables) {
    if (progress.records[table.name] !== undefined) {
      continue;
    }
    const id = request.subject === INVENTORY ? INVENTORY : idOf(request.subject);
    const key = keyOf(settings.prefix, table.name, day, ground.account, ground.region, id);
    const end = await writeTable(table, key, progress, request, ground);
    if ('upload' in end) {
      return { records: end.records, progress: end };
    }
    progress = end;
  }
  return { records: progress.records };
}

/** The day that a run is for: that of its time, where the schedule is. */
export function dayOf({ scheduledTime, settings: { timeZone } }: Pick<ExportRequest, 'scheduledTime' | 'settings'>): string {
  const time = Date.parse(scheduledTime);
  if (Number.isNaN(time)) {
    throw new ExportFailure('ExportFailed', `scheduledTime is '${scheduledTime}': it has to be a time in ISO 8601, such as 2026-11-30T23:00:00Z`);
  }
  const late = Date.now() - time;
  if (late > LATEST || late < -EARLIEST) {
    throw new ExportFailure('ExportFailed', `scheduledTime is '${scheduledTime}', which is ${late > 0 ? 'more than a day ago' : 'in the future'}: License Manager `
      + 'tells what is so now, which would be written down as what was so then. Start an execution without it, for today');
  }
  let parts: Intl.DateTimeFormatPart[];
  try {
    parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(time);
  } catch {
    throw new ExportFailure('ExportFailed', `'${timeZone}' is no time zone that is known here`);
  }
  const part = (type: string) => parts.find(it => it.type === type)!.value;
  return `${part('year')}-${part('month')}-${part('day')}`;
}

function tablesOf({ subject, run, settings: { tables, accounts, resourceTypes } }: ExportRequest): Table[] {
  if (subject === INVENTORY) {
    return [{ name: 'inventory', sources: () => [listed(listInventory, {}, inventoryRow)] }];
  }
  if (/:license-asset-group[:/]/.test(subject)) {
    return [{
      name: 'assets',
      sources: () => ['Instance', 'License', 'LicenseConfiguration'].map(AssetType =>
        listed(listAssets, { LicenseAssetGroupArn: subject, AssetType }, assetRow(subject, AssetType))),
    }];
  }
  if (!/:license-configuration[:/]/.test(subject)) {
    throw new ExportFailure('ExportFailed', `'${subject}' is neither a self-managed license nor a license asset group`);
  }
  const license = { LicenseConfigurationArn: subject };
  const known = {
    usage: () => filters(accounts, resourceTypes).map(Filters => listed(listUsage, { ...license, Filters }, usageRow(subject))),
    associations: () => [listed(listAssociations, license, associationRow(subject))],
    failures: () => [listed(listFailures, license, failureRow(subject))],
  };
  return [
    ...tables.map(name => ({ name, sources: known[name] })),
    // The last one: that it is there says that the others are.
    {
      name: 'licenses',
      sources: ({ records }) => [{
        read: async caller => ({ rows: [licenseRow(subject, { records, run })(await caller.call(getLicenseConfiguration, license))] }),
      }],
    },
  ];
}

/** The filters of each call: one takes one value, and what several of them find has nothing in common. */
function filters(accounts?: readonly string[], types?: readonly string[]): ({ Name: string; Values: string[] }[] | undefined)[] {
  const each = (Name: string, values: readonly string[] | undefined) =>
    values ? [...new Set(values)].map(value => [{ Name, Values: [value] }]) : [[]];
  return each('resourceAccount', accounts).flatMap(account => each('resourceType', types).map((type) => {
    const both = [...account, ...type];
    return both.length > 0 ? both : undefined;
  }));
}

function listed<Input extends Page, Output extends Page, Item>(
  operation: Listing<string, Input, Output, Item>, input: Input, row: (item: Item) => object,
): Source {
  return {
    read: async (caller, token) => {
      const page = await caller.call(operation, { ...input, NextToken: token });
      return { rows: (operation.items(page) ?? []).map(row), token: page.NextToken };
    },
  };
}

/** Writes a table: all of it, or as far as the time reaches. */
async function writeTable(table: Table, key: string, progress: Progress, request: ExportRequest, ground: Ground): Promise<Progress> {
  try {
    return await writeObject(table, key, progress, request, ground);
  } catch (error) {
    if (!(error instanceof UploadGone)) {
      throw error;
    }
    // A completion without an answer may have completed it, and what was begun before may be given up: in either case it is written anew.
    ground.log.warn('The upload is gone, and is begun anew', { key, text: error.message });
    return writeObject(table, key, { records: progress.records }, request, ground);
  }
}

async function writeObject(
  { name, sources }: Table, key: string, { records: done, upload }: Progress, { scheduledTime, settings }: ExportRequest, ground: Ground,
): Promise<Progress> {
  const { caller, log, remaining, account, region } = ground;
  const writer = new ObjectWriter(settings.bucketRegion === region ? caller : caller.in(settings.bucketRegion), settings, key, upload);
  const lists = sources({ records: done });
  const columns = columnsOf(name).map(([column]) => column);
  let position: Position = upload?.position ?? { list: 0, records: 0 };
  let reached = upload;
  const inTime = <T>(work: Promise<T>) => work.catch((error) => {
    throw error instanceof OperationFailed && error.code === 'OutOfTime' ? new OutOfTime() : error;
  });
  try {
    while (position.list < lists.length) {
      if (remaining() <= 0) {
        throw new OutOfTime();
      }
      const { rows, token } = await inTime(lists[position.list].read(caller, position.token));
      const common = { account_id: account, region, scheduled_at: new Date(scheduledTime).toISOString(), exported_at: new Date().toISOString() };
      writer.append(rows.map(row => line(columns, { ...common, ...row })).join(''));
      position = {
        // A page without records is not the end, one without a token is.
        list: position.list + (token ? 0 : 1), token: token || undefined, records: position.records + rows.length,
      };
      if (await inTime(writer.write())) {
        reached = { ...writer.begun!, position };
      }
    }
    await inTime(writer.finish());
    log.info('exported', { key, records: position.records });
    return { records: { ...done, [name]: position.records } };
  } catch (error) {
    if (error instanceof OutOfTime) {
      if (reached !== upload) {
        log.info('to be continued', { key, records: reached!.position.records });
        return { records: done, upload: reached };
      }
      error = new ExportFailure('ExportInterrupted', `The time of the function is up after ${position.records} records of ${key}, of which less than a part is written`);
    }
    await writer.giveUp().catch(({ message }: Error) => log.warn('The upload stays', { key, text: message }));
    throw error;
  }
}

/** The time of the function is up. */
class OutOfTime extends Error {}

/** A line: the columns of the table in their order, each of them, so that what License Manager does not tell is seen. */
function line(columns: readonly string[], row: { readonly [name: string]: unknown }): string {
  const ordered: { [name: string]: unknown } = {};
  for (const name of columns) {
    ordered[name] = row[name] ?? null;
  }
  return `${JSON.stringify(ordered)}\n`;
}
