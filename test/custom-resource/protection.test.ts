import { describeFunction, NOTHING_CREATED, PROTECTION } from './support/licenses';

const TERMS = '["vCPU",["#minimumVcpus=2"]]';
const OTHER = '["vCPU",["#minimumVcpus=4"]]';

describeFunction('the protection of a license', (bench) => {
  const protect = (Terms: string, more: object = {}) => bench.function.request({ resourceType: PROTECTION, properties: { Terms }, ...more });

  test('refuses other terms, and takes the same, also when what was refused is rolled back', async () => {
    const { answer: created } = await protect(TERMS);
    expect(created).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: expect.stringMatching(/^protection-[0-9a-f]{32}$/) });
    const physicalId = created!.PhysicalResourceId;

    const { answer: changed } = await protect(OTHER, { type: 'Update', physicalId, oldProperties: { Terms: TERMS } });
    expect(changed).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: physicalId,
      Reason: 'the license is protected from replacement, and its counting type or its rules are others than when it was protected, so that CloudFormation '
        + 'would replace it. Make a second license beside it, or set protectFromReplacement to false in the deployment that is to replace it.',
    });

    const { answer: rolledBack } = await protect(TERMS, { type: 'Update', physicalId, oldProperties: { Terms: OTHER } });
    expect(rolledBack).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: physicalId });
  });

  test('is not the same for other terms', async () => {
    const [one, other] = [await protect(TERMS), await protect(OTHER)];
    expect(one.answer!.PhysicalResourceId).not.toBe(other.answer!.PhysicalResourceId);
  });

  test.each(['protection-0123456789abcdef0123456789abcdef', NOTHING_CREATED, 'Licenses-Protection-1ABCDEFGH'])('goes without a call: %s', async (physicalId) => {
    expect((await protect(TERMS, { type: 'Delete', physicalId })).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: physicalId });
    expect(await bench.operations()).toEqual([]);
  });
});
