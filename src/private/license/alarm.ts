import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmProps, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { tellSomebody } from './notices';
import { onceEach } from '../finding/doubles';
import { identityOf } from '../identity/reference';
import { implementing, listOf } from '../validation/given';
import { checkLength, checkSize, lit } from '../validation/validation';

/** Actions, as alarms are given them. */
export const ALARM_ACTIONS = listOf(implementing('IAlarmAction', 'bind', 'Use one of aws-cdk-lib/aws-cloudwatch-actions.'));

/**
 * What happens when an alarm goes off, and when it is over.
 */
export interface AlarmActions {
  readonly actions?: IAlarmAction[];
  readonly okActions?: IAlarmAction[];
}

/**
 * Makes an alarm that goes off when a metric of License Manager reaches a threshold. With no actions it tells the topic of the settings.
 *
 * @param scope   where it belongs
 * @param id      its construct id
 * @param props   the metric, the threshold, and what else the user has said
 * @param actions what the user has said of the actions
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function makeAlarm(
  scope: Construct, id: string, props: Omit<AlarmProps, 'comparisonOperator'>, { actions, okActions }: AlarmActions,
): Alarm {
  checkLength(scope, lit`AlarmName`, { property: `alarmName of alarm '${id}'`, value: props.alarmName, minimum: 1, maximum: 255 });
  checkLength(scope, lit`AlarmDescription`, { property: `alarmDescription of alarm '${id}'`, value: props.alarmDescription, minimum: 0, maximum: 1024 });
  const alarm = new Alarm(scope, id, {
    ...props,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: props.treatMissingData ?? TreatMissingData.IGNORE,
  });
  if (actions) {
    alarm.addAlarmAction(...onceEachAction(alarm, 'actions', actions));
  } else {
    tellSomebody(alarm);
  }
  alarm.addOkAction(...onceEachAction(alarm, 'okActions', okActions ?? []));
  return alarm;
}

/**
 * Actions, each once: what they do, their ARNs say, and two objects may have one.
 */
function onceEachAction(alarm: Alarm, property: string, actions: readonly IAlarmAction[]): IAlarmAction[] {
  const scope = alarm.node.scope as Construct;
  const of = ` of alarm '${alarm.node.id}'`;
  // Some make something when they are bound, so that each is bound once.
  const arns = new Map<IAlarmAction, string>();
  actions.forEach(action => arns.has(action) || arns.set(action, action.bind(alarm, alarm).alarmActionArn));
  const distinct = onceEach(scope, `${property}${of}`, [...actions.keys()], index => identityOf(arns.get(actions[index])!), index => `${property}[${actions.indexOf(actions[index])}]`);
  checkSize(scope, lit`AlarmActions`, { property: `${property}${of}`, value: distinct, minimum: 0, maximum: 5 });
  return distinct.map(index => ({ bind: () => ({ alarmActionArn: arns.get(actions[index])! }) }));
}
