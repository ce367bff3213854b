import { Stack, Token } from 'aws-cdk-lib';
import type { ResourceEnvironment } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isLookUpDummy, isWholeLookUpDummy } from '../identity/look-up-dummy';
import { identityOf, shown } from '../identity/reference';
import { arnParts, checkPartition, fits, hasFormat } from '../validation/format';
import { type LiteralString, refuse } from '../validation/validation';

/**
 * A kind of resource of Amazon EC2.
 */
export interface Ec2ResourceKind {
  /** As the user guide calls it. */
  readonly name: string;
  readonly prefix: string;
  readonly id: RegExp;
  readonly arnType: string;
  readonly hasAccount: boolean;
}

/*
 * EC2 gives hexadecimal digits. Other letters are taken, too: AWS's own schemas take them, and ids in its documentation end in EXAMPLE.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateAssociation.html
 */

export const AMI: Ec2ResourceKind = {
  name: 'AMI',
  prefix: 'ami-',
  id: /^ami-([0-9A-Za-z]{8}|[0-9A-Za-z]{17})$/,
  arnType: 'image',
  hasAccount: false,
};
export const INSTANCE: Ec2ResourceKind = {
  name: 'EC2 instance',
  prefix: 'i-',
  id: /^i-([0-9A-Za-z]{8}|[0-9A-Za-z]{17})$/,
  arnType: 'instance',
  hasAccount: true,
};
export const HOST: Ec2ResourceKind = {
  name: 'EC2 Dedicated Host',
  prefix: 'h-',
  id: /^h-([0-9A-Za-z]{8}|[0-9A-Za-z]{17})$/,
  arnType: 'dedicated-host',
  hasAccount: true,
};

/**
 * A resource of Amazon EC2, as far as it is known.
 */
export interface BoundEc2Resource {
  readonly arn: string;
  /** For messages: the id if it is known, or the path of the construct. */
  readonly name: string;
  /** Equal for two names of the same resource; absent where two resources may have the same name. */
  readonly identity?: string;
  /** Absent if not known. */
  readonly region?: string;
  /** Absent if not known, and for AMIs, which an account may use without owning them. */
  readonly account?: string;
}

/**
 * The resource of an id.
 *
 * @param scope who names it
 * @param kind  what it is
 * @param id    its id
 * @param owner the construct that the id is of; its Region and account are those of the resource, else they are those of the stack
 */
export function boundById(scope: IConstruct, kind: Ec2ResourceKind, id: string, owner?: { readonly env: ResourceEnvironment }): BoundEc2Resource {
  const stack = Stack.of(scope);
  const { account, region } = owner?.env ?? stack;
  return {
    arn: `arn:${stack.partition}:ec2:${region}:${kind.hasAccount ? account : ''}:${kind.arnType}/${id}`,
    name: shown(scope, id),
    identity: kind.id.test(id) || Token.isUnresolved(id) ? `${kind.arnType}/${identityOf(id)}` : undefined,
    region,
    account: kind.hasAccount ? account : undefined,
  };
}

/**
 * Refuses an id that is not one of the kind, as far as it is known: of one with a token, what is written before it. What has still to be looked up is taken.
 */
export function checkEc2Id(scope: IConstruct, errorName: LiteralString, kind: Ec2ResourceKind, id: string, wayOut: string): void {
  if (!fits(kind.id, id)) {
    refuse(scope, errorName,
      `'${shown(scope, id)}' is not the id of an ${kind.name}: it has to be '${kind.prefix}' and 8 or 17 letters and digits. ${wayOut}`);
  }
}

/**
 * The resource of an ARN. Refuses one of another form; any part of it may be a token, or have one in it.
 */
export function boundByArn(scope: IConstruct, errorName: LiteralString, kind: Ec2ResourceKind, arn: string, wayOut: string): BoundEc2Resource {
  if (isWholeLookUpDummy(arn)) {
    return { arn, name: arn };
  }
  const type = `${kind.arnType}/`;
  const parts = [...arnParts('ec2', { account: kind.hasAccount }), new RegExp(`^${type}${kind.id.source.slice(1)}`)];
  if (!hasFormat({ parts }, arn)) {
    refuse(scope, errorName,
      `'${shown(scope, arn)}' is not the ARN of an ${kind.name}: expected ` +
      `'arn:<partition>:ec2:<region>:${kind.hasAccount ? '<account>' : ''}:${type}${kind.prefix}' ` +
      `and 8 or 17 letters and digits. ${wayOut}`);
  }
  checkPartition(scope, arn);
  const components = arn.split(':');
  if (components.length !== parts.length) {
    // A token stands for several parts.
    return { arn, name: shown(scope, arn), identity: `${type}${identityOf(arn)}` };
  }
  const [, , , region, account, resource] = components;
  // `image/ami-…` may come as one token.
  const id = resource.startsWith(type) ? resource.slice(type.length) : resource;
  const identity = isLookUpDummy(id) ? undefined : `${type}${identityOf(id)}`;
  return { arn, name: shown(scope, id), identity, region, account: kind.hasAccount ? account : undefined };
}
