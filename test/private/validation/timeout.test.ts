import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { checkTimeout } from '../../../src/private/validation/timeout';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
});

const seconds = () => new CfnParameter(stack, 'Time', { type: 'Number' }).valueAsNumber;

test.each([
  [Duration.millis(0), '0'], [Duration.millis(999), '0.999'], [Duration.millis(1001), '1.001'], [Duration.seconds(0), '0'], [Duration.millis(3_599_999), '3599.999'],
  [Duration.millis(3_600_001), '3600.001'], [Duration.seconds(3601), '3601'], [Duration.hours(2), '7200'],
])('%s is refused', (timeout, shown) => {
  expect(() => checkTimeout(stack, timeout)).toThrow(
    `Stack: timeout is ${shown} seconds: CloudFormation waits from 1 second to 1 hour, in whole seconds. Correct it.`);
});

test.each([undefined, Duration.millis(1000), Duration.seconds(1), Duration.seconds(2), Duration.seconds(3599), Duration.minutes(60), Duration.hours(1)])('%s is taken', (timeout) => {
  expect(() => checkTimeout(stack, timeout)).not.toThrow();
});

test('what is known at the deployment only is taken in seconds', () => {
  expect(() => checkTimeout(stack, Duration.seconds(seconds()))).not.toThrow();
});

test.each<[string, (amount: number) => Duration]>([
  ['millis', Duration.millis], ['minutes', Duration.minutes], ['hours', Duration.hours], ['days', Duration.days],
])('what is known at the deployment only is refused in %s', (unit, make) => {
  expect(() => checkTimeout(stack, make(seconds()))).toThrow(
    `Stack: timeout is a token in ${unit}: CloudFormation counts it in seconds, and a token cannot be converted at synthesis. Use Duration.seconds().`);
});
