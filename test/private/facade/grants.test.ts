import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { checkGrantee, grantOnAnything } from '../../../src/private/facade/grants';

let stack: Stack;
let resource: CfnResource;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  resource = new CfnResource(stack, 'Resource', { type: 'AWS::SNS::Topic' });
});

const WARNING = 'A grant on the thing \'Stack/Resource\' is to a principal of account \'444455556666\', and the stack is in account \'111122223333\': a thing has '
  + 'no policy that could let another account in. Grant to a role of account \'111122223333\' that the principal may assume';

test.each([
  [undefined, `${WARNING}. [ack: cdk-license-manager:granteeOfAnotherAccount]`],
  ['share it with \'{account}\'', `${WARNING}, or share it with '444455556666'. [ack: cdk-license-manager:granteeOfAnotherAccount]`],
])('a principal of another account causes a warning, with another way out if there is one: %s', (instead, warning) => {
  checkGrantee(resource, 'thing', new AccountPrincipal('444455556666'), instead);

  Annotations.fromStack(stack).hasWarning('/Stack/Resource', warning);
});

test('principals of the own account and of none are not', () => {
  checkGrantee(resource, 'thing', new AccountPrincipal('111122223333'));
  checkGrantee(resource, 'thing', new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
  checkGrantee(resource, 'thing', new ServicePrincipal('ec2.amazonaws.com'));

  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test('actions without a resource are allowed on anything', () => {
  grantOnAnything(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }), ['ec2:DescribeHosts', 'ec2:DescribeImages']);

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['ec2:DescribeHosts', 'ec2:DescribeImages'], Resource: '*' }] },
  });
});
