import { Aws } from 'aws-cdk-lib';
import { formatOf } from '../../../src/custom-resource/construct/format';
import { ARN_PARTS, parseArn, SELF_MANAGED_LICENSE, USAGE_REPORT } from '../../../src/custom-resource/contract/arn';
import { ACCOUNT, hasFormat, PARTITION, REGION } from '../../../src/private/validation/format';

const LICENSE = 'arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-1';
const FORMAT = formatOf(SELF_MANAGED_LICENSE, 'Look it up.');

test('the form of ARNs says what it is, how it looks, and where to get one', () => {
  expect(FORMAT).toMatchObject({
    name: 'the ARN of a self-managed license',
    expected: "'arn:<partition>:license-manager:<region>:<account>:license-configuration:lic-<id>'",
  });
  const wayOut = FORMAT.wayOut as (arn: string) => string;
  expect(wayOut('lic-1')).toBe('Look it up.');
  expect(wayOut(LICENSE.replace(':lic-', '/lic-'))).toBe(`The id follows a colon, not a slash: '${LICENSE}'.`);
});

test('the form of usage reports is their own', () => {
  const format = formatOf(USAGE_REPORT, '');
  expect(format).toMatchObject({ name: 'the ARN of a usage report', expected: "'arn:<partition>:license-manager:<region>:<account>:report-generator:r-<id>'" });
  expect(hasFormat(format, 'arn:aws:license-manager:us-east-1:111122223333:report-generator:r-1')).toBe(true);
  expect(hasFormat(format, LICENSE)).toBe(false);
});

test.each([
  LICENSE, LICENSE.replace('lic-1', 'lic-A_b.c/d'), LICENSE.replace('arn:aws:', 'arn:aws-us-gov:').replace('us-east-1', 'us-gov-west-1'),
])('%s has it, on the construct side as in the function', (arn) => {
  expect(hasFormat(FORMAT, arn)).toBe(true);
  expect(parseArn(SELF_MANAGED_LICENSE, arn)).toMatchObject({ account: '111122223333' });
});

test.each([
  '', 'lic-1', LICENSE.replace('lic-1', ''), LICENSE.replace('lic-1', 'lic-'), LICENSE.replace('lic-1', 'l-1'), LICENSE.replace(':lic-', '/lic-'), `${LICENSE}:1`,
  `${LICENSE} 1`, `${LICENSE}|1`, ` ${LICENSE}`, LICENSE.replace('us-east-1', 'u-east-1'), LICENSE.replace('us-east-1', 'us-1'), LICENSE.replace('license-configuration', 'license'), LICENSE.replace('license-configuration', 'xlicense-configuration'),
  LICENSE.replace('license-manager', 'ec2'), LICENSE.replace('us-east-1', ''), LICENSE.replace('111122223333', '1111'), LICENSE.replace('arn:aws:', 'arn:azure:'),
])('%j does not, on neither side', (arn) => {
  expect(hasFormat(FORMAT, arn)).toBe(false);
  expect(parseArn(SELF_MANAGED_LICENSE, arn)).toBeUndefined();
});

test('the parts of ARNs are the same on both sides', () => {
  expect(ARN_PARTS).toMatchObject({ partition: PARTITION, region: REGION, account: ACCOUNT });
});

test('what is a token is not looked into', () => {
  expect(hasFormat(FORMAT, Aws.STACK_NAME)).toBe(true);
  expect(hasFormat(FORMAT, `arn:${Aws.PARTITION}:license-manager:${Aws.REGION}:${Aws.ACCOUNT_ID}:license-configuration:lic-1`)).toBe(true);
  expect(hasFormat(FORMAT, `arn:${Aws.PARTITION}:ec2:${Aws.REGION}:${Aws.ACCOUNT_ID}:license-configuration:lic-1`)).toBe(false);
});
