export * from './linux-subscription';
export * from './linux-subscriptions-metrics';
export * from './linux-subscriptions-settings';
export * from './rhsm-secret';
export * from './subscription-provider';
export * from './subscription-provider-grants';
