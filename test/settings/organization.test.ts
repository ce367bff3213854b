import { App, Fn, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { permissionsOf, propertiesOf, stackIn } from './settings';
import {
  AdministratorFeature, DelegatedAdministrator, LicenseShare, LinuxSubscriptionsSettings, OrganizationSharing, ServiceSettings,
} from '../../src';

let stack: Stack;
beforeEach(() => {
  stack = stackIn();
});

const partitioned = (text: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, text]] });

describe('sharing with the organization', () => {
  test('declares nothing, and permits what AWS RAM needs of its caller', () => {
    new OrganizationSharing(stack, 'Sharing');
    expect(propertiesOf(stack, 'Custom::LicenseManagerOrganizationSharing')).toEqual({});
    const Resource = partitioned(':iam::111122223333:role/aws-service-role/ram.amazonaws.com/*');
    expect(permissionsOf(stack)).toEqual({
      'organizations:ListAWSServiceAccessForOrganization': [{ Resource: '*' }],
      'organizations:DescribeOrganization': [{ Resource: '*' }],
      'organizations:EnableAWSServiceAccess': [{ Resource: '*', Condition: { StringEquals: { 'organizations:ServicePrincipal': 'ram.amazonaws.com' } } }],
      'ram:EnableSharingWithAwsOrganization': [{ Resource: '*' }],
      'iam:GetRole': [{ Resource }, { Resource: partitioned(':iam::111122223333:role/AWSServiceRoleForResourceAccessManager') }],
      'iam:CreateServiceLinkedRole': [{ Resource, Condition: { StringEquals: { 'iam:AWSServiceName': 'ram.amazonaws.com' } } }],
    });
  });

  test('is there once in an account and Region', () => {
    new OrganizationSharing(stack, 'Sharing');
    const other = stackIn(stack.node.root as App, 'Other');
    expect(() => new OrganizationSharing(other, 'Sharing')).toThrow(/^Other\/Sharing: 'Stack\/Sharing' declares it already/);
  });

  test('comes before the shares of its stack', () => {
    new LicenseShare(stack, 'Share');
    new OrganizationSharing(stack, 'Sharing');
    const template = Template.fromStack(stack);
    const [id] = Object.keys(template.findResources('Custom::LicenseManagerOrganizationSharing'));
    template.hasResource('AWS::RAM::ResourceShare', { DependsOn: [id] });
  });
});

describe('a delegated administrator', () => {
  const TYPE = 'Custom::LicenseManagerDelegatedAdministrator';
  const services = () => Object.values(Template.fromStack(stack).findResources(TYPE))
    .map(({ Properties }: any) => Properties.ServicePrincipal).sort();

  test.each<[AdministratorFeature[] | undefined, string[]]>([
    [undefined, ['license-manager-linux-subscriptions.amazonaws.com', 'license-manager.amazonaws.com']],
    [[AdministratorFeature.MANAGED_LICENSES], ['license-manager.amazonaws.com']],
    [[AdministratorFeature.LINUX_SUBSCRIPTIONS], ['license-manager-linux-subscriptions.amazonaws.com']],
  ])('of %j is registered for %j', (features, expected) => {
    new DelegatedAdministrator(stack, 'Administrator', { accountId: '444455556666', features });
    expect(services()).toEqual(expected);
  });

  test('permits to register the account and to deregister the one before, for License Manager alone', () => {
    new DelegatedAdministrator(stack, 'Administrator', { accountId: '444455556666', features: [AdministratorFeature.MANAGED_LICENSES] });
    expect(propertiesOf(stack, TYPE)).toEqual({ AccountId: '444455556666', ServicePrincipal: 'license-manager.amazonaws.com' });
    const Condition = {
      StringEquals: { 'organizations:ServicePrincipal': ['license-manager.amazonaws.com', 'license-manager-linux-subscriptions.amazonaws.com'] },
    };
    expect(permissionsOf(stack)).toEqual({
      'organizations:ListDelegatedAdministrators': [{ Resource: '*' }],
      'organizations:RegisterDelegatedAdministrator': [{ Resource: partitioned(':organizations::111122223333:account/*/444455556666'), Condition }],
      'organizations:DeregisterDelegatedAdministrator': [{ Resource: partitioned(':organizations::111122223333:account/*'), Condition }],
    });
  });

  test('permits to trust Linux subscriptions in the organization, and nothing else', () => {
    new DelegatedAdministrator(stack, 'Administrator', { accountId: '444455556666' });
    expect(permissionsOf(stack)['organizations:EnableAWSServiceAccess']).toEqual([{
      Resource: '*', Condition: { StringEquals: { 'organizations:ServicePrincipal': 'license-manager-linux-subscriptions.amazonaws.com' } },
    }]);
  });

  test('comes after the link with the organization and the settings of Linux subscriptions of its stack', () => {
    new DelegatedAdministrator(stack, 'Administrator', { accountId: '444455556666' });
    new ServiceSettings(stack, 'Settings', { organizationIntegration: true });
    new LinuxSubscriptionsSettings(stack, 'Linux', { sourceRegions: ['us-east-1'], organizationIntegration: true });
    const template = Template.fromStack(stack);
    const needed = (service: string) => Object.values(template.findResources(TYPE, { Properties: { ServicePrincipal: service } }))
      .flatMap(({ DependsOn }) => DependsOn);
    const [settings] = Object.keys(template.findResources('Custom::LicenseManagerServiceSettings'));
    const [linux] = Object.keys(template.findResources('Custom::LicenseManagerLinuxSubscriptionsSettings'));
    expect(needed('license-manager.amazonaws.com')).toContain(settings);
    expect(needed('license-manager.amazonaws.com')).not.toContain(linux);
    expect(needed('license-manager-linux-subscriptions.amazonaws.com')).toContain(linux);
  });

  test('keeps its logical id when the account changes, so that it is changed in place', () => {
    const idOf = (accountId: string) => {
      stack = stackIn();
      new DelegatedAdministrator(stack, 'Administrator', { accountId, features: [AdministratorFeature.MANAGED_LICENSES] });
      return Object.keys(Template.fromStack(stack).findResources(TYPE));
    };
    expect(idOf('444455556666')).toEqual(idOf('777788889999'));
  });

  test.each(['12345678901', '1234567890123', '44445555666a', ''])("refuses the account id '%s'", (accountId) => {
    expect(() => new DelegatedAdministrator(stack, 'Administrator', { accountId })).toThrow(
      `Stack/Administrator: accountId is '${accountId}': it has to have 12 digits. Correct it.`);
  });

  test('refuses an unknown feature, and one that has an administrator already', () => {
    expect(() => new DelegatedAdministrator(stack, 'Unknown', { accountId: '444455556666', features: ['x' as AdministratorFeature] })).toThrow(
      /features\[0\] is 'x'/);
    new DelegatedAdministrator(stack, 'One', { accountId: '444455556666' });
    expect(() => new DelegatedAdministrator(stackIn(stack.node.root as App, 'Other'), 'Two', { accountId: '444455556666' })).toThrow(
      "Other/Two: 'Stack/One' declares it already, and there is one of it in account 111122223333: the removal of one of the two would remove both. Leave one of "
      + 'the two out.');
  });

  test.each(['444455556666', '777788889999'])('is there once in an account, whatever the Region: %s', (accountId) => {
    const app = stack.node.root as App;
    new DelegatedAdministrator(stack, 'One', { accountId: '444455556666' });
    expect(() => new DelegatedAdministrator(stackIn(app, 'There', { region: 'eu-west-1' }), 'Two', { accountId })).toThrow(
      /^There\/Two: 'Stack\/One' declares it already, and there is one of it in account 111122223333/);
    new DelegatedAdministrator(stackIn(app, 'Other', { account: '222233334444' }), 'Two', { accountId });
  });

  test('of an account that nobody knows is there once in a stack', () => {
    const app = stack.node.root as App;
    const declare = (id: string, accountId: string) => new DelegatedAdministrator(new Stack(app, id), 'Administrator', { accountId });
    declare('One', '444455556666');
    const other = declare('Two', '777788889999');
    Annotations.fromStack(Stack.of(other)).hasNoWarning('*', Match.anyValue());
  });

  test('of no feature is refused', () => {
    expect(() => new DelegatedAdministrator(stack, 'None', { accountId: '444455556666', features: [] })).toThrow(
      'Stack/None: features has 0 members: it has to have at least 1. Name what the account administers, or leave it out for all.');
  });

  test.each<[string, any, string]>([
    ['a token', [Token.asString({ Ref: 'Feature' })], 'features[0]'], ['a list of tokens', Token.asList({ Ref: 'Features' }), 'features'],
  ])('refuses %s, which says nothing at synthesis', (_, features, property) => {
    expect(() => new DelegatedAdministrator(stack, 'Unknown', { accountId: '444455556666', features })).toThrow(
      `Stack/Unknown: ${property} is a token, which is known at the deployment only: it decides what is registered. Write its value.`);
  });

  test('takes an account id that is not known yet', () => {
    new DelegatedAdministrator(stack, 'Administrator', { accountId: Fn.importValue('Account'), features: [AdministratorFeature.MANAGED_LICENSES] });
    expect(propertiesOf(stack, TYPE).AccountId).toEqual({ 'Fn::ImportValue': 'Account' });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('warns of the account of the stack', () => {
    new DelegatedAdministrator(stack, 'Administrator', { accountId: '111122223333' });
    Annotations.fromStack(stack).hasWarning('/Stack/Administrator', Match.stringLikeRegexp('managementAccountAsAdministrator'));
  });

  test('warns of two accounts for the two features', () => {
    new DelegatedAdministrator(stack, 'One', { accountId: '444455556666', features: [AdministratorFeature.MANAGED_LICENSES] });
    new DelegatedAdministrator(stack, 'Two', { accountId: '777788889999', features: [AdministratorFeature.LINUX_SUBSCRIPTIONS] });
    Annotations.fromStack(stack).hasWarning('/Stack/Two',
      "'777788889999' is to administer 'license-manager-linux-subscriptions.amazonaws.com' and '444455556666' 'license-manager.amazonaws.com': the console of "
      + 'License Manager works for an account that administers both only. Register one account for both features. '
      + '[ack: cdk-license-manager:twoDelegatedAdministrators]');
    Annotations.fromStack(stack).hasNoWarning('/Stack/One', Match.anyValue());
  });
});
