import { ReferenceStrength, Stack } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';

/**
 * Has CloudFormation refuse to replace or to delete a resource while another stack uses it.
 *
 * `cdk init` writes the flag `@aws-cdk/core:defaultCrossStackReferences: weak` into every app: the other stack then reads an output when it is
 * deployed, and neither hears of a replacement nor has it a change of its own to deploy. It would go on with what is gone. Stacks of different
 * accounts can refer to each other in no other way.
 *
 * Not for a type that CloudFormation deletes before it makes the new one: the refusal comes when that has happened.
 *
 * The user may set another strength afterwards, on the resource or its L2.
 *
 * @param resource what may be replaced by a change of its properties
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
 */
export function protectUsers(resource: CfnResource): void {
  resource.applyCrossStackReferenceStrength(ReferenceStrength.STRONG);
  // From a nested stack a value gets to other stacks as an output of the resource that the nested stack is to its parent.
  for (let stack: Stack | undefined = Stack.of(resource); stack?.nestedStackResource; stack = stack.nestedStackParent) {
    const nested = stack.nestedStackResource as CfnResource;
    if (nested._crossStackReferenceStrengthOverride === undefined) {
      nested.applyCrossStackReferenceStrength(ReferenceStrength.STRONG);
    }
  }
}

/**
 * An attribute that changes while the resource stays, such as a version: to protect who uses it would be to refuse every change of the resource.
 *
 * Another stack has the value of its own last deployment.
 *
 * @param value the attribute
 */
export function changing(value: string): string {
  return Stack.consumeReference(value, ReferenceStrength.WEAK);
}
