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

/** The ARN of an organizational unit. */
export const ORGANIZATIONAL_UNIT_FORMAT: Format = {
  name: 'the ARN of an organizational unit',
  parts: [...ORGANIZATIONS, /^ou\/o-[a-z0-9]{10,32}\/ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}$/],
  expected: '\'arn:<partition>:organizations::<management account>:ou/o-<10 to 32 letters and digits>/ou-<4 to 32>-<8 to 32>\'',
  wayOut: 'Take it from \'aws organizations list-organizational-units-for-parent\'; the id alone is not taken.',
};

/** The ARN of an organization. */
export const ORGANIZATION_FORMAT: Format = {
  name: 'the ARN of an organization',
  parts: [...ORGANIZATIONS, /^organization\/o-[a-z0-9]{10,32}$/],
  expected: '\'arn:<partition>:organizations::<management account>:organization/o-<10 to 32 letters and digits>\'',
  wayOut: 'Take it from \'aws organizations describe-organization\'; the id alone is not taken.',
};
