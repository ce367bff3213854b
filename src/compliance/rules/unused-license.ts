import { type ILicenseRule, LicenseRuleSeverity } from '../license-rule';
import type { SynthesizedResource } from '../synthesized-resource';

/** What looks at a license, or keeps it, and does not use it. */
const LOOKS = /^(AWS::CloudWatch::.*|AWS::Events::Rule|AWS::LicenseManager::ReportGenerator|Custom::LicenseManager(ReportGenerator|LicenseConfiguration(Disassociation|Protection|Status)))$/;

/** What lets somebody use a license, in a policy: to launch with it, or to put it on something. */
const USES = /^(ec2:RunInstances|license-manager:UpdateLicenseSpecificationsForResource|(ec2:|license-manager:)?\*)$/;

/** Licenses that count nothing. */
export const UNUSED_LICENSE: ILicenseRule = {
  ruleId: 'UnusedLicense',
  description: 'A self-managed license is used: by what is launched or built, an association, a host resource group, a share, or by what it discovers.',
  severity: LicenseRuleSeverity.WARNING,
  source: 'https://docs.aws.amazon.com/license-manager/latest/userguide/self-managed-licenses.html',
  fix: 'Attach it (mixins, addAssociation, HostLicenses, productInformation), export it to who uses it, or take it away.',
  check: app => app.licenses
    .filter(license => license.resource && !license._isExported && !license._mayDiscover
      && [...license._users].every(user => isLooking(user)))
    .map(license => ({ resource: license.resource!, message: 'Nothing in this app uses the license, so that it counts nothing.' })),
};

function isLooking({ resourceType, properties }: SynthesizedResource): boolean {
  return LOOKS.test(resourceType) || resourceType.startsWith('AWS::IAM::') && !actionsIn(properties).some(action => USES.test(action));
}

/** The actions of all statements. */
function actionsIn(value: unknown): string[] {
  return typeof value !== 'object' || value === null ? [] : Object.entries(value).flatMap(([name, it]) =>
    name === 'Action' ? [it].flat().filter(action => typeof action === 'string') : actionsIn(it));
}
