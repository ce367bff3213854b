import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IReportGeneratorRef } from 'aws-cdk-lib/aws-licensemanager';
import { checkGrantee, grantOnAnything } from '../private/facade/grants';
import { warnOfForeignGrant } from '../private/facade/owner';
import { construct, givenAs } from '../private/validation/given';

/**
 * Permissions on a report generator. Those on its reports are at their place, a `ReportGeneratorLocation`.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
 */
export class ReportGeneratorGrants {
  /**
   * The permissions on a report generator: an L2, an L1 or an imported one.
   *
   * @param reportGenerator the report generator
   */
  public static fromReportGenerator(reportGenerator: IReportGeneratorRef): ReportGeneratorGrants {
    return new ReportGeneratorGrants(
      givenAs('ReportGeneratorGrants.fromReportGenerator()', 'reportGenerator', reportGenerator, construct('a report generator', 'reportGeneratorRef')));
  }

  private constructor(private readonly reportGenerator: IReportGeneratorRef) {}

  /**
   * Allows to look at the report generator: its settings and its last run.
   *
   * Also allows to list the report generators of the account, in which it is to be found. They can be listed all or not at all.
   *
   * The reports themselves are read with `ReportGeneratorLocation` and its `grants.read`.
   *
   * @param grantee who is allowed to
   */
  public read(grantee: IGrantable): Grant {
    return this.grant(grantee, READ_ACTIONS).combine(grantOnAnything(grantee, READ_ACTIONS_WITHOUT_RESOURCE));
  }

  /**
   * Allows to look at the report generator, to change it and its tags, and to delete it.
   *
   * License Manager reads its own settings for who changes it, which is allowed, too, and the licenses that it reports on: `grants.read` of each
   * license allows that.
   *
   * @param grantee who is allowed to
   */
  public manage(grantee: IGrantable): Grant {
    return this.grant(grantee, [...READ_ACTIONS, ...WRITE_ACTIONS])
      .combine(grantOnAnything(grantee, [...READ_ACTIONS_WITHOUT_RESOURCE, ...WRITE_ACTIONS_WITHOUT_RESOURCE]));
  }

  private grant(grantee: IGrantable, actions: string[]): Grant {
    warnOfForeignGrant(this.reportGenerator, 'report generator', false);
    checkGrantee(this.reportGenerator, 'report generator', grantee);
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.reportGenerator.reportGeneratorRef.reportGeneratorArn] });
  }
}

const READ_ACTIONS = [
  'license-manager:GetLicenseManagerReportGenerator',
  'license-manager:ListTagsForResource',
];

/** The resource type of the list is that of licenses, which it can be limited to, and is optional: a list of all names none. */
const READ_ACTIONS_WITHOUT_RESOURCE = ['license-manager:ListLicenseManagerReportGenerators'];

const WRITE_ACTIONS = [
  'license-manager:DeleteLicenseManagerReportGenerator',
  'license-manager:TagResource',
  'license-manager:UntagResource',
  'license-manager:UpdateLicenseManagerReportGenerator',
];

const WRITE_ACTIONS_WITHOUT_RESOURCE = ['license-manager:GetServiceSettings'];
