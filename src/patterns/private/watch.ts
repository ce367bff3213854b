import { Token } from 'aws-cdk-lib';
import type { Expiration } from 'aws-cdk-lib';
import type { Alarm, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopicRef } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { LicenseConfiguration } from '../../license-configuration/license-configuration';
import type { LicenseConfigurationProps } from '../../license-configuration/license-configuration';
import type { LicenseExpiryReminder } from '../../license-configuration/license-expiry-reminder';
import { entriesByKey } from '../../private/identity/entries';
import { construct, givenProps, NUMBER, TEXT } from '../../private/validation/given';
import type { Shape } from '../../private/validation/given';
import { checkOneOf, lit, refuse } from '../../private/validation/validation';
import { ReportGenerator } from '../../report-generator/report-generator';
import { LicenseConfigurationReportType, ReportFrequency, UsageReport } from '../../report-generator/usage-report';
import type { LicenseWatchOptions } from '../license-watch-options';

/** What watches over a license. */
export interface LicenseWatch {
  readonly alarm?: Alarm;
  readonly reminder?: LicenseExpiryReminder;
}

/** What alarms without actions of their own do. */
export function actionsOf(topic: ITopicRef | undefined): IAlarmAction[] | undefined {
  return topic && [{ bind: () => ({ alarmActionArn: topic.topicRef.topicArn }) }];
}

/** Refuses what License Manager would not take, by the names that the user has written. */
export function checkWatch(scope: Construct, { alarmThresholdPercent: percent, reportFrequency }: LicenseWatchOptions): void {
  if (percent !== undefined && !Token.isUnresolved(percent) && !(percent > 0 && Number.isFinite(percent))) {
    refuse(scope, lit`AlarmThresholdPercent`, `alarmThresholdPercent is ${percent}: it has to be over 0. Use 100 for an alarm when the last license is used.`);
  }
  checkOneOf(scope, lit`PatternReportFrequency`, { property: 'reportFrequency', value: reportFrequency, allowed: Object.values(ReportFrequency), wayOut: 'Correct it.' });
}

/**
 * Has somebody told before the licenses are used up, and before they expire.
 */
export function watch(
  license: LicenseConfiguration, licenseCount: number | undefined, licenseExpiry: Expiration | undefined, options: LicenseWatchOptions,
): LicenseWatch {
  const { alarmThresholdPercent = 90, notificationTopic } = options;
  const isLimited = licenseCount !== undefined && (Token.isUnresolved(licenseCount) || licenseCount > 0);
  return {
    alarm: isLimited ? license.addUsageAlarm('NearlyUsedUp', { thresholdPercent: alarmThresholdPercent, actions: actionsOf(notificationTopic) }) : undefined,
    reminder: licenseExpiry && license.addExpiryReminder('Expiry', { topic: notificationTopic }),
  };
}

/** Licenses, by the ids that they were given, and what watches over them. */
export interface WatchedLicenses {
  readonly licenses: { [id: string]: LicenseConfiguration };
  readonly alarms: { [id: string]: Alarm };
  readonly reminders: { [id: string]: LicenseExpiryReminder };
  readonly report?: ReportGenerator;
}

/**
 * Makes a license of each entry of a map, and has somebody told of it.
 *
 * @param scope    where they belong
 * @param options  how they are watched over
 * @param declared what is said of each, by its id
 * @param shape    what each has to be
 * @param propsOf  what the license is like that is made of it
 */
export function watchedLicenses<T extends { readonly licenseExpiry?: Expiration }>(
  scope: Construct, options: LicenseWatchOptions, declared: { readonly [id: string]: T }, shape: Shape<T>,
  propsOf: (said: T, id: string) => Omit<LicenseConfigurationProps, 'licenseExpiry'>,
): WatchedLicenses {
  checkWatch(scope, options);
  const found: WatchedLicenses = { licenses: {}, alarms: {}, reminders: {} };
  for (const [id, entry] of entriesByKey(declared)) {
    const said = givenProps(scope, entry, shape, { all: `licenses['${id}']`, of: ` of licenses['${id}']` });
    const props = propsOf(said, id);
    const license = found.licenses[id] = new LicenseConfiguration(scope, id, { ...props, licenseExpiry: said.licenseExpiry });
    const { alarm, reminder } = watch(license, props.licenseCount, said.licenseExpiry, options);
    Object.assign(found.alarms, alarm && { [id]: alarm });
    Object.assign(found.reminders, reminder && { [id]: reminder });
  }
  const licenses = Object.values(found.licenses);
  if (licenses.length === 0) {
    refuse(scope, lit`NoLicenses`, 'licenses is empty: there is nothing to track. Name at least one.');
  }
  return { ...found, report: reportOn(scope, licenses, options) };
}

/** The reports on licenses, if somebody wants some. */
export function reportOn(
  scope: Construct, licenseConfigurations: LicenseConfiguration[], { reportFrequency }: LicenseWatchOptions,
): ReportGenerator | undefined {
  return reportFrequency === undefined ? undefined : new ReportGenerator(scope, 'Report', {
    report: UsageReport.licenseConfigurations({
      licenseConfigurations, types: [LicenseConfigurationReportType.SUMMARY, LicenseConfigurationReportType.USAGE], frequency: reportFrequency,
    }),
  });
}

export const WATCH: Shape<LicenseWatchOptions> = {
  alarmThresholdPercent: NUMBER,
  notificationTopic: construct('a topic', 'topicRef'),
  reportFrequency: TEXT,
};
