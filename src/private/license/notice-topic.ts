import { Annotations, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKeyRef } from 'aws-cdk-lib/aws-kms';
import type { CfnTopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { lacksNamePrefix, NAME_PREFIX } from './report-bucket';
import { policyOf, policyOfOwner } from '../facade/resource-policy';
import { shown } from '../identity/reference';
import { keyBehind, referredKey, resourceOfKey } from '../secret/key';

/**
 * Warns of a name that License Manager's service-linked role may not publish to.
 */
export function warnOfTopicName(scope: IConstruct, name: string): void {
  if (lacksNamePrefix(name)) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:noticeTopicName',
      `The topic has the name '${shown(scope, name)}': License Manager publishes to topics whose names begin with '${NAME_PREFIX}'. Name it so.`);
  }
}

/**
 * Lets License Manager and alarms publish to a topic of this app, as far as its policy and that of its key can be changed here, and warns of a key of which
 * they cannot.
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
  const admitted = topic.kmsMasterKeyId;
  if (admitted !== undefined) {
    admitToKey(scope, topic, admitted);
  }
  // Mixins and Aspects may change it until the app is complete, and it is too late for its policy then.
  scope.node.addValidation({
    validate: () => {
      if (topic.kmsMasterKeyId !== undefined && topic.kmsMasterKeyId !== admitted) {
        warnOfKey(scope, topic.kmsMasterKeyId, topic.kmsMasterKeyId);
      }
      return [];
    },
  });
}

function admitToKey(scope: IConstruct, topic: CfnTopic, id: string): void {
  // Of an alias that the L2 has, its text says nothing.
  const given = (topic.node.scope as { readonly masterKey?: IKeyRef }).masterKey;
  const key = given && keyBehind(given);
  const resource = (key && resourceOfKey(key)) ?? referredKey(id);
  const policy = resource && policyOf(resource);
  for (const statement of publishing(scope, ['kms:Decrypt', 'kms:GenerateDataKey*'], '*')) {
    if (policy?.addToResourcePolicy(statement).statementAdded !== true) {
      warnOfKey(scope, id, given?.node.path ?? id);
      return;
    }
  }
}

function warnOfKey(scope: IConstruct, id: string, name: string): void {
  const why = /(^|\/)aws\/sns$/.test(id)
    ? 'has a policy that nobody can change: alarms of CloudWatch cannot use it, and are lost. Give the topic a key of its own'
    : 'is not a key of this app whose policy can be added to: notices and alarms are lost unless the policy allows kms:GenerateDataKey* and kms:Decrypt to '
      + 'the service-linked role AWSServiceRoleForAWSLicenseManagerRole and to cloudwatch.amazonaws.com. See to it, and acknowledge this finding';
  Annotations.of(scope).addWarningV2('cdk-license-manager:noticeTopicKey', `Key '${shown(scope, name)}' of the topic ${why}.`);
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
