export * from './configuration';
export * from './provisioning';
