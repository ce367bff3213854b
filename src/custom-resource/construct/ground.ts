import * as path from 'node:path';
import { Aws, type CfnResource, Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnRole, type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup, type ILogGroupRef, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct, type IConstruct } from 'constructs';
import { CustomResources } from './configuration';
import { document, GivenRolePolicies, type Permission, type Permits, RecordedPermissions, RolePolicies } from './policies';
import { acknowledgeStandards, acknowledgeWildcard } from '../../private/finding/acknowledgement';
import { acknowledgeCheckov } from '../../private/finding/checkov';
import { lit, refuse } from '../../private/validation/validation';
import type { Definition, Target } from '../contract/definition';
import type { Place } from '../contract/place';
import type { Declared } from '../contract/shape';

/** The construct id is part of every logical id of the ground, and with that it is API. */
const GROUND_ID = 'CdkLicenseManager';

/** An action, and on what. */
interface Action {
  readonly action: string;
  readonly target: Target<any>;
}

type GroundOptions = ReturnType<typeof CustomResources._resolve>;

/**
 * What all custom resources of a stack share: the function, its role and its log group, and the policies of the role.
 *
 * Function, role and log group are L1s, as those of aws-cdk-lib's own custom resources: L2s would take more time than all else in a small stack.
 * Aspects reach them all the same.
 */
export class Ground extends Construct {
  /**
   * The ground of a stack.
   *
   * @param scope    who needs it
   * @param servedBy of what the function is, if it is not for everything
   */
  public static of(scope: Construct, { servedBy = '' }: Pick<Definition, 'servedBy'> = {}): Ground {
    const stack = Stack.of(scope);
    const id = `${GROUND_ID}${servedBy}`;
    return stack.node.tryFindChild(id) as Ground | undefined ?? new Ground(stack, id, scope, CustomResources._resolve(stack));
  }

  /** What custom resources are served by: the ARN of the function, for ever, as CloudFormation lets no custom resource change it. */
  public readonly serviceToken: string;
  private readonly policies: Permits;
  private readonly place: Place;
  private readonly actions = new Map<Definition, readonly Action[]>();

  private constructor(stack: Stack, id: string, user: IConstruct, options: GroundOptions) {
    super(stack, id);
    acknowledgeStandards(this, {
      IAMNoInlinePolicy: 'Each policy is for one role and for what one kind of resource of the stack needs, and goes when the last of them goes: '
        + 'nobody else is to have it, which a managed policy would make possible.',
    });

    const { partition, region, account } = stack;
    this.place = { partition, region, account, stackId: Aws.STACK_ID, stackName: Aws.STACK_NAME };
    const logGroup = options.logGroup ?? this.makeLogGroup(options.logRetention);
    const given = options.role ?? this.customizedRole();
    let roleArn: string;
    if (given) {
      roleArn = given.roleArn;
      this.policies = options.role ? new GivenRolePolicies(this, given) : new RecordedPermissions(given);
    } else {
      const role = this.makeRole(logGroup, options);
      roleArn = role.attrArn;
      this.policies = new RolePolicies(this, role);
    }
    const handler = this.makeFunction(roleArn, logGroup, user, options);
    this.serviceToken = handler.attrArn;
    if (given) {
      // AWS Lambda attaches the function to a VPC when it is made, and it writes its log from its first line on.
      waitFor(handler, basicPermissions(logGroup, options).map(permission => this.policies.permit(BASIC, permission)));
    }
  }

  private makeLogGroup(retention: RetentionDays = RetentionDays.ONE_MONTH): CfnLogGroup {
    const logGroup = new CfnLogGroup(new Construct(this, 'LogGroup'), 'Resource', { retentionInDays: retention === RetentionDays.INFINITE ? undefined : retention });
    // Without the stack nobody looks for it, and its name is generated.
    logGroup.applyRemovalPolicy(RemovalPolicy.DESTROY);
    const encryption = 'CloudWatch Logs encrypts it, and it holds no secret; CustomResources.of(scope).configure() takes a log group with a key.';
    acknowledgeCheckov(logGroup, { CKV_AWS_158: encryption });
    acknowledgeStandards(logGroup, { CloudWatchLogGroupEncrypted: encryption });
    return logGroup;
  }

  private makeRole(logGroup: ILogGroupRef, { vpc, permissionsBoundary }: GroundOptions): CfnRole {
    const role = new CfnRole(new Construct(this, 'Role'), 'Resource', {
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
      description: ROLE_DESCRIPTION,
      permissionsBoundary: permissionsBoundary?.managedPolicyArn,
      policies: [
        allow('Logs', LOG_ACTIONS, logGroup.logGroupRef.logGroupArn),
        ...(vpc ? [allow('NetworkInterfaces', NETWORK_INTERFACE_ACTIONS, '*')] : []),
      ],
    });
    if (vpc) {
      acknowledgeWildcard(role, '*',
        'AWS Lambda attaches the function to the VPC with network interfaces that it creates and deletes itself: their ARNs are not known before.');
    }
    return role;
  }

  /** Where roles are made by others, that which they make for the function: what it needs is in their report. */
  private customizedRole(): IRole | undefined {
    return this.node.tryGetContext(CUSTOMIZE_ROLES) === undefined ? undefined : new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description: ROLE_DESCRIPTION,
    });
  }

  private makeFunction(roleArn: string, logGroup: ILogGroupRef, user: IConstruct, options: GroundOptions): CfnFunction {
    const scope = new Construct(this, 'Function');
    const code = makeCode(scope, user);
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
      role: roleArn,
      loggingConfig: { logFormat: 'JSON', logGroup: logGroup.logGroupRef.logGroupName },
      reservedConcurrentExecutions: options.reservedConcurrentExecutions,
      vpcConfig: this.placeInVpc(scope, options),
    });
    code.addResourceMetadata(handler, 'Code');
    // Said where the scanner finds it, so that nobody has to write it down for every stack.
    const concurrency = 'CloudFormation calls it once a resource; CustomResources.of(scope).configure() reserves concurrency for who wants it.';
    const queue = 'CloudFormation waits for its answer and reports a failure; a dead-letter queue would hold events that nobody may repeat.';
    const network = 'It calls AWS APIs only; CustomResources.of(scope).configure() puts it into a VPC for who wants it.';
    acknowledgeCheckov(handler, { CKV_AWS_115: concurrency, CKV_AWS_116: queue, CKV_AWS_117: network });
    acknowledgeStandards(handler, {
      LambdaConcurrency: concurrency,
      LambdaDLQ: queue,
      LambdaInsideVPC: network,
      LambdaTracing: 'CloudFormation calls it in deployments, and it calls one API after the other: its log says when it did what.',
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
   * Lets the function do what a type needs for a resource, and returns the policies that the resource has to wait for.
   *
   * @param definition the type
   * @param declared   the properties that name what its actions are on
   */
  public permit<P extends object>(definition: Definition<P>, declared: Partial<Declared<P>>): (CfnResource | undefined)[] {
    const { place } = this;
    const found = new Set<CfnResource | undefined>();
    for (const { action, target } of this.actionsOf(definition)) {
      const arns = target.arns(declared, place) ?? [];
      for (const arn of typeof arns === 'string' ? [arns] : arns) {
        const { of, because } = target;
        const apart = target.apart?.(declared);
        found.add(this.policies.permit(definition.type, { action, arn, of, conditions: target.conditions?.(place), because, apart }));
      }
    }
    if (definition.takesAway || definition.oneWay) {
      // Once for all types, and always all of it: IAM counts the characters, and the name of a stack may be long; and what one type no longer needs
      // would be missing when its last resource is deleted.
      LOOKING_AROUND.forEach(action => found.add(this.policies.permit(STACK, { action, arn: place.stackId })));
    }
    return [...found];
  }

  /** What a type needs, action by action: taken from its definition once for all its resources. */
  private actionsOf(definition: Definition): readonly Action[] {
    let actions = this.actions.get(definition);
    if (!actions) {
      actions = Object.entries<Target<any> | readonly Target<any>[]>({
        ...definition.actions,
        ...definition.dependentActions,
        ...definition.waits && this.waiting(),
      }).flatMap(([action, targets]) => [targets].flat().map((target: Target<any>) => ({ action, target })));
      this.actions.set(definition, actions);
    }
    return actions;
  }

  /** What waiting takes: the function has another invocation of itself go on, and asks whether CloudFormation still wants it to. */
  private waiting(): { [action: string]: Target<any> } {
    return {
      'lambda:InvokeFunction': { arns: () => this.serviceToken },
      'cloudformation:DescribeStackResource': { arns: (_declared, { stackId }) => stackId },
    };
  }
}

/**
 * The code of the function. aws-cdk-lib says of a stack that takes no assets only that it takes none, and that the function is the first to ask.
 *
 * @param scope the function
 * @param user  what needs it
 */
function makeCode(scope: Construct, user: IConstruct): Asset {
  try {
    return new Asset(scope, 'Code', { path: path.join(__dirname, '..', '..', '..', 'assets', 'custom-resource') });
  } catch (error) {
    return refuse(user, lit`FunctionWithoutAssets`,
      `it needs a function, whose code is an asset, and stack '${Stack.of(user).node.path}' did not take it: ${(error as Error).message.replace(/\.$/, '')}. Put it `
      + 'into a stack whose synthesizer takes assets; a product of AWS Service Catalog takes them with assetBucket, and a stack set with a bucket that its '
      + 'accounts can read.');
  }
}

const ROLE_DESCRIPTION = 'Runs the custom resources of cdk-license-manager';

/** Where `Role.customizeRoles()` of aws-cdk-lib keeps what it was told. */
const CUSTOMIZE_ROLES = '@aws-cdk/iam:customizeRoles';

/** What stands for a type where a permission is for none of them: what the function needs to run, and to look at its stack. */
const BASIC = 'Custom::LicenseManagerFunction';
const STACK = 'Custom::LicenseManagerStack';

/** What the function needs to run at all. */
function basicPermissions(logGroup: ILogGroupRef, { vpc }: GroundOptions): Permission[] {
  return [
    ...LOG_ACTIONS.map(action => ({ action, arn: logGroup.logGroupRef.logGroupArn })),
    ...vpc ? NETWORK_INTERFACE_ACTIONS.map(action => ({ action, arn: '*' })) : [],
  ];
}

/** Has a resource wait for the policies that permit what is done for it. */
export function waitFor(resource: CfnResource, policies: readonly (CfnResource | undefined)[]): void {
  for (const policy of new Set(policies)) {
    if (policy) {
      resource.addResourceDependency(policy);
    }
  }
}

/** What it takes to make sure that nothing else in the stack is the same as what is deleted, and to know whether an update is rolled back. */
const LOOKING_AROUND = ['cloudformation:DescribeStacks', 'cloudformation:ListStackResources'];

const LOG_ACTIONS = ['logs:CreateLogStream', 'logs:PutLogEvents'];

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

