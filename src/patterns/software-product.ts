import { Annotations, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type { IRoleRef } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { IKeyRef } from 'aws-cdk-lib/aws-kms';
import type { CfnLicense } from 'aws-cdk-lib/aws-licensemanager';
import type { ITopicRef } from 'aws-cdk-lib/aws-sns';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { serviceLinkedRoleOf } from './private/roles';
import { tellOf } from './private/rules';
import { AllowedOperation } from '../grant/grant';
import type { Grant } from '../grant/grant';
import type { GrantPrincipal } from '../grant/grant-principal';
import { ConsumptionConfiguration } from '../license/consumption-configuration';
import type { Entitlement } from '../license/entitlement';
import { License } from '../license/license';
import { LicenseConsumptionRole } from '../license/license-consumption-role';
import { LicenseManagerEvents } from '../license/license-manager-events';
import { LicenseToken } from '../license/license-token';
import type { LicenseValidity } from '../license/license-validity';
import { brand, isBranded, keepOn } from '../private/identity/copies';
import { ANYTHING, construct, DURATION, FLAG, givenProps, listOf, mapOf, needed, NUMBER, ofClass, reference, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkWholeNumber, lit, refuse } from '../private/validation/validation';
import type { ServiceLinkedRole } from '../settings/service-linked-role';

/**
 * Properties of a software product.
 */
export interface SoftwareProductProps {
  /**
   * The name of the product.
   */
  readonly productName: string;

  /**
   * The id of the product, which is yours to choose: 1 to 1024 characters. Software checks a license out by it.
   *
   * **A change replaces the licenses of all customers**, with their grants and tokens.
   *
   * Throws a `ValidationError` if it is longer, or empty, with the first customer.
   */
  readonly productSku: string;

  /**
   * The name of the company that issues the licenses.
   */
  readonly issuerName: string;

  /**
   * What a license entitles to, for customers of whom nothing else is said.
   *
   * @default - each customer says it
   */
  readonly entitlements?: Entitlement[];

  /**
   * How licenses are checked out.
   *
   * @default - with a connection, for an hour, which the software extends
   */
  readonly consumptionConfiguration?: ConsumptionConfiguration;

  /**
   * From when until when licenses are valid, for customers of whom nothing else is said.
   *
   * @default - each customer says it
   */
  readonly validity?: LicenseValidity;

  /**
   * The key that License Manager signs with what is checked out: see `LicenseProps`.
   *
   * @default - a key RSA_2048, which is billed. It stays when it is taken out of the app: with it go its signatures, and it cannot be made again
   */
  readonly signKey?: IKeyRef;

  /**
   * The topic that is told of changes of grants and tokens, and before a token ends. What it is told of changes is that of the account and the Region, whichever product it is about, and
   * is told once, however many products of a stack name the topic. Give it the policy, and the key, that Amazon EventBridge may use: an L2 gets both.
   *
   * @default - nobody is told, of which a finding says so for each token
   */
  readonly notificationTopic?: ITopicRef;

  /**
   * Whether the topic is also told of each check-out and check-in. It may be many messages. It causes a warning without `notificationTopic`.
   *
   * @default false
   */
  readonly consumptionEvents?: boolean;

  /**
   * What happens to licenses, grants and tokens of customers who are taken out of the app, unless it is said of the customer. With `RemovalPolicy.RETAIN` they
   * stay valid until they end.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`, with the first customer.
   *
   * @default RemovalPolicy.DESTROY - the license can no longer be used; who has borrowed something keeps it for the time that the license says
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * What a customer of a software product gets.
 */
export interface SoftwareCustomerOptions {
  /**
   * Whom the license is for: the name of a person or a company.
   *
   * **A change replaces the license**, with its grant and its token.
   */
  readonly beneficiary: string;

  /**
   * The AWS account of the customer, or the organization or the unit, which the license is granted to.
   *
   * **A change replaces the grant**, which has to be accepted and activated again.
   *
   * @default - the customer has none, and gets a token
   */
  readonly principal?: GrantPrincipal;

  /**
   * What the principal may do with the license.
   *
   * @default - to use the license with a connection, and without one if it can be borrowed
   */
  readonly allowedOperations?: AllowedOperation[];

  /**
   * Whether the customer gets a token, for software that runs without an AWS account.
   *
   * @default - true without a principal, false with one
   */
  readonly token?: boolean;

  /**
   * Which token it is: another number makes another token, before the former one ends. See `LicenseTokenProps`.
   *
   * @default 1
   */
  readonly tokenGeneration?: number;

  /**
   * For how long a token is valid: a whole number of days. **A change makes another token.**
   *
   * @default - 365 days, by License Manager
   */
  readonly tokenExpiration?: Duration;

  /**
   * The role that who has the token takes: such as `AWSLicenseManagerConsumptionRole`, if the account has it.
   *
   * **A change makes another token.**
   *
   * @default - a `LicenseConsumptionRole` for the license of this customer and no other
   */
  readonly role?: IRoleRef;

  /**
   * What the license entitles to.
   *
   * Throws a `ValidationError` where neither this nor the product says it.
   *
   * @default - what the product says
   */
  readonly entitlements?: Entitlement[];

  /**
   * From when until when the license is valid.
   *
   * Throws a `ValidationError` where neither this nor the product says it.
   *
   * @default - what the product says
   */
  readonly validity?: LicenseValidity;

  /**
   * More about the license, by name, such as the number of the agreement. The customer sees it.
   *
   * @default - nothing more
   */
  readonly licenseMetadata?: { [name: string]: string };

  /**
   * What happens to the license, the grant and the token when the customer is taken out of the app.
   *
   * @default - what the product says
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Properties of a customer of a software product.
 */
export interface SoftwareCustomerProps extends SoftwareCustomerOptions {
  /**
   * The product.
   */
  readonly product: SoftwareProduct;
}

/**
 * A software product that is sold by licenses: what all of them have in common, and one for each customer.
 *
 * | part | what it is for |
 * | --- | --- |
 * | `role` | the service-linked role of License Manager |
 * | `signKey` | signs what is checked out, so that the software can tell that it is yours |
 * | `keyFingerprint` | what the software names when it checks a license out |
 * | `rules` | who is told of grants, tokens and check-outs |
 * | `addCustomer()` | makes the `license` of a customer, with a `grant` to its AWS account, or a `token` and a `role` for software without one |
 *
 * **Licenses, grants and tokens of a customer who is taken out of the app go**, unless `removalPolicy` says otherwise. A deleted license can be looked at for
 * six months; who has borrowed something keeps it for its time. Grants and tokens of a license go before it.
 *
 * A token goes from License Manager into the `secret` of AWS Secrets Manager and nowhere else. Give it to your customer from there.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Entitlement, GrantPrincipal, LicenseValidity, patterns } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Sales');
 * const analytics = new patterns.SoftwareProduct(stack, 'Analytics', {
 *   productName: 'Example Analytics',
 *   productSku: 'example-analytics',
 *   issuerName: 'Example Software',
 *   entitlements: [Entitlement.counted('Seats', { maxCount: 50, allowCheckIn: true })],
 *   validity: LicenseValidity.between(new Date('2027-01-01T00:00:00Z'), new Date('2029-12-31T23:59:59Z')),
 * });
 * analytics.addCustomer('OnAws', { beneficiary: 'First Customer', principal: GrantPrincipal.fromAccountId('444455556666') });
 * analytics.addCustomer('Elsewhere', { beneficiary: 'Second Customer' });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/seller-issued-licenses.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/isv-customers-no-aws-account.html
 */
@propertyInjectable
export class SoftwareProduct extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.patterns.SoftwareProduct';

  /**
   * Whether the given object is a `SoftwareProduct`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isSoftwareProduct(x: any): x is SoftwareProduct {
    return isBranded(x, 'SoftwareProduct');
  }

  /**
   * The service-linked role of License Manager.
   */
  public readonly role: ServiceLinkedRole;

  /**
   * The key that License Manager signs with: the one that was named, or the one that was made.
   */
  public readonly signKey: IKeyRef;

  /**
   * What software names as `KeyFingerprint` when it checks a license out: the account and the name of the issuer.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_CheckoutLicense.html
   */
  public readonly keyFingerprint: string;

  /**
   * The rules by which the topic is told; none without `notificationTopic`.
   */
  public readonly rules: Rule[];

  /**
   * What the product says of all licenses.
   *
   * @internal
   */
  public readonly _props: SoftwareProductProps & { readonly consumptionConfiguration: ConsumptionConfiguration };

  /**
   * Declares a product. It has no license yet.
   *
   * Throws a `ValidationError` for what is missing, or of another kind.
   */
  constructor(scope: Construct, id: string, props: SoftwareProductProps) {
    super(scope, id);
    brand(this, 'SoftwareProduct');
    props = givenProps(this, props, PROPS);
    const { signKey, notificationTopic, consumptionEvents = false, issuerName } = props;
    const connected = () => ConsumptionConfiguration.provisional({ maxTimeToLive: Duration.hours(1) });
    this._props = { ...props, consumptionConfiguration: props.consumptionConfiguration ?? connected() };
    this.role = serviceLinkedRoleOf(this);
    this.signKey = signKey ?? new Key(this, 'SignKey', {
      description: `Signs licenses of ${this.node.path}`,
      keySpec: KeySpec.RSA_2048,
      keyUsage: KeyUsage.SIGN_VERIFY,
      // A deployment that fails leaves none behind.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.keyFingerprint = `aws:${Stack.of(this).account}:${issuerName}:issuer-fingerprint`;
    this.rules = notificationTopic ? this.tell(notificationTopic, consumptionEvents) : [];
    if (consumptionEvents && !notificationTopic) {
      Annotations.of(this).addWarningV2('cdk-license-manager:consumptionEventsWithoutTopic',
        'consumptionEvents is true, and there is no notificationTopic that could be told. Set it, or leave consumptionEvents out.');
    }
  }

  /**
   * Issues a license for a customer, and grants it to the customer's AWS account, or makes a token for it.
   *
   * Throws a `ValidationError` for what the options say.
   *
   * @param id      the construct id of the customer. **Another one makes another token**
   * @param options who it is, and what is special about its license
   */
  public addCustomer(id: string, options: SoftwareCustomerOptions): SoftwareCustomer {
    return new SoftwareCustomer(this, id, { ...options, product: this });
  }

  private tell(topic: ITopicRef, consumptionEvents: boolean): Rule[] {
    const { ConsumptionChange, ...usual } = eventsOfSales();
    // Events are those of the account: two products would tell the topic of each of them twice.
    return Object.entries({ ...usual, ...consumptionEvents && { ConsumptionChange } }).map(([id, make]) =>
      keepOn(topic, `RuleOfSoftwareProducts ${id} ${Stack.of(this).node.path}`, () => ({ rules: tellOf(this, topic, { [id]: make }) })).rules[0]);
  }
}

const eventsOfSales = () => ({
  GrantChange: LicenseManagerEvents.onGrantChange,
  TokenChange: LicenseManagerEvents.onLicenseTokenChange,
  ConsumptionChange: LicenseManagerEvents.onLicenseConsumptionChange,
});

/**
 * What a customer of a software product has: a license, and a grant of it to an AWS account, or a token for software without one.
 *
 * `SoftwareProduct.addCustomer()` makes one below the product. By itself it is for a customer in another stack of the account and the Region.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { patterns } from 'cdk-license-manager';
 *
 * declare const product: patterns.SoftwareProduct;
 * new patterns.SoftwareCustomer(new Stack(new App(), 'Customers'), 'First', { product, beneficiary: 'First Customer' });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/seller-issued-licenses.html
 */
@propertyInjectable
export class SoftwareCustomer extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.patterns.SoftwareCustomer';

  /**
   * Whether the given object is a `SoftwareCustomer`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isSoftwareCustomer(x: any): x is SoftwareCustomer {
    return isBranded(x, 'SoftwareCustomer');
  }

  /**
   * The license.
   */
  public readonly license: License;

  /**
   * The grant to the customer's AWS account, if there is one. The customer has to accept and to activate it.
   */
  public readonly grant?: Grant;

  /**
   * The role that who has the token takes, if there is a token.
   */
  public readonly role?: IRoleRef;

  /**
   * The token, if there is one. `token.secret` has it.
   */
  public readonly token?: LicenseToken;

  /**
   * Issues a license for a customer.
   *
   * Throws a `ValidationError` for what the properties say.
   */
  constructor(scope: Construct, id: string, props: SoftwareCustomerProps) {
    super(scope, id);
    brand(this, 'SoftwareCustomer');
    props = givenProps(this, props, CUSTOMER);
    const { beneficiary, principal, licenseMetadata } = props;
    const { productName, productSku, issuerName, consumptionConfiguration, notificationTopic, ...product } = props.product._props;
    const removalPolicy = props.removalPolicy ?? product.removalPolicy;
    checkWholeNumber(this, lit`LicenseTokenGeneration`, {
      property: 'tokenGeneration', value: props.tokenGeneration, minimum: 1, maximum: Number.MAX_SAFE_INTEGER,
    });
    this.license = new License(this, 'License', {
      productName,
      productSku,
      issuerName,
      signKey: props.product.signKey,
      beneficiary,
      consumptionConfiguration,
      entitlements: this.ofCustomerOrProduct('entitlements', props.entitlements ?? product.entitlements),
      validity: this.ofCustomerOrProduct('validity', props.validity ?? product.validity),
      licenseMetadata,
      removalPolicy,
    });
    if (principal) {
      const allowedOperations = props.allowedOperations ?? operationsFor(this.license);
      this.grant = this.license.addGrant('Grant', { principal, allowedOperations, removalPolicy });
    } else if (props.allowedOperations) {
      this.warnOfNoEffect('allowedOperations', 'principal');
    }
    if (props.token ?? principal === undefined) {
      this.role = props.role ?? new LicenseConsumptionRole(this, 'Role', { licenses: [this.license] });
      this.token = new LicenseToken(this, 'Token', {
        license: this.license,
        roles: [this.role],
        generation: props.tokenGeneration,
        expiration: props.tokenExpiration,
        notificationTopic,
        removalPolicy,
      });
    } else {
      if (!principal) {
        Annotations.of(this).addInfoV2('cdk-license-manager:customerWithoutAccess',
          'token is false and there is no principal: nobody can use the license until it is granted (license.addGrant), or has a token. Say how the customer gets it, or '
          + 'acknowledge it.');
      }
      const { role, tokenGeneration, tokenExpiration } = props;
      Object.entries({ role, tokenGeneration, tokenExpiration }).filter(([, value]) => value !== undefined).forEach(([name]) => this.warnOfNoEffect(name, 'token'));
    }
  }

  private ofCustomerOrProduct<T>(property: string, value: T | undefined): T {
    return value ?? refuse(this, lit`SoftwareCustomerIncomplete`, `${property} is said neither of the customer nor of the product. Say it of one of the two.`);
  }

  private warnOfNoEffect(property: string, without: string): void {
    Annotations.of(this).addWarningV2(`cdk-license-manager:noEffectWithout-${without}`,
      `${property} is set, and has no effect without a ${without}. Leave it out, or set ${without}.`);
  }
}

/** The default of a grant does not know whether the license can be borrowed. */
function operationsFor(license: License): AllowedOperation[] | undefined {
  const { consumptionConfiguration } = license.node.defaultChild as CfnLicense;
  const { provisionalConfiguration, borrowConfiguration } = consumptionConfiguration as CfnLicense.ConsumptionConfigurationProperty;
  const connected = provisionalConfiguration !== undefined;
  return borrowConfiguration === undefined ? undefined : [
    AllowedOperation.LIST_PURCHASED_LICENSES,
    ...connected ? [AllowedOperation.CHECKOUT_LICENSE] : [],
    AllowedOperation.CHECKOUT_BORROW_LICENSE,
    AllowedOperation.CHECK_IN_LICENSE,
    ...connected ? [AllowedOperation.EXTEND_CONSUMPTION_LICENSE] : [],
  ];
}

const PROPS: Shape<SoftwareProductProps> = {
  productName: needed(TEXT),
  productSku: needed(TEXT),
  issuerName: needed(TEXT),
  entitlements: listOf(ofClass('Entitlement')),
  consumptionConfiguration: ofClass('ConsumptionConfiguration'),
  validity: ofClass('LicenseValidity'),
  signKey: construct('a key', 'keyRef'),
  notificationTopic: construct('a topic', 'topicRef'),
  consumptionEvents: FLAG,
  removalPolicy: ANYTHING,
};

const CUSTOMER: Shape<SoftwareCustomerProps> = {
  product: needed(ofClass('SoftwareProduct')),
  beneficiary: needed(TEXT),
  principal: ofClass('GrantPrincipal'),
  allowedOperations: listOf(ANYTHING),
  token: FLAG,
  tokenGeneration: NUMBER,
  tokenExpiration: DURATION,
  role: reference('a role', 'roleRef'),
  entitlements: listOf(ofClass('Entitlement')),
  validity: ofClass('LicenseValidity'),
  licenseMetadata: mapOf(TEXT),
  removalPolicy: ANYTHING,
};
