import { Reference, Stack, Token, TokenComparison, Tokenization } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import type { IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import { isLookUpDummy, isWholeLookUpDummy } from './look-up-dummy';

/** Types of which a resource is one thing. */
const ONE_IDENTITY: ReadonlySet<string> = new Set([
  'AWS::EC2::Host',
  'AWS::EC2::Instance',
  'AWS::LicenseManager::License',
  'AWS::LicenseManager::LicenseAssetGroup',
  'AWS::LicenseManager::LicenseAssetRuleSet',
  'AWS::LicenseManager::LicenseConfiguration',
  'AWS::LicenseManager::ReportGenerator',
  'AWS::ResourceGroups::Group',
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
  const token = referenceIn(name);
  if (!token) {
    return name;
  }
  const path = token.target.node.path;
  return isOneThing(token.target) ? path : `${path}.${token.displayName}`;
}

/**
 * Whether an element of a template is a resource that is one thing: each of its attributes that names it, names the same.
 */
export function isOneThing(element: IConstruct): boolean {
  return ONE_IDENTITY.has((element as CfnResource).cfnResourceType);
}

/**
 * The construct that a text refers to, if it is one reference and nothing else.
 */
export function referredConstruct(text: string): IConstruct | undefined {
  return referenceIn(text)?.target;
}

/**
 * The resource that makes something, if this app does: it may be given as L1 or as L2.
 *
 * @param given  an L1, an L2, or what is imported
 * @param isKind tells the L1s: `CfnKey.isCfnKey`
 */
export function resourceBehind<T extends CfnResource>(given: IConstruct, isKind: (it: any) => it is T): T | undefined {
  return [given, given.node.defaultChild].find(isKind);
}

/**
 * The construct by which users know a resource: its L2, if it has one, else itself.
 */
export function ownerOf(resource: CfnResource): IConstruct {
  const { scope } = resource.node;
  return scope?.node.defaultChild === resource ? scope : resource;
}

/**
 * A text as an error shows it: instead of a token, the path of the construct that it refers to, or what stands in the template.
 */
export function shown(scope: IConstruct, text: string): string {
  return Token.isUnresolved(text) ? referredConstruct(text)?.node.path ?? JSON.stringify(Stack.of(scope).resolve(text)) : text;
}

/**
 * Whether nobody knows at synthesis what a text is in the end: it has a token, or has still to be looked up.
 */
export function isUnknown(text: string): boolean {
  return Token.isUnresolved(text) || isLookUpDummy(text);
}

function referenceIn(text: string): Reference | undefined {
  const fragments = Tokenization.reverseString(text);
  const token = fragments.length === 1 ? fragments.firstToken : undefined;
  return token && Reference.isReference(token) ? token : undefined;
}

/**
 * The first member of a list that is there before, by what identifies it.
 */
export function firstDouble<T>(members: readonly T[], identify: (member: T) => string): T | undefined {
  if (members.length < 2) {
    // What identifies it may take long to tell.
    return undefined;
  }
  const seen = new Set<string>();
  return members.find(member => {
    const identity = identify(member);
    const double = seen.has(identity);
    seen.add(identity);
    return double;
  });
}

/**
 * Whether two names of an account or of a Region are known to differ. Tokens are not, nor is what has still to be looked up.
 */
export function knownToDiffer(a: string, b: string): boolean {
  return Token.compareStrings(a, b) === TokenComparison.DIFFERENT && !isLookUpDummy(a) && !isLookUpDummy(b);
}

/**
 * The Region that an ARN names, or may name by a token; `undefined` if the whole ARN is a token, or it names none.
 */
export function regionOfArn(arn: string): string | undefined {
  return partOfArn(arn, 3);
}

/**
 * The account that an ARN names, or may name by a token; `undefined` if the whole ARN is a token, or it names none.
 */
export function accountOfArn(arn: string): string | undefined {
  return partOfArn(arn, 4);
}

/**
 * What an ARN names after its account, such as the name of a topic; `undefined` if the whole ARN is a token.
 */
export function resourceInArn(arn: string): string | undefined {
  return partOfArn(arn, 5);
}

function partOfArn(arn: string, index: number): string | undefined {
  return isWholeLookUpDummy(arn) ? undefined : arn.split(':')[index] || undefined;
}

/**
 * The Region of a resource: that of its ARN where it is written there, else that of its construct. May be a token.
 */
export function regionOf({ env }: IEnvironmentAware, arn: string): string {
  return regionOfArn(arn) ?? env.region;
}

/**
 * The account of a resource: that of its ARN where it is written there, else that of its construct. May be a token.
 */
export function accountOf({ env }: IEnvironmentAware, arn: string): string {
  return accountOfArn(arn) ?? env.account;
}
