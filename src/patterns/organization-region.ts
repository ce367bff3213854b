import { RemovalPolicy } from 'aws-cdk-lib';
import type { IBucketRef } from 'aws-cdk-lib/aws-s3';
import type { ITopicRef } from 'aws-cdk-lib/aws-sns';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { OrganizationMember } from './organization-member';
import type { OrganizationMemberProps } from './organization-member';
import { brand, isBranded } from '../private/identity/copies';
import { construct, FLAG, givenProps, listOf, OBJECT, ofClass, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import type { CrossAccountDiscovery } from '../settings/cross-account-discovery';
import { LicenseManagerBucket } from '../settings/license-manager-bucket';
import { LicenseManagerTopic } from '../settings/license-manager-topic';
import { ServiceSettings } from '../settings/service-settings';

/**
 * Properties of a Region of an organization.
 */
export interface OrganizationRegionProps {
  /**
   * The bucket for usage reports and inventory. It has to be in the Region.
   *
   * @default - a `LicenseManagerBucket`, which stays when it is taken out of the app
   */
  readonly reportBucket?: IBucketRef;

  /**
   * The topic for notices. It has to be in the Region. Subscribe people to it.
   *
   * @default - a `LicenseManagerTopic`, which stays when it is taken out of the app
   */
  readonly topic?: ITopicRef;

  /**
   * Whether License Manager discovers what runs in the accounts of the organization. It cannot be undone.
   *
   * @default - as it is
   */
  readonly crossAccountDiscovery?: CrossAccountDiscovery;

  /**
   * The Regions in which License Manager discovers what license asset groups of this Region count.
   *
   * @default - as they are
   */
  readonly discoveryRegions?: string[];

  /**
   * Whether the first deployment may change what somebody else has set, see `ServiceSettings`.
   *
   * @default false - the deployment fails with both values
   */
  readonly overwriteExistingSettings?: boolean;

  /**
   * What the account of the stack has in the Region.
   *
   * @default - an inventory every 30 minutes
   */
  readonly member?: OrganizationMemberProps;
}

/**
 * What License Manager has in one Region of the management account: a bucket, a topic, settings that link the organization, and the inventory of the account.
 *
 * `OrganizationHub` makes one for each of its Regions; in a stack of one's own it is for a Region that comes later, or that has to be in a certain stack. The
 * service-linked role of License Manager has to be there (`ServiceLinkedRole`), once for all Regions.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { patterns } from 'cdk-license-manager';
 *
 * new patterns.OrganizationRegion(new Stack(new App(), 'Ireland', { env: { account: '111122223333', region: 'eu-west-1' } }), 'Region');
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/settings-managed-licenses.html
 */
@propertyInjectable
export class OrganizationRegion extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.patterns.OrganizationRegion';

  /**
   * Whether the given object is an `OrganizationRegion`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isOrganizationRegion(x: any): x is OrganizationRegion {
    return isBranded(x, 'OrganizationRegion');
  }

  /**
   * The bucket for usage reports and inventory.
   */
  public readonly reportBucket: IBucketRef;

  /**
   * The topic for notices.
   */
  public readonly topic: ITopicRef;

  /**
   * The settings of License Manager, with the link.
   */
  public readonly settings: ServiceSettings;

  /**
   * What the account of the stack has.
   */
  public readonly member: OrganizationMember;

  /**
   * Declares what License Manager has in the Region of the stack.
   *
   * Throws a `ValidationError` for settings that the app declares in the account and the Region already, and for what `OrganizationMember` says.
   */
  constructor(scope: Construct, id: string, props: OrganizationRegionProps = {}) {
    super(scope, id);
    brand(this, 'OrganizationRegion');
    props = givenProps(this, props, PROPS);
    const { crossAccountDiscovery, discoveryRegions, overwriteExistingSettings } = props;
    // License Manager cannot be told to forget them. Those of a first deployment that fails are made again under the same names, by the next one.
    const removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    this.reportBucket = props.reportBucket ?? new LicenseManagerBucket(this, 'Reports', { removalPolicy });
    this.topic = props.topic ?? new LicenseManagerTopic(this, 'Notices', { removalPolicy });
    this.settings = new ServiceSettings(this, 'Settings', {
      reportBucket: this.reportBucket,
      topic: this.topic,
      organizationIntegration: true,
      crossAccountDiscovery,
      discoveryRegions,
      overwriteExistingSettings,
    });
    this.member = new OrganizationMember(this, 'Member', props.member);
  }
}

const PROPS: Shape<OrganizationRegionProps> = {
  reportBucket: construct('a bucket', 'bucketRef'),
  topic: construct('a topic', 'topicRef'),
  crossAccountDiscovery: ofClass('CrossAccountDiscovery'),
  discoveryRegions: listOf(TEXT),
  overwriteExistingSettings: FLAG,
  member: OBJECT,
};
