import { Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { isUnknown } from '../identity/reference';

/**
 * Where people find the console, by the partition of their Region.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/mgmt-console.html
 */
const DOMAINS: { readonly [partition: string]: string } = {
  'aws': 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/**
 * The address of a service in the console; nothing for a Region that is not known, and where the address is not.
 *
 * @param region  the Region
 * @param service the service, as its addresses have it: 'license-manager'
 */
export function consoleAddress(region: string, service: string): string | undefined {
  const domain = isUnknown(region) || Token.isUnresolved(region) ? undefined : DOMAINS[RegionInfo.get(region).partition ?? ''];
  return domain && `https://${domain}/${service}/home?region=${region}`;
}

/**
 * Where to look for something, in words, and by a link if there is one.
 *
 * @param region the Region
 * @param page   the page, as the console names it: 'Self-managed licenses'
 */
export function whereToLook(region: string, page: string): string {
  const address = consoleAddress(region, 'license-manager');
  return `Look at ${page} in the console of AWS License Manager${address ? `: ${address}` : '.'}`;
}
