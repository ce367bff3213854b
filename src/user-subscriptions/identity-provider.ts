import { Annotations, Resource, TagManager, TagType, Token } from 'aws-cdk-lib';
import type { CfnResource, Duration, IResource, ITaggableV2, RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroupRef, ISubnetRef } from 'aws-cdk-lib/aws-ec2';
import type { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { credentialsArn, FOR_DIRECTORY, IDENTITY_PROVIDER_FORMAT } from './checks';
import { IdentityProviderGrants } from './identity-provider-grants';
import type { SelfManagedDirectoryOptions, UserDirectory } from './user-directory';
import { UserSubscriptionProduct } from './user-subscription-product';
import { ManagedResource } from '../custom-resource/construct/managed-resource';
import type { PropertiesOf } from '../custom-resource/contract/definition';
import type { Declared } from '../custom-resource/contract/shape';
import { identityProvider } from '../custom-resource/contract/types/identity-provider';
import { onceEach } from '../private/finding/doubles';
import { brand, isBranded } from '../private/identity/copies';
import { environmentOfImport } from '../private/identity/look-up-dummy';
import { needs, Prerequisite } from '../private/identity/prerequisites';
import { identityOf, shown } from '../private/identity/reference';
import { keyBehind } from '../private/secret/key';
import { checkFormat } from '../private/validation/format';
import { ANYTHING, DURATION, given, givenProps, listOf, needed, OBJECT, ofClass, ofImport, reference, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { applyRemovalPolicy, checkNoSnapshot } from '../private/validation/removal';
import { checkTags, renderedTags } from '../private/validation/tags';
import { checkTimeout } from '../private/validation/timeout';
import { checkPattern, checkSize, lit, refuse, valueOf } from '../private/validation/validation';

/**
 * Where License Manager makes the VPC endpoints by which Microsoft Office is activated. It makes them, and removes them when the directory is deregistered;
 * they are billed as any interface endpoint.
 */
export interface ActivationEndpoints {
  /**
   * The subnets: at least 1, all of one VPC of the account; shared subnets are not supported. One that is named twice causes a warning, and is written once.
   *
   * A change adds those that are new and removes those that are no longer named.
   *
   * Throws a `ValidationError` for none.
   *
   * @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_Settings.html
   */
  readonly subnets: ISubnetRef[];

  /**
   * The security group of the endpoints: instances have to reach it by TCP on port 1688, for which `LicenseServerNetwork` has a rule.
   */
  readonly securityGroup: ISecurityGroupRef;
}

/**
 * Properties of an identity provider.
 */
export interface IdentityProviderProps {
  /**
   * The product that the users of the directory are to work with. The account has to be subscribed to it in AWS Marketplace, and to *Win Remote Desktop
   * Services SAL*, before the deployment.
   *
   * Registering costs nothing; subscribing users does (`ProductSubscription`).
   *
   * **Another product is another identity provider.**
   */
  readonly product: UserSubscriptionProduct;

  /**
   * The directory. Which product works with which kind is in the table of `UserDirectory`; another combination causes a warning.
   *
   * **Another directory is another identity provider.** How a self-managed one is reached, cannot be changed: the deployment is refused.
   *
   * Throws a `ValidationError` for what its kind says.
   */
  readonly directory: UserDirectory;

  /**
   * Where the endpoints are by which Microsoft Office is activated. They can be changed, and be taken away by deregistering the directory only: an update
   * without them is refused.
   *
   * Throws a `ValidationError` for no subnet.
   *
   * @default - none; a warning says so for Microsoft Office, which needs them. No other product has them
   */
  readonly activationEndpoints?: ActivationEndpoints;

  /**
   * For how long the deployment waits for License Manager to register, change or deregister the directory: at most 1 hour, in whole seconds.
   *
   * Throws a `ValidationError` outside of 1 second to 1 hour.
   *
   * @default Duration.hours(1)
   */
  readonly timeout?: Duration;

  /**
   * What happens to the registration when it is taken out of the app. With `RemovalPolicy.RETAIN` it stays, and with it the endpoints; Directory Service does
   * not delete a directory that is registered.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @default RemovalPolicy.DESTROY - the directory is deregistered, which is refused while users, instances or license server endpoints need it
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * An identity provider, made by this app or imported: a directory as License Manager knows it once it is registered for a product.
 */
export interface IIdentityProvider extends IResource {
  /**
   * The ARN of the identity provider: `arn:<partition>:license-manager-user-subscriptions:<region>:<account>:identity-provider/…`.
   *
   * @attribute
   */
  readonly identityProviderArn: string;

  /**
   * The id of the directory: `d-…`, or `sd-…` of a self-managed one. Throws a `ValidationError` where an import does not know it.
   *
   * @attribute
   */
  readonly directoryId: string;

  /**
   * The product that the directory is registered for. Throws a `ValidationError` where an import does not know it.
   */
  readonly product: UserSubscriptionProduct;

  /**
   * Permissions on the identity provider.
   */
  readonly grants: IdentityProviderGrants;
}

/**
 * What is known of an identity provider that exists.
 */
export interface IdentityProviderAttributes {
  /**
   * The ARN: `arn:<partition>:license-manager-user-subscriptions:<region>:<account>:identity-provider/…`, as
   * `aws license-manager-user-subscriptions list-identity-providers` tells it.
   */
  readonly identityProviderArn: string;

  /**
   * The id of the directory.
   *
   * @default - not known: users can neither be subscribed nor associated, and `directoryId` throws a `ValidationError`
   */
  readonly directoryId?: string;

  /**
   * The product that the directory is registered for.
   *
   * @default - not known: users cannot be subscribed, and `product` throws a `ValidationError`
   */
  readonly product?: UserSubscriptionProduct;
}

abstract class IdentityProviderBase extends Resource implements IIdentityProvider {
  /**
   * The ARN of the identity provider.
   *
   * @attribute
   */
  public abstract readonly identityProviderArn: string;

  /**
   * The id of the directory.
   *
   * @attribute
   */
  public abstract readonly directoryId: string;

  /**
   * The product that the directory is registered for.
   */
  public abstract readonly product: UserSubscriptionProduct;

  /**
   * The product, as far as it is known.
   *
   * @internal
   */
  public abstract readonly _knownProduct: UserSubscriptionProduct | undefined;

  private readonly facades: { grants?: IdentityProviderGrants } = {};

  /**
   * Permissions on the identity provider.
   */
  public get grants(): IdentityProviderGrants {
    return this.facades.grants ??= IdentityProviderGrants.fromIdentityProvider(this);
  }
}

/**
 * An Active Directory that is registered for a product of user-based subscriptions, so that its users can be subscribed to it.
 *
 * **Before the first deployment**
 *
 * 1. the account is subscribed to the product, and to *Win Remote Desktop Services SAL*, in AWS Marketplace,
 * 2. the service-linked role exists: `ServiceLinkedRole` with `LicenseManagerFeature.USER_SUBSCRIPTIONS`, which this waits for in the same stack,
 * 3. the directory is reachable from the subnets: DNS forwarding between the VPCs and the directory, DNS hostnames and resolution on in the VPC, and the
 *    default security group of the directory's VPC open to the domain controllers,
 * 4. a directory that another account shares is registered there: let the stack depend on that of its owner (`consumer.addStackDependency(owner)`).
 *
 * The deployment waits until the directory is registered, which takes minutes. A directory that is registered for the product already is left as it is, but for
 * the activation endpoints, and is not deregistered; one that another stack has registered is refused.
 *
 * **It is deregistered** when it is taken out of the app. License Manager refuses that while users are subscribed, instances run or a license server endpoint is
 * there, and so does this, before anything is done: it names them. What this library makes for it in the same stack goes before it.
 *
 * License Manager makes network interfaces, endpoints and hosted zones with the permissions of who registers a directory. So the custom resource has a function and
 * a role of its own, in those stacks only that register one. Nothing else of a stack has these permissions, unless
 * `CustomResources.of(scope).configure()` gives all functions one role. They are on all network interfaces, VPC endpoints and hosted zones of the account, as
 * the user guide has them: who can change the code of that function can delete any of these. Lock it as you lock a deployment role. The code is an asset:
 * a stack that takes no assets refuses it with a `ValidationError`. The two network interfaces and the objects in the *AWS Reserved* unit of the directory must not be changed.
 *
 * User-based subscriptions are to be had in the partitions `aws` and `aws-us-gov`.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
 * import { IdentityProvider, UserDirectory, UserSubscriptionProduct } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'UserSubscriptions');
 * const vpc = new Vpc(stack, 'Vpc');
 * new IdentityProvider(stack, 'Office', {
 *   product: UserSubscriptionProduct.OFFICE_PROFESSIONAL_PLUS,
 *   directory: UserDirectory.awsManaged('d-0123456789'),
 *   activationEndpoints: { subnets: vpc.privateSubnets, securityGroup: new SecurityGroup(stack, 'Activation', { vpc }) },
 * });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/usubs-deregister-ad.html
 * @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_RegisterIdentityProvider.html
 * @resource AWS::CloudFormation::CustomResource
 */
@propertyInjectable
export class IdentityProvider extends IdentityProviderBase implements ITaggableV2 {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.IdentityProvider';

  /**
   * Whether the given object is an `IdentityProvider`, made by whichever copy of this library. An imported one is not.
   *
   * @param x any object
   */
  public static isIdentityProvider(x: any): x is IdentityProvider {
    return isBranded(x, 'IdentityProvider');
  }

  /**
   * Imports an identity provider by its ARN, for a license server endpoint, and for permissions.
   *
   * Throws a `ValidationError` unless the ARN is a token or has this form, where any part may be a token.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param scope               the construct's parent
   * @param id                  the construct's id
   * @param identityProviderArn `arn:<partition>:license-manager-user-subscriptions:<region>:<account>:identity-provider/…`
   */
  public static fromIdentityProviderArn(scope: Construct, id: string, identityProviderArn: string): IIdentityProvider {
    return IdentityProvider.fromIdentityProviderAttributes(scope, id, { identityProviderArn });
  }

  /**
   * Imports an identity provider by what is known of it.
   *
   * Throws a `ValidationError` unless the ARN is a token or has its form, where any part may be a token.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param scope the construct's parent
   * @param id    the construct's id
   * @param attrs the ARN, from which account and Region are taken, the directory and the product
   */
  public static fromIdentityProviderAttributes(scope: Construct, id: string, attrs: IdentityProviderAttributes): IIdentityProvider {
    const { identityProviderArn: arn, directoryId, product } = givenProps(scope, attrs, ATTRIBUTES, ofImport(id));
    checkFormat(scope, lit`IdentityProviderArn`, IDENTITY_PROVIDER_FORMAT, arn, id);

    class Import extends IdentityProviderBase {
      public readonly identityProviderArn = arn;
      public readonly _knownProduct = product;

      public get directoryId(): string {
        return directoryId ?? this.refuseUnknown('directoryId');
      }

      public get product(): UserSubscriptionProduct {
        return product ?? this.refuseUnknown('product');
      }

      private refuseUnknown(attribute: string): never {
        return refuse(this, lit`IdentityProviderAttributeUnknown`, `${attribute} of an identity provider that is imported without it is not known. Import it with ` +
          `IdentityProvider.fromIdentityProviderAttributes() and ${attribute}.`);
      }
    }
    return new Import(scope, id, environmentOfImport(arn));
  }

  /**
   * The ARN of the identity provider.
   *
   * @attribute
   */
  public readonly identityProviderArn: string;

  /**
   * The id of the directory.
   *
   * @attribute
   */
  public readonly directoryId: string;

  /**
   * The product that the directory is registered for.
   */
  public readonly product: UserSubscriptionProduct;

  /**
   * The product.
   *
   * @internal
   */
  public readonly _knownProduct: UserSubscriptionProduct;

  /**
   * The tags of the identity provider. Those of one that somebody else has registered are left as they are.
   */
  public readonly cdkTagManager: TagManager;

  /**
   * Whether another account owns the directory, in which users are subscribed.
   *
   * @internal
   */
  public readonly _isShared: boolean;

  private readonly resource: CfnResource;

  /**
   * Registers a directory for a product.
   *
   * Throws a `ValidationError` for a directory that is none, for what its kind says, for activation endpoints without a subnet, a timeout out of its range,
   * `RemovalPolicy.SNAPSHOT`, and for a directory that the app registers for the product in the account and Region already.
   *
   * When the app is complete, tags are refused that AWS would refuse: more than 49 beside that of the stack, keys or values that are too long, keys that begin with `aws:`.
   */
  constructor(scope: Construct, id: string, props: IdentityProviderProps) {
    super(scope, id);
    brand(this, 'IdentityProvider');
    props = givenProps(this, props, PROPS);
    const { product, directory, removalPolicy, timeout } = props;
    const name = valueOf(this, lit`IdentityProviderProduct`, { property: 'product', value: product, type: 'UserSubscriptionProduct' })!;
    checkNoSnapshot(this, removalPolicy, 'registration');
    checkTimeout(this, timeout);
    const registered = directory._valueFor(this);
    const isSelfManaged = 'selfManaged' in registered;
    const settings = this.renderSettings(props.activationEndpoints);
    this.warnOfProduct(name, isSelfManaged, settings !== undefined);

    this.product = product;
    this._knownProduct = product;
    this._isShared = !isSelfManaged && registered.isShared;
    this.cdkTagManager = new TagManager(TagType.STANDARD, 'Custom::LicenseManagerIdentityProvider');
    checkTags(this, this, undefined, 1);
    this.resource = new ManagedResource(this, 'Resource', {
      definition: identityProvider,
      properties: {
        Product: name,
        ...isSelfManaged ? this.renderSelfManaged(registered.selfManaged) : this.renderManaged(registered.directoryId, registered.isShared),
        Settings: settings,
        Tags: renderedTags(this.cdkTagManager),
      },
      removalPolicy,
      serviceTimeout: timeout,
    }).resource;
    needs(this.resource, Prerequisite.USER_ROLE);
    this.identityProviderArn = this.resource.getAtt('IdentityProviderArn').toString();
    this.directoryId = isSelfManaged ? this.resource.getAtt('DirectoryId').toString() : registered.directoryId;
  }

  /**
   * Says what happens to the registration when it is taken out of the app.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    applyRemovalPolicy(this, this.resource, given(this, 'policy', policy), 'registration');
  }

  private renderManaged(directoryId: string, isShared: boolean): DirectoryProperties {
    checkPattern(this, lit`IdentityProviderDirectoryId`, {
      property: 'the id of the directory',
      value: directoryId,
      pattern: /^(d|sd)-[0-9a-f]{10}$/,
      expected: 'consist of \'d-\' and 10 hexadecimal digits in lower case',
      wayOut: 'Take it from \'aws ds describe-directories\'.',
    });
    return { Directory: directoryId, Type: 'AWS_MANAGED', Shared: isShared || undefined };
  }

  private renderSelfManaged(directory: SelfManagedDirectoryOptions): DirectoryProperties {
    const { domainName, ipv4Addresses, ipv6Addresses, credentials, subnets } = directory;
    checkSize(this, lit`IdentityProviderAddresses`, { property: 'ipv4Addresses of the directory', value: ipv4Addresses, minimum: 1, maximum: 2 });
    checkSize(this, lit`IdentityProviderAddresses`, { property: 'ipv6Addresses of the directory', value: ipv6Addresses, minimum: 1, maximum: 2 });
    // A list that is a token has no members yet.
    for (const value of Token.isUnresolved(ipv4Addresses) ? [] : ipv4Addresses ?? []) {
      checkPattern(this, lit`IdentityProviderIpv4Address`, {
        property: 'a member of ipv4Addresses of the directory', value, pattern: IPV4, expected: 'be an IPv4 address, such as \'10.0.0.10\'',
      });
    }
    for (const value of Token.isUnresolved(ipv6Addresses) ? [] : ipv6Addresses ?? []) {
      checkPattern(this, lit`IdentityProviderIpv6Address`, {
        property: 'a member of ipv6Addresses of the directory', value, pattern: IPV6, expected: 'be an IPv6 address, such as \'2001:db8::10\'',
      });
    }
    if (ipv4Addresses === undefined && ipv6Addresses === undefined) {
      Annotations.of(this).addWarningV2('cdk-license-manager:directoryWithoutAddress',
        `The directory '${shown(this, domainName)}' has neither ipv4Addresses nor ipv6Addresses: the console of License Manager asks for those of its domain `
        + 'controllers. Set one of the two.');
    }
    const encryptionKey = directory.encryptionKey ?? (credentials as { readonly encryptionKey?: IKeyRef }).encryptionKey;
    // IAM takes no alias for a key.
    const key = encryptionKey && keyBehind(encryptionKey);
    if (encryptionKey && !key) {
      Annotations.of(this).addWarningV2('cdk-license-manager:directoryKeyUnknown',
        `The key of the credentials '${encryptionKey.node.path}' is an alias whose key is not known: the function that registers the directory can be permitted the use `
        + 'of a key, and not that of an alias. Set encryptionKey of the directory to the key (Key.fromKeyArn()).');
    }
    return {
      Directory: domainName,
      Type: 'SELF_MANAGED',
      Domain: {
        Ipv4Addresses: ipv4Addresses,
        Ipv6Addresses: ipv6Addresses,
        CredentialsArn: credentialsArn(this, FOR_DIRECTORY, credentials),
        Subnets: this.subnetIds('subnets of the directory', subnets),
      },
      KeyArn: key?.keyRef.keyArn,
    };
  }

  private renderSettings(endpoints: ActivationEndpoints | undefined): { readonly Subnets: string[]; readonly SecurityGroupId: string } | undefined {
    if (endpoints === undefined) {
      return undefined;
    }
    const { subnets, securityGroup } = givenProps(this, endpoints, ENDPOINTS, { all: 'activationEndpoints', of: ' of activationEndpoints' });
    return { Subnets: this.subnetIds('subnets of activationEndpoints', subnets), SecurityGroupId: securityGroup.securityGroupRef.securityGroupId };
  }

  private subnetIds(property: string, subnets: ISubnetRef[]): string[] {
    checkSize(this, lit`IdentityProviderSubnets`, { property, value: subnets, minimum: 1, maximum: Infinity, wayOut: 'Name at least 1.' });
    const ids = subnets.map(({ subnetRef }) => subnetRef.subnetId);
    return onceEach(this, property, ids, identityOf, subnetId => shown(this, subnetId));
  }

  /** What the user guide has of products and directories. Of a product without a constant nothing is known. */
  private warnOfProduct(product: string, isSelfManaged: boolean, hasEndpoints: boolean): void {
    const isOffice = OFFICE.includes(product);
    if (isSelfManaged && [...OFFICE, ...VISUAL_STUDIO].includes(product)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:directoryOfAnotherKind',
        `product is '${product}' and the directory is self-managed: it works with AWS Managed Microsoft AD only. Use UserDirectory.awsManaged().`);
    }
    if (isOffice && !hasEndpoints) {
      Annotations.of(this).addWarningV2('cdk-license-manager:officeWithoutActivationEndpoints',
        `product is '${product}' and activationEndpoints is not set: instances cannot activate Microsoft Office without them, and are terminated. Set `
        + 'activationEndpoints.');
    }
    if (hasEndpoints && !isOffice && KNOWN.includes(product)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:activationEndpointsWithoutOffice',
        `product is '${product}' and activationEndpoints is set: only Microsoft Office has them. Leave them out.`);
    }
  }
}

type DirectoryProperties = Pick<Declared<PropertiesOf<typeof identityProvider>>, 'Directory' | 'Type' | 'Shared' | 'Domain' | 'KeyArn'>;

const {
  OFFICE_PROFESSIONAL_PLUS, OFFICE_STANDARD, REMOTE_DESKTOP_SERVICES, VISUAL_STUDIO_ENTERPRISE, VISUAL_STUDIO_PROFESSIONAL,
} = UserSubscriptionProduct;
const OFFICE = [OFFICE_PROFESSIONAL_PLUS, OFFICE_STANDARD].map(({ value }) => value);
const VISUAL_STUDIO = [VISUAL_STUDIO_ENTERPRISE, VISUAL_STUDIO_PROFESSIONAL].map(({ value }) => value);
const KNOWN = [...OFFICE, ...VISUAL_STUDIO, REMOTE_DESKTOP_SERVICES.value];

/**
 * The patterns of the API. That of IPv6 knows not all that an address may be: whatever has a part that it knows is taken.
 *
 * @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_ActiveDirectorySettings.html
 */
const IPV4 = /^(?:(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])(\.(?!$)|$)){4}$/;
const IPV6 = /::|([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}/;

const PRODUCT = ofClass('UserSubscriptionProduct');

const PROPS: Shape<IdentityProviderProps> = {
  product: needed(ANYTHING),
  directory: needed(ofClass('UserDirectory')),
  activationEndpoints: OBJECT,
  timeout: DURATION,
  removalPolicy: ANYTHING,
};

const ENDPOINTS: Shape<ActivationEndpoints> = {
  subnets: needed(listOf(reference('a subnet', 'subnetRef'))), securityGroup: needed(reference('a security group', 'securityGroupRef')),
};

const ATTRIBUTES: Shape<IdentityProviderAttributes> = { identityProviderArn: needed(TEXT), directoryId: TEXT, product: PRODUCT };
