import { Annotations, ArnFormat, CfnDeletionPolicy, PhysicalName, Resource, Stack, Token } from 'aws-cdk-lib';
import type { IResource, RemovalPolicy } from 'aws-cdk-lib';
import { CfnHost, CfnInstance } from 'aws-cdk-lib/aws-ec2';
import type { IHostRef } from 'aws-cdk-lib/aws-ec2';
import { CfnGroup } from 'aws-cdk-lib/aws-resourcegroups';
import type { GroupReference, IGroupRef } from 'aws-cdk-lib/aws-resourcegroups';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import type { HostLicenses } from './host-licenses';
import { HostResourceGroupGrants } from './host-resource-group-grants';
import { onceEach, warnOfDouble } from '../private/finding/doubles';
import { brand, isBranded } from '../private/identity/copies';
import { protectUsers } from '../private/identity/cross-stack';
import { countOverQuota, declaredBefore } from '../private/identity/environment';
import { lookUp } from '../private/identity/look-up';
import { environmentOfImport, isLookUpDummy, nameOfImport } from '../private/identity/look-up-dummy';
import { nameOrGenerated, textOrNone } from '../private/identity/names';
import { needs, Prerequisite } from '../private/identity/prerequisites';
import { isUnknown, referredConstruct, shown } from '../private/identity/reference';
import { boundByArn, boundById, checkEc2Id, HOST } from '../private/license/ec2-resource';
import type { BoundEc2Resource } from '../private/license/ec2-resource';
import { givenHost, givenText } from '../private/license/given-reference';
import { familyOfType } from '../private/license/host-families';
import { copied } from '../private/validation/copy';
import { arnParts, checkFormat } from '../private/validation/format';
import type { Format } from '../private/validation/format';
import { ANYTHING, FLAG, given, givenAs, givenProps, listOf, needed, ofClass, ofImport, ofLookUp, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkAccount, checkRegion } from '../private/validation/place';
import { applyRemovalPolicy } from '../private/validation/removal';
import { checkTags } from '../private/validation/tags';
import { checkLength, checkPattern, lit, refuse } from '../private/validation/validation';

/**
 * Properties of a host resource group.
 */
export interface HostResourceGroupProps {
  /**
   * The name of the group: 1 to 128 letters, digits, hyphens, underscores and periods, not beginning with `aws` in any case, and unique in
   * the account and the Region.
   *
   * **A change replaces the group** by a new one, into which what refers to it is launched from then on. CloudFormation makes the new group
   * with its hosts before it deletes the old one, and it is not documented that a host can be in two groups: take the hosts out in a
   * deployment of its own, then change the name and add them again. The old group is deleted only if no host is left in it.
   *
   * Throws a `ValidationError` for another length or other characters. A name that begins with `aws` causes a warning.
   *
   * @see https://docs.aws.amazon.com/ARG/latest/APIReference/API_CreateGroup.html
   * @default - a unique name of at most 64 characters, made from the path of the construct: it stays the same unless the path changes
   */
  readonly hostResourceGroupName?: string;

  /**
   * What the group is for: at most 512 letters, digits, hyphens, underscores, periods and spaces.
   *
   * Throws a `ValidationError` if it is longer or has another character, such as a comma.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * With which self-managed licenses instances can be launched into the group: only with certain ones, with any, or with none at all.
   */
  readonly licenses: HostLicenses;

  /**
   * Whether Amazon EC2 allocates a new host when an instance is launched into the group and the group has no room for it.
   *
   * Such a host costs money from its allocation to its release, is in no template, and is released by nobody unless `autoReleaseHosts` is
   * `true`: the one without the other causes a warning.
   *
   * @default false
   */
  readonly autoAllocateHosts?: boolean;

  /**
   * Whether Amazon EC2 releases a host of the group when its last running instance has ended.
   *
   * It releases hosts that the app has allocated and added, too: CloudFormation then finds them missing.
   *
   * @default false
   */
  readonly autoReleaseHosts?: boolean;

  /**
   * Whether Amazon EC2 moves the instances of a host that has failed to a new host.
   *
   * @default false
   */
  readonly autoRecoverHosts?: boolean;

  /**
   * The instance families that can be launched, such as `c5` or `mac2-m2`; at least one, each once.
   *
   * Instances of different types fit into one group if they are built on the AWS Nitro System. All others in a group have to be of one and
   * the same instance type, which is not checked. A family can't be taken out while an instance of it runs in the group.
   *
   * Throws a `ValidationError` for what has other characters than letters, digits and `:/._-`, or more than 256. No family causes a warning, and so
   * does one that is there twice, which is written once, and what is not a family, such as an instance type or a family in upper case.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/host-resource-groups.html
   * @default - all families that Dedicated Hosts are there for
   */
  readonly allowedHostFamilies?: string[];

  /**
   * What happens to the group when it is taken out of the app, or has to be replaced.
   *
   * A group can be deleted only while no host is in it. CloudFormation takes the hosts out that the app has added; hosts that Amazon EC2 has
   * allocated have to be released first.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A host resource group, made by this app or imported.
 */
export interface IHostResourceGroup extends IResource, IGroupRef {
  /**
   * The ARN of the group.
   *
   * @attribute
   */
  readonly hostResourceGroupArn: string;

  /**
   * The name of the group.
   *
   * @attribute
   */
  readonly hostResourceGroupName: string;

  /**
   * With which self-managed licenses instances can be launched into the group. Of an imported group it may be missing.
   */
  readonly licenses?: HostLicenses;

  /**
   * Permissions on the group.
   */
  readonly grants: HostResourceGroupGrants;
}

/**
 * What is known of a host resource group that exists.
 */
export interface HostResourceGroupAttributes {
  /**
   * The ARN of the group: `arn:<partition>:resource-groups:<region>:<account>:group/<name>`.
   */
  readonly hostResourceGroupArn: string;

  /**
   * With which self-managed licenses instances can be launched into the group. It is not checked against the group.
   *
   * @default - not known: the mixins `InstanceHostPlacement` and `LaunchTemplateHostPlacement` attach and check no licenses
   */
  readonly licenses?: HostLicenses;
}

/**
 * What to look a host resource group up by.
 */
export interface HostResourceGroupLookupOptions {
  /**
   * The name of the group, exactly. No token.
   */
  readonly hostResourceGroupName: string;
}

/**
 * What a made and an imported group have in common.
 */
abstract class HostResourceGroupBase extends Resource implements IHostResourceGroup {
  /**
   * The ARN of the group.
   *
   * @attribute
   */
  public abstract readonly hostResourceGroupArn: string;

  /**
   * The name of the group.
   *
   * @attribute
   */
  public abstract readonly hostResourceGroupName: string;

  /**
   * With which self-managed licenses instances can be launched into the group. Of an imported group it may be missing.
   */
  public abstract readonly licenses?: HostLicenses;

  private readonly facades: { grants?: HostResourceGroupGrants } = {};

  /**
   * A reference to the group.
   */
  public get groupRef(): GroupReference {
    return { groupArn: this.hostResourceGroupArn, groupName: this.hostResourceGroupName };
  }

  /**
   * Permissions on the group.
   */
  public get grants(): HostResourceGroupGrants {
    return this.facades.grants ??= HostResourceGroupGrants.fromHostResourceGroup(this);
  }
}

/**
 * A host resource group: Dedicated Hosts that License Manager manages as one, and instances are launched into, not onto a certain host.
 *
 * It is a resource group of AWS Resource Groups with a configuration for the management of hosts.
 *
 * **Before the first deployment** the account needs License Manager's service-linked role, which
 * `ServiceLinkedRole` makes. Instances behind an Auto Scaling group need that of
 * Amazon EC2 Auto Scaling, too: it comes with the first Auto Scaling group that somebody makes who may create it, or with
 * `aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com`. That of Resource Groups is for its lifecycle events, and
 * not needed here.
 *
 * **To have the group deleted with its stack**, no host may be left in it. What is launched into the group and refers to it, such as a launch
 * template or an instance, is deleted before the group; CloudFormation then takes out the hosts that the app has added, deletes the group,
 * and releases these hosts. Hosts that Amazon EC2 has allocated (`autoAllocateHosts`) are in the group until they are released: with
 * `autoReleaseHosts` that is some minutes after the last instance has ended, and a deletion that comes earlier fails with DELETE_FAILED. Set
 * the desired capacity of Auto Scaling groups to 0 first, wait until the group has no hosts
 * (`aws resource-groups list-group-resources --group <name>`), and delete the stack, or delete it once more. With `RemovalPolicy.RETAIN` the
 * stack is deleted in any case, and the group stays.
 *
 * **A Mac host can't be released in the first 24 hours** after its allocation, nor while Amazon EC2 cleans it after the last instance. A stack
 * that has allocated one (`CfnHost`) can't be deleted in that time, nor can its deployment be rolled back. Apply `RemovalPolicy.RETAIN` to the
 * host: the stack is deleted, and the host stays, and costs money, until you release it (`aws ec2 release-hosts --host-ids <id>`). A Mac host
 * without it causes a warning.
 *
 * @example
 * // A fleet of Macs: no licenses, hosts come and go with the instances.
 * import { App, Stack } from 'aws-cdk-lib';
 * import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
 * import { InstanceType, LaunchTemplate, MachineImage, Vpc } from 'aws-cdk-lib/aws-ec2';
 * import { HostLicenses, HostResourceGroup, mixins } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Macs');
 * const hosts = new HostResourceGroup(stack, 'Hosts', {
 *   licenses: HostLicenses.notRequired(),
 *   allowedHostFamilies: ['mac2'],
 *   autoAllocateHosts: true,
 *   autoReleaseHosts: true, // not before 24 hours after the allocation
 * });
 * const launchTemplate = new LaunchTemplate(stack, 'LaunchTemplate', {
 *   machineImage: MachineImage.genericLinux({ 'us-east-1': 'ami-0abcdef1234567890' }), // a macOS image
 *   instanceType: new InstanceType('mac2.metal'),
 *   requireImdsv2: true,
 * });
 * launchTemplate.with(new mixins.LaunchTemplateHostPlacement(hosts));
 * new AutoScalingGroup(stack, 'Fleet', { vpc: new Vpc(stack, 'Vpc'), launchTemplate, maxCapacity: 3 });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/host-resource-groups.html
 * @see https://docs.aws.amazon.com/ARG/latest/userguide/about-slg-types.html
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/mac-instance-stop.html
 * @resource AWS::ResourceGroups::Group
 */
@propertyInjectable
export class HostResourceGroup extends HostResourceGroupBase {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.HostResourceGroup';

  /**
   * Whether the given object is a `HostResourceGroup`, made by whichever copy of this library. An imported host resource group is not.
   *
   * @param x any object
   */
  public static isHostResourceGroup(x: any): x is HostResourceGroup {
    return isBranded(x, 'HostResourceGroup');
  }

  /**
   * Imports a host resource group by its ARN.
   *
   * Throws a `ValidationError` unless the ARN is a token or has the form `arn:<partition>:resource-groups:<region>:<account>:group/<name>`.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param scope the construct's scope
   * @param id the construct's id
   * @param hostResourceGroupArn the ARN; the group's account and Region are taken from it
   */
  public static fromHostResourceGroupArn(scope: Construct, id: string, hostResourceGroupArn: string): IHostResourceGroup {
    return HostResourceGroup.fromHostResourceGroupAttributes(scope, id, { hostResourceGroupArn });
  }

  /**
   * Imports a host resource group of the account and the Region of the stack by its name.
   *
   * Throws a `ValidationError` unless the name is a token or could be one of a group.
   *
   * @param scope the construct's scope
   * @param id the construct's id
   * @param hostResourceGroupName the name
   */
  public static fromHostResourceGroupName(scope: Construct, id: string, hostResourceGroupName: string): IHostResourceGroup {
    const property = `hostResourceGroupName of '${id}'`;
    givenAs(scope, property, hostResourceGroupName, TEXT);
    if (!isLookUpDummy(hostResourceGroupName)) {
      checkPattern(scope, lit`HostResourceGroupImportName`, {
        property,
        value: hostResourceGroupName,
        pattern: new RegExp(`^(${GROUP_NAME})$`),
        expected: 'have 1 to 300 letters, digits, periods, hyphens and underscores, or 150, a slash and 26 more',
        wayOut: WHERE_FROM,
      });
    }
    return HostResourceGroup.fromHostResourceGroupArn(scope, id, Stack.of(scope).formatArn({
      service: 'resource-groups',
      resource: 'group',
      // The name of a parameter has characters that a group's has not.
      resourceName: isLookUpDummy(hostResourceGroupName) ? hostResourceGroupName.replace(/[^a-zA-Z0-9_.-]/g, '-') : hostResourceGroupName,
    }));
  }

  /**
   * Imports a host resource group by what is known of it. With its licenses, the mixins `InstanceHostPlacement` and
   * `LaunchTemplateHostPlacement` attach them.
   *
   * Throws a `ValidationError` unless the ARN is a token or has the form `arn:<partition>:resource-groups:<region>:<account>:group/<name>`.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param scope the construct's scope
   * @param id the construct's id
   * @param attrs the ARN, and the licenses if they are known
   */
  public static fromHostResourceGroupAttributes(scope: Construct, id: string, attrs: HostResourceGroupAttributes): IHostResourceGroup {
    const { hostResourceGroupArn: arn, licenses } = givenProps(scope, attrs, ATTRIBUTES, ofImport(id));
    checkFormat(scope, lit`HostResourceGroupArn`, GROUP_ARN, arn, id);

    class Import extends HostResourceGroupBase {
      public readonly hostResourceGroupArn = arn;
      public readonly hostResourceGroupName = nameOfImport(scope, arn, ArnFormat.SLASH_RESOURCE_NAME);
      public readonly licenses = licenses;
    }
    return new Import(scope, id, environmentOfImport(arn));
  }

  /**
   * Imports the host resource group that has a name, in the account and the Region of the stack, if there is one.
   *
   * The CDK CLI looks it up once, with AWS Cloud Control, and keeps it in `cdk.context.json`. Cloud Control lists resource groups of every
   * kind; that it is one for hosts is not checked.
   *
   * Throws a `ValidationError` if no group has the name, if the look-up failed, if the name is empty or a token, and if account and Region of the
   * stack are not set.
   *
   * @param scope the construct's scope
   * @param id the construct's id
   * @param options the name
   */
  public static fromLookup(scope: Construct, id: string, options: HostResourceGroupLookupOptions): IHostResourceGroup {
    const { hostResourceGroupName: name } = givenProps(scope, options, LOOK_UP, ofLookUp(id));
    const found = lookUp(scope, id, {
      typeName: CfnGroup.CFN_RESOURCE_TYPE_NAME,
      what: 'host resource group',
      name,
      userProperty: 'hostResourceGroupName',
      property: 'Name',
      instead: 'import the group by its name (HostResourceGroup.fromHostResourceGroupName)',
      // The name identifies a group: Cloud Control lists it in any case, and the ARN is made of it.
      made: { Name: name },
    });
    return HostResourceGroup.fromHostResourceGroupName(scope, id, found.Name);
  }

  /**
   * The ARN of the group.
   *
   * @attribute Arn
   */
  public readonly hostResourceGroupArn: string;

  /**
   * The name of the group.
   *
   * @attribute
   */
  public readonly hostResourceGroupName: string;

  /**
   * With which self-managed licenses instances can be launched into the group.
   */
  public readonly licenses?: HostLicenses;

  private readonly resource: CfnGroup;
  private readonly allowedHostFamilies?: string[];
  private readonly hosts = new Map<string, string>();
  private readonly macHosts = new Set<CfnHost>();

  /**
   * Makes a host resource group.
   *
   * Throws a `ValidationError` for what Resource Groups or License Manager would refuse: the properties say what.
   *
   * When the app is complete, tags are refused that AWS would refuse: more than 50, keys or values that are too long, keys that begin with `aws:`,
   * and other characters than letters, digits, spaces and `_.:/=+-@`.
   */
  constructor(scope: Construct, id: string, props: HostResourceGroupProps) {
    super(scope, id, { physicalName: textOrNone(props?.hostResourceGroupName) });
    brand(this, 'HostResourceGroup');
    props = givenProps(this, props, PROPS);

    this.licenses = props.licenses;
    this.allowedHostFamilies = copied(props.allowedHostFamilies);
    this.resource = new CfnGroup(this, 'Resource', {
      name: nameOf(this, props.hostResourceGroupName),
      description: descriptionOf(this, props.description),
      configuration: configurationOf(this, props),
    });
    applyRemovalPolicy(this, this.resource, props.removalPolicy, 'host resource group');
    needs(this.resource, Prerequisite.ROLE);
    protectUsers(this.resource);
    this.hostResourceGroupName = this.resource.ref;
    this.hostResourceGroupArn = this.resource.attrArn;

    if (props.autoAllocateHosts === true && props.autoReleaseHosts !== true) {
      Annotations.of(this).addWarningV2('cdk-license-manager:allocatedHostsStay',
        'autoAllocateHosts is true and autoReleaseHosts is not: the hosts that EC2 allocates are in no template, cost money until somebody ' +
        'releases them, and keep the group from being deleted. Set autoReleaseHosts to true, or see to the hosts yourself.');
    }
    this.checkName(this.resource.name);
    checkQuota(this);
    checkTags(this, this.resource, TAG_CHARACTERS);
    // Whether a host is retained can be said after it was added.
    this.node.addValidation({ validate: () => [...this.warnOfMacHosts(), ...this.warnOfDirectLaunches()] });
  }

  /**
   * Adds a Dedicated Host of the app to the group.
   *
   * Nothing can be launched directly onto a host that is in a group; what runs on it goes on running. **An instance on it that you stop** needs
   * two things before it starts again: it has to point to the group (`aws ec2 modify-instance-placement`), and to have the group's licenses
   * (`licenseConfiguration.addAssociation()`). An instance of the app that names the host causes a warning. When the host is taken out, its instances stay on it, and those that were launched into the
   * group still belong to the group; accounts that the group is shared with have to move theirs within 15 days.
   *
   * The host has to be of the account and the Region of the group, of an allowed family, and to match the licenses of the group
   * (`HostLicenses.only()`). Which licenses a host has, by a `LicenseConfigurationAssociation` or otherwise, is not checked.
   *
   * **Add a host to one group.** It is not documented that it can be in two, so a second group of the app causes a warning. To move a host to
   * another group, take it out in a deployment of its own, and add it to the other one in the next.
   *
   * **Add and take out at most 10 hosts in a deployment.** Resource Groups takes no more in a call, and it is not documented that
   * CloudFormation makes several calls. A group with more than 10 hosts causes a warning.
   *
   * Throws a `ValidationError` for a host that is known to be of another account or Region. One that the group has already causes a warning, and is
   * written once; one that is known to be of another family causes a warning, too.
   *
   * @param host a `CfnHost` or an imported one
   * @see https://docs.aws.amazon.com/ARG/latest/APIReference/API_GroupResources.html
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/add-hosts.html
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/remove-hosts.html
   */
  public addHost(host: IHostRef): void {
    const { hostId } = givenHost(this, 'the host of addHost()', host).hostRef;
    this.add(boundById(this, HOST, hostId, host), hostOfApp(hostId));
  }

  /**
   * Adds a Dedicated Host to the group, by its id. It has to be of the account and the Region of the stack.
   *
   * See `addHost()` for what it means to the host. The id of a host of the app (`host.ref`) does the same as `addHost()`.
   *
   * Throws a `ValidationError` unless the id is a token or has this form, and for a host of the app that is known to be of another account or Region.
   * Warnings are those of `addHost()`.
   *
   * @param hostId `h-` and 8 or 17 letters and digits
   */
  public addHostId(hostId: string): void {
    givenText(this, 'hostId of addHostId()', hostId);
    checkEc2Id(this, lit`HostId`, HOST, hostId, hostId.startsWith('arn:') ? 'It is an ARN: use addHostArn().' : 'Take the id from the EC2 console.');
    const host = hostOfApp(hostId);
    this.add(boundById(this, HOST, hostId, host), host);
  }

  /**
   * Adds a Dedicated Host to the group, by its ARN.
   *
   * See `addHost()` for what it means to the host.
   *
   * Throws a `ValidationError` unless the ARN has this form, where any part may be a token, and for a host that is known to be of another account or
   * Region. Warnings are those of `addHost()`.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param hostArn `arn:<partition>:ec2:<region>:<account>:dedicated-host/h-…`
   */
  public addHostArn(hostArn: string): void {
    const named = hostOfApp(givenText(this, 'hostArn of addHostArn()', hostArn));
    if (named) {
      // A host of the app has no attribute that is an ARN.
      refuse(this, lit`HostArnIsId`, `addHostArn() was given the id of host '${named.node.path}', and takes an ARN. Use addHost().`);
    }
    this.add(
      boundByArn(this, lit`HostArn`, HOST, hostArn, hostArn.startsWith('h-') ? 'It is an id: use addHostId().' : 'Take it from the EC2 console.'),
      hostOfApp(hostArn.slice(hostArn.lastIndexOf('/') + 1)));
  }

  /**
   * Says what happens to the group when it is taken out of the app, or has to be replaced.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    applyRemovalPolicy(this, this.resource, given(this, 'policy', policy), 'host resource group');
  }

  /**
   * The families that can be launched, or `undefined` if all can, or it is not known which.
   *
   * @internal
   */
  public get _knownHostFamilies(): string[] | undefined {
    const families = this.allowedHostFamilies;
    return families === undefined || Token.isUnresolved(families) || families.some(isUnknown) ? undefined : families;
  }

  private add({ arn, name, identity, region, account }: BoundEc2Resource, host: CfnHost | undefined): void {
    checkRegion(this, lit`HostInAnotherRegion`, {
      what: `host '${name}'`,
      value: region,
      neededBy: 'the group',
      reason: `a group has the hosts of its own Region. Add it to a group in a stack of '${region}'.`,
    });
    checkAccount(this, lit`HostOfAnotherAccount`, {
      what: `host '${name}'`,
      value: account,
      neededBy: 'the group',
      reason: `hosts and group belong to one account. Make the group in a stack of '${account}', and share it (LicenseShare).`,
    });
    // What has still to be looked up has no identity, and its name in common only with itself.
    const key = identity ?? arn;
    if (this.hosts.has(key)) {
      warnOfDouble(this, 'the hosts of the group', name);
      return;
    }
    if (host) {
      this.checkFamily(host);
      if (familyOf(host)?.startsWith('mac')) {
        this.macHosts.add(host);
      }
    }
    this.hosts.set(key, arn);
    this.resource.resources = [...this.hosts.values()];
    this.checkOtherGroups(key, name);
    this.checkNumberOfHosts();
  }

  /**
   * No source says whether a host can be in two groups: EC2 tells of a host only that it is in one (`MemberOfServiceLinkedResourceGroup`).
   *
   * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Host.html
   */
  private checkOtherGroups(key: string, name: string): void {
    const other = declaredBefore(this, 'host of a host resource group', key);
    if (other !== undefined) {
      Annotations.of(this).addWarningV2('cdk-license-manager:hostInTwoGroups',
        `Host '${name}' is in host resource group '${other}', too: it is not documented that a host can be in two groups, and the deployment ` +
        'of the second one may fail. Add it to one of the two.');
    }
  }

  private checkNumberOfHosts(): void {
    if (this.hosts.size === HOSTS_PER_CALL + 1) {
      Annotations.of(this).addWarningV2('cdk-license-manager:moreHostsThanInACall',
        `The group has more than ${HOSTS_PER_CALL} hosts: Resource Groups takes at most ${HOSTS_PER_CALL} in a call, and it is not documented that ` +
        `CloudFormation makes several calls. If a deployment is refused, add or take out at most ${HOSTS_PER_CALL} hosts at a time, in ` +
        'several deployments. Else acknowledge this warning.');
    }
  }

  private checkName(name: string): void {
    const other = Token.isUnresolved(name) ? undefined : declaredBefore(this, 'host resource group', name);
    if (other !== undefined) {
      Annotations.of(this).addWarningV2('cdk-license-manager:hostResourceGroupsOfOneName',
        `'${other}' has the same hostResourceGroupName '${name}': a resource group's name is unique in an account and a Region, so that the ` +
        'deployment of the second one fails. Give one of the two another name.');
    }
  }

  private checkFamily(host: CfnHost): void {
    const family = familyOf(host);
    const allowed = this._knownHostFamilies;
    if (family !== undefined && allowed !== undefined && !allowed.includes(family)) {
      Annotations.of(this).addWarningV2('cdk-license-manager:hostFamilyNotAllowed',
        `Host '${host.node.path}' is of the family '${family}', and allowedHostFamilies has only ${allowed.map(it => `'${it}'`).join(', ')}: hosts have to ` +
        'match the settings of the group. Add the family, or add the host to another group.');
    }
  }

  private warnOfMacHosts(): string[] {
    for (const host of this.macHosts) {
      if (!RETAINING.includes(host.cfnOptions.deletionPolicy)) {
        Annotations.of(this).addWarningV2('cdk-license-manager:macHostNotRetained',
          `Host '${host.node.path}' is a Mac, which can't be released in the first 24 hours after its allocation: until then the deletion of ` +
          'the stack, or a rollback, fails. Apply RemovalPolicy.RETAIN to the host, and release it by hand when you no longer need it.');
      }
    }
    return [];
  }

  private warnOfDirectLaunches(): string[] {
    const instances = this.hosts.size > 0 ? this.node.root.node.findAll().filter(construct => CfnInstance.isCfnInstance(construct)) : [];
    for (const { hostId, node } of instances as CfnInstance[]) {
      if (hostId !== undefined && this.hosts.has(boundById(this, HOST, hostId).identity ?? '')) {
        Annotations.of(this).addWarningV2('cdk-license-manager:directLaunchOntoHost',
          `Instance '${node.path}' names host '${shown(this, hostId)}', which is in the group: nothing can be launched directly onto it. If it does not ` +
          'run yet, leave the host out, and use mixins.InstanceHostPlacement.');
      }
    }
    return [];
  }
}

const RETAINING: (CfnDeletionPolicy | undefined)[] = [CfnDeletionPolicy.RETAIN, CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE];

/** The host of the app that is named by an id, if it is one. */
function hostOfApp(hostId: string): CfnHost | undefined {
  const named = referredConstruct(hostId);
  return named && CfnHost.isCfnHost(named) ? named : undefined;
}

/** The family of a host, if it is known. */
function familyOf({ instanceFamily, instanceType }: CfnHost): string | undefined {
  const name = instanceFamily ?? instanceType;
  return name === undefined || Token.isUnresolved(name) ? undefined : familyOfType(name);
}

/**
 * CloudFormation takes 128 characters, less than the API, which takes 300.
 */
function nameOf(group: HostResourceGroup, name: string | undefined): string {
  if (name === undefined || name === PhysicalName.GENERATE_IF_NEEDED) {
    const generated = nameOrGenerated(group, undefined, 58);
    // The path may begin with what a name must not begin with.
    return /^aws/i.test(generated) ? `hosts-${generated}` : generated;
  }
  const property = 'hostResourceGroupName';
  const wayOut = 'Change it, or leave it out to have a name generated.';
  checkLength(group, lit`HostResourceGroupNameLength`, { property, value: name, minimum: 1, maximum: 128, wayOut });
  checkPattern(group, lit`HostResourceGroupNamePattern`, {
    property, value: name, pattern: /^[a-zA-Z0-9_.-]+$/, expected: 'consist of letters, digits, hyphens, underscores and periods', wayOut,
  });
  if (/^aws/i.test(name)) {
    Annotations.of(group).addWarningV2('cdk-license-manager:hostResourceGroupNameReserved',
      `${property} is '${name}', and AWS keeps names that begin with 'aws' for itself: Resource Groups may refuse it. ${wayOut}`);
  }
  return name;
}

/**
 * CloudFormation takes 512 characters, less than the API, which takes 1024. No description is written as an empty one: in an update of the API, what is
 * missing stays as it is.
 *
 * @see https://docs.aws.amazon.com/ARG/latest/APIReference/API_UpdateGroup.html
 */
function descriptionOf(group: HostResourceGroup, description: string = ''): string {
  checkLength(group, lit`HostResourceGroupDescriptionLength`, { property: 'description', value: description, minimum: 0, maximum: 512 });
  checkPattern(group, lit`HostResourceGroupDescriptionPattern`, {
    property: 'description',
    value: description,
    pattern: /^[\sa-zA-Z0-9_.-]*$/,
    expected: 'consist of letters, digits, hyphens, underscores, periods and spaces',
  });
  // Left out of an update it would stay.
  return description ?? '';
}

/**
 * The configuration of a group of hosts. Both items, and both parameters of the second one, have to be there; all values are lists of texts,
 * also what is true or false, and lower case; deletion protection has no other value.
 *
 * Templates that people run have the same: the user guide of License Manager in its CLI examples, and the AWS sample for Macs.
 *
 * @see https://docs.aws.amazon.com/ARG/latest/userguide/about-slg-types.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/host-resource-group-create.html
 * @see https://github.com/aws-samples/amazon-autoscaling-mac1metal-ec2-with-terraform/blob/main/terraform-aws-dedicated-hosts/main.tf
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/resourcegroups/resource_test.go
 */
function configurationOf(group: HostResourceGroup, props: HostResourceGroupProps): CfnGroup.ConfigurationItemProperty[] {
  const flag = (name: string, value: boolean = false) => ({ name, values: [String(value)] });
  const families = familiesOf(group, props.allowedHostFamilies);
  return [
    {
      type: 'AWS::EC2::HostManagement',
      parameters: [
        props.licenses._render(group),
        ...families === undefined ? [] : [{ name: 'allowed-host-families', values: families }],
        flag('auto-allocate-host', props.autoAllocateHosts),
        flag('auto-release-host', props.autoReleaseHosts),
        flag('auto-host-recovery', props.autoRecoverHosts),
      ],
    },
    {
      type: 'AWS::ResourceGroups::Generic',
      parameters: [
        { name: 'allowed-resource-types', values: ['AWS::EC2::Host'] },
        { name: 'deletion-protection', values: ['UNLESS_EMPTY'] },
      ],
    },
  ];
}

function familiesOf(group: HostResourceGroup, families: string[] | undefined): string[] | undefined {
  if (families === undefined || Token.isUnresolved(families)) {
    return families;
  }
  if (families.length === 0) {
    Annotations.of(group).addWarningV2('cdk-license-manager:allowedHostFamiliesEmpty',
      'allowedHostFamilies is empty: nothing could be launched. Name the families, or leave it out to allow all.');
  }
  for (const family of families) {
    checkLength(group, lit`HostFamilyLength`, { property: 'a member of allowedHostFamilies', value: family, minimum: 1, maximum: 256 });
    checkPattern(group, lit`HostFamilyPattern`, {
      property: 'a member of allowedHostFamilies',
      value: family,
      pattern: /^[a-zA-Z0-9:/._-]+$/,
      expected: 'consist of letters, digits and :/._-',
      wayOut: 'Correct it.',
    });
    if (!isUnknown(family) && !/^[a-z][a-z0-9-]*$/.test(family)) {
      Annotations.of(group).addWarningV2('cdk-license-manager:hostFamilyForm',
        `'${family}' in allowedHostFamilies is not an instance family in lower case, which is what an instance type has before the period: 'c5' of ` +
        '\'c5.large\'. Nothing is of it. Correct it.');
    }
  }
  return onceEach(group, 'allowedHostFamilies', families, family => family, family => shown(group, family));
}

/**
 * What keys and values of the tags of a group may consist of.
 *
 * @see https://docs.aws.amazon.com/ARG/latest/APIReference/API_CreateGroup.html
 */
const TAG_CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * How many resource groups an account can have in a Region: a quota, so more is a matter of a warning and not of an error.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/arg.html
 */
const GROUPS_PER_REGION = 100;

/**
 * How many resources can be put into a group, or taken out of it, in a call. The documentation of `AWS::ResourceGroups::Group` gives no limit
 * of `Resources`, that of License Manager says that a group can have any number of hosts: so more is a matter of a warning and not of an error.
 *
 * @see https://docs.aws.amazon.com/ARG/latest/APIReference/API_GroupResources.html
 * @see https://docs.aws.amazon.com/ARG/latest/APIReference/API_UngroupResources.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-resourcegroups-group.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/add-hosts.html
 */
const HOSTS_PER_CALL = 10;

function checkQuota(group: HostResourceGroup): void {
  const crowded = countOverQuota(group, 'resource group', GROUPS_PER_REGION);
  if (crowded !== undefined) {
    Annotations.of(group).addWarningV2('cdk-license-manager:tooManyResourceGroupsInRegion',
      `The app has more than ${GROUPS_PER_REGION} resource groups in ${crowded}, the default quota of Resource Groups for an account in a ` +
      'Region. Use fewer, or have the quota increased before you deploy.');
  }
}

/**
 * Groups that were made through the API may have longer names than those of CloudFormation, and an id after the name.
 *
 * @see https://docs.aws.amazon.com/ARG/latest/APIReference/API_Group.html
 */
const WHERE_FROM = 'Take it from \'aws resource-groups list-groups\'.';

/** Some have 26 characters behind their name. */
const GROUP_NAME = '[a-zA-Z0-9_.-]{1,300}|[a-zA-Z0-9_.-]{1,150}/[a-z0-9]{26}';

const GROUP_ARN: Format = {
  name: 'the ARN of a resource group',
  parts: [...arnParts('resource-groups'), new RegExp(`^group/(${GROUP_NAME})$`)],
  expected: '\'arn:<partition>:resource-groups:<region>:<account>:group/<name>\'',
  wayOut: WHERE_FROM,
};

const PROPS: Shape<HostResourceGroupProps> = {
  hostResourceGroupName: TEXT,
  description: TEXT,
  licenses: needed(ofClass('HostLicenses')),
  autoAllocateHosts: FLAG,
  autoReleaseHosts: FLAG,
  autoRecoverHosts: FLAG,
  allowedHostFamilies: listOf(TEXT),
  removalPolicy: ANYTHING,
};

const ATTRIBUTES: Shape<HostResourceGroupAttributes> = { hostResourceGroupArn: needed(TEXT), licenses: ofClass('HostLicenses') };

const LOOK_UP: Shape<HostResourceGroupLookupOptions> = { hostResourceGroupName: needed(TEXT) };
