import { Stack } from 'aws-cdk-lib';
import type { ArnFormat } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The AMI id that `MachineImage.lookup()` has until then: the same for all. */
const AMI_BEFORE_LOOKUP = 'ami-1234';

/** What the value of a parameter of Systems Manager has until then; its name follows. */
const PARAMETER_BEFORE_LOOKUP = 'dummy-value-for-';

/**
 * Whether a value stands for one that the CDK CLI has still to look up, as aws-cdk-lib writes it, or has one in it: an ARN that is put together
 * of an id that has still to be looked up.
 *
 * It has not the form of what it stands for, and a refusal would keep the CLI from looking it up.
 */
export function isLookUpDummy(value: string): boolean {
  return typeof value === 'string'
    && (value === AMI_BEFORE_LOOKUP || value.endsWith(`/${AMI_BEFORE_LOOKUP}`) || value.includes(PARAMETER_BEFORE_LOOKUP));
}

/**
 * Whether a value stands as a whole for one that the CDK CLI has still to look up. The parameter may be named by its ARN, so that colons do not
 * tell one part from the other.
 */
export function isWholeLookUpDummy(value: string): boolean {
  return typeof value === 'string' && (value === AMI_BEFORE_LOOKUP || value.startsWith(PARAMETER_BEFORE_LOOKUP));
}

/**
 * Whether a value stands for one that has still to be looked up, and is the same whatever that is.
 */
export function isDummyOfAll(value: string): boolean {
  return isLookUpDummy(value) && !value.includes(PARAMETER_BEFORE_LOOKUP);
}

/**
 * The name, or id, with which an ARN that is imported ends; as long as the ARN has still to be looked up, all that there is.
 */
export function nameOfImport(scope: IConstruct, arn: string, format: ArnFormat): string {
  return isWholeLookUpDummy(arn) ? arn : Stack.of(scope).splitArn(arn, format).resourceName!;
}

/**
 * The environment of what is imported by its ARN: aws-cdk-lib takes it from no ARN that has still to be looked up.
 */
export function environmentOfImport(arn: string): { readonly environmentFromArn?: string } {
  return isWholeLookUpDummy(arn) ? {} : { environmentFromArn: arn };
}
