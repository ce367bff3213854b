export * from './host-licenses';
export * from './host-resource-group';
export * from './host-resource-group-grants';
