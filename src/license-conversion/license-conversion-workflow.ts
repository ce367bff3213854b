import { Annotations, ArnFormat, Duration, Stack, Token } from 'aws-cdk-lib';
import { ArnPrincipal, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { CfnBucket, IBucket, IBucketRef } from 'aws-cdk-lib/aws-s3';
import { TopicGrants } from 'aws-cdk-lib/aws-sns';
import type { ITopicRef } from 'aws-cdk-lib/aws-sns';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { conversionDefinition, MAP_LABEL } from './conversion-definition';
import type { ConversionMembersOptions } from './conversion-definition';
import { acknowledgeConversions, allowConversions } from './conversion-permissions';
import type { LicenseConversionPath } from './license-conversion-path';
import { LicenseConversionRole } from './license-conversion-role';
import { LicenseConversionWorkflowGrants } from './license-conversion-workflow-grants';
import { letMapStartExecutions } from '../private/facade/distributed-map';
import { acknowledge, acknowledgeStandards, acknowledgeWildcard } from '../private/finding/acknowledgement';
import { acknowledgeCheckov } from '../private/finding/checkov';
import { brand, isBranded } from '../private/identity/copies';
import { warnOfTopicNotReached } from '../private/license/told-topic';
import { construct, DURATION, FLAG, givenAs, givenProps, listOf, needed, NUMBER, ofClass, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { ORGANIZATION_ID, ROLE_NAME } from '../private/validation/principals';
import { checkLength, checkPattern, checkSize, checkWholeNumber, lit, refuse } from '../private/validation/validation';

/**
 * Properties of a workflow that converts license types.
 */
export interface LicenseConversionWorkflowProps {
  /**
   * From which license type to which other one.
   *
   * Throws a `ValidationError` for a product code with other characters than letters and digits, or with more than 25.
   */
  readonly path: LicenseConversionPath;

  /**
   * Whether running instances are stopped, and started again afterwards: License Manager converts what is stopped.
   *
   * @default false - running instances are refused, and nothing is stopped or started
   */
  readonly stopInstances?: boolean;

  /**
   * How many instances are converted at once: a whole number from 1 to 1,000. License Manager's own limit is not documented.
   *
   * Throws a `ValidationError` for another number.
   *
   * @default 1 - one after the other
   */
  readonly concurrency?: number;

  /**
   * After how many failed conversions no further one is begun: a whole number from 1 to 1,000. Conversions that are going on by then come to their end, so that
   * with `concurrency` there may be more failures. What is refused before it is touched is no failure.
   *
   * Throws a `ValidationError` for another number.
   *
   * @default - all instances are tried, whatever fails
   */
  readonly maximumFailures?: number;

  /**
   * For how long the conversion of an instance is waited for, without its stop: from 1 minute to 24 hours. What takes longer counts as failed; License Manager
   * goes on with it, and the instance is not started.
   *
   * Throws a `ValidationError` for another time.
   *
   * @default Duration.hours(2)
   */
  readonly conversionTimeout?: Duration;

  /**
   * The topic that is told how an execution has ended, and asked for approval. A FIFO topic, and one of another Region, cause a warning: neither gets a message.
   *
   * @default - nobody is told
   */
  readonly notify?: ITopicRef;

  /**
   * Whether an execution asks for approval before the first instance is touched, in a message to `notify` that has the commands for it. A dry run asks
   * nobody.
   *
   * Throws a `ValidationError` without `notify`.
   *
   * @default false - an execution begins at once
   */
  readonly requireApproval?: boolean;

  /**
   * For how long an approval is waited for: from 1 minute to 365 days. An execution without it fails, and has touched nothing.
   *
   * Throws a `ValidationError` for another time, and without `requireApproval`.
   *
   * @default Duration.days(1)
   */
  readonly approvalTimeout?: Duration;

  /**
   * Where the results are written to, an object for each instance: `<name of the execution>/<status>/<id of the instance>.json`. The workflow may use the key of
   * a bucket that is an L2; see to that of another one.
   *
   * @default - a bucket of its own, encrypted with the keys of Amazon S3 (SSE-S3), which is retained with the stack gone
   */
  readonly resultsBucket?: IBucketRef;

  /**
   * The name of the state machine.
   *
   * Throws a `ValidationError` for another form than AWS Step Functions takes: 1 to 80 letters, digits and some other characters.
   *
   * **A change replaces the state machine**, and ends what it is doing.
   *
   * @default - a name that CloudFormation generates
   */
  readonly stateMachineName?: string;

  /**
   * The name of the role of the workflow, for the `workflowRoleName` of `LicenseConversionRole`.
   *
   * **A change replaces the role.**
   *
   * @default - a name that CloudFormation generates
   */
  readonly roleName?: string;

  /**
   * The other accounts whose instances the workflow converts, in its own Region: there has to be a `LicenseConversionRole` in each. Its own account
   * needs none, and is not among them. The input of an execution says which instances of which account.
   *
   * More than 40 take managed policies besides the one of the role, of which an account has 10 for a role by default: a warning says so beyond some 800 accounts.
   * `memberOrganizationId` alone has no such limit.
   *
   * Throws a `ValidationError` for an empty list, for an id that is no token and has not 12 digits, and for more than 25 managed policies have room for: some
   * 2,000 accounts, fewer with a long `memberRoleName`.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
   *
   * @default - all accounts of `memberOrganizationId`; without, instances of its own account only
   */
  readonly memberAccountIds?: string[];

  /**
   * The organization to which the role of each account has to belong that the workflow takes: `o-…`.
   *
   * Throws a `ValidationError` for another form.
   *
   * @default - the organization of `memberAccountIds` does not matter
   */
  readonly memberOrganizationId?: string;

  /**
   * The name of the role in the other accounts: `roleName` of `LicenseConversionRole`.
   *
   * Throws a `ValidationError` without `memberAccountIds` and `memberOrganizationId`, and for another form than IAM takes.
   *
   * @default LicenseConversionRole.ROLE_NAME
   */
  readonly memberRoleName?: string;
}

/**
 * A state machine of AWS Step Functions that converts EC2 instances from one license type to another.
 *
 * A deployment converts nothing. The instances are those of an execution, by its input:
 *
 * - `{ "instanceIds": ["i-0123456789abcdef0"] }`, or
 * - `{ "tag": { "key": "license", "value": "byol" } }`, which takes all instances with the tag that are not terminated,
 * - with `"dryRun": true`, it only tells which would be refused, and why.
 *
 * Each instance is looked at before it is touched, and refused with all reasons that can be seen: another license type, its state, stop protection, no inventory in
 * AWS Systems Manager, its tenancy, its size, its image. Then it is stopped, if that is allowed, converted, verified, and started if it ran before. An instance that
 * fails does not stop the others. A conversion that is in progress is followed and not begun again, and an instance that has the license type already is left
 * alone: an execution that is started twice does nothing twice.
 *
 * It ends as failed if an instance has failed or was not begun. The results are in `resultsBucket`.
 *
 * Its role has the permissions that License Manager asks of who converts, which License Manager uses on its own, on all instances of the account and the Region,
 * and `ec2:DescribeInstanceAttribute`, which shows stop protection.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Topic } from 'aws-cdk-lib/aws-sns';
 * import { LicenseConversionPath, LicenseConversionWorkflow } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Conversion');
 * new LicenseConversionWorkflow(stack, 'ToIncluded', {
 *   path: LicenseConversionPath.WINDOWS_BYOL_TO_INCLUDED,
 *   stopInstances: true,
 *   notify: new Topic(stack, 'Topic', { enforceSSL: true }),
 * });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/conversion-procedures.html
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_CreateLicenseConversionTaskForResource.html
 */
@propertyInjectable
export class LicenseConversionWorkflow extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.LicenseConversionWorkflow';

  /**
   * Whether the given object is a `LicenseConversionWorkflow`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isLicenseConversionWorkflow(x: any): x is LicenseConversionWorkflow {
    return isBranded(x, 'LicenseConversionWorkflow');
  }

  /**
   * The state machine, with its metrics.
   */
  public readonly stateMachine: StateMachine;

  /**
   * Where the results are. `BucketGrants.fromBucket()` lets somebody read them.
   */
  public readonly resultsBucket: IBucketRef;

  /**
   * Who may start it, and approve of what it is to do.
   */
  public readonly grants: LicenseConversionWorkflowGrants;

  /**
   * Makes a workflow.
   *
   * Throws a `ValidationError` for what the properties say.
   */
  constructor(scope: Construct, id: string, props: LicenseConversionWorkflowProps) {
    super(scope, id);
    brand(this, 'LicenseConversionWorkflow');
    props = givenProps(this, props, PROPS);
    this.check(props);
    const { path, notify, stateMachineName } = props;
    const { partition } = Stack.of(this);

    this.resultsBucket = props.resultsBucket ?? this.makeBucket();
    const role = this.makeRole(props);
    const members = hasMembers(props) ? this.letItReachMembers(role, props) : undefined;
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName,
      comment: `License type conversion of ${this.node.path}`,
      role,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(conversionDefinition({
        path,
        stopInstances: props.stopInstances ?? false,
        concurrency: props.concurrency ?? 1,
        maximumFailures: props.maximumFailures,
        conversionTimeoutSeconds: (props.conversionTimeout ?? Duration.hours(2)).toSeconds(),
        approvalTimeoutSeconds: props.requireApproval ? (props.approvalTimeout ?? Duration.days(1)).toSeconds() : undefined,
        topicArn: notify?.topicRef.topicArn,
        bucketName: this.resultsBucket.bucketRef.bucketName,
        partition,
        instanceArnPrefix: this.instanceArn(''),
        members,
      }))),
      // The token of an approval is in what an execution has read and written.
      logs: { destination: this.makeLogGroup(), level: LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: true,
    });
    letMapStartExecutions(this, role, this.stateMachine, MAP_LABEL);
    acknowledgeConversions(role);
    acknowledgeStandards(role, {
      IAMNoInlinePolicy: 'The policies are for this role and what its workflow does: nobody else is to have them, which a managed policy would make possible.',
    });
    this.grants = LicenseConversionWorkflowGrants.fromStateMachine(this.stateMachine);
  }

  /**
   * The ARN of the state machine.
   */
  public get stateMachineArn(): string {
    return this.stateMachine.stateMachineArn;
  }

  private check(props: LicenseConversionWorkflowProps): void {
    const { path, concurrency, maximumFailures, conversionTimeout, notify, requireApproval, approvalTimeout } = props;
    for (const value of path.source.productCodeIds) {
      givenAs(this, 'the product code of path', value, TEXT);
      checkPattern(this, lit`ProductCodeForm`, {
        property: 'the product code of path',
        value,
        pattern: /^[A-Za-z0-9]{1,25}$/,
        expected: 'have 1 to 25 letters and digits',
        wayOut: 'Take the one that DescribeInstances shows.',
      });
    }
    checkLength(this, lit`StateMachineName`, { property: 'stateMachineName', value: props.stateMachineName, minimum: 1, maximum: 80 });
    checkWholeNumber(this, lit`ConversionConcurrency`, { property: 'concurrency', value: concurrency, minimum: 1, maximum: 1000 });
    checkWholeNumber(this, lit`ConversionFailures`, { property: 'maximumFailures', value: maximumFailures, minimum: 1, maximum: 1000 });
    this.checkTime('conversionTimeout', conversionTimeout, Duration.hours(24), '24 hours');
    this.checkTime('approvalTimeout', approvalTimeout, Duration.days(365), '365 days');
    if (requireApproval && !notify) {
      refuse(this, lit`ApprovalWithoutTopic`, 'requireApproval is set without notify: nobody would be asked. Set notify, or leave requireApproval out.');
    }
    if (notify) {
      warnOfTopicNotReached(this, notify, notify.topicRef.topicArn, {
        prefix: 'conversion',
        message: 'what the workflow says',
        what: 'the executions are',
        consequence: requireApproval ? 'nobody is asked, and no execution is approved of' : 'nobody is told',
      });
    }
    this.checkMembers(props);
    if (approvalTimeout && !requireApproval) {
      refuse(this, lit`ApprovalTimeoutWithoutApproval`, 'approvalTimeout is set without requireApproval: nobody is asked. Set requireApproval, or leave approvalTimeout out.');
    }
  }

  private checkMembers(props: LicenseConversionWorkflowProps): void {
    const { stateMachineName, memberAccountIds, memberOrganizationId, memberRoleName } = props;
    checkPattern(this, lit`WorkflowRoleName`, { property: 'roleName', value: props.roleName, ...ROLE_NAME });
    checkSize(this, lit`MemberAccounts`, { property: 'memberAccountIds', value: memberAccountIds, minimum: 1, maximum: Infinity });
    for (const value of memberAccountIds ?? []) {
      checkPattern(this, lit`MemberAccountId`, {
        property: 'an account id of memberAccountIds', value, pattern: /^\d{12}$/, expected: 'have 12 digits', wayOut: 'Correct it.',
      });
    }
    const policies = memberPolicies(props).length;
    if (policies > MAXIMUM_POLICIES) {
      const room = INLINE_MEMBERS + MAXIMUM_POLICIES * membersInPolicy(props);
      refuse(this, lit`MemberAccountsRoom`,
        `memberAccountIds has ${memberAccountIds!.length} members: the policies of a role have room for at most ${room}, with roles of this name. ${MEMBERS_WAY_OUT}`);
    }
    if (policies > POLICIES_QUOTA) {
      Annotations.of(this).addWarningV2('cdk-license-manager:memberPoliciesQuota',
        `memberAccountIds has ${memberAccountIds!.length} members, for which the role of the workflow has ${policies} managed policies: an account has ${POLICIES_QUOTA} for `
        + 'a role by default, and the deployment fails beyond. Have the quota raised (Service Quotas, \'Managed policies per role\'), and acknowledge this finding; or '
        + `else: ${MEMBERS_WAY_OUT}`);
    }
    checkPattern(this, lit`MemberOrganizationId`, { property: 'memberOrganizationId', value: memberOrganizationId, ...ORGANIZATION_ID });
    checkPattern(this, lit`MemberRoleName`, { property: 'memberRoleName', value: memberRoleName, ...ROLE_NAME });
    if (memberRoleName !== undefined && !hasMembers(props)) {
      refuse(this, lit`MemberRoleWithoutMembers`,
        'memberRoleName is set without memberAccountIds and memberOrganizationId: no other account is reached. Set one of them, or leave memberRoleName out.');
    }
    // The user guide of Step Functions says so of every state machine that takes a role by its tasks: its ARN is the external id.
    if (hasMembers(props) && stateMachineName !== undefined && !Token.isUnresolved(stateMachineName) && /[^\w+=,.@:/-]/.test(stateMachineName)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:stateMachineNameForMembers',
        `stateMachineName '${stateMachineName}' has characters that AWS STS does not take, so that the workflow cannot have the roles of other accounts. `
        + 'Use letters, digits and +=.@_- only.');
    }
  }

  private checkTime(property: string, time: Duration | undefined, maximum: Duration, shown: string): void {
    if (time?.isUnresolved()) {
      refuse(this, lit`ConversionTimeUnknown`, `${property} is a token: how often is looked is in the template. Write it out.`);
    }
    const seconds = time?.toSeconds({ integral: false }) ?? 60;
    if (!Number.isInteger(seconds) || seconds < 60 || seconds > maximum.toSeconds()) {
      refuse(this, lit`ConversionTimeRange`, `${property} is ${seconds} seconds: it has to be from 1 minute to ${shown}, in whole seconds. Correct it, or leave it out.`);
    }
  }

  private instanceArn(resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'ec2', resource: 'instance', resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
  }

  private makeBucket(): Bucket {
    const bucket = new Bucket(this, 'Results', {
      encryption: BucketEncryption.S3_MANAGED, blockPublicAccess: BlockPublicAccess.BLOCK_ALL, enforceSSL: true, versioned: true,
    });
    const resource = bucket.node.defaultChild as CfnBucket;
    const reason = 'The workflow alone writes to it, which AWS CloudTrail can log; who wants the log of Amazon S3 gives the workflow a bucket of his own.';
    acknowledge(resource, 'Annotation::AwsSolutions-S1', reason);
    acknowledgeCheckov(resource, { CKV_AWS_18: reason });
    acknowledgeStandards(resource, {
      S3BucketLoggingEnabled: reason,
      S3BucketDefaultLockEnabled: 'What happened to an instance is in AWS CloudTrail, too, which is what an auditor asks for.',
      S3BucketReplicationEnabled: 'What happened to an instance is in AWS CloudTrail, too, which may be replicated.',
      S3DefaultEncryptionKMS: 'It has ids and license types of instances, and no secret; who wants a key gives the workflow a bucket of his own.',
    });
    return bucket;
  }

  private makeLogGroup(): LogGroup {
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.ONE_YEAR,
    });
    const reason = 'It has names of states and ids of executions, and nothing of what they have read and written.';
    acknowledgeCheckov(logGroup.node.defaultChild as CfnLogGroup, { CKV_AWS_158: reason });
    acknowledgeStandards(logGroup, { CloudWatchLogGroupEncrypted: reason });
    return logGroup;
  }

  private makeRole(props: LicenseConversionWorkflowProps): Role {
    const { maximumFailures, notify } = props;
    const role = new Role(this, 'Role', {
      roleName: props.roleName,
      description: 'Converts license types by AWS License Manager',
      assumedBy: new ServicePrincipal('states.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
    });
    const allow = (actions: string[], ...resources: string[]) => role.addToPolicy(new PolicyStatement({ actions, resources }));
    if (!hasMembers(props)) {
      allowConversions(role, [this.instanceArn('*')]);
    }
    const { bucketArn } = this.resultsBucket.bucketRef;
    allow(['s3:PutObject'], `${bucketArn}/*`);
    acknowledgeWildcard(role, `${bucketArn}/*`, 'An object is named after an execution and an instance, which are not known before.');
    (this.resultsBucket as Partial<IBucket>).encryptionKey?.grantEncryptDecrypt(role);
    if (maximumFailures !== undefined) {
      allow(['s3:ListBucket'], bucketArn);
    }
    if (notify) {
      TopicGrants.fromTopic(notify).publish(role);
    }
    for (const action of ['kms:GenerateDataKey*', 'kms:ReEncrypt*']) {
      acknowledge(role, `Annotation::AwsSolutions-IAM5[Action::${action}]`, 'aws-cdk-lib lets who uses a topic or a bucket use its key so, and that key alone.');
    }
    return role;
  }

  private memberRoleArn(account: string, resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'iam', region: '', account, resource: 'role', resourceName });
  }

  /**
   * Lets it have the roles of other accounts, and one of its own account for that: a task has either the role of the state machine or that which it names, and
   * all instances are reached in one way.
   */
  private letItReachMembers(role: Role, props: LicenseConversionWorkflowProps): ConversionMembersOptions {
    const { memberAccountIds, memberOrganizationId, memberRoleName: roleName = LicenseConversionRole.ROLE_NAME } = props;
    const { account: accountId, region } = Stack.of(this);
    const own = new Role(this, 'InstancesRole', {
      description: 'Converts license types by AWS License Manager in the account of the workflow', assumedBy: new ArnPrincipal(role.roleArn),
    });
    allowConversions(own, [this.instanceArn('*')]);
    acknowledgeConversions(own);
    acknowledgeStandards(own, {
      IAMNoInlinePolicy: 'The policy is for this role and what its workflow does: nobody else is to have it, which a managed policy would make possible.',
    });
    role.addToPolicy(new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [own.roleArn] }));
    const statement = (accounts: readonly string[]) => new PolicyStatement({
      actions: ['sts:AssumeRole'],
      resources: accounts.map(account => this.memberRoleArn(account, roleName)),
      conditions: memberOrganizationId === undefined ? undefined : { StringEquals: { 'aws:ResourceOrgID': memberOrganizationId } },
    });
    if (memberAccountIds === undefined) {
      role.addToPolicy(statement(['*']));
      acknowledgeWildcard(role, this.memberRoleArn('*', roleName),
        'Roles of one name, in the accounts of one organization, which aws:ResourceOrgID says: accounts come and go.');
      return { accountId, region, ownRoleArn: own.roleArn, roleName };
    }
    // All policies of a role that are inline have room for 10,240 characters together, among which are those that users add.
    role.addToPolicy(statement(memberAccountIds.slice(0, INLINE_MEMBERS)));
    memberPolicies(props).forEach((accounts, index) => new ManagedPolicy(this, `Members${index + 1}`, {
      description: 'Lets a workflow that converts license types have the roles of other accounts', roles: [role], statements: [statement(accounts)],
    }));
    return { accountId, region, ownRoleArn: own.roleArn, roleName };
  }
}

const PROPS: Shape<LicenseConversionWorkflowProps> = {
  path: needed(ofClass('LicenseConversionPath')),
  stopInstances: FLAG,
  concurrency: NUMBER,
  maximumFailures: NUMBER,
  conversionTimeout: DURATION,
  notify: construct('a topic', 'topicRef'),
  requireApproval: FLAG,
  approvalTimeout: DURATION,
  resultsBucket: construct('a bucket', 'bucketRef'),
  stateMachineName: TEXT,
  roleName: TEXT,
  memberAccountIds: listOf(TEXT),
  memberOrganizationId: TEXT,
  memberRoleName: TEXT,
};

/** Whether it converts instances of other accounts, too. */
function hasMembers({ memberAccountIds, memberOrganizationId }: LicenseConversionWorkflowProps): boolean {
  return memberAccountIds !== undefined || memberOrganizationId !== undefined;
}

/** How many accounts are in the policy that the role has inline, which has room for them whatever the name of their roles. */
const INLINE_MEMBERS = 40;

/*
 * Of IAM: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
/** How many characters a managed policy may have. */
const POLICY_SIZE = 6144;
/** How many managed policies a role has by default, and may have at most with a raised quota. */
const POLICIES_QUOTA = 10;
const MAXIMUM_POLICIES = 25;

const MEMBERS_WAY_OUT = 'Set memberOrganizationId and leave memberAccountIds out, or make several workflows, each with some of the accounts.';

/** The accounts beyond those of the policy that is inline, by the managed policy that each is in. */
function memberPolicies(props: LicenseConversionWorkflowProps): string[][] {
  const accounts = (props.memberAccountIds ?? []).slice(INLINE_MEMBERS);
  const size = membersInPolicy(props);
  return Array.from({ length: Math.ceil(accounts.length / size) }, (_, index) => accounts.slice(index * size, (index + 1) * size));
}

/** How many roles of other accounts a managed policy has room for, in whatever partition. */
function membersInPolicy({ memberRoleName = LicenseConversionRole.ROLE_NAME }: LicenseConversionWorkflowProps): number {
  const name = Token.isUnresolved(memberRoleName) ? 'x'.repeat(64) : memberRoleName;
  const around = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Resource: [], Condition: { StringEquals: { 'aws:ResourceOrgID': `o-${'x'.repeat(32)}` } } }],
  });
  return Math.floor((POLICY_SIZE - around.length) / `"arn:aws-us-gov:iam::123456789012:role/${name}",`.length);
}
