import { App, CfnParameter, Stack, Token } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { CorePack, type DedicatedHostSize, LicenseTerms, MachineSize } from '../../src';

const {
  ORACLE_PROCESSOR, ORACLE_STANDARD_EDITION, ORACLE_STANDARD_EDITION_2, ORACLE_STANDARD_EDITION_ONE, SQL_SERVER_CORE, WINDOWS_SERVER_CORE,
} = LicenseTerms;

const token = () => new CfnParameter(new Stack(new App(), 'Stack'), 'Number', { type: 'Number' }).valueAsNumber;

describe('a virtual machine needs as many licenses as its vendor says', () => {
  test.each([
    [1, 1], [2, 1], [3, 2], [4, 2], [5, 3], [8, 4], [95, 48], [96, 48], [97, 49],
  ])('Oracle, with %d vCPUs that are threads: %d processors', (vcpus, licenses) => {
    expect(ORACLE_PROCESSOR.licensesFor(MachineSize.vcpus(vcpus))).toBe(licenses);
    expect(ORACLE_PROCESSOR.licensesFor(MachineSize.vcpus(vcpus, { threadsPerCore: 2 }))).toBe(licenses);
  });

  test.each([1, 2, 3, 64])('Oracle, with %d vCPUs that are cores: as many processors', vcpus => {
    expect(ORACLE_PROCESSOR.licensesFor(MachineSize.vcpus(vcpus, { threadsPerCore: 1 }))).toBe(vcpus);
  });

  test.each([[1, 1], [4, 1], [5, 2], [8, 2]])('Oracle Standard Edition, One and 2, with %d vCPUs: %d', (vcpus, licenses) => {
    for (const terms of [ORACLE_STANDARD_EDITION, ORACLE_STANDARD_EDITION_ONE, ORACLE_STANDARD_EDITION_2]) {
      expect([1, 2].map(threadsPerCore => terms.licensesFor(MachineSize.vcpus(vcpus, { threadsPerCore })))).toEqual([licenses, licenses]);
    }
  });

  test.each([[9, 3], [12, 3], [13, 4], [16, 4]])('Oracle Standard Edition, with %d vCPUs: %d', (vcpus, licenses) => {
    expect(ORACLE_STANDARD_EDITION.licensesFor(MachineSize.vcpus(vcpus))).toBe(licenses);
  });

  test.each([
    [ORACLE_STANDARD_EDITION_2, 'Oracle Standard Edition 2', 9, 8],
    [ORACLE_STANDARD_EDITION_ONE, 'Oracle Standard Edition One', 9, 8],
    [ORACLE_STANDARD_EDITION, 'Oracle Standard Edition', 17, 16],
  ])('%#: one that is larger than Oracle allows is refused: %s', (terms, name, vcpus, most) => {
    expect(() => terms.licensesFor(MachineSize.vcpus(vcpus))).toThrow(
      `LicenseTerms.licensesFor(): a virtual machine with ${vcpus} vCPUs may have no '${name}' licenses: they are for at most ${most}. Use a smaller one, or other licenses.`);
  });

  test.each([[1, 4], [3, 4], [4, 4], [5, 5], [96, 96]])('SQL Server, with %d vCPUs: %d cores', (vcpus, licenses) => {
    expect([1, 2].map(threadsPerCore => SQL_SERVER_CORE.licensesFor(MachineSize.vcpus(vcpus, { threadsPerCore })))).toEqual([licenses, licenses]);
  });

  test('Windows Server is licensed by its host', () => {
    expect(() => WINDOWS_SERVER_CORE.licensesFor(MachineSize.vcpus(4))).toThrow(
      "'Windows Server core' licenses cover the physical cores of the host on which virtual machines run. Use MachineSize.dedicatedHost().");
  });
});

describe('a host needs as many licenses as its vendor says', () => {
  const host = (sockets: number, cores: number) => MachineSize.dedicatedHost({ sockets, cores });

  test.each([
    [1, 1, 16], [1, 15, 16], [1, 16, 16], [1, 17, 17], [2, 2, 16],
    [2, 16, 16], [2, 17, 17], [2, 48, 48], [3, 23, 24], [3, 24, 24], [3, 25, 25], [4, 16, 32],
  ])('Windows Server, with %d processors and %d cores: %d', (sockets, cores, licenses) => {
    expect(WINDOWS_SERVER_CORE.licensesFor(host(sockets, cores))).toBe(licenses);
  });

  test.each([[1, 1, 4], [1, 3, 4], [1, 4, 4], [1, 5, 5], [2, 7, 8], [2, 8, 8], [2, 9, 9], [2, 48, 48]])(
    'SQL Server, with %d processors and %d cores: %d', (sockets, cores, licenses) => {
      expect(SQL_SERVER_CORE.licensesFor(host(sockets, cores))).toBe(licenses);
    });

  test.each([ORACLE_PROCESSOR, ORACLE_STANDARD_EDITION, ORACLE_STANDARD_EDITION_2, ORACLE_STANDARD_EDITION_ONE])(
    'Oracle counts what runs on it, and knows no core factors: %#', terms => {
      expect(() => terms.licensesFor(host(2, 48))).toThrow('are counted by the vCPUs of each virtual machine, on Dedicated Hosts as well. Use MachineSize.vcpus().');
    });
});

describe('an instance type is known by its vCPUs and cores', () => {
  test.each([
    ['r6i.4xlarge', 8], ['r6i.large', 1], ['m5.metal', 48],
    // Cores with one thread: AWS Graviton, and AMD from the seventh generation on.
    ['r7g.4xlarge', 16], ['m7a.large', 2],
  ])('Oracle processors of %s: %d', (type, licenses) => {
    expect(ORACLE_PROCESSOR.licensesFor(MachineSize.instanceType(new InstanceType(type)))).toBe(licenses);
  });

  test('unless it is not: that is refused', () => {
    expect(() => ORACLE_PROCESSOR.licensesFor(MachineSize.instanceType(new InstanceType('new9.large')))).toThrow(
      "instanceType of MachineSize is 'new9.large', of which it is not known how many vCPUs and cores it has. Use MachineSize.vcpus().");
    expect(() => ORACLE_PROCESSOR.licensesFor(MachineSize.instanceType(new InstanceType(Token.asString({ Ref: 'Type' }))))).toThrow('instanceType of MachineSize is a token');
  });
});

describe('what was bought covers', () => {
  test.each<[string, LicenseTerms, number]>([
    ['2 vCPUs', ORACLE_PROCESSOR, 2],
    ['4 vCPUs', ORACLE_STANDARD_EDITION, 4],
    ['4 vCPUs', ORACLE_STANDARD_EDITION_ONE, 4],
    ['4 vCPUs', ORACLE_STANDARD_EDITION_2, 4],
    ['a vCPU', SQL_SERVER_CORE, 1],
    ['a core', WINDOWS_SERVER_CORE, 1],
  ])('%s for each license: %#', (_, terms, each) => {
    expect([0, 1, 10, 1_000_000].map(licenses => terms.licenseCount(licenses))).toEqual([0, each, 10 * each, 1_000_000 * each]);
  });

  test('a vCPU for each Oracle processor where cores run one thread', () => {
    expect([1, 2].map(threadsPerCore => ORACLE_PROCESSOR.licenseCount(10, { threadsPerCore }))).toEqual([10, 20]);
    expect(ORACLE_STANDARD_EDITION_2.licenseCount(10, { threadsPerCore: 1 })).toBe(40);
  });

  test.each([-1, 0.5, 1_000_001])('nothing for %d licenses: refused', licenses => {
    expect(() => ORACLE_PROCESSOR.licenseCount(licenses)).toThrow(`licenses is ${licenses}: it has to be a whole number from 0 to 1000000. Correct it.`);
  });

  test.each([0, 3, 1.5])('nothing on machines with %d threads a core: refused', threadsPerCore => {
    const message = `threadsPerCore is ${threadsPerCore}: it has to be a whole number from 1 to 2.`;
    expect(() => ORACLE_PROCESSOR.licenseCount(1, { threadsPerCore })).toThrow(message);
    expect(() => ORACLE_PROCESSOR.licensesFor(MachineSize.vcpus(1, { threadsPerCore }))).toThrow(message);
  });

  test('a token that is multiplied by nothing goes into the template, and others are refused', () => {
    const number = token();
    expect(SQL_SERVER_CORE.licenseCount(number)).toBe(number);
    expect(ORACLE_PROCESSOR.licenseCount(number, { threadsPerCore: 1 })).toBe(number);
    expect(() => ORACLE_PROCESSOR.licenseCount(number)).toThrow(
      'licenses is a token, which is known at the deployment only: it decides how many licenses are needed, or covered. Write its value.');
  });
});

describe('a machine that cannot be is refused:', () => {
  test.each<[string, () => MachineSize, string]>([
    ['no vCPU', () => MachineSize.vcpus(0), 'vcpus of MachineSize is 0: it has to be a whole number from 1 to 1000000.'],
    ['half a vCPU', () => MachineSize.vcpus(1.5), 'vcpus of MachineSize is 1.5: '],
    ['a token', () => MachineSize.vcpus(token()), 'vcpus of MachineSize is a token'],
    ['no processor', () => MachineSize.dedicatedHost({ sockets: 0, cores: 8 }), 'sockets of MachineSize is 0: it has to be a whole number from 1 to 1000000.'],
    ['fewer cores than processors', () => MachineSize.dedicatedHost({ sockets: 2, cores: 1 }), 'cores of MachineSize is 1: it has to be a whole number from 2 to 1000000.'],
  ])('%s', (_, size, message) => {
    expect(() => SQL_SERVER_CORE.licensesFor(size())).toThrow(message);
  });

  test('and what its owner makes of the figures later changes nothing', () => {
    const figures: { -readonly [K in keyof DedicatedHostSize]: DedicatedHostSize[K] } = { sockets: 2, cores: 48 };
    const size = MachineSize.dedicatedHost(figures);
    figures.cores = 64;
    expect(WINDOWS_SERVER_CORE.licensesFor(size)).toBe(48);
  });
});

describe('a pack', () => {
  test.each<[CorePack, number, number]>([[CorePack.TWO, 2, 13], [CorePack.SIXTEEN, 16, 2], [CorePack.of(8), 8, 4]])('%#: has %d licenses', (pack, each, packsFor25) => {
    expect([0, 1, 3].map(packs => pack.licenses(packs))).toEqual([0, each, 3 * each]);
    expect([0, 1, each, each + 1, 25].map(licenses => pack.packsFor(licenses))).toEqual([0, 1, 1, 2, packsFor25]);
  });

  test.each<[string, () => number, string]>([
    ['of nothing', () => CorePack.of(0).licenses(1), 'CorePack.licenses(): cores of CorePack.of() is 0: it has to be a whole number from 1 to 1000000.'],
    ['that is halved', () => CorePack.TWO.licenses(0.5), 'CorePack.licenses(): packs is 0.5: it has to be a whole number from 0 to 1000000.'],
    ['that is owed', () => CorePack.TWO.packsFor(-1), 'CorePack.packsFor(): licenses is -1: it has to be a whole number from 0 to 1000000.'],
    ['that is not known yet', () => CorePack.TWO.licenses(token()), 'CorePack.licenses(): packs is a token'],
  ])('%s is refused', (_, ask, message) => {
    expect(ask).toThrow(message);
  });
});

describe('a contract that says something else', () => {
  const machine = (vcpus: number) => MachineSize.vcpus(vcpus);

  test('is counted by what it says', () => {
    const terms = LicenseTerms.of({
      termsName: 'Own',
      vcpusPerLicense: 8,
      vcpusPerLicenseOnOneThread: 4,
      minimumPerVirtualMachine: 2,
      maximumVcpus: 32,
      coresPerLicense: 4,
      minimumPerSocket: 3,
      minimumPerHost: 5,
    });
    expect([1, 16, 17, 32].map(vcpus => terms.licensesFor(machine(vcpus)))).toEqual([2, 2, 3, 4]);
    expect(terms.licensesFor(MachineSize.vcpus(32, { threadsPerCore: 1 }))).toBe(8);
    expect(() => terms.licensesFor(machine(33))).toThrow("may have no 'Own' licenses: they are for at most 32");
    const hosts = [[1, 1], [2, 2], [1, 24], [1, 25]].map(([sockets, cores]) => MachineSize.dedicatedHost({ sockets, cores }));
    expect(hosts.map(it => terms.licensesFor(it))).toEqual([5, 6, 6, 7]);
    expect(terms.licenseCount(3)).toBe(24);
  });

  test('has at least one license for a machine, and no other minimum, unless it says so', () => {
    const terms = LicenseTerms.of({ termsName: 'Own', vcpusPerLicense: 8, coresPerLicense: 8 });
    expect([terms.licensesFor(machine(1)), terms.licensesFor(MachineSize.dedicatedHost({ sockets: 4, cores: 4 }))]).toEqual([1, 1]);
  });

  test.each<[string, object, string]>([
    ['of nothing', {}, "'Own' has neither vcpusPerLicense nor coresPerLicense: a license would cover nothing. Set one of the two."],
    ['of parts', { vcpusPerLicense: 0.5 }, 'vcpusPerLicense of LicenseTerms.of() is 0.5: it has to be a whole number from 1 to 1000000.'],
    ['of a minimum that is none', { vcpusPerLicense: 1, minimumPerVirtualMachine: 0 }, 'minimumPerVirtualMachine of LicenseTerms.of() is 0: it has to be a whole number from 1'],
    ['of less than nothing', { coresPerLicense: 1, minimumPerSocket: -1 }, 'minimumPerSocket of LicenseTerms.of() is -1: it has to be a whole number from 0'],
  ])('%s is refused', (_, more, message) => {
    const terms = LicenseTerms.of({ termsName: 'Own', ...more });
    expect(() => terms.licensesFor(machine(1))).toThrow(message);
    expect(() => terms.licenseCount(1)).toThrow(message);
  });
});
