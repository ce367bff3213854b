/*
 * Which names of images and applications tell a product, and which tell another one.
 */
import { GovernedProduct } from '../../src';

const { SQL_SERVER, ORACLE_DATABASE, RED_HAT_ENTERPRISE_LINUX, WINDOWS_SERVER } = GovernedProduct;

describe.each<[string, GovernedProduct, string[], string[]]>([
  ['Sql Server', SQL_SERVER, [
    '/golden/sql-server', '/golden/sqlserver', '/images/sql_server/2022', '/images/mssql', '/images/ms-sql-2019', 'company-sqlserver2022-*', 'GoldenSqlServer', 'SQLServer2019',
    'microsoft-sql-server', '/golden/SQL Server/standard', 'my-company-sql-server', '/mysql/../sql-server',
  ], [
    '/golden/mysql-server', '/golden/mysqlserver', '/images/postgresql-server', '/images/nosql-server', 'mysql-server-*', 'MySqlServer', 'MySQLServer8', 'my-sql-server', 'NoSqlServer',
    '/images/postgresql-server-16', 'PostgreSQLServer', 'sql-servers-list', '/golden/sql-server-client', 'sqlserver-exporter', 'sql-server-2022-tools', 'odbc-for-sql-server', 'sql-serverless',
    '/mssqltools/al2023',
  ]],
  ['Oracle Database', ORACLE_DATABASE, [
    '/images/oracle-19c', 'company-oracle-db-*', '/golden/oracle/database', '/oracle/ee', 'OracleDatabase19c', '/images/oracledb', 'oracle23ai',
  ], [
    'oracle-linux-9*', '/images/oracle_linux', '/images/oracle-java', '/oracle/ol9', '/golden/oracle/linux', '/images/oracledb-client', 'oracle-19c-client', 'oracle-instantclient',
    'OracleLinux8', 'oracle-enterprise-linux', 'oracle-jdk-21', 'oracle/weblogic', 'coracle', 'oracles-delphi', 'oracle-database-client', 'oracle-goldengate-21c',
  ]],
  ['Red Hat Enterprise Linux', RED_HAT_ENTERPRISE_LINUX, [
    '/images/rhel-9', 'company-rhel9-*', '/golden/redhat', 'red-hat-8', 'RedHat9', 'RHEL-9.4', '/golden/red_hat/enterprise-linux', 'rhel8sap',
  ], [
    '/images/rhelp/desk', '/apps/redhat-sso/ami', 'redhat-openshift-4', 'redhatter', 'red-hat-ansible', 'prhel', 'RedHatSso',
  ]],
  ['Windows Server', WINDOWS_SERVER, [
    '/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base', '/golden/windows-2022', 'WindowsServer2019', 'company-windowsserver2022', '/images/windows',
  ], [
    '/infra/windows-exporter/al2023', '/golden/microwindows', 'windowsill', '/tools/windows-client/al2023',
  ]],
])('%s', (_, product, names, others) => {
  test.each(names)('is told by %s', name => {
    expect(product._isOn({ parameter: name })).toBe(true);
    expect(product._isOn({ name })).toBe(true);
  });

  test.each(others)('is not told by %s', name => {
    expect(product._isOn({ parameter: name })).toBe(false);
    expect(product._isOn({ name })).toBe(false);
  });
});

test.each<[string, GovernedProduct, string, boolean]>([
  ['Sql Server', SQL_SERVER, 'SQL Server', true],
  ['Sql Server', SQL_SERVER, 'Microsoft SQL Server 2022 (64-bit)', true],
  ['Sql Server', SQL_SERVER, 'MySQL Server 8.0', false],
  ['Sql Server', SQL_SERVER, 'SQL Server Management Studio', false],
  ['Sql Server', SQL_SERVER, 'Microsoft ODBC Driver 17 for SQL Server', false],
  ['Sql Server', SQL_SERVER, 'Microsoft SQL Server 2012 Native Client', false],
  ['Oracle Database', ORACLE_DATABASE, 'Oracle Database 19c Enterprise Edition', true],
  ['Oracle Database', ORACLE_DATABASE, 'Database 19c by Oracle', true],
  ['Oracle Database', ORACLE_DATABASE, 'Oracle Java SE Development Kit', false],
  ['Oracle Database', ORACLE_DATABASE, 'Oracle Instant Client 21', false],
  ['Red Hat Enterprise Linux', RED_HAT_ENTERPRISE_LINUX, 'Red Hat Enterprise Linux', true],
  ['Windows Server', WINDOWS_SERVER, 'Microsoft Windows Server 2022 Datacenter', true],
  ['Windows Server', WINDOWS_SERVER, 'Windows Admin Center', false],
])('%s, and an application: %s', (_, product, application, is) => {
  expect(product._isCalled(application)).toBe(is);
});
