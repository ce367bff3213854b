/*
 * The Regions that have the CloudFormation types, by which a resource can be imported: the table of docs/provisioning.md, which `tools/regions.mjs` writes. A test
 * compares the two.
 */

/** The types of License Manager that this command imports, and where they are. What is not here is everywhere. */
export const REGIONS: { readonly [type: string]: { readonly only: readonly string[] } | { readonly allBut: readonly string[] } } = {
  'AWS::LicenseManager::LicenseConfiguration': { only: ['ap-south-1', 'eu-central-1', 'us-east-1', 'us-west-2'] },
  'AWS::LicenseManager::ReportGenerator': { only: ['us-east-1'] },
  'AWS::LicenseManager::LicenseAssetGroup': { allBut: ['cn-north-1', 'cn-northwest-1', 'me-central-1', 'us-gov-east-1', 'us-gov-west-1'] },
  'AWS::LicenseManager::LicenseAssetRuleSet': { allBut: ['cn-north-1', 'cn-northwest-1', 'me-central-1', 'us-gov-east-1', 'us-gov-west-1'] },
  'AWS::LicenseManager::License': {
    only: [
      'ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ca-central-1', 'eu-central-1', 'eu-north-1', 'eu-west-1',
      'eu-west-2', 'eu-west-3', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-gov-east-1', 'us-gov-west-1', 'us-west-1', 'us-west-2',
    ],
  },
  'AWS::LicenseManager::Grant': {
    only: [
      'ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ca-central-1', 'eu-central-1', 'eu-north-1', 'eu-west-1',
      'eu-west-2', 'eu-west-3', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-gov-east-1', 'us-gov-west-1', 'us-west-1', 'us-west-2',
    ],
  },
};

/** Whether a type is known to be in a Region. */
export function hasType(region: string, type: string): boolean {
  const regions = REGIONS[type];
  return regions === undefined || ('only' in regions ? regions.only.includes(region) : !regions.allBut.includes(region));
}
