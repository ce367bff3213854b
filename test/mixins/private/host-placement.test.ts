import { App, CfnCondition, CfnParameter, Fn, Lazy, Mixins, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { CfnLicenseConfiguration, ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { CfnGroup } from 'aws-cdk-lib/aws-resourcegroups';
import type { IGroupRef } from 'aws-cdk-lib/aws-resourcegroups';
import type { IMixin } from 'constructs';
import { HostLicenses, HostResourceGroup, LicenseConfiguration, LicenseCounting, mixins } from '../../../src';
import type { IHostResourceGroup } from '../../../src';
import { ImportedLicense, LICENSE_ARN, makeStackWithLicenses, specified } from '../../license-configuration/licenses';
import { acknowledge } from '../../support/validator';

const INSTANCE = 'AWS::EC2::Instance';
const TEMPLATE = 'AWS::EC2::LaunchTemplate';
const ARN = 'arn:aws:resource-groups:us-east-1:111122223333:group/hosts';

let app: App;
let stack: Stack;
let windows: CfnLicenseConfiguration;
let sql: CfnLicenseConfiguration;

beforeEach(() => {
  ({ app, stack, windows, sql } = makeStackWithLicenses('Core'));
});

const group = (licenses?: HostLicenses): IHostResourceGroup =>
  HostResourceGroup.fromHostResourceGroupAttributes(stack, 'Hosts', { hostResourceGroupArn: ARN, licenses });
const groupOf = (...licenses: ILicenseConfigurationRef[]) => group(HostLicenses.only(licenses));
/** One mixin for each of the two resources: each leaves the other one alone. */
const into = (hosts: IGroupRef = group()) => [new mixins.InstanceHostPlacement(hosts), new mixins.LaunchTemplateHostPlacement(hosts)];
const instance = (props: Partial<ec2.CfnInstanceProps> = {}) =>
  new ec2.CfnInstance(stack, 'Target', { imageId: Fn.importValue('image'), instanceType: 'm6i.large', subnetId: 'subnet-0123456789abcdef0', ...props });
const launchTemplate = (launchTemplateData: ec2.CfnLaunchTemplateProps['launchTemplateData'] = { instanceType: 'm6i.large' }) =>
  new ec2.CfnLaunchTemplate(stack, 'Target', { launchTemplateData });
const properties = (type: string) => Object.values<any>(Template.fromStack(stack).findResources(type))[0].Properties;
const data = () => properties(TEMPLATE).LaunchTemplateData;

/** A VPC that the stack does not make. */
function importedVpc(): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: [Fn.select(0, Fn.getAzs())],
    publicSubnetIds: ['subnet-0123456789abcdef0'],
    privateSubnetIds: ['subnet-0123456789abcdef1'],
    privateSubnetRouteTableIds: ['rtb-0123456789abcdef1'],
  });
}

describe('an instance', () => {
  test('gets tenancy and group, and keeps the rest', () => {
    instance({ affinity: 'default' }).with(...into());

    expect(properties(INSTANCE)).toEqual({
      ImageId: { 'Fn::ImportValue': 'image' },
      InstanceType: 'm6i.large',
      SubnetId: 'subnet-0123456789abcdef0',
      Affinity: 'default',
      Tenancy: 'host',
      HostResourceGroupArn: ARN,
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('of an L2', () => {
    new ec2.Instance(stack, 'Target', {
      vpc: importedVpc(),
      vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
      instanceType: new ec2.InstanceType('m6i.large'),
      machineImage: ec2.MachineImage.latestWindows(ec2.WindowsVersion.WINDOWS_SERVER_2022_ENGLISH_FULL_BASE),
    }).with(...into(groupOf(windows)));

    expect(properties(INSTANCE)).toMatchObject({ Tenancy: 'host', HostResourceGroupArn: ARN, LicenseSpecifications: specified({ Ref: 'Windows' }) });
  });

  test('that has tenancy and group already stays as it is', () => {
    instance({ tenancy: 'host', hostResourceGroupArn: ARN }).with(...into());

    expect(properties(INSTANCE)).toMatchObject({ Tenancy: 'host', HostResourceGroupArn: ARN });
  });
});

describe('a launch template', () => {
  test('gets tenancy and group, and keeps the rest', () => {
    const given = { instanceType: 'm6i.large', placement: { affinity: 'host' } };
    launchTemplate(given).with(...into());

    expect(data()).toEqual({ InstanceType: 'm6i.large', Placement: { Affinity: 'host', Tenancy: 'host', HostResourceGroupArn: ARN } });
    expect(given).toEqual({ instanceType: 'm6i.large', placement: { affinity: 'host' } });
  });

  test('of an L2', () => {
    new ec2.LaunchTemplate(stack, 'Target', { instanceType: new ec2.InstanceType('mac2.metal') }).with(...into());

    expect(data()).toMatchObject({ InstanceType: 'mac2.metal', Placement: { Tenancy: 'host', HostResourceGroupArn: ARN } });
  });

  test('with data, and with a placement, that are known only in the end', () => {
    launchTemplate(Lazy.any({ produce: () => ({ instanceType: 'c5.large', placement: Lazy.any({ produce: () => ({ affinity: 'default' }) }) }) }))
      .with(...into(groupOf(windows)));

    expect(data()).toEqual({
      InstanceType: 'c5.large',
      Placement: { Affinity: 'default', Tenancy: 'host', HostResourceGroupArn: ARN },
      LicenseSpecifications: specified({ Ref: 'Windows' }),
    });
  });

  test('with data, or a placement, that are nothing in the end', () => {
    launchTemplate(Lazy.any({ produce: () => undefined })).with(...into());
    new ec2.CfnLaunchTemplate(stack, 'Other', { launchTemplateData: { placement: Lazy.any({ produce: () => undefined }) } })
      .with(...into(new CfnGroup(stack, 'Group', { name: 'hosts' })));

    expect(data()).toEqual({ Placement: { Tenancy: 'host', HostResourceGroupArn: ARN } });
  });
});

test('an L1 of a group is taken, and attaches no licenses', () => {
  launchTemplate().with(...into(new CfnGroup(stack, 'Group', { name: 'hosts' })));

  expect(data()).toEqual({ InstanceType: 'm6i.large', Placement: { Tenancy: 'host', HostResourceGroupArn: { 'Fn::GetAtt': ['Group', 'Arn'] } } });
});

test('other constructs stay as they are', () => {
  const host = new ec2.CfnHost(stack, 'Host', { availabilityZone: Fn.select(0, Fn.getAzs()) });

  for (const mixin of into()) {
    expect(mixin.supports(host)).toBe(false);
    mixin.applyTo(host);
    expect(() => Mixins.of(host).requireAll().apply(mixin)).toThrow();
  }
  app.synth();
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test('all of a stack', () => {
  launchTemplate();
  new ec2.CfnInstance(stack, 'Instance', { imageId: Fn.importValue('image') });
  stack.with(...into());

  expect(data().Placement).toEqual({ Tenancy: 'host', HostResourceGroupArn: ARN });
  expect(properties(INSTANCE)).toMatchObject({ Tenancy: 'host', HostResourceGroupArn: ARN });
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

describe('licenses', () => {
  test.each([
    ['an instance', () => instance(), () => properties(INSTANCE)],
    ['a launch template', () => launchTemplate(), data],
  ])('%s gets those of the group', (_, make, read) => {
    make().with(...into(groupOf(windows, sql)));

    expect(read().LicenseSpecifications).toEqual(specified({ Ref: 'Sql' }, { Ref: 'Windows' }));
  });

  test('those that are there already are not doubled, by whatever name', () => {
    launchTemplate({ licenseSpecifications: [{ licenseConfigurationArn: sql.attrLicenseConfigurationArn }] }).with(...into(groupOf(windows, sql)));

    expect(data().LicenseSpecifications).toEqual(specified({ 'Fn::GetAtt': ['Sql', 'LicenseConfigurationArn'] }, { Ref: 'Windows' }));
  });

  test.each([
    ['before', (placement: IMixin[], licenses: IMixin[]) => [...licenses, ...placement]],
    ['after', (placement: IMixin[], licenses: IMixin[]) => [...placement, ...licenses]],
    ['before and after', (placement: IMixin[], licenses: IMixin[]) => [...licenses, ...placement, ...licenses, ...placement]],
  ])('those of another mixin, %s the placement, are not doubled', (_, order) => {
    const all = order(into(groupOf(windows)), [new mixins.InstanceLicenses([windows]), new mixins.LaunchTemplateLicenses([windows])]);
    instance().with(...all);
    new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: { instanceType: 'm6i.large' } }).with(...all);

    expect(properties(INSTANCE).LicenseSpecifications).toEqual(specified({ Ref: 'Windows' }));
    expect(data().LicenseSpecifications).toEqual(specified({ Ref: 'Windows' }));
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  describe('in any order, any number of times, of L1s, L2s and imported ones, on one construct or a whole tree', () => {
    const ORDERS: [string, string][] = ['LP', 'PL', 'LLP', 'PLL', 'LPL', 'PLP', 'LPLP', 'PLPL', 'PPLL'].map(order => [order, order]);
    const LICENSES: [string, () => [ILicenseConfigurationRef, ILicenseConfigurationRef]][] = [
      ['L1s', () => [windows, sql]],
      ['L2s', () => [1, 2].map(it => new LicenseConfiguration(stack, `L2${it}`, { licenseCounting: LicenseCounting.cores() })) as any],
      ['imported ones', () => [new ImportedLicense(stack, 'One'), new ImportedLicense(stack, 'Two', LICENSE_ARN.replace(/f$/, 'e'))]],
      ['an L1 and its ARN', () => [windows, new ImportedLicense(stack, 'Same', windows.attrLicenseConfigurationArn)]],
    ];
    const TARGETS: [string, (all: IMixin[]) => void][] = [
      ['L1s', all => { instance().with(...all); new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: { instanceType: 'm6i.large' } }).with(...all); }],
      ['L2s', all => {
        new ec2.Instance(stack, 'Target', {
          vpc: importedVpc(),
          vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
          instanceType: new ec2.InstanceType('m6i.large'),
          machineImage: ec2.MachineImage.latestWindows(ec2.WindowsVersion.WINDOWS_SERVER_2022_ENGLISH_FULL_BASE),
        }).with(...all);
        new ec2.LaunchTemplate(stack, 'Template', { instanceType: new ec2.InstanceType('m6i.large') }).with(...all);
      }],
      ['a tree', all => { instance(); new ec2.LaunchTemplate(stack, 'Template'); stack.with(...all); }],
      ['a tree, by Mixins.of()', all => { instance(); launchTemplateOf('Template'); all.forEach(it => Mixins.of(stack).apply(it)); }],
    ];
    const launchTemplateOf = (id: string) => new ec2.CfnLaunchTemplate(stack, id, { launchTemplateData: {} });

    test.each(ORDERS.flatMap(([order]) => LICENSES.flatMap(([of, make]) => TARGETS.map(([on, apply]) => ({ order, of, make, on, apply })))))(
      '$order with $of on $on: each license is there once', ({ order, make, apply }) => {
        const licenses = make();
        const expected = new Set(licenses.map(it => JSON.stringify(stack.resolve(it.licenseConfigurationRef.licenseConfigurationArn)))
          .map(arn => arn.includes('"Windows"') ? '"Windows"' : arn));
        const hosts = groupOf(...licenses);
        apply([...order].flatMap<IMixin>(step => step === 'P' ? into(hosts) : [new mixins.InstanceLicenses(licenses), new mixins.LaunchTemplateLicenses(licenses)]));

        for (const { LicenseSpecifications } of [properties(INSTANCE), data()]) {
          expect(LicenseSpecifications).toHaveLength(expected.size);
        }
        Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('cdk-license-manager'));
      });
  });

  test.each([
    ['any', HostLicenses.any()], ['none', HostLicenses.notRequired()], ['unknown ones', undefined],
  ])('a group of %s attaches none, and leaves those that are there', (_, licenses) => {
    launchTemplate({ licenseSpecifications: [{ licenseConfigurationArn: LICENSE_ARN }] }).with(...into(group(licenses)));

    expect(data().LicenseSpecifications).toEqual(specified(LICENSE_ARN));
  });

  test.each([
    ['an element', () => [Lazy.any({ produce: () => ({ licenseConfigurationArn: windows.ref }) })]],
    ['a list', () => Lazy.any({ produce: () => [{ licenseConfigurationArn: windows.attrLicenseConfigurationArn }] })],
  ])('one in %s that is known only in the end is not doubled', (_, licenseSpecifications) => {
    launchTemplate({ licenseSpecifications: licenseSpecifications() }).with(...into(groupOf(windows, sql)));

    expect(data().LicenseSpecifications).toEqual([
      { LicenseConfigurationArn: expect.anything() }, { LicenseConfigurationArn: { Ref: 'Sql' } },
    ]);
  });

  test('of an L2 group and L2 licenses', () => {
    const license = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.cores() });
    launchTemplate().with(...into(new HostResourceGroup(stack, 'Group', { licenses: HostLicenses.only([license]) })));

    expect(data().LicenseSpecifications).toEqual(specified(stack.resolve(license.licenseConfigurationArn)));
  });

  describe('that are not of the group', () => {
    const warned = (name: string) => Annotations.fromStack(stack).hasWarning('/Stack/Target',
      `It has the license '${name}', which host resource group 'Stack/Hosts' has not: License Manager wants instances in a group to have the same ` +
      'licenses as the group, and may refuse the launch. If the license is needed, add it to the group (HostLicenses.only); else leave it out. ' +
      '[ack: cdk-license-manager:licenseNotOfGroup]');

    test('cause a warning, for a host may need the license of a second product', () => {
      launchTemplate({ licenseSpecifications: [{ licenseConfigurationArn: LICENSE_ARN }] }).with(...into(groupOf(windows)));
      app.synth();

      expect(data().LicenseSpecifications).toEqual(specified(LICENSE_ARN, { Ref: 'Windows' }));
      warned(LICENSE_ARN);
    });

    test('cause a warning if they come later, and are named by their path', () => {
      instance().with(...into(groupOf(windows)), new mixins.InstanceLicenses([sql]));
      app.synth();

      expect(properties(INSTANCE).LicenseSpecifications).toEqual(specified({ Ref: 'Sql' }, { Ref: 'Windows' }));
      warned('Stack/Sql');
    });
  });

  describe('of a group that takes any', () => {
    const ANY = HostLicenses.any();
    const warned = (path: string, type: string) => {
      app.synth();
      Annotations.fromStack(stack).hasWarning('/Stack/Target',
        `It has the license '${path}', which is counted by '${type}', and is placed in host resource group 'Stack/Hosts', which is for licenses that are ` +
        'counted by core or by socket. Use a license with LicenseCounting.cores() or .sockets(), or another placement. ' +
        '[ack: cdk-license-manager:licenseNotHostBased]');
    };
    const license = (licenseCounting: LicenseCounting) => new LicenseConfiguration(stack, 'License', { licenseCounting });
    const COUNTED: [string, LicenseCounting][] = [['vCPU', LicenseCounting.vcpus()], ['Instance', LicenseCounting.instances()]];

    test.each(COUNTED)('cause a warning if they are counted by %s: on an instance', (type, counting) => {
      instance().with(new mixins.InstanceLicenses([license(counting)]), ...into(group(ANY)));

      warned('Stack/License', type);
    });

    test.each(COUNTED)('cause a warning if they are counted by %s: on a launch template, also if they come later', (type, counting) => {
      launchTemplate().with(...into(group(ANY)), new mixins.LaunchTemplateLicenses([license(counting)]));

      warned('Stack/License', type);
    });

    test.each([
      ['an instance', (arn: string) => instance({ licenseSpecifications: [{ licenseConfigurationArn: arn }] })],
      ['a launch template', (arn: string) => launchTemplate({ licenseSpecifications: [{ licenseConfigurationArn: arn }] })],
    ])('cause a warning if %s has them without a mixin', (_, make) => {
      make(license(LicenseCounting.vcpus()).licenseConfigurationArn).with(...into(group(ANY)));

      warned('Stack/License/Resource', 'vCPU');
    });

    test.each<[string, () => ILicenseConfigurationRef]>([
      ['cores', () => license(LicenseCounting.cores())],
      ['sockets', () => license(LicenseCounting.sockets())],
      ['nobody knows what', () => new ImportedLicense(stack, 'Imported')],
    ])('are taken if they are counted by %s', (_, make) => {
      launchTemplate().with(new mixins.LaunchTemplateLicenses([make()]), ...into(group(ANY)));

      expect(() => app.synth()).not.toThrow();
    });

    test('are not looked into where they are known only in the end', () => {
      const hosts = group(ANY);
      launchTemplate({ licenseSpecifications: [Lazy.any({ produce: () => ({ licenseConfigurationArn: LICENSE_ARN }) })] }).with(...into(hosts));
      new ec2.CfnLaunchTemplate(stack, 'Other', { launchTemplateData: Lazy.any({ produce: () => ({}) }) }).with(...into(hosts));

      expect(() => app.synth()).not.toThrow();
    });
  });

  test('a license counted by vCPU is taken where none is required', () => {
    instance().with(
      new mixins.InstanceLicenses([new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus() })]),
      ...into(group(HostLicenses.notRequired())));

    expect(() => app.synth()).not.toThrow();
  });

  test('a license of the group that an override has taken away causes a warning', () => {
    const target = instance();
    target.with(...into(groupOf(windows)));
    target.addPropertyDeletionOverride('LicenseSpecifications');

    app.synth();
    Annotations.fromStack(stack).hasWarning('/Stack/Target',
      'License \'Stack/Windows\' of host resource group \'Stack/Hosts\' is not among its licenses in the template: they were assigned, or an override ' +
      '(addPropertyOverride) or a condition (Fn::If) has written them. Write all licenses of the group there. ' +
      '[ack: cdk-license-manager:licenseOfGroupNotInTemplate]');
  });
});

describe('refusals', () => {
  test('a group of another Region', () => {
    const other = HostResourceGroup.fromHostResourceGroupArn(stack, 'Other', ARN.replace('us-east-1', 'us-west-2'));
    for (const target of [instance(), new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: {} })]) {
      expect(() => target.with(...into(other))).toThrow(
        `${target.node.path}: host resource group 'Stack/Other' is in Region 'us-west-2' and the stack in 'us-east-1': an instance runs on hosts of ` +
        'its own Region. Use a group of \'us-east-1\'.');
    }
  });

  test('a group of another account causes a warning, on all that is launched into it', () => {
    const other = HostResourceGroup.fromHostResourceGroupArn(stack, 'Other', ARN.replace('111122223333', '444455556666'));
    instance().with(...into(other));
    new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: {} }).with(...into(other));
    app.synth();

    for (const path of ['/Stack/Target', '/Stack/Template']) {
      Annotations.fromStack(stack).hasWarning(path,
        'Host resource group \'Stack/Other\' belongs to account \'444455556666\' and the stack to \'111122223333\': AWS refuses a launch into it unless ' +
        'it is shared with the stack\'s account (LicenseShare). [ack: cdk-license-manager:hostResourceGroupOfAnotherAccount]');
    }
  });

  test('a group of which the Region is not known is taken', () => {
    launchTemplate().with(...into(HostResourceGroup.fromHostResourceGroupArn(stack, 'Other', Fn.importValue('group'))));

    expect(data().Placement.HostResourceGroupArn).toEqual({ 'Fn::ImportValue': 'group' });
  });

  const REFUSED: [string, Partial<ec2.CfnInstanceProps>, ec2.CfnLaunchTemplate.PlacementProperty, string][] = [
    ['shared tenancy', { tenancy: 'default' }, { tenancy: 'default' },
      'its tenancy is \'default\', and it is placed in host resource group \'Stack/Hosts\', where it has to be \'host\'. Leave the tenancy out.'],
    ['a dedicated instance', { tenancy: 'dedicated' }, { tenancy: 'dedicated' }, 'its tenancy is \'dedicated\', and it is placed'],
    ['a placement group', { placementGroupName: 'near' }, { groupName: 'near' },
      'it is in placement group \'near\' and in host resource group \'Stack/Hosts\': instances on Dedicated Hosts can\'t be in a placement group, also ' +
      'not in one without a name. Leave the placement group out, or the mixin.'],
    ['a placement group without a name', { placementGroupName: '' }, { groupName: '' }, 'it is in placement group \'\' and'],
    ['another host resource group', { hostResourceGroupArn: `${ARN}2` }, { hostResourceGroupArn: `${ARN}2` },
      'it is placed in host resource group \'Stack/Hosts\' and has been in another one before: it can be in one. Leave one of the two out.'],
  ];
  test.each(REFUSED)('%s', (_, ofInstance, placement, message) => {
    const hosts = group();
    expect(() => instance(ofInstance).with(...into(hosts))).toThrow(`Stack/Target: ${message}`);
    stack.node.tryRemoveChild('Target');
    expect(() => launchTemplate({ placement }).with(...into(hosts))).toThrow(`Stack/Target: ${message}`);
  });

  test('a host causes a warning', () => {
    instance({ hostId: 'h-01234567' }).with(...into());
    app.synth();
    Annotations.fromStack(stack).hasWarning('/Stack/Target',
      'It is placed on host \'h-01234567\' and in host resource group \'Stack/Hosts\', which chooses the host itself. Leave the host out, or the mixin. ' +
      '[ack: cdk-license-manager:hostPlacementHost]');
  });

  test('a placement group by its id', () => {
    expect(() => launchTemplate({ placement: { groupId: 'pg-0123456789abcdef0' } }).with(...into())).toThrow('it is in placement group \'pg-0123456789abcdef0\'');
  });

  test('a placement that is refused only in the end', () => {
    launchTemplate({ placement: Lazy.any({ produce: () => ({ tenancy: 'default' }) }) }).with(...into());

    expect(() => app.synth()).toThrow('Stack/Target: its tenancy is \'default\', and it is placed');
  });

  test('two groups, one after the other', () => {
    const target = launchTemplate();
    target.with(...into());

    expect(() => target.with(...into(new CfnGroup(stack, 'Group', { name: 'hosts' }))))
      .toThrow('it is placed in host resource group \'Stack/Group\' and has been in another one before');
  });

  test('the same group twice is taken', () => {
    const hosts = groupOf(windows);
    launchTemplate().with(...into(hosts), ...into(hosts));

    expect(data().LicenseSpecifications).toEqual(specified({ Ref: 'Windows' }));
  });

  test.each<[string, (hosts: IHostResourceGroup) => void]>([
    ['an override of the tenancy', hosts => {
      const target = launchTemplate();
      target.with(...into(hosts));
      target.addPropertyOverride('LaunchTemplateData.Placement.Tenancy', 'dedicated');
    }],
    ['an override of the group', hosts => {
      const target = instance();
      target.with(...into(hosts));
      target.addPropertyOverride('HostResourceGroupArn', `${ARN}2`);
    }],
    ['an override with a placement group', hosts => {
      const target = instance();
      target.with(...into(hosts));
      target.addPropertyOverride('PlacementGroupName', 'near');
    }],
    ['data with a condition', hosts => {
      launchTemplate(Fn.conditionIf('Condition', {}, {})).with(...into(hosts));
    }],
    ['a placement with a condition', hosts => {
      launchTemplate({ placement: Fn.conditionIf('Condition', {}, {}) }).with(...into(hosts));
    }],
  ])('%s causes a warning', (_, define) => {
    acknowledge(app, 'E1028', 'The condition is made up.');
    define(group());

    app.synth();
    Annotations.fromStack(stack).hasWarning('/Stack/Target',
      'It was placed in host resource group \'Stack/Hosts\' by a mixin, and its placement in the template is another one: it was assigned afterwards, or an ' +
      'override (addPropertyOverride) or a condition (Fn::If) has written it, and a mixin cannot merge into it. Write the whole placement there ' +
      'and leave the mixin out, or take it from there. [ack: cdk-license-manager:placementNotInTemplate]');
  });
});

describe('what is not known before the deployment stays as it is, with what has to hold', () => {
  const parameter = () => new CfnParameter(stack, 'Parameter').valueAsString;
  const notKnown = (what: string) =>
    `It was placed in host resource group 'Stack/Hosts' by a mixin, and nobody knows before the deployment ${what}: a mixin leaves what is written. ` +
    'Leave it out, or see that it is so. [ack: cdk-license-manager:hostPlacementNotKnown]';
  const TENANCY = 'its tenancy, which has to be \'host\'';
  const GROUP = 'its hostResourceGroupArn, which has to be that of the group';
  const PLACEMENT_GROUP = 'its placement group, of which there must be none';
  const condition = (value: string) => {
    if (!stack.node.tryFindChild('IsHere')) {
      new CfnCondition(stack, 'IsHere', { expression: Fn.conditionEquals(Fn.ref('AWS::Region'), 'us-east-1') });
    }
    return Token.asString(Fn.conditionIf('IsHere', value, { Ref: 'AWS::NoValue' }));
  };
  const rendered = (value: string) => ({ 'Fn::If': ['IsHere', value, { Ref: 'AWS::NoValue' }] });
  const warned = () => app.node.findAll().flatMap(({ node }) => node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data: text }) => text));


  test.each<[string, () => { tenancy?: string; hostResourceGroupArn?: string; placementGroupName?: string }, object, string]>([
    ['a tenancy with a condition', () => ({ tenancy: condition('host') }), { Tenancy: rendered('host'), HostResourceGroupArn: ARN }, TENANCY],
    ['a tenancy that is a parameter', () => ({ tenancy: parameter() }), { Tenancy: { Ref: 'Parameter' }, HostResourceGroupArn: ARN }, TENANCY],
    ['a group that is a parameter', () => ({ hostResourceGroupArn: parameter() }), { Tenancy: 'host', HostResourceGroupArn: { Ref: 'Parameter' } }, GROUP],
    ['a placement group with a condition', () => ({ placementGroupName: condition('near') }),
      { Tenancy: 'host', HostResourceGroupArn: ARN, PlacementGroupName: rendered('near') }, PLACEMENT_GROUP],
    ['all of them', () => ({ tenancy: condition('host'), hostResourceGroupArn: parameter(), placementGroupName: condition('near') }),
      { Tenancy: rendered('host'), HostResourceGroupArn: { Ref: 'Parameter' }, PlacementGroupName: rendered('near') },
      [TENANCY, GROUP, PLACEMENT_GROUP].join(', and ')],
  ])('%s', (_, props, expected, what) => {
    const { placementGroupName: groupName, ...placement } = props();
    const hosts = group();
    instance({ ...placement, placementGroupName: groupName }).with(...into(hosts));
    new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: { placement: { ...placement, groupName } } }).with(...into(hosts));

    expect(properties(INSTANCE)).toMatchObject(expected);
    const { PlacementGroupName: GroupName, ...others } = expected as { PlacementGroupName?: object };
    expect(data().Placement).toEqual({ ...others, ...GroupName && { GroupName } });
    expect(warned()).toEqual([notKnown(what), notKnown(what)]);
  });

  test('a group that is known, where the mixin\'s is not', () => {
    const hosts = HostResourceGroup.fromHostResourceGroupArn(stack, 'Hosts', Fn.importValue('hosts'));
    instance({ hostResourceGroupArn: ARN }).with(...into(hosts));

    expect(properties(INSTANCE)).toMatchObject({ Tenancy: 'host', HostResourceGroupArn: ARN });
    expect(warned()).toEqual([notKnown(GROUP)]);
  });

  test.each([['host', []], ['default', [
    '[Stack/Target] its tenancy is \'default\', and it is placed in host resource group \'Stack/Hosts\', where it has to be \'host\'. Leave the tenancy out.',
    '[Stack/Template] its tenancy is \'default\', and it is placed in host resource group \'Stack/Hosts\', where it has to be \'host\'. Leave the tenancy out.',
  ]]])('but a tenancy that is known in the end is judged: %s', (tenancy, refusals) => {
    const late = Lazy.string({ produce: () => tenancy });
    const hosts = group();
    instance({ tenancy: late }).with(...into(hosts));
    new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: { placement: { tenancy: late } } }).with(...into(hosts));

    let refusal = '';
    try {
      app.synth();
    } catch (error) {
      refusal = (error as Error).message;
    }
    expect(refusal.split('\n').map(line => line.trim()).filter(line => line.startsWith('['))).toEqual(refusals);
    expect(warned()).toEqual([]);
  });

  test('and a placement group of the app is refused, as another group of the app is', () => {
    const near = new ec2.CfnPlacementGroup(stack, 'Near');
    expect(() => instance({ placementGroupName: near.ref }).with(...into())).toThrow('it is in placement group \'Stack/Near\' and in host resource group');
    stack.node.tryRemoveChild('Target');
    stack.node.tryRemoveChild('Hosts');
    expect(() => launchTemplate({ placement: { hostResourceGroupArn: new CfnGroup(stack, 'Other', { name: 'other' }).attrArn } }).with(...into()))
      .toThrow('it is placed in host resource group \'Stack/Hosts\' and has been in another one before');
  });
});

describe('the instance type', () => {
  const allowing = (...allowedHostFamilies: string[]) =>
    new HostResourceGroup(stack, 'Group', { licenses: HostLicenses.notRequired(), allowedHostFamilies });
  const MAKE: [string, (instanceType: string) => ec2.CfnInstance | ec2.CfnLaunchTemplate][] = [
    ['an instance', instanceType => instance({ instanceType })],
    ['a launch template', instanceType => launchTemplate({ instanceType })],
  ];

  test.each(MAKE)('of %s is refused if the group does not allow its family', (_, make) => {
    make('m6i.large').with(...into(allowing('m6', 'c6i')));

    expect(() => app.synth()).toThrow(
      '[Stack/Target] its instance type is \'m6i.large\', and allowedHostFamilies of host resource group \'Stack/Group\' has only \'m6\', \'c6i\'. Add ' +
      'the family, or use another instance type.');
  });

  test.each(MAKE)('of %s is taken if the group allows its family, or all, or it is not known which', (_, make) => {
    const all = () => new HostResourceGroup(stack, 'Group', { licenses: HostLicenses.notRequired() });
    for (const hosts of [() => allowing('c6i', 'm6i'), () => allowing('c6i', Fn.importValue('family')), all, () => group()]) {
      stack.node.tryRemoveChild('Target');
      stack.node.tryRemoveChild('Group');
      make('m6i.large').with(...into(hosts()));
      expect(() => app.synth({ force: true })).not.toThrow();
    }
  });

  test.each(MAKE)('of %s may be a token', (_, make) => {
    make(Fn.importValue('type')).with(...into(allowing('c6i')));

    expect(() => app.synth()).not.toThrow();
  });

  test('may be missing in a launch template', () => {
    launchTemplate({}).with(...into(allowing('c6i')));

    expect(() => app.synth()).not.toThrow();
  });
});

describe('Spot Instances', () => {
  test('are refused: there are none on Dedicated Hosts', () => {
    launchTemplate({ instanceMarketOptions: { marketType: 'spot' } }).with(...into());
    expect(() => Template.fromStack(stack)).toThrow(
      "its tenancy is 'host', and it asks for Spot Instances (marketType 'spot'): there are none on Dedicated Hosts. Leave the market options out, or " +
      'change the tenancy.');
  });

  test.each([{}, { instanceMarketOptions: { marketType: 'capacity-block' } }, { instanceMarketOptions: { marketType: Fn.importValue('market') } }])(
    'are not what %j asks for', (given) => {
      launchTemplate(given).with(...into());
      expect(data().Placement.Tenancy).toBe('host');
    });
});

describe('fleets', () => {
  test('of Macs: no licenses, hosts come and go', () => {
    const hosts = new HostResourceGroup(stack, 'Macs', {
      licenses: HostLicenses.notRequired(), allowedHostFamilies: ['mac2'], autoAllocateHosts: true, autoReleaseHosts: true,
    });
    const template = new ec2.LaunchTemplate(stack, 'Target', {
      machineImage: ec2.MachineImage.genericLinux({ 'us-east-1': 'ami-0abcdef1234567890' }),
      instanceType: new ec2.InstanceType('mac2.metal'),
      requireImdsv2: true,
    });
    template.with(...into(hosts));
    new AutoScalingGroup(stack, 'Fleet', { vpc: importedVpc(), launchTemplate: template, maxCapacity: 3 });

    expect(data()).toMatchObject({ InstanceType: 'mac2.metal', Placement: { Tenancy: 'host', HostResourceGroupArn: stack.resolve(hosts.hostResourceGroupArn) } });
    Template.fromStack(stack).hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
      LaunchTemplate: { LaunchTemplateId: { Ref: Match.stringLikeRegexp('^Target') } },
    });
  });
});
