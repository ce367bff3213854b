export * from './agent-core-capacity-provider';
export * from './bucket';
export * from './distribution-configuration';
export * from './instance';
export * from './launch-template';
export * from './workspace-instance';
