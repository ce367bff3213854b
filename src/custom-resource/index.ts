export * from './construct/configuration';
export { ProvisionedType, Provisioning, ProvisioningInjector } from './construct/provisioning';
export type { ProvisioningInjectorOptions } from './construct/provisioning';
