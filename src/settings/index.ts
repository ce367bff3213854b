export * from './cross-account-discovery';
export * from './delegated-administrator';
export * from './license-manager-bucket';
export * from './license-manager-topic';
export * from './organization-sharing';
export * from './service-linked-role';
export * from './service-settings';
