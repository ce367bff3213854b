import type { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { directEvent } from '../private/facade/events';

/**
 * The events that License Manager itself sends to Amazon EventBridge, in an account and its Region, as well as it can. No trail is needed.
 *
 * What they carry is not documented, so that the rules match what they are about and nothing else: to look into an event is a matter of the target.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
 * import { Topic } from 'aws-cdk-lib/aws-sns';
 * import { LicenseManagerEvents } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Events');
 * LicenseManagerEvents.onGrantChange(stack, 'Grants', { target: new SnsTopic(new Topic(stack, 'Topic', { enforceSSL: true })) });
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-license-manager.html
 */
export class LicenseManagerEvents {
  /**
   * A rule for changes of grants: those that the account gives, and those that it gets.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onGrantChange(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new LicenseManagerEvents('Grant Change').rule(scope, id, options);
  }

  /**
   * A rule for changes of seller-issued licenses.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onLicenseChange(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new LicenseManagerEvents('License Change').rule(scope, id, options);
  }

  /**
   * A rule for entitlements of seller-issued licenses being checked out or in.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onLicenseConsumptionChange(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new LicenseManagerEvents('License Consumption Change').rule(scope, id, options);
  }

  /**
   * A rule for changes of the tokens of licenses.
   *
   * @param scope   the rule's parent
   * @param id      the rule's construct id
   * @param options the target, and more
   */
  public static onLicenseTokenChange(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return new LicenseManagerEvents('License Token Change').rule(scope, id, options);
  }

  private constructor(private readonly detailType: string) {}

  private rule(scope: Construct, id: string, options?: OnEventOptions): Rule {
    return directEvent(scope, id, SOURCE, this.detailType, options);
  }
}

const SOURCE = 'aws.license-manager';
