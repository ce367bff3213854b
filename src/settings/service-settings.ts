import { Annotations, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import type { ITopicRef } from 'aws-cdk-lib/aws-sns';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import type { CrossAccountDiscovery } from './cross-account-discovery';
import { ManagedResource } from '../custom-resource/construct/managed-resource';
import { serviceSettings } from '../custom-resource/contract/types/service-settings';
import { brand, isBranded } from '../private/identity/copies';
import { declaredBefore } from '../private/identity/environment';
import { needs, Prerequisite, provides } from '../private/identity/prerequisites';
import { accountOf, knownToDiffer, resourceInArn, regionOf, resourceBehind } from '../private/identity/reference';
import { admitPublishers, warnOfTopicName } from '../private/license/notice-topic';
import { offerTopic } from '../private/license/notices';
import { checkReportBucket, warnOfBucketName } from '../private/license/report-bucket';
import { ANYTHING, FLAG, givenProps, listOf, ofClass, reference, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkNoSnapshot, keptBy } from '../private/validation/removal';
import { lit, refuse } from '../private/validation/validation';

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
   * `LicenseManagerTopic` is a right one. Alarms of licenses in the same account and Region that name no action use it, too.
   *
   * The policy of a topic that the app makes as an L2, and that of its key if the app makes it, let License Manager and the alarms of the account publish. What
   * cannot be seen to here causes a warning: a name that does not begin with `aws-license-manager-service-`, a key that is imported or that of Amazon SNS,
   * another account or Region.
   *
   * Once set it can be changed, but not be taken away. So a topic that would go with its stack causes a warning.
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
   * `false` ends the link, for all that rely on it.
   *
   * @default - as it is
   */
  readonly organizationIntegration?: boolean;

  /**
   * Whether License Manager discovers what runs in the accounts of the organization. It cannot be undone.
   *
   * @default - as it is
   */
  readonly crossAccountDiscovery?: CrossAccountDiscovery;

  /**
   * The Regions in which License Manager discovers what license asset groups count: the Region of the stack is where the results are. The first results
   * take up to 24 hours.
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
   * the grants of everybody in the organization that rely on it.** Everything else stays in any case: License Manager cannot be told to forget it.
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
   * Throws a `ValidationError` for settings of which nothing is declared, for `RemovalPolicy.SNAPSHOT`, for settings that its stack has already, and for
   * a setting that the app declares in the same account and Region already.
   */
  constructor(scope: Construct, id: string, props: ServiceSettingsProps = {}) {
    super(scope, id);
    brand(this, 'ServiceSettings');
    props = givenProps(this, props, PROPS);
    const { reportBucket, topic, organizationIntegration, crossAccountDiscovery, discoveryRegions, overwriteExistingSettings, removalPolicy } = props;
    checkNoSnapshot(this, removalPolicy, 'setting');
    const discovery = crossAccountDiscovery?._enabled;
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
      return;
    }
    // Mixins and Aspects may change it until the app is complete.
    this.node.addValidation({
      validate: () => {
        checkReportBucket(resource);
        this.warnOfLoss('reportBucket', resource);
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
      warnOfTopicName(this, resourceInArn(topicArn) ?? topicArn);
      return;
    }
    const isPrepared = isBranded(topic, 'LicenseManagerTopic');
    if (!isPrepared) {
      admitPublishers(this, resource);
    }
    this.node.addValidation({
      validate: () => {
        if (!isPrepared) {
          // The L2 has a token for the name that it leaves to CloudFormation.
          warnOfTopicName(this, Stack.of(this).resolve(resource.topicName) === undefined ? 'generated by CloudFormation' : resource.topicName!);
        }
        this.warnOfLoss('topic', resource);
        return [];
      },
    });
  }

  private warnOfLoss(property: string, resource: CfnBucket | CfnTopic): void {
    if (keptBy(resource) === undefined) {
      Annotations.of(this).addWarningV2('cdk-license-manager:settingLost',
        `${property} '${resource.node.path}' is deleted with its stack, and License Manager cannot be told to forget it: it would write to what is gone. ` +
        'Set its removalPolicy to RemovalPolicy.RETAIN.');
    }
  }
}

const PROPS: Shape<ServiceSettingsProps> = {
  reportBucket: reference('a bucket', 'bucketRef'),
  topic: reference('a topic', 'topicRef'),
  organizationIntegration: FLAG,
  crossAccountDiscovery: ofClass('CrossAccountDiscovery'),
  discoveryRegions: listOf(TEXT),
  overwriteExistingSettings: FLAG,
  removalPolicy: ANYTHING,
};
