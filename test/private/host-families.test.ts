import { familyOfType, isFamilyAllowed } from '../../src/private/host-families';

test.each([['m5.large', 'm5'], ['mac2-m2.metal', 'mac2-m2'], ['u-6tb1.metal', 'u-6tb1'], ['m5', 'm5']])('the family of %s is %s', (type, family) => {
  expect(familyOfType(type)).toBe(family);
});

test.each([
  [['m5'], 'm5', true], [['c5', 'M5'], 'm5', true], [['m5'], 'M5', true], [['m5'], 'm5n', false], [['m5n'], 'm5', false], [[], 'm5', false],
])('of %j, %s is allowed: %s', (allowed, family, expected) => {
  expect(isFamilyAllowed(allowed, family)).toBe(expected);
});
