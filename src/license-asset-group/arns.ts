import { Stack } from 'aws-cdk-lib';
import type { IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';

/**
 * The ARN of all resources of a type in the account and the Region of one of them.
 *
 * @param resource the one
 * @param type     the resource type, as in the ARN
 */
export function anyOfAccount(resource: IConstruct & IEnvironmentAware, type: string): string {
  const { region, account } = resource.env;
  return `arn:${Stack.of(resource).partition}:license-manager:${region}:${account}:${type}:*`;
}
