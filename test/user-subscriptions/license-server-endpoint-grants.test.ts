import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnLicenseServerEndpoint } from 'aws-cdk-lib/aws-licensemanagerusersubscriptions';
import { IdentityProvider, LicenseServerCredentials, LicenseServerEndpoint, LicenseServerEndpointGrants } from '../../src';

const ARN = 'arn:aws:license-manager-user-subscriptions:us-east-1:111122223333:license-server-endpoint/lse-1234';

let stack: Stack;
let role: Role;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
});

test('reading an endpoint is reading its tags, and the list of all endpoints', () => {
  const endpoint = LicenseServerEndpoint.fromLicenseServerEndpointArn(stack, 'Endpoint', ARN);
  expect(endpoint.grants).toBeInstanceOf(LicenseServerEndpointGrants);
  expect(endpoint.grants).toBe(endpoint.grants);
  endpoint.grants.read(role);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        { Action: 'license-manager-user-subscriptions:ListTagsForResource', Effect: 'Allow', Resource: ARN },
        { Action: 'license-manager-user-subscriptions:ListLicenseServerEndpoints', Effect: 'Allow', Resource: '*' },
      ],
    },
  });
});

const IDENTITY_PROVIDER = 'arn:aws:license-manager-user-subscriptions:us-east-1:111122223333:identity-provider/idp-1';

// What CloudFormation calls an endpoint: the identity provider and the endpoint.
const partOfRef = (index: number) => ({ 'Fn::Select': [index, { 'Fn::Split': ['|', { Ref: 'L1' }] }] });

test.each<[string, () => LicenseServerEndpointGrants, unknown, unknown]>([
  ['of this app', () => new LicenseServerEndpoint(stack, 'Endpoint', {
    identityProvider: IdentityProvider.fromIdentityProviderArn(stack, 'Directory', IDENTITY_PROVIDER), credentials: new LicenseServerCredentials(stack, 'Credentials'),
  }).grants, { 'Fn::GetAtt': [Match.stringLikeRegexp('^Endpoint'), 'LicenseServerEndpointArn'] }, IDENTITY_PROVIDER],
  ['that is an L1', () => LicenseServerEndpointGrants.fromLicenseServerEndpoint(new CfnLicenseServerEndpoint(stack, 'L1', {
    identityProviderArn: IDENTITY_PROVIDER,
    licenseServerSettings: {
      serverType: 'RDS_SAL',
      serverSettings: {
        rdsSalSettings: { rdsSalCredentialsProvider: { secretsManagerCredentialsProvider: { secretId: 'license-manager-user-admin' } } },
      },
    },
  })), partOfRef(1), partOfRef(0)],
  ['that is imported with its identity provider', () => LicenseServerEndpoint.fromLicenseServerEndpointAttributes(stack, 'Endpoint', {
    licenseServerEndpointArn: ARN, identityProviderArn: IDENTITY_PROVIDER,
  }).grants, ARN, IDENTITY_PROVIDER],
  ['that is imported', () => LicenseServerEndpoint.fromLicenseServerEndpointArn(stack, 'Endpoint', ARN.replace('us-east-1', 'us-west-2')).grants,
    ARN.replace('us-east-1', 'us-west-2'), {
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':license-manager-user-subscriptions:us-west-2:111122223333:identity-provider/*']],
    }],
])('managing an endpoint %s is reading and tagging it, and deleting it from its identity provider', (_, make, endpoint, identityProvider) => {
  make().manage(role);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        {
          Action: ['ListTagsForResource', 'TagResource', 'UntagResource'].map(action => `license-manager-user-subscriptions:${action}`),
          Effect: 'Allow',
          Resource: endpoint,
        },
        { Action: 'license-manager-user-subscriptions:ListLicenseServerEndpoints', Effect: 'Allow', Resource: '*' },
        { Action: 'license-manager-user-subscriptions:DeleteLicenseServerEndpoint', Effect: 'Allow', Resource: [endpoint, identityProvider] },
      ],
    },
  });
});

test('a grantee of another account causes a warning', () => {
  LicenseServerEndpoint.fromLicenseServerEndpointArn(stack, 'Endpoint', ARN).grants.read(new AccountPrincipal('999988887777'));
  Annotations.fromStack(stack).hasWarning('/Stack/Endpoint', Match.stringLikeRegexp('^A grant on the license server endpoint \'Stack/Endpoint\' is to a'));
});
