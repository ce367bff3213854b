import { createHash } from 'node:crypto';
import { Annotations, type CfnResource, Fn, Lazy, Stack, Token } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnPolicy, type CfnRole, CfnRolePolicy, type IRole, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from '../../private/finding/acknowledgement';
import { acknowledgeCheckov } from '../../private/finding/checkov';
import { followCondition } from '../../private/identity/condition';
import { referredConstruct } from '../../private/identity/reference';
import { type ArnKind, idPosition, SECRET } from '../contract/arn';
import type { Conditions } from '../contract/definition';

/*
 * IAM takes 10,240 characters of inline policies on a role, and ten managed policies of 6,144 characters each.
 * What does not name one ARN takes 4,300 characters at most: a statement for each kind of action, with the id of the stack, whose name may be long.
 * A policy for one ARN takes 230 to 360 characters, an ARN in a shared policy 120; a policy's description takes 1,000 characters.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const INLINE_CHARACTERS = 10_240 - 4_300;
/** That of a license, where partition and Region have the longest names; a resource of another service may have a longer one. */
const LONGEST_ARN = 118;
const ARNS_PER_MANAGED_POLICY = 22;
const MANAGED_POLICIES = 10;

/**
 * What the function may do for a resource.
 */
export interface Permission {
  readonly action: string;
  readonly arn: string;
  /** The kind of resource, where the ARN is that of one. */
  readonly of?: ArnKind;
  readonly conditions?: Conditions;
  /** Why it is on everything, if not for what is said of any. */
  readonly because?: string;
  /** In which policy it is, if not in that of the type. */
  readonly apart?: string;
}

/**
 * What permits the function what it does.
 */
export interface Permits {
  /** Permits it, and returns the policy that does, if that is in the stack. */
  permit(type: string, permission: Permission): CfnResource | undefined;
}

/**
 * The policies of a role that is not the stack's own.
 *
 * There is a policy for each type and ARN, as on a role of the stack's own, and for the same reason. Of one that must not be changed there is none
 * in the template.
 */
export class GivenRolePolicies implements Permits {
  private readonly policies = new Map<string, Policy>();

  constructor(private readonly scope: Construct, private readonly role: IRole) {}

  public permit(type: string, permission: Permission): CfnResource {
    const { arn, apart = '' } = permission;
    const key = `${type}${apart} ${arn}`;
    const id = () => `${typeName(type)}${apart}${expressionOf(this.scope, arn)}`;
    // Two tokens may say the same.
    let policy = this.policies.get(key) ?? this.scope.node.tryFindChild(id()) as Policy | undefined;
    if (!policy) {
      policy = new Policy(this.scope, id());
      this.role.attachInlinePolicy(policy);
      followCondition(policy.node.defaultChild as CfnPolicy, arn);
    }
    this.policies.set(key, policy);
    policy.addStatements(statementOf(permission));
    if (arn.includes('*')) {
      acknowledgeWildcard(policy, arn, reasonFor(permission));
      acknowledgeWrites(policy.node.defaultChild as CfnPolicy, permission);
    }
    return policy.node.defaultChild as CfnPolicy;
  }
}

/**
 * What a role needs that others make: it is recorded in the report for them.
 */
export class RecordedPermissions implements Permits {
  constructor(private readonly role: IRole) {}

  public permit(_type: string, permission: Permission): undefined {
    this.role.addToPrincipalPolicy(statementOf(permission));
  }
}

function statementOf({ action, arn, conditions }: Permission): PolicyStatement {
  return new PolicyStatement({ actions: [action], resources: [arn], conditions });
}

/** To a scanner, what changes something on everything is worth a reason of its own. */
function acknowledgeWrites(policy: CfnPolicy, { because }: Permission): void {
  if (because !== undefined) {
    acknowledgeCheckov(policy, { CKV_AWS_109: because, CKV_AWS_111: because });
  }
}

/** Why a policy has a wildcard. */
function reasonFor({ arn, because }: Permission): string {
  if (because !== undefined) {
    return because;
  }
  if (arn === '*') {
    return 'For these actions AWS License Manager knows no resource type in the service authorization reference, or none that the request names, so that '
      + 'IAM takes them on * only.';
  }
  return /:(iam|organizations):/.test(arn)
    ? 'The id of the organization, or the end of the name of a service-linked role, is not known to the app; the rest of the ARN is as narrow as it can be.'
    : 'AWS License Manager chooses the ids of what the stack creates, so that their ARNs are not known before they exist.';
}

/**
 * The policies of the function's role.
 *
 * The role has no policy of its own that grows and shrinks, because CloudFormation deletes what an update has removed or replaced after it has
 * updated everything else: a permission that was dropped from a policy in place would be missing when the old resource is deleted.
 * So there is a policy for each type and each ARN that resources of the type name, which comes and goes with them.
 * Its name contains the id from the ARN, so that it is replaced, not updated, when what the ARN refers to is replaced.
 */
export class RolePolicies implements Permits {
  private readonly statics = new Map<string, StaticPolicy>();
  private readonly byArn = new Map<string, Named>();
  /** Two tokens may say the same. */
  private readonly byExpression = new Map<string, Named>();
  private readonly unfilled = new Map<string, SharedPolicy>();
  private inlineCharacters = 0;
  private managedPolicies = 0;

  constructor(private readonly scope: Construct, private readonly role: CfnRole) {}

  /**
   * Permits it, and returns the policy that does.
   */
  public permit(type: string, permission: Permission): CfnResource {
    return permission.of === undefined ? this.permitAnything(type, permission) : this.permitArn(type, permission, permission.of);
  }

  private permitAnything(type: string, permission: Permission): CfnResource {
    const name = `${typeName(type)}${permission.apart ?? ''}`;
    let policy = this.statics.get(name);
    if (!policy) {
      policy = new StaticPolicy(this.scope, name, this.role);
      this.statics.set(name, policy);
    }
    policy.add(permission);
    return policy.resource;
  }

  private permitArn(type: string, permission: Permission, kind: ArnKind): CfnResource {
    const key = `${type} ${permission.arn}`;
    let named = this.byArn.get(key);
    if (!named) {
      named = this.policyOf(type, permission, kind);
      this.byArn.set(key, named);
    }
    const { policy, arn } = named;
    const { inlineCharacters } = policy;
    policy.add(arn === permission.arn ? permission : { ...permission, arn }, kind);
    this.inlineCharacters += policy.inlineCharacters - inlineCharacters;
    return policy.resource;
  }

  private policyOf(type: string, permission: Permission, kind: ArnKind): Named {
    const { arn } = permission;
    const expression = expressionOf(this.scope, arn);
    const key = `${type} ${expression}`;
    let named = this.byExpression.get(key);
    if (!named) {
      const policy = this.inlineCharacters + inlineSize([permission]) <= INLINE_CHARACTERS
        ? new InlinePolicy(this.scope, typeName(type), this.role, arn, expression, kind)
        : this.sharedPolicy(type);
      named = { policy, arn };
      this.byExpression.set(key, named);
    }
    return named;
  }

  private sharedPolicy(type: string): SharedPolicy {
    let policy = this.unfilled.get(type);
    if (!policy || policy.full) {
      this.managedPolicies++;
      if (this.managedPolicies === MANAGED_POLICIES + 1) {
        Annotations.of(this.scope).addWarningV2('cdk-license-manager:manyLicensesInOneStack',
          `the custom resources of this stack name more licenses than fit into the ${MANAGED_POLICIES} managed policies that IAM by default allows`
          + ' for a role; have the quota "Managed policies attached to an IAM role" raised, or spread the licenses over several stacks');
      }
      policy = new SharedPolicy(this.scope, `${typeName(type)}Policy${this.managedPolicies}`, this.role);
      this.unfilled.set(type, policy);
    }
    return policy;
  }
}

/** A policy, and how it writes an ARN. */
interface Named {
  readonly policy: ArnPolicy;
  readonly arn: string;
}

interface ArnPolicy {
  readonly resource: CfnResource;
  /** How much it takes of what IAM allows for all inline policies of a role. */
  readonly inlineCharacters: number;
  add(permission: Permission, kind: ArnKind): void;
}

/**
 * The statements of a policy: one for each ARN and condition.
 */
class Statements {
  private readonly known = new Map<string, Statement>();

  /** Adds a permission, and tells whether it is on something new. */
  public add({ action, arn, conditions }: Permission): boolean {
    const key = conditions ? JSON.stringify([arn, conditions]) : arn;
    const statement = this.known.get(key);
    if (statement) {
      if (!statement.Action.includes(action)) {
        statement.Action.push(action);
      }
      return false;
    }
    this.known.set(key, { Effect: 'Allow', Action: [action], Resource: arn, ...conditions && { Condition: conditions } });
    return true;
  }

  public get all(): Statement[] {
    return [...this.known.values()];
  }
}

/**
 * The policy of a type for actions that know no resource, or whose resource is not known beforehand.
 */
class StaticPolicy {
  public readonly resource: CfnPolicy;
  private readonly statements = new Statements();

  constructor(scope: Construct, type: string, role: CfnRole) {
    this.resource = new CfnPolicy(scope, type, {
      policyName: type,
      roles: [role.ref],
      policyDocument: Lazy.any({ produce: () => document(this.statements.all) }),
    });
  }

  public add(permission: Permission): void {
    const { arn } = permission;
    if (this.statements.add(permission) && arn.includes('*')) {
      acknowledgeWildcard(this.resource, arn, reasonFor(permission));
      acknowledgeWrites(this.resource, permission);
    }
  }
}

/**
 * The policy for one ARN.
 */
class InlinePolicy implements ArnPolicy {
  public readonly resource: CfnRolePolicy;
  private readonly permissions: Permission[] = [];
  private readonly statements = new Statements();

  constructor(scope: Construct, type: string, role: CfnRole, arn: string, expression: string, kind: ArnKind) {
    this.resource = new CfnRolePolicy(scope, `${type}${expression}`, {
      roleName: role.ref,
      policyName: `${type}-${expression}-${idIn(arn, kind)}`,
      policyDocument: {}, // until there are actions: a token for it would cost every license
    });
    followCondition(this.resource, arn);
  }

  public get inlineCharacters(): number {
    return this.permissions.length === 0 ? 0 : inlineSize(this.permissions);
  }

  public add(permission: Permission): void {
    this.permissions.push(permission);
    this.statements.add(permission);
    this.resource.policyDocument = document(this.statements.all);
  }
}

/**
 * A managed policy for many ARNs, for what does not fit into the inline policies of a role.
 *
 * IAM cannot change a policy's description. It contains the ids from the ARNs for the reason for which the name of an inline policy does.
 */
class SharedPolicy implements ArnPolicy {
  public readonly resource: CfnManagedPolicy;
  public readonly inlineCharacters = 0;
  private readonly statements = new Statements();
  private readonly ids = new Map<string, string>();

  constructor(scope: Construct, id: string, role: CfnRole) {
    this.resource = new CfnManagedPolicy(scope, id, {
      roles: [role.ref],
      description: Lazy.string({ produce: () => [...this.ids.values()].join(' ') }),
      policyDocument: Lazy.any({ produce: () => document(merged(this.statements.all)) }),
    });
  }

  public get full(): boolean {
    return this.ids.size >= ARNS_PER_MANAGED_POLICY;
  }

  public add(permission: Permission, kind: ArnKind): void {
    this.statements.add(permission);
    const { arn } = permission;
    if (!this.ids.has(arn)) {
      this.ids.set(arn, idIn(arn, kind));
    }
  }
}

interface Statement {
  readonly Effect: 'Allow';
  readonly Action: string[];
  readonly Resource: string | string[];
  readonly Condition?: Conditions;
}

/** Statements that permit the same under the same condition become one. */
function merged(statements: readonly Statement[]): Statement[] {
  const found = new Map<string, Statement & { Resource: string[] }>();
  for (const { Resource, ...statement } of statements) {
    const key = JSON.stringify([[...statement.Action].sort(), statement.Condition]);
    const known = found.get(key);
    if (known) {
      known.Resource.push(...[Resource].flat());
    } else {
      found.set(key, { ...statement, Resource: [Resource].flat() });
    }
  }
  return [...found.values()];
}

/** A policy document of statements. */
export function document(statements: readonly Statement[]) {
  return {
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({
      ...statement,
      Action: statement.Action.length === 1 ? statement.Action[0] : [...statement.Action].sort(),
    })),
  };
}

/** The characters of a policy for one ARN, as IAM counts them: without white space. */
function inlineSize(permissions: readonly Permission[]): number {
  const statements = new Statements();
  permissions.forEach((permission) => statements.add({ ...permission, arn: '' }));
  return JSON.stringify(document(statements.all)).length + statements.all.length * LONGEST_ARN;
}

/** Says the same as the ARN, but in terms of the template, so that it stays when other resources come and go. */
function expressionOf(scope: Construct, arn: string): string {
  return createHash('sha256').update(JSON.stringify(Stack.of(scope).resolve(arn))).digest('hex').slice(0, 8);
}

/** `Custom::LicenseManagerLicenseConfigurationStatus` -> `LicenseConfigurationStatus`. */
export function typeName(type: string): string {
  return type.slice('Custom::LicenseManager'.length);
}

/**
 * The id from an ARN, as the name of a policy may contain it: `arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-…` ->
 * `lic-…`.
 */
function idIn(arn: string, kind: ArnKind): string {
  const { part, afterSlash } = idPosition(kind);
  const named = kind === SECRET ? referredConstruct(arn) : undefined;
  const name: unknown = named && CfnSecret.isCfnSecret(named) ? Stack.of(named).resolve(named.name) : undefined;
  if (typeof name === 'string') {
    // It may have slashes, and be longer than the name of a policy.
    return createHash('sha256').update(name).digest('hex').slice(0, 16);
  }
  if (!Token.isUnresolved(arn)) {
    const resource = arn.split(':').slice(part).join(':');
    return (afterSlash ? resource.slice(resource.indexOf('/') + 1) : resource).replace(/[^\w+=,.@-]/g, '.');
  }
  const resource = Fn.select(part, Fn.split(':', arn));
  return afterSlash ? Fn.select(1, Fn.split('/', resource)) : resource;
}
