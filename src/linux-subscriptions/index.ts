export * from './rhsm-secret';
export * from './subscription-provider';
export * from './subscription-provider-grants';
