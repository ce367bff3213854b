import type { Caller } from './clients/caller';
import type { Log } from './log';
import type { ActionsOf, Definition, PropertiesOf } from '../contract/definition';
import type { Place } from '../contract/place';

/**
 * What a request of CloudFormation is about.
 */
export interface Subject<D extends Definition> {
  readonly requestType: 'Create' | 'Update' | 'Delete';
  /** The id that CloudFormation knows; none at a create. */
  readonly physicalId?: string;
  /** What is declared; nothing at a delete. */
  readonly declared?: PropertiesOf<D>;
  /** What was declared before: before an update, and at a delete the last time; nothing if it cannot be read, as it may be of an older version. */
  readonly former?: PropertiesOf<D>;
  /** The same, as CloudFormation sent it. */
  readonly formerly?: unknown;
  /** The same for a request and its repetitions, and for no other request. */
  readonly token: string;
  /** The same for all requests for a resource of a stack. */
  readonly resource: string;
  readonly started: Date;
  readonly place: Place;
  readonly aws: Caller<ActionsOf<D>>;
  readonly log: Log;
  /** How many milliseconds are left for the work. */
  readonly remaining: () => number;
  /** Whether CloudFormation takes back what it has done; for types that say `oneWay` or `takesAway`. */
  readonly rollsBack: () => Promise<boolean>;
}

/**
 * The handler of a type: what it does at the steps of the life cycle.
 *
 * The steps are parse, read, compare, write, settle and answer, for creates and updates as well as for deletes, which declare nothing.
 * Each of them may be taken any number of times.
 */
export interface ManagedType<D extends Definition, State = any, Change = any> {
  readonly definition: D;

  /** Refuses properties that are well formed and still wrong. */
  check?(properties: PropertiesOf<D>): void;

  /**
   * The physical id: what identifies the resource. Where the service chooses the id, it follows from the state.
   *
   * @param physicalId the one that CloudFormation knows, if there is one
   */
  identify(properties: PropertiesOf<D>, state: State | undefined, place: Place, physicalId?: string): string | undefined;

  /** What a physical id is of, where it says more than that: two that are of the same are the same. */
  withoutMark?(physicalId: string): string;

  /** Whether a physical id is one that this type has given away. */
  recognizes(physicalId: string, place: Place): boolean;

  /** The state in the service; nothing if there is none. */
  read(subject: Subject<D>): Promise<State | undefined>;

  /** What has to change; nothing if the state is as declared. */
  compare(subject: Subject<D>, state: State | undefined): Change | undefined;

  /** Brings the change about. Returns the physical id if the service has chosen a new one. */
  write(subject: Subject<D>, change: Change): Promise<string | void>;

  /** Makes sure of a change that the service may refuse after its answer. */
  confirm?(subject: Subject<D>, change: Change): Promise<void>;

  /**
   * Where the service finishes a change after its answer: what it is still doing, and nothing when it has settled.
   *
   * Asked of the state, before a change and after it. Throws a `Refusal` for a state that the service does not get out of by itself: after a change
   * that is its outcome.
   *
   * @param changed whether it is after a change
   */
  settling?(subject: Subject<D>, state: State | undefined, changed: boolean): string | undefined;

  /** Where the service chooses attributes: the state after a write. */
  readBack?(subject: Subject<D>, physicalId: string): Promise<State | undefined>;

  /**
   * Where the service chooses the id: the physical ids of what creates have left that were never answered.
   *
   * CloudFormation deletes it under an id that it invents, or not at all if it was to replace something.
   */
  findUnanswered?(subject: Subject<D>): Promise<string[]>;

  /** Does what is to be done after CloudFormation has got its answer. */
  answered?(subject: Subject<D>, physicalId: string, state: State | undefined): Promise<void>;

  /** The attributes that a template can read. */
  attributes?(physicalId: string, subject: Subject<D>, state: State | undefined): Record<string, string>;
}
