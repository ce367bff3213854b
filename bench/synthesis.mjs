// Synthesis of many licenses against the same template from raw L1s and CustomResource.
import { deepStrictEqual } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed } from './installed.mjs';
import { compare, timed } from './measure.mjs';

const require = createRequire(import.meta.url);
const library = installed();
const cdk = require('aws-cdk-lib');
const { Construct } = require('constructs');
const { CfnAutoScalingGroup } = require('aws-cdk-lib/aws-autoscaling');
const { CfnInstance, CfnLaunchTemplate } = require('aws-cdk-lib/aws-ec2');
const { CfnManagedPolicy, CfnPolicy, CfnRole, CfnRolePolicy } = require('aws-cdk-lib/aws-iam');
const { CfnFunction } = require('aws-cdk-lib/aws-lambda');
const { CfnGrant, CfnLicense, CfnLicenseAssetGroup, CfnLicenseAssetRuleSet, CfnLicenseConfiguration, CfnReportGenerator } = require('aws-cdk-lib/aws-licensemanager');
const { CfnSubscriptionProvider } = require('aws-cdk-lib/aws-licensemanagerlinuxsubscriptions');
const { CfnLicenseServerEndpoint } = require('aws-cdk-lib/aws-licensemanagerusersubscriptions');
const { CfnLogGroup } = require('aws-cdk-lib/aws-logs');
const { CfnResourceShare } = require('aws-cdk-lib/aws-ram');
const { CfnGroup } = require('aws-cdk-lib/aws-resourcegroups');
const { CfnSecret } = require('aws-cdk-lib/aws-secretsmanager');
const { Asset } = require('aws-cdk-lib/aws-s3-assets');
const {
  ConsumptionConfiguration, Ec2BillingProduct, Entitlement, GrantPrincipal, HostLicenses, HostResourceGroup, InstanceMatch, License, LicenseAssetGroup,
  LicenseAssetRule, LicenseAssetRuleSet, LicenseCompliance, LicenseConfiguration, LicenseConfigurationMatch, LicenseConfigurationReportType, LicenseCounting,
  LicensedResource, LicenseServerCredentials, LicenseServerEndpoint, LicenseShare, LicenseTenancy, LicenseValidity, ProductInformation,
  ReportFrequency, ReportGenerator, RhsmSecret, SharePrincipal, SubscriptionProvider, UsageDimension, UsageReport,
} = require(library);

const COUNTS = [1, 10, 100, 1000];
/** Of one of each that an account has many of. */
const ROUNDS = 47;
/** An organization's app: each stack with the licenses of an account, and no custom resources. */
const STACKS = 120;
const LICENSES_PER_STACK = 30;
/** As many as it takes for the medians to stay within a few percent from run to run. */
/** A team's app, in whose stacks most resources launch something. */
const LAUNCH_STACKS = 5;
const LAUNCHES_PER_STACK = 33;
const REPETITIONS = { 1: 200, 10: 120, 100: 40, 1000: 7 };
const ENV = { account: '111122223333', region: 'us-east-1' };

const ROWS = {
  ...Object.fromEntries(COUNTS.map((count) => [count, () => ({
    what: `synthesis of ${count}`, ...against((stack) => withLibrary(stack, count), REPETITIONS[count]),
  })])),
  all: () => {
    const { resources, ...all } = against(withEverything, 30);
    return { what: `synthesis of ${resources} of all kinds`, ...all };
  },
  // An app that one checks, with the plugin and without.
  compliance: () => {
    const measure = (plugins) => () => synthesize(withLaunches, LAUNCH_STACKS, plugins).milliseconds;
    const { stacks } = synthesize(withLaunches, LAUNCH_STACKS);
    const resources = stacks.reduce((sum, { template }) => sum + Object.keys(template.Resources).length, 0);
    const { ours, base, ratio } = compare(measure(() => [new LicenseCompliance()]), measure(), { warmUps: 10, repetitions: 40 });
    return { what: `synthesis of ${resources} with LicenseCompliance`, ours, base, unit: 'ms', value: ratio, limit: 1.10 };
  },
  many: () => {
    const { resources, ...many } = against(withLicenses, 7, STACKS);
    return { what: `synthesis of ${resources.toLocaleString('en')} licenses in ${STACKS} stacks`, ...many };
  },
};

/** Each in a process of its own, as a synthesis is: what others have left on the heap would be collected in its time. */
export function runSynthesis() {
  const results = Object.keys(ROWS).map((row) => {
    console.log(`Synthesizing ${row}`);
    return JSON.parse(execFileSync(process.execPath, [fileURLToPath(import.meta.url), row], { encoding: 'utf8' }));
  });
  // Linear, as far as what it stands on is: aws-cdk-lib's validator takes longer for a resource of a large template than of a small one.
  const [hundred, thousand] = [100, 1000].map((count) => results[COUNTS.indexOf(count)]);
  const growth = (of) => thousand[of] / hundred[of];
  results.push({ what: 'growth from 100 to 1,000', ours: growth('ours'), base: growth('base'), unit: 'times', value: growth('ours') / growth('base'), limit: 1.10 });
  return results;
}

/** The same templates from this library, and resource by resource. */
function against(define, repetitions, stacks = 1) {
  const reference = synthesize(define, stacks);
  const plans = reference.stacks.map(planned);
  const rawly = (stack, i) => raw(stack, plans[i]);
  synthesize(rawly, stacks).stacks.forEach(({ template }, i) => {
    deepStrictEqual(sorted(template), sorted(reference.stacks[i].template), 'The two ways should make the same template.');
  });
  const { ours, base, ratio } = compare(
    () => synthesize(define, stacks).milliseconds,
    () => synthesize(rawly, stacks).milliseconds,
    { warmUps: Math.ceil(repetitions / 3), repetitions },
  );
  const resources = reference.stacks.reduce((sum, { template }) => sum + Object.keys(template.Resources).length, 0);
  return { ours, base, unit: 'ms', value: ratio, limit: 1.10, resources };
}

function synthesize(define, count, plugins = () => []) {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const { milliseconds, result: { stacks, assembly } } = timed(() => {
      const app = new cdk.App({
        outdir,
        analyticsReporting: false,
        // More resources than one stack may have, to see how the cost grows.
        context: { '@aws-cdk/core:stackResourceLimit': 0 },
      });
      cdk.Validations.of(app).acknowledge(
        { id: 'CloudFormation-Validate::F0007', reason: 'More resources than one stack may have' },
        { id: 'CloudFormation-Validate::W3010', reason: 'A zone that nobody launches in' },
        { id: 'CloudFormation-Validate::W9010', reason: 'An image that there is not' },
      );
      const stacks = Array.from({ length: count }, (_, i) => new cdk.Stack(app, `Stack${i || ''}`, { env: ENV }));
      stacks.forEach(define);
      const checks = plugins();
      if (checks.length > 0) {cdk.Validations.of(app).addPlugins(...checks);}
      return { stacks, assembly: app.synth() };
    });
    return {
      milliseconds,
      stacks: stacks.map((stack) => ({ template: assembly.getStackByName(stack.stackName).template, paths: pathsOf(stack) })),
    };
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
    makeLicense(stack, i).addAssociation('Image', { resource: LicensedResource.fromMachineImageId(imageId(i)) });
  }
}

function withLicenses(stack) {
  for (let i = 0; i < LICENSES_PER_STACK; i++) {makeLicense(stack, i);}
}

function makeLicense(stack, i) {
  return new LicenseConfiguration(stack, `License${i}`, {
    licenseCounting: LicenseCounting.cores({ minimumCores: 8, maximumCores: 16, allowedTenancy: [LicenseTenancy.DEDICATED_HOST] }),
    licenseCount: 96,
    licenseCountHardLimit: true,
    productInformation: [ProductInformation.ssmManaged({ applicationName: 'SQL Server', platformName: 'Windows Server 2022' })],
  });
}

function withEverything(stack) {
  const image = LicensedResource.fromMachineImageId(imageId(0));
  for (let i = 0; i < ROUNDS; i++) {
    const license = new LicenseConfiguration(stack, `License${i}`, { licenseCounting: LicenseCounting.cores({ minimumCores: 8 }), licenseCount: 96 });
    license.addAssociation('Image', { resource: image });
    const hosts = new HostResourceGroup(stack, `Hosts${i}`, { licenses: HostLicenses.only([license]), allowedHostFamilies: ['m5'] });
    new LicenseShare(stack, `Share${i}`, {
      licenseConfigurations: [license], hostResourceGroups: [hosts], principals: [SharePrincipal.fromAccountId('444455556666')],
    });
    const ruleSet = new LicenseAssetRuleSet(stack, `RuleSet${i}`, {
      rules: [
        LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.licenseConfiguration([license])),
        LicenseAssetRule.instances(InstanceMatch.ec2BillingProduct([Ec2BillingProduct.WINDOWS_BYOL])),
      ],
    });
    const group = new LicenseAssetGroup(stack, `Group${i}`, { usageDimension: UsageDimension.VCPU, ruleSets: [ruleSet] });
    new ReportGenerator(stack, `Report${i}`, {
      report: UsageReport.licenseConfigurations({
        licenseConfigurations: [license], types: [LicenseConfigurationReportType.SUMMARY], frequency: ReportFrequency.MONTHLY,
      }),
    });
    new ReportGenerator(stack, `Audit${i}`, {
      report: UsageReport.licenseAssetGroups({
        licenseAssetGroups: [group], start: new Date('2026-01-01T00:00:00Z'), end: new Date('2026-06-30T00:00:00Z'),
      }),
    });
    new License(stack, `Software${i}`, {
      productName: 'Example Analytics',
      productSku: 'example-analytics',
      issuerName: 'Example Software',
      beneficiary: 'Example Customer',
      validity: LicenseValidity.between(new Date('2026-01-01T00:00:00Z'), new Date('2099-12-31T23:59:59Z')),
      entitlements: [Entitlement.counted('Seats', { maxCount: 50, allowCheckIn: true })],
      consumptionConfiguration: ConsumptionConfiguration.provisional({ maxTimeToLive: cdk.Duration.hours(1) }),
    }).addGrant('Customer', { principal: GrantPrincipal.fromAccountId('444455556666') });
  }
  // Of these there is one in an account, or one for a directory.
  new SubscriptionProvider(stack, 'RedHat', { secret: new RhsmSecret(stack, 'OfflineToken') });
  new LicenseServerEndpoint(stack, 'LicenseServer', {
    identityProviderArn: 'arn:aws:license-manager-user-subscriptions:us-east-1:111122223333:identity-provider/idp-0123456789abcdef0',
    credentials: new LicenseServerCredentials(stack, 'Administrator'),
  });
}

function withLaunches(stack) {
  const license = new LicenseConfiguration(stack, 'License', {
    licenseCounting: LicenseCounting.vcpus({ allowedTenancy: [LicenseTenancy.DEDICATED_HOST] }), licenseCount: 9999, licenseCountHardLimit: true,
  });
  const licenseSpecifications = [{ licenseConfigurationArn: license.licenseConfigurationArn }];
  for (let i = 0; i < LAUNCHES_PER_STACK; i++) {
    const { ref: launchTemplateId, attrLatestVersionNumber: version } = new CfnLaunchTemplate(stack, `Template${i}`, {
      launchTemplateData: { imageId: imageId(i), instanceType: 'm5.xlarge', placement: { tenancy: 'host' }, licenseSpecifications },
    });
    new CfnAutoScalingGroup(stack, `Group${i}`, { minSize: '0', maxSize: '2', availabilityZones: ['us-east-1a'], launchTemplate: { launchTemplateId, version } });
    new CfnInstance(stack, `Instance${i}`, { imageId: imageId(i), instanceType: 'm5.xlarge', tenancy: 'host', licenseSpecifications });
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
function raw(stack, { hasFunction, resources }) {
  const made = new Map();
  if (hasFunction) {
    // The bundle is an asset here as there.
    new Asset(stack, 'Code', { path: join(library, 'assets', 'custom-resource') });
  }
  for (const { logicalId, path, properties, hasTokens, ...resource } of resources) {
    const it = make(stack, path, { ...resource, properties: hasTokens ? withTokens(properties, made) : properties });
    if (NAMED_BY_CONTENT.test(resource.Type)) {it.overrideLogicalId(logicalId);}
    made.set(logicalId, it);
  }
  for (const { logicalId, dependencies } of resources) {
    for (const dependency of dependencies) {made.get(logicalId).addResourceDependency(made.get(dependency));}
  }
}

/** Types of which the logical id says what a resource is about, not where it stands in the tree. */
const NAMED_BY_CONTENT = /^(AWS::LicenseManager::(License|Grant)$|Custom::)/;

/** What somebody has in mind who writes the template resource by resource: thinking takes no time. */
function planned({ template, paths }) {
  const resources = referredFirst(template.Resources).map(([logicalId, { Properties, DependsOn, ...resource }]) => ({
    logicalId,
    path: paths.get(logicalId),
    ...resource,
    properties: resource.Type in L1S ? camelCased(Properties) : Properties,
    hasTokens: /"(Ref|Fn::\w+)":/.test(JSON.stringify(Properties)),
    dependencies: [DependsOn ?? []].flat(),
  }));
  return { resources, hasFunction: resources.some(({ Type }) => Type === CfnFunction.CFN_RESOURCE_TYPE_NAME) };
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

/** What one writes instead of this library, where aws-cdk-lib has a class for it. */
const L1S = Object.fromEntries([
  CfnFunction, CfnGrant, CfnGroup, CfnLicense, CfnLicenseAssetGroup, CfnLicenseAssetRuleSet, CfnLicenseConfiguration, CfnLicenseServerEndpoint, CfnLogGroup,
  CfnManagedPolicy, CfnPolicy, CfnReportGenerator, CfnResourceShare, CfnRole, CfnRolePolicy, CfnSecret, CfnSubscriptionProvider,
].map((l1) => [l1.CFN_RESOURCE_TYPE_NAME, l1]));

/** Properties in the spelling of the L1s. */
function camelCased(value) {
  if (Array.isArray(value)) {return value.map(camelCased);}
  if (typeof value !== 'object' || value === null || INTRINSIC.test(Object.keys(value)[0])) {return value;}
  return Object.fromEntries(Object.entries(value).map(([key, item]) => key.endsWith('PolicyDocument')
    ? [key[0].toLowerCase() + key.slice(1), item]
    : [key.replace('ARNs', 'Arns').replace('SKU', 'Sku').replace(/^./, (first) => first.toLowerCase()), camelCased(item)]));
}

const INTRINSIC = /^(Ref$|Fn::)/;

function make(stack, path, { Type, properties, DeletionPolicy, UpdateReplacePolicy, Metadata }) {
  const custom = Type.startsWith('Custom::');
  // CustomResource has a CfnResource of its own.
  const [id, ...scopes] = (custom ? path.slice(0, -1) : [...path]).reverse();
  const scope = scopes.reduceRight((parent, name) => parent.node.tryFindChild(name) ?? new Construct(parent, name), stack);
  let resource;
  if (Type in L1S) {
    resource = new L1S[Type](scope, id, properties);
  } else if (custom) {
    const { ServiceToken, ServiceTimeout, ...others } = properties;
    resource = new cdk.CustomResource(scope, id, {
      resourceType: Type,
      serviceToken: ServiceToken,
      serviceTimeout: cdk.Duration.seconds(Number(ServiceTimeout)),
      properties: others,
    }).node.defaultChild;
  } else {
    resource = new cdk.CfnResource(scope, id, { type: Type, properties });
  }
  resource.cfnOptions.deletionPolicy = DeletionPolicy;
  resource.cfnOptions.updateReplacePolicy = UpdateReplacePolicy;
  for (const [key, value] of Object.entries(Metadata ?? {})) {
    if (key !== 'aws:cdk:path') {resource.addMetadata(key, value);}
  }
  return resource;
}

if (import.meta.main) {
  const { resources, ...row } = ROWS[process.argv[2]]();
  process.stdout.write(JSON.stringify(row));
}
