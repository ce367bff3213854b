import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { keepOn, keptOn } from '../../private/identity/copies';
import { ANYTHING, givenProps, listOf } from '../../private/validation/given';
import type { Shape } from '../../private/validation/given';
import { checkOneOf, lit, refuse } from '../../private/validation/validation';

/**
 * How a resource gets to License Manager.
 *
 * The youngest CloudFormation types of License Manager reach Regions one after another. Where a type has not arrived, CloudFormation refuses the
 * template, and aws-cdk-lib finds at synthesis that the type 'does not exist' in the Region (`CloudFormation-Validate::F3006`). There the same
 * construct can be provisioned through the API. It never is by itself.
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
 * A CloudFormation type that a Region may lack, and instead of which there is a custom resource.
 */
export enum ProvisionedType {
  /**
   * The type of `LicenseConfiguration`.
   */
  LICENSE_CONFIGURATION = 'AWS::LicenseManager::LicenseConfiguration',

  /**
   * The type of `ReportGenerator`.
   */
  REPORT_GENERATOR = 'AWS::LicenseManager::ReportGenerator',
}

/**
 * Of which constructs it is set how they are provisioned.
 */
export interface ProvisioningInjectorOptions {
  /**
   * The types whose constructs are meant: a Region may have one and not the other.
   *
   * Throws a `ValidationError` for a type that is none of `ProvisionedType`, and for none at all.
   *
   * @default - all
   */
  readonly types?: ProvisionedType[];
}

/**
 * Sets for everything below a scope how it is provisioned, unless a construct says so itself.
 *
 * The nearest scope that says something of a type wins, and what is said last of the same scope. It is none of aws-cdk-lib's property
 * injectors, of which a scope has one for a class: your own for the same class take effect with it, in whichever order they are added, and
 * what they set wins.
 *
 * @example
 * import { App } from 'aws-cdk-lib';
 * import { ProvisionedType, Provisioning, ProvisioningInjector } from 'cdk-license-manager';
 *
 * const app = new App();
 * ProvisioningInjector.addTo(app, Provisioning.CUSTOM_RESOURCE);
 * ProvisioningInjector.addTo(app, Provisioning.NATIVE, { types: [ProvisionedType.REPORT_GENERATOR] });
 */
export class ProvisioningInjector {
  /**
   * Sets it for every construct of this library that can be provisioned in more than one way, and is made below the scope afterwards. One that is
   * made before, and would be provisioned in another way now, stays as it is and gets a warning.
   *
   * Throws a `ValidationError` for a way that there is not.
   *
   * @param scope        the app, a stage, a stack or any other construct
   * @param provisioning the way for constructs that do not set it
   * @param options      for which constructs
   */
  public static addTo(scope: IConstruct, provisioning: Provisioning, options: ProvisioningInjectorOptions = {}): void {
    checkOneOf(scope, lit`ProvisioningUnknown`, {
      property: 'provisioning', value: provisioning, allowed: Object.values(Provisioning), wayOut: 'Correct it.', decides: WAY,
    });
    const { types = Object.values(ProvisionedType) } = givenProps(scope, options, OPTIONS, { all: 'options of ProvisioningInjector.addTo()' });
    if (types.length === 0) {
      refuse(scope, lit`ProvisionedTypesEmpty`,
        'types of ProvisioningInjector.addTo() is empty: it would set nothing. Name at least 1 of ProvisionedType, or leave types out for all of them.');
    }
    for (const value of types) {
      checkOneOf(scope, lit`ProvisionedTypeUnknown`, {
        property: 'a member of types', value, allowed: Object.values(ProvisionedType), wayOut: 'Correct it.', decides: WAY,
      });
    }
    new ProvisioningInjector(provisioning, types).applyTo(scope);
  }

  /**
   * How a construct is provisioned: as it says itself, or as the nearest scope says of its type.
   *
   * @param construct what is provisioned
   * @param type      its type
   * @param own       what its properties say
   * @internal
   */
  public static _of(construct: IConstruct, type: ProvisionedType, own: Provisioning | undefined): Provisioning {
    checkOneOf(construct, lit`ProvisioningUnknown`, { property: 'provisioning', value: own, allowed: Object.values(Provisioning), decides: WAY });
    const way = own ?? wayFor(construct, type);
    if (own === undefined) {
      keepOn(construct, INJECTED, () => ({ type, way }));
    }
    return way;
  }

  private constructor(private readonly provisioning: Provisioning, private readonly types: readonly ProvisionedType[]) {}

  private applyTo(scope: IConstruct): void {
    const ways = keepOn(scope, PROVISIONING, () => new Map<string, string>());
    this.types.forEach(type => ways.set(type, this.provisioning));
    for (const construct of scope.node.findAll()) {
      const injected = keptOn<Injected>(construct, INJECTED);
      if (injected && injected.way !== wayFor(construct, injected.type)) {
        Annotations.of(construct).addWarningV2('cdk-license-manager:provisioningSetTooLate',
          `ProvisioningInjector.addTo() sets '${this.provisioning}' for '${scope.node.path || 'App'}' when this is made already: it stays '${injected.way}'. Call it before ` +
          'the constructs are made.');
      }
    }
  }
}

function wayFor(construct: IConstruct, type: ProvisionedType): Provisioning {
  for (let scope: IConstruct | undefined = construct; scope; scope = scope.node.scope) {
    const way = keptOn<Map<string, Provisioning>>(scope, PROVISIONING)?.get(type);
    if (way !== undefined) {
      return way;
    }
  }
  return Provisioning.NATIVE;
}

/** How a construct is provisioned that does not say so itself. */
interface Injected {
  readonly type: ProvisionedType;
  readonly way: Provisioning;
}

const INJECTED = 'Injected';

const WAY = 'what is in the template';

/** Under which a scope has the ways of provisioning, by types. */
const PROVISIONING = 'Provisioning';

const OPTIONS: Shape<ProvisioningInjectorOptions> = { types: listOf(ANYTHING) };
