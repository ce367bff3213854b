/*
 * What does not compile about custom resources: `tsc -p test/tsconfig.json` fails where something here does.
 */
import { define, ON_ANYTHING } from '../../src/custom-resource/contract/definition';
import type { DEFINITIONS } from '../../src/custom-resource/contract/definitions';
import { object, oneOf, optional, text } from '../../src/custom-resource/contract/shape';
import { licenseConfigurationStatus as definition } from '../../src/custom-resource/contract/types/license-configuration-status';
import { known } from '../../src/custom-resource/handler/kinds/known';
import type { ManagedType } from '../../src/custom-resource/handler/managed-type';
import { deleteLicenseConfiguration, getLicenseConfiguration, listLicenseConfigurations } from '../../src/custom-resource/handler/operations/license-manager';
import { licenseConfigurationStatus } from '../../src/custom-resource/handler/types/license-configuration-status';

export const handler: ManagedType<typeof definition> = {
  ...known(definition),
  async read({ aws, declared }) {
    await aws.call(getLicenseConfiguration, { LicenseConfigurationArn: declared!.LicenseConfigurationArn });
    // @ts-expect-error The definition does not list the operation, so that the function would not be permitted.
    await aws.call(deleteLicenseConfiguration, { LicenseConfigurationArn: declared!.LicenseConfigurationArn });
    // @ts-expect-error Nor does it list this one.
    aws.list(listLicenseConfigurations, {});
    // @ts-expect-error A member that the operation does not have.
    await aws.call(getLicenseConfiguration, { Arn: declared!.LicenseConfigurationArn });
    // @ts-expect-error The shape has no such property.
    return declared!.Arn;
  },
  compare: () => undefined,
  write: () => Promise.resolve(),
};

// @ts-expect-error A type without a handler.
export const handlers: { readonly [N in keyof typeof DEFINITIONS]: ManagedType<typeof DEFINITIONS[N]> } = { licenseConfigurationStatus };

export const identified = define({
  type: 'Custom::LicenseManagerExample',
  properties: object({ Arn: text, Scope: optional(oneOf('one', 'other')) }),
  // @ts-expect-error A property that the shape does not have.
  identity: { by: ['Name'] },
  actions: { 'service:Get': ON_ANYTHING },
});

export const named = define({
  type: 'Custom::LicenseManagerExample',
  properties: object({ Arn: text }),
  // @ts-expect-error A property that the shape does not have.
  actions: { 'service:Get': { arns: ({ Name }) => Name } },
});

// @ts-expect-error A name that is not one of this library.
export const foreign = define({ type: 'Custom::Example', properties: object({}), actions: {} });
