import { BOOLEAN, bySchema, inQuery, label, listOf, mapOf, STRING, structure } from '../clients/schema';
import { USER_SUBSCRIPTIONS } from '../clients/service';

/*
 * The operations of user-based subscriptions.
 */

const IDENTITY_PROVIDER = structure({
  ActiveDirectoryIdentityProvider: structure({
    DirectoryId: STRING,
    ActiveDirectoryType: STRING,
    IsSharedActiveDirectory: BOOLEAN,
    ActiveDirectorySettings: structure({
      DomainName: STRING,
      DomainIpv4List: listOf(STRING),
      DomainIpv6List: listOf(STRING),
      DomainCredentialsProvider: structure({ SecretsManagerCredentialsProvider: structure({ SecretId: STRING }) }),
      DomainNetworkSettings: structure({ Subnets: listOf(STRING) }),
    }),
  }),
});
const SETTINGS = structure({ Subnets: listOf(STRING), SecurityGroupId: STRING });
const PROVIDER = structure({
  IdentityProvider: IDENTITY_PROVIDER, Settings: SETTINGS, Product: STRING, Status: STRING, IdentityProviderArn: STRING, FailureMessage: STRING,
});
const PRODUCT_USER = structure({
  Username: STRING, Product: STRING, Status: STRING, ProductUserArn: STRING, StatusMessage: STRING, Domain: STRING,
});
const INSTANCE_USER = structure({
  Username: STRING, InstanceId: STRING, Status: STRING, InstanceUserArn: STRING, StatusMessage: STRING, Domain: STRING,
});
const INSTANCE = structure({
  InstanceId: STRING, Status: STRING, StatusMessage: STRING, Products: listOf(STRING), IdentityProvider: IDENTITY_PROVIDER,
});
const ENDPOINT = structure({ IdentityProviderArn: STRING, LicenseServerEndpointArn: STRING, LicenseServerEndpointProvisioningStatus: STRING });
const PAGE = { NextToken: STRING };

/** What the lists say of something. */
type Of<F> = F extends { readonly type?: infer T } ? T : never;
export type IdentityProviderSummary = Of<typeof PROVIDER>;
export type ProductUserSummary = Of<typeof PRODUCT_USER>;
export type InstanceUserSummary = Of<typeof INSTANCE_USER>;
export type InstanceSummary = Of<typeof INSTANCE>;
export type LicenseServerEndpoint = Of<typeof ENDPOINT>;
export type IdentityProvider = Of<typeof IDENTITY_PROVIDER>;

/** A directory, as requests name it. */
export function directoryOf(DirectoryId: string): IdentityProvider {
  return { ActiveDirectoryIdentityProvider: { DirectoryId } };
}

/** What texts call a directory. */
export function directoryName(provider: IdentityProvider | undefined): string {
  const { DirectoryId, ActiveDirectorySettings } = provider?.ActiveDirectoryIdentityProvider ?? {};
  return DirectoryId ?? ActiveDirectorySettings?.DomainName ?? 'the directory';
}

/** @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_RegisterIdentityProvider.html */
export const registerIdentityProvider = bySchema(USER_SUBSCRIPTIONS, 'license-manager-user-subscriptions:RegisterIdentityProvider', {
  http: 'POST /identity-provider/RegisterIdentityProvider',
  input: { IdentityProvider: IDENTITY_PROVIDER, Product: STRING, Settings: SETTINGS, Tags: mapOf(STRING) },
  output: { IdentityProviderSummary: PROVIDER },
  about: ({ IdentityProvider, Product }) => `${directoryName(IdentityProvider)} for ${Product}`,
});

/**
 * It adds and removes: one whose answer is lost is looked for, and not sent again as it is.
 *
 * @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_UpdateIdentityProviderSettings.html
 */
export const updateIdentityProviderSettings = bySchema(USER_SUBSCRIPTIONS, 'license-manager-user-subscriptions:UpdateIdentityProviderSettings', {
  http: 'POST /identity-provider/UpdateIdentityProviderSettings',
  input: {
    IdentityProviderArn: STRING,
    UpdateSettings: structure({ AddSubnets: listOf(STRING), RemoveSubnets: listOf(STRING), SecurityGroupId: STRING }),
  },
  output: { IdentityProviderSummary: PROVIDER },
  about: ({ IdentityProviderArn }) => IdentityProviderArn!,
  once: true,
});

/** @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_DeregisterIdentityProvider.html */
export const deregisterIdentityProvider = bySchema(USER_SUBSCRIPTIONS, 'license-manager-user-subscriptions:DeregisterIdentityProvider', {
  http: 'POST /identity-provider/DeregisterIdentityProvider',
  input: { IdentityProviderArn: STRING },
  output: { IdentityProviderSummary: PROVIDER },
  about: ({ IdentityProviderArn }) => IdentityProviderArn!,
});

/** @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_ListIdentityProviders.html */
export const listIdentityProviders = {
  ...bySchema(USER_SUBSCRIPTIONS, 'license-manager-user-subscriptions:ListIdentityProviders', {
    http: 'POST /identity-provider/ListIdentityProviders',
    input: PAGE,
    output: { IdentityProviderSummaries: listOf(PROVIDER), NextToken: STRING },
    about: () => 'the account',
  }),
  items: ({ IdentityProviderSummaries }: { readonly IdentityProviderSummaries?: readonly IdentityProviderSummary[] }) => IdentityProviderSummaries,
};

/**
 * It is not idempotent, and each subscription is billed: one whose answer is lost is looked for, and not asked for again.
 *
 * @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_StartProductSubscription.html
 */
export const startProductSubscription = bySchema(USER_SUBSCRIPTIONS, 'license-manager-user-subscriptions:StartProductSubscription', {
  http: 'POST /user/StartProductSubscription',
  input: { Username: STRING, IdentityProvider: IDENTITY_PROVIDER, Product: STRING, Domain: STRING, Tags: mapOf(STRING) },
  output: { ProductUserSummary: PRODUCT_USER },
  about: ({ Username, Product }) => `${Username} for ${Product}`,
  once: true,
});

/** @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_StopProductSubscription.html */
export const stopProductSubscription = bySchema(USER_SUBSCRIPTIONS, 'license-manager-user-subscriptions:StopProductSubscription', {
  http: 'POST /user/StopProductSubscription',
  input: { ProductUserArn: STRING },
  output: { ProductUserSummary: PRODUCT_USER },
  about: ({ ProductUserArn }) => ProductUserArn!,
});

/** @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_ListProductSubscriptions.html */
export const listProductSubscriptions = {
  ...bySchema(USER_SUBSCRIPTIONS, 'license-manager-user-subscriptions:ListProductSubscriptions', {
    http: 'POST /user/ListProductSubscriptions',
    input: { IdentityProvider: IDENTITY_PROVIDER, Product: STRING, ...PAGE },
    output: { ProductUserSummaries: listOf(PRODUCT_USER), NextToken: STRING },
    about: ({ IdentityProvider, Product }) => `${directoryName(IdentityProvider)} for ${Product}`,
  }),
  items: ({ ProductUserSummaries }: { readonly ProductUserSummaries?: readonly ProductUserSummary[] }) => ProductUserSummaries,
};

/** @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_AssociateUser.html */
export const associateUser = bySchema(USER_SUBSCRIPTIONS, 'license-manager-user-subscriptions:AssociateUser', {
  http: 'POST /user/AssociateUser',
  input: { Username: STRING, InstanceId: STRING, IdentityProvider: IDENTITY_PROVIDER, Domain: STRING, Tags: mapOf(STRING) },
  output: { InstanceUserSummary: INSTANCE_USER },
  about: ({ Username, InstanceId }) => `${Username} with ${InstanceId}`,
});

/** @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_DisassociateUser.html */
export const disassociateUser = bySchema(USER_SUBSCRIPTIONS, 'license-manager-user-subscriptions:DisassociateUser', {
  http: 'POST /user/DisassociateUser',
  input: { InstanceUserArn: STRING },
  output: { InstanceUserSummary: INSTANCE_USER },
  about: ({ InstanceUserArn }) => InstanceUserArn!,
});

/** @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_ListUserAssociations.html */
export const listUserAssociations = {
  ...bySchema(USER_SUBSCRIPTIONS, 'license-manager-user-subscriptions:ListUserAssociations', {
    http: 'POST /user/ListUserAssociations',
    input: { InstanceId: STRING, IdentityProvider: IDENTITY_PROVIDER, ...PAGE },
    output: { InstanceUserSummaries: listOf(INSTANCE_USER), NextToken: STRING },
    about: ({ InstanceId }) => InstanceId!,
  }),
  items: ({ InstanceUserSummaries }: { readonly InstanceUserSummaries?: readonly InstanceUserSummary[] }) => InstanceUserSummaries,
};

/** @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_ListInstances.html */
export const listInstances = {
  ...bySchema(USER_SUBSCRIPTIONS, 'license-manager-user-subscriptions:ListInstances', {
    http: 'POST /instance/ListInstances',
    input: PAGE,
    output: { InstanceSummaries: listOf(INSTANCE), NextToken: STRING },
    about: () => 'the account',
  }),
  items: ({ InstanceSummaries }: { readonly InstanceSummaries?: readonly InstanceSummary[] }) => InstanceSummaries,
};

/** @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_ListLicenseServerEndpoints.html */
export const listLicenseServerEndpoints = {
  ...bySchema(USER_SUBSCRIPTIONS, 'license-manager-user-subscriptions:ListLicenseServerEndpoints', {
    http: 'POST /license-server/ListLicenseServerEndpoints',
    input: PAGE,
    output: { LicenseServerEndpoints: listOf(ENDPOINT), NextToken: STRING },
    about: () => 'the account',
  }),
  items: ({ LicenseServerEndpoints }: { readonly LicenseServerEndpoints?: readonly LicenseServerEndpoint[] }) => LicenseServerEndpoints,
};

/** @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_ListTagsForResource.html */
export const listUserSubscriptionTags = bySchema(USER_SUBSCRIPTIONS, 'license-manager-user-subscriptions:ListTagsForResource', {
  http: 'GET /tags/{ResourceArn}', input: { ResourceArn: label(STRING) }, output: { Tags: mapOf(STRING) }, about: ({ ResourceArn }) => ResourceArn!,
});

/** @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_TagResource.html */
export const tagUserSubscription = bySchema(USER_SUBSCRIPTIONS, 'license-manager-user-subscriptions:TagResource', {
  http: 'PUT /tags/{ResourceArn}',
  input: { ResourceArn: label(STRING), Tags: mapOf(STRING) },
  output: {},
  about: ({ ResourceArn }) => ResourceArn!,
});

/** @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_UntagResource.html */
export const untagUserSubscription = bySchema(USER_SUBSCRIPTIONS, 'license-manager-user-subscriptions:UntagResource', {
  http: 'DELETE /tags/{ResourceArn}',
  input: { ResourceArn: label(STRING), TagKeys: inQuery('tagKeys', listOf(STRING)) },
  output: {},
  about: ({ ResourceArn }) => ResourceArn!,
});
