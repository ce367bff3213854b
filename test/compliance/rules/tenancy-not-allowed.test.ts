import { type Stack } from 'aws-cdk-lib';
import { AutoScalingGroup, CfnAutoScalingGroup, CfnLaunchConfiguration } from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnNodegroup } from 'aws-cdk-lib/aws-eks';
import {
  CfnDistributionConfiguration, CfnImagePipeline, CfnImageRecipe, CfnInfrastructureConfiguration,
} from 'aws-cdk-lib/aws-imagebuilder';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { LicenseConfiguration, LicenseCounting, LicensedResource, LicenseTenancy, mixins, Provisioning } from '../../../src';
import { brief, check, include } from '../report';

const RULE = 'TenancyNotAllowed';
const IMAGE = 'ami-0123456789abcdef0';

const license = (stack: Stack, ...allowedTenancy: LicenseTenancy[]) =>
  new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus({ allowedTenancy: allowedTenancy.length ? allowedTenancy : [LicenseTenancy.DEDICATED_HOST] }) });
const named = (it: LicenseConfiguration) => [{ licenseConfigurationArn: it.licenseConfigurationArn }];
const template = (stack: Stack, placement: ec2.CfnLaunchTemplate.PlacementProperty | undefined, id = 'Template', it = license(stack)) =>
  new ec2.CfnLaunchTemplate(stack, id, { launchTemplateData: { imageId: IMAGE, instanceType: 'm5.large', placement, licenseSpecifications: named(it) } });
const use = ({ ref, attrLatestVersionNumber }: ec2.CfnLaunchTemplate) => ({ launchTemplateId: ref, version: attrLatestVersionNumber });

/** What each kind of launch says of its tenancy. */
const LAUNCHES: [string, string, (stack: Stack, tenancy?: string) => void][] = [
  ['an instance', 'It', (stack, tenancy) => new ec2.CfnInstance(stack, 'It', { imageId: IMAGE, tenancy, licenseSpecifications: named(license(stack)) })],
  ['an instance of a launch template', 'It', (stack, tenancy) => new ec2.CfnInstance(stack, 'It', { launchTemplate: use(template(stack, { tenancy })) })],
  ['an instance whose image has the license', 'It', (stack, tenancy) => {
    license(stack).addAssociation('Image', { resource: LicensedResource.fromMachineImageId(IMAGE) });
    new ec2.CfnInstance(stack, 'It', { imageId: IMAGE, tenancy });
  }],
  ['an Auto Scaling group', 'It', (stack, tenancy) => new CfnAutoScalingGroup(stack, 'It', { minSize: '0', maxSize: '1', launchTemplate: use(template(stack, { tenancy })) })],
  ['an Auto Scaling group with a mixed instances policy', 'It', (stack, tenancy) => new CfnAutoScalingGroup(stack, 'It', {
    minSize: '0', maxSize: '1', mixedInstancesPolicy: { launchTemplate: { launchTemplateSpecification: use(template(stack, { tenancy })), overrides: [{ instanceType: 'm5.xlarge' }] } },
  })],
  ['an Auto Scaling group with a launch configuration', 'It', (stack, tenancy) => {
    license(stack).addAssociation('Image', { resource: LicensedResource.fromMachineImageId(IMAGE) });
    const configuration = new CfnLaunchConfiguration(stack, 'Configuration', { imageId: IMAGE, instanceType: 'm5.large', placementTenancy: tenancy });
    new CfnAutoScalingGroup(stack, 'It', { minSize: '0', maxSize: '1', launchConfigurationName: configuration.ref });
  }],
  ['an EC2 Fleet', 'It', (stack, tenancy) => new ec2.CfnEC2Fleet(stack, 'It', {
    targetCapacitySpecification: { totalTargetCapacity: 1, defaultTargetCapacityType: 'on-demand' },
    launchTemplateConfigs: [{ launchTemplateSpecification: use(template(stack, { tenancy })), overrides: [] }],
  })],
  ['an EC2 Fleet that writes the tenancy', 'It', (stack, tenancy) => new ec2.CfnEC2Fleet(stack, 'It', {
    targetCapacitySpecification: { totalTargetCapacity: 1, defaultTargetCapacityType: 'on-demand' },
    launchTemplateConfigs: [{ launchTemplateSpecification: use(template(stack, undefined)), overrides: [{ placement: { tenancy } }] }],
  })],
  ['a Spot Fleet', 'It', (stack, tenancy) => new ec2.CfnSpotFleet(stack, 'It', {
    spotFleetRequestConfigData: {
      iamFleetRole: 'arn:aws:iam::111122223333:role/fleet',
      targetCapacity: 1,
      onDemandTargetCapacity: 1,
      launchTemplateConfigs: [{ launchTemplateSpecification: use(template(stack, { tenancy })) }],
    },
  })],
  ['an EKS node group', 'It', (stack, tenancy) => {
    const { ref: id, attrLatestVersionNumber: version } = template(stack, { tenancy });
    new CfnNodegroup(stack, 'It', { clusterName: 'cluster', nodeRole: 'arn:aws:iam::111122223333:role/node', subnets: ['subnet-1'], launchTemplate: { id, version } });
  }],
  ['an Image Builder pipeline', 'It', (stack, tenancy) => {
    const infrastructure = new CfnInfrastructureConfiguration(stack, 'Infrastructure', { name: 'it', instanceProfileName: 'it', placement: tenancy ? { tenancy } : undefined });
    const distribution = new CfnDistributionConfiguration(stack, 'Distribution', {
      name: 'it', distributions: [{ region: stack.region, licenseConfigurationArns: [license(stack).licenseConfigurationArn] }],
    });
    const recipe = new CfnImageRecipe(stack, 'Recipe', { name: 'it', version: '1.0.0', parentImage: IMAGE });
    new CfnImagePipeline(stack, 'It', {
      name: 'it', infrastructureConfigurationArn: infrastructure.ref, distributionConfigurationArn: distribution.ref, imageRecipeArn: recipe.ref,
    });
  }],
];

describe.each(LAUNCHES)('%s', (_, id, define) => {
  test.each(['default', 'dedicated'])('on the tenancy %s that its license excludes is found', tenancy => {
    const [finding, ...others] = check(RULE, stack => define(stack, tenancy));

    expect(others).toEqual([]);
    expect(finding).toMatchObject({ path: `Stack/${id}`, severity: 'error' });
    expect(finding.message).toContain(`License 'Stack/License' allows only EC2-DedicatedHost, and the tenancy is '${tenancy}'.`);
  });

  test('without a tenancy is found: it is on no Dedicated Host then', () => {
    expect(brief(check(RULE, stack => define(stack)))).toEqual([`error Stack/${id}`]);
  });

  test('on a tenancy that the license allows is right', () => {
    expect(check(RULE, stack => define(stack, 'host'))).toEqual([]);
  });
});

test('an ECS capacity provider is found by its Auto Scaling group', () => {
  const findings = check(RULE, stack => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0 });
    const launchTemplate = new ec2.LaunchTemplate(stack, 'Template', {
      machineImage: ec2.MachineImage.genericLinux({ 'us-east-1': IMAGE }), instanceType: new ec2.InstanceType('m5.large'),
    });
    launchTemplate.with(new mixins.LaunchTemplateLicenses([license(stack)]));
    new AutoScalingGroup(stack, 'Nodes', { vpc, launchTemplate, vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } });
  });

  expect(brief(findings)).toEqual(['error Stack/Nodes/ASG']);
});

test('a launch template that nobody in the app launches from is found, and without a tenancy as what may still be said elsewhere', () => {
  expect(brief(check(RULE, stack => template(stack, { tenancy: 'default' })))).toEqual(['error Stack/Template']);
  expect(brief(check(RULE, stack => template(stack, undefined)))).toEqual(['warning Stack/Template']);
});

test('a fleet of which a part is launched on another tenancy is found as a warning', () => {
  const findings = check(RULE, stack => new ec2.CfnEC2Fleet(stack, 'It', {
    targetCapacitySpecification: { totalTargetCapacity: 1 },
    launchTemplateConfigs: [{
      launchTemplateSpecification: use(template(stack, undefined)), overrides: [{ placement: { tenancy: 'host' } }, { placement: { tenancy: 'default' } }],
    }],
  }));

  expect(brief(findings)).toEqual(['warning Stack/It']);
  expect(findings[0].message).toContain("the tenancy of some of it is 'default'");
});

describe('where none is written, the VPC decides', () => {
  const inVpc = (stack: Stack, instanceTenancy: string | undefined) => {
    const vpc = new ec2.CfnVPC(stack, 'Vpc', { cidrBlock: '10.0.0.0/16', instanceTenancy });
    const subnet = new ec2.CfnSubnet(stack, 'Subnet', { vpcId: vpc.ref, cidrBlock: '10.0.0.0/24' });
    new ec2.CfnInstance(stack, 'It', { imageId: IMAGE, subnetId: subnet.ref, licenseSpecifications: named(license(stack, LicenseTenancy.DEDICATED_INSTANCE)) });
  };

  test('and one of shared hardware is not one of Dedicated Instances', () => {
    expect(brief(check(RULE, stack => inVpc(stack, undefined)))).toEqual(['error Stack/It']);
    expect(check(RULE, stack => inVpc(stack, 'dedicated'))).toEqual([]);
  });

  test('and one that the app does not make is not judged', () => {
    expect(check(RULE, stack => new ec2.CfnInstance(stack, 'It', {
      imageId: IMAGE, subnetId: 'subnet-0123456789abcdef0', licenseSpecifications: named(license(stack, LicenseTenancy.DEDICATED_INSTANCE)),
    }))).toEqual([]);
  });
});

test('a tenancy that is a parameter is not judged', () => {
  const parameter = (stack: Stack) => include(stack, {
    Parameters: { Tenancy: { Type: 'String', Default: 'default' } },
    Resources: {
      License: { Type: 'AWS::LicenseManager::LicenseConfiguration', Properties: { Name: 'it', LicenseCountingType: 'vCPU', LicenseRules: ['#allowedTenancy=EC2-DedicatedHost'] } },
      It: {
        Type: 'AWS::EC2::Instance',
        Properties: { ImageId: IMAGE, Tenancy: { Ref: 'Tenancy' }, LicenseSpecifications: [{ LicenseConfigurationArn: { 'Fn::GetAtt': ['License', 'LicenseConfigurationArn'] } }] },
      },
    },
  });

  expect(check(RULE, parameter)).toEqual([]);
});

describe('a license', () => {
  test('that is provisioned through the API is known, too', () => {
    expect(brief(check(RULE, stack => {
      const it = new LicenseConfiguration(stack, 'License', {
        licenseCounting: LicenseCounting.vcpus({ allowedTenancy: [LicenseTenancy.DEDICATED_HOST] }), provisioning: Provisioning.CUSTOM_RESOURCE,
      });
      new ec2.CfnInstance(stack, 'It', { imageId: IMAGE, tenancy: 'default', licenseSpecifications: named(it) });
    }))).toEqual(['error Stack/It']);
  });

  test('that is imported with its counting is known, and by its ARN alone is not', () => {
    const arn = `arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-${'1'.repeat(32)}`;
    const instance = (stack: Stack) => new ec2.CfnInstance(stack, 'It', { imageId: IMAGE, tenancy: 'default', licenseSpecifications: [{ licenseConfigurationArn: arn }] });

    expect(brief(check(RULE, stack => {
      LicenseConfiguration.fromLicenseConfigurationAttributes(stack, 'License', {
        licenseConfigurationArn: arn, licenseCounting: LicenseCounting.vcpus({ allowedTenancy: [LicenseTenancy.DEDICATED_HOST] }),
      });
      instance(stack);
    }))).toEqual(['error Stack/It']);
    expect(check(RULE, stack => {
      LicenseConfiguration.fromLicenseConfigurationArn(stack, 'License', arn);
      instance(stack);
    })).toEqual([]);
  });

  test('that has no rule for it allows every tenancy', () => {
    expect(check(RULE, stack => {
      const it = new CfnLicenseConfiguration(stack, 'License', { name: 'it', licenseCountingType: 'Instance' });
      new ec2.CfnInstance(stack, 'It', { imageId: IMAGE, tenancy: 'default', licenseSpecifications: [{ licenseConfigurationArn: it.attrLicenseConfigurationArn }] });
    })).toEqual([]);
  });
});
