import { App, Fn, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { InterfaceVpcEndpointAwsService, IpAddresses, Peer, SecurityGroup, Subnet, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IConnectable, IPeer, ISubnet } from 'aws-cdk-lib/aws-ec2';
import { IdentityProvider, LicenseServerCredentials, LicenseServerEndpoint, LicenseServerNetwork } from '../../src';
import type { LicenseServerNetworkProps } from '../../src';

/** As the user guide lists them; 9389 and 3268 to 3269 are in the last one. */
const DIRECTORY_PORTS: [string, number, number][] = [
  ['tcp', 53, 53], ['udp', 53, 53],
  ['tcp', 88, 88], ['udp', 88, 88],
  ['tcp', 135, 135],
  ['tcp', 389, 389], ['udp', 389, 389],
  ['tcp', 445, 445],
  ['tcp', 464, 464], ['udp', 464, 464],
  ['tcp', 636, 636],
  ['tcp', 9389, 9389],
  ['tcp', 3268, 3269],
  ['tcp', 1024, 65535],
];

let stack: Stack;
let vpc: Vpc;
let directory: SecurityGroup;
let instances: SecurityGroup;
let vpcEndpoints: SecurityGroup;

const group = (id: string) => new SecurityGroup(stack, id, { vpc, allowAllOutbound: false });
const subnetsOf = (count: number, id = 'Subnet') => Array.from({ length: count }, (_, index) => Subnet.fromSubnetAttributes(stack, `${id}${index}`, {
  subnetId: `subnet-${index}`, ipv4CidrBlock: `10.1.${index}.0/24`,
}));
const warnings = () => Annotations.fromStack(stack).findWarning('/Stack/Network', Match.anyValue()).map(({ entry }) => entry.data);

beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
  vpc = new Vpc(stack, 'Vpc', {
    ipAddresses: IpAddresses.cidr('10.0.0.0/16'),
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'Directory', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
  });
  directory = group('Directory');
  instances = group('Instances');
  vpcEndpoints = group('Endpoints');
});

function network(props: Partial<LicenseServerNetworkProps> = {}) {
  return new LicenseServerNetwork(stack, 'Network', { directory, subnets: vpc.isolatedSubnets, ...props });
}

interface Rule {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly peer: string;
}

/** All rules of a security group, wherever the template has them. */
function rules(of: string, direction: 'Ingress' | 'Egress'): Rule[] {
  const template = Template.fromStack(stack);
  const named = (value: any) => typeof value === 'string' ? value : value?.['Fn::GetAtt']?.[0].replace(/[0-9A-F]{8}$/, '');
  const inline = Object.entries(template.findResources('AWS::EC2::SecurityGroup')).filter(([id]) => named({ 'Fn::GetAtt': [id] }) === of)
    .flatMap(([, { Properties }]) => Properties[`SecurityGroup${direction}`] ?? []);
  const apart = Object.values(template.findResources(`AWS::EC2::SecurityGroup${direction}`)).map(({ Properties }) => Properties)
    .filter(({ GroupId }) => named(GroupId) === of);
  return [...inline, ...apart].filter(({ IpProtocol }) => IpProtocol !== 'icmp').map(rule => ({
    protocol: rule.IpProtocol,
    from: rule.FromPort,
    to: rule.ToPort,
    peer: rule.CidrIp ?? named(rule.SourceSecurityGroupId ?? rule.DestinationSecurityGroupId),
  }));
}

const allows = (found: Rule[], peer: string, [protocol, from, to]: [string, number, number]) =>
  found.some(rule => rule.peer === peer && rule.protocol === protocol && rule.from <= from && rule.to >= to);

describe('the domain controllers', () => {
  test.each(DIRECTORY_PORTS)('exchange %s %d to %d with the license server, in both directions', (...port) => {
    network();
    for (const subnet of ['10.0.0.0/24', '10.0.1.0/24']) {
      expect(allows(rules('Directory', 'Ingress'), subnet, port)).toBe(true);
      expect(allows(rules('Directory', 'Egress'), subnet, port)).toBe(true);
    }
  });

  test.each(DIRECTORY_PORTS)('take %s %d to %d from the instances', (...port) => {
    network({ instances });
    expect(allows(rules('Directory', 'Ingress'), 'Instances', port)).toBe(true);
    expect(allows(rules('Instances', 'Egress'), 'Directory', port)).toBe(true);
  });

  test.each<[string, number]>([['tcp', 52], ['udp', 54], ['tcp', 80], ['tcp', 1023], ['udp', 1024], ['tcp', 3], ['tcp', 443]])(
    'have no rule for %s %d', (protocol, port) => {
      network({ instances });
      for (const direction of ['Ingress', 'Egress'] as const) {
        expect(rules('Directory', direction).filter(rule => rule.protocol === protocol && rule.from <= port && rule.to >= port)).toEqual([]);
      }
    });

  test('have rules that say what they are for', () => {
    network({ instances });
    const uses = Object.values(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroup')).flatMap(({ Properties }) => Properties.SecurityGroupIngress ?? [])
      .map(({ IpProtocol, FromPort, Description }) => `${IpProtocol} ${FromPort}: ${Description}`);
    expect([...new Set(uses)]).toEqual([
      'tcp 53: Active Directory, DNS', 'udp 53: Active Directory, DNS', 'tcp 88: Active Directory, Kerberos', 'udp 88: Active Directory, Kerberos',
      'tcp 135: Active Directory, RPC', 'tcp 389: Active Directory, LDAP', 'udp 389: Active Directory, LDAP', 'tcp 445: Active Directory, SMB',
      'tcp 464: Active Directory, Kerberos password', 'udp 464: Active Directory, Kerberos password', 'tcp 636: Active Directory, LDAPS',
      'tcp 1024: Active Directory, dynamic RPC, Global Catalog and Web Services',
    ]);
  });

  test('have as many rules as the documentation says', () => {
    network({ instances });
    expect(rules('Directory', 'Ingress')).toHaveLength(2 * 12 + 12);
    expect(rules('Directory', 'Egress')).toHaveLength(2 * 12);
  });

  describe('have 60 inbound and 60 outbound rules unless the quota is raised', () => {
    const warning = (found: string) =>
      `A security group of the directory gets ${found} rules, and 60 is the default quota of Amazon VPC. Name only the subnets that the identity ` +
      'provider was registered with, or have the quota increased before you deploy. [ack: cdk-license-manager:tooManyRulesOfDirectory]';

    test.each([[5, false, 60], [4, true, 48]])('%d subnets (and instances: %s) are within it', (count, withInstances, outbound) => {
      network({ subnets: subnetsOf(count), instances: withInstances ? instances : undefined });
      expect(rules('Directory', 'Ingress')).toHaveLength(60);
      expect(rules('Directory', 'Egress')).toHaveLength(outbound);
      Annotations.fromStack(stack).hasNoWarning('/Stack/Network', Match.anyValue());
    });

    test('6 subnets cause a warning, in both directions', () => {
      network({ subnets: subnetsOf(6) });
      expect(rules('Directory', 'Ingress')).toHaveLength(72);
      expect(rules('Directory', 'Egress')).toHaveLength(72);
      expect(warnings()).toEqual([warning('72 inbound'), warning('72 outbound')]);
    });

    test('5 subnets and instances cause a warning, which need no outbound rules', () => {
      network({ subnets: subnetsOf(5), instances });
      expect(rules('Directory', 'Ingress')).toHaveLength(72);
      expect(rules('Directory', 'Egress')).toHaveLength(60);
      expect(warnings()).toEqual([warning('72 inbound')]);
    });

    test('6 subnets cause a warning in one direction if the directory is open to the outside', () => {
      network({ subnets: subnetsOf(6), directory: new SecurityGroup(stack, 'Open', { vpc }) });
      expect(warnings()).toEqual([warning('72 inbound')]);
    });

    test('a subnet that is named twice counts once', () => {
      network({ subnets: [...subnetsOf(5), subnetsOf(1, 'Again')[0]] });
      expect(rules('Directory', 'Ingress')).toHaveLength(60);
      expect(warnings()).toEqual([]);
    });

    test('a directory without a security group gets no rules, and no warning', () => {
      network({ directory: Peer.ipv4('192.0.2.0/24'), subnets: subnetsOf(6), instances });
      expect(rules('Instances', 'Egress')).toHaveLength(12);
      expect(warnings()).toEqual([]);
    });
  });

  test('that are open to the outside get no rules for it, and no warning', () => {
    network({ directory: new SecurityGroup(stack, 'Open', { vpc }) });
    expect(rules('Open', 'Egress')).toEqual([{ protocol: '-1', from: undefined, to: undefined, peer: '0.0.0.0/0' }]);
    expect(rules('Open', 'Ingress')).toHaveLength(24);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.each([[false, 24], [undefined, 0]])('that are imported with allowAllOutbound %s have %d outbound rules', (allowAllOutbound, count) => {
    network({ directory: SecurityGroup.fromSecurityGroupId(stack, 'Controllers', 'sg-0123456789abcdef0', { allowAllOutbound }) as SecurityGroup });
    expect(rules('sg-0123456789abcdef0', 'Egress')).toHaveLength(count);
    expect(rules('sg-0123456789abcdef0', 'Ingress')).toHaveLength(24);
  });
});

describe('the instances', () => {
  test('reach the VPC endpoints on 1688', () => {
    network({ instances, vpcEndpoints });
    expect(rules('Endpoints', 'Ingress')).toEqual([{ protocol: 'tcp', from: 1688, to: 1688, peer: 'Instances' }]);
    expect(rules('Instances', 'Egress').filter(({ peer }) => peer === 'Endpoints')).toEqual([{ protocol: 'tcp', from: 1688, to: 1688, peer: 'Endpoints' }]);
  });

  test('are reached on 3389 by whom the user names, and by nobody else', () => {
    network({ instances, remoteDesktopClients: [Peer.ipv4('192.0.2.0/24'), Peer.ipv4('198.51.100.0/24')] });
    expect(rules('Instances', 'Ingress')).toEqual(['192.0.2.0/24', '198.51.100.0/24'].map(peer => ({ protocol: 'tcp', from: 3389, to: 3389, peer })));
  });

  test.each<[string, () => IConnectable]>([
    ['Ssm', () => group('Ssm')],
    ['VpcSsmSecurityGroup', () => vpc.addInterfaceEndpoint('Ssm', { service: InterfaceVpcEndpointAwsService.SSM, open: false })],
  ])('reach Systems Manager on 443 through its VPC endpoints (%s)', (name, make) => {
    network({ instances, systemsManager: [make(), group('Messages')] });
    for (const endpoint of [name, 'Messages']) {
      expect(rules(endpoint, 'Ingress')).toEqual([{ protocol: 'tcp', from: 443, to: 443, peer: 'Instances' }]);
      expect(rules('Instances', 'Egress').filter(({ peer }) => peer === endpoint)).toEqual([{ protocol: 'tcp', from: 443, to: 443, peer: endpoint }]);
    }
  });

  test('reach Systems Manager on 443 on the internet', () => {
    network({ instances, systemsManager: [Peer.anyIpv4()] });
    expect(rules('Instances', 'Egress').filter(({ peer }) => peer === '0.0.0.0/0')).toEqual([{ protocol: 'tcp', from: 443, to: 443, peer: '0.0.0.0/0' }]);
  });

  test('have rules that say what they are for', () => {
    network({ instances, vpcEndpoints, systemsManager: [group('Ssm')], remoteDesktopClients: [Peer.ipv4('192.0.2.0/24')] });
    const template = Template.fromStack(stack);
    const all = ['AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress'].flatMap(type => Object.values(template.findResources(type)))
      .flatMap(({ Properties }) => Properties.SecurityGroupIngress ?? [Properties]);
    const useOf = (port: number) => all.filter(({ FromPort }) => FromPort === port).map(({ Description }) => Description);
    expect([1688, 443, 3389].map(useOf)).toEqual([['Activation of Microsoft Office'], ['AWS Systems Manager'], ['Remote Desktop']]);
  });

  test('get no rules without being asked for', () => {
    network();
    expect(rules('Instances', 'Ingress')).toEqual([]);
    expect(rules('Endpoints', 'Ingress')).toEqual([]);
  });

  test('get no outbound rules if they are open to the outside, and no warning', () => {
    network({ instances: new SecurityGroup(stack, 'Open', { vpc }), vpcEndpoints, systemsManager: [group('Ssm'), Peer.anyIpv4()] });
    expect(rules('Open', 'Egress')).toEqual([{ protocol: '-1', from: undefined, to: undefined, peer: '0.0.0.0/0' }]);
    expect(rules('Directory', 'Ingress').filter(({ peer }) => peer === 'Open')).toHaveLength(12);
    expect(rules('Endpoints', 'Ingress')).toEqual([{ protocol: 'tcp', from: 1688, to: 1688, peer: 'Open' }]);
    expect(rules('Ssm', 'Ingress')).toEqual([{ protocol: 'tcp', from: 443, to: 443, peer: 'Open' }]);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('that are open to the outside by IPv4 get the outbound rules of IPv6', () => {
    network({ instances: new SecurityGroup(stack, 'Open', { vpc }), systemsManager: [Peer.anyIpv6()] });
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupEgress: [{ CidrIp: '0.0.0.0/0' }, { CidrIpv6: '::/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }],
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('that are a CIDR block are let in', () => {
    network({ instances: Peer.ipv4('192.0.2.0/24'), vpcEndpoints });
    expect(rules('Directory', 'Ingress').filter(({ peer }) => peer === '192.0.2.0/24')).toHaveLength(12);
    expect(rules('Endpoints', 'Ingress')).toEqual([{ protocol: 'tcp', from: 1688, to: 1688, peer: '192.0.2.0/24' }]);
  });

  test.each([false, true])('of another stack have the rules between both in theirs (open: %s)', allowAllOutbound => {
    const other = new Stack(stack.node.root, 'Other');
    const theirs = new SecurityGroup(other, 'Instances', { vpc: new Vpc(other, 'Vpc'), allowAllOutbound });
    network({ instances: theirs });
    Template.fromStack(other).resourceCountIs('AWS::EC2::SecurityGroupIngress', 12);
    Template.fromStack(other).resourceCountIs('AWS::EC2::SecurityGroupEgress', allowAllOutbound ? 0 : 12);
  });

  describe('have 60 inbound and 60 outbound rules unless the quota is raised', () => {
    const ipv4 = (count: number) => Array.from({ length: count }, (_, index) => Peer.ipv4(`192.0.2.${index}/32`));
    const ipv6 = (count: number) => Array.from({ length: count }, (_, index) => Peer.ipv6(`2001:db8::${index}/128`));
    const inbound = 'A security group of the instances gets 61 inbound rules, and 60 is the default quota of Amazon VPC. Name fewer and larger CIDR ' +
      'blocks in remoteDesktopClients, or have the quota increased before you deploy. [ack: cdk-license-manager:tooManyRulesOfInstances]';

    test.each<[string, () => IPeer[]]>([
      ['60 of IPv4', () => ipv4(60)],
      ['60 of IPv6', () => ipv6(60)],
      ['60 of each, which are counted apart', () => [...ipv4(60), ...ipv6(60)]],
      ['59 and a security group', () => [...ipv4(59), group('Bastion')]],
    ])('Remote Desktop clients are within it: %s', (_, make) => {
      network({ instances, remoteDesktopClients: make() });
      expect(warnings()).toEqual([]);
    });

    test.each<[string, () => IPeer[]]>([
      ['61 of IPv4', () => ipv4(61)],
      ['61 of IPv6', () => [...ipv4(1), ...ipv6(61)]],
      ['60 and a security group', () => [...ipv4(60), group('Bastion')]],
      ['60 of IPv6 and a prefix list', () => [...ipv6(60), Peer.prefixList('pl-0123456789abcdef0')]],
    ])('Remote Desktop clients cause a warning: %s', (_, make) => {
      network({ instances, remoteDesktopClients: make() });
      expect(warnings()).toEqual([inbound]);
    });

    test('Remote Desktop clients of instances that are a CIDR block are not counted: it has no rules', () => {
      network({ instances: Peer.ipv4('192.0.2.0/24'), remoteDesktopClients: ipv4(61) });
      expect(warnings()).toEqual([]);
    });

    test.each([47, 48])('what they reach is counted: 12 rules for the directory, 1 for the activation and %d for Systems Manager', count => {
      network({ instances, vpcEndpoints, systemsManager: ipv4(count) });
      expect(rules('Instances', 'Egress')).toHaveLength(12 + 1 + count);
      expect(warnings()).toEqual(count === 47 ? [] : [
        'A security group of the instances gets 61 outbound rules, and 60 is the default quota of Amazon VPC. Give directory and systemsManager fewer ' +
        'security groups, or have the quota increased before you deploy. [ack: cdk-license-manager:tooManyRulesOfInstances]',
      ]);
    });

    test('what they reach is not counted if they are open to the outside', () => {
      network({ instances: new SecurityGroup(stack, 'Open', { vpc }), systemsManager: ipv4(61) });
      expect(warnings()).toEqual([]);
    });
  });
});

test.each<[string, Partial<{ vpcEndpoints: boolean; systemsManager: boolean; clients: boolean }>]>([
  ['vpcEndpoints', { vpcEndpoints: true }],
  ['systemsManager', { systemsManager: true }],
  ['remoteDesktopClients', { clients: true }],
  ['vpcEndpoints and remoteDesktopClients', { vpcEndpoints: true, clients: true }],
  ['vpcEndpoints and systemsManager and remoteDesktopClients', { vpcEndpoints: true, systemsManager: true, clients: true }],
])('%s without instances are refused', (text, given) => {
  const remoteDesktopClients: IPeer[] = given.clients ? [Peer.ipv4('192.0.2.0/24')] : [];
  const systemsManager: IPeer[] = given.systemsManager ? [Peer.anyIpv4()] : [];
  expect(() => network({ vpcEndpoints: given.vpcEndpoints ? vpcEndpoints : undefined, systemsManager, remoteDesktopClients })).toThrow(
    `Stack/Network: instances is not set: the rules of ${text} are for instances. Set instances, or leave ${text} out.`);
});

test.each<[string, string, () => ISubnet[]]>([
  ['by its id', 'Stack/Subnet', () => [...subnetsOf(1), Subnet.fromSubnetId(stack, 'Subnet', 'subnet-0123456789abcdef0')]],
  ['with its VPC', 'Stack/Imported/PrivateSubnet1', () => Vpc.fromVpcAttributes(stack, 'Imported', {
    vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-0123456789abcdef0'],
  }).privateSubnets],
])('a subnet that was imported %s, without its CIDR block, is refused before there are any rules', (_, path, make) => {
  const subnets = make();
  expect(() => network({ subnets })).toThrow(
    `Stack/Network: subnet '${path}' was imported without its IPv4 CIDR block, for which the directory needs rules. Set ipv4CidrBlock in ` +
    'Subnet.fromSubnetAttributes(), or the CIDR blocks in Vpc.fromVpcAttributes(); Vpc.fromLookup() finds them out.');
  expect(rules('Directory', 'Ingress')).toEqual([]);
});

test.each<[string, () => ISubnet[]]>([
  ['with its VPC', () => Vpc.fromVpcAttributes(stack, 'Imported', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['us-east-1a'],
    privateSubnetIds: ['subnet-0123456789abcdef0'],
    privateSubnetIpv4CidrBlocks: ['10.1.0.0/24'],
  }).privateSubnets],
  ['by itself', () => subnetsOf(1)],
])('a subnet that was imported %s, with its CIDR block, is taken', (_, make) => {
  network({ subnets: make() });
  expect(rules('Directory', 'Ingress').map(({ peer }) => peer)).toEqual(Array(12).fill('10.1.0.0/24'));
});

test('a subnet whose CIDR block is a token is taken', () => {
  const ipv4CidrBlock = Fn.importValue('block');
  network({ subnets: [Subnet.fromSubnetAttributes(stack, 'Subnet', { subnetId: 'subnet-0123456789abcdef0', ipv4CidrBlock })] });
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupIngress: Match.arrayWith([Match.objectLike({ CidrIp: { 'Fn::ImportValue': 'block' }, FromPort: 53 })]),
  });
});

test('no subnet is refused', () => {
  expect(() => network({ subnets: [] })).toThrow(
    'Stack/Network: subnets is empty: at least 1 subnet is needed, for the license server has its network interfaces there. Name the subnets of the ' +
    'directory.');
});

test('an endpoint that depends on it waits for the rules', () => {
  const controllers = SecurityGroup.fromSecurityGroupId(stack, 'Controllers', 'sg-0123456789abcdef0', { allowAllOutbound: false });
  const endpoint = new LicenseServerEndpoint(stack, 'Endpoint', {
    identityProvider: IdentityProvider.fromIdentityProviderArn(stack, 'Registered',
      'arn:aws:license-manager-user-subscriptions:us-east-1:111122223333:identity-provider/idp-1'),
    credentials: new LicenseServerCredentials(stack, 'Credentials'),
  });
  endpoint.node.addDependency(network({ directory: controllers, instances, vpcEndpoints, systemsManager: [group('Ssm')] }));
  const template = Template.fromStack(stack);
  const [resource] = Object.values(template.findResources('AWS::LicenseManagerUserSubscriptions::LicenseServerEndpoint'));
  const waitsFor = (prefix: string) => resource.DependsOn.filter((id: string) => id.startsWith(prefix)).length;
  expect(waitsFor('Controllers')).toBe(2 * 24 + 12);
  expect(waitsFor('Instances')).toBeGreaterThan(0);
  expect(waitsFor('Endpoints')).toBeGreaterThan(0);
  expect(waitsFor('Ssm')).toBeGreaterThan(0);
});
