import { isBranded } from '../../private/identity/copies';
import { described } from '../../private/validation/validation';
import { type ILicenseRule, type LicenseFinding, LicenseRuleSeverity } from '../license-rule';
import type { SynthesizedApp } from '../synthesized-app';

/** What came of a rule: what it has found, and what is wrong with the rule itself. */
export interface Checked {
  readonly findings: readonly (LicenseFinding & Required<Pick<LicenseFinding, 'fix' | 'severity'>>)[];
  readonly faults: readonly string[];
}

/** Checks a rule of whoever: one that cannot be checked is no reason to keep what others, or it itself, have found. */
export function checkRule(rule: ILicenseRule, app: SynthesizedApp): Checked {
  let found: unknown;
  try {
    found = rule.check(app);
  } catch (error) {
    return { findings: [], faults: [(error as Error | undefined)?.message ?? `check() has thrown ${described(error)}`] };
  }
  if (!Array.isArray(found)) {
    return { findings: [], faults: [`check() has returned ${described(found)}, and not a list of findings`] };
  }
  const faults = found.map((it, index) => faultOf(rule, it, `the finding ${index} of check()`));
  const right = (found as LicenseFinding[]).filter((_, index) => faults[index] === undefined);
  return {
    findings: right.map(({ fix = rule.fix, severity = rule.severity, ...finding }) => ({ ...finding, fix, severity })),
    faults: faults.filter(fault => fault !== undefined),
  };
}

/** What is wrong with a finding. */
function faultOf(rule: ILicenseRule, finding: Partial<LicenseFinding> | undefined | null, name: string): string | undefined {
  if (typeof finding !== 'object' || finding === null) {
    return `${name} is ${described(finding)}, and not a finding`;
  }
  const { resource, message, location, fix, severity = rule.severity } = finding;
  const texts = Object.entries({ location, fix }).find(([, it]) => it !== undefined && typeof it !== 'string');
  return !isBranded(resource, 'SynthesizedResource') ? `the resource of ${name} is ${described(resource)}, and not one of the app`
    : typeof message !== 'string' || message === '' ? `the message of ${name} is ${described(message)}, and not a text that says what is wrong`
      : texts !== undefined ? `the ${texts[0]} of ${name} is ${described(texts[1])}, and not a text`
        : !Object.values(LicenseRuleSeverity).includes(severity)
          ? `the severity of ${name} is ${described(severity)}, and not one of ${Object.values(LicenseRuleSeverity).map(it => `'${it}'`).join(', ')}` : undefined;
}
