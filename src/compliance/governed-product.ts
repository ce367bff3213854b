import type { Image } from './private/images';
import type { ProductName } from './private/product-names';
import * as names from './private/product-names';
import { brand } from '../private/identity/copies';
import { given, givenProps, listOf, needed, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { lit, refuse } from '../private/validation/validation';

/**
 * How a product is known by its images.
 *
 * Patterns are regular expressions as JavaScript has them, which are found anywhere in a text, in upper or lower case.
 */
export interface GovernedProductProps {
  /**
   * The name, as findings have it: `SQL Server`. Two of one name in `LicenseCompliance` are one product, with the matchers of both.
   */
  readonly productName: string;

  /**
   * Patterns for parameters of AWS Systems Manager that have the id of an image with the product: `^/images/sql-server/`.
   *
   * @default - no parameter tells it
   */
  readonly imageParameters?: string[];

  /**
   * Patterns for the names by which images with the product are looked up (`MachineImage.lookup`): `^company-oracle-`.
   *
   * @default - no name tells it
   */
  readonly imageNames?: string[];

  /**
   * The ids of images with the product: `ami-0123456789abcdef0`.
   *
   * @default - no id tells it
   */
  readonly imageIds?: string[];

  /**
   * Patterns for the names of applications in the product information of licenses (`ProductInformation.ssmManaged`): a license that discovers one of them counts
   * what runs the product.
   *
   * @default - the name of the product, as it is
   */
  readonly applicationNames?: string[];
}

/**
 * A product whose licenses somebody may ask for, and how an app is seen to run it.
 *
 * Images of a product that AWS or its vendor bills with the instance (AWS's public parameters, images of the owners `amazon` and `aws-marketplace`, and of the
 * vendor) need no license of your own, and are told apart.
 */
export class GovernedProduct {
  /** Microsoft Windows Server. It is asked about on Dedicated Hosts: elsewhere it is not brought along, but included in the price of the instance. */
  public static readonly WINDOWS_SERVER = new GovernedProduct({
    productName: 'Windows Server',
  }, { onHostsOnly: true, images: names.WINDOWS, applications: names.WINDOWS_SERVER });

  /** Microsoft SQL Server on EC2. In Amazon RDS its license is always included. A server of MySQL or PostgreSQL is another product. */
  public static readonly SQL_SERVER = new GovernedProduct({ productName: 'SQL Server' }, { images: names.SQL_SERVER, applications: names.SQL_SERVER });

  /** Oracle Database on EC2, and in Amazon RDS with a license of your own. Oracle Linux, Java, a client and the like are other products. */
  public static readonly ORACLE_DATABASE = new GovernedProduct({
    productName: 'Oracle Database',
  }, { engine: 'oracle', images: names.ORACLE_DATABASE, applications: names.ORACLE_DATABASE });

  /** Red Hat Enterprise Linux with subscriptions of your own. */
  public static readonly RED_HAT_ENTERPRISE_LINUX = new GovernedProduct({
    productName: 'Red Hat Enterprise Linux',
  }, {
    images: names.RED_HAT_ENTERPRISE_LINUX,
    applications: names.RED_HAT_ENTERPRISE_LINUX,
    // Red Hat's own accounts, in the partitions of AWS: https://access.redhat.com/solutions/15356
    vendors: ['309956199498', '219670896067', '841258680906'],
  });

  /** IBM Db2 in Amazon RDS with a license of your own. */
  public static readonly DB2 = new GovernedProduct({ productName: 'Db2' }, { engine: 'db2', applications: names.DB2 });

  /**
   * Another product, or other images of one that there is.
   *
   * Throws a `ValidationError` for a name that is missing or empty, and for a pattern that is none.
   *
   * @param product how it is known
   */
  public static of(product: GovernedProductProps): GovernedProduct {
    const props = givenProps('GovernedProduct.of()', given('GovernedProduct.of()', 'product', product), PROPS);
    if (props.productName === '') {
      refuse('GovernedProduct.of()', lit`ProductNameEmpty`, 'productName is empty: findings name the product by it. Write it.');
    }
    for (const name of ['imageParameters', 'imageNames', 'applicationNames'] as const) {
      for (const pattern of props[name] ?? []) {
        if (!isPattern(pattern)) {
          refuse('GovernedProduct.of()', lit`ProductPattern`, `${name} has '${pattern}', which is no regular expression. Correct it.`);
        }
      }
    }
    return new GovernedProduct(props);
  }

  /**
   * That of the same name with the matchers of both.
   *
   * @internal
   */
  public static _merged(products: readonly GovernedProduct[]): GovernedProduct[] {
    const byName = new Map<string, GovernedProduct>();
    for (const product of products) {
      const before = byName.get(product.productName);
      byName.set(product.productName, before === undefined || before === product ? product : before.and(product));
    }
    return [...byName.values()];
  }

  private constructor(private readonly props: GovernedProductProps, private readonly known: Known = {}) {
    brand(this, 'GovernedProduct');
  }

  /**
   * The name, as findings have it.
   */
  public get productName(): string {
    return this.props.productName;
  }

  /**
   * Whether it is asked about on Dedicated Hosts only.
   *
   * @internal
   */
  public get _onHostsOnly(): boolean {
    return this.known.onHostsOnly ?? false;
  }

  /**
   * With what its engines in Amazon RDS begin, if it has some.
   *
   * @internal
   */
  public get _engine(): string | undefined {
    return this.known.engine;
  }

  /**
   * Whether an image is known to have it.
   *
   * @internal
   */
  public _isOn({ id, parameter, name }: Image): boolean {
    const { imageIds = [], imageParameters, imageNames } = this.props;
    const { images } = this.known;
    return id !== undefined && imageIds.includes(id) || matches(imageParameters, parameter) || matches(imageNames, name)
      || images !== undefined && (images.isIn(parameter) || images.isIn(name));
  }

  /**
   * Whether its license is in the price of an instance that is launched from an image.
   *
   * @internal
   */
  public _isIncludedIn({ parameter, owners = [] }: Image): boolean {
    const included = ['amazon', 'aws-marketplace', ...this.known.vendors ?? []];
    return parameter?.startsWith('/aws/service/') || owners.length > 0 && owners.every(owner => included.includes(owner));
  }

  /**
   * Whether the name of an application is one of its own.
   *
   * @internal
   */
  public _isCalled(application: string): boolean {
    const { props: { applicationNames, productName }, known: { applications } } = this;
    return applicationNames === undefined && applications === undefined ? application.toLowerCase().includes(productName.toLowerCase())
      : matches(applicationNames, application) || applications !== undefined && applications.isIn(application);
  }

  private and({ props, known }: GovernedProduct): GovernedProduct {
    const both = (name: 'imageParameters' | 'imageNames' | 'imageIds' | 'applicationNames') =>
      this.props[name] || props[name] ? [...this.props[name] ?? [], ...props[name] ?? []] : undefined;
    return new GovernedProduct({
      productName: this.productName,
      imageParameters: both('imageParameters'),
      imageNames: both('imageNames'),
      imageIds: both('imageIds'),
      applicationNames: both('applicationNames'),
    }, { ...known, ...this.known });
  }
}

/** What is known of products that this library names. */
interface Known {
  readonly onHostsOnly?: boolean;
  readonly engine?: string;
  /** What the names of images, and of applications, tell it by, besides what somebody has said. */
  readonly images?: ProductName;
  readonly applications?: ProductName;
  /** The accounts whose images are billed with the instance. */
  readonly vendors?: readonly string[];
}

const PROPS: Shape<GovernedProductProps> = {
  productName: needed(TEXT),
  imageParameters: listOf(TEXT),
  imageNames: listOf(TEXT),
  imageIds: listOf(TEXT),
  applicationNames: listOf(TEXT),
};

function matches(patterns: readonly string[] | undefined, text: string | undefined): boolean {
  return text !== undefined && (patterns ?? []).some(pattern => new RegExp(pattern, 'i').test(text));
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'i') instanceof RegExp;
  } catch {
    return false;
  }
}
