import type { Writer } from './writer';
import { inexpressible, named } from './writer';
import { constant, create, dictionary, factory, flag, list, number, self, text } from '../code/expressions';
import { Inexpressible } from '../code/inexpressible';
import type { Expression } from '../code/language';
import { distinction, replacingLogicalIdOf } from '../code/names';
import { shown } from '../code/text';
import type { EntitlementData, GrantData, IssuedLicenseData } from '../estate';

/*
 * Seller-issued licenses, the grants of them, and the grants that were received.
 */

/** Writes the licenses that the account has issued, and their grants. */
export function writeIssuedLicenses(writer: Writer): void {
  const { issuedLicenses, grants, receivedGrants, tokens } = writer.estate;
  writer.section('Seller-issued licenses');
  issuedLicenses.forEach(license => writeLicense(writer, license));
  for (const { id, licenseArn = '', status } of tokens) {
    if (status !== 'DELETED') {
      writer.leave(`Token ${shown(id)} of ${shown(licenseArn)} stays as it is: a token is shown once, when it is made, and LicenseToken makes another one.`);
    }
  }
  writer.section('Grants');
  grants.forEach(grant => writeGrant(writer, grant));
  writer.section('Grants that were received');
  receivedGrants.forEach(grant => writeAcceptance(writer, grant));
}

const GONE = ['DELETED', 'PENDING_DELETE'];
const STATUSES = ['AVAILABLE', 'PENDING_AVAILABLE', 'DEACTIVATED', 'SUSPENDED', 'EXPIRED'];

function writeLicense(writer: Writer, license: IssuedLicenseData): void {
  const { arn, name, productName, productSku, issuerName, signKey, homeRegion, status = 'AVAILABLE', begin, end, beneficiary, metadata, tags } = license;
  if (GONE.includes(status)) {
    return;
  }
  const what = named('Seller-issued license', name || productName);
  if (homeRegion !== undefined && homeRegion !== writer.estate.region) {
    writer.leave(`${what} is at home in ${shown(homeRegion)}, and is changed there only: it belongs into a stack of that Region.`);
    return;
  }
  writer.declare({
    arn,
    what,
    resourceType: 'AWS::LicenseManager::License',
    identifier: { LicenseArn: arn },
    arnAttribute: 'LicenseArn',
    tags,
    logicalId: path => replacingLogicalIdOf(path, [productSku, beneficiary]),
    construct: () => {
      inexpressible(name === '' || !STATUSES.includes(status), 'it has no name, or a status that License does not have');
      inexpressible(new Set(metadata.map(({ key }) => key)).size < metadata.length, 'it has a metadata twice, which License does not take');
      inexpressible(productSku.length < 1 || productSku.length > 1024, 'it has no product SKU');
      return {
        type: 'License',
        properties: {
          licenseName: text(name),
          productName: text(productName),
          productSku: text(productSku),
          issuerName: text(issuerName),
          signKey: signKey === undefined ? undefined : keyOf(signKey, writer.idOf(arn)),
          validity: validityOf(begin, end),
          beneficiary: text(beneficiary),
          entitlements: entitlementsOf(license.entitlements),
          consumptionConfiguration: consumptionOf(license),
          licenseMetadata: metadata.length === 0 ? undefined : dictionary(metadata.map(({ key, value }) => [key, text(value)])),
          status: status === 'AVAILABLE' ? undefined : constant('LicenseStatus', status),
        },
      };
    },
    properties: () => {
      inexpressible(begin === undefined || end === undefined, 'its validity has no end, without which CloudFormation does not take it');
      inexpressible(license.entitlements.some(({ unit }) => unit !== 'None' && !Object.hasOwn(UNITS, unit)), 'it has a unit that CloudFormation does not have');
      const { renewType, provisionalMinutes, borrowMinutes, allowEarlyCheckIn = false, entitlements } = license;
      inexpressible(renewType !== undefined && renewType !== 'None' && !Object.hasOwn(RENEWALS, renewType), 'it has a renewal that CloudFormation does not have');
      return {
        LicenseName: name,
        ProductName: productName,
        ProductSKU: productSku,
        Issuer: { Name: issuerName, SignKey: signKey },
        HomeRegion: homeRegion ?? writer.estate.region,
        Validity: { Begin: begin, End: end },
        Beneficiary: beneficiary,
        Entitlements: entitlements.map(it => ({
          Name: it.name, Value: it.value, MaxCount: it.maxCount, Overage: it.overage, Unit: it.unit, AllowCheckIn: it.allowCheckIn,
        })),
        ConsumptionConfiguration: {
          RenewType: renewType,
          ProvisionalConfiguration: provisionalMinutes === undefined ? undefined : { MaxTimeToLiveInMinutes: provisionalMinutes },
          BorrowConfiguration: borrowMinutes === undefined ? undefined
            : { AllowEarlyCheckIn: allowEarlyCheckIn, MaxTimeToLiveInMinutes: borrowMinutes },
        },
        LicenseMetadata: metadata.map(it => ({ Name: it.key, Value: it.value })),
        Status: status,
      };
    },
    attributes: () => ({ licenseArn: text(arn), homeRegion: homeRegion === undefined ? undefined : text(homeRegion) }),
  });
}

function keyOf(arn: string, licenseId: string): Expression {
  inexpressible(!/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/.test(arn), 'it is signed with a key of which the ARN is not known');
  return factory('Key', 'fromKeyArn', [self, text(`${licenseId}SignKey`), text(arn)], {}, 'aws-cdk-lib/aws-kms');
}

const INSTANT =
  /^(?=.{0,50}$)[0-9]{4}-(1[0-2]|0[1-9])-(3[0-1]|0[1-9]|[1-2][0-9])T(2[0-3]|[0-1][0-9]):([0-5][0-9]):([0-5][0-9])(\.[0-9]+)?(Z|[+-](?:2[0-3]|[0-1][0-9]):[0-5][0-9])$/;

function validityOf(begin: string | undefined, end: string | undefined): Expression {
  const isInstant = (value: string | undefined): value is string =>
    value !== undefined && INSTANT.test(value) && new Date(value.slice(0, 10)).toISOString().startsWith(value.slice(0, 10));
  if (!isInstant(begin) || !isInstant(end)) {
    throw new Inexpressible('its validity has not the form that LicenseValidity takes');
  }
  return factory('LicenseValidity', 'iso8601', [text(begin), text(end)]);
}

/** By their names in the API: the name of the constant. */
const UNITS: { readonly [unit: string]: string } = Object.fromEntries([
  'Count', 'Percent', 'Seconds', 'Milliseconds', 'Microseconds',
  ...['', '/Second'].flatMap(rate => ['Bytes', 'Bits'].flatMap(unit =>
    ['', 'Kilo', 'Mega', 'Giga', 'Tera'].map(size => (size === '' ? unit : size + unit.toLowerCase()) + rate))),
  'Count/Second',
].map(unit => [unit, unit.replace('/', '_PER_').toUpperCase()]));

function entitlementsOf(entitlements: readonly EntitlementData[]): Expression {
  const seen = entitlements.map(it => JSON.stringify(it));
  inexpressible(new Set(seen).size < seen.length, 'it has an entitlement twice, which License writes once');
  return list(entitlements.map(({ name, value, maxCount, overage = false, unit, allowCheckIn = false }) => {
    const other = `Entitlement cannot say what the entitlement '${name}' is`;
    const checkIn = allowCheckIn ? flag(true) : undefined;
    if (unit === 'None') {
      inexpressible(maxCount !== undefined || overage, other);
      return factory('Entitlement', 'unlimited', [text(name)], { value: value === undefined ? undefined : text(value), allowCheckIn: checkIn });
    }
    inexpressible(!Object.hasOwn(UNITS, unit) || value !== undefined || maxCount === undefined, other);
    inexpressible(!Number.isSafeInteger(maxCount) || maxCount! < 0, other);
    return factory('Entitlement', 'counted', [text(name)], {
      maxCount: number(maxCount!),
      unit: unit === 'Count' ? undefined : constant('EntitlementUnit', UNITS[unit]),
      overage: overage ? flag(true) : undefined,
      allowCheckIn: checkIn,
    });
  }));
}

const MAXIMUM_MINUTES = 2147483647;
const RENEWALS: { readonly [type: string]: string } = { Weekly: 'WEEKLY', Monthly: 'MONTHLY' };

function consumptionOf({ renewType = 'None', provisionalMinutes, borrowMinutes, allowEarlyCheckIn }: IssuedLicenseData): Expression {
  const other = 'ConsumptionConfiguration cannot say how it is consumed';
  const minutes = (amount: number) => {
    inexpressible(!Number.isInteger(amount) || amount < 1 || amount > MAXIMUM_MINUTES, other);
    return factory('Duration', 'minutes', [number(amount)], {}, 'aws-cdk-lib');
  };
  inexpressible(renewType !== 'None' && !Object.hasOwn(RENEWALS, renewType), other);
  const renewal = renewType === 'None' ? undefined : constant('RenewType', RENEWALS[renewType]);
  const early = allowEarlyCheckIn ? flag(true) : undefined;
  if (provisionalMinutes !== undefined && borrowMinutes !== undefined) {
    return factory('ConsumptionConfiguration', 'provisionalAndBorrow', [], {
      provisionalMaxTimeToLive: minutes(provisionalMinutes),
      borrowMaxTimeToLive: minutes(borrowMinutes),
      allowEarlyCheckIn: early,
      renewType: renewal,
    });
  }
  if (provisionalMinutes !== undefined) {
    return factory('ConsumptionConfiguration', 'provisional', [], { maxTimeToLive: minutes(provisionalMinutes), renewType: renewal });
  }
  inexpressible(borrowMinutes === undefined, other);
  return factory('ConsumptionConfiguration', 'borrow', [], { maxTimeToLive: minutes(borrowMinutes!), allowEarlyCheckIn: early, renewType: renewal });
}

const OPERATIONS: { readonly [operation: string]: string } = {
  ListPurchasedLicenses: 'LIST_PURCHASED_LICENSES',
  CheckoutLicense: 'CHECKOUT_LICENSE',
  CheckoutBorrowLicense: 'CHECKOUT_BORROW_LICENSE',
  CheckInLicense: 'CHECK_IN_LICENSE',
  ExtendConsumptionLicense: 'EXTEND_CONSUMPTION_LICENSE',
  CreateGrant: 'CREATE_GRANT',
  CreateToken: 'CREATE_TOKEN',
};

function writeGrant(writer: Writer, grant: GrantData): void {
  const { arn, name, licenseArn, principal, homeRegion, status = '', operations, tags } = grant;
  if (GONE.includes(status)) {
    return;
  }
  const what = named('Grant', name);
  if (status === 'REJECTED' || status === 'FAILED_WORKFLOW') {
    writer.leave(`${what} to ${shown(principal)} has the status ${status}, and gives nobody anything: it stays as it is. Delete it, and grant anew.`);
    return;
  }
  if (homeRegion !== undefined && homeRegion !== writer.estate.region) {
    writer.leave(`${what} is at home in ${shown(homeRegion)}, and is changed there only: it belongs into a stack of that Region.`);
    return;
  }
  writer.declare({
    arn,
    what,
    resourceType: 'AWS::LicenseManager::Grant',
    identifier: { GrantArn: arn },
    arnAttribute: 'GrantArn',
    tags,
    logicalId: path => {
      const license = writer.logicalIdOf(licenseArn);
      return replacingLogicalIdOf(path, [license === undefined ? licenseArn : { 'Fn::GetAtt': [license, 'LicenseArn'] }, principal]);
    },
    construct: () => {
      inexpressible(name.trim() === '', 'it has no name');
      inexpressible(operations.length === 0 || operations.some(it => !Object.hasOwn(OPERATIONS, it)), 'it allows operations that Grant does not have');
      inexpressible(new Set(operations).size < operations.length, 'it allows an operation twice, which Grant writes once');
      inexpressible(!/^arn:aws[A-Za-z-]*:[A-Za-z0-9_/.-]+:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9][A-Za-z0-9_/+=,@.-]{0,1023}$/.test(principal),
        'its principal is no ARN');
      return {
        type: 'Grant',
        properties: {
          grantName: text(name),
          license: writer.of(licenseArn),
          principal: factory('GrantPrincipal', 'fromArn', [text(principal)]),
          allowedOperations: list(operations.map(it => constant('AllowedOperation', OPERATIONS[it]))),
        },
      };
    },
    properties: () => ({
      GrantName: name, LicenseArn: licenseArn, HomeRegion: homeRegion ?? writer.estate.region, Principals: [principal], AllowedOperations: operations,
    }),
  });
}

function writeAcceptance(writer: Writer, { arn, name, homeRegion, status = '' }: GrantData): void {
  if (GONE.includes(status)) {
    return;
  }
  const what = named('Grant', name || arn);
  if (homeRegion !== undefined && homeRegion !== writer.estate.region) {
    writer.leave(`${what} is at home in ${shown(homeRegion)}, and is accepted there: its acceptance belongs into a stack of that Region.`);
    return;
  }
  if (status !== 'ACTIVE' && status !== 'DISABLED') {
    writer.leave(`${what} has been received and has the status ${shown(status)}. A GrantAcceptance would accept it, which is for you to decide: ` +
      `new GrantAcceptance(…, { grant: Grant.fromGrantArn(…, '${shown(arn)}') }).`);
    return;
  }
  const id = writer.idOf(arn);
  writer.takeOver(`The acceptance of ${what}`, () => ({
    value: create('GrantAcceptance', [self, text(id)], {
      grant: factory('Grant', 'fromGrantArn', [self, text(`Grant${distinction(arn)}`), text(arn)]),
      activate: status === 'ACTIVE' ? undefined : flag(false),
      removalPolicy: language => language.member('removalPolicy'),
    }),
  }));
}

