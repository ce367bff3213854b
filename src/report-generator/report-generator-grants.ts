import { Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IReportGeneratorRef } from 'aws-cdk-lib/aws-licensemanager';
import { Construct } from 'constructs';
import { locationOf } from './report-location';
import type { ReportLocation } from './report-location';
import { checkGrantee } from '../private/facade/grants';
import { acknowledgeWildcard } from '../private/finding/acknowledgement';

/**
 * Permissions on a report generator and on its reports.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
 */
export class ReportGeneratorGrants {
  /**
   * The permissions on a report generator: an L2, an L1 or an imported one.
   */
  public static fromReportGenerator(reportGenerator: IReportGeneratorRef): ReportGeneratorGrants {
    return new ReportGeneratorGrants(reportGenerator);
  }

  private constructor(private readonly reportGenerator: IReportGeneratorRef) {}

  /**
   * Allows to list and to read the reports in the bucket, and to look at the report generator: its settings and its last run.
   *
   * The permission is on the place of these reports and no other: `Reports/<name of the report generator>/` in the bucket. Reports from
   * before the report generator was renamed are not in it. Reports of a report generator whose name is longer by a slash and more
   * (`monthly/emea` where this one is `monthly`) are.
   *
   * Where the bucket is, License Manager tells at deployment, to a custom resource. If the bucket is encrypted with a key of your own, or
   * belongs to another account, permissions on the key or in the policy of the bucket are needed as well.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/report-storage.html
   * @param grantee who is allowed to
   */
  public read(grantee: IGrantable): Grant {
    const { reportGenerator } = this;
    this.checkAccount(grantee);
    const { bucketName, keyPrefixInPolicy } = placeOf(reportGenerator);
    const bucketArn = Stack.of(reportGenerator).formatArn({ service: 's3', region: '', account: '', resource: bucketName });
    const reports = `${bucketArn}/${keyPrefixInPolicy}*`;
    if (Construct.isConstruct(grantee.grantPrincipal)) {
      acknowledgeWildcard(grantee.grantPrincipal, reports, 'All reports of one report generator and no other: AWS License Manager names the files.');
    }
    return Grant.addToPrincipal({
      grantee,
      actions: READ_ACTIONS,
      resourceArns: [reportGenerator.reportGeneratorRef.reportGeneratorArn],
    }).combine(Grant.addToPrincipal({
      grantee, actions: ['s3:GetObject'], resourceArns: [reports],
    })).combine(Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [bucketArn],
      conditions: { StringLike: { 's3:prefix': `${keyPrefixInPolicy}*` } },
    }));
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

/** The L2 knows its place, or whom to ask. */
function placeOf(reportGenerator: IReportGeneratorRef): ReportLocation {
  return (reportGenerator as { _location?(): ReportLocation })._location?.() ?? locationOf(reportGenerator);
}
