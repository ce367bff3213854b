import { Annotations } from 'aws-cdk-lib';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { CfnGroup, IGroupRef } from 'aws-cdk-lib/aws-resourcegroups';
import type { IConstruct } from 'constructs';
import { onceEach } from '../private/finding/doubles';
import { brand, isBranded } from '../private/identity/copies';
import { givenLicenses } from '../private/license/given-reference';
import { identityOfLicense, LICENSES_PER_RESOURCE, notHostBased } from '../private/license/license-reference';
import { checkLicenseRegions, warnOfForeign } from '../private/license/licenses';
import { copyOf } from '../private/validation/given';

/**
 * With which self-managed licenses instances can be launched into a host resource group.
 *
 * A change is made in place, also while hosts are in the group: running instances are not affected, and hosts keep the licenses that they
 * have until they are released. What is launched afterwards follows the new setting.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/host-resource-group-create.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/host-resource-group-modify.html
 */
export class HostLicenses {
  /**
   * Only these licenses: an instance that is launched into the group has to have them all, on its AMI or in the launch, and no other.
   *
   * License Manager takes licenses that are counted by core or by socket. They have to be in the Region of the group. A license of another
   * account has to be shared with the group's account.
   *
   * The list is checked when a group takes it: a `ValidationError` is thrown for a license that is known to be in another Region. No license causes a
   * warning, and so does one that is there twice, which is written once, one that is known to be counted by vCPU or by instance, and one of another account
   * or for databases of Amazon RDS.
   *
   * @param licenses each once; more than 10, License Manager's default quota for a resource, cause a warning
   */
  public static only(licenses: ILicenseConfigurationRef[]): HostLicenses {
    return new HostLicenses('only', copyOf(licenses));
  }

  /**
   * Any license that is counted by core or by socket. An instance still has to have one, on its AMI or in the launch.
   *
   * It is for those who have enough licenses, and want to use their hosts as well as they can.
   */
  public static any(): HostLicenses {
    return new HostLicenses('any', []);
  }

  /**
   * No license is needed: instances are launched from any AMI, and License Manager counts nothing.
   *
   * It is for Macs, and for hosts that are there for the isolation of hardware.
   */
  public static notRequired(): HostLicenses {
    return new HostLicenses('notRequired', []);
  }

  /**
   * The licenses that an instance in a group has to have, or `undefined` if it is not known which: of an L1, or of one that was imported by its
   * ARN, nothing is.
   *
   * @internal
   */
  public static _requiredBy(group: IGroupRef): readonly ILicenseConfigurationRef[] | undefined {
    const known = HostLicenses.of(group);
    return known?.mode === 'only' ? known.licenses : undefined;
  }

  /**
   * Whether a group is known to take any license that is counted on hosts.
   *
   * @internal
   */
  public static _takesAny(group: IGroupRef): boolean {
    return HostLicenses.of(group)?.mode === 'any';
  }

  /** What a group says of its licenses: an L2, or an imported one. */
  private static of(group: IGroupRef): HostLicenses | undefined {
    const { licenses } = group as { readonly licenses?: HostLicenses };
    return isBranded(licenses, 'HostLicenses') ? licenses : undefined;
  }

  private constructor(private readonly mode: 'only' | 'any' | 'notRequired', private readonly licenses: readonly ILicenseConfigurationRef[]) {
    brand(this, 'HostLicenses');
  }

  /**
   * The parameter of the group's configuration.
   *
   * There is exactly one: the first two exclude each other, and without the third licenses are required. CloudFormation's schema lets every
   * parameter change in place, and so does the user guide, also with hosts in the group, if the licenses go or come in the same call: they
   * do, since the whole configuration is sent at once.
   *
   * The reference of Resource Groups does not have `instance-launch-option`, the user guide has had it since July 2026. The announcement
   * gives another spelling of the value, `license-configuration-required`, even for the opposite; the guide's example is a command that runs.
   *
   * @internal
   * @see https://docs.aws.amazon.com/ARG/latest/userguide/about-slg-types.html
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/host-resource-group-create.html
   * @see https://docs.aws.amazon.com/license-manager/latest/userguide/host-resource-group-modify.html
   * @see https://aws.amazon.com/about-aws/whats-new/2026/07/ec2-dedicated-hosts-hrg/
   */
  public _render(scope: IConstruct): CfnGroup.ConfigurationParameterProperty {
    if (this.mode === 'any') {
      return { name: 'any-host-based-license-configuration', values: ['true'] };
    }
    if (this.mode === 'notRequired') {
      return { name: 'instance-launch-option', values: ['LICENSE_CONFIGURATION_NOT_REQUIRED'] };
    }
    return {
      name: 'allowed-host-based-license-configurations',
      values: this.checked(scope).map(license => license.licenseConfigurationRef.licenseConfigurationArn),
    };
  }

  private checked(scope: IConstruct): ILicenseConfigurationRef[] {
    const licenses = onceEach(scope, 'HostLicenses.only()', givenLicenses(scope, 'the list of HostLicenses.only()', this.licenses),
      identityOfLicense, license => license.node.path);
    if (licenses.length === 0) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:hostLicensesEmpty',
        'HostLicenses.only() has no license, so that nothing could be launched. Name the licenses, or use HostLicenses.any() or .notRequired().');
    }
    if (licenses.length > LICENSES_PER_RESOURCE) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:tooManyLicensesOfGroup',
        `HostLicenses.only() has more than ${LICENSES_PER_RESOURCE} licenses, and an instance in the group has to have them all: ` +
        `${LICENSES_PER_RESOURCE} is License Manager's default quota for a resource. Use fewer, or have the quota increased before you deploy.`);
    }
    checkLicenseRegions(scope, licenses);
    warnOfForeign(scope, licenses);
    for (const license of licenses) {
      const type = notHostBased(license);
      if (type !== undefined) {
        Annotations.of(scope).addWarningV2('cdk-license-manager:licenseNotHostBased',
          `License '${license.node.path}' is counted by '${type}', and a host resource group is for licenses that are counted by core or by socket. ` +
          'Use a license with LicenseCounting.cores() or .sockets().');
      }
    }
    return licenses;
  }
}
