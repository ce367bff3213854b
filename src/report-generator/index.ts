export * from './report-generator';
export * from './report-generator-grants';
export * from './usage-report';
