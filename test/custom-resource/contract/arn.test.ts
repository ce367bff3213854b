import {
  AMI, type ArnKind, arnExample, arnPattern, checkArn, DEDICATED_HOST, idPosition, INSTANCE, isArn, parseArn, SELF_MANAGED_LICENSE, USAGE_REPORT,
} from '../../../src/custom-resource/contract/arn';
import { Refusal } from '../../../src/custom-resource/contract/refusal';

const PLACE = { partition: 'aws', region: 'us-east-1', account: '111122223333', stackId: '', stackName: 'name' };

/** One that names no Region, as those of IAM and Organizations. */
const GLOBAL: ArnKind = { name: 'a role', service: 'iam', resource: 'role/', id: '', global: true };

/** Kinds, an ARN of each, and what they look like. */
const KINDS: [ArnKind, string, string][] = [
  [SELF_MANAGED_LICENSE, 'arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-1', 'arn:<partition>:license-manager:<region>:<account>:license-configuration:lic-<id>'],
  [USAGE_REPORT, 'arn:aws:license-manager:us-east-1:111122223333:report-generator:r-1', 'arn:<partition>:license-manager:<region>:<account>:report-generator:r-<id>'],
  [AMI, 'arn:aws:ec2:us-east-1::image/ami-1', 'arn:<partition>:ec2:<region>::image/ami-<id>'],
  [INSTANCE, 'arn:aws:ec2:us-east-1:111122223333:instance/i-1', 'arn:<partition>:ec2:<region>:<account>:instance/i-<id>'],
  [DEDICATED_HOST, 'arn:aws:ec2:us-east-1:111122223333:dedicated-host/h-1', 'arn:<partition>:ec2:<region>:<account>:dedicated-host/h-<id>'],
  [GLOBAL, 'arn:aws:iam::111122223333:role/a/b', 'arn:<partition>:iam::<account>:role/<id>'],
];

describe.each(KINDS.map(([kind, arn, shown]) => [kind.name, kind, arn, shown] as const))('the ARN of %s', (_name, kind, arn, shown) => {
  test('has its parts', () => {
    const [, partition, , region, account] = arn.split(':');
    expect(parseArn(kind, arn)).toEqual({ partition, region, account, id: arn.slice(arn.indexOf(kind.resource) + kind.resource.length) });
    expect(isArn(kind, arn)).toBe(true);
  });

  test('is not that of any other kind', () => {
    expect(KINDS.filter(([other]) => isArn(other, arn)).map(([other]) => other)).toEqual([kind]);
  });

  test.each([
    ['nothing', ''],
    ['the id alone', arn.slice(arn.lastIndexOf(':') + 1)],
    ['another prefix', arn.replace('arn:', 'urn:')],
    ['no partition', arn.replace(':aws:', '::')],
    ['a partition of somebody else', arn.replace(':aws:', ':azure:')],
    ['a partition that only ends like one', arn.replace(':aws:', ':xaws:')],
    ['a partition with a hyphen too many', arn.replace(':aws:', ':aws-:')],
    ['another service', arn.replace(`:${kind.service}:`, ':s3:')],
    ['another type of resource', arn.replace(kind.resource, `x${kind.resource}`)],
    ['another separator', arn.replace(kind.resource, kind.resource.endsWith(':') ? kind.resource.replace(':', '/') : kind.resource.replace('/', ':'))],
    ['nothing before it', ` ${arn}`],
    ['a space behind it', `${arn} `],
    ['a part too many', `${arn}:1`],
    ['what separates the parts of a physical id', `${arn}|x`],
    ['a Region too many or too few', kind.global ? arn.replace('::', ':us-east-1:') : arn.replace('us-east-1', '')],
    ['an account too many or too few', kind.unowned ? arn.replace('::', ':111122223333:') : arn.replace('111122223333', '')],
  ])('is none with %s', (_what, text) => {
    expect(parseArn(kind, text)).toBeUndefined();
    expect(isArn(kind, text)).toBe(false);
  });

  test('is shown in a place as far as that is known', () => {
    expect(arnExample(kind)).toBe(shown);
    expect(arnExample(kind, PLACE)).not.toMatch(/<(partition|region|account)>/);
    expect(arnExample(kind, { ...PLACE, account: undefined }).includes('<account>')).toBe(!kind.unowned);
  });

  test('is one of those that a policy permits, and of no other account, Region or kind', () => {
    const permitted = (text: string) => new RegExp(`^${arnPattern(kind, PLACE).replace(/\*/g, '.*')}$`).test(text);
    expect(KINDS.filter(([, other]) => permitted(other)).map(([other]) => other)).toEqual([kind]);
    expect(arn.includes('111122223333') && permitted(arn.replace('111122223333', '444455556666'))).toBe(false);
    expect(arn.includes('us-east-1') && permitted(arn.replace('us-east-1', 'eu-west-1'))).toBe(false);
    expect(permitted(arn.replace('arn:aws:', 'arn:aws-cn:'))).toBe(false);
  });

  test('has its id where CloudFormation is told to look for it', () => {
    const { part, afterSlash } = idPosition(kind);
    const found = arn.split(':')[part];
    expect(afterSlash ? found.slice(found.indexOf('/') + 1) : found).toBe(parseArn(kind, arn)!.id);
  });
});

describe('an id', () => {
  const arnOf = (id: string) => `arn:aws:license-manager:us-east-1:111122223333:license-configuration:${id}`;

  test.each(['lic-1', 'lic-0123456789abcdef0123456789abcdef', 'lic-A_b.c/d', 'lic-ü'])('may be %s: the API says nothing of its form', (id) => {
    expect(parseArn(SELF_MANAGED_LICENSE, arnOf(id))?.id).toBe(id);
  });

  test.each(['', 'lic-', 'li-1', 'LIC-1', 'lic- ', 'lic- 1', 'lic-1:2', 'lic-1|2', 'lic-1\n'])('is not %j', (id) => {
    expect(isArn(SELF_MANAGED_LICENSE, arnOf(id))).toBe(false);
  });
});

test.each(['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-eusc'])('an ARN may be of partition %s', (partition) => {
  expect(parseArn(AMI, `arn:${partition}:ec2:us-east-1::image/ami-1`)?.partition).toBe(partition);
});

test.each(['us-east-1', 'ap-southeast-4', 'us-gov-west-1', 'us-isob-east-1', 'eusc-de-east-1', 'xx-somewhere-10'])('an ARN may be of Region %s', (region) => {
  expect(parseArn(AMI, `arn:aws:ec2:${region}::image/ami-1`)?.region).toBe(region);
});

test.each(['*', 'useast1', 'us-east', 'us-east-', 'us-east-1a', 'US-EAST-1', '-east-1', '1us-east-1'])('an ARN is of no Region %s', (region) => {
  expect(isArn(AMI, `arn:aws:ec2:${region}::image/ami-1`)).toBe(false);
});

test.each(['11112222333', '1111222233334', '11112222333a', 'aws', '*'])('an ARN is of no account %s', (account) => {
  expect(isArn(INSTANCE, `arn:aws:ec2:us-east-1:${account}:instance/i-1`)).toBe(false);
});

describe('what a template declares', () => {
  const OWN_ONLY = 'Deploy it to the account of the license';
  const LICENSE = KINDS[0][1];
  const check = (arn: string, rule: Partial<Parameters<typeof checkArn>[3]> = {}, place = PLACE) =>
    checkArn(arn, 'Arn', place, { kinds: [SELF_MANAGED_LICENSE], ...rule });

  test('is taken if it is of the kind and the place, and of any account, unless it has to be an own one', () => {
    const foreign = LICENSE.replace('111122223333', '444455556666');
    expect(check(LICENSE)).toBe(LICENSE);
    expect(check(LICENSE, { ownOnly: OWN_ONLY })).toBe(LICENSE);
    expect(check(foreign)).toBe(foreign);
  });

  test('of another account is refused if it has to be an own one, unless it names none', () => {
    expect(() => check(LICENSE.replace('111122223333', '444455556666'), { ownOnly: OWN_ONLY })).toThrow(new Refusal(
      `Arn '${LICENSE.replace('111122223333', '444455556666')}' belongs to account 444455556666, and the stack is in account 111122223333. ${OWN_ONLY}`));
    expect(check(KINDS[2][1], { kinds: [AMI, INSTANCE], ownOnly: OWN_ONLY })).toBe(KINDS[2][1]);
  });

  test('of another Region is refused, unless it names none', () => {
    const far = LICENSE.replace('us-east-1', 'eu-west-1');
    expect(() => check(far)).toThrow(new Refusal(`Arn '${far}' is in Region eu-west-1, and the stack is in Region us-east-1. `
      + 'License Manager takes a self-managed license of the same Region only: deploy this resource to eu-west-1'));
    expect(check(KINDS[5][1], { kinds: [GLOBAL] }, { ...PLACE, region: 'eu-west-1' })).toBe(KINDS[5][1]);
  });

  test('of another partition is refused', () => {
    const chinese = KINDS[3][1].replace('arn:aws:', 'arn:aws-cn:').replace('us-east-1', 'cn-north-1');
    expect(() => check(chinese, { kinds: [AMI, INSTANCE] })).toThrow(new Refusal(
      `Arn '${chinese}' is in partition aws-cn, and the stack is in partition aws. License Manager takes a resource of the same partition only`));
  });

  test.each<[string, Partial<Parameters<typeof checkArn>[3]>, string]>([
    ['of one kind', {},
      'is not the ARN of a self-managed license. Expected: arn:aws:license-manager:us-east-1:<account>:license-configuration:lic-<id>'],
    ['of one kind of the own account', { ownOnly: OWN_ONLY },
      'is not the ARN of a self-managed license. Expected: arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-<id>'],
    ['of two kinds', { kinds: [AMI, INSTANCE] },
      'is not the ARN of an AMI or an EC2 instance. Expected: arn:aws:ec2:us-east-1::image/ami-<id> or arn:aws:ec2:us-east-1:<account>:instance/i-<id>'],
    ['of three kinds, with a way out', { kinds: [AMI, INSTANCE, DEDICATED_HOST], otherwise: 'Find it', ownOnly: OWN_ONLY },
      'is not the ARN of an AMI, an EC2 instance or a Dedicated Host. Expected: arn:aws:ec2:us-east-1::image/ami-<id>, '
      + 'arn:aws:ec2:us-east-1:111122223333:instance/i-<id> or arn:aws:ec2:us-east-1:111122223333:dedicated-host/h-<id>. Find it'],
  ])('%s is no other', (_what, rule, message) => {
    expect(() => check('db-1', rule)).toThrow(new Refusal(`Arn 'db-1' ${message}`));
  });
});
