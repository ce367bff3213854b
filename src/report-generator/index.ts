export * from './report-generator';
export * from './report-generator-grants';
export * from './report-generator-location';
export * from './report-generator-location-grants';
export * from './usage-report';
