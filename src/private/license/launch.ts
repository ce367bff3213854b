import type { CfnResource } from 'aws-cdk-lib';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { tenanciesOf } from './license-reference';
import { renderedResource } from '../identity/rendered';

/**
 * What is launched or built, as it is rendered, as far as licenses go.
 */
export interface RenderedTarget {
  /** The ARNs of the licenses, one list for each thing that is launched or built; anything else than a list if it is unknown. */
  readonly licenses: unknown[];
  /** The EC2 tenancy; anything else than a string or `undefined` if it is unknown. */
  readonly tenancy?: unknown;
  /** Whether the tenancy may be written somewhere else. */
  readonly tenancyElsewhere: boolean;
  /** Where it is launched: what is written of a placement, by the names of launch templates. */
  readonly placement: Properties;
  /** The ARN of the host resource group. */
  readonly hostResourceGroupArn?: unknown;
  /** The instance type; anything else than a string if it is unknown. */
  readonly instanceType?: unknown;
  /** The market of what is launched: `spot`, or another one. */
  readonly marketType?: unknown;
  /** How many cores, and threads for each, are asked for. */
  readonly cpuOptions?: { readonly CoreCount?: unknown; readonly ThreadsPerCore?: unknown };
}

/** What is rendered. */
export type Properties = { readonly [name: string]: any };

/** The types of resources that can have licenses, and how they have them: all that aws-cdk-lib's L1s know. */
const RENDERED_TARGETS: { readonly [type: string]: (properties: Properties) => RenderedTarget } = {
  'AWS::BedrockAgentCore::CapacityProvider': renderedCapacityProvider,
  'AWS::EC2::Instance': renderedInstance,
  'AWS::EC2::LaunchTemplate': renderedLaunchTemplate,
  'AWS::ImageBuilder::DistributionConfiguration': renderedDistributionConfiguration,
  'AWS::WorkspacesInstances::WorkspaceInstance': renderedWorkspaceInstance,
};

/**
 * A resource that can have licenses, as it is in the template.
 */
export function renderedTarget(target: CfnResource): RenderedTarget {
  return RENDERED_TARGETS[target.cfnResourceType](renderedProperties(target));
}

/**
 * The same of a resource that is known by its type and its properties; nothing if it is none that can have licenses.
 */
export function targetIn(type: string, properties: Properties): RenderedTarget | undefined {
  return type in RENDERED_TARGETS ? RENDERED_TARGETS[type](properties) : undefined;
}

/**
 * An `AWS::EC2::Instance`, as far as licenses go.
 */
export function renderedInstance(properties: Properties): RenderedTarget {
  return {
    licenses: [specifiedArns(properties.LicenseSpecifications)],
    tenancy: tenancyOf(properties),
    tenancyElsewhere: properties.LaunchTemplate !== undefined,
    placement: placementOfInstance(properties),
    hostResourceGroupArn: properties.HostResourceGroupArn,
    instanceType: properties.InstanceType,
    cpuOptions: properties.CpuOptions,
  };
}

/** An `AWS::EC2::LaunchTemplate`, as far as licenses go. */
function renderedLaunchTemplate({ LaunchTemplateData: rendered }: Properties): RenderedTarget {
  return {
    licenses: [specifiedArns(rendered?.LicenseSpecifications)],
    tenancy: tenancyOf(rendered?.Placement ?? {}),
    tenancyElsewhere: false,
    placement: rendered?.Placement ?? {},
    hostResourceGroupArn: rendered?.Placement?.HostResourceGroupArn,
    instanceType: rendered?.InstanceType,
    marketType: rendered?.InstanceMarketOptions?.MarketType,
    cpuOptions: rendered?.CpuOptions,
  };
}

/** An `AWS::ImageBuilder::DistributionConfiguration`, as far as licenses go: nothing is launched. */
function renderedDistributionConfiguration({ Distributions: rendered }: Properties): RenderedTarget {
  return {
    licenses: Array.isArray(rendered) ? rendered.map(distribution => distribution?.LicenseConfigurationArns) : [],
    tenancyElsewhere: true,
    placement: {},
  };
}

/** An `AWS::WorkspacesInstances::WorkspaceInstance`, as far as licenses go. Which tenancy it has without one is not documented. */
function renderedWorkspaceInstance({ ManagedInstance: rendered }: Properties): RenderedTarget {
  return {
    licenses: [specifiedArns(rendered?.LicenseSpecifications)],
    tenancy: tenancyOf(rendered?.Placement ?? {}),
    tenancyElsewhere: true,
    placement: rendered?.Placement ?? {},
    instanceType: rendered?.InstanceType,
    marketType: rendered?.InstanceMarketOptions?.MarketType,
    cpuOptions: rendered?.CpuOptions,
  };
}

/** An `AWS::BedrockAgentCore::CapacityProvider`, as far as licenses go. It has no tenancy to write. */
function renderedCapacityProvider({ ComputeConfiguration: rendered }: Properties): RenderedTarget {
  return {
    licenses: [specifiedArns(rendered?.Ec2Configuration?.LaunchTemplateSource?.LaunchParameters?.LicenseSpecifications)],
    tenancyElsewhere: true,
    placement: {},
  };
}

/** What an instance writes of its placement. */
export function placementOfInstance({ Tenancy, HostId, HostResourceGroupArn, PlacementGroupName: GroupName }: Properties): Properties {
  return written({ Tenancy, HostId, HostResourceGroupArn, GroupName });
}

/** What is written of something: what is not, may be there as `undefined`. */
export function written(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}

/**
 * The licenses that are not among those that are in the template.
 *
 * @param target   in whose stack the lists are
 * @param licenses the licenses
 * @param lists    of ARNs; anything else than a list has none that is known
 */
export function missingLicenses(target: CfnResource, licenses: readonly ILicenseConfigurationRef[], lists: unknown[]): ILicenseConfigurationRef[] {
  const there = new Set(lists.flatMap(list => Array.isArray(list) ? list.map(renderedIdentity) : []));
  return licenses.filter(license => !there.has(renderedIdentity(target.stack.resolve(license.licenseConfigurationRef.licenseConfigurationArn))));
}

/**
 * The ARNs of rendered license specifications, or what they are instead.
 */
export function specifiedArns(specifications: any): unknown {
  return Array.isArray(specifications) ? specifications.map(specification => specification?.LicenseConfigurationArn) : specifications;
}

/**
 * The tenancy of a rendered instance or placement. Who names a host or a host resource group may leave it out.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-ec2-launchtemplate-placement.html
 */
export function tenancyOf(placement: Properties): unknown {
  return placement.Tenancy ?? (placement.HostId ?? placement.HostResourceGroupArn ? 'host' : undefined);
}

/**
 * The properties of a target as they are in the template.
 */
export function renderedProperties(target: CfnResource): { [name: string]: any } {
  return renderedResource(target).Properties ?? {};
}

/**
 * What is equal for both names that a resource of the stack has in its template: by `Ref`, and by `Fn::GetAtt`.
 */
export function renderedIdentity(name: any): string {
  return JSON.stringify(name?.Ref ?? name?.['Fn::GetAtt']?.[0] ?? name);
}

/** EC2's tenancies, by License Manager's names. */
export const TENANCIES: { readonly [name: string]: string } = {
  'EC2-Default': 'default',
  'EC2-DedicatedInstance': 'dedicated',
  'EC2-DedicatedHost': 'host',
};

/**
 * The tenancies that a license allows, as a text: EC2's names, with License Manager's in brackets; `undefined` if it allows all.
 */
export function tenanciesAsText(license: ILicenseConfigurationRef): string | undefined {
  return tenanciesOf(license)?.map(name => `'${TENANCIES[name]}' (${name})`).join(', ');
}

/**
 * The licenses that do not allow a tenancy, as far as that is known.
 */
export function licensesAgainst(tenancy: unknown, licenses: readonly ILicenseConfigurationRef[]): ILicenseConfigurationRef[] {
  return typeof tenancy === 'string'
    ? licenses.filter(license => tenanciesOf(license)?.every(name => TENANCIES[name] !== tenancy))
    : [];
}
