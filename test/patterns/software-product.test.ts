import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AllowedOperation, ConsumptionConfiguration, Entitlement, GrantPrincipal, LicenseManagerTopic, LicenseValidity, patterns } from '../../src';

const LICENSE = 'AWS::LicenseManager::License';
const GRANT = 'AWS::LicenseManager::Grant';
const TOKEN = 'Custom::LicenseManagerLicenseToken';
const KEY = 'AWS::KMS::Key';
const RULE = 'AWS::Events::Rule';

const VALIDITY = LicenseValidity.between(new Date('2027-01-01T00:00:00Z'), new Date('2029-12-31T23:59:59Z'));
const BUYER = GrantPrincipal.fromAccountId('444455556666');

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const product = (props: Partial<patterns.SoftwareProductProps> = {}, id = 'Analytics') => new patterns.SoftwareProduct(stack, id, {
  productName: 'Example Analytics',
  productSku: 'example-analytics',
  issuerName: 'Example Software',
  entitlements: [Entitlement.unlimited('Platinum')],
  validity: VALIDITY,
  ...props,
});

/** What is found without the information that nobody is told of the end of a token. */
const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data);

test('a product has a key that signs, stays, and is taken back with a first deployment that fails', () => {
  const { signKey, keyFingerprint, rules } = product();

  expect(rules).toEqual([]);
  expect(signKey).toBeInstanceOf(Key);
  expect(keyFingerprint).toBe('aws:111122223333:Example Software:issuer-fingerprint');
  Template.fromStack(stack).hasResource(KEY, {
    Properties: { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }, DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain',
  });
  Template.fromStack(stack).resourceCountIs(LICENSE, 0);
});

test('a key that exists is taken', () => {
  const signKey = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555');
  product({ signKey }).addCustomer('First', { beneficiary: 'First' });

  Template.fromStack(stack).resourceCountIs(KEY, 0);
  Template.fromStack(stack).hasResourceProperties(LICENSE, { Issuer: { Name: 'Example Software', SignKey: signKey.keyArn } });
});

test('a customer with an account gets a license and a grant, and no token', () => {
  const { license, grant, role, token } = product().addCustomer('First', { beneficiary: 'First Customer', principal: BUYER, licenseMetadata: { agreement: '42' } });
  const template = Template.fromStack(stack);

  expect([license.node.path, grant!.node.path]).toEqual(['Stack/Analytics/First/License', 'Stack/Analytics/First/License/Grant']);
  expect([role, token]).toEqual([undefined, undefined]);
  template.hasResourceProperties(LICENSE, {
    ProductName: 'Example Analytics',
    ProductSKU: 'example-analytics',
    Beneficiary: 'First Customer',
    LicenseMetadata: [{ Name: 'agreement', Value: '42' }],
    ConsumptionConfiguration: { ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 60 }, RenewType: 'None' },
    Validity: { Begin: '2027-01-01T00:00:00Z', End: '2029-12-31T23:59:59Z' },
  });
  template.hasResourceProperties(GRANT, { AllowedOperations: ['ListPurchasedLicenses', 'CheckoutLicense', 'CheckInLicense', 'ExtendConsumptionLicense'] });
  template.resourceCountIs(TOKEN, 0);
  expect(warnings()).toEqual([]);
});

test('a customer without an account gets a license, a token, and a role for this license alone', () => {
  const { grant, role, token, license } = product().addCustomer('Second', { beneficiary: 'Second', tokenGeneration: 2, tokenExpiration: Duration.days(90) });
  const template = Template.fromStack(stack);

  expect(grant).toBeUndefined();
  expect(token!.secret).toBeDefined();
  template.hasResourceProperties(TOKEN, { Generation: 2, ExpirationInDays: 90, RoleArns: [stack.resolve(role!.roleRef.roleArn)] });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([Match.objectLike({ Action: 'license-manager:CheckoutBorrowLicense', Resource: stack.resolve(license.licenseArn) })]),
    },
  });
  expect(warnings()).toEqual([]);
});

test('a customer may have both, and a role that exists', () => {
  const role = Role.fromRoleName(stack, 'Role', 'AWSLicenseManagerConsumptionRole');
  const customer = product().addCustomer('Both', { beneficiary: 'Both', principal: BUYER, token: true, role });

  expect([customer.grant, customer.token]).not.toContain(undefined);
  expect(customer.role).toBe(role);
  Template.fromStack(stack).hasResourceProperties(TOKEN, { RoleArns: [stack.resolve(role.roleArn)] });
});

test('a customer may have a license alone', () => {
  product().addCustomer('Alone', { beneficiary: 'Alone', token: false });

  Template.fromStack(stack).resourceCountIs(LICENSE, 1);
  Template.fromStack(stack).resourceCountIs(TOKEN, 0);
});

test('a license alone is one that nobody can use, which is said', () => {
  const infos = () => Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('nobody can use the license.*customerWithoutAccess')).map(({ id }) => id);
  const it = product();
  it.addCustomer('OnAws', { beneficiary: 'It', principal: BUYER, token: false });
  it.addCustomer('Elsewhere', { beneficiary: 'It' });
  expect(infos()).toEqual([]);

  const { node } = it.addCustomer('Alone', { beneficiary: 'It', token: false });
  expect(infos()).toEqual([`/${node.path}`]);
});

test.each<[string, ConsumptionConfiguration, string[]]>([
  ['borrowed', ConsumptionConfiguration.borrow({ maxTimeToLive: Duration.days(1) }), ['ListPurchasedLicenses', 'CheckoutBorrowLicense', 'CheckInLicense']],
  ['both', ConsumptionConfiguration.provisionalAndBorrow({ provisionalMaxTimeToLive: Duration.hours(1), borrowMaxTimeToLive: Duration.days(1) }),
    ['ListPurchasedLicenses', 'CheckoutLicense', 'CheckoutBorrowLicense', 'CheckInLicense', 'ExtendConsumptionLicense']],
])('a grant allows what the license can: %s', (_, consumptionConfiguration, operations) => {
  product({ consumptionConfiguration }).addCustomer('First', { beneficiary: 'First', principal: BUYER });

  Template.fromStack(stack).hasResourceProperties(GRANT, { AllowedOperations: operations });
  expect(warnings()).toEqual([]);
});

test('what is said of a customer comes before what is said of the product', () => {
  const mine = { entitlements: [Entitlement.unlimited('Gold')], validity: LicenseValidity.perpetual(new Date('2026-01-01T00:00:00Z')), removalPolicy: RemovalPolicy.DESTROY };
  const it = product({ removalPolicy: RemovalPolicy.RETAIN });
  it.addCustomer('Usual', { beneficiary: 'Usual', principal: BUYER });
  it.addCustomer('Special', { beneficiary: 'Special', principal: BUYER, allowedOperations: [AllowedOperation.LIST_PURCHASED_LICENSES], ...mine });
  const template = Template.fromStack(stack);

  template.hasResource(LICENSE, { Properties: { Beneficiary: 'Usual', Entitlements: [Match.objectLike({ Name: 'Platinum' })] }, DeletionPolicy: 'Retain' });
  template.hasResource(LICENSE, { Properties: { Beneficiary: 'Special', Entitlements: [Match.objectLike({ Name: 'Gold' })] }, DeletionPolicy: 'Delete' });
  template.hasResource(GRANT, { Properties: { AllowedOperations: ['ListPurchasedLicenses'] }, DeletionPolicy: 'Delete' });
});

test.each(['entitlements', 'validity'])('%s that nobody has said are refused', property => {
  expect(() => product({ [property]: undefined }).addCustomer('First', { beneficiary: 'First' })).toThrow(
    `Stack/Analytics/First: ${property} is said neither of the customer nor of the product. Say it of one of the two.`);
});

test('what has no effect causes a warning', () => {
  const it = product({ consumptionEvents: true });
  it.addCustomer('First', { beneficiary: 'First', principal: BUYER, tokenGeneration: 2, tokenExpiration: Duration.days(9) });
  it.addCustomer('Second', { beneficiary: 'Second', allowedOperations: [AllowedOperation.LIST_PURCHASED_LICENSES] });

  expect(warnings()).toEqual(expect.arrayContaining([
    expect.stringContaining('consumptionEvents is true, and there is no notificationTopic'),
    expect.stringContaining('tokenGeneration is set, and has no effect without a token'),
    expect.stringContaining('tokenExpiration is set, and has no effect without a token'),
    expect.stringContaining('allowedOperations is set, and has no effect without a principal'),
  ]));
});

test.each([0, 1.5])('a token generation of another form is refused by the name of the property: %s', tokenGeneration => {
  expect(() => product().addCustomer('First', { beneficiary: 'First', tokenGeneration })).toThrow(`Stack/Analytics/First: tokenGeneration is ${tokenGeneration}`);
});

describe('a topic', () => {
  const types = () => Object.values<any>(Template.fromStack(stack).findResources(RULE)).map(({ Properties }) => Properties.EventPattern['detail-type'][0]).sort();

  test('is told of grants and tokens, and before a token ends', () => {
    const { rules, addCustomer } = product({ notificationTopic: new LicenseManagerTopic(stack, 'Topic') });

    expect(rules).toHaveLength(2);
    expect(addCustomer).toBeDefined();
    expect(types()).toEqual(['Grant Change', 'License Token Change']);
    // Of an encrypted topic, rules may use the key.
    Template.fromStack(stack).hasResourceProperties(KEY, {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'events.amazonaws.com' } })]) }, EnableKeyRotation: true,
    });
  });

  test('is told of check-outs if somebody says so', () => {
    product({ notificationTopic: new Topic(stack, 'Topic', { enforceSSL: true }), consumptionEvents: true });

    expect(types()).toEqual(['Grant Change', 'License Consumption Change', 'License Token Change']);
  });

  test('is told once, however many products there are', () => {
    const notificationTopic = new Topic(stack, 'Topic', { enforceSSL: true });
    const first = product({ notificationTopic });
    const second = product({ notificationTopic, consumptionEvents: true }, 'Reporting');

    expect(types()).toEqual(['Grant Change', 'License Consumption Change', 'License Token Change']);
    expect(second.rules.slice(0, 2)).toEqual(first.rules);
  });
});

test('products of a stack have one service-linked role', () => {
  expect(product().role).toBe(product({}, 'Reporting').role);
});

test('a customer may be in a stack of its own', () => {
  const customers = new Stack(stack.node.root as App, 'Customers', { env: { account: '111122223333', region: 'us-east-1' } });
  new patterns.SoftwareCustomer(customers, 'First', { product: product(), beneficiary: 'First', principal: BUYER });

  Template.fromStack(customers).resourceCountIs(LICENSE, 1);
});
