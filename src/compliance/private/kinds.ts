import { implementing, listOf, ofClass } from '../../private/validation/given';

/** Rules, of this library or of whoever. */
export const RULES = listOf(implementing('ILicenseRule', 'check', 'Extend LicenseRule, or implement the interface.'));
export const PRODUCTS = listOf(ofClass('GovernedProduct'));
