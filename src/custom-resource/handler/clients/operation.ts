import type {
  LicenseManagerClient, LicenseManagerClientResolvedConfig, ServiceInputTypes, ServiceOutputTypes,
} from '@aws-sdk/client-license-manager';
import type { Command } from '@smithy/types';
import { LICENSE_MANAGER, type Service } from './service';

/**
 * An operation of a service.
 */
export interface Operation<Action extends string, Input, Output> extends Details<Input, Output> {
  readonly service: Service;
  /** The action by which IAM knows it. */
  readonly action: Action;
  /** As the API calls it. */
  readonly name: string;
  send(client: LicenseManagerClient, input: Input): Promise<Output>;
}

/**
 * What is to be said of an operation besides its form.
 */
export interface Details<Input, Output> {
  /** For what it is called, in messages. */
  readonly about: (input: Input) => string;
  /** Whether calling it twice has a second effect, so that it is tried again only if it was refused. */
  readonly once?: true;
  /** The secrets of an answer. */
  readonly secrets?: (output: Output) => readonly (string | undefined)[];
}

/**
 * An operation that lists, page by page.
 */
export interface Listing<Action extends string, Input, Output, Item> extends Operation<Action, Input, Output> {
  readonly items: (page: Output) => readonly Item[] | undefined;
}

/** What a page has, and what asks for the next one. */
export interface Page {
  NextToken?: string | undefined;
}

type CommandOf<Input extends ServiceInputTypes, Output extends ServiceOutputTypes> =
  new (input: Input) => Command<ServiceInputTypes, Input, ServiceOutputTypes, Output, LicenseManagerClientResolvedConfig>;

/**
 * An operation of License Manager, for which the SDK has a command.
 *
 * The name of the command says the same as the action, but not when it is bundled.
 */
export function command<Operated extends string, Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
  name: Operated, Sent: CommandOf<Input, Output>, details: Details<Input, Output>,
): Operation<`license-manager:${Operated}`, Input, Output> {
  return { service: LICENSE_MANAGER, action: `license-manager:${name}`, name, ...details, send: (client, input) => client.send(new Sent(input)) };
}

/**
 * An operation of License Manager that lists, for which the SDK has a command.
 */
export function listing<Operated extends string, Input extends ServiceInputTypes & Page, Output extends ServiceOutputTypes & Page, Item>(
  name: Operated, Sent: CommandOf<Input, Output>, items: (page: Output) => readonly Item[] | undefined, about: (input: Input) => string = () => 'the account',
): Listing<`license-manager:${Operated}`, Input, Output, Item> {
  return { ...command(name, Sent, { about }), items };
}
