import { App, Aws, CfnParameter, Fn, Resource, Stack } from 'aws-cdk-lib';
import { lit } from 'aws-cdk-lib/core/lib/helpers-internal';
import { AMI, boundByArn, boundById, checkEc2Id, HOST, INSTANCE } from '../../../src/private/license/ec2-resource';

const HOST_ID = 'h-0123456789abcdef0';
const HOST_ARN = `arn:aws:ec2:us-east-1:111122223333:dedicated-host/${HOST_ID}`;

let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

describe('an id', () => {
  const check = (id: string, kind = HOST) => () => checkEc2Id(stack, lit`TestId`, kind, id, 'Do this.');

  describe.each([['AMI', AMI, 'ami-'], ['EC2 instance', INSTANCE, 'i-'], ['EC2 Dedicated Host', HOST, 'h-']])('of an %s', (name, kind, prefix) => {
    test.each(['01234567', '89abcdef', '0123456789abcdef0', '12345678901EXAMPL'])(`${prefix}%s is taken`, digits => expect(check(`${prefix}${digits}`, kind)).not.toThrow());

    test.each([
      `${prefix}0`, `${prefix}0123456`, `${prefix}012345678`, `${prefix}0123456789abcdef`, `${prefix}0123456789abcdef01`,
      `${prefix}0123456-`, `${prefix}${'0'.repeat(16)}_`, `x${prefix}01234567`, `${prefix}01234567x`, '01234567',
    ])('%s is refused', id => expect(check(id, kind)).toThrow(
      `Stack: '${id}' is not the id of an ${name}: it has to be '${prefix}' and 8 or 17 letters and digits. Do this.`));
  });

  test.each(['h-01234567', HOST_ID])('%s is taken', id => expect(check(id)).not.toThrow());

  test.each([Fn.importValue('id'), `h-${Fn.importValue('id')}`, `h-0123${Fn.importValue('id')}`])('a token is not looked into: %s', id => expect(check(id)).not.toThrow());

  test.each(['i-', 'x', 'arn:aws:ec2:'])('\'%s\' before a token is refused', head => expect(check(`${head}${Fn.importValue('id')}`)).toThrow(
    `Stack: '{"Fn::Join":["",["${head}",{"Fn::ImportValue":"id"}]]}' is not the id of an EC2 Dedicated Host: it has to be 'h-' and 8 or 17 letters and digits. Do this.`));

  test.each(['h-0123456', 'h-012345678', HOST_ID.slice(0, -1), `${HOST_ID}1`, HOST_ID.toUpperCase(), 'i-01234567', ''])('\'%s\' is refused', id =>
    expect(check(id)).toThrow(`Stack: '${id}' is not the id of an EC2 Dedicated Host: it has to be 'h-' and 8 or 17 letters and digits. Do this.`));
});

describe('the resource of an id', () => {
  test('is of the stack\'s account and Region', () => {
    expect(stack.resolve(boundById(stack, INSTANCE, 'i-01234567'))).toEqual({
      arn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ec2:us-east-1:111122223333:instance/i-01234567']] },
      name: 'i-01234567',
      identity: 'instance/i-01234567',
      region: 'us-east-1',
      account: '111122223333',
    });
  });

  test('is of its owner\'s account and Region', () => {
    class Owner extends Resource {}
    const owner = new Owner(stack, 'Owner', { account: '444455556666', region: 'eu-west-1' });

    expect(boundById(stack, HOST, HOST_ID, owner)).toMatchObject({ account: '444455556666', region: 'eu-west-1' });
  });

  test('is of no account if it is an AMI', () => {
    const bound = boundById(stack, AMI, 'ami-01234567');

    expect(bound.account).toBeUndefined();
    expect(bound.arn).toMatch(/:ec2:us-east-1::image\/ami-01234567$/);
  });

  test('has no identity if the id is made up', () => {
    expect(boundById(stack, AMI, 'ami-1234').identity).toBeUndefined();
  });
});

describe('the resource of an ARN', () => {
  const bind = (arn: string) => boundByArn(stack, lit`TestArn`, HOST, arn, 'Do this.');

  test('is what the ARN says', () => {
    expect(bind(HOST_ARN)).toEqual({
      arn: HOST_ARN, name: HOST_ID, identity: `dedicated-host/${HOST_ID}`, region: 'us-east-1', account: '111122223333',
    });
  });

  test('is the same as that of its id', () => {
    expect(bind(HOST_ARN).identity).toBe(boundById(stack, HOST, HOST_ID).identity);
  });

  test('is not known if the ARN is a token', () => {
    const arn = Fn.importValue('arn');
    const bound = bind(arn);

    expect([bound.region, bound.account]).toEqual([undefined, undefined]);
    expect(bound.name).toBe('{"Fn::ImportValue":"arn"}');
    expect(bound.identity).toBe(`dedicated-host/${arn}`);
    expect(bound.identity).not.toBe(bind(Fn.importValue('other')).identity);
  });

  test('has no identity as long as it has still to be looked up', () => {
    expect(bind('dummy-value-for-/host')).toEqual({ arn: 'dummy-value-for-/host', name: 'dummy-value-for-/host' });
  });

  test('is refused if it is of another partition than the stack', () => {
    const arn = HOST_ARN.replace(':aws:', ':aws-cn:').replace('us-east-1', 'cn-north-1');
    expect(() => bind(arn)).toThrow(`Stack: '${arn}' is of partition 'aws-cn' and the stack, in 'us-east-1', of 'aws'`);
  });

  test.each([
    ['the partition', HOST_ARN.replace(':aws:', `:${Aws.PARTITION}:`)],
    ['the Region', HOST_ARN.replace('us-east-1', Aws.REGION)],
    ['the account', HOST_ARN.replace('111122223333', Aws.ACCOUNT_ID)],
    ['the id', HOST_ARN.replace(HOST_ID, Fn.importValue('id'))],
    ['type and id', HOST_ARN.replace(`dedicated-host/${HOST_ID}`, Fn.importValue('resource'))],
    ['the end of the id', HOST_ARN.replace('0123456789abcdef0', Fn.importValue('id'))],
    ['all after the service', `arn:aws:ec2:${Fn.importValue('rest')}`],
  ])('may have a token as %s', (_, arn) => expect(bind(arn).arn).toBe(arn));

  test('a type that is written beside a token is checked', () => {
    const id = new CfnParameter(stack, 'Id').valueAsString;
    expect(() => bind(`arn:aws:ec2:us-east-1:111122223333:/${id}`)).toThrow('is not the ARN of an EC2 Dedicated Host');
    expect(() => bind(`arn:aws:ec2:us-east-1:111122223333:instance/${id}`)).toThrow('is not the ARN of an EC2 Dedicated Host');
    expect(() => bind(`arn:aws:ec2:us-east-1:111122223333:dedicated-host/i-${id}`)).toThrow('is not the ARN of an EC2 Dedicated Host');
    expect(() => bind(`arn:aws:s3:${id}`)).toThrow('is not the ARN of an EC2 Dedicated Host');
  });

  test.each([
    'arn:aws:ec2', HOST_ARN.replace('arn:', 'urn:'), HOST_ARN.replace('dedicated-host/', ''), HOST_ARN.replace('111122223333', ''), `${HOST_ARN}:1`,
    HOST_ARN.replace(':ec2:', ':xec2:'), HOST_ARN.replace(':ec2:', ':ec2x:'),
  ])('\'%s\' is refused', arn => expect(() => bind(arn)).toThrow(
    `Stack: '${arn}' is not the ARN of an EC2 Dedicated Host: expected 'arn:<partition>:ec2:<region>:<account>:dedicated-host/h-' and 8 or 17 ` +
    'letters and digits. Do this.'));
});
