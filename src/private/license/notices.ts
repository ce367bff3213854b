import { Annotations, Lazy, Stack, Token } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmBase, CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import type { ITopicRef } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { isJudgedByRule } from '../finding/compliance';
import { keepOn, keptOn } from '../identity/copies';
import { keptInEnvironment } from '../identity/environment';
import { accountOf, isUnknown, referredConstruct, regionOf, resourceBehind, resourceInArn } from '../identity/reference';
import { overridden, renderedResource } from '../identity/rendered';

/** Whom License Manager tells in an account and a Region. */
function topicsOf(construct: IConstruct): ITopicRef[] {
  return keptInEnvironment(construct, 'NoticeTopics', () => []);
}

/**
 * Has a topic take what is to be said of licenses in its environment.
 */
export function offerTopic(settings: IConstruct, topic: ITopicRef): void {
  topicsOf(settings).push(topic);
  listenersOf(settings).forEach(listener => listener(topic));
}

/** What waits for a topic. */
function listenersOf(construct: IConstruct): Array<(topic: ITopicRef) => void> {
  return keptInEnvironment(construct, 'NoticeListeners', () => []);
}

/**
 * Does something with the topic of the settings, as soon as they are declared, or at once if they are.
 *
 * @param construct in whose environment
 * @param use       what to do, once
 */
export function withTopic(construct: IConstruct, use: (topic: ITopicRef) => void): void {
  const [topic] = topicsOf(construct);
  if (topic) {
    use(topic);
    return;
  }
  let isUsed = false;
  listenersOf(construct).push(offered => {
    if (!isUsed) {
      isUsed = true;
      use(offered);
    }
  });
}

/**
 * Has an alarm that does nothing tell the topic of the settings, and says so of one that tells nobody.
 *
 * Not before the app is complete: actions may be added to it until then, and settings be declared. Aspects ask before, and are told what is so by then.
 */
export function tellSomebody(alarm: AlarmBase): void {
  const resource = alarm.node.defaultChild as CfnAlarm | CfnCompositeAlarm;
  const own = resource.alarmActions;
  resource.alarmActions = Lazy.uncachedList({
    produce: context => {
      const actions = context.resolve(own);
      return Array.isArray(actions) && actions.length > 0 ? actions : topicsOf(alarm).flatMap(topic => arnOfTopic(alarm, topic) ?? []);
    },
  }, { omitEmpty: true });
  alarm.node.addValidation({
    validate: () => {
      if (!acts(resource, ['AlarmActions', 'OKActions', 'InsufficientDataActions'])) {
        warnOfSilence(alarm);
      }
      return [];
    },
  });
}

function warnOfSilence(alarm: AlarmBase): void {
  const [topic] = topicsOf(alarm);
  if (topic) {
    Annotations.of(alarm).addInfoV2('cdk-license-manager:alarmCannotTellTopic',
      `The alarm has no action, and cannot tell the topic of the settings, '${topic.node.path}': that is in another stack, and its name is not known at ` +
      'synthesis. Set actions, or name the topic.');
  } else if (!isJudgedByRule(alarm, 'AlarmWithoutAction')) {
    Annotations.of(alarm).addInfoV2('cdk-license-manager:alarmTellsNobody',
      'The alarm has no action, and this app declares no ServiceSettings with a topic for its account and Region: it tells nobody. Set actions, declare a ' +
      'topic, or acknowledge this finding.');
  }
}

/**
 * What an alarm, or a schedule, can tell a topic by. A reference would put the stacks in an order, and there is none between stages: to another stack it is the ARN, if its
 * name is known; nothing if it is not.
 */
export function arnOfTopic(teller: IConstruct, topic: ITopicRef): string | undefined {
  const stack = Stack.of(teller);
  const { topicArn } = topic.topicRef;
  const resource = resourceBehind(topic, CfnTopic.isCfnTopic) ?? referredTopic(topicArn);
  if (Stack.of(resource ?? topic) === stack) {
    return topicArn;
  }
  if (!resource && !Token.isUnresolved(topicArn)) {
    return topicArn;
  }
  const name = resource ? stack.resolve(overridden(resource, 'TopicName', resource.topicName)) : resourceInArn(topicArn);
  // Its environment is that of who tells it, whatever stands for it there.
  const here = (value: string, own: string) => Token.isUnresolved(value) ? own : value;
  return typeof name !== 'string' || isUnknown(name) ? undefined : stack.formatArn({
    service: 'sns', resource: name, region: here(regionOf(topic, topicArn), stack.region), account: here(accountOf(topic, topicArn), stack.account),
  });
}

function referredTopic(arn: string): CfnTopic | undefined {
  const construct = referredConstruct(arn);
  return CfnTopic.isCfnTopic(construct) ? construct : undefined;
}

/**
 * Notes that somebody is reminded of the expiry of a license: no template tells which license a schedule is about.
 *
 * @param license the license, as L1 or L2
 */
export function noteReminder(license: IConstruct): void {
  keepOn(license, 'ExpiryReminder', () => ({}));
}

/**
 * Whether somebody is reminded of the expiry of a license.
 *
 * @param license the license, as it was noted
 */
export function isReminded(license: IConstruct | undefined): boolean {
  return license !== undefined && keptOn(license, 'ExpiryReminder') !== undefined;
}

/**
 * Says that nobody is told of something, unless the settings of the environment have a topic when the app is complete.
 *
 * @param construct what it is about
 * @param what      what nobody is told of: 'The licenses expire'
 * @param byAlarm   whether an alarm of the construct tells it, too
 */
export function expectNotice(construct: IConstruct, what: string, byAlarm: boolean): void {
  construct.node.addValidation({
    validate: () => {
      const isTold = byAlarm ? hasAlarmThatActs(construct) : isReminded(construct) || isReminded(construct.node.defaultChild);
      if (!isJudgedByRule(construct, byAlarm ? 'LimitWithoutNotice' : 'ExpiryWithoutNotice') && topicsOf(construct).length === 0 && !isTold) {
        Annotations.of(construct).addInfoV2('cdk-license-manager:nobodyIsNotified',
          `${what}, and this app names nobody who is told of it. Declare ServiceSettings with a topic, ${byAlarm ? 'add an alarm with an action' : 'add a reminder with a topic (addExpiryReminder)'}, or ` +
          'acknowledge this finding if the settings have one.');
      }
      return [];
    },
  });
}

function hasAlarmThatActs(construct: IConstruct): boolean {
  return construct.node.children.some(child => {
    const resource = resourceBehind(child, CfnAlarm.isCfnAlarm);
    return resource !== undefined && acts(resource, ['AlarmActions']);
  });
}

/** Whether an alarm does something, as it is in the template. */
function acts(alarm: CfnAlarm | CfnCompositeAlarm, properties: readonly string[]): boolean {
  const { Properties = {} } = renderedResource(alarm);
  return properties.some(name => Array.isArray(Properties[name]) ? Properties[name].length > 0 : Properties[name] !== undefined);
}
