import { Token, UnscopedValidationError } from 'aws-cdk-lib';
import type { IHostRef, IInstanceRef } from 'aws-cdk-lib/aws-ec2';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IGroupRef } from 'aws-cdk-lib/aws-resourcegroups';
import type { IConstruct } from 'constructs';
import { given, givenList, givenListTo, givenTo } from '../validation/given';
import { lit, refuse } from '../validation/validation';

/*
 * Licenses, hosts and groups are given by whatever refers to them, and languages without types give their ids and ARNs as well.
 */

/** Who was given something: a construct or, where there is none yet, what messages call it. */
type Who = IConstruct | string;

interface Reference {
  /** In words that follow "it has to be". */
  readonly what: string;
  /** By which it refers to the resource. */
  readonly member: string;
  readonly wayOut: string;
}

const LICENSE: Reference = {
  what: 'a self-managed license', member: 'licenseConfigurationRef', wayOut: 'Use a construct, or LicenseConfiguration.fromLicenseConfigurationArn().',
};
const GROUP: Reference = {
  what: 'a host resource group', member: 'groupRef', wayOut: 'Use a construct, or HostResourceGroup.fromHostResourceGroupArn().',
};
const INSTANCE: Reference = { what: 'an EC2 instance', member: 'instanceRef', wayOut: 'Use a construct, or LicensedResource.fromInstanceId().' };
const HOST: Reference = { what: 'a Dedicated Host', member: 'hostRef', wayOut: 'Use a construct, or name it by its id, for which there is a method of its own.' };
const IMAGE: Reference = { what: 'a machine image', member: 'getImage', wayOut: 'Use what MachineImage has, or LicensedResource.fromMachineImageId().' };

/** The license that was given. Refuses what is missing, and what is none. */
export function givenLicense<T extends ILicenseConfigurationRef>(who: Who, property: string, value: T): NonNullable<T> {
  return givenReference(who, property, value, LICENSE);
}

/** The host resource group that was given. Refuses what is missing, and what is none. */
export function givenGroup<T extends IGroupRef>(who: Who, property: string, value: T): NonNullable<T> {
  return givenReference(who, property, value, GROUP);
}

/** The EC2 instance that was given. Refuses what is missing, and what is none. */
export function givenInstance<T extends IInstanceRef>(who: Who, property: string, value: T): NonNullable<T> {
  return givenReference(who, property, value, INSTANCE);
}

/** The Dedicated Host that was given. Refuses what is missing, and what is none. */
export function givenHost<T extends IHostRef>(who: Who, property: string, value: T): NonNullable<T> {
  return givenReference(who, property, value, HOST);
}

/** The machine image that was given. Refuses what is missing, and what is none. */
export function givenImage<T extends object>(who: Who, property: string, value: T): NonNullable<T> {
  return givenReference(who, property, value, IMAGE);
}

/** The id or the ARN that was given. Refuses what is missing, and what is no text. */
export function givenText(scope: IConstruct, property: string, value: string): string {
  const known = given(scope, property, value);
  return typeof known === 'string' ? known
    : refuse(scope, lit`ValueOfAnotherKind`, `${property} is ${described(known)}: it has to be a text. Write it as one.`);
}

/** The licenses that were given. Refuses what is no list, and a member that is missing or no license. */
export function givenLicenses<T extends ILicenseConfigurationRef>(who: Who, property: string, list: readonly T[]): readonly T[] {
  const licenses = typeof who === 'string' ? givenListTo(who, property, list) : givenList(who, property, list);
  licenses.forEach((license, index) => givenLicense(who, `${property}[${index}]`, license));
  return licenses;
}

function givenReference<T>(who: Who, property: string, value: T, { what, member, wayOut }: Reference): NonNullable<T> {
  const known = typeof who === 'string' ? givenTo(who, property, value) : given(who, property, value);
  if (typeof known === 'object' && (known as { readonly [name: string]: unknown })[member] !== undefined) {
    return known;
  }
  const message = `${property} is ${described(known)}: it has to be ${what}. ${wayOut}`;
  if (typeof who === 'string') {
    throw new UnscopedValidationError(lit`ValueOfAnotherKind`, `${who}: ${message}`);
  }
  return refuse(who, lit`ValueOfAnotherKind`, message);
}

/** A value of whatever kind, as a message shows it. */
function described(value: unknown): string {
  if (typeof value === 'object') {
    return Array.isArray(value) ? 'a list' : `an object of the class ${value?.constructor?.name ?? 'Object'}`;
  }
  return typeof value !== 'string' ? String(value) : Token.isUnresolved(value) ? 'a token' : `the text '${value}'`;
}
