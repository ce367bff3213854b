export * from './custom-resource';
export * from './license-configuration';
export * as mixins from './mixins';
