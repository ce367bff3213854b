/*
 * Rulesets that AWS manages, by their names.
 */
import { CreateLicenseAssetRulesetCommand, LicenseManagerClient } from '@aws-sdk/client-license-manager';
import { type Bench, describeFunction, MANAGED_RULE_SET } from './support/licenses';

const ID = 'ubuntupro|aws-managed-license-asset-ruleset';
const MANAGED = /^arn:aws:license-manager:us-east-1:aws:license-asset-ruleset:lars-[0-9a-f]{32}$/;
const EXISTING = "There are: 'Microsoft SQL Server Enterprise Edition', 'Microsoft SQL Server Standard Edition', 'Microsoft Windows Server Datacenter', "
  + "'Red Hat Enterprise Linux', 'SUSE Enterprise Linux', 'Ubuntu Pro'. Use one of these names, with AwsManagedRuleSet.of().";

/** Creates a ruleset of the account's own. */
async function own({ localAws }: Bench, name: string): Promise<string> {
  const { LicenseAssetRulesetArn } = await new LicenseManagerClient(localAws.clientConfig).send(new CreateLicenseAssetRulesetCommand({
    Name: name,
    ClientToken: name,
    Rules: [{ RuleStatement: { InstanceRuleStatement: { MatchingRuleStatement: { KeyToMatch: 'Platform', Constraint: 'EQUALS', ValueToMatch: ['Linux'] } } } }],
  }));
  await localAws.clearCalls();
  return LicenseAssetRulesetArn!;
}

describeFunction('a ruleset that AWS manages', (bench) => {
  const create = (Name: string, more: object = {}) => bench.function.request({ resourceType: MANAGED_RULE_SET, properties: { Name }, ...more });

  test('is found by its name', async () => {
    const { answer } = await create('Ubuntu Pro');

    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID, Data: { LicenseAssetRulesetArn: expect.stringMatching(MANAGED) } });
    expect((await bench.localAws.calls()).map(({ operation, parameters }) => [operation, parameters])).toEqual([
      ['ListLicenseAssetRulesets', { ShowAWSManagedLicenseAssetRulesets: true }],
    ]);
  });

  test.each(['ubuntu pro', 'UBUNTU-PRO', 'Ubuntu_Pro.'])('is found as %s', async (name) => {
    const found = await create(name);

    expect(found.answer!.PhysicalResourceId).toBe(ID);
    expect(found.answer!.Data).toEqual((await create('Ubuntu Pro')).answer!.Data);
  });

  test('is found on a late page, after empty ones', async () => {
    await bench.localAws.seed({ settings: { pageSize: 1, emptyPages: true } });

    const { answer } = await create('SUSE Enterprise Linux');

    expect(answer!.Data!.LicenseAssetRulesetArn).toMatch(MANAGED);
    expect(await bench.operations()).toHaveLength(7);
  });

  test('that there is not fails, and says which there are', async () => {
    await own(bench, 'Oracle Database');

    const { answer } = await create('Oracle Database');

    expect(answer).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: 'cdk-license-manager:nothing-created',
      Reason: `AWS manages no license asset ruleset with the name 'Oracle Database' in Region us-east-1. ${EXISTING}`,
    });
  });

  test('is told from one of the same name that is the account\'s own', async () => {
    const arn = await own(bench, 'Ubuntu Pro');

    const { answer } = await create('Ubuntu Pro');

    expect(answer!.Data!.LicenseAssetRulesetArn).toMatch(MANAGED);
    expect(answer!.Data!.LicenseAssetRulesetArn).not.toBe(arn);
    expect((await bench.localAws.calls()).map(({ parameters }) => parameters.ShowAWSManagedLicenseAssetRulesets)).toEqual([true, false]);
  });

  test('where there is none at all fails, and says where to look', async () => {
    await bench.localAws.seed({ settings: { awsManagedRulesets: [] } });

    expect((await create('Ubuntu Pro')).answer!.Reason).toBe(
      "AWS manages no license asset ruleset with the name 'Ubuntu Pro' in Region us-east-1. There is none at all: check that License Manager has license "
      + 'asset groups in this Region.');
  });

  test('of which there are two fails, and names both', async () => {
    await bench.localAws.seed({ settings: { awsManagedRulesets: ['Ubuntu Pro', 'Ubuntu-Pro'] } });

    expect((await create('Ubuntu Pro')).answer!.Reason!.replace(/arn:[^\s,]+\b/g, 'ARN')).toBe(
      "AWS manages 2 license asset rulesets with the name 'Ubuntu Pro' in Region us-east-1: ARN, ARN. Use one of these ARNs, with "
      + 'LicenseAssetRuleSet.fromLicenseAssetRuleSetArn().');
  });

  test('keeps its id when it is looked for again, and gets another with another name', async () => {
    const again = await create('Ubuntu Pro', { type: 'Update', physicalId: ID });
    const other = await create('SUSE Enterprise Linux', { type: 'Update', physicalId: ID });

    expect(again.answer!.PhysicalResourceId).toBe(ID);
    expect(other.answer!.PhysicalResourceId).toBe('suseenterpriselinux|aws-managed-license-asset-ruleset');
  });

  test.each([ID, 'somebody-elses-id'])('is left alone by a delete of %s, without a call', async (physicalId) => {
    const { answer } = await create('Ubuntu Pro', { type: 'Delete', physicalId });

    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: physicalId });
    expect(await bench.operations()).toEqual([]);
  });
});
