export * from './consumption-configuration';
export * from './entitlement';
export * from './license';
export * from './license-consumption-role';
export * from './license-grants';
export * from './license-manager-events';
export * from './license-token';
export * from './license-validity';
