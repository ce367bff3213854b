import { App, Fn, Lazy, Mixins, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { CfnLicenseConfiguration, ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { Construct } from 'constructs';
import { LicenseConfiguration, LicenseCounting, LicenseTenancy, mixins, Provisioning } from '../../src';
import { ImportedLicense, LICENSE_ARN, makeLicense, makeLicenses, makeStackWithLicenses, specified } from '../license-configuration/licenses';
import { acknowledge } from '../support/validator';

const TYPE = 'AWS::EC2::Instance';

const NOT_IN_TEMPLATE = 'License \'Stack/Windows\' was attached by a mixin and is not in the template: the property was assigned afterwards, or an override (addPropertyOverride) or a condition (Fn::If) has ' +
  'written the licenses, and a mixin cannot merge into it. Write all licenses there and leave the mixin out, or attach all of them by the mixin. ' +
  '[ack: cdk-license-manager:licenseNotInTemplate]';

let app: App;
let stack: Stack;
let windows: CfnLicenseConfiguration;
let sql: CfnLicenseConfiguration;

beforeEach(() => {
  ({ app, stack, windows, sql } = makeStackWithLicenses());
});

function l1(props: Partial<ec2.CfnInstanceProps> = {}) {
  return new ec2.CfnInstance(stack, 'Instance', { imageId: Fn.importValue('image'), instanceType: 'm6i.large', subnetId: 'subnet-0123456789abcdef0', ...props });
}

function l2() {
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0', availabilityZones: [Fn.select(0, Fn.getAzs())], publicSubnetIds: ['subnet-0123456789abcdef0'],
  });
  return new ec2.Instance(stack, 'Instance', {
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
    instanceType: new ec2.InstanceType('m6i.large'),
    machineImage: ec2.MachineImage.latestWindows(ec2.WindowsVersion.WINDOWS_SERVER_2022_ENGLISH_FULL_BASE),
    requireImdsv2: true,
  });
}

function expectLicenses(...licenses: unknown[]) {
  Template.fromStack(stack).hasResourceProperties(TYPE, { LicenseSpecifications: specified(...licenses) });
}

describe('merging', () => {
  test('an L1 without licenses', () => {
    l1().with(new mixins.InstanceLicenses([windows, sql]));
    expectLicenses({ Ref: 'Sql' }, { Ref: 'Windows' });
  });

  test('an L2', () => {
    l2().with(new mixins.InstanceLicenses([windows]));
    expectLicenses({ Ref: 'Windows' });
  });

  test('all instances of a stack, and nothing else', () => {
    const template = new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: {} });
    l1();
    stack.with(new mixins.InstanceLicenses([windows]));
    expectLicenses({ Ref: 'Windows' });
    expect(template.launchTemplateData).toEqual({});
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('a construct that has nothing to do with licenses stays as it is', () => {
    const host = new ec2.CfnHost(stack, 'Host', { availabilityZone: Fn.select(0, Fn.getAzs()) });
    const mixin = new mixins.InstanceLicenses([windows]);
    expect(mixin.supports(host)).toBe(false);
    mixin.applyTo(host);
    expect(() => Mixins.of(host).requireAny().apply(mixin)).toThrow();
    app.synth();
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('licenses that are there stay, before those of the mixin', () => {
    l1({ licenseSpecifications: [{ licenseConfigurationArn: LICENSE_ARN }] }).with(new mixins.InstanceLicenses([windows]));
    expectLicenses(LICENSE_ARN, { Ref: 'Windows' });
  });

  test('a gap in the list that is there stays one', () => {
    l1({ licenseSpecifications: [null as any, { licenseConfigurationArn: LICENSE_ARN }] }).with(new mixins.InstanceLicenses([windows]));
    expect(Template.fromStack(stack).findResources(TYPE).Instance.Properties.LicenseSpecifications).toEqual([null, ...specified(LICENSE_ARN, { Ref: 'Windows' })]);
  });

  test('the list that was given is not changed', () => {
    const given = [{ licenseConfigurationArn: LICENSE_ARN }];
    l1({ licenseSpecifications: given }).with(new mixins.InstanceLicenses([windows]));
    expect(given).toHaveLength(1);
  });

  test('a change of their order, and of the mixins, leaves the licenses in one order, which would replace the instance', () => {
    const third = makeLicense(stack, 'Third');
    const imported = new ImportedLicense(stack, 'Imported');
    const unknown = new ImportedLicense(stack, 'Unknown', Fn.importValue('license'));
    const ways: [string, ILicenseConfigurationRef[][]][] = [
      ['One', [[windows, sql, third, imported, unknown]]],
      ['Two', [[unknown, imported, third, sql, windows]]],
      ['Three', [[third], [unknown, sql, imported], [windows, third]]],
      ['Four', [[windows], [imported], [sql], [unknown], [third]]],
    ];
    for (const [id, mixinsOf] of ways) {
      const known = new ec2.CfnInstance(stack, id, { imageId: Fn.importValue('image'), instanceType: 'm6i.large' });
      const late = new ec2.CfnInstance(stack, `${id}Late`, {
        imageId: Fn.importValue('image'), instanceType: 'm6i.large', licenseSpecifications: Lazy.any({ produce: () => [] }),
      });
      mixinsOf.forEach(licenses => [known, late].forEach(it => it.with(new mixins.InstanceLicenses(licenses))));
    }
    const found = Object.values<any>(Template.fromStack(stack).findResources(TYPE)).map(({ Properties }) => Properties.LicenseSpecifications);
    expect(found).toHaveLength(8);
    for (const specifications of found) {
      expect(specifications).toEqual(specified(LICENSE_ARN, { Ref: 'Sql' }, { Ref: 'Third' }, { 'Fn::ImportValue': 'license' }, { Ref: 'Windows' }));
    }
  });

  describe('the order stays', () => {
    const ORDER = ['First', 'Middle', 'Zulu/Last'];

    /** The licenses of an instance, by what stands for them in an app. */
    function order(
      make: (scope: Stack, id: string) => ILicenseConfigurationRef,
      stackId: string = 'Stack',
      attach: (all: ILicenseConfigurationRef[]) => mixins.InstanceLicenses[] = all => [new mixins.InstanceLicenses(all)],
    ) {
      const scope = new Stack(new App(), stackId, { stackName: 'licenses', env: { account: '111122223333', region: 'us-east-1' } });
      const licenses = ['Middle', 'Zulu/Last', 'First'].map(path => {
        const [id, inner] = path.split('/');
        return path === 'Middle' ? make(scope, path)
          : new LicenseConfiguration(inner ? new Construct(scope, id) : scope, inner ?? id, { licenseCounting: LicenseCounting.vcpus() });
      });
      new ec2.CfnInstance(scope, 'Instance', { imageId: 'ami-01234567', instanceType: 'm6i.large' }).with(...attach(licenses));
      const names = new Map(licenses.map(license => [
        JSON.stringify(scope.resolve(license.licenseConfigurationRef.licenseConfigurationArn)), license.node.path.replace(`${stackId}/`, '').replace('/Resource', ''),
      ]));
      const { LicenseSpecifications: found } = Object.values<any>(Template.fromStack(scope).findResources(TYPE))[0].Properties;
      return found.map(({ LicenseConfigurationArn: arn }: any) => names.get(JSON.stringify(arn)));
    }

    const counted = { licenseCounting: LicenseCounting.vcpus() };
    const made = (scope: Stack, id: string) => new LicenseConfiguration(scope, id, counted);
    const imported = (scope: Stack, id: string) =>
      LicenseConfiguration.fromLicenseConfigurationAttributes(scope, id, { licenseConfigurationArn: `${LICENSE_ARN}1`, ...counted });

    test.each<[string, (scope: Stack, id: string) => ILicenseConfigurationRef]>([
      ['through the API', (scope, id) => new LicenseConfiguration(scope, id, { ...counted, provisioning: Provisioning.CUSTOM_RESOURCE })],
      ['and is kept', (scope, id) => new LicenseConfiguration(scope, id, { ...counted, provisioning: Provisioning.CUSTOM_RESOURCE, removalPolicy: RemovalPolicy.RETAIN })],
      ['and is imported in its place', imported],
      ['by the native type', made],
      ['as an L1', (scope, id) => makeLicense(scope, id)],
      ['by the L1 of the L2', (scope, id) => made(scope, id).node.defaultChild as CfnLicenseConfiguration],
    ])('when a license is there %s', (_, make) => {
      expect(order(make)).toEqual(ORDER);
    });

    test.each(['Aaa', 'Stack', 'zzz'])('when the construct of the stack is called %s', stackId => {
      expect(order(made, stackId)).toEqual(ORDER);
      expect(order(imported, stackId)).toEqual(ORDER);
    });

    test.each<[string, (all: ILicenseConfigurationRef[]) => mixins.InstanceLicenses[]]>([
      ['the list is the other way round', all => [new mixins.InstanceLicenses([...all].reverse())]],
      ['there is a mixin for each', all => all.map(license => new mixins.InstanceLicenses([license]))],
      ['the mixins are swapped', all => all.map(license => new mixins.InstanceLicenses([license])).reverse()],
    ])('when %s', (_, attach) => {
      expect(order(made, undefined, attach)).toEqual(ORDER);
      expect(order(imported, undefined, attach)).toEqual(ORDER);
    });

    test('when one license is named by two constructs, whichever comes first', () => {
      const found = [false, true].map((isReversed, index) => {
        const both = [new ImportedLicense(stack, `Z${index}`, windows.ref), new ImportedLicense(stack, `A${index}`, windows.ref)];
        const licenses = isReversed ? both.reverse() : both;
        return [licenses.map(license => new mixins.InstanceLicenses([license])), [new mixins.InstanceLicenses(licenses)]].map((some, way) => {
          const instance = new ec2.CfnInstance(stack, `It${index}${way}`, { imageId: 'ami-01234567', instanceType: 'm6i.large' });
          instance.with(new mixins.InstanceLicenses([sql]), ...some);
          return stack.resolve(instance.licenseSpecifications);
        });
      });
      for (const specifications of found.flat()) {
        expect(specifications).toEqual([{ licenseConfigurationArn: { Ref: 'Windows' } }, { licenseConfigurationArn: { Ref: 'Sql' } }]);
      }
    });

    test('of licenses with one path in their stacks, by the whole path', () => {
      const other = makeLicense(new Stack(app, 'Another', { env: { account: '111122223333', region: 'us-east-1' } }), 'Windows');
      for (const licenses of [[windows, other], [other, windows]]) {
        const instance = new ec2.CfnInstance(stack, `It${licenses.indexOf(other)}`, { imageId: 'ami-01234567', instanceType: 'm6i.large' });
        instance.with(new mixins.InstanceLicenses(licenses));
      }
      const [one, two] = Object.values<any>(Template.fromStack(stack).findResources(TYPE)).map(({ Properties }) => Properties.LicenseSpecifications);
      expect(one).toEqual(two);
      expect(one[1]).toEqual({ LicenseConfigurationArn: { Ref: 'Windows' } });
    });
  });

  test('the order that is written stays, and what somebody adds to the list of a mixin is written', () => {
    const instance = l1({ licenseSpecifications: [windows, sql].map(({ ref }) => ({ licenseConfigurationArn: ref })) });
    instance.with(new mixins.InstanceLicenses([makeLicense(stack, 'B'), windows]));
    instance.licenseSpecifications = [...instance.licenseSpecifications as object[] as any[], { licenseConfigurationArn: LICENSE_ARN }];
    instance.with(new mixins.InstanceLicenses([makeLicense(stack, 'A')]));
    expect(Template.fromStack(stack).findResources(TYPE).Instance.Properties.LicenseSpecifications)
      .toEqual(specified({ Ref: 'Windows' }, { Ref: 'Sql' }, { Ref: 'B' }, LICENSE_ARN, { Ref: 'A' }));
  });

  test('a list that is known only in the end', () => {
    const specifications = new Array<ec2.CfnInstance.LicenseSpecificationProperty>();
    l1({ licenseSpecifications: Lazy.any({ produce: () => specifications }) })
      .with(new mixins.InstanceLicenses([windows]))
      .with(new mixins.InstanceLicenses([sql]));
    specifications.push({ licenseConfigurationArn: LICENSE_ARN });
    expectLicenses(LICENSE_ARN, { Ref: 'Sql' }, { Ref: 'Windows' });
  });

  test('a list that is nothing in the end', () => {
    l1({ licenseSpecifications: Lazy.any({ produce: () => undefined }) }).with(new mixins.InstanceLicenses([windows]));
    expectLicenses({ Ref: 'Windows' });
  });

  test('an element that is known only in the end', () => {
    l1({ licenseSpecifications: [Lazy.any({ produce: () => ({ licenseConfigurationArn: LICENSE_ARN }) })] })
      .with(new mixins.InstanceLicenses([windows]));
    expectLicenses(LICENSE_ARN, { Ref: 'Windows' });
  });
});

describe('a license is there once', () => {
  const same = () => new ImportedLicense(stack, 'Same', windows.attrLicenseConfigurationArn);

  test('that is twice in a list, also by another reference', () => {
    l1().with(new mixins.InstanceLicenses([windows, sql, same()]));
    expectLicenses({ 'Fn::GetAtt': ['Windows', 'LicenseConfigurationArn'] }, { Ref: 'Sql' });
  });

  test('that two mixins bring, or one mixin twice', () => {
    const mixin = new mixins.InstanceLicenses([sql, windows]);
    l1().with(mixin, new mixins.InstanceLicenses([same()]), mixin);
    expectLicenses({ Ref: 'Windows' }, { Ref: 'Sql' });
  });

  test('that the L1 has', () => {
    l1({ licenseSpecifications: [{ licenseConfigurationArn: LICENSE_ARN }, { licenseConfigurationArn: windows.attrLicenseConfigurationArn }] })
      .with(new mixins.InstanceLicenses([new ImportedLicense(stack, 'Imported'), windows]));
    expectLicenses(LICENSE_ARN, { 'Fn::GetAtt': ['Windows', 'LicenseConfigurationArn'] });
  });

  test('that the L1 has twice', () => {
    l1({ licenseSpecifications: [{ licenseConfigurationArn: LICENSE_ARN }, { licenseConfigurationArn: LICENSE_ARN }] })
      .with(new mixins.InstanceLicenses([windows]));
    expectLicenses(LICENSE_ARN, { Ref: 'Windows' });
  });

  test.each<[string, () => ec2.CfnInstanceProps['licenseSpecifications']]>([
    ['a list', () => Lazy.any({ produce: () => [{ licenseConfigurationArn: windows.ref }] })],
    ['an element', () => [Lazy.any({ produce: () => ({ licenseConfigurationArn: windows.ref }) })]],
    ['an ARN', () => [{ licenseConfigurationArn: Lazy.string({ produce: () => windows.ref }) }]],
    ['the end of the ARN', () => [{ licenseConfigurationArn: Lazy.string({ produce: () => Lazy.string({ produce: () => windows.ref }) }) }]],
  ])('that the L1 has in %s that is known only in the end', (_, licenseSpecifications) => {
    l1({ licenseSpecifications: licenseSpecifications() }).with(new mixins.InstanceLicenses([windows]), new mixins.InstanceLicenses([sql, windows]));
    expectLicenses({ Ref: 'Windows' }, { Ref: 'Sql' });
  });

  test('of which the ARN is an intrinsic function', () => {
    const [one, other] = ['One', 'Other'].map(id => new ImportedLicense(stack, id, Fn.importValue('license')));
    l1().with(new mixins.InstanceLicenses([one]), new mixins.InstanceLicenses([other, windows]));
    expectLicenses({ 'Fn::ImportValue': 'license' }, { Ref: 'Windows' });
  });

  test('and not taken for one with the same logical id in another stack', () => {
    const other = makeLicense(new Stack(app, 'Other', { env: { account: '111122223333', region: 'us-east-1' } }), 'Windows');
    l1({ licenseSpecifications: Lazy.any({ produce: () => [{ licenseConfigurationArn: windows.ref }] }) }).with(new mixins.InstanceLicenses([other]));
    expectLicenses({ Ref: 'Windows' }, { 'Fn::ImportValue': 'Other:ExportsOutputRefWindows3F290A89' });
  });
});

describe('refusals', () => {
  test('an empty list attaches nothing, and causes a warning', () => {
    l1().with(new mixins.InstanceLicenses([]));
    app.synth();
    Annotations.fromStack(stack).hasWarning('/Stack/Instance',
      'A mixin was to attach licenses to it, and was given none. Pass the licenses to attach, or leave the mixin out. [ack: cdk-license-manager:mixinWithoutLicense]');
  });

  test('but not licenses that have still to be looked up', () => {
    const found = ['one', 'two'].map(name => LicenseConfiguration.fromLookup(stack, name, { licenseConfigurationName: name }));
    l1({ tenancy: 'host' }).with(new mixins.InstanceLicenses([found[0]])).with(new mixins.InstanceLicenses([found[1]]));
    expect(app.synth().manifest.missing).toHaveLength(2);
  });

  test('a license of another Region', () => {
    const license = new ImportedLicense(stack, 'Imported', LICENSE_ARN.replace('us-east-1', 'us-west-2'));
    expect(() => l1().with(new mixins.InstanceLicenses([license]))).toThrow(
      'Stack/Instance: license \'Stack/Imported\' is in Region \'us-west-2\' and the stack in \'us-east-1\': License Manager tracks nothing ' +
      'across Regions. Use a license of \'us-east-1\'.');
  });

  test.each<[string, (instance: ec2.CfnInstance) => void, object]>([
    ['an override', instance => instance.addPropertyOverride('LicenseSpecifications', specified(LICENSE_ARN)), {}],
    ['a condition', () => {}, { licenseSpecifications: Fn.conditionIf('Condition', [], []) }],
    ['a later assignment', instance => { instance.licenseSpecifications = undefined; }, {}],
  ])('licenses that %s has overwritten', (_, overwrite, props) => {
    const instance = l1(props).with(new mixins.InstanceLicenses([windows])) as ec2.CfnInstance;
    acknowledge(app, 'E1028', 'The condition is made up.');
    overwrite(instance);
    app.synth();
    Annotations.fromStack(stack).hasWarning('/Stack/Instance', NOT_IN_TEMPLATE);
  });
});

test('more than ten licenses cause a warning', () => {
  l1({ tenancy: 'default' }).with(new mixins.InstanceLicenses(makeLicenses(stack, 11)));
  Annotations.fromStack(stack).hasWarning('/Stack/Instance',
    'It gets more than 10 licenses, the default quota of License Manager for a resource. Use fewer, or have the quota increased before ' +
    'you deploy. [ack: cdk-license-manager:tooManyLicensesOnResource]');
});

test('ten licenses are not warned of', () => {
  const [first, ...others] = makeLicenses(stack, 10);
  l1().with(new mixins.InstanceLicenses([first])).with(new mixins.InstanceLicenses(others));
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

describe('tenancy', () => {
  const rule = (...names: string[]) => [`#allowedTenancy=${names.join(',')}`];

  test.each<[string, string[]]>([
    ['default', rule('EC2-Default')],
    ['dedicated', rule('EC2-Default', 'EC2-DedicatedInstance')],
    ['host', rule('EC2-DedicatedHost')],
    ['host', ['#minimumVcpus=2']],
  ])('%s is taken with %s', (tenancy, rules) => {
    l1({ tenancy }).with(new mixins.InstanceLicenses([makeLicense(stack, 'License', rules)]));
    Template.fromStack(stack).hasResourceProperties(TYPE, { Tenancy: tenancy });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.each<[string, string[], string]>([
    ['default', rule('EC2-DedicatedHost'), '\'host\' (EC2-DedicatedHost)'],
    ['dedicated', rule('EC2-Default', 'EC2-DedicatedHost'), '\'default\' (EC2-Default), \'host\' (EC2-DedicatedHost)'],
    ['host', rule('EC2-DedicatedInstance'), '\'dedicated\' (EC2-DedicatedInstance)'],
  ])('%s is refused with %s', (tenancy, rules, allowed) => {
    l1({ tenancy }).with(new mixins.InstanceLicenses([makeLicense(stack, 'License', rules)]));
    expect(() => app.synth()).toThrow(
      `[Stack/Instance] its tenancy is '${tenancy}', and license 'Stack/License' allows only ${allowed}. Change the tenancy, or the ` +
      'allowedTenancy of the license.');
  });

  test.each(['Core', 'Socket'])('cores and sockets are counted on Dedicated Hosts only: %s', type => {
    l1({ tenancy: 'default' }).with(new mixins.InstanceLicenses([makeLicense(stack, 'License', undefined, type)]));
    app.synth();
    // It has no rule of tenancy, and without one License Manager takes all.
    Annotations.fromStack(stack).hasWarning('/Stack/Instance',
      `Its tenancy is 'default', and license 'Stack/License' is counted by '${type}', which License Manager counts on 'host' (EC2-DedicatedHost) only. ` +
      'Change the tenancy, or count by vCPU or by instance. [ack: cdk-license-manager:tenancyNotCounted]');
  });

  test.each<[string, LicenseCounting]>([
    ['vCPUs', LicenseCounting.vcpus({ allowedTenancy: [LicenseTenancy.DEDICATED_HOST] })],
    ['cores', LicenseCounting.cores({ minimumCores: 8 })],
  ])('the license counting of an L2 says what is allowed: %s', (_, licenseCounting) => {
    l1({ tenancy: 'default' }).with(new mixins.InstanceLicenses([new LicenseConfiguration(stack, 'License', { licenseCounting })]));
    expect(() => app.synth()).toThrow('its tenancy is \'default\', and license \'Stack/License\' allows only \'host\' (EC2-DedicatedHost).');
  });

  test('the license counting of an imported license says what is allowed', () => {
    const license = LicenseConfiguration.fromLicenseConfigurationAttributes(stack, 'License', {
      licenseConfigurationArn: LICENSE_ARN,
      licenseCounting: LicenseCounting.instances({ allowedTenancy: [LicenseTenancy.DEFAULT] }),
    });
    l1({ tenancy: 'host' }).with(new mixins.InstanceLicenses([license]));
    expect(() => app.synth()).toThrow('its tenancy is \'host\', and license \'Stack/License\' allows only \'default\' (EC2-Default).');
  });

  test('it may be corrected after the mixin was applied, also by an override', () => {
    const license = makeLicense(stack, 'License', rule('EC2-DedicatedHost'));
    const instance = l1({ tenancy: 'default' });
    instance.with(new mixins.InstanceLicenses([license]));
    instance.addPropertyOverride('Tenancy', 'host');
    Template.fromStack(stack).hasResourceProperties(TYPE, { Tenancy: 'host' });
  });

  test('it may be spoiled after the mixin was applied', () => {
    const instance = l1({ tenancy: 'host' });
    instance.with(new mixins.InstanceLicenses([makeLicense(stack, 'License', rule('EC2-DedicatedHost'))]));
    instance.addPropertyOverride('Tenancy', 'dedicated');
    expect(() => app.synth()).toThrow('its tenancy is \'dedicated\'');
  });

  test('who names a host need not write it', () => {
    l1({ hostId: 'h-0123456789abcdef0' }).with(new mixins.InstanceLicenses([makeLicense(stack, 'License', rule('EC2-DedicatedHost'))]));
    app.synth();
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('a token is not compared, nor are rules that are tokens or unknown', () => {
    l1({ tenancy: Fn.importValue('tenancy') }).with(new mixins.InstanceLicenses([
      makeLicense(stack, 'Host', rule('EC2-DedicatedHost')),
      makeLicense(stack, 'Token', Fn.split('|', Fn.importValue('rules'))),
      makeLicense(stack, 'Unknown', rule('EC2-Elsewhere')),
    ]));
    app.synth();
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('none causes a warning, unless the license allows shared hardware', () => {
    l1().with(new mixins.InstanceLicenses([
      makeLicense(stack, 'Shared', rule('EC2-Default', 'EC2-DedicatedHost')),
      makeLicense(stack, 'Host', rule('EC2-DedicatedHost', 'EC2-DedicatedInstance')),
    ]));
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
    expect(warnings.map(warning => [warning.id, warning.entry.data])).toEqual([['/Stack/Instance',
      'It has no tenancy, so that EC2 uses that of the VPC or shared hardware, and license \'Stack/Host\' allows only \'host\' ' +
      '(EC2-DedicatedHost), \'dedicated\' (EC2-DedicatedInstance). Unless the tenancy comes from somewhere else, the launch is refused: ' +
      'write it. [ack: cdk-license-manager:tenancyNotWritten]']]);
  });

  test('none is not warned of if a launch template may have it', () => {
    l1({ launchTemplate: { launchTemplateId: 'lt-0123456789abcdef0', version: '1' } })
      .with(new mixins.InstanceLicenses([makeLicense(stack, 'Host', rule('EC2-DedicatedHost'))]));
    app.synth();
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});
