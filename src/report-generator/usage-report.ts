import { Annotations } from 'aws-cdk-lib';
import type { CfnReportGenerator, ILicenseAssetGroupRef, ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { Construct } from 'constructs';
import { identityOfFound } from '../private/identity/look-up';
import { accountOf, firstDouble, regionOf } from '../private/identity/reference';
import { identityOfLicense } from '../private/license/license-reference';
import { checkLicenseRegions } from '../private/license/licenses';
import { dateInSeconds } from '../private/validation/dates';
import { checkAccount, checkRegion } from '../private/validation/place';
import { checkOneOf, lit, refuse } from '../private/validation/validation';

/**
 * What a report on self-managed licenses tells.
 *
 * The values are those of the API; the user guide's sample for the AWS CLI has another one, which License Manager does not take.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-usage-reports.html
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_CreateLicenseManagerReportGenerator.html
 */
export enum LicenseConfigurationReportType {
  /**
   * How many licenses are consumed, and the details of the licenses: their number, their rules, and what kinds of resources have them.
   */
  SUMMARY = 'LicenseConfigurationSummaryReport',

  /**
   * Each tracked resource with the license that it consumes, its status and its account.
   */
  USAGE = 'LicenseConfigurationUsageReport',
}

/**
 * How often a report on self-managed licenses is made.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-usage-reports.html
 */
export enum ReportFrequency {
  /**
   * Once every 24 hours.
   */
  DAILY = 'DAY',

  /**
   * Once every 7 days.
   */
  WEEKLY = 'WEEK',

  /**
   * Once every 30 days.
   */
  MONTHLY = 'MONTH',
}

/**
 * A report on self-managed licenses.
 */
export interface LicenseConfigurationReportOptions {
  /**
   * The licenses to report on; at least one, each once.
   *
   * They have to be in the Region of the stack. Licenses of another account have to be shared with the account of the stack.
   */
  readonly licenseConfigurations: ILicenseConfigurationRef[];

  /**
   * What to tell; at least one, each once. A report of each type is made.
   */
  readonly types: LicenseConfigurationReportType[];

  /**
   * How often the report is made.
   */
  readonly frequency: ReportFrequency;
}

/**
 * A report on license asset groups.
 */
export interface LicenseAssetGroupReportOptions {
  /**
   * The groups to report on; at least one, each once. They have to be of the account and the Region of the stack.
   */
  readonly licenseAssetGroups: ILicenseAssetGroupRef[];

  /**
   * The begin of the time that is reported on, to the second. It has to be before the end.
   */
  readonly start: Date;

  /**
   * The end of the time that is reported on, to the second.
   *
   * The report is made once, within an hour after the deployment: an end that has not come yet causes a warning.
   */
  readonly end: Date;
}

/**
 * What a usage report is about, what it tells, and when it is made.
 *
 * A report is about self-managed licenses, and made again and again, or about license asset groups, and made once: there is nothing
 * between the two.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-usage-reports.html
 */
export class UsageReport {
  /**
   * A report on self-managed licenses that is made every day, week or month.
   *
   * It is checked when a report generator takes it: a `ValidationError` is thrown for no license or type, for one that is there twice, and
   * for a license that is known to be in another Region than the stack.
   *
   * @param options the licenses, what to tell of them, and how often
   */
  public static licenseConfigurations(options: LicenseConfigurationReportOptions): UsageReport {
    return new UsageReport(scope => {
      checkMembers(scope, 'licenseConfigurations', options.licenseConfigurations, identityOfLicense, license => license.node.path);
      checkLicenseRegions(scope, options.licenseConfigurations);
      checkMembers(scope, 'types', options.types, type => type);
      for (const value of options.types) {
        checkOneOf(scope, lit`ReportTypeUnknown`, {
          property: 'a member of types', value, allowed: Object.values(LicenseConfigurationReportType), wayOut: 'Correct it.',
        });
      }
      checkOneOf(scope, lit`ReportFrequencyUnknown`, {
        property: 'frequency', value: options.frequency, allowed: Object.values(ReportFrequency), wayOut: 'Correct it.',
      });
      return {
        reportType: options.types,
        reportContext: {
          licenseConfigurationArns: options.licenseConfigurations.map(license => license.licenseConfigurationRef.licenseConfigurationArn),
        },
        reportFrequency: { period: options.frequency, value: 1 },
      };
    });
  }

  /**
   * A report on license asset groups, which is made once.
   *
   * For another report change the time: License Manager makes a report again within an hour after the deployment.
   *
   * It is checked when a report generator takes it: a `ValidationError` is thrown for no group, for one that is there twice or is known to
   * be of another account or Region than the stack, for what is not a date or has no year of four digits, and for a start that is not before the end.
   *
   * @param options the groups, and the time to report on
   */
  public static licenseAssetGroups(options: LicenseAssetGroupReportOptions): UsageReport {
    return new UsageReport(scope => {
      checkMembers(scope, 'licenseAssetGroups', options.licenseAssetGroups, group => identityOfFound(group, arnOfGroup(group)), group => group.node.path);
      checkGroups(scope, options.licenseAssetGroups);
      return {
        reportType: ['LicenseAssetGroupUsageReport'],
        reportContext: { licenseAssetGroupArns: options.licenseAssetGroups.map(arnOfGroup), ...renderTime(scope, options) },
        // The user guide says to leave the frequency out; the API and CloudFormation require it, and have a period for that.
        reportFrequency: { period: 'ONE_TIME', value: 1 },
      };
    });
  }

  private constructor(private readonly render: (scope: Construct) => RenderedReport) {}

  /**
   * Checks the report and writes it as CloudFormation reads it.
   *
   * @internal
   */
  public _render(scope: Construct): RenderedReport {
    return this.render(scope);
  }
}

/** The properties of a report generator that are about the report. */
interface RenderedReport {
  readonly reportType: string[];
  readonly reportContext: CfnReportGenerator.ReportContextProperty;
  readonly reportFrequency: CfnReportGenerator.ReportFrequencyProperty;
}

function arnOfGroup(group: ILicenseAssetGroupRef): string {
  return group.licenseAssetGroupRef.licenseAssetGroupArn;
}

function checkMembers<T>(
  scope: Construct, property: string, members: T[], identify: (member: T) => string, nameOf: (member: T) => string = identify,
): void {
  if (members.length === 0) {
    refuse(scope, lit`ReportWithoutMember`, `${property} of the report is empty: at least 1 is needed. Name what to report.`);
  }
  const double = firstDouble(members, identify);
  if (double !== undefined) {
    refuse(scope, lit`ReportWithDouble`, `'${nameOf(double)}' is in ${property} of the report twice. Name it once.`);
  }
}

function checkGroups(scope: Construct, groups: ILicenseAssetGroupRef[]): void {
  for (const group of groups) {
    const region = regionOf(group, arnOfGroup(group));
    checkRegion(scope, lit`LicenseAssetGroupInAnotherRegion`, {
      what: `license asset group '${group.node.path}'`,
      value: region,
      reason: `a report is on groups of its own Region, wherever their resources are. Declare the report in a stack of '${region}'.`,
    });
    // AWS RAM cannot share them: https://docs.aws.amazon.com/ram/latest/userguide/shareable.html
    const account = accountOf(group, arnOfGroup(group));
    checkAccount(scope, lit`LicenseAssetGroupOfAnotherAccount`, {
      what: `license asset group '${group.node.path}'`,
      value: account,
      reason: `a report is on groups of its own account, whosever their resources are. Declare the report in a stack of '${account}'.`,
    });
  }
}

function renderTime(scope: Construct, { start, end }: LicenseAssetGroupReportOptions): CfnReportGenerator.ReportContextProperty {
  const from = dateInSeconds(scope, 'start of the report', start);
  const to = dateInSeconds(scope, 'end of the report', end);
  if (from >= to) {
    refuse(scope, lit`ReportTimeOrder`,
      `start of the report is ${from} and end is ${to}: the start has to be before the end, by a second at least. Correct one of the two.`);
  }
  if (end.getTime() > Date.now()) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:reportEndInFuture',
      `end of the report is ${to}, which has not come yet: the report is made once, within an hour after the deployment, and tells nothing of what ` +
      'comes later. Deploy it after its end, or choose an end that has passed.');
  }
  return { reportStartDate: from, reportEndDate: to };
}
