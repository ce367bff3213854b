import { App, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { mixins } from '../../src';
import { ImportedLicense, LICENSE_ARN, makeLicense, makeLicenses, makeStackWithLicenses, specified } from '../license-configuration/licenses';
import { acknowledge } from '../support/validator';

const TYPE = 'AWS::EC2::LaunchTemplate';

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

function l1(launchTemplateData: ec2.CfnLaunchTemplateProps['launchTemplateData'] = { instanceType: 'm6i.large' }) {
  return new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData });
}

function expectData(data: object) {
  Template.fromStack(stack).hasResourceProperties(TYPE, { LaunchTemplateData: data });
}

describe('merging', () => {
  test('an L1 without licenses keeps its data', () => {
    l1().with(new mixins.LaunchTemplateLicenses([windows, sql]));
    expectData({ InstanceType: 'm6i.large', LicenseSpecifications: specified({ Ref: 'Sql' }, { Ref: 'Windows' }) });
  });

  test('an L2 keeps its data, also what is added after the mixin', () => {
    const template = new ec2.LaunchTemplate(stack, 'Template', {
      machineImage: ec2.MachineImage.latestWindows(ec2.WindowsVersion.WINDOWS_SERVER_2022_ENGLISH_FULL_BASE),
      instanceType: new ec2.InstanceType('m6i.large'),
      securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'First', 'sg-0123456789abcdef0'),
      userData: ec2.UserData.forWindows(),
      requireImdsv2: true,
    });
    template.with(new mixins.LaunchTemplateLicenses([windows]));
    template.addSecurityGroup(ec2.SecurityGroup.fromSecurityGroupId(stack, 'Second', 'sg-0fedcba9876543210'));
    template.userData?.addCommands('hostname');
    expectData({
      ImageId: { Ref: Match.stringLikeRegexp('SsmParameterValue') },
      InstanceType: 'm6i.large',
      SecurityGroupIds: ['sg-0123456789abcdef0', 'sg-0fedcba9876543210'],
      UserData: { 'Fn::Base64': '<powershell>hostname</powershell>' },
      MetadataOptions: { HttpTokens: 'required' },
      LicenseSpecifications: specified({ Ref: 'Windows' }),
    });
  });

  test('a construct that has nothing to do with licenses stays as it is', () => {
    const host = new ec2.CfnHost(stack, 'Host', { availabilityZone: Fn.select(0, Fn.getAzs()) });
    const mixin = new mixins.LaunchTemplateLicenses([windows]);
    expect(mixin.supports(host)).toBe(false);
    mixin.applyTo(host);
    app.synth();
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('licenses that are there stay, before those of the mixin, and the data that was given is not changed', () => {
    const given = { licenseSpecifications: [{ licenseConfigurationArn: LICENSE_ARN }] };
    l1(given).with(new mixins.LaunchTemplateLicenses([windows]));
    expectData({ LicenseSpecifications: specified(LICENSE_ARN, { Ref: 'Windows' }) });
    expect(given).toEqual({ licenseSpecifications: [{ licenseConfigurationArn: LICENSE_ARN }] });
  });

  test.each([false, true])('two mixins one after another (the other order: %s)', reverse => {
    const [a, b] = reverse ? [sql, windows] : [windows, sql];
    l1().with(new mixins.LaunchTemplateLicenses([a]), new mixins.LaunchTemplateLicenses([b]));
    expectData({ LicenseSpecifications: specified({ Ref: 'Sql' }, { Ref: 'Windows' }) });
  });

  test('other properties that are changed later stay', () => {
    const template = l1();
    template.with(new mixins.LaunchTemplateLicenses([windows]));
    template.addPropertyOverride('LaunchTemplateData.Placement.Tenancy', 'host');
    expectData({ InstanceType: 'm6i.large', Placement: { Tenancy: 'host' }, LicenseSpecifications: specified({ Ref: 'Windows' }) });
  });

  test.each([false, true])('data that is known only in the end (the other order: %s)', reverse => {
    const data: any = { instanceType: 'm6i.large' };
    const [a, b] = reverse ? [sql, windows] : [windows, sql];
    l1(Lazy.any({ produce: () => data })).with(new mixins.LaunchTemplateLicenses([a])).with(new mixins.LaunchTemplateLicenses([b]));
    data.licenseSpecifications = [{ licenseConfigurationArn: LICENSE_ARN }];
    expectData({ InstanceType: 'm6i.large', LicenseSpecifications: specified(LICENSE_ARN, { Ref: 'Sql' }, { Ref: 'Windows' }) });
  });

  test('licenses that are known only in the end', () => {
    l1({ instanceType: 'm6i.large', licenseSpecifications: Lazy.any({ produce: () => [{ licenseConfigurationArn: LICENSE_ARN }] }) })
      .with(new mixins.LaunchTemplateLicenses([windows]));
    expectData({ InstanceType: 'm6i.large', LicenseSpecifications: specified(LICENSE_ARN, { Ref: 'Windows' }) });
  });

  test('data that is nothing in the end', () => {
    l1(Lazy.any({ produce: () => undefined })).with(new mixins.LaunchTemplateLicenses([windows]));
    expectData({ LicenseSpecifications: specified({ Ref: 'Windows' }) });
  });
});

describe('a license is there once', () => {
  test('that the template has, by whatever name, or that mixins bring twice', () => {
    const mixin = new mixins.LaunchTemplateLicenses([sql, new ImportedLicense(stack, 'Imported')]);
    l1({ licenseSpecifications: [{ licenseConfigurationArn: LICENSE_ARN }, { licenseConfigurationArn: windows.attrLicenseConfigurationArn }] })
      .with(mixin, new mixins.LaunchTemplateLicenses([windows]), mixin);
    expectData({ LicenseSpecifications: specified(LICENSE_ARN, { 'Fn::GetAtt': ['Windows', 'LicenseConfigurationArn'] }, { Ref: 'Sql' }) });
  });

  test('also in data that is known only in the end', () => {
    const mixin = new mixins.LaunchTemplateLicenses([windows]);
    l1(Lazy.any({ produce: () => ({ licenseSpecifications: [{ licenseConfigurationArn: windows.ref }] }) })).with(mixin, mixin);
    expectData({ LicenseSpecifications: specified({ Ref: 'Windows' }) });
  });

  test('also if it comes from another stack, which then exports it', () => {
    const other = makeLicense(new Stack(app, 'Other', { env: { account: '111122223333', region: 'us-east-1' } }), 'Windows');
    l1(Lazy.any({ produce: () => ({ licenseSpecifications: [{ licenseConfigurationArn: other.ref }] }) }))
      .with(new mixins.LaunchTemplateLicenses([other, windows]));
    expectData({ LicenseSpecifications: specified({ 'Fn::ImportValue': 'Other:ExportsOutputRefWindows3F290A89' }, { Ref: 'Windows' }) });
  });
});

describe('refusals', () => {
  test('an empty list attaches nothing, and causes a warning', () => {
    l1().with(new mixins.LaunchTemplateLicenses([]));
    app.synth();
    Annotations.fromStack(stack).hasWarning('/Stack/Template',
      'A mixin was to attach licenses to it, and was given none. Pass the licenses to attach, or leave the mixin out. [ack: cdk-license-manager:mixinWithoutLicense]');
  });

  test('a license of another Region', () => {
    const license = new ImportedLicense(stack, 'Imported', LICENSE_ARN.replace('us-east-1', 'us-west-2'));
    expect(() => l1().with(new mixins.LaunchTemplateLicenses([license]))).toThrow('Stack/Template: license \'Stack/Imported\' is in Region \'us-west-2\'');
  });

  test.each([
    ['data', () => l1(Fn.conditionIf('Condition', {}, {}))],
    ['licenses', () => l1({ licenseSpecifications: Fn.conditionIf('Condition', [], []) })],
    ['licenses in data', () => l1(Lazy.any({ produce: () => ({ licenseSpecifications: Fn.conditionIf('Condition', [], []) }) }))],
  ])('%s with a condition', (_, make) => {
    acknowledge(app, 'E1028', 'The condition is made up.');
    make().with(new mixins.LaunchTemplateLicenses([windows]));
    app.synth();
    Annotations.fromStack(stack).hasWarning('/Stack/Template', NOT_IN_TEMPLATE);
  });

  test('licenses that an override has written', () => {
    const template = l1();
    template.addPropertyOverride('LaunchTemplateData.LicenseSpecifications', specified(LICENSE_ARN));
    template.with(new mixins.LaunchTemplateLicenses([windows]));
    app.synth();
    Annotations.fromStack(stack).hasWarning('/Stack/Template', NOT_IN_TEMPLATE);
  });
});

describe('tenancy', () => {
  test('one that the license does not allow is refused, also if an override has written it', () => {
    const template = l1();
    template.with(new mixins.LaunchTemplateLicenses([makeLicense(stack, 'License', ['#allowedTenancy=EC2-DedicatedHost'])]));
    template.addPropertyOverride('LaunchTemplateData.Placement.Tenancy', 'dedicated');
    expect(() => app.synth()).toThrow(
      '[Stack/Template] its tenancy is \'dedicated\', and license \'Stack/License\' allows only \'host\' (EC2-DedicatedHost). Change the ' +
      'tenancy, or the allowedTenancy of the license.');
  });

  test.each<[string, ec2.CfnLaunchTemplate.PlacementProperty]>([
    ['the tenancy', { tenancy: 'host' }],
    ['a host', { hostId: 'h-0123456789abcdef0' }],
    ['a host resource group', { hostResourceGroupArn: 'arn:aws:resource-groups:us-east-1:111122223333:group/hosts' }],
  ])('one that the license allows is taken, by %s', (_, placement) => {
    l1({ placement }).with(new mixins.LaunchTemplateLicenses([makeLicense(stack, 'License', ['#allowedTenancy=EC2-DedicatedHost'])]));
    expectData({ Placement: Match.anyValue() });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('none causes a warning', () => {
    l1().with(new mixins.LaunchTemplateLicenses([makeLicense(stack, 'License', ['#allowedTenancy=EC2-DedicatedHost'])]));
    Annotations.fromStack(stack).hasWarning('/Stack/Template', Match.stringLikeRegexp('^It has no tenancy, .*cdk-license-manager:tenancyNotWritten'));
  });
});

test('more than ten licenses cause a warning', () => {
  l1().with(new mixins.LaunchTemplateLicenses(makeLicenses(stack, 11)));
  Annotations.fromStack(stack).hasWarning('/Stack/Template', Match.stringLikeRegexp('cdk-license-manager:tooManyLicensesOnResource'));
});
