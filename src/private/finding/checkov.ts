import type { CfnResource } from 'aws-cdk-lib';

/**
 * Says for checkov why a check does not apply to a resource, where checkov finds it: in the resource's metadata.
 *
 * @param resource the resource
 * @param reasons  by the id of the check
 *
 * @see https://www.checkov.io/2.Basics/Suppressing%20and%20Skipping%20Policies.html
 */
export function acknowledgeCheckov(resource: CfnResource, reasons: { [check: string]: string }): void {
  resource.addMetadata('checkov', {
    skip: Object.entries(reasons).map(([id, comment]) => ({ id, comment })),
  });
}
