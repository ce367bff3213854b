import { Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ILicenseServerEndpointRef } from 'aws-cdk-lib/aws-licensemanagerusersubscriptions';
import { checkGrantee, grantOnAnything } from '../private/facade/grants';
import { warnOfForeignGrant } from '../private/facade/owner';
import { construct, givenAs } from '../private/validation/given';

/**
 * What the L2 tells besides its reference, which throws where an import does not know the identity provider.
 */
interface KnownIdentityProvider {
  readonly _knownIdentityProviderArn?: string;
}

/**
 * Permissions on a license server endpoint.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_license-manager-user-subscriptions.html
 */
export class LicenseServerEndpointGrants {
  /**
   * The permissions on an endpoint: an L2, an L1 or an imported one.
   *
   * @param licenseServerEndpoint the endpoint
   */
  public static fromLicenseServerEndpoint(licenseServerEndpoint: ILicenseServerEndpointRef): LicenseServerEndpointGrants {
    return new LicenseServerEndpointGrants(
      givenAs('LicenseServerEndpointGrants.fromLicenseServerEndpoint()', 'licenseServerEndpoint', licenseServerEndpoint, construct('a license server endpoint', 'licenseServerEndpointRef')));
  }

  private constructor(private readonly licenseServerEndpoint: ILicenseServerEndpointRef) {}

  /**
   * Allows to look at the endpoint: its address, its state, the health of its servers, and its tags.
   *
   * License Manager tells this in the list of all endpoints, which can be read all or not at all. Only the tags are read of one.
   *
   * @param grantee who is allowed to
   */
  public read(grantee: IGrantable): Grant {
    return this.grant(grantee, READ_ACTIONS).combine(grantOnAnything(grantee, READ_ACTIONS_WITHOUT_RESOURCE));
  }

  /**
   * Allows everything with the endpoint: to read it, to change its tags and to delete it.
   *
   * Who deletes it needs the permission on its identity provider, too. That of an endpoint which is imported without it is not known, so
   * that it is given on all identity providers of the endpoint's account and Region.
   *
   * License Manager takes down what it has made for the endpoint with the permissions of who deletes it. These are on the directory, on network
   * interfaces and on a hosted zone that this construct does not know, so that they are not given: `ds:GetAuthorizedApplicationDetails`,
   * `ds:UnauthorizeApplication`, `ec2:DeleteNetworkInterface`, `ec2:DescribeNetworkInterfaces`, `route53:ChangeResourceRecordSets`,
   * `route53:DeleteHostedZone`, `route53:GetHostedZone` and `route53:ListResourceRecordSets`.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions.html#usubs-prerequisites
   *
   * @param grantee who is allowed to
   */
  public manage(grantee: IGrantable): Grant {
    return this.grant(grantee, [...READ_ACTIONS, ...TAG_ACTIONS])
      .combine(grantOnAnything(grantee, READ_ACTIONS_WITHOUT_RESOURCE))
      .combine(this.grant(grantee, DELETE_ACTIONS, [this.identityProviderArn]));
  }

  private get identityProviderArn(): string {
    const endpoint: ILicenseServerEndpointRef & KnownIdentityProvider = this.licenseServerEndpoint;
    if (!('_knownIdentityProviderArn' in endpoint)) {
      return endpoint.licenseServerEndpointRef.identityProviderArn;
    }
    return endpoint._knownIdentityProviderArn ?? Stack.of(endpoint).formatArn({
      ...endpoint.env, service: 'license-manager-user-subscriptions', resource: 'identity-provider', resourceName: '*',
    });
  }

  private grant(grantee: IGrantable, actions: string[], otherArns: string[] = []): Grant {
    warnOfForeignGrant(this.licenseServerEndpoint, 'license server endpoint', false);
    checkGrantee(this.licenseServerEndpoint, 'license server endpoint', grantee);
    const { licenseServerEndpointArn } = this.licenseServerEndpoint.licenseServerEndpointRef;
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [licenseServerEndpointArn, ...otherArns] });
  }
}

const READ_ACTIONS = ['license-manager-user-subscriptions:ListTagsForResource'];

const READ_ACTIONS_WITHOUT_RESOURCE = ['license-manager-user-subscriptions:ListLicenseServerEndpoints'];

const TAG_ACTIONS = ['license-manager-user-subscriptions:TagResource', 'license-manager-user-subscriptions:UntagResource'];

const DELETE_ACTIONS = ['license-manager-user-subscriptions:DeleteLicenseServerEndpoint'];
