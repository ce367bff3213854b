import type { ISubnetRef } from 'aws-cdk-lib/aws-ec2';
import type { IKeyRef } from 'aws-cdk-lib/aws-kms';
import type { ISecretRef } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import { brand } from '../private/identity/copies';
import { copied } from '../private/validation/copy';
import { construct, givenAs, givenProps, listOf, needed, reference, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';

/**
 * How a self-managed Active Directory is reached.
 *
 * **License Manager cannot change it** once the directory is registered: a change is refused at the deployment, and takes two of them: one without the
 * `IdentityProvider`, and one with it.
 */
export interface SelfManagedDirectoryOptions {
  /** The name of the domain: `corp.example.com`. **Another domain is another identity provider.** */
  readonly domainName: string;

  /**
   * The IPv4 addresses of the primary and the secondary domain controller: 1 or 2.
   *
   * Whoever takes the directory throws a `ValidationError` for none, for more, and for what is no IPv4 address.
   *
   * @default - none; a directory without any address causes a warning
   */
  readonly ipv4Addresses?: string[];

  /**
   * The IPv6 addresses of the primary and the secondary domain controller: 1 or 2.
   *
   * Whoever takes the directory throws a `ValidationError` for none, for more, and for what is no IPv6 address.
   *
   * @default - none; a directory without any address causes a warning
   */
  readonly ipv6Addresses?: string[];

  /**
   * The secret with the credentials of the directory's administrator: `LicenseServerCredentials`, or any other secret of the account and the Region
   * whose name begins with `license-manager-user-`, and which has the keys `username` and `password`.
   */
  readonly credentials: ISecretRef;

  /**
   * The key of the secret, unless it is AWS's own: who registers the directory has to be able to decrypt with it, through AWS Secrets Manager. An alias whose key
   * is not known causes a warning.
   *
   * @default - that of `credentials`, if it is known
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions.html#usubs-prerequisites
   */
  readonly encryptionKey?: IKeyRef;

  /**
   * The subnets from which License Manager reaches the directory: at least 1, all of one VPC of the account; shared subnets are not supported.
   *
   * Whoever takes the directory throws a `ValidationError` for none.
   */
  readonly subnets: ISubnetRef[];
}

/**
 * An Active Directory, whose users work with products of user-based subscriptions. Multi-factor authentication is not supported.
 *
 * | | Microsoft Office, Visual Studio | Remote Desktop Services |
 * | --- | --- | --- |
 * | AWS Managed Microsoft AD | yes | yes |
 * | self-managed | no | yes |
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/user-based-subscriptions.html
 */
export class UserDirectory {
  /**
   * A directory of AWS Managed Microsoft AD that the account owns.
   *
   * Whoever takes it throws a `ValidationError` unless the id is a token or has this form.
   *
   * @param directoryId `d-` and 10 hexadecimal digits; that of a directory of the app is its `ref`
   */
  public static awsManaged(directoryId: string): UserDirectory {
    return new UserDirectory({ directoryId, isShared: false });
  }

  /**
   * A directory of AWS Managed Microsoft AD that another account owns and shares with this one. It is registered by its owner first; users are
   * subscribed there, and associated with instances here.
   *
   * Whoever takes it throws a `ValidationError` unless the id is a token or has this form.
   *
   * @param directoryId the id that the directory has in this account: `d-` and 10 hexadecimal digits
   */
  public static shared(directoryId: string): UserDirectory {
    return new UserDirectory({ directoryId, isShared: true });
  }

  /**
   * A directory that you run yourself, on AWS or elsewhere.
   *
   * @param options how it is reached
   */
  public static selfManaged(options: SelfManagedDirectoryOptions): UserDirectory {
    return new UserDirectory({ selfManaged: copied(options) });
  }

  private constructor(private readonly given: Given) {
    brand(this, 'UserDirectory');
  }

  /**
   * The directory, for a construct that takes it.
   *
   * @internal
   */
  public _valueFor(scope: IConstruct): Given {
    const { given } = this;
    return 'selfManaged' in given
      ? { selfManaged: givenProps(scope, given.selfManaged, OPTIONS, { all: 'options of UserDirectory.selfManaged()', of: ' of the directory' }) }
      : { ...given, directoryId: givenAs(scope, 'the id of the directory', given.directoryId, TEXT) };
  }
}

/** One that AWS runs, or one that the user does. */
type Given = { readonly directoryId: string; readonly isShared: boolean } | { readonly selfManaged: SelfManagedDirectoryOptions };

const OPTIONS: Shape<SelfManagedDirectoryOptions> = {
  domainName: needed(TEXT),
  ipv4Addresses: listOf(TEXT),
  ipv6Addresses: listOf(TEXT),
  credentials: needed(construct('a secret', 'secretRef')),
  encryptionKey: construct('a key', 'keyRef'),
  subnets: needed(listOf(reference('a subnet', 'subnetRef'))),
};
