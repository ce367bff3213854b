export * from './custom-resource';
export * from './host-resource-group';
export * from './license-configuration';
export * as mixins from './mixins';
