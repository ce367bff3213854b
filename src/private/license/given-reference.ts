import type { IHostRef, IInstanceRef } from 'aws-cdk-lib/aws-ec2';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IGroupRef } from 'aws-cdk-lib/aws-resourcegroups';
import { construct, givenAs, listOf, reference, TEXT } from '../validation/given';
import type { Who } from '../validation/validation';

/*
 * Licenses, hosts and groups are given by whatever refers to them, and languages without types give their ids and ARNs as well.
 */

const LICENSE_WAY_OUT = 'Use a construct, or LicenseConfiguration.fromLicenseConfigurationArn().';
const LICENSE = construct('a self-managed license', 'licenseConfigurationRef', LICENSE_WAY_OUT);
/** Of one of many, its ARN is all that is asked for. */
const ONE_OF_LICENSES = reference('a self-managed license', 'licenseConfigurationRef', LICENSE_WAY_OUT);
const GROUP = reference('a host resource group', 'groupRef', 'Use a construct, or HostResourceGroup.fromHostResourceGroupArn().');
const INSTANCE = reference('an EC2 instance', 'instanceRef', 'Use a construct, or LicensedResource.fromInstanceId().');
const HOST = reference('a Dedicated Host', 'hostRef', 'Use a construct, or name it by its id, for which there is a method of its own.');
const IMAGE = reference('a machine image', 'getImage', 'Use what MachineImage has, or LicensedResource.fromMachineImageId().');

/** The license that was given. Refuses what is missing, and what is none. */
export function givenLicense<T extends ILicenseConfigurationRef>(who: Who, property: string, value: T): NonNullable<T> {
  return givenAs(who, property, value, LICENSE);
}

/** The host resource group that was given. Refuses what is missing, and what is none. */
export function givenGroup<T extends IGroupRef>(who: Who, property: string, value: T): NonNullable<T> {
  return givenAs(who, property, value, GROUP);
}

/** The EC2 instance that was given. Refuses what is missing, and what is none. */
export function givenInstance<T extends IInstanceRef>(who: Who, property: string, value: T): NonNullable<T> {
  return givenAs(who, property, value, INSTANCE);
}

/** The Dedicated Host that was given. Refuses what is missing, and what is none. */
export function givenHost<T extends IHostRef>(who: Who, property: string, value: T): NonNullable<T> {
  return givenAs(who, property, value, HOST);
}

/** The machine image that was given. Refuses what is missing, and what is none. */
export function givenImage<T extends object>(who: Who, property: string, value: T): NonNullable<T> {
  return givenAs(who, property, value, IMAGE);
}

/** The id or the ARN that was given. Refuses what is missing, and what is no text. */
export function givenText(who: Who, property: string, value: string): string {
  return givenAs(who, property, value, TEXT);
}

/** The licenses that were given. Refuses what is no list, and a member that is missing or no license. */
export function givenLicenses<T extends ILicenseConfigurationRef>(who: Who, property: string, list: readonly T[]): readonly T[] {
  return givenAs(who, property, list, listOf(ONE_OF_LICENSES));
}
