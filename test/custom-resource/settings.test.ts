/*
 * What an account and an organization have once: settings, roles, administrators.
 */
import { describeFunction, NOTHING_CREATED } from './support/licenses';
import { DEFINITIONS } from '../../src/custom-resource/contract/definitions';

const SETTINGS = DEFINITIONS.serviceSettings.type;
const ROLE = DEFINITIONS.serviceLinkedRole.type;
const SHARING = DEFINITIONS.organizationSharing.type;
const ADMINISTRATOR = DEFINITIONS.delegatedAdministrator.type;
const LINUX = DEFINITIONS.linuxSubscriptionsSettings.type;

const CORE = 'license-manager.amazonaws.com';
const LINUX_SERVICE = 'license-manager-linux-subscriptions.amazonaws.com';

describeFunction('the settings', (bench) => {
  const place = () => `${bench.localAws.account}:${bench.localAws.region}`;
  const manage = (more: object = {}) => bench.localAws.seed({
    settings: { organizationManagementAccount: bench.localAws.account, organizationAccounts: ['444455556666', '777788889999'], ...more },
  });
  const called = async (...services: string[]) => (await Promise.all(services.map((service) => bench.localAws.calls({ service })))).flat();
  const parametersOf = async (operation: string, service = 'license-manager') => (await bench.localAws.calls({ service, operation })).map(({ parameters }) => parameters);

  describe('of License Manager', () => {
    const id = () => `settings:${place()}`;
    const run = (properties: object, more: object = {}) => bench.function.request({ resourceType: SETTINGS, properties, ...more });

    test('are written in one call, in the names of the API, and read back', async () => {
      await manage();
      const properties = { OrganizationIntegration: 'true', DiscoverySourceRegions: ['eu-west-1', 'us-east-1'] };
      const { answer } = await run(properties);
      expect(answer).toMatchObject({
        Status: 'SUCCESS', PhysicalResourceId: `${id()}:turned-on`, Data: { LicenseManagerResourceShareArn: expect.stringMatching(/^arn:aws:ram:/) },
      });
      expect(await parametersOf('UpdateServiceSettings')).toEqual([{
        OrganizationConfiguration: { EnableIntegration: true }, EnabledDiscoverySourceRegions: ['eu-west-1', 'us-east-1'],
      }]);
      await bench.localAws.clearCalls();
      expect((await run(properties, { type: 'Update', physicalId: `${id()}:turned-on`, oldProperties: properties })).answer!.Status).toBe('SUCCESS');
      expect((await called('license-manager')).map(({ operation }) => operation)).toEqual(['GetServiceSettings']);
    });

    test('discovery across accounts is written, and once it is on, it is left', async () => {
      await manage();
      expect((await run({ CrossAccountsDiscovery: 'true' })).answer!.Status).toBe('SUCCESS');
      expect(await parametersOf('UpdateServiceSettings')).toEqual([{ EnableCrossAccountsDiscovery: true }]);
      await bench.localAws.clearCalls();
      expect((await run({ CrossAccountsDiscovery: 'true' })).answer!.Status).toBe('SUCCESS');
      expect(await parametersOf('UpdateServiceSettings')).toEqual([]);
    });

    test('that somebody else has made are not overwritten, and both values are told', async () => {
      await bench.localAws.seed({ settings: { serviceSettings: { S3BucketArn: 'arn:aws:s3:::aws-license-manager-service-theirs' } } });
      const { answer } = await run({ S3BucketArn: 'arn:aws:s3:::aws-license-manager-service-ours' });
      expect(answer).toMatchObject({
        Status: 'FAILED',
        PhysicalResourceId: NOTHING_CREATED,
        Reason: "somebody else has set S3BucketArn to 'arn:aws:s3:::aws-license-manager-service-theirs', and the template sets it to "
          + "'arn:aws:s3:::aws-license-manager-service-ours'. There is one of the settings of License Manager in an account and a Region. Leave it out of the "
          + 'template, or set overwriteExistingSettings to true.',
      });
      expect(await parametersOf('UpdateServiceSettings')).toEqual([]);
    });

    test('a bucket that License Manager does not take fails with what to do', async () => {
      const { answer } = await run({ S3BucketArn: 'arn:aws:s3:::reports' });
      expect(answer!.Reason).toMatch(/^UpdateServiceSettings of the account failed: .+License Manager takes a bucket of this Region whose name begins with /);
    });

    test('a link outside of the management account fails with what to do', async () => {
      await bench.localAws.seed({ settings: { organizationManagementAccount: '999900001111' } });
      const { answer } = await run({ OrganizationIntegration: 'true' });
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: expect.stringContaining('cdk-license-manager:') });
      expect(answer!.Reason).toContain('management account');
    });

    test.each([
      ['nothing is written', undefined, []],
      ['the link that it has made is ended where that is spelled out', 'true', [{ OrganizationConfiguration: { EnableIntegration: false } }]],
    ])('at a delete %s', async (_, TurnOffOnDelete, written) => {
      await manage();
      const properties = { OrganizationIntegration: 'true', DiscoverySourceRegions: ['us-east-1'], TurnOffOnDelete };
      const { answer } = await run(properties);
      await bench.localAws.clearCalls();
      const removed = await run(properties, { type: 'Delete', physicalId: answer!.PhysicalResourceId });
      expect(removed.answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: answer!.PhysicalResourceId });
      expect(await parametersOf('UpdateServiceSettings')).toEqual(written);
    });

    test('a link that was there before is never ended', async () => {
      await manage();
      await run({ OrganizationIntegration: 'true' });
      const properties = { OrganizationIntegration: 'true', TurnOffOnDelete: 'true' };
      const { answer } = await run(properties, { logicalId: 'Other' });
      expect(answer!.PhysicalResourceId).toBe(id());
      await bench.localAws.clearCalls();
      expect((await run(properties, { type: 'Delete', physicalId: id() })).answer!.Status).toBe('SUCCESS');
      expect(await called('license-manager')).toEqual([]);
    });

    test('a write that was refused leaves what was there', async () => {
      await manage();
      await run({ DiscoverySourceRegions: ['us-east-1'] });
      await bench.localAws.fault({ service: 'license-manager', operation: 'UpdateServiceSettings', kind: 'access-denied', times: null });
      const { answer } = await run({ DiscoverySourceRegions: ['eu-west-1'] }, {
        type: 'Update', physicalId: id(), oldProperties: { DiscoverySourceRegions: ['us-east-1'] },
      });
      expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id() });
      await bench.localAws.clearFaults();
      const { answer: again } = await run({ DiscoverySourceRegions: ['us-east-1'] }, {
        type: 'Update', physicalId: id(), oldProperties: { DiscoverySourceRegions: ['eu-west-1'] },
      });
      expect(again!.Status).toBe('SUCCESS');
    });

    describe('that License Manager refuses after it has done a part of the write', () => {
      const DISCOVERY = { DiscoverySourceRegions: ['eu-west-1', 'us-west-2'] };
      const refuse = (more: object = {}) => bench.localAws.fault({
        operation: 'UpdateServiceSettings', kind: 'error', code: 'InvalidParameterValueException', message: 'No', done: true, ...more,
      });
      const regions = async () => [...(await bench.localAws.state()).settings.serviceSettings.CrossRegionDiscoverySourceRegions as string[]].sort();

      beforeEach(async () => {
        await manage();
        await run({ DiscoverySourceRegions: ['us-east-1'] });
        await bench.localAws.clearCalls();
      });
      const change = () => run(DISCOVERY, { type: 'Update', physicalId: id(), oldProperties: { DiscoverySourceRegions: ['us-east-1'] } });

      test('are put back', async () => {
        await refuse();
        expect((await change()).answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id(), Reason: expect.stringContaining(': No') });
        expect(await regions()).toEqual(['us-east-1']);
        expect(await parametersOf('UpdateServiceSettings')).toEqual([
          { EnabledDiscoverySourceRegions: ['eu-west-1', 'us-west-2'] }, { EnabledDiscoverySourceRegions: ['us-east-1'] },
        ]);
      });

      test('the link that was not there is ended, and nothing else is written', async () => {
        await refuse();
        const { answer } = await run({ OrganizationIntegration: 'true' }, { type: 'Update', physicalId: id(), oldProperties: {} });
        expect(answer!.Status).toBe('FAILED');
        expect(await parametersOf('UpdateServiceSettings')).toEqual([
          { OrganizationConfiguration: { EnableIntegration: true } }, { OrganizationConfiguration: { EnableIntegration: false } },
        ]);
      });

      test('are left where nothing was done', async () => {
        await refuse({ done: false });
        expect((await change()).answer!.Status).toBe('FAILED');
        expect(await parametersOf('UpdateServiceSettings')).toHaveLength(1);
      });

      test('fail with the first error where they cannot be put back, which the log says', async () => {
        await refuse();
        await bench.localAws.fault({ operation: 'UpdateServiceSettings', kind: 'error', code: 'AccessDeniedException', message: 'Neither', nth: 2, times: null });
        const { answer, logs } = await change();
        expect(answer!.Reason).toContain(': No');
        expect(logs).toContainEqual(expect.objectContaining({
          message: 'What was there before the change was not put back', error: expect.stringContaining('Neither'),
        }));
      });
    });

    test('that the template has not set before are not overwritten by a change either', async () => {
      await bench.localAws.seed({ settings: { serviceSettings: { S3BucketArn: 'arn:aws:s3:::aws-license-manager-service-theirs' } } });
      const properties = { S3BucketArn: 'arn:aws:s3:::aws-license-manager-service-ours', DiscoverySourceRegions: ['us-east-1'] };
      const { answer } = await run(properties, { type: 'Update', physicalId: id(), oldProperties: { DiscoverySourceRegions: ['us-east-1'] } });
      expect(answer!.Reason).toMatch(/^somebody else has set S3BucketArn to 'arn:aws:s3:::aws-license-manager-service-theirs'/);
      expect(await parametersOf('UpdateServiceSettings')).toEqual([]);
    });

    test('of two that somebody else has made both are told', async () => {
      await bench.localAws.seed({
        settings: { serviceSettings: { S3BucketArn: 'arn:aws:s3:::theirs', CrossRegionDiscoverySourceRegions: ['eu-west-1'] } },
      });
      const { answer } = await run({ S3BucketArn: 'arn:aws:s3:::ours', DiscoverySourceRegions: ['us-east-1'] });
      expect(answer!.Reason).toContain("set S3BucketArn to 'arn:aws:s3:::theirs', and the template sets it to 'arn:aws:s3:::ours'; "
        + 'DiscoverySourceRegions to ["eu-west-1"], and the template sets it to ["us-east-1"]. There is one of ');
    });

    test('a link that somebody has ended since is not ended again', async () => {
      await manage();
      const properties = { OrganizationIntegration: 'true', TurnOffOnDelete: 'true' };
      const { answer } = await run(properties);
      await bench.localAws.seed({ settings: { serviceSettings: { OrganizationConfiguration: { EnableIntegration: false } } } });
      await bench.localAws.clearCalls();
      expect((await run(properties, { type: 'Delete', physicalId: answer!.PhysicalResourceId })).answer!.Status).toBe('SUCCESS');
      expect(await parametersOf('UpdateServiceSettings')).toEqual([]);
    });
  });

  describe('a service-linked role', () => {
    const run = (AWSServiceName: string, more: object = {}) =>
      bench.function.request({ resourceType: ROLE, properties: { AWSServiceName }, ...more });

    test.each([
      [CORE, 'AWSServiceRoleForAWSLicenseManagerRole'],
      ['license-manager.master-account.amazonaws.com', 'AWSServiceRoleForAWSLicenseManagerMasterAccountRole'],
      ['license-manager.member-account.amazonaws.com', 'AWSServiceRoleForAWSLicenseManagerMemberAccountRole'],
      ['license-manager-user-subscriptions.amazonaws.com', 'AWSServiceRoleForAWSLicenseManagerUserSubscriptionsService'],
      [LINUX_SERVICE, 'AWSServiceRoleForAWSLicenseManagerLinuxSubscriptionsService'],
      ['license-management.marketplace.amazonaws.com', 'AWSServiceRoleForMarketplaceLicenseManagement'],
    ])('of %s is made where it is not, and found where it is', async (service, RoleName) => {
      await bench.localAws.seed({ settings: { serviceLinkedRoles: [] } });
      const first = await run(service);
      expect(first.answer).toMatchObject({
        Status: 'SUCCESS',
        PhysicalResourceId: `${service}|service-linked-role`,
        Data: { Arn: `arn:aws:iam::${bench.localAws.account}:role/aws-service-role/${service}/${RoleName}` },
      });
      await bench.localAws.clearCalls();
      expect((await run(service)).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: first.answer!.PhysicalResourceId, Data: first.answer!.Data });
      expect((await called('iam')).map(({ operation }) => operation)).toEqual(['GetRole']);
    });

    test.each<[what: string, code: string, message: string, status: string]>([
      ['somebody else has made in the meantime is taken as it is', 'InvalidInput', 'Service role name AWSServiceRoleForX has been taken in this account', 'SUCCESS'],
      ['IAM refuses for another input is not taken for one', 'InvalidInput', 'No', 'FAILED'],
      ['IAM refuses for another reason is not taken for one', 'AccessDenied', 'It has been taken', 'FAILED'],
    ])('that %s', async (_, code, message, status) => {
      await bench.localAws.seed({ settings: { serviceLinkedRoles: [] } });
      await bench.localAws.fault({ service: 'iam', operation: 'CreateServiceLinkedRole', kind: 'error', code, message, done: status === 'SUCCESS' });
      const { answer } = await run(CORE);
      expect(answer!.Status).toBe(status);
      expect(answer!.Reason ?? '').toContain(status === 'SUCCESS' ? '' : message);
    });

    test('is waited for until License Manager knows it', async () => {
      await bench.localAws.seed({ settings: { serviceLinkedRoles: [], serviceLinkedRoleDelay: 3 } });
      const { answer, logs } = await run(CORE);
      expect(answer!.Status).toBe('SUCCESS');
      expect(logs.filter(({ message }) => message === 'Waiting')).toHaveLength(3);
    });

    test('is not waited for longer than two minutes', async () => {
      await bench.localAws.seed({ settings: { serviceLinkedRoles: [], serviceLinkedRoleDelay: 1000 } });
      const { answer, logs } = await run(CORE);
      expect(answer!.Status).toBe('SUCCESS');
      expect(logs.filter(({ message }) => message === 'Waiting').length).toBeLessThanOrEqual(24);
    });

    test('that somebody makes at the same time is done', async () => {
      await bench.localAws.fault({ service: 'iam', operation: 'GetRole', kind: 'error', code: 'NoSuchEntity', message: 'The role cannot be found.' });
      expect((await run(CORE)).answer).toMatchObject({ Status: 'SUCCESS' });
    });

    test('stays at a delete, without a call', async () => {
      expect((await run(CORE, { type: 'Delete', physicalId: `${CORE}|service-linked-role` })).answer!.Status).toBe('SUCCESS');
      expect(await called('iam', 'license-manager')).toEqual([]);
    });

    test('that is missing is what is said of whatever License Manager refuses for it, with each of its codes', async () => {
      for (const serviceRoleNotFound of ['AccessDeniedException', 'AuthorizationException'] as const) {
        await bench.localAws.seed({ settings: { serviceLinkedRoles: [], serviceRoleNotFound } });
        const { answer } = await bench.function.request({ resourceType: SETTINGS, properties: { DiscoverySourceRegions: ['us-east-1'] } });
        expect(answer!.Reason).toContain('service-linked role');
        expect(answer!.Reason).toContain('ServiceLinkedRole');
      }
    });
  });

  describe('sharing with the organization', () => {
    const run = (more: object = {}) => bench.function.request({ resourceType: SHARING, properties: {}, ...more });
    const writes = async () => (await called('ram')).map(({ operation }) => operation);

    test('is turned on once, and stays', async () => {
      await manage();
      const { answer } = await run();
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'organization-sharing' });
      expect(await writes()).toEqual(['EnableSharingWithAwsOrganization']);
      await bench.localAws.clearCalls();
      expect((await run()).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'organization-sharing' });
      expect(await writes()).toEqual([]);
      await bench.localAws.clearCalls();
      expect((await run({ type: 'Delete', physicalId: 'organization-sharing' })).answer!.Status).toBe('SUCCESS');
      expect(await called('ram', 'organizations', 'iam')).toEqual([]);
    });

    test('outside of the management account fails with what to do', async () => {
      await bench.localAws.seed({ settings: { organizationManagementAccount: '999900001111' } });
      const { answer } = await run();
      expect(answer!.Status).toBe('FAILED');
      expect(answer!.Reason).toContain('management account');
    });
  });

  describe('a delegated administrator', () => {
    const id = `${CORE}|delegated-administrator`;
    const of = (AccountId: string, ServicePrincipal = CORE) => ({ AccountId, ServicePrincipal });
    const run = (properties: object, more: object = {}) => bench.function.request({ resourceType: ADMINISTRATOR, properties, ...more });
    const writes = async () => (await called('organizations')).filter(({ operation }) => !/^(List|Describe)/.test(operation))
      .map(({ operation, parameters }) => `${operation} ${(parameters as any).AccountId}`);

    beforeEach(() => manage({ organizationServiceAccess: [CORE, LINUX_SERVICE] }));

    test('is registered if it is not', async () => {
      for (const expected of [['RegisterDelegatedAdministrator 444455556666'], []]) {
        await bench.localAws.clearCalls();
        expect((await run(of('444455556666'))).answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
        expect(await writes()).toEqual(expected);
      }
    });

    test('of Linux subscriptions is registered although nobody has trusted them before, and they are trusted once', async () => {
      await manage({ organizationServiceAccess: [] });
      const properties = of('444455556666', LINUX_SERVICE);
      expect((await run(properties)).answer).toMatchObject({ Status: 'SUCCESS' });
      const calls = (await called('organizations')).filter(({ operation }) => !/^(List|Describe)/.test(operation));
      expect(calls.map(({ operation, parameters }) => [operation, parameters])).toEqual([
        ['EnableAWSServiceAccess', { ServicePrincipal: LINUX_SERVICE }], ['RegisterDelegatedAdministrator', properties],
      ]);
      await bench.localAws.clearCalls();
      const physicalId = `${LINUX_SERVICE}|delegated-administrator`;
      expect((await run(properties, { type: 'Update', physicalId, oldProperties: properties })).answer).toMatchObject({ Status: 'SUCCESS' });
      expect((await run(properties, { type: 'Delete', physicalId })).answer).toMatchObject({ Status: 'SUCCESS' });
      expect(await writes()).toEqual(['DeregisterDelegatedAdministrator 444455556666']);
    });

    test('gives its place to another one in one update', async () => {
      await run(of('444455556666'));
      await bench.localAws.clearCalls();
      const { answer } = await run(of('777788889999'), { type: 'Update', physicalId: id, oldProperties: of('444455556666') });
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
      expect(await writes()).toEqual(['DeregisterDelegatedAdministrator 444455556666', 'RegisterDelegatedAdministrator 777788889999']);
    });

    test('has its place back when the other one is refused', async () => {
      await run(of('444455556666'));
      await bench.localAws.clearCalls();
      const { answer } = await run(of('000000000000'), { type: 'Update', physicalId: id, oldProperties: of('444455556666') });
      expect(answer!.Reason).toMatch(/^RegisterDelegatedAdministrator of 000000000000 for license-manager.amazonaws.com failed: .+Name an account of the organization/);
      expect(await writes()).toEqual([
        'DeregisterDelegatedAdministrator 444455556666', 'RegisterDelegatedAdministrator 000000000000', 'RegisterDelegatedAdministrator 444455556666',
      ]);
    });

    test('is deregistered at a delete, and only that', async () => {
      await run(of('444455556666'));
      await bench.localAws.clearCalls();
      expect((await run(of('444455556666'), { type: 'Delete', physicalId: id })).answer!.Status).toBe('SUCCESS');
      expect(await writes()).toEqual(['DeregisterDelegatedAdministrator 444455556666']);
      await bench.localAws.clearCalls();
      expect((await run(of('444455556666'), { type: 'Delete', physicalId: id })).answer!.Status).toBe('SUCCESS');
      expect(await writes()).toEqual([]);
    });

    test('that others have registered stays', async () => {
      await run(of('777788889999'));
      await bench.localAws.clearCalls();
      expect((await run(of('444455556666'), { type: 'Delete', physicalId: id })).answer!.Status).toBe('SUCCESS');
      expect(await writes()).toEqual([]);
    });

    test.each<[what: string, properties: object, settings: object, text: string]>([
      ['for what is not linked', of('444455556666'), { organizationServiceAccess: [] }, 'Link the organization first'],
      ['that is the management account', {}, {}, 'cannot be its own delegated administrator'],
      ['beside another one', of('444455556666'), { organizationDelegatedAdministrators: { [CORE]: ['777788889999'] } }, 'deregister that account first'],
      ['outside of the management account', of('444455556666'), { organizationManagementAccount: '999900001111' }, 'management account'],
    ])('%s fails with what to do', async (what, properties, settings, text) => {
      await manage({ organizationServiceAccess: [CORE], ...settings });
      const { answer } = await run(what.includes('that is the') ? of(bench.localAws.account) : properties);
      expect(answer).toMatchObject({ Status: 'FAILED' });
      expect(answer!.Reason).toContain(text);
    });

    test('names and addresses of accounts are in no log', async () => {
      await run(of('444455556666'));
      const { output } = await run(of('444455556666'));
      expect(output).not.toMatch(/@|Email|"Name"/);
    });
  });

  describe('of Linux subscriptions', () => {
    const id = () => `linux-settings:${bench.localAws.account}`;
    const DECLARED = { Discovery: 'Enabled', SourceRegions: ['us-east-1'] };
    const run = (properties: object, more: object = {}) => bench.function.request({ resourceType: LINUX, properties, serviceTimeout: 3600, ...more });
    const written = () => parametersOf('UpdateServiceSettings', LINUX_SERVICE.replace('.amazonaws.com', ''));

    test('are written as a whole, waited for, and left alone when they are so', async () => {
      await bench.localAws.seed({ settings: { linuxSubscriptionsReads: 3 } });
      const { answer } = await run(DECLARED);
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${id()}:turned-on`, Data: { HomeRegions: bench.localAws.region } });
      expect(await written()).toEqual([{
        LinuxSubscriptionsDiscovery: 'Enabled',
        LinuxSubscriptionsDiscoverySettings: { OrganizationIntegration: 'Disabled', SourceRegions: ['us-east-1'] },
      }]);
      await bench.localAws.clearCalls();
      expect((await run(DECLARED)).answer!.Status).toBe('SUCCESS');
      expect(await written()).toEqual([]);
    });

    test('are written again until the role is known that was made a moment ago', async () => {
      await bench.localAws.seed({ settings: { serviceLinkedRoles: [], serviceLinkedRoleDelay: 2 } });
      await bench.function.request({ resourceType: ROLE, properties: { AWSServiceName: LINUX_SERVICE } });
      const { answer, logs } = await run(DECLARED);
      expect(answer!.Status).toBe('SUCCESS');
      expect(logs).toContainEqual(expect.objectContaining({ waitingFor: 'the service-linked role is not known yet' }));
    });

    test('fail in some minutes if there is no role', async () => {
      await bench.localAws.seed({ settings: { serviceLinkedRoles: [] } });
      const { answer } = await run(DECLARED);
      expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('LicenseManagerFeature.LINUX_SUBSCRIPTIONS') });
      expect((await written()).length).toBeLessThanOrEqual(25);
    });

    test.each<[string, object]>([['a create', {}], ['an update that changes nothing', { type: 'Update', oldProperties: DECLARED }]])(
      'that could not be brought about are written again by %s, although they are as declared', async (_, more) => {
        await bench.localAws.seed({ settings: { linuxSubscriptionsFailure: 'An internal error occurred' } });
        expect((await run(DECLARED)).answer!.Reason).toContain('An internal error occurred. Deploy again');
        expect((await run(DECLARED, { physicalId: id(), ...more })).answer!.Reason).toContain('An internal error occurred. Deploy again');
        await bench.localAws.seed({ settings: { linuxSubscriptionsFailure: '' } });
        await bench.localAws.clearCalls();
        expect((await run(DECLARED, { physicalId: id(), ...more })).answer!.Status).toBe('SUCCESS');
        expect(await written()).toEqual([{
          LinuxSubscriptionsDiscovery: 'Enabled',
          LinuxSubscriptionsDiscoverySettings: { OrganizationIntegration: 'Disabled', SourceRegions: ['us-east-1'] },
        }]);
        expect((await bench.localAws.state()).linuxSubscriptions.Status).toBe('Completed');
      });

    test('keep what is not declared', async () => {
      await manage();
      expect((await run({ ...DECLARED, OrganizationIntegration: 'Enabled' })).answer!.Status).toBe('SUCCESS');
      await bench.localAws.clearCalls();
      const changed = { ...DECLARED, SourceRegions: ['us-east-1', 'eu-west-1'] };
      expect((await run(changed, { type: 'Update', physicalId: `${id()}:turned-on`, oldProperties: DECLARED })).answer!.Status).toBe('SUCCESS');
      expect(await written()).toEqual([{
        LinuxSubscriptionsDiscovery: 'Enabled',
        LinuxSubscriptionsDiscoverySettings: { OrganizationIntegration: 'Enabled', SourceRegions: ['us-east-1', 'eu-west-1'] },
      }]);
    });

    test('have Linux subscriptions trusted in the organization where they are to look at it, and not otherwise', async () => {
      await manage();
      await run(DECLARED);
      expect((await called('organizations')).map(({ operation }) => operation)).toEqual([]);
      const properties = { ...DECLARED, OrganizationIntegration: 'Enabled' };
      expect((await run(properties, { type: 'Update', physicalId: `${id()}:turned-on`, oldProperties: DECLARED })).answer!.Status).toBe('SUCCESS');
      expect(await parametersOf('EnableAWSServiceAccess', 'organizations')).toEqual([{ ServicePrincipal: LINUX_SERVICE }]);
    });

    test('of a delegated administrator, who may not trust anybody, are written all the same', async () => {
      await manage({
        organizationManagementAccount: '999900001111',
        organizationServiceAccess: [LINUX_SERVICE],
        organizationDelegatedAdministrators: { [LINUX_SERVICE]: [bench.localAws.account] },
      });
      const { logs } = await run({ ...DECLARED, OrganizationIntegration: 'Enabled' });
      expect(logs).toContainEqual(expect.objectContaining({ message: 'Not trusted in the organization by this account, which takes its management account' }));
      expect((await written()).map((parameters: any) => parameters.LinuxSubscriptionsDiscoverySettings.OrganizationIntegration)).toEqual(['Enabled']);
    });

    test.each([
      ['nothing is written', undefined, []],
      ['the discovery that it has turned on is turned off where that is spelled out', 'true', ['Disabled']],
    ])('at a delete %s', async (_, TurnOffOnDelete, expected) => {
      const properties = { ...DECLARED, TurnOffOnDelete };
      const { answer } = await run(properties);
      await bench.localAws.clearCalls();
      expect((await run(properties, { type: 'Delete', physicalId: answer!.PhysicalResourceId })).answer!.Status).toBe('SUCCESS');
      expect((await written()).map((parameters: any) => parameters.LinuxSubscriptionsDiscovery)).toEqual(expected);
    });

    test('from another Region are refused, unless they may become one more home Region', async () => {
      await bench.localAws.as(bench.localAws.account, 'eu-west-1').seed({});
      await run(DECLARED);
      const europe = { stackId: `arn:aws:cloudformation:eu-west-1:${bench.localAws.account}:stack/Linux/5d2c7c60-0b5f-11ef-9a52-0affd3a5a7c1` };
      const properties = { Discovery: 'Enabled', SourceRegions: ['us-east-1', 'eu-west-1'] };
      await bench.localAws.clearCalls();
      const { answer } = await run({ ...properties, OverwriteExistingSettings: 'true' }, europe);
      expect(answer).toMatchObject({
        Status: 'FAILED',
        Reason: 'Linux subscriptions are set up from us-east-1, which shows what is found; a change from eu-west-1 adds it to these. Deploy the stack there, or set '
          + 'allowUpdate to true.',
      });
      expect(await written()).toEqual([]);
      await run({ ...properties, OverwriteExistingSettings: 'true', AllowUpdate: 'true' }, europe);
      expect(await written()).toEqual([expect.objectContaining({ AllowUpdate: true })]);
    });

    test('that are so already are no matter of the Region', async () => {
      await run(DECLARED);
      const stackId = `arn:aws:cloudformation:eu-west-1:${bench.localAws.account}:stack/Linux/5d2c7c60-0b5f-11ef-9a52-0affd3a5a7c1`;
      expect((await run(DECLARED, { stackId })).answer!.Status).toBe('SUCCESS');
    });

    test.each([
      ["Account isn't part of an organization", 'Leave organizationIntegration out'],
      ["Account isn't the management account", 'Deploy the stack to the management account'],
      ['Service-linked role not present', 'LicenseManagerFeature.LINUX_SUBSCRIPTIONS'],
      ['An internal error occurred', 'Deploy again'],
      ["Linux subscriptions can't access the organization", 'Check that the service-linked role is there'],
    ])('that fail with "%s" say what to do', async (linuxSubscriptionsFailure, text) => {
      await bench.localAws.seed({ settings: { linuxSubscriptionsFailure } });
      const { answer } = await run(DECLARED);
      expect(answer!.Status).toBe('FAILED');
      expect(answer!.Reason).toMatch(/^Linux subscriptions could not be set up: us-east-1: Account-Onboard: Failed - /);
      expect(answer!.Reason).toContain(text);
    });
  });

  describe('under a fault', () => {
    const CASES: [what: string, type: string, properties: object, calls: [string, string][]][] = [
      ['the settings of License Manager', SETTINGS, { DiscoverySourceRegions: ['us-east-1'] }, [
        ['license-manager', 'GetServiceSettings'], ['license-manager', 'UpdateServiceSettings'],
      ]],
      ['a role', ROLE, { AWSServiceName: CORE }, [['iam', 'GetRole'], ['iam', 'CreateServiceLinkedRole']]],
      ['sharing', SHARING, {}, [['organizations', 'ListAWSServiceAccessForOrganization'], ['ram', 'EnableSharingWithAwsOrganization']]],
      ['an administrator', ADMINISTRATOR, { AccountId: '444455556666', ServicePrincipal: CORE }, [
        ['organizations', 'ListDelegatedAdministrators'], ['organizations', 'RegisterDelegatedAdministrator'],
      ]],
      ['an administrator of Linux subscriptions', ADMINISTRATOR, { AccountId: '444455556666', ServicePrincipal: LINUX_SERVICE }, [
        ['organizations', 'EnableAWSServiceAccess'],
      ]],
      ['the settings of Linux subscriptions', LINUX, { Discovery: 'Enabled', SourceRegions: ['us-east-1'] }, [
        ['license-manager-linux-subscriptions', 'GetServiceSettings'], ['license-manager-linux-subscriptions', 'UpdateServiceSettings'],
      ]],
    ];

    describe.each(CASES.flatMap(([what, type, properties, calls]) => calls.map(([service, operation]): [string, string, string, string, object] =>
      [what, service, operation, type, properties])))('%s, at %s %s', (_what, service, operation, resourceType, properties) => {
      test.each(['throttle', 'server-error', 'cut', 'cut-after'] as const)('%s once: it comes about all the same, and once', async (kind) => {
        await manage({ serviceLinkedRoles: operation === 'CreateServiceLinkedRole' ? [] : [CORE, LINUX_SERVICE], organizationServiceAccess: [CORE] });
        await bench.localAws.fault({ service, operation, kind });
        const { answer, error } = await bench.function.request({ resourceType, properties });
        expect(error).toBeUndefined();
        expect(answer).toMatchObject({ Status: 'SUCCESS' });
        await bench.localAws.clearFaults();
        await bench.localAws.clearCalls();
        expect((await bench.function.request({ resourceType, properties })).answer).toMatchObject({ Status: 'SUCCESS' });
        const writes = (await called('license-manager', 'license-manager-linux-subscriptions', 'iam', 'ram', 'organizations'))
          .filter((call) => !/^(Get|List|Describe)/.test(call.operation));
        expect(writes).toEqual([]);
      });

      test('denied for ever: it fails, and says so', async () => {
        await manage({ serviceLinkedRoles: operation === 'CreateServiceLinkedRole' ? [] : [CORE, LINUX_SERVICE], organizationServiceAccess: [CORE] });
        await bench.localAws.fault({ service, operation, kind: 'access-denied', times: null });
        const { answer } = await bench.function.request({ resourceType, properties });
        expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(operation) });
      });
    });
  });
});
