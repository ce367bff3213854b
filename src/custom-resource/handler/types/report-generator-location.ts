import type { ReportGenerator } from '@aws-sdk/client-license-manager';
import { locationOf } from './report-generator';
import type { ReportGeneratorLocationProperties } from '../../contract/properties';
import { checkReportGeneratorArn, isReportGeneratorArn } from '../arn';
import type { ManagedType } from '../managed-type';
import { object, optional, text } from '../shape';

const SUFFIX = '|location';

/**
 * Where the reports of a usage report go, which CloudFormation's own type keeps for itself. Nothing is ever written.
 */
export const reportGeneratorLocation: ManagedType<ReportGeneratorLocationProperties, ReportGenerator, never> = {
  properties: object<ReportGeneratorLocationProperties>({ ReportGeneratorArn: text(), ReportGeneratorName: optional(text()) }),

  check({ ReportGeneratorArn }, environment) {
    checkReportGeneratorArn('ReportGeneratorArn', ReportGeneratorArn, environment);
  },

  identify: ({ ReportGeneratorArn }) => `${ReportGeneratorArn}${SUFFIX}`,

  recognizes: (physicalId) => physicalId.endsWith(SUFFIX) && isReportGeneratorArn(physicalId.slice(0, -SUFFIX.length)),

  read: async ({ properties, licenseManager }) => properties && licenseManager.reportGenerator(properties.ReportGeneratorArn),

  compare: () => undefined,

  write: () => Promise.resolve(),

  attributes: (_physicalId, _subject, state) => locationOf(state),
};
