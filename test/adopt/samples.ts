/*
 * Outputs of the AWS CLI, as small as they can be.
 */

export const ACCOUNT = '111122223333';
export const REGION = 'us-east-1';

/** The ARN of a self-managed license. */
export function licenseArn(number: number): string {
  return `arn:aws:license-manager:${REGION}:${ACCOUNT}:license-configuration:lic-${String(number).padStart(32, '0')}`;
}

/** A license as License Manager tells of it. */
export function license(number: number, change: object = {}): { [name: string]: any } {
  return {
    LicenseConfigurationId: `lic-${String(number).padStart(32, '0')}`,
    LicenseConfigurationArn: licenseArn(number),
    Name: `license-${number}`,
    LicenseCountingType: 'vCPU',
    LicenseRules: [],
    LicenseCountHardLimit: false,
    DisassociateWhenNotFound: false,
    ConsumedLicenses: 0,
    Status: 'AVAILABLE',
    OwnerAccountId: ACCOUNT,
    ProductInformationList: [],
    Tags: [],
    ...change,
  };
}

/** A call of an inventory. */
export interface SampleCall {
  readonly operation: string;
  readonly of?: string;
  readonly output?: object;
  readonly error?: string;
}

/** An inventory with these calls. */
export function inventory(...calls: SampleCall[]): string {
  return JSON.stringify({
    'cdk-license-manager-inventory': 1, 'region': REGION, 'calls': [{ operation: 'get-caller-identity', output: { Account: ACCOUNT } }, ...calls],
  });
}

/** The calls that tell of licenses, and what they are on. */
export function licenseCalls(licenses: { [name: string]: any }[], associations: { [arn: string]: object[] } = {}): SampleCall[] {
  return [
    { operation: 'list-license-configurations', output: { LicenseConfigurations: licenses.map(({ Tags, ...rest }) => rest) } },
    ...licenses.flatMap(it => [
      { operation: 'get-license-configuration', of: it.LicenseConfigurationArn, output: it },
      {
        operation: 'list-associations-for-license-configuration',
        of: it.LicenseConfigurationArn,
        output: { LicenseConfigurationAssociations: associations[it.LicenseConfigurationArn] ?? [] },
      },
    ]),
  ];
}
