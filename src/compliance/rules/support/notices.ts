import { isReminded } from '../../../private/license/notices';
import type { SynthesizedApp } from '../../synthesized-app';
import type { SynthesizedLicense } from '../../synthesized-license';
import type { SynthesizedResource } from '../../synthesized-resource';

export const ALARM = 'AWS::CloudWatch::Alarm';
const SETTINGS = 'Custom::LicenseManagerServiceSettings';
const COMPOSITE_ALARM = 'AWS::CloudWatch::CompositeAlarm';

/** Whether the settings where a license is, as the app declares them, name a topic that License Manager tells. */
export function hasTopic(app: SynthesizedApp, license: SynthesizedLicense): boolean {
  return app.resourcesOfType(SETTINGS).some(settings => settings.has('SnsTopicArn') && settings._isNear(license.resource!));
}

/** Whether somebody is reminded of the expiry of a license: its construct says so, as no template tells which license a schedule is about. */
export function remindedLicenses(app: SynthesizedApp): (license: SynthesizedLicense) => boolean {
  const paths = app._root.node.findAll().filter(isReminded).map(({ node }) => node.path);
  return ({ resource }) => paths.some(path => resource!.constructPath === path || resource!.constructPath.startsWith(`${path}/`));
}

/** Where License Manager writes its metrics: that of an alarm, that of a metric in an expression, or that which a query of Metrics Insights names. */
const NAMESPACE = /AWSLicenseManager\/licenseUsage|AWS\/LicenseManager\/LinuxSubscriptions/;

/** Whether an alarm watches licenses. */
export function watchesLicenses({ properties: { Namespace, Metrics } }: SynthesizedResource): boolean {
  return NAMESPACE.test(JSON.stringify([Namespace, Metrics]));
}

/** Whether an alarm of the license, or one of all licenses that are where it is, tells somebody. */
export function hasAlarmThatActs(app: SynthesizedApp, license: SynthesizedLicense): boolean {
  return app.resourcesOfType(ALARM)
    .some(alarm => (license._users.has(alarm) || isOfAll(app, alarm) && alarm._isNear(license.resource!)) && acts(app, alarm));
}

/** Whether an alarm queries the metrics of whichever licenses. */
function isOfAll(app: SynthesizedApp, alarm: SynthesizedResource): boolean {
  return alarm.has('Metrics') && watchesLicenses(alarm) && /\b(FROM|SEARCH)\b/i.test(JSON.stringify(alarm.properties.Metrics))
    && !app.licenses.some(({ _users: users }) => users.has(alarm));
}

/**
 * Whether an alarm does something when it goes off, by itself or as a part of others: an action for when all is well again tells nobody that it is not. One that
 * goes off below a threshold may be meant the other way round.
 */
export function acts(app: SynthesizedApp, alarm: SynthesizedResource): boolean {
  const { ComparisonOperator: operator, AlarmName: name, AlarmActions: actions, OKActions, InsufficientDataActions } = alarm.properties;
  const isAbove = typeof operator === 'string' && operator.startsWith('GreaterThan');
  return isOn(alarm) && (isGiven(actions) || !isAbove && (isGiven(OKActions) || isGiven(InsufficientDataActions)))
    || app.resourcesOfType(COMPOSITE_ALARM).some(other => isOn(other) && isGiven(other.properties.AlarmActions)
      && [alarm.logicalId, name].some(it => typeof it === 'string' && JSON.stringify(other.properties.AlarmRule ?? '').includes(it)));
}

function isOn({ properties: { ActionsEnabled: enabled } }: SynthesizedResource): boolean {
  return String(enabled ?? true) !== 'false';
}

/** What nobody knows may be something. */
function isGiven(actions: unknown): boolean {
  return Array.isArray(actions) ? actions.length > 0 : actions !== undefined;
}
