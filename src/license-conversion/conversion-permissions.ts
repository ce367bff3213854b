import { CfnPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { acknowledge, acknowledgeWildcard } from '../private/finding/acknowledgement';
import { acknowledgeCheckov } from '../private/finding/checkov';

/**
 * Lets a role convert the instances of its account.
 *
 * @param role         the role
 * @param instanceArns the instances that may be stopped and started, with wildcards
 */
export function allowConversions(role: Role, instanceArns: readonly string[]): void {
  role.addToPolicy(new PolicyStatement({ actions: OF_CONVERSION, resources: ['*'] }));
  role.addToPolicy(new PolicyStatement({
    actions: ['ec2:DescribeInstanceAttribute', 'ec2:StartInstances', 'ec2:StopInstances'], resources: [...instanceArns],
  }));
  for (const arn of instanceArns) {
    acknowledgeWildcard(role, arn, 'Which instances are converted is known when an execution is started.');
  }
}

/** Says for auditors why a role that converts has a policy of its own, with `*` in it. */
export function acknowledgeConversions(role: Role): void {
  const reason = 'AWS License Manager acts with these permissions, on resources that it does not tell, and asks for * in most of them; the delivery of logs and '
    + 'AWS X-Ray know no resource.';
  acknowledge(role, 'Annotation::AwsSolutions-IAM5[Resource::*]', reason);
  const policy = role.node.tryFindChild('DefaultPolicy')?.node.defaultChild;
  if (CfnPolicy.isCfnPolicy(policy)) {
    acknowledgeCheckov(policy, { CKV_AWS_111: reason });
  }
}

/**
 * What License Manager asks of who converts. It calls most of them itself, with the permissions of its caller, on resources that are not documented.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/conversion-prerequisites.html
 */
const OF_CONVERSION = [
  'ec2:DescribeImages',
  'ec2:DescribeInstances',
  'license-manager:CreateLicenseConversionTaskForResource',
  'license-manager:GetLicenseConfiguration',
  'license-manager:GetLicenseConversionTask',
  'license-manager:ListAssociationsForLicenseConfiguration',
  'license-manager:ListLicenseConfigurations',
  'license-manager:ListLicenseConversionTasks',
  'license-manager:ListLicenseSpecificationsForResource',
  'license-manager:ListUsageForLicenseConfiguration',
  'ssm:DescribeInstanceInformation',
  'ssm:GetAutomationExecution',
  'ssm:GetCommandInvocation',
  'ssm:GetInventory',
  'ssm:SendCommand',
  'ssm:StartAutomationExecution',
];
