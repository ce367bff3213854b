import { Annotations, Aws, Stack, Token } from 'aws-cdk-lib';
import type { Expiration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Grant } from 'aws-cdk-lib/aws-iam';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { CfnTopic, TopicGrants } from 'aws-cdk-lib/aws-sns';
import type { ITopicRef } from 'aws-cdk-lib/aws-sns';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeStandards, acknowledgeWildcard } from '../private/finding/acknowledgement';
import { acknowledgeCheckov } from '../private/finding/checkov';
import { onceEach } from '../private/finding/doubles';
import { brand, isBranded } from '../private/identity/copies';
import { resourceBehind } from '../private/identity/reference';
import { describeLicense, nameOfLicense } from '../private/license/described-license';
import { givenExpiry } from '../private/license/expiry';
import { arnOfTopic, noteReminder, withTopic } from '../private/license/notices';
import { messageForPeople } from '../private/license/people';
import { warnOfTopicNotReached } from '../private/license/told-topic';
import { construct, givenProps, listOf, needed, NUMBER, ofClass } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkSize, checkWholeNumber, counted, lit, refuse } from '../private/validation/validation';

/**
 * What reminds of the expiry of a license, and whom.
 */
export interface LicenseExpiryReminderOptions {
  /**
   * How many days before the expiry somebody is reminded, at the same time of the day: whole numbers from 0 to 3650.
   *
   * A reminder whose time has passed at synthesis is left out, with a finding that says so: EventBridge Scheduler takes no time that has passed. One that
   * is named twice causes a warning, and is made once.
   *
   * Throws a `ValidationError` for another number, a token, and for none.
   *
   * @default [90, 30, 7]
   */
  readonly daysBefore?: number[];

  /**
   * When the licenses expire.
   *
   * Throws a `ValidationError` if it cannot be read as a date, has no year of four digits, or was made from a token.
   *
   * @default - `licenseExpiry` of the license. Of an imported one, and of one with a token, it is not known: a `ValidationError` is thrown
   */
  readonly licenseExpiry?: Expiration;

  /**
   * The topic that is told. A FIFO topic, and one of another Region, cause a warning.
   *
   * @default - the topic of the `ServiceSettings` in the same account and Region, if the app declares one, before or after it. In another stack it has to have
   * a name that is known at synthesis, as that of `LicenseManagerTopic`. Without one there are no reminders, and a warning says so
   */
  readonly topic?: ITopicRef;
}

/**
 * Properties of reminders of the expiry of a license.
 */
export interface LicenseExpiryReminderProps extends LicenseExpiryReminderOptions {
  /**
   * The license.
   */
  readonly licenseConfiguration: ILicenseConfigurationRef;
}

/**
 * Reminders, some days before the licenses of a self-managed license expire.
 *
 * License Manager itself tells the topic of its settings 120, 90, 60, 30 and 0 days before, in a form that is not documented. These come when you want,
 * to a topic that you want, and say which license it is, whose, of how much, and where to look: a schedule of Amazon EventBridge Scheduler for each. Mails have a
 * subject, and Amazon Q Developer in chat applications, which gets what is for HTTPS, has the form that it shows.
 *
 * The time is that of the synthesis: one that passes between synthesis and deployment is refused by EventBridge Scheduler. When it has passed, the
 * next deployment takes the schedule away.
 *
 * @example
 * import { App, Expiration, Stack } from 'aws-cdk-lib';
 * import { Topic } from 'aws-cdk-lib/aws-sns';
 * import { LicenseConfiguration, LicenseExpiryReminder } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Licenses');
 * new LicenseExpiryReminder(stack, 'Reminder', {
 *   licenseConfiguration: LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Imported',
 *     'arn:aws:license-manager:us-east-1:111122223333:license-configuration:lic-0123456789abcdef0123456789abcdef'),
 *   licenseExpiry: Expiration.atDate(new Date('2099-06-30T00:00:00Z')),
 *   daysBefore: [60, 14],
 *   topic: new Topic(stack, 'Topic', { enforceSSL: true }),
 * });
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
 */
@propertyInjectable
export class LicenseExpiryReminder extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.LicenseExpiryReminder';

  /**
   * Whether the given object is a `LicenseExpiryReminder`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isLicenseExpiryReminder(x: any): x is LicenseExpiryReminder {
    return isBranded(x, 'LicenseExpiryReminder');
  }

  private readonly license: ILicenseConfigurationRef;
  private readonly expiry: number;

  /**
   * Makes reminders.
   *
   * Throws a `ValidationError` if it is not known when the licenses expire, and for days that are out of range.
   */
  constructor(scope: Construct, id: string, props: LicenseExpiryReminderProps) {
    super(scope, id);
    brand(this, 'LicenseExpiryReminder');
    props = givenProps(this, props, PROPS);
    this.license = props.licenseConfiguration;
    this.expiry = givenExpiry(this.license, 'licenseExpiry of the reminder', props.licenseExpiry, this);
    const days = this.daysToCome(props.daysBefore ?? [90, 30, 7]);
    if (days.length === 0) {
      return;
    }
    if (props.topic) {
      this.remind(props.topic, days);
    } else {
      let isTold = false;
      withTopic(this, topic => {
        isTold = true;
        this.remind(topic, days, true);
      });
      this.node.addValidation({
        validate: () => {
          if (!isTold) {
            Annotations.of(this).addWarningV2('cdk-license-manager:reminderTellsNobody',
              'There are no reminders: topic is not set, and this app declares no ServiceSettings with a topic for the account and the Region. Set topic, or '
              + 'declare the settings.');
          }
          return [];
        },
      });
    }
  }

  /** Those whose time has not passed yet. Of the others it is said. */
  private daysToCome(given: readonly number[]): number[] {
    checkSize(this, lit`ReminderDays`, { property: 'daysBefore', value: given, minimum: 1, maximum: Infinity, wayOut: 'Name a number of days, or leave it out.' });
    for (const [index, value] of given.entries()) {
      if (Token.isUnresolved(value)) {
        refuse(this, lit`ReminderDaysUnknown`, `daysBefore[${index}] is a token, which is known at the deployment only: it decides when somebody is told. Write it out.`);
      }
      checkWholeNumber(this, lit`ReminderDaysRange`, { property: `daysBefore[${index}]`, value, minimum: 0, maximum: 3650, wayOut: 'Correct it.' });
    }
    const days = onceEach(this, 'daysBefore', given, String, value => `${value}`).sort((a, b) => b - a);
    const toCome = days.filter(value => this.timeOf(value) > Date.now());
    const passed = days.filter(value => !toCome.includes(value));
    if (toCome.length === 0) {
      Annotations.of(this).addWarningV2('cdk-license-manager:expiryReminderPassed',
        `There are no reminders: the licenses of '${nameOfLicense(this.license)}' expire at ${this.at(0)}, and the times of all reminders have passed. Renew `
        + 'them and set the new date, or name fewer days.');
    } else if (passed.length > 0) {
      Annotations.of(this).addInfoV2('cdk-license-manager:expiryReminderPassed',
        `No reminder is made ${passed.join(' and ')} days before the expiry, at ${this.at(0)}: the time has passed. `
        + `The next one is ${counted(toCome[0], 'day')} before.`);
    }
    return toCome;
  }

  private timeOf(days: number): number {
    return (this.expiry - days * 86_400) * 1000;
  }

  /** To the second, in UTC, as schedules have it. */
  private at(days: number): string {
    return new Date(this.timeOf(days)).toISOString().slice(0, 19);
  }

  private remind(topic: ITopicRef, days: readonly number[], isOfSettings = false): void {
    const stack = Stack.of(this);
    const topicArn = isOfSettings ? arnOfTopic(this, topic) : topic.topicRef.topicArn;
    if (topicArn === undefined) {
      Annotations.of(this).addWarningV2('cdk-license-manager:reminderCannotTellTopic',
        `There are no reminders: they cannot tell the topic of the settings, '${topic.node.path}': that is in another stack, and its name is not known at `
        + 'synthesis. Set topic, or name the topic.');
      return;
    }
    noteReminder(this.license);
    warnOfTopicNotReached(this, topic, topicArn, {
      prefix: 'reminder', message: 'a reminder', what: 'the schedules', consequence: 'nobody is told',
    });
    const role = new Role(this, 'Role', {
      // IAM takes few characters here, and a path may have any.
      description: 'Reminds of the expiry of licenses in AWS License Manager',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } }),
    });
    const granted = this.letPublish(role, topic, topicArn);
    for (const value of days) {
      const schedule = new CfnSchedule(this, `Before${value}Days`, {
        description: `The licenses of a self-managed license expire in ${counted(value, 'day')}`,
        scheduleExpression: `at(${this.at(value)})`,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          // What the target of its own for Amazon SNS lacks is the subject, and another form for who does not read mails.
          arn: `arn:${Aws.PARTITION}:scheduler:::aws-sdk:sns:publish`,
          roleArn: role.roleArn,
          input: stack.toJsonString({ TopicArn: topicArn, ...this.message(value) }),
        },
      });
      acknowledgeCheckov(schedule, { CKV_AWS_297: 'It has the name of a license and the date on which it expires, and no secret.' });
      // Its role may publish when it is made.
      granted?.applyBefore(schedule);
    }
  }

  private message(days: number): { readonly [name: string]: string } {
    const { license, limit, whereToLook } = describeLicense(this.license);
    const when = days === 0 ? 'expire today' : `expire in ${counted(days, 'day')}`;
    const name = nameOfLicense(this.license);
    const text = `The licenses of ${license}${limit === undefined ? '' : ` (${limit})`} ${when}, at ${this.at(0)}Z. Renew them, and set the new date. ${whereToLook}`;
    return messageForPeople(this, Token.isUnresolved(name) ? `Licenses ${when}` : `Licenses ${when}: ${name}`, text);
  }

  private letPublish(role: Role, topic: ITopicRef, topicArn: string): Grant | undefined {
    acknowledgeStandards(role, {
      IAMNoInlinePolicy: 'The policy is for this role and the one topic that it tells: nobody else is to have it, which a managed policy would make possible.',
    });
    acknowledge(role, 'Annotation::AwsSolutions-IAM5[Action::kms:GenerateDataKey*]',
      'aws-cdk-lib lets who publishes to a topic use the key of the topic so, and that key alone.');
    if (topicArn === topic.topicRef.topicArn) {
      return TopicGrants.fromTopic(topic).publish(role);
    }
    // A grant would refer to the other stack.
    const { account, partition, region } = Stack.of(this);
    role.addToPolicy(new PolicyStatement({ actions: ['sns:Publish'], resources: [topicArn] }));
    if (resourceBehind(topic, CfnTopic.isCfnTopic)?.kmsMasterKeyId !== undefined) {
      const keys = `arn:${partition}:kms:${region}:${account}:key/*`;
      role.addToPolicy(new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: [keys],
        conditions: { StringEquals: { 'kms:ViaService': `sns.${region}.${Aws.URL_SUFFIX}`, 'kms:EncryptionContext:aws:sns:topicArn': topicArn } },
      }));
      acknowledgeWildcard(role, keys, 'The key is in another stack, and its id is not known at synthesis: the conditions admit that of the topic alone.');
    }
    return undefined;
  }
}

const PROPS: Shape<LicenseExpiryReminderProps> = {
  licenseConfiguration: needed(construct('a self-managed license', 'licenseConfigurationRef')),
  daysBefore: listOf(NUMBER),
  licenseExpiry: ofClass('Expiration', 'toEpoch'),
  topic: construct('a topic', 'topicRef'),
};
