import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import {
  LicenseConfiguration, LicenseCounting, LicenseRulePack, ProductInformation, RdsDb2EngineEdition, RdsOracleEngineEdition, RdsOracleLicensePack,
} from '../../../src';
import { brief, check, ENV, reportOf } from '../report';

const RULE = 'DatabaseWithoutLicense';
const BYOL = 'bring-your-own-license';
const database = (stack: Stack, engine: string, licenseModel?: string) => new CfnDBInstance(stack, 'It', { engine, licenseModel });
const discovering = (stack: Stack, product: ProductInformation) =>
  new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus(), productInformation: [product] });

test.each<[string, string | undefined]>([
  ['oracle-ee', BYOL], ['oracle-ee-cdb', BYOL], ['oracle-se2', BYOL], ['oracle-se2-cdb', BYOL], ['db2-se', BYOL], ['db2-ae', BYOL],
  // Enterprise Edition has no other model, and Db2 has it by default.
  ['oracle-ee', undefined], ['db2-ae', undefined],
])('%s with the license model %s is found without a license that discovers it', (engine, licenseModel) => {
  const [finding, ...others] = check(RULE, stack => database(stack, engine, licenseModel));

  expect(others).toEqual([]);
  expect(finding).toMatchObject({ path: 'Stack/It', severity: 'warning', location: licenseModel ? 'Properties.LicenseModel' : 'Properties.Engine' });
  expect(finding.message).toContain(`('${engine}') with a license of your own`);
});

test.each<[string, string | undefined]>([
  ['oracle-se2', 'license-included'], ['oracle-se2', undefined], ['db2-se', 'marketplace-license'], ['postgres', undefined], ['sqlserver-ee', 'license-included'],
  ['aurora-postgresql', undefined],
])('%s with the license model %s needs none', (engine, licenseModel) => {
  expect(check(RULE, stack => database(stack, engine, licenseModel))).toEqual([]);
});

test.each<[string, ProductInformation]>([
  ['oracle-ee', ProductInformation.rdsOracle({ engineEdition: RdsOracleEngineEdition.EE })],
  ['oracle-ee-cdb', ProductInformation.rdsOracle({ engineEdition: RdsOracleEngineEdition.EE })],
  ['oracle-se2', ProductInformation.rdsOracle({ engineEdition: RdsOracleEngineEdition.SE2 })],
  ['oracle-ee', ProductInformation.rdsOracle({ licensePacks: [RdsOracleLicensePack.OLAP] })],
  ['db2-se', ProductInformation.rdsDb2({ engineEdition: RdsDb2EngineEdition.SE })],
])('%s is right with a license that discovers it', (engine, product) => {
  expect(check(RULE, stack => { database(stack, engine, BYOL); discovering(stack, product); })).toEqual([]);
});

test.each<[string, ProductInformation]>([
  ['oracle-ee', ProductInformation.rdsOracle({ engineEdition: RdsOracleEngineEdition.SE2 })],
  ['db2-ae', ProductInformation.rdsDb2({ engineEdition: RdsDb2EngineEdition.SE })],
  ['db2-ae', ProductInformation.rdsOracle({ licensePacks: [RdsOracleLicensePack.OLAP] })],
  ['oracle-ee', ProductInformation.ssmManaged({ applicationName: 'Oracle Database' })],
])('%s is found with a license of another edition, engine or kind', (engine, product) => {
  expect(brief(check(RULE, stack => { database(stack, engine, BYOL); discovering(stack, product); }))).toEqual(['warning Stack/It']);
});

test('a license of another Region discovers nothing here', () => {
  const app = new App({ analyticsReporting: false });
  discovering(new Stack(app, 'Licenses', { env: { ...ENV, region: 'us-west-2' } }), ProductInformation.rdsDb2({ engineEdition: RdsDb2EngineEdition.SE }));
  database(new Stack(app, 'Stack', { env: ENV }), 'db2-se', BYOL);

  expect(brief(reportOf(app).filter(({ rule }) => rule === RULE))).toEqual(['warning Stack/It']);
});

test('an engine, or a license model, that is a parameter is not judged', () => {
  expect(check(RULE, stack => database(stack, new CfnParameter(stack, 'Engine', { default: 'oracle-ee' }).valueAsString, BYOL))).toEqual([]);
  expect(check(RULE, stack => database(stack, 'oracle-se2', new CfnParameter(stack, 'Model', { default: BYOL }).valueAsString))).toEqual([]);
});

test('a replica has the license model of its source', () => {
  expect(check(RULE, stack => new CfnDBInstance(stack, 'It', { engine: 'oracle-ee', sourceDbInstanceIdentifier: 'source' }))).toEqual([]);
});

test('what is restored from a snapshot has the license model of that, and Oracle Enterprise Edition has one alone', () => {
  const restored = (engine: string) => check(RULE, stack => new CfnDBInstance(stack, 'It', { engine, dbSnapshotIdentifier: 'snapshot' }));

  expect(brief(restored('oracle-ee'))).toEqual(['warning Stack/It']);
  expect(brief(restored('oracle-ee-cdb'))).toEqual(['warning Stack/It']);
  expect(restored('oracle-se2')).toEqual([]);
  expect(restored('db2-se')).toEqual([]);
});

test('a pack looks for its own databases', () => {
  expect(check(RULE, stack => database(stack, 'db2-se', BYOL), { packs: [LicenseRulePack.oracle()] })).toEqual([]);
  expect(check(RULE, stack => database(stack, 'oracle-ee', BYOL), { packs: [LicenseRulePack.oracle()] })).toHaveLength(1);
});
