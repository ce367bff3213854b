import { Annotations, Resource, Token } from 'aws-cdk-lib';
import type { IResource, RemovalPolicy } from 'aws-cdk-lib';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { CfnResourceShare } from 'aws-cdk-lib/aws-ram';
import type { IResourceShareRef, ResourceShareReference } from 'aws-cdk-lib/aws-ram';
import type { IGroupRef } from 'aws-cdk-lib/aws-resourcegroups';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { HostLicenses } from '../host-resource-group/host-licenses';
import { warnOfBlank } from '../private/finding/blank';
import { warnOfDouble } from '../private/finding/doubles';
import { brand, isBranded } from '../private/identity/copies';
import { environmentOfImport } from '../private/identity/look-up-dummy';
import { nameOrGenerated, textOrNone } from '../private/identity/names';
import { needs, Prerequisite } from '../private/identity/prerequisites';
import { accountOf, identityOf, regionOf, shown } from '../private/identity/reference';
import { accountOfLicense, identityOfLicense, regionOfLicense } from '../private/license/license-reference';
import { arnParts, checkFormat } from '../private/validation/format';
import type { Format } from '../private/validation/format';
import { ANYTHING, construct, FLAG, given, givenAs, givenProps, listOf, ofClass, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkAccount, checkRegion } from '../private/validation/place';
import { accountFormat, ORGANIZATION_FORMAT, ORGANIZATIONAL_UNIT_FORMAT } from '../private/validation/principals';
import { applyRemovalPolicy } from '../private/validation/removal';
import { checkTags } from '../private/validation/tags';
import { lit } from '../private/validation/validation';

/**
 * Whom a self-managed license or a host resource group is shared with.
 *
 * AWS RAM also knows IAM roles and users and service principals; a license is used by the accounts that launch instances, so they
 * are left out.
 *
 * @see https://docs.aws.amazon.com/ram/latest/APIReference/API_CreateResourceShare.html
 */
export class SharePrincipal {
  /**
   * An AWS account.
   *
   * An account of your organization has the license at once, if sharing with the organization is enabled in AWS RAM. Any other
   * account gets an invitation, which somebody has to accept there within seven days, and needs `allowExternalPrincipals`.
   *
   * The id is checked when a share takes it: a `ValidationError` is thrown unless it is a token or has this form.
   *
   * @param accountId 12 digits
   * @see https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html
   */
  public static fromAccountId(accountId: string): SharePrincipal {
    return new SharePrincipal(ACCOUNT_FORMAT, accountId);
  }

  /**
   * All accounts of an organizational unit, also of those inside it.
   *
   * The ARN is checked when a share takes it: a `ValidationError` is thrown unless it is a token or has this form, where any part
   * may be a token. AWS RAM takes the ARN only, not the id.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param organizationalUnitArn `arn:<partition>:organizations::<management account>:ou/o-…/ou-…-…`
   * @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html
   */
  public static fromOrganizationalUnitArn(organizationalUnitArn: string): SharePrincipal {
    return new SharePrincipal(ORGANIZATIONAL_UNIT_FORMAT, organizationalUnitArn);
  }

  /**
   * All accounts of the organization.
   *
   * The ARN is checked when a share takes it: a `ValidationError` is thrown unless it is a token or has this form, where any part
   * may be a token. AWS RAM takes the ARN only, not the id.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param organizationArn `arn:<partition>:organizations::<management account>:organization/o-…`
   * @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
   */
  public static fromOrganizationArn(organizationArn: string): SharePrincipal {
    return new SharePrincipal(ORGANIZATION_FORMAT, organizationArn);
  }

  private constructor(private readonly format: Format, private readonly value: string) {
    brand(this, 'SharePrincipal');
  }

  /**
   * Whether the principal may be outside the organization.
   *
   * @internal
   */
  public get _mayBeExternal(): boolean {
    return this.format === ACCOUNT_FORMAT;
  }

  /**
   * The principal as AWS RAM names it.
   *
   * @internal
   */
  public _render(scope: Construct): string {
    checkFormat(scope, lit`SharePrincipalFormat`, this.format, this.value);
    return this.value;
  }
}

const ACCOUNT_FORMAT = accountFormat('SharePrincipal');

/**
 * Properties of a share of self-managed licenses and host resource groups.
 */
export interface LicenseShareProps {
  /**
   * The name of the resource share.
   *
   * A change is made in place. Several shares may have the same name.
   *
   * A blank name causes a warning.
   *
   * @default - a name is generated from the construct's path
   */
  readonly licenseShareName?: string;

  /**
   * The self-managed licenses to share. One that is there twice causes a warning.
   *
   * They have to belong to the account and the Region of the stack: AWS RAM shares what the account owns, in its own Region.
   *
   * More can be added by `addLicenseConfiguration()`.
   *
   * @default - no licenses
   */
  readonly licenseConfigurations?: ILicenseConfigurationRef[];

  /**
   * The host resource groups to share. One that is there twice causes a warning.
   *
   * Others launch their instances into the group; new hosts are allocated in, and billed to, the account of the group. If the group requires
   * licenses, they have to be shared, too: licenses of the group that are not in the share cause a warning. They have to belong to the account and
   * the Region of the stack, as licenses have to.
   *
   * More can be added by `addHostResourceGroup()`. A share without a license and without a host resource group causes a warning.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/host-resource-group-share.html
   * @default - no host resource groups
   */
  readonly hostResourceGroups?: IGroupRef[];

  /**
   * Whom to share them with. The account of the stack causes a warning, and so does one that is there twice.
   *
   * More can be added by `addPrincipal()`. A share without a principal causes a warning.
   *
   * @default - no principals
   */
  readonly principals?: SharePrincipal[];

  /**
   * Whether accounts outside the organization may be among the principals.
   *
   * They get an invitation and have to accept it. Has a meaning only if the stack's account is a member of an organization.
   *
   * @default false - a deployment with an account outside the organization fails
   */
  readonly allowExternalPrincipals?: boolean;

  /**
   * What happens to the resource share when it is taken out of the app.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @default RemovalPolicy.DESTROY - the principals lose what was shared; what they launched keeps running
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A share of self-managed licenses and host resource groups: one of this app, or an imported one.
 */
export interface ILicenseShare extends IResource, IResourceShareRef {
  /**
   * The ARN of the resource share.
   *
   * @attribute Arn
   */
  readonly licenseShareArn: string;
}

abstract class LicenseShareBase extends Resource implements ILicenseShare {
  /**
   * The ARN of the resource share.
   *
   * @attribute Arn
   */
  public abstract readonly licenseShareArn: string;

  /**
   * A reference to the resource share.
   */
  public get resourceShareRef(): ResourceShareReference {
    return { resourceShareArn: this.licenseShareArn };
  }
}

/**
 * Shares self-managed licenses and host resource groups with accounts, organizational units or the organization, by AWS Resource Access
 * Manager (AWS RAM).
 *
 * The accounts can launch instances with the licenses and associate them with their own resources; what they use counts against the
 * licenses of this account. They can launch instances into the host resource groups; the hosts stay those of this account. AWS RAM gives
 * them its default permissions, `AWSRAMDefaultPermissionLicenseConfiguration` and `AWSRAMDefaultPermissionResourceGroup`.
 *
 * **Before the first deployment that shares inside an organization**, two things have to be done once, in the organization's
 * management account:
 *
 * 1. License Manager has to be linked with the organization, which needs all features of AWS Organizations: `ServiceSettings`
 *    with `organizationIntegration`.
 * 2. AWS RAM has to be allowed to share with the organization: `OrganizationSharing`. AWS RAM may take six hours until it has finished.
 *
 * If one is missing, the deployment fails and is rolled back. CloudFormation shows for the `AWS::RAM::ResourceShare`:
 *
 * - *The resource you are attempting to share can only be shared within your AWS Organization. This error may also occur if you have
 *   not enabled sharing with your AWS organization, or that onboarding process is still in progress.* Do the two steps, wait up to
 *   six hours and deploy again. An account among the principals that is not a member of the organization gives the same error: set
 *   `allowExternalPrincipals`.
 * - *Organization o-… could not be found.*, or the same of an organizational unit: sharing is not enabled, or the ARN is of another
 *   organization than that of the stack's account.
 *
 * The link of step 1 makes a resource share of License Manager's own, `licenseManagerResourceShare-<account>` with the tag
 * `Service: LicenseManager`. This one is beside it: leave the other as it is.
 *
 * **The management account can no longer release the resources of a member account** from a license if the member has deleted the role
 * `AWSServiceRoleForAWSLicenseManagerMemberAccountRole`; they go on using the license. To make the role again, in the member account:
 * `aws iam create-service-linked-role --aws-service-name license-manager.member-account.amazonaws.com`.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/share-license-configuration.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/member-role.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/troubleshooting.html
 * @see https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html
 * @resource AWS::RAM::ResourceShare
 */
@propertyInjectable
export class LicenseShare extends LicenseShareBase {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.LicenseShare';

  /**
   * Whether the given object is a `LicenseShare`, made by whichever copy of this library. An imported share is not.
   *
   * @param x any object
   */
  public static isLicenseShare(x: any): x is LicenseShare {
    return isBranded(x, 'LicenseShare');
  }

  /**
   * Imports a resource share by its ARN.
   *
   * Throws a `ValidationError` unless the ARN is a token or has this form, where any part may be a token.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param scope           the construct's parent
   * @param id              the construct's id
   * @param licenseShareArn `arn:<partition>:ram:<region>:<account>:resource-share/…`
   */
  public static fromLicenseShareArn(scope: Construct, id: string, licenseShareArn: string): ILicenseShare {
    checkFormat(scope, lit`ResourceShareArn`, SHARE_ARN, givenAs(scope, `licenseShareArn of '${id}'`, licenseShareArn, TEXT), id);

    class Import extends LicenseShareBase {
      public readonly licenseShareArn = licenseShareArn;
    }
    return new Import(scope, id, environmentOfImport(licenseShareArn));
  }

  private readonly resource: CfnResourceShare;
  private readonly licenseConfigurations: ILicenseConfigurationRef[] = [];
  private readonly hostResourceGroups: IGroupRef[] = [];
  private readonly principals: SharePrincipal[] = [];
  private readonly sharedIdentities = new Set<string>();
  private readonly principalIdentities = new Set<string>();

  /**
   * Shares self-managed licenses and host resource groups.
   *
   * Throws a `ValidationError` for a principal of another form, and for a license or a group known to be of another account or Region than the
   * stack.
   *
   * When the app is complete, tags are refused that AWS would refuse: more than 50, keys or values that are too long, keys that begin with `aws:`.
   */
  constructor(scope: Construct, id: string, props: LicenseShareProps = {}) {
    super(scope, id, { physicalName: textOrNone(props?.licenseShareName) });
    brand(this, 'LicenseShare');
    props = givenProps(this, props, PROPS);

    warnOfBlank(this, 'licenseShareName', props.licenseShareName, 'Set it, or leave it out to have a name generated.');
    this.resource = new CfnResourceShare(this, 'Resource', {
      // Written out where they are empty: what is taken out of a template altogether need not be taken out of the share.
      principals: [],
      resourceArns: [],
      name: nameOrGenerated(this, props.licenseShareName),
      // AWS RAM's own default is true.
      allowExternalPrincipals: props.allowExternalPrincipals ?? false,
    });
    applyRemovalPolicy(this, this.resource, props.removalPolicy, 'resource share');
    needs(this.resource, Prerequisite.SETTINGS, Prerequisite.SHARING);
    checkTags(this, this.resource);

    props.licenseConfigurations?.forEach(license => this.addLicenseConfiguration(license));
    props.hostResourceGroups?.forEach(group => this.addHostResourceGroup(group));
    props.principals?.forEach(principal => this.addPrincipal(principal));
    // What is shared, and with whom, can be added until the app is complete.
    this.node.addValidation({
      validate: () => {
        this.warnOfEmptiness();
        this.warnOfLicensesOfGroups();
        this.warnOfExternalPrincipals(props.allowExternalPrincipals);
        return [];
      },
    });
  }

  /**
   * The ARN of the resource share.
   *
   * @attribute Arn
   */
  public get licenseShareArn(): string {
    return this.resource.attrArn;
  }

  /**
   * Says what happens to the resource share when it is taken out of the app, or has to be replaced.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    applyRemovalPolicy(this, this.resource, given(this, 'policy', policy), 'resource share');
  }

  /**
   * Shares a self-managed license, too.
   *
   * Throws a `ValidationError` for one known to be of another account or Region than the stack. One that the share has already is not added again, which a
   * warning says.
   *
   * @param licenseConfiguration the license
   */
  public addLicenseConfiguration(licenseConfiguration: ILicenseConfigurationRef): void {
    this.add(sharedLicense(givenAs(this, 'licenseConfiguration', licenseConfiguration, LICENSE)));
    this.licenseConfigurations.push(licenseConfiguration);
  }

  /**
   * Shares a host resource group, too.
   *
   * Throws a `ValidationError` for one known to be of another account or Region than the stack. One that the share has already is not added again, which a
   * warning says.
   *
   * @param hostResourceGroup the group
   */
  public addHostResourceGroup(hostResourceGroup: IGroupRef): void {
    this.add(sharedGroup(givenAs(this, 'hostResourceGroup', hostResourceGroup, GROUP)));
    this.hostResourceGroups.push(hostResourceGroup);
  }

  /**
   * Shares with a principal, too.
   *
   * Throws a `ValidationError` for one of another form. The account of the stack causes a warning. One that the share has already is not
   * added again, which a warning says.
   *
   * @param principal whom to share with
   */
  public addPrincipal(principal: SharePrincipal): void {
    const rendered = givenAs(this, 'principal', principal, PRINCIPAL)._render(this);
    const identity = identityOf(rendered);
    if (this.principalIdentities.has(identity)) {
      warnOfDouble(this, 'principals', shown(this, rendered));
      return;
    }
    this.principalIdentities.add(identity);
    this.principals.push(principal);
    this.resource.principals = [...this.resource.principals ?? [], rendered];
    if (principal._mayBeExternal && !Token.isUnresolved(this.stack.account) && rendered === this.stack.account) {
      Annotations.of(this).addWarningV2('cdk-license-manager:sharedWithOwnAccount',
        `The account '${rendered}' of the stack is among the principals: what is shared belongs to it already. Leave it out.`);
    }
  }

  private add({ kind, path, arn, identity, account, region }: Shared): void {
    if (this.sharedIdentities.has(identity)) {
      warnOfDouble(this, `the ${kind}s of the share`, path);
      return;
    }
    checkAccount(this, lit`ShareOfAnotherAccountsResource`, {
      what: `${kind} '${path}'`,
      value: account,
      reason: `an account can share only what it owns. Declare the share in a stack of '${account}'.`,
    });
    checkRegion(this, lit`ShareOfAnotherRegionsResource`, {
      what: `${kind} '${path}'`,
      value: region,
      reason: `AWS RAM shares resources of its own Region. Declare the share in a stack of '${region}'.`,
    });
    this.sharedIdentities.add(identity);
    this.resource.resourceArns = [...this.resource.resourceArns ?? [], arn];
  }

  /**
   * AWS RAM makes a share of nothing, and with nobody.
   *
   * @see https://docs.aws.amazon.com/ram/latest/APIReference/API_CreateResourceShare.html
   */
  private warnOfEmptiness(): void {
    if (this.sharedIdentities.size === 0) {
      Annotations.of(this).addWarningV2('cdk-license-manager:shareWithoutResource',
        'The share has neither a license nor a host resource group: nothing is shared. Name what to share in licenseConfigurations or ' +
        'hostResourceGroups, or leave the share out.');
    }
    if (this.principals.length === 0) {
      Annotations.of(this).addWarningV2('cdk-license-manager:shareWithoutPrincipal',
        'The share has no principal: nobody gets what is shared. Name whom to share with in principals, or leave the share out.');
    }
  }

  private warnOfLicensesOfGroups(): void {
    const shared = new Set(this.licenseConfigurations.map(identityOfLicense));
    for (const group of this.hostResourceGroups) {
      const missing = (HostLicenses._requiredBy(group) ?? []).filter(license => !shared.has(identityOfLicense(license)));
      if (missing.length > 0) {
        Annotations.of(this).addWarningV2('cdk-license-manager:groupSharedWithoutLicenses',
          `Host resource group '${group.node.path}' takes only instances with ${missing.map(({ node }) => `'${node.path}'`).join(', ')}, not shared here: ` +
          'without them others cannot launch into the group. Add what is missing to licenseConfigurations, unless another share has it.');
      }
    }
  }

  private warnOfExternalPrincipals(allowExternalPrincipals: boolean | undefined): void {
    if (allowExternalPrincipals && this.principals.length > 0 && !this.principals.some(principal => principal._mayBeExternal)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:externalPrincipalsWithoutAccounts',
        'External principals are allowed, and all principals are inside the organization: whoever may change the share could add ' +
        'accounts outside of it. Leave allowExternalPrincipals out.');
    }
  }
}

/** What is shared, whatever it is. */
interface Shared {
  readonly kind: string;
  readonly path: string;
  readonly arn: string;
  readonly identity: string;
  readonly account: string;
  readonly region: string;
}

function sharedLicense(license: ILicenseConfigurationRef): Shared {
  return {
    kind: 'license',
    path: license.node.path,
    arn: license.licenseConfigurationRef.licenseConfigurationArn,
    identity: identityOfLicense(license),
    account: accountOfLicense(license),
    region: regionOfLicense(license),
  };
}

function sharedGroup(group: IGroupRef): Shared {
  const arn = group.groupRef.groupArn;
  return {
    kind: 'host resource group',
    path: group.node.path,
    arn,
    identity: identityOf(arn),
    account: accountOf(group, arn),
    region: regionOf(group, arn),
  };
}

const SHARE_ARN: Format = {
  name: 'the ARN of a resource share',
  parts: [...arnParts('ram'), /^resource-share\/.+$/],
  expected: '\'arn:<partition>:ram:<region>:<account>:resource-share/<id>\'',
  wayOut: 'Take it from \'aws ram get-resource-shares\'.',
};

const LICENSE = construct('a self-managed license', 'licenseConfigurationRef');
const GROUP = construct('a host resource group', 'groupRef');
const PRINCIPAL = ofClass('SharePrincipal');

const PROPS: Shape<LicenseShareProps> = {
  licenseShareName: TEXT,
  licenseConfigurations: listOf(LICENSE),
  hostResourceGroups: listOf(GROUP),
  principals: listOf(PRINCIPAL),
  allowExternalPrincipals: FLAG,
  removalPolicy: ANYTHING,
};
