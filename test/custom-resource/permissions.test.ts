/*
 * The table of IAM actions: what each type's construct permits, what its handler calls, and what the service authorization reference says.
 */
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Request } from './support/function';
import {
  ACCEPTANCE, ASSOCIATION, type Bench, describeFunction, DISASSOCIATION, GRANT, LICENSE, MANAGED_RULE_SET,
  PROTECTION, RELEASED, REPORT, REPORT_LOCATION, reportOn, STATUS, TOKEN,
} from './support/licenses';
import {
  AmiAssociationScope, AwsManagedRuleSet, LicenseAssetRuleSet, LicenseConfiguration, LicenseConfigurationReportType, LicenseConfigurationStatus,
  LicenseCounting, LicensedResource, Provisioning, ReportFrequency, ReportGenerator, ReportGeneratorLocation, UsageReport,
} from '../../src';
import { DEFINITIONS } from '../../src/custom-resource/contract/definitions';

/**
 * Actions for which the service authorization reference lists no resource type, or an optional one that the request does not name: whether IAM is then
 * asked for `*` or for all of the type is not documented, and `*` holds for both. The licenses of ListLicenseManagerReportGenerators and the rulesets
 * of ListLicenseAssetRulesets are such ones.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslicensemanager.html
 */
const WITHOUT_RESOURCE = [
  'CreateLicenseConfiguration', 'CreateLicenseManagerReportGenerator', 'GetServiceSettings', 'ListLicenseAssetRulesets', 'ListLicenseConfigurations',
  'ListLicenseManagerReportGenerators', 'ListLicenseSpecificationsForResource',
];

interface Row {
  readonly onAll: string[];
  readonly onLicense: string[];
  /** What License Manager reads with the permissions of its caller, without being asked. */
  readonly byLicenseManager?: string[];
}

const TABLE: Record<string, Row> = {
  [LICENSE]: {
    onAll: ['CreateLicenseConfiguration', 'ListLicenseConfigurations'],
    onLicense: [
      'DeleteLicenseConfiguration', 'GetLicenseConfiguration', 'ListAssociationsForLicenseConfiguration', 'ListTagsForResource', 'TagResource',
      'UntagResource', 'UpdateLicenseConfiguration',
    ],
  },
  [STATUS]: { onAll: [], onLicense: ['GetLicenseConfiguration', 'UpdateLicenseConfiguration'] },
  [ASSOCIATION]: {
    onAll: ['ListLicenseSpecificationsForResource'],
    onLicense: ['GetLicenseConfiguration', 'ListFailuresForLicenseConfigurationOperations', 'UpdateLicenseSpecificationsForResource'],
  },
  [DISASSOCIATION]: {
    onAll: [],
    onLicense: ['ListAssociationsForLicenseConfiguration', 'ListTagsForResource', 'UpdateLicenseSpecificationsForResource'],
  },
  [PROTECTION]: { onAll: [], onLicense: [] },
  [REPORT]: {
    onAll: ['CreateLicenseManagerReportGenerator', 'GetServiceSettings', 'ListLicenseManagerReportGenerators'],
    onLicense: [
      'DeleteLicenseManagerReportGenerator', 'GetLicenseConfiguration', 'GetLicenseManagerReportGenerator', 'TagResource', 'UntagResource',
      'UpdateLicenseManagerReportGenerator',
    ],
    // As the handlers of AWS::LicenseManager::ReportGenerator have it in the schema of the type.
    byLicenseManager: ['GetServiceSettings', 'GetLicenseConfiguration'],
  },
  [MANAGED_RULE_SET]: { onAll: ['ListLicenseAssetRulesets'], onLicense: [] },
  [REPORT_LOCATION]: { onAll: [], onLicense: ['GetLicenseManagerReportGenerator'] },
};

type Step = Request & { readonly fails?: true };

/** What a handler calls in the life of a resource: all that it can call. */
const LIVES: Record<string, (bench: Bench, license: string) => Step[] | Promise<Step[]>> = {
  [LICENSE]: async (bench, license) => [
    { type: 'Delete', resourceType: LICENSE, physicalId: await associated(bench), fails: true },
    { resourceType: LICENSE, properties: { Name: 'windows-server', LicenseCountingType: 'vCPU' } },
    {
      type: 'Update',
      resourceType: LICENSE,
      physicalId: license,
      properties: { Name: 'windows', LicenseCountingType: 'vCPU', Tags: [{ Key: 'b', Value: '2' }] },
      oldProperties: { Tags: [{ Key: 'a', Value: '1' }] },
    },
    { type: 'Update', resourceType: LICENSE, physicalId: license, properties: { Name: 'windows', LicenseCountingType: 'Instance' } },
    { type: 'Delete', resourceType: LICENSE, physicalId: license },
  ],
  [STATUS]: (_bench, license) => [
    { resourceType: STATUS, properties: { LicenseConfigurationArn: license, Status: 'DISABLED' } },
    { type: 'Delete', resourceType: STATUS, physicalId: `${license}|status` },
  ],
  [ASSOCIATION]: async (bench, license) => [
    // Whose limit leaves nothing.
    {
      resourceType: ASSOCIATION,
      properties: { LicenseConfigurationArn: await bench.license({ LicenseCount: 0, LicenseCountHardLimit: true }), ResourceArn: bench.instance() },
      fails: true,
    },
    { resourceType: ASSOCIATION, properties: { LicenseConfigurationArn: license, ResourceArn: bench.image(), AmiAssociationScope: 'cross-account' } },
    { type: 'Delete', resourceType: ASSOCIATION, physicalId: `${bench.image()}|${license}` },
  ],
  [DISASSOCIATION]: (bench, license) => [
    { resourceType: DISASSOCIATION, properties: { LicenseConfigurationArn: license } },
    { resourceType: ASSOCIATION, properties: { LicenseConfigurationArn: license, ResourceArn: bench.image() } },
    { type: 'Delete', resourceType: DISASSOCIATION, physicalId: `${license}|disassociation` },
  ],
  [PROTECTION]: () => [
    { resourceType: PROTECTION, properties: { Terms: '[]' } },
    { type: 'Delete', resourceType: PROTECTION, physicalId: 'protection-1' },
  ],
  [REPORT]: async (bench, license) => {
    const report = await bench.report(license, [{ Key: 'a', Value: '1' }]);
    return [
      { resourceType: REPORT, properties: reportOn(license) },
      {
        type: 'Update',
        resourceType: REPORT,
        physicalId: report,
        properties: reportOn(license, { ReportGeneratorName: 'renamed', Tags: [{ Key: 'b', Value: '2' }] }),
        oldProperties: reportOn(license, { Tags: [{ Key: 'a', Value: '1' }] }),
      },
      { type: 'Delete', resourceType: REPORT, physicalId: report },
      { type: 'Delete', resourceType: REPORT, physicalId: 'Licenses-Report-1ABCDEFGH' },
    ];
  },
  [MANAGED_RULE_SET]: () => [
    { resourceType: MANAGED_RULE_SET, properties: { Name: 'Ubuntu Pro' } },
    { type: 'Delete', resourceType: MANAGED_RULE_SET, physicalId: 'ubuntupro|aws-managed-license-asset-ruleset' },
  ],
  [REPORT_LOCATION]: async (bench, license) => {
    const report = await bench.report(license);
    return [
      { resourceType: REPORT_LOCATION, properties: { ReportGeneratorArn: report } },
      { type: 'Delete', resourceType: REPORT_LOCATION, physicalId: `${report}|location` },
    ];
  },
};

/** A license that is not deleted, as it is in use. */
async function associated(bench: Bench): Promise<string> {
  const license = await bench.license();
  await bench.associate(license, bench.image());
  return license;
}

/** What these permit, the tests of their constructs say statement by statement. */
const ELSEWHERE = [
  DEFINITIONS.delegatedAdministrator, DEFINITIONS.grantAcceptance, DEFINITIONS.identityProvider, DEFINITIONS.licenseToken,
  DEFINITIONS.linuxSubscriptionsSettings, DEFINITIONS.organizationSharing, DEFINITIONS.productSubscription, DEFINITIONS.serviceLinkedRole,
  DEFINITIONS.serviceSettings, DEFINITIONS.userAssociation,
].map(({ type }) => type);

test('the table has all types, and takes * only where there is no resource type', () => {
  expect([...Object.keys(TABLE), ...ELSEWHERE].sort()).toEqual(Object.values(DEFINITIONS).map(({ type }) => type).sort());
  for (const { onAll, onLicense } of Object.values(TABLE)) {
    expect(onAll.filter((action) => !WITHOUT_RESOURCE.includes(action))).toEqual([]);
    expect(onLicense.filter((action) => WITHOUT_RESOURCE.includes(action))).toEqual([]);
  }
});

test.each(Object.entries(TABLE))('the construct of %s permits what the table says', (type, { onAll, onLicense }) => {
  const stack = new Stack(new App(), 'Licenses', { env: { account: '111122223333', region: 'us-east-1' } });
  const license = new LicenseConfiguration(stack, 'License', {
    licenseConfigurationName: 'windows-server',
    licenseCounting: LicenseCounting.vcpus({}),
    provisioning: type === LICENSE ? Provisioning.CUSTOM_RESOURCE : undefined,
    status: type === STATUS ? LicenseConfigurationStatus.DISABLED : undefined,
    disassociateResourcesOnDelete: type === DISASSOCIATION ? true : undefined,
    protectFromReplacement: type === PROTECTION ? true : undefined,
  });
  if (type === ASSOCIATION) {
    license.addAssociation('Image', {
      resource: LicensedResource.fromMachineImageId('ami-0123456789abcdef0'), amiAssociationScope: AmiAssociationScope.CROSS_ACCOUNT,
    });
  }
  if ([REPORT, REPORT_LOCATION].includes(type as typeof REPORT)) {
    const report = new ReportGenerator(stack, 'Report', {
      report: UsageReport.licenseConfigurations({
        licenseConfigurations: [license], types: [LicenseConfigurationReportType.SUMMARY], frequency: ReportFrequency.MONTHLY,
      }),
      provisioning: type === REPORT ? Provisioning.CUSTOM_RESOURCE : Provisioning.NATIVE,
    });
    new ReportGeneratorLocation(stack, 'Location', { reportGenerator: report });
  }
  if (type === MANAGED_RULE_SET) {
    LicenseAssetRuleSet.fromAwsManaged(stack, 'Ruleset', AwsManagedRuleSet.UBUNTU_PRO);
  }
  const template = Template.fromStack(stack);
  const statements = ['AWS::IAM::Policy', 'AWS::IAM::RolePolicy'].flatMap((policy) => Object.values(template.findResources(policy)))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  const ofLicenseManager = statements.filter(({ Action }) => [Action].flat().every((action) => action.startsWith('license-manager:')));
  const permitted = (onEverything: boolean) => [...new Set(ofLicenseManager
    .filter(({ Resource }) => (Resource === '*') === onEverything)
    .flatMap(({ Action }) => Action)
    .map((action: string) => action.replace('license-manager:', '')))].sort();
  expect(permitted(true)).toEqual(onAll);
  expect(permitted(false)).toEqual(onLicense);
});

describeFunction('the handler', (bench) => {
  test.each(Object.entries(TABLE))('of %s calls what the table says, and all of it', async (type, { onAll, onLicense, byLicenseManager = [] }) => {
    const license = await bench.license({ Tags: [{ Key: 'a', Value: '1' }, ...RELEASED.Tags] });
    for (const request of await LIVES[type](bench, license)) {
      if (request.resourceType !== type) {
        await bench.associate(license, bench.image());
        continue;
      }
      const { answer } = await bench.function.request(request);
      expect(answer).toMatchObject({ Status: request.fails ? 'FAILED' : 'SUCCESS' });
    }
    // A tag is written together with the license.
    const called = new Set(await bench.operations());
    const allowed = [...onAll, ...onLicense];
    expect([...called].filter((operation) => !allowed.includes(operation))).toEqual([]);
    if (type !== DISASSOCIATION) {
      expect(allowed.filter((operation) => !called.has(operation) && !byLicenseManager.includes(operation))).toEqual([]);
    }
  });

  /** Of those that are tabulated elsewhere: what their definitions list. */
  const listed = ({ actions }: { readonly actions: object }) => Object.keys(actions).map((action) => action.replace(/^license-manager:/, '')).sort();

  test(`of ${ACCEPTANCE} calls what its definition lists, and all of it`, async () => {
    await bench.receive();
    const properties = { Grant: GRANT, Activate: true, RejectOnDelete: true };
    const { answer } = await bench.function.request({ resourceType: ACCEPTANCE, properties });
    await bench.function.request({ type: 'Delete', resourceType: ACCEPTANCE, physicalId: answer!.PhysicalResourceId, properties });
    expect((await bench.called()).sort()).toEqual(listed(DEFINITIONS.grantAcceptance));
  });

  test(`of ${TOKEN} calls what its definition lists, and all of it`, async () => {
    const properties = await bench.issue();
    const next = { ...properties, Generation: 2 };
    const request = async (more: Omit<Request, 'resourceType'>) => (await bench.function.request({ resourceType: TOKEN, ...more })).answer!.PhysicalResourceId;
    const first = await request({ properties });
    const second = await request({ type: 'Update', physicalId: first, properties: next, oldProperties: properties });
    // It gives way to the first.
    await request({ type: 'Delete', physicalId: second, properties: next });
    expect((await bench.called()).sort()).toEqual(listed(DEFINITIONS.licenseToken));
  });
});
