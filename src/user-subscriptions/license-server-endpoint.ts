import { Annotations, ArnFormat, RemovalPolicy, Resource } from 'aws-cdk-lib';
import type { IResource } from 'aws-cdk-lib';
import { CfnLicenseServerEndpoint } from 'aws-cdk-lib/aws-licensemanagerusersubscriptions';
import type { ILicenseServerEndpointRef, LicenseServerEndpointReference } from 'aws-cdk-lib/aws-licensemanagerusersubscriptions';
import type { ISecretRef } from 'aws-cdk-lib/aws-secretsmanager';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { checkIdentityProvider, credentialsArn, FOR_LICENSE_SERVER, IDENTITY_PROVIDER, IDENTITY_PROVIDER_FORMAT } from './checks';
import type { IIdentityProvider } from './identity-provider';
import { LicenseServerEndpointGrants } from './license-server-endpoint-grants';
import { UserSubscriptionProduct } from './user-subscription-product';
import { brand, isBranded } from '../private/identity/copies';
import { declaredBefore } from '../private/identity/environment';
import { environmentOfImport, nameOfImport } from '../private/identity/look-up-dummy';
import { needs, Prerequisite } from '../private/identity/prerequisites';
import { identityOf } from '../private/identity/reference';
import { arnParts, checkFormat } from '../private/validation/format';
import type { Format } from '../private/validation/format';
import { ANYTHING, construct, given, givenProps, needed, ofImport, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { applyRemovalPolicy } from '../private/validation/removal';
import { checkTags } from '../private/validation/tags';
import { isKnown, lit, refuse } from '../private/validation/validation';

/**
 * Properties of a license server endpoint.
 */
export interface LicenseServerEndpointProps {
  /**
   * The identity provider: the directory that is registered for `UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES`. It has to be of the account and the
   * Region of the stack.
   *
   * **A change replaces the endpoint.**
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions-getting-started.html#user-based-subscriptions-configure-ad
   */
  readonly identityProvider: IIdentityProvider;

  /**
   * The secret with the credentials of the license server's administrator: `LicenseServerCredentials`, or any other secret of the account and
   * the Region whose name begins with `license-manager-user-`, and which has the keys `username`, with the value `Administrator`, and `password`.
   * A secret of this app that generates something else causes a warning. So does one that is imported by its name, and whose name ends with a hyphen and
   * 6 characters: Secrets Manager takes it for a complete ARN. Import it by its complete ARN (`Secret.fromSecretCompleteArn`).
   *
   * **A change replaces the endpoint.** A new password in the same secret does not.
   */
  readonly credentials: ISecretRef;

  /**
   * What happens to the endpoint when it is taken out of the app.
   *
   * An endpoint that stays has to be deleted by hand before its directory is deregistered.
   *
   * @default RemovalPolicy.DESTROY - License Manager removes its license servers and network interfaces; users are billed on until they are
   * unsubscribed and their license tokens have expired, 60 days after they were issued
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions.html
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A license server endpoint, made by this app or imported.
 */
export interface ILicenseServerEndpoint extends IResource, ILicenseServerEndpointRef {
  /**
   * The ARN of the endpoint.
   *
   * @attribute
   */
  readonly licenseServerEndpointArn: string;

  /**
   * The id of the endpoint.
   *
   * @attribute
   */
  readonly licenseServerEndpointId: string;

  /**
   * Permissions on the endpoint.
   */
  readonly grants: LicenseServerEndpointGrants;
}

/**
 * What is known of an endpoint that exists.
 */
export interface LicenseServerEndpointAttributes {
  /**
   * The ARN of the endpoint: `arn:<partition>:license-manager-user-subscriptions:<region>:<account>:license-server-endpoint/…`.
   */
  readonly licenseServerEndpointArn: string;

  /**
   * The ARN of the identity provider: `arn:<partition>:license-manager-user-subscriptions:<region>:<account>:identity-provider/…`.
   *
   * @default - not known: `grants.manage` allows to delete the endpoint from any identity provider of its account and Region, and
   * `licenseServerEndpointRef.identityProviderArn` throws a `ValidationError`
   */
  readonly identityProviderArn?: string;
}

abstract class LicenseServerEndpointBase extends Resource implements ILicenseServerEndpoint {
  /**
   * The ARN of the endpoint.
   *
   * @attribute
   */
  public abstract readonly licenseServerEndpointArn: string;

  /**
   * The id of the endpoint.
   *
   * @attribute
   */
  public abstract readonly licenseServerEndpointId: string;

  /**
   * The ARN of the identity provider, as far as it is known.
   *
   * @internal
   */
  public abstract readonly _knownIdentityProviderArn: string | undefined;

  private readonly facades: { grants?: LicenseServerEndpointGrants } = {};

  /**
   * A reference to the endpoint.
   */
  public get licenseServerEndpointRef(): LicenseServerEndpointReference {
    const identityProviderArn = () => this._knownIdentityProviderArn ?? refuse(this, lit`LicenseServerEndpointWithoutIdentityProvider`,
      'the identity provider of an endpoint that is imported by its ARN is not known. Import it with ' +
      'LicenseServerEndpoint.fromLicenseServerEndpointAttributes() and identityProviderArn.');
    return {
      licenseServerEndpointArn: this.licenseServerEndpointArn,
      get identityProviderArn() { return identityProviderArn(); },
    };
  }

  /**
   * Permissions on the endpoint.
   */
  public get grants(): LicenseServerEndpointGrants {
    return this.facades.grants ??= LicenseServerEndpointGrants.fromLicenseServerEndpoint(this);
  }
}

/**
 * An endpoint for the license servers of Microsoft Remote Desktop Services (RDS) that License Manager runs for a directory, and that hand
 * out the Subscriber Access Licenses (SAL) of its users.
 *
 * **Before the first deployment**
 *
 * 1. the account is subscribed to *Win Remote Desktop Services SAL* in AWS Marketplace,
 * 2. the service-linked role exists: `ServiceLinkedRole` with `LicenseManagerFeature.USER_SUBSCRIPTIONS`,
 * 3. an AWS Managed Microsoft AD has no multi-factor authentication, which is not supported; one that another account shares is registered
 *    there first,
 * 4. the directory is registered for `REMOTE_DESKTOP_SERVICES` (`IdentityProvider`), with subnets that are all of one VPC of the account:
 *    shared subnets are not supported. License Manager puts its network interfaces into the default security group of the VPC, which has to
 *    reach the domain controllers,
 * 5. its user `Administrator` has the password of the secret and may do what `LicenseServerCredentials` tells,
 * 6. its security groups are open to the license servers: `LicenseServerNetwork` adds the rules. Let the endpoint depend on it.
 *
 * **A log-in costs money.** Who logs in to an instance that uses the license server is subscribed by that, and billed by the month until
 * unsubscribed and the license token has expired, 60 days after it was issued. Who logs in after that is subscribed anew.
 *
 * **Two sessions at a time** are what an instance allows by default: for more, a group policy of the directory names the address of the endpoint and
 * sets the licensing mode to *Per User*.
 *
 * **Before the directory is deregistered or deleted** delete the endpoint: take it out of the app and deploy, or destroy the stack. Users have
 * to be unsubscribed, and instances of the directory be terminated, by then, too.
 *
 * Everything but the tags **replaces** the endpoint, and CloudFormation deletes the old one before it makes the new one: in between, users
 * get no new licenses, and the address of the endpoint changes, which the session hosts' group policy names. Drift of the credentials is
 * not seen: License Manager does not tell which secret an endpoint uses.
 *
 * The network address of the endpoint is not an attribute that a template can use: CloudFormation has it inside an object. It is told by
 * `aws license-manager-user-subscriptions list-license-server-endpoints`.
 *
 * An endpoint that License Manager could not set up, with the status `PROVISIONING_FAILED`, cannot be deleted through the API, and so not by
 * CloudFormation: AWS Support removes it. That is how the samples of the service's team tell it; the reference does not.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { IdentityProvider, LicenseServerCredentials, LicenseServerEndpoint, UserDirectory, UserSubscriptionProduct } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'UserSubscriptions');
 * new LicenseServerEndpoint(stack, 'LicenseServer', {
 *   identityProvider: new IdentityProvider(stack, 'Directory', {
 *     directory: UserDirectory.awsManaged('d-0123456789'), product: UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES,
 *   }),
 *   credentials: new LicenseServerCredentials(stack, 'Administrator'),
 * });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions.html#usubs-prerequisites
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/usubs-deregister-ad.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-licensemanagerusersubscriptions-licenseserverendpoint.html
 * @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_CreateLicenseServerEndpoint.html
 * @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_LicenseServerEndpoint.html
 * @see https://github.com/aws-samples/aws-license-manager-license-consumption-sample/blob/main/user-subscriptions/src/manage_license_server_endpoints.py
 * @resource AWS::LicenseManagerUserSubscriptions::LicenseServerEndpoint
 */
@propertyInjectable
export class LicenseServerEndpoint extends LicenseServerEndpointBase {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.LicenseServerEndpoint';

  /**
   * Whether the given object is a `LicenseServerEndpoint`, made by whichever copy of this library. An imported endpoint is not.
   *
   * @param x any object
   */
  public static isLicenseServerEndpoint(x: any): x is LicenseServerEndpoint {
    return isBranded(x, 'LicenseServerEndpoint');
  }

  /**
   * Imports an endpoint by its ARN.
   *
   * Throws a `ValidationError` unless the ARN is a token or has this form, where any part may be a token.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param scope                    the construct's parent
   * @param id                       the construct's id
   * @param licenseServerEndpointArn `arn:<partition>:license-manager-user-subscriptions:<region>:<account>:license-server-endpoint/…`
   */
  public static fromLicenseServerEndpointArn(scope: Construct, id: string, licenseServerEndpointArn: string): ILicenseServerEndpoint {
    return LicenseServerEndpoint.fromLicenseServerEndpointAttributes(scope, id, { licenseServerEndpointArn });
  }

  /**
   * Imports an endpoint by what is known of it.
   *
   * Throws a `ValidationError` unless each ARN is a token or has its form, where any part may be a token.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param scope the construct's parent
   * @param id    the construct's id
   * @param attrs the ARN, from which account and Region are taken, and the identity provider
   */
  public static fromLicenseServerEndpointAttributes(
    scope: Construct, id: string, attrs: LicenseServerEndpointAttributes,
  ): ILicenseServerEndpoint {
    const { licenseServerEndpointArn: arn, identityProviderArn } = givenProps(scope, attrs, ATTRIBUTES, ofImport(id));
    checkFormat(scope, lit`LicenseServerEndpointArn`, ENDPOINT_ARN, arn, id);
    if (identityProviderArn !== undefined) {
      checkFormat(scope, lit`LicenseServerEndpointIdentityProviderArn`, IDENTITY_PROVIDER_FORMAT, identityProviderArn, id);
    }

    class Import extends LicenseServerEndpointBase {
      public readonly licenseServerEndpointArn = arn;
      public readonly licenseServerEndpointId = nameOfImport(scope, arn, ArnFormat.SLASH_RESOURCE_NAME);
      public readonly _knownIdentityProviderArn = identityProviderArn;
    }
    return new Import(scope, id, environmentOfImport(arn));
  }

  /**
   * The ARN of the endpoint.
   *
   * @attribute
   */
  public readonly licenseServerEndpointArn: string;

  /**
   * The id of the endpoint.
   *
   * @attribute
   */
  public readonly licenseServerEndpointId: string;

  /**
   * The state of the endpoint when it was last created or updated, such as `PROVISIONED`.
   *
   * @see https://docs.aws.amazon.com/license-manager-user-subscriptions/latest/APIReference/API_LicenseServerEndpoint.html
   * @attribute
   */
  public readonly licenseServerEndpointProvisioningStatus: string;

  /**
   * When the endpoint was created.
   *
   * @attribute CreationTime
   */
  public readonly licenseServerEndpointCreationTime: string;

  /**
   * The ARN of the identity provider.
   *
   * @internal
   */
  public readonly _knownIdentityProviderArn: string;

  private readonly resource: CfnLicenseServerEndpoint;

  /**
   * Makes an endpoint.
   *
   * Throws a `ValidationError` for an identity provider that is not one or is known to be of another account or Region. A secret that is known to be
   * of another account or Region, or to have a name that License Manager's role may not read, causes a warning.
   *
   * When the app is complete, tags are refused that AWS would refuse: more than 50, keys or values that are too long, keys that begin with `aws:`.
   */
  constructor(scope: Construct, id: string, props: LicenseServerEndpointProps) {
    super(scope, id);
    brand(this, 'LicenseServerEndpoint');
    props = givenProps(this, props, PROPS);
    const { identityProviderArn } = props.identityProvider;
    checkIdentityProvider(this, 'an endpoint', props.identityProvider);
    this._knownIdentityProviderArn = identityProviderArn;
    const product = (props.identityProvider as { readonly _knownProduct?: UserSubscriptionProduct })._knownProduct?.value;
    if (product !== undefined && isKnown(product) && product !== UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES.value) {
      Annotations.of(this).addWarningV2('cdk-license-manager:licenseServerOfAnotherProduct',
        `'${props.identityProvider.node.path}' is registered for '${product}': the license server is for UserSubscriptionProduct.REMOTE_DESKTOP_SERVICES. Register the directory `
        + 'for that, too, and name that identity provider.');
    }
    this.resource = new CfnLicenseServerEndpoint(this, 'Resource', {
      identityProviderArn,
      licenseServerSettings: {
        serverType: 'RDS_SAL',
        serverSettings: {
          rdsSalSettings: {
            // The samples of the service's team have the ARN here.
            rdsSalCredentialsProvider: {
              secretsManagerCredentialsProvider: { secretId: credentialsArn(this, FOR_LICENSE_SERVER, props.credentials) },
            },
          },
        },
      },
    });
    needs(this.resource, Prerequisite.USER_ROLE);
    checkTags(this, this.resource);
    applyRemovalPolicy(this, this.resource, props.removalPolicy, 'license server endpoint');
    this.licenseServerEndpointArn = this.resource.attrLicenseServerEndpointArn;
    this.licenseServerEndpointId = this.resource.attrLicenseServerEndpointId;
    this.licenseServerEndpointProvisioningStatus = this.resource.attrLicenseServerEndpointProvisioningStatus;
    this.licenseServerEndpointCreationTime = this.resource.attrCreationTime;

    const other = declaredBefore(this, 'license server endpoint', identityOf(identityProviderArn));
    if (other !== undefined) {
      Annotations.of(this).addWarningV2('cdk-license-manager:licenseServerEndpointTwice',
        `'${other}' is an endpoint of the same identity provider: CloudFormation deletes an endpoint before it makes the one that replaces it, ` +
        'as if a directory could have but one. Remove one of the two.');
    }
  }

  /**
   * Says what happens to the endpoint when it is taken out of the app, or has to be replaced.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    applyRemovalPolicy(this, this.resource, given(this, 'policy', policy), 'license server endpoint');
  }
}

const ENDPOINT_ARN: Format = {
  name: 'the ARN of a license server endpoint',
  parts: [...arnParts('license-manager-user-subscriptions'), /^license-server-endpoint\/[a-zA-Z0-9.-]{1,510}$/],
  expected: '\'arn:<partition>:license-manager-user-subscriptions:<region>:<account>:license-server-endpoint/<id>\'',
  wayOut: 'Take it from \'aws license-manager-user-subscriptions list-license-server-endpoints\'.',
};

const PROPS: Shape<LicenseServerEndpointProps> = {
  identityProvider: needed(IDENTITY_PROVIDER), credentials: needed(construct('a secret', 'secretRef')), removalPolicy: ANYTHING,
};

const ATTRIBUTES: Shape<LicenseServerEndpointAttributes> = { licenseServerEndpointArn: needed(TEXT), identityProviderArn: TEXT };
