import { Annotations, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import type { IBucket, IBucketRef } from 'aws-cdk-lib/aws-s3';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import type { ITopic, ITopicRef } from 'aws-cdk-lib/aws-sns';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import type { CrossAccountDiscovery } from './cross-account-discovery';
import { ManagedResource } from '../custom-resource/construct/managed-resource';
import { serviceSettings } from '../custom-resource/contract/types/service-settings';
import { policiesOf } from '../private/facade/resource-policy';
import { brand, isBranded } from '../private/identity/copies';
import { declaredBefore } from '../private/identity/environment';
import { needs, Prerequisite, provides } from '../private/identity/prerequisites';
import { accountOf, knownToDiffer, resourceInArn, regionOf, resourceBehind } from '../private/identity/reference';
import { admitPublishers, admitPublishersToKey, resourceOfKeyOf, warnOfFifoTopic, warnOfTopicName } from '../private/license/notice-topic';
import { offerTopic } from '../private/license/notices';
import { checkReportBucket, warnOfBucketKey, warnOfBucketName } from '../private/license/report-bucket';
import { ANYTHING, construct, FLAG, givenProps, listOf, ofClass, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { regionsOf } from '../private/validation/regions';
import { checkNoSnapshot, keptBy } from '../private/validation/removal';
import { checkSize, lit, refuse } from '../private/validation/validation';

/**
 * Properties of the settings of License Manager.
 */
export interface ServiceSettingsProps {
  /**
   * The bucket for usage reports and inventory. `LicenseManagerBucket` is a right one.
   *
   * Once set it can be changed, but not be taken away: License Manager has no way to do that. So a bucket that would go with its stack causes a warning, and
   * so does one that License Manager could not write to: with another name than one that begins with `aws-license-manager-service-`, encrypted with a key
   * of AWS KMS, or known to be in another Region. Of a bucket that is open to the public is warned, too.
   *
   * @default - as it is; without one, License Manager makes a bucket of its own with the first report
   */
  readonly reportBucket?: IBucketRef;

  /**
   * The topic for notices: licenses that expire (120, 90, 60, 30 and 0 days before), soft limits that are exceeded, results of discovery.
   * `LicenseManagerTopic` is a right one. Alarms of licenses and of Linux subscriptions in the same account and Region that have no action use it, too.
   *
   * The policy of a topic that the app makes as an L2, and that of its key if the app makes it, let License Manager and the alarms of the account publish. What
   * cannot be seen to here causes a warning: a name that does not begin with `aws-license-manager-service-`, a key that is imported, disabled, of another
   * Region, or that of Amazon SNS, another account or Region, and a FIFO topic.
   *
   * Once set it can be changed, but not be taken away. So a topic that would go with its stack causes a warning, and so does a key that would.
   *
   * @default - as it is
   */
  readonly topic?: ITopicRef;

  /**
   * Whether License Manager is linked with AWS Organizations: it then has roles in all accounts, shares by AWS RAM, and accepts grants by itself.
   *
   * For the management account of an organization with all features, in each Region. The function gets the permissions to trust License Manager in the
   * organization and to make its service-linked roles.
   *
   * `false` ends the link, for all that rely on it, and causes a warning.
   *
   * @default - as it is
   */
  readonly organizationIntegration?: boolean;

  /**
   * Whether License Manager discovers what runs in the accounts of the organization. It cannot be undone. It takes the link with the organization: together
   * with `organizationIntegration: false` it causes a warning.
   *
   * @default - as it is
   */
  readonly crossAccountDiscovery?: CrossAccountDiscovery;

  /**
   * The Regions in which License Manager discovers what license asset groups count: the Region of the stack is where the results are. The first results
   * take up to 24 hours. They can be changed, but not be taken away.
   *
   * One that is named twice causes a warning, and is written once; so does what has not the form of the name of a Region.
   *
   * Throws a `ValidationError` for no Region, and for a name without or with more than 100 characters.
   *
   * @default - as they are
   */
  readonly discoveryRegions?: string[];

  /**
   * Whether the first deployment may change what somebody else has set: another bucket, another topic, other Regions, or a link of the organization that
   * is to end. What it overwrites, is put back by nobody.
   *
   * @default false - the deployment fails with both values
   */
  readonly overwriteExistingSettings?: boolean;

  /**
   * What happens to the settings when they are taken out of the app.
   *
   * With `RemovalPolicy.DESTROY` the link with the organization is ended, if this has made it and nobody has changed it since: **with it go the shares and
   * the grants of everybody in the organization that rely on it.** Everything else stays in any case: License Manager cannot be told to forget it. Where
   * the settings do not say `organizationIntegration: true`, there is nothing to end, and an information says so.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @default RemovalPolicy.RETAIN - all settings stay as they are
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The settings of License Manager in an account and a Region: where reports and notices go, and how it works with the organization.
 *
 * They belong to nobody: only what is declared here is read and, where it differs, written. What another stack declares stays, and so does everything when
 * this is taken out of the app. Between deployments nobody corrects what is changed outside of the app.
 *
 * Report generators, license asset groups, shares and grants to organizations wait for the settings of their stack. The custom resource has a function,
 * whose code is an asset: a stack that takes no assets refuses it with a `ValidationError`.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { LicenseManagerBucket, LicenseManagerTopic, ServiceLinkedRole, ServiceSettings } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Settings');
 * new ServiceLinkedRole(stack, 'Role');
 * new ServiceSettings(stack, 'Settings', {
 *   reportBucket: new LicenseManagerBucket(stack, 'Reports'),
 *   topic: new LicenseManagerTopic(stack, 'Notices'),
 * });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/settings-managed-licenses.html
 */
@propertyInjectable
export class ServiceSettings extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.ServiceSettings';

  /**
   * Whether the given object is a `ServiceSettings`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isServiceSettings(x: any): x is ServiceSettings {
    return isBranded(x, 'ServiceSettings');
  }

  /**
   * The topic for notices, if it is declared here.
   */
  public readonly topic?: ITopicRef;

  /**
   * The ARN of the resource share that License Manager makes for the organization, as of the last deployment that has changed the settings; empty without
   * a link.
   */
  public readonly licenseManagerResourceShareArn: string;

  /**
   * Declares settings.
   *
   * Throws a `ValidationError` for settings of which nothing is declared, for `RemovalPolicy.SNAPSHOT`, for a second one in a stack, and for a setting that
   * the app declares in the same account and Region already.
   */
  constructor(scope: Construct, id: string, props: ServiceSettingsProps = {}) {
    super(scope, id);
    brand(this, 'ServiceSettings');
    props = givenProps(this, props, PROPS);
    const { reportBucket, topic, organizationIntegration, crossAccountDiscovery, overwriteExistingSettings, removalPolicy } = props;
    checkNoSnapshot(this, removalPolicy, 'setting');
    const discovery = crossAccountDiscovery?._enabled;
    const discoveryRegions = props.discoveryRegions && regionsOf(this, 'discoveryRegions', props.discoveryRegions);
    checkSize(this, lit`DiscoveryRegionsEmpty`, {
      property: 'discoveryRegions',
      value: discoveryRegions,
      minimum: 1,
      maximum: Infinity,
      wayOut: 'License Manager cannot be told to forget them. Name those that are to be left, or leave it out.',
    });
    const declared = { reportBucket, topic, organizationIntegration, crossAccountDiscovery: discovery, discoveryRegions };
    const names = Object.entries(declared).filter(([, value]) => value !== undefined).map(([name]) => name);
    if (names.length === 0) {
      refuse(this, lit`ServiceSettingsEmpty`, `no setting is declared. Set one of ${Object.keys(declared).join(', ')}, or leave the settings out.`);
    }
    for (const name of names) {
      const other = declaredBefore(this, 'service setting', name);
      if (other !== undefined) {
        refuse(this, lit`ServiceSettingDeclaredTwice`,
          `${name} is declared by '${other}' in the same account and Region already: the two would overwrite each other. Declare it once.`);
      }
    }
    const sibling = declaredBefore(this, `settings of stack '${Stack.of(this).node.path}'`, '');
    if (sibling !== undefined) {
      refuse(this, lit`ServiceSettingsTwice`,
        `'${sibling}' declares settings in the same stack already, and a stack has one resource for them: the name of that says that it is the settings, and ` +
        `not which. Put ${names.join(', ')} there, or this into another stack.`);
    }
    this.topic = topic;
    const { resource } = new ManagedResource(this, 'Resource', {
      definition: serviceSettings,
      properties: {
        S3BucketArn: reportBucket?.bucketRef.bucketArn,
        SnsTopicArn: topic?.topicRef.topicArn,
        OrganizationIntegration: organizationIntegration,
        CrossAccountsDiscovery: discovery,
        DiscoverySourceRegions: discoveryRegions,
        OverwriteExistingSettings: overwriteExistingSettings,
        TurnOffOnDelete: removalPolicy === RemovalPolicy.DESTROY || undefined,
      },
    });
    this.licenseManagerResourceShareArn = resource.getAtt('LicenseManagerResourceShareArn').toString();
    provides(resource, Prerequisite.SETTINGS);
    needs(resource, Prerequisite.ROLE);
    if (reportBucket) {
      this.checkBucket(reportBucket);
    }
    if (topic) {
      this.checkTopic(topic);
      offerTopic(this, topic);
    }
    if (discovery) {
      Annotations.of(this).addInfoV2('cdk-license-manager:crossAccountDiscoveryForEver',
        'crossAccountDiscovery cannot be turned off again, neither by this app nor by License Manager.');
    }
    if (organizationIntegration === false) {
      this.warnOfNoLink(discovery);
    }
    if (removalPolicy === RemovalPolicy.DESTROY && (organizationIntegration === undefined || organizationIntegration === false)) {
      Annotations.of(this).addInfoV2('cdk-license-manager:nothingToTurnOff',
        `removalPolicy is '${removalPolicy}', and there is nothing that it turns off: that is the link with the organization, if these settings have made it. ` +
        'Leave it out, or set organizationIntegration to true.');
    }
  }

  private warnOfNoLink(discovery: boolean | undefined): void {
    if (discovery) {
      Annotations.of(this).addWarningV2('cdk-license-manager:crossAccountDiscoveryWithoutLink',
        'organizationIntegration is false, and crossAccountDiscovery takes the link with the organization: License Manager cannot do both. Leave ' +
        'organizationIntegration out, or crossAccountDiscovery.');
    } else {
      Annotations.of(this).addWarningV2('cdk-license-manager:organizationLinkEnded',
        'organizationIntegration is false: that ends the link with the organization, and with it go the shares and the grants of everybody who relies on it. ' +
        'Leave it out, or acknowledge this finding.');
    }
  }

  private checkBucket(bucket: IBucketRef): void {
    const resource = resourceBehind(bucket, CfnBucket.isCfnBucket);
    if (knownToDiffer(bucket.env.region, Stack.of(this).region)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:reportBucketInAnotherRegion',
        `reportBucket '${bucket.node.path}' is in Region '${bucket.env.region}' and the settings are those of '${Stack.of(this).region}': License Manager takes a ` +
        'bucket of its own Region. Make one there.');
    }
    if (!resource) {
      warnOfBucketName(this, bucket.bucketRef.bucketName);
      const { encryptionKey } = bucket as Partial<IBucket>;
      if (encryptionKey) {
        warnOfBucketKey(this, `key '${encryptionKey.node.path}'`);
      }
      return;
    }
    this.waitForPolicies(resource);
    // Mixins and Aspects may change it until the app is complete.
    this.node.addValidation({
      validate: () => {
        checkReportBucket(resource);
        this.warnOfLoss(`reportBucket '${bucket.node.path}'`, resource);
        return [];
      },
    });
  }

  private checkTopic(topic: ITopicRef): void {
    const { topicArn } = topic.topicRef;
    const { account, region } = Stack.of(this);
    if (knownToDiffer(regionOf(topic, topicArn), region) || knownToDiffer(accountOf(topic, topicArn), account)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:noticeTopicElsewhere',
        `topic '${topic.node.path}' is in '${accountOf(topic, topicArn)}/${regionOf(topic, topicArn)}' and the settings are those of '${account}/${region}': `
        + 'License Manager takes a topic of its own account and Region. Make one there.');
    }
    const resource = resourceBehind(topic, CfnTopic.isCfnTopic);
    if (!resource) {
      const name = resourceInArn(topicArn);
      const { fifo, masterKey } = topic as Partial<ITopic>;
      warnOfTopicName(this, name ?? topicArn);
      warnOfFifoTopic(this, topic.node.path, name, fifo);
      if (masterKey) {
        admitPublishersToKey(this, masterKey, regionOf(topic, topicArn));
      }
      return;
    }
    this.waitForPolicies(resource);
    const isPrepared = isBranded(topic, 'LicenseManagerTopic');
    if (!isPrepared) {
      admitPublishers(this, resource);
    }
    this.node.addValidation({
      validate: () => {
        // The L2 has a token for the name that it leaves to CloudFormation.
        const name = Stack.of(this).resolve(resource.topicName) === undefined ? undefined : resource.topicName;
        if (!isPrepared) {
          warnOfTopicName(this, name);
        }
        warnOfFifoTopic(this, topic.node.path, name, resource.fifoTopic === true);
        this.warnOfLoss(`topic '${topic.node.path}'`, resource);
        const key = resourceOfKeyOf(resource);
        if (key && keptBy(resource) !== undefined) {
          this.warnOfLoss(`the key of topic '${topic.node.path}'`, key);
        }
        return [];
      },
    });
  }

  /** Until License Manager may write to it, it need not take it. */
  private waitForPolicies(resource: CfnBucket | CfnTopic): void {
    if (resource.stack === Stack.of(this)) {
      this.node.addDependency(policiesOf(resource));
    }
  }

  private warnOfLoss(what: string, resource: CfnResource): void {
    if (keptBy(resource) === undefined) {
      Annotations.of(this).addWarningV2('cdk-license-manager:settingLost',
        `${what} is deleted with its stack, and License Manager cannot be told to forget it: it would write to what is gone. ` +
        'Set its removalPolicy to RemovalPolicy.RETAIN.');
    }
  }
}

const PROPS: Shape<ServiceSettingsProps> = {
  reportBucket: construct('a bucket', 'bucketRef'),
  topic: construct('a topic', 'topicRef'),
  organizationIntegration: FLAG,
  crossAccountDiscovery: ofClass('CrossAccountDiscovery'),
  discoveryRegions: listOf(TEXT),
  overwriteExistingSettings: FLAG,
  removalPolicy: ANYTHING,
};
