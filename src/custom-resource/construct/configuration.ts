import { Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IManagedPolicy, IRole } from 'aws-cdk-lib/aws-iam';
import type { ILogGroupRef, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { copied } from '../../private/validation/copy';
import { checkWholeNumber, lit, refuse } from '../../private/validation/validation';

/**
 * How the function runs that the custom resources of a stack share.
 */
export interface CustomResourcesOptions {
  /**
   * The log group that the function writes to.
   *
   * Give your own log group to keep the logs longer than the stack, to encrypt them with your own key,
   * or to collect the logs of several stacks in one place.
   *
   * @default - a log group in the stack, which is deleted with the stack
   */
  readonly logGroup?: ILogGroupRef;

  /**
   * How long the logs are kept in the log group that is made for the function.
   *
   * Cannot be set together with `logGroup`, which has its own retention.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * The VPC that the function runs in.
   *
   * From its subnets the function must reach License Manager (a NAT gateway, or an interface endpoint of the service)
   * and Amazon S3, where CloudFormation takes the answers of custom resources (a NAT gateway, or a gateway endpoint).
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-vpce-bucketnames.html
   *
   * @default - the function runs outside of your VPCs
   */
  readonly vpc?: IVpc;

  /**
   * The subnets of the VPC that the function runs in.
   *
   * Not public ones: AWS Lambda gives a function no public IP address. With public subnets, the first custom resource of a stack throws a
   * `ValidationError`.
   *
   * @default - the private subnets of `vpc`
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The security groups of the function.
   *
   * @default - if the function runs in a VPC, a security group in the stack that allows outbound traffic only
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * How many instances of the function may run at once, taken from the concurrency of the account: a whole number of at least 1.
   *
   * CloudFormation works on independent resources at the same time. Invocations above the limit wait and are tried again by Lambda.
   *
   * @default - no reservation
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * The permissions boundary of the function's role.
   *
   * Cannot be set together with `role`, which has its own.
   *
   * @default - the boundary that is applied with `PermissionsBoundary.of()`, if any
   */
  readonly permissionsBoundary?: IManagedPolicy;

  /**
   * The role that the function runs with, which AWS Lambda has to be able to assume.
   *
   * It gets what all custom resources of the stack need, that of `IdentityProvider` included, unless it was imported as one that must not be changed
   * (`mutable: false`): then whoever keeps it gives it that. With `Role.customizeRoles()` no role is given here: what the role needs is in the report of that.
   *
   * @see https://docs.aws.amazon.com/cdk/v2/guide/define-iam-l2.html
   * @default - a role in the stack with what the custom resources of the stack need, and nothing else
   */
  readonly role?: IRole;
}

const OPTIONS = Symbol.for('cdk-license-manager.CustomResources.options');
const IN_USE = Symbol.for('cdk-license-manager.CustomResources.inUse');

type Marked = IConstruct & { [OPTIONS]?: CustomResourcesOptions; [IN_USE]?: Stack };

/**
 * How the custom resources of this library run.
 *
 * What CloudFormation cannot do in License Manager is done by custom resources.
 * All custom resources of a stack share one AWS Lambda function and one role, which come into being with the first of them. Those that register directories
 * (`IdentityProvider`) have a second function and a second role, with the strong permissions that this takes; both run as is said here.
 * Here you set how that function runs: for one stack, or for all stacks of an app or a stage.
 *
 * @example
 * import { App } from 'aws-cdk-lib';
 * import { RetentionDays } from 'aws-cdk-lib/aws-logs';
 * import { CustomResources } from 'cdk-license-manager';
 *
 * const app = new App();
 * CustomResources.of(app).configure({ logRetention: RetentionDays.ONE_YEAR });
 */
export class CustomResources {
  /**
   * The custom resources at and below a construct.
   *
   * @param scope an app, a stage, a stack, or a construct in a stack, which stands for its stack
   */
  public static of(scope: IConstruct): CustomResources {
    return new CustomResources(scope.node.scopes.filter((ancestor) => Stack.isStack(ancestor)).pop() ?? scope);
  }

  /**
   * The options that hold for a stack.
   *
   * @internal
   */
  public static _resolve(stack: Stack): CustomResourcesOptions {
    let resolved: CustomResourcesOptions = {};
    for (const scope of stack.node.scopes as Marked[]) {
      // From here on a change of the options would not reach the stack's function any more.
      scope[IN_USE] ??= stack;
      resolved = override(resolved, scope[OPTIONS]);
    }
    return resolved;
  }

  private readonly scope: Marked;

  private constructor(scope: IConstruct) {
    this.scope = scope;
  }

  /**
   * Sets how the function runs. Call it before the first construct of this library is added to the stack.
   *
   * An option that is not given is taken from the nearest ancestor that sets it.
   *
   * Throws a `ValidationError` if the stack has a custom resource of this library already, for a log retention together with a log group, for a
   * permissions boundary together with a role, for subnets or security groups without a VPC, and for a concurrency below 1.
   */
  public configure(options: CustomResourcesOptions): void {
    const inUse = this.scope[IN_USE];
    if (inUse) {
      refuse(inUse, lit`CustomResourcesInUse`,
        'CustomResources.configure() comes too late: the stack already has a custom resource of cdk-license-manager. '
        + 'Call it before the first construct of cdk-license-manager is added to the stack.');
    }
    if (options.logGroup && options.logRetention !== undefined) {
      refuse(this.scope, lit`LogRetentionOfGivenLogGroup`,
        'logRetention cannot be set together with logGroup. Set the retention on the log group itself.');
    }
    if (options.role && options.permissionsBoundary) {
      refuse(this.scope, lit`PermissionsBoundaryOfGivenRole`,
        'permissionsBoundary cannot be set together with role. Set the permissions boundary on the role itself.');
    }
    checkWholeNumber(this.scope, lit`ReservedConcurrencyRange`, {
      property: 'reservedConcurrentExecutions',
      value: options.reservedConcurrentExecutions,
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      wayOut: 'With 0, no custom resource would ever be answered. Correct it, or leave it out.',
    });
    const merged = override(this.scope[OPTIONS] ?? {}, copied(options));
    if (!merged.vpc && !this.inherits('vpc')) {
      for (const option of ['vpcSubnets', 'securityGroups'] as const) {
        if (merged[option]) {
          refuse(this.scope, lit`NetworkOptionWithoutVpc`, `${option} needs a VPC. Set vpc, too.`);
        }
      }
    }
    this.scope[OPTIONS] = merged;
  }

  private inherits(option: keyof CustomResourcesOptions): boolean {
    return this.scope.node.scopes.some((ancestor: Marked) => ancestor[OPTIONS]?.[option] !== undefined);
  }
}

function override(base: CustomResourcesOptions, over: CustomResourcesOptions = {}): CustomResourcesOptions {
  const set = Object.fromEntries(Object.entries(over).filter(([, value]) => value !== undefined));
  return {
    ...base,
    // The two say the same thing in different ways: the nearer one replaces the other.
    ...('logGroup' in set ? { logRetention: undefined } : {}),
    ...('logRetention' in set ? { logGroup: undefined } : {}),
    ...('role' in set ? { permissionsBoundary: undefined } : {}),
    ...('permissionsBoundary' in set ? { role: undefined } : {}),
    // Subnets and security groups belong to a VPC.
    ...('vpc' in set ? { vpcSubnets: undefined, securityGroups: undefined } : {}),
    ...set,
  };
}
