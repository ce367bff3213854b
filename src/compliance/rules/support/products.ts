import type { GovernedProduct } from '../../governed-product';
import type { SynthesizedApp } from '../../synthesized-app';
import type { SynthesizedResource } from '../../synthesized-resource';

/** The names of filters of automated discovery that name what is found. */
const NAMES = ['Application Name', 'Platform Name', 'Engine Edition', 'License Pack'];

/**
 * Whether a license of the app discovers a product where a resource is, so that what runs there is counted without being named.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/automated-discovery.html
 */
export function isDiscovered(app: SynthesizedApp, resource: SynthesizedResource, product: GovernedProduct): boolean {
  return app.licenses.some(license => license.resource?._isNear(resource)
    && license._products.some(({ filters }) => NAMES.some(name => filters.get(name)?.some(value => product._isCalled(value)))));
}

/** Whether a host resource group asks for a license, so that nothing is launched into it without one. */
export function asksForLicense(group: SynthesizedResource | undefined): boolean {
  const text = JSON.stringify(group?.properties.Configuration ?? {});
  return /"(allowed-host-based-license-configurations|any-host-based-license-configuration)"/.test(text);
}
