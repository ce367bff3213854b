import { Stack, Token } from 'aws-cdk-lib';
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
 * Whether a name has a form. A part that is a token is not looked into, nor is what has still to be looked up.
 */
export function hasFormat({ parts }: Format, value: string): boolean {
  // A token holds no colon, so a part is a token or it isn't. One token for the whole name is not looked into. The last part may have colons of its own.
  const [found, rest] = [value.split(':').slice(0, parts.length), value.split(':').slice(parts.length)];
  if (rest.length > 0) {
    found.push([found.pop(), ...rest].join(':'));
  }
  return isLookUpDummy(value) || (found.length === parts.length
    ? found.every((part, index) => Token.isUnresolved(part) || parts[index].test(part))
    : Token.isUnresolved(value));
}

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
