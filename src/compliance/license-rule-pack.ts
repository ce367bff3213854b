import { GovernedProduct } from './governed-product';
import type { ILicenseRule } from './license-rule';
import { PRODUCTS, RULES } from './private/kinds';
import { OF_ALL, OF_CONVERSIONS, OF_DATABASES, OF_PRODUCTS, OF_WINDOWS } from './rules';
import { brand } from '../private/identity/copies';
import { givenAs } from '../private/validation/given';

/**
 * Rules, and the products that they look for.
 *
 * Each of the packs has the rules about licenses of whatever product, and those about its own.
 */
export class LicenseRulePack {
  /**
   * For licenses of Microsoft: Windows Server and SQL Server on EC2, and conversions of them.
   */
  public static microsoft(): LicenseRulePack {
    return new LicenseRulePack(
      [...OF_ALL, ...OF_PRODUCTS, ...OF_WINDOWS, ...OF_CONVERSIONS], [GovernedProduct.WINDOWS_SERVER, GovernedProduct.SQL_SERVER]);
  }

  /**
   * For licenses of Oracle: its database on EC2 and in Amazon RDS.
   */
  public static oracle(): LicenseRulePack {
    return new LicenseRulePack([...OF_ALL, ...OF_PRODUCTS, ...OF_DATABASES], [GovernedProduct.ORACLE_DATABASE]);
  }

  /**
   * For subscriptions of Red Hat: Red Hat Enterprise Linux on EC2, and conversions of it.
   */
  public static redHat(): LicenseRulePack {
    return new LicenseRulePack([...OF_ALL, ...OF_PRODUCTS, ...OF_CONVERSIONS], [GovernedProduct.RED_HAT_ENTERPRISE_LINUX]);
  }

  /**
   * All rules, for all products that this library knows: those of the other packs, and Db2 in Amazon RDS.
   */
  public static everything(): LicenseRulePack {
    return new LicenseRulePack([...OF_ALL, ...OF_PRODUCTS, ...OF_WINDOWS, ...OF_CONVERSIONS, ...OF_DATABASES], [
      GovernedProduct.WINDOWS_SERVER, GovernedProduct.SQL_SERVER, GovernedProduct.ORACLE_DATABASE,
      GovernedProduct.RED_HAT_ENTERPRISE_LINUX, GovernedProduct.DB2,
    ]);
  }

  /**
   * A pack of your own.
   *
   * Throws a `ValidationError` for what is no list of rules, or of products.
   *
   * @param rules    rules of other packs (`LicenseRulePack.everything().rules`), or of your own
   * @param products the products that they look for. @default - none
   */
  public static of(rules: ILicenseRule[], products?: GovernedProduct[]): LicenseRulePack {
    const who = 'LicenseRulePack.of()';
    return new LicenseRulePack(givenAs(who, 'rules', rules, RULES), products ? givenAs(who, 'products', products, PRODUCTS) : []);
  }

  private constructor(private readonly _rules: readonly ILicenseRule[], private readonly _products: readonly GovernedProduct[]) {
    brand(this, 'LicenseRulePack');
  }

  /**
   * The rules, each with its id, what it is about, how hard it is, its source, and what to do about a finding.
   */
  public get rules(): ILicenseRule[] {
    return [...this._rules];
  }

  /**
   * The products that are looked for.
   */
  public get products(): GovernedProduct[] {
    return [...this._products];
  }
}
