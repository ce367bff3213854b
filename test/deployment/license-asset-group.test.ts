import {
  GetLicenseAssetGroupCommand, GetLicenseAssetRulesetCommand, LicenseAssetRule as Rule, ListLicenseAssetGroupsCommand,
  ListLicenseAssetRulesetsCommand, ListTagsForResourceCommand,
} from '@aws-sdk/client-license-manager';
import { Stack, Tags } from 'aws-cdk-lib';
import { useDeployment } from './deployment';
import {
  AwsManagedRuleSet, Ec2BillingProduct, InstanceMatch, LicenseAssetGroup, LicenseAssetRule, LicenseAssetRuleSet, LicenseConfiguration,
  LicenseConfigurationMatch, LicenseCounting, UsageDimension,
} from '../../src';
import type { LicenseAssetGroupProps } from '../../src';

const GROUP = 'AWS::LicenseManager::LicenseAssetGroup';
const RULE_SET = 'AWS::LicenseManager::LicenseAssetRuleSet';
const MANAGED = 'Custom::LicenseManagerAwsManagedLicenseAssetRuleSet';
const MANAGED_ARN = /^arn:aws:license-manager:us-east-1:aws:license-asset-ruleset:/;

const aws = useDeployment();

const groups = async () => (await aws.licenseManager.send(new ListLicenseAssetGroupsCommand({}))).LicenseAssetGroups!;
const ruleSets = async () => (await aws.licenseManager.send(new ListLicenseAssetRulesetsCommand({}))).LicenseAssetRulesets!;
const group = async (LicenseAssetGroupArn: string) =>
  (await aws.licenseManager.send(new GetLicenseAssetGroupCommand({ LicenseAssetGroupArn }))).LicenseAssetGroup!;
const rulesOf = async (LicenseAssetRulesetArn: string): Promise<Rule[]> =>
  (await aws.licenseManager.send(new GetLicenseAssetRulesetCommand({ LicenseAssetRulesetArn }))).LicenseAssetRuleset!.Rules!;
const only = async (stackName: string, type: string) => {
  const found = await aws.physicalIds(stackName, type);
  expect(found).toHaveLength(1);
  return found[0];
};

const WINDOWS = InstanceMatch.ec2BillingProduct([Ec2BillingProduct.WINDOWS_BYOL]);
const ELSEWHERE = InstanceMatch.accountId(['444455556666']).negated();

function define(stack: Stack, props: Partial<LicenseAssetGroupProps> = {}, rules: LicenseAssetRule[] = []) {
  const license = new LicenseConfiguration(stack, 'License', { licenseCounting: LicenseCounting.vcpus() });
  const own = new LicenseAssetRuleSet(stack, 'RuleSet', {
    licenseAssetRuleSetName: 'windows-byol',
    rules: [
      LicenseAssetRule.licenseConfigurations(LicenseConfigurationMatch.licenseConfiguration([license])),
      LicenseAssetRule.instancesMatchingAll([WINDOWS, ELSEWHERE]),
      ...rules,
    ],
  });
  return new LicenseAssetGroup(stack, 'Group', {
    licenseAssetGroupName: 'windows',
    usageDimension: UsageDimension.VCPU,
    ruleSets: [own, LicenseAssetRuleSet.fromAwsManaged(stack, 'Managed', AwsManagedRuleSet.MICROSOFT_WINDOWS_SERVER_DATACENTER)],
    ...props,
  });
}

test('a group and its rulesets are deployed, changed in place, replaced and deleted, and nothing is left', async () => {
  expect(await aws.deploy('Assets', (stack) => Tags.of(define(stack, { description: 'Windows', properties: { owner: 'licenses' } })).add('team', 'it')))
    .toMatchObject({ succeeded: true });

  const arn = await only('Assets', GROUP);
  const ruleSet = await only('Assets', RULE_SET);
  expect(await group(arn)).toMatchObject({
    Name: 'windows',
    Description: 'Windows',
    Status: 'ACTIVE',
    LicenseAssetGroupConfigurations: [{ UsageDimension: 'vCPU' }],
    AssociatedLicenseAssetRulesetARNs: [ruleSet, expect.stringMatching(MANAGED_ARN)],
    Properties: [{ Key: 'owner', Value: 'licenses' }],
  });
  expect(await rulesOf(ruleSet)).toEqual([
    {
      RuleStatement: {
        LicenseConfigurationRuleStatement: {
          MatchingRuleStatement: { KeyToMatch: 'LicenseConfigurationArn', Constraint: 'EQUALS', ValueToMatch: await aws.licenses() },
        },
      },
    },
    {
      RuleStatement: {
        InstanceRuleStatement: {
          AndRuleStatement: {
            MatchingRuleStatements: [
              { KeyToMatch: 'EC2BillingProduct', Constraint: 'EQUALS', ValueToMatch: ['windows-byol'] },
              { KeyToMatch: 'AccountId', Constraint: 'NOT_EQUALS', ValueToMatch: ['444455556666'] },
            ],
          },
        },
      },
    },
  ]);
  expect((await aws.licenseManager.send(new ListTagsForResourceCommand({ ResourceArn: arn }))).Tags).toContainEqual({ Key: 'team', Value: 'it' });
  const managed = await only('Assets', MANAGED);
  expect(managed).toBe('microsoftwindowsserverdatacenter|aws-managed-license-asset-ruleset');

  // In place: name, rules and rulesets. The own ruleset is taken out of the group, and the AWS-managed one of another product is put in.
  expect(await aws.deploy('Assets', (stack) => void define(stack, {
    licenseAssetGroupName: 'renamed',
    ruleSets: [LicenseAssetRuleSet.fromAwsManaged(stack, 'Ubuntu', AwsManagedRuleSet.UBUNTU_PRO)],
  }, [LicenseAssetRule.instances(WINDOWS)]))).toMatchObject({ succeeded: true });

  expect(await only('Assets', GROUP)).toBe(arn);
  expect(await only('Assets', RULE_SET)).toBe(ruleSet);
  const changed = await group(arn);
  expect(changed).toMatchObject({ Name: 'renamed', AssociatedLicenseAssetRulesetARNs: [expect.stringMatching(MANAGED_ARN)], Properties: [] });
  expect(changed.Description).toBeUndefined();
  expect(await rulesOf(ruleSet)).toHaveLength(3);

  // By replacement: the usage dimension.
  expect(await aws.deploy('Assets', (stack) => void define(stack, { usageDimension: UsageDimension.CORE }))).toMatchObject({ succeeded: true });

  const replaced = await only('Assets', GROUP);
  expect(replaced).not.toBe(arn);
  expect((await groups()).map(({ LicenseAssetGroupArn }) => LicenseAssetGroupArn)).toEqual([replaced]);
  expect(await only('Assets', RULE_SET)).toBe(ruleSet);

  expect(await aws.destroy('Assets')).toMatchObject({ succeeded: true });
  expect([await groups(), await ruleSets(), await aws.licenses()]).toEqual([[], [], []]);
  expect(await aws.stackStatus('Assets')).toBeUndefined();
});

test('a group that License Manager refuses is rolled back, at first with its ruleset and later to what it was', async () => {
  const refused = { usageDimension: UsageDimension.of('Sockets') };
  expect((await aws.deploy('RolledBack', (stack) => void define(stack, refused))).succeeded).toBe(false);

  expect((await aws.failures('RolledBack')).join()).toContain('A license asset group has one usage dimension');
  expect([await groups(), await ruleSets(), await aws.licenses()]).toEqual([[], [], []]);
  expect(await aws.destroy('RolledBack')).toMatchObject({ succeeded: true });

  expect(await aws.deploy('RolledBack', (stack) => void define(stack))).toMatchObject({ succeeded: true });
  const before = await group(await only('RolledBack', GROUP));
  const ruleSet = await only('RolledBack', RULE_SET);
  const rules = await rulesOf(ruleSet);

  // The rules are changed before the replacement of the group is refused.
  expect((await aws.deploy('RolledBack', (stack) => void define(stack, refused, [LicenseAssetRule.instances(WINDOWS)]))).succeeded).toBe(false);

  expect(await aws.stackStatus('RolledBack')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await groups()).toEqual([before]);
  expect(await rulesOf(ruleSet)).toEqual(rules);
  expect(await aws.destroy('RolledBack')).toMatchObject({ succeeded: true });
  expect([await groups(), await ruleSets(), await aws.licenses()]).toEqual([[], [], []]);
});

test('a ruleset that AWS does not manage fails the deployment, which says what there is, and leaves nothing', async () => {
  const { succeeded } = await aws.deploy('NotFound', (stack) => void new LicenseAssetGroup(stack, 'Group', {
    usageDimension: UsageDimension.VCPU, ruleSets: [LicenseAssetRuleSet.fromAwsManaged(stack, 'Managed', AwsManagedRuleSet.of('Oracle Database'))],
  }));

  expect(succeeded).toBe(false);
  expect((await aws.failures('NotFound')).join()).toContain(
    "AWS manages no license asset ruleset with the name 'Oracle Database' in Region us-east-1. There are: 'Microsoft SQL Server Enterprise Edition', ");
  expect(await groups()).toEqual([]);
  expect(await aws.stackStatus('NotFound')).toBe('ROLLBACK_COMPLETE');
  expect(await aws.destroy('NotFound')).toMatchObject({ succeeded: true });
});
