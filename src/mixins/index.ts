export * from './bucket';
export * from './distribution-configuration';
export * from './host-resource-group-placement';
export * from './instance';
export * from './launch-template';
