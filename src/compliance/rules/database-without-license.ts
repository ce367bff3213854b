import { type ILicenseRule, LicenseRuleSeverity } from '../license-rule';
import type { SynthesizedApp } from '../synthesized-app';
import type { SynthesizedResource } from '../synthesized-resource';

/** The engines of which a license is brought along unless another model is written. */
const BROUGHT = /^(oracle-ee|db2-)/;
/** What has the license model of its source: a replica, and what is restored. */
const REPLICA = ['SourceDBInstanceIdentifier', 'SourceDbiResourceId', 'SourceDBClusterIdentifier', 'ReplicationSourceIdentifier'];
const RESTORED = ['DBSnapshotIdentifier', 'DBClusterSnapshotIdentifier', 'SnapshotIdentifier', 'DBClusterIdentifier'];

/** Databases with a license of one's own that nobody counts. */
export const DATABASE_WITHOUT_LICENSE: ILicenseRule = {
  ruleId: 'DatabaseWithoutLicense',
  description: 'A database of Amazon RDS for Oracle or Db2 with a license of your own is discovered by a self-managed license of its account and Region.',
  severity: LicenseRuleSeverity.WARNING,
  source: 'https://docs.aws.amazon.com/license-manager/latest/userguide/automated-discovery.html',
  fix: 'Make a license with the product (ProductInformation.rdsOracle() or .rdsDb2()) in the account and the Region of the database, or acknowledge it if there is '
    + 'one outside of this app.',
  check: app => app._ofTypes(['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster']).flatMap(database => {
    const engine = database.known('Engine');
    const product = typeof engine !== 'string' ? undefined : app._products.find(({ _engine: it }) => it !== undefined && engine.startsWith(`${it}-`));
    return product === undefined || !isBrought(database, engine) || isDiscovered(app, database, engine) ? [] : [{
      resource: database,
      location: database.has('LicenseModel') ? 'Properties.LicenseModel' : 'Properties.Engine',
      message: `It runs ${product.productName} ('${engine}') with a license of your own, and no license of this app discovers it.`,
    }];
  }),
};

/**
 * Whether its license is brought along: Enterprise Edition of Oracle has no other, for Db2 it is the default.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
 */
function isBrought(database: SynthesizedResource, engine: string): boolean {
  return database.has('LicenseModel') ? database.known('LicenseModel') === 'bring-your-own-license'
    // What Enterprise Edition is restored from, has no other model either. A replica is found with its source, or where that is.
    : BROUGHT.test(engine) && ![...REPLICA, ...engine.startsWith('oracle-ee') ? [] : RESTORED].some(name => database.has(name));
}

function isDiscovered(app: SynthesizedApp, database: SynthesizedResource, engine: string): boolean {
  // `oracle-ee-cdb` is the edition `oracle-ee`.
  const edition = engine.replace(/-cdb$/, '');
  return app.licenses.some(license => license.resource?._isNear(database) && (license._mayDiscover && license._products.length === 0
    || license._products.some(({ resourceType, filters }) => {
      const editions = filters.get('Engine Edition');
      return resourceType === 'RDS' && (editions === undefined ? edition.startsWith('oracle-') : editions.includes(edition));
    })));
}
