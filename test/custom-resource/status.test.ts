import { describeFunction, STATUS } from './support/licenses';

describeFunction('a status', (bench) => {
  test.each(['DISABLED', 'AVAILABLE'])('%s is written only if the license has another', async (status) => {
    const license = await bench.license();
    const request = { resourceType: STATUS, properties: { LicenseConfigurationArn: license, Status: status } };
    const first = await bench.function.request(request);
    const second = await bench.function.request(request);
    expect(first.answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${license}|status` });
    expect(second.answer!.PhysicalResourceId).toBe(first.answer!.PhysicalResourceId);
    expect((await bench.licenses())[0].Status).toBe(status);
    expect(await bench.writes()).toEqual(status === 'DISABLED' ? ['UpdateLicenseConfiguration'] : []);
  });

  test('is all that is written', async () => {
    const license = await bench.license();
    await bench.function.request({ resourceType: STATUS, properties: { LicenseConfigurationArn: license, Status: 'DISABLED' } });
    const [write] = await bench.localAws.calls({ operation: 'UpdateLicenseConfiguration' });
    expect(write.parameters).toEqual({ LicenseConfigurationArn: license, LicenseConfigurationStatus: 'DISABLED' });
  });

  test('is updated', async () => {
    const license = await bench.license();
    for (const Status of ['DISABLED', 'AVAILABLE', 'DISABLED']) {
      await bench.function.request({
        type: 'Update', resourceType: STATUS, physicalId: `${license}|status`, properties: { LicenseConfigurationArn: license, Status },
      });
      expect((await bench.licenses())[0].Status).toBe(Status);
    }
  });

  test('of another license gets another id', async () => {
    const [old, other] = [await bench.license(), await bench.license({ Name: 'sql-server' })];
    const { answer } = await bench.function.request({
      type: 'Update', resourceType: STATUS, physicalId: `${old}|status`, properties: { LicenseConfigurationArn: other, Status: 'DISABLED' },
    });
    expect(answer!.PhysicalResourceId).toBe(`${other}|status`);
  });

  test('stays as it is when it is deleted, without a call', async () => {
    const license = await bench.license();
    await bench.function.request({ resourceType: STATUS, properties: { LicenseConfigurationArn: license, Status: 'DISABLED' } });
    await bench.localAws.clearCalls();
    const { answer } = await bench.function.request({
      type: 'Delete', resourceType: STATUS, physicalId: `${license}|status`, properties: { LicenseConfigurationArn: license, Status: 'DISABLED' },
    });
    expect(answer!.Status).toBe('SUCCESS');
    expect((await bench.licenses())[0].Status).toBe('DISABLED');
    expect(await bench.operations()).toEqual([]);
  });

  test('that a running instance stands against tells the way out', async () => {
    await bench.localAws.seed({ resources: [{ arn: bench.instance(), state: 'running' }] });
    const license = await bench.license();
    await bench.associate(license, bench.instance());
    const { answer } = await bench.function.request({ resourceType: STATUS, properties: { LicenseConfigurationArn: license, Status: 'DISABLED' } });
    expect(answer!.Reason).toContain('A license can be deactivated only while no running instance has it: stop those instances or remove the license'
      + ' from them, and deploy again.');
    expect((await bench.licenses())[0].Status).toBe('AVAILABLE');
  });

  describe('that an update is to deactivate again', () => {
    let license: string;

    const deactivate = (stackId?: string) => bench.function.request({
      type: 'Update', resourceType: STATUS, physicalId: `${license}|status`, properties: { LicenseConfigurationArn: license, Status: 'DISABLED' }, stackId,
    });

    beforeEach(async () => {
      await bench.localAws.seed({ resources: [{ arn: bench.instance(), state: 'running' }] });
      license = await bench.license();
      await bench.associate(license, bench.instance());
    });

    test('stays active in a roll-back, when an instance has been launched with the license meanwhile, and the log tells of it', async () => {
      const { answer, logs } = await deactivate(await bench.rolledBackStack());
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${license}|status` });
      expect(logs).toContainEqual(expect.objectContaining({ level: 'WARN', message: 'It is rolled back, and stays active', licenseConfigurationArn: license }));
      expect((await bench.licenses())[0].Status).toBe('AVAILABLE');
    });

    test('fails in a deployment', async () => {
      expect((await deactivate()).answer!.Reason).toContain('A license can be deactivated only while no running instance has it');
    });

    test('fails in a roll-back for another reason', async () => {
      await bench.localAws.fault({ operation: 'UpdateLicenseConfiguration', kind: 'access-denied', message: 'No' });
      expect((await deactivate(await bench.rolledBackStack())).answer!.Reason).toMatch(/failed: AccessDeniedException: No/);
    });
  });

  test.each([
    ['Service role not found', 'License Manager works with service-linked roles that do not exist in this account'],
    ['The license configuration was not found', 'Check that it exists in this account and Region'],
    ['Invalid license configuration ARN', 'Check that it exists in this account and Region'],
    ['The license count is lower than the licenses in use', 'A hard limit cannot be lower than what is in use'],
    ['LicenseCount is lower than the licenses in use', 'A hard limit cannot be lower than what is in use'],
    ['The hard limit is lower than the licenses in use', 'A hard limit cannot be lower than what is in use'],
    ['HardLimit is lower than the licenses in use', 'A hard limit cannot be lower than what is in use'],
    ['It is attached to a running instance', 'A license can be deactivated only while no running instance has it'],
  ])('that is refused with "%s" gets the advice that fits', async (message, advice) => {
    const license = await bench.license();
    await bench.localAws.fault({ operation: 'UpdateLicenseConfiguration', kind: 'error', code: 'InvalidParameterValueException', message });
    const { answer } = await bench.function.request({ resourceType: STATUS, properties: { LicenseConfigurationArn: license, Status: 'DISABLED' } });
    expect(answer!.Reason).toContain(`${message} (request id`);
    expect(answer!.Reason!.split('). ')[1]).toMatch(new RegExp(`^${advice}`));
  });

  test('of a license that does not exist fails', async () => {
    const { answer } = await bench.function.request({
      resourceType: STATUS,
      properties: {
        LicenseConfigurationArn: `arn:aws:license-manager:${bench.localAws.region}:${bench.localAws.account}:license-configuration:lic-${'0'.repeat(32)}`,
        Status: 'DISABLED',
      },
    });
    expect(answer!.Reason).toContain('Check that it exists in this account and Region, was not deleted outside of CloudFormation and, if it belongs to'
      + ' another account, is shared with this one.');
  });
});
