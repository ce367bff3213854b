import { LicenseStatus as ApiStatus } from '@aws-sdk/client-license-manager';
import { App, Aws, CfnOutput, CfnParameter, Duration, PhysicalName, PropertyInjectors, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { issue, LICENSE_ARN, LICENSE_TYPE } from './licenses';
import {
  AllowedOperation, ConsumptionConfiguration, Entitlement, EntitlementUnit, GrantPrincipal, License, LicenseStatus, LicenseValidity, RenewType,
} from '../../src';
import type { LicenseProps } from '../../src';

const ACCOUNT = '111122223333';
const KEY_ARN = `arn:aws:kms:us-east-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

let app: App;
let stack: Stack;
beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: ACCOUNT, region: 'us-east-1' } });
});

const template = () => Template.fromStack(stack);
const logicalIds = (of = stack) => Object.keys(Template.fromStack(of).findResources(LICENSE_TYPE));
const signKey = (props: kms.KeyProps = { keySpec: kms.KeySpec.RSA_2048, keyUsage: kms.KeyUsage.SIGN_VERIFY }, id = 'Key') =>
  new kms.Key(stack, id, props);

describe('what is sent', () => {
  test('what a license has to have, with a generated name', () => {
    issue(stack);
    template().hasResource(LICENSE_TYPE, {
      Properties: {
        LicenseName: Match.stringLikeRegexp('^Stack-License-[0-9A-F]{8}$'),
        ProductName: 'Example',
        ProductSKU: 'example',
        Issuer: { Name: 'issuer', SignKey: Match.absent() },
        HomeRegion: 'us-east-1',
        Validity: { Begin: '2026-01-01T00:00:00Z', End: '2099-01-01T00:00:00Z' },
        Beneficiary: 'customer',
        Entitlements: [{ Name: 'Seats', Unit: 'Count', MaxCount: 10, Overage: false, AllowCheckIn: false }],
        ConsumptionConfiguration: { RenewType: 'None', ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 60 }, BorrowConfiguration: Match.absent() },
        LicenseMetadata: [],
        Status: 'AVAILABLE',
      },
      DeletionPolicy: Match.absent(),
    });
  });

  test('a name that CDK would generate for other stacks is a generated one, of 150 characters at most', () => {
    issue(stack, { licenseName: PhysicalName.GENERATE_IF_NEEDED });
    issue(stack, {}, 'x'.repeat(200));
    const [first, second] = Object.values(template().findResources(LICENSE_TYPE)).map(({ Properties }) => Properties.LicenseName);
    expect(first).toMatch(/^Stack-License-[0-9A-F]{8}$/);
    expect(second).toHaveLength(150);
  });

  test('everything', () => {
    const key = signKey();
    const license = issue(stack, {
      licenseName: 'example',
      signKey: key,
      homeRegion: 'us-east-1',
      entitlements: [
        Entitlement.counted('Transfer', { maxCount: 40, unit: EntitlementUnit.GIGABYTES, overage: true, allowCheckIn: true }),
        Entitlement.unlimited('Tier', { value: 'Platinum' }),
      ],
      consumptionConfiguration: ConsumptionConfiguration.borrow({
        maxTimeToLive: Duration.days(1), allowEarlyCheckIn: true, renewType: RenewType.MONTHLY,
      }),
      licenseMetadata: { order: '4711', agreement: 'https://example.com/agreement' },
      status: LicenseStatus.DEACTIVATED,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Tags.of(license).add('cost-center', '1');
    template().hasResource(LICENSE_TYPE, {
      Properties: {
        LicenseName: 'example',
        Issuer: { Name: 'issuer', SignKey: stack.resolve(key.keyArn) },
        Entitlements: [
          { Name: 'Transfer', Unit: 'Gigabytes', MaxCount: 40, Overage: true, AllowCheckIn: true },
          { Name: 'Tier', Unit: 'None', Value: 'Platinum', AllowCheckIn: false },
        ],
        ConsumptionConfiguration: { RenewType: 'Monthly', BorrowConfiguration: { MaxTimeToLiveInMinutes: 1440, AllowEarlyCheckIn: true } },
        // In the order of the names, whatever the order of the map.
        LicenseMetadata: [{ Name: 'agreement', Value: 'https://example.com/agreement' }, { Name: 'order', Value: '4711' }],
        Status: 'DEACTIVATED',
        Tags: [{ Key: 'cost-center', Value: '1' }],
      },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('the home Region is that of the stack, also when it is not known', () => {
    const anywhere = new Stack(app, 'Anywhere');
    expect(issue(anywhere).homeRegion).toBe(Aws.REGION);
    Template.fromStack(anywhere).hasResourceProperties(LICENSE_TYPE, { HomeRegion: { Ref: 'AWS::Region' } });
  });

  test('attributes', () => {
    const license = issue(stack);
    const [logicalId] = logicalIds();
    const arn = { 'Fn::GetAtt': [logicalId, 'LicenseArn'] };
    expect(stack.resolve([license.licenseArn, license.licenseVersion, license.licenseRef, license.licenseId])).toEqual([
      arn, { 'Fn::GetAtt': [logicalId, 'Version'] }, { licenseArn: arn }, { 'Fn::Select': [6, { 'Fn::Split': [':', arn] }] },
    ]);
  });
});

describe('a change that no version can hold', () => {
  const idOf = (props: Partial<LicenseProps>, env = { account: ACCOUNT, region: 'us-east-1' }) => {
    const other = new Stack(new App(), 'Stack', { env });
    issue(other, props);
    return logicalIds(other)[0];
  };

  test.each<Partial<LicenseProps>>([{ productSku: 'another' }, { beneficiary: 'somebody else' }])('makes another license: %p', (props) => {
    expect(idOf(props)).not.toBe(idOf({}));
  });

  test.each<Partial<LicenseProps>>([
    { licenseName: 'another' }, { productName: 'another' }, { issuerName: 'another' }, { status: LicenseStatus.DEACTIVATED },
    { entitlements: [Entitlement.unlimited('Another')] }, { licenseMetadata: { a: 'b' } }, { removalPolicy: RemovalPolicy.RETAIN },
    { validity: LicenseValidity.perpetual(new Date('2026-01-01T00:00:00Z')) },
    { consumptionConfiguration: ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.minutes(1) }) },
  ])('is none of these: %p', (props) => {
    expect(idOf(props)).toBe(idOf({}));
  });

  test('is not that the stack says its environment', () => {
    const other = new Stack(new App(), 'Stack');
    issue(other);
    expect(logicalIds(other)[0]).toBe(idOf({}));
  });

  test('is seen in what the L1 is given afterwards', () => {
    const license = issue(stack);
    (license.node.defaultChild as unknown as { productSku: string }).productSku = 'another';
    expect(logicalIds()[0]).toBe(idOf({ productSku: 'another' }));
  });

  test('changes the grants of the license too', () => {
    const grantOf = (productSku: string) => {
      const other = new Stack(new App(), 'Stack');
      issue(other, { productSku }).addGrant('Grant', { principal: GrantPrincipal.fromAccountId('444455556666') });
      return Object.keys(Template.fromStack(other).findResources('AWS::LicenseManager::Grant'))[0];
    };
    expect(grantOf('one')).toBe(grantOf('one'));
    expect(grantOf('one')).not.toBe(grantOf('two'));
  });
});

describe('what is refused', () => {
  test.each<[string, Partial<LicenseProps>, string]>([
    ['a product without an id', { productSku: '' }, 'Stack/License: productSku \'\' has 0 characters: it has to have 1 to 1024. Correct it.'],
    ['a product id of 1025 characters', { productSku: 'x'.repeat(1025) },
      `Stack/License: productSku '${'x'.repeat(60)}…' has 1025 characters: it has to have 1 to 1024. Correct it.`],
    ['a status that is none', { status: 'DISABLED' as LicenseStatus },
      "Stack/License: status is 'DISABLED': it has to be 'AVAILABLE', 'PENDING_AVAILABLE', 'DEACTIVATED', 'SUSPENDED', 'EXPIRED', 'PENDING_DELETE' " +
      "or 'DELETED'. Correct it, or leave it out."],
    ['a snapshot', { removalPolicy: RemovalPolicy.SNAPSHOT },
      'Stack/License: removalPolicy is \'snapshot\': there are no snapshots of a license. Use RemovalPolicy.DESTROY or RemovalPolicy.RETAIN.'],
  ])('%s', (_, props, message) => {
    expect(() => issue(stack, props)).toThrow(message);
  });

  test.each<[string, Partial<LicenseProps>]>([
    ['a product id of 1 character', { productSku: 'x' }],
    ['a product id of 2 characters', { productSku: 'xx' }],
    ['a product id of 1023 characters', { productSku: 'x'.repeat(1023) }],
    ['a product id of 1024 characters', { productSku: 'x'.repeat(1024) }],
    ['two entitlements of the same name with other units', {
      entitlements: [Entitlement.counted('Seats', { maxCount: 1 }), Entitlement.unlimited('Seats')],
    }],
    ...Object.values(ApiStatus).map((status): [string, Partial<LicenseProps>] => [`the status ${status}, which the API takes`, { status: status as unknown as LicenseStatus }]),
  ])('not %s', (_, props) => {
    expect(() => issue(stack, props)).not.toThrow();
  });

  test('statuses that the API does not have', () => {
    expect(Object.values<string>(LicenseStatus).sort()).toEqual(Object.values<string>(ApiStatus).sort());
  });

  test('a snapshot later on, and nothing else', () => {
    const license = issue(stack);
    expect(() => license.applyRemovalPolicy(RemovalPolicy.SNAPSHOT)).toThrow('Stack/License: removalPolicy is \'snapshot\'');
    license.applyRemovalPolicy(RemovalPolicy.RETAIN);
    template().hasResource(LICENSE_TYPE, { DeletionPolicy: 'Retain' });
  });

  test('no token', () => {
    const text = new CfnParameter(stack, 'Text').valueAsString;
    issue(stack, { licenseName: text, productName: text, productSku: text, issuerName: text, beneficiary: text, homeRegion: text });
    template().hasResourceProperties(LICENSE_TYPE, { LicenseName: { Ref: 'Text' }, ProductSKU: { Ref: 'Text' }, HomeRegion: { Ref: 'Text' } });
  });
});

describe('what causes a warning', () => {
  const warnings = () => Annotations.fromStack(stack).findWarning('/Stack/License', Match.anyValue()).map(({ entry }) => entry.data);
  const blank = (property: string, wayOut: string, text = ' ') => `${property} is '${text}', which shows nothing. ${wayOut} [ack: cdk-license-manager:blankText]`;

  test.each<[string, Partial<LicenseProps>, string]>([
    ['an empty name', { licenseName: '' }, blank('licenseName', 'Set it, or leave it out to have a name generated.', '')],
    ['a blank name', { licenseName: ' ' }, blank('licenseName', 'Set it, or leave it out to have a name generated.')],
    ['a name of 151 characters', { licenseName: 'x'.repeat(151) },
      'licenseName has 151 characters, and the user guide has at most 150. Shorten it, or leave it out to have a name generated. ' +
      '[ack: cdk-license-manager:licenseNameLength]'],
    ['a product without a name', { productName: ' ' }, blank('productName', 'Set it.')],
    ['an issuer without a name', { issuerName: ' ' }, blank('issuerName', 'Set it.')],
    ['no beneficiary', { beneficiary: ' ' }, blank('beneficiary', 'Set it.')],
    ['metadata without a name', { licenseMetadata: { ' ': 'x' } }, blank('a name in licenseMetadata', 'Name it.')],
    ['no entitlements', { entitlements: [] },
      'entitlements is empty: there is nothing to check out. Use Entitlement.counted() or Entitlement.unlimited(). ' +
      '[ack: cdk-license-manager:licenseWithoutEntitlement]'],
    ['two entitlements that nobody could tell apart', { entitlements: [Entitlement.counted('Seats', { maxCount: 1 }), Entitlement.counted('Seats', { maxCount: 2 })] },
      '\'Seats\' with the unit \'Count\' is in entitlements twice: nobody could tell which of them is checked out. Name one of them differently, or make ' +
      'one of the two. [ack: cdk-license-manager:entitlementsAlike]'],
    ['another home Region than that of the stack', { homeRegion: 'eu-west-1' },
      'homeRegion is \'eu-west-1\' and the stack is in \'us-east-1\': a license is made and changed in its home Region only. Declare it in a stack of ' +
      '\'eu-west-1\', or leave homeRegion out. [ack: cdk-license-manager:licenseOutsideHomeRegion]'],
  ])('%s, which is sent as it is', (_, props, warning) => {
    const license = issue(stack, props);
    expect(warnings()).toEqual([warning]);
    for (const [name, value] of Object.entries(props).filter(([, it]) => typeof it === 'string')) {
      expect((license.node.defaultChild as any)[name] ?? (license.node.defaultChild as any).issuer.name).toBe(value);
    }
  });

  test('and is sent: entitlements alike, and none', () => {
    issue(stack, { entitlements: [Entitlement.counted('Seats', { maxCount: 1 }), Entitlement.counted('Seats', { maxCount: 2 })] });
    issue(stack, { entitlements: [] }, 'Other');
    expect(Object.values(template().findResources(LICENSE_TYPE)).map(({ Properties }) => Properties.Entitlements.length)).toEqual([2, 0]);
  });

  test.each<[string, Partial<LicenseProps>]>([
    ['a name of 149 characters', { licenseName: 'x'.repeat(149) }],
    ['a name of 150 characters', { licenseName: 'x'.repeat(150) }],
    ['entitlements of one name with other units', { entitlements: [Entitlement.counted('Seats', { maxCount: 1 }), Entitlement.unlimited('Seats')] }],
  ])('not %s', (_, props) => {
    issue(stack, props);
    expect(warnings()).toEqual([]);
  });
});

describe('the key that signs', () => {
  const STATEMENT = {
    Effect: 'Allow',
    Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']] } },
    Action: ['kms:CreateGrant', 'kms:DescribeKey', 'kms:GetPublicKey', 'kms:Sign', 'kms:Verify'],
    Resource: '*',
    Condition: { StringEquals: { 'kms:ViaService': 'license-manager.us-east-1.amazonaws.com' } },
  };
  const policyStatements = () => Object.values(template().findResources('AWS::KMS::Key'))[0].Properties.KeyPolicy.Statement;

  test.each([kms.KeySpec.RSA_2048, kms.KeySpec.RSA_3072, kms.KeySpec.RSA_4096])('of the spec %s can be used through License Manager', (keySpec) => {
    issue(stack, { signKey: signKey({ keySpec, keyUsage: kms.KeyUsage.SIGN_VERIFY }) });
    expect(policyStatements()).toEqual([expect.objectContaining({ Action: 'kms:*' }), STATEMENT]);
  });

  test('gets one statement, however many licenses it signs', () => {
    const key = signKey();
    issue(stack, { signKey: key });
    issue(stack, { signKey: key }, 'Other');
    expect(policyStatements()).toEqual([expect.objectContaining({ Action: 'kms:*' }), STATEMENT]);
  });

  test('may be an L1', () => {
    const key = new kms.CfnKey(stack, 'Key', {
      keySpec: 'RSA_2048',
      keyUsage: 'SIGN_VERIFY',
      keyPolicy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' }] },
    });
    issue(stack, { signKey: key });
    expect(policyStatements()).toEqual([expect.objectContaining({ Action: 'kms:*' }), STATEMENT]);
    template().hasResourceProperties(LICENSE_TYPE, { Issuer: { SignKey: { 'Fn::GetAtt': ['Key', 'Arn'] } } });
  });

  test('is meant where its alias is given', () => {
    const key = signKey();
    issue(stack, { signKey: key.addAlias('alias/licenses') });
    template().hasResourceProperties(LICENSE_TYPE, { Issuer: { SignKey: stack.resolve(key.keyArn) } });
    expect(policyStatements()).toContainEqual(STATEMENT);
  });

  test('is meant where its imported alias is given', () => {
    const key = signKey();
    issue(stack, { signKey: kms.Alias.fromAliasAttributes(stack, 'Alias', { aliasName: 'alias/licenses', aliasTargetKey: key }) });
    template().hasResourceProperties(LICENSE_TYPE, { Issuer: { SignKey: stack.resolve(key.keyArn) } });
    expect(policyStatements()).toContainEqual(STATEMENT);
  });

  const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ id, entry }) => [id, entry.data]);

  test('causes a warning where only the name of its alias is known, which is sent', () => {
    const alias = kms.Alias.fromAliasName(stack, 'Alias', 'alias/licenses');
    issue(stack, { signKey: alias });
    expect(warnings()).toEqual([['/Stack/License',
      'signKey \'Stack/Alias\' is an alias that was imported by its name, and its key is not known: a license is signed with a key, not with an alias. ' +
      'Import the key: Key.fromLookup() finds it by its alias. [ack: cdk-license-manager:signKeyIsAlias]']]);
    template().hasResourceProperties(LICENSE_TYPE, { Issuer: { SignKey: stack.resolve(alias.keyArn) } });
  });

  test('may be imported, and keeps its policy', () => {
    issue(stack, { signKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) });
    template().hasResourceProperties(LICENSE_TYPE, { Issuer: { SignKey: KEY_ARN } });
    template().resourceCountIs('AWS::KMS::Key', 0);
  });

  test.each<[string, kms.KeyProps, string]>([
    ['symmetric', {}, 'the key spec \'SYMMETRIC_DEFAULT\' and the key usage \'ENCRYPT_DECRYPT\''],
    ['elliptic', { keySpec: kms.KeySpec.ECC_NIST_P256, keyUsage: kms.KeyUsage.SIGN_VERIFY }, 'the key spec \'ECC_NIST_P256\' and the key usage \'SIGN_VERIFY\''],
    ['for encryption', { keySpec: kms.KeySpec.RSA_2048 }, 'the key spec \'RSA_2048\' and the key usage \'ENCRYPT_DECRYPT\''],
  ])('is refused if it is %s', (_, props, what) => {
    expect(() => issue(stack, { signKey: signKey(props) })).toThrow(
      `Stack/License: signKey 'Stack/Key' has ${what}: License Manager signs by RSASSA-PSS with SHA-256, which takes RSA_2048, RSA_3072 or ` +
      'RSA_4096, and SIGN_VERIFY. Make a key with KeySpec.RSA_2048 and KeyUsage.SIGN_VERIFY: neither can be changed on a key that exists.');
  });

  test('is not looked into where its spec is a token', () => {
    const text = new CfnParameter(stack, 'Text').valueAsString;
    const policy = { Version: '2012-10-17', Statement: [] };
    expect(() => issue(stack, { signKey: new kms.CfnKey(stack, 'Key', { keySpec: text, keyUsage: text, keyPolicy: policy }) })).not.toThrow();
  });

  test('causes a warning if it is of another account or Region, and is sent', () => {
    const elsewhere = (id: string, arn: string) => kms.Key.fromKeyArn(stack, id, arn);
    issue(stack, { signKey: elsewhere('A', KEY_ARN.replace(ACCOUNT, '444455556666')) });
    issue(stack, { signKey: elsewhere('B', KEY_ARN.replace('us-east-1', 'eu-west-1')) }, 'Other');
    expect(warnings()).toEqual([
      ['/Stack/License', 'signKey \'Stack/A\' belongs to account \'444455556666\' and the license to \'111122223333\': the user guide has issuers keep their keys in ' +
        'their account. Use a key of the account. [ack: cdk-license-manager:signKeyOfAnotherAccount]'],
      ['/Stack/Other', 'signKey \'Stack/B\' is in Region \'eu-west-1\' and the license in \'us-east-1\': License Manager signs where the license is at home. Use a ' +
        'key of that Region. [ack: cdk-license-manager:signKeyOfAnotherRegion]'],
    ]);
    template().hasResourceProperties(LICENSE_TYPE, { Issuer: { SignKey: KEY_ARN.replace('us-east-1', 'eu-west-1') } });
  });

  test('is missed where a license can be borrowed', () => {
    const borrow = ConsumptionConfiguration.borrow({ maxTimeToLive: Duration.days(1) });
    issue(stack, { consumptionConfiguration: borrow });
    Annotations.fromStack(stack).hasWarning('/Stack/License', Match.stringLikeRegexp(
      'The license can be borrowed and has no signKey: .* Set signKey, or use ConsumptionConfiguration.provisional\\(\\)\\. ' +
      '\\[ack: cdk-license-manager:borrowWithoutSignKey\\]'));
  });
});

describe('a license that exists', () => {
  test('is imported by its ARN', () => {
    const license = License.fromLicenseArn(stack, 'License', LICENSE_ARN);
    expect(license).toMatchObject({
      licenseArn: LICENSE_ARN,
      licenseId: LICENSE_ARN.split(':')[6],
      licenseRef: { licenseArn: LICENSE_ARN },
      homeRegion: undefined,
      env: { account: ACCOUNT, region: 'us-east-1' },
    });
  });

  test('is imported with its home Region, and the account of its ARN', () => {
    const licenseArn = LICENSE_ARN.replace(ACCOUNT, '444455556666');
    const license = License.fromLicenseAttributes(stack, 'License', { licenseArn, homeRegion: 'eu-west-1' });
    expect(license).toMatchObject({ homeRegion: 'eu-west-1', env: { account: '444455556666', region: 'eu-west-1' } });
  });

  test.each([
    [LICENSE_ARN.slice(0, LICENSE_ARN.lastIndexOf(':') + 1), 'Take the ARN from the details of the license in the License Manager console.'],
    [`${LICENSE_ARN}:1`, 'Take the ARN from the details of the license in the License Manager console.'],
    [LICENSE_ARN.replace('::', ':us east 1:'), 'Take the ARN from the details of the license in the License Manager console.'],
    [LICENSE_ARN.replace(':license:', ':license/'), 'The id follows a colon, not a slash: \'' + LICENSE_ARN + '\'.'],
    ['arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-0123456789abcdef0123456789abcdef',
      'That is the ARN of a self-managed license: use LicenseConfiguration.fromLicenseConfigurationArn().'],
  ])('is not imported by %s', (arn, wayOut) => {
    expect(() => License.fromLicenseArn(stack, 'License', arn)).toThrow(
      `Stack: '${arn}', for 'License', is not the ARN of a seller-issued license: expected 'arn:<partition>:license-manager::<account>:license:<id>'. ` +
      wayOut);
  });

  test('is imported whatever form its id has', () => {
    expect(License.fromLicenseArn(stack, 'License', `arn:aws:license-manager::${ACCOUNT}:license:new/form-1`).licenseId).toBe('new/form-1');
  });

  test.each(['arn:aws:license-manager::aws:license:l-1', LICENSE_ARN.replace('::', ':us-east-1:')])('is imported by all that the pattern of the API takes: %s', (arn) => {
    expect(License.fromLicenseArn(stack, 'License', arn).licenseArn).toBe(arn);
  });

  test.each(['arn:aws-us-gov:license-manager::111122223333:license:l-0123456789abcdef0123456789abcdef',
    'arn:aws-cn:license-manager::111122223333:license:l-0123456789abcdef0123456789abcdef',
    `arn:${Aws.PARTITION}:license-manager::${Aws.ACCOUNT_ID}:license:l-0123456789abcdef0123456789abcdef`])('may be in any partition: %s', (arn) => {
    expect(License.fromLicenseArn(new Stack(new App(), 'Anywhere'), 'License', arn).licenseArn).toBe(arn);
  });

  test('may be a token', () => {
    const arn = new CfnParameter(stack, 'Arn').valueAsString;
    new CfnOutput(stack, 'Id', { value: License.fromLicenseArn(stack, 'License', arn).licenseId });
    expect(template().toJSON().Outputs.Id.Value).toEqual({ 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'Arn' }] }] });
  });
});

test('a license is granted by its method', () => {
  const license = issue(stack);
  const grant = license.addGrant('Customer', { principal: GrantPrincipal.fromAccountId('444455556666'), allowedOperations: [AllowedOperation.CREATE_TOKEN] });
  expect(grant.node.path).toBe('Stack/License/Customer');
  template().hasResourceProperties('AWS::LicenseManager::Grant', { LicenseArn: stack.resolve(license.licenseArn) });
});

test('properties can be injected', () => {
  PropertyInjectors.of(stack).add({
    constructUniqueId: License.PROPERTY_INJECTION_ID, inject: (props: any) => ({ ...props, issuerName: 'injected' }),
  });
  issue(stack);
  template().hasResourceProperties(LICENSE_TYPE, { Issuer: { Name: 'injected' } });
});
