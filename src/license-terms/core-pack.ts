import { wholeFigure } from './figures';
import { brand } from '../private/identity/copies';

/**
 * A pack in which core licenses are sold.
 *
 * A license covers one core, however many were bought at a time: licenses of a pack may be assigned to several servers.
 *
 * @see https://www.microsoft.com/licensing/terms/productoffering/WindowsServerStandardDatacenterEssentials
 */
export class CorePack {
  /**
   * Two licenses: how those of Microsoft SQL Server are sold, and most of Microsoft Windows Server.
   */
  public static readonly TWO = new CorePack(2);

  /**
   * Sixteen licenses, the fewest that a server with Microsoft Windows Server needs.
   */
  public static readonly SIXTEEN = new CorePack(16);

  /**
   * A pack of another size.
   *
   * It is checked when it is asked: a `ValidationError` is thrown unless it is a whole number, at least 1.
   *
   * @param cores how many core licenses it has
   */
  public static of(cores: number): CorePack {
    return new CorePack(cores);
  }

  private constructor(private readonly cores: number) {
    brand(this, 'CorePack');
  }

  /**
   * How many core licenses a number of packs has.
   *
   * Throws a `ValidationError` unless it is a whole number, at least 0.
   *
   * @param packs how many packs were bought
   */
  public licenses(packs: number): number {
    return this.size('licenses') * wholeFigure('CorePack.licenses()', 'packs', packs, 0);
  }

  /**
   * The fewest packs that have a number of core licenses.
   *
   * Throws a `ValidationError` unless it is a whole number, at least 0.
   *
   * @param licenses how many core licenses are needed
   */
  public packsFor(licenses: number): number {
    return Math.ceil(wholeFigure('CorePack.packsFor()', 'licenses', licenses, 0) / this.size('packsFor'));
  }

  private size(method: string): number {
    return wholeFigure(`CorePack.${method}()`, 'cores of CorePack.of()', this.cores, 1);
  }
}
