import type { CfnResource } from 'aws-cdk-lib';

/**
 * A resource as it is in the template, with whatever Aspects, mixins and overrides have done to it.
 */
export function renderedResource(resource: CfnResource): { readonly [name: string]: any } {
  const { Resources } = resource.stack.resolve(resource._toCloudFormation());
  const [rendered] = Object.values<any>(Resources);
  return rendered;
}
