import { CustomResource, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ResourceType } from './properties';

/** SKELETON: the implementation replaces everything but these names. */
export interface ManagedResourceProps {
  /** Name of the type, from `ResourceTypes`. */
  readonly resourceType: ResourceType;
  /** The properties as CloudFormation sees them (the interface of the type in properties.ts; tokens anywhere). Absent values are left out. */
  readonly properties: { [name: string]: any };
  /** What the function must be allowed to do for this resource: exact actions on the ARNs that the resource names. */
  readonly permissions: ManagedResourcePermission[];
  /** @default RemovalPolicy.DESTROY */
  readonly removalPolicy?: RemovalPolicy;
  /** @default - the type's own; at most 1 hour */
  readonly serviceTimeout?: Duration;
}

export interface ManagedResourcePermission {
  readonly actions: string[];
  readonly resources: string[];
}

/** A custom resource of this library: brings up the stack's one function at its first use. */
export class ManagedResource extends CustomResource {
  constructor(scope: Construct, id: string, props: ManagedResourceProps) {
    super(scope, id, { serviceToken: 'skeleton', resourceType: props.resourceType, properties: props.properties });
  }
}
