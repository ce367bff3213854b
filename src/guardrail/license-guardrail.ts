import { Annotations, Stack, Token } from 'aws-cdk-lib';
import { CfnOrganizationConfigRule, CustomPolicy, ResourceType, RuleScope } from 'aws-cdk-lib/aws-config';
import type { IOrganizationConfigRuleRef } from 'aws-cdk-lib/aws-config';
import type { ILaunchTemplateRef } from 'aws-cdk-lib/aws-ec2';
import type { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import { CfnPolicy } from 'aws-cdk-lib/aws-organizations';
import type { IPolicyRef } from 'aws-cdk-lib/aws-organizations';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { guardRule } from './guard-rule';
import type { GovernedInstances } from './guardrail-match';
import type { GuardrailTarget } from './guardrail-target';
import { launchPolicy, told } from './launch-policy';
import { expectLicenses } from './launch-templates';
import type { ReadInstances } from './read-instances';
import type { LicenseTenancy } from '../license-configuration/license-counting';
import { onceEach } from '../private/finding/doubles';
import { brand, isBranded } from '../private/identity/copies';
import { declaredBefore, Reach } from '../private/identity/environment';
import { nameOrGenerated } from '../private/identity/names';
import { identityOf, isUnknown, shown } from '../private/identity/reference';
import { givenLicenses } from '../private/license/given-reference';
import { identityOfLicense, tenanciesOf } from '../private/license/license-reference';
import { ACCOUNT, fits } from '../private/validation/format';
import { ANYTHING, FLAG, givenProps, listOf, needed, OBJECT, ofClass, reference, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkLength, checkOneOf, checkPattern, checkSize, counted, lit, refuse } from '../private/validation/validation';

/**
 * Over which accounts of an organization a rule finds instances.
 */
export interface GuardrailOrganizationOptions {
  /**
   * The accounts in which it finds none: at most 1,000, of 12 digits each.
   *
   * Throws a `ValidationError` for more, and for an id of another form.
   *
   * @default - it is in all accounts of the organization
   */
  readonly excludedAccounts?: string[];
}

/**
 * How launches without a license are denied.
 */
export interface GuardrailLaunchPolicyOptions {
  /**
   * The launch templates that have one of the licenses, and by which alone what is governed may be launched: at least one, each once. Those of other accounts
   * are imported by their ids (`LaunchTemplate.fromLaunchTemplateAttributes`).
   *
   * IAM does not look into them: see that each of their versions has a license (`mixins.LaunchTemplateLicenses`), and who may make versions.
   *
   * Throws a `ValidationError` for an empty list, with which nothing could be launched.
   */
  readonly launchTemplates: ILaunchTemplateRef[];

  /**
   * What the policy is attached to, each once.
   *
   * @default - nothing: the policy is there, and denies nobody anything until it is attached
   */
  readonly targets?: GuardrailTarget[];

  /**
   * The ARNs of principals that nothing is denied, such as who builds images, with `*` for any characters: `arn:aws:iam::*:role/ImageBuilder`.
   *
   * @default - it denies everybody in the accounts that it is attached to
   */
  readonly exemptPrincipalArns?: string[];

  /**
   * The name of the policy, unique in the organization: 1 to 128 characters.
   *
   * Throws a `ValidationError` for another length.
   *
   * @default - a name that is generated
   */
  readonly policyName?: string;
}

/**
 * Properties of a guardrail.
 */
export interface LicenseGuardrailProps {
  /**
   * The instances that run the product.
   */
  readonly instances: GovernedInstances;

  /**
   * The licenses of the product, of which an instance has to have one: at least one, each once. They may be of other accounts and Regions.
   *
   * Throws a `ValidationError` for an empty list.
   */
  readonly licenseConfigurations: ILicenseConfigurationRef[];

  /**
   * The tenancies that the licenses allow: at least one, each once.
   *
   * Throws a `ValidationError` for an empty list, and for another value.
   *
   * @default - those that the rules of each license allow, and all of a license whose rules are not known, such as an imported one
   */
  readonly allowedTenancy?: LicenseTenancy[];

  /**
   * Whether AWS Config finds instances in the accounts of the organization, and not in that of the stack only. The stack has to be one of the management
   * account, or of a delegated administrator of AWS Config.
   *
   * @default - it finds them in the account of the stack
   */
  readonly organization?: GuardrailOrganizationOptions;

  /**
   * Whether there is no rule of AWS Config, but the launch policy only: for a stack in the management account whose organization has its rules in another
   * account or Region.
   *
   * Throws a `ValidationError` if it is `true` without `launchPolicy`, or with `organization`.
   *
   * @default false - there is a rule
   */
  readonly withoutConfigRule?: boolean;

  /**
   * The name of the rule of AWS Config: 1 to 128 characters, and over an organization 1 to 64 letters, digits, `-` and `_`.
   *
   * Throws a `ValidationError` for another name.
   *
   * **A change replaces the rule**, and what it has found is gone until it has found it again.
   *
   * @default - a name that is generated
   */
  readonly configRuleName?: string;

  /**
   * A service control policy that denies launches of the instances without a license. The stack has to be one of the management account, or of an account that
   * the management account has delegated its policies to.
   *
   * Throws a `ValidationError` if IAM can tell no launch of the instances. What it cannot tell beside others causes a warning.
   *
   * @default - no launch is denied
   */
  readonly launchPolicy?: GuardrailLaunchPolicyOptions;
}

/**
 * Finds, and denies, instances of a product without one of its licenses, or with a tenancy that the licenses exclude: those that somebody else launches, whom no
 * check of an app sees.
 *
 * **A rule of AWS Config finds them**, whoever has launched them. It is a custom policy in the language Guard, without a function, for the Region of the stack, in
 * its account or, with `organization`, in all accounts of the organization. AWS Config has to record EC2 instances there. Found is (noncompliant) what runs or is
 * stopped, is one of `instances`, and has recorded none of the licenses, or a tenancy that no license of it allows. Recorded are the licenses that EC2 tells of an
 * instance; whether these are also those that an instance got after its launch, AWS does not document.
 *
 * **A service control policy denies launches**, where IAM can tell them. No condition key tells whether a launch has a license: what is denied are launches of
 * AMIs, products of AWS Marketplace, instance types and tags that are governed, by anything but the launch templates that have one, and launches by these
 * templates with an excluded tenancy. It is attached to nothing unless `targets` says so. IAM cannot tell:
 *
 * - `usageOperation` and `platformDetails`, and of `matchingAll` what is of the AMI and of the instance at once;
 * - a license that is named beside a launch template, and takes the place of its own: nobody can take away one of a template, but name another one;
 * - what the versions of a launch template have;
 * - launches in the management account, and by service-linked roles, such as those of an Auto Scaling group that is there already; who makes a group is asked;
 * - tags and tenancies that are changed later.
 *
 * The rule finds those.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { GovernedInstances, GuardrailMatch, LicenseConfiguration, LicenseCounting, LicenseGuardrail, LicenseTenancy, LicenseType } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Licenses');
 * const windows = new LicenseConfiguration(stack, 'Windows', {
 *   licenseCounting: LicenseCounting.cores({ allowedTenancy: [LicenseTenancy.DEDICATED_HOST] }),
 * });
 * new LicenseGuardrail(stack, 'WindowsGuardrail', {
 *   instances: GovernedInstances.matching(GuardrailMatch.usageOperation([LicenseType.WINDOWS_BYOL.usageOperation])),
 *   licenseConfigurations: [windows],
 * });
 *
 * @see https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_cfn-guard.html
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
@propertyInjectable
export class LicenseGuardrail extends Construct {
  /** Uniquely identifies this class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-license-manager.LicenseGuardrail';

  /**
   * Whether the given object is a `LicenseGuardrail`, made by whichever copy of this library.
   *
   * @param x any object
   */
  public static isLicenseGuardrail(x: any): x is LicenseGuardrail {
    return isBranded(x, 'LicenseGuardrail');
  }

  /**
   * The text of the rule in the language Guard, also where there is no rule of AWS Config: for a rule, or a test, of your own.
   */
  public readonly policyText: string;

  /**
   * The rule of AWS Config in the account, with its events: `onComplianceChange()` tells somebody. Not there with `organization`.
   */
  public readonly configRule?: CustomPolicy;

  /**
   * The rule of AWS Config over the organization. Not there without `organization`.
   */
  public readonly organizationConfigRule?: IOrganizationConfigRuleRef;

  /**
   * The service control policy. Not there without `launchPolicy`.
   */
  public readonly launchPolicy?: IPolicyRef;

  /**
   * Makes a guardrail.
   *
   * Throws a `ValidationError` for what the properties say, and for a rule of more than 10,000 characters.
   */
  constructor(scope: Construct, id: string, props: LicenseGuardrailProps) {
    super(scope, id);
    brand(this, 'LicenseGuardrail');
    props = givenProps(this, props, PROPS);
    const { organization, launchPolicy: launches, withoutConfigRule = false, configRuleName } = props;
    const instances = props.instances._read(this);
    const licenses = this.licensesOf(props);
    const allowing = this.tenanciesOf(props, licenses);
    this.policyText = guardRule({ instances, licenses: licenses.map(arnOf), restricted: restricted(licenses, allowing) });
    this.checkRuleLength(organization === undefined && !withoutConfigRule);
    if (withoutConfigRule && (organization || !launches)) {
      refuse(this, lit`GuardrailWithoutRule`, organization
        ? 'organization is set together with withoutConfigRule: it says where the rule is. Leave one of the two out.'
        : 'withoutConfigRule is set without launchPolicy: there would be nothing. Leave it out, or set launchPolicy.');
    }
    if (organization) {
      this.organizationConfigRule = this.makeOrganizationRule(organization, configRuleName);
    } else if (!withoutConfigRule) {
      checkLength(this, lit`ConfigRuleName`, { property: 'configRuleName', value: configRuleName, minimum: 1, maximum: 128 });
      this.configRule = new CustomPolicy(this, 'Rule', {
        configRuleName, description: DESCRIPTION, policyText: this.policyText, ruleScope: RuleScope.fromResource(ResourceType.EC2_INSTANCE),
      });
    }
    if (launches) {
      const excluded = TENANCIES.filter(({ license }) => allowing.every(it => !it.includes(license)));
      this.launchPolicy = this.makeLaunchPolicy(launches, instances, licenses, excluded);
    }
  }

  /**
   * AWS Config takes as much of a rule over an organization. Of what tokens stand for, nobody knows how long it is; of a rule of the account aws-cdk counts them
   * as they are.
   */
  private checkRuleLength(isOfAccount: boolean): void {
    const known = withoutTokens(this.policyText);
    const length = [...isOfAccount ? this.policyText : known].length;
    if (length > MAXIMUM_RULE) {
      refuse(this, lit`GuardrailRuleLength`, `the text of the rule has ${known === this.policyText ? '' : 'at least '}${counted(length, 'character')}: it has to have at most `
        + `${MAXIMUM_RULE}. Make several guardrails, or match by fewer values: a usage operation stands for all AMIs of a product.`);
    }
  }

  private licensesOf({ licenseConfigurations }: LicenseGuardrailProps): ILicenseConfigurationRef[] {
    const property = 'licenseConfigurations';
    const licenses = givenLicenses(this, property, licenseConfigurations);
    checkSize(this, lit`GuardrailWithoutLicense`, {
      property, value: licenses, minimum: 1, maximum: Infinity, wayOut: 'Without one, no instance of the product would be right: name its licenses.',
    });
    return onceEach(this, property, licenses, identityOfLicense, license => license.node?.path ?? arnOf(license));
  }

  /** The tenancies that each license allows. */
  private tenanciesOf({ allowedTenancy }: LicenseGuardrailProps, licenses: readonly ILicenseConfigurationRef[]): string[][] {
    const all: string[] = TENANCIES.map(({ license }) => license);
    checkSize(this, lit`GuardrailTenancySize`, { property: 'allowedTenancy', value: allowedTenancy, minimum: 1, maximum: Infinity });
    for (const value of allowedTenancy ?? []) {
      checkOneOf(this, lit`GuardrailTenancy`, { property: 'a member of allowedTenancy', value, allowed: all, decides: 'what the rule says' });
    }
    const given: string[] | undefined = allowedTenancy && onceEach(this, 'allowedTenancy', allowedTenancy, it => it, it => it);
    return licenses.map(license => given ?? tenanciesOf(license) ?? all);
  }

  private makeOrganizationRule(options: GuardrailOrganizationOptions, configRuleName: string | undefined): CfnOrganizationConfigRule {
    const { excludedAccounts } = givenProps(this, options, ORGANIZATION, { all: 'organization', of: ' of organization' });
    checkPattern(this, lit`OrganizationConfigRuleName`, {
      property: 'configRuleName', value: configRuleName, pattern: /^[A-Za-z0-9-_]{1,64}$/, expected: 'have 1 to 64 letters, digits, - and _, over an organization',
    });
    checkSize(this, lit`GuardrailExcludedAccounts`, { property: 'excludedAccounts', value: excludedAccounts, minimum: 0, maximum: 1000 });
    for (const account of Token.isUnresolved(excludedAccounts) ? [] : excludedAccounts ?? []) {
      if (!fits(ACCOUNT, account)) {
        refuse(this, lit`GuardrailExcludedAccount`, `excludedAccounts has '${account}': it has to be the id of an account, of 12 digits. Correct it.`);
      }
    }
    return new CfnOrganizationConfigRule(this, 'OrganizationRule', {
      organizationConfigRuleName: nameOrGenerated(this, configRuleName),
      excludedAccounts,
      organizationCustomPolicyRuleMetadata: {
        description: DESCRIPTION,
        runtime: 'guard-2.x.x',
        policyText: this.policyText,
        organizationConfigRuleTriggerTypes: ['ConfigurationItemChangeNotification', 'OversizedConfigurationItemChangeNotification'],
        resourceTypesScope: ['AWS::EC2::Instance'],
      },
    });
  }

  private makeLaunchPolicy(
    options: GuardrailLaunchPolicyOptions, instances: ReadInstances, licenses: readonly ILicenseConfigurationRef[], excluded: readonly Tenancy[],
  ): CfnPolicy {
    const { launchTemplates, targets, exemptPrincipalArns = [], policyName } = givenProps(this, options, LAUNCH_POLICY, { all: 'launchPolicy', of: ' of launchPolicy' });
    checkSize(this, lit`GuardrailWithoutTemplate`, {
      property: 'launchTemplates', value: launchTemplates, minimum: 1, maximum: Infinity, wayOut: 'Without one, nothing that is governed could be launched.',
    });
    checkLength(this, lit`LaunchPolicyName`, { property: 'policyName', value: policyName, minimum: 1, maximum: 128 });
    const { terms, untold } = told(instances);
    if (terms.length === 0) {
      refuse(this, lit`LaunchesNotTold`,
        `IAM cannot tell a launch of the instances, by ${untold.join(' and ')}: there would be nothing to deny. Match by GuardrailMatch.amiId(), `
        + 'marketplaceProductCode(), instanceType() or tag(), all of which have to be of the AMI or all of the instance in matchingAll(); or leave launchPolicy out.');
    }
    if (untold.length > 0) {
      Annotations.of(this).addWarningV2('cdk-license-manager:launchesNotTold',
        `IAM cannot tell a launch by ${untold.join(' and ')}: launchPolicy denies none of those, and only the rule of AWS Config finds them. Match by AMIs as well, `
        + 'or acknowledge it.');
    }
    const templates = onceEach(this, 'launchTemplates', launchTemplates, it => identityOf(it.launchTemplateRef.launchTemplateId), it => it.node?.path);
    expectLicenses(this, templates, licenses);
    exemptPrincipalArns.forEach(arn => this.checkExempt(arn));
    this.checkPolicyName(policyName);
    const document = launchPolicy(this, terms, {
      // A launch template has an id that no other one has, and those of other accounts are imported with the account of the stack.
      launchTemplates: templates.map(it => `arn:${Stack.of(this).partition}:ec2:*:*:launch-template/${it.launchTemplateRef.launchTemplateId}`),
      excludedTenancies: excluded.map(({ ec2 }) => ec2),
      exempt: exemptPrincipalArns,
    });
    this.warnOfSize(document);
    return new CfnPolicy(this, 'LaunchPolicy', {
      name: policyName ?? nameOrGenerated(this, undefined, 128),
      description: 'Denies launches without a license of their product',
      type: 'SERVICE_CONTROL_POLICY',
      content: document,
      targetIds: targets && onceEach(this, 'targets', targets.map(target => target._read(this)), identityOf, it => shown(this, it)),
    });
  }

  private checkExempt(arn: string): void {
    const isKnown = !Token.isUnresolved(arn);
    const fault = !isKnown ? undefined : arn === '*' || /^arn:[^:]*:[^:]*:[^:]*:\*?:\**$/.test(arn) ? 'which everybody is: the policy denies nobody anything'
      : /^(arn|\*):[^:]*:(iam|sts|\*)?:[^:]*:[^:]*:.+/.test(arn) ? undefined : 'which nobody is: it is no ARN of a principal';
    if (fault !== undefined) {
      Annotations.of(this).addWarningV2('cdk-license-manager:exemptPrincipal',
        `exemptPrincipalArns has '${arn}', ${fault}. Write ARNs such as 'arn:aws:iam::*:role/ImageBuilder', or leave it out.`);
    }
  }

  /** AWS Organizations refuses a second policy of one kind and name. */
  private checkPolicyName(policyName: string | undefined): void {
    const other = policyName === undefined || isUnknown(policyName) ? undefined : declaredBefore(this, 'service control policy', policyName, Reach.ACCOUNT);
    if (other !== undefined) {
      Annotations.of(this).addWarningV2('cdk-license-manager:samePolicyName',
        `'${other}' has the same policyName '${policyName}', and AWS Organizations takes a name once. Give one of the two another name.`);
    }
  }

  /** The quota was 5,120 until May 2026, which some documentation still has: nothing is said below the newer one. */
  private warnOfSize(document: PolicyDocument): void {
    const size = withoutTokens(JSON.stringify(document.toJSON())).length;
    if (size > 10_240) {
      Annotations.of(this).addWarningV2('cdk-license-manager:launchPolicySize',
        `The launch policy has at least ${size} characters, and AWS Organizations takes 10,240. Make several guardrails, or match by fewer values.`);
    }
  }
}

const MAXIMUM_RULE = 10_000;

/** What is known of a text. */
function withoutTokens(text: string): string {
  return text.replace(/\$\{Token\[[^\]]*\]\}/g, '');
}

const DESCRIPTION = 'Finds EC2 instances of a product without one of its licenses, or with a tenancy that they exclude';

const ORGANIZATION: Shape<GuardrailOrganizationOptions> = { excludedAccounts: listOf(TEXT) };

const LAUNCH_POLICY: Shape<GuardrailLaunchPolicyOptions> = {
  launchTemplates: needed(listOf(reference('a launch template', 'launchTemplateRef', 'Use a construct, or LaunchTemplate.fromLaunchTemplateAttributes().'))),
  targets: listOf(ofClass('GuardrailTarget')),
  exemptPrincipalArns: listOf(TEXT),
  policyName: TEXT,
};

const PROPS: Shape<LicenseGuardrailProps> = {
  instances: needed(ofClass('GovernedInstances')),
  licenseConfigurations: needed(listOf(reference('a self-managed license', 'licenseConfigurationRef'))),
  allowedTenancy: listOf(ANYTHING),
  organization: OBJECT,
  withoutConfigRule: FLAG,
  configRuleName: TEXT,
  launchPolicy: OBJECT,
};

interface Tenancy {
  readonly license: `${LicenseTenancy}`;
  readonly ec2: string;
}

/** As License Manager and as EC2 names them. */
const TENANCIES: readonly Tenancy[] = [
  { license: 'EC2-Default', ec2: 'default' },
  { license: 'EC2-DedicatedInstance', ec2: 'dedicated' },
  { license: 'EC2-DedicatedHost', ec2: 'host' },
];

function arnOf(license: ILicenseConfigurationRef): string {
  return license.licenseConfigurationRef.licenseConfigurationArn;
}

/** Those tenancies that not every license allows, with those that do, which several tenancies may have in common. */
function restricted(licenses: readonly ILicenseConfigurationRef[], allowing: readonly string[][]) {
  const byLicenses = new Map<string, { tenancies: string[]; licenses: string[] }>();
  for (const { license: tenancy, ec2 } of TENANCIES) {
    const those = licenses.filter((_, index) => allowing[index].includes(tenancy)).map(arnOf);
    if (those.length < licenses.length) {
      const found = byLicenses.get(those.join()) ?? { tenancies: [], licenses: those };
      found.tenancies.push(ec2);
      byLicenses.set(those.join(), found);
    }
  }
  return [...byLicenses.values()];
}
