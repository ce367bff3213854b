import { EventField, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { consoleAddress } from '../private/license/console';
import { describeLicense, nameOfLicense } from '../private/license/described-license';
import { regionOfLicense } from '../private/license/license-reference';
import { chatMessage } from '../private/license/people';
import { construct, givenAs } from '../private/validation/given';
import { checkOneOf, lit } from '../private/validation/validation';
import type { Who } from '../private/validation/validation';

/**
 * Who reads a message.
 */
export enum LicenseMessageFormat {
  /**
   * People, in mails and text messages: a text.
   */
  TEXT = 'TEXT',

  /**
   * Channels of Amazon Q Developer in chat applications (Slack, Microsoft Teams), which show a message of EventBridge in a form of their own only.
   *
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
   */
  CHAT = 'CHAT',
}

/**
 * What people read of an event of licenses: who did what, to which license, whose, where to look. For targets of rules, such as a topic.
 *
 * Without it the target gets the event, which is JSON.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
 * import { Topic } from 'aws-cdk-lib/aws-sns';
 * import { LicenseConfiguration, LicenseCounting, LicenseEventMessage } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Licenses');
 * const windows = new LicenseConfiguration(stack, 'Windows', { licenseCounting: LicenseCounting.vcpus() });
 * windows.events.onCloudTrailUpdate('Changed', {
 *   target: new SnsTopic(new Topic(stack, 'Topic', { enforceSSL: true }), { message: LicenseEventMessage.ofCloudTrail(windows) }),
 * });
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export class LicenseEventMessage {
  /**
   * Of what somebody did to a license: for the rules of `license.events`.
   *
   * CloudTrail tells of calls that were refused, too: the message has the code of the error, if there is one.
   *
   * Throws a `ValidationError` for a format that there is not.
   *
   * @param licenseConfiguration the license
   * @param format               who reads it; by default `LicenseMessageFormat.TEXT`
   */
  public static ofCloudTrail(licenseConfiguration: ILicenseConfigurationRef, format?: LicenseMessageFormat): RuleTargetInput {
    const method = 'LicenseEventMessage.ofCloudTrail()';
    const found = givenAs(method, 'licenseConfiguration', licenseConfiguration, construct('a self-managed license', 'licenseConfigurationRef'));
    const { license, limit, whereToLook } = describeLicense(found);
    const field = (path: string) => EventField.fromPath(`$.detail.${path}`);
    return new LicenseEventMessage(
      withoutPlaceholders(`Self-managed license ${nameOfLicense(found)}`),
      `${field('userIdentity.arn')} called ${field('eventName')} on self-managed license ${withoutPlaceholders(license)}${limit === undefined ? '' : ` (${limit})`} at `
        + `${field('eventTime')}. Resource, if it names one: [${field('requestParameters.resourceArn')}]. `
        + `Error, if it was refused: [${field('errorCode')}]. ${whereToLook} CloudTrail has all of it, as event ${field('eventID')}${linkTo(regionOfLicense(found))}`,
    ).inFormat(method, format);
  }

  /**
   * Of what License Manager tells by itself: for the rules of `LicenseManagerEvents` and `UserSubscriptionEvents`. What these events carry is not documented,
   * so that it says what happened, where, and to which resources, and no more.
   *
   * Throws a `ValidationError` for a format that there is not.
   *
   * @param format who reads it; by default `LicenseMessageFormat.TEXT`
   */
  public static ofService(format?: LicenseMessageFormat): RuleTargetInput {
    const field = (path: string) => EventField.fromPath(`$.${path}`);
    return new LicenseEventMessage(
      'AWS License Manager',
      `AWS License Manager says: ${field('detail-type')}, in account ${field('account')}, ${field('region')}, at ${field('time')}. Resources: ${field('resources')}. `
        + 'Look at its console for more.',
    ).inFormat('LicenseEventMessage.ofService()', format);
  }

  private constructor(private readonly title: string, private readonly text: string) {}

  private inFormat(who: Who, format: LicenseMessageFormat = LicenseMessageFormat.TEXT): RuleTargetInput {
    checkOneOf(who, lit`LicenseMessageFormat`, {
      property: 'format', value: format ?? undefined, allowed: Object.values(LicenseMessageFormat), decides: 'what is in the template',
    });
    return format === LicenseMessageFormat.CHAT
      ? RuleTargetInput.fromObject(chatMessage(this.title, this.text)) : RuleTargetInput.fromText(this.text);
  }
}

/**
 * A text in which EventBridge finds no placeholder of its own or of another field: it has no escape for `<`.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
function withoutPlaceholders(text: string): string {
  return text.replaceAll('<', '‹').replaceAll('>', '›');
}

function linkTo(region: string): string {
  const address = consoleAddress(region, 'cloudtrailv2');
  return address === undefined ? '.' : `: ${address}`;
}
