import type { CfnResource } from 'aws-cdk-lib';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { ManagedResource } from '../custom-resource/construct/managed-resource';
import { organizationSharing } from '../custom-resource/contract/types/organization-sharing';
import { brand, isBranded } from '../private/identity/copies';
import { Prerequisite, provides } from '../private/identity/prerequisites';

/**
 * Lets AWS RAM share with the organization, without invitations that somebody has to accept.
 *
 * It is for the management account of an organization with all features, and once for the organization. It holds for **all that AWS RAM shares**, which is
 * why a delete leaves it as it is: AWS RAM has no operation that turns it off, and trusted access is not to be taken from it while anybody shares.
 *
 * **It takes up to six hours to work**: until then, shares with the organization or with an organizational unit fail, or invite accounts. A deployment
 * that has both fails in its share then: deploy again later, or deploy this first. `LicenseShare` waits for it in the same stack.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { OrganizationSharing } from 'cdk-license-manager';
 *
 * new OrganizationSharing(new Stack(new App(), 'Organization'), 'Sharing');
 *
 * @see https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html#getting-started-sharing-orgs
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-configurations.html
 */
@propertyInjectable
export class OrganizationSharing extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.OrganizationSharing';

  /**
   * Whether the given object is an `OrganizationSharing`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isOrganizationSharing(x: any): x is OrganizationSharing {
    return isBranded(x, 'OrganizationSharing');
  }

  private readonly resource: CfnResource;

  /**
   * Turns sharing with the organization on.
   *
   * Throws a `ValidationError` if the app turns it on in the same account and Region already.
   */
  constructor(scope: Construct, id: string) {
    super(scope, id);
    brand(this, 'OrganizationSharing');
    this.resource = new ManagedResource(this, 'Resource', { definition: organizationSharing, properties: {} }).resource;
    provides(this.resource, Prerequisite.SHARING);
  }
}
