import { Validations } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';

/**
 * Acknowledges on a native resource that aws-cdk-lib's validator calls its type unknown.
 *
 * The rules of aws-cdk-lib 2.274 and 2.275 were made before CloudFormation had `AWS::LicenseManager::LicenseConfiguration` and
 * `::ReportGenerator`. This is what `Validations.of(resource).acknowledge()` records, without the stack trace, which takes longer than everything
 * else that makes the resource.
 */
export function acknowledgeUnknownType(resource: CfnResource): void {
  resource.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, {
    'CloudFormation-Validate::F3006':
      'The rules of aws-cdk-lib 2.274 and 2.275 were made before CloudFormation had the type, so that they call it unknown.',
  });
}
