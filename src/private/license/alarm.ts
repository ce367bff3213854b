import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmProps, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { tellSomebody } from './notices';
import { onceEach, placeIn } from '../finding/doubles';

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
 */
export function makeAlarm(
  scope: Construct, id: string, props: Omit<AlarmProps, 'comparisonOperator'>, { actions, okActions }: AlarmActions,
): Alarm {
  const alarm = new Alarm(scope, id, {
    ...props,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: props.treatMissingData ?? TreatMissingData.IGNORE,
  });
  const once = (property: string, members: IAlarmAction[] = []) =>
    onceEach(scope, `${property} of alarm '${id}'`, members, placeIn(members), member => `${property}[${placeIn(members)(member)}]`);
  if (actions) {
    alarm.addAlarmAction(...once('actions', actions));
  } else {
    tellSomebody(alarm);
  }
  alarm.addOkAction(...once('okActions', okActions));
  return alarm;
}
