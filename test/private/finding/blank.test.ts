import { App, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { warnOfBlank } from '../../../src/private/finding/blank';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
});

test.each(['', ' ', '\t\n'])('a text that shows nothing causes a warning: %p', value => {
  warnOfBlank(stack, 'name', value, 'Set it.');
  Annotations.fromStack(stack).hasWarning('/Stack', `name is '${value}', which shows nothing. Set it. [ack: cdk-license-manager:blankText]`);
});

test.each([undefined, 'a', ' a ', Token.asString({ Ref: 'Name' })])('one that shows something, or is not known, causes none: %p', value => {
  warnOfBlank(stack, 'name', value, 'Set it.');
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});
