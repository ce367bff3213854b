import type { LicenseConversionPath } from './license-conversion-path';
import { LicenseType } from './license-type';

/*
 * The definition of the state machine, in Amazon States Language with JSONata: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 *
 * It is data and no chain of constructs, so that who reads it sees what Step Functions gets, in the order in which it happens; test/deployment runs it. What a state
 * finds out is in variables: they hold until the execution ends. Each instance has an execution of its own, that of a distributed map, which cannot see those
 * of the execution around it: it gets what it needs as its input.
 */

/** What the definition is made of. Values may be tokens. */
export interface ConversionDefinitionOptions {
  readonly path: LicenseConversionPath;
  readonly stopInstances: boolean;
  readonly concurrency: number;
  readonly maximumFailures?: number;
  readonly conversionTimeoutSeconds: number;
  /** The seconds that an approval is waited for; nobody is asked without. */
  readonly approvalTimeoutSeconds?: number;
  readonly topicArn?: string;
  readonly bucketName: string;
  readonly partition: string;
  /** What the ARNs of instances begin with. */
  readonly instanceArnPrefix: string;
  /** How the instances of several accounts are reached; those of its own account only, and with its own role, without. */
  readonly members?: ConversionMembersOptions;
}

/** How instances of several accounts are reached. */
export interface ConversionMembersOptions {
  /** The account of the workflow, whose instances are reached as those of the others. */
  readonly accountId: string;
  readonly region: string;
  /** The role in the account of the workflow. */
  readonly ownRoleArn: string;
  /** The name of the role in the other accounts. */
  readonly roleName: string;
}

/** Of the map, by which its executions are named. */
export const MAP_LABEL = 'Instances';

const POLL_SECONDS = 30;
const STOP_SECONDS = 15;
/** EC2 takes some minutes, of Windows more, and an instance that has not stopped by then asks for a look at it. */
const STOP_POLLS = 80;
const BILLING_SECONDS = 15;
/** What DescribeInstances says may be late. */
const BILLING_POLLS = 20;

/** Of what may be asked again: names of errors of EC2 say nothing, which has one for all of them. */
const RETRY = [{
  ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 5, MaxDelaySeconds: 30, JitterStrategy: 'FULL',
}];

/** Product codes that tell products of Red Hat from each other: instances may have others of AWS Marketplace besides. */
const RED_HAT_CODES = [
  LicenseType.RHEL_MARKETPLACE, LicenseType.RHEL_MARKETPLACE_EMEA, LicenseType.RHEL_FOR_SAP_MARKETPLACE, LicenseType.RHEL_FOR_SAP_MARKETPLACE_EMEA,
].flatMap(({ productCodeIds }) => productCodeIds);

const jsonata = (expression: string) => `{% ${expression} %}`;
const list = (values: readonly string[]) => `[${values.map(value => `'${value}'`).join(', ')}]`;
/** A part of the list of items of the map, which tells that the instances of an account are not known: in the place of their ids. */
const UNKNOWN = 'all';

/** The role by which the instances of an account are reached, as an expression. */
const roleOf = ({ accountId, ownRoleArn, roleName }: ConversionMembersOptions, partition: string, account: string) =>
  `${account} = '${accountId}' ? '${ownRoleArn}' : 'arn:${partition}:iam::' & ${account} & ':role/${roleName}'`;
/** How many there are, with the word for them. */
const counted = (number: string) => `${number} & (${number} = 1 ? ' instance' : ' instances')`;
const otherwise = (value: string, fallback: string) => `($exists(${value}) ? ${value} : ${fallback})`;

export function conversionDefinition(options: ConversionDefinitionOptions): object {
  return {
    Comment: `Converts EC2 instances from ${options.path.source.displayName} to ${options.path.destination.displayName}`,
    QueryLanguage: 'JSONata',
    StartAt: 'Check the input',
    States: {
      ...options.members ? findingInstancesOf(options, options.members) : findingInstances(options),
      ...approval(options),
      'Convert the instances': {
        Type: 'Map',
        Label: MAP_LABEL,
        Items: jsonata('$states.input.instanceIds'),
        ItemSelector: {
          instanceId: jsonata('$states.context.Map.Item.Value'),
          dryRun: jsonata('$states.input.dryRun'),
          // Where the results of this execution are: the name of that of an instance is another one.
          execution: jsonata('$states.context.Execution.Name'),
          ...options.members && { problem: jsonata(otherwise('$lookup($problems, $states.context.Map.Item.Value)', "''")) },
        },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'Read the item',
          States: oneInstance(options),
        },
        MaxConcurrency: options.concurrency,
        // An execution that ends in an error of its own does not end those of the other instances.
        ToleratedFailurePercentage: 100,
        Output: {
          dryRun: jsonata('$states.input.dryRun'),
          instances: jsonata('$count($states.input.instanceIds)'),
          ...Object.fromEntries(['converted', 'unchanged', 'ready', 'refused', 'notStarted'].map(
            status => [status, jsonata(`$count($states.result[$ = '${status}'])`)])),
          // Also those whose execution has ended in an error of its own.
          failed: jsonata(`$count($states.input.instanceIds) - $count($states.result[$ in ${list(['converted', 'unchanged', 'ready', 'refused', 'notStarted'])}])`),
          results: jsonata(`'s3://${options.bucketName}/' & $states.context.Execution.Name & '/'`),
        },
        Next: options.topicArn ? 'Notify' : 'Has any failed?',
      },
      ...options.topicArn && {
        Notify: {
          Type: 'Task',
          Resource: `arn:${options.partition}:states:::sns:publish`,
          Arguments: {
            TopicArn: options.topicArn,
            Subject: jsonata("'License type conversion: ' & ($states.input.dryRun ? $states.input.ready & ' ready, ' : $states.input.converted & ' converted, ')"
              + " & $states.input.refused & ' refused, ' & $states.input.failed & ' failed'"),
            Message: jsonata('$string($states.input, true)'),
          },
          Output: jsonata('$states.input'),
          Retry: RETRY,
          // What is done is done.
          Catch: [{ ErrorEquals: ['States.ALL'], Output: jsonata('$states.input'), Next: 'Has any failed?' }],
          Next: 'Has any failed?',
        },
      },
      'Has any failed?': {
        Type: 'Choice',
        Choices: [{ Condition: jsonata('$states.input.failed + $states.input.notStarted > 0'), Next: 'Some have failed' }],
        Default: 'Done',
      },
      'Some have failed': {
        Type: 'Fail',
        Error: 'ConversionsFailed',
        Cause: jsonata(`$states.input.failed & ' of ' & ${counted('$states.input.instances')} & ' failed, ' & $states.input.notStarted`
          + " & ' not started. Results: ' & $states.input.results"),
      },
      'Done': { Type: 'Succeed' },
    },
  };
}

// What the input of an execution may be. A misspelled dryRun would convert.
const isRight = (...members: string[]) => `$type($states.input) = 'object' and $count($keys($states.input)[$not($ in ${list([...members, 'dryRun'])})]) = 0`
  + " and ($exists($states.input.dryRun) ? $type($states.input.dryRun) = 'boolean' : true)";
// An account before an id would reach its instance by the role of the account, beside what an input has for that.
const INSTANCE_ID = '/^i-[0-9A-Za-z]+$/';
const hasIds = (it: string) => `$type(${it}.instanceIds) = 'array' and $count(${it}.instanceIds) > 0`
  + ` and $count(${it}.instanceIds[$not($type($) = 'string' ? $contains($, ${INSTANCE_ID}) : false)]) = 0 and $not($exists(${it}.tag))`;
const hasTag = (it: string) => `$type(${it}.tag) = 'object' and $type(${it}.tag.key) = 'string' and $type(${it}.tag.value) = 'string'`
  + ` and $not($exists(${it}.instanceIds))`;
const DRY_RUN = jsonata(otherwise('$states.input.dryRun', 'false'));
const INSTANCE_STATES = { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] };

/** From the input of the execution to the ids of instances. */
function findingInstances({ approvalTimeoutSeconds, partition }: ConversionDefinitionOptions): object {
  const search = (more: object) => ({
    Type: 'Task',
    Resource: `arn:${partition}:states:::aws-sdk:ec2:describeInstances`,
    Arguments: {
      Filters: [
        { Name: jsonata("'tag:' & $states.input.tag.key"), Values: [jsonata('$states.input.tag.value')] },
        INSTANCE_STATES,
      ],
      MaxResults: 1000,
      ...more,
    },
    Output: jsonata('$states.input'),
    Retry: RETRY,
    Next: 'Are there more?',
  });
  const token = jsonata(otherwise('$states.result.NextToken', "''"));
  return {
    'Check the input': {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata(`${isRight('instanceIds', 'tag')} and ${hasIds('$states.input')}`), Next: 'Take the instances' },
        { Condition: jsonata(`${isRight('instanceIds', 'tag')} and ${hasTag('$states.input')}`), Next: 'Find the instances' },
      ],
      Default: 'The input is wrong',
    },
    'The input is wrong': {
      Type: 'Fail',
      Error: 'InputWrong',
      Cause: 'The input has either instanceIds, a list of at least one id (i-…), or tag, with key and value; and dryRun, true or false, if any. It has nothing else.',
    },
    'Take the instances': {
      Type: 'Pass', Output: { instanceIds: jsonata('[$distinct($states.input.instanceIds)]'), dryRun: DRY_RUN }, Next: 'Who decides?',
    },
    'Find the instances': {
      ...search({}), Assign: { found: jsonata('[$states.result.Reservations.Instances.InstanceId]'), nextToken: token },
    },
    'Find more instances': {
      ...search({ NextToken: jsonata('$nextToken') }),
      Assign: { found: jsonata('$append($found, [$states.result.Reservations.Instances.InstanceId])'), nextToken: token },
    },
    'Are there more?': {
      Type: 'Choice',
      Choices: [{ Condition: jsonata("$nextToken != ''"), Next: 'Find more instances' }],
      Default: 'Take what was found',
    },
    'Take what was found': { Type: 'Pass', Output: { instanceIds: jsonata('[$found]'), dryRun: DRY_RUN }, Next: 'Who decides?' },
    ...deciding(approvalTimeoutSeconds),
  };
}

/**
 * The same where the instances are of several accounts. What the map gets is a list of texts, as short as can be: `<account>/<instance>`, which is also the
 * name of the result, or the id alone for an input that names no account.
 */
function findingInstancesOf({ approvalTimeoutSeconds, partition }: ConversionDefinitionOptions, members: ConversionMembersOptions): object {
  const right = isRight('instanceIds', 'tag', 'accounts');
  const alone = '$not($exists($states.input.accounts))';
  const accounts = '$states.input.accounts';
  const one = `$lookup(${accounts}, $id)`;
  const isWrong = "$not($contains($id, /^[0-9]{12}$/)) or $type($it) != 'object' or $count($keys($it)[$not($ in ['instanceIds', 'tag'])]) > 0"
    + ` or $not((${hasIds('$it')}) or (${hasTag('$it')}))`;
  const hasAccounts = `$type(${accounts}) = 'object' and $count($keys(${accounts})) > 0`
    + ` and $count($filter($keys(${accounts}), function($id) { ($it := ${one}; ${isWrong}) })) = 0`
    + ' and $not($exists($states.input.instanceIds)) and $not($exists($states.input.tag))';
  const current = '$searches[0]';
  const left = jsonata('[$filter($searches, function($search, $index) { $index > 0 })]');
  return {
    'Check the input': {
      Type: 'Choice',
      Choices: [
        {
          Condition: jsonata(`${right} and ${alone} and ${hasIds('$states.input')}`),
          Assign: { instanceIds: jsonata('[$distinct($states.input.instanceIds)]'), searches: [], problems: {}, nextToken: '' },
          Next: 'Is a search left?',
        },
        {
          Condition: jsonata(`${right} and ${alone} and ${hasTag('$states.input')}`),
          Assign: {
            instanceIds: [],
            searches: jsonata(`[{'accountId': '${members.accountId}', 'prefix': '', 'tag': $states.input.tag}]`),
            problems: {},
            nextToken: '',
          },
          Next: 'Is a search left?',
        },
        {
          Condition: jsonata(`${right} and ${hasAccounts}`),
          Assign: {
            instanceIds: jsonata(`[$keys(${accounts}).($id := $; $distinct(${one}.instanceIds).($id & '/' & $))]`),
            searches: jsonata(`[$keys(${accounts}).($id := $; ${one}.tag.{'accountId': $id, 'prefix': $id & '/', 'tag': $})]`),
            problems: {},
            nextToken: '',
          },
          Next: 'Is a search left?',
        },
      ],
      Default: 'The input is wrong',
    },
    'The input is wrong': {
      Type: 'Fail',
      Error: 'InputWrong',
      Cause: 'The input has either instanceIds, a list of at least one id (i-…), or tag, with key and value, or accounts, with one of the two by the id of each account; '
        + 'and dryRun, true or false, if any. It has nothing else.',
    },
    'Is a search left?': {
      Type: 'Choice',
      Choices: [{ Condition: jsonata('$count($searches) > 0'), Next: 'Find the instances' }],
      Default: 'Take what was found',
    },
    'Find the instances': {
      Type: 'Task',
      Resource: `arn:${partition}:states:::aws-sdk:ec2:describeInstances`,
      Credentials: { RoleArn: jsonata(roleOf(members, partition, `${current}.accountId`)) },
      Arguments: jsonata(`$merge([{'Filters': [{'Name': 'tag:' & ${current}.tag.key, 'Values': [${current}.tag.value]}, `
        + `{'Name': '${INSTANCE_STATES.Name}', 'Values': ${list(INSTANCE_STATES.Values)}}], 'MaxResults': 1000}, `
        + "$nextToken = '' ? {} : {'NextToken': $nextToken}])"),
      Assign: {
        instanceIds: jsonata(`$append($instanceIds, [$states.result.Reservations.Instances.InstanceId.(${current}.prefix & $)])`),
        nextToken: jsonata(otherwise('$states.result.NextToken', "''")),
      },
      Output: jsonata('$states.input'),
      Retry: RETRY,
      // Of an account that lets nobody in, one result tells it; the others go on.
      Catch: [{
        ErrorEquals: ['States.ALL'],
        Output: jsonata('$states.input'),
        Assign: {
          instanceIds: jsonata(`$append($instanceIds, [${current}.prefix & '${UNKNOWN}'])`),
          problems: jsonata(`$merge([$problems, {${current}.prefix & '${UNKNOWN}': 'Its instances were not found: ' & $states.errorOutput.Error & ': ' `
            + '& $states.errorOutput.Cause}])'),
          searches: left,
          nextToken: '',
        },
        Next: 'Is a search left?',
      }],
      Next: 'Are there more?',
    },
    'Are there more?': {
      Type: 'Choice',
      Choices: [{ Condition: jsonata("$nextToken != ''"), Next: 'Find the instances' }],
      Default: 'End the search',
    },
    'End the search': { Type: 'Pass', Assign: { searches: left }, Next: 'Is a search left?' },
    'Take what was found': { Type: 'Pass', Output: { instanceIds: jsonata('[$instanceIds]'), dryRun: DRY_RUN }, Next: 'Who decides?' },
    ...deciding(approvalTimeoutSeconds),
  };
}

function deciding(approvalTimeoutSeconds?: number): object {
  return {
    'Who decides?': {
      Type: 'Choice',
      Choices: [{ Condition: jsonata('$states.input.dryRun or $count($states.input.instanceIds) = 0'), Next: 'Convert the instances' }],
      Default: approvalTimeoutSeconds === undefined ? 'Convert the instances' : 'Ask for approval',
    },
  };
}

function approval({ path, topicArn, approvalTimeoutSeconds, partition }: ConversionDefinitionOptions): object {
  return approvalTimeoutSeconds === undefined ? {} : {
    'Ask for approval': {
      Type: 'Task',
      Resource: `arn:${partition}:states:::sns:publish.waitForTaskToken`,
      Arguments: {
        TopicArn: topicArn,
        Subject: jsonata(`'License type conversion: ' & ${counted('$count($states.input.instanceIds)')} & ' to be approved'`),
        Message: jsonata(`'Execution ' & $states.context.Execution.Id & ' is to convert ' & ${counted('$count($states.input.instanceIds)')}`
          + ` & ' from ${path.source.displayName} to ${path.destination.displayName}.\\n\\nTo approve of it:\\n`
          + "aws stepfunctions send-task-success --task-output {} --task-token ' & $states.context.Task.Token"
          + " & '\\n\\nTo refuse it:\\naws stepfunctions send-task-failure --error Refused --task-token ' & $states.context.Task.Token"),
      },
      TimeoutSeconds: approvalTimeoutSeconds,
      Output: jsonata('$states.input'),
      Catch: [{ ErrorEquals: ['States.ALL'], Output: { error: jsonata('$states.errorOutput.Error') }, Next: 'Not approved' }],
      Next: 'Convert the instances',
    },
    'Not approved': { Type: 'Fail', Error: 'NotApproved', Cause: jsonata("'Nobody has approved of it, and nothing was touched: ' & $states.input.error") },
  };
}

/** What happens to one instance. Its output is how it ended, and short: the outputs of all of them are one output of the map. */
function oneInstance(options: ConversionDefinitionOptions): object {
  const { path: { source, destination, _rules: rules }, partition, bucketName, members } = options;
  const codes = [...new Set([...RED_HAT_CODES, ...source.productCodeIds, ...destination.productCodeIds])];
  const isOf = ({ usageOperation, productCodeIds }: LicenseType) => `$usageOperation = '${usageOperation}' and $count($productCodes[$ in ${list(codes)}]) = `
    + `${productCodeIds.length} and $count($productCodes[$ in ${list(productCodeIds)}]) = ${productCodeIds.length}`;
  const context = ({ usageOperation, productCodeIds }: LicenseType) => ({
    UsageOperation: usageOperation,
    ...productCodeIds.length > 0 && { ProductCodes: productCodeIds.map(id => ({ ProductCodeId: id, ProductCodeType: 'marketplace' })) },
  });
  const call = (service: string, operation: string, args: object, more: object) => ({
    Type: 'Task',
    Resource: `arn:${partition}:states:::aws-sdk:${service}:${operation}`,
    // The results are the workflow's own.
    ...members && service !== 's3' && { Credentials: { RoleArn: jsonata('$roleArn') } },
    Arguments: args,
    Output: {},
    ...more,
  });
  /** An end, or the way to it: how it ended, and why. The first of an instance is the one that counts. */
  const ends = (status: string, detail: string, next = 'Report') => ({ Assign: { status, detail: jsonata(detail) }, Next: next });
  const caught = (status: string, next = 'Report', before = '') => [
    { ErrorEquals: ['States.ALL'], Output: {}, ...ends(status, `${before && `'${before}' & `}$states.errorOutput.Error & ': ' & $states.errorOutput.Cause`, next) },
  ];
  const described = '$states.result.Reservations[0].Instances[0]';
  const describe = (more: object) => call('ec2', 'describeInstances', { InstanceIds: [jsonata('$instanceId')] }, { Retry: RETRY, ...more });
  const billing = {
    state: jsonata(`${described}.State.Name`),
    usageOperation: jsonata(otherwise(`${described}.UsageOperation`, "''")),
    productCodes: jsonata(`[${described}.ProductCodes[ProductCodeType = 'marketplace'].ProductCodeId]`),
  };
  const findTask = (args: object, next: string) => call('licensemanager', 'listLicenseConversionTasks', {
    Filters: [{ Name: 'ResourceArns', Values: [jsonata('$arn')] }, { Name: 'Status', Values: ['IN_PROGRESS'] }], ...args,
  }, {
    Retry: RETRY,
    Assign: {
      // Looked at again: the filters are named in a sentence of the API reference only.
      tasks: jsonata("[$states.result.LicenseConversionTasks[ResourceArn = $arn and Status = 'IN_PROGRESS']]"),
      nextToken: jsonata(otherwise('$states.result.NextToken', "''")),
    },
    Next: next,
  });
  const taskId = '$tasks[0].LicenseConversionTaskId';
  const taskTo = '$tasks[0].DestinationLicenseContext.UsageOperation';
  const isThere = '$count($tasks) > 0';
  const isOurs = `${isThere} and ${taskTo} = '${destination.usageOperation}'`;
  const gone = "$state in ['shutting-down', 'terminated']";
  const shown = "'«' & $usageOperation & '»' & ($count($productCodes) > 0 ? ' with product code ' & $join($productCodes, ', ') : '')";
  const expected = ({ usageOperation, productCodeIds }: LicenseType) =>
    `«${usageOperation}»${productCodeIds.length > 0 ? ` with product code ${productCodeIds.join(', ')}` : ''}`;
  const reasons = [
    `$not(${isOf(source)}) ? 'It has usage operation ' & ${shown} & ', and the path is from ${expected(source)}.'`,
    "$not($state in ['running', 'stopping', 'stopped']) ? 'It is ' & $state & ': only what is running or stopped is converted.'",
    ...options.stopInstances ? [] : ["$state = 'running' ? 'It is running, and the workflow does not stop instances.'"],
    "$stopProtection ? 'It has stop protection, with which a conversion fails.'",
    "$not($inventory) ? 'AWS Systems Manager has no inventory of it.'",
    ...(rules.refusedTenancies ?? []).map(tenancy =>
      `$tenancy = '${tenancy}' ? 'Its tenancy is ${tenancy}, on which ${destination.displayName} is not permitted.'`),
    ...rules.minimumVcpus === undefined ? [] : [
      `$vcpus > 0 and $vcpus < ${rules.minimumVcpus} ? 'It has ' & $vcpus & ' vCPUs, and ${destination.displayName} needs at least ${rules.minimumVcpus}.'`,
    ],
    ...rules.refusesAmazonImages ? ["$amazonImage ? 'It was launched from an image of Amazon, which is not converted to a license of your own.'"] : [],
  ];
  const polls = Math.ceil(options.conversionTimeoutSeconds / POLL_SECONDS);
  const first = members ? 'Is there a problem?' : 'Find a task';
  const account = members && `($contains($states.input.instanceId, '/') ? $substringBefore($states.input.instanceId, '/') : '${members.accountId}')`;
  const ofMember = members && {
    instanceId: jsonata("$split($states.input.instanceId, '/')[-1]"),
    accountId: jsonata(account!),
    roleArn: jsonata(`($account := ${account}; ${roleOf(members, partition, '$account')})`),
    arn: jsonata(`'arn:${partition}:ec2:${members.region}:' & ${account} & ':instance/' & $split($states.input.instanceId, '/')[-1]`),
    result: jsonata('$states.input.instanceId'),
    problem: jsonata('$states.input.problem'),
  };

  return {
    'Read the item': {
      Type: 'Pass',
      Assign: {
        ...ofMember ?? {
          instanceId: jsonata('$states.input.instanceId'),
          arn: jsonata(`'${options.instanceArnPrefix}' & $states.input.instanceId`),
        },
        execution: jsonata('$states.input.execution'),
        dryRun: jsonata('$states.input.dryRun'),
        wasRunning: false,
        taskId: jsonata("''"),
        polls: 0,
      },
      Output: {},
      Next: options.maximumFailures === undefined ? first : 'Count failures',
    },
    ...options.maximumFailures !== undefined && {
      // What has failed so far is in the bucket, which all executions of the map see at once.
      'Count failures': call('s3', 'listObjectsV2', { Bucket: bucketName, Prefix: jsonata("$execution & '/failed/'"), MaxKeys: options.maximumFailures }, {
        Retry: RETRY,
        Assign: { failures: jsonata('$states.result.KeyCount') },
        Catch: caught('failed'),
        Next: 'Have too many failed?',
      }),
      'Have too many failed?': {
        Type: 'Choice',
        Choices: [{
          Condition: jsonata(`$failures >= ${options.maximumFailures}`),
          ...ends('notStarted', "$failures & ' others have failed: it was not touched.'"),
        }],
        Default: first,
      },
    },
    ...members && {
      'Is there a problem?': {
        Type: 'Choice',
        Choices: [{ Condition: jsonata("$problem != ''"), ...ends('refused', '$problem') }],
        Default: 'Take the role',
      },
      // It needs no permission but that to have the role: what fails here has touched nothing. The error has no name of its own to retry others but it.
      'Take the role': call('sts', 'getCallerIdentity', {}, {
        Retry: [{ ...RETRY[0], MaxAttempts: 2 }],
        Catch: [{
          ErrorEquals: ['States.ALL'],
          Output: {},
          ...ends('refused', "'Account ' & $accountId & ' does not let the workflow have the role ' & $roleArn & ': ' & $states.errorOutput.Error & ': ' "
            + '& $states.errorOutput.Cause'),
        }],
        Next: 'Find a task',
      }),
    },

    // A conversion that is going on is not begun again: License Manager starts and stops the instance in it.
    'Find a task': { ...findTask({}, 'Is there a task?'), Catch: caught('failed') },
    'Find more tasks': { ...findTask({ NextToken: jsonata('$nextToken') }, 'Is there a task?'), Catch: caught('failed') },
    'Is there a task?': {
      Type: 'Choice',
      Choices: [
        {
          Condition: jsonata(`$dryRun and ${isOurs}`), ...ends('ready', `'Conversion ' & ${taskId} & ' is in progress, and would be followed.'`),
        },
        { Condition: jsonata(isOurs), Assign: { taskId: jsonata(taskId), polls: 0 }, Next: 'Get the task' },
        { Condition: jsonata(isThere), ...ends('refused', `'Conversion ' & ${taskId} & ' to «' & ${taskTo} & '» is in progress.'`) },
        { Condition: jsonata("$nextToken != ''"), Next: 'Find more tasks' },
      ],
      Default: 'Describe the instance',
    },

    'Describe the instance': describe({
      Assign: {
        ...billing,
        tenancy: jsonata(otherwise(`${described}.Placement.Tenancy`, "'default'")),
        vcpus: jsonata(`$exists(${described}.CpuOptions) ? ${described}.CpuOptions.CoreCount * ${described}.CpuOptions.ThreadsPerCore : 0`),
        imageId: jsonata(otherwise(`${described}.ImageId`, "''")),
      },
      Catch: caught('refused'),
      Next: 'Is it converted?',
    }),
    'Is it converted?': {
      Type: 'Choice',
      Choices: [{ Condition: jsonata(isOf(destination)), ...ends('unchanged', "'It has the license type already.'") }],
      Default: 'Ask for stop protection',
    },
    'Ask for stop protection': call('ec2', 'describeInstanceAttribute', { InstanceId: jsonata('$instanceId'), Attribute: 'disableApiStop' }, {
      Retry: RETRY,
      Assign: { stopProtection: jsonata(otherwise('$states.result.DisableApiStop.Value', 'false')) },
      Catch: caught('refused'),
      Next: 'Ask for the inventory',
    }),
    'Ask for the inventory': call('ssm', 'getInventory', {
      Filters: [{ Key: 'AWS:InstanceInformation.InstanceId', Values: [jsonata('$instanceId')], Type: 'Equal' }],
    }, {
      Retry: RETRY,
      Assign: { inventory: jsonata('$count($states.result.Entities) > 0') },
      Catch: caught('refused'),
      Next: rules.refusesAmazonImages ? 'Look at the image' : 'Look for reasons',
    }),
    ...rules.refusesAmazonImages && {
      // By a filter: an image that is gone is an error otherwise.
      'Look at the image': call('ec2', 'describeImages', {
        Filters: [{ Name: 'image-id', Values: [jsonata('$imageId')] }], IncludeDeprecated: true,
      }, {
        Retry: RETRY,
        Assign: { amazonImage: jsonata("$count($states.result.Images[ImageOwnerAlias = 'amazon']) > 0") },
        Catch: caught('refused'),
        Next: 'Look for reasons',
      }),
    },
    'Look for reasons': { Type: 'Pass', Assign: { reasons: jsonata(`[${reasons.join(', ')}]`) }, Output: {}, Next: 'Is it refused?' },
    'Is it refused?': {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata('$count($reasons) > 0'), ...ends('refused', "$join($reasons, ' ')") },
        { Condition: jsonata('$dryRun'), ...ends('ready', "'Nothing speaks against it.'") },
        { Condition: jsonata("$state = 'running'"), Next: 'Stop the instance' },
        { Condition: jsonata("$state = 'stopping'"), Next: 'Wait for the stop' },
      ],
      Default: 'Create the task',
    },

    'Stop the instance': call('ec2', 'stopInstances', { InstanceIds: [jsonata('$instanceId')] }, {
      Retry: RETRY, Assign: { wasRunning: true }, Catch: caught('refused'), Next: 'Wait for the stop',
    }),
    'Wait for the stop': { Type: 'Wait', Seconds: STOP_SECONDS, Output: {}, Next: 'Look at the stop' },
    'Look at the stop': describe({
      Assign: { state: jsonata(`${described}.State.Name`), polls: jsonata('$polls + 1') }, Catch: caught('failed', 'Did it run?'), Next: 'Has it stopped?',
    }),
    'Has it stopped?': {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata("$state = 'stopped'"), Assign: { polls: 0 }, Next: 'Create the task' },
        { Condition: jsonata(gone), ...ends('failed', "'It was terminated before it was converted.'") },
        {
          Condition: jsonata(`$polls >= ${STOP_POLLS}`),
          // EC2 does not start what is stopping.
          ...ends('failed', `'It has not stopped within ${STOP_POLLS * STOP_SECONDS / 60} minutes, and is ' & $state & '.'`
            + " & ($wasRunning ? ' It ran before, and was not started again: start it when it has stopped.' : '')"),
        },
      ],
      Default: 'Wait for the stop',
    },

    // License Manager has no token by which it would know a request again: only what it has refused is asked for again, and else what there is, is looked for.
    'Create the task': call('licensemanager', 'createLicenseConversionTaskForResource', {
      ResourceArn: jsonata('$arn'), SourceLicenseContext: context(source), DestinationLicenseContext: context(destination),
    }, {
      Retry: [{ ...RETRY[0], ErrorEquals: ['LicenseManager.RateLimitExceededException'] }],
      Assign: { taskId: jsonata('$states.result.LicenseConversionTaskId'), polls: 0 },
      Catch: caught('failed', 'Find the task'),
      Next: 'Wait for the task',
    }),
    'Find the task': { ...findTask({}, 'Is it there?'), Catch: [{ ErrorEquals: ['States.ALL'], Output: {}, Next: 'Did it run?' }] },
    'Is it there?': {
      Type: 'Choice',
      Choices: [{ Condition: jsonata(isOurs), Assign: { taskId: jsonata(taskId), polls: 0 }, Next: 'Wait for the task' }],
      Default: 'Did it run?',
    },
    'Wait for the task': { Type: 'Wait', Seconds: POLL_SECONDS, Output: {}, Next: 'Get the task' },
    'Get the task': call('licensemanager', 'getLicenseConversionTask', { LicenseConversionTaskId: jsonata('$taskId') }, {
      Retry: RETRY,
      Assign: {
        taskStatus: jsonata('$states.result.Status'), message: jsonata(otherwise('$states.result.StatusMessage', "''")), polls: jsonata('$polls + 1'),
      },
      // It may be going on, in which the instance must not be started.
      Catch: caught('failed', 'Report', 'The conversion was lost sight of: '),
      Next: 'Is the task done?',
    }),
    'Is the task done?': {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata("$taskStatus = 'SUCCEEDED'"), Assign: { polls: 0 }, Next: 'Verify the usage operation' },
        { Condition: jsonata("$taskStatus = 'FAILED'"), ...ends('failed', "'License Manager says: ' & $message", 'Did it run?') },
        {
          Condition: jsonata(`$polls >= ${polls}`),
          ...ends('failed', `'The conversion is in progress after ${polls * POLL_SECONDS / 60} minutes. Do not start the instance before it has ended.'`),
        },
      ],
      Default: 'Wait for the task',
    },

    'Verify the usage operation': describe({
      Assign: { ...billing, polls: jsonata('$polls + 1') }, Catch: caught('failed', 'Did it run?'), Next: 'Is it billed so?',
    }),
    'Is it billed so?': {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata(isOf(destination)), ...ends('converted', "'It has the license type now.'", 'Did it run?') },
        { Condition: jsonata(gone), ...ends('failed', "'It was terminated while it was converted.'") },
        {
          Condition: jsonata(`$polls >= ${BILLING_POLLS}`),
          ...ends('failed', `'License Manager says that it has converted it, and EC2 that it has usage operation ' & ${shown} & '.'`, 'Did it run?'),
        },
      ],
      Default: 'Wait for the billing',
    },
    'Wait for the billing': { Type: 'Wait', Seconds: BILLING_SECONDS, Output: {}, Next: 'Verify the usage operation' },

    'Did it run?': { Type: 'Choice', Choices: [{ Condition: jsonata('$wasRunning'), Next: 'Start the instance' }], Default: 'Report' },
    'Start the instance': call('ec2', 'startInstances', { InstanceIds: [jsonata('$instanceId')] }, {
      Retry: RETRY,
      Catch: [{
        ErrorEquals: ['States.ALL'],
        Output: {},
        ...ends('failed', "$detail & ' It ran before, and was not started again: ' & $states.errorOutput.Cause"),
      }],
      Next: 'Report',
    }),

    'Report': call('s3', 'putObject', {
      Bucket: bucketName,
      Key: jsonata(`$execution & '/' & $status & '/' & ${members ? '$result' : '$instanceId'} & '.json'`),
      ContentType: 'application/json',
      Body: {
        ...members && { accountId: jsonata('$accountId') },
        instanceId: jsonata('$instanceId'),
        status: jsonata('$status'),
        detail: jsonata('$detail'),
        taskId: jsonata('$taskId'),
        wasRunning: jsonata('$wasRunning'),
      },
    }, {
      Retry: RETRY,
      Output: jsonata('$status'),
      Catch: [{ ErrorEquals: ['States.ALL'], Output: jsonata('$status'), Next: 'Not reported' }],
      End: true,
    }),
    // It is counted all the same.
    'Not reported': { Type: 'Succeed' },
  };
}
