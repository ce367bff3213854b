import { Annotations } from 'aws-cdk-lib';
import type { RemovalPolicy, SecretValue } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { SERVICE_LINKED_ROLES } from '../custom-resource/contract/types/service-linked-role';
import { brand, isBranded } from '../private/identity/copies';
import { protectUsers } from '../private/identity/cross-stack';
import { resourceOfKey } from '../private/secret/key';
import {
  acknowledgeUnrotated, checkEncryptionKey, checkIsReference, checkSecretTexts, SECRET_VALUE, warnOfKeyOfAnotherAccount, writeDefaultKey,
} from '../private/secret/secret';
import type { ServiceLinkedRole } from '../private/secret/secret';
import { ANYTHING, construct, givenProps, pathBelow, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkNoSnapshot } from '../private/validation/removal';
import { checkTags } from '../private/validation/tags';
import { checkPattern, lit } from '../private/validation/validation';

/**
 * The tag that a secret and its key need so that License Manager may read the secret.
 *
 * The policy of License Manager's service-linked role allows it `secretsmanager:GetSecretValue` and `kms:Decrypt` on what has this tag,
 * in its own account.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/security-iam-awsmanpol.html
 * @internal
 */
export const _LINUX_SUBSCRIPTIONS_TAG = { key: 'LicenseManagerLinuxSubscriptions', value: 'enabled' };

/**
 * Properties of a secret with a Red Hat offline token.
 */
export interface RhsmSecretProps {
  /**
   * The name of the secret: 1 to 512 letters, digits and `_+=.@-`; other characters cause a warning. License Manager takes no secret with a slash in
   * its name.
   *
   * A name that ends with a hyphen and 6 characters causes a warning: Secrets Manager ends the ARN of a secret so.
   *
   * **A change replaces the secret**, and with it the subscription provider that uses it.
   *
   * @default - CloudFormation generates a name
   */
  readonly secretName?: string;

  /**
   * The description of the secret, to people: at most 2048 characters.
   *
   * @default 'Offline token of Red Hat Subscription Manager, for AWS License Manager'
   */
  readonly description?: string;

  /**
   * The offline token, as a reference that CloudFormation resolves at the deployment: to a secret that exists
   * (`SecretValue.secretsManager`), to one of its JSON fields (`jsonField`), or to a parameter of the stack with NoEcho
   * (`SecretValue.cfnParameter`). An attribute of a resource of the stack is taken, too (`SecretValue.resourceAttribute`).
   *
   * Throws a `ValidationError` for anything else, which somebody could read in the template or in the stack.
   *
   * A corporate Red Hat login, whose token it is, needs the role *Manage your subscriptions* with the permission *View All* or *View/Edit
   * All*. Who has not got it, asks the Organization Administrator of the Red Hat account.
   *
   * License Manager reads the token as it stands: no JSON, no quotes, no space or line break before or after it. That the value is
   * the plain token is how the user guide describes it, which names no key; AWS does not document the format in so many words.
   *
   * CloudFormation reads the reference when the secret is made or the reference changes. A new token behind the same reference is
   * not seen: write it into this secret with `aws secretsmanager put-secret-value`.
   *
   * @default - the secret is made empty, without a placeholder that could be taken for a token: write the token into it with
   * `aws secretsmanager put-secret-value --secret-id … --secret-string file:///dev/stdin`. No deployment overwrites it.
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/linux-subscriptions-manage-discovery.html
   * @see https://access.redhat.com/management/api
   */
  readonly offlineToken?: SecretValue;

  /**
   * The key that the secret is encrypted with.
   *
   * A key of this app gets the tag that License Manager needs, also behind its alias, and its policy lets the account use it through Secrets
   * Manager: the rest is in the policy of License Manager's service-linked role. A key that this app does not make, or knows by the name of an
   * alias only, has to have both already, which a warning says. A key of another account causes a warning: the role's policy lets it use none.
   *
   * Throws a `ValidationError` for a key that is known to be in another Region, or to be no symmetric key for encryption: Secrets Manager takes
   * no other.
   *
   * @default - the key `aws/secretsmanager` of the account
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/settings-linux-subscriptions.html
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/security-iam-awsmanpol.html
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
   */
  readonly encryptionKey?: IKey;

  /**
   * What happens to the secret when it is taken out of the app.
   *
   * @default RemovalPolicy.DESTROY - the secret is deleted; a new offline token can be generated at Red Hat at any time
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A secret with the offline token of Red Hat Subscription Manager (RHSM), which License Manager asks Red Hat with for the
 * subscriptions of the account.
 *
 * It has the tag `LicenseManagerLinuxSubscriptions: enabled`, without which License Manager may not read it. The token is never in the
 * template: plain text is refused.
 *
 * It is not rotated: only somebody who is logged in at Red Hat can generate an offline token. Red Hat keeps a token valid as long as
 * it is used once in 30 days; License Manager uses it whenever it asks Red Hat.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { RhsmSecret, SubscriptionProvider } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'LinuxSubscriptions');
 * const secret = new RhsmSecret(stack, 'OfflineToken');
 * new SubscriptionProvider(stack, 'RedHat', { secret });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/linux-subscriptions-manage-discovery.html
 * @see https://docs.redhat.com/en/documentation/subscription_central/1-latest/html/using_apis_in_red_hat_subscription_management/con-rhsm-api-tokens
 * @resource AWS::SecretsManager::Secret
 */
@propertyInjectable
export class RhsmSecret extends Secret {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.RhsmSecret';

  /**
   * Whether the given object is a `RhsmSecret`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isRhsmSecret(x: any): x is RhsmSecret {
    return isBranded(x, 'RhsmSecret');
  }

  /**
   * Makes a secret for the offline token.
   *
   * Throws a `ValidationError` for a name that License Manager does not take, for a description that is too long, for an `offlineToken`
   * that would stand in the template or that CloudFormation would not resolve, for a key that Secrets Manager does not take, and for
   * `RemovalPolicy.SNAPSHOT`.
   *
   * When the app is complete, tags are refused that AWS would refuse: more than 50, keys or values that are too long, keys that begin with `aws:`.
   */
  constructor(scope: Construct, id: string, props: RhsmSecretProps = {}) {
    // Before aws-cdk-lib makes an error of its own of it, without a path.
    const path = pathBelow(scope, id);
    props = givenProps(path, props, PROPS);
    checkNoSnapshot(path, props.removalPolicy, 'secret');
    super(scope, id, {
      secretName: props.secretName,
      description: props.description ?? 'Offline token of Red Hat Subscription Manager, for AWS License Manager',
      secretStringValue: props.offlineToken,
      encryptionKey: props.encryptionKey,
      removalPolicy: props.removalPolicy,
    });
    brand(this, 'RhsmSecret');
    checkSecretTexts(this, lit`RhsmSecretName`, props);
    // License Manager's pattern for the ARN of the secret has no slash:
    // https://docs.aws.amazon.com/license-manager-linux-subscriptions/latest/APIReference/API_RegisterSubscriptionProvider.html
    checkPattern(this, lit`RhsmSecretName`, {
      property: 'secretName', value: props.secretName, pattern: /^[^/]*$/, expected: 'have no slash, for License Manager takes none',
    });
    const resource = this.node.defaultChild as CfnSecret;
    protectUsers(resource);
    checkTags(this, resource);
    writeDefaultKey(resource);
    if (props.offlineToken) {
      checkIsReference(this, lit`RhsmSecretOfflineToken`, 'offlineToken', props.offlineToken);
    } else {
      // The L2 of aws-cdk-lib generates a password, which License Manager would take for a token. With neither, the secret is empty.
      resource.generateSecretString = undefined;
    }
    // No tag of the user's may undo it.
    resource.tags.setTag(_LINUX_SUBSCRIPTIONS_TAG.key, _LINUX_SUBSCRIPTIONS_TAG.value, Infinity);
    acknowledgeUnrotated(resource,
      'Red Hat issues an offline token to a person who is logged in, and to no program, so that nothing can rotate it. It expires when it is ' +
      'not used for 30 days.');
    this.tagKey();
  }

  private tagKey(): void {
    // What the secret has, which may come from a property injector.
    const given = this.encryptionKey;
    if (given === undefined) {
      return;
    }
    const key = checkEncryptionKey(this, given);
    const resource = resourceOfKey(key);
    resource?.tags.setTag(_LINUX_SUBSCRIPTIONS_TAG.key, _LINUX_SUBSCRIPTIONS_TAG.value, Infinity);
    if (!warnOfKeyOfAnotherAccount(this, key, ROLE) && !resource) {
      Annotations.of(this).addWarningV2('cdk-license-manager:rhsmKeyOfAnotherOwner',
        `encryptionKey '${key.node.path}' is not a key of this app, so that it gets no tag: License Manager can't decrypt the secret unless the key ` +
        `has the tag '${_LINUX_SUBSCRIPTIONS_TAG.key}: ${_LINUX_SUBSCRIPTIONS_TAG.value}' and its policy lets the account use it through ` +
        'Secrets Manager. Tag it with \'aws kms tag-resource\'.');
    }
  }
}

/** License Manager's service-linked role for Linux subscriptions. */
const ROLE: ServiceLinkedRole = {
  name: SERVICE_LINKED_ROLES['license-manager-linux-subscriptions.amazonaws.com'], service: 'license-manager-linux-subscriptions',
};

const PROPS: Shape<RhsmSecretProps> = {
  secretName: TEXT, description: TEXT, offlineToken: SECRET_VALUE, encryptionKey: construct('a key', 'grantEncryptDecrypt'), removalPolicy: ANYTHING,
};
