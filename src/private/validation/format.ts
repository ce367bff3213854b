import { Stack, Token, Tokenization } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { IConstruct } from 'constructs';
import { givenAs, TEXT } from './given';
import { lit, refuse } from './validation';
import type { LiteralString } from './validation';
import { isLookUpDummy } from '../identity/look-up-dummy';
import { knownToDiffer, shown } from '../identity/reference';

/**
 * The form of a name that AWS gives: an ARN or an id.
 */
export interface Format {
  /** What it is, with its article: 'the ARN of a self-managed license'. */
  readonly name: string;
  /** The forms of its parts, which colons separate. */
  readonly parts: readonly RegExp[];
  /** The form, as a user reads it. */
  readonly expected: string;
  /** Where to get a right one; or what to do about a certain wrong one. */
  readonly wayOut: string | ((value: string) => string);
}

/** The parts that an ARN begins with: `arn:<partition>:<service>:<region>:<account>`. */
export function arnParts(service: string, options: { readonly region?: boolean; readonly account?: boolean } = {}): RegExp[] {
  const { region = true, account = true } = options;
  return [/^arn$/, PARTITION, new RegExp(`^${service}$`), region ? REGION : /^$/, account ? ACCOUNT : /^$/];
}

/**
 * The parts that an ARN of a license or a grant begins with. License Manager's pattern has a Region, which its ARNs do not, and accounts that are no
 * numbers, as those of AWS itself may be.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_GetLicense.html
 */
export function arnPartsOfLicense(): RegExp[] {
  const place = /^[A-Za-z0-9_/.-]{0,63}$/;
  return [...arnParts('license-manager').slice(0, 3), place, place];
}

/**
 * The way out of a wrong ARN: the user guide and old samples separate the id by a slash, the service by a colon.
 *
 * @param resource  the type of the resource, as in the ARN
 * @param otherwise what to do about anything else
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
 */
export function colonNotSlash(resource: string, otherwise: string): (arn: string) => string {
  return arn => arn.includes(`:${resource}/`)
    ? `The id follows a colon, not a slash: '${arn.replace(`:${resource}/`, `:${resource}:`)}'.`
    : otherwise;
}

/** The name of a partition. */
export const PARTITION = /^aws(-[a-z]+)*$/;
/** The name of a Region. */
export const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;
/** The id of an account. */
export const ACCOUNT = /^\d{12}$/;
/**
 * The id of a resource of License Manager in an ARN: whatever the API's pattern of ARNs has room for.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_GetLicense.html
 */
export const RESOURCE_ID = /^[A-Za-z0-9/_+=,@.-]+$/;

/**
 * Whether a name has a form, as far as it is known: of tokens in it nobody knows what they stand for, and what is written beside them is looked at. What has
 * still to be looked up is not.
 */
export function hasFormat({ parts }: Pick<Format, 'parts'>, value: string): boolean {
  return isLookUpDummy(value) || couldBe(parts, value.split(':'));
}

/** Whether some parts could be what is written. A token, which is written without a colon, may stand for several of them. */
function couldBe(parts: readonly RegExp[], written: readonly string[]): boolean {
  const [first, ...others] = written;
  if (parts.length === 1) {
    // The last one may have colons of its own: whether it may, what is written beside tokens tells.
    return others.length > 0 ? parts[0].test(withoutTokens(written.join(':'))) : first !== undefined && fits(parts[0], first);
  }
  return first !== undefined && (
    fits(parts[0], first) && couldBe(parts.slice(1), others)
    || Token.isUnresolved(first) && couldBegin(parts[0], first) && parts.some((_, index) =>
      index > 0 && (index === parts.length - 1 ? others.length === 0 : couldBe(parts.slice(index + 1), others))));
}

/**
 * Whether a text has a form, as far as it is known: beside a token it is what comes before, which has to be what every text of the form begins with.
 */
export function fits(form: RegExp, text: string): boolean {
  return form.test(text) || isLookUpDummy(text) || (Token.isUnresolved(text) && couldBegin(form, text));
}

function couldBegin(form: RegExp, text: string): boolean {
  const { firstToken, firstValue } = Tokenization.reverseString(text);
  const head = firstToken ? '' : String(firstValue);
  const [, source = ''] = LITERALS.exec(form.source) ?? [];
  const beginning = source.replace(/\\(\W)/g, '$1');
  return beginning.startsWith(head) || (form.source !== `^${source}$` && head.startsWith(beginning));
}

function withoutTokens(text: string): string {
  return Token.isUnresolved(text)
    ? Tokenization.reverseString(text).mapTokens({ mapToken: () => '' }).join({ join: (left, right) => `${left}${right}` })
    : text;
}

/** The characters that a pattern begins with and that stand for themselves, up to one that need not be there. */
const LITERALS = /^\^((?:\\\W|[^\\^$.*+?()[\]{}|])*)(?![*?{])/;

/**
 * Refuses a name of another form, and an ARN of another partition.
 *
 * @param scope     who was given the name
 * @param errorName the error's name
 * @param format    the form that it should have
 * @param value     the name
 * @param id        the id of the construct that it is for, if that does not exist yet
 */
export function checkFormat(scope: IConstruct, errorName: LiteralString, format: Format, value: string, id?: string): void {
  givenAs(scope, `${format.name}${idOf(id)}`, value, TEXT);
  if (!hasFormat(format, value)) {
    const text = shown(scope, value);
    const wayOut = typeof format.wayOut === 'string' ? format.wayOut : format.wayOut(text);
    refuse(scope, errorName, `'${text}'${idOf(id)} is not ${format.name}: expected ${format.expected}. ${wayOut}`);
  }
  checkPartition(scope, value, id);
}

/**
 * Refuses an ARN of another partition than that of the stack, as far as that is known: nothing of one partition can be used in another.
 *
 * @param scope who was given the ARN
 * @param arn   the ARN; anything else is taken
 * @param id    the id of the construct that it is for, if that does not exist yet
 */
export function checkPartition(scope: IConstruct, arn: string, id?: string): void {
  const [prefix, partition] = arn.split(':');
  const own = prefix === 'arn' ? partitionOf(scope) : undefined;
  if (own !== undefined && knownToDiffer(partition, own)) {
    refuse(scope, lit`ArnOfAnotherPartition`,
      `'${shown(scope, arn)}'${idOf(id)} is of partition '${partition}' and the stack, in '${Stack.of(scope).region}', of '${own}': nothing of another ` +
      'partition can be used. Correct the ARN, or the Region of the stack.');
  }
}

/**
 * The partition that a construct is deployed to, if its Region is known. The stack itself tells it only with a feature flag.
 */
export function partitionOf(scope: IConstruct): string | undefined {
  const { region } = Stack.of(scope);
  return Token.isUnresolved(region) ? undefined : RegionInfo.get(region).partition;
}

function idOf(id: string | undefined): string {
  return id === undefined ? '' : `, for '${id}',`;
}
