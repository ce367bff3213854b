import { App, Fn, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { CfnCapacityProvider } from 'aws-cdk-lib/aws-bedrockagentcore';
import { CfnInstance, CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { CfnDistributionConfiguration } from 'aws-cdk-lib/aws-imagebuilder';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { CfnWorkspaceInstance } from 'aws-cdk-lib/aws-workspacesinstances';
import {
  HostLicenses, HostResourceGroup, LicenseConfiguration, LicenseConfigurationAssociation, LicenseConfigurationStatus, LicenseCounting,
  LicensedResource, mixins, ProductInformation, Provisioning, RdsDb2EngineEdition, RdsOracleEngineEdition,
} from '../../../src';
import { checkLicenseRegions } from '../../../src/private/license/licenses';
import { ImportedLicense, LICENSE_ARN, makeLicense } from '../../license-configuration/licenses';
import { acknowledge } from '../../support/validator';

let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

test('licenses of the stack\'s Region are taken, and those of which the Region is not known', () => {
  expect(() => checkLicenseRegions(stack, [
    makeLicense(stack, 'Made'), new ImportedLicense(stack, 'Imported'), new ImportedLicense(stack, 'Token', Fn.importValue('license')),
  ])).not.toThrow();
  expect(() => checkLicenseRegions(new Stack(new App(), 'Anywhere'), [new ImportedLicense(stack, 'Other')])).not.toThrow();
});

test('one of another Region is refused', () => {
  expect(() => checkLicenseRegions(stack, [
    makeLicense(stack, 'Made'), new ImportedLicense(stack, 'Other', LICENSE_ARN.replace('us-east-1', 'eu-west-1')),
  ])).toThrow(
    'Stack: license \'Stack/Other\' is in Region \'eu-west-1\' and the stack in \'us-east-1\': License Manager tracks nothing across Regions. ' +
    'Use a license of \'us-east-1\'.');
});

const HOSTS = 'arn:aws:resource-groups:us-east-1:111122223333:group/hosts';
const groupOf = (license: ILicenseConfigurationRef) =>
  HostResourceGroup.fromHostResourceGroupAttributes(stack, 'Imported', { hostResourceGroupArn: HOSTS, licenses: HostLicenses.only([license]) });
const instance = () => new CfnInstance(stack, 'It', { imageId: Fn.importValue('image'), instanceType: 'm5.large' });
const template = () => new CfnLaunchTemplate(stack, 'It', { launchTemplateData: {} });
const associate = (license: ILicenseConfigurationRef, resource: LicensedResource) =>
  new LicenseConfigurationAssociation(stack, 'It', { licenseConfiguration: license, resource });

/** All ways to put a license on something, which is `Stack/It`. */
const WAYS: [string, (license: ILicenseConfigurationRef) => unknown][] = [
  ['an association with an AMI', it => associate(it, LicensedResource.fromMachineImageId('ami-0123456789abcdef0'))],
  ['an association with an instance', it => associate(it, LicensedResource.fromInstanceId('i-0123456789abcdef0'))],
  ['an association with a host', it => associate(it, LicensedResource.fromHostId('h-0123456789abcdef0'))],
  ['an instance', it => instance().with(new mixins.InstanceLicenses([it]))],
  ['a launch template', it => template().with(new mixins.LaunchTemplateLicenses([it]))],
  ['an instance in a host resource group', it => instance().with(new mixins.InstanceHostPlacement(groupOf(it)))],
  ['a launch template in a host resource group', it => template().with(new mixins.LaunchTemplateHostPlacement(groupOf(it)))],
  ['a host resource group', it => new HostResourceGroup(stack, 'It', { licenses: HostLicenses.only([it]) })],
  ['a distribution configuration', it => new CfnDistributionConfiguration(stack, 'It', { name: 'name', distributions: [{ region: 'us-east-1' }] })
    .with(new mixins.DistributionConfigurationLicenses([it]))],
  ['a WorkSpaces instance', it => new CfnWorkspaceInstance(stack, 'It', { managedInstance: { imageId: Fn.importValue('image'), instanceType: 'm5.large' } })
    .with(new mixins.WorkspaceInstanceLicenses([it]))],
  ['a capacity provider', it => new CfnCapacityProvider(stack, 'It', {
    name: 'agents',
    permissionsConfiguration: { capacityProviderOperatorRoleArn: 'arn:aws:iam::111122223333:role/agents' },
    computeConfiguration: {
      ec2Configuration: {
        launchTemplateSource: { launchParameters: { operatingSystem: 'LINUX_X86_64', instanceRequirements: { allowedInstanceTypes: ['m5.large'] } } },
        vpcConfiguration: { subnets: ['subnet-0123456789abcdef0'], securityGroups: ['sg-0123456789abcdef0'] },
      },
    },
  }).with(new mixins.AgentCoreCapacityProviderLicenses([it]))],
];
const warnings = (id: string) => Annotations.fromStack(stack).findWarning('/Stack/It', Match.stringLikeRegexp(`\\[ack: cdk-license-manager:${id}\\]$`));

describe.each(WAYS)('a license on %s', (_, put) => {
  test('is warned of if it is of another account', () => {
    put(new ImportedLicense(stack, 'License', LICENSE_ARN.replace('111122223333', '444455556666')));
    expect(warnings('licenseOfAnotherAccount').map(({ entry }) => entry.data)).toEqual([
      'License \'Stack/License\' belongs to account \'444455556666\' and the stack to \'111122223333\': AWS refuses its use unless it is shared with the ' +
      'stack\'s account (LicenseShare). [ack: cdk-license-manager:licenseOfAnotherAccount]',
    ]);
  });

  test('is warned of if it tracks a product of Amazon RDS', () => {
    put(new LicenseConfiguration(stack, 'License', {
      licenseCounting: LicenseCounting.vcpus(), productInformation: [ProductInformation.rdsDb2({ engineEdition: RdsDb2EngineEdition.SE })],
    }));
    expect(warnings('licenseOfDatabases').map(({ entry }) => entry.data)).toEqual([
      'License \'Stack/License\' tracks a product of Amazon RDS, whose databases get it by automated discovery: here it would count something else, and a ' +
      'license that tracks Amazon RDS tracks nothing besides. Leave it out, and make another license for what runs here. ' +
      '[ack: cdk-license-manager:licenseOfDatabases]',
    ]);
  });

  test.each<[string, () => ILicenseConfigurationRef]>([
    ['of the account', () => new ImportedLicense(stack, 'License')],
    ['of an account that is not known', () => new ImportedLicense(stack, 'License', LICENSE_ARN.replace('111122223333', Fn.importValue('account')))],
    ['for software', () => new LicenseConfiguration(stack, 'License', {
      licenseCounting: LicenseCounting.cores(), productInformation: [ProductInformation.ssmManaged({ applicationName: 'Oracle Database' })],
    })],
  ])('is not if it is %s', (_name, make) => {
    put(make());
    expect([...warnings('licenseOfAnotherAccount'), ...warnings('licenseOfDatabases')]).toEqual([]);
  });
});

test.each<[string, () => ILicenseConfigurationRef, boolean]>([
  ['an L2 for Oracle', () => new LicenseConfiguration(stack, 'License', {
    licenseCounting: LicenseCounting.vcpus(), productInformation: [ProductInformation.rdsOracle({ engineEdition: RdsOracleEngineEdition.EE })],
  }), true],
  ['one that is made through the API', () => new LicenseConfiguration(stack, 'License', {
    licenseCounting: LicenseCounting.vcpus(),
    provisioning: Provisioning.CUSTOM_RESOURCE,
    productInformation: [ProductInformation.rdsOracle({ engineEdition: RdsOracleEngineEdition.EE })],
  }), true],
  ['an L1', () => new CfnLicenseConfiguration(stack, 'License', {
    name: 'name', licenseCountingType: 'vCPU', productInformationList: [{ resourceType: 'RDS', productInformationFilterList: [] }],
  }), true],
  ['an L1 with products that are tokens', () => new CfnLicenseConfiguration(stack, 'License', {
    name: 'name', licenseCountingType: 'vCPU', productInformationList: Fn.conditionIf('Condition', [], []),
  }), false],
  ['an L1 with a product that is a token', () => new CfnLicenseConfiguration(stack, 'License', {
    name: 'name', licenseCountingType: 'vCPU', productInformationList: [Fn.conditionIf('Condition', {}, {})],
  }), false],
  ['an L1 without products', () => makeLicense(stack, 'License'), false],
  ['an imported one', () => new ImportedLicense(stack, 'License'), false],
])('%s is known to be for databases: %#', (_, make, isKnown) => {
  acknowledge(stack, 'E1028', 'The condition is made up.');
  instance().with(new mixins.InstanceLicenses([make()]));
  expect(warnings('licenseOfDatabases')).toHaveLength(isKnown ? 1 : 0);
});

test('of a group with a license that is deactivated is warned where something is launched into it', () => {
  const license = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.cores(), status: LicenseConfigurationStatus.DISABLED });
  instance().with(new mixins.InstanceHostPlacement(groupOf(license)));
  new CfnLaunchTemplate(stack, 'Template', { launchTemplateData: {} }).with(new mixins.LaunchTemplateHostPlacement(stack.node.findChild('Imported') as any));
  for (const path of ['/Stack/It', '/Stack/Template']) {
    Annotations.fromStack(stack).hasWarning(path, Match.stringLikeRegexp('^The status of license \'Stack/License\' is \'DISABLED\': '));
  }
});
