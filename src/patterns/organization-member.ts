import { Annotations, Aws, CfnCondition, CfnResource, Duration, Fn, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import { CfnAssociation } from 'aws-cdk-lib/aws-ssm';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { LicenseConversionRole } from '../license-conversion/license-conversion-role';
import type { LicenseConversionRoleProps } from '../license-conversion/license-conversion-role';
import { brand, isBranded } from '../private/identity/copies';
import { declaredBefore } from '../private/identity/environment';
import { knownToDiffer } from '../private/identity/reference';
import { REGION } from '../private/validation/format';
import { DURATION, FLAG, givenProps, objectWith, TEXT } from '../private/validation/given';
import type { Foreign, Shape } from '../private/validation/given';
import { checkTags } from '../private/validation/tags';
import { checkPattern, lit, refuse } from '../private/validation/validation';

/**
 * The role by which a `LicenseConversionWorkflow` of another account converts instances of an account of the organization.
 */
export interface OrganizationMemberConversionRole extends LicenseConversionRoleProps {
  /**
   * The Region in which the role is made: an account has its name once, in all Regions. Elsewhere nothing is made of it. `regions` says where it may convert instances.
   *
   * Throws a `ValidationError` for what has not the form of the name of a Region, and for a token.
   *
   * @default - the Region of the stack; with `OrganizationHub` that of the hub's stack
   */
  readonly homeRegion?: string;
}

/**
 * Properties of what an account of the organization has.
 */
export interface OrganizationMemberProps {
  /**
   * Whether AWS Systems Manager gathers the inventory of all managed nodes of the account and the Region: License Manager finds software by it.
   *
   * A node takes part in one association for inventory. Turn it off where there is one already, such as that of the host management of Quick Setup. Two in one
   * account and Region of the app cause a warning.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/quick-setup-host-management.html
   * @default true
   */
  readonly inventory?: boolean;

  /**
   * How often the inventory is gathered: a whole number of minutes, hours or days. Less than 30 minutes, which Systems Manager has for the least, causes a
   * warning. It causes another one where there is no inventory.
   *
   * Throws a `ValidationError` for what is not a whole number of minutes, and for nothing.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/reference-cron-and-rate-expressions.html
   * @default Duration.minutes(30)
   */
  readonly inventoryFrequency?: Duration;

  /**
   * The role by which a `LicenseConversionWorkflow` of another account converts instances of the account. The account of the workflow itself, as far as it is known, gets none: it
   * needs none.
   *
   * **Whoever may start the workflow has instances of the account stopped and billed otherwise.**
   *
   * Throws a `ValidationError` for what `LicenseConversionRole` says.
   *
   * @default - no workflow of another account converts anything
   */
  readonly conversionRole?: OrganizationMemberConversionRole;
}

/**
 * What an account of an organization has, so that License Manager in the management account, or in that of its administrator, sees what runs in it.
 *
 * `OrganizationHub` has one for the management account and for each Region, and one for all member accounts, which a stack set deploys; in a stack of its own
 * it is for an account that no stack set reaches. It has no assets, so that it goes into any account, and no service-linked role, for License Manager makes
 * those of members when the organization is linked. With `conversionRole`, a workflow of another account converts license types in it.
 *
 * Nodes are managed by Systems Manager if they have its agent and permissions: by the role of their instances, or in the whole account by the default host
 * management configuration.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { patterns } from 'cdk-license-manager';
 *
 * new patterns.OrganizationMember(new Stack(new App(), 'Member'), 'Member');
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-inventory.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-default-host-management-configuration.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/settings-managed-licenses.html
 */
@propertyInjectable
export class OrganizationMember extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.patterns.OrganizationMember';

  /**
   * Whether the given object is an `OrganizationMember`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isOrganizationMember(x: any): x is OrganizationMember {
    return isBranded(x, 'OrganizationMember');
  }

  /**
   * The association by which the inventory is gathered, unless there is none.
   */
  public readonly inventory?: CfnAssociation;

  /**
   * The role for conversions, if there is one in the account and the Region. Where the Region is known at the deployment only, it has a condition.
   */
  public readonly conversionRole?: LicenseConversionRole;

  /**
   * Declares what an account has.
   *
   * Throws a `ValidationError` for a frequency that Systems Manager has no words for, and for what `LicenseConversionRole` says.
   *
   * When the app is complete, tags are refused that AWS would refuse: more than 50, keys or values that are too long, keys that begin with `aws:`.
   */
  constructor(scope: Construct, id: string, props: OrganizationMemberProps = {}) {
    super(scope, id);
    brand(this, 'OrganizationMember');
    props = givenProps(this, props, PROPS);
    const { inventory = true, inventoryFrequency } = props;
    if (inventory) {
      this.inventory = this.gather(inventoryFrequency ?? Duration.minutes(LEAST_MINUTES));
    } else if (inventoryFrequency) {
      Annotations.of(this).addWarningV2('cdk-license-manager:inventoryFrequencyWithoutInventory',
        'inventory is false, and inventoryFrequency says how often it is gathered: it is not. Leave one of the two out.');
    }
    if (props.conversionRole) {
      this.conversionRole = this.letConvert(props.conversionRole);
    }
  }

  private letConvert(props: OrganizationMemberConversionRole): LicenseConversionRole | undefined {
    const { homeRegion, ...role } = givenProps(this, props, CONVERSION_ROLE, { all: 'conversionRole', of: ' of conversionRole' });
    if (Token.isUnresolved(homeRegion)) {
      refuse(this, lit`ConversionHomeRegionUnknown`,
        'homeRegion of conversionRole is a token, which is known at the deployment only: a role with a name is made in one Region. Write its name, or give the stack an environment (env).');
    }
    checkPattern(this, lit`ConversionHomeRegion`, {
      property: 'homeRegion of conversionRole', value: homeRegion, pattern: REGION, expected: 'be the name of a Region', wayOut: 'Write it as \'aws ec2 describe-regions\' shows it.',
    });
    const { account, region } = Stack.of(this);
    const isOfWorkflow = Token.compareStrings(role.workflowAccountId, account) === TokenComparison.SAME;
    if (isOfWorkflow || knownToDiffer(region, homeRegion ?? region)) {
      return undefined;
    }
    const made = new LicenseConversionRole(this, 'ConversionRole', role);
    if (homeRegion !== undefined && Token.isUnresolved(region)) {
      const condition = new CfnCondition(this, 'IsHomeRegion', { expression: Fn.conditionEquals(Aws.REGION, homeRegion) });
      for (const resource of made.node.findAll().filter(it => CfnResource.isCfnResource(it))) {
        resource.cfnOptions.condition = condition;
      }
    }
    return made;
  }

  private gather(frequency: Duration): CfnAssociation {
    const other = declaredBefore(this, 'inventory of all managed nodes', '');
    if (other !== undefined) {
      Annotations.of(this).addWarningV2('cdk-license-manager:inventoryTwice',
        `'${other}' gathers the inventory of all managed nodes in the same account and Region, and a node takes part in one such association. Set inventory to false `
        + 'for one of the two.');
    }
    const association = new CfnAssociation(this, 'Inventory', {
      name: 'AWS-GatherSoftwareInventory',
      associationName: 'license-manager-inventory',
      targets: [{ key: 'InstanceIds', values: ['*'] }],
      scheduleExpression: this.rate(frequency),
      // What License Manager reads: software and its editions, and what instances are, and how they are billed.
      parameters: Object.fromEntries([
        ...['applications', 'awsComponents', 'billingInfo', 'customInventory', 'instanceDetailedInformation', 'windowsRoles'].map(name => [name, ['Enabled']]),
        ...['networkConfig', 'services', 'windowsUpdates'].map(name => [name, ['Disabled']]),
      ]),
    });
    checkTags(this, association);
    return association;
  }

  private rate(frequency: Duration): string {
    const minutes = frequency.isUnresolved()
      ? refuse(this, lit`InventoryFrequencyUnknown`, 'inventoryFrequency is a token, which is known at the deployment only: it decides what is in the template. Write its value.')
      : frequency.toMinutes({ integral: false });
    if (!Number.isInteger(minutes) || minutes < 1) {
      refuse(this, lit`InventoryFrequency`, `inventoryFrequency is ${minutes} minutes: it has to be a whole number of minutes, at least 1. Correct it, or leave it out.`);
    }
    if (minutes < LEAST_MINUTES) {
      Annotations.of(this).addWarningV2('cdk-license-manager:inventoryFrequency',
        `inventoryFrequency is ${minutes} minutes, and Systems Manager gathers an inventory every ${LEAST_MINUTES} minutes at most. Raise it, or leave it out.`);
    }
    const [unit, value] = minutes % 1440 === 0 ? ['day', minutes / 1440] : minutes % 60 === 0 ? ['hour', minutes / 60] : ['minute', minutes];
    return `rate(${value} ${unit}${value === 1 ? '' : 's'})`;
  }
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/reference-cron-and-rate-expressions.html */
const LEAST_MINUTES = 30;

const PROPS: Shape<OrganizationMemberProps> = {
  inventory: FLAG, inventoryFrequency: DURATION, conversionRole: objectWith('workflowAccountId'),
};

/** The rest is checked by the role itself. */
const CONVERSION_ROLE: Foreign<OrganizationMemberConversionRole> = { foreign: { homeRegion: TEXT } };
