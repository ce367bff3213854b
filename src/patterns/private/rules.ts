import type { IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { TopicGrants } from 'aws-cdk-lib/aws-sns';
import type { ITopicRef } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { acknowledgeStandards } from '../../private/finding/acknowledgement';
import { keepOn } from '../../private/identity/copies';

/** Makes the rule of one event: `LicenseManagerEvents.onGrantChange`. */
type Make = (scope: Construct, id: string, options: { readonly target: IRuleTarget }) => Rule;

/**
 * Rules by which people are told of events, by their construct ids.
 */
export function tellOf(scope: Construct, topic: ITopicRef, events: { readonly [id: string]: Make }): Rule[] {
  // Once, however many rules there are. The targets of aws-cdk-lib take an L2 alone.
  keepOn(topic, 'MayBePublishedToByRules', () => ({ grant: TopicGrants.fromTopic(topic).publish(new ServicePrincipal('events.amazonaws.com')) }));
  const target: IRuleTarget = { bind: () => ({ arn: topic.topicRef.topicArn }) };
  return Object.entries(events).map(([id, make]) => {
    const rule = make(scope, id, { target });
    acknowledgeStandards(rule, {
      EventBusDLQ: 'It tells people of what happens: Amazon EventBridge tries for a day, and nobody would read a queue of what is older.',
    });
    return rule;
  });
}
