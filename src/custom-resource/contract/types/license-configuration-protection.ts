import { define } from '../definition';
import { object, text } from '../shape';

/**
 * What keeps CloudFormation from replacing a self-managed license: it comes before the license, and its update fails if the terms are others.
 *
 * It has no identity: it is the same one whatever the terms are.
 */
export const licenseConfigurationProtection = define({
  type: 'Custom::LicenseManagerLicenseConfigurationProtection',
  properties: object({
    /** By what CloudFormation replaces the license, as JSON. */
    Terms: text,
  }),
  actions: {},
});
