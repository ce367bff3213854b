import { Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ReportGeneratorLocation } from './report-generator-location';
import { checkGrantee } from '../private/facade/grants';
import { acknowledgeWildcard } from '../private/finding/acknowledgement';
import { construct, givenAs } from '../private/validation/given';

/**
 * Permissions on the reports of a report generator.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export class ReportGeneratorLocationGrants {
  /**
   * The permissions on the reports in a place.
   *
   * @param location where the reports are
   */
  public static fromReportGeneratorLocation(location: ReportGeneratorLocation): ReportGeneratorLocationGrants {
    return new ReportGeneratorLocationGrants(
      givenAs('ReportGeneratorLocationGrants.fromReportGeneratorLocation()', 'location', location, construct('a ReportGeneratorLocation', 'keyPrefixInPolicy')));
  }

  private constructor(private readonly location: ReportGeneratorLocation) {}

  /**
   * Allows to list and to read the reports in the bucket.
   *
   * The permission is on the place of these reports and no other: `Reports/<name of the report generator>/` in the bucket. Reports from
   * before the report generator was renamed are not in it. Reports of a report generator whose name is longer by a slash and more
   * (`monthly/emea` where this one is `monthly`) are.
   *
   * If the bucket is encrypted with a key of your own, or belongs to another account, permissions on the key or in the policy of the bucket are
   * needed as well.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/report-storage.html
   * @param grantee who is allowed to
   */
  public read(grantee: IGrantable): Grant {
    const { location } = this;
    const { bucketName, keyPrefixInPolicy } = location;
    checkGrantee(location, 'report', grantee);
    const bucketArn = Stack.of(location).formatArn({ service: 's3', region: '', account: '', resource: bucketName });
    const reports = `${bucketArn}/${keyPrefixInPolicy}*`;
    if (Construct.isConstruct(grantee.grantPrincipal)) {
      acknowledgeWildcard(grantee.grantPrincipal, reports, 'All reports of one report generator and no other: AWS License Manager names the files.');
    }
    return Grant.addToPrincipal({
      grantee, actions: ['s3:GetObject'], resourceArns: [reports],
    }).combine(Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [bucketArn],
      conditions: { StringLike: { 's3:prefix': `${keyPrefixInPolicy}*` } },
    }));
  }
}
