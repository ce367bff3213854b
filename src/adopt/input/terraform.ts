import type { Json } from './json';
import { flagIn, isArn, isObject, numberIn, objectIn, objectsIn, textIn, textsIn } from './json';
import type { AssociationData, GrantData, LicenseConfigurationData, Tag, TerraformResource } from '../estate';

/*
 * The state of Terraform: what `terraform show -json` prints, or a state file.
 *
 * https://developer.hashicorp.com/terraform/internals/json-format
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/licensemanager_license_configuration
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/licensemanager_association
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/licensemanager_grant
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/licensemanager_grant_accepter
 */

/** What a state holds of License Manager. */
export interface TerraformState {
  readonly licenseConfigurations: readonly LicenseConfigurationData[];
  readonly grants: readonly GrantData[];
  readonly receivedGrants: readonly GrantData[];
  readonly resources: readonly TerraformResource[];
  readonly unread: readonly string[];
}

/** Whether a document is a state: in the one form or the other. */
export function isTerraform(document: Json): boolean {
  return 'terraform_version' in document;
}

/** A resource, as both forms have it. */
interface Resource {
  readonly address: string;
  readonly type: string;
  readonly values: Json;
}

const PREFIX = 'aws_licensemanager_';

export function terraformStateIn(document: Json): TerraformState {
  const all = 'values' in document || 'format_version' in document ? shownResources(document) : storedResources(document);
  const ofLicenseManager = all.filter(({ type }) => type.startsWith(PREFIX));
  const resources = ofLicenseManager.filter(it => identifiersOf(it).every(isArn));
  const ofType = (type: string) => resources.filter(resource => resource.type === PREFIX + type);

  const associations = new Map<string, AssociationData[]>();
  for (const { values } of ofType('association')) {
    const license = textIn(values, 'license_configuration_arn') ?? '';
    associations.set(license, [...associations.get(license) ?? [], { resourceArn: textIn(values, 'resource_arn') ?? '' }]);
  }
  const licenses = ofType('license_configuration').map(({ values }) => licenseIn(values, associations.get(textIn(values, 'arn') ?? '') ?? []));
  const own = new Set(licenses.map(({ arn }) => arn));
  // Of a license that is not in the state, nothing is known but what it is on.
  const others = [...associations].filter(([arn]) => !own.has(arn)).map(([arn, its]): LicenseConfigurationData => ({
    arn, name: '', countingType: '', rules: [], hardLimit: false, disassociateWhenNotFound: false, products: [], owner: '', associations: its,
  }));
  const known = ['license_configuration', 'association', 'grant', 'grant_accepter'].map(type => PREFIX + type);
  return {
    licenseConfigurations: [...licenses, ...others],
    grants: ofType('grant').map(({ values }) => grantIn(values, 'arn')),
    receivedGrants: ofType('grant_accepter').map(({ values }) => grantIn(values, 'grant_arn')),
    resources: resources.map(({ address }) => ({ address })),
    unread: [
      ...ofLicenseManager.filter(it => !resources.includes(it)).map(({ address }) => `${address} of Terraform has no ARN in the state: it is left out.`),
      ...resources.filter(({ type }) => !known.includes(type)).map(({ address }) =>
        `${address} of Terraform is of a type that this command does not know: take it over by hand.`),
    ],
  };
}

/** What a resource is known by. */
function identifiersOf({ type, values }: Resource): (string | undefined)[] {
  const names: { readonly [type: string]: readonly string[] } = {
    license_configuration: ['arn'], association: ['license_configuration_arn', 'resource_arn'], grant: ['arn'], grant_accepter: ['grant_arn'],
  };
  return (names[type.slice(PREFIX.length)] ?? []).map(name => textIn(values, name));
}

function licenseIn(values: Json, associations: AssociationData[]): LicenseConfigurationData {
  // Where there is no count, some states say 0, which as a count would refuse every launch.
  const count = numberIn(values, 'license_count') || undefined;
  return {
    arn: textIn(values, 'arn') ?? '',
    name: textIn(values, 'name') ?? '',
    description: textIn(values, 'description') || undefined,
    countingType: textIn(values, 'license_counting_type') ?? '',
    rules: textsIn(values, 'license_rules'),
    count,
    hardLimit: flagIn(values, 'license_count_hard_limit') ?? false,
    disassociateWhenNotFound: false,
    owner: textIn(values, 'owner_account_id'),
    products: [],
    tags: tagsIn(objectIn(values, 'tags_all') ?? objectIn(values, 'tags') ?? {}),
    associations,
  };
}

function grantIn(values: Json, arn: string): GrantData {
  return {
    arn: textIn(values, arn) ?? '',
    name: textIn(values, 'name') ?? '',
    licenseArn: textIn(values, 'license_arn') ?? '',
    principal: textIn(values, 'principal') ?? '',
    homeRegion: textIn(values, 'home_region'),
    status: textIn(values, 'status'),
    operations: textsIn(values, 'allowed_operations'),
  };
}

function tagsIn(tags: Json): Tag[] {
  return Object.entries(tags).flatMap(([key, value]) => typeof value === 'string' ? [{ key, value }] : []);
}

/** `terraform show -json`: modules within modules. */
function shownResources(document: Json): Resource[] {
  const values = objectIn(document, 'values') ?? {};
  const inModule = (module: Json): Resource[] => [
    ...objectsIn(module, 'resources').filter(it => textIn(it, 'mode') !== 'data').map(it => ({
      address: textIn(it, 'address') ?? '', type: textIn(it, 'type') ?? '', values: objectIn(it, 'values') ?? {},
    })),
    ...objectsIn(module, 'child_modules').flatMap(inModule),
  ];
  return inModule(objectIn(values, 'root_module') ?? {});
}

/** A state file: instances within resources. */
function storedResources(document: Json): Resource[] {
  return objectsIn(document, 'resources').filter(it => textIn(it, 'mode') !== 'data').flatMap(it => {
    const module = textIn(it, 'module');
    const address = `${module === undefined ? '' : `${module}.`}${textIn(it, 'type')}.${textIn(it, 'name')}`;
    return objectsIn(it, 'instances').map((instance): Resource => {
      const { index_key: key } = instance;
      const index = typeof key === 'number' ? `[${key}]` : typeof key === 'string' ? `[${JSON.stringify(key)}]` : '';
      return { address: address + index, type: textIn(it, 'type') ?? '', values: isObject(instance.attributes) ? instance.attributes : {} };
    });
  });
}
