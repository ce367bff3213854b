import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { LicenseCompliance, type LicenseComplianceProps } from '../../src';

// What the CDK's own validator says of them is not the matter of these tests, and takes most of their time.
process.env.CDK_VALIDATION = 'false';

/** A finding as `validation-report.json` has it. */
export interface Reported {
  readonly rule: string;
  readonly path: string;
  readonly message: string;
  readonly fix: string;
  readonly severity: string;
  readonly location?: string;
  readonly logicalId?: string;
  readonly template?: string;
  readonly metadata: { readonly [name: string]: string };
  /** Why it is acknowledged, if it is. */
  readonly reason?: string;
}

/** What the CDK reports of an app with the plugin. */
export function reportOf(app: App, props?: LicenseComplianceProps): Reported[] {
  Validations.of(app).addPlugins(new LicenseCompliance(props));
  return synthesized(app);
}

/** The same of an app that has the plugin. */
export function synthesized(app: App): Reported[] {
  const silence = jest.spyOn(console, 'error').mockImplementation();
  try {
    app.synth();
  } catch (error) {
    if (!/A copy of this report can be found in/.test((error as Error).message)) {
      throw error;
    }
  }
  silence.mockRestore();
  const file = join(app.outdir, 'validation-report.json');
  const { pluginReports } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { pluginReports: [] };
  const report = pluginReports.find((it: any) => it.pluginName === 'License Compliance');
  if (report?.metadata?.error) {
    throw new Error(report.metadata.error);
  }
  const violations = [...report?.violations ?? [], ...report?.suppressedViolations ?? []];
  return violations.flatMap((violation: any) => violation.violatingConstructs.map((it: any) => ({
    rule: violation.ruleName,
    path: it.constructPath,
    message: violation.description,
    fix: violation.suggestedFix,
    severity: violation.severity,
    location: it.cloudFormationResource?.propertyPaths?.[0],
    logicalId: it.cloudFormationResource?.logicalId,
    template: it.cloudFormationResource?.templatePath,
    metadata: violation.ruleMetadata,
    reason: violation.reason,
  })));
}

export const ENV = { account: '111122223333', region: 'us-east-1' };

/**
 * What one rule says of a stack.
 *
 * @param rule   its id
 * @param define defines the stack
 */
export function check(rule: string, define: (stack: Stack) => void, props?: LicenseComplianceProps): Reported[] {
  const app = new App({ analyticsReporting: false });
  define(new Stack(app, 'Stack', { env: ENV }));
  return reportOf(app, props).filter(it => it.rule === rule);
}

/** A template as somebody has written it by hand, in a stack. */
export function include(stack: Stack, template: object): CfnInclude {
  const file = join(mkdtempSync(join(tmpdir(), 'template-')), 'template.json');
  writeFileSync(file, JSON.stringify(template));
  return new CfnInclude(stack, 'Included', { templateFile: file });
}

/** What a finding is about, and how hard it is. */
export const brief = (findings: readonly Reported[]) => findings.map(({ path, severity }) => `${severity} ${path}`);
