/*
 * Directories, users and instances, behind the function's back.
 */
import type { Bench } from './licenses';
import type { LocalAws } from '../../local-aws/local-aws';
import { callRest } from '../../support/requests';

export const SERVICE = 'license-manager-user-subscriptions';
export const DIRECTORY = 'd-9067000001';
export const PROVIDER = { ActiveDirectoryIdentityProvider: { DirectoryId: DIRECTORY } };
export const OFFICE = 'OFFICE_PROFESSIONAL_PLUS';
export const RDS = 'REMOTE_DESKTOP_SERVICES';
export const SETTINGS = { Subnets: ['subnet-00000001', 'subnet-00000002'], SecurityGroupId: 'sg-00000001' };
export const STACK_ID = 'cdk-license-manager:stack-id';

/** Calls an operation of user-based subscriptions. */
export function call(localAws: LocalAws, path: string, body: object): Promise<any> {
  return callRest(localAws, SERVICE, 'POST', path, body);
}

/** Registers a directory, and waits for it. */
export async function register(localAws: LocalAws, product: string, more: object = {}): Promise<string> {
  const { IdentityProviderSummary } = await call(localAws, '/identity-provider/RegisterIdentityProvider', {
    IdentityProvider: PROVIDER, Product: product, ...product.startsWith('OFFICE') ? { Settings: SETTINGS } : {}, ...more,
  });
  await settle(localAws);
  await localAws.clearCalls();
  return IdentityProviderSummary.IdentityProviderArn;
}

/** Lets what is in progress come to its end: the lists bring it on. */
export async function settle(localAws: LocalAws): Promise<void> {
  for (let read = 0; read < 3; read++) {
    await call(localAws, '/identity-provider/ListIdentityProviders', {});
    await call(localAws, '/user/ListProductSubscriptions', { IdentityProvider: PROVIDER });
    const { InstanceSummaries = [] } = await call(localAws, '/instance/ListInstances', {});
    for (const { InstanceId } of InstanceSummaries) {
      await call(localAws, '/user/ListUserAssociations', { InstanceId, IdentityProvider: PROVIDER });
    }
  }
}

/** Subscribes a user to a product, by hand or as a stack. */
export async function subscribe(localAws: LocalAws, username: string, product: string, stackId?: string): Promise<string> {
  const { ProductUserSummary } = await call(localAws, '/user/StartProductSubscription', {
    Username: username, Product: product, IdentityProvider: PROVIDER, ...stackId === undefined ? {} : { Tags: { [STACK_ID]: stackId } },
  });
  await settle(localAws);
  await localAws.clearCalls();
  return ProductUserSummary.ProductUserArn;
}

/** Associates a user with an instance, by hand. */
export async function associate(localAws: LocalAws, username: string, instanceId: string): Promise<void> {
  await call(localAws, '/user/AssociateUser', { Username: username, InstanceId: instanceId, IdentityProvider: PROVIDER });
  await settle(localAws);
  await localAws.clearCalls();
}

/** What the function has written, in the order of its calls. */
export async function writesOf(bench: Bench): Promise<string[]> {
  return (await bench.localAws.calls({ service: SERVICE })).filter(({ operation }) => !/^List/.test(operation))
    .map(({ operation, parameters: { Username } }) => [operation, Username].filter(Boolean).join(' '));
}
