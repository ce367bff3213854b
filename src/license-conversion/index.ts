export * from './license-conversion-path';
export * from './license-conversion-role';
export * from './license-conversion-workflow';
export * from './license-conversion-workflow-grants';
export * from './license-type';
