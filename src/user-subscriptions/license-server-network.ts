import { Annotations } from 'aws-cdk-lib';
import { Peer, Port } from 'aws-cdk-lib/aws-ec2';
import type { IConnectable, IPeer, ISubnet } from 'aws-cdk-lib/aws-ec2';
import { lit } from 'aws-cdk-lib/core/lib/helpers-internal';
import { Construct, Dependable } from 'constructs';
import { refuse } from '../private/validation';

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
   * registered with, or those of the AWS Managed Microsoft AD. At least one, each with a known CIDR block.
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
   * @default - no rules for activation: only Microsoft Office needs it
   */
  readonly vpcEndpoints?: IConnectable;

  /**
   * From where users reach the instances by the Remote Desktop Protocol. Needs `instances`.
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
 * | `remoteDesktopClients` | `instances` | TCP 3389 |
 *
 * Active Directory: TCP and UDP 53 (DNS), TCP and UDP 88 (Kerberos), TCP 135 (RPC), TCP and UDP 389 (LDAP), TCP 445 (SMB), TCP and UDP 464
 * (Kerberos password), TCP 636 (LDAPS), TCP 1024 to 65535 (dynamic RPC, Global Catalog on 3268 and 3269, Web Services on 9389).
 *
 * These are 12 inbound and 12 outbound rules of the directory for each subnet, and 12 inbound rules for `instances`; a security group has 60
 * of each unless the quota is raised, and more are warned of. The security group of the license server itself is made by License Manager.
 *
 * What is no matter of security groups stays to be done: DNS forwarding between the VPCs and the directory, DNS hostnames and resolution
 * enabled in the VPC, routes, and access of the instances to AWS Systems Manager (TCP 443).
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
   * Throws a `ValidationError` without subnets, and for VPC endpoints or Remote Desktop clients without instances.
   */
  constructor(scope: Construct, id: string, props: LicenseServerNetworkProps) {
    super(scope, id);
    const { directory, subnets, instances, vpcEndpoints, remoteDesktopClients = [] } = props;
    if (subnets.length === 0) {
      refuse(this, lit`LicenseServerNetworkWithoutSubnet`,
        'subnets is empty: at least 1 subnet is needed, for the license server has its network interfaces there. Name the subnets of the directory.');
    }
    const alone = [...vpcEndpoints ? ['vpcEndpoints'] : [], ...remoteDesktopClients.length > 0 ? ['remoteDesktopClients'] : []];
    if (!instances && alone.length > 0) {
      refuse(this, lit`LicenseServerNetworkWithoutInstances`,
        `there is ${alone.join(' and ')}, but no instances: the rules are between the two. Set instances, or leave ${alone.join(' and ')} out.`);
    }

    const sources = subnets.length + (instances?.connections.securityGroups.length ?? 0);
    if (sources * DIRECTORY_PORTS.length > RULES_PER_GROUP) {
      Annotations.of(this).addWarningV2('cdk-license-manager:tooManyRulesOfDirectory',
        `A security group of the directory gets ${sources * DIRECTORY_PORTS.length} inbound rules, and ${RULES_PER_GROUP} is the default quota of ` +
        'Amazon VPC. Name only the subnets that the identity provider was registered with, or have the quota increased before you deploy.');
    }

    for (const { port, use } of DIRECTORY_PORTS) {
      const description = `Active Directory, ${use}`;
      for (const subnet of subnets) {
        const peer = Peer.ipv4(subnet.ipv4CidrBlock);
        directory.connections.allowFrom(peer, port, description);
        for (const group of directory.connections.securityGroups.filter(({ allowAllOutbound }) => !allowAllOutbound)) {
          group.addEgressRule(peer, port, description);
        }
      }
      instances?.connections.allowTo(directory, port, description);
    }
    if (instances && vpcEndpoints) {
      instances.connections.allowTo(vpcEndpoints, Port.tcp(1688), 'Activation of Microsoft Office');
    }
    for (const peer of remoteDesktopClients) {
      instances?.connections.allowFrom(peer, Port.tcp(3389), 'Remote Desktop');
    }

    // The rules are in the security groups, and not below this construct.
    const groups = [directory, instances, vpcEndpoints].flatMap(connectable => connectable?.connections.securityGroups ?? []);
    Dependable.implement(this, { dependencyRoots: groups });
  }
}

/**
 * How many inbound rules a security group can have: a quota, so more is a matter of a warning and not of an error.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 */
const RULES_PER_GROUP = 60;

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
