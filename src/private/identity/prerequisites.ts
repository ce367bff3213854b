import { Stack } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import { keepOn } from './copies';

/**
 * What has to be there in an account before something else of License Manager works. What is in the stack of who needs it is waited for.
 */
export enum Prerequisite {
  ROLE = 'service-linked role',
  LINUX_ROLE = 'service-linked role for Linux subscriptions',
  USER_ROLE = 'service-linked role for user-based subscriptions',
  SETTINGS = 'service settings',
  LINUX_SETTINGS = 'settings of Linux subscriptions',
  SHARING = 'sharing with the organization',
  SUBSCRIBED_USERS = 'subscribed users',
  REMOTE_DESKTOP_USERS = 'users who are subscribed to Remote Desktop Services',
}

/** Of a stack, by prerequisites. */
interface Prerequisites {
  readonly provided: Map<string, CfnResource[]>;
  readonly needed: Map<string, CfnResource[]>;
}

/**
 * Has everything of the stack that needs something wait for the resource that provides it, whichever is declared first.
 */
export function provides(resource: CfnResource, what: Prerequisite): void {
  const { provided, needed } = prerequisitesOf(resource);
  add(provided, what, resource);
  needed.get(what)?.forEach(one => one.addResourceDependency(resource));
}

/**
 * Has a resource wait for what provides it with something, if that is in its stack.
 */
export function needs(resource: CfnResource, ...prerequisites: Prerequisite[]): void {
  const { provided, needed } = prerequisitesOf(resource);
  for (const what of prerequisites) {
    add(needed, what, resource);
    provided.get(what)?.forEach(one => resource.addResourceDependency(one));
  }
}

/**
 * What in a resource's stack needs something, when the app is complete.
 */
export function whatNeeds(resource: CfnResource, what: Prerequisite): readonly CfnResource[] {
  return prerequisitesOf(resource).needed.get(what) ?? [];
}

function prerequisitesOf(resource: CfnResource): Prerequisites {
  return keepOn(Stack.of(resource), 'Prerequisites', () => ({ provided: new Map(), needed: new Map() }));
}

function add(map: Map<string, CfnResource[]>, key: string, resource: CfnResource): void {
  const known = map.get(key);
  if (known) {
    known.push(resource);
  } else {
    map.set(key, [resource]);
  }
}
