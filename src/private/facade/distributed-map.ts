import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { acknowledgeStandards, acknowledgeWildcard } from '../finding/acknowledgement';

/**
 * Lets a state machine start the executions of a distributed map, as aws-cdk-lib does it for its own: in a policy by itself, as the state machine waits for that of
 * the role.
 *
 * @param scope        where the policy belongs
 * @param role         the role of the state machine
 * @param stateMachine the state machine
 * @param label        the label of the map
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
 */
export function letMapStartExecutions(scope: Construct, role: IRole, { stateMachineArn, stateMachineName: name }: StateMachine, label: string): void {
  const executions = (resourceName: string) => Stack.of(scope).formatArn({
    service: 'states', resource: 'execution', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const policy = new Policy(scope, 'MapPolicy', {
    statements: [
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] }),
      new PolicyStatement({ actions: ['states:DescribeExecution', 'states:StopExecution'], resources: [executions(`${name}:*`)] }),
      new PolicyStatement({ actions: ['states:RedriveExecution'], resources: [executions(`${name}/${label}:*`)] }),
    ],
  });
  // By the role, and not before it has its statements: with Role.customizeRoles() they go into the report, and no resource is made of them.
  role.attachInlinePolicy(policy);
  for (const arn of [executions(`${name}:*`), executions(`${name}/${label}:*`)]) {
    acknowledgeWildcard(policy, arn, 'The executions of a map have names that Step Functions makes up.');
  }
  acknowledgeStandards(policy, { IAMNoInlinePolicy: 'The policy is for this role and the executions of its own state machine.' });
}
