import { type ILicenseRule, LicenseRuleSeverity } from '../license-rule';
import { hasAlarmThatActs, hasTopic } from './support/notices';

/** Limits of which nobody hears. */
export const LIMIT_WITHOUT_NOTICE: ILicenseRule = {
  ruleId: 'LimitWithoutNotice',
  description: 'Somebody is told when a limit of licenses is reached: by the topic of the settings of License Manager, or by an alarm.',
  severity: LicenseRuleSeverity.WARNING,
  source: 'https://docs.aws.amazon.com/license-manager/latest/userguide/settings-managed-licenses.html',
  fix: 'Declare ServiceSettings with a topic for the account and the Region, or give the license an alarm with an action (addUsageAlarm), or acknowledge it if the '
    + 'settings have a topic.',
  check: app => app.licenses
    // A limit of none says that nothing may be launched, and there is nothing to be told.
    .filter(license => license.resource?._hasForCertain('LicenseCount') && license.licenseCount !== 0 && !hasTopic(app, license) && !hasAlarmThatActs(app, license))
    .map(license => ({
      resource: license.resource!,
      location: 'Properties.LicenseCount',
      message: license.hasHardLimit
        ? `The limit of ${license.licenseCount ?? 'its'} licenses is a hard one, over which launches are refused, and nobody is told before.`
        : `The limit of ${license.licenseCount ?? 'its'} licenses can be exceeded, and nobody is told.`,
    })),
};
