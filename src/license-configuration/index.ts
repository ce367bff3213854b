export * from './license-configuration-association';
