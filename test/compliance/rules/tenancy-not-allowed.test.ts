import { App, Aws, CfnCondition, CfnParameter, type CfnResource, Fn, type ICfnRuleConditionExpression, NestedStack, Stack } from 'aws-cdk-lib';
import { AutoScalingGroup, CfnAutoScalingGroup, CfnLaunchConfiguration } from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnNodegroup } from 'aws-cdk-lib/aws-eks';
import {
  CfnDistributionConfiguration, CfnImagePipeline, CfnImageRecipe, CfnInfrastructureConfiguration,
} from 'aws-cdk-lib/aws-imagebuilder';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { LicenseConfiguration, LicenseCounting, LicensedResource, LicenseTenancy, mixins, Provisioning } from '../../../src';
import { brief, check, ENV, include, reportOf } from '../report';

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
    license(stack).addAssociation('Image', { resource: LicensedResource.fromMachineImageId(IMAGE) });
    const recipe = new CfnImageRecipe(stack, 'Recipe', { name: 'it', version: '1.0.0', parentImage: IMAGE });
    new CfnImagePipeline(stack, 'It', {
      name: 'it', infrastructureConfigurationArn: infrastructure.ref, imageRecipeArn: recipe.ref,
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

test.each(['us-east-1', 'eu-west-1'])('a license that Image Builder puts on the image of Region %s says nothing of the instances that it builds on', region => {
  expect(check(RULE, stack => {
    const infrastructure = new CfnInfrastructureConfiguration(stack, 'Infrastructure', { name: 'it', instanceProfileName: 'it', placement: { tenancy: 'default' } });
    const licenseConfigurationArn = `arn:aws:license-manager:${region}:111122223333:license-configuration:lic-${'1'.repeat(32)}`;
    LicenseConfiguration.fromLicenseConfigurationAttributes(stack, 'License', {
      licenseConfigurationArn, licenseCounting: LicenseCounting.vcpus({ allowedTenancy: [LicenseTenancy.DEDICATED_HOST] }),
    });
    const distribution = new CfnDistributionConfiguration(stack, 'Distribution', { name: 'it', distributions: [{ region, licenseConfigurationArns: [licenseConfigurationArn] }] });
    const recipe = new CfnImageRecipe(stack, 'Recipe', { name: 'it', version: '1.0.0', parentImage: 'ami-0fedcba9876543210' });
    new CfnImagePipeline(stack, 'It', {
      name: 'it', infrastructureConfigurationArn: infrastructure.ref, distributionConfigurationArn: distribution.ref, imageRecipeArn: recipe.ref,
    });
  })).toEqual([]);
});

describe('in a VPC of Dedicated Instances', () => {
  const inVpc = (stack: Stack, tenancy: string | undefined, ...allowed: LicenseTenancy[]) => {
    const vpc = new ec2.CfnVPC(stack, 'Vpc', { cidrBlock: '10.0.0.0/16', instanceTenancy: 'dedicated' });
    const subnet = new ec2.CfnSubnet(stack, 'Subnet', { vpcId: vpc.ref, cidrBlock: '10.0.0.0/24' });
    const it = license(stack, ...allowed);
    new ec2.CfnInstance(stack, 'It', { imageId: IMAGE, tenancy, subnetId: subnet.ref, licenseSpecifications: named(it) });
    new CfnAutoScalingGroup(stack, 'Fleet', {
      minSize: '0', maxSize: '1', vpcZoneIdentifier: [subnet.ref], launchTemplate: use(template(stack, { tenancy }, 'Template', it)),
    });
  };

  test.each([undefined, 'default', 'dedicated'])('the tenancy %s is that of a Dedicated Instance', tenancy => {
    expect(check(RULE, stack => inVpc(stack, tenancy, LicenseTenancy.DEDICATED_INSTANCE))).toEqual([]);
    expect(brief(check(RULE, stack => inVpc(stack, tenancy, LicenseTenancy.DEFAULT))).sort()).toEqual(['error Stack/Fleet', 'error Stack/It']);
  });

  test('a tenancy that is another one there is said as what it is', () => {
    expect(check(RULE, stack => inVpc(stack, 'default', LicenseTenancy.DEFAULT))[0].message)
      .toBe("License 'Stack/License' allows only EC2-Default, and the tenancy is 'dedicated', as the VPC has it.");
  });

  test('a host is a host', () => {
    expect(check(RULE, stack => inVpc(stack, 'host', LicenseTenancy.DEDICATED_HOST))).toEqual([]);
  });
});

test('the tenancy default in a VPC of somebody else may be that of a Dedicated Instance, and is none of a host', () => {
  const inVpc = (stack: Stack, ...allowed: LicenseTenancy[]) =>
    new ec2.CfnInstance(stack, 'It', { imageId: IMAGE, tenancy: 'default', subnetId: 'subnet-0123456789abcdef0', licenseSpecifications: named(license(stack, ...allowed)) });

  expect(check(RULE, stack => inVpc(stack, LicenseTenancy.DEDICATED_INSTANCE))).toEqual([]);
  expect(check(RULE, stack => inVpc(stack, LicenseTenancy.DEDICATED_HOST))[0].message)
    .toBe("License 'Stack/License' allows only EC2-DedicatedHost, and the tenancy is 'default'.");
});

describe('a version of a launch template', () => {
  const pinned = (version: string) => brief(check(RULE, stack => {
    const { ref: launchTemplateId } = template(stack, { tenancy: 'default' });
    new CfnAutoScalingGroup(stack, 'It', { minSize: '0', maxSize: '1', launchTemplate: { launchTemplateId, version } });
    new ec2.CfnInstance(stack, 'Other', { launchTemplate: { launchTemplateId, version } });
  })).sort();

  test('that has what the template says is judged', () => {
    for (const version of ['$Latest', '$Default']) {
      expect(pinned(version)).toEqual(['error Stack/It', 'error Stack/Other']);
    }
  });

  test('by its number is not judged by what the template says now, and the template itself is', () => {
    expect(pinned('7')).toEqual(['error Stack/Template']);
  });

  test('that is a parameter is not judged', () => {
    expect(brief(check(RULE, stack => {
      const { ref: launchTemplateId } = template(stack, { tenancy: 'default' });
      new CfnAutoScalingGroup(stack, 'It', { minSize: '0', maxSize: '1', launchTemplate: { launchTemplateId, version: new CfnParameter(stack, 'Version').valueAsString } });
    }))).toEqual(['error Stack/Template']);
  });
});

describe('of an Auto Scaling group with two launch templates', () => {
  const mixed = (stack: Stack, one: string, other: string) => {
    const it = license(stack);
    new CfnAutoScalingGroup(stack, 'It', {
      minSize: '0',
      maxSize: '1',
      mixedInstancesPolicy: {
        launchTemplate: {
          launchTemplateSpecification: use(template(stack, { tenancy: one }, 'One', it)),
          overrides: [{ instanceType: 'm5.large' }, { instanceType: 'm5.large', launchTemplateSpecification: use(template(stack, { tenancy: other }, 'Other', it)) }],
        },
      },
    });
  };

  test('one is a part, and the finding a warning', () => {
    expect(brief(check(RULE, stack => mixed(stack, 'host', 'default')))).toEqual(['warning Stack/It']);
  });

  test('both are all, and the finding an error', () => {
    expect(new Set(brief(check(RULE, stack => mixed(stack, 'dedicated', 'default'))))).toEqual(new Set(['error Stack/It']));
  });
});

describe('with a condition', () => {
  const EQUALS = { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] };
  const conditional = (of: { license?: string; instance?: string }, conditions: object = {}) => check(RULE, stack => include(stack, {
    Parameters: { Stage: { Type: 'String' } },
    Conditions: { Prod: EQUALS, Test: { 'Fn::Not': [{ Condition: 'Prod' }] }, ...conditions },
    Resources: {
      License: {
        Type: 'AWS::LicenseManager::LicenseConfiguration', Condition: of.license, Properties: { Name: 'it', LicenseCountingType: 'vCPU', LicenseRules: ['#allowedTenancy=EC2-DedicatedHost'] },
      },
      It: {
        Type: 'AWS::EC2::Instance',
        Condition: of.instance,
        Properties: { ImageId: IMAGE, Tenancy: 'default', LicenseSpecifications: [{ LicenseConfigurationArn: { 'Fn::GetAtt': ['License', 'LicenseConfigurationArn'] } }] },
      },
    },
  })).map(({ logicalId }) => logicalId);

  test('that its license has too, an instance is judged', () => {
    expect(conditional({ license: 'Prod', instance: 'Prod' })).toEqual(['It']);
  });

  test('of its own, an instance is not judged', () => {
    expect(conditional({ instance: 'Prod' })).toEqual([]);
    expect(conditional({ license: 'Test', instance: 'Prod' })).toEqual([]);
  });

  test.each<[string, object, boolean]>([
    ['never', { 'Fn::Equals': ['a', 'b'] }, false],
    ['always', { 'Fn::Equals': ['a', 'a'] }, true],
    ['not never', { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] }, true],
    ['in the Region', { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] }, true],
    ['in another Region', { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] }, false],
    ['in the account, by another condition', { Condition: 'Account' }, true],
    ['in one of two', { 'Fn::Or': [EQUALS, { 'Fn::Equals': ['a', 'a'] }] }, true],
    ['in both of two', { 'Fn::And': [EQUALS, { 'Fn::Equals': ['a', 'a'] }] }, false],
    ['in neither', { 'Fn::And': [EQUALS, { 'Fn::Equals': ['a', 'b'] }] }, false],
  ])('that is known, %s, it is as it is', (_, condition, isJudged) => {
    const conditions = { It: condition, Account: { 'Fn::Equals': [{ Ref: 'AWS::AccountId' }, '111122223333'] } };
    expect(conditional({ instance: 'It' }, conditions)).toEqual(isJudged ? ['It'] : []);
  });
});

test('a nested stack with a condition has it for all that is in it', () => {
  const nested = (expression: ICfnRuleConditionExpression) => brief(check(RULE, stack => {
    const inner = new NestedStack(stack, 'Nested');
    new ec2.CfnInstance(inner, 'It', { imageId: IMAGE, tenancy: 'default', licenseSpecifications: named(license(stack)) });
    (inner.nestedStackResource as CfnResource).cfnOptions.condition = new CfnCondition(stack, 'Condition', { expression });
  }));

  expect(nested(Fn.conditionEquals('a', 'a'))).toEqual(['error Stack/Nested/It']);
  expect(nested(Fn.conditionEquals('a', 'b'))).toEqual([]);
  expect(nested(Fn.conditionEquals(Aws.STACK_NAME, 'b'))).toEqual([]);
});

describe('an image by a parameter of Systems Manager', () => {
  const golden = ec2.MachineImage.fromSsmParameter('/golden/image');
  const associated = (stack: Stack) => license(stack).addAssociation('Image', { resource: LicensedResource.fromMachineImageId(golden.getImage(stack).imageId) });

  test('has the licenses that the app puts on it in another stack of the account and the Region', () => {
    const found = (region: string) => {
      const app = new App({ analyticsReporting: false });
      associated(new Stack(app, 'Licenses', { env: ENV }));
      const stack = new Stack(app, 'Stack', { env: { ...ENV, region } });
      new ec2.CfnInstance(stack, 'It', { imageId: golden.getImage(stack).imageId, tenancy: 'default' });
      return brief(reportOf(app).filter(({ rule }) => rule === RULE));
    };

    expect(found('us-east-1')).toEqual(['error Stack/It']);
    expect(found('eu-west-1')).toEqual([]);
  });

  test.each(['resolve:ssm:/golden/image', '{{resolve:ssm:/golden/image}}'])('has them by %s, too', imageId => {
    expect(brief(check(RULE, stack => {
      associated(stack);
      new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: { imageId, placement: { tenancy: 'default' } } });
    }))).toEqual(['error Stack/Template']);
  });

  test('of another name, or of a version, is another one', () => {
    expect(check(RULE, stack => {
      associated(stack);
      ['resolve:ssm:/golden/other', 'resolve:ssm:/golden/image:3'].forEach((imageId, index) =>
        new ec2.CfnLaunchTemplate(stack, `Template${index}`, { launchTemplateData: { imageId, placement: { tenancy: 'default' } } }));
    })).toEqual([]);
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
