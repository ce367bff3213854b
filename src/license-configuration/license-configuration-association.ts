import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { RemovalPolicy } from 'aws-cdk-lib';
import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import type { LicensedResource } from './licensed-resource';
import { ManagedResource } from '../custom-resource/construct/managed-resource';
import { licenseConfigurationAssociation } from '../custom-resource/contract/types/license-configuration-association';
import { brand, isBranded } from '../private/identity/copies';
import { declareOnce } from '../private/identity/environment';
import { needs, Prerequisite } from '../private/identity/prerequisites';
import { knownToDiffer } from '../private/identity/reference';
import { givenLicense } from '../private/license/given-reference';
import { missingLicenses, renderedTarget } from '../private/license/launch';
import { launchesOf, licenseSourceOf } from '../private/license/launches';
import { ID_BEFORE_LOOKUP, identityOfLicense, LICENSES_PER_RESOURCE, regionOfLicense } from '../private/license/license-reference';
import { isDeactivated, warnOfDeactivated, warnOfForeign } from '../private/license/licenses';
import type { OwnLicense } from '../private/license/licenses';
import { checkTenancy } from '../private/license/tenancy';
import { ANYTHING, given, givenProps, needed, ofClass } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkAccount, checkRegion } from '../private/validation/place';
import { applyRemovalPolicy } from '../private/validation/removal';
import { checkOneOf, lit, refuse } from '../private/validation/validation';

/**
 * In which accounts launches from an AMI count against the license.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_LicenseSpecification.html
 */
export enum AmiAssociationScope {
  /**
   * Launches from the AMI are counted in all accounts that it is shared with.
   *
   * Only for an AMI that your account owns: an AMI that was shared with you is associated with your account alone.
   */
  CROSS_ACCOUNT = 'cross-account',
}

/**
 * What a self-managed license is associated with.
 */
export interface LicenseConfigurationAssociationOptions {
  /**
   * The AMI, EC2 instance or Dedicated Host that uses the license.
   *
   * It has to be in the Region of the license: License Manager tracks nothing across Regions. An instance or a host has to belong to the
   * account of the stack; an AMI may also be one that is shared with it.
   */
  readonly resource: LicensedResource;

  /**
   * In which accounts launches from the AMI are counted.
   *
   * Only for AMIs, and only for those that your account owns.
   *
   * @default - launches are counted in the account of the stack only
   */
  readonly amiAssociationScope?: AmiAssociationScope;
}

/**
 * Properties of a license's association.
 */
export interface LicenseConfigurationAssociationProps extends LicenseConfigurationAssociationOptions {
  /**
   * The self-managed license: one of this app, or an imported one.
   *
   * It has to be in the Region of the stack. A license of another account has to be shared with the stack's account first.
   */
  readonly licenseConfiguration: ILicenseConfigurationRef;
}

/**
 * Associates a self-managed license with an AMI, an EC2 instance or a Dedicated Host.
 *
 * CloudFormation has no type for it, so it is a custom resource. It adds and removes this one license and leaves the other licenses
 * of the resource as they are. A change of the license or of the resource replaces the association: the new one is made before the
 * old one is removed, so that the resource is never without a license. A change of the scope is made in place; if License Manager keeps
 * the old one, the deployment fails and says so.
 *
 * Removing it stops counting the license for the resource. When the AMI was deregistered or the instance terminated in the
 * meantime, there is nothing left to remove, and the deletion succeeds.
 *
 * A license with a hard limit refuses what exceeds it: the deployment fails and is rolled back.
 *
 * An AMI that is copied within its Region, or made from an instance, takes the licenses along. **A copy of a licensed AMI in another Region cannot
 * be launched**: build it there, or distribute it with EC2 Image Builder and the mixin `DistributionConfigurationLicenses`.
 *
 * The custom resource has a function, whose code is an asset: a stack that takes none cannot have it, such as a product of AWS Service Catalog
 * without a bucket for assets, or one with the `BootstraplessSynthesizer`. That is refused with a `ValidationError`.
 *
 * It is known by the pair of license and resource: renaming, reordering or moving the construct within its stack changes nothing. **To move it to
 * another stack**, first deploy it with `applyRemovalPolicy(RemovalPolicy.RETAIN)`, and then move it: otherwise the stack that it leaves takes the
 * license away that the other stack has found there.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_UpdateLicenseSpecificationsForResource.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-rules.html
 */
@propertyInjectable
export class LicenseConfigurationAssociation extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.LicenseConfigurationAssociation';

  /**
   * Whether the given object is a `LicenseConfigurationAssociation`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isLicenseConfigurationAssociation(x: any): x is LicenseConfigurationAssociation {
    return isBranded(x, 'LicenseConfigurationAssociation');
  }

  /**
   * The ARN of the AMI, EC2 instance or Dedicated Host.
   */
  public readonly resourceArn: string;

  /**
   * The ARN of the self-managed license.
   */
  public readonly licenseConfigurationArn: string;

  private readonly customResource: ManagedResource;

  /**
   * Associates a self-managed license with a resource.
   *
   * Throws a `ValidationError` for an id or an ARN of another form, for a scope on something else than an AMI, for a resource or a license known to
   * be of another Region than the stack, for an instance or a host known to be of another account, and for a pair of resource and license that the
   * app has already. When the app is complete, an instance of the app is refused that is launched with the license anyway, by itself or by a launch
   * template of the app, or whose tenancy a rule of the license does not allow. Warnings are caused by one of which no tenancy is written if the
   * license does not allow shared hardware, by a license that is deactivated, and by one of another account or for databases of Amazon RDS.
   */
  constructor(scope: Construct, id: string, props: LicenseConfigurationAssociationProps) {
    super(scope, id);
    brand(this, 'LicenseConfigurationAssociation');
    props = givenProps(this, props, PROPS);

    const license = givenLicense(this, 'licenseConfiguration', props.licenseConfiguration);
    const resource = props.resource._bind(this);
    this.licenseConfigurationArn = license.licenseConfigurationRef.licenseConfigurationArn;
    this.resourceArn = resource.arn;

    checkOneOf(this, lit`AmiAssociationScopeUnknown`, {
      property: 'amiAssociationScope', value: props.amiAssociationScope, allowed: Object.values(AmiAssociationScope),
    });
    if (props.amiAssociationScope !== undefined && !resource.isMachineImage) {
      refuse(this, lit`AmiAssociationScopeWithoutAmi`,
        `the scope '${props.amiAssociationScope}' is for AMIs, and '${resource.name}' is not one. Leave amiAssociationScope out.`);
    }
    this.checkEnvironment(license, resource);
    if (resource.identity !== undefined) {
      this.checkDeclaredOnce(resource, resource.identity, identityOfLicense(license));
    }

    this.customResource = new ManagedResource(this, 'Resource', {
      definition: licenseConfigurationAssociation,
      properties: {
        LicenseConfigurationArn: this.licenseConfigurationArn,
        ResourceArn: resource.arn,
        AmiAssociationScope: props.amiAssociationScope,
      },
      identified: resource.identity !== undefined && !this.licenseConfigurationArn.endsWith(ID_BEFORE_LOOKUP),
    });
    needs(this.customResource.resource, Prerequisite.ROLE);
    this.order(license);
    if (!resource.isMachineImage) {
      warnOfDeactivated(this, [license]);
    }
    const instance = resource.owner?.node.defaultChild ?? resource.owner;
    if (CfnInstance.isCfnInstance(instance)) {
      this.node.addValidation({ validate: () => this.checkLaunch(license, instance) });
    }
  }

  /**
   * Says what happens to the association when it is taken out of the app, or has to be replaced.
   *
   * With `RemovalPolicy.RETAIN` the resource keeps the license. Not called: the license is removed from the resource.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @param policy what happens to it
   */
  public applyRemovalPolicy(policy: RemovalPolicy): void {
    applyRemovalPolicy(this, this.customResource.resource, given(this, 'policy', policy), 'license association');
  }

  private checkEnvironment(license: ILicenseConfigurationRef, resource: BoundResource): void {
    const { region } = Stack.of(this);
    const licenseRegion = regionOfLicense(license);
    checkRegion(this, lit`LicenseInAnotherRegion`, {
      what: 'the license',
      value: licenseRegion,
      reason: `License Manager tracks nothing across Regions. Declare the association in a stack of '${licenseRegion}', or use a ` +
        `license of '${region}'.`,
    });
    if (resource.region !== undefined && (knownToDiffer(resource.region, region) || knownToDiffer(resource.region, licenseRegion))) {
      const expected = Token.isUnresolved(region) ? licenseRegion : region;
      refuse(this, lit`LicensedResourceInAnotherRegion`,
        `'${resource.name}' is in Region '${resource.region}' and the license in '${expected}': License Manager tracks nothing ` +
        `across Regions. Use a license of '${resource.region}', in a stack of that Region.`);
    }
    checkAccount(this, lit`LicensedResourceOfAnotherAccount`, {
      what: `'${resource.name}'`,
      value: resource.account,
      reason: `an account associates licenses with its own resources. Share the license with '${resource.account}' (LicenseShare), ` +
        'and declare the association in a stack of that account.',
    });
    warnOfForeign(this, [license]);
  }

  private order(license: ILicenseConfigurationRef): void {
    const { _releaser: releaser, _status: status } = license as OwnLicense;
    const stack = Stack.of(this);
    if (releaser && Stack.of(releaser) === stack) {
      // What the app declares is removed first, each by its own: the releaser finds what others have made, and nobody removes it twice.
      this.node.addDependency(releaser);
    }
    if (status && Stack.of(status.writer) === stack) {
      // What is deactivated may take no more associations.
      const [first, then] = isDeactivated(license) ? [this, status.writer] : [status.writer, this];
      then.node.addDependency(first);
    }
  }

  /** What the instance is launched with can change until the app is complete. */
  private checkLaunch(license: ILicenseConfigurationRef, instance: CfnInstance): string[] {
    const named = `instance '${instance.node.path}'`;
    const licensed = licenseSourceOf(instance);
    const from = licensed === instance ? '' : `, by launch template '${licensed.node.path}'`;
    return [
      ...missingLicenses(licensed, [license], renderedTarget(licensed).licenses).length === 0
        ? [`${named} is launched with license '${license.node.path}' already${from}. License Manager holds a pair once, so that the ` +
          'removal of the association would take the license away from the instance. Remove one of the two.']
        : [],
      ...launchesOf(instance).flatMap(launch => checkTenancy(this, [license], launch, named)),
    ];
  }

  private checkDeclaredOnce(resource: BoundResource, resourceIdentity: string, licenseIdentity: string): void {
    const { before, count } = declareOnce(this, `license of ${resourceIdentity}`, licenseIdentity);
    if (before !== undefined) {
      refuse(this, lit`LicenseAssociatedTwice`,
        `'${resource.name}' is already associated with this license, by '${before}'. License Manager holds a pair once, so ` +
        'that the removal of one would remove both. Remove one of the two.');
    }
    if (count === LICENSES_PER_RESOURCE + 1) {
      Annotations.of(this).addWarningV2('cdk-license-manager:tooManyLicensesOnResource',
        `'${resource.name}' gets more than ${LICENSES_PER_RESOURCE} licenses, the default quota of License Manager for a resource. ` +
        'Use fewer, or have the quota increased before you deploy.');
    }
  }
}

/** What an association knows of its resource. */
type BoundResource = ReturnType<LicensedResource['_bind']>;

const PROPS: Shape<LicenseConfigurationAssociationProps> = {
  licenseConfiguration: needed(ANYTHING),
  resource: needed(ofClass('LicensedResource', '_bind')),
  amiAssociationScope: ANYTHING,
};
