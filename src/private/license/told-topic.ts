import { Annotations, Stack } from 'aws-cdk-lib';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import type { ITopicRef } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { FIFO_SUFFIX } from './notice-topic';
import { knownToDiffer, regionOf, resourceBehind } from '../identity/reference';
import { isKnown } from '../validation/validation';

/** What publishes to a topic by the API of Amazon SNS, as findings say it. */
export interface Publisher {
  /** The findings are `<prefix>TopicFifo` and `<prefix>TopicInAnotherRegion`. */
  readonly prefix: string;
  /** Of whose messages it is, with its article: 'a reminder'. */
  readonly message: string;
  /** What is in a Region: 'the schedules'. */
  readonly what: string;
  /** What comes of it: 'nobody is told'. */
  readonly consequence: string;
}

/**
 * Warns of a topic that what publishes from a stack does not reach: a FIFO topic, and one of another Region.
 *
 * @param scope     who names the topic: where the warning is shown
 * @param topic     the topic
 * @param topicArn  the ARN by which it is told
 * @param publisher who publishes
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function warnOfTopicNotReached(
  scope: IConstruct, topic: ITopicRef, topicArn: string, { prefix, message, what, consequence }: Publisher,
): void {
  if (resourceBehind(topic, CfnTopic.isCfnTopic)?.fifoTopic === true || (isKnown(topicArn) && topicArn.endsWith(FIFO_SUFFIX))) {
    Annotations.of(scope).addWarningV2(`cdk-license-manager:${prefix}TopicFifo`,
      `topic '${topic.node.path}' is a FIFO topic, which takes no message without a group id, and ${message} has none: ${consequence}. Name a standard topic.`);
  }
  const { region: own } = Stack.of(scope);
  const region = regionOf(topic, topicArn);
  if (knownToDiffer(region, own)) {
    Annotations.of(scope).addWarningV2(`cdk-license-manager:${prefix}TopicInAnotherRegion`,
      `topic '${topic.node.path}' is in Region '${region}', and ${what} in '${own}', whose topics they reach: ${consequence}. Name a topic of '${own}'.`);
  }
}
