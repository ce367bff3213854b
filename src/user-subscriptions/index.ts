export * from './license-server-credentials';
export * from './license-server-endpoint';
export * from './license-server-endpoint-grants';
export * from './license-server-network';
export * from './user-subscription-events';
