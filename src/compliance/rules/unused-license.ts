import { isBranded } from '../../private/identity/copies';
import { type ILicenseRule, LicenseRuleSeverity } from '../license-rule';
import type { SynthesizedApp } from '../synthesized-app';
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
  check: app => {
    const isOfOnlooker = onlookersIn(app);
    return app.licenses
      .filter(license => license.resource && !license._isExported && !license._mayDiscover
        && [...license._users].every(user => isLooking(user) || isOfOnlooker(user)))
      .map(license => ({ resource: license.resource!, message: 'Nothing in this app uses the license, so that it counts nothing.' }));
  },
};

/** What is made of functions, schedules and the like, and looks at licenses all the same: its construct says so. */
const ONLOOKERS = ['UsageExport', 'LicenseDashboard', 'LicenseExpiryReminder'];

function onlookersIn(app: SynthesizedApp): (user: SynthesizedResource) => boolean {
  const paths = app._root.node.findAll().filter(it => ONLOOKERS.some(type => isBranded(it, type))).map(({ node }) => `${node.path}/`);
  return ({ constructPath }) => paths.some(path => constructPath.startsWith(path));
}

function isLooking({ resourceType, properties }: SynthesizedResource): boolean {
  return LOOKS.test(resourceType) || resourceType.startsWith('AWS::IAM::') && !actionsIn(properties).some(action => USES.test(action));
}

/** The actions of all statements. */
function actionsIn(value: unknown): string[] {
  return typeof value !== 'object' || value === null ? [] : Object.entries(value).flatMap(([name, it]) =>
    name === 'Action' ? [it].flat().filter(action => typeof action === 'string') : actionsIn(it));
}
