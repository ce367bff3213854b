import { type Bench, describeFunction, DISASSOCIATION, RELEASED } from './support/licenses';

function remove(bench: Bench, license: string, more: object = {}) {
  return bench.function.request({
    type: 'Delete', resourceType: DISASSOCIATION, physicalId: `${license}|disassociation`, properties: { LicenseConfigurationArn: license }, ...more,
  });
}

describeFunction('a disassociation', (bench) => {
  test('writes nothing and reads nothing until it is deleted', async () => {
    const license = await bench.license(RELEASED);
    await bench.associate(license, bench.image());
    for (const type of ['Create', 'Update']) {
      const { answer } = await bench.function.request({
        type, resourceType: DISASSOCIATION, properties: { LicenseConfigurationArn: license }, ...(type === 'Update' ? { physicalId: 'x' } : {}),
      });
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${license}|disassociation` });
    }
    expect(await bench.operations()).toEqual([]);
    expect(await bench.associations(license)).toEqual([bench.image()]);
  });

  test('releases all pages, and says in the log what it released', async () => {
    const resources = [1, 2, 3, 4, 5, 6, 7].map((number) => bench.image(number));
    await bench.reset(...resources);
    const [license, other] = [await bench.license(RELEASED), await bench.license({ ...RELEASED, Name: 'sql-server' })];
    for (const [index, resource] of resources.entries()) {
      await bench.associate(license, resource, index % 2 ? 'cross-account' : undefined);
      await bench.associate(other, resource);
    }
    await bench.localAws.seed({ settings: { pageSize: 2, emptyPages: true } });
    const { answer, logs } = await remove(bench, license);
    expect(answer!.Status).toBe('SUCCESS');
    expect(await bench.associations(license)).toEqual([]);
    expect(await bench.associations(other)).toEqual(resources);
    expect(logs.filter(({ message }) => message === 'Released').map(({ resourceArn }) => resourceArn)).toEqual(resources);
  });

  test('of a license without associations writes nothing', async () => {
    const license = await bench.license(RELEASED);
    expect((await remove(bench, license)).answer!.Status).toBe('SUCCESS');
    expect(await bench.writes()).toEqual([]);
  });

  test('of a license that is gone asks no further, and says so in the log', async () => {
    const license = `${(await bench.license(RELEASED)).slice(0, -4)}0000`;
    const { answer, logs } = await remove(bench, license);
    expect(answer!.Status).toBe('SUCCESS');
    expect(await bench.operations()).toEqual(['ListTagsForResource']);
    expect(logs).toContainEqual(expect.objectContaining({
      message: 'Nothing is released', licenseConfigurationArn: license, reason: 'it is gone',
    }));
  });

  test('of a license that goes meanwhile writes nothing', async () => {
    const license = await bench.license(RELEASED);
    await bench.associate(license, bench.image());
    await bench.localAws.fault({ operation: 'ListAssociationsForLicenseConfiguration', kind: 'not-found' });
    expect((await remove(bench, license)).answer!.Status).toBe('SUCCESS');
    expect(await bench.writes()).toEqual([]);
  });

  test.each([
    ['no tags', []],
    ['other tags', [{ Key: 'cdk-license-manager:stack-id', Value: 'true' }]],
    ['another value of the tag', [{ ...RELEASED.Tags[0], Value: 'false' }]],
  ])('of a license with %s, which lives on, writes nothing, and says so in the log', async (_what, Tags) => {
    const license = await bench.license({ Tags });
    await bench.associate(license, bench.image());
    const { answer, logs } = await remove(bench, license);
    expect(answer!.Status).toBe('SUCCESS');
    expect(await bench.operations()).toEqual(['ListTagsForResource']);
    expect(await bench.associations(license)).toEqual([bench.image()]);
    expect(logs).toContainEqual(expect.objectContaining({
      message: 'Nothing is released',
      licenseConfigurationArn: license,
      reason: 'it does not have the tag \'cdk-license-manager:disassociate-resources-on-delete\' = \'true\': '
        + 'disassociateResourcesOnDelete was turned off, or somebody removed the tag',
    }));
  });

  test('of a license whose tags cannot be read fails, and writes nothing', async () => {
    const license = await bench.license(RELEASED);
    await bench.associate(license, bench.image());
    await bench.localAws.fault({ operation: 'ListTagsForResource', kind: 'error', code: 'AuthorizationException', message: 'No', times: null });
    const { answer } = await remove(bench, license);
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^ListTagsForResource of .+ failed: AuthorizationException: No/) });
    expect(await bench.associations(license)).toEqual([bench.image()]);
  });

  test('of a replaced license leaves the associations of the new one', async () => {
    const [old, replacing] = [await bench.license(RELEASED), await bench.license(RELEASED)];
    await bench.associate(old, bench.image());
    await bench.associate(replacing, bench.image());
    await remove(bench, old, { properties: { LicenseConfigurationArn: replacing } });
    expect(await bench.associations(old)).toEqual([]);
    expect(await bench.associations(replacing)).toEqual([bench.image()]);
  });

  test('releases 300 associations although License Manager throttles every call twice', async () => {
    const resources = Array.from({ length: 300 }, (_, index) => `arn:aws:ec2:${bench.localAws.region}::image/ami-${String(index).padStart(17, '0')}`);
    await bench.reset(...resources);
    const license = await bench.license(RELEASED);
    await bench.localAws.seed({
      associations: resources.map((resourceArn) => ({ licenseConfigurationArn: license, resourceArn, resourceType: 'EC2_AMI', discovered: false })),
    });
    await bench.localAws.fault({ operation: '*', kind: 'throttle', times: 2, every: 3 });
    const { answer } = await remove(bench, license, { serviceTimeout: 1200 });
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(await bench.associations(license)).toEqual([]);
    expect((await bench.writes()).length).toBe(900);
  }, 120_000);

  test.each([
    ['an instance that is terminated', 'instance', 'terminated'],
    ['an instance that is shutting down', 'instance', 'shutting-down'],
    ['an AMI that is deregistered', 'image', 'deregistered'],
    ['a host that is released', 'host', 'released'],
  ] as const)('leaves %s to License Manager, which releases it itself, and says so in the log', async (_what, kind, state) => {
    await bench.reset(bench[kind](), bench[kind](2));
    const license = await bench.license(RELEASED);
    await bench.associate(license, bench[kind]());
    await bench.associate(license, bench[kind](2));
    await bench.localAws.seed({ resources: [{ arn: bench[kind](), state }] });
    const { answer, logs } = await remove(bench, license);
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(logs).toContainEqual(expect.objectContaining({
      level: 'WARN', message: 'The resource is gone, and License Manager releases its licenses itself', resourceArn: bench[kind](),
    }));
    expect(await bench.associations(license)).toEqual([bench[kind]()]);
  });

  test('of which somebody else releases something at the same moment succeeds', async () => {
    const license = await bench.license(RELEASED);
    await bench.associate(license, bench.image());
    await bench.localAws.fault({ operation: 'UpdateLicenseSpecificationsForResource', kind: 'access-denied', message: 'No', done: true });
    expect((await remove(bench, license)).answer!.Status).toBe('SUCCESS');
  });

  test('goes on over what cannot be released, and names it in the end', async () => {
    const license = await bench.license(RELEASED);
    const node = `arn:aws:ssm:${bench.localAws.region}:${bench.localAws.account}:managed-instance/mi-00000000000000001`;
    await bench.associate(license, bench.image());
    await bench.localAws.seed({ associations: [{ licenseConfigurationArn: license, resourceArn: node }] });
    await bench.associate(license, bench.instance());
    const { answer, logs } = await remove(bench, license);
    expect(answer!.Status).toBe('FAILED');
    expect(answer!.Reason).toMatch(new RegExp(`^UpdateLicenseSpecificationsForResource could not release 1 of the associations of ${license}: ${node} `
      + '\\(SYSTEMS_MANAGER_MANAGED_INSTANCE\\): InvalidParameterValueException: .+ \\(request id [0-9a-f-]+\\)\\. License Manager itself releases '
      + 'deregistered AMIs within 8 hours and what automated discovery has found when the product information no longer matches\\. Then delete the '
      + 'stack again\\.$'));
    expect(logs).toContainEqual(expect.objectContaining({ level: 'ERROR', message: 'Not released', resourceArn: node }));
    expect(await bench.associations(license)).toEqual([node]);
  });

  test('names no more than fits into an answer', async () => {
    const license = await bench.license(RELEASED);
    const nodes = Array.from({ length: 60 }, (_, index) =>
      `arn:aws:ssm:${bench.localAws.region}:${bench.localAws.account}:managed-instance/mi-${String(index).padStart(17, '0')}`);
    await bench.localAws.seed({ associations: nodes.map((resourceArn) => ({ licenseConfigurationArn: license, resourceArn })) });
    const { answer } = await remove(bench, license);
    expect(answer!.Reason).toContain('could not release 60 of the associations');
    expect(answer!.Reason).toContain(' and 50 more');
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(4096);
  });

  test('stops before the function ends, and says how to go on', async () => {
    const license = await bench.license(RELEASED);
    await bench.associate(license, bench.image());
    await bench.associate(license, bench.instance());
    // Each call takes 50 milliseconds: time for two lists, a look at the stack, and the first release.
    const { answer } = await remove(bench, license, { remaining: 30_200 });
    expect(answer).toMatchObject({
      Status: 'FAILED',
      Reason: `1 of 2 associations of ${license} were released before the function's time was up. Delete the stack, or deploy it, again to release the rest.`,
    });
    expect((await remove(bench, license)).answer!.Status).toBe('SUCCESS');
    expect(await bench.associations(license)).toEqual([]);
  });
});
