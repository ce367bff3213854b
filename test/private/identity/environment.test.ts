import { App, Stack, Stage } from 'aws-cdk-lib';
import { countOverQuota, declaredBefore, environmentOf } from '../../../src/private/identity/environment';

const env = { account: '111122223333', region: 'us-east-1' };

test('stacks of one account and Region are one environment, over stages', () => {
  const app = new App();
  const one = new Stack(app, 'One', { env });
  const other = new Stack(new Stage(app, 'Stage'), 'Other', { env });

  expect(environmentOf(one)).toBe(environmentOf(other));
  expect(environmentOf(one).name).toBe('111122223333/us-east-1');
});

test('another Region and another app are another environment', () => {
  const app = new App();
  const one = new Stack(app, 'One', { env });

  expect(environmentOf(new Stack(app, 'Far', { env: { ...env, region: 'eu-central-1' } }))).not.toBe(environmentOf(one));
  expect(environmentOf(new Stack(new App(), 'One', { env }))).not.toBe(environmentOf(one));
});

test('stacks without an environment share one in a stage, and none over stages', () => {
  const app = new App();

  expect(environmentOf(new Stack(app, 'One'))).toBe(environmentOf(new Stack(app, 'Two')));
  expect(environmentOf(new Stack(new Stage(app, 'Stage'), 'Three'))).not.toBe(environmentOf(new Stack(app, 'Four')));
  expect(environmentOf(new Stack(app, 'Five')).name).toBe('one environment');
});

test('the first over a quota is told, each kind by itself', () => {
  const stack = new Stack(new App(), 'Stack', { env });

  expect([1, 2, 3, 4].map(() => countOverQuota(stack, 'host', 2))).toEqual([undefined, undefined, '111122223333/us-east-1', undefined]);
  expect(countOverQuota(stack, 'report', 2)).toBeUndefined();
});

test('who has declared something before is told, in the same environment', () => {
  const app = new App();
  const one = new Stack(app, 'One', { env });

  expect(declaredBefore(one, 'key')).toBeUndefined();
  expect(declaredBefore(new Stack(app, 'Two', { env }), 'key')).toBe('One');
  expect(declaredBefore(new Stack(app, 'Three', { env }), 'key')).toBe('One');
  expect(declaredBefore(one, 'other')).toBeUndefined();
  expect(declaredBefore(new Stack(app, 'Far', { env: { ...env, region: 'eu-central-1' } }), 'key')).toBeUndefined();
});
