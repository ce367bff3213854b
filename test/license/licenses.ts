import { Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { ConsumptionConfiguration, Entitlement, License, LicenseValidity } from '../../src';
import type { LicenseProps } from '../../src';

export const LICENSE_ARN = 'arn:aws:license-manager::111122223333:license:l-0123456789abcdef0123456789abcdef';
export const LICENSE_TYPE = 'AWS::LicenseManager::License';

/** A seller-issued license with what it has to have. */
export function issue(stack: Stack, props: Partial<LicenseProps> = {}, id = 'License'): License {
  return new License(stack, id, {
    productName: 'Example',
    productSku: 'example',
    issuerName: 'issuer',
    beneficiary: 'customer',
    validity: LicenseValidity.between(new Date('2026-01-01T00:00:00Z'), new Date('2099-01-01T00:00:00Z')),
    entitlements: [Entitlement.counted('Seats', { maxCount: 10 })],
    consumptionConfiguration: ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.hours(1) }),
    ...props,
  });
}
