/*
 * What a mixin sees of who launches from a launch template: the template alone says neither which instance types are launched nor whether they are Spot
 * Instances.
 */
import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { CfnComputeEnvironment } from 'aws-cdk-lib/aws-batch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnNodegroup } from 'aws-cdk-lib/aws-eks';
import { CfnGameServerGroup } from 'aws-cdk-lib/aws-gamelift';
import { CfnInfrastructureConfiguration } from 'aws-cdk-lib/aws-imagebuilder';
import { CfnComputeNodeGroup } from 'aws-cdk-lib/aws-pcs';
import { CfnWorkspaceInstance } from 'aws-cdk-lib/aws-workspacesinstances';
import type { IConstruct } from 'constructs';
import { HostLicenses, HostResourceGroup, LicenseConfiguration, LicenseCounting, mixins } from '../../../src';
import { LICENSE_ARN, makeLicense } from '../../license-configuration/licenses';

let app: App;
let stack: Stack;
let hosts: HostResourceGroup;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  hosts = new HostResourceGroup(stack, 'Hosts', { licenses: HostLicenses.notRequired(), allowedHostFamilies: ['m5', 'c5'] });
});

const ROLE = 'arn:aws:iam::111122223333:role/service';
const placed = (data: ec2.CfnLaunchTemplate.LaunchTemplateDataProperty = { instanceType: 'm5.large' }, id = 'Template') => {
  const template = new ec2.CfnLaunchTemplate(stack, id, { launchTemplateData: data });
  template.with(new mixins.LaunchTemplateHostPlacement(hosts));
  return template;
};
const named = ({ ref, attrLatestVersionNumber: version }: ec2.CfnLaunchTemplate) => ({ launchTemplateId: ref, version });
const group = (props: Partial<ConstructorParameters<typeof CfnAutoScalingGroup>[2]>) =>
  new CfnAutoScalingGroup(stack, 'User', { minSize: '0', maxSize: '1', availabilityZones: [Fn.select(0, Fn.getAzs())], ...props });
const mixed = (template: ec2.CfnLaunchTemplate, overrides: CfnAutoScalingGroup.LaunchTemplateOverridesProperty[] = [],
  instancesDistribution?: CfnAutoScalingGroup.InstancesDistributionProperty) =>
  group({ mixedInstancesPolicy: { launchTemplate: { launchTemplateSpecification: named(template), overrides }, instancesDistribution } });
const types = (...list: string[]) => list.map(instanceType => ({ instanceType }));

function outcome() {
  let refusal: string | undefined;
  try {
    app.synth();
  } catch (error) {
    refusal = (error as Error).message;
  }
  const warnings = app.node.findAll().flatMap((construct: IConstruct) => construct.node.metadata
    .filter(entry => entry.type === 'aws:cdk:warning' && String(entry.data).includes('cdk-license-manager:'))
    .map(entry => `${construct.node.path}: ${entry.data}`));
  return { refusal, warnings };
}

const SPOT = /'Stack\/User' launches Spot Instances from it: there are none on Dedicated Hosts\. Let it launch On-Demand Instances, or change the tenancy\./;
const SOME_SPOT = /^Stack\/Template: Its tenancy is 'host', and 'Stack\/User' launches Spot Instances from it, too: .*\[ack: cdk-license-manager:spotOnDedicatedHosts\]$/;
const FAMILY = /'Stack\/User' launches .* from it, and allowedHostFamilies of host resource group 'Stack\/Hosts' has only 'm5', 'c5'\. Add the family, or use another instance type\./;
const SOME_FAMILY = new RegExp(`^Stack/Template: ${FAMILY.source} \\[ack: cdk-license-manager:instanceTypeNotAllowed\\]$`);

type Case = [string, (template: ec2.CfnLaunchTemplate) => void, RegExp?, RegExp?];
const CASES: Case[] = [
  // Spot, of an Auto Scaling group.
  ['an Auto Scaling group with the template', t => group({ launchTemplate: named(t) })],
  ['a mixed instances policy without a distribution', t => mixed(t)],
  ['a mixed instances policy with On-Demand Instances only', t => mixed(t, [], { onDemandBaseCapacity: 0, onDemandPercentageAboveBaseCapacity: 100 })],
  ['a mixed instances policy with a hundredth Spot', t => mixed(t, [], { onDemandPercentageAboveBaseCapacity: 99 }), undefined, SOME_SPOT],
  ['a mixed instances policy with a hundredth On-Demand', t => mixed(t, [], { onDemandPercentageAboveBaseCapacity: 1 }), undefined, SOME_SPOT],
  ['a mixed instances policy with Spot above a base', t => mixed(t, [], { onDemandBaseCapacity: 1, onDemandPercentageAboveBaseCapacity: 0 }), undefined, SOME_SPOT],
  ['a mixed instances policy with nothing but Spot', t => mixed(t, [], { onDemandPercentageAboveBaseCapacity: 0 }), SPOT],
  ['a mixed instances policy with a percentage that is a token', t => mixed(t, [], {
    onDemandPercentageAboveBaseCapacity: new CfnParameter(stack, 'Percentage', { type: 'Number' }).valueAsNumber,
  })],
  // Spot, of fleets and what has one.
  ...([
    [{ defaultTargetCapacityType: 'spot', totalTargetCapacity: 2 }, SPOT],
    [{ defaultTargetCapacityType: 'spot', totalTargetCapacity: 2, onDemandTargetCapacity: 1 }, undefined, SOME_SPOT],
    [{ defaultTargetCapacityType: 'spot', totalTargetCapacity: 2, onDemandTargetCapacity: 2 }],
    [{ defaultTargetCapacityType: 'on-demand', totalTargetCapacity: 2 }],
    [{ defaultTargetCapacityType: 'on-demand', totalTargetCapacity: 2, spotTargetCapacity: 1 }, undefined, SOME_SPOT],
    [{ defaultTargetCapacityType: 'on-demand', totalTargetCapacity: 2, spotTargetCapacity: 2 }, SPOT],
    [{ totalTargetCapacity: 2 }],
  ] as [ec2.CfnEC2Fleet.TargetCapacitySpecificationRequestProperty, RegExp?, RegExp?][]).map(([capacity, refusal, warning]): Case => [
    `an EC2 Fleet of ${JSON.stringify(capacity)}`, t => new ec2.CfnEC2Fleet(stack, 'User', {
      targetCapacitySpecification: capacity, launchTemplateConfigs: [{ launchTemplateSpecification: named(t) }],
    }), refusal, warning,
  ]),
  ...([[{}, SPOT], [{ onDemandTargetCapacity: 1 }, undefined, SOME_SPOT], [{ onDemandTargetCapacity: 2 }]] as [object, RegExp?, RegExp?][])
    .map(([more, refusal, warning]): Case => [`a Spot Fleet of ${JSON.stringify(more)}`, t => new ec2.CfnSpotFleet(stack, 'User', {
      spotFleetRequestConfigData: {
        iamFleetRole: ROLE, targetCapacity: 2, launchTemplateConfigs: [{ launchTemplateSpecification: named(t) }], ...more,
      },
    }), refusal, warning]),
  ...([['SPOT', SPOT], ['ON_DEMAND'], [undefined]] as [string | undefined, RegExp?][]).map(([capacityType, refusal]): Case => [
    `a node group of ${capacityType}`, t => new CfnNodegroup(stack, 'User', {
      clusterName: 'cluster', nodeRole: ROLE, subnets: ['subnet-0123456789abcdef0'], capacityType, launchTemplate: { id: t.ref, version: '1' },
    }), refusal,
  ]),
  ...([['SPOT', SPOT], ['EC2']] as [string, RegExp?][]).map(([type, refusal]): Case => [
    `a compute environment of ${type}`, t => new CfnComputeEnvironment(stack, 'User', {
      type: 'MANAGED',
      computeResources: {
        type, maxvCpus: 4, subnets: ['subnet-0123456789abcdef0'], instanceTypes: ['optimal', 'm5'], launchTemplate: { launchTemplateId: t.ref },
      },
    }), refusal,
  ]),
  ...([['SPOT', SPOT], ['ONDEMAND']] as [string, RegExp?][]).map(([purchaseOption, refusal]): Case => [
    `a compute node group of ${purchaseOption}`, t => new CfnComputeNodeGroup(stack, 'User', {
      clusterId: 'cluster',
      purchaseOption,
      customLaunchTemplate: { templateId: t.ref, version: '1' },
      iamInstanceProfileArn: ROLE.replace('role', 'instance-profile'),
      instanceConfigs: [{ instanceType: 'm5.large' }],
      scalingConfiguration: { minInstanceCount: 0, maxInstanceCount: 1 },
      subnetIds: ['subnet-0123456789abcdef0'],
    }), refusal,
  ]),
  ...([['SPOT_ONLY', SPOT], ['SPOT_PREFERRED', undefined, SOME_SPOT], [undefined, undefined, SOME_SPOT], ['ON_DEMAND_ONLY']] as [string | undefined, RegExp?, RegExp?][])
    .map(([balancingStrategy, refusal, warning]): Case => [`a game server group of ${balancingStrategy}`, t => new CfnGameServerGroup(stack, 'User', {
      gameServerGroupName: 'games',
      roleArn: ROLE,
      balancingStrategy,
      launchTemplate: { launchTemplateId: t.ref },
      instanceDefinitions: [{ instanceType: 'm5.large' }, { instanceType: 'c5.large' }],
    }), refusal, warning]),
  // Instance types.
  ['types of the families of the group', t => mixed(t, types('m5.xlarge', 'c5.large'))],
  ['types of which one is of another family', t => mixed(t, types('m5.xlarge', 'r5.large')), undefined, SOME_FAMILY],
  ['types of which none is of a family of the group', t => mixed(t, types('r5.large', 'm5a.large')), FAMILY],
  ['types that are asked for by their attributes', t => mixed(t, [{ instanceRequirements: { memoryMiB: { min: 1024 }, vCpuCount: { min: 2 } } }])],
  ['a type that is a token, and another one', t => mixed(t, types(Fn.importValue('type'), 'r5.large')), undefined, SOME_FAMILY],
  ['types of another template', t => mixed(t, [{
    launchTemplateSpecification: named(new ec2.CfnLaunchTemplate(stack, 'Other', { launchTemplateData: {} })), instanceType: 'r5.large',
  }, { instanceType: 'm5.large' }])],
  ['types of an EC2 Fleet', t => new ec2.CfnEC2Fleet(stack, 'User', {
    targetCapacitySpecification: { totalTargetCapacity: 1, defaultTargetCapacityType: 'on-demand' },
    launchTemplateConfigs: [{ launchTemplateSpecification: named(t), overrides: types('r5.large') }],
  }), FAMILY],
  ['types of a node group', t => new CfnNodegroup(stack, 'User', {
    clusterName: 'cluster', nodeRole: ROLE, subnets: ['subnet-0123456789abcdef0'], instanceTypes: ['r5.large', 'm5.large'], launchTemplate: { id: t.ref, version: '1' },
  }), undefined, SOME_FAMILY],
];

test.each(CASES.map(([name, use, refusal, warning]) => ({ name, use, refusal, warning })))('of a template that is placed on hosts: $name', ({ use, refusal, warning }) => {
  use(placed());
  const { refusal: found, warnings } = outcome();
  expect(found).toEqual(refusal ? expect.stringMatching(refusal) : undefined);
  expect(warnings).toEqual(warning ? [expect.stringMatching(warning)] : []);
});

test('the type of a template that nobody launches is neither refused nor warned of', () => {
  mixed(placed({ instanceType: 'r5.large' }), types('m5.large'));
  expect(outcome()).toEqual({ refusal: undefined, warnings: [] });
});

test('the type of a template is that of who leaves it out', () => {
  group({ launchTemplate: named(placed({ instanceType: 'r5.large' })) });
  expect(outcome().refusal).toMatch(FAMILY);
});

test.each([
  ['the tenancy host', { tenancy: 'host' }, true], ['a host', { hostId: 'h-0123456789abcdef0' }, true],
  ['dedicated instances', { tenancy: 'dedicated' }, false], ['no tenancy', undefined, false],
] as const)('a template with licenses and %s (refused for Spot Instances: %s)', (_, placement, refused) => {
  const template = new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: { instanceType: 'm5.large', placement } });
  template.with(new mixins.LaunchTemplateLicenses([makeLicense(stack, 'License')]));
  mixed(template, [], { onDemandPercentageAboveBaseCapacity: 0 });
  expect(outcome().refusal).toEqual(refused ? expect.stringMatching(SPOT) : undefined);
});

describe('vCPUs', () => {
  const license = (counting: LicenseCounting) => new LicenseConfiguration(stack, 'License', { licenseCounting: counting });
  const tooFew = (type: string, minimum: number) => `The instance type '${type}' has 2 vCPUs at most, and license 'Stack/License' has minimumVcpus ${minimum}: ` +
    'License Manager refuses the launch. Use a larger type, or change the rule of the license. [ack: cdk-license-manager:tooFewVcpus]';

  test.each([
    ['m5.large', 4, true], ['m5.large', 3, true], ['m5.large', 2, false], ['m5.large', 1, false], ['t3.nano', 3, true], ['m7g.medium', 4, true],
    ['m5.xlarge', 4, false], ['m5.2xlarge', 16, false], ['mac2.metal', 16, false], [Fn.importValue('type'), 4, false],
  ])('%s with minimumVcpus %d (warned of: %s)', (instanceType, minimumVcpus, warned) => {
    new ec2.CfnInstance(stack, 'Instance', { imageId: Fn.importValue('image'), instanceType })
      .with(new mixins.InstanceLicenses([license(LicenseCounting.vcpus({ minimumVcpus }))]));
    expect(outcome()).toEqual({ refusal: undefined, warnings: warned ? [`Stack/Instance: ${tooFew(instanceType, minimumVcpus)}`] : [] });
  });

  test('of a WorkSpaces instance, of an L1 of a license, and of a license counted by instance', () => {
    const one = makeLicense(stack, 'License', ['#minimumVcpus=4']);
    new CfnWorkspaceInstance(stack, 'WorkSpace', { managedInstance: { imageId: Fn.importValue('image'), instanceType: 'm5.large' } })
      .with(new mixins.WorkspaceInstanceLicenses([one]));
    new ec2.CfnInstance(stack, 'Instance', { imageId: Fn.importValue('image'), instanceType: 'm5.large' }).with(new mixins.InstanceLicenses([
      new LicenseConfiguration(stack, 'Other', { licenseCounting: LicenseCounting.instances({ minimumVcpus: 8 }) }),
    ]));
    expect(outcome().warnings).toEqual([
      `Stack/WorkSpace: ${tooFew('m5.large', 4)}`, `Stack/Instance: ${tooFew('m5.large', 8).replace('Stack/License', 'Stack/Other')}`,
    ]);
  });

  test('of a type that an Auto Scaling group launches', () => {
    const template = new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: { instanceType: 'm5.xlarge' } });
    template.with(new mixins.LaunchTemplateLicenses([license(LicenseCounting.vcpus({ minimumVcpus: 4 }))]));
    mixed(template, types('m5.xlarge', 'm5.large'));
    expect(outcome()).toEqual({ refusal: undefined, warnings: [`Stack/Template: ${tooFew('m5.large', 4)}`] });
  });

  const options = (coreCount: number, threadsPerCore: number) => ({ coreCount, threadsPerCore });
  test.each([
    [options(1, 1), { minimumVcpus: 2 }, '1 vCPU', 'minimumVcpus 2'],
    [options(2, 1), { minimumVcpus: 2 }, undefined, undefined],
    [options(2, 2), { maximumVcpus: 4 }, undefined, undefined],
    [options(3, 2), { maximumVcpus: 4 }, '6 vCPUs', 'maximumVcpus 4'],
    [options(2, 1), { minimumVcpus: 4, honorVcpuOptimization: false }, undefined, undefined],
  ])('%j with %j, counted as they are customized', (cpuOptions, rules, vcpus, limit) => {
    new ec2.CfnInstance(stack, 'Instance', { imageId: Fn.importValue('image'), instanceType: 'm5.4xlarge', cpuOptions })
      .with(new mixins.InstanceLicenses([license(LicenseCounting.vcpus({ honorVcpuOptimization: true, ...rules }))]));
    expect(outcome().refusal).toEqual(vcpus === undefined ? undefined : expect.stringContaining(
      `its cpuOptions make ${vcpus}, and license 'Stack/License' has ${limit}, and honorVcpuOptimization. Change the cpuOptions, or the rule of the license.`));
  });
});

describe('what uses a launch template, and writes some of it itself', () => {
  const DEDICATED = 'arn:aws:resource-groups:us-east-1:111122223333:group/other';
  const hostsOnly = () => makeLicense(stack, 'License', ['#allowedTenancy=EC2-DedicatedHost']);
  const licensed = (placement?: ec2.CfnLaunchTemplate.PlacementProperty) => {
    const template = new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: { instanceType: 'm5.large', placement } });
    template.with(new mixins.LaunchTemplateLicenses([hostsOnly()]));
    return template;
  };
  const launch = (template: ec2.CfnLaunchTemplate, props: Partial<ec2.CfnInstanceProps> = {}) =>
    new ec2.CfnInstance(stack, 'User', { launchTemplate: { launchTemplateId: template.ref, version: '1' }, ...props });
  const fleet = (template: ec2.CfnLaunchTemplate, placements: (ec2.CfnEC2Fleet.PlacementProperty | undefined)[], type = 'on-demand') =>
    new ec2.CfnEC2Fleet(stack, 'User', {
      targetCapacitySpecification: { totalTargetCapacity: 1, defaultTargetCapacityType: type },
      launchTemplateConfigs: [{ launchTemplateSpecification: named(template), overrides: placements.map(placement => ({ instanceType: 'm5.large', placement })) }],
    });
  const ALLOWS = 'and license \'Stack/License\' allows only \'host\' (EC2-DedicatedHost). Change the tenancy, or the allowedTenancy of the license.';
  const OWN = `'Stack/User' launches from it with the tenancy 'default', ${ALLOWS}`;
  const NOT_WRITTEN = /^Stack\/Template: It has no tenancy, .*\[ack: cdk-license-manager:tenancyNotWritten\]$/;
  const SOME = `Stack/Template: ${OWN} [ack: cdk-license-manager:tenancyNotAllowed]`;

  type Way = [string, (template: ec2.CfnLaunchTemplate) => unknown];
  const HOST: ec2.CfnLaunchTemplate.PlacementProperty = { tenancy: 'host' };
  test.each<[...Way, ec2.CfnLaunchTemplate.PlacementProperty | undefined, string | undefined, (string | RegExp)[]]>([
    ['an instance with nothing of its own', t => launch(t), HOST, undefined, []],
    ['an instance with the same tenancy', t => launch(t, { tenancy: 'host' }), HOST, undefined, []],
    ['an instance with a tenancy that the license does not allow', t => launch(t, { tenancy: 'default' }), HOST, OWN, []],
    ['an instance with a tenancy that is a token', t => launch(t, { tenancy: Fn.importValue('tenancy') }), HOST, undefined, []],
    ['an instance with the tenancy that its template lacks', t => launch(t, { tenancy: 'host' }), undefined, undefined, []],
    ['an instance on a host, with a template without a tenancy', t => launch(t, { hostId: 'h-0123456789abcdef0' }), undefined, undefined, []],
    ['an instance with a tenancy that is allowed, and that of the template is not', t => launch(t, { tenancy: 'host' }), { tenancy: 'default' }, undefined, []],
    ['an instance with nothing of its own, and no tenancy in the template', t => launch(t), undefined, undefined, [NOT_WRITTEN]],
    ['an instance with nothing of its own, and the tenancy of the template is not allowed', t => launch(t), { tenancy: 'default' },
      `its tenancy is 'default', ${ALLOWS}`, []],
    ['a fleet with nothing of its own', t => fleet(t, [undefined]), HOST, undefined, []],
    ['a fleet with a tenancy that is not allowed', t => fleet(t, [{ tenancy: 'default' }, { tenancy: 'default' }]), HOST, OWN, []],
    ['a fleet of which some has a tenancy that is not allowed', t => fleet(t, [{ tenancy: 'default' }, undefined]), HOST, undefined, [SOME]],
    ['a fleet of which some has the tenancy that the template lacks', t => fleet(t, [HOST, undefined]), undefined, undefined, [NOT_WRITTEN]],
    ['a fleet with the tenancy that the template lacks', t => fleet(t, [HOST]), undefined, undefined, []],
    ['a fleet of Spot Instances with the tenancy host of its own', t => fleet(t, [HOST], 'spot'), undefined,
      '\'Stack/User\' launches from it with the tenancy \'host\', and \'Stack/User\' launches Spot Instances from it: there are none on Dedicated Hosts.', []],
    ['an Auto Scaling group, which has no tenancy', t => group({ launchTemplate: named(t) }), { tenancy: 'default' }, `its tenancy is 'default', ${ALLOWS}`, []],
  ])('of a license that allows hosts only: %s', (_, use, placement, refusal, warnings) => {
    use(licensed(placement));
    const found = outcome();
    expect(found.refusal).toEqual(refusal === undefined ? undefined : expect.stringContaining(`[Stack/Template] ${refusal}`));
    expect(found.warnings).toEqual(warnings.map(it => typeof it === 'string' ? it : expect.stringMatching(it)));
  });

  test('an instance that a license is attached to has the tenancy, the type and the market of its launch template', () => {
    const template = new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: { instanceType: 'm5.large', placement: { tenancy: 'dedicated' } } });
    launch(template).with(new mixins.InstanceLicenses([makeLicense(stack, 'License', ['#allowedTenancy=EC2-DedicatedHost', '#minimumVcpus=4'])]));
    const { refusal, warnings } = outcome();
    expect(refusal).toContain(`[Stack/User] its tenancy is 'dedicated', ${ALLOWS}`);
    expect(warnings).toEqual([expect.stringMatching(/^Stack\/User: The instance type 'm5\.large' has 2 vCPUs at most/)]);
  });

  test('an instance with CPU options of its own is counted by them', () => {
    const template = new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: { instanceType: 'm5.4xlarge', cpuOptions: { coreCount: 4, threadsPerCore: 2 } } });
    template.with(new mixins.LaunchTemplateLicenses([
      new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus({ honorVcpuOptimization: true, maximumVcpus: 8 }) }),
    ]));
    launch(template, { cpuOptions: { coreCount: 8, threadsPerCore: 2 } });
    expect(outcome().refusal).toContain(
      '[Stack/Template] its cpuOptions, which \'Stack/User\' writes, make 16 vCPUs, and license \'Stack/License\' has maximumVcpus 8, and honorVcpuOptimization.');
  });

  test('an instance with licenses of its own stays without those of the template, and is warned of', () => {
    const template = licensed(HOST);
    const other = makeLicense(stack, 'Other', ['#allowedTenancy=EC2-Default']);
    launch(template, { tenancy: 'default' }).with(new mixins.InstanceLicenses([other]));
    expect(outcome()).toEqual({
      refusal: undefined,
      warnings: ['Stack/User: It stays without license \'Stack/License\', which a mixin was to attach: it uses launch template \'Stack/Template\', which has the ' +
        'license, and writes licenses of its own, which it is launched with instead. Apply mixins.InstanceLicenses to it, too, or leave its own licenses out. ' +
        '[ack: cdk-license-manager:licenseNotAttached]'],
    });
  });

  test('an instance with licenses of its own stays without those that are written in the template, and is warned of', () => {
    const [one, other, both] = ['One', 'Other', 'Both'].map(id => makeLicense(stack, id));
    const template = new ec2.CfnLaunchTemplate(stack, 'Template', {
      launchTemplateData: {
        licenseSpecifications: [one.ref, both.attrLicenseConfigurationArn, LICENSE_ARN].map(licenseConfigurationArn => ({ licenseConfigurationArn })),
      },
    });
    launch(template, {}).with(new mixins.InstanceLicenses([other, both]));
    const warning = (name: string) => `Stack/User: It stays without license '${name}' of launch template 'Stack/Template', which it uses: it has licenses of its own, ` +
      'which it is launched with instead. Apply mixins.InstanceLicenses with the license to it, too, or attach all licenses to the template ' +
      '(mixins.LaunchTemplateLicenses). [ack: cdk-license-manager:licenseNotAttached]';
    expect(outcome()).toEqual({ refusal: undefined, warnings: [warning('Stack/One'), warning(LICENSE_ARN)] });
  });

  test('so it does if the template is in another stack, of which the licenses are written in another way', () => {
    const there = new Stack(stack.node.root as App, 'There', { env: { account: '111122223333', region: 'us-east-1' } });
    const [one, both] = ['One', 'Both'].map(id => makeLicense(there, id));
    const template = new ec2.CfnLaunchTemplate(there, 'Template', {
      launchTemplateData: { licenseSpecifications: [one.ref, both.ref].map(licenseConfigurationArn => ({ licenseConfigurationArn })) },
    });
    launch(template, {}).with(new mixins.InstanceLicenses([both]));
    expect(outcome().warnings).toEqual([expect.stringMatching(/^Stack\/User: It stays without license 'There\/One' of launch template 'There\/Template', which it uses/)]);
  });

  test('an instance without licenses of its own has those of the template', () => {
    const template = new ec2.CfnLaunchTemplate(stack, 'Template', {
      launchTemplateData: { licenseSpecifications: [{ licenseConfigurationArn: makeLicense(stack, 'One').ref }] },
    });
    launch(template, { licenseSpecifications: [] }).with(new mixins.InstanceLicenses([]));
    expect(outcome().warnings).toEqual([expect.stringContaining('mixinWithoutLicense')]);
  });

  test('an instance with the license and others is judged by its own tenancy', () => {
    const license = hostsOnly();
    const template = new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: { placement: HOST } });
    template.with(new mixins.LaunchTemplateLicenses([license]));
    launch(template, { tenancy: 'default' }).with(new mixins.InstanceLicenses([license, makeLicense(stack, 'Other')]));
    const { refusal, warnings } = outcome();
    expect(refusal).toContain(`[Stack/Template] ${OWN}`);
    expect(warnings).toEqual([]);
  });

  const reason = (written: string, some = false) =>
    `Stack/User: ${some ? 'Some of it is not' : 'It is not'} placed in host resource group 'Stack/Hosts', as a mixin was to do: it uses launch template ` +
    `'Stack/Template', which is, and writes ${written}, which is what counts. Leave it out, or acknowledge this finding. ` +
    '[ack: cdk-license-manager:notPlacedInHostResourceGroup]';
  const NEAR = 'a placement group, which instances on Dedicated Hosts can\'t be in';
  const NOT_KNOWN = 'Stack/User: It uses launch template \'Stack/Template\', which is placed in host resource group \'Stack/Hosts\', and writes a tenancy or a ' +
    'group of its own, which nobody knows before the deployment: the tenancy has to be \'host\', and the group the same. Leave them out, or see that it is so. ' +
    '[ack: cdk-license-manager:hostPlacementNotKnown]';
  test.each<[...Way, string[]]>([
    ['an instance with nothing of its own', t => launch(t), []],
    ['an instance with the same placement', t => launch(t, { tenancy: 'host', hostResourceGroupArn: hosts.hostResourceGroupArn }), []],
    ['an instance with another tenancy', t => launch(t, { tenancy: 'default' }), [reason('the tenancy \'default\'')]],
    ['an instance with a host', t => launch(t, { hostId: 'h-0123456789abcdef0' }), [reason('a host, which the group chooses itself')]],
    ['an instance with another group', t => launch(t, { hostResourceGroupArn: DEDICATED }), [reason('another host resource group')]],
    ['an instance in a placement group', t => launch(t, { placementGroupName: 'near' }), [reason(NEAR)]],
    ['an instance with a tenancy that is a token', t => launch(t, { tenancy: Fn.importValue('tenancy') }), [NOT_KNOWN]],
    ['an instance with a group that is a token', t => launch(t, { hostResourceGroupArn: Fn.importValue('group') }), [NOT_KNOWN]],
    ['an instance with all', t => launch(t, { tenancy: 'dedicated', hostResourceGroupArn: DEDICATED }),
      [reason('the tenancy \'dedicated\', and another host resource group')]],
    ['a fleet with nothing of its own', t => fleet(t, [undefined, undefined]), []],
    ['a fleet with another tenancy', t => fleet(t, [{ tenancy: 'default' }]), [reason('the tenancy \'default\'')]],
    ['a fleet of which some has another tenancy', t => fleet(t, [undefined, { tenancy: 'default' }]), [reason('the tenancy \'default\'', true)]],
    ['an Auto Scaling group in a placement group', t => group({ launchTemplate: named(t), placementGroup: 'near' }), [reason(NEAR)]],
    ['a compute environment in a placement group', t => new CfnComputeEnvironment(stack, 'User', {
      type: 'MANAGED',
      computeResources: {
        type: 'EC2', maxvCpus: 4, subnets: ['subnet-0123456789abcdef0'], instanceTypes: ['m5'], launchTemplate: { launchTemplateId: t.ref }, placementGroup: 'near',
      },
    }), [reason(NEAR)]],
  ])('of a template that is placed on hosts: %s', (_, use, warnings) => {
    use(placed());
    expect(outcome()).toEqual({ refusal: undefined, warnings });
  });

  test.each<[ec2.CfnLaunchTemplate.PlacementProperty, string | undefined]>([
    [{ hostId: 'h-0123456789abcdef0' }, 'a host, and the group chooses it itself'],
    [{ groupName: 'near' }, 'a placement group, which instances on Dedicated Hosts can\'t be in'],
    [{ groupId: 'pg-0123456789abcdef0' }, 'a placement group, which instances on Dedicated Hosts can\'t be in'],
    [{ tenancy: 'default' }, undefined],
  ])('an instance that is placed on hosts, with a template that has %j', (placement, what) => {
    const template = new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: { instanceType: 'm5.large', placement } });
    launch(template).with(new mixins.InstanceHostPlacement(hosts));
    expect(outcome()).toEqual({
      refusal: undefined,
      warnings: what === undefined ? [] : [
        `Stack/User: It is placed in host resource group 'Stack/Hosts', and has from launch template 'Stack/Template' ${what}. Take it out there, or leave the ` +
        'mixin out. [ack: cdk-license-manager:hostPlacementOfTemplate]',
      ],
    });
  });

  test('an instance with licenses of its own, and not those of the group, is warned of', () => {
    const license = makeLicense(stack, 'License', undefined, 'Core');
    hosts = new HostResourceGroup(stack, 'Licensed', { licenses: HostLicenses.only([license]) });
    launch(placed(), { licenseSpecifications: [{ licenseConfigurationArn: makeLicense(stack, 'Other', undefined, 'Core').ref }] });
    expect(outcome().warnings).toEqual([
      expect.stringMatching(/^Stack\/User: License 'Stack\/License' of host resource group 'Stack\/Licensed' is not among its licenses in the template: /),
      expect.stringMatching(/^Stack\/User: It has the license 'Stack\/Other', which host resource group 'Stack\/Licensed' has not: /),
    ]);
  });
});

describe('an Image Builder infrastructure configuration', () => {
  const configuration = (placement?: CfnInfrastructureConfiguration.PlacementProperty) =>
    new CfnInfrastructureConfiguration(stack, 'Build', { name: 'build', instanceProfileName: 'build', placement });

  test('is said to stay without the placement that a mixin was to write', () => {
    configuration().with(new mixins.InstanceHostPlacement(hosts));
    Annotations.fromStack(stack).hasWarning('/Stack/Build', 'It is not placed in host resource group \'Stack/Hosts\', as a mixin was to do: it is an Image ' +
      'Builder infrastructure configuration. Write its placement: the tenancy \'host\', and hostResourceGroupArn. ' +
      '[ack: cdk-license-manager:notPlacedInHostResourceGroup]');
  });

  test('that has the placement is not, nor does it miss licenses', () => {
    configuration({ tenancy: 'host', hostResourceGroupArn: hosts.hostResourceGroupArn })
      .with(new mixins.InstanceHostPlacement(hosts), new mixins.InstanceLicenses([makeLicense(stack, 'License')]));
    app.synth();
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});
