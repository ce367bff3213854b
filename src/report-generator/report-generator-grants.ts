import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IReportGeneratorRef } from 'aws-cdk-lib/aws-licensemanager';
import { checkGrantee } from '../private/facade/grants';
import { givenTo } from '../private/validation/given';

/**
 * Permissions on a report generator. Those on its reports are at their place, a `ReportGeneratorLocation`.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
 */
export class ReportGeneratorGrants {
  /**
   * The permissions on a report generator: an L2, an L1 or an imported one.
   */
  public static fromReportGenerator(reportGenerator: IReportGeneratorRef): ReportGeneratorGrants {
    return new ReportGeneratorGrants(givenTo('ReportGeneratorGrants.fromReportGenerator()', 'reportGenerator', reportGenerator));
  }

  private constructor(private readonly reportGenerator: IReportGeneratorRef) {}

  /**
   * Allows to look at the report generator: its settings and its last run.
   *
   * The reports themselves are read with `ReportGeneratorLocation` and its `grants.read`.
   *
   * @param grantee who is allowed to
   */
  public read(grantee: IGrantable): Grant {
    this.checkAccount(grantee);
    return Grant.addToPrincipal({ grantee, actions: READ_ACTIONS, resourceArns: [this.reportGenerator.reportGeneratorRef.reportGeneratorArn] });
  }

  /**
   * Allows to look at the report generator, to change it and its tags, and to delete it.
   *
   * Who changes it, also needs `license-manager:GetServiceSettings`, which knows no resource, and `license-manager:GetLicenseConfiguration` on
   * the licenses that it reports on.
   *
   * @param grantee who is allowed to
   */
  public manage(grantee: IGrantable): Grant {
    this.checkAccount(grantee);
    return Grant.addToPrincipal({
      grantee,
      actions: [...READ_ACTIONS, ...WRITE_ACTIONS],
      resourceArns: [this.reportGenerator.reportGeneratorRef.reportGeneratorArn],
    });
  }

  private checkAccount(grantee: IGrantable): void {
    checkGrantee(this.reportGenerator, 'report generator', grantee);
  }
}

const READ_ACTIONS = [
  'license-manager:GetLicenseManagerReportGenerator',
  'license-manager:ListTagsForResource',
];

const WRITE_ACTIONS = [
  'license-manager:DeleteLicenseManagerReportGenerator',
  'license-manager:TagResource',
  'license-manager:UntagResource',
  'license-manager:UpdateLicenseManagerReportGenerator',
];
