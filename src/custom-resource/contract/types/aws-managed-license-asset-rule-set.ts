import { define, ON_ANYTHING } from '../definition';
import { object, text } from '../shape';

/**
 * A license asset ruleset that AWS manages, by its name: read only.
 *
 * Attribute (Fn::GetAtt): LicenseAssetRulesetArn.
 */
export const awsManagedLicenseAssetRuleSet = define({
  type: 'Custom::LicenseManagerAwsManagedLicenseAssetRuleSet',
  properties: object({ Name: text }),
  identity: { by: ['Name'], as: 'aws-managed-license-asset-ruleset', comparable: comparableRuleSetName },
  actions: {
    // Its resource type is optional, and the request names no ruleset.
    'license-manager:ListLicenseAssetRulesets': ON_ANYTHING,
  },
});

/**
 * What the name of a ruleset that AWS manages is compared by. The user guide writes the names, and AWS may write them a little differently;
 * no two rulesets would differ in upper and lower case, spaces and punctuation only.
 */
export function comparableRuleSetName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
