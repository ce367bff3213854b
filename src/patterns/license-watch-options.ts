import type { ITopicRef } from 'aws-cdk-lib/aws-sns';
import type { ReportFrequency } from '../report-generator/usage-report';

/**
 * How the licenses of a pattern are watched over.
 */
export interface LicenseWatchOptions {
  /**
   * The share of the licenses, in percent, from which on an alarm goes off. Licenses without a limit have no alarm.
   *
   * Throws a `ValidationError` unless it is over 0.
   *
   * @default 90
   */
  readonly alarmThresholdPercent?: number;

  /**
   * The topic that is told when licenses are nearly used up, and 90, 30 and 7 days before they expire. Its policy has to let Amazon CloudWatch publish, and so has that of its key:
   * `LicenseManagerTopic` does.
   *
   * @default - the topic of the `ServiceSettings` in the same account and Region, if the app declares one
   */
  readonly notificationTopic?: ITopicRef;

  /**
   * How often License Manager writes usage reports. Its settings need a bucket for them before (`ServiceSettings`).
   *
   * @default - no reports
   */
  readonly reportFrequency?: ReportFrequency;
}
