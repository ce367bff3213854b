import { type ILicenseRule, LicenseRuleSeverity } from '../license-rule';
import { acts, ALARM, watchesLicenses } from './support/notices';

/** Alarms on licenses that tell nobody. */
export const ALARM_WITHOUT_ACTION: ILicenseRule = {
  ruleId: 'AlarmWithoutAction',
  description: 'An alarm on a metric of License Manager does something when it goes off, by itself or as a part of a composite alarm.',
  severity: LicenseRuleSeverity.WARNING,
  source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html',
  fix: 'Give it actions, declare ServiceSettings with a topic for its account and Region, in this stack or with a name, or acknowledge it.',
  check: app => app.resourcesOfType(ALARM)
    .filter(alarm => watchesLicenses(alarm) && !acts(app, alarm))
    .map(alarm => ({ resource: alarm, location: 'Properties.AlarmActions', message: 'The alarm watches licenses, and has no action for when it goes off: it tells nobody.' })),
};
