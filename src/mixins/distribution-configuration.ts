import { Mixin, Token, Tokenization } from 'aws-cdk-lib';
import { CfnDistributionConfiguration } from 'aws-cdk-lib/aws-imagebuilder';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { lit } from 'aws-cdk-lib/core/lib/helpers-internal';
import type { IConstruct } from 'constructs';
import { checkAtSynthesis, checkAttachedOnce, checkLicenses, mergeLater } from './attachment';
import { regionOfLicense } from '../private/license/license-reference';
import { refuse } from '../private/validation/validation';

/**
 * Associates the AMIs that EC2 Image Builder distributes with self-managed licenses.
 *
 * A distribution configuration has one distribution for each Region, and License Manager tracks nothing across Regions: each license
 * goes to the distribution of its own Region. Where the Region of a license is not known (a stack without a Region), it goes to the
 * distribution whose `region` is the same token, such as `stack.region`, or else to the only one there is.
 *
 * The licenses come after those that the distribution has already. A license that it has already is refused. AMIs that were built
 * before stay as they are.
 *
 * Image Builder associates the license by its own service-linked role. **A launch that is denied** is what a missing permission looks
 * like later: who launches an instance from the AMI needs `ec2:RunInstances` on the license's ARN besides the usual permissions;
 * `license.grants.launchInstances(role)` gives it. License Manager's service-linked role (`AWSServiceRoleForAWSLicenseManagerRole`)
 * has to exist in the account before the first build: open the License Manager console once, or run
 * `aws iam create-service-linked-role --aws-service-name license-manager.amazonaws.com`.
 *
 * A license of another account has to be shared with the account that builds (`LicenseShare`).
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-imagebuilder-distributionconfiguration-distribution.html
 * @see https://docs.aws.amazon.com/imagebuilder/latest/userguide/image-builder-service-linked-role.html
 */
export class ImageBuilderDistributionLicenses extends Mixin {
  private readonly licenses: ILicenseConfigurationRef[];

  /**
   * Attaches self-managed licenses to Image Builder distributions.
   *
   * @param licenses at least one, each once; more than 10 for a Region, License Manager's default quota for a resource, is a warning
   */
  constructor(licenses: ILicenseConfigurationRef[]) {
    super();
    this.licenses = [...licenses];
  }

  /**
   * Whether the construct is an `AWS::ImageBuilder::DistributionConfiguration`; by `.with()`, an L2 hands the mixin on to its L1.
   *
   * @param construct any construct
   */
  public supports(construct: IConstruct): construct is CfnDistributionConfiguration {
    return CfnDistributionConfiguration.isCfnDistributionConfiguration(construct);
  }

  /**
   * Attaches the licenses. Does nothing to a construct that is not supported; `Mixins.of(construct).requireAll().apply(mixin)` throws instead.
   *
   * Throws a `ValidationError` for an empty list, for a license that is there twice, and for one that no distribution, or not exactly
   * one, is known to share the Region with. At synthesis, a configuration is refused whose licenses are overwritten by an override.
   *
   * @param construct the distribution configuration
   */
  public applyTo(construct: IConstruct): void {
    if (!this.supports(construct)) {
      return;
    }
    checkLicenses(construct, this.licenses);
    const distributions = construct.distributions;
    construct.distributions = Tokenization.isResolvable(distributions) || distributions.some(Tokenization.isResolvable)
      ? mergeLater(distributions, (known, resolve) => this.attach(construct, known ?? [], resolve))
      : this.attach(construct, distributions as CfnDistributionConfiguration.DistributionProperty[], value => value);
    checkAtSynthesis(construct, this.licenses, ({ Distributions: rendered }) => ({
      licenses: Array.isArray(rendered) ? rendered.map(distribution => distribution.LicenseConfigurationArns) : [],
      tenancyElsewhere: true,
    }));
  }
  private attach(
    target: CfnDistributionConfiguration,
    distributions: CfnDistributionConfiguration.DistributionProperty[],
    resolve: (value: any) => any,
  ): CfnDistributionConfiguration.DistributionProperty[] {
    const regions = distributions.map(distribution => nameOf(resolve(distribution.region)));
    const licensesOf = distributions.map(() => new Array<ILicenseConfigurationRef>());
    for (const license of this.licenses) {
      this.distributionsFor(target, license, nameOf(resolve(regionOfLicense(license))), regions)
        .forEach(index => licensesOf[index].push(license));
    }
    return distributions.map((distribution, index) => licensesOf[index].length === 0 ? distribution : {
      ...distribution,
      licenseConfigurationArns: mergeArns(target, distribution.licenseConfigurationArns, licensesOf[index]),
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

function mergeArns(target: CfnDistributionConfiguration, existing: string[] | undefined, licenses: ILicenseConfigurationRef[]): string[] {
  const added = licenses.map(license => license.licenseConfigurationRef.licenseConfigurationArn);
  if (Token.isUnresolved(existing)) {
    return Token.asList(mergeLater(existing, (known: string[] | undefined) => [...known ?? [], ...added]));
  }
  const arns = existing ?? [];
  checkAttachedOnce(target, licenses, arns.filter(arn => typeof arn === 'string'));
  return [...arns, ...added];
}
