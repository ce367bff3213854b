import type { IConstruct } from 'constructs';
import { brand } from '../private/identity/copies';
import { shown } from '../private/identity/reference';
import { copied } from '../private/validation/copy';
import { givenAs, givenProps, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';

/**
 * What else names a user of a directory.
 */
export interface DirectoryUserOptions {
  /**
   * The domain of the user, where it is one that the directory trusts: `corp.example.com`.
   *
   * Name it for each user whose name there is in several domains.
   *
   * @default - the domain of the directory
   */
  readonly domain?: string;
}

/**
 * A user of an Active Directory. Usernames are in the template, in the log of the stack's function and in its messages.
 *
 * The user has to be in the directory: License Manager looks there when it subscribes somebody.
 */
export class DirectoryUser {
  /**
   * A user by name.
   *
   * @param username the name by which the user logs in, without the domain; upper and lower case are the same
   * @param options  the domain, where it is another one
   */
  public static of(username: string, options: DirectoryUserOptions = {}): DirectoryUser {
    return new DirectoryUser(username, copied(options));
  }

  private constructor(private readonly username: string, private readonly options: DirectoryUserOptions) {
    brand(this, 'DirectoryUser');
  }

  /**
   * The user, for a construct that takes one.
   *
   * @internal
   */
  public _valueFor(scope: IConstruct): { readonly username: string; readonly domain?: string } {
    const username = givenAs(scope, 'the name of a user', this.username, TEXT);
    const { domain } = givenProps(scope, this.options, OPTIONS, { all: 'options of DirectoryUser.of()', of: ` of user '${shown(scope, username)}'` });
    return { username, domain };
  }
}

const OPTIONS: Shape<DirectoryUserOptions> = { domain: TEXT };
