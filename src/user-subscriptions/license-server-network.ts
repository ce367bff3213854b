import { Annotations } from 'aws-cdk-lib';
import { Peer, Port } from 'aws-cdk-lib/aws-ec2';
import type { IConnectable, IPeer, ISecurityGroup, ISubnet } from 'aws-cdk-lib/aws-ec2';
import { Construct, Dependable } from 'constructs';
import { onceEach, placeIn } from '../private/finding/doubles';
import { shown } from '../private/identity/reference';
import { givenProps, listOf, needed, ofClass, reference } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { lit, refuse } from '../private/validation/validation';

/**
 * Properties of the network rules of a license server.
 */
export interface LicenseServerNetworkProps {
  /**
   * The domain controllers of the directory.
   *
   * The security group of an AWS Managed Microsoft AD (`d-…_controllers`) is imported by its id. It is not open to the outside by
   * default: import it with `allowAllOutbound: false`, or the rules for outbound traffic are left out.
   */
  readonly directory: IConnectable;

  /**
   * The subnets in which License Manager makes the network interfaces of the license server: those that the identity provider was
   * registered with, or those of the AWS Managed Microsoft AD. At least one, all of one VPC of the account, and none that another account
   * shares. Each has to know its IPv4 CIDR block.
   *
   * Throws a `ValidationError` for none, and for a subnet that was imported without its CIDR block.
   */
  readonly subnets: ISubnet[];

  /**
   * The instances that users work on.
   *
   * @default - no rules for instances
   */
  readonly instances?: IConnectable;

  /**
   * The VPC endpoints through which instances with Microsoft Office are activated. Needs `instances`.
   *
   * Throws a `ValidationError` without `instances`.
   *
   * @default - no rules for activation: only Microsoft Office needs it
   */
  readonly vpcEndpoints?: IConnectable;

  /**
   * Through what the instances reach AWS Systems Manager: its VPC endpoints in the VPC (`ssm`, `ssmmessages`, `ec2messages`), or
   * `Peer.anyIpv4()` for those on the internet. Needs `instances`.
   *
   * License Manager joins instances to the domain through Systems Manager, and terminates those that it cannot keep healthy.
   *
   * Throws a `ValidationError` without `instances`.
   *
   * @default - no rules for Systems Manager: instances whose security groups are open to the outside need none of their own
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html
   */
  readonly systemsManager?: IConnectable[];

  /**
   * From where users reach the instances by the Remote Desktop Protocol. Needs `instances`.
   *
   * Throws a `ValidationError` without `instances`.
   *
   * @default - no rules for Remote Desktop
   */
  readonly remoteDesktopClients?: IPeer[];
}

/**
 * The rules of security groups that a license server of Microsoft Remote Desktop Services (RDS) needs, as the user guide lists them.
 *
 * | From | To | Ports |
 * | --- | --- | --- |
 * | `subnets`, `instances` | `directory` | those of Active Directory, see below |
 * | `directory` | `subnets` | the same |
 * | `instances` | `vpcEndpoints` | TCP 1688 |
 * | `instances` | `systemsManager` | TCP 443 |
 * | `remoteDesktopClients` | `instances` | TCP 3389 |
 *
 * Active Directory: TCP and UDP 53 (DNS), TCP and UDP 88 (Kerberos), TCP 135 (RPC), TCP and UDP 389 (LDAP), TCP 445 (SMB), TCP and UDP 464
 * (Kerberos password), TCP 636 (LDAPS), TCP 1024 to 65535 (dynamic RPC, Global Catalog on 3268 and 3269, Web Services on 9389).
 *
 * These are 12 inbound and 12 outbound rules of the directory for each subnet, and for `instances` 12 inbound rules of the directory and 12
 * outbound ones of their own. A security group has 60 of each unless the quota is raised: if these rules alone are more, that causes a warning. A
 * prefix list counts for as many rules as it may have entries, which is not known here.
 *
 * A security group that is open to the outside gets no outbound rules. That of the license server itself is made by License Manager. The
 * interfaces by which it registers the directory are in the default security group of the VPC, which these rules do not change: it has to reach
 * the domain controllers. aws-cdk-lib empties that group with the flag `@aws-cdk/aws-ec2:restrictDefaultSecurityGroup`.
 *
 * What is no matter of security groups stays to be done: DNS forwarding between the VPCs and the directory, DNS hostnames and resolution
 * enabled in the VPC, and routes.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
 * import { LicenseServerNetwork } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'UserSubscriptions');
 * const vpc = new Vpc(stack, 'Vpc');
 * new LicenseServerNetwork(stack, 'Network', {
 *   directory: SecurityGroup.fromSecurityGroupId(stack, 'Controllers', 'sg-0123456789abcdef0', { allowAllOutbound: false }),
 *   subnets: vpc.privateSubnets,
 * });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions.html#usubs-prerequisites
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 */
export class LicenseServerNetwork extends Construct {
  /**
   * Adds the rules to the security groups. What depends on this construct waits for them.
   *
   * Throws a `ValidationError` without subnets, for a subnet without a known CIDR block, and for VPC endpoints, Systems Manager or Remote
   * Desktop clients without instances.
   */
  constructor(scope: Construct, id: string, props: LicenseServerNetworkProps) {
    super(scope, id);
    props = this.eachOnce(givenProps(this, props, PROPS));
    const { directory, subnets, instances, vpcEndpoints, systemsManager = [], remoteDesktopClients = [] } = props;
    if (subnets.length === 0) {
      refuse(this, lit`LicenseServerNetworkWithoutSubnet`,
        'subnets is empty: at least 1 subnet is needed, for the license server has its network interfaces there. Name the subnets of the directory.');
    }
    const alone = [
      ...vpcEndpoints ? ['vpcEndpoints'] : [],
      ...systemsManager.length > 0 ? ['systemsManager'] : [],
      ...remoteDesktopClients.length > 0 ? ['remoteDesktopClients'] : [],
    ].join(' and ');
    if (!instances && alone !== '') {
      refuse(this, lit`LicenseServerNetworkWithoutInstances`,
        `instances is not set: the rules of ${alone} are for instances. Set instances, or leave ${alone} out.`);
    }
    const peers = [...new Set(subnets.map(subnet => this.cidrBlockOf(subnet)))].map(cidrBlock => Peer.ipv4(cidrBlock));

    for (const { port, use } of DIRECTORY_PORTS) {
      const description = `Active Directory, ${use}`;
      for (const peer of peers) {
        directory.connections.allowFrom(peer, port, description);
        for (const group of closedGroupsOf(directory)) {
          group.addEgressRule(peer, port, description);
        }
      }
      if (instances) {
        allow(instances, directory, port, description);
      }
    }
    if (instances) {
      if (vpcEndpoints) {
        allow(instances, vpcEndpoints, Port.tcp(1688), 'Activation of Microsoft Office');
      }
      for (const endpoint of systemsManager) {
        allow(instances, endpoint, SYSTEMS_MANAGER_PORT, 'AWS Systems Manager');
      }
      for (const peer of remoteDesktopClients) {
        instances.connections.allowFrom(peer, Port.tcp(3389), 'Remote Desktop');
      }
    }
    this.warnOfQuotas(props, peers.length);

    // The rules are in the security groups, and not below this construct.
    const groups = [directory, instances, vpcEndpoints, ...systemsManager].flatMap(groupsOf);
    Dependable.implement(this, { dependencyRoots: groups });
  }

  private eachOnce(props: LicenseServerNetworkProps): LicenseServerNetworkProps {
    const { subnets, systemsManager = [], remoteDesktopClients = [] } = props;
    const placeOf = placeIn(systemsManager);
    return {
      ...props,
      subnets: onceEach(this, 'subnets', subnets, ({ node }) => node.path, ({ node }) => node.path),
      systemsManager: onceEach(this, 'systemsManager', systemsManager, placeOf, endpoint => `systemsManager[${placeOf(endpoint)}]`),
      remoteDesktopClients: onceEach(this, 'remoteDesktopClients', remoteDesktopClients, ({ uniqueId }) => uniqueId, ({ uniqueId }) => shown(this, uniqueId)),
    };
  }

  private cidrBlockOf(subnet: ISubnet): string {
    try {
      return subnet.ipv4CidrBlock;
    } catch {
      // A subnet that was imported without it says by an error that it does not know it.
      return refuse(this, lit`LicenseServerNetworkSubnetWithoutCidrBlock`,
        `subnet '${subnet.node.path}' was imported without its IPv4 CIDR block, for which the directory needs rules. Set ipv4CidrBlock in ` +
        'Subnet.fromSubnetAttributes(), or the CIDR blocks in Vpc.fromVpcAttributes(); Vpc.fromLookup() finds them out.');
    }
  }

  private warnOfQuotas(props: LicenseServerNetworkProps, subnets: number): void {
    const { directory, instances, vpcEndpoints, systemsManager = [], remoteDesktopClients = [] } = props;
    const warn = (id: string, whose: string, direction: string, rules: number, wayOut: string) => {
      if (rules > RULES_PER_GROUP) {
        Annotations.of(this).addWarningV2(id,
          `A security group of the ${whose} gets ${rules} ${direction} rules, and ${RULES_PER_GROUP} is the default quota of Amazon VPC. ${wayOut}, or ` +
          'have the quota increased before you deploy.');
      }
    };
    if (groupsOf(directory).length > 0) {
      const inbound = (subnets + rulesFor(instances)) * DIRECTORY_PORTS.length;
      warn('cdk-license-manager:tooManyRulesOfDirectory', 'directory', 'inbound', inbound, FEWER_SUBNETS);
    }
    if (closedGroupsOf(directory).length > 0) {
      warn('cdk-license-manager:tooManyRulesOfDirectory', 'directory', 'outbound', subnets * DIRECTORY_PORTS.length, FEWER_SUBNETS);
    }
    if (groupsOf(instances).length > 0) {
      warn('cdk-license-manager:tooManyRulesOfInstances', 'instances', 'inbound', rulesFrom(remoteDesktopClients),
        'Name fewer and larger CIDR blocks in remoteDesktopClients');
    }
    if (closedGroupsOf(instances).length > 0) {
      const outbound = rulesFor(directory) * DIRECTORY_PORTS.length + [vpcEndpoints, ...systemsManager].reduce((sum, to) => sum + rulesFor(to), 0);
      warn('cdk-license-manager:tooManyRulesOfInstances', 'instances', 'outbound', outbound,
        'Give directory and systemsManager fewer security groups');
    }
    // The VPC endpoints get one rule for each security group of the instances, which have at most 16.
  }
}

/**
 * Lets instances reach something.
 *
 * Instances that are open to the outside need no outbound rule, and aws-cdk-lib would warn of each that it leaves out. What they reach gets its
 * inbound rule all the same; the last argument puts it into the stack of the instances, where it is too if they are not open.
 */
function allow(instances: IConnectable, to: IConnectable, port: Port, description: string): void {
  if (groupsOf(to).length === 0) {
    // A CIDR block takes no rule. Asked from its side, aws-cdk-lib leaves out without a warning what open instances do not need.
    to.connections.allowFrom(instances, port, description);
  } else if (groupsOf(instances).length === 0 || closedGroupsOf(instances).length > 0) {
    instances.connections.allowTo(to, port, description);
  } else {
    groupsOf(to).forEach(group => groupsOf(instances).forEach(source => group.addIngressRule(source, port, description, true)));
  }
}

function groupsOf(connectable: IConnectable | undefined): ISecurityGroup[] {
  return connectable?.connections.securityGroups ?? [];
}

/** The security groups that are not open to the outside. */
function closedGroupsOf(connectable: IConnectable | undefined): ISecurityGroup[] {
  return groupsOf(connectable).filter(({ allowAllOutbound }) => !allowAllOutbound);
}

/** How many rules it takes to name something: one for each of its security groups; what has none, such as a CIDR block, is named itself. */
function rulesFor(connectable: IConnectable | undefined): number {
  return connectable ? Math.max(groupsOf(connectable).length, 1) : 0;
}

/** How many rules name peers. Those of IPv4 and of IPv6 are counted apart, and what is neither counts as both. */
function rulesFrom(peers: IPeer[]): number {
  const configs = [...new Map(peers.map(peer => [peer.uniqueId, peer.toIngressRuleConfig()])).values()];
  const without = (property: string) => configs.filter(config => !(property in config)).length;
  return Math.max(without('cidrIpv6'), without('cidrIp'));
}

/**
 * How many inbound rules, and how many outbound ones, a security group can have: a quota, so more is a matter of a warning and not of an error.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 */
const RULES_PER_GROUP = 60;

const FEWER_SUBNETS = 'Name only the subnets that the identity provider was registered with';

/**
 * The user guide demands that instances reach Systems Manager, and names port 1688 in the same sentence, which is that of the activation. Systems
 * Manager is reached by HTTPS, as its own guide says.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions.html#usubs-prerequisites
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-getting-started-privatelink.html
 */
const SYSTEMS_MANAGER_PORT = Port.tcp(443);

/**
 * The user guide also lists TCP 3268, 3269 and 9389, which the last one contains: a security group has room for few rules.
 */
const DIRECTORY_PORTS: { readonly port: Port; readonly use: string }[] = [
  { port: Port.tcp(53), use: 'DNS' },
  { port: Port.udp(53), use: 'DNS' },
  { port: Port.tcp(88), use: 'Kerberos' },
  { port: Port.udp(88), use: 'Kerberos' },
  { port: Port.tcp(135), use: 'RPC' },
  { port: Port.tcp(389), use: 'LDAP' },
  { port: Port.udp(389), use: 'LDAP' },
  { port: Port.tcp(445), use: 'SMB' },
  { port: Port.tcp(464), use: 'Kerberos password' },
  { port: Port.udp(464), use: 'Kerberos password' },
  { port: Port.tcp(636), use: 'LDAPS' },
  { port: Port.tcpRange(1024, 65535), use: 'dynamic RPC, Global Catalog and Web Services' },
];

const CONNECTABLE = reference('something with connections, such as a security group', 'connections');

const PROPS: Shape<LicenseServerNetworkProps> = {
  directory: needed(CONNECTABLE),
  subnets: needed(listOf(reference('a subnet', 'subnetId'))),
  instances: CONNECTABLE,
  vpcEndpoints: CONNECTABLE,
  systemsManager: listOf(CONNECTABLE),
  remoteDesktopClients: listOf(ofClass('Peer', 'toIngressRuleConfig')),
};
