export * from './license-configuration';
export * from './license-configuration-association';
export * from './license-configuration-events';
export * from './license-configuration-grants';
export * from './license-configuration-metrics';
export * from './license-counting';
export * from './license-share';
export * from './product-information';
