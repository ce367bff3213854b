import { App, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, ArnPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnGrant } from 'aws-cdk-lib/aws-licensemanager';
import { CfnResourceShare } from 'aws-cdk-lib/aws-ram';
import { checkGrantee, grantOnAnything } from '../../../src/private/facade/grants';

let stack: Stack;
let resource: CfnResource;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  resource = new CfnResource(stack, 'Resource', { type: 'AWS::SNS::Topic' });
});

const WARNING = 'A grant on the thing \'Stack/Resource\' is to a principal of account \'444455556666\', and the stack is in account \'111122223333\': a thing has '
  + 'no policy that could let another account in. Grant to a role of account \'111122223333\' that the principal may assume';

test('a principal of another account causes a warning', () => {
  checkGrantee(resource, 'thing', new AccountPrincipal('444455556666'));

  Annotations.fromStack(stack).hasWarning('/Stack/Resource', `${WARNING}. [ack: cdk-license-manager:granteeOfAnotherAccount]`);
});

describe('where the resource can be given to the principal\'s account', () => {
  const ARN = 'arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-0123456789abcdef0123456789abcdef';
  const NAMED = `${WARNING}, or share it with '444455556666'. [ack: cdk-license-manager:granteeOfAnotherAccount]`;
  let role: Role;

  beforeEach(() => {
    const other = new Stack(stack.node.root as App, 'Other', { env: { account: '444455556666', region: 'us-east-1' } });
    role = new Role(other, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    checkGrantee(resource, 'thing', role, { arn: ARN, text: 'share it with \'{account}\'' });
  });

  const share = (resourceArns: string[], principals?: string[]) => new CfnResourceShare(stack, 'Share', { name: 'share', resourceArns, principals });
  const license = (licenseArn: string, principals: string[]) => new CfnGrant(stack, 'Grant', {
    licenseArn, principals, homeRegion: 'us-east-1', allowedOperations: ['CheckoutLicense'],
  });

  test('a role of that account causes a warning that says how', () => {
    Annotations.fromStack(stack).hasWarning('/Stack/Resource', NAMED);
  });

  test.each<[by: string, give: () => void]>([
    ['a share with the account', () => share([ARN], ['444455556666'])],
    ['a share with an organization, which the account may belong to', () => share([ARN], ['arn:aws:organizations::123456789012:organization/o-abcdefghij'])],
    ['a share with what is not known yet', () => share([ARN], [Fn.importValue('Account')])],
    ['a grant to the account', () => license(ARN, ['arn:aws:iam::444455556666:root'])],
  ])('it causes none if the app gives it to the account, by %s', (_, give) => {
    give();
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.each<[by: string, give: () => void]>([
    ['of it with another account', () => share([ARN], ['777788889999'])],
    ['of something else', () => share([`${ARN}0`], ['444455556666'])],
    ['with nobody', () => share([ARN])],
    ['of it by a grant to another account', () => license(ARN, ['arn:aws:iam::777788889999:root'])],
    ['of something else by a grant', () => license(`${ARN}0`, ['arn:aws:iam::444455556666:root'])],
  ])('it causes one all the same beside a share %s', (_, give) => {
    give();
    Annotations.fromStack(stack).hasWarning('/Stack/Resource', NAMED);
  });

  test('the account as a principal, which has no policy, causes one in any case', () => {
    share([ARN], ['444455556666']);
    const thing = new CfnResource(stack, 'Thing', { type: 'AWS::SNS::Topic' });
    checkGrantee(thing, 'thing', new AccountPrincipal('444455556666'), { arn: ARN, text: 'share it' });
    Annotations.fromStack(stack).hasWarning('/Stack/Thing', Match.stringLikeRegexp('granteeOfAnotherAccount'));
  });
});

test('a role of the own account causes no warning', () => {
  checkGrantee(resource, 'thing', new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));

  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test.each([
  [new ServicePrincipal('ec2.amazonaws.com'), 'ServicePrincipal(ec2.amazonaws.com)'],
  [new AccountPrincipal('111122223333'), 'AccountPrincipal(111122223333)'],
  [new ArnPrincipal('arn:aws:iam::111122223333:role/Admin'), 'ArnPrincipal(arn:aws:iam::111122223333:role/Admin)'],
])('a principal that has no policy, to which nothing can be granted, causes a warning: %s', (principal, name) => {
  checkGrantee(resource, 'thing', principal);

  Annotations.fromStack(stack).hasWarning('/Stack/Resource',
    `A grant on the thing 'Stack/Resource' is to ${name}, which has no policy of its own, and a thing has none that could let it in: nothing is granted. ` +
    'Grant to a role, a user or a group. [ack: cdk-license-manager:granteeWithoutPolicy]');
});

test('actions without a resource are allowed on anything', () => {
  grantOnAnything(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }), ['ec2:DescribeHosts', 'ec2:DescribeImages']);

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['ec2:DescribeHosts', 'ec2:DescribeImages'], Resource: '*' }] },
  });
});
