import { Annotations, Lazy } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { DirectoryUser } from './directory-user';
import { warnOfBlank } from '../private/finding/blank';
import { warnOfDouble } from '../private/finding/doubles';
import { declareOnce } from '../private/identity/environment';
import { identityOf, isUnknown, shown } from '../private/identity/reference';
import { givenAs, ofClass } from '../private/validation/given';
import { checkLength, isKnown, lit, refuse } from '../private/validation/validation';

interface Rendered {
  readonly Username: string;
  readonly Domain?: string;
}

/**
 * The users of a list, each once.
 */
export class Users {
  /** As the template has them. */
  public readonly rendered: readonly Rendered[];
  private readonly known = new Map<string, Rendered>();

  /**
   * @param owner whose list it is
   * @param what  what its users are, before of what: `user who is associated with`
   * @param of    of what: all that says it
   * @param also  where its users are kept for others, by what they are the same
   */
  constructor(
    private readonly owner: IConstruct, private readonly what: string, private readonly of: readonly string[], private readonly also?: Set<string>,
  ) {
    // More may come.
    this.rendered = Lazy.any({ produce: () => [...this.known.values()] }) as unknown as readonly Rendered[];
  }

  /** Those of them who are in no other list, by name. */
  public without(other: ReadonlySet<string>): string[] {
    return [...this.known].filter(([key]) => !other.has(key)).map(([, user]) => this.nameOf(user));
  }

  /**
   * Adds a user. Warns of one who is in the list, and refuses one who is in that of another: each would take away what the other declares.
   */
  public add(user: DirectoryUser): void {
    const { owner, what, of } = this;
    const { username, domain } = givenAs(owner, 'user', user, ofClass('DirectoryUser'))._valueFor(owner);
    checkLength(owner, lit`DirectoryUserName`, { property: 'the name of a user', value: username, minimum: 1, maximum: Infinity, wayOut: 'Write the name.' });
    if (isKnown(username) && /[\\@\n\r\t]|^\s|\s$/.test(username)) {
      Annotations.of(owner).addWarningV2('cdk-license-manager:usernameWithDomain',
        `the name of a user is '${username}': it is the name alone, without the domain and without white space around it. Write DirectoryUser.of() with the name, and the `
        + 'domain in its options if it is not that of the directory.');
    }
    warnOfBlank(owner, `domain of user '${shown(owner, username)}'`, domain, 'Write the domain, or leave it out.');
    const rendered = { Username: username, Domain: domain };
    const name = this.nameOf(rendered);
    const key = [username, domain ?? ''].map(part => isUnknown(part) ? identityOf(part) : part.toLowerCase()).join('@');
    if (this.known.has(key)) {
      warnOfDouble(owner, 'users', name);
      return;
    }
    const { before, environment } = declareOnce(owner, `${what} ${of.map(identityOf).join(' ')}`, key);
    if (before !== undefined) {
      refuse(owner, lit`UserInTwoLists`,
        `user '${name}' is in the list of '${before}', too, in ${environment}: who is taken out of one would lose what the other declares. Leave the user out of one.`);
    }
    const double = [...this.known.values()].find(other =>
      other.Username.toLowerCase() === username.toLowerCase() && (other.Domain === undefined) !== (domain === undefined));
    if (double) {
      Annotations.of(owner).addWarningV2('cdk-license-manager:userWithAndWithoutDomain',
        `'${name}' and '${this.nameOf(double)}' are in users: without a domain it is that of the directory, and if that is the one that is named, they are the same user, `
        + 'which the deployment refuses. Leave one of the two out, or name the domain of both.');
    }
    this.known.set(key, rendered);
    this.also?.add(key);
  }

  /** As messages name a user, tokens and all. */
  private nameOf({ Username, Domain }: Rendered): string {
    return [Username, ...Domain === undefined ? [] : [Domain]].map(part => shown(this.owner, part)).join('@');
  }
}
