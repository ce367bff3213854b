import { type ILicenseRule, LicenseRuleSeverity } from '../license-rule';
import { licensesIn, tenanciesOf } from './support/tenancy';

/** What is launched where a license that is counted on hosts does not count it. */
export const TENANCY_NOT_COUNTED: ILicenseRule = {
  ruleId: 'TenancyNotCounted',
  description: 'What has a license that is counted by core or by socket runs on Dedicated Hosts, where License Manager counts it.',
  severity: LicenseRuleSeverity.WARNING,
  source: 'https://docs.aws.amazon.com/license-manager/latest/userguide/license-rules.html',
  fix: 'Launch it on Dedicated Hosts, or count by vCPU or by instance.',
  check: app => app.launches.flatMap(launch => licensesIn(launch)
    .filter(license => !license._hasTenancyRule && tenanciesOf(launch, license).excluded.length > 0)
    .map(license => ({
      resource: launch.resource,
      location: launch._facts.locations.tenancy,
      message: `License '${license.displayName}' is counted by '${license.licenseCountingType}', and the tenancy is ` +
        `${tenanciesOf(launch, license).excluded.join(' or ')}: nothing is counted there.`,
    }))),
};
