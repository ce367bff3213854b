import type { Call } from './calls';
import { callBehind, inventoryIn, isInventory } from './calls';
import type { Json } from './json';
import { documentsIn, flagIn, instantIn, isArn, isObject, numberIn, objectIn, objectsIn, textIn, textsIn } from './json';
import type { TerraformState } from './terraform';
import { isTerraform, terraformStateIn } from './terraform';
import { Problem } from '../../command/problem';
import type {
  AssetGroupData, AssociationData, Estate, GrantData, HostGroupData, InstanceData, IssuedLicenseData, LicenseConfigurationData, ReportData,
  RuleSetData, ShareData, Tag, TokenData,
} from '../estate';

/** A text to read, and where it is from. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** What is known without reading. */
export interface Place {
  readonly account?: string;
  readonly region?: string;
}

/**
 * Reads what there is.
 *
 * @param sources inventories, outputs of the AWS CLI, states of Terraform, in any order
 * @param place   the account and the Region, if they are given
 */
export function readEstate(sources: readonly Source[], place: Place): Estate {
  const calls: Call[] = [];
  const states: TerraformState[] = [];
  const regions: string[] = [];
  for (const { name, text } of sources) {
    for (const document of documentsIn(text, name)) {
      if (!isObject(document)) {
        throw new Problem(`${name} is no JSON object, which an output of the AWS CLI is. If it was made with --query, make it without.`);
      }
      if (isInventory(document)) {
        const inventory = inventoryIn(document, name);
        calls.push(...inventory.calls);
        if (inventory.region !== undefined) {
          regions.push(inventory.region);
        }
      } else if (isTerraform(document)) {
        states.push(terraformStateIn(document));
      } else {
        calls.push(callBehind(document, name));
      }
    }
  }
  return new Reader(calls, states).read(place, regions);
}

/** Puts the calls together. */
class Reader {
  private readonly unreadable: string[] = [];

  constructor(private readonly calls: readonly Call[], private readonly states: readonly TerraformState[]) {}

  public read(place: Place, regions: readonly string[]): Estate {
    const licenseConfigurations = this.licenseConfigurations();
    const reports = this.reports();
    const ruleSets = this.ruleSets();
    const assetGroups = this.assetGroups();
    const hostGroups = this.hostGroups();
    const shares = this.shares();
    const issuedLicenses = this.issuedLicenses();
    const regional = [
      ...licenseConfigurations.filter(({ arn, owner }) => owner === undefined || owner === accountIn(arn)).map(({ arn }) => arn),
      ...reports.map(({ arn }) => arn), ...ruleSets.map(({ arn }) => arn), ...assetGroups.map(({ arn }) => arn),
      ...hostGroups.map(({ arn }) => arn), ...shares.map(({ arn }) => arn),
    ];
    const region = place.region ?? only('Region', [...regions, ...regional.map(regionIn)], '--region');
    const account = place.account ?? only('account', [
      ...this.outputs('get-caller-identity').map(output => textIn(output, 'Account')),
      ...this.has('get-caller-identity') ? [] : ownAccounts(licenseConfigurations, [...regional, ...issuedLicenses.map(({ arn }) => arn)]),
    ], '--account');
    const [grants, receivedGrants] = this.grants(account);
    return {
      account,
      region,
      licenseConfigurations: byName(licenseConfigurations),
      ruleSets: byName(ruleSets),
      assetGroups: byName(assetGroups),
      reports: byName(reports),
      hostGroups: byName(hostGroups),
      shares: byName(shares),
      issuedLicenses: byName(issuedLicenses.filter(({ arn }) => accountIn(arn) === account)),
      grants: byName(grants),
      receivedGrants: byName(receivedGrants),
      tokens: this.tokens(),
      images: this.found('describe-images', 'Images', 'ImageId'),
      instances: this.instances(),
      hosts: this.found('describe-hosts', 'Hosts', 'HostId'),
      terraform: this.states.flatMap(({ resources }) => resources),
      unread: [...this.errors(), ...new Set(this.unreadable), ...this.states.flatMap(({ unread }) => unread), ...this.untold()],
    };
  }

  private has(operation: string): boolean {
    return this.calls.some(call => call.operation === operation && call.output !== undefined);
  }

  private outputs(...operations: string[]): Json[] {
    return this.calls.flatMap(({ operation, output }) => output !== undefined && operations.includes(operation) ? [output] : []);
  }

  private outputsOf(operation: string, identity: string): Json[] {
    return this.calls.flatMap(call => call.output !== undefined && call.operation === operation && call.of !== undefined && isOf(call.of, identity)
      ? [call.output] : []);
  }

  /** Things that are listed, and told of in detail each, by what they are known by. What is told in detail counts. */
  private listed(list: string, members: string, get: string, member: string | undefined, identity: string): Json[] {
    const found = new Map<string, Json>();
    const details = this.outputs(get).flatMap(output => member === undefined ? [output] : [objectIn(output, member)].filter(it => it !== undefined));
    for (const thing of [...this.outputs(list).flatMap(output => objectsIn(output, members)), ...details]) {
      const key = textIn(thing, identity);
      if (this.isIdentity(key, list)) {
        found.set(key, { ...found.get(key), ...thing });
      }
    }
    return [...found].sort(([one], [other]) => one < other ? -1 : 1).map(([, thing]) => thing);
  }

  /** Whether something can be told by its ARN; what cannot is said to be unread. */
  private isIdentity(arn: string | undefined, operation: string): arn is string {
    if (isArn(arn)) {
      return true;
    }
    this.unreadable.push(`'${operation}' tells of something without an ARN: it is left out.`);
    return false;
  }

  private licenseConfigurations(): LicenseConfigurationData[] {
    const told = this.listed('list-license-configurations', 'LicenseConfigurations', 'get-license-configuration', undefined, 'LicenseConfigurationArn')
      .map(license => this.licenseConfiguration(license));
    const known = new Set(told.map(({ arn }) => arn));
    return [...told, ...this.states.flatMap(state => state.licenseConfigurations).filter(({ arn }) => !known.has(arn))];
  }

  private licenseConfiguration(license: Json): LicenseConfigurationData {
    const arn = textIn(license, 'LicenseConfigurationArn')!;
    const pages = this.outputsOf('list-associations-for-license-configuration', arn);
    return {
      arn,
      name: textIn(license, 'Name') ?? '',
      description: textIn(license, 'Description') || undefined,
      countingType: textIn(license, 'LicenseCountingType') ?? '',
      rules: textsIn(license, 'LicenseRules'),
      count: numberIn(license, 'LicenseCount'),
      hardLimit: flagIn(license, 'LicenseCountHardLimit') ?? false,
      expiry: numberIn(license, 'LicenseExpiry'),
      disassociateWhenNotFound: flagIn(license, 'DisassociateWhenNotFound') ?? false,
      status: textIn(license, 'Status'),
      owner: textIn(license, 'OwnerAccountId'),
      products: objectsIn(license, 'ProductInformationList').map(product => ({
        resourceType: textIn(product, 'ResourceType') ?? '',
        filters: objectsIn(product, 'ProductInformationFilterList').map(filter => ({
          name: textIn(filter, 'ProductInformationFilterName') ?? '',
          comparator: textIn(filter, 'ProductInformationFilterComparator') ?? '',
          values: Array.isArray(filter.ProductInformationFilterValue) ? textsIn(filter, 'ProductInformationFilterValue') : undefined,
        })),
      })),
      tags: this.tagsOf(arn, license),
      associations: pages.length === 0 ? undefined : byIdentity(
        pages.flatMap(page => objectsIn(page, 'LicenseConfigurationAssociations')).map((association): AssociationData => ({
          resourceArn: textIn(association, 'ResourceArn') ?? '',
          resourceType: textIn(association, 'ResourceType'),
          owner: textIn(association, 'ResourceOwnerId'),
          scope: textIn(association, 'AmiAssociationScope') || undefined,
        })), ({ resourceArn }) => resourceArn),
    };
  }

  private tagsOf(arn: string, thing: Json): Tag[] | undefined {
    const lists = this.outputsOf('list-tags-for-resource', arn);
    if (lists.length > 0) {
      return lists.flatMap(output => pairsIn(output, 'Tags', 'Key', 'Value'));
    }
    return Array.isArray(thing.Tags) ? pairsIn(thing, 'Tags', 'Key', 'Value') : undefined;
  }

  private ruleSets(): RuleSetData[] {
    return this.listed('list-license-asset-rulesets', 'LicenseAssetRulesets', 'get-license-asset-ruleset', 'LicenseAssetRuleset', 'LicenseAssetRulesetArn')
      // Rulesets that AWS manages belong to no account.
      .filter(ruleSet => /^\d{12}$/.test(accountIn(textIn(ruleSet, 'LicenseAssetRulesetArn')!)))
      .map(ruleSet => {
        const arn = textIn(ruleSet, 'LicenseAssetRulesetArn')!;
        return {
          arn,
          name: textIn(ruleSet, 'Name') ?? '',
          description: textIn(ruleSet, 'Description') || undefined,
          rules: objectsIn(ruleSet, 'Rules').map(rule => ({ statement: objectIn(rule, 'RuleStatement') ?? {} })),
          tags: this.tagsOf(arn, ruleSet),
        };
      });
  }

  private assetGroups(): AssetGroupData[] {
    return this.listed('list-license-asset-groups', 'LicenseAssetGroups', 'get-license-asset-group', 'LicenseAssetGroup', 'LicenseAssetGroupArn')
      .map(group => {
        const arn = textIn(group, 'LicenseAssetGroupArn')!;
        return {
          arn,
          name: textIn(group, 'Name') ?? '',
          description: textIn(group, 'Description') || undefined,
          dimensions: objectsIn(group, 'LicenseAssetGroupConfigurations').map(it => textIn(it, 'UsageDimension') ?? ''),
          ruleSets: textsIn(group, 'AssociatedLicenseAssetRulesetARNs'),
          properties: pairsIn(group, 'Properties', 'Key', 'Value'),
          status: textIn(group, 'Status'),
          tags: this.tagsOf(arn, group),
        };
      });
  }

  private reports(): ReportData[] {
    return this.listed('list-license-manager-report-generators', 'ReportGenerators', 'get-license-manager-report-generator', 'ReportGenerator',
      'LicenseManagerReportGeneratorArn')
      .map(report => {
        const arn = textIn(report, 'LicenseManagerReportGeneratorArn')!;
        const context = objectIn(report, 'ReportContext') ?? {};
        const frequency = objectIn(report, 'ReportFrequency') ?? {};
        return {
          arn,
          name: textIn(report, 'ReportGeneratorName') ?? '',
          description: textIn(report, 'Description') || undefined,
          types: textsIn(report, 'ReportType'),
          licenseConfigurations: textsIn(context, 'licenseConfigurationArns'),
          assetGroups: textsIn(context, 'licenseAssetGroupArns'),
          start: instantIn(context, 'reportStartDate'),
          end: instantIn(context, 'reportEndDate'),
          period: textIn(frequency, 'period'),
          value: numberIn(frequency, 'value'),
          tags: this.tagsOf(arn, report),
        };
      });
  }

  private hostGroups(): HostGroupData[] {
    const named = new Map<string, Json>();
    for (const group of this.outputs('list-groups').flatMap(output => objectsIn(output, 'GroupIdentifiers'))) {
      named.set(textIn(group, 'GroupName') ?? '', group);
    }
    for (const group of this.outputs('get-group').flatMap(output => [objectIn(output, 'Group')])) {
      if (group !== undefined) {
        named.set(textIn(group, 'Name') ?? '', group);
      }
    }
    return [...named].sort(([one], [other]) => one < other ? -1 : 1).flatMap(([name, group]): HostGroupData[] => {
      const configuration = this.outputsOf('get-group-configuration', name).flatMap(output =>
        objectsIn(objectIn(output, 'GroupConfiguration') ?? {}, 'Configuration'));
      const items = new Map(configuration.map(item => [textIn(item, 'Type') ?? '', new Map(objectsIn(item, 'Parameters').map(parameter =>
        [textIn(parameter, 'Name') ?? '', textsIn(parameter, 'Values')]))]));
      const arn = textIn(group, 'GroupArn');
      if (!items.has('AWS::EC2::HostManagement') || !this.isIdentity(arn, 'list-groups')) {
        return [];
      }
      const pages = this.outputsOf('list-group-resources', name);
      const tags = this.outputsOf('get-tags', arn);
      // The API tells them twice, in an old form and in a new one.
      const members = pages.flatMap((page): Json[] => [
        ...objectsIn(page, 'ResourceIdentifiers'), ...objectsIn(page, 'Resources').map(it => objectIn(it, 'Identifier') ?? {}),
      ]);
      return [{
        arn,
        name,
        description: textIn(group, 'Description') || undefined,
        configuration: items,
        hosts: pages.length === 0 ? undefined : [...new Set(members.map(it => textIn(it, 'ResourceArn') ?? ''))].sort(),
        tags: tags.length === 0 ? undefined : tags.flatMap(output => Object.entries(objectIn(output, 'Tags') ?? {}))
          .flatMap(([key, value]) => typeof value === 'string' ? [{ key, value }] : []),
      }];
    });
  }

  private shares(): ShareData[] {
    const resources = this.outputs('list-resources').flatMap(output => objectsIn(output, 'resources'));
    const principals = this.outputs('list-principals').flatMap(output => objectsIn(output, 'principals'));
    const inShare = (things: Json[], arn: string, name: string) =>
      [...new Set(things.filter(it => textIn(it, 'resourceShareArn') === arn).map(it => textIn(it, name) ?? ''))].sort();
    return this.listed('get-resource-shares', 'resourceShares', '', undefined, 'resourceShareArn')
      .filter(share => textIn(share, 'status') === 'ACTIVE')
      .map((share): ShareData => {
        const arn = textIn(share, 'resourceShareArn')!;
        return {
          arn,
          name: textIn(share, 'name') ?? '',
          allowExternalPrincipals: flagIn(share, 'allowExternalPrincipals') ?? true,
          resources: inShare(resources, arn, 'arn'),
          principals: inShare(principals, arn, 'id'),
          permissions: this.outputsOf('list-resource-share-permissions', arn).flatMap(output => objectsIn(output, 'permissions'))
            .filter(it => flagIn(it, 'isResourceTypeDefault') === false).map(it => textIn(it, 'arn') ?? ''),
          tags: Array.isArray(share.tags) ? pairsIn(share, 'tags', 'key', 'value') : [],
        };
      });
  }

  private issuedLicenses(): IssuedLicenseData[] {
    return this.listed('list-licenses', 'Licenses', 'get-license', 'License', 'LicenseArn')
      // Received ones are known by their grants.
      .filter(license => !('ReceivedMetadata' in license))
      .map(license => {
        const arn = textIn(license, 'LicenseArn')!;
        const issuer = objectIn(license, 'Issuer') ?? {};
        const validity = objectIn(license, 'Validity') ?? {};
        const consumption = objectIn(license, 'ConsumptionConfiguration') ?? {};
        const borrow = objectIn(consumption, 'BorrowConfiguration');
        return {
          arn,
          name: textIn(license, 'LicenseName') ?? '',
          productName: textIn(license, 'ProductName') ?? '',
          productSku: textIn(license, 'ProductSKU') ?? '',
          issuerName: textIn(issuer, 'Name') ?? '',
          signKey: textIn(issuer, 'SignKey') || undefined,
          homeRegion: textIn(license, 'HomeRegion'),
          status: textIn(license, 'Status'),
          begin: textIn(validity, 'Begin'),
          end: textIn(validity, 'End'),
          beneficiary: textIn(license, 'Beneficiary') ?? '',
          entitlements: objectsIn(license, 'Entitlements').map(entitlement => ({
            name: textIn(entitlement, 'Name') ?? '',
            value: textIn(entitlement, 'Value') || undefined,
            maxCount: numberIn(entitlement, 'MaxCount'),
            overage: flagIn(entitlement, 'Overage'),
            unit: textIn(entitlement, 'Unit') ?? '',
            allowCheckIn: flagIn(entitlement, 'AllowCheckIn'),
          })),
          renewType: textIn(consumption, 'RenewType') || undefined,
          provisionalMinutes: numberIn(objectIn(consumption, 'ProvisionalConfiguration') ?? {}, 'MaxTimeToLiveInMinutes'),
          borrowMinutes: borrow && numberIn(borrow, 'MaxTimeToLiveInMinutes'),
          allowEarlyCheckIn: borrow && flagIn(borrow, 'AllowEarlyCheckIn'),
          metadata: pairsIn(license, 'LicenseMetadata', 'Name', 'Value'),
          tags: this.tagsOf(arn, license),
        };
      });
  }

  /** Those that were given, and those that were received: whose ARN is of another account. */
  private grants(account: string): [GrantData[], GrantData[]] {
    const found = new Map<string, Json>();
    const lists = this.outputs('list-distributed-grants', 'list-received-grants', 'list-grants').flatMap(output => objectsIn(output, 'Grants'));
    const details = this.outputs('get-grant').flatMap(output => [objectIn(output, 'Grant')].filter(it => it !== undefined));
    for (const grant of [...lists, ...details]) {
      const arn = textIn(grant, 'GrantArn');
      if (this.isIdentity(arn, 'list-grants')) {
        found.set(arn, { ...found.get(arn), ...grant });
      }
    }
    const told = [...found].sort(([one], [other]) => one < other ? -1 : 1).map(([arn, grant]): GrantData => ({
      arn,
      name: textIn(grant, 'GrantName') ?? '',
      licenseArn: textIn(grant, 'LicenseArn') ?? '',
      principal: textIn(grant, 'GranteePrincipalArn') ?? '',
      homeRegion: textIn(grant, 'HomeRegion'),
      status: textIn(grant, 'GrantStatus'),
      operations: textsIn(grant, 'GrantedOperations'),
      tags: this.tagsOf(arn, grant),
    }));
    const unknown = ({ arn }: GrantData) => !found.has(arn);
    const given = told.filter(({ arn }) => accountIn(arn) === account);
    return [
      [...given, ...this.states.flatMap(state => state.grants).filter(unknown)],
      [...told.filter(grant => !given.includes(grant)), ...this.states.flatMap(state => state.receivedGrants).filter(unknown)],
    ];
  }

  private tokens(): TokenData[] {
    return this.outputs('list-tokens').flatMap(output => objectsIn(output, 'Tokens')).map(token => ({
      id: textIn(token, 'TokenId') ?? '', licenseArn: textIn(token, 'LicenseArn'), status: textIn(token, 'Status'),
    }));
  }

  private found(operation: string, members: string, id: string): ReadonlySet<string> | undefined {
    const gone = ['released', 'released-permanent-failure', 'deregistered'];
    return this.has(operation) ? new Set(this.outputs(operation).flatMap(output => objectsIn(output, members))
      .filter(it => !gone.includes(textIn(it, 'State') ?? '')).map(it => textIn(it, id) ?? '')) : undefined;
  }

  private instances(): ReadonlyMap<string, InstanceData> | undefined {
    if (!this.has('describe-instances')) {
      return undefined;
    }
    const instances = this.outputs('describe-instances').flatMap(output => objectsIn(output, 'Reservations')).flatMap(it => objectsIn(it, 'Instances'));
    return new Map(instances.map(instance => [textIn(instance, 'InstanceId') ?? '', {
      imageId: textIn(instance, 'ImageId'),
      state: textIn(objectIn(instance, 'State') ?? {}, 'Name'),
      autoScalingGroup: pairsIn(instance, 'Tags', 'Key', 'Value').find(({ key }) => key === 'aws:autoscaling:groupName')?.value,
    }]));
  }

  /** What nobody was allowed to read, each kind once. */
  private errors(): string[] {
    const failed = new Map<string, { readonly of: string[]; readonly error: string }>();
    for (const { operation, of, error } of this.calls) {
      if (error !== undefined) {
        const known = failed.get(operation);
        failed.set(operation, { of: [...known?.of ?? [], ...of === undefined ? [] : [of]], error: known?.error ?? error });
      }
    }
    return [...failed].map(([operation, { of, error }]) =>
      `'${operation}' could not be read${of.length === 0 ? '' : ` of ${of.length === 1 ? of[0] : `${of.length} resources, such as ${of[0]}`}`}: ${error}`);
  }

  /** What a source cannot tell. */
  private untold(): string[] {
    const told = new Set(this.outputs('list-license-configurations').flatMap(output => objectsIn(output, 'LicenseConfigurations'))
      .map(it => textIn(it, 'LicenseConfigurationArn')));
    const unknown = this.states.flatMap(state => state.licenseConfigurations).filter(({ arn }) => !told.has(arn));
    const sentences: string[] = [];
    if (unknown.some(({ owner }) => owner !== '')) {
      sentences.push('The state of Terraform does not hold the product information, the expiry and the status of a license, and no number of licenses that is 0: ' +
        'what a license has of these stays as it is, and is not in this code. Give the inventory beside the state to have it.');
    }
    if (unknown.some(({ associations = [] }) => associations.some(({ resourceArn }) => resourceArn.includes(':image/')))) {
      sentences.push('The state of Terraform does not hold in which accounts launches from an AMI are counted: they are written to be counted in this account, as ' +
        'Terraform has it. If somebody has made one cross-account, the deployment would take that back: give the inventory beside the state.');
    }
    return sentences;
  }
}

function pairsIn(of: Json, list: string, key: string, value: string): Tag[] {
  return objectsIn(of, list).map(pair => ({ key: textIn(pair, key) ?? '', value: textIn(pair, value) ?? '' }))
    .sort((one, other) => one.key < other.key ? -1 : Number(one.key > other.key));
}

/** By their names, as people look for them, and by their ARNs where names are the same. */
function byName<T extends { readonly arn: string; readonly name: string }>(things: readonly T[]): T[] {
  const key = ({ arn, name }: T) => [name.toLowerCase(), name, arn];
  return [...things].sort((one, other) => compare(key(one), key(other)));
}

function compare(one: readonly string[], other: readonly string[]): number {
  const index = one.findIndex((it, place) => it !== other[place]);
  return index < 0 ? 0 : one[index] < other[index] ? -1 : 1;
}

function byIdentity<T>(things: T[], identify: (thing: T) => string): T[] {
  const found = [...new Map(things.map(thing => [identify(thing), thing]))];
  return found.sort(([one], [other]) => one < other ? -1 : 1).map(([, thing]) => thing);
}

/** Whether it is said of an ARN: by the ARN itself, by its end, or by a name. */
function isOf(of: string, identity: string): boolean {
  return of === identity || identity.endsWith(`:${of}`) || identity.endsWith(`/${of}`);
}

function accountIn(arn: string): string {
  return arn.split(':')[4] ?? '';
}

function regionIn(arn: string): string {
  return arn.split(':')[3] ?? '';
}

/** Licenses of others are in the list, too. */
function ownAccounts(licenses: readonly LicenseConfigurationData[], arns: readonly string[]): string[] {
  const others = new Set(licenses.map(({ arn }) => arn));
  const certain = arns.filter(arn => !others.has(arn)).map(accountIn);
  return certain.length > 0 ? certain : licenses.map(({ owner, arn }) => owner || accountIn(arn));
}

function only(what: string, values: readonly (string | undefined)[], option: string): string {
  const distinct = [...new Set(values.filter(value => value !== undefined && value !== ''))] as string[];
  if (distinct.length === 0) {
    throw new Problem(`Nothing tells the ${what}. Give it with ${option}, or give the output of 'npx cdk-license-manager inventory | sh'.`);
  }
  if (distinct.length > 1) {
    throw new Problem(`There is more than one ${what}: ${distinct.sort().join(', ')}. A stack is in one: run the command once for each, with an --output ` +
      `of its own and ${option}.`);
  }
  return distinct[0];
}
