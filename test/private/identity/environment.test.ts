import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { countOverQuota, declaredBefore, declareOnce } from '../../../src/private/identity/environment';

const env = { account: '111122223333', region: 'us-east-1' };

describe('what is declared in an environment', () => {
  test('is told in all stacks of the account and the Region, over stages', () => {
    const app = new App();

    expect(declaredBefore(new Stack(app, 'One', { env }), 'report', 'monthly')).toBeUndefined();
    expect(declaredBefore(new Stack(app, 'Two', { env }), 'report', 'monthly')).toBe('One');
    expect(declaredBefore(new Stack(new Stage(app, 'Stage'), 'Three', { env }), 'report', 'monthly')).toBe('One');
  });

  test('is not told in another Region, in another account and in another app', () => {
    const app = new App();
    declaredBefore(new Stack(app, 'One', { env }), 'report', 'monthly');

    expect(declaredBefore(new Stack(app, 'Far', { env: { ...env, region: 'eu-central-1' } }), 'report', 'monthly')).toBeUndefined();
    expect(declaredBefore(new Stack(app, 'Foreign', { env: { ...env, account: '444455556666' } }), 'report', 'monthly')).toBeUndefined();
    expect(declaredBefore(new Stack(new App(), 'One', { env }), 'report', 'monthly')).toBeUndefined();
  });

  test('is of a kind: the same key of another kind is another thing', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    declaredBefore(stack, 'report', 'monthly');

    expect(declaredBefore(stack, 'group', 'monthly')).toBeUndefined();
    expect(declaredBefore(stack, 'report', 'daily')).toBeUndefined();
    expect(declaredBefore(stack, 'report', 'monthly')).toBe('Stack');
  });

  test('is counted by its kind, each once', () => {
    const stack = new Stack(new App(), 'Stack', { env });

    expect(declareOnce(stack, 'report', 'monthly')).toEqual({ before: undefined, count: 1, environment: '111122223333/us-east-1' });
    expect(declareOnce(stack, 'report', 'daily')).toEqual({ before: undefined, count: 2, environment: '111122223333/us-east-1' });
    expect(declareOnce(stack, 'report', 'monthly')).toEqual({ before: 'Stack', count: 2, environment: '111122223333/us-east-1' });
  });
});

describe('a stack whose account or Region is not known', () => {
  test('has nothing in common with another one, also not in the same stage', () => {
    const app = new App();
    declaredBefore(new Stack(app, 'One'), 'report', 'monthly');

    expect(declaredBefore(new Stack(app, 'Two'), 'report', 'monthly')).toBeUndefined();
    expect(declaredBefore(new Stack(app, 'Three', { env: { region: 'us-east-1' } }), 'report', 'monthly')).toBeUndefined();
    expect(declaredBefore(new Stack(app, 'Four', { env }), 'report', 'monthly')).toBeUndefined();
  });

  test.each([['account', { account: '111122223333' }], ['Region', { region: 'us-east-1' }]])(
    'has nothing in common with another one of the same %s, either', (_, known) => {
      const app = new App();
      declaredBefore(new Stack(app, 'One', { env: known }), 'report', 'monthly');

      expect(declaredBefore(new Stack(app, 'Two', { env: known }), 'report', 'monthly')).toBeUndefined();
    });

  test('is one environment with its nested stacks', () => {
    const stack = new Stack(new App(), 'Stack');
    const nested = new NestedStack(new NestedStack(stack, 'Nested'), 'Inner');
    declaredBefore(nested, 'report', 'monthly');

    expect(declaredBefore(stack, 'report', 'monthly')).toBe('Stack/Nested/Inner');
  });

  test('is named by its path', () => {
    expect(declareOnce(new Stack(new Stage(new App(), 'Stage'), 'Stack'), 'report', 'monthly').environment)
      .toBe("the environment of stack 'Stage/Stack'");
  });
});

test('other versions of the library find what is declared where this one keeps it', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env });
  declaredBefore(stack, 'report', 'monthly');

  const kept = (construct: object, key: string): unknown => Reflect.get(construct, Symbol.for(`cdk-license-manager.${key}`));
  const environment = { name: '111122223333/us-east-1', declared: new Map([['report', new Map([['monthly', 'Stack']])]]) };
  expect(kept(stack, 'Environment')).toEqual(environment);
  expect(kept(app, 'Environments')).toEqual(new Map([['111122223333/us-east-1', environment]]));
});

describe('a quota', () => {
  test('is told of by the first over it, each kind by itself', () => {
    const app = new App();
    const stacks = [1, 2, 3, 4].map(index => new Stack(app, `Stack${index}`, { env }));

    expect(stacks.map(stack => countOverQuota(stack, 'host', 2))).toEqual([undefined, undefined, '111122223333/us-east-1', undefined]);
    expect(countOverQuota(stacks[0], 'report', 2)).toBeUndefined();
  });

  test('counts a construct once', () => {
    const app = new App();
    const [one, other] = ['One', 'Other'].map(id => new Stack(app, id, { env }));
    countOverQuota(one, 'host', 1);

    expect(countOverQuota(one, 'host', 1)).toBeUndefined();
    expect(countOverQuota(other, 'host', 1)).toBe('111122223333/us-east-1');
    expect(countOverQuota(other, 'host', 1)).toBeUndefined();
  });
});
