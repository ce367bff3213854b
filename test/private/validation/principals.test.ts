import { App, Stack } from 'aws-cdk-lib';
import { checkFormat, hasFormat } from '../../../src/private/validation/format';
import { accountFormat, ORGANIZATION_FORMAT, ORGANIZATIONAL_UNIT_FORMAT } from '../../../src/private/validation/principals';
import { lit } from '../../../src/private/validation/validation';

const letters = (count: number) => 'a'.repeat(count);
const organization = (id: number) => `arn:aws:organizations::111122223333:organization/o-${letters(id)}`;
const unit = (id: number, root: number, own: number) => `arn:aws:organizations::111122223333:ou/o-${letters(id)}/ou-${letters(root)}-${letters(own)}`;

test.each([[11, false], [12, true], [13, false]])('the id of an account of %i digits: %p', (digits, taken) => {
  expect(hasFormat(accountFormat('GrantPrincipal'), '1'.repeat(digits))).toBe(taken);
});

test.each([[0, false], [1, true], [9, true], [10, true], [32, true], [33, true]])('the id of an organization of %i characters: %p', (id, taken) => {
  expect(hasFormat(ORGANIZATION_FORMAT, organization(id))).toBe(taken);
  expect(hasFormat(ORGANIZATIONAL_UNIT_FORMAT, unit(id, 4, 8))).toBe(taken);
});

test.each([
  ['the sample of the user guide', 'arn:aws:organizations::111122223333:organization/o-abcd12345', true],
  ['the sample of AWS Organizations', 'arn:aws:organizations::111111111111:organization/o-exampleorgid', true],
  ['no id', 'arn:aws:organizations::111122223333:organization/', false],
  ['an account of an organization', 'arn:aws:organizations::111122223333:account/o-exampleorgid/444455556666', false],
  ['more than an organization', 'arn:aws:organizations::111122223333:organization/o-exampleorgid/more', false],
])('the ARN of an organization: %s', (_, arn, taken) => {
  expect(hasFormat(ORGANIZATION_FORMAT, arn)).toBe(taken);
});

test.each([
  ['the sample of AWS Organizations', 'arn:aws:organizations::111111111111:ou/o-exampleorgid/ou-examplerootid111-exampleouid111', true],
  ['no id of the unit', 'arn:aws:organizations::111111111111:ou/o-exampleorgid', false],
  ['a root', 'arn:aws:organizations::111111111111:root/o-exampleorgid/r-examplerootid111', false],
])('the ARN of an organizational unit: %s', (_, arn, taken) => {
  expect(hasFormat(ORGANIZATIONAL_UNIT_FORMAT, arn)).toBe(taken);
});

test('nothing may stand before the id', () => {
  expect(hasFormat(ORGANIZATION_FORMAT, organization(10).replace(':organization/', ':an-organization/'))).toBe(false);
  expect(hasFormat(ORGANIZATIONAL_UNIT_FORMAT, unit(10, 4, 8).replace(':ou/', ':an-ou/'))).toBe(false);
});

test.each([
  [accountFormat('GrantPrincipal'), 'an account id: expected 12 digits. '
    + 'For an organization or an organizational unit, use GrantPrincipal.fromOrganizationArn() or .fromOrganizationalUnitArn().'],
  [ORGANIZATION_FORMAT, 'the ARN of an organization: '
    + 'expected \'arn:<partition>:organizations::<management account>:organization/o-<letters and digits>\'. '
    + 'Take it from \'aws organizations describe-organization\'; the id alone is not taken.'],
  [ORGANIZATIONAL_UNIT_FORMAT, 'the ARN of an organizational unit: '
    + 'expected \'arn:<partition>:organizations::<management account>:ou/o-<letters and digits>/ou-<letters and digits>\'. '
    + 'Take it from \'aws organizations list-organizational-units-for-parent\'; the id alone is not taken.'],
])('what is something else is told what it has to be, and where to get it: $name', (format, message) => {
  expect(() => checkFormat(new Stack(new App(), 'Stack'), lit`Principal`, format, 'o-1')).toThrow(`Stack: 'o-1' is not ${message}`);
});
