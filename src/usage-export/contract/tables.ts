/*
 * What is exported: the tables that somebody asks, and with that the lines of JSON that the function writes. Neither side knows a column that the other does
 * not.
 */

/** The types of columns, by the names that AWS Glue has for them. */
interface Types {
  readonly 'string': string;
  readonly 'bigint': number;
  readonly 'boolean': boolean;
  readonly 'array<string>': readonly string[];
  readonly 'array<struct<resource_type:string,consumed_licenses:bigint>>': readonly { readonly resource_type?: string; readonly consumed_licenses?: number }[];
  readonly 'array<struct<resource_type:string,association_count:bigint>>': readonly { readonly resource_type?: string; readonly association_count?: number }[];
  readonly 'array<struct<name:string,value:string>>': readonly { readonly name?: string; readonly value?: string }[];
}

/** A column: its type, and what it tells. */
type Column = readonly [type: keyof Types, comment: string];

type Columns = { readonly [name: string]: Column };

/** A line, without what all lines have. */
export type Row<T extends TableName> = {
  readonly [Name in keyof (typeof TABLES)[T]]: Types[Extract<(typeof TABLES)[T][Name], Column>[0]] | undefined
};

/** What every line has before its own columns. */
export const COMMON = {
  account_id: ['string', 'The account that exported it'],
  region: ['string', 'The Region that it was exported in'],
  scheduled_at: ['string', 'When the run was to begin, in ISO 8601 and UTC'],
  exported_at: ['string', 'When License Manager said so, in ISO 8601 and UTC'],
} as const satisfies Columns;

const OF_LICENSE = {
  license_configuration_arn: ['string', 'The ARN of the self-managed license'],
  license_configuration_id: ['string', 'The id of the self-managed license'],
} as const satisfies Columns;

const OF_RESOURCE = {
  resource_arn: ['string', 'The ARN of the resource'],
  resource_type: ['string', 'EC2_INSTANCE, EC2_HOST, EC2_AMI, RDS or SYSTEMS_MANAGER_MANAGED_INSTANCE'],
  resource_owner_id: ['string', 'The account that owns the resource'],
} as const satisfies Columns;

/**
 * The tables, with the members that the answers of License Manager have, in small letters.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_Operations.html
 */
export const TABLES = {
  licenses: {
    ...OF_LICENSE,
    name: ['string', 'The name of the license'],
    description: ['string', 'The description of the license'],
    license_counting_type: ['string', 'vCPU, Instance, Core or Socket'],
    license_rules: ['array<string>', 'The rules of the license'],
    license_count: ['bigint', 'How many licenses there are; nothing if they are unlimited'],
    license_count_hard_limit: ['boolean', 'Whether more than that are refused'],
    consumed_licenses: ['bigint', 'How many licenses are in use'],
    consumed_license_summary: ['array<struct<resource_type:string,consumed_licenses:bigint>>', 'How many are in use, by the type of resource'],
    managed_resource_summary: ['array<struct<resource_type:string,association_count:bigint>>', 'How many resources have it, by their type'],
    status: ['string', 'AVAILABLE or DISABLED'],
    owner_account_id: ['string', 'The account that owns the license'],
    product_information: ['string', 'What automated discovery looks for, in JSON'],
    disassociate_when_not_found: ['boolean', 'Whether automated discovery takes it away from what it no longer finds'],
    license_expiry: ['bigint', 'When the license expires, in seconds since 1970'],
    automated_discovery_last_run_time: ['string', 'When automated discovery ran last'],
    tags: ['array<struct<name:string,value:string>>', 'The tags of the license'],
    usage_records: ['bigint', 'How many lines the table usage has of it; nothing if usage is not exported'],
    association_records: ['bigint', 'How many lines the table associations has of it; nothing if associations are not exported'],
    failure_records: ['bigint', 'How many lines the table failures has of it; nothing if failures are not exported'],
    run: ['string', 'The ARN of the execution that exported it'],
  },
  usage: {
    ...OF_LICENSE,
    ...OF_RESOURCE,
    resource_status: ['string', 'The status of the resource'],
    association_time: ['string', 'Since when the resource has the license'],
    consumed_licenses: ['bigint', 'How many licenses the resource uses'],
  },
  associations: {
    ...OF_LICENSE,
    ...OF_RESOURCE,
    association_time: ['string', 'Since when the resource has the license'],
    ami_association_scope: ['string', 'cross-account for an AMI that counts in all accounts'],
  },
  failures: {
    ...OF_LICENSE,
    ...OF_RESOURCE,
    error_message: ['string', 'Why it failed'],
    failure_time: ['string', 'When it failed'],
    operation_name: ['string', 'What failed'],
    operation_requested_by: ['string', 'Who asked for it'],
    metadata: ['array<struct<name:string,value:string>>', 'What License Manager tells besides'],
  },
  assets: {
    license_asset_group_arn: ['string', 'The ARN of the license asset group'],
    asset_type: ['string', 'Instance, License or LicenseConfiguration'],
    asset_arn: ['string', 'The ARN of the asset'],
    latest_asset_discovery_time: ['string', 'When it was discovered last'],
  },
  inventory: {
    resource_id: ['string', 'The id of the resource'],
    resource_type: ['string', 'EC2_INSTANCE, SYSTEMS_MANAGER_MANAGED_INSTANCE, …'],
    resource_arn: ['string', 'The ARN of the resource'],
    platform: ['string', 'The platform of the resource'],
    platform_version: ['string', 'The version of the platform'],
    resource_owning_account_id: ['string', 'The account that owns the resource'],
    marketplace_product_codes: ['array<string>', 'The product codes of AWS Marketplace'],
    usage_operation: ['string', 'What EC2 bills an instance by'],
    ami_id: ['string', 'The AMI that the instance was launched from'],
    host_id: ['string', 'The Dedicated Host that the instance is on'],
    resource_region: ['string', 'The Region of the resource'],
    instance_type: ['string', 'The type of the instance'],
  },
} as const satisfies { readonly [table: string]: Columns };

export type TableName = keyof typeof TABLES;

/** The columns of a table, in their order. */
export function columnsOf(table: TableName): [name: string, type: string, comment: string][] {
  return Object.entries<Column>({ ...COMMON, ...TABLES[table] }).map(([name, [type, comment]]) => [name, type, comment]);
}

/** The tables that are written for what is exported. */
export const OF_LICENSES = ['usage', 'associations', 'failures', 'licenses'] as const satisfies readonly TableName[];
