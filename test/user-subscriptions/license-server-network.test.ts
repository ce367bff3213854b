import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { IpAddresses, Peer, SecurityGroup, Subnet, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IPeer } from 'aws-cdk-lib/aws-ec2';
import { LicenseServerCredentials, LicenseServerEndpoint, LicenseServerNetwork } from '../../src';
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

  test('have as many rules as the documentation says', () => {
    network({ instances });
    expect(rules('Directory', 'Ingress')).toHaveLength(2 * 12 + 12);
    expect(rules('Directory', 'Egress')).toHaveLength(2 * 12);
  });

  describe('have 60 inbound rules unless the quota is raised', () => {
    const subnetsOf = (count: number) => Array.from({ length: count }, (_, index) => Subnet.fromSubnetAttributes(stack, `Subnet${index}`, {
      subnetId: `subnet-${index}`, ipv4CidrBlock: `10.1.${index}.0/24`,
    }));

    test.each([[5, false], [4, true]])('%d subnets (and instances: %s) are within it', (count, withInstances) => {
      network({ subnets: subnetsOf(count), instances: withInstances ? instances : undefined });
      expect(rules('Directory', 'Ingress')).toHaveLength(60);
      Annotations.fromStack(stack).hasNoWarning('/Stack/Network', Match.anyValue());
    });

    test.each([[6, false], [5, true]])('%d subnets (and instances: %s) are warned of', (count, withInstances) => {
      network({ subnets: subnetsOf(count), instances: withInstances ? instances : undefined });
      expect(rules('Directory', 'Ingress')).toHaveLength(72);
      Annotations.fromStack(stack).hasWarning('/Stack/Network',
        'A security group of the directory gets 72 inbound rules, and 60 is the default quota of Amazon VPC. Name only the subnets that the identity ' +
        'provider was registered with, or have the quota increased before you deploy. [ack: cdk-license-manager:tooManyRulesOfDirectory]');
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

  test('get no rules without being asked for', () => {
    network();
    expect(rules('Instances', 'Ingress')).toEqual([]);
    expect(rules('Endpoints', 'Ingress')).toEqual([]);
  });
});

test.each<[string, Partial<{ vpcEndpoints: boolean; clients: boolean }>]>([
  ['vpcEndpoints', { vpcEndpoints: true }],
  ['remoteDesktopClients', { clients: true }],
  ['vpcEndpoints and remoteDesktopClients', { vpcEndpoints: true, clients: true }],
])('%s without instances are refused', (text, given) => {
  const remoteDesktopClients: IPeer[] = given.clients ? [Peer.ipv4('192.0.2.0/24')] : [];
  expect(() => network({ vpcEndpoints: given.vpcEndpoints ? vpcEndpoints : undefined, remoteDesktopClients })).toThrow(
    `Stack/Network: there is ${text}, but no instances: the rules are between the two. Set instances, or leave ${text} out.`);
});

test('no subnet is refused', () => {
  expect(() => network({ subnets: [] })).toThrow(
    'Stack/Network: subnets is empty: at least 1 subnet is needed, for the license server has its network interfaces there. Name the subnets of the ' +
    'directory.');
});

test('an endpoint that depends on it waits for the rules', () => {
  const controllers = SecurityGroup.fromSecurityGroupId(stack, 'Controllers', 'sg-0123456789abcdef0', { allowAllOutbound: false });
  const endpoint = new LicenseServerEndpoint(stack, 'Endpoint', {
    identityProviderArn: 'arn:aws:license-manager-user-subscriptions:us-east-1:111122223333:identity-provider/idp-1',
    credentials: new LicenseServerCredentials(stack, 'Credentials'),
  });
  endpoint.node.addDependency(network({ directory: controllers, instances, vpcEndpoints }));
  const template = Template.fromStack(stack);
  const [resource] = Object.values(template.findResources('AWS::LicenseManagerUserSubscriptions::LicenseServerEndpoint'));
  const waitsFor = (prefix: string) => resource.DependsOn.filter((id: string) => id.startsWith(prefix)).length;
  expect(waitsFor('Controllers')).toBe(2 * 24 + 12);
  expect(waitsFor('Instances')).toBeGreaterThan(0);
  expect(waitsFor('Endpoints')).toBeGreaterThan(0);
});
