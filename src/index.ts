export * from './custom-resource';
export * from './grant';
export * from './host-resource-group';
export * from './license';
export * from './license-asset-group';
export * from './license-configuration';
export * from './linux-subscriptions';
export * as mixins from './mixins';
export * from './user-subscriptions';
