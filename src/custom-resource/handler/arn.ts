import { Refusal } from './errors';

/**
 * Where the stack is.
 */
export interface Environment {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** The environment of a stack, from its id: `arn:aws:cloudformation:us-east-1:111122223333:stack/name/uuid`. */
export function environmentOf(stackId: string): Environment {
  const [, partition, , region, account] = stackId.split(':');
  return { partition, region, account };
}

const LICENSE_CONFIGURATION = /^arn:(?<partition>aws[a-z-]*):license-manager:(?<region>[a-z0-9-]+):(?<account>\d{12}):license-configuration:lic-[0-9A-Za-z]+$/;

const REPORT_GENERATOR = /^arn:(?<partition>aws[a-z-]*):license-manager:(?<region>[a-z0-9-]+):(?<account>\d{12}):report-generator:r-[0-9A-Za-z]+$/;

const LICENSED_RESOURCE = new RegExp('^arn:(?<partition>aws[a-z-]*):ec2:(?<region>[a-z0-9-]+):'
  + '(?:(?<account>\\d{12}):(?:instance/i|dedicated-host/h)|:(?<image>image/ami))-[0-9A-Za-z]+$');

export function isLicenseConfigurationArn(text: string): boolean {
  return LICENSE_CONFIGURATION.test(text);
}

export function isReportGeneratorArn(text: string): boolean {
  return REPORT_GENERATOR.test(text);
}

export function isLicensedResourceArn(text: string): boolean {
  return LICENSED_RESOURCE.test(text);
}

export function isImageArn(text: string): boolean {
  return LICENSED_RESOURCE.exec(text)?.groups?.image !== undefined;
}

/** The account that owns a resource. */
export function ownerOf(arn: string): string {
  return arn.split(':')[4];
}

/** `arn:…:license-configuration:lic-…` -> `lic-…`. */
export function licenseConfigurationIdOf(licenseConfigurationArn: string): string {
  return licenseConfigurationArn.split(':')[6];
}

/**
 * Refuses what is not the ARN of a self-managed license in the stack's partition and Region.
 *
 * The license may belong to another account, which shares it with this one.
 */
export function checkLicenseConfigurationArn(property: string, arn: string, environment: Environment): void {
  const found = LICENSE_CONFIGURATION.exec(arn)?.groups;
  if (!found) {
    throw new Refusal(`${property} '${arn}' is not the ARN of a self-managed license. Expected: `
      + `arn:${environment.partition}:license-manager:${environment.region}:<account>:license-configuration:lic-<id>`);
  }
  checkPlace(property, arn, found, environment, 'a self-managed license');
}

/**
 * Refuses what is not the ARN of a self-managed license that the stack's account owns.
 */
export function checkOwnLicenseConfigurationArn(property: string, arn: string, environment: Environment): void {
  checkLicenseConfigurationArn(property, arn, environment);
  if (ownerOf(arn) !== environment.account) {
    throw new Refusal(`${property} '${arn}' belongs to account ${ownerOf(arn)}, and the stack is in account ${environment.account}. `
      + 'A self-managed license can be changed by its owner only: deploy this resource to the account of the license');
  }
}

/**
 * Refuses what is not the ARN of a usage report in the stack's partition, Region and account.
 */
export function checkReportGeneratorArn(property: string, arn: string, environment: Environment): void {
  const found = REPORT_GENERATOR.exec(arn)?.groups;
  if (!found) {
    throw new Refusal(`${property} '${arn}' is not the ARN of a usage report. Expected: `
      + `arn:${environment.partition}:license-manager:${environment.region}:${environment.account}:report-generator:r-<id>`);
  }
  checkPlace(property, arn, found, environment, 'a usage report');
  if (found.account !== environment.account) {
    throw new Refusal(`${property} '${arn}' belongs to account ${found.account}, and the stack is in account ${environment.account}. `
      + 'A usage report can be read by its owner only: deploy this resource to the account of the report');
  }
}

/**
 * Refuses what is not the ARN of an AMI, an instance or a Dedicated Host in the stack's partition, Region and account.
 */
export function checkLicensedResourceArn(property: string, arn: string, environment: Environment): void {
  const found = LICENSED_RESOURCE.exec(arn)?.groups;
  if (!found) {
    const { partition, region, account } = environment;
    throw new Refusal(`${property} '${arn}' is not the ARN of an AMI, an EC2 instance or a Dedicated Host. Expected: `
      + `arn:${partition}:ec2:${region}::image/ami-<id>, arn:${partition}:ec2:${region}:${account}:instance/i-<id> or `
      + `arn:${partition}:ec2:${region}:${account}:dedicated-host/h-<id>. Managed nodes and RDS databases are associated by automated discovery`);
  }
  checkPlace(property, arn, found, environment, 'a resource');
  // The ARN of an AMI has no account: AMIs that are shared with the account are taken, too.
  if (!found.image && found.account !== environment.account) {
    throw new Refusal(`${property} '${arn}' belongs to account ${found.account}, and the stack is in account ${environment.account}. `
      + 'License Manager takes resources of the own account: deploy the association to the account of the resource, and share the license with it');
  }
}

function checkPlace(property: string, arn: string, found: Record<string, string>, environment: Environment, what: string): void {
  if (found.partition !== environment.partition) {
    throw new Refusal(`${property} '${arn}' is in partition ${found.partition}, and the stack is in partition ${environment.partition}. `
      + `License Manager takes ${what} of the own partition only`);
  }
  if (found.region !== environment.region) {
    throw new Refusal(`${property} '${arn}' is in Region ${found.region}, and the stack is in Region ${environment.region}. `
      + `License Manager takes ${what} of the own Region only: deploy this resource to ${found.region}`);
  }
}
