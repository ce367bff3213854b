/** Where a configuration item has it: as one text, or as a list. */
export type Recorded = { readonly scalar: string } | { readonly list: string; readonly member: string };

/** By which condition key of ec2:RunInstances IAM tells it, and on which of the resources of a launch that key is there. */
export interface Told {
  readonly resource: 'image' | 'instance';
  readonly key: string;
}

/** A match that was checked. */
export interface ReadMatch {
  /** As the user has written it, for messages. */
  readonly name: string;
  readonly negated: boolean;
  readonly recorded: Recorded;
  readonly told?: Told;
  readonly tagKey?: string;
  /** None if any will do. */
  readonly values?: readonly string[];
}

/** Instances that were checked. */
export interface ReadInstances {
  readonly logic: 'all' | 'any';
  readonly matches: readonly ReadMatch[];
}
