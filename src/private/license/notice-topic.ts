import { Annotations, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { lacksNamePrefix, NAME_PREFIX } from './report-bucket';
import { shown } from '../identity/reference';
import { resourceOfKey } from '../secret/key';

/**
 * Warns of a name that License Manager's service-linked role may not publish to.
 */
export function warnOfTopicName(scope: IConstruct, name: string | undefined): void {
  if (name !== undefined && lacksNamePrefix(name)) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:noticeTopicName',
      `The topic has the name '${shown(scope, name)}': License Manager publishes to topics whose names begin with '${NAME_PREFIX}'. Name it so.`);
  }
}

/**
 * Lets what publishes to a topic use its key, or warns that it may be not able to.
 */
export function admitToKey(topic: IConstruct, key: IKey): void {
  if (!resourceOfKey(key)) {
    Annotations.of(topic).addWarningV2('cdk-license-manager:noticeTopicKey',
      `Key '${key.node.path}' of the topic is not a key of this app: License Manager's notices are lost unless its policy allows the service-linked role ` +
      'AWSServiceRoleForAWSLicenseManagerRole kms:GenerateDataKey* and kms:Decrypt. See to it, and acknowledge this finding.');
    return;
  }
  for (const statement of publishing(topic, ['kms:Decrypt', 'kms:GenerateDataKey*'], '*')) {
    key.addToResourcePolicy(statement);
  }
}

/**
 * What lets License Manager and alarms of CloudWatch publish: License Manager by its role, which may not be there yet, so that it is no principal by
 * itself.
 */
export function publishing(scope: IConstruct, actions: string[], resource: string): PolicyStatement[] {
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
