import { App, Aws, Stack, Token } from 'aws-cdk-lib';
import { GrantPrincipal } from '../../src';

const stack = new Stack(new App(), 'Stack');
const render = (principal: GrantPrincipal) => stack.resolve(principal._render(stack));

const ORGANIZATION = 'arn:aws:organizations::111122223333:organization/o-abcde12345';
const UNIT = 'arn:aws:organizations::111122223333:ou/o-abcde12345/ou-abcd-12345678';
const rootOf = (account: unknown) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', ...[account].flat(), ':root']] });

describe('how License Manager names', () => {
  test('an account: by its root user, in the partition of the stack', () => {
    expect(render(GrantPrincipal.fromAccountId('444455556666'))).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::444455556666:root']],
    });
    expect(render(GrantPrincipal.fromAccountId(Token.asString({ Ref: 'Account' })))).toEqual(rootOf([{ Ref: 'Account' }]));
  });

  test.each([ORGANIZATION, ORGANIZATION.replace('aws', 'aws-us-gov'), `arn:${Aws.PARTITION}:organizations::${Aws.ACCOUNT_ID}:organization/o-abcde12345`])(
    'an organization: %s', (arn) => {
      expect(render(GrantPrincipal.fromOrganizationArn(arn))).toEqual(stack.resolve(arn));
    });

  test('an organizational unit', () => {
    expect(render(GrantPrincipal.fromOrganizationalUnitArn(UNIT))).toBe(UNIT);
  });
});

describe('what an ARN names, as CloudFormation\'s schema takes it', () => {
  test.each([
    'arn:aws:iam::444455556666:root', ORGANIZATION, UNIT, 'arn:aws:organizations::111122223333:organization/o-abcd12345',
    'arn:aws-cn:iam::444455556666:root', `arn:aws:iam::444455556666:role/${'a'.repeat(1018)}`, `arn:aws:${'a'.repeat(63)}::444455556666:root`,
    `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root`, Token.asString({ Ref: 'Principal' }),
  ])('%s is taken', arn => expect(render(GrantPrincipal.fromArn(arn))).toEqual(stack.resolve(arn)));

  test.each([
    '444455556666', 'o-abcd12345', '', 'arn:aws:iam::444455556666', 'arn:aws:iam::444455556666:', 'arn:amazon:iam::444455556666:root',
    `arn:aws:iam::444455556666:role/${'a'.repeat(1020)}`, `arn:aws:${'a'.repeat(64)}::444455556666:root`, 'arn:aws:iam::444455556666:ro ot',
  ])('\'%s\' is refused', arn => expect(() => render(GrantPrincipal.fromArn(arn))).toThrow(
    `Stack: '${arn}' is not the ARN of a principal: expected 'arn:<partition>:iam::<account>:root', or that of an organizational unit or an organization. For ` +
    'the id of an account, use GrantPrincipal.fromAccountId().'));
});

describe('what is refused', () => {
  const WAY_OUT = 'For an organization or an organizational unit, use GrantPrincipal.fromOrganizationArn() or .fromOrganizationalUnitArn().';

  test.each(['44445555666', '4444555566667', 'o-abcde12345', 'arn:aws:iam::444455556666:root'])('%s as an account', (id) => {
    expect(() => render(GrantPrincipal.fromAccountId(id))).toThrow(`Stack: '${id}' is not an account id: expected 12 digits. ${WAY_OUT}`);
  });

  test('an organization by its id, or as a unit', () => {
    for (const value of ['o-abcde12345', UNIT]) {
      expect(() => render(GrantPrincipal.fromOrganizationArn(value))).toThrow(`Stack: '${value}' is not the ARN of an organization: expected`);
    }
  });

  test('a unit by its id, or as an organization', () => {
    for (const value of ['ou-abcd-12345678', ORGANIZATION]) {
      expect(() => render(GrantPrincipal.fromOrganizationalUnitArn(value))).toThrow(`Stack: '${value}' is not the ARN of an organizational unit: expected`);
    }
  });
});
