export * from './license-conversion-path';
export * from './license-type';
