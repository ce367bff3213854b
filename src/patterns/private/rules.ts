import type { Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { acknowledgeStandards } from '../../private/finding/acknowledgement';

/** Makes the rule of one event: `LicenseManagerEvents.onGrantChange`. */
type Make = (scope: Construct, id: string, options: { readonly target: SnsTopic }) => Rule;

/**
 * Rules by which people are told of events, by their construct ids.
 */
export function tellOf(scope: Construct, topic: ITopic, events: { readonly [id: string]: Make }): Rule[] {
  const target = new SnsTopic(topic);
  return Object.entries(events).map(([id, make]) => {
    const rule = make(scope, id, { target });
    acknowledgeStandards(rule, {
      EventBusDLQ: 'It tells people of what happens: Amazon EventBridge tries for a day, and nobody would read a queue of what is older.',
    });
    return rule;
  });
}
