export * from './construct/configuration';
export * from './construct/provisioning';
