import { inSeconds } from './license-configurations';
import type { Writer } from './writer';
import { inexpressible, named } from './writer';
import { constant, date, factory, list, text } from '../code/expressions';
import type { Expression } from '../code/language';
import type { ReportData } from '../estate';

/*
 * Usage reports.
 */

/** Writes the report generators of the account. */
export function writeReports(writer: Writer): void {
  writer.section('Usage reports');
  writer.estate.reports.forEach(report => writeReport(writer, report));
}

const TYPES: { readonly [type: string]: string } = { LicenseConfigurationSummaryReport: 'SUMMARY', LicenseConfigurationUsageReport: 'USAGE' };
const OF_GROUPS = 'LicenseAssetGroupUsageReport';
const PERIODS: { readonly [period: string]: string } = { DAY: 'DAILY', WEEK: 'WEEKLY', MONTH: 'MONTHLY' };

function writeReport(writer: Writer, report: ReportData): void {
  const { arn, name, description = '', types, licenseConfigurations, assetGroups, start, end, period, value, tags } = report;
  writer.declare({
    arn,
    what: named('Report generator', name),
    resourceType: 'AWS::LicenseManager::ReportGenerator',
    identifier: { Arn: arn },
    arnAttribute: 'Arn',
    tags,
    construct: () => ({
      type: 'ReportGenerator',
      properties: {
        reportGeneratorName: text(name),
        description: description === '' ? undefined : text(description),
        report: types.length === 1 && types[0] === OF_GROUPS ? ofGroups(writer, report) : ofLicenses(writer, report),
      },
    }),
    properties: () => ({
      ReportGeneratorName: name,
      Description: description,
      ReportType: types,
      ReportContext: {
        LicenseConfigurationArns: licenseConfigurations.length > 0 ? licenseConfigurations : undefined,
        LicenseAssetGroupArns: assetGroups.length > 0 ? assetGroups : undefined,
        ReportStartDate: start && inSeconds(start),
        ReportEndDate: end && inSeconds(end),
      },
      ReportFrequency: { Period: period, Value: value },
    }),
  });
}

function ofLicenses(writer: Writer, { types, licenseConfigurations, assetGroups, start, end, period = '', value }: ReportData): Expression {
  const other = 'it is a report that UsageReport cannot say';
  inexpressible(types.length === 0 || types.some(type => !Object.hasOwn(TYPES, type)) || new Set(types).size < types.length, other);
  inexpressible(assetGroups.length > 0 || start !== undefined || end !== undefined || !Object.hasOwn(PERIODS, period) || value !== 1, other);
  inexpressible(new Set(licenseConfigurations).size < licenseConfigurations.length, other);
  return factory('UsageReport', 'licenseConfigurations', [], {
    licenseConfigurations: list(licenseConfigurations.map(arn => writer.of(arn))),
    types: list(types.map(type => constant('LicenseConfigurationReportType', TYPES[type]))),
    frequency: constant('ReportFrequency', PERIODS[period]),
  });
}

function ofGroups(writer: Writer, { licenseConfigurations, assetGroups, start, end, period, value }: ReportData): Expression {
  const other = 'it is a report on license asset groups that UsageReport cannot say';
  inexpressible(licenseConfigurations.length > 0 || start === undefined || end === undefined || period !== 'ONE_TIME' || value !== 1, other);
  inexpressible(start!.getMilliseconds() > 0 || end!.getMilliseconds() > 0 || new Set(assetGroups).size < assetGroups.length, other);
  return factory('UsageReport', 'licenseAssetGroups', [], {
    licenseAssetGroups: list(assetGroups.map(arn => writer.of(arn))),
    start: date(inSeconds(start!)),
    end: date(inSeconds(end!)),
  });
}
