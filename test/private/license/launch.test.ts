import { renderedIdentity } from '../../../src/private/license/launch';

test.each<[unknown, unknown, boolean]>([
  [{ Ref: 'Group' }, { 'Fn::GetAtt': ['Group', 'Arn'] }, true],
  [{ Ref: 'Group' }, { Ref: 'Other' }, false],
  ['arn', 'arn', true],
  [undefined, undefined, true],
  [undefined, { Ref: 'Group' }, false],
  [null, { Ref: 'Group' }, false],
  [{ 'Fn::ImportValue': 'group' }, { 'Fn::ImportValue': 'group' }, true],
  [{ 'Fn::ImportValue': 'group' }, { 'Fn::ImportValue': 'other' }, false],
])('%j and %j name the same: %p', (one, other, same) => {
  expect(renderedIdentity(one) === renderedIdentity(other)).toBe(same);
});
