import type { IHostRef, IInstanceRef, IMachineImage } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { AMI, boundByArn, boundById, checkEc2Id, HOST, INSTANCE } from '../private/license/ec2-resource';
import type { BoundEc2Resource, Ec2ResourceKind } from '../private/license/ec2-resource';
import { givenHost, givenImage, givenInstance, givenText } from '../private/license/given-reference';
import { lit } from '../private/validation/validation';

/**
 * What a self-managed license can be associated with: an AMI, an EC2 instance or a Dedicated Host.
 *
 * These are the kinds that License Manager's API takes. Licenses of managed nodes of AWS Systems Manager and of Amazon RDS
 * databases are not associated by hand: automated discovery finds them by the license's product information. Launch templates and
 * EC2 Image Builder distributions hand the license to the operation that makes the resource: use the mixins
 * `LaunchTemplateLicenses` and `DistributionConfigurationLicenses`.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_UpdateLicenseSpecificationsForResource.html
 */
export class LicensedResource {
  /**
   * An AMI in the Region of the stack, by its id.
   *
   * The id is checked when an association takes it: a `ValidationError` is thrown unless it is a token or has this form.
   *
   * @param imageId `ami-` and 8 or 17 letters and digits
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-rules.html
   */
  public static fromMachineImageId(imageId: string): LicensedResource {
    return new LicensedResource(MACHINE_IMAGE, { id: imageId });
  }

  /**
   * An AMI, by its ARN.
   *
   * The ARN is checked when an association takes it: a `ValidationError` is thrown unless it has this form, where any part may be a
   * token.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param imageArn `arn:<partition>:ec2:<region>::image/ami-…`; an AMI's ARN names no account
   */
  public static fromMachineImageArn(imageArn: string): LicensedResource {
    return new LicensedResource(MACHINE_IMAGE, { arn: imageArn });
  }

  /**
   * The AMI that a machine image stands for, also one that has still to be looked up (`MachineImage.lookup`).
   *
   * An image whose id changes with every deployment (such as `MachineImage.latestAmazonLinux2023()`) replaces the association each
   * time: the new AMI gets the license before the old one loses it.
   *
   * The id is checked when an association takes it, as that of `fromMachineImageId` is.
   *
   * @param machineImage the image; it is looked up in the scope of the association
   */
  public static fromMachineImage(machineImage: IMachineImage): LicensedResource {
    return new LicensedResource(MACHINE_IMAGE, { machineImage });
  }

  /**
   * An EC2 instance.
   *
   * The license is counted from the association on. To have it counted, and the license's rules checked, when the instance is
   * launched, use the mixin `InstanceLicenses` instead.
   *
   * @param instance an `Instance`, a `CfnInstance`, or an imported one
   */
  public static fromInstance(instance: IInstanceRef): LicensedResource {
    return new LicensedResource(EC2_INSTANCE, { instance });
  }

  /**
   * An EC2 instance in the account and the Region of the stack, by its id.
   *
   * The id is checked when an association takes it: a `ValidationError` is thrown unless it is a token or has this form.
   *
   * @param instanceId `i-` and 8 or 17 letters and digits
   */
  public static fromInstanceId(instanceId: string): LicensedResource {
    return new LicensedResource(EC2_INSTANCE, { id: instanceId });
  }

  /**
   * An EC2 instance, by its ARN.
   *
   * The ARN is checked when an association takes it: a `ValidationError` is thrown unless it has this form, where any part may be a
   * token.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param instanceArn `arn:<partition>:ec2:<region>:<account>:instance/i-…`
   */
  public static fromInstanceArn(instanceArn: string): LicensedResource {
    return new LicensedResource(EC2_INSTANCE, { arn: instanceArn });
  }

  /**
   * An EC2 Dedicated Host.
   *
   * @param host a `CfnHost` or an imported one
   */
  public static fromHost(host: IHostRef): LicensedResource {
    return new LicensedResource(DEDICATED_HOST, { host });
  }

  /**
   * An EC2 Dedicated Host in the account and the Region of the stack, by its id.
   *
   * The id is checked when an association takes it: a `ValidationError` is thrown unless it is a token or has this form.
   *
   * @param hostId `h-` and 8 or 17 letters and digits
   */
  public static fromHostId(hostId: string): LicensedResource {
    return new LicensedResource(DEDICATED_HOST, { id: hostId });
  }

  /**
   * An EC2 Dedicated Host, by its ARN.
   *
   * The ARN is checked when an association takes it: a `ValidationError` is thrown unless it has this form, where any part may be a
   * token.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param hostArn `arn:<partition>:ec2:<region>:<account>:dedicated-host/h-…`
   */
  public static fromHostArn(hostArn: string): LicensedResource {
    return new LicensedResource(DEDICATED_HOST, { arn: hostArn });
  }

  private constructor(private readonly kind: ResourceKind, private readonly source: ResourceSource) {}

  /**
   * The resource as an association in this scope names it.
   *
   * @internal
   */
  public _bind(scope: Construct): BoundResource {
    const isMachineImage = this.kind.of === AMI;
    const what = `the ${this.kind.of.name} of a LicensedResource`;
    const { source } = this;
    if ('arn' in source) {
      return {
        ...boundByArn(scope, lit`LicensedResourceArn`, this.kind.of, givenText(scope, what, source.arn),
          'License Manager associates AMIs, EC2 instances and Dedicated Hosts; for managed nodes and Amazon RDS databases, give the ' +
          'license product information, by which automated discovery finds them.'),
        isMachineImage,
      };
    }
    const owner = 'instance' in source ? givenInstance(scope, what, source.instance) : 'host' in source ? givenHost(scope, what, source.host) : undefined;
    const id = 'instance' in source ? source.instance.instanceRef.instanceId
      : 'host' in source ? source.host.hostRef.hostId
        : givenText(scope, ...'machineImage' in source ? imageOf(scope, what, source.machineImage) : [what, source.id] as const);
    checkEc2Id(scope, lit`LicensedResourceId`, this.kind.of, id, wayOut(this.kind, id));
    return { ...boundById(scope, this.kind.of, id, owner), isMachineImage, owner };
  }
}

/** The id of what somebody's image stands for, and what messages call it. An image that has still to be looked up has a made-up one, the same for all. */
function imageOf(scope: Construct, what: string, machineImage: IMachineImage): [name: string, id: string] {
  return [`the imageId that getImage() of ${what} tells`, givenImage(scope, what, machineImage).getImage(scope)?.imageId];
}

/** What somebody with this id may have meant. */
function wayOut(kind: ResourceKind, id: string): string {
  if (id.startsWith('resolve:ssm:')) {
    return 'Amazon EC2 takes the AMI from the parameter when something is launched, and here it has to be known in the deployment: use ' +
      'MachineImage.fromSsmParameter().';
  }
  if (id.startsWith('arn:')) {
    return `It is an ARN: use LicensedResource.${kind.arnFactory}().`;
  }
  if (id.startsWith('mi-')) {
    return 'It is the id of a managed node of AWS Systems Manager, which no license is associated with by hand: give the license product ' +
      'information (ProductInformation.ssmManaged()), by which automated discovery finds the node.';
  }
  const other = [MACHINE_IMAGE, EC2_INSTANCE, DEDICATED_HOST].find(({ of }) => id.startsWith(of.prefix));
  return other && other !== kind
    ? `It is the id of an ${other.of.name}: use LicensedResource.${other.idFactory}().`
    : 'Take the id from the EC2 console.';
}

interface ResourceKind {
  readonly of: Ec2ResourceKind;
  readonly idFactory: string;
  readonly arnFactory: string;
}

const MACHINE_IMAGE: ResourceKind = { of: AMI, idFactory: 'fromMachineImageId', arnFactory: 'fromMachineImageArn' };
const EC2_INSTANCE: ResourceKind = { of: INSTANCE, idFactory: 'fromInstanceId', arnFactory: 'fromInstanceArn' };
const DEDICATED_HOST: ResourceKind = { of: HOST, idFactory: 'fromHostId', arnFactory: 'fromHostArn' };

/** How it is named. */
type ResourceSource = { readonly id: string } | { readonly arn: string } | { readonly machineImage: IMachineImage }
  | { readonly instance: IInstanceRef } | { readonly host: IHostRef };

interface BoundResource extends BoundEc2Resource {
  readonly isMachineImage: boolean;
  /** The construct, if it is one of the app. */
  readonly owner?: IInstanceRef | IHostRef;
}
