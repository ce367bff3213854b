import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { ManagedResource } from '../custom-resource/construct/managed-resource';
import { SERVICE_LINKED_ROLES, serviceLinkedRole } from '../custom-resource/contract/types/service-linked-role';
import { brand, isBranded } from '../private/identity/copies';
import { Prerequisite, provides } from '../private/identity/prerequisites';
import { ANYTHING, givenProps } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkOneOf, lit } from '../private/validation/validation';

/**
 * A part of License Manager that works with a service-linked role.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/using-service-linked-roles.html
 */
export enum LicenseManagerFeature {
  /**
   * License Manager itself: nothing works without this role (`AWSServiceRoleForAWSLicenseManagerRole`).
   */
  CORE = 'license-manager.amazonaws.com',

  /**
   * What License Manager does in the management account of an organization. Linking the organization makes the role.
   */
  MANAGEMENT_ACCOUNT = 'license-manager.master-account.amazonaws.com',

  /**
   * What License Manager does in the member accounts of an organization. Linking the organization makes the role.
   */
  MEMBER_ACCOUNT = 'license-manager.member-account.amazonaws.com',

  /**
   * User-based subscriptions.
   */
  USER_SUBSCRIPTIONS = 'license-manager-user-subscriptions.amazonaws.com',

  /**
   * Linux subscriptions.
   */
  LINUX_SUBSCRIPTIONS = 'license-manager-linux-subscriptions.amazonaws.com',

  /**
   * Licenses of products that were bought in AWS Marketplace.
   *
   * @see https://docs.aws.amazon.com/marketplace/latest/userguide/buyer-using-service-linked-roles.html
   */
  MARKETPLACE = 'license-management.marketplace.amazonaws.com',
}

/**
 * Properties of a service-linked role.
 */
export interface ServiceLinkedRoleProps {
  /**
   * What the role is for.
   *
   * Throws a `ValidationError` for anything that is none of `LicenseManagerFeature`, also for a token.
   *
   * @default LicenseManagerFeature.CORE
   */
  readonly feature?: LicenseManagerFeature;
}

/**
 * A service-linked role of License Manager: made if the account does not have it, and left alone if it does.
 *
 * An account has each role once, for all its Regions, whoever has made it, with whatever description. So a delete leaves it, always:
 * `AWS::IAM::ServiceLinkedRole` fails if the role is there, and takes it away from everybody when its stack is deleted.
 *
 * What needs the role in the same stack waits for it, whichever is declared first, and for AWS to know of a new role everywhere, which takes up to two
 * minutes. It may be declared in several stacks. The custom resource has a function, whose code is an asset: a stack that takes no assets refuses it with
 * a `ValidationError`.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { LicenseManagerFeature, ServiceLinkedRole } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Settings');
 * new ServiceLinkedRole(stack, 'Role');
 * new ServiceLinkedRole(stack, 'LinuxRole', { feature: LicenseManagerFeature.LINUX_SUBSCRIPTIONS });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/using-service-linked-roles.html
 */
@propertyInjectable
export class ServiceLinkedRole extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.ServiceLinkedRole';

  /**
   * Whether the given object is a `ServiceLinkedRole`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isServiceLinkedRole(x: any): x is ServiceLinkedRole {
    return isBranded(x, 'ServiceLinkedRole');
  }

  /**
   * What the role is for.
   */
  public readonly feature: LicenseManagerFeature;

  /**
   * The ARN of the role.
   */
  public readonly roleArn: string;

  /**
   * The name of the role.
   */
  public readonly roleName: string;

  /**
   * Has a service-linked role made.
   *
   * Throws a `ValidationError` for an unknown feature, and for one that the stack has a role of already.
   */
  constructor(scope: Construct, id: string, props: ServiceLinkedRoleProps = {}) {
    super(scope, id);
    brand(this, 'ServiceLinkedRole');
    props = givenProps(this, props, PROPS);
    const feature = props.feature ?? LicenseManagerFeature.CORE;
    checkOneOf(this, lit`LicenseManagerFeatureUnknown`, { property: 'feature', value: feature, allowed: Object.values(LicenseManagerFeature), decides: 'which role is made' });
    const { resource } = new ManagedResource(this, 'Resource', { definition: serviceLinkedRole, properties: { AWSServiceName: feature } });
    this.feature = feature;
    this.roleArn = resource.getAtt('Arn').toString();
    this.roleName = SERVICE_LINKED_ROLES[feature];
    const prerequisite = PREREQUISITES[feature];
    if (prerequisite) {
      provides(resource, prerequisite);
    }
  }
}

const PROPS: Shape<ServiceLinkedRoleProps> = { feature: ANYTHING };

const PREREQUISITES: { readonly [F in LicenseManagerFeature]?: Prerequisite } = {
  [LicenseManagerFeature.CORE]: Prerequisite.ROLE,
  [LicenseManagerFeature.LINUX_SUBSCRIPTIONS]: Prerequisite.LINUX_ROLE,
  [LicenseManagerFeature.USER_SUBSCRIPTIONS]: Prerequisite.USER_ROLE,
};
