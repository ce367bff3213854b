import { Names, Token } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmBase, AlarmProps, CfnAlarm, CfnCompositeAlarm, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct, IConstruct } from 'constructs';
import { strategyOf } from './alarm-strategy';
import type { AlarmStrategy } from './alarm-strategy';
import { tellSomebody } from './notices';
import { onceEach } from '../finding/doubles';
import { brand, isBranded } from '../identity/copies';
import { identityOf } from '../identity/reference';
import { implementing, listOf } from '../validation/given';
import { checkLength, checkSize, lit } from '../validation/validation';

/** Actions, as alarms are given them. */
export const ALARM_ACTIONS = listOf(implementing('IAlarmAction', 'bind', 'Use one of aws-cdk-lib/aws-cloudwatch-actions.'));

/** How long the name of an alarm may be. */
const NAME_LENGTH = 255;

/**
 * What happens when an alarm goes off, and when it is over.
 */
export interface AlarmActions {
  readonly actions?: IAlarmAction[];
  readonly okActions?: IAlarmAction[];
}

/**
 * What an alarm is, but for its actions.
 */
export interface LicenseAlarmProps extends Omit<AlarmProps, 'comparisonOperator'> {
  /** @default - it goes off at the threshold and above */
  readonly comparisonOperator?: ComparisonOperator;
  /** What it says, unless the user says something else. */
  readonly defaultDescription: string;
  /** Its name, unless the user says another one: that of what the console knows by its name. */
  readonly defaultName?: string;
}

/**
 * Makes an alarm that goes off when a metric of License Manager reaches a threshold. What is not said of it, is as the scope has it; with no actions it tells
 * the topic of the settings.
 *
 * @param scope   where it belongs
 * @param id      its construct id
 * @param props   the metric, the threshold, and what else the user has said
 * @param actions what the user has said of the actions
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function makeAlarm(
  scope: Construct, id: string, { defaultDescription, defaultName, ...props }: LicenseAlarmProps, actions: AlarmActions,
): Alarm {
  checkLength(scope, lit`AlarmName`, { property: `alarmName of alarm '${id}'`, value: props.alarmName, minimum: 1, maximum: NAME_LENGTH });
  checkLength(scope, lit`AlarmDescription`, { property: `alarmDescription of alarm '${id}'`, value: props.alarmDescription, minimum: 0, maximum: 1024 });
  const alarm = new Alarm(scope, id, {
    ...props,
    alarmName: props.alarmName ?? defaultName,
    alarmDescription: props.alarmDescription ?? defaultDescription,
    comparisonOperator: props.comparisonOperator ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: props.treatMissingData ?? TreatMissingData.IGNORE,
  });
  brand(alarm, 'LicenseAlarm');
  const strategy = strategyOf(alarm);
  applyTexts(alarm, alarm.node.defaultChild as CfnAlarm, strategy, props.alarmName ?? defaultName);
  applyActions(alarm, strategy, actions);
  return alarm;
}

/**
 * The alarms of licenses at and below a construct, by whichever copy of the library, but for those that are made of others.
 */
export function alarmsIn(scope: IConstruct): Alarm[] {
  return scope.node.findAll().filter((it): it is Alarm => isBranded(it, 'LicenseAlarm'));
}

/**
 * What a scope says of the name and the description of an alarm.
 *
 * @param alarm    the alarm
 * @param resource its resource
 * @param strategy what the scope says
 * @param name     the name that it has already
 */
export function applyTexts(
  alarm: AlarmBase, resource: CfnAlarm | CfnCompositeAlarm, { alarmNamePrefix, alarmDescriptionSuffix }: AlarmStrategy, name: string | undefined,
): void {
  if (alarmNamePrefix !== undefined && name === undefined) {
    const room = NAME_LENGTH - (Token.isUnresolved(alarmNamePrefix) ? 128 : [...alarmNamePrefix].length);
    resource.alarmName = `${alarmNamePrefix}${Names.uniqueResourceName(alarm, { maxLength: room, separator: '-' })}`;
  }
  if (alarmDescriptionSuffix !== undefined) {
    const description = [resource.alarmDescription, alarmDescriptionSuffix].filter(text => text).join(' ');
    checkLength(alarm.node.scope!, lit`AlarmDescription`, {
      property: `alarmDescription of alarm '${alarm.node.id}', with alarmDescriptionSuffix of LicenseAlarms,`,
      value: description,
      minimum: 0,
      maximum: 1024,
      wayOut: 'Shorten one of the two.',
    });
    resource.alarmDescription = description;
  }
}

/**
 * What an alarm does: what is said of it, else what its scope says, else it tells the topic of the settings.
 */
export function applyActions(alarm: AlarmBase, strategy: AlarmStrategy, said: AlarmActions): void {
  const actions = said.actions ?? strategy.actions;
  if (actions) {
    alarm.addAlarmAction(...onceEachAction(alarm, 'actions', actions));
  } else {
    tellSomebody(alarm);
  }
  alarm.addOkAction(...onceEachAction(alarm, 'okActions', said.okActions ?? strategy.okActions ?? []));
}

/**
 * Actions, each once: what they do, their ARNs say, and two objects may have one.
 */
function onceEachAction(alarm: AlarmBase, property: string, actions: readonly IAlarmAction[]): IAlarmAction[] {
  const scope = alarm.node.scope as Construct;
  const of = ` of alarm '${alarm.node.id}'`;
  // Some make something when they are bound, so that each is bound once.
  const arns = new Map<IAlarmAction, string>();
  actions.forEach(action => arns.has(action) || arns.set(action, action.bind(alarm, alarm).alarmActionArn));
  const distinct = onceEach(scope, `${property}${of}`, [...actions.keys()], index => identityOf(arns.get(actions[index])!), index => `${property}[${actions.indexOf(actions[index])}]`);
  checkSize(scope, lit`AlarmActions`, { property: `${property}${of}`, value: distinct, minimum: 0, maximum: 5 });
  return distinct.map(index => ({ bind: () => ({ alarmActionArn: arns.get(actions[index])! }) }));
}
