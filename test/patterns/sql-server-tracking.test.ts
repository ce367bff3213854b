import { App, CfnParameter, Expiration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CorePack, LicenseManagerTopic, patterns, ReportFrequency } from '../../src';

const LICENSE = 'AWS::LicenseManager::LicenseConfiguration';
const INVENTORY = 'AWS::SSM::Association';
const { ENTERPRISE, STANDARD } = patterns.SqlServerEdition;
const ENV = { account: '111122223333', region: 'us-east-1' };

let app: App;
let stack: Stack;
beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: ENV });
});

const track = (props: Partial<patterns.SqlServerTrackingProps> = {}, scope = stack) =>
  new patterns.SqlServerTracking(scope, 'Tracking', { licenses: { Enterprise: { edition: ENTERPRISE } }, ...props });

/** The filters of each product of a license, by the license's description. */
const products = () => Object.fromEntries(Object.values<any>(Template.fromStack(stack).findResources(LICENSE)).map(({ Properties }) => [
  /SQL Server (\w+)/.exec(Properties.Description)![1],
  Properties.ProductInformationList.map(({ ProductInformationFilterList }: any) => Object.fromEntries(ProductInformationFilterList.map((it: any) =>
    [`${it.ProductInformationFilterName} ${it.ProductInformationFilterComparator}`, it.ProductInformationFilterValue]))),
])) as { [description: string]: { [name: string]: string[] }[] };
const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));

test('every version is found by its name, on instances whose price includes no edition', () => {
  track();
  const { Enterprise } = products();

  expect(Enterprise.map(it => it['Application Name EQUALS'])).toEqual(['2008', '2008 R2', '2012', '2014', '2016', '2017', '2019', '2022', '2025'].map(
    version => [`Microsoft SQL Server ${version} (64-bit)`]));
  for (const product of Enterprise) {
    expect(product).toEqual({
      'Application Name EQUALS': [expect.any(String)],
      'License Included NOT_EQUALS': ['sql-server-enterprise', 'sql-server-standard', 'sql-server-web'],
    });
  }
});

test('it is counted by the vCPUs that there are, and is not held to a limit, and who has uninstalled it, is not counted', () => {
  track({ licenses: { Enterprise: { edition: ENTERPRISE, coreLicenses: CorePack.TWO.licenses(48) } } });

  Template.fromStack(stack).hasResourceProperties(LICENSE, {
    LicenseCountingType: 'vCPU', LicenseRules: ['#honorVcpuOptimization=True'], LicenseCount: 96, LicenseCountHardLimit: false, DisassociateWhenNotFound: true,
  });
});

test('the number of licenses may be a parameter', () => {
  const parameter = new CfnParameter(stack, 'Number', { type: 'Number' });
  const { alarms } = track({ licenses: { Enterprise: { edition: ENTERPRISE, coreLicenses: parameter.valueAsNumber } } });

  Template.fromStack(stack).hasResourceProperties(LICENSE, { LicenseCount: { Ref: 'Number' } });
  expect(Object.keys(alarms)).toEqual(['Enterprise']);
});

test('editions are told apart by a tag: who is tagged with another one, or a free one, is not counted', () => {
  track({ licenses: { Enterprise: { edition: ENTERPRISE }, Standard: { edition: STANDARD } }, editionTagKey: 'edition' });
  const { Enterprise, Standard } = products();

  expect(Enterprise[0]['Tag:edition NOT_EQUALS']).toEqual(['Standard', 'Developer', 'Express', 'Evaluation']);
  expect(Standard[0]['Tag:edition NOT_EQUALS']).toEqual(['Enterprise', 'Developer', 'Express', 'Evaluation']);
  expect(warnings()).toEqual([]);
});

test('of another edition, too', () => {
  track({ licenses: { Enterprise: { edition: ENTERPRISE }, Big: { edition: patterns.SqlServerEdition.of('Parallel') } }, editionTagKey: 'edition' });

  expect(products().Parallel[0]['Tag:edition NOT_EQUALS']).toEqual(['Enterprise', 'Developer', 'Express', 'Evaluation']);
});

test('two that find the same are told of, if nothing tells them apart', () => {
  track({ licenses: { Enterprise: { edition: ENTERPRISE }, Standard: { edition: STANDARD } } });

  expect(warnings()).toEqual([expect.stringMatching(
    /^licenses 'Enterprise' and 'Standard' both find 'Microsoft SQL Server 2008 \(64-bit\)': each server is counted twice\..*cdk-license-manager:sqlServerEditionsAlike/)]);
});

test('and those that have names of their own are not', () => {
  track({ licenses: { Enterprise: { edition: ENTERPRISE, applicationNames: ['EE'] }, Standard: { edition: STANDARD } }, applicationNames: ['SE'] });
  const { Enterprise, Standard } = products();

  expect([Enterprise, Standard].map(it => it.map(product => product['Application Name EQUALS']))).toEqual([[['EE']], [['SE']]]);
  expect(warnings()).toEqual([]);
});

test('passive secondaries are not counted, and neither are accounts that are left out', () => {
  track({ passiveSecondaryTag: { key: 'role', value: 'passive' }, excludedAccounts: ['444455556666'], applicationNames: ['It'] });

  expect(products().Enterprise).toEqual([{
    'Application Name EQUALS': ['It'],
    'License Included NOT_EQUALS': ['sql-server-enterprise', 'sql-server-standard', 'sql-server-web'],
    'AccountId NOT_EQUALS': ['444455556666'],
    'Tag:role NOT_EQUALS': ['passive'],
  }]);
});

describe('the inventory', () => {
  test('is gathered', () => {
    expect(track().inventory).toBeDefined();
    Template.fromStack(stack).resourceCountIs(INVENTORY, 1);
  });

  test('is not, if somebody else does', () => {
    expect(track({ inventory: false }).inventory).toBeUndefined();
    Template.fromStack(stack).resourceCountIs(INVENTORY, 0);
  });

  test.each<[string, () => Stack]>([['in the stack', () => stack], ['in another stack of the account and Region', () => new Stack(app, 'Other', { env: ENV })]])(
    'is that of the app: %s', (_, scope) => {
      const { inventory } = new patterns.OrganizationMember(scope(), 'Member');

      expect(track().inventory).toBe(inventory);
    });

  test.each<[string, () => unknown]>([
    ['in another Region', () => new patterns.OrganizationMember(new Stack(app, 'Other', { env: { ...ENV, region: 'eu-west-1' } }), 'Member')],
    ['in another account', () => new patterns.OrganizationMember(new Stack(app, 'Other', { env: { ...ENV, account: '444455556666' } }), 'Member')],
    ['somewhere', () => new patterns.OrganizationMember(new Stack(app, 'Other'), 'Member')],
    ['that has none', () => new patterns.OrganizationMember(stack, 'Member', { inventory: false })],
  ])('is not that of a member %s', (_, make) => {
    make();
    track();

    Template.fromStack(stack).resourceCountIs(INVENTORY, 1);
  });

  test('is that of the hub, and not what member accounts get', () => {
    const somewhere = new Stack(app, 'Somewhere');
    const hub = new patterns.OrganizationHub(somewhere, 'Hub', { organizationalUnitIds: ['r-ab12'] });

    expect(track({}, somewhere).inventory).toBe(hub.home.member.inventory);
  });
});

test('people are told when licenses are used up, and before they expire, and reports are made', () => {
  const notificationTopic = new LicenseManagerTopic(stack, 'Topic');
  const { alarms, reminders, report } = track({
    licenses: { Enterprise: { edition: ENTERPRISE, coreLicenses: 4, licenseExpiry: Expiration.atDate(new Date('2099-01-01T00:00:00Z')) } },
    notificationTopic,
    reportFrequency: ReportFrequency.WEEKLY,
  });

  expect([Object.keys(alarms), Object.keys(reminders), report]).toEqual([['Enterprise'], ['Enterprise'], expect.anything()]);
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: 90, AlarmActions: [stack.resolve(notificationTopic.topicArn)] });
  expect([...warnings(), ...Annotations.fromStack(stack).findInfo('*', Match.anyValue())]).toEqual([]);
});

test.each<[string, object, string]>([
  ['nothing to track', { licenses: {} }, 'Stack/Tracking: licenses is empty: there is nothing to track.'],
  ['half a license', { licenses: { It: { edition: ENTERPRISE, coreLicenses: 0.5 } } },
    "Stack/Tracking: coreLicenses of licenses['It'] is 0.5: it has to be a whole number from 0 to 1000000."],
  ['an edition that is a text', { licenses: { It: { edition: 'Enterprise' } } }, "Stack/Tracking: edition of licenses['It'] is the text 'Enterprise': it has to be of the class SqlServerEdition."],
  ['a tag without a key', { passiveSecondaryTag: { value: 'x' } }, 'Stack/Tracking: key of passiveSecondaryTag is missing'],
])('%s is refused', (_, more, message) => {
  expect(() => track(more)).toThrow(message);
});

test('the template is the same in whichever order a language hands the licenses over', () => {
  const [enterprise, standard] = [{ edition: patterns.SqlServerEdition.ENTERPRISE }, { edition: patterns.SqlServerEdition.STANDARD }];
  const [one, other] = [{ Enterprise: enterprise, Standard: standard }, { Standard: standard, Enterprise: enterprise }].map(licenses => {
    stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
    new patterns.SqlServerTracking(stack, 'SqlServer', { licenses, editionTagKey: 'edition', reportFrequency: ReportFrequency.MONTHLY });
    return JSON.stringify(Template.fromStack(stack).toJSON());
  });
  expect(other).toBe(one);
});
