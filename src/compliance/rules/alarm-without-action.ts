import { type ILicenseRule, LicenseRuleSeverity } from '../license-rule';
import { acts, ALARM } from './support/notices';

/** Where License Manager writes its metrics. */
const NAMESPACE = /"(AWSLicenseManager\/licenseUsage|AWS\/LicenseManager\/LinuxSubscriptions)"/;

/** Alarms on licenses that tell nobody. */
export const ALARM_WITHOUT_ACTION: ILicenseRule = {
  ruleId: 'AlarmWithoutAction',
  description: 'An alarm on a metric of License Manager does something, by itself or as a part of a composite alarm.',
  severity: LicenseRuleSeverity.WARNING,
  source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html',
  fix: 'Give it actions, declare ServiceSettings with a topic for its account and Region, in this stack or with a name, or acknowledge it.',
  check: app => app.resourcesOfType(ALARM)
    .filter(alarm => NAMESPACE.test(JSON.stringify([alarm.properties.Namespace, alarm.properties.Metrics])) && !acts(app, alarm))
    .map(alarm => ({ resource: alarm, location: 'Properties.AlarmActions', message: 'The alarm watches licenses, and has no action: it tells nobody.' })),
};
