import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnElement, Stack, Stage, Validations } from 'aws-cdk-lib';
import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import { CfnLicenseConfiguration } from 'aws-cdk-lib/aws-licensemanager';
import { brief, check, ENV, include, reportOf, synthesized } from './report';
import {
  type ILicenseRule, LicenseCompliance, LicenseConfiguration, LicenseCounting, LicenseRule, LicenseRulePack, LicenseRuleSeverity, LicenseTenancy,
  type SynthesizedApp,
} from '../../src';
import { loadCopy } from '../support/copies';

const RULE = 'TenancyNotAllowed';

/** An instance on a tenancy that its license does not allow. */
function fault(stack: Stack): CfnInstance {
  const { licenseConfigurationArn } = new LicenseConfiguration(stack, 'License', {
    licenseCounting: LicenseCounting.vcpus({ allowedTenancy: [LicenseTenancy.DEDICATED_HOST] }),
  });
  return new CfnInstance(stack, 'It', { imageId: 'ami-0123456789abcdef0', tenancy: 'default', licenseSpecifications: [{ licenseConfigurationArn }] });
}

describe('a finding', () => {
  test('has its path, its place in the template, its rule with the source, and what to do', () => {
    expect(check(RULE, fault)).toEqual([{
      rule: RULE,
      path: 'Stack/It',
      severity: 'error',
      message: "License 'Stack/License' allows only EC2-DedicatedHost, and the tenancy is 'default'.",
      fix: 'Change the tenancy, or the allowedTenancy of the license.\nWhy: https://docs.aws.amazon.com/license-manager/latest/userguide/license-rules.html',
      location: 'Properties.Tenancy',
      logicalId: 'It',
      template: 'Stack.template.json',
      metadata: {
        rule: 'Nothing is launched, or built, on a tenancy that a rule of its license excludes: License Manager refuses the launch.',
        source: 'https://docs.aws.amazon.com/license-manager/latest/userguide/license-rules.html',
      },
    }]);
  });

  test.each<[string, (it: CfnInstance) => Stack | CfnInstance | App]>([
    ['the construct', it => it], ['its stack', it => it.stack], ['the app', it => it.node.root as App],
  ])('is acknowledged on %s, with the reason in the report', (_, scopeOf) => {
    const [finding, ...others] = check(RULE, stack =>
      Validations.of(scopeOf(fault(stack))).acknowledge({ id: `License-Compliance::${RULE}`, reason: 'It is a test server.' }));

    expect(others).toEqual([]);
    expect(finding).toMatchObject({ path: 'Stack/It', reason: 'It is a test server.' });
  });

  test('of an error ends the synthesis, and an acknowledged one does not', () => {
    const build = () => {
      const app = new App({ analyticsReporting: false });
      const it = fault(new Stack(app, 'Stack', { env: ENV }));
      Validations.of(app).addPlugins(new LicenseCompliance());
      return { app, it };
    };
    const silence = jest.spyOn(console, 'error').mockImplementation();

    expect(() => build().app.synth()).toThrow(/the tenancy is 'default'/);
    const { app, it } = build();
    Validations.of(it).acknowledge({ id: `License-Compliance::${RULE}`, reason: 'It is a test server.' });
    expect(() => app.synth()).not.toThrow();
    silence.mockRestore();
  });

  test('on a resource that no construct has made is reported at the stack, and acknowledged there', () => {
    class ByHand extends CfnElement {
      public _toCloudFormation() {
        return { Resources: { Written: { Type: 'AWS::LicenseManager::LicenseConfiguration', Properties: { Name: 'it', LicenseCountingType: 'vCPU' } } } };
      }
    }
    const findings = (reason?: string) => check('UnusedLicense', stack => {
      new ByHand(stack, 'ByHand');
      if (reason) {
        Validations.of(stack).acknowledge({ id: 'License-Compliance::UnusedLicense', reason });
      }
    });

    expect(findings()).toMatchObject([{ path: 'Stack', logicalId: 'Written' }]);
    expect(findings('It is used by hand.')).toMatchObject([{ reason: 'It is used by hand.' }]);
  });
});

describe('what it looks at', () => {
  test('are all stacks, of stages, too, and licenses of one that another uses', () => {
    const app = new App({ analyticsReporting: false });
    const stage = new Stage(app, 'Prod', { env: ENV });
    const license = new CfnLicenseConfiguration(new Stack(stage, 'Licenses'), 'License', {
      name: 'it', licenseCountingType: 'vCPU', licenseRules: ['#allowedTenancy=EC2-DedicatedHost'],
    });
    new CfnInstance(new Stack(stage, 'Servers'), 'It', {
      imageId: 'ami-0123456789abcdef0', licenseSpecifications: [{ licenseConfigurationArn: license.attrLicenseConfigurationArn }],
    });

    expect(brief(reportOf(app))).toEqual(['error Prod/Servers/It']);
  });

  test('is one stage, if it is added to that', () => {
    const app = new App({ analyticsReporting: false });
    const [one, other] = ['One', 'Other'].map(id => new Stage(app, id, { env: ENV }));
    [one, other].forEach(stage => fault(new Stack(stage, 'Stack')));
    Validations.of(one).addPlugins(new LicenseCompliance());

    expect(brief(synthesized(app))).toEqual(['error One/Stack/It']);
  });

  test('are templates, whichever copy of the library has made them', () => {
    const other = loadCopy();
    expect(brief(check(RULE, stack => {
      const { licenseConfigurationArn } = new other.LicenseConfiguration(stack, 'License', {
        licenseCounting: other.LicenseCounting.vcpus({ allowedTenancy: [other.LicenseTenancy.DEDICATED_HOST] }),
      });
      new CfnInstance(stack, 'It', { imageId: 'ami-0123456789abcdef0', tenancy: 'default', licenseSpecifications: [{ licenseConfigurationArn }] });
    }))).toEqual(['error Stack/It']);
  });

  test('may be written in any way that CloudFormation takes', () => {
    expect(brief(check(RULE, stack => include(stack, {
      Resources: {
        License: { Type: 'AWS::LicenseManager::LicenseConfiguration', Properties: { Name: 'it', LicenseCountingType: 'vCPU', LicenseRules: ['#allowedTenancy=EC2-DedicatedHost'] } },
        It: {
          Type: 'AWS::EC2::Instance',
          Properties: { ImageId: 'ami-0123456789abcdef0', LicenseSpecifications: [{ LicenseConfigurationArn: { 'Fn::Sub': '${License.LicenseConfigurationArn}' } }] },
        },
      },
    })))).toEqual(['error Stack/Included/It']);
  });
});

describe('packs', () => {
  test('have the rules about all licenses, and those of their products', () => {
    const names = (pack: LicenseRulePack) => pack.rules.map(({ ruleId }) => ruleId);
    const all = names(LicenseRulePack.everything());

    expect(new Set(all).size).toBe(all.length);
    for (const pack of [LicenseRulePack.microsoft(), LicenseRulePack.oracle(), LicenseRulePack.redHat()]) {
      expect(all).toEqual(expect.arrayContaining(names(pack)));
      expect(names(pack)).toEqual(expect.arrayContaining([RULE, 'LimitWithoutNotice', 'ProductWithoutLicense']));
    }
    expect(names(LicenseRulePack.microsoft())).toContain('WindowsOnHostWithoutLicense');
    expect(names(LicenseRulePack.oracle())).not.toContain('WindowsOnHostWithoutLicense');
    expect(names(LicenseRulePack.oracle())).toContain('DatabaseWithoutLicense');
    expect(names(LicenseRulePack.redHat())).not.toContain('DatabaseWithoutLicense');
  });

  test('say of each product what it is called', () => {
    expect(LicenseRulePack.everything().products.map(({ productName }) => productName)).toEqual([
      'Windows Server', 'SQL Server', 'Oracle Database', 'Red Hat Enterprise Linux', 'Db2',
    ]);
  });

  test('may be several, and a rule in all of them finds something once', () => {
    expect(check(RULE, fault, { packs: [LicenseRulePack.microsoft(), LicenseRulePack.oracle()] })).toHaveLength(1);
  });

  test('may be of rules of others', () => {
    const [rule] = LicenseRulePack.everything().rules.filter(({ ruleId }) => ruleId === 'UnusedLicense');

    expect(new LicenseCompliance({ packs: [LicenseRulePack.of([rule])] }).ruleIds).toEqual(['UnusedLicense']);
    expect(() => LicenseRulePack.of([{} as ILicenseRule])).toThrow('LicenseRulePack.of(): rules[0] is an object');
  });
});

describe('a rule of your own', () => {
  class NoBareMetal extends LicenseRule {
    public constructor(private readonly text: string = 'bare metal') {
      super({ ruleId: 'NoBareMetal', description: 'No bare metal.', source: 'https://example.com/policy', fix: 'Use another size.' });
    }

    public check(app: SynthesizedApp) {
      return app.launches.filter(({ instanceTypes: [type] }) => type?.endsWith('.metal')).map(({ resource }) => ({ resource, message: `It is ${this.text}.` }));
    }
  }
  const metal = (stack: Stack) => new CfnInstance(stack, 'It', { imageId: 'ami-0123456789abcdef0', instanceType: 'm5.metal' });

  test('finds what it looks for', () => {
    expect(check('NoBareMetal', metal, { additionalRules: [new NoBareMetal()] })).toMatchObject([{ path: 'Stack/It', severity: 'warning', message: 'It is bare metal.' }]);
  });

  test('that fails is reported, and others are checked all the same', () => {
    const broken: ILicenseRule = {
      ruleId: 'Broken', description: '', source: '', fix: '', severity: LicenseRuleSeverity.ERROR, check: () => { throw new Error('no idea'); },
    };
    const app = new App({ analyticsReporting: false });
    fault(new Stack(app, 'Stack', { env: ENV }));

    expect(reportOf(app, { additionalRules: [broken] }).map(({ rule, path, message, severity }) => [rule, path, severity, message])).toEqual([
      [RULE, 'Stack/It', 'error', expect.any(String)],
      ['Broken', 'Stack', 'warning', 'The rule could not be checked: no idea'],
    ]);
  });

  describe('that is none', () => {
    const of = (it: () => any, more: Partial<ILicenseRule> = {}) => {
      const app = new App({ analyticsReporting: false });
      fault(new Stack(app, 'Stack', { env: ENV }));
      const rule: ILicenseRule = { ruleId: 'Broken', description: '', source: '', fix: '', severity: LicenseRuleSeverity.ERROR, check: it, ...more };
      const found = reportOf(app, { additionalRules: [rule] });
      expect(found.map(({ rule: name }) => name)).toContain(RULE);
      return found.filter(({ rule: name }) => name === 'Broken').map(({ message, severity }) => [severity, message]);
    };
    const some = (app: SynthesizedApp) => app.resources[0];
    const finding = (it: (app: SynthesizedApp) => unknown) => of(((app: SynthesizedApp) => [it(app)]) as any);

    test.each<[string, () => any, string]>([
      ['throws nothing', () => { throw undefined; }, 'check() has thrown nothing'],
      ['throws a text', () => { throw 'no idea'; }, "check() has thrown the text 'no idea'"],
      ['returns nothing', () => undefined, 'check() has returned nothing, and not a list of findings'],
      ['returns a text', () => 'text', "check() has returned the text 'text', and not a list of findings"],
      ['finds nothing that is a finding', () => [null], 'the finding 0 of check() is null, and not a finding'],
      ['finds a text', () => ['text'], "the finding 0 of check() is the text 'text', and not a finding"],
      ['finds something without a resource', () => [{ message: 'It.' }], 'the resource of the finding 0 of check() is nothing, and not one of the app'],
    ])('and %s, is reported, and others are checked', (_, it, message) => {
      expect(of(it)).toEqual([['warning', `The rule could not be checked: ${message}`]]);
    });

    test('and returns a promise, is reported', () => {
      expect(of(() => Promise.resolve([]))).toEqual([['warning', expect.stringMatching(/check\(\) has returned .*, and not a list of findings/)]]);
    });

    test('and finds something without a message, or with another severity, is reported', () => {
      expect(finding(app => ({ resource: some(app) }))[0][1]).toContain('the message of the finding 0 of check() is nothing');
      expect(finding(app => ({ resource: some(app), message: 'It.', severity: 'fatal' }))[0][1]).toContain("the severity of the finding 0 of check() is the text 'fatal'");
      expect(finding(app => ({ resource: some(app), message: 'It.', fix: 1 }))[0][1]).toContain('the fix of the finding 0 of check() is 1');
      expect(of(((app: SynthesizedApp) => [{ resource: some(app), message: 'It.' }]) as any, { severity: 'fatal' as any })[0][1]).toContain("is the text 'fatal'");
    });

    test('keeps what it has found besides', () => {
      expect(of(((app: SynthesizedApp) => [null, { resource: some(app), message: 'It.' }]) as any).map(([severity]) => severity).sort()).toEqual(['error', 'warning']);
    });

    test('and asks for a property by nothing, is told so', () => {
      for (const ask of [(it: any) => it.known(undefined), (it: any) => it.has(1), (it: any) => it.referred(null)]) {
        expect(finding(app => ask(some(app)))[0][1]).toMatch(/The rule could not be checked: resource 'Stack\/.*': path /);
      }
    });
  });

  test('with an id that there is, or that cannot be acknowledged, is refused', () => {
    const named = (ruleId: string): ILicenseRule => ({ ...new NoBareMetal(), ruleId, check: () => [] });

    expect(() => new LicenseCompliance({ additionalRules: [named('UnusedLicense')] })).toThrow("LicenseCompliance: additionalRules has a rule 'UnusedLicense'");
    for (const ruleId of ['a::b', 'a b', '', undefined as any]) {
      expect(() => new LicenseCompliance({ additionalRules: [named(ruleId)] })).toThrow('LicenseCompliance: ruleId of a rule in additionalRules is');
    }
  });
});

test('every rule says what it is about, where it is written, and what to do', () => {
  for (const { ruleId, description, source, fix, severity } of LicenseRulePack.everything().rules) {
    expect([ruleId, /^[A-Z][A-Za-z]+$/.test(ruleId)]).toEqual([ruleId, true]);
    expect([ruleId, description.endsWith('.'), fix.endsWith('.'), source.startsWith('https://docs.aws.amazon.com/')]).toEqual([ruleId, true, true, true]);
    expect(Object.values(LicenseRuleSeverity)).toContain(severity);
  }
});

test('the guide has a table of all rules', () => {
  const guide = readFileSync(join(__dirname, '..', '..', 'docs', 'compliance.md'), 'utf8');
  const rows = LicenseRulePack.everything().rules.map(({ ruleId, severity, description, fix, source }) =>
    `| \`${ruleId}\` | ${severity} | ${description} | ${fix} | [${source.split('/').at(-1)!.replace('.html', '')}](${source}) |`);

  expect(/## All rules\n\n.*\n.*\n((?:\|.*\n)+)/.exec(guide)![1].trim().split('\n')).toEqual(rows);
});

test('every rule is a file of its own, and has a test', () => {
  const files = readdirSync(join(__dirname, '..', '..', 'src', 'compliance', 'rules')).filter(name => name.endsWith('.ts') && name !== 'index.ts');
  const tests = readdirSync(join(__dirname, 'rules')).map(name => readFileSync(join(__dirname, 'rules', name), 'utf8')).join('\n');

  expect(files.map(name => name.replace(/(^|-)(\w)|\.ts$/g, (_, __, letter = '') => letter.toUpperCase())).sort())
    .toEqual(LicenseRulePack.everything().rules.map(({ ruleId }) => ruleId).sort());
  for (const { ruleId } of LicenseRulePack.everything().rules) {
    expect(tests).toContain(`'${ruleId}'`);
  }
});
