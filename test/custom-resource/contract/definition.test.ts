import { INSTANCE } from '../../../src/custom-resource/contract/arn';
import { changingOwn, define, ON_ANYTHING, partsOf, physicalIdOf, readingAny, taggingOwn } from '../../../src/custom-resource/contract/definition';
import { DEFINITIONS } from '../../../src/custom-resource/contract/definitions';
import { object, optional, text } from '../../../src/custom-resource/contract/shape';

const pair = define({ type: 'Custom::LicenseManagerPair', properties: object({ A: text, B: text, C: optional(text) }), identity: { by: ['A', 'B'] }, actions: {} });
const setting = define({
  type: 'Custom::LicenseManagerSetting', properties: object({ A: text }), identity: { by: ['A'], as: 'setting', comparable: value => value.toLowerCase() }, actions: {},
});

test('the physical id of what is known by what it is consists of that, and of what tells its type from others', () => {
  expect(physicalIdOf(pair, { A: 'one', B: 'two', C: 'three' })).toBe('one|two');
  expect(physicalIdOf(setting, { A: 'One' })).toBe('one|setting');
});

test('its parts are found in it, and in no other', () => {
  expect(partsOf(pair, 'one|two')).toEqual(['one', 'two']);
  expect(partsOf(setting, 'one|setting')).toEqual(['one']);
  for (const id of ['', 'one', 'one|two|three', 'one|two|']) {
    expect(partsOf(pair, id)).toBeUndefined();
  }
  for (const id of ['', 'one', 'one|', 'one|status', 'one|setting|', 'one|two|setting']) {
    expect(partsOf(setting, id)).toBeUndefined();
  }
});

describe('a permission', () => {
  const place = { partition: 'aws', region: 'us-east-1', account: '111122223333', stackId: 'stack' };
  const instances = 'arn:aws:ec2:us-east-1:111122223333:instance/i-*';
  const all = instances.replace('i-*', '*');
  const own = { StringEquals: { 'aws:ResourceTag/cdk-license-manager:stack-id': 'stack' } };
  const madeOwn = {
    StringEquals: { 'aws:RequestTag/cdk-license-manager:stack-id': 'stack' },
    Null: { 'aws:ResourceTag/aws:cloudformation:stack-id': 'true', 'aws:ResourceTag/cdk-license-manager:stack-id': 'true' },
  };

  test.each([
    ['on anything', [ON_ANYTHING], [['*', undefined]]],
    ['to read any of a kind', [readingAny(INSTANCE)], [[instances, undefined]]],
    ['to change those of the stack', [changingOwn(INSTANCE)], [[instances, own]]],
    ['to tag those of the stack, and what becomes one of them', taggingOwn(INSTANCE), [[instances, own], [all, madeOwn]]],
  ])('%s', (_what, targets, expected) => {
    expect(targets.map(target => [target.arns({}, place), target.conditions?.(place)])).toEqual(expected);
  });
});

test('no two types have the same name', () => {
  const types = Object.values(DEFINITIONS).map(({ type }) => type);
  expect(new Set(types).size).toBe(types.length);
});

test('what is known by one value alone has something that tells its type from others about the same', () => {
  const marks = Object.values(DEFINITIONS).flatMap(({ identity }) => identity?.by.length === 1 ? [identity.as] : []);
  expect(marks).not.toContain(undefined);
  expect(new Set(marks).size).toBe(marks.length);
});

test('CloudFormation waits five minutes, where a type says nothing else, and an hour at most', () => {
  expect(Object.values(DEFINITIONS).map(({ timeoutInMinutes = 5 }) => timeoutInMinutes).filter(minutes => minutes < 1 || minutes > 60)).toEqual([]);
});
