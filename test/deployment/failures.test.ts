import { CfnResource, Expiration, Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { useDeployment } from './deployment';
import { LicenseConfiguration, LicenseConfigurationProps, LicenseCounting, LicensedResource, Provisioning } from '../../src';

const IMAGE = 'ami-0abcdef1234567890';
const IMAGE_ARN = `arn:aws:ec2:us-east-1::image/${IMAGE}`;

const aws = useDeployment();

beforeEach(async () => {
  await aws.localAws.reset();
  await aws.localAws.seed({ resources: [{ arn: IMAGE_ARN }] });
});

const license = (stack: Stack, props: Partial<LicenseConfigurationProps> = {}) => new LicenseConfiguration(stack, 'License', {
  licenseConfigurationName: 'database', licenseCounting: LicenseCounting.vcpus(), licenseCount: 64, provisioning: Provisioning.CUSTOM_RESOURCE, ...props,
});
const withAssociation = (stack: Stack, props: Partial<LicenseConfigurationProps> = {}) => {
  const it = license(stack, props);
  it.addAssociation('Image', { resource: LicensedResource.fromMachineImageId(IMAGE) });
};
const ofType = (stack: Stack, type: string) =>
  stack.node.findAll().filter((it): it is CfnResource => CfnResource.isCfnResource(it) && it.cfnResourceType === type);
/** The license, which is the L1 of the native type, and what else the function does. */
const customResources = (stack: Stack) => stack.node.findAll().filter((it): it is CfnResource =>
  CfnResource.isCfnResource(it) && /^(Custom::|AWS::LicenseManager::LicenseConfiguration$)/.test(it.cfnResourceType));

describe('a function that cannot start', () => {
  const TIMED_OUT = /^Custom resource 'License\w+' timed out after 3s/;

  /** The module of the handler is not there, and CloudFormation waits for seconds instead of minutes. */
  const breakFunction = (stack: Stack) => {
    const [fn] = ofType(stack, 'AWS::Lambda::Function') as CfnFunction[];
    fn.handler = 'missing.handler';
    customResources(stack).forEach((it) => it.addPropertyOverride('ServiceTimeout', '3'));
  };

  test('fails the update within the service timeout, and the license is left as it was', async () => {
    expect(await aws.deploy('Broken', (stack) => withAssociation(stack))).toMatchObject({ succeeded: true });
    const before = await aws.onlyLicense();

    const result = await aws.deploy('Broken', (stack) => {
      withAssociation(stack, { licenseCount: 128 });
      breakFunction(stack);
    });

    expect(result.succeeded).toBe(false);
    expect(await aws.failures('Broken')).toEqual([expect.stringMatching(TIMED_OUT)]);
    expect(await aws.stackStatus('Broken')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await aws.onlyLicense()).toEqual(before);
    // It works again.
    expect(await aws.destroy('Broken')).toMatchObject({ succeeded: true });
    expect(await aws.licenses()).toEqual([]);
  });

  test('fails the first deployment within the service timeout, and once more the roll-back, which asks the same function to delete', async () => {
    const result = await aws.deploy('NeverStarted', (stack) => {
      withAssociation(stack);
      breakFunction(stack);
    });

    expect(result.succeeded).toBe(false);
    expect(await aws.failures('NeverStarted')).toEqual([
      expect.stringMatching(TIMED_OUT), expect.stringMatching(TIMED_OUT), 'The following resource(s) failed to delete: [License2362D0E8].',
    ]);
    expect(await aws.stackStatus('NeverStarted')).toBe('ROLLBACK_FAILED');
    expect(await aws.licenses()).toEqual([]);
  });
});

describe('a permission that is missing', () => {
  /** Takes an action out of all policies of the function. */
  const forbid = (stack: Stack, action: string) => {
    for (const policy of [...ofType(stack, 'AWS::IAM::Policy'), ...ofType(stack, 'AWS::IAM::RolePolicy')]) {
      const { Statement } = stack.resolve((policy as any).policyDocument);
      (Statement as any[]).forEach((statement, index) => {
        const actions = [statement.Action].flat();
        if (actions.includes(action)) {
          const left = actions.filter((it) => it !== action);
          policy.addPropertyOverride(`PolicyDocument.Statement.${index}.Action`, left.length > 0 ? left : ['license-manager:GetServiceSettings']);
        }
      });
    }
  };

  test('fails the deployment, and the failure names it', async () => {
    // Side by side, as the function tries for some seconds: a permission that was just given may not have arrived.
    await Promise.all([
      'CreateLicenseConfiguration',
      'ListLicenseSpecificationsForResource',
      'UpdateLicenseSpecificationsForResource',
    ].map(async (operation) => {
      const action = `license-manager:${operation}`;

      const result = await aws.deploy(operation, (stack) => {
        withAssociation(stack);
        forbid(stack, action);
      });

      expect(result.succeeded).toBe(false);
      expect(await aws.stackStatus(operation)).toBe('ROLLBACK_COMPLETE');
      const [reason, ...more] = await aws.failures(operation);
      expect(more).toEqual([]);
      expect(reason).toMatch(new RegExp(
        `^${operation} of \\S+ failed: AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/\\S+ is not authorized to ` +
        `perform: ${action} on resource: \\S+ because no identity-based policy allows the ${action} action\\. Check that what it is about belongs to ` +
        'this account or is shared with it, that nobody changed the policies of the role of the stack\'s function, and that no service control ' +
        'policy or permissions boundary denies the operation\\.$'));
      expect(result.output).toContain(reason);
    }));
    expect(await aws.licenses()).toEqual([]);
  });
});

describe('License Manager', () => {
  test('throttles in the middle of a deployment, which succeeds nevertheless', async () => {
    for (const operation of ['CreateLicenseConfiguration', 'UpdateLicenseSpecificationsForResource']) {
      await aws.localAws.fault({ operation, kind: 'throttle', times: 2 });
    }

    expect(await aws.deploy('Throttled', (stack) => withAssociation(stack))).toMatchObject({ succeeded: true });

    expect(await aws.associations((await aws.onlyLicense()).LicenseConfigurationArn!)).toEqual([IMAGE_ARN]);
    expect((await aws.localAws.faults()).map(({ hits }) => hits)).toEqual([2, 2]);
  });

  test('fails for good in the middle of an update, which is rolled back to what was before', async () => {
    expect(await aws.deploy('Failing', (stack) => withAssociation(stack))).toMatchObject({ succeeded: true });
    const before = await aws.onlyLicense();
    await aws.localAws.fault({ operation: 'UpdateLicenseSpecificationsForResource', kind: 'server-error', times: null });

    const result = await aws.deploy('Failing', (stack) => {
      const it = license(stack, { licenseCount: 128 });
      it.addAssociation('Image', { resource: LicensedResource.fromMachineImageId(IMAGE) });
      it.addAssociation('OtherImage', { resource: LicensedResource.fromMachineImageId('ami-0fedcba9876543210') });
    });

    expect(result.succeeded).toBe(false);
    expect(await aws.failures('Failing')).toEqual([expect.stringMatching(
      /^UpdateLicenseSpecificationsForResource of \S+ami-0fedcba9876543210 failed: ServerInternalException: The server experienced an internal error/)]);
    expect(await aws.stackStatus('Failing')).toBe('UPDATE_ROLLBACK_COMPLETE');
    await aws.localAws.clearFaults();
    expect(await aws.onlyLicense()).toEqual(before);
    expect(await aws.associations(before.LicenseConfigurationArn!)).toEqual([IMAGE_ARN]);
  });

  test('fails an update that has set a count and an expiry for the first time: it is rolled back, and keeps what cannot be taken away', async () => {
    const plain = (stack: Stack, props: Partial<LicenseConfigurationProps> = {}) => license(stack, { licenseCount: undefined, ...props });
    expect(await aws.deploy('FirstCount', (stack) => void plain(stack))).toMatchObject({ succeeded: true });
    const before = await aws.onlyLicense();
    const set = { licenseCount: 64, licenseCountHardLimit: true, licenseExpiry: Expiration.atTimestamp(1_945_936_000_000) };

    const result = await aws.deploy('FirstCount', (stack) => {
      plain(stack, set).addAssociation('Image', { resource: LicensedResource.fromMachineImageId('ami-00000000000000bad') });
    });

    expect(result.succeeded).toBe(false);
    expect(await aws.stackStatus('FirstCount')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await aws.onlyLicense()).toEqual({ ...before, LicenseCount: 64, LicenseExpiry: 1_945_936_000 });
    // The stack can be updated again, and taking it away is refused with the way out.
    expect(await aws.deploy('FirstCount', (stack) => void plain(stack, set))).toMatchObject({ succeeded: true });
    expect((await aws.deploy('FirstCount', (stack) => void plain(stack))).output).toContain(
      'the license has a LicenseCount of 64, which License Manager cannot remove. Set licenseCount to the value that is to hold');
    expect(await aws.stackStatus('FirstCount')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await aws.destroy('FirstCount')).toMatchObject({ succeeded: true });
  });

  test('creates a license and the connection is cut before it answers: there is one license, and the stack has it', async () => {
    await aws.localAws.fault({ operation: 'CreateLicenseConfiguration', kind: 'cut-after' });

    expect(await aws.deploy('Cut', (stack) => withAssociation(stack))).toMatchObject({ succeeded: true });

    const only = await aws.onlyLicense();
    expect(await aws.licenseOf('Cut')).toEqual(only);
    expect(await aws.localAws.calls({ operation: 'CreateLicenseConfiguration' })).toHaveLength(1);
    expect(await aws.destroy('Cut')).toMatchObject({ succeeded: true });
    expect(await aws.licenses()).toEqual([]);
  });
});
