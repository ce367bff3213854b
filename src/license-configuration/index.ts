export * from './license-configuration-association';
export * from './license-share';
