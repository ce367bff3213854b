import { Annotations, Names, SecretValue } from 'aws-cdk-lib';
import type { RemovalPolicy } from 'aws-cdk-lib';
import { ArnPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { md5hash } from 'aws-cdk-lib/core/lib/helpers-internal';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { SERVICE_LINKED_ROLES } from '../custom-resource/contract/types/service-linked-role';
import { brand, isBranded } from '../private/identity/copies';
import { protectUsers } from '../private/identity/cross-stack';
import { shown } from '../private/identity/reference';
import {
  acknowledgeUnrotated, arnOfRole, checkEncryptionKey, checkIsReference, checkSecretTexts, MAXIMUM_SECRET_NAME, SECRET_VALUE,
  warnOfKeyOfAnotherAccount, writeDefaultKey,
} from '../private/secret/secret';
import type { ServiceLinkedRole } from '../private/secret/secret';
import { fits } from '../private/validation/format';
import { ANYTHING, construct, givenProps, pathBelow, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkNoSnapshot } from '../private/validation/removal';
import { checkTags } from '../private/validation/tags';
import { lit } from '../private/validation/validation';

/**
 * What the name of every secret begins with that License Manager reads for user-based subscriptions.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions.html#usubs-prerequisites
 * @internal
 */
export const _CREDENTIALS_PREFIX = 'license-manager-user-';

/**
 * The form of their names.
 *
 * @internal
 */
export const _CREDENTIALS_NAME = new RegExp(`^${_CREDENTIALS_PREFIX}`);

/**
 * The user that the credentials of a license server are of, as the user guide demands.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions.html#usubs-prerequisites
 * @internal
 */
export const _USERNAME = 'Administrator';

/**
 * Properties of the credentials of a license server's administrator.
 */
export interface LicenseServerCredentialsProps {
  /**
   * The name of the secret: `license-manager-user-` and more, in all at most 512 letters, digits and `/_+=.@-`. Another prefix, without which License
   * Manager's role may not read it, and other characters cause a warning.
   *
   * A name that ends with a hyphen and 6 characters causes a warning: Secrets Manager ends the ARN of a secret so.
   *
   * **A change replaces the secret**, and with it the license server endpoint that uses it.
   *
   * @default - a unique name of at most 512 characters is generated: the prefix, the construct's path and a hash of it
   */
  readonly secretName?: string;

  /**
   * The description of the secret, to people: at most 2048 characters.
   *
   * @default 'Administrator of the RDS license server, for AWS License Manager'
   */
  readonly description?: string;

  /**
   * The password of the directory's user `Administrator`, as a reference that CloudFormation resolves at the deployment: to a secret
   * that exists (`SecretValue.secretsManager`), or to a parameter of the stack with NoEcho (`SecretValue.cfnParameter`). An attribute of a
   * resource of the stack is taken, too (`SecretValue.resourceAttribute`).
   *
   * Throws a `ValidationError` for anything else, which somebody could read in the template or in the stack.
   *
   * It becomes part of a JSON document as it is: a password with a quotation mark or a backslash would break it.
   *
   * @default - Secrets Manager generates 32 characters of all kinds; give the user of the directory this password before the license
   * server endpoint is made, or write the user's password into the secret: no deployment overwrites it
   */
  readonly password?: SecretValue;

  /**
   * The key that the secret is encrypted with.
   *
   * Its policy lets License Manager's service-linked role decrypt with it through Secrets Manager, for which the role has to exist:
   * `aws iam create-service-linked-role --aws-service-name license-manager-user-subscriptions.amazonaws.com`. Whoever deploys the
   * endpoint needs `kms:Decrypt` as well. The policy of a key that this app does not make, or knows by the name of an alias only, has to say so
   * already, which a warning says. A key of another account causes a warning: no policy lets the role use it.
   *
   * Throws a `ValidationError` for a key that is known to be in another Region, or to be no symmetric key for encryption: Secrets Manager takes
   * no other.
   *
   * @default - the key `aws/secretsmanager` of the account
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions.html#usubs-prerequisites
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
   */
  readonly encryptionKey?: IKey;

  /**
   * What happens to the secret when it is taken out of the app.
   *
   * @default RemovalPolicy.DESTROY - the secret is deleted
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The secret with the credentials of the directory's user who administers the license server of Microsoft Remote Desktop Services (RDS).
 *
 * License Manager depends on the prefix of its name, on the keys `username` and `password`, and on the user being `Administrator`. The
 * user has to be allowed in the directory to create an organizational unit, to join computers to the domain in it, to add them to the
 * group *Terminal Server License Servers*, and to read and write the license server attributes of users.
 *
 * The password is never in the template: plain text is refused. It is not rotated, because the directory has to know the same password:
 * `addRotationSchedule()` takes a function of yours that changes it in both.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { LicenseServerCredentials } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'UserSubscriptions');
 * new LicenseServerCredentials(stack, 'Administrator');
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions.html#usubs-prerequisites
 * @resource AWS::SecretsManager::Secret
 */
@propertyInjectable
export class LicenseServerCredentials extends Secret {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.LicenseServerCredentials';

  /**
   * Whether the given object is a `LicenseServerCredentials`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isLicenseServerCredentials(x: any): x is LicenseServerCredentials {
    return isBranded(x, 'LicenseServerCredentials');
  }

  /**
   * Makes the secret.
   *
   * Throws a `ValidationError` for a name or a description that is too long, for a `password` that somebody could read, for a key that Secrets Manager does not take, and for `RemovalPolicy.SNAPSHOT`.
   *
   * When the app is complete, tags are refused that AWS would refuse: more than 50, keys or values that are too long, keys that begin with `aws:`.
   */
  constructor(scope: Construct, id: string, props: LicenseServerCredentialsProps = {}) {
    // Before aws-cdk-lib makes an error of its own of it, without a path.
    const path = pathBelow(scope, id);
    props = givenProps(path, props, PROPS);
    checkNoSnapshot(path, props.removalPolicy, 'secret');
    super(scope, id, {
      secretName: props.secretName ?? generatedName(scope, id),
      description: props.description ?? 'Administrator of the RDS license server, for AWS License Manager',
      encryptionKey: props.encryptionKey,
      removalPolicy: props.removalPolicy,
      ...props.password
        ? { secretObjectValue: { username: SecretValue.unsafePlainText(_USERNAME), password: props.password } }
        : {
          generateSecretString: {
            secretStringTemplate: JSON.stringify({ username: _USERNAME }),
            generateStringKey: 'password',
            passwordLength: 32,
            excludeCharacters: EXCLUDED_CHARACTERS,
          },
        },
    });
    brand(this, 'LicenseServerCredentials');
    checkSecretTexts(this, lit`LicenseServerCredentialsName`, props);
    if (props.secretName !== undefined && !fits(_CREDENTIALS_NAME, props.secretName)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:credentialsNameWithoutPrefix',
        `secretName '${shown(this, props.secretName)}' does not begin with '${_CREDENTIALS_PREFIX}': the policy of License Manager's role '${ROLE.name}' lets it read no other ` +
        'secret. Add the prefix, or leave the name out.');
    }
    if (props.password) {
      checkIsReference(this, lit`LicenseServerCredentialsPassword`, 'password', props.password);
    }
    this.allowDecryption();
    const resource = this.node.defaultChild as CfnSecret;
    protectUsers(resource);
    checkTags(this, resource);
    writeDefaultKey(resource);
    acknowledgeUnrotated(resource,
      'The directory has to know the same password, and only its owner can change it there. addRotationSchedule() takes a function that ' +
      'changes it in both.');
  }

  /**
   * The policy of the service-linked role does not allow it to decrypt, so that the key's policy has to, as the user guide says.
   */
  private allowDecryption(): void {
    // What the secret has, which may come from a property injector.
    const given = this.encryptionKey;
    if (given === undefined || warnOfKeyOfAnotherAccount(this, checkEncryptionKey(this, given), ROLE)) {
      return;
    }
    const { statementAdded } = given.addToResourcePolicy(new PolicyStatement({
      principals: [new ArnPrincipal(arnOfRole(this, ROLE))],
      actions: ['kms:Decrypt'],
      resources: ['*'],
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${this.stack.region}.amazonaws.com` } },
    }));
    if (!statementAdded) {
      Annotations.of(this).addWarningV2('cdk-license-manager:credentialsKeyOfAnotherOwner',
        `encryptionKey '${given.node.path}' is not a key of this app, so that its policy stays as it is: License Manager can't decrypt the ` +
        `secret unless the policy lets '${ROLE.name}' use kms:Decrypt through Secrets Manager. Add it with 'aws kms put-key-policy'.`);
    }
  }
}

/** License Manager's service-linked role for user-based subscriptions. */
const ROLE: ServiceLinkedRole = {
  name: SERVICE_LINKED_ROLES['license-manager-user-subscriptions.amazonaws.com'], service: 'license-manager-user-subscriptions',
};

/** What ends a string, or means something, in JSON and in PowerShell, with which License Manager sets up its server. */
const EXCLUDED_CHARACTERS = ' "\'`$\\;&|<>';

/**
 * aws-cdk-lib makes names of constructs that exist, which this one does not before its name is known. A hash of the path makes it unique, also where
 * the id is shortened to what Secrets Manager takes.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 */
function generatedName(scope: Construct, id: string): string {
  const path = Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' });
  const hash = md5hash(`${scope.node.path}/${id}`).slice(0, 8).toUpperCase();
  const begin = `${_CREDENTIALS_PREFIX}${path}-${id.replace(/[^A-Za-z0-9_+=.@-]/g, '')}`;
  return `${begin.slice(0, MAXIMUM_SECRET_NAME - hash.length - 1)}-${hash}`;
}

const PROPS: Shape<LicenseServerCredentialsProps> = {
  secretName: TEXT, description: TEXT, password: SECRET_VALUE, encryptionKey: construct('a key', 'grantEncryptDecrypt'), removalPolicy: ANYTHING,
};
