import { App, Aws, CfnParameter, CfnResource, Fn, Lazy, NestedStack, Stack, Token } from 'aws-cdk-lib';
import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { identityInTemplate } from '../../../src/private/identity/template-identity';

const ARN = 'arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-1';

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

function license(scope: Construct = stack, id = 'License'): CfnLicenseConfiguration {
  return new CfnLicenseConfiguration(scope, id, { name: 'license', licenseCountingType: 'vCPU' });
}

/** What texts name, for the template of a stack. */
function identify(...texts: string[]): string {
  return identityInTemplate(stack, texts)();
}

describe('what a text names', () => {
  test.each(['text', '', 'Microsoft Windows Server', 'arn', 'arn:aws', 'arn:aws:s3::', 'urn:a:b:c:d:e', 'ami-1'])('is itself: %j', (text) => {
    expect(identify(text)).toBe(JSON.stringify([text]));
  });

  test('is, of an ARN, the resource alone: the rest is that of the stack, written out or left open', () => {
    const arns = [
      ARN,
      `arn:${Aws.PARTITION}:license-manager:${Aws.REGION}:${Aws.ACCOUNT_ID}:license-configuration:lic-1`,
      `arn:${stack.partition}:license-manager:${stack.region}:${stack.account}:license-configuration:lic-1`,
    ];
    expect(new Set(arns.map(each => identify(each)))).toEqual(new Set(['["license-configuration:lic-1"]']));
  });

  test('differs for other resources, also where only the kind or the case is another', () => {
    const image = 'arn:aws:ec2:us-east-1::image/ami-1';
    const all = [ARN, `${ARN}2`, ARN.replace('license-configuration:', 'report-generator:'), image, image.replace('ami-1', 'AMI-1'), 'lic-1', 'ami-1'];
    expect(new Set(all.map(each => identify(each))).size).toBe(all.length);
  });

  test('differs for other texts, and for the same in another order or cut in another way', () => {
    const all = [['a', 'b'], ['b', 'a'], ['ab'], ['a,b'], ['a","b'], ['a'], ['a', 'b', '']];
    expect(new Set(all.map(each => identify(...each))).size).toBe(all.length);
  });
});

describe('what a reference names', () => {
  test('is the resource by its logical id, and nothing else of it', () => {
    expect(identify(license().attrLicenseConfigurationArn)).toBe('["License"]');
  });

  test('is the same by Ref and by attribute, where the resource is one thing', () => {
    const it = license();
    expect(identify(it.ref)).toBe(identify(it.attrLicenseConfigurationArn));
    const instance = new CfnInstance(stack, 'Instance', {});
    expect(identify(instance.ref)).toBe(identify(instance.attrInstanceId));
  });

  test('differs by attribute where each may be another thing', () => {
    const bucket = new CfnBucket(stack, 'Bucket');
    const image = new CfnResource(stack, 'Image', { type: 'Custom::Image' });
    expect(new Set([bucket.ref, bucket.attrArn, image.getAtt('Old').toString(), image.getAtt('New').toString()].map(each => identify(each))).size).toBe(4);
  });

  test('is the same in an ARN that is put together from it, wherever its Region comes from', () => {
    const instance = new CfnInstance(stack, 'Instance', {});
    const arns = [
      `arn:aws:ec2:us-east-1:111122223333:instance/${instance.ref}`,
      `arn:${Aws.PARTITION}:ec2:${Aws.REGION}:${Aws.ACCOUNT_ID}:instance/${instance.attrInstanceId}`,
      stack.formatArn({ service: 'ec2', resource: 'instance', resourceName: instance.ref }),
    ];
    expect(new Set(arns.map(each => identify(each)))).toEqual(new Set(['["instance/Instance"]']));
  });

  test('differs for two resources', () => {
    expect(identify(license().ref)).not.toBe(identify(license(stack, 'Other').ref));
  });

  test('does not depend on where the construct is, if its logical id is the same', () => {
    const it = license(new Construct(new Construct(stack, 'Deep'), 'Deeper'));
    it.overrideLogicalId('License');
    const there = identify(it.ref);
    stack = new Stack(new App(), 'Stack');
    expect(there).toBe(identify(license().ref));
  });

  test('follows a logical id that is set later', () => {
    const it = license();
    const found = identityInTemplate(stack, [it.ref]);
    expect(found()).toBe('["License"]');
    it.overrideLogicalId('Renamed');
    expect(found()).toBe('["Renamed"]');
  });

  test('is that of a parameter by its name, and of an import by what it imports', () => {
    const [one, other] = ['One', 'Other'].map(name => new CfnParameter(stack, name).valueAsString);
    const image = StringParameter.valueForStringParameter(stack, '/image');
    const all = [one, other, image, Fn.importValue('One'), Fn.importValue('Other')];
    expect(new Set(all.map(each => identify(each))).size).toBe(all.length);
    expect(identify(StringParameter.valueForStringParameter(stack, '/image'))).toBe(identify(image));
  });

  test('may be more than one, with text between them', () => {
    const [one, other] = ['One', 'Other'].map(name => new CfnParameter(stack, name).valueAsString);
    const all = [`${one}-${other}`, `${other}-${one}`, `${one}${other}`, `${one}-`, one];
    expect(new Set(all.map(each => identify(each))).size).toBe(all.length);
  });

  test('may be any other token, which is what it resolves to', () => {
    expect(identify(Lazy.string({ produce: () => 'later' }))).toBe(identify(Token.asString({ resolve: () => 'later' })));
    expect(identify(Lazy.string({ produce: () => 'later' }))).not.toBe(identify(Lazy.string({ produce: () => 'sooner' })));
  });
});

describe('what a reference to another stack names', () => {
  test('is not what has the same logical id in the own one', () => {
    const other = license(new Stack(app, 'Other', { env: { account: '111122223333', region: 'us-east-1' } }));
    expect(identify(other.ref)).toBe('["Other/License"]');
    expect(identify(other.ref)).not.toBe(identify(license().ref));
  });

  test('is known by the name of the stack, and not by its place in the app', () => {
    const byName = (id: string) => identify(license(new Stack(new App(), id, { stackName: 'licenses', env: { account: '1', region: 'r' } })).ref);
    expect(byName('One')).toBe(byName('Two'));
  });

  test('is the same before and after the reference is written as an export', () => {
    const other = license(new Stack(app, 'Other', { env: { account: '111122223333', region: 'us-east-1' } }));
    new CfnResource(stack, 'User', { type: 'Test::User', properties: { Arn: other.ref } });
    const found = identityInTemplate(stack, [other.ref]);
    const before = found();
    app.synth();
    expect(JSON.stringify(stack.resolve(other.ref))).toContain('Fn::ImportValue');
    expect(found()).toBe(before);
  });

  test('is that of a nested stack by its path, from above and from below', () => {
    const [one, other] = ['One', 'Other'].map(id => new NestedStack(stack, id));
    expect(identify(license(one).ref)).toBe('["Stack/One/License"]');
    expect(identify(license(other).ref)).toBe('["Stack/Other/License"]');
    expect(identityInTemplate(one, [license().ref])()).toBe('["Stack/License"]');
    expect(identityInTemplate(one, [license(new Construct(one, 'Below')).ref])()).toMatch(/^\["Below/);
  });
});
