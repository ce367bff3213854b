import { type ILicenseRule, LicenseRuleSeverity } from '../license-rule';
import { findingsIn, type Found } from './support/parts';
import { UNKNOWN } from '../private/launch-facts';

/** Spot Instances where there are none. */
export const SPOT_ON_DEDICATED_HOST: ILicenseRule = {
  ruleId: 'SpotOnDedicatedHost',
  description: 'No Spot Instances are asked for on Dedicated Hosts, or with a license that allows nothing else: EC2 has none there.',
  severity: LicenseRuleSeverity.ERROR,
  source: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SpotPlacement.html',
  fix: 'Launch On-Demand Instances, or change the tenancy.',
  check: app => findingsIn(app.launches, (launch): Found[] => {
    const { spot, tenancies, isOpen } = launch._facts;
    const license = launch.licenses.find(({ allowedTenancies: allowed, _hasTenancyRule: isRule }) => isRule && allowed?.every(name => name === 'EC2-DedicatedHost'));
    if (spot !== 'all' && spot !== 'some') {
      return [];
    }
    const isOnHost = tenancies.includes('host');
    // Another tenancy is the matter of another rule.
    const isByLicense = license !== undefined && tenancies.every(tenancy => tenancy === UNKNOWN);
    return !isOnHost && !isByLicense ? [] : [{
      resource: launch.resource,
      message: `${spot === 'all' ? 'It launches Spot Instances' : 'Some of what it launches are Spot Instances'}, and ${isOnHost
        ? 'the tenancy is \'host\'' : `license '${license!.displayName}' allows only EC2-DedicatedHost`}.`,
      isAll: spot === 'all' && !isOpen && (isByLicense || launch.isOnDedicatedHosts),
    }];
  }),
};
