import { Annotations, Duration } from 'aws-cdk-lib';
import { CfnAssociation } from 'aws-cdk-lib/aws-ssm';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { brand, isBranded } from '../private/identity/copies';
import { DURATION, FLAG, givenProps } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkTags } from '../private/validation/tags';
import { lit, refuse } from '../private/validation/validation';

/**
 * Properties of what an account of the organization has.
 */
export interface OrganizationMemberProps {
  /**
   * Whether AWS Systems Manager gathers the inventory of all managed nodes of the account and the Region: License Manager finds software by it.
   *
   * A node takes part in one association for inventory. Turn it off where there is one already, such as that of the host management of Quick Setup.
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
}

/**
 * What an account of an organization has, so that License Manager in the management account, or in that of its administrator, sees what runs in it.
 *
 * `OrganizationHub` has one for the management account and for each Region, and one for all member accounts, which a stack set deploys; in a stack of its own
 * it is for an account that no stack set reaches. It has no assets, so that it goes into any account, and no service-linked role, for License Manager makes
 * those of members when the organization is linked.
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
   * Declares what an account has.
   *
   * Throws a `ValidationError` for a frequency that Systems Manager has no words for.
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
  }

  private gather(frequency: Duration): CfnAssociation {
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

const PROPS: Shape<OrganizationMemberProps> = { inventory: FLAG, inventoryFrequency: DURATION };
