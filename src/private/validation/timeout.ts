import type { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { lit, refuse } from './validation';

/**
 * Refuses a time for which CloudFormation does not wait for a custom resource.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
 */
export function checkTimeout(scope: IConstruct, timeout: Duration | undefined): void {
  if (timeout === undefined) {
    return;
  }
  if (timeout.isUnresolved()) {
    if (timeout.unitLabel() !== 'seconds') {
      refuse(scope, lit`TimeoutUnit`,
        `timeout is a token in ${timeout.unitLabel()}: CloudFormation counts it in seconds, and a token cannot be converted at synthesis. Use Duration.seconds().`);
    }
    return;
  }
  const seconds = timeout.toSeconds({ integral: false });
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 3600) {
    refuse(scope, lit`TimeoutRange`, `timeout is ${seconds} seconds: CloudFormation waits from 1 second to 1 hour, in whole seconds. Correct it.`);
  }
}
