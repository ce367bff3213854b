import type { Place } from './place';
import { Refusal } from './refusal';

/**
 * A kind of resource that has ARNs: the one description of their form.
 */
export interface ArnKind {
  /** With its article: 'a self-managed license'. */
  readonly name: string;
  readonly service: string;
  /** What stands before the id, with its separator: `license-configuration:`, `image/`. */
  readonly resource: string;
  /** What an id begins with, which is also how it is shown: `lic-`. */
  readonly id: string;
  /** Whether the ARN names no Region; that of a global service does not. */
  readonly global?: boolean;
  /** Whether the ARN names no account. */
  readonly unowned?: boolean;
}

/**
 * The forms of License Manager's ARNs.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
 */
export const SELF_MANAGED_LICENSE: ArnKind = {
  name: 'a self-managed license', service: 'license-manager', resource: 'license-configuration:', id: 'lic-',
};
export const USAGE_REPORT: ArnKind = { name: 'a usage report', service: 'license-manager', resource: 'report-generator:', id: 'r-' };

/** Of a license or a grant there is one in all Regions. */
export const LICENSE_GRANT: ArnKind = { name: 'a grant', service: 'license-manager', resource: 'grant:', id: '', global: true };
export const ISSUED_LICENSE: ArnKind = { name: 'a seller-issued license', service: 'license-manager', resource: 'license:', id: '', global: true };

/**
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanagerusersubscriptions.html
 */
export const IDENTITY_PROVIDER: ArnKind = {
  name: 'an identity provider', service: 'license-manager-user-subscriptions', resource: 'identity-provider/', id: '',
};
export const PRODUCT_SUBSCRIPTION: ArnKind = {
  name: 'the subscription of a user', service: 'license-manager-user-subscriptions', resource: 'product-subscription/', id: '',
};
export const INSTANCE_USER: ArnKind = {
  name: 'the user of an instance', service: 'license-manager-user-subscriptions', resource: 'instance-user/', id: '',
};

/**
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsdirectoryservice.html
 */
export const DIRECTORY: ArnKind = { name: 'a directory', service: 'ds', resource: 'directory/', id: '' };

/**
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
 */
export const KEY: ArnKind = { name: 'a key', service: 'kms', resource: 'key/', id: '' };

/**
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
 */
export const SECRET: ArnKind = { name: 'a secret', service: 'secretsmanager', resource: 'secret:', id: '' };

/**
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
export const AMI: ArnKind = { name: 'an AMI', service: 'ec2', resource: 'image/', id: 'ami-', unowned: true };
export const INSTANCE: ArnKind = { name: 'an EC2 instance', service: 'ec2', resource: 'instance/', id: 'i-' };
export const DEDICATED_HOST: ArnKind = { name: 'a Dedicated Host', service: 'ec2', resource: 'dedicated-host/', id: 'h-' };

/**
 * What an ARN consists of besides names of services and types: the one grammar for both sides.
 *
 * A `|` separates the parts of the physical ids that ARNs become parts of.
 */
export const ARN_PARTS = {
  partition: /^aws(-[a-z]+)*$/,
  region: /^[a-z]{2,}(-[a-z]+)+-\d+$/,
  account: /^\d{12}$/,
  /** What follows the beginning of an id. */
  id: /^[^\s:|]+$/,
} as const;

/**
 * The parts of an ARN.
 */
export interface Arn {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** What follows the type of the resource. */
  readonly id: string;
}

/**
 * The parts of an ARN of a kind; nothing for any other text.
 */
export function parseArn(kind: ArnKind, text: string): Arn | undefined {
  const [prefix, partition, service, region, account, ...rest] = text.split(':');
  const resource = rest.join(':');
  const id = resource.slice(kind.resource.length);
  const matches = prefix === 'arn'
    && ARN_PARTS.partition.test(partition)
    && service === kind.service
    && (kind.global ? region === '' : ARN_PARTS.region.test(region))
    && (kind.unowned ? account === '' : ARN_PARTS.account.test(account))
    && resource.startsWith(kind.resource)
    && id.startsWith(kind.id)
    && ARN_PARTS.id.test(id.slice(kind.id.length));
  return matches ? { partition, region, account, id } : undefined;
}

/** Whether a text is an ARN of a kind. */
export function isArn(kind: ArnKind, text: string): boolean {
  return parseArn(kind, text) !== undefined;
}

/**
 * What the ARNs of a kind look like, as a user reads it: in a place, as far as it is known.
 */
export function arnExample(kind: ArnKind, { partition = '<partition>', region = '<region>', account = '<account>' }: Partial<Place> = {}): string {
  return `arn:${partition}:${kind.service}:${kind.global ? '' : region}:${kind.unowned ? '' : account}:${kind.resource}${kind.id}<id>`;
}

/**
 * All ARNs of a kind in an account, for a policy.
 */
export function arnPattern(kind: ArnKind, { partition, region, account }: Pick<Place, 'partition' | 'region' | 'account'>): string {
  return `arn:${partition}:${kind.service}:${kind.global ? '' : region}:${kind.unowned ? '' : account}:${kind.resource}${kind.id}*`;
}

/**
 * How many colons stand before the id of an ARN of a kind, and whether a slash does: what CloudFormation needs to know to take the id out.
 */
export function idPosition({ resource }: ArnKind): { readonly part: number; readonly afterSlash: boolean } {
  return resource.endsWith(':') ? { part: 6, afterSlash: false } : { part: 5, afterSlash: true };
}

/** What a declared ARN has to be. */
export interface ArnRule {
  readonly kinds: readonly ArnKind[];
  /** What to do about the ARN of something else: a sentence without its full stop. */
  readonly otherwise?: string;
  /** Why it has to belong to the account of the stack, and what to do if it doesn't; if absent it may belong to any. */
  readonly ownOnly?: string;
}

/**
 * The ARN, or a refusal of one of another kind or place.
 */
export function checkArn(arn: string, path: string, place: Place, { kinds, otherwise, ownOnly }: ArnRule): string {
  const kind = kinds.find(each => isArn(each, arn));
  if (!kind) {
    throw new Refusal(`${path} '${arn}' is not the ARN of ${list(kinds.map(({ name }) => name))}. Expected: `
      + `${list(kinds.map(each => arnExample(each, ownOnly === undefined ? { ...place, account: undefined } : place)))}${otherwise ? `. ${otherwise}` : ''}`);
  }
  const { partition, region, account } = parseArn(kind, arn)!;
  const what = kinds.length === 1 ? kind.name : 'a resource';
  if (partition !== place.partition) {
    throw new Refusal(`${path} '${arn}' is in partition ${partition}, and the stack is in partition ${place.partition}. `
      + `License Manager takes ${what} of the same partition only`);
  }
  if (!kind.global && region !== place.region) {
    throw new Refusal(`${path} '${arn}' is in Region ${region}, and the stack is in Region ${place.region}. `
      + `License Manager takes ${what} of the same Region only: deploy this resource to ${region}`);
  }
  if (ownOnly !== undefined && !kind.unowned && account !== place.account) {
    throw new Refusal(`${path} '${arn}' belongs to account ${account}, and the stack is in account ${place.account}. ${ownOnly}`);
  }
  return arn;
}

function list(items: readonly string[]): string {
  return items.length === 1 ? items[0] : `${items.slice(0, -1).join(', ')} or ${items[items.length - 1]}`;
}
