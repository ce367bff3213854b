import { App, Stack } from 'aws-cdk-lib';
import type * as copies from '../../../src/private/identity/copies';
import type * as environment from '../../../src/private/identity/environment';

/** Loads a module anew: what it keeps in itself is nothing that another copy has. aws-cdk-lib is one for all. */
function copyOf<T extends object>(path: string): T {
  let copy: T | undefined;
  jest.isolateModules(() => {
    jest.doMock('aws-cdk-lib', () => CDK);
    copy = jest.requireActual<T>(`../../../src/private/identity/${path}`);
  });
  return copy!;
}

const CDK = jest.requireActual<object>('aws-cdk-lib');
const env = { account: '111122223333', region: 'us-east-1' };

describe('a brand', () => {
  test('is told by every copy', () => {
    const [one, other] = [copyOf<typeof copies>('copies'), copyOf<typeof copies>('copies')];
    const object = {};
    one.brand(object, 'Thing');

    expect(one.brand).not.toBe(other.brand);
    expect(other.isBranded(object, 'Thing')).toBe(true);
    expect(other.isBranded(object, 'OtherThing')).toBe(false);
  });

  test.each([[undefined], [null], ['text'], [0], [{}]])('%p has none', value => {
    expect(copyOf<typeof copies>('copies').isBranded(value, 'Thing')).toBe(false);
  });

  test('is not among the properties of the object', () => {
    const object = {};
    copyOf<typeof copies>('copies').brand(object, 'Thing');
    expect({ ...object }).toEqual({});
  });
});

describe('what is kept on a construct', () => {
  test('is the same for every copy, and made once', () => {
    const [one, other] = [copyOf<typeof copies>('copies'), copyOf<typeof copies>('copies')];
    const stack = new Stack(new App(), 'Stack');
    const made = one.keepOn(stack, 'Known', () => ({ value: 1 }));

    expect(other.keepOn(stack, 'Known', () => ({ value: 2 }))).toBe(made);
    expect(other.keptOn(stack, 'Known')).toBe(made);
  });

  test('is nothing on another construct, and under another key', () => {
    const { keepOn, keptOn } = copyOf<typeof copies>('copies');
    const app = new App();
    const stack = new Stack(app, 'Stack');
    keepOn(app, 'Known', () => ({}));

    expect(keptOn(stack, 'Known')).toBeUndefined();
    expect(keptOn(app, 'Other')).toBeUndefined();
  });
});

test('what one copy has declared in an environment, another one knows', () => {
  const [one, other] = [copyOf<typeof environment>('environment'), copyOf<typeof environment>('environment')];
  const app = new App();
  one.declaredBefore(new Stack(app, 'One', { env }), 'report', 'monthly');

  expect(other.declaredBefore(new Stack(app, 'Other', { env }), 'report', 'monthly')).toBe('One');
});
