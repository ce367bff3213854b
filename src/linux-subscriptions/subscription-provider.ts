import { Annotations, ArnFormat, RemovalPolicy, Resource, TagManager, Token } from 'aws-cdk-lib';
import type { IResource } from 'aws-cdk-lib';
import type { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnSubscriptionProvider } from 'aws-cdk-lib/aws-licensemanagerlinuxsubscriptions';
import type { ISubscriptionProviderRef, SubscriptionProviderReference } from 'aws-cdk-lib/aws-licensemanagerlinuxsubscriptions';
import type { CfnSecret, ISecret, ISecretRef } from 'aws-cdk-lib/aws-secretsmanager';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct, IConstruct } from 'constructs';
import { _LINUX_SUBSCRIPTIONS_TAG } from './rhsm-secret';
import { SubscriptionProviderGrants } from './subscription-provider-grants';
import { brand, isBranded } from '../private/identity/copies';
import { declaredBefore } from '../private/identity/environment';
import { environmentOfImport, nameOfImport } from '../private/identity/look-up-dummy';
import { needs, Prerequisite } from '../private/identity/prerequisites';
import { keyBehind, referredKey, resourceOfKey } from '../private/secret/key';
import { knownSecret, warnOfElsewhere, warnOfPartialArn } from '../private/secret/secret';
import { arnParts, checkFormat } from '../private/validation/format';
import type { Format } from '../private/validation/format';
import { ANYTHING, construct, given, givenProps, needed, ofImport, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { applyRemovalPolicy } from '../private/validation/removal';
import { checkTags } from '../private/validation/tags';
import { checkOneOf, isKnown, lit, refuse } from '../private/validation/validation';

/**
 * Who sold the Linux subscriptions.
 *
 * @see https://docs.aws.amazon.com/license-manager-linux-subscriptions/latest/APIReference/API_RegisterSubscriptionProvider.html
 */
export enum SubscriptionProviderSource {
  /**
   * Red Hat, whose subscriptions License Manager reads from Red Hat Subscription Manager (RHSM).
   */
  RED_HAT = 'RedHat',
}

/**
 * Properties of a Linux subscription provider.
 */
export interface SubscriptionProviderProps {
  /**
   * The secret with the provider's token: `RhsmSecret`, or any other secret with the tag `LicenseManagerLinuxSubscriptions: enabled`, on
   * its key too if it has one of its own, and no slash in its name. It has to be of the account and the Region of the stack.
   *
   * A secret that is imported by its name, and whose name ends with a hyphen and 6 characters, causes a warning: Secrets Manager takes it for a complete
   * ARN. Import it by its complete ARN (`Secret.fromSecretCompleteArn`).
   *
   * **A change replaces the provider.**
   */
  readonly secret: ISecretRef;

  /**
   * Who sold the subscriptions.
   *
   * **A change replaces the provider.**
   *
   * @default SubscriptionProviderSource.RED_HAT - there is no other yet
   */
  readonly subscriptionProviderSource?: SubscriptionProviderSource;

  /**
   * What happens to the registration when it is taken out of the app.
   *
   * @default RemovalPolicy.DESTROY - the provider is deregistered; the secret stays as long as its own policy says
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A Linux subscription provider, made by this app or imported.
 */
export interface ISubscriptionProvider extends IResource, ISubscriptionProviderRef {
  /**
   * The ARN of the provider.
   *
   * @attribute
   */
  readonly subscriptionProviderArn: string;

  /**
   * The id of the provider, the last part of its ARN.
   *
   * @attribute NONE
   */
  readonly subscriptionProviderId: string;

  /**
   * Permissions on the provider.
   */
  readonly grants: SubscriptionProviderGrants;
}

/**
 * What is known of a provider that exists.
 */
export interface SubscriptionProviderAttributes {
  /**
   * The ARN of the provider: `arn:<partition>:license-manager-linux-subscriptions:<region>:<account>:subscription-provider/…`.
   */
  readonly subscriptionProviderArn: string;
}

abstract class SubscriptionProviderBase extends Resource implements ISubscriptionProvider {
  /**
   * The ARN of the provider.
   *
   * @attribute
   */
  public abstract readonly subscriptionProviderArn: string;

  private readonly facades: { grants?: SubscriptionProviderGrants } = {};

  /**
   * The id of the provider, the last part of its ARN.
   *
   * @attribute NONE
   */
  public get subscriptionProviderId(): string {
    return nameOfImport(this, this.subscriptionProviderArn, ArnFormat.SLASH_RESOURCE_NAME);
  }

  /**
   * A reference to the provider.
   */
  public get subscriptionProviderRef(): SubscriptionProviderReference {
    return { subscriptionProviderArn: this.subscriptionProviderArn };
  }

  /**
   * Permissions on the provider.
   */
  public get grants(): SubscriptionProviderGrants {
    return this.facades.grants ??= SubscriptionProviderGrants.fromSubscriptionProvider(this);
  }
}

/**
 * Registers Red Hat as a provider of Linux subscriptions, so that License Manager reads from Red Hat Subscription Manager (RHSM) which
 * subscriptions the account's instances with Red Hat Enterprise Linux have.
 *
 * Discovery of Linux subscriptions has to be activated in the account (`LinuxSubscriptionsSettings`), and the service-linked role that reads the secret
 * has to be there (`ServiceLinkedRole` with `LicenseManagerFeature.LINUX_SUBSCRIPTIONS`). Without them the deployment fails; those of its stack it waits for.
 *
 * Everything but the tags **replaces** the provider, and CloudFormation deregisters the old one before it registers the new one: in
 * between, and if the new one fails, there is none. A new token needs no replacement: write it into the secret.
 *
 * **Who deactivates discovery of Linux subscriptions deregisters the provider**, and CloudFormation does not notice: License Manager removes
 * the registration first, and then what it has discovered. The secret stays, and is billed. Once discovery is activated again, take the
 * provider out of the app, deploy, and put it back.
 *
 * **A wrong token does not fail the deployment.** License Manager registers the provider with the status `PENDING`, and finds out with
 * the first request to Red Hat, after the deployment and nobody says when: the status is then `ACTIVE` or `INVALID`. So there is nothing that
 * a deployment could wait for. `subscriptionProviderStatus` tells the status of that moment, and no condition of a template can depend on it;
 * neither a metric nor an event tells it later. What can be known of the secret is checked before: that its value is a reference and no
 * plain text, its tags and those of its key, its account and Region, and whether it holds a generated password. For the rest, ask:
 *
 * ```
 * aws license-manager-linux-subscriptions list-registered-subscription-providers
 * ```
 *
 * `INVALID` with a message about the token: the secret is empty, holds a generated password, has something around the token (quotes, JSON,
 * a line break), or the token has expired or was revoked. Write a new one with `aws secretsmanager put-secret-value`; nothing has to be
 * deployed. With a message about access: the secret or its key lacks the tag, see `RhsmSecret`.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
 * import { SubscriptionProvider } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'LinuxSubscriptions');
 * new SubscriptionProvider(stack, 'RedHat', { secret: Secret.fromSecretNameV2(stack, 'OfflineToken', 'red-hat-offline-token') });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/linux-subscriptions-manage-discovery.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/settings-linux-subscriptions.html
 * @resource AWS::LicenseManagerLinuxSubscriptions::SubscriptionProvider
 */
@propertyInjectable
export class SubscriptionProvider extends SubscriptionProviderBase {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.SubscriptionProvider';

  /**
   * Whether the given object is a `SubscriptionProvider`, made by whichever copy of this library. An imported subscription provider is not.
   *
   * @param x any object
   */
  public static isSubscriptionProvider(x: any): x is SubscriptionProvider {
    return isBranded(x, 'SubscriptionProvider');
  }

  /**
   * Imports a provider by its ARN.
   *
   * Throws a `ValidationError` unless the ARN is a token or has this form, where any part may be a token.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param scope                   the construct's parent
   * @param id                      the construct's id
   * @param subscriptionProviderArn `arn:<partition>:license-manager-linux-subscriptions:<region>:<account>:subscription-provider/…`
   */
  public static fromSubscriptionProviderArn(scope: Construct, id: string, subscriptionProviderArn: string): ISubscriptionProvider {
    return SubscriptionProvider.fromSubscriptionProviderAttributes(scope, id, { subscriptionProviderArn });
  }

  /**
   * Imports a provider by what is known of it.
   *
   * Throws a `ValidationError` unless the ARN is a token or has the form
   * `arn:<partition>:license-manager-linux-subscriptions:<region>:<account>:subscription-provider/…`, where any part may be a token.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param scope the construct's parent
   * @param id    the construct's id
   * @param attrs the ARN; account and Region are taken from it
   */
  public static fromSubscriptionProviderAttributes(
    scope: Construct, id: string, attrs: SubscriptionProviderAttributes,
  ): ISubscriptionProvider {
    const { subscriptionProviderArn } = givenProps(scope, attrs, ATTRIBUTES, ofImport(id));
    checkFormat(scope, lit`SubscriptionProviderArn`, PROVIDER_ARN, subscriptionProviderArn, id);

    class Import extends SubscriptionProviderBase {
      public readonly subscriptionProviderArn = subscriptionProviderArn;
    }
    return new Import(scope, id, environmentOfImport(subscriptionProviderArn));
  }

  /**
   * The ARN of the provider.
   *
   * @attribute
   */
  public readonly subscriptionProviderArn: string;

  /**
   * The status of the token when the provider was last created or updated: `PENDING` right after the registration, `ACTIVE` or `INVALID`
   * once License Manager has asked Red Hat.
   *
   * CloudFormation does not look again: what becomes of the token later is told by the API only, see the class.
   *
   * @attribute
   */
  public readonly subscriptionProviderStatus: string;

  /**
   * What License Manager says about the status, as `subscriptionProviderStatus` when the provider was last created or updated.
   *
   * CloudFormation fails a stack that uses it while License Manager has nothing to say.
   *
   * @attribute
   */
  public readonly subscriptionProviderStatusMessage: string;

  /**
   * When License Manager last got data from Red Hat, as of the last creation or update of the provider.
   *
   * CloudFormation fails a stack that uses it before the first data are there, which is the case in the deployment that registers
   * the provider.
   *
   * @attribute LastSuccessfulDataRetrievalTime
   */
  public readonly subscriptionProviderLastSuccessfulDataRetrievalTime: string;

  private readonly resource: CfnSubscriptionProvider;

  /**
   * Registers a provider.
   *
   * Throws a `ValidationError` for a secret that is known to have a slash in its name. One that is known to be of another account or Region than the
   * stack, or to lack the tag, on itself or on its key, without which License Manager may not read it, causes a warning: License Manager registers it,
   * and finds out later.
   *
   * When the app is complete, tags are refused that AWS would refuse: more than 50, keys or values that are too long, keys that begin with `aws:`.
   */
  constructor(scope: Construct, id: string, props: SubscriptionProviderProps) {
    super(scope, id);
    brand(this, 'SubscriptionProvider');
    props = givenProps(this, props, PROPS);
    checkOneOf(this, lit`SubscriptionProviderSourceUnknown`, {
      property: 'subscriptionProviderSource', value: props.subscriptionProviderSource, allowed: Object.values(SubscriptionProviderSource),
    });
    const subscriptionProviderSource = props.subscriptionProviderSource ?? SubscriptionProviderSource.RED_HAT;
    this.resource = new CfnSubscriptionProvider(this, 'Resource', {
      secretArn: this.renderSecret(props.secret),
      subscriptionProviderSource,
    });
    needs(this.resource, Prerequisite.LINUX_ROLE, Prerequisite.LINUX_SETTINGS);
    checkTags(this, this.resource);
    applyRemovalPolicy(this, this.resource, props.removalPolicy, 'subscription provider');
    this.subscriptionProviderArn = this.resource.attrSubscriptionProviderArn;
    this.subscriptionProviderStatus = this.resource.attrSubscriptionProviderStatus;
    this.subscriptionProviderStatusMessage = this.resource.attrSubscriptionProviderStatusMessage;
    this.subscriptionProviderLastSuccessfulDataRetrievalTime = this.resource.attrLastSuccessfulDataRetrievalTime;

    const other = declaredBefore(this, 'subscription provider', subscriptionProviderSource);
    if (other !== undefined) {
      Annotations.of(this).addWarningV2('cdk-license-manager:subscriptionProviderTwice',
        `'${other}' registers '${subscriptionProviderSource}' in the same account and Region: License Manager has one registration, which has ` +
        'to be removed before another one is made. Remove one of the two.');
    }
  }

  /**
   * Says what happens to the registration when it is taken out of the app, or has to be replaced.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    applyRemovalPolicy(this, this.resource, given(this, 'policy', policy), 'subscription provider');
  }

  private renderSecret(secret: ISecretRef): string {
    const { arn, resource, name, region, account } = knownSecret(secret);
    const path = secret.node.path;
    if (typeof name === 'string' && isKnown(name) && name.includes('/')) {
      refuse(this, lit`SubscriptionProviderSecretName`,
        `secret '${path}' has the name '${name}': License Manager takes no secret with a slash in its name. Name it otherwise.`);
    }
    checkFormat(this, lit`SubscriptionProviderSecretArn`, SECRET_ARN, arn);
    warnOfElsewhere(this, 'the provider', path, { region, account });
    warnOfPartialArn(this, secret);
    if (resource?.generateSecretString !== undefined) {
      Annotations.of(this).addWarningV2('cdk-license-manager:generatedOfflineToken',
        `secret '${path}' holds a password that Secrets Manager generates, which Red Hat does not know: until somebody writes an offline token into ` +
        'the secret, the status of the provider is INVALID. Use RhsmSecret, which is made empty or takes the token from another secret.');
    }
    if (resource) {
      // Tags are complete only when the app is.
      this.node.addValidation({
        validate: () => {
          this.warnOfMissingTags(secret, resource);
          return [];
        },
      });
    }
    return arn;
  }

  /** The policy of License Manager's role asks for the tags; the registration does not. */
  private warnOfMissingTags(secret: ISecretRef, resource: CfnSecret): void {
    const { path } = secret.node;
    const { key, value } = _LINUX_SUBSCRIPTIONS_TAG;
    const encryptionKey = keyOf(secret, resource);
    const warn = (tagged: IConstruct, what: string) => {
      const tag = TagManager.of(tagged)?.tagValues()[key];
      if (tag !== value && !Token.isUnresolved(tag)) {
        Annotations.of(this).addWarningV2('cdk-license-manager:secretWithoutTag',
          `${what} needs the tag '${key}: ${value}', without which License Manager may not read it. Use RhsmSecret, or add the tag.`);
      }
    };
    warn(resource, `Secret '${path}'`);
    if (encryptionKey) {
      warn(encryptionKey, `Key '${encryptionKey.node.path}' of secret '${path}'`);
    }
  }
}

/** The key of a secret, if this app makes the key. */
function keyOf(secret: ISecretRef, { kmsKeyId }: CfnSecret): CfnKey | undefined {
  if (kmsKeyId === undefined) {
    return undefined;
  }
  // The L2 of an alias gives its ARN, which leads to no construct; the L2 of the secret knows what it was given.
  const { encryptionKey } = secret as Partial<ISecret>;
  const key = encryptionKey && keyBehind(encryptionKey);
  return referredKey(kmsKeyId) ?? (key && resourceOfKey(key));
}

const PROVIDER_ARN: Format = {
  name: 'the ARN of a subscription provider',
  parts: [...arnParts('license-manager-linux-subscriptions'), /^subscription-provider\/[a-z0-9.-]{1,510}$/],
  expected: '\'arn:<partition>:license-manager-linux-subscriptions:<region>:<account>:subscription-provider/<id>\'',
  wayOut: 'Take it from \'aws license-manager-linux-subscriptions list-registered-subscription-providers\'.',
};

const SECRET_ARN: Format = {
  name: 'the ARN of a secret that License Manager takes',
  parts: [...arnParts('secretsmanager'), /^secret$/, /^[^/]{1,1023}$/],
  expected: '\'arn:<partition>:secretsmanager:<region>:<account>:secret:<name without a slash>\'',
  wayOut: 'Take it from \'aws secretsmanager list-secrets\'.',
};

const PROPS: Shape<SubscriptionProviderProps> = {
  secret: needed(construct('a secret', 'secretRef')), subscriptionProviderSource: ANYTHING, removalPolicy: ANYTHING,
};

const ATTRIBUTES: Shape<SubscriptionProviderAttributes> = { subscriptionProviderArn: needed(TEXT) };
