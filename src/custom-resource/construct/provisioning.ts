import { PropertyInjectors } from 'aws-cdk-lib';
import type { InjectionContext, IPropertyInjector } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { checkOneOf, lit } from '../../private/validation/validation';

/**
 * How a resource gets to License Manager.
 *
 * The youngest CloudFormation types of License Manager reach Regions one after another. Where a type has not arrived,
 * CloudFormation refuses the template; there the same construct is provisioned through the API.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/AWS_LicenseManager.html
 */
export enum Provisioning {
  /**
   * By CloudFormation's own type.
   */
  NATIVE = 'native',

  /**
   * By a custom resource that calls License Manager's API: the same properties, attributes, tags, replacements and refusals.
   *
   * Tags that are given to the stack at deployment do not reach it; those that the app sets do.
   *
   * The custom resource has a function, whose code is an asset: a stack that takes no assets refuses it with a `ValidationError`.
   *
   * Both ways have the same logical id, so that CloudFormation refuses a change from one to the other ('Update of resource type is not
   * permitted') and nothing is replaced by mistake. When the type has arrived in your Region, take the license, or the report generator,
   * over without losing it:
   *
   * 1. Set `removalPolicy` to `RemovalPolicy.RETAIN`, leave out `disassociateResourcesOnDelete`, and deploy.
   * 2. Put an imported one (`LicenseConfiguration.fromLicenseConfigurationArn`, `ReportGenerator.fromReportGeneratorArn`) with the same id in
   *    the place of this one, so that what hangs on it stays, and deploy: it stays in License Manager.
   * 3. Put it back, with `Provisioning.NATIVE` and the same properties, and run `cdk import`, which takes in it alone.
   * 4. Deploy: everything refers to it again.
   *
   * @see https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-import.html
   */
  CUSTOM_RESOURCE = 'custom-resource',
}

/**
 * Sets for everything below a scope how it is provisioned, unless a construct says so itself.
 *
 * A scope has one injector for a class: it replaces one that was added before, and the nearest scope wins.
 *
 * @example
 * import { App } from 'aws-cdk-lib';
 * import { Provisioning, ProvisioningInjector } from 'cdk-license-manager';
 *
 * const app = new App();
 * ProvisioningInjector.addTo(app, Provisioning.CUSTOM_RESOURCE);
 */
export class ProvisioningInjector implements IPropertyInjector {
  /**
   * Sets it for every construct of this library that can be provisioned in more than one way, and is made below the scope afterwards.
   *
   * @param scope        the app, a stage, a stack or any other construct
   * @param provisioning the way for constructs that do not set it
   */
  public static addTo(scope: IConstruct, provisioning: Provisioning): void {
    checkOneOf(scope, lit`ProvisioningUnknown`, {
      property: 'provisioning', value: provisioning, allowed: Object.values(Provisioning), wayOut: 'Correct it.',
    });
    PropertyInjectors.of(scope).add(...CONSTRUCTS.map(constructUniqueId => new ProvisioningInjector(constructUniqueId, provisioning)));
  }

  /**
   * The id of the class that it works on.
   */
  public readonly constructUniqueId: string;

  private constructor(constructUniqueId: string, private readonly provisioning: Provisioning) {
    this.constructUniqueId = constructUniqueId;
  }

  /**
   * Adds the way of provisioning to properties that do not say it.
   */
  public inject(originalProps: any, _context: InjectionContext): any {
    return { ...originalProps, provisioning: originalProps.provisioning ?? this.provisioning };
  }
}

/** By their PROPERTY_INJECTION_ID: their files import this one. */
const CONSTRUCTS = ['cdk-license-manager.LicenseConfiguration', 'cdk-license-manager.ReportGenerator'];
