export * from './usage-export';
export * from './usage-export-grants';
export * from './usage-resource-type';
