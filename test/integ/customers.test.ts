import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describeStacks, ENV } from './stacks';
import {
  ActivationOverrideBehavior, Grant, GrantPrincipal, License, LicenseConsumptionRole, LicenseManagerTopic, LicenseToken, ServiceLinkedRole,
} from '../../src';

const SELLER = '444455556666';
const ACCEPTANCE = 'Custom::LicenseManagerGrantAcceptance';
const TOKEN = 'Custom::LicenseManagerLicenseToken';
const licenseArn = (digit: string, account = ENV.account) => `arn:aws:license-manager::${account}:license:l-${digit.repeat(32)}`;

/** Who sells: tokens for software that has no account, and the role that it takes. */
function seller(app: App): Stack {
  const stack = new Stack(app, 'Seller', { env: ENV });
  new ServiceLinkedRole(stack, 'ServiceLinkedRole');
  const license = License.fromLicenseAttributes(stack, 'License', { licenseArn: licenseArn('0'), homeRegion: ENV.region });
  const role = new LicenseConsumptionRole(stack, 'Software', { licenses: [license], tokenIssuerAccountId: ENV.account, roleName: 'software' });
  new LicenseToken(stack, 'Token', {
    license,
    roles: [role],
    expiration: Duration.days(90),
    tokenProperties: ['edition=one'],
    generation: 2,
    secretName: 'token',
    encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }),
    notificationTopic: new LicenseManagerTopic(stack, 'Notices'),
    notificationTime: Duration.days(14),
    removalPolicy: RemovalPolicy.RETAIN,
  });
  return stack;
}

/** Who has bought: a grant by its ARN, one by its name, and the account's own of one to the organization. */
function customer(app: App): Stack {
  const granter = new Stack(app, 'Granter', { env: { account: SELLER, region: ENV.region } });
  const stack = new Stack(app, 'Customer', { env: ENV });
  new ServiceLinkedRole(stack, 'ServiceLinkedRole');
  Grant.fromGrantArn(stack, 'Imported', `arn:aws:license-manager::${SELLER}:grant:g-${'0'.repeat(32)}`).accept(stack, 'ByArn', {
    activationOverrideBehavior: ActivationOverrideBehavior.ALL_GRANTS_PERMITTED_BY_ISSUER,
    rejectOnDelete: true,
    timeout: Duration.hours(1),
  });
  const grant = (id: string, digit: string, principal: GrantPrincipal) => new Grant(granter, id, {
    license: License.fromLicenseAttributes(granter, `${id}License`, { licenseArn: licenseArn(digit, SELLER), homeRegion: ENV.region }), principal,
  });
  grant('Account', '1', GrantPrincipal.fromAccountId(ENV.account)).accept(stack, 'ByName');
  grant('Everybody', '2', GrantPrincipal.fromOrganizationArn(`arn:aws:organizations::${SELLER}:organization/o-exampleorgid`))
    .accept(stack, 'ThroughOrganization', { activate: false });
  return stack;
}

/** The constructs with nothing but what they require. */
function defaults(app: App): Stack {
  const stack = new Stack(app, 'Defaults', { env: ENV });
  new LicenseConsumptionRole(stack, 'Software');
  new LicenseToken(stack, 'Token', { license: License.fromLicenseArn(stack, 'License', licenseArn('0')) });
  Grant.fromGrantArn(stack, 'Grant', `arn:aws:license-manager::${SELLER}:grant:g-${'0'.repeat(32)}`).accept(stack, 'Acceptance');
  return stack;
}

describeStacks({
  'tokens of a seller': {
    define: seller,
    check: (template) => {
      template.resourceCountIs('AWS::Lambda::Function', 1);
      for (const type of [TOKEN, 'AWS::SecretsManager::Secret']) {
        template.hasResource(type, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
      }
      // The token comes from License Manager alone.
      template.hasResourceProperties('AWS::SecretsManager::Secret', { SecretString: Match.absent(), GenerateSecretString: Match.absent() });
      template.resourceCountIs('AWS::Scheduler::Schedule', 1);
    },
  },
  'acceptances of a customer': {
    define: customer,
    check: (template) => {
      template.resourceCountIs('AWS::Lambda::Function', 1);
      template.resourceCountIs(ACCEPTANCE, 3);
      template.resourcePropertiesCountIs(ACCEPTANCE, { RejectOnDelete: true }, 1);
      template.resourcePropertiesCountIs(ACCEPTANCE, { ThroughOrganization: true, Activate: false }, 1);
    },
  },
  'defaults': {
    define: defaults,
    check: (template) => {
      template.hasResource(ACCEPTANCE, { DeletionPolicy: 'Delete' });
      template.hasResource(TOKEN, { DeletionPolicy: 'Delete' });
      template.resourceCountIs('AWS::Scheduler::Schedule', 0);
      template.resourcePropertiesCountIs('AWS::IAM::Role', { ManagedPolicyArns: Match.anyValue() }, 1);
    },
  },
});
