import { Annotations, RemovalPolicy, Resource, Token } from 'aws-cdk-lib';
import type { IResource } from 'aws-cdk-lib';
import { CfnGrant, CfnLicense } from 'aws-cdk-lib/aws-licensemanager';
import type { GrantReference, IGrantRef, ILicenseRef } from 'aws-cdk-lib/aws-licensemanager';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { GrantAcceptance } from './grant-acceptance';
import type { GrantAcceptanceOptions } from './grant-acceptance';
import { GrantGrants } from './grant-grants';
import type { GrantPrincipal } from './grant-principal';
import { warnOfBlank } from '../private/finding/blank';
import { onceEach } from '../private/finding/doubles';
import { brand, isBranded } from '../private/identity/copies';
import { changing, protectUsers } from '../private/identity/cross-stack';
import { countOverQuota, declaredBefore } from '../private/identity/environment';
import { nameOrGenerated, textOrNone } from '../private/identity/names';
import { needs, Prerequisite } from '../private/identity/prerequisites';
import { accountOfArn, identityOf, knownToDiffer, shown } from '../private/identity/reference';
import { replaceWhenChanged } from '../private/identity/replacement';
import { arnPartsOfLicense, checkFormat, colonNotSlash, RESOURCE_ID } from '../private/validation/format';
import type { Format } from '../private/validation/format';
import { ANYTHING, construct, given, givenAs, givenProps, listOf, needed, ofClass, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { applyRemovalPolicy } from '../private/validation/removal';
import { checkTags } from '../private/validation/tags';
import { checkOneOf, lit, refuse } from '../private/validation/validation';

/**
 * What a grant allows with a license.
 *
 * License Manager's console calls them license rights: consumption, distribution and on-premise tokens. CloudFormation does not know the
 * fourth, the submission of usage records.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/isv-grant-licenses.html
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_CreateGrant.html
 */
export enum AllowedOperation {
  /** To find the license among those that were received. */
  LIST_PURCHASED_LICENSES = 'ListPurchasedLicenses',

  /** To check out what the license entitles to, with a connection. */
  CHECKOUT_LICENSE = 'CheckoutLicense',

  /** To check out what the license entitles to for use without a connection, if the license can be borrowed. */
  CHECKOUT_BORROW_LICENSE = 'CheckoutBorrowLicense',

  /** To check in what is checked out, before its time is over. */
  CHECK_IN_LICENSE = 'CheckInLicense',

  /** To extend the time of what is checked out. The API's operation is called ExtendLicenseConsumption. */
  EXTEND_CONSUMPTION_LICENSE = 'ExtendConsumptionLicense',

  /** To grant the license to others. An account can be allowed to; an organization and an organizational unit cannot. */
  CREATE_GRANT = 'CreateGrant',

  /** To make tokens for software that runs without an AWS identity. */
  CREATE_TOKEN = 'CreateToken',
}

/**
 * Options of a grant.
 */
export interface GrantOptions {
  /**
   * The name of the grant, by which it can be found. Several grants may have the same name.
   *
   * A blank name causes a warning.
   *
   * @default - a unique name of at most 64 characters, made from the path of the construct: it stays the same unless the path changes
   */
  readonly grantName?: string;

  /**
   * Whom the license is granted to.
   *
   * **A change replaces the grant** by a new one with another ARN: License Manager has no way to change it. See `Grant`.
   *
   * Throws a `ValidationError` for a principal of another form. The account of the stack causes a warning.
   */
  readonly principal: GrantPrincipal;

  /**
   * What the principal may do with the license; at least one.
   *
   * They are sent as they are listed. What they cannot do without causes a warning where it is missing: `LIST_PURCHASED_LICENSES`, with which the
   * license is found, and a check-out where what is checked out may be checked in or extended. So do `CREATE_GRANT` to an organization or an
   * organizational unit, whose accounts use the license and cannot grant it, and a license of the app that cannot be checked out in the way
   * that is allowed.
   *
   * Throws a `ValidationError` if it is empty, and for one that is unknown. One that is there twice is written once, with a warning.
   *
   * @default - to use the license with a connection: `LIST_PURCHASED_LICENSES`, `CHECKOUT_LICENSE`, `CHECK_IN_LICENSE` and
   * `EXTEND_CONSUMPTION_LICENSE`
   */
  readonly allowedOperations?: AllowedOperation[];

  /**
   * What happens to the grant when it is taken out of the app, or has to be replaced.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @default RemovalPolicy.DESTROY - the principal can no longer use the license
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Properties of a grant.
 */
export interface GrantProps extends GrantOptions {
  /**
   * The license: one that the account has issued, or one that it has received and may grant.
   *
   * **A change replaces the grant** by a new one with another ARN: License Manager has no way to change it. See `Grant`.
   *
   * A license whose home Region is known to be another one than that of the stack causes a warning: it can be granted there only.
   */
  readonly license: ILicenseRef;
}

/**
 * A grant, made by this app or imported.
 */
export interface IGrant extends IResource, IGrantRef {
  /**
   * The ARN of the grant. It names no Region.
   *
   * @attribute
   */
  readonly grantArn: string;

  /**
   * IAM permissions on the grant.
   *
   * @attribute NONE
   */
  readonly grants: GrantGrants;

  /**
   * Has the grant accepted, and activated, by the account that receives it.
   *
   * @param scope   in a stack of that account
   * @param id      the id of the acceptance
   * @param options whether it is activated, and more
   */
  accept(scope: Construct, id: string, options?: GrantAcceptanceOptions): GrantAcceptance;
}

/**
 * What a made and an imported grant have in common.
 */
abstract class GrantBase extends Resource implements IGrant {
  /**
   * The ARN of the grant. It names no Region.
   *
   * @attribute
   */
  public abstract readonly grantArn: string;

  private readonly facades: { grants?: GrantGrants } = {};

  /**
   * A reference to the grant.
   */
  public get grantRef(): GrantReference {
    return { grantArn: this.grantArn };
  }

  /**
   * IAM permissions on the grant.
   *
   * @attribute NONE
   */
  public get grants(): GrantGrants {
    return this.facades.grants ??= GrantGrants.fromGrant(this);
  }

  /**
   * Has the grant accepted, and activated, by the account that receives it.
   *
   * Throws a `ValidationError` for what `GrantAcceptance` refuses.
   *
   * @param scope   in a stack of that account
   * @param id      the id of the acceptance
   * @param options whether it is activated, and more
   */
  public accept(scope: Construct, id: string, options?: GrantAcceptanceOptions): GrantAcceptance {
    return new GrantAcceptance(scope, id, { ...options, grant: this });
  }
}

/**
 * Grants the use of a license to another account, to an organizational unit or to the organization.
 *
 * The account has to accept the grant and to activate it before it can use the license: the deployment does not wait for it. Grants of
 * the management account of an organization with all features are accepted by themselves, and have to be activated only; for that, *Link
 * AWS Organizations accounts* has to be switched on once in the settings of License Manager, in the management account.
 *
 * A license from AWS Marketplace can be granted once sharing of subscriptions is set up in the organization. Licenses and grants are replicated to
 * all Regions.
 *
 * **A change of the name or of the allowed operations makes a new version of the grant**, with the same ARN. A change of the license or
 * of the principal makes a new grant, which has to be accepted and activated again, and deletes the old one: License Manager cannot
 * change the two, and CloudFormation would not say so. A new value of a CloudFormation parameter is not noticed.
 *
 * **CloudFormation does not see drift of a grant.** The principal, the allowed operations and the status are write-only: what somebody
 * changes outside of the app is neither shown nor corrected.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { AllowedOperation, Grant, GrantPrincipal, License } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Grants');
 * const received = License.fromLicenseAttributes(stack, 'Received', {
 *   licenseArn: 'arn:aws:license-manager::111122223333:license:l-0123456789abcdef0123456789abcdef',
 *   homeRegion: 'us-east-1',
 * });
 * new Grant(stack, 'Department', {
 *   license: received,
 *   principal: GrantPrincipal.fromOrganizationalUnitArn('arn:aws:organizations::444455556666:ou/o-exampleorgid/ou-exam-ple12345'),
 *   allowedOperations: [AllowedOperation.LIST_PURCHASED_LICENSES, AllowedOperation.CHECKOUT_LICENSE, AllowedOperation.CHECK_IN_LICENSE],
 * });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/isv-grant-licenses.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/grant-acceptance.html
 * @see https://docs.aws.amazon.com/marketplace/latest/buyerguide/organizations-sharing.html
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_CreateGrantVersion.html
 * @resource AWS::LicenseManager::Grant
 */
@propertyInjectable
export class Grant extends GrantBase {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.Grant';

  /**
   * Whether the given object is a `Grant`, made by whichever copy of this library. An imported grant is not.
   *
   * @param x any object
   */
  public static isGrant(x: any): x is Grant {
    return isBranded(x, 'Grant');
  }

  /**
   * Imports a grant by its ARN.
   *
   * Throws a `ValidationError` unless the ARN is a token or has the form `arn:<partition>:license-manager::<account>:grant:<id>`.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param scope    the construct's scope
   * @param id       the construct's id
   * @param grantArn the ARN; the account that has granted is taken from it
   */
  public static fromGrantArn(scope: Construct, id: string, grantArn: string): IGrant {
    checkFormat(scope, lit`GrantArn`, GRANT_ARN, givenAs(scope, `grantArn of '${id}'`, grantArn, TEXT), id);

    class Import extends GrantBase {
      public readonly grantArn = grantArn;
    }
    return new Import(scope, id, { account: accountOfArn(grantArn) });
  }

  // There is no fromLookup: the list handler of the type tells ARNs and no names, so that the CDK CLI finds nothing by a name.
  // https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-licensemanager

  private readonly resource: CfnGrant;

  /**
   * Grants the use of a license.
   *
   * Throws a `ValidationError` for what License Manager would refuse: the properties say what.
   *
   * When the app is complete, tags are refused that AWS would refuse: more than 50, keys or values that are too long, keys that begin with `aws:`.
   */
  constructor(scope: Construct, id: string, props: GrantProps) {
    super(scope, id, { physicalName: textOrNone(props?.grantName) });
    brand(this, 'Grant');
    props = givenProps(this, props, PROPS);

    warnOfBlank(this, 'grantName', props.grantName, 'Set it, or leave it out to have a name generated.');
    const { license, principal } = props;
    const { licenseArn } = license.licenseRef;

    this.resource = new CfnGrant(this, 'Resource', {
      grantName: nameOrGenerated(this, props.grantName),
      homeRegion: homeRegionOf(this, license),
      licenseArn,
      principals: [principal._render(this)],
      allowedOperations: renderOperations(this, props.allowedOperations),
    });
    applyRemovalPolicy(this, this.resource, props.removalPolicy, 'grant');
    // CreateGrantVersion takes neither of the two, although CloudFormation's schema has no property that replaces.
    replaceWhenChanged(this.resource, () => [this.resource.licenseArn, principal._value], 'LicenseArn', 'Principals');
    protectUsers(this.resource);
    needs(this.resource, Prerequisite.ROLE, Prerequisite.SETTINGS);
    checkTags(this, this.resource);

    const identity = identityOf(licenseArn);
    this.checkPrincipal(principal);
    this.checkOperations(principal, props.allowedOperations);
    this.checkDeclaredOnce(license, principal, identity);
    this.checkStatus(license);
    this.checkReceivedLicense(license, props.allowedOperations);
    this.checkConsumption(license, props.allowedOperations);
    if (countOverQuota(this, `grant of ${identity}`, GRANTS_PER_LICENSE) !== undefined) {
      Annotations.of(this).addWarningV2('cdk-license-manager:tooManyGrantsOfLicense',
        `The app has more than ${GRANTS_PER_LICENSE} grants of license '${license.node.path}', which is as many as a license can have. ` +
        'Grant it to an organization or an organizational unit, or issue more licenses.');
    }
  }

  /**
   * The ARN of the grant. It names no Region.
   *
   * @attribute
   */
  public get grantArn(): string {
    return this.resource.attrGrantArn;
  }

  /**
   * The version of the grant. Every change of the grant makes a new one, also when it is accepted or activated. Another stack has the
   * version of its own last deployment.
   *
   * @attribute
   */
  public get grantVersion(): string {
    return changing(this.resource.attrVersion);
  }

  /**
   * Says what happens to the grant when it is taken out of the app, or has to be replaced.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    applyRemovalPolicy(this, this.resource, given(this, 'policy', policy), 'grant');
  }

  private checkPrincipal(principal: GrantPrincipal): void {
    const own = this.stack.account;
    if (!Token.isUnresolved(own) && principal._account === own) {
      Annotations.of(this).addWarningV2('cdk-license-manager:grantToOwnAccount',
        `The principal is the account '${own}' of the stack: it has the license already, and needs no grant. Grant to another account, or let its ` +
        'roles use the license by license.grants.');
    }
    const account = principal._managementAccount;
    if (account !== undefined && knownToDiffer(account, this.stack.account)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:grantOutsideManagementAccount',
        `The organization of the principal is managed by account '${account}' and the stack is in '${this.stack.account}': a license can be ` +
        `granted to an organization by its management account only. Declare the grant in a stack of '${account}', or grant to accounts.`);
    }
  }

  /** Warns of what the operations cannot do without, and of what the principal could not do. Of a token nobody knows what it stands for. */
  private checkOperations(principal: GrantPrincipal, operations: AllowedOperation[] = CONSUMPTION): void {
    if (Token.isUnresolved(operations) || operations.some(operation => Token.isUnresolved(operation))) {
      return;
    }
    const allows = (...some: AllowedOperation[]) => some.find(operation => operations.includes(operation));
    if (!allows(AllowedOperation.LIST_PURCHASED_LICENSES)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:grantWithoutListing',
        `allowedOperations has no '${AllowedOperation.LIST_PURCHASED_LICENSES}': the principal might not find the license among those that it has received. ` +
        'Add the operation.');
    }
    const needing = allows(AllowedOperation.CHECK_IN_LICENSE, AllowedOperation.EXTEND_CONSUMPTION_LICENSE);
    if (needing !== undefined && !allows(AllowedOperation.CHECKOUT_LICENSE, AllowedOperation.CHECKOUT_BORROW_LICENSE)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:grantWithoutCheckout',
        `allowedOperations has '${needing}', and nothing can be checked out. Add '${AllowedOperation.CHECKOUT_LICENSE}' or ` +
        `'${AllowedOperation.CHECKOUT_BORROW_LICENSE}', or leave the operation out.`);
    }
    if (principal._isOfOrganizations && allows(AllowedOperation.CREATE_GRANT)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:createGrantToOrganization',
        `allowedOperations has '${AllowedOperation.CREATE_GRANT}' and the principal is '${shown(this, principal._value)}': the accounts of an organization ` +
        'or an organizational unit use the license, and cannot grant it. Leave the operation out, or grant to an account.');
    }
  }

  private checkDeclaredOnce(license: ILicenseRef, principal: GrantPrincipal, identity: string): void {
    const other = declaredBefore(this, `grant of ${identity}`, principal._identity);
    if (other !== undefined) {
      Annotations.of(this).addWarningV2('cdk-license-manager:licenseGrantedTwice',
        `License '${license.node.path}' is granted to '${shown(this, principal._value)}' by '${other}' already. Allow all operations by one grant.`);
    }
  }

  private checkStatus(license: ILicenseRef): void {
    if (resourceOf(license)?.status === 'DEACTIVATED') {
      Annotations.of(this).addWarningV2('cdk-license-manager:grantOfDeactivatedLicense',
        `License '${license.node.path}' is deactivated, and only an available one can be granted. Make it available, or declare the grant later.`);
    }
  }

  private checkReceivedLicense(license: ILicenseRef, operations: AllowedOperation[] = []): void {
    const issuer = accountOfArn(license.licenseRef.licenseArn);
    if (issuer !== undefined && knownToDiffer(issuer, this.stack.account) && operations.includes(AllowedOperation.CREATE_GRANT)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:createGrantOfReceivedLicense',
        `The license was issued by account '${issuer}' and allowedOperations has '${AllowedOperation.CREATE_GRANT}': who has received a ` +
        'license can grant the use of it, and not the right to grant it. Leave the operation out.');
    }
  }

  /** Warns of an operation that the license has no configuration for. */
  private checkConsumption(license: ILicenseRef, operations: AllowedOperation[] = CONSUMPTION): void {
    const resource = resourceOf(license);
    if (!resource || Token.isUnresolved(resource.consumptionConfiguration)) {
      return;
    }
    const { provisionalConfiguration, borrowConfiguration } = resource.consumptionConfiguration as CfnLicense.ConsumptionConfigurationProperty;
    const allows = (operation: AllowedOperation) => operations.includes(operation);
    if (borrowConfiguration === undefined && allows(AllowedOperation.CHECKOUT_BORROW_LICENSE)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:borrowGrantOfProvisionalLicense',
        `allowedOperations has '${AllowedOperation.CHECKOUT_BORROW_LICENSE}', and license '${license.node.path}' cannot be borrowed. Leave the ` +
        'operation out, or use ConsumptionConfiguration.provisionalAndBorrow().');
    }
    if (provisionalConfiguration === undefined && allows(AllowedOperation.CHECKOUT_LICENSE) && !allows(AllowedOperation.CHECKOUT_BORROW_LICENSE)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:provisionalGrantOfBorrowLicense',
        `License '${license.node.path}' can only be borrowed, and allowedOperations has no '${AllowedOperation.CHECKOUT_BORROW_LICENSE}': the principal ` +
        'could not use it. Add the operation, or use ConsumptionConfiguration.provisionalAndBorrow().');
    }
  }
}

/** The resource of a license that the app makes, by an L2 or an L1. */
function resourceOf(license: ILicenseRef): CfnLicense | undefined {
  const resource = license.node.defaultChild ?? license;
  return CfnLicense.isCfnLicense(resource) ? resource : undefined;
}

/**
 * How many grants a license can have.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/distribute-entitlement.html
 */
const GRANTS_PER_LICENSE = 2000;

/**
 * The console's right of consumption.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/isv-grant-licenses.html
 */
const CONSUMPTION = [
  AllowedOperation.LIST_PURCHASED_LICENSES,
  AllowedOperation.CHECKOUT_LICENSE,
  AllowedOperation.CHECK_IN_LICENSE,
  AllowedOperation.EXTEND_CONSUMPTION_LICENSE,
];

function renderOperations(grant: Grant, operations: AllowedOperation[] = CONSUMPTION): string[] {
  if (Token.isUnresolved(operations)) {
    return operations;
  }
  if (operations.length === 0) {
    refuse(grant, lit`GrantWithoutOperation`,
      'allowedOperations is empty: a grant allows at least 1 operation. Name what is allowed, or leave it out to allow the use of the license.');
  }
  for (const value of operations) {
    checkOneOf(grant, lit`GrantOperationUnknown`, {
      property: 'a member of allowedOperations', value, allowed: Object.values(AllowedOperation), wayOut: 'Correct it.',
    });
  }
  return onceEach(grant, 'allowedOperations', operations, operation => operation, operation => shown(grant, operation));
}

/** The home Region of a grant is that of its license. That it can be made there only, the guide says, and the API does not. */
function homeRegionOf(grant: Grant, license: ILicenseRef): string {
  // An L2 and an L1 have it; of somebody else's reference nothing is known.
  const { homeRegion } = license as { readonly homeRegion?: string };
  const { region } = grant.stack;
  if (homeRegion !== undefined && knownToDiffer(homeRegion, region)) {
    Annotations.of(grant).addWarningV2('cdk-license-manager:grantOutsideHomeRegion',
      `The home Region of license '${license.node.path}' is '${homeRegion}' and the stack is in '${region}': a license can be changed in its home ` +
      `Region only, and is granted there. Declare the grant in a stack of '${homeRegion}'.`);
  }
  return homeRegion ?? region;
}

const GRANT_ARN: Format = {
  name: 'the ARN of a grant',
  parts: [...arnPartsOfLicense(), /^grant$/, RESOURCE_ID],
  expected: '\'arn:<partition>:license-manager::<account>:grant:<id>\'',
  wayOut: colonNotSlash('grant', 'Take it from \'aws license-manager list-distributed-grants\' or, where it was received, from \'list-received-grants\'.'),
};

const PROPS: Shape<GrantProps> = {
  grantName: TEXT,
  license: needed(construct('a license', 'licenseRef')),
  principal: needed(ofClass('GrantPrincipal')),
  allowedOperations: listOf(TEXT),
  removalPolicy: ANYTHING,
};
