import { Annotations, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnKey, IKey, IKeyRef } from 'aws-cdk-lib/aws-kms';
import type { CfnTopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { lacksNamePrefix, NAME_PREFIX } from './report-bucket';
import { policyOf, policyOfOwner } from '../facade/resource-policy';
import { knownToDiffer, regionOfArn, shown } from '../identity/reference';
import { renderedResource } from '../identity/rendered';
import { keyBehind, referredKey, resourceOfKey } from '../secret/key';
import { isKnown } from '../validation/validation';

/**
 * Warns of a name that License Manager's service-linked role may not publish to.
 *
 * @param scope who names the topic: where the warning is shown
 * @param name  its name; nothing if CloudFormation generates it
 */
export function warnOfTopicName(scope: IConstruct, name: string | undefined): void {
  if (name === undefined || lacksNamePrefix(name)) {
    const found = name === undefined ? 'no topicName, and CloudFormation generates one' : `the name '${shown(scope, name)}'`;
    Annotations.of(scope).addWarningV2('cdk-license-manager:noticeTopicName',
      `The topic has ${found}: License Manager publishes to topics whose names begin with '${NAME_PREFIX}'. Name it so.`);
  }
}

/**
 * Warns of a topic in which order matters.
 *
 * @param scope who names the topic: where the warning is shown
 * @param topic the path of the topic
 * @param name  its name, which Amazon SNS has end in a certain way
 * @param fifo  whether it is one, where that is said
 */
export function warnOfFifoTopic(scope: IConstruct, topic: string, name: string | undefined, fifo = false): void {
  if (fifo || (isKnown(name) && name.endsWith(FIFO_SUFFIX))) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:noticeTopicFifo',
      `topic '${topic}' is a FIFO topic, which takes no message without a group id, and License Manager gives none, as far as is documented: notices are lost. ` +
      'Name a standard topic.');
  }
}

/** @see https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
export const FIFO_SUFFIX = '.fifo';

/**
 * Lets License Manager and alarms publish to a topic of this app, as far as its policy and that of its key can be changed here, and warns of a key of which
 * they cannot, and of one that nobody can use.
 *
 * The policy of a topic without an L2 stays what it is: License Manager may publish by that of its role, and a second policy would take the place of the one that
 * the app makes for the topic. A topic without any has one of Amazon SNS, by which alarms of the account may publish, too.
 *
 * @param scope who names the topic: where a warning is shown
 * @param topic the resource of the topic
 */
export function admitPublishers(scope: IConstruct, topic: CfnTopic): void {
  for (const statement of publishing(scope, ['sns:Publish'], topic.ref)) {
    policyOfOwner(topic)?.addToResourcePolicy(statement);
  }
  const admitted = keyOf(topic);
  if (admitted) {
    admitToKey(scope, admitted);
  }
  // Mixins and Aspects may change it until the app is complete, and it is too late for its policy then.
  scope.node.addValidation({
    validate: () => {
      const key = keyOf(topic);
      if (key && key.id !== admitted?.id) {
        warnOfKey(scope, key);
      }
      if (key) {
        checkKey(scope, key, topic.stack.region);
      }
      return [];
    },
  });
}

/**
 * The same for the key of a topic that is imported.
 */
export function admitPublishersToKey(scope: IConstruct, given: IKeyRef, region: string): void {
  const key = { id: given.keyRef.keyArn, given };
  admitToKey(scope, key);
  scope.node.addValidation({
    validate: () => {
      checkKey(scope, key, region);
      return [];
    },
  });
}

/** What a topic is encrypted with. */
interface KeyOfTopic {
  /** As the topic has it: an id, an ARN, or an alias. */
  readonly id: string;
  /** As the L2 has it, if there is one. */
  readonly given?: IKeyRef;
}

function keyOf(topic: CfnTopic): KeyOfTopic | undefined {
  // Of an alias that the L2 has, its text says nothing. What an Aspect has set since, the L2 does not know.
  const { masterKey } = topic.node.scope as { readonly masterKey?: IKey };
  const id = topic.kmsMasterKeyId;
  return id === undefined ? undefined : { id, given: masterKey?.keyArn === id ? masterKey : undefined };
}

/**
 * The resource of the key of a topic, if this app makes the key.
 */
export function resourceOfKeyOf(topic: CfnTopic): CfnKey | undefined {
  const key = keyOf(topic);
  return key && resourceOf(key);
}

function resourceOf({ id, given }: KeyOfTopic): CfnKey | undefined {
  const key = given && keyBehind(given);
  return (key && resourceOfKey(key)) ?? referredKey(id);
}

function admitToKey(scope: IConstruct, key: KeyOfTopic): void {
  const resource = resourceOf(key);
  const policy = resource && policyOf(resource);
  for (const statement of publishing(scope, ['kms:Decrypt', 'kms:GenerateDataKey*'], '*')) {
    if (policy?.addToResourcePolicy(statement).statementAdded !== true) {
      warnOfKey(scope, key);
      return;
    }
  }
}

function warnOfKey(scope: IConstruct, key: KeyOfTopic): void {
  warn(scope, key, /(^|\/)aws\/sns$/.test(key.id)
    ? 'has a policy that nobody can change: alarms of CloudWatch cannot use it, and are lost. Give the topic a key of its own'
    : 'is not a key of this app whose policy can be added to: notices and alarms are lost unless the policy allows kms:GenerateDataKey* and kms:Decrypt to '
      + 'the service-linked role AWSServiceRoleForAWSLicenseManagerRole and to cloudwatch.amazonaws.com. See to it, and acknowledge this finding');
}

/** Warns of a key that nobody can use for the topic. */
function checkKey(scope: IConstruct, key: KeyOfTopic, region: string): void {
  const resource = resourceOf(key);
  const regionOfKey = resource?.stack.region ?? regionOfArn(key.id);
  if (regionOfKey !== undefined && knownToDiffer(regionOfKey, region)) {
    warn(scope, key, `is in Region '${regionOfKey}' and the topic in '${region}': Amazon SNS takes a key of its own Region. Name one of that Region`);
  }
  if (resource && renderedResource(resource).Properties?.Enabled === false) {
    warn(scope, key, 'is disabled: notices and alarms are lost. Enable it');
  }
}

function warn(scope: IConstruct, { id, given }: KeyOfTopic, why: string): void {
  Annotations.of(scope).addWarningV2('cdk-license-manager:noticeTopicKey', `Key '${shown(scope, given?.node.path ?? id)}' of the topic ${why}.`);
}

/**
 * What lets License Manager and alarms of CloudWatch publish: License Manager by its role, which may not be there yet, so that it is no principal by
 * itself.
 */
function publishing(scope: IConstruct, actions: string[], resource: string): PolicyStatement[] {
  const { account, partition } = Stack.of(scope);
  return [
    new PolicyStatement({
      effect: Effect.ALLOW,
      principals: [new AnyPrincipal()],
      actions,
      resources: [resource],
      conditions: {
        StringEquals: { 'aws:PrincipalAccount': account },
        ArnLike: { 'aws:PrincipalArn': `arn:${partition}:iam::${account}:role/aws-service-role/license-manager.amazonaws.com/*` },
      },
    }),
    new PolicyStatement({
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions,
      resources: [resource],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
  ];
}
