export * from './core-pack';
export * from './license-terms';
export * from './machine-size';
