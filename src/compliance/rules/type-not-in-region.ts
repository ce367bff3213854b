import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type ILicenseRule, LicenseRuleSeverity } from '../license-rule';
import { KNOWN_REGIONS, REGIONS_OF_TYPES } from '../private/regions.generated';

/** What aws-cdk-lib says of the same. */
const OF_THE_CDK = 'CloudFormation-Validate::F3006';

/** Types that CloudFormation has in some Regions. */
export const TYPE_NOT_IN_REGION: ILicenseRule = {
  ruleId: 'TypeNotInRegion',
  description: 'A CloudFormation type of License Manager is in a Region that has it, as far as aws-cdk-lib of this version knows.',
  severity: LicenseRuleSeverity.ERROR,
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_LicenseManager.html',
  fix: 'Provision licenses and report generators through the API (ProvisioningInjector.addTo), and put everything else into a Region that has the type. If the '
    + 'Region has it by now, acknowledge it.',
  check: app => app._ofTypes(Object.keys(REGIONS_OF_TYPES))
    .filter(({ region, resourceType }) => region !== undefined && KNOWN_REGIONS.includes(region) && !REGIONS_OF_TYPES[resourceType].includes(region))
    // Who knows better than the schemas, has said so to the CDK.
    .filter(resource => !isAcknowledged(app._root, resource.constructPath))
    .map(resource => ({ resource, message: `CloudFormation has no ${resource.resourceType} in '${resource.region}'.` })),
};

function isAcknowledged(root: IConstruct, path: string): boolean {
  const scopes = path.split('/').reduce<(IConstruct | undefined)[]>((all, id) => [...all, all.at(-1)?.node.tryFindChild(id)], [root]);
  return scopes.some(scope => scope?.node.metadata
    .some(({ type, data }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY && OF_THE_CDK in data));
}
