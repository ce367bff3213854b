/*
 * What the mixins that attach licenses have in common.
 */
import { Annotations, CfnElement, Lazy, Stack, Token, Tokenization } from 'aws-cdk-lib';
import type { CfnResource, IResolvable, IResolveContext } from 'aws-cdk-lib';
import type { CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { isJudgedByRule } from '../../private/finding/compliance';
import { keepOn, keptOn } from '../../private/identity/copies';
import { identityOf, referredConstruct } from '../../private/identity/reference';
import { givenLicenses } from '../../private/license/given-reference';
import { missingLicenses, renderedIdentity, renderedTarget, tenancyOf } from '../../private/license/launch';
import { type Launch, launchesOf, licenseSourceOf, templateOf } from '../../private/license/launches';
import { ID_BEFORE_LOOKUP, identityOfLicense, isSeenByRules, LICENSES_PER_RESOURCE, ruleOf } from '../../private/license/license-reference';
import { checkTenancy } from '../../private/license/tenancy';
import { counted } from '../../private/validation/validation';

/**
 * The licenses that a mixin was given, each once. Refuses what is not a list of licenses.
 */
export function checkedLicenses(mixin: string, licenses: readonly ILicenseConfigurationRef[]): ILicenseConfigurationRef[] {
  const first = new Map<string, ILicenseConfigurationRef>();
  for (const license of givenLicenses(`mixins.${mixin}`, 'licenses', licenses)) {
    const identity = identityOfLicense(license);
    const other = first.get(identity);
    if (!other || comparePlaces(placeOf(license), placeOf(other)) < 0) {
      first.set(identity, license);
    }
  }
  return [...first.values()];
}

/**
 * Changes something of an L1, also if it is known only when the template is made.
 *
 * What is an intrinsic function even then (such as `Fn::If`) stays as it is; what is reported at synthesis says what is missing.
 */
export function changed<T>(existing: T | IResolvable, change: (known: T, context?: IResolveContext) => T): T | IResolvable {
  if (!Tokenization.isResolvable(existing)) {
    return change(existing);
  }
  return Lazy.uncachedAny({
    produce: context => {
      const known = settled(existing, context);
      return isIntrinsic(known) ? existing : change(known, context);
    },
  });
}

/**
 * What stands for a value, without what is in it: the names in it are still those of constructs.
 */
export function settled(value: any, context: IResolveContext): any {
  let known = value;
  while (Tokenization.isResolvable(known)) {
    known = known.resolve(context);
  }
  return known;
}

/**
 * Whether a value is an intrinsic function of CloudFormation: nobody knows before the deployment what it stands for.
 */
export function isIntrinsic(value: any): boolean {
  const [key, ...others] = Object.keys(value ?? {});
  return key !== undefined && others.length === 0 && (key === 'Ref' || key.startsWith('Fn::'));
}

/** A license specification as L1s have it. */
interface Specification {
  readonly licenseConfigurationArn?: string;
}

/** A license specification as all L1s take it. */
interface NewSpecification {
  readonly licenseConfigurationArn: string;
}

/** A list as L1s have it. */
type ListOf<T> = (IResolvable | T)[] | IResolvable;

/**
 * The license specifications that are there and those of the licenses after them, each license once.
 */
export function mergeSpecifications<T extends Specification>(
  existing: ListOf<T> | undefined, licenses: readonly ILicenseConfigurationRef[],
): ListOf<T | NewSpecification> {
  return merge<T | NewSpecification>(
    existing, licenses, specification => specification?.licenseConfigurationArn, licenseConfigurationArn => ({ licenseConfigurationArn }));
}

/**
 * The ARNs of licenses that are there and those of the licenses after them, each license once.
 */
export function mergeArns(existing: string[] | undefined, licenses: readonly ILicenseConfigurationRef[]): string[] {
  const list = Token.isUnresolved(existing) ? Tokenization.reverseList(existing as string[]) : existing;
  const merged = merge<string>(list, licenses, arn => arn, arn => arn);
  return Tokenization.isResolvable(merged) ? Token.asList(merged) : merged as string[];
}

function merge<T>(
  existing: ListOf<T> | undefined,
  licenses: readonly ILicenseConfigurationRef[],
  arnOf: (member: T) => string | undefined,
  make: (arn: string) => T,
): ListOf<T> {
  if (!Tokenization.isResolvable(existing)) {
    const merged = mergeKnown(existing ?? [], licenses, arnOf, make);
    if (merged) {
      return merged;
    }
  }
  return Lazy.uncachedAny({
    produce: context => {
      const known = settled(existing, context);
      return known === undefined || Array.isArray(known) ? mergeKnown(known ?? [], licenses, arnOf, make, context) : existing;
    },
  });
}

/** Under which a list keeps what mixins have added to it: by its ARN, where it belongs among the others. */
const ADDED = 'mixins.placesOfAddedLicenses';

/** Where a license belongs among those that mixins add: the earliest of what it was named by. */
type Place = readonly [inStack: string, path: string];

/**
 * What is there stays first, as it is written; what mixins add is in an order of its own, whichever of them comes first: CloudFormation replaces an instance
 * of which the licenses are in another order.
 *
 * Nothing if it can be told only when the template is made, which has a context, what is there.
 */
function mergeKnown<T>(
  existing: (IResolvable | T)[],
  licenses: readonly ILicenseConfigurationRef[],
  arnOf: (member: T) => string | undefined,
  make: (arn: string) => T,
  context?: IResolveContext,
): (IResolvable | T)[] | undefined {
  const before = keptOn<Map<string, Place>>(existing, ADDED);
  const written = new Array<IResolvable | T>();
  const added = new Array<{ readonly key: string; readonly arn: string; readonly member: IResolvable | T; place: Place }>();
  const seen = new Set<string>();
  const isNew = (key: string | undefined) => {
    const isDouble = key !== undefined && seen.has(key);
    if (key !== undefined && !key.endsWith(ID_BEFORE_LOOKUP)) {
      seen.add(key);
    }
    return !isDouble;
  };
  for (const member of existing) {
    const known = context ? settled(member, context) : member;
    if (Tokenization.isResolvable(known)) {
      return undefined;
    }
    const arn = isIntrinsic(known) ? undefined : arnOf(known);
    const key = typeof arn === 'string' ? keyOf(arn, context) : undefined;
    if (typeof arn === 'string' && key === undefined) {
      return undefined;
    }
    if (isNew(key)) {
      const place = arn === undefined ? undefined : before?.get(arn);
      if (place) {
        added.push({ key: key!, arn: arn!, member, place });
      } else {
        written.push(member);
      }
    }
  }
  for (const license of licenses) {
    const arn = license.licenseConfigurationRef.licenseConfigurationArn;
    const key = arn.endsWith(ID_BEFORE_LOOKUP) ? identityOfLicense(license) : keyOf(arn, context);
    if (key === undefined) {
      return undefined;
    }
    const place = placeOf(license);
    if (isNew(key)) {
      added.push({ key, arn, member: make(arn), place });
    } else {
      // Two constructs may stand for one license, and either may come first.
      added.filter(it => it.key === key && comparePlaces(place, it.place) < 0).forEach(it => { it.place = place; });
    }
  }
  added.sort((a, b) => comparePlaces(a.place, b.place));
  const merged = [...written, ...added.map(({ member }) => member)];
  keepOn(merged, ADDED, () => new Map(added.map(({ arn, place }) => [arn, place])));
  return merged;
}

/**
 * By the path in its own stack: it stays when a license is imported in the place of the one that was made, and the other way round, and when the
 * construct of the stack is renamed. An L1 is where its L2 is.
 */
function placeOf(license: ILicenseConfigurationRef): Place {
  const { node } = license;
  const inStack = node.scopes.slice(node.scopes.indexOf(Stack.of(license)) + 1).map(scope => scope.node.id);
  if (inStack.length > 1 && inStack[inStack.length - 1] === 'Resource') {
    inStack.pop();
  }
  return [inStack.join('/'), node.path];
}

function comparePlaces(one: Place, other: Place): number {
  const index = one[0] === other[0] ? 1 : 0;
  return one[index] < other[index] ? -1 : one[index] > other[index] ? 1 : 0;
}

/** What is equal for two names of a license; nothing if that can be told only when the template is made. */
function keyOf(arn: string, context?: IResolveContext): string | undefined {
  if (!Token.isUnresolved(arn) || referredConstruct(arn)) {
    return identityOf(arn);
  }
  if (!context) {
    return undefined;
  }
  const fragments = Tokenization.reverseString(arn);
  const known = fragments.length === 1 ? settled(fragments.firstToken, context) : undefined;
  return typeof known === 'string' ? keyOf(known, context) : JSON.stringify(context.resolve(arn));
}

/** Under which the copies of this library keep the licenses that their mixins have attached. */
const ATTACHED = 'mixins.attachedLicenses';

/**
 * Checks at synthesis what can still change after licenses were attached: the tenancy, what is launched, and whether something else has overwritten the
 * licenses. Warns of a mixin without licenses.
 */
export function checkAtSynthesis(target: CfnResource, licenses: readonly ILicenseConfigurationRef[]): void {
  if (licenses.length === 0) {
    Annotations.of(target).addWarningV2('cdk-license-manager:mixinWithoutLicense',
      'A mixin was to attach licenses to it, and was given none. Pass the licenses to attach, or leave the mixin out.');
  }
  checkAttached(target, licenses);
}

/**
 * The same, of something else than a mixin that is there for licenses.
 *
 * A target is checked once, for all of its mixins.
 */
export function checkAttached(target: CfnResource, licenses: readonly ILicenseConfigurationRef[]): void {
  const attached = keepOn(target, ATTACHED, () => {
    const all = new Array<ILicenseConfigurationRef>();
    target.node.addValidation({ validate: () => findingsOf(target, all) });
    return all;
  });
  const known = new Set(attached.map(identityOfLicense));
  attached.push(...licenses.filter(license => !known.has(identityOfLicense(license))));
}

/**
 * The licenses that mixins have attached to a target.
 */
export function attachedTo(target: CfnResource): readonly ILicenseConfigurationRef[] {
  return keptOn<ILicenseConfigurationRef[]>(target, ATTACHED) ?? [];
}

/**
 * Whether a license is among those that are in the template.
 */
export function hasLicense(target: CfnResource, license: ILicenseConfigurationRef): boolean {
  return missingLicenses(target, [license], renderedTarget(target).licenses).length === 0;
}

function findingsOf(target: CfnResource, licenses: ILicenseConfigurationRef[]): string[] {
  const rendered = renderedTarget(target);
  for (const license of missingLicenses(target, licenses, rendered.licenses)) {
    Annotations.of(target).addWarningV2('cdk-license-manager:licenseNotInTemplate',
      `License '${license.node.path}' was attached by a mixin and is not in the template: the property was assigned afterwards, or an override ` +
      '(addPropertyOverride) or a condition (Fn::If) has written the licenses, and a mixin cannot merge into it. ' +
      'Write all licenses there and leave the mixin out, or attach all of them by the mixin.');
  }
  findLeftInTemplate(target, rendered.licenses.flat());
  const found = launchesOf(target).flatMap(launch => {
    const carried = licensesOfLaunch(target, licenses, launch);
    return [...checkTenancy(target, carried, launch), ...checkSpot(target, launch), ...checkVcpus(target, carried, launch)];
  });
  // More than one may launch the same.
  return [...findTooMany(target, rendered.licenses), ...new Set(found)];
}

/** What is launched with its own licenses, is launched with none of the launch template: of those that it has not is warned where it is. */
function licensesOfLaunch(target: CfnResource, licenses: ILicenseConfigurationRef[], { by, licenses: own }: Launch): ILicenseConfigurationRef[] {
  if (own === undefined) {
    return licenses;
  }
  const without = missingLicenses(by, licenses, [own]);
  for (const license of without) {
    Annotations.of(by).addWarningV2('cdk-license-manager:licenseNotAttached',
      `It stays without license '${license.node.path}', which a mixin was to attach: it uses launch template '${target.node.path}', which has the license, ` +
      'and writes licenses of its own, which it is launched with instead. Apply mixins.InstanceLicenses to it, too, or leave its own licenses out.');
  }
  return licenses.filter(license => !without.includes(license));
}

/** The same of the licenses that were written into the launch template by hand: those that a mixin brought are found where the template is. */
function findLeftInTemplate(target: CfnResource, own: unknown[]): void {
  const template = templateOf(target);
  if (!template || licenseSourceOf(target) !== target) {
    return;
  }
  const known = new Set([
    ...own, ...attachedTo(template).map(license => target.stack.resolve(license.licenseConfigurationRef.licenseConfigurationArn)),
  ].map(renderedIdentity));
  for (const arn of licensesIn(template, target.stack).filter(it => it !== undefined && !known.has(renderedIdentity(it)))) {
    Annotations.of(target).addWarningV2('cdk-license-manager:licenseNotAttached',
      `It stays without license '${nameIn(template.stack, arn)}' of launch template '${template.node.path}', which it uses: it has licenses of its own, which it is ` +
      'launched with instead. Apply mixins.InstanceLicenses with the license to it, too, or attach all licenses to the template (mixins.LaunchTemplateLicenses).');
  }
}

/** The ARNs of the licenses of a launch template as they are written in a stack: what is of another one, is written otherwise there. */
function licensesIn(template: CfnResource, stack: Stack): unknown[] {
  const specifications = stack === template.stack ? undefined
    : stack.resolve((template as CfnLaunchTemplate).launchTemplateData)?.licenseSpecifications;
  return Array.isArray(specifications) ? specifications.map(it => it?.licenseConfigurationArn) : renderedTarget(template).licenses.flat();
}

/** What is rendered, by the path of what it refers to, if that is of the stack. */
function nameIn(stack: Stack, rendered: unknown): string {
  const element = stack.node.findAll().find(it =>
    CfnElement.isCfnElement(it) && renderedIdentity(rendered) === JSON.stringify(stack.resolve(it.logicalId)));
  return element?.node.path.replace(/\/Resource$/, '') ?? (typeof rendered === 'string' ? rendered : JSON.stringify(rendered));
}

/**
 * How many licenses the models of the services let a resource have. EC2's does not say.
 *
 * @see https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_LaunchParameters.html
 * @see https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Distribution.html
 */
const MAXIMUM: { readonly [type: string]: number } = {
  'AWS::BedrockAgentCore::CapacityProvider': 5,
  'AWS::ImageBuilder::DistributionConfiguration': 50,
};

function findTooMany(target: CfnResource, lists: unknown[]): string[] {
  // Until they are looked up, all have the same id, and a refusal would keep the CLI from looking them up.
  const most = Math.max(0, ...lists.map(list => Array.isArray(list) ? list.filter(arn => !String(arn).endsWith(ID_BEFORE_LOOKUP)).length : 0));
  const maximum = MAXIMUM[target.cfnResourceType];
  if (most > maximum) {
    return [`it gets ${most} licenses: it can have at most ${maximum}. Attach fewer.`];
  }
  if (most > LICENSES_PER_RESOURCE) {
    Annotations.of(target).addWarningV2('cdk-license-manager:tooManyLicensesOnResource',
      `It gets more than ${LICENSES_PER_RESOURCE} licenses, the default quota of License Manager for a resource. ` +
      'Use fewer, or have the quota increased before you deploy.');
  }
  return [];
}

/**
 * There are no Spot Instances on Dedicated Hosts.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SpotPlacement.html
 */
function checkSpot(target: CfnResource, { by, spot, tenancies, overrides }: Launch): string[] {
  const isSome = tenancies.includes('host') && (spot === 'some' || spot === 'all');
  const isAll = tenancies.every(tenancy => tenancy === 'host') && spot === 'all';
  const none = 'there are none on Dedicated Hosts.';
  const its = overrides.some(it => tenancyOf(it) !== undefined) ? `'${by.node.path}' launches from it with the tenancy 'host'` : 'its tenancy is \'host\'';
  if (isAll) {
    return [by === target
      ? `${its}, and it asks for Spot Instances (marketType 'spot'): ${none} Leave the market options out, or change the tenancy.`
      : `${its}, and '${by.node.path}' launches Spot Instances from it: ${none} Let it launch On-Demand Instances, or change the tenancy.`];
  }
  if (isSome && !isJudgedByRule(target, 'SpotOnDedicatedHost')) {
    Annotations.of(target).addWarningV2('cdk-license-manager:spotOnDedicatedHosts',
      `${its.replace(/^i/, 'I')}, and '${by.node.path}' launches Spot Instances from it, too: ${none} Let it launch On-Demand Instances only, or change the ` +
      'tenancy.');
  }
  return [];
}

/**
 * The limits of vCPUs of licenses. Of what an instance type has, its name tells that a `large` and all that is smaller have at most 2; of customized
 * numbers the template tells all, and a license with `honorVcpuOptimization` is counted by them.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-rules.html
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
function checkVcpus(
  target: CfnResource, licenses: readonly ILicenseConfigurationRef[], { by, cpuOptions, hasOwnCpuOptions, instanceTypes }: Launch,
): string[] {
  const { CoreCount: cores, ThreadsPerCore: threads } = cpuOptions ?? {};
  return licenses.flatMap(license => {
    const [minimum, maximum] = ['minimumVcpus', 'maximumVcpus'].map(name => numberOf(ruleOf(license, name)));
    if (typeof cores === 'number' && typeof threads === 'number' && ruleOf(license, 'honorVcpuOptimization') === 'True') {
      const vcpus = cores * threads;
      const limit = vcpus < minimum ? `minimumVcpus ${minimum}` : vcpus > maximum ? `maximumVcpus ${maximum}` : undefined;
      return limit === undefined ? [] : [
        `its cpuOptions${hasOwnCpuOptions ? `, which '${by.node.path}' writes,` : ''} make ${counted(vcpus, 'vCPU')}, and license '${license.node.path}' has ${limit}, and honorVcpuOptimization. Change the ` +
        'cpuOptions, or the rule of the license.',
      ];
    }
    const small = instanceTypes.find(type => minimum > LARGE && typeof type === 'string' && AT_MOST_LARGE.test(type));
    if (small !== undefined && !(isSeenByRules(license) && isJudgedByRule(target, 'InstanceSizeNotAllowed'))) {
      Annotations.of(target).addWarningV2('cdk-license-manager:tooFewVcpus',
        `The instance type '${String(small)}' has ${LARGE} vCPUs at most, and license '${license.node.path}' has minimumVcpus ${minimum}: License Manager ` +
        'refuses the launch. Use a larger type, or change the rule of the license.');
    }
    return [];
  });
}

const AT_MOST_LARGE = /^[a-z0-9-]+\.(nano|micro|small|medium|large)$/;
const LARGE = 2;

/** Not a number, which is neither less nor more than any, where there is none. */
function numberOf(text: string | undefined): number {
  return Number(text ?? NaN);
}
