import { arnPattern, DIRECTORY, IDENTITY_PROVIDER, KEY } from '../arn';
import { changingOwnOfName, define, type Hint, readingAny, taggingNew, type Target } from '../definition';
import { arn, flag, list, object, oneOf, optional, text } from '../shape';
import { TAGS } from '../tags';

interface Declared {
  readonly Directory: string;
  readonly Type: string;
  readonly Settings?: object;
  readonly KeyArn?: string;
}

/** License Manager makes what it needs to reach a directory with the permissions of who registers it. */
const REGISTERING: Target<Declared> = {
  arns: () => '*',
  because: 'License Manager uses the permissions of who registers a directory, and chooses the ids of the network interfaces, endpoints and hosted zones that it '
    + 'makes with them; its lists know no resource type. The user guide names the actions. Nothing else of the stack runs with this role.',
};

/** For the endpoints by which Microsoft Office is activated. */
const ACTIVATING: Target<Declared> = { ...REGISTERING, arns: ({ Settings }) => Settings === undefined ? undefined : '*', apart: () => 'Activation' };

/** The directory; the id of a self-managed one is not known before. */
const ON_DIRECTORY: readonly Target<Declared>[] = [
  {
    of: DIRECTORY,
    arns: ({ Directory, Type }, { partition, region, account }) =>
      Type === 'AWS_MANAGED' ? `arn:${partition}:ds:${region}:${account}:directory/${Directory}` : undefined,
  },
  {
    arns: ({ Type }, place) => Type === 'AWS_MANAGED' ? undefined : arnPattern(DIRECTORY, place),
    because: 'AWS chooses the id of a self-managed directory when it is registered, so that its ARN is not known before it exists.',
    apart: () => 'SelfManaged',
  },
];

/** What AWS Marketplace has to know before, which no API does. */
export const MARKETPLACE: Hint = {
  codes: ['ValidationException', 'AccessDeniedException', 'ConflictException'],
  about: /marketplace|no active subscription/i,
  hint: 'Subscribe the account to the product in AWS Marketplace, and to Win Remote Desktop Services SAL, before the deployment',
};

/**
 * A directory that is registered for a product.
 *
 * Attributes (Fn::GetAtt): IdentityProviderArn, DirectoryId.
 */
export const identityProvider = define({
  type: 'Custom::LicenseManagerIdentityProvider',
  properties: object({
    /** Its id; of a self-managed one the name of its domain. */
    Directory: text,
    Product: text,
    Type: oneOf('AWS_MANAGED', 'SELF_MANAGED'),
    /** Whether another account owns it. */
    Shared: optional(flag),
    /** How a self-managed one is reached. */
    Domain: optional(object({
      Ipv4Addresses: optional(list(text)),
      Ipv6Addresses: optional(list(text)),
      CredentialsArn: text,
      Subnets: list(text),
    })),
    /** Where the endpoints are by which Microsoft Office is activated. */
    Settings: optional(object({ Subnets: list(text), SecurityGroupId: text })),
    /** That of the credentials, unless it is AWS's own. */
    KeyArn: optional(text),
    Tags: optional(TAGS),
  }),
  identity: { by: ['Directory', 'Product'], comparable: value => value.toLowerCase() },
  singleton: 'region',
  takesAway: true,
  waits: true,
  timeoutInMinutes: 60,
  servedBy: 'IdentityProviders',
  actions: {
    'license-manager-user-subscriptions:ListIdentityProviders': REGISTERING,
    'license-manager-user-subscriptions:RegisterIdentityProvider': REGISTERING,
    // Also of one that somebody else has registered.
    'license-manager-user-subscriptions:UpdateIdentityProviderSettings': readingAny(IDENTITY_PROVIDER),
    'license-manager-user-subscriptions:DeregisterIdentityProvider': changingOwnOfName(IDENTITY_PROVIDER),
    // What is left that needs it.
    'license-manager-user-subscriptions:ListProductSubscriptions': readingAny(IDENTITY_PROVIDER),
    'license-manager-user-subscriptions:ListInstances': REGISTERING,
    'license-manager-user-subscriptions:ListLicenseServerEndpoints': REGISTERING,
    'license-manager-user-subscriptions:ListTagsForResource': readingAny(IDENTITY_PROVIDER),
    'license-manager-user-subscriptions:TagResource': [changingOwnOfName(IDENTITY_PROVIDER), taggingNew(IDENTITY_PROVIDER)],
    'license-manager-user-subscriptions:UntagResource': changingOwnOfName(IDENTITY_PROVIDER),
  },
  // https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions.html#usubs-prerequisites
  dependentActions: {
    'ds:AuthorizeApplication': ON_DIRECTORY,
    'ds:UnauthorizeApplication': ON_DIRECTORY,
    'ds:GetAuthorizedApplicationDetails': ON_DIRECTORY,
    'ds:DescribeDirectories': REGISTERING,
    'ds:DescribeDomainControllers': REGISTERING,
    'ec2:CreateNetworkInterface': REGISTERING,
    'ec2:CreateNetworkInterfacePermission': REGISTERING,
    'ec2:DeleteNetworkInterface': REGISTERING,
    'ec2:DescribeNetworkInterfaces': REGISTERING,
    'ec2:DescribeSubnets': REGISTERING,
    'ec2:CreateVpcEndpoint': ACTIVATING,
    'ec2:DeleteVpcEndpoints': ACTIVATING,
    'ec2:DescribeSecurityGroups': ACTIVATING,
    'ec2:DescribeVpcEndpoints': ACTIVATING,
    'ec2:ModifyVpcEndpoint': ACTIVATING,
    'route53:AssociateVPCWithHostedZone': REGISTERING,
    'route53:ChangeResourceRecordSets': REGISTERING,
    'route53:CreateHostedZone': REGISTERING,
    'route53:DeleteHealthCheck': REGISTERING,
    'route53:DeleteHostedZone': REGISTERING,
    'route53:GetHealthCheckCount': REGISTERING,
    'route53:GetHostedZone': REGISTERING,
    'route53:ListHostedZones': REGISTERING,
    'route53:ListHostedZonesByName': REGISTERING,
    'route53:ListHostedZonesByVPC': REGISTERING,
    'route53:ListResourceRecordSets': REGISTERING,
    'kms:Decrypt': {
      of: KEY,
      arns: ({ KeyArn }) => KeyArn,
      conditions: ({ region }) => ({ StringLike: { 'kms:ViaService': `secretsmanager.${region}.*` } }),
    },
  },
  hints: [
    MARKETPLACE,
    {
      codes: ['AccessDeniedException'],
      about: /^(Register|Deregister|UpdateIdentityProviderSettings)/,
      hint: 'License Manager works with the permissions of the stack\'s function for directories: check that no service control policy or permissions boundary'
        + ' denies the actions of ds, ec2 and route53 that the user guide lists',
    },
    {
      codes: ['ConflictException', 'ValidationException'],
      about: /^DeregisterIdentityProvider/,
      hint: 'Before a directory is deregistered, its users are disassociated and unsubscribed, its instances terminated and its license server endpoints deleted',
    },
  ],
});

/** The identity provider that a declaration names. */
export const ON_PROVIDER = {
  of: IDENTITY_PROVIDER, arns: ({ IdentityProviderArn }: { readonly IdentityProviderArn: string }) => IdentityProviderArn,
};

/** What a declared ARN of an identity provider has to be. */
export const IDENTITY_PROVIDER_ARN = arn({
  kinds: [IDENTITY_PROVIDER],
  ownOnly: 'A directory that another account shares is registered in each account, and has an ARN in each: name that of this account',
});
