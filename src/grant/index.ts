export * from './grant';
export * from './grant-grants';
export * from './grant-principal';
