import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Acknowledges a finding on a construct that this library makes, so that its users need not.
 *
 * It records what `Validations.of(construct).acknowledge()` does, without the stack trace, which takes longer than most constructs.
 *
 * @param construct what the finding is about
 * @param id        the rule, with its plugin: `CloudFormation-Validate::F3006`; `Annotation::` for those of cdk-nag
 * @param reason    why an auditor accepts it
 */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [id]: reason });
}

/**
 * Acknowledges that a policy has a wildcard in a resource: the finding AwsSolutions-IAM5 of cdk-nag.
 *
 * @param construct whose policy it is
 * @param arn       the resource, with the wildcard
 * @param reason    why an auditor accepts it
 */
export function acknowledgeWildcard(construct: IConstruct, arn: string, reason: string): void {
  acknowledge(construct, `Annotation::AwsSolutions-IAM5[Resource::${readable(Stack.of(construct).resolve(arn))}]`, reason);
}

/** The way in which cdk-nag writes what a template has for an ARN. */
function readable(arn: any): string {
  const { 'Ref': ref, 'Fn::GetAtt': getAtt, 'Fn::Join': join } = arn;
  if (join) {
    return join[1].map(readable).join(join[0]);
  }
  return ref ?? getAtt ? `<${ref ?? getAtt.join('.')}>` : String(arn);
}
