import { Annotations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopicRef } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { keptInEnvironment } from '../identity/environment';

/** Of an account in a Region: whom License Manager tells, and who wants somebody to be told. */
interface Notices {
  readonly topics: ITopicRef[];
  readonly alarms: Alarm[];
}

function noticesOf(construct: IConstruct): Notices {
  return keptInEnvironment(construct, 'Notices', () => ({ topics: [], alarms: [] }));
}

/**
 * Has a topic take what is to be said of licenses in its environment.
 */
export function offerTopic(settings: IConstruct, topic: ITopicRef): void {
  const { topics, alarms } = noticesOf(settings);
  topics.push(topic);
  alarms.forEach(alarm => act(alarm, topic));
}

/**
 * Has an alarm that nobody hears tell the topic of the settings, whichever is declared first.
 */
export function tellSomebody(alarm: Alarm): void {
  const { topics, alarms } = noticesOf(alarm);
  alarms.push(alarm);
  topics.forEach(topic => act(alarm, topic));
}

/**
 * Says that nobody is told of something, unless the settings of the environment have a topic when the app is complete.
 *
 * @param construct what it is about
 * @param what      what nobody is told of: 'the licenses expire'
 */
export function expectNotice(construct: IConstruct, what: string): void {
  const { topics } = noticesOf(construct);
  construct.node.addValidation({
    validate: () => {
      if (topics.length === 0) {
        Annotations.of(construct).addInfoV2('cdk-license-manager:nobodyIsNotified',
          `${what}, and this app names nobody who is told of it. Declare ServiceSettings with a topic, or acknowledge this finding if the settings have one.`);
      }
      return [];
    },
  });
}

function act(alarm: Alarm, { topicRef }: ITopicRef): void {
  alarm.addAlarmAction({ bind: () => ({ alarmActionArn: topicRef.topicArn }) });
}
