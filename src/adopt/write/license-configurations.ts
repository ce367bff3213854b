import type { Writer } from './writer';
import { constantOrOf, inexpressible, named } from './writer';
import { constant, factory, flag, list, method, number, struct, text, texts, then } from '../code/expressions';
import type { Expression, Properties } from '../code/language';
import { shown } from '../code/text';
import type { AssociationData, FilterData, LicenseConfigurationData, ProductData } from '../estate';

/*
 * Self-managed licenses, and what they are on.
 */

const KIND = 'License';

/** Writes the licenses of the account, and those that are shared with it. */
export function writeLicenseConfigurations(writer: Writer): void {
  const { account, licenseConfigurations } = writer.estate;
  const isOwn = ({ owner, arn }: LicenseConfigurationData) => (owner || arn.split(':')[4]) === account && owner !== '';
  const others = licenseConfigurations.filter(license => !isOwn(license));
  writer.section('Self-managed licenses');
  for (const license of licenseConfigurations.filter(isOwn)) {
    writeLicense(writer, license);
    writeAssociations(writer, license);
  }
  writer.section('Self-managed licenses of others');
  for (const license of others) {
    writer.refer(
      { arn: license.arn, attributes: () => attributesOf(license) },
      license.owner === '' ? `${what(license)} is in what was read only as what something is associated with: it is referred to, and stays as it is.`
        : `${what(license)} belongs to account ${shown(license.arn.split(':')[4])}: it is used here, and managed there.`);
    writeAssociations(writer, license);
  }
}

function what(license: LicenseConfigurationData): string {
  return named(KIND, license.name || license.arn);
}

function writeLicense(writer: Writer, license: LicenseConfigurationData): void {
  const { arn, name, description = '', count, hardLimit, expiry, disassociateWhenNotFound, products, countingType, rules, status, tags } = license;
  writer.declare({
    arn,
    what: what(license),
    resourceType: 'AWS::LicenseManager::LicenseConfiguration',
    identifier: { LicenseConfigurationArn: arn },
    arnAttribute: 'LicenseConfigurationArn',
    tags,
    construct: () => {
      inexpressible(name.trim() === '', 'LicenseConfiguration does not take a blank name');
      inexpressible(hardLimit && count === undefined, 'it has a hard limit and no number of licenses, which LicenseConfiguration does not take');
      inexpressible(count !== undefined && !isCount(count, 0), `its number of licenses is ${count}, which LicenseConfiguration does not take`);
      const { counting, isExact } = countingOf(countingType, rules);
      inexpressible(status !== undefined && status !== 'AVAILABLE' && status !== 'DISABLED', `its status is '${status}', which License Manager does not document`);
      return {
        type: 'LicenseConfiguration',
        properties: {
          licenseConfigurationName: text(name),
          description: description === '' ? undefined : text(description),
          licenseCounting: counting,
          licenseCount: count === undefined ? undefined : number(count),
          licenseCountHardLimit: hardLimit ? flag(true) : undefined,
          licenseExpiry: expiryOf(expiry),
          productInformation: productsOf(license),
          disassociateWhenNotFound: disassociateWhenNotFound ? flag(true) : undefined,
          status: status === 'DISABLED' ? constant('LicenseConfigurationStatus', 'DISABLED') : undefined,
        },
        // CloudFormation compares the rules as texts, and replaces a license whose rules have changed.
        after: variable => isExact ? []
          : [then(language => language.defaultChild(variable.reference(language) as string), 'addPropertyOverride', [text('LicenseRules'), texts(rules)])],
      };
    },
    properties: () => {
      inexpressible(!Object.hasOwn(FACTORIES, countingType), `it is counted by '${countingType}', which CloudFormation does not have`);
      return {
        Name: name,
        Description: description,
        LicenseCountingType: countingType,
        LicenseCount: count,
        LicenseCountHardLimit: hardLimit,
        LicenseRules: rules.length > 0 ? rules : undefined,
        LicenseExpiry: expiry,
        DisassociateWhenNotFound: disassociateWhenNotFound,
        ProductInformationList: products.map(({ resourceType, filters }) => ({
          ResourceType: resourceType,
          ProductInformationFilterList: filters.map(filter => ({
            ProductInformationFilterName: filter.name,
            ProductInformationFilterComparator: filter.comparator,
            ProductInformationFilterValue: filter.values,
          })),
        })),
      };
    },
    attributes: () => attributesOf(license),
  });
}

function attributesOf({ arn, countingType, rules }: LicenseConfigurationData): Properties {
  return { licenseConfigurationArn: text(arn), licenseCounting: countingOf(countingType, rules).counting };
}

function isCount(value: number, minimum: number): boolean {
  return Number.isSafeInteger(value) && value >= minimum;
}

const FACTORIES: { readonly [type: string]: { readonly factory: string; readonly rules: readonly string[]; readonly hosts?: boolean } } = {
  vCPU: { factory: 'vcpus', rules: ['minimumVcpus', 'maximumVcpus', 'allowedTenancy', 'honorVcpuOptimization'] },
  Instance: {
    factory: 'instances',
    rules: ['minimumCores', 'maximumCores', 'minimumSockets', 'maximumSockets', 'minimumVcpus', 'maximumVcpus', 'allowedTenancy'],
  },
  Core: { factory: 'cores', rules: ['minimumCores', 'maximumCores', 'allowedTenancy', 'licenseAffinityToHost'], hosts: true },
  Socket: { factory: 'sockets', rules: ['minimumSockets', 'maximumSockets', 'allowedTenancy', 'licenseAffinityToHost'], hosts: true },
};

/** In the order in which this library writes them. */
const TENANCIES: { readonly [value: string]: string } = {
  'EC2-Default': 'DEFAULT', 'EC2-DedicatedHost': 'DEDICATED_HOST', 'EC2-DedicatedInstance': 'DEDICATED_INSTANCE',
};

const MAXIMUM_AFFINITY_DAYS = 180;

/** How a license is counted, and whether this library writes the rules with the very same texts. */
function countingOf(type: string, rules: readonly string[]): { readonly counting: Expression; readonly isExact: boolean } {
  inexpressible(!Object.hasOwn(FACTORIES, type), `it is counted by '${type}', which LicenseCounting does not have`);
  const { factory: name, rules: possible, hosts = false } = FACTORIES[type];
  const properties: { [name: string]: Expression } = {};
  const limits = new Map<string, number>();
  const written: string[] = [];
  for (const rule of rules) {
    const [, key = '', value = ''] = /^#([A-Za-z]+)=(.*)$/s.exec(rule) ?? [];
    inexpressible(!possible.includes(key) || key in properties, `LicenseCounting.${name}() does not have the rule '${rule}'`);
    const unknown = `LicenseCounting.${name}() does not take the rule '${rule}'`;
    if (key === 'allowedTenancy') {
      const tenancies = value.split(',').map(it => it.trim());
      inexpressible(tenancies.some(it => !Object.hasOwn(TENANCIES, it) || (hosts && it !== 'EC2-DedicatedHost')), unknown);
      inexpressible(new Set(tenancies).size < tenancies.length, unknown);
      const ordered = Object.keys(TENANCIES).filter(it => tenancies.includes(it));
      properties[key] = list(ordered.map(it => constant('LicenseTenancy', TENANCIES[it])));
      written.push(`#${key}=${ordered.join(',')}`);
    } else if (key === 'honorVcpuOptimization') {
      inexpressible(!/^(true|false)$/i.test(value), unknown);
      const honors = value.toLowerCase() === 'true';
      properties[key] = flag(honors);
      written.push(`#${key}=${honors ? 'True' : 'False'}`);
    } else {
      const amount = Number(value);
      inexpressible(!/^ *[0-9]+ *$/.test(value) || !isCount(amount, 1), unknown);
      inexpressible(key === 'licenseAffinityToHost' && amount > MAXIMUM_AFFINITY_DAYS, unknown);
      properties[key] = key === 'licenseAffinityToHost' ? factory('Duration', 'days', [number(amount)], {}, 'aws-cdk-lib') : number(amount);
      limits.set(key, amount);
      written.push(`#${key}=${amount}`);
    }
  }
  for (const unit of ['Cores', 'Sockets', 'Vcpus']) {
    const [minimum, maximum] = [limits.get(`minimum${unit}`), limits.get(`maximum${unit}`)];
    inexpressible(minimum !== undefined && maximum !== undefined && minimum > maximum, 'its limits cross each other, which LicenseCounting does not take');
  }
  if (hosts) {
    // Dedicated Hosts are what this library allows unless it is told not to.
    if ('allowedTenancy' in properties) {
      delete properties.allowedTenancy;
    } else {
      properties.withoutTenancyRule = flag(true);
    }
  }
  const isExact = written.every(rule => rules.includes(rule));
  return { counting: factory('LicenseCounting', name, [], properties), isExact };
}

/** The last second of the year 9999. */
const LAST_SECOND = 253402300799;

function expiryOf(expiry: number | undefined): Expression | undefined {
  if (expiry === undefined) {
    return undefined;
  }
  inexpressible(!Number.isInteger(expiry) || expiry < 0 || expiry > LAST_SECOND, `it expires at '${expiry}', which is no second of a year of four digits`);
  return factory('Expiration', 'fromString', [text(inSeconds(new Date(expiry * 1000)))], {}, 'aws-cdk-lib');
}

export function inSeconds(instant: Date): string {
  return instant.toISOString().replace('.000Z', 'Z');
}

const INCLUDED = {
  'sql-server-enterprise': 'SQL_SERVER_ENTERPRISE',
  'sql-server-standard': 'SQL_SERVER_STANDARD',
  'sql-server-web': 'SQL_SERVER_WEB',
  'windows-server-datacenter': 'WINDOWS_SERVER_DATACENTER',
};
const ORACLE_EDITIONS = { 'oracle-ee': 'EE', 'oracle-se': 'SE', 'oracle-se1': 'SE1', 'oracle-se2': 'SE2' };
const ORACLE_PACKS = {
  'data guard': 'ACTIVE_DATA_GUARD',
  'diagnostic pack sqlt': 'DIAGNOSTIC_PACK_SQLT',
  'tuning pack sqlt': 'TUNING_PACK_SQLT',
  'ols': 'LABEL_SECURITY',
  'olap': 'OLAP',
};
const DB2_EDITIONS = { 'db2-se': 'SE', 'db2-ae': 'AE' };

function productsOf({ products, countingType, rules, hardLimit }: LicenseConfigurationData): Expression | undefined {
  const isRds = ({ resourceType }: ProductData) => resourceType === 'RDS';
  inexpressible(products.some(isRds) && (products.length > 1 || countingType !== 'vCPU' || rules.length > 0 || hardLimit),
    'it tracks a product of Amazon RDS beside other products, rules or a hard limit, which LicenseConfiguration does not take');
  const seen = products.map(product => JSON.stringify(product));
  inexpressible(new Set(seen).size < seen.length, 'it has a product twice, which LicenseConfiguration writes once');
  return products.length === 0 ? undefined : list(products.map(product => isRds(product) ? rdsProduct(product) : ssmProduct(product)));
}

const OTHER_FILTERS = 'it has product information that ProductInformation cannot say';

/** The filters of a product by name and comparator; one that is there twice is not what this library writes. */
function filtersOf({ filters }: ProductData): Map<string, FilterData> {
  const found = new Map(filters.map(filter => [`${filter.comparator} ${filter.name}`, filter]));
  inexpressible(found.size < filters.length || filters.length === 0, OTHER_FILTERS);
  return found;
}

/** Takes a filter with one value out of those that are left. */
function takeOne(filters: Map<string, FilterData>, key: string): string | undefined {
  const filter = filters.get(key);
  filters.delete(key);
  inexpressible(filter !== undefined && filter.values?.length !== 1, OTHER_FILTERS);
  return filter?.values?.[0];
}

function ssmProduct(product: ProductData): Expression {
  inexpressible(product.resourceType !== 'SSM_MANAGED', OTHER_FILTERS);
  const tags = product.filters.filter(({ name }) => name.startsWith('Tag:'));
  const filters = filtersOf({ ...product, filters: product.filters.filter(filter => !tags.includes(filter)) });
  const one = (key: string) => {
    const value = takeOne(filters, key);
    return value === undefined ? undefined : text(value);
  };
  const license = (key: string) => {
    const value = takeOne(filters, key);
    return value === undefined ? undefined : constantOrOf('IncludedLicense', INCLUDED, value);
  };
  // Of several there is a list.
  const notIncluded = filters.get('NOT_EQUALS License Included')?.values ?? [];
  if (notIncluded.length > 1) {
    distinctTexts(notIncluded);
    filters.delete('NOT_EQUALS License Included');
  }
  const accounts = filters.get('NOT_EQUALS AccountId');
  filters.delete('NOT_EQUALS AccountId');
  const said: Properties = {
    applicationName: one('EQUALS Application Name'),
    applicationPublisher: one('EQUALS Application Publisher'),
    applicationVersion: one('EQUALS Application Version'),
    platformName: one('EQUALS Platform Name'),
    platformType: one('EQUALS Platform Type'),
    licenseIncluded: license('EQUALS License Included'),
    licenseNotIncluded: license('NOT_EQUALS License Included'),
    licensesNotIncluded: notIncluded.length > 1 ? list(notIncluded.map(value => constantOrOf('IncludedLicense', INCLUDED, value))) : undefined,
    excludedAccounts: accounts && distinctTexts(accounts.values),
    excludedTags: tags.length === 0 ? undefined : list(tags.flatMap(excludedTag)),
  };
  inexpressible(filters.size > 0, OTHER_FILTERS);
  inexpressible(new Set(tags.map(({ name }) => name)).size < tags.length, OTHER_FILTERS);
  return factory('ProductInformation', 'ssmManaged', [], said);
}

function excludedTag({ name, comparator, values }: FilterData): Expression[] {
  inexpressible(comparator !== 'NOT_EQUALS', OTHER_FILTERS);
  const key = text(name.slice('Tag:'.length));
  if (values === undefined) {
    return [struct('ExcludedTag', { key })];
  }
  distinctTexts(values);
  return values.map(value => struct('ExcludedTag', { key, value: text(value) }));
}

/** Texts of which this library writes each once, and at least one. */
function distinctTexts(values: readonly string[] | undefined): Expression {
  inexpressible(values === undefined || values.length === 0 || new Set(values).size < values.length, OTHER_FILTERS);
  return texts(values!);
}

function rdsProduct(product: ProductData): Expression {
  const filters = filtersOf(product);
  const edition = takeOne(filters, 'EQUALS Engine Edition');
  const packs = filters.get('EQUALS License Pack')?.values;
  inexpressible(filters.size > (filters.has('EQUALS License Pack') ? 1 : 0), OTHER_FILTERS);
  if (filters.size === 0 && edition?.startsWith('db2-')) {
    return factory('ProductInformation', 'rdsDb2', [], { engineEdition: constantOrOf('RdsDb2EngineEdition', DB2_EDITIONS, edition) });
  }
  if (filters.size > 0) {
    distinctTexts(packs);
  }
  return factory('ProductInformation', 'rdsOracle', [], {
    engineEdition: edition === undefined ? undefined : constantOrOf('RdsOracleEngineEdition', ORACLE_EDITIONS, edition),
    licensePacks: packs === undefined ? undefined : list(packs.map(pack => constantOrOf('RdsOracleLicensePack', ORACLE_PACKS, pack))),
  });
}

const RESOURCES: { readonly [kind: string]: { readonly factory: string; readonly id: string } } = {
  'image': { factory: 'fromMachineImageId', id: 'Image' },
  'instance': { factory: 'fromInstanceId', id: 'Instance' },
  'dedicated-host': { factory: 'fromHostId', id: 'Host' },
};

function writeAssociations(writer: Writer, license: LicenseConfigurationData): void {
  if (license.associations === undefined) {
    writer.add({ comments: [`What ${what(license)} is on was not read: it stays as it is, and is not in this code.`] });
    return;
  }
  for (const association of license.associations) {
    writeAssociation(writer, license, association);
  }
}

function writeAssociation(writer: Writer, license: LicenseConfigurationData, { resourceArn, resourceType, owner, scope }: AssociationData): void {
  const [, kind = '', id = ''] = /^arn:[^:]*:ec2:[^:]*:[^:]*:([a-z-]+)\/((?:ami|i|h)-[0-9a-zA-Z]+)$/.exec(resourceArn) ?? [];
  const on = `${what(license)} is on ${shown(id === '' ? resourceArn : id)}`;
  const reason = whyNot(writer, license, { kind, id, resourceType, owner, scope });
  if (reason !== undefined) {
    writer.leave(`${on}, ${reason}`);
    return;
  }
  const resource = RESOURCES[kind];
  writer.takeOver(`That ${on}`, () => ({
    value: then(method(writer.of(license.arn), 'addAssociation', [text(resource.id + id.slice(id.indexOf('-') + 1))], {
      resource: factory('LicensedResource', resource.factory, [text(id)]),
      amiAssociationScope: scope === 'cross-account' ? constant('AmiAssociationScope', 'CROSS_ACCOUNT') : undefined,
    }), 'applyRemovalPolicy', [language => language.member('removalPolicy')]),
  }));
}

/** Why an association is no code. */
function whyNot(
  writer: Writer, license: LicenseConfigurationData, { kind, id, resourceType, owner, scope }: { kind: string; id: string } & Omit<AssociationData, 'resourceArn'>,
): string | undefined {
  const { account, images, instances, hosts } = writer.estate;
  if (resourceType === 'SYSTEMS_MANAGER_MANAGED_INSTANCE' || resourceType === 'RDS') {
    return 'which automated discovery has found by the product information of the license: nobody associates it by hand.';
  }
  if (!Object.hasOwn(RESOURCES, kind) || !/^[a-z]+-([0-9a-zA-Z]{8}|[0-9a-zA-Z]{17})$/.test(id)) {
    return 'which is neither an AMI, nor an EC2 instance, nor a Dedicated Host: nobody associates it by hand.';
  }
  if (kind !== 'image' && owner !== undefined && owner !== account) {
    return `which belongs to account ${shown(owner)}: an account associates licenses with its own resources, so that this belongs into a stack of that account.`;
  }
  if (scope !== undefined && scope !== 'cross-account') {
    return `with the scope '${shown(scope)}', which this library does not know.`;
  }
  if (kind === 'image' && images !== undefined && !images.has(id)) {
    return 'which is no longer there, or no longer shared with this account: License Manager drops it by itself.';
  }
  if (kind === 'dedicated-host' && hosts !== undefined && !hosts.has(id)) {
    return 'which has been released: License Manager drops it by itself.';
  }
  if (kind === 'instance' && instances !== undefined) {
    const instance = instances.get(id);
    if (instance === undefined || instance.state === 'terminated' || instance.state === 'shutting-down') {
      return 'which has been terminated: License Manager drops it by itself.';
    }
    if (instance.autoScalingGroup !== undefined) {
      return `which an Auto Scaling group has launched ('${shown(instance.autoScalingGroup)}') and replaces as it likes: put the license on its AMI or its launch template.`;
    }
    const licensedImages = license.associations!.map(({ resourceArn }) => resourceArn.slice(resourceArn.indexOf('/') + 1));
    if (instance.imageId !== undefined && licensedImages.includes(instance.imageId)) {
      return `which was launched from ${shown(instance.imageId)} and has the license from there: it comes and goes with the instance.`;
    }
  }
  return undefined;
}

