import { Lazy, Mixin, Token, Tokenization } from 'aws-cdk-lib';
import type { IResolvable, IResolveContext } from 'aws-cdk-lib';
import { CfnDistributionConfiguration } from 'aws-cdk-lib/aws-imagebuilder';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IConstruct } from 'constructs';
import { changed, checkAtSynthesis, checkedLicenses, isIntrinsic, mergeArns, settled } from './private/attachment';
import { Reach } from './private/reach';
import { regionOfLicense } from '../private/license/license-reference';
import { warnOfForeign } from '../private/license/licenses';
import { ANYTHING, givenAs, listOf } from '../private/validation/given';
import { lit, refuse } from '../private/validation/validation';

type Distribution = CfnDistributionConfiguration.DistributionProperty;

/**
 * Associates the AMIs that EC2 Image Builder distributes with self-managed licenses.
 *
 * A distribution configuration has one distribution for each Region, and License Manager tracks nothing across Regions: each license
 * goes to the distribution of its own Region. Where the Region of a license is not known (a stack without a Region), it goes to the
 * distribution whose `region` is the same token, such as `stack.region`, or else to the only one there is.
 *
 * The licenses come after those that the distribution has already; one that it has already is there once. AMIs that were built
 * before stay as they are.
 *
 * Image Builder associates the license by its own service-linked role. **A launch that is denied** is what a missing permission looks
 * like later: who launches an instance from the AMI needs `ec2:RunInstances` on the license's ARN besides the usual permissions;
 * `license.grants.launchInstances(role)` gives it. License Manager's service-linked role (`AWSServiceRoleForAWSLicenseManagerRole`)
 * has to exist in the account before the first build: `ServiceLinkedRole` makes it.
 *
 * A license of another account has to be shared with the account that builds (`LicenseShare`).
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-imagebuilder-distributionconfiguration-distribution.html
 * @see https://docs.aws.amazon.com/imagebuilder/latest/userguide/image-builder-service-linked-role.html
 */
export class DistributionConfigurationLicenses extends Mixin {
  private readonly licenses: ILicenseConfigurationRef[];
  private readonly reach = new Reach(CfnDistributionConfiguration.CFN_RESOURCE_TYPE_NAME);

  /**
   * Attaches self-managed licenses to the AMIs of Image Builder distributions.
   *
   * A mixin without licenses attaches none, and causes a warning.
   *
   * @param licenses up to 50 for a Region; more than 10, License Manager's default quota for a resource, is a warning
   */
  constructor(licenses: ILicenseConfigurationRef[]) {
    super();
    this.licenses = checkedLicenses('DistributionConfigurationLicenses', licenses);
  }

  /**
   * Whether the mixin attaches licenses to the construct, an `AWS::ImageBuilder::DistributionConfiguration`, or has to say that it can't: an image or
   * an image pipeline, something else that can have licenses or launches instances, or an imported configuration.
   *
   * @param construct any construct
   */
  public supports(construct: IConstruct): boolean {
    return this.reach.includes(construct);
  }

  /**
   * Attaches the licenses to a distribution configuration, and warns at synthesis (`cdk-license-manager:licenseNotAttached`) of images and image
   * pipelines with no distribution configuration or with one without them, and of an imported configuration. If there is no distribution configuration
   * at all in what the mixin is applied to, it warns of everything else there that can have licenses and has not got them in the end.
   *
   * Throws a `ValidationError` for a license that no distribution, or not exactly one, is known to share the Region with. At synthesis, a
   * configuration is refused with more than 50 licenses for a Region. Licenses that an override has overwritten cause a warning. A license of another
   * account, or for databases of Amazon RDS, causes one, too.
   *
   * @param construct what the mixin supports; nothing is done to anything else
   */
  public applyTo(construct: IConstruct): void {
    if (!CfnDistributionConfiguration.isCfnDistributionConfiguration(construct)) {
      this.reach.leaveWithoutLicenses(construct, this.licenses);
      return;
    }
    this.reach.change(construct);
    warnOfForeign(construct, this.licenses);
    const { distributions } = construct;
    const haveUnknown = Array.isArray(distributions) && distributions.some(Tokenization.isResolvable);
    const existing = haveUnknown ? Lazy.uncachedAny({ produce: () => distributions }) : distributions;
    construct.distributions = changed<(Distribution | IResolvable)[]>(existing, (known, context) => this.attach(construct, known ?? [], context));
    checkAtSynthesis(construct, this.licenses);
  }

  private attach(
    target: CfnDistributionConfiguration, distributions: (Distribution | IResolvable)[], context?: IResolveContext,
  ): (Distribution | IResolvable)[] {
    const resolve = (value: unknown) => context ? context.resolve(value) : value;
    const known: readonly Distribution[] = givenAs(target, 'distributions',
      distributions.map(distribution => context ? settled(distribution, context) : distribution), listOf(ANYTHING)) as readonly Distribution[];
    const regions = known.map(distribution => nameOf(resolve(distribution.region)));
    const licensesOf = distributions.map(() => new Array<ILicenseConfigurationRef>());
    for (const license of this.licenses) {
      this.distributionsFor(target, license, nameOf(resolve(regionOfLicense(license))), regions)
        .forEach(index => licensesOf[index].push(license));
    }
    return known.map((distribution, index) => licensesOf[index].length === 0 || isIntrinsic(distribution) ? distributions[index] : {
      ...distribution,
      licenseConfigurationArns: mergeArns(distribution.licenseConfigurationArns, licensesOf[index]),
    });
  }

  private distributionsFor(
    target: CfnDistributionConfiguration, license: ILicenseConfigurationRef, region: RegionName, distributions: RegionName[],
  ): number[] {
    const indexes = distributions.map((_, index) => index);
    const same = indexes.filter(index => distributions[index].text === region.text);
    if (same.length > 0) {
      return same;
    }
    const perhaps = indexes.filter(index => !distributions[index].known || !region.known);
    if (perhaps.length === 0) {
      refuse(target, lit`LicenseWithoutDistribution`,
        `license '${license.node.path}' is in Region '${region.text}', and the distributions are for ` +
        `${distributions.map(name => `'${name.text}'`).join(', ') || 'none'}: License Manager tracks nothing across Regions. Add a ` +
        'distribution for its Region, or use a license of one of these.');
    }
    if (perhaps.length > 1) {
      refuse(target, lit`LicenseForSeveralDistributions`,
        `${perhaps.length} distributions may be in the Region of license '${license.node.path}', which is not known, and License ` +
        'Manager tracks nothing across Regions. Give the stack a Region (env), or write stack.region as the region of the ' +
        'distribution that the license is for.');
    }
    return perhaps;
  }
}

interface RegionName {
  readonly text: string;
  readonly known: boolean;
}

function nameOf(region: unknown): RegionName {
  return typeof region === 'string' && !Token.isUnresolved(region)
    ? { text: region, known: true }
    : { text: JSON.stringify(region), known: false };
}
