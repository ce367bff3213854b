import type { Environment } from './arn';
import type { LicenseManager } from './license-manager';
import type { Log } from './log';
import type { Shape } from './shape';

/**
 * What a request of CloudFormation is about.
 */
export interface Subject<Properties> {
  readonly requestType: 'Create' | 'Update' | 'Delete';
  /** The id that CloudFormation knows; none at a create. */
  readonly physicalId?: string;
  /** What is declared; nothing at a delete. */
  readonly properties?: Properties;
  /** What was declared before an update, as CloudFormation sent it. */
  readonly oldProperties?: unknown;
  /** The same for a request and its repetitions, and for no other request. */
  readonly token: string;
  readonly stackId: string;
  readonly started: Date;
  readonly environment: Environment;
  readonly licenseManager: LicenseManager;
  readonly log: Log;
  /** How many milliseconds are left for the work. */
  readonly remaining: () => number;
}

/**
 * A type of custom resource: what it does at the steps of the life cycle.
 *
 * The steps are parse, read, compare, write and answer, for creates and updates as well as for deletes, which declare nothing.
 * Each of them may be taken any number of times.
 */
export interface ManagedType<Properties, State, Change> {
  /** The properties that a template may set. */
  readonly properties: Shape<Properties>;

  /** Refuses properties that are well formed and still wrong. */
  check?(properties: Properties, environment: Environment): void;

  /** The physical id: what identifies the resource. Where License Manager chooses the id, it follows from the state. */
  identify(properties: Properties, state: State | undefined): string | undefined;

  /** Whether a physical id is one that this type has given away. */
  recognizes(physicalId: string): boolean;

  /** The state in License Manager; nothing if there is none. */
  read(subject: Subject<Properties>): Promise<State | undefined>;

  /** What has to change; nothing if the state is as declared. */
  compare(subject: Subject<Properties>, state: State | undefined): Change | undefined;

  /** Brings the change about. Returns the physical id if License Manager has chosen a new one. */
  write(subject: Subject<Properties>, change: Change): Promise<string | void>;

  /** Makes sure of a change that License Manager may refuse after its answer. */
  confirm?(subject: Subject<Properties>, change: Change): Promise<void>;

  /** Where License Manager chooses attributes: the state after a write. */
  readBack?(subject: Subject<Properties>, physicalId: string): Promise<State | undefined>;

  /** Where License Manager chooses the id: the physical id of a create that failed and may have left something. */
  identifyRemains?(subject: Subject<Properties>): string;

  /** The attributes that a template can read. */
  attributes?(physicalId: string, subject: Subject<Properties>, state: State | undefined): Record<string, string>;
}
