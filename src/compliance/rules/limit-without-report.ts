import { type ILicenseRule, LicenseRuleSeverity } from '../license-rule';
import type { SynthesizedApp } from '../synthesized-app';
import type { SynthesizedLicense } from '../synthesized-license';

const REPORTS = ['AWS::LicenseManager::ReportGenerator', 'Custom::LicenseManagerReportGenerator'];
/** What keeps the usage of a license by code of its own: it names it to a function, a schedule, or a state machine. */
const EXPORTS = ['AWS::Lambda::Function', 'AWS::Scheduler::Schedule', 'AWS::StepFunctions::StateMachine'];
const GROUPS = ['AWS::LicenseManager::LicenseAssetGroup', 'AWS::LicenseManager::LicenseAssetRuleSet'];

/** Limits of which nobody can show afterwards that they were kept. */
export const LIMIT_WITHOUT_REPORT: ILicenseRule = {
  ruleId: 'LimitWithoutReport',
  description: 'What a license with a limit was used for is kept, by a usage report or an export: License Manager itself knows the present only.',
  severity: LicenseRuleSeverity.INFO,
  source: 'https://docs.aws.amazon.com/license-manager/latest/userguide/create-usage-report.html',
  fix: 'Make a ReportGenerator for the license, or acknowledge it if its usage is kept elsewhere.',
  check: app => app.licenses.filter(license => license.resource?._hasForCertain('LicenseCount') && license.licenseCount !== 0 && !isReported(app, license)).map(license => ({
    resource: license.resource!,
    location: 'Properties.LicenseCount',
    message: 'The license has a limit, and neither a report nor an export keeps what it was used for: nobody can show it to an auditor.',
  })),
};

function isReported(app: SynthesizedApp, license: SynthesizedLicense): boolean {
  const users = [...license._users];
  return users.some(({ resourceType: type }) => REPORTS.includes(type) || EXPORTS.includes(type))
    // By the group that it is in: which one that is, a chain of rulesets and groups says.
    || users.some(({ resourceType: type }) => GROUPS.includes(type))
    && app._ofTypes(REPORTS).some(report => report.has('ReportContext.LicenseAssetGroupArns') || report.has('ReportContext.licenseAssetGroupArns'));
}
