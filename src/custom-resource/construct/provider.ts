import { createHash } from 'node:crypto';
import * as path from 'node:path';
import {
  Annotations, type CfnResource, CustomResource, Duration, Fn, type ITaggableV2, Lazy, Names, RemovalPolicy, Stack, TagManager,
  TagType, Token,
} from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnManagedPolicy, CfnPolicy, CfnRole, CfnRolePolicy } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup, type ILogGroupRef, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { lit } from 'aws-cdk-lib/core/lib/helpers-internal';
import { Construct } from 'constructs';
import { CustomResources } from './configuration';
import { acknowledgeWildcard } from '../../private/finding/acknowledgement';
import { acknowledgeCheckov } from '../../private/finding/checkov';
import { renderTags } from '../../private/validation/tags';
import { refuse } from '../../private/validation/validation';
import { type ResourceType, ResourceTypes } from '../contract/properties';

/**
 * Properties of a `ManagedResource`.
 */
export interface ManagedResourceProps {
  /** Name of the type, from `ResourceTypes`. */
  readonly resourceType: ResourceType;
  /** The properties as CloudFormation sees them (the interface of the type in properties.ts; tokens anywhere). Absent values are left out. */
  readonly properties: { [name: string]: any };
  /** What the function must be allowed to do for this resource: exact actions on the ARNs that the resource names. */
  readonly permissions: ManagedResourcePermission[];
  /** @default RemovalPolicy.DESTROY */
  readonly removalPolicy?: RemovalPolicy;
  /** @default - the type's own; at most 1 hour */
  readonly serviceTimeout?: Duration;
}

/**
 * What the function must be allowed to do.
 */
export interface ManagedResourcePermission {
  /** Actions, without wildcard. */
  readonly actions: string[];
  /**
   * ARNs whose resource part follows a colon, as in all ARNs of License Manager; they may be tokens.
   * `*` only for actions for which the service authorization reference lists no resource type.
   */
  readonly resources: string[];
  /**
   * Conditions, for resources that are not known before they exist. They are the same for all resources of a type.
   */
  readonly conditions?: { [operator: string]: { [key: string]: string } };
}

/**
 * A custom resource of this library: brings up the stack's one function at its first use.
 *
 * What License Manager finishes later will be waited for by an `isComplete` handler: the service token then becomes that of the CDK provider
 * framework around the same function (see `Ground`), and nothing changes for the resources.
 */
export class ManagedResource extends CustomResource {
  constructor(scope: Construct, id: string, props: ManagedResourceProps) {
    const ground = Ground.of(scope);
    super(scope, id, {
      serviceToken: ground.serviceToken,
      resourceType: props.resourceType,
      properties: props.properties,
      removalPolicy: props.removalPolicy,
      serviceTimeout: props.serviceTimeout ?? SERVICE_TIMEOUTS[props.resourceType],
    });
    const resource = this.node.defaultChild as CfnResource;
    for (const policy of ground.permit(props.resourceType, props.permissions)) {
      resource.addResourceDependency(policy);
    }
  }
}

/**
 * Properties of a `TaggableManagedResource`.
 */
export interface TaggableManagedResourceProps extends ManagedResourceProps {
  /** The CloudFormation type that it stands in for: tags that are meant for that type reach it, too. */
  readonly nativeType: string;
}

/**
 * A custom resource that takes tags as a native resource does. They are sent as the property `Tags`.
 */
export class TaggableManagedResource extends ManagedResource implements ITaggableV2 {
  /** The tags. */
  public readonly cdkTagManager: TagManager;

  constructor(scope: Construct, id: string, props: TaggableManagedResourceProps) {
    const tags = new TagManager(TagType.STANDARD, props.nativeType);
    super(scope, id, { ...props, properties: { ...props.properties, Tags: Lazy.any({ produce: () => renderTags(tags.renderTags()) }) } });
    this.cdkTagManager = tags;
  }
}

/*
 * Longer than the handler takes if License Manager fails as often as the handler tries again, and short enough for somebody who waits:
 * without it CloudFormation waits an hour for a function that cannot start. Releasing the associations of a license takes as long as there are many.
 */
const SERVICE_TIMEOUTS: Record<ResourceType, Duration> = {
  [ResourceTypes.LICENSE_CONFIGURATION]: Duration.minutes(5),
  [ResourceTypes.LICENSE_CONFIGURATION_STATUS]: Duration.minutes(5),
  [ResourceTypes.LICENSE_CONFIGURATION_ASSOCIATION]: Duration.minutes(5),
  [ResourceTypes.LICENSE_CONFIGURATION_DISASSOCIATION]: Duration.minutes(20),
  [ResourceTypes.REPORT_GENERATOR]: Duration.minutes(5),
  [ResourceTypes.REPORT_GENERATOR_LOCATION]: Duration.minutes(5),
  [ResourceTypes.AWS_MANAGED_LICENSE_ASSET_RULE_SET]: Duration.minutes(5),
};

/*
 * IAM takes 10,240 characters of inline policies on a role, and ten managed policies of 6,144 characters each.
 * What does not name one ARN takes 4,000 characters at most: a statement for each kind of action, with the id of the stack, whose name may be long.
 * A policy for one ARN takes 230 to 360 characters, an ARN in a shared policy 120; a policy's description takes 1,000 characters.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const INLINE_CHARACTERS = 10_240 - 4_000;
/** That of a license, where partition and Region have the longest names. */
const LONGEST_ARN = 118;
const ARNS_PER_MANAGED_POLICY = 22;
const MANAGED_POLICIES = 10;

/** The construct id is part of every logical id of the ground, and with that it is API. */
const GROUND_ID = 'CdkLicenseManager';

type GroundOptions = ReturnType<typeof CustomResources._resolve>;

/**
 * What all custom resources of a stack share: the function, its role and its log group, and the policies of the role.
 *
 * The role has no policy of its own that grows and shrinks, because CloudFormation deletes what an update has removed or replaced after it has
 * updated everything else: a permission that was dropped from a policy in place would be missing when the old resource is deleted.
 * So there is a policy for each type and each ARN that resources of the type name, which comes and goes with them.
 * Its name contains the id from the ARN, so that it is replaced, not updated, when what the ARN refers to is replaced.
 *
 * Function, role and log group are L1s, as those of aws-cdk-lib's own custom resources: L2s would take more time than all else in a small stack.
 * Aspects reach them all the same.
 */
class Ground extends Construct {
  public static of(scope: Construct): Ground {
    const stack = Stack.of(scope);
    return stack.node.tryFindChild(GROUND_ID) as Ground | undefined ?? new Ground(stack, CustomResources._resolve(stack));
  }

  public readonly serviceToken: string;
  private readonly role: CfnRole;
  private readonly statics = new Map<ResourceType, StaticPolicy>();
  private readonly byArn = new Map<string, ArnPolicy>();
  private readonly unfilled = new Map<ResourceType, SharedPolicy>();
  private inlineCharacters = 0;
  private managedPolicies = 0;

  private constructor(stack: Stack, options: GroundOptions) {
    super(stack, GROUND_ID);

    const logGroup = options.logGroup ?? this.makeLogGroup(options.logRetention);
    this.role = this.makeRole(logGroup, options);
    const handler = this.makeFunction(logGroup, options);
    this.serviceToken = handler.attrArn;
  }

  private makeLogGroup(retention: RetentionDays = RetentionDays.ONE_MONTH): CfnLogGroup {
    const logGroup = new CfnLogGroup(new Construct(this, 'LogGroup'), 'Resource', { retentionInDays: retention === RetentionDays.INFINITE ? undefined : retention });
    // Without the stack nobody looks for it, and its name is generated.
    logGroup.applyRemovalPolicy(RemovalPolicy.DESTROY);
    acknowledgeCheckov(logGroup, {
      CKV_AWS_158: 'CloudWatch Logs encrypts it, and it holds no secret; CustomResources.of(scope).configure() takes a log group with a key.',
    });
    return logGroup;
  }

  private makeRole(logGroup: ILogGroupRef, { vpc, permissionsBoundary }: GroundOptions): CfnRole {
    const role = new CfnRole(new Construct(this, 'Role'), 'Resource', {
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
      description: 'Runs the custom resources of cdk-license-manager',
      permissionsBoundary: permissionsBoundary?.managedPolicyArn,
      policies: [
        allow('Logs', ['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupRef.logGroupArn),
        ...(vpc ? [allow('NetworkInterfaces', NETWORK_INTERFACE_ACTIONS, '*')] : []),
      ],
    });
    if (vpc) {
      acknowledgeWildcard(role, '*',
        'AWS Lambda attaches the function to the VPC with network interfaces that it creates and deletes itself: their ARNs are not known before.');
    }
    return role;
  }

  private makeFunction(logGroup: ILogGroupRef, options: GroundOptions): CfnFunction {
    const scope = new Construct(this, 'Function');
    const code = new Asset(scope, 'Code', { path: path.join(__dirname, '..', '..', '..', 'assets', 'custom-resource') });
    const handler = new CfnFunction(scope, 'Resource', {
      description: 'Custom resources of cdk-license-manager',
      runtime: 'nodejs24.x',
      architectures: ['arm64'],
      handler: 'index.handler',
      code: { s3Bucket: code.s3BucketName, s3Key: code.s3ObjectKey },
      // It waits for answers most of the time. Below 256 MB the share of the processor makes its start slow.
      memorySize: 256,
      // The most that Lambda allows, for licenses with very many associations to release; everything else ends after seconds.
      timeout: Duration.minutes(15).toSeconds(),
      role: this.role.attrArn,
      loggingConfig: { logFormat: 'JSON', logGroup: logGroup.logGroupRef.logGroupName },
      reservedConcurrentExecutions: options.reservedConcurrentExecutions,
      vpcConfig: this.placeInVpc(scope, options),
    });
    code.addResourceMetadata(handler, 'Code');
    // Said where the scanner finds it, so that nobody has to write it down for every stack.
    acknowledgeCheckov(handler, {
      CKV_AWS_115: 'CloudFormation calls it once a resource; CustomResources.of(scope).configure() reserves concurrency for who wants it.',
      CKV_AWS_116: 'CloudFormation waits for its answer and reports a failure; a dead-letter queue would hold events that nobody may repeat.',
      CKV_AWS_117: 'It calls AWS APIs only; CustomResources.of(scope).configure() puts it into a VPC for who wants it.',
    });
    return handler;
  }

  private placeInVpc(scope: Construct, { vpc, vpcSubnets, securityGroups }: GroundOptions): CfnFunction.VpcConfigProperty | undefined {
    if (!vpc) {
      return undefined;
    }
    const subnets = vpc.selectSubnets(vpcSubnets);
    if (subnets.hasPublic) {
      refuse(this, lit`FunctionInPublicSubnet`,
        'vpcSubnets of CustomResources.configure() selects public subnets, in which a function reaches no API, whatever their routes: AWS Lambda gives it '
        + 'no public IP address. Select private subnets with a way out, or subnets with interface endpoints.');
    }
    // The function is called to delete what a stack has, so that its way out has to last as long as it does.
    scope.node.addDependency(subnets.internetConnectivityEstablished);
    return {
      subnetIds: subnets.subnetIds,
      securityGroupIds: (securityGroups ?? [new SecurityGroup(scope, 'SecurityGroup', {
        vpc, description: `Function of the custom resources of ${Names.uniqueId(this)}`,
      })]).map(({ securityGroupId }) => securityGroupId),
    };
  }

  /**
   * Grants the role permissions for a resource, and returns the policies that the resource has to wait for.
   */
  public permit(type: ResourceType, permissions: ManagedResourcePermission[]): CfnResource[] {
    const policies = new Set<CfnResource>();
    for (const permission of permissions) {
      for (const arn of permission.resources) {
        policies.add(arn.endsWith('*') ? this.permitAnything(type, arn, permission) : this.permitArn(type, arn, permission));
      }
    }
    return [...policies];
  }

  private permitAnything(type: ResourceType, arn: string, permission: ManagedResourcePermission): CfnResource {
    let policy = this.statics.get(type);
    if (!policy) {
      policy = new StaticPolicy(this, typeName(type), this.role);
      this.statics.set(type, policy);
    }
    policy.add(arn, permission);
    return policy.resource;
  }

  private permitArn(type: ResourceType, arn: string, permission: ManagedResourcePermission): CfnResource {
    const key = `${type} ${arn}`;
    let policy = this.byArn.get(key);
    if (!policy) {
      policy = this.inlineCharacters + inlineSize(permission.actions) <= INLINE_CHARACTERS
        ? new InlinePolicy(this, typeName(type), this.role, arn)
        : this.sharedPolicy(type);
      this.byArn.set(key, policy);
    }
    const { inlineCharacters } = policy;
    policy.add(arn, permission);
    this.inlineCharacters += policy.inlineCharacters - inlineCharacters;
    return policy.resource;
  }

  private sharedPolicy(type: ResourceType): SharedPolicy {
    let policy = this.unfilled.get(type);
    if (!policy || policy.full) {
      this.managedPolicies++;
      if (this.managedPolicies === MANAGED_POLICIES + 1) {
        Annotations.of(this).addWarningV2('cdk-license-manager:manyLicensesInOneStack',
          `the custom resources of this stack name more licenses than fit into the ${MANAGED_POLICIES} managed policies that IAM by default allows`
          + ' for a role; have the quota "Managed policies attached to an IAM role" raised, or spread the licenses over several stacks');
      }
      policy = new SharedPolicy(this, `${typeName(type)}Policy${this.managedPolicies}`, this.role);
      this.unfilled.set(type, policy);
    }
    return policy;
  }
}

interface ArnPolicy {
  readonly resource: CfnResource;
  /** How much it takes of what IAM allows for all inline policies of a role. */
  readonly inlineCharacters: number;
  add(arn: string, permission: ManagedResourcePermission): void;
}

/**
 * The policy of a type for actions that know no resource, or whose resource is not known beforehand.
 */
class StaticPolicy {
  public readonly resource: CfnPolicy;
  private readonly statements = new Map<string, Statement>();

  constructor(scope: Construct, type: string, role: CfnRole) {
    this.resource = new CfnPolicy(scope, type, {
      policyName: type,
      roles: [role.ref],
      policyDocument: Lazy.any({ produce: () => document([...this.statements.values()]) }),
    });
  }

  public add(arn: string, { actions, conditions }: ManagedResourcePermission): void {
    const key = conditions ? JSON.stringify([arn, conditions]) : arn;
    let statement = this.statements.get(key);
    if (!statement) {
      statement = { Effect: 'Allow', Action: [], Resource: arn, Condition: conditions };
      this.statements.set(key, statement);
      acknowledgeWildcard(this.resource, arn, arn === '*'
        ? 'For these actions AWS License Manager knows no resource type in the service authorization reference, so that IAM takes them on * only.'
        : 'AWS License Manager chooses the ids of what the stack creates, so that their ARNs are not known before they exist.');
    }
    for (const action of actions) {
      if (!statement.Action.includes(action)) {
        statement.Action.push(action);
      }
    }
  }
}

/**
 * The policy for one ARN.
 */
class InlinePolicy implements ArnPolicy {
  public readonly resource: CfnRolePolicy;
  private readonly actions: string[] = [];

  constructor(scope: Construct, type: string, role: CfnRole, arn: string) {
    // The id says the same as the ARN, but in terms of the template, so that it stays when other resources come and go.
    const expression = createHash('sha256').update(JSON.stringify(Stack.of(scope).resolve(arn))).digest('hex').slice(0, 8);
    this.resource = new CfnRolePolicy(scope, `${type}${expression}`, {
      roleName: role.ref,
      policyName: `${type}-${expression}-${resourceIdOf(arn)}`,
      policyDocument: {}, // until there are actions: a token for it would cost every license
    });
  }

  public get inlineCharacters(): number {
    return this.actions.length === 0 ? 0 : inlineSize(this.actions);
  }

  public add(arn: string, { actions }: ManagedResourcePermission): void {
    for (const action of actions) {
      if (!this.actions.includes(action)) {
        this.actions.push(action);
      }
    }
    this.resource.policyDocument = document([{ Effect: 'Allow', Action: this.actions, Resource: arn }]);
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
  private readonly actionsByArn = new Map<string, Set<string>>();

  constructor(scope: Construct, id: string, role: CfnRole) {
    this.resource = new CfnManagedPolicy(scope, id, {
      roles: [role.ref],
      description: Lazy.string({ produce: () => [...this.actionsByArn.keys()].map(resourceIdOf).join(' ') }),
      policyDocument: Lazy.any({ produce: () => document(this.statements()) }),
    });
  }

  public get full(): boolean {
    return this.actionsByArn.size >= ARNS_PER_MANAGED_POLICY;
  }

  public add(arn: string, { actions }: ManagedResourcePermission): void {
    let known = this.actionsByArn.get(arn);
    if (!known) {
      known = new Set();
      this.actionsByArn.set(arn, known);
    }
    for (const action of actions) {
      known.add(action);
    }
  }

  private statements(): Statement[] {
    const byActions = new Map<string, Statement & { Resource: string[] }>();
    for (const [arn, actions] of this.actionsByArn) {
      const key = [...actions].sort().join();
      const statement = byActions.get(key);
      if (statement) {
        statement.Resource.push(arn);
      } else {
        byActions.set(key, { Effect: 'Allow', Action: [...actions], Resource: [arn] });
      }
    }
    return [...byActions.values()];
  }
}

/**
 * What AWS Lambda needs to attach a function to a VPC.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
const NETWORK_INTERFACE_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

function allow(policyName: string, Action: string[], Resource: string): CfnRole.PolicyProperty {
  return { policyName, policyDocument: document([{ Effect: 'Allow', Action, Resource }]) };
}

interface Statement {
  readonly Effect: 'Allow';
  readonly Action: string[];
  readonly Resource: string | string[];
  readonly Condition?: ManagedResourcePermission['conditions'];
}

function document(statements: Statement[]) {
  return {
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({
      ...statement,
      Action: statement.Action.length === 1 ? statement.Action[0] : [...statement.Action].sort(),
    })),
  };
}

/** The characters of a policy for one ARN, as IAM counts them: without white space. */
function inlineSize(actions: string[]): number {
  return JSON.stringify(document([{ Effect: 'Allow', Action: actions, Resource: '' }])).length + LONGEST_ARN;
}

/** `Custom::LicenseManagerLicenseConfigurationStatus` -> `LicenseConfigurationStatus`. */
function typeName(type: ResourceType): string {
  return type.slice('Custom::LicenseManager'.length);
}

/** `arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-…` -> `lic-…`. */
function resourceIdOf(arn: string): string {
  return Token.isUnresolved(arn) ? Fn.select(6, Fn.split(':', arn)) : arn.split(':').slice(6).join(':');
}
