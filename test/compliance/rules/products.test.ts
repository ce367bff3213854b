/*
 * The rules about products on instances: Windows Server on hosts, others everywhere, and what is included in the price of an instance.
 */
import { App, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnDistributionConfiguration, CfnImagePipeline, CfnImageRecipe, CfnInfrastructureConfiguration } from 'aws-cdk-lib/aws-imagebuilder';
import {
  GovernedProduct, HostLicenses, HostResourceGroup, LicenseConfiguration, LicenseCounting, LicensedResource, LicenseRulePack, mixins,
  ProductInformation,
} from '../../../src';
import { brief, check, ENV, include, type Reported, reportOf } from '../report';

const WINDOWS = 'WindowsOnHostWithoutLicense';
const PRODUCT = 'ProductWithoutLicense';
const INCLUDED = 'IncludedLicenseOnHost';

const license = (stack: Stack) => new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.cores() });
const instance = (stack: Stack, image: ec2.IMachineImage, more: Partial<ec2.CfnInstanceProps> = {}) =>
  new ec2.CfnInstance(stack, 'It', { imageId: image.getImage(stack).imageId, ...more });
const ofParameter = (name: string) => ec2.MachineImage.fromSsmParameter(name);
const windows = ec2.MachineImage.latestWindows(ec2.WindowsVersion.WINDOWS_SERVER_2022_ENGLISH_FULL_BASE);

/** What a rule says of an instance whose image was looked up. */
function ofLookUp(rule: string, name: string, owner: string, more: Partial<ec2.CfnInstanceProps> = {}): Reported[] {
  const key = `ami:account=${ENV.account}:filters.image-type.0=machine:filters.name.0=${name}:filters.state.0=available:owners.0=${owner}:region=${ENV.region}`;
  const app = new App({ analyticsReporting: false, context: { [key]: 'ami-0123456789abcdef0' } });
  instance(new Stack(app, 'Stack', { env: ENV }), ec2.MachineImage.lookup({ name, owners: [owner] }), more);
  return reportOf(app).filter(it => it.rule === rule);
}

describe('Windows Server on a Dedicated Host', () => {
  test('without a license is found', () => {
    const [finding, ...others] = check(WINDOWS, stack => instance(stack, windows, { tenancy: 'host' }));

    expect(others).toEqual([]);
    expect(finding).toMatchObject({ path: 'Stack/It', severity: 'warning' });
    expect(finding.message).toContain('/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base');
  });

  test.each<[string, (stack: Stack) => void]>([
    ['by the id of a host', stack => instance(stack, windows, { hostId: new ec2.CfnHost(stack, 'Host', { availabilityZone: 'us-east-1a', instanceType: 'm5.large' }).ref })],
    ['by a launch template', stack => {
      const template = new ec2.CfnLaunchTemplate(stack, 'Template', {
        launchTemplateData: { imageId: 'resolve:ssm:/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base', placement: { tenancy: 'host' } },
      });
      new ec2.CfnInstance(stack, 'It', { launchTemplate: { launchTemplateId: template.ref, version: template.attrLatestVersionNumber } });
    }],
    ['in a host resource group that asks for no license', stack => {
      instance(stack, windows).with(new mixins.InstanceHostPlacement(new HostResourceGroup(stack, 'Hosts', { licenses: HostLicenses.notRequired() })));
    }],
    ['by a template written by hand', stack => include(stack, {
      Parameters: { Image: { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: '/aws/service/ami-windows-latest/Windows_Server-2019-English-Full-Base' } },
      Resources: { It: { Type: 'AWS::EC2::Instance', Properties: { ImageId: { Ref: 'Image' }, Tenancy: 'host' } } },
    })],
  ])('%s is found', (_, define) => {
    expect(check(WINDOWS, define).map(({ logicalId }) => logicalId)).toEqual(['It']);
  });

  test.each<[string, (stack: Stack) => void]>([
    ['with a license', stack => instance(stack, windows, { tenancy: 'host' }).with(new mixins.InstanceLicenses([license(stack)]))],
    ['on an image with a license', stack => {
      const image = windows.getImage(stack).imageId;
      license(stack).addAssociation('Image', { resource: LicensedResource.fromMachineImageId(image) });
      new ec2.CfnInstance(stack, 'It', { imageId: image, tenancy: 'host' });
    }],
    ['in a host resource group that asks for one', stack => {
      instance(stack, windows).with(new mixins.InstanceHostPlacement(new HostResourceGroup(stack, 'Hosts', { licenses: HostLicenses.any() })));
    }],
    ['that a license discovers', stack => {
      new LicenseConfiguration(stack, 'License', {
        licenseCounting: LicenseCounting.cores(), productInformation: [ProductInformation.ssmManaged({ applicationName: 'Microsoft Windows Server 2022 Datacenter' })],
      });
      instance(stack, windows, { tenancy: 'host' });
    }],
    ['with licenses that nobody knows', stack => include(stack, {
      Conditions: { Licensed: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] } },
      Resources: {
        It: {
          Type: 'AWS::EC2::Instance',
          Properties: {
            ImageId: '{{resolve:ssm:/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base}}',
            Tenancy: 'host',
            LicenseSpecifications: { 'Fn::If': ['Licensed', [{ LicenseConfigurationArn: 'arn' }], { Ref: 'AWS::NoValue' }] },
          },
        },
      },
    })],
  ])('%s is right', (_, define) => {
    expect(check(WINDOWS, define)).toEqual([]);
  });

  test('elsewhere is included in the price of the instance', () => {
    expect(check(WINDOWS, stack => instance(stack, windows))).toEqual([]);
    expect(check(PRODUCT, stack => instance(stack, windows))).toEqual([]);
  });
});

describe.each([
  ['SQL Server', '/images/sql-server-2022', 'company-sqlserver-*'],
  ['Oracle Database', '/images/oracle-19c', 'company-oracle-db-*'],
  ['Red Hat Enterprise Linux', '/images/rhel-9', 'company-rhel9-*'],
])('%s', (product, parameter, name) => {
  test('by the parameter of the image is found without a license', () => {
    const [finding, ...others] = check(PRODUCT, stack => instance(stack, ofParameter(parameter)));

    expect(others).toEqual([]);
    expect(finding).toMatchObject({ path: 'Stack/It', severity: 'warning' });
    expect(finding.message).toBe(`It runs ${product}, as its image is ${parameter}, and has no license.`);
  });

  test('by the name of the image is found without a license, if it is one of your own', () => {
    expect(brief(ofLookUp(PRODUCT, name, 'self'))).toEqual(['warning Stack/It']);
    expect(ofLookUp(PRODUCT, name, 'amazon')).toEqual([]);
  });

  test('with a license is right', () => {
    expect(check(PRODUCT, stack => instance(stack, ofParameter(parameter)).with(new mixins.InstanceLicenses([license(stack)])))).toEqual([]);
  });

  test('that a license discovers is right', () => {
    expect(check(PRODUCT, stack => {
      new LicenseConfiguration(stack, 'License', {
        licenseCounting: LicenseCounting.vcpus(), productInformation: [ProductInformation.ssmManaged({ applicationName: `${product} 2022` })],
      });
      instance(stack, ofParameter(parameter));
    })).toEqual([]);
  });
});

test('an image that is built of one with a product, and gets a license, is right', () => {
  const pipeline = (stack: Stack, licenseConfigurationArns: string[] | undefined) => {
    const infrastructure = new CfnInfrastructureConfiguration(stack, 'Infrastructure', { name: 'it', instanceProfileName: 'it' });
    const distribution = new CfnDistributionConfiguration(stack, 'Distribution', { name: 'it', distributions: [{ region: 'us-east-1', licenseConfigurationArns }] });
    const recipe = new CfnImageRecipe(stack, 'Recipe', { name: 'it', version: '1.0.0', parentImage: '{{resolve:ssm:/golden/sql-server}}' });
    new CfnImagePipeline(stack, 'It', {
      name: 'it', infrastructureConfigurationArn: infrastructure.ref, distributionConfigurationArn: distribution.ref, imageRecipeArn: recipe.ref,
    });
  };

  expect(check(PRODUCT, stack => pipeline(stack, [license(stack).licenseConfigurationArn]))).toEqual([]);
  expect(brief(check(PRODUCT, stack => pipeline(stack, undefined)))).toEqual(['warning Stack/It']);
});

test('a license on an image by its parameter is one of what is launched from it in another stack', () => {
  const app = new App({ analyticsReporting: false });
  const golden = ofParameter('/golden/sql-server');
  const one = new Stack(app, 'Licenses', { env: ENV });
  license(one).addAssociation('Image', { resource: LicensedResource.fromMachineImageId(golden.getImage(one).imageId) });
  instance(new Stack(app, 'Stack', { env: ENV }), golden);

  expect(reportOf(app).filter(({ rule }) => rule === PRODUCT)).toEqual([]);
});

test('an image of the vendor, whose subscription is billed with the instance, is right', () => {
  expect(ofLookUp(PRODUCT, 'RHEL-9*', '309956199498')).toEqual([]);
});

test('Oracle Linux is no Oracle Database', () => {
  expect(ofLookUp(PRODUCT, 'oracle-linux-9*', 'self')).toEqual([]);
  expect(check(PRODUCT, stack => instance(stack, ofParameter('/images/oracle_linux')))).toEqual([]);
});

test('a license of another account does not discover it', () => {
  const app = new App({ analyticsReporting: false });
  new LicenseConfiguration(new Stack(app, 'Licenses', { env: { ...ENV, account: '444455556666' } }), 'License', {
    licenseCounting: LicenseCounting.vcpus(), productInformation: [ProductInformation.ssmManaged({ applicationName: 'SQL Server' })],
  });
  instance(new Stack(app, 'Stack', { env: ENV }), ofParameter('/images/sql-server'));

  expect(brief(reportOf(app).filter(({ rule }) => rule === PRODUCT))).toEqual(['warning Stack/It']);
});

describe('a product of your own', () => {
  const product = GovernedProduct.of({
    productName: 'Example Analytics', imageIds: ['ami-0fedcba9876543210'], imageParameters: ['^/analytics/'], imageNames: ['^analytics-'], applicationNames: ['analytics'],
  });
  const props = { additionalProducts: [product] };

  test.each<[string, ec2.IMachineImage]>([
    ['id', ec2.MachineImage.genericLinux({ 'us-east-1': 'ami-0fedcba9876543210' })],
    ['parameter', ofParameter('/analytics/latest')],
  ])('is found by the %s of the image', (_, image) => {
    expect(check(PRODUCT, stack => instance(stack, image), props).map(({ message }) => message)).toEqual([expect.stringContaining('It runs Example Analytics')]);
    expect(check(PRODUCT, stack => instance(stack, image))).toEqual([]);
  });

  test('may be one that there is, by other images', () => {
    const more = GovernedProduct.of({ productName: 'SQL Server', imageIds: ['ami-0fedcba9876543210'] });

    expect(check(PRODUCT, stack => instance(stack, ec2.MachineImage.genericLinux({ 'us-east-1': 'ami-0fedcba9876543210' })), { additionalProducts: [more] })).toHaveLength(1);
    expect(check(PRODUCT, stack => instance(stack, ofParameter('/images/mssql')), { additionalProducts: [more] })).toHaveLength(1);
  });

  test('is not looked for by a pack of others', () => {
    expect(check(PRODUCT, stack => instance(stack, ofParameter('/images/oracle-19c')), { packs: [LicenseRulePack.microsoft()] })).toEqual([]);
    expect(check(PRODUCT, stack => instance(stack, ofParameter('/images/oracle-19c')), { packs: [LicenseRulePack.oracle()] })).toHaveLength(1);
  });

  test('with a pattern that is none is refused', () => {
    expect(() => GovernedProduct.of({ productName: 'It', imageNames: ['('] })).toThrow("GovernedProduct.of(): imageNames has '(', which is no regular expression.");
    expect(() => GovernedProduct.of({ productName: '' })).toThrow('GovernedProduct.of(): productName is empty');
  });
});

describe('on a Dedicated Host', () => {
  const sqlServer = ec2.MachineImage.latestWindows(ec2.WindowsVersion.WINDOWS_SERVER_2022_ENGLISH_FULL_SQL_2022_STANDARD);

  test('SQL Server with the license included is found', () => {
    expect(brief(check(INCLUDED, stack => instance(stack, sqlServer, { tenancy: 'host' })))).toEqual(['error Stack/It']);
    expect(check(INCLUDED, stack => instance(stack, sqlServer, { tenancy: 'dedicated' }))).toEqual([]);
  });

  test('Red Hat Enterprise Linux with the license included is found', () => {
    expect(brief(ofLookUp(INCLUDED, 'RHEL-9*', '309956199498', { tenancy: 'host' }))).toEqual(['error Stack/It']);
    expect(ofLookUp(INCLUDED, 'RHEL-9*', 'self', { tenancy: 'host' })).toEqual([]);
  });

  test('SUSE Linux Enterprise Server with the license included is found', () => {
    const suse = ofParameter('/aws/service/suse/sles/15-sp6/x86_64/latest');
    expect(brief(check(INCLUDED, stack => instance(stack, suse, { tenancy: 'host' })))).toEqual(['error Stack/It']);
    expect(check(INCLUDED, stack => instance(stack, suse, { tenancy: 'dedicated' }))).toEqual([]);
    expect(brief(ofLookUp(INCLUDED, 'suse-sles-15-sp6-*', 'amazon', { tenancy: 'host' }))).toEqual(['error Stack/It']);
    expect(ofLookUp(INCLUDED, 'suse-sles-15-sp6-*', 'self', { tenancy: 'host' })).toEqual([]);
    expect(ofLookUp(INCLUDED, 'suse-sles-15-sp6-byos-*', 'amazon', { tenancy: 'host' })).toEqual([]);
  });

  test('Windows Server with the license included is permitted', () => {
    expect(check(INCLUDED, stack => instance(stack, windows, { tenancy: 'host' }))).toEqual([]);
  });
});
