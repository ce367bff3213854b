export * from './aws-managed-rule-set';
export * from './license-asset-group';
export * from './license-asset-group-grants';
export * from './license-asset-group-metrics';
export * from './license-asset-rule';
export * from './license-asset-rule-set';
export * from './license-asset-rule-set-grants';
export * from './usage-dimension';
