import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IStateMachineRef } from 'aws-cdk-lib/aws-stepfunctions';
import { checkGrantee } from '../private/facade/grants';
import { construct, givenAs } from '../private/validation/given';

/**
 * Permissions on a workflow that converts license types. Whoever starts it has EC2 instances stopped and billed otherwise, by the role of the workflow and
 * with no permission of his own on them.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
 */
export class LicenseConversionWorkflowGrants {
  /**
   * The permissions on the state machine of a workflow.
   *
   * @param stateMachine the state machine
   */
  public static fromStateMachine(stateMachine: IStateMachineRef): LicenseConversionWorkflowGrants {
    return new LicenseConversionWorkflowGrants(
      givenAs('LicenseConversionWorkflowGrants.fromStateMachine()', 'stateMachine', stateMachine, construct('a state machine', 'stateMachineRef')));
  }

  private constructor(private readonly stateMachine: IStateMachineRef) {}

  /**
   * Allows to start the workflow, with whatever instances.
   *
   * @param grantee who is allowed to
   */
  public start(grantee: IGrantable): Grant {
    return this.grant(grantee, ['states:StartExecution']);
  }

  /**
   * Allows to approve of an execution, and to refuse it. Who does it needs the token as well, which the topic gets.
   *
   * @param grantee who is allowed to
   */
  public approve(grantee: IGrantable): Grant {
    return this.grant(grantee, ['states:SendTaskSuccess', 'states:SendTaskFailure']);
  }

  private grant(grantee: IGrantable, actions: string[]): Grant {
    checkGrantee(this.stateMachine, 'workflow', grantee);
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.stateMachine.stateMachineRef.stateMachineArn] });
  }
}
