import { ACCOUNT, arnParts } from './format';
import type { Format } from './format';

const ORGANIZATIONS = arnParts('organizations', { region: false });

/**
 * The id of an AWS account.
 *
 * @param factories the class with a factory for each kind of principal, for the way out
 */
export function accountFormat(factories: string): Format {
  return {
    name: 'an account id',
    parts: [ACCOUNT],
    expected: '12 digits',
    wayOut: `For an organization or an organizational unit, use ${factories}.fromOrganizationArn() or .fromOrganizationalUnitArn().`,
  };
}

/*
 * Ids in AWS's own samples are shorter than what AWS Organizations gives (`o-abcd12345`). License Manager and AWS RAM have no pattern for them.
 * https://docs.aws.amazon.com/license-manager/latest/userguide/share-license-configuration.html
 * https://docs.aws.amazon.com/license-manager/latest/APIReference/API_CreateGrant.html
 */

/** The ARN of an organizational unit. */
export const ORGANIZATIONAL_UNIT_FORMAT: Format = {
  name: 'the ARN of an organizational unit',
  parts: [...ORGANIZATIONS, /^ou\/o-[A-Za-z0-9-]+\/ou-[A-Za-z0-9-]+$/],
  expected: '\'arn:<partition>:organizations::<management account>:ou/o-<letters and digits>/ou-<letters and digits>\'',
  wayOut: 'Take it from \'aws organizations list-organizational-units-for-parent\'; the id alone is not taken.',
};

/** The ARN of an organization. */
export const ORGANIZATION_FORMAT: Format = {
  name: 'the ARN of an organization',
  parts: [...ORGANIZATIONS, /^organization\/o-[A-Za-z0-9-]+$/],
  expected: '\'arn:<partition>:organizations::<management account>:organization/o-<letters and digits>\'',
  wayOut: 'Take it from \'aws organizations describe-organization\'; the id alone is not taken.',
};

/** A role's name, in IAM's API: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const ROLE_NAME = { pattern: /^[\w+=,.@-]{1,64}$/, expected: 'have 1 to 64 letters, digits and +=,.@_-', wayOut: 'Correct it, or leave it out.' };

/** The id of an organization. */
export const ORGANIZATION_ID = {
  pattern: /^o-[A-Za-z0-9-]+$/, expected: 'be \'o-\' and letters and digits', wayOut: 'Take it from \'aws organizations describe-organization\'.',
};
