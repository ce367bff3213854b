import { hasFormat } from '../../../src/private/validation/format';
import { accountFormat, ORGANIZATION_FORMAT, ORGANIZATIONAL_UNIT_FORMAT } from '../../../src/private/validation/principals';

const letters = (count: number) => 'a'.repeat(count);
const organization = (id: number) => `arn:aws:organizations::111122223333:organization/o-${letters(id)}`;
const unit = (id: number, root: number, own: number) => `arn:aws:organizations::111122223333:ou/o-${letters(id)}/ou-${letters(root)}-${letters(own)}`;

test.each([[11, false], [12, true], [13, false]])('the id of an account of %i digits: %p', (digits, taken) => {
  expect(hasFormat(accountFormat('GrantPrincipal'), '1'.repeat(digits))).toBe(taken);
});

test.each([[9, false], [10, true], [11, true], [31, true], [32, true], [33, false]])('the id of an organization of %i characters: %p', (id, taken) => {
  expect(hasFormat(ORGANIZATION_FORMAT, organization(id))).toBe(taken);
  expect(hasFormat(ORGANIZATIONAL_UNIT_FORMAT, unit(id, 4, 8))).toBe(taken);
});

test.each([[3, false], [4, true], [5, true], [31, true], [32, true], [33, false]])('a root of %i characters in the id of a unit: %p', (root, taken) => {
  expect(hasFormat(ORGANIZATIONAL_UNIT_FORMAT, unit(10, root, 8))).toBe(taken);
});

test.each([[7, false], [8, true], [9, true], [31, true], [32, true], [33, false]])('an own part of %i characters in the id of a unit: %p', (own, taken) => {
  expect(hasFormat(ORGANIZATIONAL_UNIT_FORMAT, unit(10, 4, own))).toBe(taken);
});

test('capital letters are in no id', () => {
  expect(hasFormat(ORGANIZATION_FORMAT, organization(10).replace('o-a', 'o-A'))).toBe(false);
  expect(hasFormat(ORGANIZATIONAL_UNIT_FORMAT, unit(10, 4, 8).replace('ou-a', 'ou-A'))).toBe(false);
});

test('nothing may stand before the id', () => {
  expect(hasFormat(ORGANIZATION_FORMAT, organization(10).replace(':organization/', ':an-organization/'))).toBe(false);
  expect(hasFormat(ORGANIZATIONAL_UNIT_FORMAT, unit(10, 4, 8).replace(':ou/', ':an-ou/'))).toBe(false);
});
