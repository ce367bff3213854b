import { Annotations, Resource } from 'aws-cdk-lib';
import type { IResource, RemovalPolicy } from 'aws-cdk-lib';
import { CfnLicenseAssetGroup, CfnLicenseAssetRuleSet } from 'aws-cdk-lib/aws-licensemanager';
import type { ILicenseAssetGroupRef, ILicenseAssetRuleSetRef, LicenseAssetGroupReference } from 'aws-cdk-lib/aws-licensemanager';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { assetArn, descriptionOf, nameOf } from './checks';
import { LicenseAssetGroupGrants } from './license-asset-group-grants';
import { LicenseAssetGroupMetrics } from './license-asset-group-metrics';
import type { UsageDimension } from './usage-dimension';
import { warnOfBlank } from '../private/finding/blank';
import { onceEach, warnOfSameName } from '../private/finding/doubles';
import { brand, isBranded } from '../private/identity/copies';
import { protectUsers } from '../private/identity/cross-stack';
import { entriesByKey } from '../private/identity/entries';
import { ID_END_BEFORE_LOOKUP, identityOfFound, lookUp } from '../private/identity/look-up';
import { environmentOfImport } from '../private/identity/look-up-dummy';
import { textOrNone } from '../private/identity/names';
import { needs, Prerequisite } from '../private/identity/prerequisites';
import { accountOf, knownToDiffer, regionOf } from '../private/identity/reference';
import { ACCOUNT, checkFormat } from '../private/validation/format';
import { ANYTHING, given, givenProps, listOf, mapOf, needed, ofClass, ofImport, ofLookUp, reference, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkRegion } from '../private/validation/place';
import { applyRemovalPolicy } from '../private/validation/removal';
import { checkTags } from '../private/validation/tags';
import { lit, valueOf } from '../private/validation/validation';

/**
 * Properties of a license asset group.
 */
export interface LicenseAssetGroupProps {
  /**
   * The name of the group: at most 128 characters. It may be changed later.
   *
   * Throws a `ValidationError` if it is longer. One that shows nothing causes a warning, and so does one that another group of the app has in the same account
   * and Region.
   *
   * @default - a unique name, made from the path of the construct: it stays the same unless the path changes
   */
  readonly licenseAssetGroupName?: string;

  /**
   * What the group is about: at most 1,024 characters. It may be changed later.
   *
   * Throws a `ValidationError` if it is longer.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * What the use of the group is counted by.
   *
   * **A change replaces the group** by a new one with another ARN, whose discovery, history and metrics begin anew.
   *
   * `UsageDimension.of()` with a value that shows nothing causes a warning.
   */
  readonly usageDimension: UsageDimension;

  /**
   * What belongs to the group: rulesets of your own and rulesets that AWS manages, at least one, each once. They may be changed later: the
   * group follows within 24 hours.
   *
   * The use of licenses is calculated only if a ruleset has rules on licenses. A group that is known to have rules on instances alone causes
   * a warning. Rulesets that AWS manages and imported ones are taken to have some.
   *
   * Throws a `ValidationError` for one that is known to be in another Region than the stack. None causes a warning, and so does one that is there
   * twice, which is written once, and one of another account.
   */
  readonly ruleSets: ILicenseAssetRuleSetRef[];

  /**
   * Properties of the group, by their keys. License Manager doesn't document which it knows. They may be changed later.
   *
   * A key that shows nothing causes a warning.
   *
   * @default - no properties
   * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_LicenseAssetGroupProperty.html
   */
  readonly properties?: { [key: string]: string };

  /**
   * What happens to the group when it is taken out of the app, or has to be replaced.
   *
   * Its rulesets and what it has discovered stay in any case; its history goes with it.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A license asset group, made by this app or imported.
 */
export interface ILicenseAssetGroup extends IResource, ILicenseAssetGroupRef {
  /**
   * The ARN of the group.
   *
   * @attribute
   */
  readonly licenseAssetGroupArn: string;

  /**
   * What the use of the group is counted by. Of an imported group it may be missing.
   */
  readonly usageDimension?: UsageDimension;

  /**
   * Permissions on the group.
   */
  readonly grants: LicenseAssetGroupGrants;

  /**
   * Metrics of the group.
   */
  readonly metrics: LicenseAssetGroupMetrics;
}

/**
 * What is known of a group that exists.
 */
export interface LicenseAssetGroupAttributes {
  /**
   * The ARN of the group: `arn:<partition>:license-manager:<region>:<account>:license-asset-group:…`.
   */
  readonly licenseAssetGroupArn: string;

  /**
   * What the use of the group is counted by. It is not checked against the group.
   *
   * @default - not known: the group has no metric of consumed licenses
   */
  readonly usageDimension?: UsageDimension;
}

/**
 * What to look a group up by.
 */
export interface LicenseAssetGroupLookupOptions {
  /**
   * The name of the group, exactly. No token.
   */
  readonly licenseAssetGroupName: string;

  /**
   * What the use of the group is counted by. It is not looked up, and not checked against the group.
   *
   * @default - not known: the group has no metric of consumed licenses
   */
  readonly usageDimension?: UsageDimension;
}

/**
 * What a made and an imported group have in common.
 */
abstract class LicenseAssetGroupBase extends Resource implements ILicenseAssetGroup {
  /**
   * The ARN of the group.
   *
   * @attribute
   */
  public abstract readonly licenseAssetGroupArn: string;

  /**
   * What the use of the group is counted by. Of an imported group it may be missing.
   */
  public abstract readonly usageDimension?: UsageDimension;

  private readonly facades: { grants?: LicenseAssetGroupGrants; metrics?: LicenseAssetGroupMetrics } = {};

  /**
   * A reference to the group.
   */
  public get licenseAssetGroupRef(): LicenseAssetGroupReference {
    return { licenseAssetGroupArn: this.licenseAssetGroupArn };
  }

  /**
   * Permissions on the group.
   */
  public get grants(): LicenseAssetGroupGrants {
    return this.facades.grants ??= LicenseAssetGroupGrants.fromLicenseAssetGroup(this);
  }

  /**
   * Metrics of the group.
   */
  public get metrics(): LicenseAssetGroupMetrics {
    return this.facades.metrics ??= LicenseAssetGroupMetrics.fromLicenseAssetGroup(this);
  }
}

/**
 * A license asset group: the instances and licenses of a software product over accounts and Regions, and what is used of it.
 *
 * License Manager discovers what its rulesets describe, at first within 24 hours. There are license asset groups in the commercial Regions. A
 * group needs, in its account:
 *
 * - License Manager itself, with its service-linked role: `ServiceLinkedRole` makes it;
 * - the Regions to discover in, and for other accounts of the organization cross-account discovery, which is the business of the management
 *   account or a delegated administrator: `ServiceSettings` with `discoveryRegions` and `crossAccountDiscovery`;
 * - the agent of AWS Systems Manager on the instances whose software is to be found;
 * - for notices of licenses that expire, an Amazon SNS topic in the settings of License Manager, and for these as for the *upcoming renewals* in
 *   the console the expiry in the licenses (`licenseExpiry` of a self-managed license).
 *
 * If something is missing, the group is made all the same, and stays without what cannot be discovered.
 *
 * How many there may be in an account and a Region is a quota of which AWS publishes no figure: the console of Service Quotas tells it.
 *
 * Its status and the times of the latest discovery and analysis are not attributes of the CloudFormation type:
 * `aws license-manager get-license-asset-group` tells them.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { AwsManagedRuleSet, LicenseAssetGroup, LicenseAssetRuleSet, UsageDimension } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Licenses');
 * new LicenseAssetGroup(stack, 'Windows', {
 *   usageDimension: UsageDimension.VCPU,
 *   ruleSets: [LicenseAssetRuleSet.fromAwsManaged(stack, 'Managed', AwsManagedRuleSet.MICROSOFT_WINDOWS_SERVER_DATACENTER)],
 * });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/license-asset-groups-overview.html
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/getting-started-license-asset-groups.html
 * @resource AWS::LicenseManager::LicenseAssetGroup
 */
@propertyInjectable
export class LicenseAssetGroup extends LicenseAssetGroupBase {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.LicenseAssetGroup';

  /**
   * Whether the given object is a `LicenseAssetGroup`, made by whichever copy of this library. An imported license asset group is not.
   *
   * @param x any object
   */
  public static isLicenseAssetGroup(x: any): x is LicenseAssetGroup {
    return isBranded(x, 'LicenseAssetGroup');
  }

  /**
   * Imports a group by its ARN.
   *
   * Throws a `ValidationError` unless the ARN is a token or has the form
   * `arn:<partition>:license-manager:<region>:<account>:license-asset-group:…`, where any part may be a token.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param scope the construct's scope
   * @param id the construct's id
   * @param licenseAssetGroupArn the ARN; the group's account and Region are taken from it
   */
  public static fromLicenseAssetGroupArn(scope: Construct, id: string, licenseAssetGroupArn: string): ILicenseAssetGroup {
    return LicenseAssetGroup.fromLicenseAssetGroupAttributes(scope, id, { licenseAssetGroupArn });
  }

  /**
   * Imports a group by what is known of it. With its usage dimension it has all metrics.
   *
   * Throws a `ValidationError` unless the ARN is a token or has the form
   * `arn:<partition>:license-manager:<region>:<account>:license-asset-group:…`, where any part may be a token.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param scope the construct's scope
   * @param id the construct's id
   * @param attrs the ARN, and the usage dimension if it is known
   */
  public static fromLicenseAssetGroupAttributes(scope: Construct, id: string, attrs: LicenseAssetGroupAttributes): ILicenseAssetGroup {
    const { licenseAssetGroupArn: arn, usageDimension } = givenProps(scope, attrs, ATTRIBUTES, ofImport(id));
    checkFormat(scope, lit`LicenseAssetGroupArn`, GROUP_ARN, arn, id);

    class Import extends LicenseAssetGroupBase {
      public readonly licenseAssetGroupArn = arn;
      public readonly usageDimension = usageDimension;
    }
    return new Import(scope, id, environmentOfImport(arn));
  }

  /**
   * Imports the one group that has a name, in the account and the Region of the stack.
   *
   * The CDK CLI looks it up once, with AWS Cloud Control, and keeps it in `cdk.context.json`; until then the group is a made-up one.
   *
   * Throws a `ValidationError` if no group or more than one has the name, if the look-up failed, if the name is empty or a token, and if account and
   * Region of the stack are not set.
   *
   * @param scope the construct's scope
   * @param id the construct's id
   * @param options the name, and the usage dimension if it is known
   */
  public static fromLookup(scope: Construct, id: string, options: LicenseAssetGroupLookupOptions): ILicenseAssetGroup {
    const { licenseAssetGroupName: name, usageDimension } = givenProps(scope, options, LOOK_UP, ofLookUp(id));
    const { LicenseAssetGroupArn } = lookUp(scope, id, {
      typeName: CfnLicenseAssetGroup.CFN_RESOURCE_TYPE_NAME,
      what: 'license asset group',
      name,
      userProperty: 'licenseAssetGroupName',
      property: 'Name',
      instead: 'import the group by its ARN (LicenseAssetGroup.fromLicenseAssetGroupArn)',
      made: { LicenseAssetGroupArn: `arn:{partition}:license-manager:{region}:{account}:license-asset-group:${ID_END_BEFORE_LOOKUP}` },
    });
    return LicenseAssetGroup.fromLicenseAssetGroupAttributes(scope, id, {
      licenseAssetGroupArn: LicenseAssetGroupArn, usageDimension,
    });
  }

  /**
   * The ARN of the group.
   *
   * @attribute
   */
  public readonly licenseAssetGroupArn: string;

  /**
   * What the use of the group is counted by.
   */
  public readonly usageDimension?: UsageDimension;

  private readonly resource: CfnLicenseAssetGroup;

  /**
   * Makes a license asset group.
   *
   * Throws a `ValidationError` for what License Manager would refuse: the properties say what.
   *
   * When the app is complete, tags are refused that AWS would refuse: more than 50, keys or values that are too long, keys that begin with `aws:`.
   */
  constructor(scope: Construct, id: string, props: LicenseAssetGroupProps) {
    super(scope, id, { physicalName: textOrNone(props?.licenseAssetGroupName) });
    brand(this, 'LicenseAssetGroup');
    props = givenProps(this, props, PROPS);

    this.usageDimension = props.usageDimension;
    const usageDimension = valueOf(this, lit`UsageDimensionClass`, {
      property: 'usageDimension', value: props.usageDimension, type: 'UsageDimension',
    });
    warnOfBlank(this, 'usageDimension', usageDimension, 'Use a constant of UsageDimension, such as UsageDimension.VCPU.');
    this.resource = new CfnLicenseAssetGroup(this, 'Resource', {
      name: nameOf(this, 'licenseAssetGroupName', props.licenseAssetGroupName),
      description: descriptionOf(this, props.description),
      // A list of one: the API takes several, and the console and the user guide one.
      licenseAssetGroupConfigurations: [{ usageDimension }],
      associatedLicenseAssetRulesetArns: arnsOf(this, props.ruleSets),
      properties: propertiesOf(this, props.properties),
    });
    applyRemovalPolicy(this, this.resource, props.removalPolicy, 'license asset group');
    protectUsers(this.resource);
    needs(this.resource, Prerequisite.ROLE, Prerequisite.SETTINGS);
    checkTags(this, this.resource);
    warnOfSameName(this, 'licenseAssetGroupName', 'license asset group', this.resource.name);
    this.licenseAssetGroupArn = this.resource.attrLicenseAssetGroupArn;
    checkLicenseRules(this, props.ruleSets);
  }

  /**
   * Says what happens to the group when it is taken out of the app, or has to be replaced.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    applyRemovalPolicy(this, this.resource, given(this, 'policy', policy), 'license asset group');
  }
}

function arnsOf(group: LicenseAssetGroup, ruleSets: readonly ILicenseAssetRuleSetRef[]): string[] {
  if (ruleSets.length === 0) {
    Annotations.of(group).addWarningV2('cdk-license-manager:licenseAssetGroupWithoutRuleSet',
      'ruleSets is empty, and rulesets say what belongs to a group: it stays empty. Name a LicenseAssetRuleSet, or use ' +
      'LicenseAssetRuleSet.fromAwsManaged().');
  }
  const distinct = onceEach(group, 'ruleSets', ruleSets,
    ruleSet => identityOfFound(ruleSet, ruleSet.licenseAssetRuleSetRef.licenseAssetRulesetArn), ruleSet => ruleSet.node.path);
  return distinct.map(ruleSet => {
    // The ARN of a ruleset that AWS manages need not name a Region.
    const { licenseAssetRulesetArn: arn } = ruleSet.licenseAssetRuleSetRef;
    const region = regionOf(ruleSet, arn);
    checkRegion(group, lit`LicenseAssetRuleSetOfAnotherRegion`, {
      what: `ruleset '${ruleSet.node.path}'`,
      value: region,
      neededBy: 'the group',
      reason: 'a group takes rulesets of its own Region, and discovers in all Regions that are set up for it. Make the ruleset in the ' +
        'Region of the group.',
    });
    // Whose account those of AWS are in, is not documented: so this is not an error.
    const account = accountOf(ruleSet, arn);
    if (ACCOUNT.test(account) && knownToDiffer(account, group.stack.account)) {
      Annotations.of(group).addWarningV2('cdk-license-manager:licenseAssetRuleSetOfAnotherAccount',
        `ruleset '${ruleSet.node.path}' belongs to account '${account}' and the group to '${group.stack.account}': unless AWS manages it, License Manager ` +
        'does not find it, since rulesets can\'t be shared. Make the ruleset in the account of the group.');
    }
    return arn;
  });
}

function propertiesOf(group: LicenseAssetGroup, properties: { [key: string]: string } | undefined) {
  const entries = entriesByKey(properties);
  entries.forEach(([key]) => warnOfBlank(group, 'a key of properties', key, 'Correct it, or leave it out.'));
  // None are written as an empty list: in an update of the API, what is missing stays as it is.
  return entries.map(([key, value]) => ({ key, value }));
}

/**
 * Instances are found without rules on licenses, and what they use is not calculated.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/working-with-license-asset-rulesets.html
 */
function checkLicenseRules(group: LicenseAssetGroup, ruleSets: ILicenseAssetRuleSetRef[]): void {
  const kinds = ruleSets.map(kindsOf);
  const known = kinds.flatMap(found => found ?? []);
  if (kinds.every(found => found !== undefined) && known.length > 0 && known.every(kind => kind === 'instanceRuleStatement')) {
    Annotations.of(group).addWarningV2('cdk-license-manager:licenseAssetGroupWithoutLicenses',
      'The rulesets of the group have rules on instances and none on licenses: License Manager finds the instances, and does not calculate how many ' +
      'licenses they use. Add LicenseAssetRule.licenseConfigurations() or LicenseAssetRule.licenses() to a ruleset.');
  }
}

/** What the rules of a ruleset are about; `undefined` where that is not known: of an imported one, or where a rule is a token. */
function kindsOf(ruleSet: ILicenseAssetRuleSetRef): string[] | undefined {
  const resource = ruleSet.node.defaultChild ?? ruleSet;
  if (!CfnLicenseAssetRuleSet.isCfnLicenseAssetRuleSet(resource) || !Array.isArray(resource.rules)) {
    return undefined;
  }
  const statements = resource.rules.map(rule => 'ruleStatement' in rule ? rule.ruleStatement : undefined);
  return statements.some(statement => statement === undefined || 'resolve' in statement)
    ? undefined
    : statements.flatMap(statement => Object.entries(statement!).filter(([, value]) => value !== undefined).map(([kind]) => kind));
}

const GROUP_ARN = assetArn('a license asset group', 'license-asset-group', 'list-license-asset-groups');

const PROPS: Shape<LicenseAssetGroupProps> = {
  licenseAssetGroupName: TEXT,
  description: TEXT,
  usageDimension: needed(ANYTHING),
  ruleSets: needed(listOf(reference('a license asset ruleset', 'licenseAssetRuleSetRef'))),
  properties: mapOf(TEXT),
  removalPolicy: ANYTHING,
};

const ATTRIBUTES: Shape<LicenseAssetGroupAttributes> = { licenseAssetGroupArn: needed(TEXT), usageDimension: ofClass('UsageDimension') };

const LOOK_UP: Shape<LicenseAssetGroupLookupOptions> = { licenseAssetGroupName: needed(TEXT), usageDimension: ofClass('UsageDimension') };
