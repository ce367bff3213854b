import { Rule } from 'aws-cdk-lib/aws-events';
import type { OnEventOptions } from 'aws-cdk-lib/aws-events';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { Construct } from 'constructs';
import { givenRule } from '../private/facade/events';
import { regionOfLicense } from '../private/license/license-reference';
import { construct, givenAs } from '../private/validation/given';
import { checkRegion } from '../private/validation/place';
import { lit } from '../private/validation/validation';

/**
 * Events of a self-managed license: what somebody did to it.
 *
 * AWS CloudTrail records the calls of License Manager's API and hands those that write on to Amazon EventBridge, if the account has
 * a trail that logs management events. The service's own events are about seller-issued licenses only: there is none for a limit
 * that was exceeded; set an alarm for that (`addUsageAlarm`).
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-license-manager.html
 */
export class LicenseConfigurationEvents {
  /**
   * The events of a license: an L2, an L1 or an imported one.
   *
   * The rules have to be in the Region of the license, where its events are: each method throws a `ValidationError` if the stack that the
   * rule is in is known to be of another Region. Import a license of another Region in a stack of that Region.
   *
   * @param licenseConfiguration the license
   */
  public static fromLicenseConfiguration(licenseConfiguration: ILicenseConfigurationRef): LicenseConfigurationEvents {
    return new LicenseConfigurationEvents(
      givenAs('LicenseConfigurationEvents.fromLicenseConfiguration()', 'licenseConfiguration', licenseConfiguration, construct('a self-managed license', 'licenseConfigurationRef')));
  }

  private constructor(private readonly licenseConfiguration: ILicenseConfigurationRef) {}

  /**
   * A rule for every call that writes and names the license: changes, associations, tags and the deletion.
   *
   * Narrow it down with `eventPattern`, by what the rule does not ask for yet: values for what it does ask for are added to its own, and widen it.
   *
   * @param id the rule's construct id
   * @param options the target, and more
   */
  public onCloudTrailEvent(id: string, options: OnEventOptions = {}): Rule {
    return this.rule(id, options, {
      requestParameters: {
        $or: [
          { licenseConfigurationArn: [this.arn] },
          ...this.licenseSpecifications(),
          { resourceArn: [this.arn] },
        ],
      },
    });
  }

  /**
   * A rule for changes of the license: its name, its description, its count, its limit, its status or its product information.
   *
   * @param id the rule's construct id
   * @param options the target, and more
   */
  public onCloudTrailUpdate(id: string, options: OnEventOptions = {}): Rule {
    return this.rule(id, options, {
      eventName: ['UpdateLicenseConfiguration'],
      requestParameters: { licenseConfigurationArn: [this.arn] },
    });
  }

  /**
   * A rule for the license being deactivated or reactivated.
   *
   * @param id the rule's construct id
   * @param options the target, and more
   */
  public onCloudTrailStatusChange(id: string, options: OnEventOptions = {}): Rule {
    return this.rule(id, options, {
      eventName: ['UpdateLicenseConfiguration'],
      requestParameters: { licenseConfigurationArn: [this.arn], licenseConfigurationStatus: [{ exists: true }] },
    });
  }

  /**
   * A rule for the license being associated with a resource, or disassociated from one.
   *
   * Launches with the license and automated discovery are not calls of the API, and are not reported.
   *
   * @param id the rule's construct id
   * @param options the target, and more
   */
  public onCloudTrailAssociationChange(id: string, options: OnEventOptions = {}): Rule {
    return this.rule(id, options, {
      eventName: ['UpdateLicenseSpecificationsForResource'],
      requestParameters: { $or: this.licenseSpecifications() },
    });
  }

  /**
   * A rule for the deletion of the license.
   *
   * A deletion that is part of the deletion of the rule's own stack may not be seen: put the rule into another stack with
   * `crossStackScope`.
   *
   * @param id the rule's construct id
   * @param options the target, and more
   */
  public onCloudTrailDelete(id: string, options: OnEventOptions = {}): Rule {
    return this.rule(id, options, {
      eventName: ['DeleteLicenseConfiguration'],
      requestParameters: { licenseConfigurationArn: [this.arn] },
    });
  }

  private get arn(): string {
    return this.licenseConfiguration.licenseConfigurationRef.licenseConfigurationArn;
  }

  private licenseSpecifications() {
    return ['addLicenseSpecifications', 'removeLicenseSpecifications'].map(parameter => ({
      [parameter]: { licenseConfigurationArn: [this.arn] },
    }));
  }

  private rule(id: string, options: OnEventOptions, detail: { [field: string]: any }): Rule {
    options = givenRule(this.licenseConfiguration, id, options);
    // Every construct is a `Construct`; the reference interface only knows `IConstruct`.
    const rule = new Rule(this.licenseConfiguration as unknown as Construct, id, options);
    // Asked of the rule: a `crossStackScope` in another environment than the license's stack is ignored by `Rule`.
    const licenseRegion = regionOfLicense(this.licenseConfiguration);
    checkRegion(rule, lit`LicenseInAnotherRegion`, {
      what: 'the license',
      value: licenseRegion,
      neededBy: 'the rule',
      reason: `events stay in their Region, so that it would never match. Import the license in a stack of '${licenseRegion}' ` +
        '(LicenseConfiguration.fromLicenseConfigurationArn), and make the rule with it.',
    });
    rule.addEventPattern({
      source: ['aws.license-manager'],
      detailType: ['AWS API Call via CloudTrail'],
      detail: { eventSource: ['license-manager.amazonaws.com'], ...detail },
    });
    rule.addTarget(options.target);
    return rule;
  }
}
