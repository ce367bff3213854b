import { type ILicenseRule, LicenseRuleSeverity } from '../license-rule';
import { asksForLicense, isDiscovered } from './support/products';

/** Products that are brought along on hosts, and nobody counts: Windows Server. */
export const WINDOWS_ON_HOST_WITHOUT_LICENSE: ILicenseRule = {
  ruleId: 'WindowsOnHostWithoutLicense',
  description: 'Windows Server on a Dedicated Host has a self-managed license: on hosts it is what you bring, unless the image is one with the license included.',
  severity: LicenseRuleSeverity.WARNING,
  source: 'https://docs.aws.amazon.com/license-manager/latest/userguide/conversion-tenancy.html',
  fix: 'Give it a license (mixins.InstanceLicenses, mixins.LaunchTemplateLicenses, or an association of the AMI), or acknowledge it if the license of Windows is '
    + 'included.',
  check: app => app.launches
    .filter(({ isOnDedicatedHosts, licenses, _facts: { mayHaveMore, hostResourceGroup } }) =>
      isOnDedicatedHosts && licenses.length === 0 && !mayHaveMore && !asksForLicense(hostResourceGroup))
    .flatMap(launch => launch._facts.products
      .filter(product => product._onHostsOnly && !isDiscovered(app, launch.resource, product))
      .map(product => ({
        resource: launch.resource,
        location: launch._facts.locations.licenses,
        message: `It runs ${product.productName} on Dedicated Hosts, as its image is ${launch.imageParameter ?? launch.imageName ?? launch.imageId}, and has no license.`,
      }))),
};
