/*
 * By which words the names of images and applications tell a product.
 */

/** How a name tells a product: by words that are in it, which others beside them make another product. */
export class ProductName {
  private readonly pattern: RegExp;

  /**
   * @param words  what names it
   * @param others what follows it, or a version of it, and makes another product
   * @param before what precedes it, and makes another product
   */
  constructor(words: string, others: string = '', before: string = '') {
    const after = [...COMPANIONS, ...others.split('|')].filter(it => it !== '').join('|');
    this.pattern = new RegExp(`(?<!\\b(?:for|${before || 'for'}) )\\b(?:${words})\\b(?!(?: (?:\\d+|${EDITIONS}))* (?:${after})\\b)`);
  }

  /** Whether it is in a name. */
  public isIn(name: string | undefined): boolean {
    return name !== undefined && this.pattern.test(wordsOf(name));
  }
}

/** What stands between a product and what follows it: editions, and letters of versions. */
const EDITIONS = 'db|database|server|enterprise|standard|express|developer|web|ee|se|[a-z]';

/** What goes with a product, and is not the product: what has only that, needs no license of it. */
const COMPANIONS = [
  'clients?', 'instant ?client', 'tools?', 'utilities', 'drivers?', 'odbc', 'jdbc', 'oledb', 'exporters?', 'connectors?', 'monitor(?:ing)?', 'sdk', 'cli', 'prox(?:y|ies)',
  'management', 'migration', 'native',
];

/** The words of a name, in lower case, with a blank between them: `/golden/MySqlServer-8.0` is `golden my sql server 8 0`. */
function wordsOf(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace(/([A-Za-z])(\d)/g, '$1 $2').replace(/(\d)([A-Za-z])/g, '$1 $2')
    .replace(/[^A-Za-z0-9]+/g, ' ').trim().toLowerCase();
}

/** Windows, of whatever version: what it is the system of. */
export const WINDOWS = new ProductName('windows(?:server)?', 'containers?');

/** Windows Server as an application. */
export const WINDOWS_SERVER = new ProductName('windows ?server');

/** Microsoft SQL Server: not a server of MySQL, PostgreSQL, or another database whose name ends so. */
export const SQL_SERVER = new ProductName('(?:ms ?|microsoft ?)?sql ?server|ms ?sql(?: ?server)?', '', 'my|no|new|postgre|postgres|maria|open|azure');

/** Oracle Database: not another product of Oracle. */
export const ORACLE_DATABASE = new ProductName('oracle(?: ?(?:db|database))?', [
  '(?:enterprise |unbreakable |autonomous |base |minimal )?(?:linux|lnx)', 'o ?l', 'o ?e ?l', 'u ?e ?k', 'java', 'jdk', 'jre', 'open ?jdk', 'graal ?vm', 'web ?logic', 'fusion',
  'forms', 'http', 'golden ?gate', 'virtual ?box', 'vm', 'cloud', 'my ?sql', 'no ?sql', 'essbase', 'solaris', 'gateway', 'observability', 'identity', 'access', 'tuxedo', 'coherence',
].join('|'));

/** Red Hat Enterprise Linux: not another product of Red Hat. */
export const RED_HAT_ENTERPRISE_LINUX = new ProductName('rhel|red ?hat', [
  'sso', 'single', 'open ?shift', 'ansible', 'satellite', 'jboss', 'quay', 'fuse', 'amq', 'core ?os', 'keycloak', 'data', 'gluster', 'ceph', 'virtualization', 'insights', 'build',
].join('|'));

/** Db2. */
export const DB2 = new ProductName('db ?2');
