import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { ID_END_BEFORE_LOOKUP, identityOfFound } from '../../../src/private/identity/look-up';

const stack = new Stack(new App(), 'Stack');
const [one, other] = ['One', 'Other'].map(id => new CfnResource(stack, id, { type: 'AWS::SNS::Topic' }));

test('two resources of one name are one, unless the name is made up', () => {
  expect(identityOfFound(one, 'arn')).toBe(identityOfFound(other, 'arn'));
  expect(identityOfFound(one, `arn-${ID_END_BEFORE_LOOKUP}`)).not.toBe(identityOfFound(other, `arn-${ID_END_BEFORE_LOOKUP}`));
  expect(identityOfFound(one, `arn-${ID_END_BEFORE_LOOKUP}`)).toBe(identityOfFound(one, `arn-${ID_END_BEFORE_LOOKUP}`));
});
