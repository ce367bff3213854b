import { type ILicenseRule, LicenseRuleSeverity } from '../license-rule';
import { hasTopic, remindedLicenses } from './support/notices';

/** Licenses that expire without anybody hearing of it. */
export const EXPIRY_WITHOUT_NOTICE: ILicenseRule = {
  ruleId: 'ExpiryWithoutNotice',
  description: 'Somebody is told before a self-managed license expires: License Manager tells the topic of its settings, 120 days before and later, and a LicenseExpiryReminder tells its own.',
  severity: LicenseRuleSeverity.WARNING,
  source: 'https://docs.aws.amazon.com/license-manager/latest/userguide/create-license-configuration.html',
  fix: 'Declare ServiceSettings with a topic for the account and the Region, add a reminder with a topic (addExpiryReminder), or acknowledge it if the settings have one.',
  check: app => {
    const isReminded = remindedLicenses(app);
    return app.licenses.filter(license => license.resource?._hasForCertain('LicenseExpiry') && !hasTopic(app, license) && !isReminded(license)).map(license => ({
      resource: license.resource!,
      location: 'Properties.LicenseExpiry',
      message: 'The licenses expire, and this app names nobody who is told of it.',
    }));
  },
};
