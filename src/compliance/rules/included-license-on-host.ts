import { type ILicenseRule, LicenseRuleSeverity } from '../license-rule';
import type { Image } from '../private/images';
import { findingsIn, type Found } from './support/parts';

/** What EC2 does not run on hosts. */
export const INCLUDED_LICENSE_ON_HOST: ILicenseRule = {
  ruleId: 'IncludedLicenseOnHost',
  description: 'No image of SQL Server, Red Hat Enterprise Linux or SUSE Linux Enterprise Server with the license included is launched on a Dedicated Host: of '
    + 'included licenses EC2 lets Windows Server alone run there.',
  severity: LicenseRuleSeverity.ERROR,
  source: 'https://docs.aws.amazon.com/license-manager/latest/userguide/conversion-tenancy.html',
  fix: 'Bring an image and a license of your own, or use another tenancy.',
  check: app => findingsIn(app.launches, (launch): Found[] => {
    const { image, products, isOpen } = launch._facts;
    if (!launch.isOnDedicatedHosts || !image) {
      return [];
    }
    // AWS's parameters of Windows name the edition of SQL Server in the middle: Windows_Server-2022-English-Full-SQL_2022_Standard.
    const isSqlServer = /^\/aws\/service\/ami-windows-latest\/.*-SQL_/.test(image.parameter ?? '') || /^Windows_Server-.*-SQL_/.test(image.name ?? '');
    const isSuse = /^\/aws\/service\/suse\/(?!.*byos)/.test(image.parameter ?? '') || isAmazons(image) && /^suse-(?!.*byos)/i.test(image.name ?? '');
    const product = isSqlServer ? 'SQL Server' : isSuse ? 'SUSE Linux Enterprise Server' : products.find(it => !it._onHostsOnly && it._isIncludedIn(image))?.productName;
    return product === undefined ? [] : [{
      resource: launch.resource,
      location: launch._facts.locations.tenancy,
      message: `It runs ${product} with the license included on a Dedicated Host, as its image is ${image.parameter ?? image.name}.`,
      isAll: !isOpen,
    }];
  }),
};

/** Images of SUSE are published by Amazon. Those with `byos` bring their subscription. */
function isAmazons({ owners }: Image): boolean {
  return owners?.length === 1 && owners[0] === 'amazon';
}
