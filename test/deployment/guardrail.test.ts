/*
 * Guardrails, deployed: the rule as it is in AWS Config, run by cfn-guard, and the launch policy as it is in AWS Organizations, which the local AWS evaluates.
 */
import { CfnOutput } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { CfnLaunchTemplate, LaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { useDeployment } from './deployment';
import type { Deployment } from './deployment';
import {
  GovernedInstances, GuardrailMatch, GuardrailTarget, LicenseConfiguration, LicenseCounting, LicenseGuardrail, LicenseTenancy, LicenseType,
} from '../../src';
import type { LicenseGuardrailProps } from '../../src';
import { item } from '../guardrail/configuration-items';
import { ENGINES, evaluate } from '../guardrail/guard';
import { callJson, callQuery } from '../support/requests';

const aws = useDeployment();

const MEMBER = '222233334444';
const OTHER_MEMBER = '333344445555';
const IMAGE = 'ami-0123456789abcdef0';
const OTHER_IMAGE = 'ami-0123456789abcdef1';

const inAccount = (account: string) => aws.localAws.as(account);
const record = (account: string) => callJson(inAccount(account), 'config', 'PutConfigurationRecorder', {
  ConfigurationRecorder: { name: 'default', roleARN: `arn:aws:iam::${account}:role/config` },
});
const rules = async (account = aws.localAws.account): Promise<{ name: string; text: string }[]> =>
  (await callJson(inAccount(account), 'config', 'DescribeConfigRules')).ConfigRules.map((rule: any) => ({
    name: rule.ConfigRuleName, text: rule.Source.CustomPolicyDetails.PolicyText,
  }));
const policies = async () => (await callJson(aws.localAws, 'organizations', 'ListPolicies', { Filter: 'SERVICE_CONTROL_POLICY' })).Policies;
const targets = async () => {
  const [{ Id }] = await policies();
  return (await callJson(aws.localAws, 'organizations', 'ListTargetsForPolicy', { PolicyId: Id })).Targets.map(({ TargetId }: any) => TargetId);
};

beforeAll(async () => {
  await aws.localAws.seed({ settings: { organizationManagementAccount: aws.localAws.account, organizationAccounts: [MEMBER, OTHER_MEMBER] } });
});

/** A license that the local AWS refuses, so that a deployment of what it depends on is rolled back. */
function failing(stack: Stack): void {
  const license = new LicenseConfiguration(stack, 'Refused', { licenseConfigurationName: 'refused', licenseCounting: LicenseCounting.vcpus() });
  license.node.addDependency(stack.node.findChild('Guardrail'));
}
const failNext = () => aws.localAws.fault({ operation: 'CreateLicenseConfiguration', kind: 'error', code: 'InvalidParameterValueException', message: 'No.', status: 400 });

test('without a recorder of AWS Config a rule fails, and says so', async () => {
  expect(await aws.deploy('Unrecorded', stack => {
    new LicenseGuardrail(stack, 'Guardrail', {
      instances: GovernedInstances.matching(GuardrailMatch.amiId([IMAGE])),
      licenseConfigurations: [new LicenseConfiguration(stack, 'Windows', { licenseCounting: LicenseCounting.vcpus() })],
    });
  })).toMatchObject({ succeeded: false });
  expect(await aws.failures('Unrecorded')).toContainEqual(expect.stringContaining('no configuration recorder is available'));
});

test('a rule is deployed, finds what it is to find, is changed in place, rolled back, replaced and deleted', async () => {
  await record(aws.localAws.account);
  let text = '';
  const define = (props: Partial<LicenseGuardrailProps> = {}, more: (stack: Stack) => void = () => {}) => (stack: Stack) => {
    const license = new LicenseConfiguration(stack, 'Windows', {
      licenseConfigurationName: 'windows', licenseCounting: LicenseCounting.vcpus({ allowedTenancy: [LicenseTenancy.DEDICATED_INSTANCE, LicenseTenancy.DEDICATED_HOST] }),
    });
    text = new LicenseGuardrail(stack, 'Guardrail', {
      instances: GovernedInstances.matching(GuardrailMatch.usageOperation([LicenseType.WINDOWS_BYOL.usageOperation])),
      licenseConfigurations: [license],
      ...props,
    }).policyText;
    new CfnOutput(stack, 'Arn', { value: license.licenseConfigurationArn });
    more(stack);
  };

  expect(await aws.deploy('Rules', define())).toMatchObject({ succeeded: true });

  const { Arn: arn } = await aws.outputs('Rules');
  const [first, ...others] = await rules();
  expect(others).toEqual([]);
  const items = [
    item({ tenancy: 'host' }), item({ tenancy: 'host', licenses: [arn] }), item({ licenses: [arn] }), item({ usageOperation: 'RunInstances', tenancy: 'default' }),
  ];
  for (const engine of ENGINES) {
    expect(evaluate(engine, first.text, items)).toEqual(['FAIL', 'PASS', 'FAIL', 'SKIP']);
  }

  const linux = { instances: GovernedInstances.matching(GuardrailMatch.usageOperation(['RunInstances'])) };
  expect(await aws.deploy('Rules', define(linux))).toMatchObject({ succeeded: true });
  const [second] = await rules();
  expect(second.name).toBe(first.name);
  expect(evaluate(ENGINES[0], second.text, items)).toEqual(['SKIP', 'SKIP', 'SKIP', 'FAIL']);

  await failNext();
  expect(await aws.deploy('Rules', define({}, failing))).toMatchObject({ succeeded: false });
  expect(await aws.stackStatus('Rules')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await rules()).toEqual([second]);

  expect(await aws.deploy('Rules', define({ ...linux, configRuleName: 'named' }))).toMatchObject({ succeeded: true });
  expect(await rules()).toEqual([{ name: 'named', text: second.text }]);
  expect(text).toContain('license_guardrail');

  expect(await aws.destroy('Rules')).toMatchObject({ succeeded: true });
  expect(await rules()).toEqual([]);
});

describe('over an organization', () => {
  let member: Deployment;
  let template: string;
  let arn: string;

  beforeAll(async () => {
    await Promise.all([aws.localAws.account, MEMBER, OTHER_MEMBER].map(record));
    member = await aws.in({ account: MEMBER });
    // Who has the instances has the license, and a launch template with it.
    expect(await member.deploy('Templates', stack => {
      const license = new LicenseConfiguration(stack, 'Windows', {
        licenseConfigurationName: 'windows', licenseCounting: LicenseCounting.vcpus({ allowedTenancy: [LicenseTenancy.DEFAULT] }),
      });
      const made = new CfnLaunchTemplate(stack, 'Template', {
        launchTemplateData: {
          imageId: IMAGE,
          instanceType: 'm5.large',
          licenseSpecifications: [{ licenseConfigurationArn: license.licenseConfigurationArn }],
          metadataOptions: { httpTokens: 'required' },
        },
      });
      new CfnOutput(stack, 'Arn', { value: license.licenseConfigurationArn });
      new CfnOutput(stack, 'Id', { value: made.ref });
    })).toMatchObject({ succeeded: true });
    ({ Id: template, Arn: arn } = await member.outputs('Templates'));
  });

  type More = (stack: Stack) => void;
  const guardrail = (targetIds?: GuardrailTarget[], props: Partial<LicenseGuardrailProps> = {}, more: More = () => {}) => (stack: Stack) => {
    new LicenseGuardrail(stack, 'Guardrail', {
      instances: GovernedInstances.matchingAny([GuardrailMatch.amiId([IMAGE]), GuardrailMatch.tag('product', ['windows'])]),
      licenseConfigurations: [LicenseConfiguration.fromLicenseConfigurationArn(stack, 'Windows', arn)],
      allowedTenancy: [LicenseTenancy.DEFAULT],
      organization: { excludedAccounts: [OTHER_MEMBER] },
      launchPolicy: {
        launchTemplates: [LaunchTemplate.fromLaunchTemplateAttributes(stack, 'Template', { launchTemplateId: template, versionNumber: '1' })],
        targets: targetIds,
        policyName: 'windows',
      },
      ...props,
    });
    more(stack);
  };

  /** The code of the refusal, or nothing. */
  const launch = async (parameters: { [name: string]: string }, account = MEMBER): Promise<string | undefined> =>
    (await callQuery(inAccount(account), 'ec2', '2016-11-15', 'RunInstances', 'Code', { MinCount: '1', MaxCount: '1', InstanceType: 'm5.large', ...parameters }))
      .find(code => /[A-Z]/.test(code));
  const fromTemplate = () => ({ 'LaunchTemplate.LaunchTemplateId': template });
  const tagged = (value: string) => ({ 'TagSpecification.1.ResourceType': 'instance', 'TagSpecification.1.Tag.1.Key': 'product', 'TagSpecification.1.Tag.1.Value': value });
  const DENIED = 'UnauthorizedOperation';

  test('the rule is in its accounts, and a policy without targets denies nobody anything', async () => {
    expect(await aws.deploy('Guardrail', guardrail())).toMatchObject({ succeeded: true });

    const [managed, members, excluded] = await Promise.all([aws.localAws.account, MEMBER, OTHER_MEMBER].map(rules));
    expect([managed.length, members.length, excluded.length]).toEqual([1, 1, 0]);
    expect(evaluate(ENGINES[0], members[0].text, [item(), item({ licenses: [arn] }), item({ licenses: [arn], tenancy: 'host' }), item({ imageId: OTHER_IMAGE })]))
      .toEqual(['FAIL', 'PASS', 'FAIL', 'SKIP']);
    expect(await targets()).toEqual([]);
    expect(await launch({ ImageId: IMAGE })).toBeUndefined();
  });

  test('an attached policy denies launches without a license, as far as IAM can tell', async () => {
    expect(await aws.deploy('Guardrail', guardrail([GuardrailTarget.account(MEMBER)]))).toMatchObject({ succeeded: true });

    // What is governed, but from the template.
    expect(await launch({ ImageId: IMAGE })).toBe(DENIED);
    expect(await launch({ 'ImageId': IMAGE, 'LicenseSpecification.1.LicenseConfigurationArn': arn })).toBe(DENIED);
    expect(await launch({ ImageId: OTHER_IMAGE, ...tagged('windows') })).toBe(DENIED);
    // From the template, whatever it is, and with the license of that.
    expect(await launch(fromTemplate())).toBeUndefined();
    expect(await launch({ ...fromTemplate(), ImageId: IMAGE, ...tagged('windows') })).toBeUndefined();
    expect(await launch({ ...fromTemplate(), ImageId: OTHER_IMAGE })).toBeUndefined();
    expect(await member.associations(arn)).toHaveLength(3);
    // With an excluded tenancy.
    expect(await launch({ ...fromTemplate(), 'Placement.Tenancy': 'dedicated' })).toBe(DENIED);
    expect(await launch({ ...fromTemplate(), 'Placement.Tenancy': 'default' })).toBeUndefined();
    // What is not governed.
    expect(await launch({ ImageId: OTHER_IMAGE })).toBeUndefined();
    expect(await launch({ ImageId: OTHER_IMAGE, ...tagged('linux') })).toBeUndefined();
    expect(await launch({ 'ImageId': OTHER_IMAGE, 'Placement.Tenancy': 'dedicated' })).toBeUndefined();
    // Who is not governed: others, and the management account.
    expect(await launch({ ImageId: IMAGE }, OTHER_MEMBER)).toBeUndefined();
    expect(await launch({ ImageId: IMAGE }, aws.localAws.account)).toBeUndefined();
  });

  test('another license in the place of that of the template is not denied, and is found', async () => {
    expect(await aws.deploy('Guardrail', guardrail([GuardrailTarget.account(MEMBER)]))).toMatchObject({ succeeded: true });
    const { LicenseConfigurationArn: other } = await callJson(inAccount(MEMBER), 'license-manager', 'CreateLicenseConfiguration', { Name: 'other', LicenseCountingType: 'vCPU' });

    expect(await launch({ ...fromTemplate(), 'LicenseSpecification.1.LicenseConfigurationArn': other })).toBeUndefined();

    const [{ text }] = await rules(MEMBER);
    expect(evaluate(ENGINES[0], text, [item({ licenses: [other] })])).toEqual(['FAIL']);
  });

  test('it is attached, changed, rolled back, detached and deleted', async () => {
    const [before] = await policies();
    expect(before.Name).toBe('windows');

    expect(await aws.deploy('Guardrail', guardrail([GuardrailTarget.account(MEMBER), GuardrailTarget.account(OTHER_MEMBER)]))).toMatchObject({ succeeded: true });
    expect(await targets()).toEqual([MEMBER, OTHER_MEMBER]);
    expect(await launch({ ImageId: IMAGE }, OTHER_MEMBER)).toBe(DENIED);

    expect(await aws.deploy('Guardrail', guardrail([GuardrailTarget.account('999999999999')], { organization: {} }))).toMatchObject({ succeeded: false });
    expect(await aws.stackStatus('Guardrail')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await targets()).sort()).toEqual([MEMBER, OTHER_MEMBER]);
    expect(await rules(OTHER_MEMBER)).toEqual([]);

    await failNext();
    expect(await aws.deploy('Guardrail', guardrail([], { organization: {} }, failing))).toMatchObject({ succeeded: false });
    expect((await targets()).sort()).toEqual([MEMBER, OTHER_MEMBER]);
    expect(await rules(OTHER_MEMBER)).toEqual([]);

    expect(await aws.deploy('Guardrail', guardrail([GuardrailTarget.account(MEMBER)], { organization: {} }))).toMatchObject({ succeeded: true });
    expect([await targets(), (await rules(OTHER_MEMBER)).length, await policies()]).toEqual([[MEMBER], 1, [before]]);

    expect(await aws.destroy('Guardrail')).toMatchObject({ succeeded: true });
    expect([await policies(), await rules(MEMBER), await rules(OTHER_MEMBER)]).toEqual([[], [], []]);
    expect(await launch({ ImageId: IMAGE })).toBeUndefined();
  });
});
