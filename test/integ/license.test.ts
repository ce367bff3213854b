import { App, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { describeStacks, ENV } from './stacks';
import {
  AllowedOperation, ConsumptionConfiguration, Entitlement, EntitlementUnit, Grant, GrantPrincipal, License, LicenseStatus, LicenseValidity,
  RenewType,
} from '../../src';

const BEGIN = new Date('2026-01-01T00:00:00Z');
const PRODUCT = {
  productName: 'Example Analytics', productSku: 'example-analytics', issuerName: 'Example Software', beneficiary: 'Example Customer',
};
const LICENSE = 'AWS::LicenseManager::License';
const GRANT = 'AWS::LicenseManager::Grant';

/** Everything of this capability in one stack. */
function everything(app: App): Stack {
  const stack = new Stack(app, 'SellerIssuedLicenses', { env: ENV });
  const license = new License(stack, 'License', {
    licenseName: 'example-analytics',
    ...PRODUCT,
    signKey: new kms.Key(stack, 'SignKey', { keySpec: kms.KeySpec.RSA_2048, keyUsage: kms.KeyUsage.SIGN_VERIFY }),
    homeRegion: ENV.region,
    validity: LicenseValidity.between(BEGIN, new Date('2098-12-31T23:59:59Z')),
    entitlements: [
      Entitlement.counted('Seats', { maxCount: 50, allowCheckIn: true }),
      Entitlement.counted('Transfer', { maxCount: 40, unit: EntitlementUnit.GIGABYTES, overage: true }),
      Entitlement.unlimited('Tier', { value: 'Platinum' }),
    ],
    consumptionConfiguration: ConsumptionConfiguration.provisionalAndBorrow({
      provisionalMaxTimeToLive: Duration.hours(1), borrowMaxTimeToLive: Duration.days(7), allowEarlyCheckIn: true, renewType: RenewType.MONTHLY,
    }),
    licenseMetadata: { Agreement: 'https://example.com/agreement', Order: '4711' },
    status: LicenseStatus.AVAILABLE,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Tags.of(license).add('cost-center', '4711');
  const role = new iam.Role(stack, 'Software', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
  license.grants.checkOut(role);
  license.addGrant('Customer', {
    grantName: 'customer',
    principal: GrantPrincipal.fromAccountId('444455556666'),
    allowedOperations: [
      AllowedOperation.LIST_PURCHASED_LICENSES, AllowedOperation.CHECKOUT_LICENSE, AllowedOperation.CHECK_IN_LICENSE, AllowedOperation.CREATE_GRANT,
    ],
  }).grants.read(role);
  license.addGrant('Organization', { principal: GrantPrincipal.fromOrganizationArn(`arn:aws:organizations::${ENV.account}:organization/o-exampleorgid`) });
  new Grant(stack, 'Unit', {
    license: License.fromLicenseAttributes(stack, 'Received', {
      licenseArn: 'arn:aws:license-manager::444455556666:license:l-0123456789abcdef0123456789abcdef', homeRegion: ENV.region,
    }),
    principal: GrantPrincipal.fromOrganizationalUnitArn(`arn:aws:organizations::${ENV.account}:ou/o-exampleorgid/ou-exam-ple12345`),
  });
  return stack;
}

/** The constructs with nothing but what they require. */
function defaults(app: App): Stack {
  const stack = new Stack(app, 'Defaults', { env: ENV });
  const license = new License(stack, 'License', {
    ...PRODUCT,
    validity: LicenseValidity.perpetual(BEGIN),
    entitlements: [Entitlement.unlimited('Platinum')],
    consumptionConfiguration: ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.hours(1) }),
  });
  license.addGrant('Customer', { principal: GrantPrincipal.fromAccountId('444455556666') });
  return stack;
}

describeStacks({
  'everything of this capability': {
    define: everything,
    check: (template) => {
      template.resourceCountIs(LICENSE, 1);
      template.resourceCountIs(GRANT, 3);
      template.hasResource(LICENSE, { DeletionPolicy: 'Retain' });
      // Nothing of it needs the function.
      template.resourceCountIs('AWS::Lambda::Function', 0);
    },
    // A check-out names no license, so that it can be allowed for all of them only.
    ofTheUser: ['SellerIssuedLicenses/Software'],
  },
  'defaults': {
    define: defaults,
    check: (template) => {
      template.hasResource(LICENSE, { DeletionPolicy: Match.absent() });
      template.hasResourceProperties(LICENSE, { Status: 'AVAILABLE' });
      template.hasResourceProperties(GRANT, { HomeRegion: ENV.region });
    },
  },
});
