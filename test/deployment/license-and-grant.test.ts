import {
  GetGrantCommand, GetLicenseCommand, ListDistributedGrantsCommand, ListLicensesCommand, ListTagsForResourceCommand,
} from '@aws-sdk/client-license-manager';
import { CfnOutput, Duration, Fn, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { CfnGrant } from 'aws-cdk-lib/aws-licensemanager';
import { useDeployment } from './deployment';
import {
  AllowedOperation, ConsumptionConfiguration, Entitlement, GrantPrincipal, License, LicenseProps, LicenseStatus, LicenseValidity,
} from '../../src';

const LICENSE = 'AWS::LicenseManager::License';
const GRANT = 'AWS::LicenseManager::Grant';

const aws = useDeployment();

/** A license with a key of the stack's, and a grant of it to an account. */
const issue = (props: Partial<LicenseProps> = {}, principal = '444455556666', allowedOperations?: AllowedOperation[]) => (stack: Stack) => {
  const license = new License(stack, 'License', {
    productName: 'Example',
    productSku: 'example',
    issuerName: 'issuer',
    signKey: new kms.Key(stack, 'SignKey', {
      keySpec: kms.KeySpec.RSA_2048, keyUsage: kms.KeyUsage.SIGN_VERIFY, removalPolicy: RemovalPolicy.DESTROY,
    }),
    beneficiary: 'customer',
    validity: LicenseValidity.perpetual(new Date('2026-01-01T00:00:00Z')),
    entitlements: [Entitlement.counted('Seats', { maxCount: 10 }), Entitlement.unlimited('Platinum')],
    consumptionConfiguration: ConsumptionConfiguration.borrow({ maxTimeToLive: Duration.days(1) }),
    ...props,
  });
  const grant = license.addGrant('Grant', { principal: GrantPrincipal.fromAccountId(principal), allowedOperations });
  new CfnOutput(stack, 'Versions', { value: `${license.licenseVersion} ${grant.grantVersion}` });
  return license;
};

const deploy = async (stackName: string, define: (stack: Stack) => void) => {
  expect(await aws.deploy(stackName, define)).toMatchObject({ succeeded: true });
  const [license] = await aws.physicalIds(stackName, LICENSE);
  const [grant] = await aws.physicalIds(stackName, GRANT);
  return { license, grant, versions: (await aws.outputs(stackName)).Versions };
};
const license = async (arn: string) => (await aws.licenseManager.send(new GetLicenseCommand({ LicenseArn: arn }))).License!;
const grant = async (arn: string) => (await aws.licenseManager.send(new GetGrantCommand({ GrantArn: arn }))).Grant!;
const tags = async (arn: string) => (await aws.licenseManager.send(new ListTagsForResourceCommand({ ResourceArn: arn }))).Tags!;
/** What can still be used. */
const left = async () => [
  ...(await aws.licenseManager.send(new ListLicensesCommand({}))).Licenses!.filter(({ Status }) => Status !== 'DELETED').map(({ LicenseArn }) => LicenseArn),
  ...(await aws.licenseManager.send(new ListDistributedGrantsCommand({}))).Grants!.filter(({ GrantStatus }) => GrantStatus !== 'DELETED').map(({ GrantArn }) => GrantArn),
];

test('a license and its grant live, change and end with their stack', async () => {
  const made = await deploy('Licenses', issue());

  expect(made.versions).toBe('1 1');
  expect(await license(made.license)).toMatchObject({
    LicenseName: expect.stringMatching(/^Licenses-License-/),
    ProductSKU: 'example',
    Issuer: { Name: 'issuer', SignKey: expect.stringMatching(/^arn:aws:kms:us-east-1:/) },
    HomeRegion: 'us-east-1',
    Status: 'AVAILABLE',
    Validity: { Begin: '2026-01-01T00:00:00Z', End: '9999-12-31T23:59:59Z' },
    Entitlements: [
      { Name: 'Seats', Unit: 'Count', MaxCount: 10, Overage: false, AllowCheckIn: false }, { Name: 'Platinum', Unit: 'None', AllowCheckIn: false },
    ],
    ConsumptionConfiguration: { RenewType: 'None', BorrowConfiguration: { MaxTimeToLiveInMinutes: 1440, AllowEarlyCheckIn: false } },
  });
  expect(await grant(made.grant)).toMatchObject({
    LicenseArn: made.license,
    GranteePrincipalArn: 'arn:aws:iam::444455556666:root',
    GrantStatus: 'PENDING_ACCEPT',
    GrantedOperations: ['ListPurchasedLicenses', 'CheckoutLicense', 'CheckInLicense', 'ExtendConsumptionLicense'],
  });

  // In place: new versions.
  const changed = await deploy('Licenses', (stack) => {
    const it = issue({
      entitlements: [Entitlement.counted('Seats', { maxCount: 20, overage: true })], status: LicenseStatus.DEACTIVATED, licenseMetadata: { order: '1' },
    }, undefined, [AllowedOperation.CHECKOUT_BORROW_LICENSE, AllowedOperation.LIST_PURCHASED_LICENSES])(stack);
    Tags.of(it).add('cost-center', '1');
  });

  expect(changed).toEqual({ ...made, versions: '2 2' });
  expect(await license(made.license)).toMatchObject({
    Status: 'DEACTIVATED', Entitlements: [{ Name: 'Seats', MaxCount: 20, Overage: true }], LicenseMetadata: [{ Name: 'order', Value: '1' }],
  });
  expect((await grant(made.grant)).GrantedOperations).toEqual(['CheckoutBorrowLicense', 'ListPurchasedLicenses']);
  expect(await tags(made.license)).toContainEqual({ Key: 'cost-center', Value: '1' });
  expect(await tags(made.grant)).toContainEqual({ Key: 'cost-center', Value: '1' });

  // Another principal: another grant of the same license.
  const granted = await deploy('Licenses', issue({}, '777788889999'));

  expect(granted.license).toBe(made.license);
  expect(granted.grant).not.toBe(made.grant);
  expect((await grant(made.grant)).GrantStatus).toBe('DELETED');
  expect((await grant(granted.grant)).GranteePrincipalArn).toBe('arn:aws:iam::777788889999:root');

  // Another product: another license, and another grant.
  const replaced = await deploy('Licenses', issue({ productSku: 'another' }, '777788889999'));

  expect(replaced.versions).toBe('1 1');
  expect((await license(replaced.license)).ProductSKU).toBe('another');
  expect((await grant(replaced.grant)).LicenseArn).toBe(replaced.license);
  expect(await left()).toEqual([replaced.license, replaced.grant]);

  expect(await aws.destroy('Licenses')).toMatchObject({ succeeded: true });
  expect(await aws.stackStatus('Licenses')).toBeUndefined();
  expect(await left()).toEqual([]);
});

test('a deployment that fails half-way leaves what was, and nothing else', async () => {
  const before = await deploy('RolledBack', issue());

  const result = await aws.deploy('RolledBack', (stack) => {
    const it = issue({ licenseName: 'renamed', beneficiary: 'somebody else' })(stack);
    // What the L2 warns of, the local AWS refuses.
    new CfnGrant(stack, 'Refused', {
      grantName: 'refused',
      homeRegion: stack.region,
      licenseArn: it.licenseArn,
      principals: [`arn:aws:organizations::${stack.account}:organization/o-exampleorgid`],
      allowedOperations: [AllowedOperation.CREATE_GRANT],
    });
  });

  expect(result.succeeded).toBe(false);
  expect(await aws.stackStatus('RolledBack')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect((await aws.failures('RolledBack')).join()).toContain('The operation CreateGrant cannot be granted');
  expect(await left()).toEqual([before.license, before.grant]);
  expect(await license(before.license)).toMatchObject({ Version: '1', Beneficiary: 'customer' });

  expect(await aws.destroy('RolledBack')).toMatchObject({ succeeded: true });
  expect(await left()).toEqual([]);
});

test('a license that is retained stays when its stack goes', async () => {
  const made = await deploy('Retained', issue({ removalPolicy: RemovalPolicy.RETAIN }));

  expect(await aws.destroy('Retained')).toMatchObject({ succeeded: true });

  expect(await left()).toEqual([made.license]);
});

test('a license whose ARN another stack imports is not replaced, and stays as it was', async () => {
  const exporting = (productSku: string) => (stack: Stack) => {
    new CfnOutput(stack, 'Arn', { value: issue({ productSku })(stack).licenseArn, exportName: 'license' });
  };
  const made = await deploy('Exporting', exporting('example'));
  expect(await aws.deploy('Importing', (stack) => {
    License.fromLicenseArn(stack, 'License', Fn.importValue('license')).addGrant('Grant', { principal: GrantPrincipal.fromAccountId('555566667777') });
  })).toMatchObject({ succeeded: true });
  const before = await left();

  expect(await aws.deploy('Exporting', exporting('another'))).toMatchObject({ succeeded: false });

  expect(await aws.stackStatus('Exporting')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect((await aws.failures('Exporting')).join()).toContain('Export license cannot be updated as it is in use by Importing');
  expect(await left()).toEqual(before);
  expect(await license(made.license)).toMatchObject({ ProductSKU: 'example' });

  expect(await aws.destroy('Importing')).toMatchObject({ succeeded: true });
  expect(await aws.destroy('Exporting')).toMatchObject({ succeeded: true });
});
