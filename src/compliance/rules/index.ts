import { ALARM_WITHOUT_ACTION } from './alarm-without-action';
import { CONVERSION_TARGET_IMPOSSIBLE } from './conversion-target-impossible';
import { DATABASE_WITHOUT_LICENSE } from './database-without-license';
import { EXPIRY_WITHOUT_NOTICE } from './expiry-without-notice';
import { FLEET_EXCEEDS_HARD_LIMIT } from './fleet-exceeds-hard-limit';
import { HOST_FAMILY_NOT_ALLOWED } from './host-family-not-allowed';
import { INCLUDED_LICENSE_ON_HOST } from './included-license-on-host';
import { INSTANCE_SIZE_NOT_ALLOWED } from './instance-size-not-allowed';
import { LICENSE_IN_ANOTHER_REGION } from './license-in-another-region';
import { LIMIT_WITHOUT_NOTICE } from './limit-without-notice';
import { LIMIT_WITHOUT_REPORT } from './limit-without-report';
import { PRODUCT_WITHOUT_LICENSE } from './product-without-license';
import { SPOT_ON_DEDICATED_HOST } from './spot-on-dedicated-host';
import { TENANCY_NOT_ALLOWED } from './tenancy-not-allowed';
import { TENANCY_NOT_COUNTED } from './tenancy-not-counted';
import { TYPE_NOT_IN_REGION } from './type-not-in-region';
import { UNUSED_LICENSE } from './unused-license';
import { WINDOWS_ON_HOST_WITHOUT_LICENSE } from './windows-on-host-without-license';
import type { ILicenseRule } from '../license-rule';

/** What is about licenses of whatever product. */
export const OF_ALL: readonly ILicenseRule[] = [
  LICENSE_IN_ANOTHER_REGION,
  TENANCY_NOT_ALLOWED, TENANCY_NOT_COUNTED, SPOT_ON_DEDICATED_HOST, INSTANCE_SIZE_NOT_ALLOWED, FLEET_EXCEEDS_HARD_LIMIT,
  HOST_FAMILY_NOT_ALLOWED, LIMIT_WITHOUT_NOTICE, EXPIRY_WITHOUT_NOTICE, ALARM_WITHOUT_ACTION,
  LIMIT_WITHOUT_REPORT, UNUSED_LICENSE, TYPE_NOT_IN_REGION,
];

/** What is about products on instances. */
export const OF_PRODUCTS: readonly ILicenseRule[] = [PRODUCT_WITHOUT_LICENSE, INCLUDED_LICENSE_ON_HOST];

export const OF_WINDOWS: readonly ILicenseRule[] = [WINDOWS_ON_HOST_WITHOUT_LICENSE];
export const OF_CONVERSIONS: readonly ILicenseRule[] = [CONVERSION_TARGET_IMPOSSIBLE];
export const OF_DATABASES: readonly ILicenseRule[] = [DATABASE_WITHOUT_LICENSE];
