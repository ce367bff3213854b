import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { checkGrantee, grantOnAnything } from '../private/facade/grants';
import { warnOfForeignGrant } from '../private/facade/owner';
import { construct, givenAs } from '../private/validation/given';

/**
 * Permissions on a self-managed license.
 *
 * They are given on the license's ARN, and on all resources only for actions of which the service authorization reference knows no
 * resource type. AWS License Manager has no policies on licenses, so that a grantee known to be of another account than the stack causes
 * a warning, and so does a license that belongs to another account.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
 */
export class LicenseConfigurationGrants {
  /**
   * The permissions on a license: an L2, an L1 or an imported one.
   *
   * @param licenseConfiguration the license
   */
  public static fromLicenseConfiguration(licenseConfiguration: ILicenseConfigurationRef): LicenseConfigurationGrants {
    return new LicenseConfigurationGrants(
      givenAs('LicenseConfigurationGrants.fromLicenseConfiguration()', 'licenseConfiguration', licenseConfiguration, construct('a self-managed license', 'licenseConfigurationRef')));
  }

  private constructor(private readonly licenseConfiguration: ILicenseConfigurationRef) {}

  /**
   * Allows to look at the license: its terms, its tags, what it is associated with and what uses it.
   *
   * Also allows to list the licenses of the account, in which the license is to be found. They can be listed all or not at all.
   *
   * @param grantee who is allowed to
   */
  public read(grantee: IGrantable): Grant {
    return this.grant(grantee, READ_ACTIONS).combine(grantOnAnything(grantee, READ_ACTIONS_WITHOUT_RESOURCE));
  }

  /**
   * Allows to associate the license with AMIs, EC2 instances and Dedicated Hosts, and to disassociate it.
   *
   * Which licenses a resource has, can be read of every resource or of none.
   *
   * @param grantee who is allowed to
   */
  public associate(grantee: IGrantable): Grant {
    return this.grant(grantee, ASSOCIATE_ACTIONS).combine(grantOnAnything(grantee, ASSOCIATE_ACTIONS_WITHOUT_RESOURCE));
  }

  /**
   * Allows everything with the license: to read it, to associate it, to change its terms and tags, and to delete it.
   *
   * @param grantee who is allowed to
   */
  public manage(grantee: IGrantable): Grant {
    return this.grant(grantee, [...new Set([...READ_ACTIONS, ...ASSOCIATE_ACTIONS, ...WRITE_ACTIONS])])
      .combine(grantOnAnything(grantee, [...READ_ACTIONS_WITHOUT_RESOURCE, ...ASSOCIATE_ACTIONS_WITHOUT_RESOURCE]));
  }

  /**
   * Allows to launch instances with the license, as far as the license goes.
   *
   * Who launches an instance from an AMI or a launch template that has the license needs it, beside the permissions on the resources of
   * the instance: without it the launch is denied.
   *
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
   * @param grantee who is allowed to
   */
  public launchInstances(grantee: IGrantable): Grant {
    return this.grant(grantee, LAUNCH_ACTIONS);
  }

  /**
   * Allows to start instances that have the license, as far as the license goes.
   *
   * Who starts a stopped instance that has the license needs it, beside the permissions on the instance: without it the start is denied.
   *
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
   * @param grantee who is allowed to
   */
  public startInstances(grantee: IGrantable): Grant {
    return this.grant(grantee, START_ACTIONS);
  }

  private grant(grantee: IGrantable, actions: string[]): Grant {
    const arn = this.licenseConfiguration.licenseConfigurationRef.licenseConfigurationArn;
    warnOfForeignGrant(this.licenseConfiguration, 'license', true);
    checkGrantee(this.licenseConfiguration, 'license', grantee, {
      arn, text: 'share the license with account \'{account}\' (LicenseShare) and grant to the principal there',
    });
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [arn] });
  }
}

const READ_ACTIONS = [
  'license-manager:GetLicenseConfiguration',
  'license-manager:ListAssociationsForLicenseConfiguration',
  'license-manager:ListFailuresForLicenseConfigurationOperations',
  'license-manager:ListTagsForResource',
  'license-manager:ListUsageForLicenseConfiguration',
];

const READ_ACTIONS_WITHOUT_RESOURCE = [
  'license-manager:ListLicenseConfigurations',
];

const ASSOCIATE_ACTIONS = [
  'license-manager:ListAssociationsForLicenseConfiguration',
  'license-manager:ListFailuresForLicenseConfigurationOperations',
  'license-manager:UpdateLicenseSpecificationsForResource',
];

const ASSOCIATE_ACTIONS_WITHOUT_RESOURCE = [
  'license-manager:ListLicenseSpecificationsForResource',
];

const WRITE_ACTIONS = [
  'license-manager:DeleteLicenseConfiguration',
  'license-manager:TagResource',
  'license-manager:UntagResource',
  'license-manager:UpdateLicenseConfiguration',
];

const LAUNCH_ACTIONS = ['ec2:RunInstances'];

const START_ACTIONS = ['ec2:StartInstances'];
