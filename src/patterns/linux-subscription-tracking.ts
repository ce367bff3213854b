import { Stack } from 'aws-cdk-lib';
import type { RemovalPolicy } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopicRef } from 'aws-cdk-lib/aws-sns';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { serviceLinkedRoleOf } from './private/roles';
import { actionsOf } from './private/watch';
import { LinuxSubscriptionsSettings } from '../linux-subscriptions/linux-subscriptions-settings';
import type { LinuxSubscriptionsAlarmOptions } from '../linux-subscriptions/linux-subscriptions-settings';
import { RhsmSecret } from '../linux-subscriptions/rhsm-secret';
import type { RhsmSecretProps } from '../linux-subscriptions/rhsm-secret';
import { SubscriptionProvider } from '../linux-subscriptions/subscription-provider';
import { brand, isBranded } from '../private/identity/copies';
import { entriesByKey } from '../private/identity/entries';
import { ANYTHING, construct, FLAG, givenProps, listOf, mapOf, OBJECT, objectWith, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { LicenseManagerFeature } from '../settings/service-linked-role';
import type { ServiceLinkedRole } from '../settings/service-linked-role';

/**
 * Properties of the tracking of Linux subscriptions.
 */
export interface LinuxSubscriptionTrackingProps {
  /**
   * The Regions in which instances are looked for: 1 to 100. The Region of the stack is where the results are.
   *
   * Throws a `ValidationError` for another number of Regions.
   *
   * @default - the Region of the stack
   */
  readonly sourceRegions?: string[];

  /**
   * Whether the accounts of the organization are looked at as well: for the management account of an organization, or its delegated administrator.
   *
   * @default - as it is; not in an account that has never set it
   */
  readonly organizationIntegration?: boolean;

  /**
   * The secret with the offline token of Red Hat Subscription Manager, by which License Manager finds out which subscriptions instances with Red Hat Enterprise
   * Linux have. `{}` makes an empty one, into which somebody writes the token.
   *
   * @default - License Manager does not ask Red Hat
   */
  readonly redHat?: RhsmSecretProps;

  /**
   * Alarms on the number of running instances with a subscription, by their construct ids.
   *
   * @default - none; `settings.addAlarm()` adds more
   */
  readonly alarms?: { [id: string]: LinuxSubscriptionsAlarmOptions };

  /**
   * The topic that alarms without actions of their own tell. Its policy has to let Amazon CloudWatch publish, and so has that of its key: `LicenseManagerTopic`
   * does.
   *
   * @default - the topic of the `ServiceSettings` in the same account and Region, if the app declares one
   */
  readonly notificationTopic?: ITopicRef;

  /**
   * Whether the settings may be changed from this Region, although they were set up from another one, see `LinuxSubscriptionsSettings`.
   *
   * @default false - the deployment fails if another Region is the home Region
   */
  readonly allowUpdate?: boolean;

  /**
   * Whether the first deployment may change what somebody else has set, see `LinuxSubscriptionsSettings`.
   *
   * @default false - the deployment fails with both values
   */
  readonly overwriteExistingSettings?: boolean;

  /**
   * What happens to the settings when they are taken out of the app, see `LinuxSubscriptionsSettings`. With `RemovalPolicy.DESTROY` all data that were discovered
   * are deleted.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @default RemovalPolicy.RETAIN - all settings stay as they are
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Tracks which commercial Linux subscriptions run on instances, in an account or in an organization, and tells when there are more than there should be.
 *
 * | part | what it is for |
 * | --- | --- |
 * | `role` | the service-linked role by which License Manager looks |
 * | `settings` | the discovery, in all `sourceRegions`; it waits until License Manager has set it up |
 * | `secret`, `provider` | with `redHat`: License Manager asks Red Hat which subscriptions instances have |
 * | `alarms` | on the number of running instances |
 *
 * The first data come within 36 hours. When it is taken out of the app, the provider, the secret and the alarms go; the discovery stays.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { LinuxSubscription, patterns } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Linux');
 * new patterns.LinuxSubscriptionTracking(stack, 'Tracking', {
 *   sourceRegions: ['eu-west-1', 'us-east-1'],
 *   redHat: {},
 *   alarms: { ManyInstances: { subscription: LinuxSubscription.RHEL_BYOS, threshold: 100 } },
 * });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/linux-subscriptions.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/linux-subscriptions-manage-discovery.html
 */
@propertyInjectable
export class LinuxSubscriptionTracking extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.patterns.LinuxSubscriptionTracking';

  /**
   * Whether the given object is a `LinuxSubscriptionTracking`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isLinuxSubscriptionTracking(x: any): x is LinuxSubscriptionTracking {
    return isBranded(x, 'LinuxSubscriptionTracking');
  }

  /**
   * The service-linked role for Linux subscriptions.
   */
  public readonly role: ServiceLinkedRole;

  /**
   * The discovery, with its metrics. More alarms are added to it.
   */
  public readonly settings: LinuxSubscriptionsSettings;

  /**
   * The secret with the offline token, if there is one.
   */
  public readonly secret?: RhsmSecret;

  /**
   * What asks Red Hat, if there is something.
   */
  public readonly provider?: SubscriptionProvider;

  /**
   * The alarms, by the ids that they were given.
   */
  public readonly alarms: { [id: string]: Alarm };

  /**
   * Declares the tracking.
   *
   * Throws a `ValidationError` for what the properties, `LinuxSubscriptionsSettings` and `RhsmSecret` say.
   */
  constructor(scope: Construct, id: string, props: LinuxSubscriptionTrackingProps = {}) {
    super(scope, id);
    brand(this, 'LinuxSubscriptionTracking');
    props = givenProps(this, props, PROPS);
    const { redHat, alarms = {}, notificationTopic, sourceRegions = [Stack.of(this).region], ...settings } = props;
    this.role = serviceLinkedRoleOf(this, LicenseManagerFeature.LINUX_SUBSCRIPTIONS);
    this.settings = new LinuxSubscriptionsSettings(this, 'Settings', {
      sourceRegions,
      organizationIntegration: settings.organizationIntegration,
      allowUpdate: settings.allowUpdate,
      overwriteExistingSettings: settings.overwriteExistingSettings,
      removalPolicy: settings.removalPolicy,
    });
    if (redHat) {
      this.secret = new RhsmSecret(this, 'OfflineToken', redHat);
      this.provider = new SubscriptionProvider(this, 'RedHat', { secret: this.secret });
    }
    const actions = actionsOf(notificationTopic);
    this.alarms = Object.fromEntries(entriesByKey(alarms).map(([name, options]) =>
      [name, this.settings.addAlarm(name, { ...options, actions: options.actions ?? actions })]));
  }
}

const PROPS: Shape<LinuxSubscriptionTrackingProps> = {
  sourceRegions: listOf(TEXT),
  organizationIntegration: FLAG,
  redHat: OBJECT,
  alarms: mapOf(objectWith('subscription', 'threshold')),
  notificationTopic: construct('a topic', 'topicRef'),
  allowUpdate: FLAG,
  overwriteExistingSettings: FLAG,
  removalPolicy: ANYTHING,
};
