import { familyOfType } from '../../../src/private/license/host-families';

test.each([['m5.large', 'm5'], ['mac2-m2.metal', 'mac2-m2'], ['u-6tb1.metal', 'u-6tb1'], ['m5', 'm5']])('the family of %s is %s', (type, family) => {
  expect(familyOfType(type)).toBe(family);
});
