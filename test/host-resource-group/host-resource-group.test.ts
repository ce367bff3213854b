import { App, Aws, CfnParameter, Fn, Lazy, PhysicalName, PropertyInjectors, RemovalPolicy, Resource, Stack, Tags, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnHost, CfnInstance } from 'aws-cdk-lib/aws-ec2';
import type { IHostRef } from 'aws-cdk-lib/aws-ec2';
import { HostLicenses, HostResourceGroup } from '../../src';
import type { HostResourceGroupProps } from '../../src';
import { acknowledge } from '../support/validator';

const ARN = 'arn:aws:resource-groups:us-east-1:111122223333:group/hosts';
const HOST_ID = 'h-0123456789abcdef0';
const HOST_ARN = `arn:aws:ec2:us-east-1:111122223333:dedicated-host/${HOST_ID}`;
const TYPE = 'AWS::ResourceGroups::Group';

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
});

const make = (props: Partial<HostResourceGroupProps> = {}) => new HostResourceGroup(stack, 'Hosts', { licenses: HostLicenses.any(), ...props });
const host = (id = 'Host', props: { instanceType?: string; instanceFamily?: string } = { instanceType: 'm5.large' }) =>
  new CfnHost(stack, id, { availabilityZone: Fn.select(0, Fn.getAzs()), ...props });
const group = () => Object.values<any>(Template.fromStack(stack).findResources(TYPE))[0];
const hostManagement = () => group().Properties.Configuration[0].Parameters;
const valuesOf = (name: string) => hostManagement().find(({ Name }: any) => Name === name)?.Values;

describe('the configuration', () => {
  test('by default: nothing is done automatically, and both items have all that has to be there', () => {
    make();

    expect(group()).toEqual({
      Type: TYPE,
      Properties: {
        Name: expect.stringMatching(/^Stack-Hosts-[0-9A-F]{8}$/),
        // Written, for what is missing in an update stays as it is.
        Description: '',
        Configuration: [
          {
            Type: 'AWS::EC2::HostManagement',
            Parameters: [
              { Name: 'any-host-based-license-configuration', Values: ['true'] },
              { Name: 'auto-allocate-host', Values: ['false'] },
              { Name: 'auto-release-host', Values: ['false'] },
              { Name: 'auto-host-recovery', Values: ['false'] },
            ],
          },
          {
            Type: 'AWS::ResourceGroups::Generic',
            Parameters: [
              { Name: 'allowed-resource-types', Values: ['AWS::EC2::Host'] },
              { Name: 'deletion-protection', Values: ['UNLESS_EMPTY'] },
            ],
          },
        ],
      },
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('with everything', () => {
    make({
      hostResourceGroupName: 'macs',
      description: 'For builds',
      licenses: HostLicenses.notRequired(),
      allowedHostFamilies: ['mac1', 'mac2-m2'],
      autoAllocateHosts: true,
      autoReleaseHosts: true,
      autoRecoverHosts: true,
    });

    expect(group().Properties).toMatchObject({ Name: 'macs', Description: 'For builds' });
    expect(hostManagement()).toEqual([
      { Name: 'instance-launch-option', Values: ['LICENSE_CONFIGURATION_NOT_REQUIRED'] },
      { Name: 'allowed-host-families', Values: ['mac1', 'mac2-m2'] },
      { Name: 'auto-allocate-host', Values: ['true'] },
      { Name: 'auto-release-host', Values: ['true'] },
      { Name: 'auto-host-recovery', Values: ['true'] },
    ]);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.each([[true, undefined], [true, false]])('hosts that are allocated and never released cause a warning (%s, %s)', (autoAllocateHosts, autoReleaseHosts) => {
    make({ autoAllocateHosts, autoReleaseHosts });

    Annotations.fromStack(stack).hasWarning('/Stack/Hosts',
      'autoAllocateHosts is true and autoReleaseHosts is not: the hosts that EC2 allocates are in no template, cost money until somebody ' +
      'releases them, and keep the group from being deleted. Set autoReleaseHosts to true, or see to the hosts yourself. ' +
      '[ack: cdk-license-manager:allocatedHostsStay]');
  });

  test('tags', () => {
    Tags.of(make()).add('team', 'licenses');

    expect(group().Properties.Tags).toEqual([{ Key: 'team', Value: 'licenses' }]);
  });

  test.each([['cost center', 'ä_.:/=+-@9'], ['k'.repeat(127), 'v'.repeat(255)], ['k'.repeat(128), 'v'.repeat(256)]])('the tag %s: %s is taken', (key, value) => {
    Tags.of(make()).add(key, value);

    expect(() => app.synth()).not.toThrow();
  });

  test.each([['department', 'R&D'], ['k(1)', 'value']])('the tag %s: %s is refused for its characters', (key, value) => {
    Tags.of(make()).add(key, value);

    expect(() => app.synth()).toThrow('it has to consist of letters, digits, spaces and _.:/=+-@. Correct it, or keep the tag away from the resource');
  });

  test('a tag with a value of 257 characters is refused', () => {
    Tags.of(make()).add('key', 'v'.repeat(257));

    expect(() => app.synth()).toThrow(`Stack/Hosts: tag 'key' '${'v'.repeat(60)}…' has 257 characters: it has to have at most 256.`);
  });

  test('properties can be injected', () => {
    PropertyInjectors.of(stack).add({
      constructUniqueId: HostResourceGroup.PROPERTY_INJECTION_ID,
      inject: (props: any) => ({ autoRecoverHosts: true, ...props }),
    });
    make();

    expect(valuesOf('auto-host-recovery')).toEqual(['true']);
  });

  test('attributes and reference', () => {
    const made = make();
    const [logicalId] = Object.keys(Template.fromStack(stack).findResources(TYPE));

    expect(stack.resolve(made.hostResourceGroupArn)).toEqual({ 'Fn::GetAtt': [logicalId, 'Arn'] });
    expect(stack.resolve(made.hostResourceGroupName)).toEqual({ Ref: logicalId });
    expect(made.groupRef).toEqual({ groupArn: made.hostResourceGroupArn, groupName: made.hostResourceGroupName });
    expect(made.grants).toBe(made.grants);
  });
});

describe('the name', () => {
  test.each(['a', 'ab', 'a'.repeat(127), 'a'.repeat(128), 'A-b_c.9', 'hosts-aws', '1'])('\'%s\' is taken', hostResourceGroupName => {
    make({ hostResourceGroupName });

    expect(group().Properties.Name).toBe(hostResourceGroupName);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.each([['', 0], ['a'.repeat(129), 129]])('one of the length %#. is refused', (hostResourceGroupName, length) => {
    const shown = length > 60 ? `${'a'.repeat(60)}…` : '';
    expect(() => make({ hostResourceGroupName })).toThrow(
      `Stack/Hosts: hostResourceGroupName '${shown}' has ${length} characters: it has to have 1 to 128. Change it, or leave it out to have a ` +
      'name generated.');
  });

  test.each(['a b', 'a/b', 'ä', 'a,b', 'a:b'])('\'%s\' is refused', hostResourceGroupName => {
    expect(() => make({ hostResourceGroupName })).toThrow(
      `Stack/Hosts: hostResourceGroupName is '${hostResourceGroupName}': it has to consist of letters, digits, hyphens, underscores and ` +
      'periods. Change it, or leave it out to have a name generated.');
  });

  test.each(['aws', 'AWS-hosts', 'AwsHosts'])('\'%s\' causes a warning, which begins as those of AWS', hostResourceGroupName => {
    make({ hostResourceGroupName });
    Annotations.fromStack(stack).hasWarning('/Stack/Hosts',
      `hostResourceGroupName is '${hostResourceGroupName}', and AWS keeps names that begin with 'aws' for itself: Resource Groups may refuse it. ` +
      'Change it, or leave it out to have a name generated. [ack: cdk-license-manager:hostResourceGroupNameReserved]');
  });

  test('a generated one never begins so', () => {
    stack = new Stack(app, 'AwsLicenses');
    make({ hostResourceGroupName: PhysicalName.GENERATE_IF_NEEDED });

    expect(group().Properties.Name).toMatch(/^hosts-AwsLicenses-Hosts-[0-9A-F]{8}$/);
  });

  test('a generated one has nothing before it that begins otherwise', () => {
    stack = new Stack(app, 'OurAwsLicenses');
    make();

    expect(group().Properties.Name).toMatch(/^OurAwsLicenses-Hosts-[0-9A-F]{8}$/);
  });

  test('a generated one has at most 64 characters', () => {
    stack = new Stack(app, `Aws${'x'.repeat(100)}`);
    make();

    expect(group().Properties.Name).toHaveLength(64);
  });

  test('a token is not looked into', () => {
    make({ hostResourceGroupName: `aws ${new CfnParameter(stack, 'Name').valueAsString}` });

    expect(group().Properties.Name).toEqual({ 'Fn::Join': ['', ['aws ', { Ref: 'Name' }]] });
  });
});

describe('the description', () => {
  test.each(['', 'a', 'a'.repeat(511), 'a'.repeat(512), 'For builds - A_b.9'])('\'%s\' is taken', description => {
    make({ description });

    expect(group().Properties.Description).toBe(description);
  });

  test('one of 513 characters is refused', () => {
    expect(() => make({ description: 'a'.repeat(513) })).toThrow(
      `Stack/Hosts: description '${'a'.repeat(60)}…' has 513 characters: it has to have at most 512. Correct it, or leave it out.`);
  });

  test.each(['Windows, SQL', 'a (b)', 'a/b', 'für'])('\'%s\' is refused', description => {
    expect(() => make({ description })).toThrow(
      `Stack/Hosts: description is '${description}': it has to consist of letters, digits, hyphens, underscores, periods and spaces. Correct ` +
      'it, or leave it out.');
  });

  test('a token is not looked into', () => {
    make({ description: Fn.importValue('description') });

    expect(group().Properties.Description).toEqual({ 'Fn::ImportValue': 'description' });
  });
});

describe('allowed families', () => {
  test.each(['a', 'c5', 'mac2-m2pro', 'u-6tb1', 'hpc6a', 'u7in-24tb', 'a'.repeat(255), 'a'.repeat(256)])('%s is taken', family => {
    make({ allowedHostFamilies: [family] });

    expect(valuesOf('allowed-host-families')).toEqual([family]);
  });

  test.each(['c5 ', '*', 'ä', 'c5,m5'])('\'%s\' is refused', family => {
    expect(() => make({ allowedHostFamilies: [family] })).toThrow(
      `Stack/Hosts: a member of allowedHostFamilies is '${family}': it has to consist of letters, digits and :/._-. Correct it.`);
  });

  test.each(['c5.large', 'C5', '5c', 'a:/._-Z9'])('\'%s\' causes a warning, for nothing is of it', family => {
    make({ allowedHostFamilies: [family] });
    expect(valuesOf('allowed-host-families')).toEqual([family]);
    Annotations.fromStack(stack).hasWarning('/Stack/Hosts',
      `'${family}' in allowedHostFamilies is not an instance family in lower case, which is what an instance type has before the period: 'c5' of ` +
      '\'c5.large\'. Nothing is of it. Correct it. [ack: cdk-license-manager:hostFamilyForm]');
  });

  test.each([['', 0], ['a'.repeat(257), 257]])('one of the length %#. is refused', (family, length) => {
    expect(() => make({ allowedHostFamilies: [family] })).toThrow(`has ${length} characters: it has to have 1 to 256.`);
  });

  test.each([1, 2])('%d of them are taken', count => {
    make({ allowedHostFamilies: ['c5', 'm5'].slice(0, count) });

    expect(valuesOf('allowed-host-families')).toHaveLength(count);
  });

  test('none causes a warning', () => {
    make({ allowedHostFamilies: [] });
    Annotations.fromStack(stack).hasWarning('/Stack/Hosts',
      'allowedHostFamilies is empty: nothing could be launched. Name the families, or leave it out to allow all. ' +
      '[ack: cdk-license-manager:allowedHostFamiliesEmpty]');
  });

  test('one that is there twice is written once', () => {
    make({ allowedHostFamilies: ['c5', 'm5', 'c5'] });
    expect(valuesOf('allowed-host-families')).toEqual(['c5', 'm5']);
    Annotations.fromStack(stack).hasWarning('/Stack/Hosts',
      '\'c5\' is in allowedHostFamilies twice, and is written once. Leave one of the two out, or name what was meant. [ack: cdk-license-manager:namedTwice]');
  });

  test('tokens are not looked into', () => {
    const family = Fn.importValue('family');
    make({ allowedHostFamilies: ['c5', family] }).addHost(host());
    expect(valuesOf('allowed-host-families')).toEqual(['c5', { 'Fn::ImportValue': 'family' }]);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('neither is a list', () => {
    make({ allowedHostFamilies: Token.asList(Fn.split(',', Fn.importValue('families'))) }).addHost(host());
    expect(valuesOf('allowed-host-families')).toEqual({ 'Fn::Split': [',', { 'Fn::ImportValue': 'families' }] });
  });
});

describe('hosts', () => {
  test('by construct, id and ARN', () => {
    const made = make();
    made.addHost(host());
    made.addHostId(HOST_ID);
    made.addHostId('h-01234567');
    made.addHostArn(HOST_ARN.replace('abcdef0', 'abcdef1'));

    expect(group().Properties.Resources).toEqual([
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ec2:us-east-1:111122223333:dedicated-host/', { Ref: 'Host' }]] },
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ec2:us-east-1:111122223333:dedicated-host/${HOST_ID}`]] },
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ec2:us-east-1:111122223333:dedicated-host/h-01234567']] },
      HOST_ARN.replace('abcdef0', 'abcdef1'),
    ]);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('an imported one is of its own environment', () => {
    class Imported extends Resource implements IHostRef {
      public readonly hostRef = { hostId: HOST_ID };
    }
    const made = make();
    made.addHost(new Imported(stack, 'Imported'));

    expect(JSON.stringify(group().Properties.Resources)).toContain(HOST_ID);
    stack.node.tryRemoveChild('Hosts');
    expect(() => make().addHost(new Imported(stack, 'Other', { account: '444455556666', region: 'us-east-1' })))
      .toThrow('belongs to account \'444455556666\'');
  });

  test('tokens, as a whole and as a part', () => {
    const made = make();
    made.addHostId(Fn.importValue('id'));
    made.addHostArn(Fn.importValue('arn'));
    made.addHostArn(`arn:${Aws.PARTITION}:ec2:${Aws.REGION}:${Aws.ACCOUNT_ID}:dedicated-host/${HOST_ID}`);

    expect(group().Properties.Resources).toHaveLength(3);
  });

  test.each(['i-0123456789abcdef0', 'h-0123456', 'h-012345678', 'h-0123456789abcdef', 'h-0123456789abcde_g', '', 'h-0123456789abcdef01'])('the id \'%s\' is refused', id => {
    expect(() => make().addHostId(id)).toThrow(
      `Stack/Hosts: '${id}' is not the id of an EC2 Dedicated Host: it has to be 'h-' and 8 or 17 letters and digits. Take the id from the EC2 console.`);
  });

  test('an ARN as an id is refused', () => {
    expect(() => make().addHostId(HOST_ARN)).toThrow('8 or 17 letters and digits. It is an ARN: use addHostArn().');
  });

  test.each([
    HOST_ARN.replace('dedicated-host', 'instance'), HOST_ARN.replace('111122223333', ''), HOST_ARN.replace(':ec2:', ':s3:'),
    HOST_ARN.replace('us-east-1', ''), 'arn:aws:ec2',
  ])('the ARN \'%s\' is refused', arn => {
    expect(() => make().addHostArn(arn)).toThrow(
      `Stack/Hosts: '${arn}' is not the ARN of an EC2 Dedicated Host: expected 'arn:<partition>:ec2:<region>:<account>:dedicated-host/h-' and 8 or ` +
      '17 letters and digits. Take it from the EC2 console.');
  });

  test('an ARN of something else is refused, and shown without tokens', () => {
    expect(() => make().addHostArn(`arn:${Aws.PARTITION}:ec2:us-east-1:111122223333:instance/i-01234567`)).toThrow(
      'Stack/Hosts: \'{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":ec2:us-east-1:111122223333:instance/i-01234567"]]}\' is not the ARN of');
  });

  test('an id as an ARN is refused', () => {
    expect(() => make().addHostArn(HOST_ID)).toThrow('17 letters and digits. It is an id: use addHostId().');
  });

  const IMPORTED = Fn.importValue('host');
  test.each<[string, string, (made: HostResourceGroup) => void]>([
    ['the same construct', 'Stack/Host', made => { const it = host(); made.addHost(it); made.addHost(it); }],
    ['a construct and its id', 'Stack/Host', made => { const it = host(); made.addHost(it); made.addHostId(it.ref); }],
    ['a construct and its attribute', 'Stack/Host', made => { const it = host(); made.addHost(it); made.addHostId(it.attrHostId); }],
    ['an id and an ARN', HOST_ID, made => { made.addHostId(HOST_ID); made.addHostArn(HOST_ARN); }],
    ['a token for an id', '{"Fn::ImportValue":"host"}', made => { made.addHostId(IMPORTED); made.addHostId(IMPORTED); }],
    ['a token for an ARN', '{"Fn::ImportValue":"host"}', made => { made.addHostArn(IMPORTED); made.addHostArn(IMPORTED); }],
  ])('one that is there already is written once, and named in a warning: %s', (_, name, add) => {
    add(make());
    expect(group().Properties.Resources).toHaveLength(1);
    Annotations.fromStack(stack).hasWarning('/Stack/Hosts', `'${name}' is in the hosts of the group twice, and is written once. Leave one of the two out, or name what was meant. [ack: cdk-license-manager:namedTwice]`);
  });

  test('one of another Region is refused', () => {
    expect(() => make().addHostArn(HOST_ARN.replace('us-east-1', 'us-west-2'))).toThrow(
      `Stack/Hosts: host '${HOST_ID}' is in Region 'us-west-2' and the group in 'us-east-1': a group has the hosts of its own Region. Add it ` +
      'to a group in a stack of \'us-west-2\'.');
  });

  test('one of another account is refused', () => {
    expect(() => make().addHostArn(HOST_ARN.replace('111122223333', '444455556666'))).toThrow(
      `Stack/Hosts: host '${HOST_ID}' belongs to account '444455556666' and the group to '111122223333': hosts and group belong to one ` +
      'account. Make the group in a stack of \'444455556666\', and share it (LicenseShare).');
  });

  const arnOf = ({ ref }: CfnHost) => `arn:${Aws.PARTITION}:ec2:us-east-1:111122223333:dedicated-host/${ref}`;
  /** A host of the app that is imported, or wrapped by another library. */
  class Wrapped extends Resource implements IHostRef {
    public readonly hostRef: { readonly hostId: string };
    constructor(scope: Stack, hostId: string) {
      super(scope, 'Wrapped');
      this.hostRef = { hostId };
    }
  }
  /** The ways to name a host of the app of which the environment is that of its own stack. */
  const BY_ITSELF: [string, (made: HostResourceGroup, of: CfnHost) => void][] = [
    ['the construct', (made, of) => made.addHost(of)],
    ['its id', (made, of) => made.addHostId(of.ref)],
    ['its attribute', (made, of) => made.addHostId(of.attrHostId)],
  ];
  const WAYS: typeof BY_ITSELF = [
    ...BY_ITSELF,
    ['a construct that wraps it', (made, of) => made.addHost(new Wrapped(stack, of.ref))],
    ['its ARN', (made, of) => made.addHostArn(arnOf(of))],
  ];

  test.each(BY_ITSELF)('a construct of another stack is of that stack\'s environment: %s', (_, add) => {
    const other = new Stack(app, 'Other', { env: { account: '111122223333', region: 'eu-west-1' } });
    expect(() => add(make(), new CfnHost(other, 'Host', { availabilityZone: 'eu-west-1a', instanceType: 'm5.large' })))
      .toThrow('Stack/Hosts: host \'Other/Host\' is in Region \'eu-west-1\' and the group in \'us-east-1\'');
  });

  test.each(WAYS.flatMap(([name, add]) => [{ instanceType: 'm5.large' }, { instanceFamily: 'm5' }].map(props => ({ name, add, props }))))(
    'one of a family that is not allowed causes a warning: $name, $props', ({ add, props }) => {
      add(make({ allowedHostFamilies: ['c5', 'r5'] }), host('Host', props));
      Annotations.fromStack(stack).hasWarning('/Stack/Hosts',
        'Host \'Stack/Host\' is of the family \'m5\', and allowedHostFamilies has only \'c5\', \'r5\': hosts have to match the settings of the group. Add ' +
        'the family, or add the host to another group. [ack: cdk-license-manager:hostFamilyNotAllowed]');
    });

  test.each([{ instanceType: 'm5.large' }, { instanceFamily: 'm5' }, { instanceFamily: Fn.importValue('family') }, {}])(
    'one of an allowed family, or of an unknown one, is taken: %j', props => {
      make({ allowedHostFamilies: ['c5', 'm5'] }).addHost(host('Host', props));

      expect(group().Properties.Resources).toHaveLength(1);
    });

  test('the id of a host of the app as an ARN is refused', () => {
    expect(() => make().addHostArn(host().ref)).toThrow(
      'Stack/Hosts: addHostArn() was given the id of host \'Stack/Host\', and takes an ARN. Use addHost().');
  });

  test('a token of something else than a host is taken', () => {
    const made = make();
    made.addHostId(new CfnParameter(stack, 'Id').valueAsString);
    made.addHostArn(arnOf(host()).replace(/[^/]*$/, new CfnParameter(stack, 'OtherId').valueAsString));

    expect(group().Properties.Resources).toHaveLength(2);
  });

  test.each(WAYS)('a Mac that is not retained causes a warning: %s', (_, add) => {
    add(make(), host('Mac', { instanceType: 'mac2.metal' }));

    Annotations.fromStack(stack).hasWarning('/Stack/Hosts',
      'Host \'Stack/Mac\' is a Mac, which can\'t be released in the first 24 hours after its allocation: until then the deletion of the stack, ' +
      'or a rollback, fails. Apply RemovalPolicy.RETAIN to the host, and release it by hand when you no longer need it. ' +
      '[ack: cdk-license-manager:macHostNotRetained]');
  });

  test.each([RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE])('one that is retained is not, also if that is said later: %s', policy => {
    const mac = host('Mac', { instanceFamily: 'mac1' });
    make().addHost(mac);
    mac.applyRemovalPolicy(policy);

    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  describe('that an instance of the app names', () => {
    const launch = (hostId?: string) => new CfnInstance(stack, 'Instance', { imageId: 'ami-0123456789abcdef0', hostId });

    test.each(WAYS)('causes a warning, also if the instance comes later: %s', (_, add) => {
      const member = host();
      add(make(), member);
      launch(member.ref);

      Annotations.fromStack(stack).hasWarning('/Stack/Hosts',
        'Instance \'Stack/Instance\' names host \'Stack/Host\', which is in the group: nothing can be launched directly onto it. If it does not run yet, ' +
        'leave the host out, and use mixins.InstanceHostPlacement. [ack: cdk-license-manager:directLaunchOntoHost]');
    });

    test.each([undefined, 'h-0fedcba9876543210', Fn.importValue('host')])('is not, if it is another one or not known: %s', hostId => {
      make().addHost(host());
      launch(hostId);
      Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    });
  });

  describe('in two groups of the app', () => {
    const other = (scope: Stack = stack) => new HostResourceGroup(scope, 'Others', { licenses: HostLicenses.any() });
    const message = (name: string) =>
      `Host '${name}' is in host resource group 'Stack/Hosts', too: it is not documented that a host can be in two groups, and the deployment of the ` +
      'second one may fail. Add it to one of the two. [ack: cdk-license-manager:hostInTwoGroups]';

    test.each(WAYS)('cause a warning: %s', (_, add) => {
      const member = host();
      make().addHost(member);
      add(other(), member);

      Annotations.fromStack(stack).hasNoWarning('/Stack/Hosts', Match.anyValue());
      Annotations.fromStack(stack).hasWarning('/Stack/Others', message('Stack/Host'));
    });

    test('cause a warning by an id and an ARN, also in two stacks', () => {
      const second = new Stack(app, 'Second', { env: { account: '111122223333', region: 'us-east-1' } });
      make().addHostId(HOST_ID);
      other(second).addHostArn(HOST_ARN);

      Annotations.fromStack(second).hasWarning('/Second/Others', message(HOST_ID));
    });

    test('are not warned of with other hosts, nor where they were refused', () => {
      const made = make();
      expect(() => made.addHostArn(HOST_ARN.replace('111122223333', '444455556666'))).toThrow('belongs to account \'444455556666\'');
      made.addHost(host());
      other().addHostId(HOST_ID);

      Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    });
  });

  describe('how many', () => {
    const add = (count: number) => {
      const made = make();
      Array.from({ length: count }, (_, index) => made.addHostId(`h-0000000${index.toString(16)}`));
    };

    test.each([1, 2, 9, 10])('%d are what Resource Groups takes in a call', count => {
      add(count);

      expect(group().Properties.Resources).toHaveLength(count);
      Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    });

    test.each([11, 12])('%d cause a warning, once', count => {
      add(count);

      expect(group().Properties.Resources).toHaveLength(count);
      expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ id, entry }) => [id, entry.data])).toEqual([['/Stack/Hosts',
        'The group has more than 10 hosts: Resource Groups takes at most 10 in a call, and it is not documented that CloudFormation makes several ' +
        'calls. If a deployment is refused, add or take out at most 10 hosts at a time, in several deployments. Else acknowledge this warning. ' +
        '[ack: cdk-license-manager:moreHostsThanInACall]']]);
    });
  });
});

describe('the removal policy', () => {
  test.each([
    [undefined, undefined], [RemovalPolicy.DESTROY, 'Delete'], [RemovalPolicy.RETAIN, 'Retain'],
  ])('%s', (removalPolicy, expected) => {
    make({ removalPolicy });

    expect(group().DeletionPolicy).toBe(expected);
  });

  test('can be applied later', () => {
    make().applyRemovalPolicy(RemovalPolicy.RETAIN);

    expect(group()).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('SNAPSHOT is refused', () => {
    const message = 'Stack/Hosts: removalPolicy is \'snapshot\': there are no snapshots of a host resource group. Use RemovalPolicy.DESTROY or ' +
      'RemovalPolicy.RETAIN.';
    expect(() => make({ removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow(message);
    stack.node.tryRemoveChild('Hosts');
    expect(() => make().applyRemovalPolicy(RemovalPolicy.SNAPSHOT)).toThrow(message);
  });
});

describe('the name of a group', () => {
  const named = (scope: Stack, id: string, hostResourceGroupName: string) =>
    new HostResourceGroup(scope, id, { licenses: HostLicenses.any(), hostResourceGroupName });

  test('causes a warning if another group of the account and Region has it', () => {
    named(stack, 'One', 'hosts');
    const second = new Stack(app, 'Second', { env: { account: '111122223333', region: 'us-east-1' } });
    named(second, 'Two', 'hosts');

    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    Annotations.fromStack(second).hasWarning('/Second/Two',
      '\'Stack/One\' has the same hostResourceGroupName \'hosts\': a resource group\'s name is unique in an account and a Region, so that the ' +
      'deployment of the second one fails. Give one of the two another name. [ack: cdk-license-manager:hostResourceGroupsOfOneName]');
  });

  test('is not elsewhere, nor another one, nor a token', () => {
    const elsewhere = new Stack(app, 'Elsewhere', { env: { account: '111122223333', region: 'eu-west-1' } });
    named(stack, 'One', 'hosts');
    named(stack, 'Two', 'other-hosts');
    named(elsewhere, 'Three', 'hosts');
    named(stack, 'Four', Fn.importValue('name'));
    named(stack, 'Five', Fn.importValue('name'));
    acknowledge(stack, 'E3019', 'Two groups that may have one name when they are deployed.');

    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    Annotations.fromStack(elsewhere).hasNoWarning('*', Match.anyValue());
  });
});

describe('the quota of groups', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => new HostResourceGroup(stack, `Hosts${index}`, { licenses: HostLicenses.any() }));

  test.each([99, 100])('%d in an account and Region are within it', count => {
    many(count);

    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.each([101, 102])('%d cause a warning, once', count => {
    many(count);

    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ id, entry }) => [id, entry.data])).toEqual([['/Stack/Hosts100',
      'The app has more than 100 resource groups in 111122223333/us-east-1, the default quota of Resource Groups for an account in a Region. ' +
      'Use fewer, or have the quota increased before you deploy. [ack: cdk-license-manager:tooManyResourceGroupsInRegion]']]);
  });
});

describe('an imported group', () => {
  test.each(['aws', 'aws-cn', 'aws-us-gov'])('has the environment of its ARN in %s', partition => {
    const arn = ARN.replace(':aws:', `:${partition}:`).replace('111122223333', '999988887777');
    const imported = HostResourceGroup.fromHostResourceGroupArn(new Stack(new App(), 'Anywhere'), 'Imported', arn);

    expect(imported.hostResourceGroupArn).toBe(arn);
    expect(imported.hostResourceGroupName).toBe('hosts');
    expect(imported.groupRef).toEqual({ groupArn: arn, groupName: 'hosts' });
    expect(imported.env).toEqual({ account: '999988887777', region: 'us-east-1' });
    expect(imported.licenses).toBeUndefined();
  });

  test('has the licenses that are known', () => {
    const licenses = HostLicenses.notRequired();

    expect(HostResourceGroup.fromHostResourceGroupAttributes(stack, 'Imported', { hostResourceGroupArn: ARN, licenses }).licenses).toBe(licenses);
  });

  test('takes a token, as a whole and as a part', () => {
    expect(stack.resolve(HostResourceGroup.fromHostResourceGroupArn(stack, 'Whole', Fn.importValue('group')).hostResourceGroupName))
      .toEqual({ 'Fn::Select': [1, { 'Fn::Split': ['/', { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::ImportValue': 'group' }] }] }] }] });
    expect(HostResourceGroup.fromHostResourceGroupArn(stack, 'Part', ARN.replace(':aws:', `:${Aws.PARTITION}:`)).hostResourceGroupName).toBe('hosts');
  });

  test.each([1, 2, 299, 300])('may have a name of %d characters, as the API takes', length => {
    expect(HostResourceGroup.fromHostResourceGroupArn(stack, 'Imported', ARN.replace('hosts', 'a'.repeat(length))).hostResourceGroupName).toHaveLength(length);
  });

  test('may have an id after its name, as the API takes', () => {
    const name = `hosts/${'a1'.repeat(13)}`;
    expect(HostResourceGroup.fromHostResourceGroupArn(stack, 'Imported', ARN.replace('hosts', name)).hostResourceGroupName).toBe(name);
  });

  test.each([
    'hosts', ARN.replace('group/hosts', 'group/'), ARN.replace('group/', 'my-group/'), ARN.replace('hosts', 'a'.repeat(301)), ARN.replace('group/', 'group:'), ARN.replace('us-east-1', ''),
    ARN.replace('resource-groups', 'ec2'), `${ARN}/tag-sync-task/1`,
  ])('of the ARN \'%s\' is refused', arn => {
    expect(() => HostResourceGroup.fromHostResourceGroupArn(stack, 'Imported', arn)).toThrow(
      `Stack: '${arn}', for 'Imported', is not the ARN of a resource group: expected ` +
      '\'arn:<partition>:resource-groups:<region>:<account>:group/<name>\'. Take it from \'aws resource-groups list-groups\'.');
  });

  test('by its name is of the stack\'s environment', () => {
    const imported = HostResourceGroup.fromHostResourceGroupName(stack, 'Imported', 'hosts');

    expect(stack.resolve(imported.hostResourceGroupArn)).toEqual(
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':resource-groups:us-east-1:111122223333:group/hosts']] });
    expect(imported.hostResourceGroupName).toBe('hosts');
  });

  test('by a name that none can have is refused', () => {
    for (const name of ['my hosts', '', 'arn:aws:resource-groups:us-east-1:111122223333:group/hosts']) {
      expect(() => HostResourceGroup.fromHostResourceGroupName(stack, `Imported${name.length}`, name)).toThrow(
        `Stack: hostResourceGroupName of 'Imported${name.length}' is '${name}': it has to have 1 to 300 letters, digits, periods, hyphens and underscores, or `
        + "150, a slash and 26 more. Take it from 'aws resource-groups list-groups'.");
    }
  });
});

describe('a group that is looked up', () => {
  const KEY = 'cc-api-provider:account=111122223333:expectedMatchCount=exactly-one:propertiesToReturn.0=Name:propertyMatch.Name=hosts:' +
    'region=us-east-1:typeName=AWS$:$:ResourceGroups$:$:Group';
  const lookUp = (hostResourceGroupName = 'hosts') => HostResourceGroup.fromLookup(stack, 'Found', { hostResourceGroupName });

  test('has its name, and the CLI looks whether it is there', () => {
    expect(lookUp().hostResourceGroupName).toBe('hosts');
    expect(app.synth().manifest.missing).toEqual([expect.objectContaining({
      key: KEY, props: expect.objectContaining({ typeName: TYPE, propertyMatch: { Name: 'hosts' }, propertiesToReturn: ['Name'] }),
    })]);
  });

  test('is what the CLI has found', () => {
    stack.node.setContext(KEY, [{ Name: 'hosts', Identifier: 'hosts' }]);

    expect(lookUp().hostResourceGroupName).toBe('hosts');
    expect(app.synth().manifest.missing).toBeUndefined();
  });

  test('is refused if there is none', () => {
    stack.node.setContext(KEY, { $providerError: 'Could not find any resources matching {"Name":"hosts"}' });

    expect(() => lookUp()).toThrow(
      'Stack: the look-up \'Found\' found no host resource group with the name \'hosts\' in 111122223333/us-east-1, exactly 1 is needed. Correct ' +
      'the name, create the host resource group first, or import the group by its name (HostResourceGroup.fromHostResourceGroupName).');
  });

  test('a token is refused', () => {
    expect(() => lookUp(Lazy.string({ produce: () => 'hosts' }))).toThrow('has a token as hostResourceGroupName');
  });
});
