/*
 * Apps and templates that have nothing to do with this library, its own examples, and what README and the guides show.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { ENV, type Reported, reportOf } from './report';
import { LicenseEstateStack } from '../../examples/typescript/lib/license-estate-stack';
import { LicenseExampleStack } from '../../examples/typescript/lib/license-example-stack';
import { LicensePatternsStack } from '../../examples/typescript/lib/license-patterns-stack';
import { LicenseSettingsStack } from '../../examples/typescript/lib/license-settings-stack';
import { LicenseRulePack } from '../../src';

const ROOT = join(__dirname, '..', '..');
const PUBLIC = join(__dirname, 'public');
const APPS = readdirSync(join(PUBLIC, 'apps'));
const TEMPLATES = readdirSync(join(PUBLIC, 'templates'));

const compiled = (source: string) =>
  transpileModule(source, { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } }).outputText;
const brief = (findings: readonly Reported[]) => findings.map(({ rule, path }) => `${rule} ${path}`);

test.each(APPS)('nothing is found in the app %s', name => {
  const apps = new Array<cdk.App>();
  class App extends cdk.App {
    public constructor(props?: cdk.AppProps) {
      super({ ...props, analyticsReporting: false });
      apps.push(this);
    }

    public synth(options?: cdk.StageSynthesisOptions) {
      // That of the app itself comes too early for the plugin.
      return options?.force ? super.synth(options) : undefined as any;
    }
  }
  const library = new Proxy(cdk, { get: (target, key) => key === 'App' ? App : target[key as keyof typeof cdk] });
  new Function('require', 'exports', compiled(readFileSync(join(PUBLIC, 'apps', name), 'utf8').replace(/^#!.*/, '')))(
    (module: string) => module === 'aws-cdk-lib' ? library : jest.requireActual(module), {});
  const [app] = apps;

  expect(app.node.findAll().filter(cdk.CfnResource.isCfnResource).length).toBeGreaterThan(5);
  app.synth = () => cdk.App.prototype.synth.call(app);
  expect(reportOf(app)).toEqual([]);
});

test.each(TEMPLATES)('nothing is found in the template %s', name => {
  const app = new cdk.App({ analyticsReporting: false });
  const stack = new cdk.Stack(app, 'Stack', { env: ENV });
  new CfnInclude(stack, 'Template', { templateFile: join(PUBLIC, 'templates', name) });

  expect(stack.node.findAll().some(cdk.CfnResource.isCfnResource)).toBe(true);
  expect(reportOf(app)).toEqual([]);
});

test('every one of them is named with its source', () => {
  const sources = readFileSync(join(PUBLIC, 'README.md'), 'utf8');

  for (const file of [...APPS.map(name => `apps/${name}`), ...TEMPLATES.map(name => `templates/${name}`)]) {
    expect(sources).toContain(`| \`${file}\` |`);
  }
});

test.each([['known', ENV], ['open', undefined]])('in the examples, whose environment is %s, is what their one license has not: a report', (_, env) => {
  const app = new cdk.App({ analyticsReporting: false });
  const settings = { env, licenseCount: 96, imageId: 'ami-0abcdef1234567890', organizationArn: `arn:aws:organizations::${ENV.account}:organization/o-exampleorgid` };
  new LicenseSettingsStack(app, 'Settings', { env, administratorAccountId: '444455556666' });
  new LicenseExampleStack(app, 'Example', settings);
  new LicenseEstateStack(app, 'Estate', {
    ...settings, directoryId: 'd-0123456789', grantArn: 'arn:aws:license-manager::777788889999:grant:g-0abcdef1234567890abcdef123456789',
  });
  new LicensePatternsStack(app, 'Patterns', { env });

  expect(brief(reportOf(app))).toEqual(['LimitWithoutReport Example/ServerOperatingSystem/Resource']);
});

describe('the snippets of README and the guides', () => {
  const guides = ['README.md', ...readdirSync(join(ROOT, 'docs')).filter(name => name.endsWith('.md')).map(name => `docs/${name}`)];
  const snippets = guides.flatMap(page => [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^( *)```ts\b.*\n((?:\1.*\n|\n)*?)\1```$/gm)]
    .filter(([, , source]) => source.includes("from 'cdk-license-manager'") && !source.includes('LicenseCompliance'))
    .map(({ 2: source, index, input }): [string, string] => [`${page}, line ${input.slice(0, index).split('\n').length}`, source]));
  /** What a snippet leaves out that is about something else: who is told, what is kept, who uses it. */
  const LEFT_OUT = ['LimitWithoutNotice', 'ExpiryWithoutNotice', 'AlarmWithoutAction', 'LimitWithoutReport', 'UnusedLicense'];

  test('are found', () => {
    expect(snippets.length).toBeGreaterThan(30);
    expect(LicenseRulePack.everything().rules.map(({ ruleId }) => ruleId)).toEqual(expect.arrayContaining(LEFT_OUT));
  });

  test.each(snippets)('have nothing wrong: %s', (_, source) => {
    const app = new cdk.App({ analyticsReporting: false });
    const stack = new cdk.Stack(app, 'Stack', { env: ENV });
    new Function('require', 'exports', 'app', compiled(source)).call(stack, (name: string) => jest.requireActual(name), {}, app);

    expect(brief(reportOf(app).filter(({ rule }) => !LEFT_OUT.includes(rule)))).toEqual([]);
  });
});
