import { type ILicenseRule, LicenseRuleSeverity } from '../license-rule';
import { asksForLicense, isDiscovered } from './support/products';

/** Products whose licenses somebody asks for, and nobody counts. */
export const PRODUCT_WITHOUT_LICENSE: ILicenseRule = {
  ruleId: 'ProductWithoutLicense',
  description: 'An instance, or a fleet, that runs a governed product has a self-managed license, or one that discovers the product.',
  severity: LicenseRuleSeverity.WARNING,
  source: 'https://docs.aws.amazon.com/license-manager/latest/userguide/automated-discovery.html',
  fix: 'Give it a license (mixins.InstanceLicenses, mixins.LaunchTemplateLicenses, or an association of the AMI), let a license discover the product '
    + '(productInformation), or acknowledge it if the license is included.',
  check: app => app.launches
    .filter(({ licenses, _facts: { mayHaveMore, hostResourceGroup } }) => licenses.length === 0 && !mayHaveMore && !asksForLicense(hostResourceGroup))
    .flatMap(launch => launch._facts.products
      .filter(product => !product._onHostsOnly && !product._isIncludedIn(launch._facts.image!) && !isDiscovered(app, launch.resource, product))
      .map(product => ({
        resource: launch.resource,
        location: launch._facts.locations.licenses,
        message: `It runs ${product.productName}, as its image is ${launch.imageParameter ?? launch.imageName ?? launch.imageId}, and has no license.`,
      }))),
};
