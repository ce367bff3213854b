import type { CfnResource } from 'aws-cdk-lib';

/**
 * A resource as it is in the template, with whatever Aspects, mixins and overrides have done to it.
 */
export function renderedResource(resource: CfnResource): { readonly [name: string]: any } {
  const { Resources } = resource.stack.resolve(resource._toCloudFormation());
  const [rendered] = Object.values<any>(Resources);
  return rendered;
}

/**
 * A property as it is in the template: as an override has it, if there is one, else as the L1 has it.
 *
 * For what is asked again and again, or while the resource is being rendered.
 */
export function overridden(resource: CfnResource, name: string, value: unknown): unknown {
  const { rawOverrides } = resource as unknown as { readonly rawOverrides?: { readonly Properties?: Record<string, unknown> } };
  const { Properties = {} } = rawOverrides ?? {};
  return name in Properties ? Properties[name] : value;
}
