import { ContextProvider, Stack, Token } from 'aws-cdk-lib';
import { ContextProvider as ContextProviders } from 'aws-cdk-lib/cloud-assembly-schema';
import { PROVIDER_ERROR_KEY } from 'aws-cdk-lib/cx-api';
import type { Construct, IConstruct } from 'constructs';
import { identityOf } from './reference';
import { partitionOf } from '../validation/format';
import { lit, refuse } from '../validation/validation';

/**
 * What the id of a resource ends with until the resource is looked up: the same for all.
 */
export const ID_END_BEFORE_LOOKUP = '0'.repeat(32);

/**
 * The same as `identityOf`, for the name of a resource that may have to be looked up: until then it has its made-up name in common with others.
 */
export function identityOfFound(resource: IConstruct, name: string): string {
  // A refusal would keep the CLI from looking it up.
  return name.endsWith(ID_END_BEFORE_LOOKUP) ? `${name} ${resource.node.path}` : identityOf(name);
}

/**
 * What is looked up by its name.
 */
export interface LookUp {
  /** The CloudFormation type. */
  readonly typeName: string;
  /** What it is, with no article: 'self-managed license'. */
  readonly what: string;
  /** The name, as the user has given it, and the properties that have it: the user's and CloudFormation's. */
  readonly name: string;
  readonly userProperty: string;
  readonly property: string;
  /** What to do instead: 'import the license by its ARN (LicenseConfiguration.fromLicenseConfigurationArn)'. */
  readonly instead: string;
  /** The properties to look up, with the values that they have until then; `{partition}`, `{region}` and `{account}` are filled in. */
  readonly made: { readonly [property: string]: string };
}

/**
 * Looks a resource up by its name, with AWS Cloud Control: the CDK CLI does it once, and keeps the answer in `cdk.context.json`.
 *
 * Refuses a name that is a token, a stack without account or Region, none and several with the name.
 */
export function lookUp(
  scope: Construct, id: string, { typeName, what, name, userProperty, property, instead, made }: LookUp,
): { [property: string]: string } {
  const { account, region } = Stack.of(scope);
  if (Token.isUnresolved(name)) {
    refuse(scope, lit`LookupNameToken`,
      `the look-up '${id}' has a token as ${userProperty}, but it is made at synthesis, when the value is not known. ` +
      `Write the name out, or ${instead}.`);
  }
  if (name === '' || name === undefined) {
    refuse(scope, lit`LookupNameEmpty`, `the look-up '${id}' has '${name}' as ${userProperty}. Name the ${what}, or ${instead}.`);
  }
  if (Token.isUnresolved(account) || Token.isUnresolved(region)) {
    refuse(scope, lit`LookupWithoutEnvironment`,
      `the look-up '${id}' of '${name}' needs the account and the Region, which the stack does not say. Set 'env' of the stack to an ` +
      `account and a Region, or ${instead}.`);
  }
  const query = {
    provider: ContextProviders.CC_API_PROVIDER,
    props: {
      typeName,
      propertyMatch: { [property]: name },
      propertiesToReturn: Object.keys(made),
      expectedMatchCount: 'exactly-one',
    },
  };
  const error = scope.node.tryGetContext(ContextProvider.getKey(scope, query).key)?.[PROVIDER_ERROR_KEY];
  if (error !== undefined) {
    refuse(scope, lit`LookupFailed`, `the look-up '${id}' ${failure(what, name, `${account}/${region}`, String(error), instead)}`);
  }
  const fill = (value: string) => value
    .replace('{partition}', partitionOf(scope) ?? 'aws').replace('{region}', region).replace('{account}', account);
  const [found] = ContextProvider.getValue(scope, {
    ...query,
    dummyValue: [Object.fromEntries(Object.entries(made).map(([key, value]) => [key, fill(value)]))],
  }).value;
  return found;
}

/** The CLI tells none, several and everything else apart in its text only. */
function failure(what: string, name: string, environment: string, error: string, instead: string): string {
  if (error.includes('Could not find any resources')) {
    return `found no ${what} with the name '${name}' in ${environment}, exactly 1 is needed. ` +
      `Correct the name, create the ${what} first, or ${instead}.`;
  }
  if (/Found (at least )?\d+ resources/.test(error)) {
    return `found more than one ${what} with the name '${name}' in ${environment}, exactly 1 is needed. ` +
      `Rename the others, or ${instead}.`;
  }
  return `of the ${what} '${name}' in ${environment} failed: ${error} ` +
    `If AWS Cloud Control does not know the type in the Region, ${instead}.`;
}
