import { USAGE_REPORT } from '../arn';
import { define } from '../definition';
import { arn, object, optional, text } from '../shape';

/**
 * Where the reports of a usage report go, which CloudFormation's own type keeps for itself: read only.
 *
 * Attributes (Fn::GetAtt): Bucket; KeyPrefix, which ends with a slash; and KeyPrefixInPolicy, where `*`, `?` and `$` are policy variables.
 */
export const reportGeneratorLocation = define({
  type: 'Custom::LicenseManagerReportGeneratorLocation',
  properties: object({
    ReportGeneratorArn: arn({
      kinds: [USAGE_REPORT],
      ownOnly: 'A usage report can be read by its owner only: deploy this resource to the account of the report',
    }),
    /** The place follows from the name: another one makes CloudFormation ask again. */
    ReportGeneratorName: optional(text),
  }),
  identity: { by: ['ReportGeneratorArn'], as: 'location' },
  actions: {
    'license-manager:GetLicenseManagerReportGenerator': { of: USAGE_REPORT, arns: ({ ReportGeneratorArn }) => ReportGeneratorArn },
  },
});
