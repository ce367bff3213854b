import { Conditions, mayBeNone } from '../../src/compliance/private/conditions';

const NONE = { Ref: 'AWS::NoValue' };
const conditions = new Conditions({
  Yes: { 'Fn::Equals': ['a', 'a'] }, No: { 'Fn::Equals': ['a', 'b'] }, Open: { 'Fn::Equals': [{ Ref: 'Stage' }, 'a'] }, Round: { Condition: 'Round' }, Odd: 'text',
}, value => typeof value === 'string' ? value : undefined);

test.each([['Yes', true], ['No', false], ['Open', undefined], ['Round', undefined], ['Odd', undefined], ['NotThere', undefined]])('condition %s is %s', (name, isSo) => {
  expect(conditions.isSo(name)).toBe(isSo);
});

test.each<[unknown, unknown]>([
  [{ 'Fn::If': ['Yes', 1, NONE] }, 1],
  [{ 'Fn::If': ['No', 1, NONE] }, undefined],
  [{ 'Fn::If': ['Open', 1, NONE] }, { 'Fn::If': ['Open', 1, NONE] }],
  [{ 'Fn::If': ['Open', { 'Fn::If': ['Yes', 1, 2] }, NONE] }, { 'Fn::If': ['Open', 1, NONE] }],
  [{ a: NONE, b: [NONE, 1, { 'Fn::If': ['No', 2, 3] }], c: null }, { b: [1, 3], c: null }],
])('of %j there is %j', (value, pruned) => {
  expect(conditions.pruned(value)).toEqual(pruned);
});

test.each<[unknown, boolean]>([
  [NONE, true], [{ 'Fn::If': ['Open', 1, NONE] }, true], [{ 'Fn::If': ['Open', { 'Fn::If': ['Other', NONE, 1] }, 2] }, true],
  [{ 'Fn::If': ['Open', 1, 2] }, false], [{ Ref: 'Count' }, false], [undefined, false],
])('%j may be none: %s', (value, may) => {
  expect(mayBeNone(value)).toBe(may);
});
