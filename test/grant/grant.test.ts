import { AllowedOperation as ApiOperation } from '@aws-sdk/client-license-manager';
import { App, Aws, CfnParameter, Duration, PhysicalName, PropertyInjectors, RemovalPolicy, Resource, Stack, Tags, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnLicense } from 'aws-cdk-lib/aws-licensemanager';
import type { ILicenseRef } from 'aws-cdk-lib/aws-licensemanager';
import type { Construct } from 'constructs';
import { AllowedOperation, ConsumptionConfiguration, Grant, GrantPrincipal, License, LicenseStatus } from '../../src';
import type { GrantProps } from '../../src';
import { issue, LICENSE_ARN } from '../license/licenses';

const ACCOUNT = '111122223333';
const CUSTOMER = '444455556666';
const GRANT_ARN = `arn:aws:license-manager::${ACCOUNT}:grant:g-0123456789abcdef0123456789abcdef`;
const ORGANIZATION = `arn:aws:organizations::${ACCOUNT}:organization/o-abcde12345`;
const UNIT = `arn:aws:organizations::${ACCOUNT}:ou/o-abcde12345/ou-abcd-12345678`;
const TYPE = 'AWS::LicenseManager::Grant';
const {
  LIST_PURCHASED_LICENSES, CHECKOUT_LICENSE, CHECKOUT_BORROW_LICENSE, CHECK_IN_LICENSE, EXTEND_CONSUMPTION_LICENSE, CREATE_GRANT, CREATE_TOKEN,
} = AllowedOperation;

let app: App;
let stack: Stack;
beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: ACCOUNT, region: 'us-east-1' } });
});

function grant(props: Partial<GrantProps> = {}, of = stack) {
  return new Grant(of, 'Grant', {
    license: of.node.tryFindChild('License') as License ?? License.fromLicenseArn(of, 'License', LICENSE_ARN),
    principal: GrantPrincipal.fromAccountId(CUSTOMER),
    ...props,
  });
}

const template = () => Template.fromStack(stack);
const logicalId = (of = stack) => Object.keys(Template.fromStack(of).findResources(TYPE))[0];

/** A license of which nothing but the ARN is known. */
class SomebodysLicense extends Resource implements ILicenseRef {
  public readonly licenseRef = { licenseArn: LICENSE_ARN };
  constructor(scope: Construct) {
    super(scope, 'Somebodys');
  }
}

describe('what is sent', () => {
  test('the use of a license to an account, with a generated name', () => {
    const license = issue(stack);
    const construct = grant();
    template().hasResource(TYPE, {
      Properties: {
        GrantName: Match.stringLikeRegexp('^Stack-Grant-[0-9A-F]{8}$'),
        HomeRegion: 'us-east-1',
        LicenseArn: stack.resolve(license.licenseArn),
        Principals: [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${CUSTOMER}:root`]] }],
        AllowedOperations: ['ListPurchasedLicenses', 'CheckoutLicense', 'CheckInLicense', 'ExtendConsumptionLicense'],
        Status: Match.absent(),
      },
      DeletionPolicy: Match.absent(),
    });
    expect(stack.resolve([construct.grantArn, construct.grantVersion, construct.grantRef])).toEqual([
      { 'Fn::GetAtt': [logicalId(), 'GrantArn'] }, { 'Fn::GetAtt': [logicalId(), 'Version'] }, { grantArn: { 'Fn::GetAtt': [logicalId(), 'GrantArn'] } },
    ]);
    expect(construct.grants).toBe(construct.grants);
  });

  test('a name that CDK would generate for other stacks is a generated one', () => {
    grant({ grantName: PhysicalName.GENERATE_IF_NEEDED });
    template().hasResourceProperties(TYPE, { GrantName: Match.stringLikeRegexp('^Stack-Grant-[0-9A-F]{8}$') });
  });

  test('everything', () => {
    const construct = grant({
      grantName: 'customer',
      principal: GrantPrincipal.fromOrganizationArn(ORGANIZATION),
      allowedOperations: [LIST_PURCHASED_LICENSES, CREATE_TOKEN],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Tags.of(construct).add('cost-center', '1');
    template().hasResource(TYPE, {
      Properties: {
        GrantName: 'customer',
        LicenseArn: LICENSE_ARN,
        Principals: [ORGANIZATION],
        AllowedOperations: ['ListPurchasedLicenses', 'CreateToken'],
        Tags: [{ Key: 'cost-center', Value: '1' }],
      },
      DeletionPolicy: 'Retain',
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.each<[AllowedOperation[]]>([
    [[CREATE_GRANT]],
    [[CHECK_IN_LICENSE, CHECKOUT_LICENSE]],
    [Object.values(AllowedOperation).reverse()],
  ])('%j as it is listed, and no more', (allowedOperations) => {
    grant({ allowedOperations });
    template().hasResourceProperties(TYPE, { AllowedOperations: allowedOperations });
  });

  test('an operation that is a token, in its place', () => {
    const operation = new CfnParameter(stack, 'Operation').valueAsString as AllowedOperation;
    grant({ allowedOperations: [operation, CHECK_IN_LICENSE] });
    template().hasResourceProperties(TYPE, { AllowedOperations: [{ Ref: 'Operation' }, CHECK_IN_LICENSE] });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('all operations of the API can be allowed', () => {
    expect(Object.values<string>(AllowedOperation).sort()).toEqual(Object.values<string>(ApiOperation).sort());
  });

  test('the home Region of the license, where it is known', () => {
    const anywhere = new Stack(app, 'Anywhere');
    grant({ license: License.fromLicenseAttributes(anywhere, 'Imported', { licenseArn: LICENSE_ARN, homeRegion: 'us-east-1' }) }, anywhere);
    Template.fromStack(anywhere).hasResourceProperties(TYPE, { HomeRegion: 'us-east-1' });
  });

  test('the Region of the stack, where it is not', () => {
    grant({ license: new SomebodysLicense(stack) });
    template().hasResourceProperties(TYPE, { HomeRegion: 'us-east-1', LicenseArn: LICENSE_ARN });
  });

  test('a license of another stack', () => {
    const license = issue(new Stack(app, 'Issuer', { env: { account: ACCOUNT, region: 'us-east-1' } }));
    grant({ license });
    const properties = Object.values(template().findResources(TYPE))[0].Properties;
    expect(properties.LicenseArn).toEqual({ 'Fn::ImportValue': expect.stringMatching(/^Issuer:ExportsOutputFnGetAttLicense.*LicenseArn/) });
    // The license's stack does not need that of the grant.
    expect(Object.keys(Template.fromStack(Stack.of(license)).toJSON().Outputs)).toHaveLength(1);
  });

  test('a license without an L2', () => {
    const license = new CfnLicense(stack, 'L1', {
      licenseName: 'l1',
      productName: 'p',
      productSku: 's',
      issuer: { name: 'i' },
      homeRegion: 'us-east-1',
      beneficiary: 'b',
      validity: { begin: '2026-01-01T00:00:00Z', end: '2099-01-01T00:00:00Z' },
      entitlements: [{ name: 'e', unit: 'None' }],
      consumptionConfiguration: { provisionalConfiguration: { maxTimeToLiveInMinutes: 1 } },
    });
    grant({ license });
    template().hasResourceProperties(TYPE, { LicenseArn: { Ref: 'L1' }, HomeRegion: 'us-east-1' });
  });
});

describe('a change that no version can hold', () => {
  const idOf = (props: Partial<GrantProps>) => {
    const other = new Stack(new App(), 'Stack');
    grant(props, other);
    return logicalId(other);
  };

  test('of the principal or the license makes another grant', () => {
    expect(idOf({ principal: GrantPrincipal.fromAccountId('777788889999') })).not.toBe(idOf({}));
    const other = License.fromLicenseArn(new Stack(), 'Other', LICENSE_ARN.replace(/f$/, 'e'));
    expect(idOf({ license: other })).not.toBe(idOf({}));
  });

  test.each<Partial<GrantProps>>([
    { grantName: 'another' }, { allowedOperations: [CHECKOUT_LICENSE] }, { removalPolicy: RemovalPolicy.RETAIN },
  ])('is none of these: %p', (props) => {
    expect(idOf(props)).toBe(idOf({}));
  });

  test('is not that the stack says its environment', () => {
    grant();
    expect(logicalId()).toBe(idOf({}));
  });
});

describe('what is refused', () => {
  test.each<[string, Partial<GrantProps>, string]>([
    ['no operations', { allowedOperations: [] },
      'Stack/Grant: allowedOperations is empty: a grant allows at least 1 operation. Name what is allowed, or leave it out to allow the use of ' +
      'the license.'],
    ['an operation that is none', { allowedOperations: ['CheckOutLicense' as AllowedOperation] },
      'Stack/Grant: a member of allowedOperations is \'CheckOutLicense\': it has to be \'ListPurchasedLicenses\', \'CheckoutLicense\', ' +
      '\'CheckoutBorrowLicense\', \'CheckInLicense\', \'ExtendConsumptionLicense\', \'CreateGrant\' or \'CreateToken\'. Correct it.'],
    ['a principal of another form', { principal: GrantPrincipal.fromAccountId('customer') }, 'Stack/Grant: \'customer\' is not an account id: expected 12 digits.'],
    ['a snapshot', { removalPolicy: RemovalPolicy.SNAPSHOT },
      'Stack/Grant: removalPolicy is \'snapshot\': there are no snapshots of a grant. Use RemovalPolicy.DESTROY or RemovalPolicy.RETAIN.'],
  ])('%s', (_, props, message) => {
    expect(() => grant(props)).toThrow(message);
  });

  test('not a list of operations that is a token', () => {
    const list = new CfnParameter(stack, 'Operations', { type: 'CommaDelimitedList' }).valueAsList as AllowedOperation[];
    grant({ allowedOperations: list, principal: GrantPrincipal.fromAccountId(Token.asString({ Ref: 'AWS::AccountId' })) });
    template().hasResourceProperties(TYPE, { AllowedOperations: { Ref: 'Operations' } });
  });

  test('a snapshot later on, and nothing else', () => {
    const construct = grant();
    expect(() => construct.applyRemovalPolicy(RemovalPolicy.SNAPSHOT)).toThrow('Stack/Grant: removalPolicy is \'snapshot\'');
    construct.applyRemovalPolicy(RemovalPolicy.RETAIN);
    template().hasResource(TYPE, { DeletionPolicy: 'Retain' });
  });
});

describe('what causes a warning', () => {
  const warnings = () => Annotations.fromStack(stack).findWarning('/Stack/Grant', Match.anyValue()).map(({ entry }) => entry.data);

  test('a blank name', () => {
    grant({ grantName: ' ' });
    expect(warnings()).toEqual(['grantName is \' \', which shows nothing. Set it, or leave it out to have a name generated. ' +
      '[ack: cdk-license-manager:blankText]']);
  });

  test('a license with another home Region than that of the stack', () => {
    grant({ license: License.fromLicenseAttributes(stack, 'Marketplace', { licenseArn: LICENSE_ARN, homeRegion: 'eu-west-1' }) });
    expect(warnings()).toEqual(['The home Region of license \'Stack/Marketplace\' is \'eu-west-1\' and the stack is in \'us-east-1\': a license can be ' +
      'changed in its home Region only, and is granted there. Declare the grant in a stack of \'eu-west-1\'. [ack: cdk-license-manager:grantOutsideHomeRegion]']);
  });

  const WITHOUT_LISTING = 'allowedOperations has no \'ListPurchasedLicenses\': the principal might not find the license among those that it has received. Add ' +
    'the operation. [ack: cdk-license-manager:grantWithoutListing]';
  const withoutCheckout = (operation: string) => `allowedOperations has '${operation}', and nothing can be checked out. Add 'CheckoutLicense' or ` +
    '\'CheckoutBorrowLicense\', or leave the operation out. [ack: cdk-license-manager:grantWithoutCheckout]';

  test.each<[AllowedOperation[], string[]]>([
    [[LIST_PURCHASED_LICENSES], []],
    [[CHECKOUT_LICENSE], [WITHOUT_LISTING]],
    [[CREATE_GRANT], [WITHOUT_LISTING]],
    [[LIST_PURCHASED_LICENSES, CHECK_IN_LICENSE], [withoutCheckout('CheckInLicense')]],
    [[EXTEND_CONSUMPTION_LICENSE], [WITHOUT_LISTING, withoutCheckout('ExtendConsumptionLicense')]],
    [[LIST_PURCHASED_LICENSES, CHECK_IN_LICENSE, CHECKOUT_LICENSE], []],
    [[LIST_PURCHASED_LICENSES, CHECK_IN_LICENSE, EXTEND_CONSUMPTION_LICENSE, CHECKOUT_BORROW_LICENSE], []],
    [Object.values(AllowedOperation), []],
  ])('%j without what they cannot do without', (allowedOperations, expected) => {
    grant({ allowedOperations });
    expect(warnings()).toEqual(expected);
  });

  test.each([
    ['an organization', ORGANIZATION, GrantPrincipal.fromOrganizationArn(ORGANIZATION)],
    ['an organization, by whatever its ARN is', ORGANIZATION, GrantPrincipal.fromArn(ORGANIZATION)],
    ['a unit', UNIT, GrantPrincipal.fromOrganizationalUnitArn(UNIT)],
  ])('the right to grant, of %s', (_, arn, principal) => {
    grant({ principal, allowedOperations: [LIST_PURCHASED_LICENSES, CREATE_GRANT] });
    expect(warnings()).toEqual([`allowedOperations has 'CreateGrant' and the principal is '${arn}': the accounts of an organization or an organizational unit use ` +
      'the license, and cannot grant it. Leave the operation out, or grant to an account. [ack: cdk-license-manager:createGrantToOrganization]']);
  });

  test('nothing of an organization that may do all else', () => {
    const allowedOperations = Object.values(AllowedOperation).filter(operation => operation !== CREATE_GRANT);
    grant({ principal: GrantPrincipal.fromOrganizationArn(ORGANIZATION), allowedOperations });
    expect(warnings()).toEqual([]);
  });

  test('the own account and an account twice, by its id or by its ARN', () => {
    const license = License.fromLicenseArn(stack, 'License', LICENSE_ARN);
    license.addGrant('Own', { principal: GrantPrincipal.fromArn(`arn:aws:iam::${ACCOUNT}:root`) });
    license.addGrant('One', { principal: GrantPrincipal.fromAccountId(CUSTOMER) });
    license.addGrant('Two', { principal: GrantPrincipal.fromArn(`arn:aws:iam::${CUSTOMER}:root`) });
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ id, entry }) => [id, String(entry.data).replace(/.*ack: (.*)]/, '$1')])).toEqual([
      ['/Stack/License/Own', 'cdk-license-manager:grantToOwnAccount'], ['/Stack/License/Two', 'cdk-license-manager:licenseGrantedTwice'],
    ]);
  });

  test.each([GrantPrincipal.fromOrganizationArn(ORGANIZATION.replace(ACCOUNT, '999900001111')), GrantPrincipal.fromOrganizationalUnitArn(UNIT.replace(ACCOUNT, '999900001111'))])(
    'an organization that another account manages', (principal) => {
      grant({ principal });
      Annotations.fromStack(stack).hasWarning('/Stack/Grant',
        'The organization of the principal is managed by account \'999900001111\' and the stack is in \'111122223333\': a license can be granted ' +
        'to an organization by its management account only. Declare the grant in a stack of \'999900001111\', or grant to accounts. ' +
        '[ack: cdk-license-manager:grantOutsideManagementAccount]');
    });

  test('the right to grant what was received', () => {
    grant({
      license: License.fromLicenseArn(stack, 'Received', LICENSE_ARN.replace(ACCOUNT, '999900001111')),
      allowedOperations: [LIST_PURCHASED_LICENSES, CREATE_GRANT],
    });
    Annotations.fromStack(stack).hasWarning('/Stack/Grant',
      'The license was issued by account \'999900001111\' and allowedOperations has \'CreateGrant\': who has received a license can grant the ' +
      'use of it, and not the right to grant it. Leave the operation out. [ack: cdk-license-manager:createGrantOfReceivedLicense]');
  });

  test('a grant to the own account', () => {
    grant({ principal: GrantPrincipal.fromAccountId(ACCOUNT) });
    Annotations.fromStack(stack).hasWarning('/Stack/Grant',
      'The principal is the account \'111122223333\' of the stack: it has the license already, and needs no grant. Grant to another account, or let ' +
      'its roles use the license by license.grants. [ack: cdk-license-manager:grantToOwnAccount]');
  });

  test('a second grant of a license to the same principal, and to another one is not', () => {
    const license = issue(stack);
    license.addGrant('One', { principal: GrantPrincipal.fromAccountId(CUSTOMER) });
    license.addGrant('Other', { principal: GrantPrincipal.fromAccountId('777788889999') });
    license.addGrant('Two', { principal: GrantPrincipal.fromAccountId(CUSTOMER), allowedOperations: [LIST_PURCHASED_LICENSES, CREATE_TOKEN] });
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ id, entry }) => [id, entry.data])).toEqual([['/Stack/License/Two',
      `License 'Stack/License' is granted to '${CUSTOMER}' by 'Stack/License/One' already. Allow all operations by one grant. ` +
      '[ack: cdk-license-manager:licenseGrantedTwice]']]);
  });

  test('a grant of a deactivated license', () => {
    issue(stack, { status: LicenseStatus.DEACTIVATED });
    grant();
    Annotations.fromStack(stack).hasWarning('/Stack/Grant',
      'License \'Stack/License\' is deactivated, and only an available one can be granted. Make it available, or declare the grant later. ' +
      '[ack: cdk-license-manager:grantOfDeactivatedLicense]');
  });

  describe('a way of consumption that the license does not have', () => {
    const PROVISIONAL = ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.hours(1) });
    const BORROW = ConsumptionConfiguration.borrow({ maxTimeToLive: Duration.days(1) });
    const BOTH = ConsumptionConfiguration.provisionalAndBorrow({
      provisionalMaxTimeToLive: Duration.hours(1), borrowMaxTimeToLive: Duration.days(1),
    });
    const NOT_BORROWED = 'allowedOperations has \'CheckoutBorrowLicense\', and license \'Stack/License\' cannot be borrowed. Leave the operation out, or ' +
      'use ConsumptionConfiguration.provisionalAndBorrow(). [ack: cdk-license-manager:borrowGrantOfProvisionalLicense]';
    const ONLY_BORROWED = 'License \'Stack/License\' can only be borrowed, and allowedOperations has no \'CheckoutBorrowLicense\': the principal could not ' +
      'use it. Add the operation, or use ConsumptionConfiguration.provisionalAndBorrow(). [ack: cdk-license-manager:provisionalGrantOfBorrowLicense]';
    const found = () => Annotations.fromStack(stack).findWarning('/Stack/Grant', Match.anyValue()).map(({ entry }) => entry.data);

    test.each<[string, ConsumptionConfiguration, AllowedOperation[] | undefined, string[]]>([
      ['provisional', PROVISIONAL, undefined, []],
      ['provisional', PROVISIONAL, [CHECKOUT_LICENSE], []],
      ['provisional', PROVISIONAL, [CREATE_TOKEN], []],
      ['provisional', PROVISIONAL, [CHECKOUT_BORROW_LICENSE], [NOT_BORROWED]],
      ['provisional', PROVISIONAL, [CHECKOUT_LICENSE, CHECKOUT_BORROW_LICENSE], [NOT_BORROWED]],
      ['borrow', BORROW, undefined, [ONLY_BORROWED]],
      ['borrow', BORROW, [CHECKOUT_LICENSE, CHECK_IN_LICENSE], [ONLY_BORROWED]],
      ['borrow', BORROW, [CHECKOUT_BORROW_LICENSE], []],
      ['borrow', BORROW, [CHECKOUT_LICENSE, CHECKOUT_BORROW_LICENSE], []],
      ['borrow', BORROW, [CREATE_TOKEN], []],
      ['both', BOTH, undefined, []],
      ['both', BOTH, [CHECKOUT_LICENSE, CHECKOUT_BORROW_LICENSE], []],
    ])('%s, with %#.', (_, consumptionConfiguration, allowedOperations, expected) => {
      issue(stack, { consumptionConfiguration });
      grant({ allowedOperations: allowedOperations && [LIST_PURCHASED_LICENSES, ...allowedOperations] });
      expect(found()).toEqual(expected);
    });

    test('of an L1, too', () => {
      const license = new CfnLicense(issue(stack), 'Sibling', {
        ...stack.resolve((stack.node.findChild('License').node.defaultChild as any).cfnProperties),
        consumptionConfiguration: { renewType: 'None', provisionalConfiguration: { maxTimeToLiveInMinutes: 60 } },
      });
      grant({ license, allowedOperations: [LIST_PURCHASED_LICENSES, CHECKOUT_BORROW_LICENSE] });
      expect(found()).toEqual([NOT_BORROWED.replace('Stack/License', 'Stack/License/Sibling')]);
    });

    test('not where it is not known', () => {
      grant({ license: new SomebodysLicense(stack), allowedOperations: [LIST_PURCHASED_LICENSES, CHECKOUT_BORROW_LICENSE] });
      expect(found()).toEqual([]);
    });
  });

  test('nothing, where accounts are not known to differ', () => {
    grant({ principal: GrantPrincipal.fromOrganizationArn(`arn:aws:organizations::${Aws.ACCOUNT_ID}:organization/o-abcde12345`) });
    new Grant(stack, 'Own', {
      license: stack.node.findChild('License') as License,
      principal: GrantPrincipal.fromAccountId(CUSTOMER),
      allowedOperations: [LIST_PURCHASED_LICENSES, CREATE_GRANT],
    });
    new Grant(stack, 'Use', {
      license: License.fromLicenseArn(stack, 'Received', LICENSE_ARN.replace(ACCOUNT, '999900001111')), principal: GrantPrincipal.fromAccountId(CUSTOMER),
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.each([[1999, 0], [2000, 0], [2001, 1], [2002, 1]])('%d grants of a license give %d warnings', (count, number) => {
    // The metadata of the tree are not needed, and slow.
    const big = new Stack(new App({ analyticsReporting: false }), 'Big', { env: { account: ACCOUNT, region: 'us-east-1' } });
    const license = License.fromLicenseArn(big, 'License', LICENSE_ARN);
    const other = License.fromLicenseArn(big, 'Other', LICENSE_ARN.replace(/f$/, 'e'));
    const customer = (index: number) => GrantPrincipal.fromAccountId(String(444455556666 + index));
    const found = Array.from({ length: count }, (_, index) => license.addGrant(`Grant${index}`, { principal: customer(index) }))
      .concat(other.addGrant('Grant', { principal: GrantPrincipal.fromAccountId(CUSTOMER) }))
      .flatMap(({ node }) => node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => data));
    expect(found).toEqual(number === 0 ? [] : [
      'The app has more than 2000 grants of license \'Big/License\', which is as many as a license can have. Grant it to an organization or ' +
      'an organizational unit, or issue more licenses. [ack: cdk-license-manager:tooManyGrantsOfLicense]',
    ]);
  });
});

describe('a grant that exists', () => {
  test('is imported by its ARN, with the account that has granted', () => {
    expect(Grant.fromGrantArn(stack, 'Grant', GRANT_ARN.replace(ACCOUNT, CUSTOMER))).toMatchObject({
      grantRef: { grantArn: GRANT_ARN.replace(ACCOUNT, CUSTOMER) }, env: { account: CUSTOMER, region: 'us-east-1' },
    });
  });

  test.each([
    [`${GRANT_ARN}:1`, 'Take it from \'aws license-manager list-distributed-grants\' or, where it was received, from \'list-received-grants\'.'],
    [GRANT_ARN.slice(0, GRANT_ARN.lastIndexOf(':') + 1), 'Take it from \'aws license-manager list-distributed-grants\' or, where it was received, from \'list-received-grants\'.'],
    [LICENSE_ARN, 'Take it from \'aws license-manager list-distributed-grants\' or, where it was received, from \'list-received-grants\'.'],
    [GRANT_ARN.replace(':grant:', ':grant/'), `The id follows a colon, not a slash: '${GRANT_ARN}'.`],
  ])('is not imported by %s', (arn, wayOut) => {
    expect(() => Grant.fromGrantArn(stack, 'Grant', arn)).toThrow(
      `Stack: '${arn}', for 'Grant', is not the ARN of a grant: expected 'arn:<partition>:license-manager::<account>:grant:<id>'. ${wayOut}`);
  });

  test('is imported whatever form its id has', () => {
    const arn = `arn:aws:license-manager::${ACCOUNT}:grant:new/form-1`;
    expect(Grant.fromGrantArn(stack, 'Grant', arn).grantArn).toBe(arn);
  });

  test.each(['aws-us-gov', 'aws-cn', Aws.PARTITION])('may be in any partition: %s', (partition) => {
    const arn = GRANT_ARN.replace(':aws:', `:${partition}:`);
    expect(Grant.fromGrantArn(new Stack(new App(), 'Anywhere'), 'Grant', arn).grantArn).toBe(arn);
  });

  test('may be a token', () => {
    const arn = new CfnParameter(stack, 'Arn').valueAsString;
    expect(Grant.fromGrantArn(stack, 'Grant', arn).grantArn).toBe(arn);
  });
});

test('properties can be injected', () => {
  PropertyInjectors.of(stack).add({
    constructUniqueId: Grant.PROPERTY_INJECTION_ID, inject: (props: any) => ({ ...props, grantName: 'injected' }),
  });
  grant();
  template().hasResourceProperties(TYPE, { GrantName: 'injected' });
});
