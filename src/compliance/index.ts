export * from './governed-product';
export * from './license-compliance';
export * from './license-rule';
export * from './license-rule-pack';
export * from './synthesized-app';
export * from './synthesized-launch';
export * from './synthesized-license';
export * from './synthesized-resource';
