import { App, Aws, CfnParameter, Fn, Lazy, PropertyInjectors, RemovalPolicy, Stack, Stage, Token } from 'aws-cdk-lib';
import type { InjectionContext, IPropertyInjector } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { CfnLicenseConfiguration, ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { ImportedLicense, LICENSE_ARN, makeLicense, makeLicenses } from './licenses';
import {
  AmiAssociationScope, LicenseConfiguration, LicenseConfigurationAssociation, LicenseConfigurationStatus, LicenseCounting, LicensedResource, mixins,
} from '../../src';
import { acknowledge } from '../support/validator';

const AMI = 'ami-0123456789abcdef0';
const OTHER_AMI = 'ami-0fedcba9876543210';
const INSTANCE = 'i-0123456789abcdef0';
const HOST = 'h-0123456789abcdef0';
const TYPE = 'Custom::LicenseManagerLicenseConfigurationAssociation';

let app: App;
let stack: Stack;
let license: CfnLicenseConfiguration;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  license = makeLicense(stack, 'License');
});

function imported(scope: Stack, arn: string): ILicenseConfigurationRef {
  return new ImportedLicense(scope, 'Imported', arn);
}

function associate(resource: LicensedResource, licenseConfiguration: ILicenseConfigurationRef = license, id = 'Association', scope = stack) {
  return new LicenseConfigurationAssociation(scope, id, { licenseConfiguration, resource });
}

function ec2Arn(account: unknown, resource: string) {
  return { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ec2:us-east-1:${account}:${resource}`]] };
}

describe('what an association names', () => {
  test('an AMI by its id', () => {
    const association = associate(LicensedResource.fromMachineImageId(AMI));

    const template = Template.fromStack(stack);
    template.hasResourceProperties(TYPE, {
      LicenseConfigurationArn: { Ref: 'License' },
      ResourceArn: ec2Arn('', `image/${AMI}`),
      AmiAssociationScope: Match.absent(),
    });
    expect(stack.resolve(association.resourceArn)).toEqual(ec2Arn('', `image/${AMI}`));
    expect(stack.resolve(association.licenseConfigurationArn)).toEqual({ Ref: 'License' });
  });

  test('an AMI by its ARN', () => {
    associate(LicensedResource.fromMachineImageArn(`arn:aws:ec2:us-east-1::image/${AMI}`));
    Template.fromStack(stack).hasResourceProperties(TYPE, { ResourceArn: `arn:aws:ec2:us-east-1::image/${AMI}` });
  });

  test('an AMI by an image whose id is known', () => {
    associate(LicensedResource.fromMachineImage(ec2.MachineImage.genericLinux({ 'us-east-1': AMI })));
    Template.fromStack(stack).hasResourceProperties(TYPE, { ResourceArn: ec2Arn('', `image/${AMI}`) });
  });

  test('an AMI by an image whose id is looked up in the deployment', () => {
    associate(LicensedResource.fromMachineImage(ec2.MachineImage.latestAmazonLinux2023()));
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      ResourceArn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ec2:us-east-1::image/', { Ref: Match.stringLikeRegexp('SsmParameterValue') }]] },
    });
  });

  test('images that have still to be looked up are not taken for the same', () => {
    const images = ['one', 'two'].map(name => ec2.MachineImage.lookup({ name }));
    images.forEach((image, index) => associate(LicensedResource.fromMachineImage(image), license, `Association${index}`));
    expect(app.synth().manifest.missing).toHaveLength(2);
  });

  test('an EC2 instance by its construct', () => {
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0', availabilityZones: [Fn.select(0, Fn.getAzs())], publicSubnetIds: ['subnet-0123456789abcdef0'],
    });
    const instance = new ec2.Instance(stack, 'Instance', {
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
      instanceType: new ec2.InstanceType('m6i.large'),
      machineImage: ec2.MachineImage.latestAmazonLinux2023(),
    });
    associate(LicensedResource.fromInstance(instance));
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      ResourceArn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ec2:us-east-1:111122223333:instance/', { Ref: Match.stringLikeRegexp('^Instance') }]] },
    });
  });

  test('an EC2 instance by its id, and by its ARN', () => {
    associate(LicensedResource.fromInstanceId(INSTANCE), license, 'ById');
    associate(LicensedResource.fromInstanceArn('arn:aws:ec2:us-east-1:111122223333:instance/i-01234567'), license, 'ByArn');
    const template = Template.fromStack(stack);
    template.hasResourceProperties(TYPE, { ResourceArn: ec2Arn('111122223333', `instance/${INSTANCE}`) });
    template.hasResourceProperties(TYPE, { ResourceArn: 'arn:aws:ec2:us-east-1:111122223333:instance/i-01234567' });
  });

  test('a Dedicated Host by its construct, by its id, and by its ARN', () => {
    const host = new ec2.CfnHost(stack, 'Host', { availabilityZone: Fn.select(0, Fn.getAzs()), instanceType: 'm6i.large' });
    associate(LicensedResource.fromHost(host), license, 'ByConstruct');
    associate(LicensedResource.fromHostId(HOST), license, 'ById');
    associate(LicensedResource.fromHostArn('arn:aws:ec2:us-east-1:111122223333:dedicated-host/h-01234567'), license, 'ByArn');
    const template = Template.fromStack(stack);
    template.hasResourceProperties(TYPE, {
      ResourceArn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ec2:us-east-1:111122223333:dedicated-host/', { Ref: 'Host' }]] },
    });
    template.hasResourceProperties(TYPE, { ResourceArn: ec2Arn('111122223333', `dedicated-host/${HOST}`) });
    template.hasResourceProperties(TYPE, { ResourceArn: 'arn:aws:ec2:us-east-1:111122223333:dedicated-host/h-01234567' });
  });

  test('a stack without an environment leaves Region and account to the deployment', () => {
    const agnostic = new Stack(app, 'Agnostic');
    associate(LicensedResource.fromInstanceId(INSTANCE), makeLicense(agnostic, 'License'), 'Association', agnostic);
    Template.fromStack(agnostic).hasResourceProperties(TYPE, {
      ResourceArn: {
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ec2:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, `:instance/${INSTANCE}`]],
      },
    });
  });

  test.each([
    ['cn-north-1', 'arn:aws-cn:ec2:cn-north-1'],
    ['us-gov-west-1', 'arn:aws-us-gov:ec2:us-gov-west-1'],
  ])('an ARN of %s', (region, prefix) => {
    const there = new Stack(app, 'There', { env: { account: '111122223333', region } });
    acknowledge(there, 'F3006', 'A Region that does not have the native type.');
    associate(LicensedResource.fromInstanceArn(`${prefix}:111122223333:instance/${INSTANCE}`), makeLicense(there, 'License'), 'Association', there);
    associate(LicensedResource.fromMachineImageArn(`${prefix}::image/${AMI}`), there.node.findChild('License') as CfnLicenseConfiguration, 'Ami', there);
    expect(there.node.findChild('Association')).toHaveProperty('resourceArn', `${prefix}:111122223333:instance/${INSTANCE}`);
  });

  test('the scope of an AMI', () => {
    new LicenseConfigurationAssociation(stack, 'Association', {
      licenseConfiguration: license,
      resource: LicensedResource.fromMachineImageId(AMI),
      amiAssociationScope: AmiAssociationScope.CROSS_ACCOUNT,
    });
    Template.fromStack(stack).hasResourceProperties(TYPE, { AmiAssociationScope: 'cross-account' });
  });

  test.each([
    ['an instance', LicensedResource.fromInstanceId(INSTANCE), INSTANCE],
    ['a host', LicensedResource.fromHostArn(`arn:aws:ec2:us-east-1:111122223333:dedicated-host/${HOST}`), HOST],
  ])('a scope on %s is refused', (_, resource, name) => {
    expect(() => new LicenseConfigurationAssociation(stack, 'Association', {
      licenseConfiguration: license, resource, amiAssociationScope: AmiAssociationScope.CROSS_ACCOUNT,
    })).toThrow(`Stack/Association: the scope 'cross-account' is for AMIs, and '${name}' is not one. Leave amiAssociationScope out.`);
  });
});

describe('the form of ids and ARNs', () => {
  test.each(['ami-01234567', AMI])('the AMI id %s is taken', id => {
    expect(() => associate(LicensedResource.fromMachineImageId(id))).not.toThrow();
  });

  test.each([
    ['', 'nothing'],
    ['ami-0123456', 'seven digits'],
    ['ami-012345678', 'nine digits'],
    ['ami-0123456789abcdef', '16 digits'],
    ['ami-0123456789abcdef01', '18 digits'],
    ['ami-0123456_', 'neither a letter nor a digit'],
    ['AMI-01234567', 'capitals'],
  ])('the AMI id \'%s\' is refused: %s', id => {
    expect(() => associate(LicensedResource.fromMachineImageId(id))).toThrow(
      `Stack/Association: '${id}' is not the id of an AMI: it has to be 'ami-' and 8 or 17 letters and digits. ` +
      'Take the id from the EC2 console.');
  });

  test.each<[string, LicensedResource, string, string]>([
    [INSTANCE, LicensedResource.fromMachineImageId(INSTANCE), 'AMI: it has to be \'ami-\'', 'an EC2 instance: use LicensedResource.fromInstanceId().'],
    [HOST, LicensedResource.fromMachineImageId(HOST), 'AMI: it has to be \'ami-\'', 'an EC2 Dedicated Host: use LicensedResource.fromHostId().'],
    [AMI, LicensedResource.fromInstanceId(AMI), 'EC2 instance: it has to be \'i-\'', 'an AMI: use LicensedResource.fromMachineImageId().'],
    [AMI, LicensedResource.fromHostId(AMI), 'EC2 Dedicated Host: it has to be \'h-\'', 'an AMI: use LicensedResource.fromMachineImageId().'],
  ])('the id \'%s\' of another kind is refused, with the way to name it', (id, resource, kind, other) => {
    expect(() => associate(resource)).toThrow(
      `Stack/Association: '${id}' is not the id of an ${kind} and 8 or 17 letters and digits. It is the id of ${other}`);
  });

  test.each<[string, (arn: string) => LicensedResource]>([
    ['fromMachineImageArn', arn => LicensedResource.fromMachineImageId(arn)],
    ['fromInstanceArn', arn => LicensedResource.fromInstanceId(arn)],
    ['fromHostArn', arn => LicensedResource.fromHostId(arn)],
  ])('an ARN is no id, and is refused with the way to name it: %s', (factory, make) => {
    const arn = `arn:aws:ec2:us-east-1::image/${AMI}`;
    expect(() => associate(make(arn))).toThrow(`8 or 17 letters and digits. It is an ARN: use LicensedResource.${factory}().`);
  });

  test.each<[string, string, string]>([
    [INSTANCE, INSTANCE, 'It is the id of an EC2 instance: use LicensedResource.fromInstanceId().'],
    ['ami-123', 'ami-123', 'Take the id from the EC2 console.'],
    ['resolve:ssm:/golden', 'resolve:ssm:/golden', 'Amazon EC2 takes the AMI from the parameter when something is launched, and here it has to be known in the ' +
      'deployment: use MachineImage.fromSsmParameter().'],
    [`resolve:ssm:${Fn.ref('Name')}`, '{"Fn::Join":["",["resolve:ssm:",{"Ref":"Name"}]]}', 'Amazon EC2 takes the AMI from the parameter when'],
  ])('what an image stands for is checked as an id is: %s', (imageId, shown, way) => {
    const image: ec2.IMachineImage = { getImage: () => ({ imageId, osType: ec2.OperatingSystemType.LINUX, userData: ec2.UserData.forLinux() }) };
    const message = `'${shown}' is not the id of an AMI: it has to be 'ami-' and 8 or 17 letters and digits. ${way}`;
    expect(() => associate(LicensedResource.fromMachineImage(image), license, 'Image')).toThrow(`Stack/Image: ${message}`);
    expect(() => associate(LicensedResource.fromMachineImageId(imageId), license, 'Id')).toThrow(`Stack/Id: ${message}`);
  });

  test('an image that stands for nothing is refused, and its own error is passed on', () => {
    const of = (getImage: () => unknown) => LicensedResource.fromMachineImage({ getImage } as ec2.IMachineImage);
    const missing = 'Stack/One: the imageId that getImage() of the AMI of a LicensedResource tells is missing: there is no default for it. Set it.';
    expect(() => associate(of(() => undefined), license, 'One')).toThrow(missing);
    expect(() => associate(of(() => ({})), license, 'Two')).toThrow(missing.replace('One', 'Two'));
    expect(() => associate(of(() => ({ imageId: 1 })), license, 'Three')).toThrow('a LicensedResource tells is 1: it has to be a text.');
    expect(() => associate(of(() => {
      throw new Error('its own');
    }), license, 'Four')).toThrow('its own');
    expect(() => associate(LicensedResource.fromMachineImage(ec2.MachineImage.fromSsmParameter('/golden')), license, 'Five')).not.toThrow();
  });

  test('a managed node is found by discovery, not associated', () => {
    expect(() => associate(LicensedResource.fromInstanceId('mi-0123456789abcdef0'))).toThrow(
      'Stack/Association: \'mi-0123456789abcdef0\' is not the id of an EC2 instance: it has to be \'i-\' and 8 or 17 letters and digits. ' +
      'It is the id of a managed node of AWS Systems Manager, which no license is associated with by hand: give the license product ' +
      'information (ProductInformation.ssmManaged()), by which automated discovery finds the node.');
  });

  test('an instance id of another form is refused', () => {
    expect(() => associate(LicensedResource.fromInstanceId('i-1'))).toThrow(
      'Stack/Association: \'i-1\' is not the id of an EC2 instance: it has to be \'i-\' and 8 or 17 letters and digits. ' +
      'Take the id from the EC2 console.');
  });

  test('a host id of another form is refused', () => {
    expect(() => associate(LicensedResource.fromHostId('host'))).toThrow(
      'Stack/Association: \'host\' is not the id of an EC2 Dedicated Host: it has to be \'h-\' and 8 or 17 letters and digits. ' +
      'Take the id from the EC2 console.');
  });

  test.each([
    ['', 'nothing'],
    [AMI, 'an id'],
    [`arn:aws:ec2:us-east-1:111122223333:image/${AMI}`, 'an account'],
    [`arn:aws:ec2:::image/${AMI}`, 'no Region'],
    [`arn:aws:s3:us-east-1::image/${AMI}`, 'another service'],
    [`arn:gcp:ec2:us-east-1::image/${AMI}`, 'no partition of AWS'],
    [`arn:aws:ec2:us-east-1::instance/${INSTANCE}`, 'another kind'],
    ['arn:aws:ec2:us-east-1::image', 'no id'],
    ['arn:aws:ec2:us-east-1::image/ami-1', 'a short id'],
    [`arn:aws:ec2:us-east-1::image/${AMI}:1`, 'one part more'],
    [`urn:aws:ec2:us-east-1::image/${AMI}`, 'no ARN'],
  ])('the AMI ARN \'%s\' is refused: %s', arn => {
    expect(() => associate(LicensedResource.fromMachineImageArn(arn))).toThrow(
      `Stack/Association: '${arn}' is not the ARN of an AMI: expected 'arn:<partition>:ec2:<region>::image/ami-' and 8 or 17 letters and ` +
      'digits. License Manager associates AMIs, EC2 instances and Dedicated Hosts; for managed nodes and Amazon RDS databases, give ' +
      'the license product information, by which automated discovery finds them.');
  });

  test.each([
    `arn:aws:ec2:us-east-1:12345:instance/${INSTANCE}`,
    `arn:aws:ec2:us-east-1::instance/${INSTANCE}`,
    'arn:aws:rds:us-east-1:111122223333:db:oracle',
    'arn:aws:ssm:us-east-1:111122223333:managed-instance/mi-0123456789abcdef0',
  ])('the instance ARN \'%s\' is refused', arn => {
    expect(() => associate(LicensedResource.fromInstanceArn(arn))).toThrow(
      `Stack/Association: '${arn}' is not the ARN of an EC2 instance: expected ` +
      '\'arn:<partition>:ec2:<region>:<account>:instance/i-\' and 8 or 17 letters and digits. ');
  });

  test('a host ARN is not written as EC2 writes instances', () => {
    const arn = `arn:aws:ec2:us-east-1:111122223333:host/${HOST}`;
    expect(() => associate(LicensedResource.fromHostArn(arn))).toThrow(
      `Stack/Association: '${arn}' is not the ARN of an EC2 Dedicated Host: expected ` +
      '\'arn:<partition>:ec2:<region>:<account>:dedicated-host/h-\' and 8 or 17 letters and digits. ');
  });

  test('tokens are not looked into, as a whole or as parts of an ARN', () => {
    const parameter = new CfnParameter(stack, 'Parameter').valueAsString;
    associate(LicensedResource.fromMachineImageId(parameter), license, 'Id');
    associate(LicensedResource.fromMachineImageArn(Fn.importValue('image')), license, 'Arn');
    associate(LicensedResource.fromMachineImageArn(`arn:${Aws.PARTITION}:ec2:${Aws.REGION}::image/${parameter}x`), license, 'Parts');
    associate(LicensedResource.fromInstanceArn(`arn:${Aws.PARTITION}:ec2:${Aws.REGION}:${Aws.ACCOUNT_ID}:${parameter}`), license, 'Resource');
    associate(LicensedResource.fromHostId(Lazy.string({ produce: () => HOST })), license, 'Lazy');
    Template.fromStack(stack).resourceCountIs(TYPE, 5);
  });

  test('what is written beside a token is checked', () => {
    expect(() => associate(LicensedResource.fromMachineImageArn(`arn:${Aws.PARTITION}:ec2:${Aws.REGION}::instance/${INSTANCE}`)))
      .toThrow('is not the ARN of an AMI');
  });
});

describe('a pair is declared once', () => {
  const message = (name: string, first = 'Stack/First') =>
    `'${name}' is already associated with this license, by '${first}'. License Manager holds a pair once, so that the removal of one ` +
    'would remove both. Remove one of the two.';

  test.each([
    ['the same id', LicensedResource.fromMachineImageId(AMI), LicensedResource.fromMachineImageId(AMI)],
    ['the id and the ARN', LicensedResource.fromMachineImageId(AMI), LicensedResource.fromMachineImageArn(`arn:aws:ec2:us-east-1::image/${AMI}`)],
    ['the ARN with a token and the id', LicensedResource.fromMachineImageArn(`arn:${Aws.PARTITION}:ec2:${Aws.REGION}::image/${AMI}`), LicensedResource.fromMachineImageId(AMI)],
    ['the id and the image', LicensedResource.fromMachineImageId(AMI), LicensedResource.fromMachineImage(ec2.MachineImage.genericLinux({ 'us-east-1': AMI }))],
  ])('refused: %s', (_, first, second) => {
    associate(first, license, 'First');
    expect(() => associate(second, license, 'Second')).toThrow(`Stack/Second: ${message(AMI)}`);
  });

  test('refused: an instance and its id, whose tokens are those of one construct', () => {
    const instance = new ec2.CfnInstance(stack, 'Instance');
    associate(LicensedResource.fromInstance(instance), license, 'First');
    for (const [index, id] of [instance.ref, instance.attrInstanceId].entries()) {
      expect(() => associate(LicensedResource.fromInstanceId(id), license, `Second${index}`)).toThrow('is already associated with this license, by');
    }
  });

  test('refused: a license and another reference to it', () => {
    const same = new ImportedLicense(stack, 'Same', license.attrLicenseConfigurationArn);
    associate(LicensedResource.fromMachineImageId(AMI), license, 'First');
    expect(() => associate(LicensedResource.fromMachineImageId(AMI), same, 'Second')).toThrow(message(AMI));
  });

  test('refused: in another stack and in another stage of the app', () => {
    const stage = new Stage(app, 'Stage', { env: { account: '111122223333', region: 'us-east-1' } });
    const others = [new Stack(app, 'Other', { env: stack.env }), new Stack(stage, 'Other')];
    associate(LicensedResource.fromMachineImageId(AMI), imported(stack, LICENSE_ARN), 'First');
    for (const other of others) {
      expect(() => associate(LicensedResource.fromMachineImageId(AMI), imported(other, LICENSE_ARN), 'Second', other))
        .toThrow(`${other.node.path}/Second: ${message(AMI)}`);
    }
  });

  test('refused: an L2 and its L1', () => {
    const l2 = new LicenseConfiguration(stack, 'L2', { licenseCounting: LicenseCounting.vcpus() });
    l2.addAssociation('First', { resource: LicensedResource.fromMachineImageId(AMI) });
    expect(() => associate(LicensedResource.fromMachineImageId(AMI), l2.node.defaultChild as CfnLicenseConfiguration, 'Second'))
      .toThrow(`Stack/Second: ${message(AMI, 'Stack/L2/First')}`);
  });

  test('taken: licenses that have still to be looked up', () => {
    ['one', 'two'].forEach(name => LicenseConfiguration.fromLookup(stack, name, { licenseConfigurationName: name })
      .addAssociation('Association', { resource: LicensedResource.fromMachineImageId(AMI) }));
    expect(app.synth().manifest.missing).toHaveLength(2);
  });

  test('taken: another resource, another license, another kind, another app', () => {
    associate(LicensedResource.fromMachineImageId(AMI), license, 'First');
    associate(LicensedResource.fromMachineImageId(OTHER_AMI), license, 'OtherAmi');
    associate(LicensedResource.fromMachineImageId(AMI), makeLicense(stack, 'OtherLicense'), 'OtherLicenseAssociation');
    associate(LicensedResource.fromInstanceId('i-0123456789abcdef0'), license, 'Instance');
    associate(LicensedResource.fromHostId('h-0123456789abcdef0'), license, 'Host');
    Template.fromStack(stack).resourceCountIs(TYPE, 5);

    const otherStack = new Stack(new App(), 'Stack');
    expect(() => associate(LicensedResource.fromMachineImageId(AMI), makeLicense(otherStack, 'License'), 'First', otherStack)).not.toThrow();
  });

  test('taken: the same shared image and the same shared license, from two accounts', () => {
    for (const account of ['111122223333', '444455556666']) {
      const other = new Stack(app, `In${account}`, { env: { account, region: 'us-east-1' } });
      const shared = imported(other, LICENSE_ARN);
      associate(LicensedResource.fromMachineImageId(AMI), shared, 'ById', other);
      associate(LicensedResource.fromMachineImageArn(`arn:aws:ec2:us-east-1::image/${OTHER_AMI}`), shared, 'ByArn', other);
    }
    app.node.children.filter(Stack.isStack).slice(1).forEach(other => Template.fromStack(other).resourceCountIs(TYPE, 2));
  });

  test('taken: the same from two stages of which nobody knows where they are deployed to', () => {
    for (const id of ['Beta', 'Production']) {
      const other = new Stack(new Stage(app, id), 'Stack');
      associate(LicensedResource.fromMachineImageId(AMI), imported(other, LICENSE_ARN), 'Association', other);
      Template.fromStack(other).resourceCountIs(TYPE, 1);
    }
  });

  test('taken: tokens that may differ', () => {
    const parameters = ['A', 'B'].map(id => new CfnParameter(stack, id).valueAsString);
    parameters.forEach((id, index) => associate(LicensedResource.fromMachineImageId(id), license, `Association${index}`));
    Template.fromStack(stack).resourceCountIs(TYPE, 2);
  });

  test('taken: two attributes of one resource, which may be two images', () => {
    const custom = new ec2.CfnVPC(stack, 'Thing');
    associate(LicensedResource.fromMachineImageId(Token.asString(custom.getAtt('ImageA'))), license, 'A');
    associate(LicensedResource.fromMachineImageId(Token.asString(custom.getAtt('ImageB'))), license, 'B');
    expect(() => associate(LicensedResource.fromMachineImageId(Token.asString(custom.getAtt('ImageA'))), license, 'Again')).toThrow('Stack/Again: ');
  });
});

describe('an instance of the app', () => {
  const make = (props: Partial<ec2.CfnInstanceProps> = {}) => new ec2.CfnInstance(stack, 'Instance', {
    imageId: AMI, instanceType: 'm6i.large', subnetId: 'subnet-0123456789abcdef0', ...props,
  });

  test('is refused if it is launched with the license already, also if that is said later', () => {
    const instance = make();
    associate(LicensedResource.fromInstance(instance));
    instance.with(new mixins.InstanceLicenses([license]));
    expect(() => app.synth()).toThrow(
      '[Stack/Association] instance \'Stack/Instance\' is launched with license \'Stack/License\' already. License Manager holds a pair once, so that the ' +
      'removal of the association would take the license away from the instance. Remove one of the two.');
  });

  const hostsOnly = () => makeLicense(stack, 'Hosts', ['#allowedTenancy=EC2-DedicatedHost']);
  const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ id, entry }) => [id, entry.data]);
  const ALLOWS = 'license \'Stack/Hosts\' allows only \'host\' (EC2-DedicatedHost).';
  const template = (placement?: ec2.CfnLaunchTemplate.PlacementProperty, own?: ILicenseConfigurationRef) => new ec2.CfnLaunchTemplate(stack, 'Template', {
    launchTemplateData: {
      placement,
      licenseSpecifications: own && [{ licenseConfigurationArn: own.licenseConfigurationRef.licenseConfigurationArn }],
    },
  });
  const from = ({ ref }: ec2.CfnLaunchTemplate) => ({ launchTemplate: { launchTemplateId: ref, version: '1' } });

  test.each<[string, () => Partial<ec2.CfnInstanceProps>, string]>([
    ['default', () => ({ tenancy: 'default' }), 'default'],
    ['dedicated', () => ({ tenancy: 'dedicated' }), 'dedicated'],
    ['that of its launch template', () => from(template({ tenancy: 'dedicated' })), 'dedicated'],
    ['default, and another one than that of its launch template', () => ({ tenancy: 'default', ...from(template({ tenancy: 'host' })) }), 'default'],
  ])('is refused if its tenancy is %s, and a rule of the license does not allow it', (_, props, tenancy) => {
    associate(LicensedResource.fromInstance(make(props())), hostsOnly());
    expect(() => app.synth()).toThrow(
      `[Stack/Association] the tenancy of instance 'Stack/Instance' is '${tenancy}', and ${ALLOWS} Change the tenancy, or the allowedTenancy of the license.`);
  });

  test('causes a warning if the license is counted on hosts and has no rule, which License Manager takes', () => {
    associate(LicensedResource.fromInstance(make({ tenancy: 'default' })), makeLicense(stack, 'Cores', undefined, 'Core'));
    expect(warnings()).toEqual([['/Stack/Association',
      'The tenancy of instance \'Stack/Instance\' is \'default\', and license \'Stack/Cores\' is counted by \'Core\', which License Manager counts on ' +
      '\'host\' (EC2-DedicatedHost) only. Change the tenancy, or count by vCPU or by instance. [ack: cdk-license-manager:tenancyNotCounted]']]);
  });

  test.each<[string, () => Partial<ec2.CfnInstanceProps>]>([
    ['it', () => ({})], ['it nor its launch template', () => from(template())],
  ])('causes a warning if neither %s has a tenancy, and the license does not allow shared hardware', (_, props) => {
    associate(LicensedResource.fromInstance(make(props())), hostsOnly());
    expect(warnings()).toEqual([['/Stack/Association',
      'Instance \'Stack/Instance\' has no tenancy, so that EC2 uses that of the VPC or shared hardware, and license \'Stack/Hosts\' allows only ' +
      '\'host\' (EC2-DedicatedHost). Unless the tenancy comes from somewhere else, the launch is refused: write it. ' +
      '[ack: cdk-license-manager:tenancyNotWritten]']]);
  });

  test.each<[string, () => Partial<ec2.CfnInstanceProps>]>([
    ['with a tenancy that the license allows', () => ({ tenancy: 'host' })],
    ['on a host', () => ({ hostId: HOST })],
    ['with the tenancy of its launch template', () => from(template({ tenancy: 'host' }))],
    ['with another tenancy than its launch template', () => ({ tenancy: 'host', ...from(template({ tenancy: 'default' })) })],
    ['with a launch template that is not of the app', () => ({ launchTemplate: { launchTemplateId: 'lt-0123456789abcdef0', version: '1' } })],
    ['with a tenancy that is not known', () => ({ tenancy: Fn.importValue('tenancy') })],
    ['with another license', () => ({ tenancy: 'host', licenseSpecifications: [{ licenseConfigurationArn: LICENSE_ARN }] })],
  ])('is taken %s', (_, props) => {
    associate(LicensedResource.fromInstance(make(props())), hostsOnly());
    expect(warnings()).toEqual([]);
  });

  test('is taken without a tenancy if the license allows shared hardware, or all', () => {
    const instance = make();
    associate(LicensedResource.fromInstance(instance), makeLicense(stack, 'Shared', ['#allowedTenancy=EC2-Default,EC2-DedicatedHost']));
    associate(LicensedResource.fromInstance(instance), makeLicense(stack, 'All'), 'Other');
    expect(warnings()).toEqual([]);
  });

  test('is refused if its launch template has the license already, or it has it by its other attribute', () => {
    const instance = make(from(template(undefined, license)));
    associate(LicensedResource.fromInstance(instance));
    expect(() => app.synth()).toThrow(
      '[Stack/Association] instance \'Stack/Instance\' is launched with license \'Stack/License\' already, by launch template \'Stack/Template\'. License ' +
      'Manager holds a pair once,');
    instance.licenseSpecifications = [{ licenseConfigurationArn: license.attrLicenseConfigurationArn }];
    expect(() => app.synth({ force: true })).toThrow('instance \'Stack/Instance\' is launched with license \'Stack/License\' already. License Manager');
  });

  test('is taken if its launch template has the license, and it has others instead', () => {
    associate(LicensedResource.fromInstance(make({
      ...from(template(undefined, license)), licenseSpecifications: [{ licenseConfigurationArn: LICENSE_ARN }],
    })));
    expect(() => app.synth()).not.toThrow();
  });
});

describe('a license that the app deactivates', () => {
  const deactivated = () => new LicenseConfiguration(stack, 'Deactivated', {
    licenseCounting: LicenseCounting.vcpus(), status: LicenseConfigurationStatus.DISABLED,
  });

  test('causes a warning on an instance, which it must not be attached to', () => {
    associate(LicensedResource.fromInstanceId(INSTANCE), deactivated());
    Annotations.fromStack(stack).hasWarning('/Stack/Association',
      'The status of license \'Stack/Deactivated\' is \'DISABLED\': nothing can be launched with it, and License Manager refuses to deactivate it while a ' +
      'running instance has it. Make it available, or take it away here first. [ack: cdk-license-manager:licenseDeactivated]');
  });

  test('causes a warning where something is launched with it', () => {
    const instance = new ec2.CfnInstance(stack, 'Instance', { imageId: AMI });
    const template = new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: {} });
    const own = deactivated();
    instance.with(new mixins.InstanceLicenses([own]));
    template.with(new mixins.LaunchTemplateLicenses([own]));
    for (const path of ['/Stack/Instance', '/Stack/Template']) {
      Annotations.fromStack(stack).hasWarning(path, Match.stringLikeRegexp('The status of license \'Stack/Deactivated\' is \'DISABLED\''));
    }
  });

  test('is not on an AMI, which may have it, and gets it before the license is deactivated', () => {
    associate(LicensedResource.fromMachineImageId(AMI), deactivated());
    Template.fromStack(stack).hasResource('Custom::LicenseManagerLicenseConfigurationStatus', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^LicenseConfigurationAssociation')]),
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('is not if it is available, and associated when it is', () => {
    const available = new LicenseConfiguration(stack, 'Available', { licenseCounting: LicenseCounting.vcpus(), status: LicenseConfigurationStatus.AVAILABLE });
    associate(LicensedResource.fromInstanceId(INSTANCE), available);
    Template.fromStack(stack).hasResource(TYPE, { DependsOn: Match.arrayWith([Match.stringLikeRegexp('^LicenseConfigurationStatus')]) });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('Regions and accounts', () => {
  test('a license of another Region is refused', () => {
    const there = new Stack(app, 'There', { env: { account: '111122223333', region: 'eu-west-1' } });
    expect(() => associate(LicensedResource.fromMachineImageId(AMI), makeLicense(there, 'License'))).toThrow(
      'Stack/Association: the license is in Region \'eu-west-1\' and the stack in \'us-east-1\': License Manager tracks nothing across ' +
      'Regions. Declare the association in a stack of \'eu-west-1\', or use a license of \'us-east-1\'.');
  });

  test('an imported license is of the Region of its ARN', () => {
    const arn = LICENSE_ARN.replace('us-east-1', 'us-east-2');
    expect(() => associate(LicensedResource.fromMachineImageId(AMI), imported(stack, arn))).toThrow('the license is in Region \'us-east-2\'');
  });

  test('a resource of another Region is refused', () => {
    expect(() => associate(LicensedResource.fromMachineImageArn(`arn:aws:ec2:us-west-2::image/${AMI}`))).toThrow(
      `Stack/Association: '${AMI}' is in Region 'us-west-2' and the license in 'us-east-1': License Manager tracks nothing across ` +
      'Regions. Use a license of \'us-west-2\', in a stack of that Region.');
  });

  test('a resource of another Region than the license is refused where the stack\'s is not known', () => {
    const agnostic = new Stack(app, 'Agnostic');
    expect(() => associate(LicensedResource.fromMachineImageArn(`arn:aws:ec2:us-west-2::image/${AMI}`), imported(agnostic, LICENSE_ARN), 'Association', agnostic))
      .toThrow(`Agnostic/Association: '${AMI}' is in Region 'us-west-2' and the license in 'us-east-1': `);
  });

  test('an instance of a stack in another Region is refused', () => {
    const there = new Stack(app, 'There', { env: { account: '111122223333', region: 'eu-west-1' } });
    expect(() => associate(LicensedResource.fromInstance(new ec2.CfnInstance(there, 'Instance')))).toThrow('is in Region \'eu-west-1\' and the license in \'us-east-1\'');
  });

  test('a license of another account causes a warning', () => {
    associate(LicensedResource.fromMachineImageId(AMI), imported(stack, LICENSE_ARN.replace('111122223333', '444455556666')));
    Annotations.fromStack(stack).hasWarning('/Stack/Association',
      'License \'Stack/Imported\' belongs to account \'444455556666\' and the stack to \'111122223333\': AWS refuses its use unless it is shared ' +
      'with the stack\'s account (LicenseShare). [ack: cdk-license-manager:licenseOfAnotherAccount]');
  });

  test('a license of this app in another account causes a warning that a replacement of it is not heard of', () => {
    const producer = new Stack(app, 'Producer', { env: { account: '444455556666', region: 'us-east-1' } });
    associate(LicensedResource.fromMachineImageId(AMI), new LicenseConfiguration(producer, 'License', { licenseCounting: LicenseCounting.vcpus() }));
    Annotations.fromStack(stack).hasWarning('/Stack/Association',
      'License \'Producer/License\' belongs to account \'444455556666\' and the stack to \'111122223333\': AWS refuses its use unless it is shared ' +
      'with the stack\'s account (LicenseShare). When it is replaced by other rules, this stack does not hear of it: make a second ' +
      'license instead. [ack: cdk-license-manager:licenseOfAnotherAccount]');
  });

  test('an instance of another account is refused', () => {
    expect(() => associate(LicensedResource.fromInstanceArn(`arn:aws:ec2:us-east-1:444455556666:instance/${INSTANCE}`))).toThrow(
      `Stack/Association: '${INSTANCE}' belongs to account '444455556666' and the stack to '111122223333': an account associates licenses ` +
      'with its own resources. Share the license with \'444455556666\' (LicenseShare), and declare the association in a stack of that account.');
  });

  test('what is not known is neither refused nor warned of', () => {
    const agnostic = new Stack(app, 'Agnostic');
    associate(LicensedResource.fromInstanceArn(`arn:aws:ec2:us-east-1:444455556666:instance/${INSTANCE}`), imported(agnostic, LICENSE_ARN), 'Association', agnostic);
    Annotations.fromStack(agnostic).hasNoWarning('*', Match.anyValue());
  });
});

test('more than ten licenses on a resource cause a warning, once', () => {
  makeLicenses(stack, 12).forEach((each, index) => associate(LicensedResource.fromMachineImageId(AMI), each, `Association${index}`));
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('tooManyLicensesOnResource'));
  expect(warnings.map(warning => [warning.id, warning.entry.data])).toEqual([['/Stack/Association10',
    `'${AMI}' gets more than 10 licenses, the default quota of License Manager for a resource. ` +
    'Use fewer, or have the quota increased before you deploy. [ack: cdk-license-manager:tooManyLicensesOnResource]']]);
});

test('ten licenses on a resource are not warned of', () => {
  makeLicenses(stack, 10).forEach((each, index) => associate(LicensedResource.fromMachineImageId(AMI), each, `Association${index}`));
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

describe('what the function is allowed to do', () => {
  function statements(template: Template): any[] {
    return Object.values<any>(template.toJSON().Resources)
      .filter(resource => /^AWS::IAM::(RolePolicy|Policy|ManagedPolicy)$/.test(resource.Type))
      .flatMap(resource => resource.Properties.PolicyDocument.Statement)
      .map(({ Action, Resource }) => ({ actions: [Action].flat().sort(), resources: [Resource].flat() }));
  }

  test('an association: to change on the license, to read on *', () => {
    associate(LicensedResource.fromMachineImageId(AMI));
    const found = statements(Template.fromStack(stack));
    expect(found).toHaveLength(3);
    expect(found).toEqual(expect.arrayContaining([
      { actions: ['cloudformation:DescribeStacks', 'cloudformation:ListStackResources'], resources: [{ Ref: 'AWS::StackId' }] },
      { actions: ['license-manager:GetLicenseConfiguration', 'license-manager:UpdateLicenseSpecificationsForResource'], resources: [{ Ref: 'License' }] },
      { actions: ['license-manager:ListLicenseSpecificationsForResource'], resources: ['*'] },
    ]));
  });

  test('an association with other accounts: also to read what failed there', () => {
    new LicenseConfigurationAssociation(stack, 'Association', {
      licenseConfiguration: license,
      resource: LicensedResource.fromMachineImageId(AMI),
      amiAssociationScope: AmiAssociationScope.CROSS_ACCOUNT,
    });
    expect(statements(Template.fromStack(stack))).toEqual(expect.arrayContaining([{
      actions: [
        'license-manager:GetLicenseConfiguration', 'license-manager:ListFailuresForLicenseConfigurationOperations',
        'license-manager:UpdateLicenseSpecificationsForResource',
      ],
      resources: [{ Ref: 'License' }],
    }]));
  });
});

test('the removal policy is that of the custom resource', () => {
  expect(() => associate(LicensedResource.fromMachineImageId(OTHER_AMI), license, 'Other').applyRemovalPolicy(null as any)).toThrow(
    'Stack/Other: policy is missing: there is no default for it. Set it.');
  associate(LicensedResource.fromMachineImageId(AMI)).applyRemovalPolicy(RemovalPolicy.RETAIN);
  Template.fromStack(stack).hasResource(TYPE, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
});

test('properties can be injected', () => {
  const injector: IPropertyInjector = {
    constructUniqueId: LicenseConfigurationAssociation.PROPERTY_INJECTION_ID,
    inject: (props: any, _context: InjectionContext) => ({ amiAssociationScope: AmiAssociationScope.CROSS_ACCOUNT, ...props }),
  };
  PropertyInjectors.of(stack).add(injector);
  associate(LicensedResource.fromMachineImageId(AMI));
  Template.fromStack(stack).hasResourceProperties(TYPE, { AmiAssociationScope: 'cross-account' });
});
