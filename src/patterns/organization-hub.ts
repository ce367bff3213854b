import { Annotations, CfnStackSet, Lazy, Names, Stack, Token } from 'aws-cdk-lib';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IGroupRef } from 'aws-cdk-lib/aws-resourcegroups';
import type { IBucketRef } from 'aws-cdk-lib/aws-s3';
import type { ITopicRef } from 'aws-cdk-lib/aws-sns';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { OrganizationMember } from './organization-member';
import type { OrganizationMemberProps } from './organization-member';
import { OrganizationRegion } from './organization-region';
import { MAXIMUM_BODY, MemberStack } from './private/member-stack';
import { serviceLinkedRoleOf } from './private/roles';
import { LicenseShare, SharePrincipal } from '../license-configuration/license-share';
import { onceEach } from '../private/finding/doubles';
import { brand, isBranded } from '../private/identity/copies';
import { knownToDiffer } from '../private/identity/reference';
import { construct, FLAG, given, givenProps, listOf, OBJECT, ofClass, reference, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkPattern, checkSize, isKnown, lit, refuse } from '../private/validation/validation';
import type { CrossAccountDiscovery } from '../settings/cross-account-discovery';
import { DelegatedAdministrator } from '../settings/delegated-administrator';
import { OrganizationSharing } from '../settings/organization-sharing';
import type { ServiceLinkedRole } from '../settings/service-linked-role';

/**
 * Properties of the hub of an organization.
 */
export interface OrganizationHubProps {
  /**
   * The root of the organization (`r-…`), or the organizational units (`ou-…-…`), whose accounts get what `OrganizationMember` has: those that are in them, and
   * those that join them. One that is named twice causes a warning, and is written once.
   *
   * CloudFormation StackSets has to be trusted in the organization before: `aws cloudformation activate-organizations-access`.
   *
   * Throws a `ValidationError` for none, and for an id of another form.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html
   * @default - there is no stack set; linking the organization alone lets License Manager see its accounts
   */
  readonly organizationalUnitIds?: string[];

  /**
   * The id of the organization, as `aws organizations describe-organization` tells it: `o-…`. `addShare()` takes it.
   *
   * Throws a `ValidationError` for an id of another form.
   *
   * @default - not known: `addShare()` throws a `ValidationError`
   */
  readonly organizationId?: string;

  /**
   * The id of the member account that administers License Manager, so that nobody has to work in the management account.
   *
   * Throws a `ValidationError` for an id of another form.
   *
   * @default - none
   */
  readonly administratorAccountId?: string;

  /**
   * Whether License Manager discovers what runs in the accounts of the organization, in all Regions of the hub. It cannot be undone.
   *
   * @default - as it is
   */
  readonly crossAccountDiscovery?: CrossAccountDiscovery;

  /**
   * The bucket for usage reports and inventory in the Region of the stack.
   *
   * @default - a `LicenseManagerBucket`, which stays when it is taken out of the app
   */
  readonly reportBucket?: IBucketRef;

  /**
   * The topic for notices in the Region of the stack.
   *
   * @default - a `LicenseManagerTopic`, which stays when it is taken out of the app
   */
  readonly topic?: ITopicRef;

  /**
   * Whether the first deployment may change what somebody else has set, see `ServiceSettings`.
   *
   * @default false - the deployment fails with both values
   */
  readonly overwriteExistingSettings?: boolean;

  /**
   * What every account has, the management account included.
   *
   * @default - an inventory every 30 minutes
   */
  readonly member?: OrganizationMemberProps;

  /**
   * Whether an account that leaves the organization, or the units, keeps what it has.
   *
   * @default false - it is deleted there
   */
  readonly retainStacksOnAccountRemoval?: boolean;

  /**
   * How the stack set goes about its accounts.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-concepts.html
   * @default - all Regions at once, a quarter of the accounts at a time; it fails, and with it the deployment, if more than a tenth of them do
   */
  readonly operationPreferences?: CfnStackSet.OperationPreferencesProperty;
}

/**
 * What is special about one more Region of the organization.
 */
export interface OrganizationRegionOptions {
  /**
   * The bucket for usage reports and inventory. It has to be in the Region.
   *
   * @default - a `LicenseManagerBucket`, which stays when it is taken out of the app
   */
  readonly reportBucket?: IBucketRef;

  /**
   * The topic for notices. It has to be in the Region.
   *
   * @default - a `LicenseManagerTopic`, which stays when it is taken out of the app
   */
  readonly topic?: ITopicRef;
}

/**
 * What is shared with the organization.
 */
export interface OrganizationShareOptions {
  /**
   * The self-managed licenses to share.
   *
   * @default - none
   */
  readonly licenseConfigurations?: ILicenseConfigurationRef[];

  /**
   * The host resource groups to share.
   *
   * @default - none
   */
  readonly hostResourceGroups?: IGroupRef[];
}

/**
 * License Manager for an organization: everything that its management account sets up once, and what every account has.
 *
 * | | in the management account | in member accounts |
 * | --- | --- | --- |
 * | roles | `ServiceLinkedRole`; linking makes that of the management account | linking makes them |
 * | settings, in each Region | `ServiceSettings` with the link, a bucket, a topic | |
 * | sharing | `OrganizationSharing` | get what is shared without an invitation |
 * | administration | `DelegatedAdministrator` | one of them is it |
 * | inventory, in each Region | `OrganizationMember` | the same, by a stack set that also reaches who joins later |
 *
 * **It is for the management account of an organization with all features.** A stack set reaches no management account, which has the same directly.
 *
 * **Sharing with the organization takes up to six hours** after the first deployment, and nothing tells when it is over. A share in this stack would fail by it, and
 * take the whole hub back. So `addShare()` puts it where you say, into a stack that is deployed after this one: if it is refused, deploy that stack again, and
 * the hub is as it was.
 *
 * When it is taken out of the app, the stacks of member accounts, the delegated administrator and the inventory go. The settings, the link, sharing, the bucket and the topic stay.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { patterns } from 'cdk-license-manager';
 *
 * const app = new App();
 * const stack = new Stack(app, 'Licenses', { env: { account: '111122223333', region: 'us-east-1' } });
 * const hub = new patterns.OrganizationHub(stack, 'Hub', { organizationalUnitIds: ['r-ab12'], administratorAccountId: '444455556666' });
 * hub.addRegion(new Stack(app, 'LicensesInIreland', { env: { account: '111122223333', region: 'eu-west-1' } }), 'Region');
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/settings-managed-licenses.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html
 * @see https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html#getting-started-sharing-orgs
 */
@propertyInjectable
export class OrganizationHub extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.patterns.OrganizationHub';

  /**
   * Whether the given object is an `OrganizationHub`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isOrganizationHub(x: any): x is OrganizationHub {
    return isBranded(x, 'OrganizationHub');
  }

  /**
   * The service-linked role of License Manager.
   */
  public readonly role: ServiceLinkedRole;

  /**
   * What the Region of the stack has: bucket, topic, settings, inventory.
   */
  public readonly home: OrganizationRegion;

  /**
   * Sharing with the organization.
   */
  public readonly sharing: OrganizationSharing;

  /**
   * The delegated administrator, if there is one.
   */
  public readonly administrator?: DelegatedAdministrator;

  /**
   * What the stack set deploys, if there is one: a stack without assets. Its template has no account and no Region, and refers to no other stack.
   */
  public readonly memberStack?: Stack;

  /**
   * The stack set, if there is one.
   */
  public readonly memberStackSet?: CfnStackSet;

  private readonly props: OrganizationHubProps;
  private readonly allRegions: OrganizationRegion[] = [];
  private readonly memberOfStackSet?: OrganizationMember;

  /**
   * Sets License Manager up for an organization.
   *
   * Throws a `ValidationError` for what the properties say, and for settings, sharing or an administrator that the app declares already.
   *
   * When the app is complete, it is refused that member accounts have nothing, that what they have refers to another stack, and a template that is larger than
   * CloudFormation takes.
   */
  constructor(scope: Construct, id: string, props: OrganizationHubProps = {}) {
    super(scope, id);
    brand(this, 'OrganizationHub');
    this.props = props = givenProps(this, props, PROPS);
    const { organizationalUnitIds, administratorAccountId, organizationId, reportBucket, topic } = props;
    checkPattern(this, lit`OrganizationId`, {
      property: 'organizationId', value: organizationId, pattern: /^o-[A-Za-z0-9-]+$/, expected: 'have the form o-<letters and digits>',
    });
    checkPattern(this, lit`AdministratorAccountId`, {
      property: 'administratorAccountId', value: administratorAccountId, pattern: /^\d{12}$/, expected: 'have 12 digits',
    });

    this.role = serviceLinkedRoleOf(this);
    this.sharing = new OrganizationSharing(this, 'Sharing');
    this.home = this.makeRegion(this, 'Home', { reportBucket, topic }, Lazy.list({ produce: () => this.regionNames() }));
    if (administratorAccountId !== undefined) {
      this.administrator = new DelegatedAdministrator(this, 'Administrator', { accountId: administratorAccountId });
    }
    if (organizationalUnitIds) {
      const stack = new MemberStack(this, 'Members');
      this.memberStack = stack;
      this.memberOfStackSet = new OrganizationMember(stack, 'Member', this.memberProps());
      this.memberStackSet = this.deployToMembers(stack, this.unitsOf(organizationalUnitIds));
      // License Manager makes its roles in members when the organization is linked; they are what reads the inventory.
      this.memberStackSet.node.addDependency(this.home.settings);
    }
    // Regions come after it.
    this.node.addValidation({ validate: () => this.warnOfHomeRegion() });
  }

  /**
   * What each Region has, that of the stack of the hub first.
   */
  public get regions(): OrganizationRegion[] {
    return [...this.allRegions];
  }

  /**
   * What each account has: one for each Region of the management account, and the last one for all member accounts. What is added to all of them, all accounts
   * have; add Regions before. What an account has once, such as a role with a name, would be made once for each Region.
   */
  public get members(): OrganizationMember[] {
    return [...this.allRegions.map(({ member }) => member), ...this.memberOfStackSet ? [this.memberOfStackSet] : []];
  }

  /**
   * Has License Manager work in one more Region: there it gets a bucket, a topic and settings of its own, and the inventory of the management account, and the stack set
   * goes into that Region as well. The stack is deployed after that of the hub.
   *
   * Throws a `ValidationError` unless the Region of the stack is known, and for one that the hub has already.
   *
   * @param scope   where it belongs: in a stack of the management account in that Region
   * @param id      its construct id
   * @param options the bucket and the topic
   */
  public addRegion(scope: Construct, id: string, options: OrganizationRegionOptions = {}): OrganizationRegion {
    const stack = Stack.of(given(this, `scope of Region '${id}'`, scope));
    if (Token.isUnresolved(stack.region)) {
      refuse(this, lit`OrganizationHubRegionUnknown`,
        `the Region of stack '${stack.node.path}' is known at the deployment only, and the stack set goes into it. Give the stack an environment (env).`);
    }
    const { account } = Stack.of(this);
    if (knownToDiffer(stack.account, account)) {
      refuse(this, lit`OrganizationHubAccount`,
        `stack '${stack.node.path}' is of account '${stack.account}', and the hub of '${account}', the management account: that sets License Manager up in all Regions. Give the stack the `
        + 'same account.');
    }
    if (this.regionNames().includes(stack.region)) {
      refuse(this, lit`OrganizationHubRegionTwice`, `the hub has Region '${stack.region}' already. Add each Region once.`);
    }
    stack.addStackDependency(Stack.of(this), 'Links the organization');
    return this.makeRegion(scope, id, givenProps(this, options, REGION, { all: `options of Region '${id}'`, of: ` of Region '${id}'` }));
  }

  /**
   * Shares self-managed licenses and host resource groups with all accounts of the organization, also with those that join it later.
   *
   * The stack of the share is deployed after that of the hub. **Sharing with the organization takes up to six hours to work after the first deployment of the hub.** Until then
   * the share is refused, and its stack taken back: deploy it again later. Give it a stack of its own, so that nothing else is taken back with it. In the stack of the
   * hub it causes a warning.
   *
   * Throws a `ValidationError` where `organizationId` is not known, and for licenses and groups known to be of another account or Region than the stack.
   *
   * @param scope   where the share belongs, in the account and the Region of the licenses
   * @param id      the construct id of the share
   * @param options what is shared
   */
  public addShare(scope: Construct, id: string, options: OrganizationShareOptions): LicenseShare {
    const shared = givenProps(this, options, SHARED, { all: `options of share '${id}'`, of: ` of share '${id}'` });
    const organizationId = this.props.organizationId ?? refuse(this, lit`OrganizationIdMissing`,
      `share '${id}' is for the organization, whose id is not known. Set organizationId of the hub, as 'aws organizations describe-organization' tells it.`);
    const stack = Stack.of(given(this, `scope of share '${id}'`, scope));
    const hub = Stack.of(this);
    if (stack === hub) {
      Annotations.of(this).addWarningV2('cdk-license-manager:shareBesideSharing',
        `share '${id}' is in the stack that lets AWS RAM share with the organization, which takes up to six hours to work: until then the share is refused, and all of the ` +
        'stack is taken back with it. Put it into a stack of its own.');
    } else {
      stack.addStackDependency(hub, 'Shares with the organization');
    }
    const organizationArn = hub.formatArn({ service: 'organizations', region: '', resource: 'organization', resourceName: organizationId });
    return new LicenseShare(scope, id, { ...shared, principals: [SharePrincipal.fromOrganizationArn(organizationArn)] });
  }

  private makeRegion(scope: Construct, id: string, options: OrganizationRegionOptions, discoveryRegions?: string[]): OrganizationRegion {
    const { reportBucket, topic } = options;
    const { crossAccountDiscovery, overwriteExistingSettings } = this.props;
    const region = new OrganizationRegion(scope, id, {
      reportBucket, topic, discoveryRegions, crossAccountDiscovery, overwriteExistingSettings, member: this.memberProps(),
    });
    this.allRegions.push(region);
    return region;
  }

  /** What an account has once, is made where the hub is: it is the same in all Regions. */
  private memberProps(): OrganizationMemberProps | undefined {
    const { member } = this.props;
    const { conversionRole } = member ?? {};
    return typeof conversionRole === 'object' && conversionRole !== null
      ? { ...member, conversionRole: { ...conversionRole, homeRegion: conversionRole.homeRegion ?? Stack.of(this).region } } : member;
  }

  private warnOfHomeRegion(): string[] {
    const homeRegion = this.memberProps()?.conversionRole?.homeRegion;
    if (homeRegion !== undefined && !this.regionNames().includes(homeRegion)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:conversionRoleNowhere',
        `homeRegion of conversionRole is '${homeRegion}', in which the hub has nothing: no account gets the role. Leave it out, or add the Region (addRegion).`);
    }
    return [];
  }

  private regionNames(): string[] {
    return this.allRegions.map(region => Stack.of(region).region);
  }

  private unitsOf(ids: string[]): string[] {
    checkSize(this, lit`OrganizationalUnitIdsEmpty`, {
      property: 'organizationalUnitIds', value: ids, minimum: 1, maximum: Infinity, wayOut: 'Name the root of the organization, or leave it out.',
    });
    if (Token.isUnresolved(ids)) {
      return ids;
    }
    // The pattern of the type: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudformation-stackset-deploymenttargets.html
    ids.forEach((value, index) => checkPattern(this, lit`OrganizationalUnitId`, {
      property: `organizationalUnitIds[${index}]`,
      value,
      pattern: /^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$/,
      expected: 'be the id of the root, r-…, or of an organizational unit, ou-…-…',
      wayOut: 'Take it from \'aws organizations list-roots\' or \'aws organizations list-organizational-units-for-parent\'.',
    }));
    return onceEach(this, 'organizationalUnitIds', ids, value => isKnown(value) ? value : undefined, value => value);
  }

  private deployToMembers(stack: MemberStack, organizationalUnitIds: string[]): CfnStackSet {
    const { retainStacksOnAccountRemoval, operationPreferences } = this.props;
    return new CfnStackSet(this, 'MemberStackSet', {
      // It has to begin with a letter.
      stackSetName: `${STACK_SET_PREFIX}${Names.uniqueResourceName(this, { maxLength: 128 - STACK_SET_PREFIX.length, separator: '-' })}`,
      description: 'What License Manager needs in the accounts of the organization',
      permissionModel: 'SERVICE_MANAGED',
      callAs: 'SELF',
      autoDeployment: { enabled: true, retainStacksOnAccountRemoval: retainStacksOnAccountRemoval ?? false },
      // Who joins while something else is going on waits for that.
      managedExecution: { Active: true },
      capabilities: ['CAPABILITY_NAMED_IAM'],
      operationPreferences: operationPreferences ?? {
        regionConcurrencyType: 'PARALLEL', concurrencyMode: 'SOFT_FAILURE_TOLERANCE', maxConcurrentPercentage: 25, failureTolerancePercentage: 10,
      },
      stackInstancesGroup: [{ deploymentTargets: { organizationalUnitIds }, regions: Lazy.list({ produce: () => this.regionNames() }) }],
      templateBody: Lazy.uncachedString({
        produce: () => {
          const { body, bytes } = stack.template();
          return bytes > MAXIMUM_BODY ? undefined : body;
        },
      }),
      templateUrl: Lazy.uncachedString({ produce: () => stack.templateUrl }),
    });
  }
}

const STACK_SET_PREFIX = 'license-manager-';

const PROPS: Shape<OrganizationHubProps> = {
  organizationalUnitIds: listOf(TEXT),
  organizationId: TEXT,
  administratorAccountId: TEXT,
  crossAccountDiscovery: ofClass('CrossAccountDiscovery'),
  reportBucket: construct('a bucket', 'bucketRef'),
  topic: construct('a topic', 'topicRef'),
  overwriteExistingSettings: FLAG,
  member: OBJECT,
  retainStacksOnAccountRemoval: FLAG,
  operationPreferences: OBJECT,
};

const REGION: Shape<OrganizationRegionOptions> = { reportBucket: construct('a bucket', 'bucketRef'), topic: construct('a topic', 'topicRef') };

const SHARED: Shape<OrganizationShareOptions> = {
  licenseConfigurations: listOf(reference('a self-managed license', 'licenseConfigurationRef')),
  hostResourceGroups: listOf(reference('a host resource group', 'groupRef')),
};
