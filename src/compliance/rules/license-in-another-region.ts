import { type ILicenseRule, LicenseRuleSeverity } from '../license-rule';
import { findingsIn, type Found } from './support/parts';

/** What is launched with a license that is not where it is launched. */
export const LICENSE_IN_ANOTHER_REGION: ILicenseRule = {
  ruleId: 'LicenseInAnotherRegion',
  description: 'What is launched has licenses of its own Region: License Manager has each license in one, and counts nothing across Regions.',
  severity: LicenseRuleSeverity.ERROR,
  source: 'https://docs.aws.amazon.com/license-manager/latest/userguide/self-managed-licenses.html',
  fix: 'Use a license of the Region: make one there, and add the two up by a license asset group.',
  check: app => findingsIn(app.launches, (launch): Found[] => launch.licenses
    .filter(({ _region: region }) => region !== undefined && launch.resource.region !== undefined && region !== launch.resource.region)
    .map(license => ({
      resource: launch.resource,
      location: launch._facts.locations.licenses,
      message: `License '${license.displayName}' is in '${license._region}', and it launches in '${launch.resource.region}'.`,
      isAll: true,
    }))),
};
