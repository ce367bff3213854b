import { Annotations, Resource } from 'aws-cdk-lib';
import type { IResource, RemovalPolicy } from 'aws-cdk-lib';
import { CfnLicenseAssetRuleSet } from 'aws-cdk-lib/aws-licensemanager';
import type { ILicenseAssetRuleSetRef, LicenseAssetRuleSetReference } from 'aws-cdk-lib/aws-licensemanager';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import type { AwsManagedRuleSet } from './aws-managed-rule-set';
import { assetArn, descriptionOf, nameOf } from './checks';
import type { LicenseAssetRule } from './license-asset-rule';
import { LicenseAssetRuleSetGrants } from './license-asset-rule-set-grants';
import { onceEach, warnOfSameName } from '../private/finding/doubles';
import { brand, isBranded } from '../private/identity/copies';
import { ID_END_BEFORE_LOOKUP, lookUp } from '../private/identity/look-up';
import { environmentOfImport } from '../private/identity/look-up-dummy';
import { textOrNone } from '../private/identity/names';
import { needs, Prerequisite } from '../private/identity/prerequisites';
import { checkFormat } from '../private/validation/format';
import { ANYTHING, given, givenAs, givenProps, listOf, needed, ofClass, ofLookUp, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { applyRemovalPolicy } from '../private/validation/removal';
import { checkTags } from '../private/validation/tags';
import { counted, lit } from '../private/validation/validation';

/**
 * Properties of a license asset ruleset.
 */
export interface LicenseAssetRuleSetProps {
  /**
   * The name of the ruleset: at most 128 characters. It may be changed later.
   *
   * Throws a `ValidationError` if it is longer. One that shows nothing causes a warning, and so does one that another ruleset of the app has in the same account
   * and Region.
   *
   * @default - a unique name, made from the path of the construct: it stays the same unless the path changes
   */
  readonly licenseAssetRuleSetName?: string;

  /**
   * What the ruleset is about: at most 1,024 characters. It may be changed later.
   *
   * Throws a `ValidationError` if it is longer.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * The rules: 1 to 5, each once. A license or an instance belongs to the product if it fulfills one of them. They may be changed later:
   * all groups with the ruleset follow within 24 hours.
   *
   * Another number of rules causes a warning, and so does a rule that is there twice, which is written once.
   */
  readonly rules: LicenseAssetRule[];

  /**
   * What happens to the ruleset when it is taken out of the app.
   *
   * License Manager refuses to delete a ruleset that a license asset group still has. The groups of the app are changed or deleted before.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A license asset ruleset, made by this app, imported or managed by AWS.
 */
export interface ILicenseAssetRuleSet extends IResource, ILicenseAssetRuleSetRef {
  /**
   * The ARN of the ruleset.
   *
   * @attribute LicenseAssetRulesetArn
   */
  readonly licenseAssetRuleSetArn: string;

  /**
   * Permissions on the ruleset.
   */
  readonly grants: LicenseAssetRuleSetGrants;
}

/**
 * What to look a ruleset up by.
 */
export interface LicenseAssetRuleSetLookupOptions {
  /**
   * The name of the ruleset, exactly. No token.
   */
  readonly licenseAssetRuleSetName: string;
}

/**
 * What a made, an imported and an AWS-managed ruleset have in common.
 */
abstract class LicenseAssetRuleSetBase extends Resource implements ILicenseAssetRuleSet {
  /**
   * The ARN of the ruleset.
   *
   * @attribute LicenseAssetRulesetArn
   */
  public abstract readonly licenseAssetRuleSetArn: string;

  private _grants?: LicenseAssetRuleSetGrants;

  /**
   * A reference to the ruleset.
   */
  public get licenseAssetRuleSetRef(): LicenseAssetRuleSetReference {
    return { licenseAssetRulesetArn: this.licenseAssetRuleSetArn };
  }

  /**
   * Permissions on the ruleset.
   */
  public get grants(): LicenseAssetRuleSetGrants {
    return this._grants ??= LicenseAssetRuleSetGrants.fromLicenseAssetRuleSet(this);
  }
}

/**
 * A license asset ruleset: what belongs to a software product, in all accounts and Regions that License Manager discovers in.
 *
 * Rules on instances say what the product runs on, rules on licenses what it may be used with. A ruleset serves any number of license asset
 * groups.
 *
 * How many there may be in an account and a Region is a quota of which AWS publishes no figure: the console of Service Quotas tells it.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Ec2BillingProduct, InstanceMatch, LicenseAssetRule, LicenseAssetRuleSet } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Licenses');
 * new LicenseAssetRuleSet(stack, 'Windows', {
 *   rules: [LicenseAssetRule.instancesMatchingAll([
 *     InstanceMatch.ec2BillingProduct([Ec2BillingProduct.WINDOWS_BYOL]),
 *     InstanceMatch.accountId(['111122223333']).negated(),
 *   ])],
 * });
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/working-with-license-asset-rulesets.html
 * @resource AWS::LicenseManager::LicenseAssetRuleSet
 */
@propertyInjectable
export class LicenseAssetRuleSet extends LicenseAssetRuleSetBase {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.LicenseAssetRuleSet';

  /**
   * Whether the given object is a `LicenseAssetRuleSet`, made by whichever copy of this library. An imported license asset ruleset is not.
   *
   * @param x any object
   */
  public static isLicenseAssetRuleSet(x: any): x is LicenseAssetRuleSet {
    return isBranded(x, 'LicenseAssetRuleSet');
  }

  /**
   * Imports a ruleset by its ARN, also one that AWS manages.
   *
   * Throws a `ValidationError` unless the ARN is a token or has the form
   * `arn:<partition>:license-manager:<region>:<account>:license-asset-ruleset:…`, where any part may be a token.
   * The partition has to be that of the stack, as far as both are known.
   *
   * @param scope the construct's scope
   * @param id the construct's id
   * @param licenseAssetRuleSetArn the ARN; the ruleset's account and Region are taken from it
   */
  public static fromLicenseAssetRuleSetArn(scope: Construct, id: string, licenseAssetRuleSetArn: string): ILicenseAssetRuleSet {
    checkFormat(scope, lit`LicenseAssetRuleSetArn`, RULE_SET_ARN, givenAs(scope, `licenseAssetRuleSetArn of '${id}'`, licenseAssetRuleSetArn, TEXT), id);

    class Import extends LicenseAssetRuleSetBase {
      public readonly licenseAssetRuleSetArn = licenseAssetRuleSetArn;
    }
    return new Import(scope, id, environmentOfImport(licenseAssetRuleSetArn));
  }

  /**
   * Imports the one ruleset of your own that has a name, in the account and the Region of the stack.
   *
   * The CDK CLI looks it up once, with AWS Cloud Control, and keeps it in `cdk.context.json`; until then the ruleset is a made-up one. For
   * rulesets that AWS manages, use `fromAwsManaged`.
   *
   * Throws a `ValidationError` if no ruleset or more than one has the name, if the look-up failed, if the name is empty or a token, and if account
   * and Region of the stack are not set.
   *
   * @param scope the construct's scope
   * @param id the construct's id
   * @param options the name
   */
  public static fromLookup(scope: Construct, id: string, options: LicenseAssetRuleSetLookupOptions): ILicenseAssetRuleSet {
    const { LicenseAssetRulesetArn } = lookUp(scope, id, {
      typeName: CfnLicenseAssetRuleSet.CFN_RESOURCE_TYPE_NAME,
      what: 'license asset ruleset',
      name: givenProps(scope, options, LOOK_UP, ofLookUp(id)).licenseAssetRuleSetName,
      userProperty: 'licenseAssetRuleSetName',
      property: 'Name',
      instead: 'import the ruleset by its ARN (LicenseAssetRuleSet.fromLicenseAssetRuleSetArn)',
      made: { LicenseAssetRulesetArn: `arn:{partition}:license-manager:{region}:{account}:license-asset-ruleset:${ID_END_BEFORE_LOOKUP}` },
    });
    return LicenseAssetRuleSet.fromLicenseAssetRuleSetArn(scope, id, LicenseAssetRulesetArn);
  }

  /**
   * A ruleset that AWS makes and keeps up to date.
   *
   * CloudFormation takes rulesets by their ARNs, and AWS doesn't document those of its own. A custom resource looks among the rulesets of
   * the account and the Region at deployment, one for each ruleset of a stack. If there is none with the name, the deployment fails and
   * says which there are.
   *
   * Throws a `ValidationError` for a name without a letter or digit, and in a stack that takes no assets: the custom resource has a function, whose
   * code is one.
   *
   * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_ListLicenseAssetRulesets.html
   * @param scope the construct's scope
   * @param id the construct's id
   * @param ruleSet which
   */
  public static fromAwsManaged(scope: Construct, id: string, ruleSet: AwsManagedRuleSet): ILicenseAssetRuleSet {
    const arn = givenAs(scope, `ruleSet of '${id}'`, ruleSet, ofClass('AwsManagedRuleSet'))._resolve(scope, id);

    class Import extends LicenseAssetRuleSetBase {
      public readonly licenseAssetRuleSetArn = arn;
      /** Read by the permissions. */
      public readonly _awsManaged = true;
    }
    return new Import(scope, id);
  }

  /**
   * The ARN of the ruleset.
   *
   * @attribute LicenseAssetRulesetArn
   */
  public readonly licenseAssetRuleSetArn: string;

  private readonly resource: CfnLicenseAssetRuleSet;

  /**
   * Makes a license asset ruleset.
   *
   * Throws a `ValidationError` for what License Manager would refuse: the properties say what.
   *
   * When the app is complete, tags are refused that AWS would refuse: more than 50, keys or values that are too long, keys that begin with `aws:`.
   */
  constructor(scope: Construct, id: string, props: LicenseAssetRuleSetProps) {
    super(scope, id, { physicalName: textOrNone(props?.licenseAssetRuleSetName) });
    brand(this, 'LicenseAssetRuleSet');
    props = givenProps(this, props, PROPS);

    this.resource = new CfnLicenseAssetRuleSet(this, 'Resource', {
      name: nameOf(this, 'licenseAssetRuleSetName', props.licenseAssetRuleSetName),
      description: descriptionOf(this, props.description),
      rules: renderRules(this, props.rules),
    });
    applyRemovalPolicy(this, this.resource, props.removalPolicy, 'license asset ruleset');
    needs(this.resource, Prerequisite.ROLE);
    checkTags(this, this.resource);
    warnOfSameName(this, 'licenseAssetRuleSetName', 'license asset ruleset', this.resource.name);
    this.licenseAssetRuleSetArn = this.resource.attrLicenseAssetRulesetArn;
  }

  /**
   * Says what happens to the ruleset when it is taken out of the app.
   *
   * Throws a `ValidationError` for `RemovalPolicy.SNAPSHOT`.
   */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    applyRemovalPolicy(this, this.resource, given(this, 'policy', policy), 'license asset ruleset');
  }
}

/**
 * How many rules a ruleset has, as the user guide says; neither the API nor CloudFormation knows a limit.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/working-with-license-asset-rulesets.html
 */
const MAXIMUM_RULES = 5;

function renderRules(ruleSet: LicenseAssetRuleSet, rules: readonly LicenseAssetRule[]): CfnLicenseAssetRuleSet.LicenseAssetRuleProperty[] {
  const names = new Map(rules.map((rule, index) => [rule, `rules[${index}]`]));
  const rendered = new Map(rules.map(rule => {
    const name = names.get(rule)!;
    return [rule, rule._render(ruleSet, name)];
  }));
  const distinct = onceEach(ruleSet, 'rules', rules, ({ _identity }) => _identity, rule => names.get(rule)!);
  if (distinct.length === 0 || distinct.length > MAXIMUM_RULES) {
    Annotations.of(ruleSet).addWarningV2('cdk-license-manager:licenseAssetRules',
      `rules has ${counted(distinct.length, 'member')}, and a ruleset has 1 to ${MAXIMUM_RULES}: License Manager may refuse it. A match takes several ` +
      'values, and a license asset group several rulesets: put what is too much there.');
  }
  return distinct.map(rule => rendered.get(rule)!);
}

const RULE_SET_ARN = assetArn('a license asset ruleset', 'license-asset-ruleset', 'list-license-asset-rulesets');

const PROPS: Shape<LicenseAssetRuleSetProps> = {
  licenseAssetRuleSetName: TEXT, description: TEXT, rules: needed(listOf(ofClass('LicenseAssetRule'))), removalPolicy: ANYTHING,
};

const LOOK_UP: Shape<LicenseAssetRuleSetLookupOptions> = { licenseAssetRuleSetName: needed(TEXT) };
