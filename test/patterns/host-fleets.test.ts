import { App, CfnParameter, Duration, Expiration, Fn, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { InstanceType, MachineImage, SecurityGroup, Vpc, WindowsVersion } from 'aws-cdk-lib/aws-ec2';
import type { IMachineImage, IVpc } from 'aws-cdk-lib/aws-ec2';
import { CorePack, LicenseConfiguration, LicenseCounting, LicenseManagerTopic, patterns, ReportFrequency } from '../../src';

const LICENSE = 'AWS::LicenseManager::LicenseConfiguration';
const GROUP = 'AWS::ResourceGroups::Group';
const TEMPLATE = 'AWS::EC2::LaunchTemplate';
const FLEET = 'AWS::AutoScaling::AutoScalingGroup';
const ASSOCIATION = 'Custom::LicenseManagerLicenseConfigurationAssociation';
const IMAGE = 'ami-0abcdef1234567890';

/** No zone by its name: what a test writes is linted, too. */
const [FIRST_ZONE, SECOND_ZONE] = [0, 1].map(index => Fn.select(index, Fn.getAzs()));

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const vpc = () => (stack.node.tryFindChild('Vpc') ?? Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-0123456789abcdef0',
  availabilityZones: [FIRST_ZONE, SECOND_ZONE],
  privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  privateSubnetRouteTableIds: ['rtb-0123456789abcdef0', 'rtb-0123456789abcdef1'],
})) as IVpc;
const image = MachineImage.genericWindows({ 'us-east-1': IMAGE });
const windows = (props: Partial<patterns.WindowsByolFleetProps> = {}, id = 'Windows') =>
  new patterns.WindowsByolFleet(stack, id, { machineImage: image, instanceType: new InstanceType('m5.2xlarge'), ...props });
const macs = (props: Partial<patterns.MacFleetProps> = {}) =>
  new patterns.MacFleet(stack, 'Macs', { machineImage: image, instanceType: new InstanceType('mac2-m2.metal'), ...props });
const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));
const settings = (type = GROUP) => {
  const [{ Properties }] = Object.values<any>(Template.fromStack(stack).findResources(type));
  const [{ Parameters }] = Properties.Configuration;
  return Object.fromEntries(Parameters.map(({ Name, Values }: any) => [Name, Values]));
};

describe.each<[string, (props?: Partial<patterns.HostFleetProps>) => patterns.WindowsByolFleet | patterns.MacFleet, string]>([
  ['a fleet of Windows', windows, 'm5'], ['a fleet of Macs', macs, 'mac2-m2'],
])('%s', (_, fleet, family) => {
  test('places what its launch template launches on its hosts, which come and go, of its family', () => {
    const { hosts, autoScalingGroup } = fleet();
    const template = Template.fromStack(stack);

    template.hasResourceProperties(TEMPLATE, {
      LaunchTemplateData: {
        ImageId: IMAGE,
        MetadataOptions: { HttpTokens: 'required' },
        Placement: { Tenancy: 'host', HostResourceGroupArn: stack.resolve(hosts.hostResourceGroupArn) },
        SecurityGroupIds: Match.absent(),
      },
    });
    expect(settings()).toMatchObject({ 'allowed-host-families': [family], 'auto-allocate-host': ['true'], 'auto-release-host': ['true'] });
    expect(autoScalingGroup).toBeUndefined();
    template.resourceCountIs('Custom::LicenseManagerServiceLinkedRole', 1);
    template.resourceCountIs(FLEET, 0);
  });

  test('has an Auto Scaling group in a network, and a security group that lets nothing in', () => {
    const { launchTemplate } = fleet({ vpc: vpc(), autoScalingGroupOptions: { minCapacity: 2, maxCapacity: 4 } });
    const template = Template.fromStack(stack);

    template.hasResourceProperties(FLEET, {
      MinSize: '2', MaxSize: '4', LaunchTemplate: { LaunchTemplateId: stack.resolve(launchTemplate.launchTemplateId) },
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
    template.hasResourceProperties(TEMPLATE, { LaunchTemplateData: { SecurityGroupIds: [Match.anyValue()] } });
  });

  test('takes what is said of the launch template, but for image and type', () => {
    const securityGroup = SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0');
    fleet({
      vpc: vpc(),
      launchTemplateOptions: {
        securityGroup, launchTemplateName: 'fleet', requireImdsv2: false, instanceType: new InstanceType('t3.micro'), machineImage: MachineImage.latestAmazonLinux2023(),
      },
    });
    const template = Template.fromStack(stack);

    template.hasResourceProperties(TEMPLATE, {
      LaunchTemplateName: 'fleet',
      LaunchTemplateData: { ImageId: IMAGE, InstanceType: Match.stringLikeRegexp(`^${family}\\.`), SecurityGroupIds: ['sg-0123456789abcdef0'], MetadataOptions: Match.absent() },
    });
    template.resourceCountIs('AWS::EC2::SecurityGroup', 0);
  });

  test('has hosts of one\'s own, of families that somebody has named, if that is said', () => {
    fleet({ automaticHosts: false, hostFamilies: [family, 'other'] });

    expect(settings()).toMatchObject({
      'allowed-host-families': [family, 'other'], 'auto-allocate-host': ['false'], 'auto-release-host': ['false'], 'auto-host-recovery': ['false'],
    });
  });

  test('allows all families if its type is not known', () => {
    fleet({ instanceType: new InstanceType(new CfnParameter(stack, 'Type').valueAsString) });

    expect(settings()).not.toHaveProperty('allowed-host-families');
    expect(warnings()).toEqual([]);
  });

  test('has no Auto Scaling group without a network: what is said of it is refused', () => {
    expect(() => fleet({ autoScalingGroupOptions: { maxCapacity: 3 } })).toThrow(/^Stack\/\w+: autoScalingGroupOptions says what an Auto Scaling group is like, and there is none without vpc\./);
  });
});

describe('a fleet of Windows', () => {
  test('has core licenses with a hard limit, bound to their host for 90 days, and hosts that take nothing else', () => {
    const { license, alarm } = windows({ licenseCount: CorePack.SIXTEEN.licenses(6) });
    const template = Template.fromStack(stack);

    template.hasResourceProperties(LICENSE, {
      LicenseCountingType: 'Core',
      LicenseCount: 96,
      LicenseCountHardLimit: true,
      LicenseRules: ['#allowedTenancy=EC2-DedicatedHost', '#licenseAffinityToHost=90'],
    });
    const arn = stack.resolve(license.licenseConfigurationArn);
    expect(settings()).toMatchObject({ 'allowed-host-based-license-configurations': [arn], 'auto-host-recovery': ['true'] });
    template.hasResourceProperties(TEMPLATE, { LaunchTemplateData: { LicenseSpecifications: [{ LicenseConfigurationArn: arn }] } });
    template.hasResourceProperties(ASSOCIATION, { LicenseConfigurationArn: arn, ResourceArn: { 'Fn::Join': Match.anyValue() } });
    expect(alarm).toBeDefined();
  });

  test('counts without a limit if nobody says how many there are', () => {
    const { alarm } = windows();

    expect(alarm).toBeUndefined();
    Template.fromStack(stack).hasResourceProperties(LICENSE, { LicenseCount: Match.absent(), LicenseCountHardLimit: false });
  });

  test('has another limit, expiry and affinity if they are said, and people who are told', () => {
    const { reminder, report } = windows({
      licenseCount: 9,
      licenseCountHardLimit: false,
      licenseExpiry: Expiration.atDate(new Date('2099-01-01T00:00:00Z')),
      licenseAffinityToHost: Duration.days(1),
      alarmThresholdPercent: 50,
      notificationTopic: new LicenseManagerTopic(stack, 'Topic'),
      reportFrequency: ReportFrequency.DAILY,
    });
    const template = Template.fromStack(stack);

    template.hasResourceProperties(LICENSE, {
      LicenseCountHardLimit: false, LicenseExpiry: Date.parse('2099-01-01T00:00:00Z') / 1000, LicenseRules: Match.arrayWith(['#licenseAffinityToHost=1']),
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: 50 });
    expect([reminder, report]).not.toContain(undefined);
  });

  test('takes a license that there is, and makes none', () => {
    const license = new LicenseConfiguration(stack, 'Agreement', { licenseCounting: LicenseCounting.cores() });
    const { license: taken, alarm, reminder, report } = windows({ licenseConfiguration: license });

    expect([taken, alarm, reminder, report]).toEqual([license, undefined, undefined, undefined]);
    Template.fromStack(stack).resourceCountIs(LICENSE, 1);
    expect(settings()['allowed-host-based-license-configurations']).toEqual([stack.resolve(license.licenseConfigurationArn)]);
  });

  test.each(['licenseCount', 'licenseCountHardLimit', 'licenseExpiry', 'licenseAffinityToHost', 'disassociateResourcesOnDelete', 'alarmThresholdPercent', 'notificationTopic', 'reportFrequency'] as const)(
    'takes no %s of a license that there is', (name) => {
      const values = {
        licenseCount: 9,
        licenseCountHardLimit: true,
        licenseExpiry: Expiration.atDate(new Date('2099-01-01T00:00:00Z')),
        licenseAffinityToHost: Duration.days(1),
        disassociateResourcesOnDelete: false,
        alarmThresholdPercent: 50,
        notificationTopic: new LicenseManagerTopic(stack, 'Topic'),
        reportFrequency: ReportFrequency.DAILY,
      };
      const licenseConfiguration = new LicenseConfiguration(stack, 'Agreement', { licenseCounting: LicenseCounting.cores() });

      expect(() => windows({ licenseConfiguration, [name]: values[name] })).toThrow(
        `Stack/Windows: licenseConfiguration is a license that there is already, and ${name} says what one is like that is made. Leave one of the two out.`);
    });

  test('lets go of everything before its license goes, unless somebody says otherwise', () => {
    windows();
    windows({ disassociateResourcesOnDelete: false, associateImage: false }, 'Second');

    Template.fromStack(stack).resourceCountIs('Custom::LicenseManagerLicenseConfigurationDisassociation', 1);
  });

  test('leaves the image alone if that is said', () => {
    expect(windows({ associateImage: false }).imageAssociation).toBeUndefined();
    Template.fromStack(stack).resourceCountIs(ASSOCIATION, 0);
  });

  test('is one of two with an image and a license, if one of them leaves it alone', () => {
    const { license } = windows();

    expect(() => windows({ licenseConfiguration: license }, 'Second')).toThrow("is already associated with this license, by 'Stack/Windows/Image'");
    windows({ licenseConfiguration: license, associateImage: false, instanceType: new InstanceType('m5.large') }, 'Third');
  });

  test('counts its cores in a license asset group, if that is said', () => {
    const { assetGroup, ruleSet, license } = windows({ countAssets: true });

    expect([assetGroup, ruleSet]).not.toContain(undefined);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::LicenseManager::LicenseAssetGroup', 1);
    expect(JSON.stringify(template.findResources('AWS::LicenseManager::LicenseAssetRuleSet'))).toContain(JSON.stringify(stack.resolve(license.licenseConfigurationArn)));
  });

  test.each<[string, () => IMachineImage]>([
    ['that is looked up by the deployment', () => MachineImage.latestWindows(WindowsVersion.WINDOWS_SERVER_2022_ENGLISH_FULL_BASE)],
    ['that is resolved by the launch', () => MachineImage.resolveSsmParameterAtLaunch('/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base')],
  ])('has an image of one\'s own: one of Amazon causes a warning: %s', (_, machineImage) => {
    windows({ machineImage: machineImage(), associateImage: false });

    expect(warnings()).toEqual([expect.stringMatching(
      /machineImage is one of Amazon \('.*Windows_Server-2022-English-Full-Base'\), whose price includes Windows Server.*cdk-license-manager:windowsImageOfAmazon/)]);
  });

  test('leaves no finding', () => {
    windows({ licenseCount: 96, vpc: vpc(), countAssets: true, notificationTopic: new LicenseManagerTopic(stack, 'Topic') });

    expect([...warnings(), ...Annotations.fromStack(stack).findInfo('/Stack/Windows*', Match.anyValue())]).toEqual([]);
  });
});

describe('a fleet of Macs', () => {
  test('needs no licenses, and its group stays, as its hosts do', () => {
    macs();
    const template = Template.fromStack(stack);

    expect(settings()).toMatchObject({ 'instance-launch-option': ['LICENSE_CONFIGURATION_NOT_REQUIRED'], 'auto-host-recovery': ['false'] });
    template.hasResource(GROUP, { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    template.resourceCountIs(LICENSE, 0);
    expect(warnings()).toEqual([]);
  });

  test('goes if that is said', () => {
    macs({ removalPolicy: RemovalPolicy.DESTROY });

    Template.fromStack(stack).hasResource(GROUP, { DeletionPolicy: 'Delete' });
  });

  test('has more hosts that somebody adds, which stay for they cannot be released at once', () => {
    const fleet = macs({ automaticHosts: false, hostFamilies: ['mac2', 'mac2-m2'] });
    const host = fleet.addHost('First', { availabilityZone: FIRST_ZONE });
    fleet.addHost('Second', { availabilityZone: SECOND_ZONE, instanceType: new InstanceType('mac2.metal') });
    const template = Template.fromStack(stack);

    template.hasResource('AWS::EC2::Host', {
      Properties: { AvailabilityZone: stack.resolve(FIRST_ZONE), InstanceType: 'mac2-m2.metal' }, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain',
    });
    template.hasResourceProperties('AWS::EC2::Host', { AvailabilityZone: stack.resolve(SECOND_ZONE), InstanceType: 'mac2.metal' });
    template.hasResourceProperties(GROUP, { Resources: Match.arrayWith([Match.objectLike({ 'Fn::Join': Match.anyValue() })]) });
    expect(stack.resolve(host.ref)).toEqual({ Ref: expect.stringMatching(/^MacsFirst/) });
    expect(warnings()).toEqual([]);
  });

  test.each(['m5.metal', 't3.large'])('is one of Macs: another type causes a warning: %s', (type) => {
    macs({ instanceType: new InstanceType(type) });

    expect(warnings()).toEqual([expect.stringMatching(new RegExp(`instanceType is '${type}', which is no Mac.*cdk-license-manager:macFleetOfOthers`))]);
  });

  test('takes a type that is not known', () => {
    macs({ instanceType: new InstanceType(Token.asString({ Ref: 'AWS::NoValue' })) });

    expect(warnings()).toEqual([]);
  });
});
