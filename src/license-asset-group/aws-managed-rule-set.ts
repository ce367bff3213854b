import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ask } from '../custom-resource/construct/managed-resource';
import { awsManagedLicenseAssetRuleSet, comparableRuleSetName } from '../custom-resource/contract/types/aws-managed-license-asset-rule-set';
import { brand } from '../private/identity/copies';
import { givenAs, TEXT } from '../private/validation/given';
import { lit, refuse } from '../private/validation/validation';

/**
 * A ruleset that AWS makes and keeps up to date, by its name.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/working-with-license-asset-rulesets.html
 */
export class AwsManagedRuleSet {
  /**
   * Microsoft SQL Server Enterprise Edition.
   */
  public static readonly MICROSOFT_SQL_SERVER_ENTERPRISE = new AwsManagedRuleSet('Microsoft SQL Server Enterprise Edition');

  /**
   * Microsoft SQL Server Standard Edition.
   */
  public static readonly MICROSOFT_SQL_SERVER_STANDARD = new AwsManagedRuleSet('Microsoft SQL Server Standard Edition');

  /**
   * Microsoft Windows Server Datacenter.
   */
  public static readonly MICROSOFT_WINDOWS_SERVER_DATACENTER = new AwsManagedRuleSet('Microsoft Windows Server Datacenter');

  /**
   * Red Hat Enterprise Linux.
   */
  public static readonly RED_HAT_ENTERPRISE_LINUX = new AwsManagedRuleSet('Red Hat Enterprise Linux');

  /**
   * SUSE Enterprise Linux.
   */
  public static readonly SUSE_ENTERPRISE_LINUX = new AwsManagedRuleSet('SUSE Enterprise Linux');

  /**
   * Ubuntu Pro.
   */
  public static readonly UBUNTU_PRO = new AwsManagedRuleSet('Ubuntu Pro');

  /**
   * A ruleset that License Manager has and this library doesn't know.
   *
   * @param name the name, as `aws license-manager list-license-asset-rulesets --show-aws-managed-license-asset-rulesets` shows it; upper
   * and lower case, spaces and punctuation make no difference
   */
  public static of(name: string): AwsManagedRuleSet {
    return new AwsManagedRuleSet(name);
  }

  private constructor(private readonly _name: string) {
    brand(this, 'AwsManagedRuleSet');
  }

  /**
   * The name of the ruleset.
   */
  public get name(): string {
    return this._name;
  }

  /**
   * The ARN of the ruleset, which a custom resource finds: one for all who ask for the ruleset in a stack.
   *
   * @param scope who asks
   * @param id    the id of the construct that is made of it
   * @internal
   */
  public _resolve(scope: Construct, id: string): string {
    const name = givenAs(scope, `the name in AwsManagedRuleSet.of() of '${id}'`, this.name, TEXT);
    if (comparableRuleSetName(name) === '' && !Token.isUnresolved(name)) {
      refuse(scope, lit`AwsManagedRuleSetNameEmpty`,
        `AwsManagedRuleSet.of() of '${id}' has the name '${name}': at least 1 letter or digit is needed. Take the name from ` +
        '\'aws license-manager list-license-asset-rulesets --show-aws-managed-license-asset-rulesets\'.');
    }
    return ask(scope, awsManagedLicenseAssetRuleSet, { Name: name }).resource.getAtt('LicenseAssetRulesetArn').toString();
  }
}
