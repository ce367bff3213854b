import { SELF_MANAGED_LICENSE, USAGE_REPORT } from '../arn';
import { changingOwn, define, ON_ANYTHING, readingAny, taggingOwn } from '../definition';
import { date, integer, list, object, oneOf, optional, text } from '../shape';
import { TAGS } from '../tags';

/**
 * A usage report that is provisioned through the API: the properties of `AWS::LicenseManager::ReportGenerator`.
 *
 * Attributes (Fn::GetAtt): Arn, CreateTime, ReportCreatorAccount, and those of the place of the reports, as `reportGeneratorLocation` has them.
 * Physical id (Ref): the ARN.
 */
export const reportGenerator = define({
  type: 'Custom::LicenseManagerReportGenerator',
  properties: object({
    ReportGeneratorName: text,
    Description: optional(text),
    ReportType: list(oneOf('LicenseConfigurationSummaryReport', 'LicenseConfigurationUsageReport', 'LicenseAssetGroupUsageReport')),
    ReportContext: object({
      LicenseConfigurationArns: optional(list(text)),
      LicenseAssetGroupArns: optional(list(text)),
      ReportStartDate: optional(date),
      ReportEndDate: optional(date),
    }),
    ReportFrequency: object({ Period: oneOf('DAY', 'WEEK', 'MONTH', 'ONE_TIME'), Value: integer }),
    Tags: optional(TAGS),
  }),
  actions: {
    'license-manager:CreateLicenseManagerReportGenerator': ON_ANYTHING,
    // Its resource type, the license, is optional, and the request names none.
    'license-manager:ListLicenseManagerReportGenerators': ON_ANYTHING,
    'license-manager:GetLicenseManagerReportGenerator': readingAny(USAGE_REPORT),
    'license-manager:DeleteLicenseManagerReportGenerator': changingOwn(USAGE_REPORT),
    'license-manager:UpdateLicenseManagerReportGenerator': changingOwn(USAGE_REPORT),
    'license-manager:TagResource': taggingOwn(USAGE_REPORT),
    'license-manager:UntagResource': changingOwn(USAGE_REPORT),
  },
  // So it is in the schema of AWS::LicenseManager::ReportGenerator, whose handlers have these permissions.
  dependentActions: {
    'license-manager:GetServiceSettings': ON_ANYTHING,
    'license-manager:GetLicenseConfiguration': { of: SELF_MANAGED_LICENSE, arns: ({ ReportContext }) => ReportContext.LicenseConfigurationArns },
  },
  hints: [{
    codes: ['ResourceLimitExceededException'],
    about: /^CreateLicenseManagerReportGenerator/,
    hint: 'An account has a quota of report generators in a Region: delete unused ones, or have the quota "Number of Report generators" of License'
      + ' Manager raised in the Service Quotas console',
  }],
});
