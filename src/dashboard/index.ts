export * from './license-alarms';
export * from './license-dashboard';
export * from './license-event-message';
export * from './license-widgets';
