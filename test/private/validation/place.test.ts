import { App, Aws, Stack } from 'aws-cdk-lib';
import { checkAccount, checkRegion, type Place } from '../../../src/private/validation/place';
import { lit } from '../../../src/private/validation/validation';

const REASON = 'it reads no other. Move it.';

describe.each([
  ['Region', checkRegion, 'us-east-1', 'eu-west-1', Aws.REGION, 'thing is in Region \'eu-west-1\' and the stack in \'us-east-1\'',
    'thing is in Region \'us-east-1\' and its reader in \'eu-west-1\''],
  ['account', checkAccount, '111122223333', '444455556666', Aws.ACCOUNT_ID, 'thing belongs to account \'444455556666\' and the stack to \'111122223333\'',
    'thing belongs to account \'111122223333\' and its reader to \'444455556666\''],
])('an %s', (kind, check, own, other, token, ofStack, ofReader) => {
  const known = new Stack(new App(), 'Known', { env: { account: '111122223333', region: 'us-east-1' } });
  const agnostic = new Stack(new App(), 'Agnostic');
  const checked = (value: string | undefined, more: Partial<Place> = {}, stack = known) =>
    () => check(stack, lit`Elsewhere`, { what: 'thing', value, reason: REASON, ...more });

  test(`that is not that of the stack is refused: ${kind}`, () => {
    expect(checked(other)).toThrow(`Known: ${ofStack}: ${REASON}`);
  });

  test('that is not that of what needs it is refused, wherever the stack is', () => {
    expect(checked(own, { neededBy: 'its reader', needed: other })).toThrow(`Known: ${ofReader}: ${REASON}`);
    expect(checked(own, { neededBy: 'its reader', needed: other }, agnostic)).toThrow(`Agnostic: ${ofReader}: ${REASON}`);
  });

  test('that is the same, or not known, or not named, is taken', () => {
    for (const value of [own, token, undefined, '']) {
      expect(checked(value)).not.toThrow();
    }
    expect(checked(other, { needed: other })).not.toThrow();
    expect(checked(other, { needed: token })).not.toThrow();
    expect(checked(other, {}, agnostic)).not.toThrow();
  });
});
