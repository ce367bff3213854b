import type { CfnResource } from 'aws-cdk-lib';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { tenanciesOf } from './license-reference';

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
}

/**
 * An `AWS::EC2::Instance`, as far as licenses go.
 */
export function renderedInstance(properties: { [name: string]: any }): RenderedTarget {
  return {
    licenses: [specifiedArns(properties.LicenseSpecifications)],
    tenancy: tenancyOf(properties),
    tenancyElsewhere: properties.LaunchTemplate !== undefined,
  };
}

/**
 * An `AWS::EC2::LaunchTemplate`, as far as licenses go.
 */
export function renderedLaunchTemplate({ LaunchTemplateData: rendered }: { [name: string]: any }): RenderedTarget {
  return {
    licenses: [specifiedArns(rendered?.LicenseSpecifications)],
    tenancy: tenancyOf(rendered?.Placement ?? {}),
    tenancyElsewhere: false,
  };
}

/**
 * The ARNs of rendered license specifications, or what they are instead.
 */
function specifiedArns(specifications: any): unknown {
  return Array.isArray(specifications) ? specifications.map(specification => specification.LicenseConfigurationArn) : specifications;
}

/**
 * The tenancy of a rendered instance or placement. Who names a host or a host resource group may leave it out.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-ec2-launchtemplate-placement.html
 */
function tenancyOf(placement: { [name: string]: any }): unknown {
  return placement.Tenancy ?? (placement.HostId ?? placement.HostResourceGroupArn ? 'host' : undefined);
}

/**
 * The properties of a target as they are in the template.
 */
export function renderedProperties(target: CfnResource): { [name: string]: any } {
  const template = target.stack.resolve(target._toCloudFormation());
  const [resource] = Object.values<any>(template.Resources);
  return resource.Properties ?? {};
}

/** EC2's tenancies, by License Manager's names. */
const TENANCIES: { readonly [name: string]: string } = {
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
