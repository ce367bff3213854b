import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LicenseServerEndpoint, LicenseServerEndpointGrants } from '../../src';

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

test('a grantee of another account is warned of', () => {
  LicenseServerEndpoint.fromLicenseServerEndpointArn(stack, 'Endpoint', ARN).grants.read(new AccountPrincipal('999988887777'));
  Annotations.fromStack(stack).hasWarning('/Stack/Endpoint', Match.stringLikeRegexp('^A grant on the license server endpoint \'Stack/Endpoint\' is to a'));
});
