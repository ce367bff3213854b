import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IGroupRef } from 'aws-cdk-lib/aws-resourcegroups';
import { HostLicenses } from './host-licenses';
import { checkGrantee, grantOnAnything } from '../private/facade/grants';
import { warnOfForeignGrant } from '../private/facade/owner';
import { construct, givenAs } from '../private/validation/given';

/**
 * Permissions on a host resource group.
 *
 * They are given on the group's ARN, and on all resources only for actions of which the service authorization reference knows no
 * resource type.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_resource-groups.html
 */
export class HostResourceGroupGrants {
  /**
   * The permissions on a host resource group: an L2, an L1 or an imported one.
   *
   * @param group the group
   */
  public static fromHostResourceGroup(group: IGroupRef): HostResourceGroupGrants {
    return new HostResourceGroupGrants(
      givenAs('HostResourceGroupGrants.fromHostResourceGroup()', 'group', group, construct('a resource group', 'groupRef')));
  }

  private constructor(private readonly group: IGroupRef) {}

  /**
   * Allows to look at the group: its settings, its tags and its hosts, and what became of those that were added or removed.
   *
   * Also allows to list the resource groups of the account and to describe its Dedicated Hosts. They can be listed all or not at all.
   *
   * @param grantee who is allowed to
   */
  public read(grantee: IGrantable): Grant {
    return this.grant(grantee, READ_ACTIONS).combine(grantOnAnything(grantee, READ_ACTIONS_WITHOUT_RESOURCE));
  }

  /**
   * Allows everything with the group: to read it, to add and remove hosts, to change its settings and tags, and to delete it.
   *
   * @param grantee who is allowed to
   */
  public manage(grantee: IGrantable): Grant {
    return this.grant(grantee, [...READ_ACTIONS, ...WRITE_ACTIONS]).combine(grantOnAnything(grantee, READ_ACTIONS_WITHOUT_RESOURCE));
  }

  /**
   * Allows to launch instances into the group, as far as the group and its licenses go.
   *
   * Who launches an instance needs it, beside the permissions on the resources of the instance: without it the launch is denied. With
   * `HostLicenses.only()` it is given on these licenses, too; with `HostLicenses.any()`, use the `grants.launchInstances()` of the license.
   *
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
   * @param grantee who is allowed to
   */
  public launchInstances(grantee: IGrantable): Grant {
    return this.grant(grantee, LAUNCH_ACTIONS, this.requiredArns());
  }

  /**
   * Allows to start stopped instances of the group, as far as the group and its licenses go.
   *
   * Who starts an instance needs it, beside the permissions on the instance: without it the start is denied. With `HostLicenses.only()` it is given
   * on these licenses, too; with `HostLicenses.any()`, use the `grants.startInstances()` of the license.
   *
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
   * @param grantee who is allowed to
   */
  public startInstances(grantee: IGrantable): Grant {
    return this.grant(grantee, START_ACTIONS, this.requiredArns());
  }

  private requiredArns(): string[] {
    return (HostLicenses._requiredBy(this.group) ?? []).map(license => license.licenseConfigurationRef.licenseConfigurationArn);
  }

  private grant(grantee: IGrantable, actions: string[], otherArns: string[] = []): Grant {
    const arn = this.group.groupRef.groupArn;
    warnOfForeignGrant(this.group, 'host resource group', true);
    checkGrantee(this.group, 'host resource group', grantee, {
      arn, text: 'share the group with account \'{account}\' (LicenseShare) and grant to the principal there',
    });
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [arn, ...otherArns] });
  }
}

const READ_ACTIONS = [
  'resource-groups:GetGroup',
  'resource-groups:GetGroupConfiguration',
  'resource-groups:GetTags',
  'resource-groups:ListGroupingStatuses',
  'resource-groups:ListGroupResources',
];

const READ_ACTIONS_WITHOUT_RESOURCE = [
  'ec2:DescribeHosts',
  'resource-groups:ListGroups',
];

const WRITE_ACTIONS = [
  'resource-groups:DeleteGroup',
  'resource-groups:GroupResources',
  'resource-groups:PutGroupConfiguration',
  'resource-groups:Tag',
  'resource-groups:UngroupResources',
  'resource-groups:Untag',
  'resource-groups:UpdateGroup',
];

const LAUNCH_ACTIONS = ['ec2:RunInstances'];

const START_ACTIONS = ['ec2:StartInstances'];
