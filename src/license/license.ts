import { Annotations, ArnFormat, Aws, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import type { IResource } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement, ResourceWithPolicies } from 'aws-cdk-lib/aws-iam';
import { ViaServicePrincipal } from 'aws-cdk-lib/aws-kms';
import type { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { CfnLicense } from 'aws-cdk-lib/aws-licensemanager';
import type { ILicenseRef, LicenseReference } from 'aws-cdk-lib/aws-licensemanager';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import type { ConsumptionConfiguration } from './consumption-configuration';
import type { Entitlement } from './entitlement';
import { LicenseGrants } from './license-grants';
import type { LicenseValidity } from './license-validity';
import { Grant } from '../grant/grant';
import type { GrantOptions } from '../grant/grant';
import { warnOfBlank } from '../private/finding/blank';
import { onceEach } from '../private/finding/doubles';
import { brand, isBranded } from '../private/identity/copies';
import { changing, protectUsers } from '../private/identity/cross-stack';
import { entriesByKey } from '../private/identity/entries';
import { nameOfImport } from '../private/identity/look-up-dummy';
import { nameOrGenerated, textOrNone } from '../private/identity/names';
import { needs, Prerequisite } from '../private/identity/prerequisites';
import { accountOf, accountOfArn, firstDouble, knownToDiffer, regionOf, shown } from '../private/identity/reference';
import { replaceWhenChanged } from '../private/identity/replacement';
import { checkKind, keyBehind } from '../private/secret/key';
import type { KindOfKey } from '../private/secret/key';
import { arnPartsOfLicense, checkFormat, colonNotSlash, RESOURCE_ID } from '../private/validation/format';
import type { Format } from '../private/validation/format';
import { ANYTHING, construct, given, givenProps, listOf, mapOf, needed, ofClass, ofImport, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { applyRemovalPolicy } from '../private/validation/removal';
import { checkTags } from '../private/validation/tags';
import { checkLength, checkOneOf, isKnown, lit } from '../private/validation/validation';

/**
 * Whether a seller-issued license can be used.
 *
 * To deactivate a license, or to make it available again, are the two that the user guide speaks of. The others are those that License Manager itself
 * gives a license: the API takes them, too, and does not say what they do.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-status.html
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_CreateLicenseVersion.html
 */
export enum LicenseStatus {
  /** The license can be checked out and granted. */
  AVAILABLE = 'AVAILABLE',

  /** The license is about to become available. */
  PENDING_AVAILABLE = 'PENDING_AVAILABLE',

  /** The license cannot be used, until it is available again. */
  DEACTIVATED = 'DEACTIVATED',

  /** The license is suspended, and cannot be used. */
  SUSPENDED = 'SUSPENDED',

  /** The validity of the license is over. */
  EXPIRED = 'EXPIRED',

  /** The license is being deleted. */
  PENDING_DELETE = 'PENDING_DELETE',

  /** The license is deleted. */
  DELETED = 'DELETED',
}

/**
 * Properties of a seller-issued license.
 */
export interface LicenseProps {
  /**
   * The name of the license, which its users see: 1 to 150 characters. Several licenses may have the same name.
   *
   * A name that is longer or blank causes a warning.
   *
   * @default - a unique name of at most 150 characters, made from the path of the construct: it stays the same unless the path changes
   */
  readonly licenseName?: string;

  /**
   * The name of the product. A blank one causes a warning.
   */
  readonly productName: string;

  /**
   * The id of the product, which is yours to choose: 1 to 1024 characters. Software checks a license out by it and by the issuer.
   *
   * Use an id for one kind of license: of two licenses with the same id and issuer, an account that is granted both cannot choose one when it
   * checks out.
   *
   * **A change replaces the license** by a new one with another ARN: License Manager has no way to change it. See `License`.
   *
   * Throws a `ValidationError` if it is longer, or empty.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_CheckoutLicense.html
   * @see https://github.com/aws/aws-sdk/issues/506
   */
  readonly productSku: string;

  /**
   * The name of the company that issues the license. A blank one causes a warning.
   */
  readonly issuerName: string;

  /**
   * The key that License Manager signs with what is checked out, so that software can tell offline that it is yours.
   *
   * An asymmetric key of the account, in the home Region of the license, with the key usage SIGN_VERIFY and a key spec that signs by
   * RSASSA-PSS with SHA-256: RSA_2048, RSA_3072 or RSA_4096. If the app makes the key, its policy gets a statement that lets the account
   * use it through License Manager; the policy of an imported key is yours to write.
   *
   * Throws a `ValidationError` for a key that is known to be of another key spec or key usage. A key that is known to be of another account or
   * Region causes a warning, and so does an alias that was imported by its name.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-signing.html
   * @default - License Manager signs with no key of yours, and what is borrowed cannot be verified
   */
  readonly signKey?: IKeyRef;

  /**
   * The home Region of the license: the only one in which it can be changed. Everywhere else it can be used, for License Manager replicates the
   * license and its data to the other Regions, always. It has to be the Region of the stack: another one causes a warning.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/create-seller-issued-license.html
   * @default - the Region of the stack
   */
  readonly homeRegion?: string;

  /**
   * From when until when the license is valid.
   *
   * Throws a `ValidationError` for what `LicenseValidity` says.
   */
  readonly validity: LicenseValidity;

  /**
   * Whom the license is for: the name of a person or a company, or what else you know your customer by. When the account that issued
   * the license checks it out itself, it has to name itself as the beneficiary.
   *
   * **A change replaces the license** by a new one with another ARN: License Manager has no way to change it. See `License`.
   *
   * A blank one causes a warning.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_CheckoutLicense.html
   */
  readonly beneficiary: string;

  /**
   * What the license entitles to; at least one, each name and unit once.
   *
   * None causes a warning, and so do two with the same name and unit.
   *
   * Throws a `ValidationError` for two that are the same in all, and for what `Entitlement` says.
   */
  readonly entitlements: Entitlement[];

  /**
   * How the license is checked out.
   *
   * Throws a `ValidationError` for what `ConsumptionConfiguration` says.
   */
  readonly consumptionConfiguration: ConsumptionConfiguration;

  /**
   * More about the license, by name, such as the number of the agreement. Its users see it: not a place for confidential information.
   *
   * The description, the seller of record and the address of the agreement, for which the console has fields, are not properties of the type:
   * say here what your customers should read.
   *
   * A blank name causes a warning.
   *
   * @default - nothing more
   */
  readonly licenseMetadata?: { [name: string]: string };

  /**
   * Deactivates the license, or makes it available again.
   *
   * License Manager creates every license available, and takes no status with it: `DEACTIVATED` does nothing in the deployment that makes the
   * license. Deploy the license first, and set this in a later deployment.
   *
   * Throws a `ValidationError` for a status that License Manager does not have.
   *
   * @default LicenseStatus.AVAILABLE
   */
  readonly status?: LicenseStatus;

  /**
   * What happens to the license when it is taken out of the app, or has to be replaced.
   *
   * A deleted license can no longer be used; its issuer and those that it was granted to can look at it for six months. It can be made
   * anew, with another ARN.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/delete-seller-issued-license.html
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A seller-issued license, made by this app or imported.
 */
export interface ILicense extends IResource, ILicenseRef {
  /**
   * The ARN of the license. It names no Region.
   *
   * @attribute
   */
  readonly licenseArn: string;

  /**
   * The id of the license, with which its ARN ends.
   *
   * @attribute NONE
   */
  readonly licenseId: string;

  /**
   * The home Region of the license. Of an imported license it may be missing.
   */
  readonly homeRegion?: string;

  /**
   * IAM permissions on the license, for principals of the account.
   */
  readonly grants: LicenseGrants;

  /**
   * Grants the use of the license to another account, an organizational unit or the organization.
   *
   * @param id      the construct id of the grant
   * @param options to whom, and what they may do
   */
  addGrant(id: string, options: GrantOptions): Grant;
}

/**
 * What is known of a seller-issued or received license that exists.
 */
export interface LicenseAttributes {
  /**
   * The ARN of the license: `arn:<partition>:license-manager::<account>:license:l-…`.
   */
  readonly licenseArn: string;

  /**
   * The home Region of the license, in which alone it can be granted. Licenses from AWS Marketplace have us-east-1, and can be granted once
   * sharing of subscriptions is set up in the organization.
   *
   * @see https://docs.aws.amazon.com/marketplace/latest/buyerguide/organizations-sharing.html
   *
   * @default - taken to be the Region of the stack that grants it
   */
  readonly homeRegion?: string;
}

/**
 * What a made and an imported license have in common.
 */
abstract class LicenseBase extends Resource implements ILicense {
  /**
   * The ARN of the license. It names no Region.
   *
   * @attribute
   */
  public abstract readonly licenseArn: string;

  /**
   * The home Region of the license. Of an imported license it may be missing.
   */
  public abstract readonly homeRegion?: string;

  private readonly facades: { grants?: LicenseGrants } = {};

  /**
   * A reference to the license.
   */
  public get licenseRef(): LicenseReference {
    return { licenseArn: this.licenseArn };
  }

  /**
   * The id of the license, with which its ARN ends.
   *
   * @attribute NONE
   */
  public get licenseId(): string {
    return nameOfImport(this, this.licenseArn, ArnFormat.COLON_RESOURCE_NAME);
  }

  /**
   * IAM permissions on the license, for principals of the account.
   */
  public get grants(): LicenseGrants {
    return this.facades.grants ??= LicenseGrants.fromLicense(this);
  }

  /**
   * Grants the use of the license to another account, an organizational unit or the organization.
   *
   * @param id      the construct id of the grant
   * @param options to whom, and what they may do
   */
  public addGrant(id: string, options: GrantOptions): Grant {
    return new Grant(this, id, { ...options, license: this });
  }
}

/**
 * A seller-issued license: what a customer of yours may do with your software. The software checks it out, and License Manager keeps
 * count.
 *
 * **A change of most properties makes a new version of the license**, with the same ARN; each version is immutable. The grants stay, and
 * what is used stays counted. Who has checked something out keeps it, on the terms of that time, until it is checked in or its time is
 * over; what is borrowed is signed and cannot be changed any more. The next check-out and the next extension are on the new terms.
 *
 * **A change of `productSku` or `beneficiary` makes a new license**, with another ARN, and deletes the old one. License Manager cannot
 * change the two, and CloudFormation would not say so: it would take the change and do nothing. Grants that the app declares are made
 * anew, and have to be accepted and activated again. A new value of a CloudFormation parameter or of an import is not noticed: use
 * values that are known at synthesis. Declare grants in the stack of the license: another stack imports its ARN, and CloudFormation
 * replaces nothing whose ARN is imported.
 *
 * **Try unlimited entitlements and borrowing in an account for tests first.** CloudFormation's schema has them; the code behind the type was
 * last published in 2020, and that one knows counted entitlements and provisional check-out only. Today's is not public.
 *
 * @example
 * import { App, Duration, Stack } from 'aws-cdk-lib';
 * import * as kms from 'aws-cdk-lib/aws-kms';
 * import { ConsumptionConfiguration, Entitlement, GrantPrincipal, License, LicenseValidity } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Licenses');
 * const license = new License(stack, 'Example', {
 *   productName: 'Example Analytics',
 *   productSku: 'example-analytics',
 *   issuerName: 'Example Software',
 *   signKey: new kms.Key(stack, 'SignKey', { keySpec: kms.KeySpec.RSA_2048, keyUsage: kms.KeyUsage.SIGN_VERIFY }),
 *   beneficiary: 'Example Customer',
 *   validity: LicenseValidity.between(new Date('2027-01-01T00:00:00Z'), new Date('2029-12-31T23:59:59Z')),
 *   entitlements: [Entitlement.counted('Seats', { maxCount: 50, allowCheckIn: true }), Entitlement.unlimited('Platinum')],
 *   consumptionConfiguration: ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.hours(1) }),
 * });
 * license.addGrant('Customer', { principal: GrantPrincipal.fromAccountId('444455556666') });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/seller-issued-licenses.html
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_CreateLicenseVersion.html
 * @see https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-licensemanager
 * @resource AWS::LicenseManager::License
 */
@propertyInjectable
export class License extends LicenseBase {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.License';

  /**
   * Whether the given object is a `License`, made by whichever copy of this library. An imported license is not.
   *
   * @param x any object
   */
  public static isLicense(x: any): x is License {
    return isBranded(x, 'License');
  }

  /**
   * Imports a seller-issued or received license by its ARN.
   *
   * Throws a `ValidationError` unless the ARN is a token or has the form `arn:<partition>:license-manager::<account>:license:<id>`.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param scope      the construct's scope
   * @param id         the construct's id
   * @param licenseArn the ARN; the license's account is taken from it
   */
  public static fromLicenseArn(scope: Construct, id: string, licenseArn: string): ILicense {
    return License.fromLicenseAttributes(scope, id, { licenseArn });
  }

  /**
   * Imports a seller-issued or received license by what is known of it. With its home Region it is checked where it is granted.
   *
   * Throws a `ValidationError` unless the ARN is a token or has the form `arn:<partition>:license-manager::<account>:license:<id>`.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param scope the construct's scope
   * @param id    the construct's id
   * @param attrs the ARN, and the home Region if it is known
   */
  public static fromLicenseAttributes(scope: Construct, id: string, attrs: LicenseAttributes): ILicense {
    const { licenseArn, homeRegion } = givenProps(scope, attrs, ATTRIBUTES, ofImport(id));
    checkFormat(scope, lit`LicenseArn`, LICENSE_ARN, licenseArn, id);

    class Import extends LicenseBase {
      public readonly licenseArn = licenseArn;
      public readonly homeRegion = homeRegion;
    }
    return new Import(scope, id, { account: accountOfArn(licenseArn), region: homeRegion });
  }

  // There is no fromLookup: the list handler of the type tells ARNs and no names, so that the CDK CLI finds nothing by a name.
  // https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-licensemanager

  /**
   * The ARN of the license. It names no Region.
   *
   * @attribute
   */
  public readonly licenseArn: string;

  /**
   * The home Region of the license.
   */
  public readonly homeRegion?: string;

  /**
   * The key that License Manager signs with.
   *
   * @internal
   */
  public readonly _signKey?: IKeyRef;

  private readonly resource: CfnLicense;

  /**
   * Issues a license.
   *
   * Throws a `ValidationError` for what License Manager would refuse: the properties say what.
   *
   * When the app is complete, tags are refused that AWS would refuse: more than 50, keys or values that are too long, keys that begin with `aws:`.
   */
  constructor(scope: Construct, id: string, props: LicenseProps) {
    super(scope, id, { physicalName: textOrNone(props?.licenseName) });
    brand(this, 'License');
    props = givenProps(this, props, PROPS);

    const homeRegion = props.homeRegion ?? this.stack.region;
    this.homeRegion = homeRegion;
    if (knownToDiffer(homeRegion, this.stack.region)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:licenseOutsideHomeRegion',
        `homeRegion is '${homeRegion}' and the stack is in '${this.stack.region}': a license is made and changed in its home Region ` +
        `only. Declare it in a stack of '${homeRegion}', or leave homeRegion out.`);
    }
    checkTexts(this, props);
    checkOneOf(this, lit`LicenseStatusUnknown`, { property: 'status', value: props.status, allowed: Object.values(LicenseStatus) });
    const signKey = props.signKey && usableKey(this, props.signKey, homeRegion);
    this._signKey = signKey;
    if (signKey === undefined && props.consumptionConfiguration._allowsBorrow) {
      Annotations.of(this).addWarningV2('cdk-license-manager:borrowWithoutSignKey',
        'The license can be borrowed and has no signKey: what is borrowed is used offline, where only a signature can tell that it ' +
        'is genuine. Set signKey, or use ConsumptionConfiguration.provisional().');
    }

    this.resource = new CfnLicense(this, 'Resource', {
      licenseName: nameOrGenerated(this, props.licenseName, MAXIMUM_NAME),
      productName: props.productName,
      productSku: props.productSku,
      issuer: { name: props.issuerName, signKey: signKey?.keyRef.keyArn },
      homeRegion,
      validity: props.validity._render(this),
      beneficiary: props.beneficiary,
      entitlements: renderEntitlements(this, props.entitlements),
      consumptionConfiguration: props.consumptionConfiguration._render(this),
      licenseMetadata: renderMetadata(this, props.licenseMetadata),
      // A new version needs one, and an update that leaves it out fails, although the schema does not require it:
      // https://docs.aws.amazon.com/license-manager/latest/APIReference/API_CreateLicenseVersion.html
      status: props.status ?? LicenseStatus.AVAILABLE,
    });
    applyRemovalPolicy(this, this.resource, props.removalPolicy, 'license');
    // CreateLicenseVersion takes neither of the two, although CloudFormation's schema has no property that replaces.
    replaceWhenChanged(this.resource, () => [this.resource.productSku, this.resource.beneficiary], 'ProductSKU', 'Beneficiary');
    protectUsers(this.resource);
    needs(this.resource, Prerequisite.ROLE);
    checkTags(this, this.resource);
    this.licenseArn = this.resource.attrLicenseArn;
    if (signKey) {
      allowLicenseManager(signKey, homeRegion);
    }
  }

  /**
   * The version of the license. Every change of the license makes a new one. Another stack has the version of its own last deployment.
   *
   * @attribute
   */
  public get licenseVersion(): string {
    return changing(this.resource.attrVersion);
  }

  /**
   * Says what happens to the license when it is taken out of the app, or has to be replaced.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    applyRemovalPolicy(this, this.resource, given(this, 'policy', policy), 'license');
  }
}

/** The guide's limit; neither the API model nor CloudFormation has one. */
const MAXIMUM_NAME = 150;

function checkTexts(license: License, { licenseName, productName, productSku, issuerName, beneficiary }: LicenseProps): void {
  warnOfBlank(license, 'licenseName', licenseName, 'Set it, or leave it out to have a name generated.');
  if (isKnown(licenseName) && licenseName.length > MAXIMUM_NAME) {
    Annotations.of(license).addWarningV2('cdk-license-manager:licenseNameLength',
      `licenseName has ${licenseName.length} characters, and the user guide has at most ${MAXIMUM_NAME}. Shorten it, or leave it out to have a name generated.`);
  }
  checkLength(license, lit`LicenseProductSkuLength`, {
    property: 'productSku', value: productSku, minimum: 1, maximum: 1024, wayOut: 'Correct it.',
  });
  warnOfBlank(license, 'productName', productName, 'Set it.');
  warnOfBlank(license, 'issuerName', issuerName, 'Set it.');
  warnOfBlank(license, 'beneficiary', beneficiary, 'Set it.');
}

function renderEntitlements(license: License, entitlements: Entitlement[]): CfnLicense.EntitlementProperty[] {
  if (entitlements.length === 0) {
    Annotations.of(license).addWarningV2('cdk-license-manager:licenseWithoutEntitlement',
      'entitlements is empty: there is nothing to check out. Use Entitlement.counted() or Entitlement.unlimited().');
  }
  const rendered = new Map(entitlements.map(entitlement => [entitlement, entitlement._render(license)]));
  const distinct = onceEach(license, 'entitlements', entitlements, entitlement => JSON.stringify(rendered.get(entitlement)), ({ _name }) => shown(license, _name));
  const alike = firstDouble(distinct, entitlement => entitlement._identity);
  if (alike) {
    Annotations.of(license).addWarningV2('cdk-license-manager:entitlementsAlike',
      `${alike._describe(license)} is in entitlements twice: nobody could tell which of them is checked out. Name one of them differently, or ` +
      'make one of the two.');
  }
  return distinct.map(entitlement => rendered.get(entitlement)!);
}

function renderMetadata(license: License, metadata: { [name: string]: string } | undefined): CfnLicense.MetadataProperty[] {
  const entries = entriesByKey(metadata);
  for (const [name] of entries) {
    warnOfBlank(license, 'a name in licenseMetadata', name, 'Name it.');
  }
  // An empty list means the same as none, and the published handler of the type fails without one:
  // https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-licensemanager
  return entries.map(([name, value]) => ({ name, value }));
}

/**
 * Keys that sign by RSASSA-PSS with SHA-256.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
 */
const SIGNING_KEY: KindOfKey = {
  keySpecs: ['RSA_2048', 'RSA_3072', 'RSA_4096'],
  keyUsage: 'SIGN_VERIFY',
  reason: 'License Manager signs by RSASSA-PSS with SHA-256, which takes RSA_2048, RSA_3072 or RSA_4096, and SIGN_VERIFY',
  wayOut: 'Make a key with KeySpec.RSA_2048 and KeyUsage.SIGN_VERIFY',
};

/**
 * The key itself, also where its alias is given, unless the app does not know it: License Manager makes a grant on the key, which AWS KMS takes by
 * the key's own id or ARN only. Refuses a key of another kind than the API says.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html
 */
function usableKey(license: License, signKey: IKeyRef, homeRegion: string): IKeyRef {
  const known = keyBehind(signKey);
  const key = known ?? signKey;
  const { path } = key.node;
  const warnings = Annotations.of(license);
  if (!known) {
    warnings.addWarningV2('cdk-license-manager:signKeyIsAlias',
      `signKey '${path}' is an alias that was imported by its name, and its key is not known: a license is signed with a key, not with an alias. ` +
      'Import the key: Key.fromLookup() finds it by its alias.');
  }
  const { keyArn } = key.keyRef;
  const account = accountOf(key, keyArn);
  const own = Stack.of(license).account;
  if (knownToDiffer(account, own)) {
    warnings.addWarningV2('cdk-license-manager:signKeyOfAnotherAccount',
      `signKey '${path}' belongs to account '${account}' and the license to '${own}': the user guide has issuers keep their keys in their account. Use a ` +
      'key of the account.');
  }
  const region = regionOf(key, keyArn);
  if (knownToDiffer(region, homeRegion)) {
    warnings.addWarningV2('cdk-license-manager:signKeyOfAnotherRegion',
      `signKey '${path}' is in Region '${region}' and the license in '${homeRegion}': License Manager signs where the license is at home. Use a key of that ` +
      'Region.');
  }
  checkKind(license, lit`SignKeyOfNoUse`, 'signKey', key, SIGNING_KEY);
  return key;
}

/**
 * Lets the account use a key through License Manager, and not otherwise.
 *
 * Who creates the license, lets License Manager make a grant on the key, by which it signs and verifies from then on: CloudFormation's
 * handler needs kms:CreateGrant. The guide names Sign and Verify; what a key is, and its public part, License Manager has to read too.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-signing.html
 */
function allowLicenseManager(key: IKeyRef, homeRegion: string): void {
  ResourceWithPolicies.of(key)?.addToResourcePolicy(new PolicyStatement({
    principals: [new ViaServicePrincipal(`license-manager.${homeRegion}.amazonaws.com`, new AccountPrincipal(Aws.ACCOUNT_ID))],
    actions: ['kms:CreateGrant', 'kms:DescribeKey', 'kms:GetPublicKey', 'kms:Sign', 'kms:Verify'],
    resources: ['*'],
  }));
}

const LICENSE_ARN: Format = {
  name: 'the ARN of a seller-issued license',
  parts: [...arnPartsOfLicense(), /^license$/, RESOURCE_ID],
  expected: '\'arn:<partition>:license-manager::<account>:license:<id>\'',
  wayOut: arn => /:license-configuration[:/]/.test(arn)
    ? 'That is the ARN of a self-managed license: use LicenseConfiguration.fromLicenseConfigurationArn().'
    : colonNotSlash('license', 'Take the ARN from the details of the license in the License Manager console.')(arn),
};

const PROPS: Shape<LicenseProps> = {
  licenseName: TEXT,
  productName: needed(TEXT),
  productSku: needed(TEXT),
  issuerName: needed(TEXT),
  signKey: construct('a key', 'keyRef'),
  homeRegion: TEXT,
  validity: needed(ofClass('LicenseValidity')),
  beneficiary: needed(TEXT),
  entitlements: needed(listOf(ofClass('Entitlement'))),
  consumptionConfiguration: needed(ofClass('ConsumptionConfiguration')),
  licenseMetadata: mapOf(TEXT),
  status: ANYTHING,
  removalPolicy: ANYTHING,
};

const ATTRIBUTES: Shape<LicenseAttributes> = { licenseArn: needed(TEXT), homeRegion: TEXT };
