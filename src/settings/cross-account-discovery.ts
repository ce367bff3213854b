import { brand } from '../private/identity/copies';

/**
 * Whether License Manager discovers what runs in the accounts of the organization.
 */
export class CrossAccountDiscovery {
  /**
   * Turns the discovery on, for ever: License Manager has no way to turn it off again.
   *
   * It links the organization as well, and License Manager makes a stack with AWS Glue crawlers and jobs in the management account, whose use is billed.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/settings-managed-licenses.html
   */
  public static enabledForever(): CrossAccountDiscovery {
    return new CrossAccountDiscovery(true);
  }

  private constructor(
    /**
     * What the settings say.
     *
     * @internal
     */
    public readonly _enabled: boolean,
  ) {
    brand(this, 'CrossAccountDiscovery');
  }
}
