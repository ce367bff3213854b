export * from './grant';
export * from './grant-acceptance';
export * from './grant-grants';
export * from './grant-principal';
