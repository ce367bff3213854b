import { locationOf } from './report-generator';
import { reportGeneratorLocation as definition } from '../../contract/types/report-generator-location';
import { question } from '../kinds/known';
import { getReportGenerator } from '../operations/license-manager';

/**
 * Where the reports of a usage report go, which CloudFormation's own type keeps for itself.
 */
export const reportGeneratorLocation = question(definition,
  ({ aws }, { ReportGeneratorArn }) => aws.call(getReportGenerator, { LicenseManagerReportGeneratorArn: ReportGeneratorArn }),
  ({ ReportGenerator }) => locationOf(ReportGenerator));
