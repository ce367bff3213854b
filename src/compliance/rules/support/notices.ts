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

/** Whether an alarm of the license tells somebody. */
export function hasAlarmThatActs(app: SynthesizedApp, license: SynthesizedLicense): boolean {
  return [...license._users].some(user => user.resourceType === ALARM && acts(app, user));
}

/** Whether an alarm does something, by itself or as a part of others. */
export function acts(app: SynthesizedApp, alarm: SynthesizedResource): boolean {
  const { ActionsEnabled, ...properties } = alarm.properties;
  const isOn = String(ActionsEnabled ?? true) !== 'false';
  return isOn && ['AlarmActions', 'OKActions', 'InsufficientDataActions'].some(name => isGiven(properties[name]))
    || app.resourcesOfType(COMPOSITE_ALARM).some(other => isGiven(other.properties.AlarmActions)
      && JSON.stringify(other.properties.AlarmRule ?? '').includes(alarm.logicalId));
}

/** What nobody knows may be something. */
function isGiven(actions: unknown): boolean {
  return Array.isArray(actions) ? actions.length > 0 : actions !== undefined;
}
