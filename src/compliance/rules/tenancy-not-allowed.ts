import { type ILicenseRule, LicenseRuleSeverity } from '../license-rule';
import { findingsIn, type Found } from './support/parts';
import { licensesIn, tenanciesOf } from './support/tenancy';

/** What is launched on a tenancy that a rule of one of its licenses excludes. */
export const TENANCY_NOT_ALLOWED: ILicenseRule = {
  ruleId: 'TenancyNotAllowed',
  description: 'Nothing is launched, or built, on a tenancy that a rule of its license excludes: License Manager refuses the launch.',
  severity: LicenseRuleSeverity.ERROR,
  source: 'https://docs.aws.amazon.com/license-manager/latest/userguide/license-rules.html',
  fix: 'Change the tenancy, or the allowedTenancy of the license.',
  check: app => findingsIn(app.launches, launch => licensesIn(launch).filter(license => license._hasTenancyRule).flatMap((license): Found[] => {
    const { excluded, isAll, isUnwritten } = tenanciesOf(launch, license);
    if (excluded.length === 0) {
      return [];
    }
    const { isOpen } = launch._facts;
    return [{
      resource: launch.resource,
      location: launch._facts.locations.tenancy,
      message: `License '${license.displayName}' allows only ${license.allowedTenancies!.join(', ')}, and ${isUnwritten
        ? `no tenancy is written${launch.launchTemplate && !isOpen ? `, also not in launch template '${launch.launchTemplate.constructPath}'` : ''}, so that it is ${excluded.join(' or ')}`
        : `the tenancy ${isAll ? 'is' : 'of some of it is'} ${excluded.join(' and ')}`}.`,
      // Who launches from it may say more.
      isAll: isAll && !(isOpen && isUnwritten),
    }];
  })),
};
