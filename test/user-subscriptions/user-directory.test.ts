import { CfnParameter, Fn, SecretValue, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Subnet } from 'aws-cdk-lib/aws-ec2';
import { CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ISecretRef } from 'aws-cdk-lib/aws-secretsmanager';
import { IdentityProvider, LicenseServerCredentials, UserDirectory, UserSubscriptionProduct } from '../../src';
import type { SelfManagedDirectoryOptions } from '../../src';
import { propertiesOf, stackIn } from '../settings/settings';

const TYPE = 'Custom::LicenseManagerIdentityProvider';
const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:license-manager-user-domain-AbCdEf';
const DIRECTORY_ID = "it has to consist of 'd-' and 10 hexadecimal digits in lower case. Take it from 'aws ds describe-directories'.";

let stack: Stack;
beforeEach(() => {
  stack = stackIn();
});

const register = (directory: UserDirectory) => new IdentityProvider(stack, 'It', { product: UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES, directory });
const credentials = (arn = SECRET) => Secret.fromSecretCompleteArn(stack, 'Credentials', arn);
const subnet = () => Subnet.fromSubnetAttributes(stack, 'Subnet', { subnetId: 'subnet-0123456789abcdef0', routeTableId: 'rtb-1' });
const options = (more: Partial<SelfManagedDirectoryOptions> = {}): SelfManagedDirectoryOptions => ({
  domainName: 'corp.example.com', ipv4Addresses: ['10.0.0.10'], credentials: 'credentials' in more ? more.credentials! : credentials(), subnets: [subnet()], ...more,
});
const reach = (more: Partial<SelfManagedDirectoryOptions> = {}) => register(UserDirectory.selfManaged(options(more)));
const declared = () => propertiesOf(stack, TYPE);
const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data);

describe.each([['awsManaged', UserDirectory.awsManaged], ['shared', UserDirectory.shared]] as const)('%s', (_, make) => {
  // The pattern of the API has both.
  test.each(['d-0123456789', 'd-abcdef0123', 'sd-0123456789'])('takes %s', (id) => {
    register(make(id));
    expect(declared().Directory).toBe(id);
  });

  test.each([
    '', 'd-', 'd-012345678', 'd-01234567890', 'd-012345678g', 'd-ABCDEF0123', 'x-0123456789', '0123456789', ' d-0123456789', 'd-0123456789 ', 'corp.example.com',
    'arn:aws:ds:us-east-1:111122223333:directory/d-0123456789',
  ])('refuses \'%s\'', (id) => {
    expect(() => register(make(id))).toThrow(`Stack/It: the id of the directory is '${id}': ${DIRECTORY_ID}`);
  });

  test.each([[undefined, 'missing: there is no default for it. Set it.'], [null, 'missing: '], [5, '5: it has to be a text. Write it as a text.']])('refuses %p', (id, text) => {
    expect(() => register(make(id as any))).toThrow(`Stack/It: the id of the directory is ${text}`);
  });

  test('takes a token', () => {
    register(make(Fn.importValue('directory')));
    expect(declared().Directory).toEqual({ 'Fn::ImportValue': 'directory' });
  });
});

describe('selfManaged', () => {
  test('may be changed by its owner later, and stays what it was', () => {
    const given = { ...options(), ipv4Addresses: ['10.0.0.10'] };
    const directory = UserDirectory.selfManaged(given);
    given.ipv4Addresses.push('nonsense');
    given.domainName = 'example.org';
    register(directory);
    expect(declared()).toMatchObject({ Directory: 'corp.example.com', Domain: { Ipv4Addresses: ['10.0.0.10'] } });
  });

  test.each(['0.0.0.0', '255.255.255.255', '10.0.0.10', '9.99.100.199'])('takes the address %s', (address) => {
    reach({ ipv4Addresses: [address, address] });
    expect(declared().Domain.Ipv4Addresses).toEqual([address, address]);
  });

  test.each(['', '256.0.0.0', '1.2.3', '1.2.3.4.5', '01.2.3.4', '1.2.3.4.', '1.2.3.a', '10.0.0.0/24', '2001:db8::10', 'dc.example.com'])('refuses the IPv4 address \'%s\'', (address) => {
    expect(() => reach({ ipv4Addresses: ['10.0.0.10', address] })).toThrow(
      `Stack/It: a member of ipv4Addresses of the directory is '${address}': it has to be an IPv4 address, such as '10.0.0.10'. Correct it, or leave it out.`);
  });

  test.each(['2001:db8::10', '::', '::1', 'fe80::', '2001:DB8:0:0:0:0:0:1', '2001:db8::1:2'])('takes the address %s', (address) => {
    reach({ ipv4Addresses: undefined, ipv6Addresses: [address] });
    expect(declared().Domain).toMatchObject({ Ipv6Addresses: [address] });
    expect(declared().Domain.Ipv4Addresses).toBeUndefined();
    expect(warnings()).toEqual([]);
  });

  test.each(['', '10.0.0.10', '2001:db8:0:0:0:0:1', 'dc.example.com'])('refuses the IPv6 address \'%s\'', (address) => {
    expect(() => reach({ ipv6Addresses: [address] })).toThrow(
      `Stack/It: a member of ipv6Addresses of the directory is '${address}': it has to be an IPv6 address, such as '2001:db8::10'. Correct it, or leave it out.`);
  });

  test.each(['ipv4Addresses', 'ipv6Addresses'] as const)('takes 1 and 2 %s, and no other number of them', (property) => {
    const [one, other] = property === 'ipv4Addresses' ? ['10.0.0.10', '10.0.1.10'] : ['2001:db8::10', '2001:db8::11'];
    for (const addresses of [[], [one, other, one]]) {
      expect(() => reach({ [property]: addresses })).toThrow(
        `Stack/It: ${property} of the directory has ${addresses.length} members: it has to have 1 to 2. Correct it, or leave it out.`);
      stack = stackIn();
    }
    for (const addresses of [[one], [one, other]]) {
      expect(() => reach({ [property]: addresses })).not.toThrow();
      stack = stackIn();
    }
  });

  test('takes addresses that are known at the deployment only', () => {
    const address = () => new CfnParameter(stack, `Address${stack.node.children.length}`).valueAsString;
    reach({ ipv4Addresses: [address()], ipv6Addresses: [address()], domainName: Fn.importValue('domain') });
    expect(declared()).toMatchObject({ Directory: { 'Fn::ImportValue': 'domain' }, Domain: { Ipv4Addresses: [{ Ref: expect.any(String) }] } });
  });

  test.each([['corp.example.com', () => 'corp.example.com'], ['Stack/Domain', () => new CfnParameter(stack, 'Domain').valueAsString]])(
    'without any address causes a warning: %s', (shown, domainName) => {
      reach({ ipv4Addresses: undefined, domainName: domainName() });
      expect(warnings()).toEqual([
        `The directory '${shown}' has neither ipv4Addresses nor ipv6Addresses: the console of License Manager asks for those of its domain controllers. Set one of the two. `
        + '[ack: cdk-license-manager:directoryWithoutAddress]',
      ]);
    });

  test.each<[string, () => unknown, string]>([
    ['nothing', () => register(UserDirectory.selfManaged(undefined as any)), 'options of UserDirectory.selfManaged() is missing: there is no default for it. Set it.'],
    ['a text', () => register(UserDirectory.selfManaged('corp.example.com' as any)),
      "options of UserDirectory.selfManaged() is the text 'corp.example.com': it has to be an object with properties. Name each value."],
    ['no domain', () => reach({ domainName: undefined }), 'domainName of the directory is missing: there is no default for it. Set it.'],
    ['no credentials', () => reach({ credentials: undefined }), 'credentials of the directory is missing: there is no default for it. Set it.'],
    ['a text as credentials', () => reach({ credentials: SECRET as any }),
      "credentials of the directory is the text 'arn:aws:secretsmanager:us-east-1:111122223333:secret:license…': it has to be a secret. Use a construct, or import one."],
    ['no list of subnets', () => reach({ subnets: undefined }), 'subnets of the directory is missing: there is no default for it. Set it.'],
    ['no subnet', () => reach({ subnets: [] }), 'subnets of the directory has 0 members: it has to have at least 1. Name at least 1.'],
    ['a text as subnet', () => reach({ subnets: ['subnet-1' as any] }),
      "subnets[0] of the directory is the text 'subnet-1': it has to be a subnet. Use a construct, or import one."],
    ['a text as key', () => reach({ encryptionKey: 'alias/domain' as any }),
      "encryptionKey of the directory is the text 'alias/domain': it has to be a key. Use a construct, or import one."],
  ])('is refused with %s', (_, make, text) => {
    expect(make).toThrow(`Stack/It: ${text}`);
  });

  test('warns of a property that is misspelled', () => {
    register(UserDirectory.selfManaged({ ...options({ ipv4Addresses: undefined }), ipv4Address: ['10.0.0.10'] } as any));
    expect(warnings()).toContainEqual('ipv4Address of the directory is no property of it, and nothing becomes of it. Write ipv4Addresses if that is what was meant. '
      + '[ack: cdk-license-manager:unknownProperty]');
  });
});

describe('the credentials of a self-managed directory', () => {
  test.each<[string, () => ISecretRef, unknown]>([
    ['by their ARN', () => credentials(), SECRET],
    ['by a token', () => credentials(Fn.importValue('arn')), { 'Fn::ImportValue': 'arn' }],
    ['as LicenseServerCredentials', () => new LicenseServerCredentials(stack, 'Administrator'), { Ref: expect.stringMatching(/^Administrator/) }],
    ['as L1', () => new CfnSecret(stack, 'L1', { name: 'license-manager-user-domain', secretString: SecretValue.secretsManager('domain').unsafeUnwrap() }), { Ref: 'L1' }],
    // The directory has an administrator of any name.
    ['of another user than Administrator', () => new Secret(stack, 'L2', {
      secretName: 'license-manager-user-domain', generateSecretString: { generateStringKey: 'password', secretStringTemplate: '{"username":"root"}' },
    }), { Ref: expect.stringMatching(/^L2/) }],
  ])('are taken %s', (_, make, expected) => {
    reach({ credentials: make() });
    expect(declared().Domain.CredentialsArn).toEqual(expected);
    expect(warnings()).toEqual([]);
    expect(declared().KeyArn).toBeUndefined();
  });

  test.each<[string, () => ISecretRef, string]>([
    ['with another name', () => credentials(SECRET.replace('license-manager-user-', '')),
      "secret 'Stack/Credentials' has the name 'domain': the policy of License Manager's role lets it read only secrets whose name begins with 'license-manager-user-'. Use "
      + 'LicenseServerCredentials, or name it so. [ack: cdk-license-manager:credentialsNameWithoutPrefix]'],
    ['of another Region', () => credentials(SECRET.replace('us-east-1', 'us-west-2')),
      "secret 'Stack/Credentials' is in Region 'us-west-2' and the identity provider in 'us-east-1', where License Manager reads it. Put what is in it into a secret in "
      + "'us-east-1'. [ack: cdk-license-manager:secretInAnotherRegion]"],
    ['of another account', () => credentials(SECRET.replace('111122223333', '444455556666')),
      "secret 'Stack/Credentials' belongs to account '444455556666' and the identity provider to '111122223333': License Manager's role reads secrets of its own account. Put "
      + "what is in it into a secret of '111122223333'. [ack: cdk-license-manager:secretOfAnotherAccount]"],
    ['that generate something else', () => new Secret(stack, 'L2', { secretName: 'license-manager-user-domain' }),
      "secret 'Stack/L2' is generated without the keys 'username' and 'password': until somebody writes both into it, License Manager can't reach the directory. Use "
      + 'LicenseServerCredentials, or generate both. [ack: cdk-license-manager:generatedCredentials]'],
  ])('%s cause a warning', (_, make, text) => {
    reach({ credentials: make() });
    expect(warnings()).toEqual([text]);
  });

  test('by another ARN are refused', () => {
    const fake = { node: stack.node, env: stack.env, secretRef: { secretId: 'arn:aws:kms:us-east-1:111122223333:key/1' } };
    expect(() => reach({ credentials: fake as unknown as ISecretRef })).toThrow(
      "Stack/It: 'arn:aws:kms:us-east-1:111122223333:key/1' is not the ARN of a secret with the credentials of a directory: expected 'arn:<partition>:secretsmanager:<region>:"
      + "<account>:secret:license-manager-user-<more>'. Use LicenseServerCredentials, or import the secret.");
  });
});
