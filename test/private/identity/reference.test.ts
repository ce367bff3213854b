import { App, Aws, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { CfnHost } from 'aws-cdk-lib/aws-ec2';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { accountOf, accountOfArn, firstDouble, identityOf, knownToDiffer, referredConstruct, regionOf, regionOfArn } from '../../../src/private/identity/reference';

test('two attributes of a thing that has one identity are the same, those of other things are not', () => {
  const stack = new Stack(new App(), 'Stack');
  const host = new CfnHost(stack, 'Host', { availabilityZone: 'us-east-1a' });
  const bucket = new CfnBucket(stack, 'Bucket');

  expect(identityOf(host.ref)).toBe(identityOf(host.attrHostId));
  expect(identityOf(bucket.attrArn)).not.toBe(identityOf(bucket.attrDomainName));
  expect(identityOf(bucket.attrArn)).toBe(identityOf(bucket.attrArn));
});

test.each([
  ['AWS::EC2::Host', true], ['AWS::EC2::Instance', true], ['AWS::LicenseManager::License', true], ['AWS::LicenseManager::LicenseAssetGroup', true],
  ['AWS::LicenseManager::LicenseAssetRuleSet', true], ['AWS::LicenseManager::LicenseConfiguration', true], ['AWS::LicenseManager::ReportGenerator', true],
  ['AWS::ResourceGroups::Group', true], ['AWS::S3::Bucket', false], ['AWS::EC2::LaunchTemplate', false],
])('whichever attribute of a resource of type %s names it, names the same: %p', (type, same) => {
  const resource = new CfnResource(new Stack(new App(), 'Stack'), 'Resource', { type });

  expect(identityOf(resource.getAtt('One').toString()) === identityOf(resource.getAtt('Other').toString())).toBe(same);
});

test('a text is its own identity, and so is what is put together from tokens', () => {
  expect(identityOf('text')).toBe('text');
  expect(identityOf(`${Aws.REGION}-x`)).toBe(`${Aws.REGION}-x`);
  expect(identityOf(Fn.importValue('x'))).not.toBe(identityOf(Fn.importValue('y')));
});

test('the first double of a list is found', () => {
  expect(firstDouble(['a', 'b', 'B', 'A'], (each) => each.toLowerCase())).toBe('B');
  expect(firstDouble(['a', 'b'], (each) => each)).toBeUndefined();
  expect(firstDouble([], String)).toBeUndefined();
});

test('only what is written out is known to differ', () => {
  expect(knownToDiffer('us-east-1', 'eu-central-1')).toBe(true);
  expect(knownToDiffer('us-east-1', 'us-east-1')).toBe(false);
  expect(knownToDiffer('us-east-1', Aws.REGION)).toBe(false);
});

test('Region and account of an ARN may be there, may be missing, and may be tokens', () => {
  expect(regionOfArn('arn:aws:ec2:us-east-1:111122223333:dedicated-host/h-1')).toBe('us-east-1');
  expect(accountOfArn('arn:aws:ec2:us-east-1:111122223333:dedicated-host/h-1')).toBe('111122223333');
  expect(regionOfArn(`arn:aws:ec2:${Aws.REGION}::image/ami-1`)).toBe(Aws.REGION);
  expect(accountOfArn('arn:aws:ec2:us-east-1::image/ami-1')).toBeUndefined();
  expect(regionOfArn(Fn.importValue('x'))).toBeUndefined();
});

test('Region and account of a resource are those of its ARN where it names them, else those of its construct', () => {
  const resource = { env: { account: '999988887777', region: 'eu-west-1' } };

  expect(regionOf(resource, 'arn:aws:ec2:us-east-1:111122223333:dedicated-host/h-1')).toBe('us-east-1');
  expect(accountOf(resource, 'arn:aws:ec2:us-east-1:111122223333:dedicated-host/h-1')).toBe('111122223333');
  expect(regionOf(resource, 'arn:aws:kms:::key/1')).toBe('eu-west-1');
  expect(accountOf(resource, Fn.importValue('x'))).toBe('999988887777');
});

test('what a text refers to is told, if it is a reference and nothing else', () => {
  const bucket = new CfnBucket(new Stack(new App(), 'Stack'), 'Bucket');

  expect(referredConstruct(bucket.attrArn)).toBe(bucket);
  expect(referredConstruct(bucket.ref)).toBe(bucket);
  expect(referredConstruct(`${bucket.attrArn}/*`)).toBeUndefined();
  expect(referredConstruct(Fn.importValue('x'))).toBeUndefined();
  expect(referredConstruct('text')).toBeUndefined();
});
