// Synthesis of many licenses against the same template from raw L1s and CustomResource.
import { deepStrictEqual } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare } from './measure.mjs';

const require = createRequire(import.meta.url);
const cdk = require('aws-cdk-lib');
const { Construct } = require('constructs');
const { CfnLicenseConfiguration } = require('aws-cdk-lib/aws-licensemanager');
const { Asset } = require('aws-cdk-lib/aws-s3-assets');
const { LicenseConfiguration, LicenseCounting, LicensedResource, LicenseTenancy, ProductInformation } = require('../lib');

const COUNTS = [1, 10, 100, 1000];
const REPETITIONS = { 1: 40, 10: 30, 100: 12, 1000: 5 };
const ENV = { account: '111122223333', region: 'us-east-1' };

export async function runSynthesis() {
  const results = [];
  for (const count of COUNTS) {
    console.log(`Synthesizing ${count} license(s)`);
    const reference = synthesize((stack) => withLibrary(stack, count));
    deepStrictEqual(sorted(synthesize((stack) => raw(stack, reference)).template), sorted(reference.template), 'The two ways should make the same template.');
    const { ours, base, ratio } = compare(
      () => synthesize((stack) => withLibrary(stack, count)).milliseconds,
      () => synthesize((stack) => raw(stack, reference)).milliseconds,
      { warmUps: 3, repetitions: REPETITIONS[count] },
    );
    results.push({ what: `synthesis of ${count}`, ours, base, unit: 'ms', value: ratio, limit: 1.10 });
  }
  const [, , hundred, thousand] = results;
  // Linear, as far as what it stands on is: aws-cdk-lib's validator takes longer for a resource of a large template than of a small one.
  const growth = (of) => thousand[of] / hundred[of];
  results.push({ what: 'growth from 100 to 1,000', ours: growth('ours'), base: growth('base'), unit: 'times', value: growth('ours') / growth('base'), limit: 1.10 });
  return results;
}

function synthesize(define) {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    global.gc?.();
    const start = process.hrtime.bigint();
    const app = new cdk.App({
      outdir,
      analyticsReporting: false,
      // More resources than one stack may have, to see how the cost grows.
      context: { '@aws-cdk/core:stackResourceLimit': 0 },
    });
    const stack = new cdk.Stack(app, 'Stack', { env: ENV });
    define(stack);
    const { template } = app.synth().getStackByName('Stack');
    const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
    return { template, milliseconds, paths: pathsOf(stack) };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Where the resources of a stack stand in its tree, by logical id. */
function pathsOf(stack) {
  const resources = stack.node.findAll().filter((construct) => cdk.CfnResource.isCfnResource(construct));
  return new Map(resources.map((resource) => [stack.resolve(resource.logicalId), resource.node.path.split('/').slice(1)]));
}

function withLibrary(stack, count) {
  for (let i = 0; i < count; i++) {
    const license = new LicenseConfiguration(stack, `License${i}`, {
      licenseCounting: LicenseCounting.cores({ minimumCores: 8, maximumCores: 16, allowedTenancy: [LicenseTenancy.DEDICATED_HOST] }),
      licenseCount: 96,
      licenseCountHardLimit: true,
      productInformation: [ProductInformation.ssmManaged({ applicationName: 'SQL Server', platformName: 'Windows Server 2022' })],
    });
    license.addAssociation('Image', { resource: LicensedResource.machineImage(imageId(i)) });
  }
}

function imageId(i) {
  return `ami-${i.toString(16).padStart(17, '0')}`;
}

/** The order of dependencies means nothing. */
function sorted(template) {
  for (const resource of Object.values(template.Resources)) {
    if (Array.isArray(resource.DependsOn)) {resource.DependsOn.sort();}
  }
  return template;
}

/** The same template, resource by resource at the same places of the tree, with nothing but what aws-cdk-lib has. */
function raw(stack, { template, paths }) {
  const made = new Map();
  const entries = referredFirst(template.Resources);
  // The bundle is an asset here as there.
  new Asset(stack, 'Code', { path: join(import.meta.dirname, '..', 'assets', 'custom-resource') });
  for (const [logicalId, resource] of entries) {
    made.set(logicalId, make(stack, paths.get(logicalId), withTokens(resource, made)));
  }
  for (const [logicalId, { DependsOn }] of entries) {
    for (const dependency of [DependsOn ?? []].flat()) {made.get(logicalId).addResourceDependency(made.get(dependency));}
  }
}

/** What others refer to comes first, as in an app. */
function referredFirst(resources) {
  const entries = new Map();
  const add = (logicalId) => {
    if (entries.has(logicalId) || !(logicalId in resources)) {return;}
    for (const [, ref, getAtt] of JSON.stringify(resources[logicalId].Properties ?? {}).matchAll(/"Ref":"(\w+)"|"Fn::GetAtt":\["(\w+)"/g)) {add(ref ?? getAtt);}
    entries.set(logicalId, resources[logicalId]);
  };
  Object.keys(resources).forEach(add);
  return [...entries];
}

const PSEUDO_PARAMETERS = { 'AWS::Partition': cdk.Aws.PARTITION, 'AWS::URLSuffix': cdk.Aws.URL_SUFFIX, 'AWS::StackId': cdk.Aws.STACK_ID };

/** Intrinsic functions as somebody writes them in an app: tokens of other constructs, and strings with tokens in them. */
function withTokens(value, made) {
  if (Array.isArray(value)) {return value.map((item) => withTokens(item, made));}
  if (typeof value !== 'object' || value === null) {return value;}
  const { Ref, 'Fn::GetAtt': getAtt, 'Fn::Join': join, 'Fn::Select': select, 'Fn::Split': split } = value;
  if (PSEUDO_PARAMETERS[Ref]) {return PSEUDO_PARAMETERS[Ref];}
  if (made.has(Ref)) {return made.get(Ref).ref;}
  if (getAtt && made.has(getAtt[0])) {return made.get(getAtt[0]).getAtt(getAtt[1]).toString();}
  if (join?.[0] === '') {return withTokens(join[1], made).join('');}
  if (select) {return cdk.Fn.select(Number(select[0]), withTokens(select[1], made));}
  if (split) {return cdk.Fn.split(split[0], withTokens(split[1], made));}
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withTokens(item, made)]));
}

function make(stack, path, { Type, Properties, DeletionPolicy, UpdateReplacePolicy, Metadata }) {
  const custom = Type.startsWith('Custom::');
  // CustomResource has a CfnResource of its own.
  const [id, ...scopes] = (custom ? path.slice(0, -1) : [...path]).reverse();
  const scope = scopes.reduceRight((parent, name) => parent.node.tryFindChild(name) ?? new Construct(parent, name), stack);
  let resource;
  if (Type === 'AWS::LicenseManager::LicenseConfiguration') {
    resource = new CfnLicenseConfiguration(scope, id, {
      name: Properties.Name,
      description: Properties.Description,
      licenseCountingType: Properties.LicenseCountingType,
      licenseCount: Properties.LicenseCount,
      licenseCountHardLimit: Properties.LicenseCountHardLimit,
      licenseRules: Properties.LicenseRules,
      productInformationList: Properties.ProductInformationList?.map(({ ResourceType, ProductInformationFilterList }) => ({
        resourceType: ResourceType,
        productInformationFilterList: ProductInformationFilterList.map((filter) => ({
          productInformationFilterName: filter.ProductInformationFilterName,
          productInformationFilterComparator: filter.ProductInformationFilterComparator,
          productInformationFilterValue: filter.ProductInformationFilterValue,
        })),
      })),
    });
    // Whoever writes the L1 is told the same, and would say the same.
    cdk.Validations.of(resource).acknowledge({ id: 'CloudFormation-Validate::F3006', reason: 'Unknown to this version of aws-cdk-lib' });
  } else if (custom) {
    const { ServiceToken, ServiceTimeout, ...properties } = Properties;
    resource = new cdk.CustomResource(scope, id, {
      resourceType: Type,
      serviceToken: ServiceToken,
      serviceTimeout: cdk.Duration.seconds(Number(ServiceTimeout)),
      properties,
    }).node.defaultChild;
  } else {
    resource = new cdk.CfnResource(scope, id, { type: Type, properties: Properties });
  }
  resource.cfnOptions.deletionPolicy = DeletionPolicy;
  resource.cfnOptions.updateReplacePolicy = UpdateReplacePolicy;
  for (const [key, value] of Object.entries(Metadata ?? {})) {
    if (key !== 'aws:cdk:path') {resource.addMetadata(key, value);}
  }
  return resource;
}
