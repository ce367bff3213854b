import type { IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport, PolicyViolatingResource, PolicyViolation } from 'aws-cdk-lib';
import type { GovernedProduct } from './governed-product';
import { type ILicenseRule, LicenseRuleSeverity } from './license-rule';
import { LicenseRulePack } from './license-rule-pack';
import { checkRule } from './private/check-rule';
import { PRODUCTS, RULES } from './private/kinds';
import { SynthesizedApp } from './synthesized-app';
import { brand } from '../private/identity/copies';
import { givenProps, listOf, ofClass } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { lit, refuse } from '../private/validation/validation';

/**
 * What `LicenseCompliance` checks.
 */
export interface LicenseComplianceProps {
  /**
   * The packs whose rules are checked; a rule that is in several, once.
   *
   * @default [LicenseRulePack.everything()]
   */
  readonly packs?: LicenseRulePack[];

  /**
   * Rules of your own, besides those of the packs.
   *
   * Throws a `ValidationError` for an id that another rule has, or that cannot be acknowledged.
   *
   * @default - none
   */
  readonly additionalRules?: ILicenseRule[];

  /**
   * Products that are looked for besides those of the packs, and other images of those.
   *
   * @default - none
   */
  readonly additionalProducts?: GovernedProduct[];
}

/**
 * Checks an app against what License Manager would refuse, and what an auditor would object to.
 *
 * It looks at the finished templates of all stacks, nested ones and those of stages included, whatever has made them: constructs of this library or of others, L1s,
 * or imported templates (`CfnInclude`). What it finds is in the CDK's own report, at the console and in `validation-report.json`: the path of the construct, where it
 * is in the template, the rule with its source, and what to do. What nobody knows before the deployment, such as a parameter, it does not judge. It changes nothing.
 *
 * A finding is acknowledged as any other of the CDK, on the construct or on what it is in, by the id of the rule after `License-Compliance::`.
 *
 * An error ends the synthesis; a warning and an information do not.
 *
 * @example
 * import { App, Validations } from 'aws-cdk-lib';
 * import { LicenseCompliance, LicenseRulePack } from 'cdk-license-manager';
 *
 * const app = new App();
 * Validations.of(app).addPlugins(new LicenseCompliance({ packs: [LicenseRulePack.microsoft()] }));
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
 */
export class LicenseCompliance implements IPolicyValidationPlugin {
  /**
   * The name in reports.
   */
  public readonly name: string = 'License Compliance';

  /**
   * The ids of the rules that are checked.
   */
  public readonly ruleIds?: string[];

  private readonly rules: readonly ILicenseRule[];
  private readonly products: readonly GovernedProduct[];

  /**
   * Makes a plugin for an app or a stage.
   *
   * Throws a `ValidationError` for what the properties say.
   */
  constructor(props: LicenseComplianceProps = {}) {
    const { packs = [LicenseRulePack.everything()], additionalRules = [], additionalProducts = [] } = givenProps('LicenseCompliance', props, PROPS);
    brand(this, 'LicenseCompliance');
    const rules = new Map(packs.flatMap(pack => pack.rules).map(rule => [rule.ruleId, rule]));
    for (const rule of additionalRules) {
      const { ruleId } = rule;
      if (typeof ruleId !== 'string' || !/^[\w.-]+$/.test(ruleId)) {
        refuse('LicenseCompliance', lit`RuleId`, `ruleId of a rule in additionalRules is '${ruleId}': it is acknowledged by it, and has to be of letters, digits, '_', '-' and `
          + '\'.\'. Name it so.');
      }
      if (rules.has(ruleId)) {
        refuse('LicenseCompliance', lit`RuleIdTwice`, `additionalRules has a rule '${ruleId}', which there is already. Give it another id.`);
      }
      rules.set(ruleId, rule);
    }
    this.rules = [...rules.values()];
    this.ruleIds = [...rules.keys()];
    this.products = [...packs.flatMap(pack => pack.products), ...additionalProducts];
  }

  /**
   * Checks the stacks of an app: the CDK calls it at the end of a synthesis.
   *
   * @param context what was synthesized
   */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const app = SynthesizedApp._of(context.appConstruct, context.stackTemplates, this.products);
    const violations = this.rules.flatMap(rule => violationsOf(rule, app, context));
    return { success: violations.every(({ severity }) => severity !== LicenseRuleSeverity.ERROR), violations };
  }
}

const PROPS: Shape<LicenseComplianceProps> = {
  packs: listOf(ofClass('LicenseRulePack')),
  additionalRules: RULES,
  additionalProducts: PRODUCTS,
};

/** The findings of a rule, those that say the same in one. */
function violationsOf(rule: ILicenseRule, app: SynthesizedApp, context: IPolicyValidationContext): PolicyViolation[] {
  const { ruleId, description, source } = rule;
  const violations = new Map<string, PolicyViolation & { readonly violatingResources: PolicyViolatingResource[] }>();
  const report = (message: string, resource: PolicyViolatingResource, fix: string, severity: string) => {
    const key = JSON.stringify([message, fix, severity]);
    const violation = violations.get(key) ?? {
      // The console shows nothing of the metadata.
      ruleName: ruleId, description: message, fix: `${fix}\nWhy: ${source}`, severity, ruleMetadata: { rule: description, source }, violatingResources: [],
    };
    violations.set(key, violation);
    if (!violation.violatingResources.some(it => it.resourceLogicalId === resource.resourceLogicalId && it.templatePath === resource.templatePath)) {
      violation.violatingResources.push(resource);
    }
  };
  const { findings, faults } = checkRule(rule, app);
  for (const { resource, message, location, fix, severity } of findings) {
    const { template } = resource._entry;
    if (template.isValidated) {
      report(message, {
        resourceLogicalId: resource.logicalId,
        templatePath: resource.templatePath,
        locations: location === undefined ? [] : [location],
        // The CDK finds the construct; what is written into a template by hand has none.
        constructPath: template.hasConstruct(resource.logicalId) ? undefined : resource.constructPath,
      }, fix, severity);
    }
  }
  for (const fault of faults) {
    const [{ stackConstructPath, templatePath }] = context.stackTemplates;
    report(`The rule could not be checked: ${fault}`, { constructPath: stackConstructPath, templatePath, locations: [] },
      'Correct the rule, or report it to its author.', LicenseRuleSeverity.WARNING);
  }
  return [...violations.values()];
}
