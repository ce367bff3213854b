import { Stack, Stage, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * What an app declares for an account in a Region: for quotas, and for what may be there once.
 */
export interface Environment {
  /** For messages: `111122223333/us-east-1`, or 'one environment'. */
  readonly name: string;
  /** How many there are of a kind, by its name. */
  readonly counts: Map<string, number>;
  /** What may be there once, by a key, and the path of who declares it. */
  readonly declared: Map<string, string>;
}

/** What the apps of this process have declared, by app and environment. */
const environments = new WeakMap<IConstruct, Map<string, Environment>>();

/**
 * What the construct's app declares for the account and the Region of the construct's stack.
 */
export function environmentOf(construct: IConstruct): Environment {
  const stack = Stack.of(construct);
  let environment = ofStacks.get(stack);
  if (!environment) {
    ofStacks.set(stack, environment = findEnvironment(stack));
  }
  return environment;
}

/** Those that were asked for before. */
const ofStacks = new WeakMap<Stack, Environment>();

function findEnvironment(stack: Stack): Environment {
  const { account, region } = stack;
  const known = !Token.isUnresolved(account) && !Token.isUnresolved(region);
  // Where account or Region are open until the deployment, stages are for different ones, or why would they be stages.
  const key = known ? `${account}/${region}` : `${Stage.of(stack)?.node.path} ${account}/${region}`;
  const { root } = stack.node;
  let ofApp = environments.get(root);
  if (!ofApp) {
    environments.set(root, ofApp = new Map());
  }
  let environment = ofApp.get(key);
  if (!environment) {
    ofApp.set(key, environment = { name: known ? key : 'one environment', counts: new Map(), declared: new Map() });
  }
  return environment;
}

/**
 * Counts one more of a kind in the construct's environment, and tells the environment's name if that is the first over a quota.
 *
 * A quota is a matter of a warning, not of an error: it can be raised.
 */
export function countOverQuota(construct: IConstruct, kind: string, quota: number): string | undefined {
  const { name, counts } = environmentOf(construct);
  const count = (counts.get(kind) ?? 0) + 1;
  counts.set(kind, count);
  return count === quota + 1 ? name : undefined;
}

/**
 * Declares something that may be there once in the construct's environment, and tells the path of who has declared it before.
 *
 * @param construct who declares it
 * @param key       what it is
 */
export function declaredBefore(construct: IConstruct, key: string): string | undefined {
  const { declared } = environmentOf(construct);
  const other = declared.get(key);
  if (other === undefined) {
    declared.set(key, construct.node.path);
  }
  return other;
}
