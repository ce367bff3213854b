import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Conditions } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { ReadInstances, ReadMatch } from './read-instances';

/** What a policy is made of. */
export interface LaunchPolicy {
  /** The ARNs of the launch templates that have a license. */
  readonly launchTemplates: readonly string[];
  /** The tenancies, as EC2 names them, that no license allows. */
  readonly excludedTenancies: readonly string[];
  /** The ARNs of principals that nothing is denied. */
  readonly exempt: readonly string[];
}

/** What IAM can tell of the instances: each is a set of matches that are there at once. */
export interface ToldLaunches {
  readonly terms: readonly (readonly ReadMatch[])[];
  /** The names of those that it cannot tell. */
  readonly untold: readonly string[];
}

/**
 * What IAM can tell at a launch. It asks for each resource of a launch on its own, with the condition keys of that resource: what is to be so of the AMI and of
 * the instance at once, it cannot tell.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html#amazonec2-RunInstances
 */
export function told({ logic, matches }: ReadInstances): ToldLaunches {
  const untold = matches.filter(match => match.told === undefined).map(({ name }) => name);
  if (logic === 'any') {
    return { terms: matches.filter(match => match.told !== undefined).map(match => [match]), untold };
  }
  // Two of one key and operator would be one condition, which one of the values fulfills.
  const keys = matches.map(operatorAndKey);
  const together = untold.length === 0 && new Set(matches.map(match => match.told!.resource)).size === 1 && new Set(keys).size === keys.length;
  return together ? { terms: [matches], untold } : { terms: [], untold: matches.map(({ name }) => name) };
}

/**
 * Denies launches of what is governed, unless they are from a launch template that has a license: no condition key tells whether a launch has one.
 */
export function launchPolicy(scope: IConstruct, terms: ToldLaunches['terms'], { launchTemplates, excludedTenancies, exempt }: LaunchPolicy): PolicyDocument {
  const { partition } = Stack.of(scope);
  const notExempt: { [key: string]: unknown } = exempt.length > 0 ? { 'aws:PrincipalArn': exempt } : {};
  const deny = (sid: string, resource: 'image' | 'instance', conditions: Conditions) => new PolicyStatement({
    sid, effect: Effect.DENY, actions: ['ec2:RunInstances'], resources: [`arn:${partition}:ec2:*:${ACCOUNTS[resource]}:${resource}/*`], conditions,
  });
  const statements = terms.map((term, index) => deny(`LicensedTemplatesOnly${index + 1}`, term[0].told!.resource, {
    ...conditionsOf(term),
    // Negated, it is true of a launch without a template, too.
    ArnNotLike: { 'ec2:LaunchTemplate': launchTemplates, ...notExempt },
  }));
  if (excludedTenancies.length > 0) {
    statements.push(deny('AllowedTenanciesOnly', 'instance', {
      ArnLike: { 'ec2:LaunchTemplate': launchTemplates },
      StringEquals: { 'ec2:Tenancy': excludedTenancies },
      ...exempt.length > 0 ? { ArnNotLike: notExempt } : {},
    }));
  }
  return new PolicyDocument({ statements });
}

/** The account in the ARN of a resource: that of an AMI has none. */
const ACCOUNTS = { image: '', instance: '*' };

function conditionsOf(matches: readonly ReadMatch[]): Conditions {
  const conditions: { [operator: string]: { [key: string]: unknown } } = {};
  for (const { told: by, negated, values } of matches) {
    const operator = values === undefined ? 'Null' : negated ? 'StringNotEquals' : 'StringEquals';
    conditions[operator] = { ...conditions[operator], [by!.key]: values?.map(literal) ?? (negated ? 'true' : 'false') };
  }
  return conditions;
}

/**
 * A text as IAM compares it with itself: what looks as a policy variable in it, is none. What a token stands for, is written as it is.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
function literal(text: string): string {
  return text.split(/(\$\{Token\[[^\]]*\]\})/).map((part, index) => index % 2 === 1 ? part : part.replace(/\$(?=\{)/g, '${$}')).join('');
}

function operatorAndKey({ told: by, negated, values }: ReadMatch): string {
  return `${values === undefined ? 'Null' : negated} ${by?.key}`;
}
