export * from './linux-subscription-tracking';
export * from './organization-hub';
export * from './organization-member';
export * from './organization-region';
export * from './remote-desktop-licensing';
export * from './software-product';
