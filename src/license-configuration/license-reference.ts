import { Reference, Token, TokenComparison, Tokenization } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';

/**
 * How many self-managed licenses a resource can have: a quota, so more is a matter of a warning and not of an error.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/licensemanager.html
 */
export const LICENSES_PER_RESOURCE = 10;

/**
 * Types of which a resource is one thing: each of its attributes that names it, names the same.
 */
const ONE_IDENTITY: ReadonlySet<string> = new Set([
  'AWS::EC2::Host',
  'AWS::EC2::Instance',
  'AWS::LicenseManager::LicenseConfiguration',
]);

/**
 * A string that is equal for two names of the same thing, as far as that can be known without resolving tokens.
 *
 * The L1 and the L2 of a resource have different tokens for its name; both lead to the same CloudFormation element.
 */
export function identityOf(name: string): string {
  if (!Token.isUnresolved(name)) {
    return name;
  }
  const fragments = Tokenization.reverseString(name);
  const token = fragments.length === 1 ? fragments.firstToken : undefined;
  if (!token || !Reference.isReference(token)) {
    return name;
  }
  const path = token.target.node.path;
  return ONE_IDENTITY.has((token.target as CfnResource).cfnResourceType) ? path : `${path}.${token.displayName}`;
}

/**
 * The id that a license has until it is looked up (`LicenseConfiguration.fromLookup`): the same for all.
 */
export const ID_BEFORE_LOOKUP = `lic-${'0'.repeat(32)}`;

/**
 * The same as `identityOf`, for a license.
 */
export function identityOfLicense(license: ILicenseConfigurationRef): string {
  const arn = license.licenseConfigurationRef.licenseConfigurationArn;
  // A refusal would keep the CLI from looking it up.
  return arn.endsWith(ID_BEFORE_LOOKUP) ? `${arn} ${license.node.path}` : identityOf(arn);
}

/**
 * The Region of a license: that of its ARN where it is written there, else that of its construct. May be a token.
 */
export function regionOfLicense(license: ILicenseConfigurationRef): string {
  return arnComponents(license)?.[3] ?? license.env.region;
}

/**
 * The account of a license: that of its ARN where it is written there, else that of its construct. May be a token.
 */
export function accountOfLicense(license: ILicenseConfigurationRef): string {
  return arnComponents(license)?.[4] ?? license.env.account;
}

/**
 * Whether two names of an account or of a Region are known to differ. Tokens are not.
 */
export function knownToDiffer(a: string, b: string): boolean {
  return Token.compareStrings(a, b) === TokenComparison.DIFFERENT;
}

/** The components of a license's ARN, if it is written out and not one token. A token holds no colon, so it stays whole. */
function arnComponents(license: ILicenseConfigurationRef): string[] | undefined {
  const components = license.licenseConfigurationRef.licenseConfigurationArn.split(':');
  return components.length === 7 ? components : undefined;
}
