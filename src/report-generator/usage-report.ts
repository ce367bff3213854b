import { Annotations } from 'aws-cdk-lib';
import type { CfnReportGenerator, ILicenseAssetGroupRef, ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { Construct } from 'constructs';
import { onceEach } from '../private/finding/doubles';
import { brand } from '../private/identity/copies';
import { identityOfFound } from '../private/identity/look-up';
import { accountOf, regionOf } from '../private/identity/reference';
import { identityOfLicense } from '../private/license/license-reference';
import { checkLicenseRegions } from '../private/license/licenses';
import { copied } from '../private/validation/copy';
import { dateInSeconds } from '../private/validation/dates';
import { ANYTHING, givenProps, listOf, needed, reference } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkAccount, checkRegion } from '../private/validation/place';
import { checkOneOf, lit } from '../private/validation/validation';

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
   * The begin of the time that is reported on, to the second. One that is not before the end causes a warning.
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
   * It is checked when a report generator takes it: a `ValidationError` is thrown for a license that is known to be in another Region than the stack,
   * and for a type or a frequency that there is not. No license or type causes a warning, and so does one that is there twice, which is written once.
   *
   * @param options the licenses, what to tell of them, and how often
   */
  public static licenseConfigurations(options: LicenseConfigurationReportOptions): UsageReport {
    const given = copied(options);
    return new UsageReport(scope => {
      const { licenseConfigurations, types, frequency } = givenProps(scope, given, OF_LICENSES, {
        all: 'options of UsageReport.licenseConfigurations()', of: ' of the report',
      });
      const licenses = members(scope, 'licenseConfigurations', licenseConfigurations, identityOfLicense, license => license.node.path);
      checkLicenseRegions(scope, licenses);
      const reportTypes = members(scope, 'types', types, type => type, type => type);
      for (const value of reportTypes) {
        checkOneOf(scope, lit`ReportTypeUnknown`, {
          property: 'a member of types', value, allowed: Object.values(LicenseConfigurationReportType), wayOut: 'Correct it.',
        });
      }
      checkOneOf(scope, lit`ReportFrequencyUnknown`, {
        property: 'frequency', value: frequency, allowed: Object.values(ReportFrequency), wayOut: 'Correct it.',
      });
      return {
        reportType: reportTypes,
        reportContext: { licenseConfigurationArns: licenses.map(license => license.licenseConfigurationRef.licenseConfigurationArn) },
        reportFrequency: { period: frequency, value: 1 },
      };
    });
  }

  /**
   * A report on license asset groups, which is made once.
   *
   * For another report change the time: License Manager makes a report again within an hour after the deployment.
   *
   * It is checked when a report generator takes it: a `ValidationError` is thrown for a group that is known to be of another account or Region than the
   * stack, and for what is not a date or has no year of four digits. No group causes a warning, and so does one that is there twice, which is written
   * once, and a start that is not before the end.
   *
   * @param options the groups, and the time to report on
   */
  public static licenseAssetGroups(options: LicenseAssetGroupReportOptions): UsageReport {
    const given = copied(options);
    return new UsageReport(scope => {
      const { licenseAssetGroups, ...time } = givenProps(scope, given, OF_GROUPS, {
        all: 'options of UsageReport.licenseAssetGroups()', of: ' of the report',
      });
      const groups = members(scope, 'licenseAssetGroups', licenseAssetGroups, group => identityOfFound(group, arnOfGroup(group)), group => group.node.path);
      checkGroups(scope, groups);
      return {
        reportType: ['LicenseAssetGroupUsageReport'],
        reportContext: { licenseAssetGroupArns: groups.map(arnOfGroup), ...renderTime(scope, time) },
        // The user guide says to leave the frequency out; the API and CloudFormation require it, and have a period for that.
        reportFrequency: { period: 'ONE_TIME', value: 1 },
      };
    });
  }

  private constructor(private readonly render: (scope: Construct) => RenderedReport) {
    brand(this, 'UsageReport');
  }

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

/** The members of a list of the report, each once. */
function members<T>(scope: Construct, property: string, list: readonly T[], identify: (member: T) => string, nameOf: (member: T) => string): T[] {
  const named = `${property} of the report`;
  const distinct = onceEach(scope, named, list, identify, nameOf);
  if (distinct.length === 0) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:reportOfNothing', `${named} is empty, so that nothing is reported. Name what to report.`);
  }
  return distinct;
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

function renderTime(scope: Construct, { start, end }: Omit<LicenseAssetGroupReportOptions, 'licenseAssetGroups'>): CfnReportGenerator.ReportContextProperty {
  const from = dateInSeconds(scope, 'start of the report', start);
  const to = dateInSeconds(scope, 'end of the report', end);
  if (from >= to) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:reportTimeOrder',
      `start of the report is ${from} and end is ${to}: there is no time between them that could be reported on. Correct one of the two.`);
  }
  if (end.getTime() > Date.now()) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:reportEndInFuture',
      `end of the report is ${to}, which has not come yet: the report is made once, within an hour after the deployment, and tells nothing of what ` +
      'comes later. Deploy it after its end, or choose an end that has passed.');
  }
  return { reportStartDate: from, reportEndDate: to };
}

const OF_LICENSES: Shape<LicenseConfigurationReportOptions> = {
  licenseConfigurations: needed(listOf(reference('a self-managed license', 'licenseConfigurationRef'))),
  types: needed(listOf(ANYTHING)),
  frequency: needed(ANYTHING),
};

const OF_GROUPS: Shape<LicenseAssetGroupReportOptions> = {
  licenseAssetGroups: needed(listOf(reference('a license asset group', 'licenseAssetGroupRef'))),
  start: needed(ANYTHING),
  end: needed(ANYTHING),
};
