import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { CfnSecret, ISecretRef } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import type { IIdentityProvider } from './identity-provider';
import { _CREDENTIALS_NAME, _CREDENTIALS_PREFIX, _USERNAME } from './license-server-credentials';
import { accountOf, regionOf, shown } from '../private/identity/reference';
import { knownSecret, warnOfElsewhere, warnOfPartialArn } from '../private/secret/secret';
import { arnParts, checkFormat, fits } from '../private/validation/format';
import type { Format } from '../private/validation/format';
import { construct } from '../private/validation/given';
import { checkAccount, checkRegion } from '../private/validation/place';
import { lit } from '../private/validation/validation';

/** What users give as an identity provider. */
export const IDENTITY_PROVIDER = construct('an identity provider', 'identityProviderArn',
  'Use an IdentityProvider, or import one with IdentityProvider.fromIdentityProviderAttributes().');

export const IDENTITY_PROVIDER_FORMAT: Format = {
  name: 'the ARN of an identity provider',
  parts: [...arnParts('license-manager-user-subscriptions'), /^identity-provider\/[a-zA-Z0-9.-]{1,510}$/],
  expected: '\'arn:<partition>:license-manager-user-subscriptions:<region>:<account>:identity-provider/<id>\'',
  wayOut: 'Take it from \'aws license-manager-user-subscriptions list-identity-providers\'.',
};

/** What the credentials of a directory's administrator are for. */
interface Purpose {
  /** What needs them, with its article. */
  readonly neededBy: string;
  /** Whose they are, with its article. */
  readonly of: string;
  /** What License Manager does with them. */
  readonly use: string;
  /** The user that they have to be of. @default - any */
  readonly username?: string;
}

export const FOR_LICENSE_SERVER: Purpose = { neededBy: 'the endpoint', of: 'a license server', use: 'set the license server up', username: _USERNAME };
export const FOR_DIRECTORY: Purpose = { neededBy: 'the identity provider', of: 'a directory', use: 'reach the directory' };

function credentialsFormat({ of }: Purpose): Format {
  return {
    name: `the ARN of a secret with the credentials of ${of}`,
    parts: [...arnParts('secretsmanager'), /^secret$/, /^.+$/],
    expected: `'arn:<partition>:secretsmanager:<region>:<account>:secret:${_CREDENTIALS_PREFIX}<more>'`,
    wayOut: 'Use LicenseServerCredentials, or import the secret.',
  };
}

/**
 * Refuses an identity provider of another place than that of the stack.
 *
 * @param scope            what it is for
 * @param what             what that is, with its article
 * @param identityProvider the identity provider
 */
export function checkIdentityProvider(scope: IConstruct, what: string, identityProvider: IIdentityProvider): void {
  const { identityProviderArn: arn } = identityProvider;
  checkFormat(scope, lit`IdentityProviderArn`, IDENTITY_PROVIDER_FORMAT, arn);
  const region = regionOf(identityProvider, arn);
  checkRegion(scope, lit`IdentityProviderOfAnotherRegion`, {
    what: 'the identity provider', value: region, reason: `${what} is in the Region of its identity provider. Declare it in a stack of '${region}'.`,
  });
  const account = accountOf(identityProvider, arn);
  checkAccount(scope, lit`IdentityProviderOfAnotherAccount`, {
    what: 'the identity provider',
    value: account,
    reason: `${what} is of the account that has registered the directory, and so are its subscriptions. Declare it in a stack of '${account}'; a directory that `
      + 'it shares is registered anew, and has another ARN.',
  });
}

/**
 * The ARN of a secret with the credentials of a directory's administrator. Warns of one that License Manager cannot use.
 *
 * @param scope       what needs them
 * @param purpose     what for
 * @param credentials the secret
 */
export function credentialsArn(scope: IConstruct, purpose: Purpose, credentials: ISecretRef): string {
  const { arn, resource, name, region, account } = knownSecret(credentials);
  const path = credentials.node.path;
  checkFormat(scope, lit`LicenseServerCredentialsArn`, credentialsFormat(purpose), arn);
  warnOfElsewhere(scope, purpose.neededBy, path, { region, account });
  warnOfPartialArn(scope, credentials);
  if ((resource && name === undefined) || (typeof name === 'string' && !fits(_CREDENTIALS_NAME, name))) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:credentialsNameWithoutPrefix',
      `secret '${path}' has ${name === undefined ? 'a name that CloudFormation generates' : `the name '${shown(scope, name)}'`}: the policy of License Manager's role lets it ` +
      `read only secrets whose name begins with '${_CREDENTIALS_PREFIX}'. Use LicenseServerCredentials, or name it so.`);
  }
  const { use, username } = purpose;
  if (resource && generatesSomethingElse(resource, username)) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:generatedCredentials',
      `secret '${path}' is generated without the keys 'username'${username === undefined ? '' : `, of the value '${username}',`} and 'password': until somebody ` +
      `writes both into it, License Manager can't ${use}. Use LicenseServerCredentials, or generate both.`);
  }
  return arn;
}

/** Whether CloudFormation generates a value for a secret that is known not to be credentials of a user, or of any. */
function generatesSomethingElse(secret: CfnSecret, username = '[^"]+'): boolean {
  if (secret.generateSecretString === undefined || Token.isUnresolved(secret.generateSecretString)) {
    return false;
  }
  const { generateStringKey: key, secretStringTemplate: template } = Stack.of(secret).resolve(secret.generateSecretString);
  return key === undefined || template === undefined
    || (typeof key === 'string' && key !== 'password')
    || (typeof template === 'string' && !new RegExp(`"username"\\s*:\\s*"${username}"`).test(template));
}

