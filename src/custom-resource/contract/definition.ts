import { type ArnKind, arnPattern } from './arn';
import type { Place } from './place';
import type { Declared, Shape } from './shape';
import { STACK_ID } from './tags';

/**
 * All that both sides have to know of a type of custom resource, said once.
 *
 * The construct side makes the resource, its timeout, its logical id and the permissions of the function of it, the Lambda side reads the
 * properties by it and calls what it lists, and nothing else: the compiler sees to that.
 */
export interface Definition<P extends object = any, Action extends string = string> {
  /** The name of the type in a template. */
  readonly type: `Custom::LicenseManager${string}`;

  /** The properties that a template may set. */
  readonly properties: Shape<P>;

  /**
   * The properties that say what the resource is, for one that is known by what it is; and what tells its type from others of the same.
   *
   * Its physical id consists of them, and its logical id is made of them: CloudFormation deletes what an old logical id has made after it has
   * made the same under a new one, with the same physical id, and it would be gone.
   *
   * Absent where the service chooses the id.
   */
  readonly identity?: Identity;

  /**
   * How many minutes CloudFormation waits for it: longer than the handler takes if the service fails as often as the handler tries again, and
   * short enough for somebody who waits. Without it CloudFormation waits an hour for a function that cannot start.
   *
   * @default 5
   */
  readonly timeoutInMinutes?: number;

  /** Within what there is one, whichever stack declares it: in an account and a Region, or in an account, which has it for all its Regions. */
  readonly singleton?: 'region' | 'account';

  /** Whether the service finishes it after its answer, so that the function has to wait for it. */
  readonly waits?: true;

  /**
   * Whether a delete takes something away that is known by what it is: it has to make sure that nothing else in the stack is the same by then.
   *
   * The logical id says what it is, too, but not always in the same words: a license may be named by a reference and then by its ARN.
   */
  readonly takesAway?: true;

  /**
   * Whether the service cannot take back all that an update changes: what an update that is rolled back declares is kept to as far as it can be.
   */
  readonly oneWay?: true;

  /**
   * What to do about a second one of the same: a sentence without its full stop.
   *
   * @default 'Leave one of the two out'
   */
  readonly ifTwice?: string;

  /**
   * The function that serves it, where that is not the one of the stack: for what takes permissions that nothing else of the stack is to have.
   */
  readonly servedBy?: string;

  /** What the handler calls: the actions by which IAM knows the operations, and on what. */
  readonly actions: { readonly [A in Action]: Target<P> | readonly Target<P>[] };

  /** What the service does with the permissions of its caller, without being asked. */
  readonly dependentActions?: { readonly [action: string]: Target<P> | readonly Target<P>[] };

  /** What to do next about errors of this type, before what is said of any. */
  readonly hints?: readonly Hint[];
}

/** What something is known by. */
interface Identity<Name extends string = string> {
  readonly by: readonly Name[];
  readonly as?: string;
  /** What a value is compared by, where there is more than one way to write it. */
  comparable?(value: string): string;
}

/** What a handler may call. */
export type ActionsOf<D> = D extends Definition<any, infer Action> ? Action : never;

/** The properties of a type. */
export type PropertiesOf<D> = D extends Definition<infer P, any> ? P : never;

/**
 * What an action is on.
 */
export interface Target<P> {
  /** The kind of resource that the properties name, where they name one. */
  readonly of?: ArnKind;
  /** Why it has to be on everything, where another service knows resources for it: a sentence. */
  readonly because?: string;
  /** The ARNs, or `*` for an action for which the service authorization reference lists no resource type. */
  arns(declared: Declared<P>, place: Place): string | readonly string[] | undefined;
  /** The conditions of the permission. */
  conditions?(place: Place): Conditions;
  /**
   * For what some resources of a type need it and others do not, where it is on nothing that has a policy of its own: the name of the policy that comes and goes
   * with those. Out of that of the type it would be taken before the last of them is deleted.
   */
  apart?(declared: Declared<P>): string;
}

export interface Conditions {
  readonly [operator: string]: { readonly [key: string]: string | readonly string[] };
}

/**
 * What to do about an error: where the code is one of these, and operation and text are about that.
 */
export interface Hint {
  readonly codes: readonly string[];
  readonly about: RegExp;
  /** A sentence without its full stop. */
  readonly hint: string;
}

/**
 * Defines a type.
 */
export function define<P extends object, const Action extends string>(
  // The properties alone say what type they have, or a target of any type would.
  definition: { readonly properties: Shape<P>; readonly identity?: Identity<keyof NoInfer<P> & string> } & Definition<NoInfer<P>, Action>,
): Definition<P, Action> {
  return definition;
}

/**
 * For actions of which the service authorization reference knows no resource type, or which name no resource.
 *
 * A list whose resource type is optional there, and which is asked for without naming one, is such an action: whether IAM is then asked for `*` or
 * for all of the type is not documented, and a permission on `*` holds for both, one on ARNs only for the latter.
 */
export const ON_ANYTHING: Target<any> = { arns: () => '*' };

/**
 * What the stack creates, and whose ARNs are not known before: all of the kind in the account, for actions that change nothing.
 *
 * Without a condition: it looks for what a create without an answer has left, and finds gone what somebody has deleted.
 */
export function readingAny(kind: ArnKind): Target<any> {
  return { arns: (_declared, place) => arnPattern(kind, place) };
}

/**
 * What the stack creates, and whose ARNs are not known before, for actions that change it: only what has the tag of the stack.
 */
export function changingOwn(kind: ArnKind): Target<any> {
  return {
    arns: (_declared, place) => arnPattern(kind, place),
    conditions: ({ stackId }) => ({ StringEquals: { [`aws:ResourceTag/${STACK_ID}`]: stackId } }),
  };
}

/**
 * The same for what stays known by what it is when a stack has gone and left it: that of a stack of the same name, too.
 */
export function changingOwnOfName(kind: ArnKind): Target<any> {
  return {
    arns: (_declared, place) => arnPattern(kind, place),
    conditions: ({ partition, region, account, stackName }) =>
      ({ StringLike: { [`aws:ResourceTag/${STACK_ID}`]: `arn:${partition}:cloudformation:${region}:${account}:stack/${stackName}/*` } }),
  };
}

/**
 * To create something with tags takes the permission to tag, too, before it has an id and tags.
 *
 * IAM cannot tell that from tagging something that is there. So this tags nothing that has the tag of another stack, nor what CloudFormation has made,
 * which has CloudFormation's own tags: what neither has, such as a license that was made by hand, could be tagged and then changed.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
 */
export function taggingOwn(kind: ArnKind): readonly Target<any>[] {
  return [changingOwn(kind), taggingNew(kind)];
}

/** The second of these: what is tagged when it is created. */
export function taggingNew(kind: ArnKind): Target<any> {
  return {
    // Before there is an id, what is asked for ends before it, or is a wildcard there.
    arns: (_declared, place) => arnPattern({ ...kind, id: '' }, place),
    conditions: ({ stackId }) => ({
      StringEquals: { [`aws:RequestTag/${STACK_ID}`]: stackId },
      Null: { [`aws:ResourceTag/${STACK_ID}`]: 'true', [`aws:ResourceTag/${CLOUDFORMATION_STACK_ID}`]: 'true' },
    }),
  };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html */
const CLOUDFORMATION_STACK_ID = 'aws:cloudformation:stack-id';

/** What separates the parts of a physical id. */
const SEPARATOR = '|';

/**
 * The physical id of what is known by what it is.
 */
export function physicalIdOf<P extends object>({ identity }: Definition<P>, properties: P): string {
  const { by, as, comparable = value => value } = identity!;
  return [...by.map(name => comparable(String(properties[name as keyof P]))), ...as === undefined ? [] : [as]].join(SEPARATOR);
}

/**
 * The parts that such a physical id consists of; nothing if it is not one of the type.
 */
export function partsOf({ identity }: Definition, physicalId: string): string[] | undefined {
  const { by, as } = identity!;
  const parts = physicalId.split(SEPARATOR);
  const found = parts.slice(0, by.length);
  return parts.length === by.length + (as === undefined ? 0 : 1) && parts[by.length] === as ? found : undefined;
}
