import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { keepOn } from './copies';

/**
 * What an app declares for an account in a Region, or in all of them: for quotas, and for what may be there once.
 */
interface Environment {
  /** For messages: `111122223333/us-east-1`, `account 111122223333`, or that of which stack it is. */
  readonly name: string;
  /** By kind and key, the path of who has declared it first. */
  readonly declared: Map<string, Map<string, string>>;
}

/**
 * The environment of the construct's stack.
 *
 * Where account or Region are open until the deployment, nobody knows whether two stacks are in one environment, so that they have nothing in
 * common; nested stacks are where their parent is.
 */
function environmentOf(construct: IConstruct): Environment {
  const stack = Stack.of(construct);
  return keepOn(stack, 'Environment', () => {
    const { account, region, nestedStackParent } = stack;
    if (nestedStackParent) {
      return environmentOf(nestedStackParent);
    }
    const isOpen = Token.isUnresolved(account) || Token.isUnresolved(region);
    return isOpen ? newEnvironment(`the environment of stack '${stack.node.path}'`) : environmentNamed(stack, `${account}/${region}`);
  });
}

/**
 * The account of the construct's stack, whatever the Region. Where it is open until the deployment, a stack has it for itself, too.
 */
function accountOf(construct: IConstruct): Environment {
  const stack = Stack.of(construct);
  return keepOn(stack, 'Account', () => {
    const { account, nestedStackParent } = stack;
    if (nestedStackParent) {
      return accountOf(nestedStackParent);
    }
    return Token.isUnresolved(account) ? newEnvironment(`the account of stack '${stack.node.path}'`) : environmentNamed(stack, `account ${account}`);
  });
}

function environmentNamed(stack: Stack, name: string): Environment {
  const environments = keepOn(stack.node.root, 'Environments', () => new Map<string, Environment>());
  const environment = environments.get(name) ?? newEnvironment(name);
  environments.set(name, environment);
  return environment;
}

/**
 * Within what something may be there once: in an account and a Region, or in an account, which has it for all its Regions.
 */
export enum Reach {
  REGION = 'region',
  ACCOUNT = 'account',
}

function within(construct: IConstruct, reach: Reach): Environment {
  return reach === Reach.ACCOUNT ? accountOf(construct) : environmentOf(construct);
}

/**
 * Keeps something of the construct's environment, for all copies of the library.
 *
 * @param construct in the environment
 * @param key       what it is
 * @param make      makes it, where there is none
 * @param reach     of the account and the Region, or of the account
 */
export function keptInEnvironment<T extends object>(construct: IConstruct, key: string, make: () => T, reach = Reach.REGION): T {
  return keepOn(within(construct, reach), key, make);
}

function newEnvironment(name: string): Environment {
  return { name, declared: new Map() };
}

/**
 * What is known of a declaration.
 */
export interface Declaration {
  /** The path of who has declared the same before. */
  readonly before?: string;
  /** How many different ones of the kind there are, with this one. */
  readonly count: number;
  /** The name of the environment, for messages. */
  readonly environment: string;
}

/**
 * Declares something in the construct's environment, by whichever copy of this library.
 *
 * @param construct who declares it
 * @param kind      what declares, or of what it is one: those of another kind have nothing in common with it
 * @param key       which one of the kind it is
 * @param reach     within what: in the account and the Region, or in the account
 */
export function declareOnce(construct: IConstruct, kind: string, key: string, reach = Reach.REGION): Declaration {
  const { name, declared } = within(construct, reach);
  let ofKind = declared.get(kind);
  if (!ofKind) {
    declared.set(kind, ofKind = new Map());
  }
  const before = ofKind.get(key);
  if (before === undefined) {
    ofKind.set(key, construct.node.path);
  }
  return { before, count: ofKind.size, environment: name };
}

/**
 * Declares something that may be there once in the construct's environment, and tells the path of who has declared it before.
 *
 * @param construct who declares it
 * @param kind      of what it is one: 'report generator'
 * @param key       which one of the kind it is: its name
 * @param reach     within what: in the account and the Region, or in the account
 */
export function declaredBefore(construct: IConstruct, kind: string, key: string, reach = Reach.REGION): string | undefined {
  return declareOnce(construct, kind, key, reach).before;
}

/**
 * Counts a construct as one more of a kind in its environment, and tells the environment's name if that is the first over a quota.
 *
 * A quota is a matter of a warning, not of an error: it can be raised.
 *
 * @param construct the one
 * @param kind      of what it is one
 * @param quota     how many there may be
 */
export function countOverQuota(construct: IConstruct, kind: string, quota: number): string | undefined {
  const { before, count, environment } = declareOnce(construct, `number of ${kind}`, construct.node.path);
  return before === undefined && count === quota + 1 ? environment : undefined;
}
