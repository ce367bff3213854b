import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Acknowledges a finding on a construct that this library makes, so that its users need not.
 *
 * It records what `Validations.of(construct).acknowledge()` does, without the stack trace, which takes longer than most constructs.
 *
 * @param construct what the finding is about
 * @param id        the rule, with its plugin, which is `Annotation` for those of cdk-nag: `Annotation::AwsSolutions-SMG4`
 * @param reason    why an auditor accepts it
 */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [id]: reason });
}

/** The rule packs of cdk-nag for standards, which have many rules in common under one name. Its own pack, AwsSolutions, names them otherwise. */
const PACKS = ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321', 'Serverless'];

/**
 * Acknowledges findings of cdk-nag's rule packs for standards (HIPAA, NIST 800-53, PCI DSS, serverless) on a construct, and on what is in it.
 *
 * @param construct what the findings are about
 * @param reasons   why an auditor accepts them, by the rule without its pack: `LambdaDLQ`
 */
export function acknowledgeStandards(construct: IConstruct, reasons: { readonly [rule: string]: string }): void {
  const ids = Object.entries(reasons).flatMap(([rule, reason]) => PACKS.map(pack => [`Annotation::${pack}-${rule}`, reason]));
  construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, Object.fromEntries(ids));
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
