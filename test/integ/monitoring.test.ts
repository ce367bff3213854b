import { App, Expiration, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { describeStacks, ENV } from './stacks';
import {
  LicenseAlarms, LicenseConfiguration, LicenseCounting, LicenseConversionPath, LicenseConversionWorkflow, LicenseDashboard, LicenseEventMessage,
  LicenseExpiryReminder, LicenseManagerTopic, LinuxSubscription,
} from '../../src';

const EXPIRY = Expiration.atDate(new Date('2099-06-30T00:00:00Z'));

/** Everything of this capability in one stack. */
function everything(app: App): Stack {
  const stack = new Stack(app, 'Monitoring', { env: ENV });
  const topic = new LicenseManagerTopic(stack, 'Topic');
  const action = { bind: () => ({ alarmActionArn: topic.topicArn }) };
  LicenseAlarms.of(stack).configure({
    alarmNamePrefix: 'licenses-', alarmDescriptionSuffix: 'Ask the licensing team.', actions: [action], okActions: [action],
  });
  const windows = new LicenseConfiguration(stack, 'Windows', {
    licenseConfigurationName: 'windows', licenseCounting: LicenseCounting.cores(), licenseCount: 96, licenseExpiry: EXPIRY,
  });
  windows.addUsageAlarm('NearlyUsedUp', { thresholdPercent: 90 });
  windows.addHeadroomAlarm('FewLeft', { licensesLeft: 8 });
  windows.addExpiryReminder('Expiry', { topic });
  windows.events.onCloudTrailUpdate('Changed', { target: new SnsTopic(topic, { message: LicenseEventMessage.ofCloudTrail(windows) }) });
  LicenseAlarms.of(stack).addCompositeAlarm('Any', { actions: [action] });
  const imported = LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Imported',
    'arn:aws:license-manager:us-west-2:111122223333:license-configuration:lic-0123456789abcdef0123456789abcdef');
  new LicenseExpiryReminder(stack, 'ImportedExpiry', { licenseConfiguration: imported, licenseExpiry: EXPIRY, daysBefore: [14, 0], topic });
  new LicenseDashboard(stack, 'Dashboard', {
    dashboardName: 'licenses',
    licenseConfigurations: [windows, imported],
    linuxSubscriptions: [LinuxSubscription.RHEL],
    stateMachines: [new LicenseConversionWorkflow(stack, 'Conversion', { path: LicenseConversionPath.WINDOWS_BYOL_TO_INCLUDED }).stateMachine],
  });
  return stack;
}

/** The constructs with nothing but what they require. */
function defaults(app: App): Stack {
  const stack = new Stack(app, 'Defaults', { env: ENV });
  new LicenseDashboard(stack, 'Dashboard');
  return stack;
}

describeStacks({
  'everything of monitoring': {
    define: everything,
    check: (template) => {
      template.resourceCountIs('AWS::Scheduler::Schedule', 5);
      template.resourceCountIs('AWS::CloudWatch::Alarm', 2);
      template.hasResourceProperties('AWS::CloudWatch::CompositeAlarm', { AlarmName: Match.stringLikeRegexp('^licenses-') });
      template.resourceCountIs('AWS::Lambda::Function', 0);
    },
  },
  'the defaults of monitoring': {
    define: defaults,
    check: (template) => template.resourceCountIs('AWS::CloudWatch::Dashboard', 1),
  },
});
