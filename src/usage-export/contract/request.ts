import type { TableName } from './tables';

/*
 * What the state machine and the function say to each other.
 */

/** The subject by which the inventory of the account is exported; all others are ARNs. */
export const INVENTORY = 'inventory' as const;

/** What an invocation exports. */
export interface ExportRequest {
  /** The ARN of a self-managed license or of a license asset group, or `inventory`. */
  readonly subject: string;
  /** When the run was to begin: it decides the day, also of a run that is late, or tried again after midnight. */
  readonly scheduledTime: string;
  /** The ARN of the execution. */
  readonly run: string;
  readonly settings: ExportSettings;
  /** How far another invocation was. */
  readonly progress?: Progress;
}

/** What is the same for all subjects. */
export interface ExportSettings {
  readonly bucket: string;
  readonly bucketRegion: string;
  /** The account that the bucket has to belong to, if that is known. */
  readonly bucketOwner?: string;
  /** What the names of all objects begin with: nothing, or a text that ends in a slash. */
  readonly prefix: string;
  /** In which a day begins and ends. */
  readonly timeZone: string;
  /** What is exported of a license, besides the license itself. */
  readonly tables: readonly ('usage' | 'associations' | 'failures')[];
  /** The usage of these accounts alone. */
  readonly accounts?: readonly string[];
  /** The usage of these types of resources alone. */
  readonly resourceTypes?: readonly string[];
}

/** How far the export of a subject is, at a point from which it can go on. */
export interface Progress {
  /** How many records the tables have that are complete. */
  readonly records: { readonly [table in TableName]?: number };
  /** Of the table that is being written. */
  readonly upload?: Upload;
}

/** An object that has been begun: what its parts have, and where the list goes on. */
export interface Upload {
  readonly id: string;
  readonly parts: readonly Part[];
  readonly position: Position;
}

/** A part of an object: what Amazon S3 wants to hear of it in the end. */
export interface Part {
  readonly etag: string;
  readonly sha256: string;
}

/** A place in the lists that make a table. */
export interface Position {
  /** Which list of them. */
  readonly list: number;
  /** Its page. */
  readonly token?: string;
  /** How many records come before it. */
  readonly records: number;
}

/** How an invocation has ended. */
export interface ExportAnswer {
  /** How many records the tables have. */
  readonly records: { readonly [table in TableName]?: number };
  /** Where another invocation has to go on; nothing if all is exported. */
  readonly progress?: Progress;
}
