import { App, Aws, Fn, Stack } from 'aws-cdk-lib';
import { lit } from 'aws-cdk-lib/core/lib/helpers-internal';
import {
  ACCOUNT, arnParts, checkFormat, checkPartition, colonNotSlash, fits, type Format, hasFormat, PARTITION, partitionOf, REGION, RESOURCE_ID,
} from '../../../src/private/validation/format';
import { accountFormat, ORGANIZATION_FORMAT, ORGANIZATIONAL_UNIT_FORMAT } from '../../../src/private/validation/principals';

const THING: Format = { name: 'the ARN of a thing', parts: [...arnParts('license-manager'), /^thing$/, /^t-\d$/], expected: 'a right one', wayOut: 'Ask.' };
const GLOBAL: Format = { ...THING, parts: [...arnParts('iam', { region: false }), /^root$/] };

test.each([
  'arn:aws:license-manager:us-east-1:111122223333:thing:t-1',
  'arn:aws-us-gov:license-manager:us-gov-west-1:111122223333:thing:t-1',
  'arn:aws-cn:license-manager:cn-north-1:111122223333:thing:t-1',
  `arn:${Aws.PARTITION}:license-manager:${Aws.REGION}:${Aws.ACCOUNT_ID}:thing:t-1`,
  `arn:aws:license-manager:us-east-1:111122223333:thing:${Fn.ref('Id')}`,
  Fn.importValue('Thing'),
  `arn:aws:license-manager:us-east-1:111122223333:thing:t-${Fn.ref('Id')}`,
  `arn:aws:license-manager:us-east-1:111122223333:thing:t${Fn.ref('Id')}`,
  `arn:aws:license-manager:us-east-1:111122223333:${Fn.ref('TypeAndId')}`,
  `arn:aws:license-manager:us-east-1:111122223333:thi${Fn.ref('Rest')}`,
  `arn:aws-${Fn.ref('Partition')}:license-manager:us-${Fn.ref('Region')}:1111${Fn.ref('Account')}:thing:t-1`,
  `arn:${Fn.ref('Partition')}:${Fn.ref('Place')}:thing:t-1`,
  `${Fn.ref('Beginning')}:thing:t-1`,
  `${Fn.ref('Beginning')}:thing:${Fn.ref('Id')}`,
  `arn:${Fn.ref('Rest')}`,
  `${Fn.ref('One')}${Fn.ref('Two')}`,
])('%s has the form of the ARN', (arn) => {
  expect(hasFormat(THING, arn)).toBe(true);
});

test.each([
  '', 't-1',
  'arn:amazon:license-manager:us-east-1:111122223333:thing:t-1',
  'arn:aws:ec2:us-east-1:111122223333:thing:t-1',
  'arn:aws:license-manager:everywhere:111122223333:thing:t-1',
  'arn:aws:license-manager:us-east-1:1111222233:thing:t-1',
  'arn:aws:license-manager:us-east-1:111122223333:thing/t-1',
  'arn:aws:license-manager:us-east-1:111122223333:thing:t-10',
  'arn:aws:license-manager:us-east-1:111122223333:thing:t-1:more',
  `arn:${Aws.PARTITION}:license-manager:us-east-1:111122223333:something:t-1`,
  `arn:aws:license-manager:us-east-1:111122223333:thing:u-${Fn.ref('Id')}`,
  `arn:aws:license-manager:us-east-1:111122223333:thing/${Fn.ref('Id')}`,
  `arn:aws:license-manager:us-east-1:111122223333:something:${Fn.ref('Id')}`,
  `arn:aws:license-manager:us-east-1:111122223333:things${Fn.ref('Id')}`,
  `arn:aws:ec2:${Fn.ref('Rest')}`,
  `arn:aws:s3-${Fn.ref('Service')}:us-east-1:111122223333:thing:t-1`,
  `arn:${Fn.ref('Partition')}:${Fn.ref('Place')}:things:t-1`,
  `${Fn.ref('Beginning')}:things:t-1`,
  `${Fn.ref('Beginning')}:thing:u-1`,
  `lic-${Fn.ref('Id')}`,
  `urn:${Fn.ref('Rest')}`,
])('\'%s\' has not', (arn) => {
  expect(hasFormat(THING, arn)).toBe(false);
});

test.each<[string, RegExp, string[], string[]]>([
  ['partition', PARTITION, ['aws', 'aws-cn', 'aws-iso-b'], ['', 'xaws', 'awsx', 'aws-', 'aws-CN', 'aws-cn-', 'aws_cn']],
  ['Region', REGION, ['us-east-1', 'us-gov-west-1', 'us-east-12'], ['', 'us-east', 'u-east-1', '1us-east-1', 'us-1', 'us-east-1a', 'us-east-x', 'us_east-1']],
  ['account', ACCOUNT, ['111122223333'], ['', '11112222333', '1111222233334', '11112222333x', 'x111122223333']],
  ['resource id', RESOURCE_ID, ['a', 'lic-0123', 'A/b_c+d=e,f@g.h-1'], ['', '#a', 'a#', 'a b', 'a:b']],
])('the form of a %s', (_, pattern, right, wrong) => {
  expect(right.filter(value => !pattern.test(value))).toEqual([]);
  expect(wrong.filter(value => pattern.test(value))).toEqual([]);
});

test.each(['xarn:aws:s3:::bucket', 'arnx:aws:s3:::bucket', 'arn:aws:xs3:::bucket', 'arn:aws:s3x:::bucket', 'arn:aws:s3:us-east-1::bucket', 'arn:aws:s3::111122223333:bucket'])(
  '%s is no ARN of a service that names neither Region nor account', (arn) => {
    const format = { ...THING, parts: [...arnParts('s3', { region: false, account: false }), /^bucket$/] };
    expect(hasFormat(format, 'arn:aws:s3:::bucket')).toBe(true);
    expect(hasFormat(format, arn)).toBe(false);
  });

test('a slash before the id is told from all else that is wrong', () => {
  const wayOut = colonNotSlash('thing', 'Ask.');
  expect(wayOut('arn:aws:license-manager:us-east-1:111122223333:thing/t-1'))
    .toBe('The id follows a colon, not a slash: \'arn:aws:license-manager:us-east-1:111122223333:thing:t-1\'.');
  expect(wayOut('arn:aws:license-manager:us-east-1:111122223333:something/t-1')).toBe('Ask.');
  expect(wayOut('thing/t-1')).toBe('Ask.');
});

test.each<[RegExp, string, boolean]>([
  [/^i-\d+$/, 'i-', true], [/^i-\d+$/, 'i', true], [/^i-\d+$/, 'i-12', true], [/^i-\d+$/, 'h-', false], [/^i-\d+$/, '1', false],
  [/^a\/b?c$/, 'a/c', true], [/^a\/b?c$/, 'a/', true], [/^a\/b?c$/, 'a:', false], [/^ab*c$/, 'a', true], [/^ab*c$/, 'ac', true], [/^ab{2}$/, 'ac', true],
  [/^(a|b)-$/, 'c', true], [/^thing$/, 'thing', true], [/^thing$/, 'things', false], [/^$/, '', true], [/^$/, 'a', false], [/^.+$/, 'a', true],
])('what is written before a token is what %s begins with: \'%s\'', (form, head, taken) => {
  expect(fits(form, `${head}${Fn.ref('Rest')}`)).toBe(taken);
});

test('an ARN without a Region has none', () => {
  expect(hasFormat(GLOBAL, `arn:aws:iam:${Fn.ref('Region')}:111122223333:root`)).toBe(true);
  expect(hasFormat(GLOBAL, `arn:aws:iam:us-${Fn.ref('Region')}:111122223333:root`)).toBe(false);
  expect(hasFormat(GLOBAL, 'arn:aws:iam::111122223333:root')).toBe(true);
  expect(hasFormat(GLOBAL, 'arn:aws:iam:us-east-1:111122223333:root')).toBe(false);
});

test('a refusal names the value, the construct that it is for, the form and the way out', () => {
  const stack = new Stack(new App(), 'Stack');
  expect(() => checkFormat(stack, lit`Thing`, THING, 'x')).toThrow('Stack: \'x\' is not the ARN of a thing: expected a right one. Ask.');
  expect(() => checkFormat(stack, lit`Thing`, THING, 'x', 'Imported')).toThrow('Stack: \'x\', for \'Imported\', is not the ARN of a thing: expected a right one. Ask.');
  expect(() => checkFormat(stack, lit`Thing`, { ...THING, wayOut: (value) => `Not ${value}.` }, 'x')).toThrow('expected a right one. Not x.');
  expect(() => checkFormat(stack, lit`Thing`, THING, 'arn:aws:license-manager:us-east-1:111122223333:thing:t-1')).not.toThrow();
});

test('a refusal shows no token of the app, but what stands in the template, and names what is missing', () => {
  const stack = new Stack(new App(), 'Stack');
  expect(() => checkFormat(stack, lit`Thing`, THING, `arn:aws:ec2:${Aws.REGION}:111122223333:thing:t-1`)).toThrow(
    'Stack: \'{"Fn::Join":["",["arn:aws:ec2:",{"Ref":"AWS::Region"},":111122223333:thing:t-1"]]}\' is not the ARN of a thing');
  expect(() => checkFormat(stack, lit`Thing`, THING, undefined as any)).toThrow('Stack: the ARN of a thing is missing: there is no default for it. Set it.');
  expect(() => checkFormat(stack, lit`Thing`, THING, undefined as any, 'Imported')).toThrow('Stack: the ARN of a thing, for \'Imported\', is missing: there is no');
});

test('a refusal shows no token', () => {
  const stack = new Stack(new App(), 'Stack', { env: { region: 'us-east-1' } });
  const shown = (partition: unknown, end: string) => JSON.stringify({ 'Fn::Join': ['', ['arn:', partition, end]] });
  expect(() => checkFormat(stack, lit`Thing`, THING, `arn:${Aws.PARTITION}:license-manager:us-east-1:111122223333:other:t-1`)).toThrow(
    `Stack: '${shown({ Ref: 'AWS::Partition' }, ':license-manager:us-east-1:111122223333:other:t-1')}' is not the ARN of a thing`);
  expect(() => checkFormat(stack, lit`Thing`, THING, `arn:aws-cn:license-manager:cn-north-1:${Aws.ACCOUNT_ID}:thing:t-1`)).toThrow(
    /^Stack: '\{"Fn::Join":\[.*\{"Ref":"AWS::AccountId"\}.*\]\}' is of partition 'aws-cn'/);
});

test.each([
  [accountFormat('SharePrincipal'), '111122223333', true],
  [accountFormat('SharePrincipal'), '11112222333', false],
  [accountFormat('SharePrincipal'), '1111222233334', false],
  [ORGANIZATION_FORMAT, `arn:aws:organizations::111122223333:organization/o-${'a'.repeat(10)}`, true],
  [ORGANIZATION_FORMAT, `arn:aws:organizations::111122223333:organization/o-${'a'.repeat(32)}`, true],
  [ORGANIZATION_FORMAT, `arn:aws:organizations::111122223333:organization/o-${'a'.repeat(9)}`, true],
  [ORGANIZATION_FORMAT, 'arn:aws:organizations::111122223333:organization/o-', false],
  [ORGANIZATIONAL_UNIT_FORMAT, `arn:aws:organizations::111122223333:ou/o-${'a'.repeat(10)}/ou-abcd-${'0'.repeat(8)}`, true],
  [ORGANIZATIONAL_UNIT_FORMAT, `arn:aws:organizations::111122223333:ou/o-${'a'.repeat(10)}/ou-abcd-${'0'.repeat(7)}`, true],
  [ORGANIZATIONAL_UNIT_FORMAT, `arn:aws:organizations::111122223333:ou/o-${'a'.repeat(10)}/o-abc-${'0'.repeat(8)}`, false],
])('principal %#: %p', (format, value, valid) => {
  expect(hasFormat(format, value)).toBe(valid);
});

describe('partitions', () => {
  const inRegion = (region?: string) => new Stack(new App(), 'Stack', { env: { region } });
  const thingOf = (partition: string) => `arn:${partition}:license-manager:us-east-1:111122223333:thing:t-1`;

  test.each([
    ['us-east-1', 'aws'], ['eu-central-1', 'aws'], ['us-gov-west-1', 'aws-us-gov'], ['cn-north-1', 'aws-cn'], [undefined, undefined], ['xx-unknown-1', undefined],
  ])('a stack in %s is in %s', (region, partition) => {
    expect(partitionOf(inRegion(region))).toBe(partition);
  });

  test.each([
    ['us-east-1', 'aws-cn'], ['us-east-1', 'aws-us-gov'], ['us-gov-west-1', 'aws'], ['cn-north-1', 'aws'],
  ])('a stack in %s refuses an ARN of %s', (region, partition) => {
    expect(() => checkFormat(inRegion(region), lit`Thing`, THING, thingOf(partition), 'Imported')).toThrow(
      `Stack: '${thingOf(partition)}', for 'Imported', is of partition '${partition}' and the stack, in '${region}', of `);
  });

  test('a refusal names both partitions and the way out', () => {
    expect(() => checkFormat(inRegion('us-gov-west-1'), lit`Thing`, THING, thingOf('aws-cn'))).toThrow(
      `Stack: '${thingOf('aws-cn')}' is of partition 'aws-cn' and the stack, in 'us-gov-west-1', of 'aws-us-gov': nothing of another partition can ` +
      'be used. Correct the ARN, or the Region of the stack.');
  });

  test.each([
    ['us-east-1', 'aws'], ['cn-north-1', 'aws-cn'], ['us-east-1', Aws.PARTITION], [undefined, 'aws-cn'], ['xx-unknown-1', 'aws-cn'],
  ])('a stack in %s takes an ARN of %s', (region, partition) => {
    expect(() => checkFormat(inRegion(region), lit`Thing`, THING, thingOf(partition))).not.toThrow();
  });

  test('what is no ARN has none', () => {
    expect(() => checkFormat(inRegion('us-east-1'), lit`Account`, accountFormat('SharePrincipal'), '111122223333')).not.toThrow();
    expect(() => checkPartition(inRegion('us-east-1'), 'secret:aws-cn')).not.toThrow();
    expect(() => checkPartition(inRegion('us-east-1'), 'arn:aws-cn')).toThrow('is of partition \'aws-cn\'');
  });
});
