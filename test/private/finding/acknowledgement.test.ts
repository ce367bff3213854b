import { App, Aws, Fn, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { acknowledgeWildcard } from '../../../src/private/finding/acknowledgement';

/** What cdk-nag finds in a policy on these resources, of which one is acknowledged. */
function findings(resources: (bucket: CfnBucket) => string[], acknowledged: (bucket: CfnBucket) => string): string[] {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const bucket = new CfnBucket(stack, 'Bucket');
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  new Policy(stack, 'Policy', { roles: [role], statements: [new PolicyStatement({ actions: ['s3:GetObject'], resources: resources(bucket) })] });
  acknowledgeWildcard(stack, acknowledged(bucket), 'It is a test.');
  return new AwsSolutionsChecks(app).validateScope(app).violations.map(({ ruleName }) => ruleName).filter((rule) => rule.includes('IAM5'));
}

test.each<[string, (bucket: CfnBucket) => string]>([
  ['everything', () => '*'],
  ['pseudo parameters', () => `arn:${Aws.PARTITION}:license-manager:${Aws.REGION}:${Aws.ACCOUNT_ID}:license:*`],
  ['an attribute of a resource', (bucket) => `${bucket.attrArn}/Reports/*`],
  ['a reference', (bucket) => `arn:aws:s3:::${bucket.ref}/*`],
])('a wildcard with %s is acknowledged', (_, arn) => {
  expect(findings((bucket) => [arn(bucket)], arn)).toEqual([]);
});

test('another wildcard is not', () => {
  expect(findings((bucket) => [`${bucket.attrArn}/*`, `${bucket.attrArn}/Reports/*`], (bucket) => `${bucket.attrArn}/Reports/*`))
    .toEqual([expect.stringMatching(/^AwsSolutions-IAM5\[Resource::<Bucket.Arn>\/\*\]$/)]);
});

test('what has no wildcard, or is not known, is not in the way', () => {
  expect(findings((bucket) => [bucket.attrArn], () => Fn.importValue('Bucket'))).toEqual([]);
});
