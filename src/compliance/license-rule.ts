import type { SynthesizedApp } from './synthesized-app';
import type { SynthesizedResource } from './synthesized-resource';
import { given, givenProps, needed, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkOneOf, lit } from '../private/validation/validation';

/**
 * How hard a finding is.
 */
export enum LicenseRuleSeverity {
  /** The deployment fails, or a launch: the synthesis ends with an error unless it is acknowledged. */
  ERROR = 'error',

  /** An auditor objects to it, or it is not what was meant. */
  WARNING = 'warning',

  /** Worth knowing. */
  INFO = 'info',
}

/**
 * What a rule has found on a resource.
 */
export interface LicenseFinding {
  /**
   * The resource: where it is reported, and where it is acknowledged.
   */
  readonly resource: SynthesizedResource;

  /**
   * What is wrong, with names and values.
   */
  readonly message: string;

  /**
   * Where it is in the resource: `Properties.InstanceType`.
   *
   * @default - the resource as a whole
   */
  readonly location?: string;

  /**
   * What to do about it.
   *
   * @default - what the rule says
   */
  readonly fix?: string;

  /**
   * How hard it is.
   *
   * @default - as hard as the rule says
   */
  readonly severity?: LicenseRuleSeverity;
}

/**
 * A rule about licenses, which is checked on the templates of an app.
 */
export interface ILicenseRule {
  /**
   * The id by which it is acknowledged, after `License-Compliance::`. It is unique and stays as it is; it has neither blanks nor `::`.
   */
  readonly ruleId: string;

  /**
   * What it is about, in a sentence.
   */
  readonly description: string;

  /**
   * How hard a finding of it is.
   */
  readonly severity: LicenseRuleSeverity;

  /**
   * The public page, or the agreement, that it stands on.
   */
  readonly source: string;

  /**
   * What to do about a finding.
   */
  readonly fix: string;

  /**
   * Looks at an app.
   *
   * What is not known before the deployment is not to be judged.
   *
   * @param app the templates of the app, with what is known of its licenses and launches
   * @returns what was found
   */
  check(app: SynthesizedApp): LicenseFinding[];
}

/**
 * What a rule says of itself.
 */
export interface LicenseRuleProps {
  /**
   * The id by which it is acknowledged, after `License-Compliance::`. It is unique and stays as it is; it has neither blanks nor `::`.
   */
  readonly ruleId: string;

  /**
   * What it is about, in a sentence.
   */
  readonly description: string;

  /**
   * The public page, or the agreement, that it stands on.
   */
  readonly source: string;

  /**
   * What to do about a finding.
   */
  readonly fix: string;

  /**
   * How hard a finding of it is.
   *
   * @default LicenseRuleSeverity.WARNING
   */
  readonly severity?: LicenseRuleSeverity;
}

/**
 * A rule of your own: extend it, and say what it checks.
 */
export abstract class LicenseRule implements ILicenseRule {
  public readonly ruleId: string;
  public readonly description: string;
  public readonly severity: LicenseRuleSeverity;
  public readonly source: string;
  public readonly fix: string;

  /**
   * Makes a rule.
   *
   * Throws a `ValidationError` for what is missing.
   */
  constructor(props: LicenseRuleProps) {
    const who = 'LicenseRule';
    const { ruleId, description, severity, source, fix } = givenProps(who, given(who, 'props', props), PROPS);
    checkOneOf(who, lit`RuleSeverity`, { property: 'severity', value: severity, allowed: Object.values(LicenseRuleSeverity) });
    this.ruleId = ruleId;
    this.description = description;
    this.severity = severity ?? LicenseRuleSeverity.WARNING;
    this.source = source;
    this.fix = fix;
  }

  public abstract check(app: SynthesizedApp): LicenseFinding[];
}

const PROPS: Shape<LicenseRuleProps> = { ruleId: needed(TEXT), description: needed(TEXT), source: needed(TEXT), fix: needed(TEXT), severity: TEXT };
