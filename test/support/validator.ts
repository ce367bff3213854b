import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Keeps aws-cdk-lib's validator quiet about what a test does on purpose. */
export function acknowledge(scope: IConstruct, rule: string, reason: string) {
  Validations.of(scope).acknowledge({ id: `CloudFormation-Validate::${rule}`, reason });
}
