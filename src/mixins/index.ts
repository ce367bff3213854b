export * from './distribution-configuration';
export * from './instance';
export * from './launch-template';
