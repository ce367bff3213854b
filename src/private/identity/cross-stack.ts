import { Annotations, ReferenceStrength, Stack, Stage } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import { DEFAULT_CROSS_STACK_REFERENCES } from 'aws-cdk-lib/cx-api';
import type { IConstruct } from 'constructs';
import { keepOn } from './copies';
import { knownToDiffer } from './reference';

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
  const stage = Stage.of(resource) ?? resource.node.root;
  keepOn(stage, 'Protected', () => {
    const accounts = new Set<string>();
    stage.node.addValidation({ validate: () => correctWarnings(stage, accounts) });
    return accounts;
  }).add(resource.stack.account);
}

/**
 * aws-cdk-lib warns of strong references between accounts, which can be weak only, and advises to set the flag to weak. Where that is set, the advice is
 * none, and what it means is not said.
 *
 * @param stage    the app, or the part of it of which stacks can refer to each other
 * @param accounts those of what is protected
 */
function correctWarnings(stage: IConstruct, accounts: ReadonlySet<string>): string[] {
  for (const stack of stage.node.findAll()) {
    if (!Stack.isStack(stack) || !stack.node.metadata.some(({ data }) => String(data).endsWith(`[ack: ${ALWAYS_WEAK}]`))) {
      continue;
    }
    const account = [...accounts].find(other => knownToDiffer(other, stack.account));
    if (account !== undefined && stack.node.tryGetContext(DEFAULT_CROSS_STACK_REFERENCES) === ReferenceStrength.WEAK) {
      const annotations = Annotations.of(stack);
      annotations.acknowledgeWarning(ALWAYS_WEAK);
      annotations.addWarningV2('cdk-license-manager:replacementNotSeenByOtherAccount',
        `The stack of account '${stack.account}' refers to what account '${account}' owns, which CloudFormation lets it do by weak references only: when a ` +
        'license, a grant, a group or a secret is replaced there, this stack goes on with the old one, and is not deployed by itself. Never change there ' +
        'what replaces; make a second one beside it.');
    }
  }
  return [];
}

const ALWAYS_WEAK = '@aws-cdk/core:crossAccountRefsAreAlwaysWeak';

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
