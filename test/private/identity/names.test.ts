import { App, PhysicalName, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { nameOrGenerated } from '../../../src/private/identity/names';

const construct = new Construct(new Stack(new App(), 'Stack'), 'License');

test('a name is taken as it is', () => {
  expect(nameOrGenerated(construct, 'x'.repeat(200))).toBe('x'.repeat(200));
  expect(nameOrGenerated(construct, '')).toBe('');
});

test.each([undefined, PhysicalName.GENERATE_IF_NEEDED])('without one (%s), it is made from the path', (name) => {
  expect(nameOrGenerated(construct, name)).toMatch(/^Stack-License-[0-9A-F]{8}$/);
});

test('a generated name has at most 64 characters, or as many as are allowed', () => {
  const deep = new Construct(construct, 'x'.repeat(100));

  expect(nameOrGenerated(deep, undefined)).toHaveLength(64);
  expect(nameOrGenerated(deep, undefined, 20)).toHaveLength(20);
});
