export * from './consumption-configuration';
export * from './entitlement';
export * from './license';
export * from './license-grants';
export * from './license-manager-events';
export * from './license-validity';
