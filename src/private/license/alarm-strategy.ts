import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import { copied } from '../validation/copy';
import { lit, refuse } from '../validation/validation';

/**
 * What is said once for the alarms of a scope.
 */
export interface AlarmStrategy {
  readonly alarmNamePrefix?: string;
  readonly alarmDescriptionSuffix?: string;
  readonly actions?: IAlarmAction[];
  readonly okActions?: IAlarmAction[];
}

const STRATEGY = Symbol.for('cdk-license-manager.AlarmStrategy');
const IN_USE = Symbol.for('cdk-license-manager.AlarmStrategy.inUse');

type Marked = IConstruct & { [STRATEGY]?: AlarmStrategy; [IN_USE]?: IConstruct };

/**
 * Says what holds for the alarms at and below a construct. Refuses it when there is one already, which it would not reach.
 */
export function setStrategy(scope: IConstruct, strategy: AlarmStrategy): void {
  const marked: Marked = scope;
  const inUse = marked[IN_USE];
  if (inUse) {
    refuse(scope, lit`LicenseAlarmsInUse`,
      `LicenseAlarms.configure() comes too late: '${inUse.node.path}' is an alarm already, and would not follow it. Call it before the first alarm at or below ` +
      'the scope is made.');
  }
  marked[STRATEGY] = { ...marked[STRATEGY], ...copied(strategy) };
}

/**
 * What holds for an alarm: of each option, what the nearest scope says.
 */
export function strategyOf(alarm: IConstruct): AlarmStrategy {
  let resolved: AlarmStrategy = {};
  for (const scope of alarm.node.scopes as Marked[]) {
    // From here on a change would not reach it any more.
    scope[IN_USE] ??= alarm;
    resolved = { ...resolved, ...scope[STRATEGY] };
  }
  return resolved;
}
