import { Token } from 'aws-cdk-lib';
import { MOST, threadsOf, type VirtualMachine, wholeFigure } from './figures';
import type { MachineSize } from './machine-size';
import { brand } from '../private/identity/copies';
import { givenAs, givenProps, needed, NUMBER, ofClass, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkKnown, checkWholeNumber, lit, refuse } from '../private/validation/validation';

/**
 * How a contract counts licenses: on virtual machines, on physical hosts, or on both.
 */
export interface LicenseTermsProps {
  /**
   * What the licenses are called: `Oracle Processor`. Messages name them by it.
   */
  readonly termsName: string;

  /**
   * How many vCPUs of a virtual machine a license covers: a whole number from 1 on. A part of a license counts as a whole one, on each machine.
   *
   * @default - virtual machines are not licensed by themselves, but by the host on which they run
   */
  readonly vcpusPerLicense?: number;

  /**
   * How many vCPUs a license covers on machines whose cores run one thread: a whole number from 1 on.
   *
   * @default - as many as with two threads
   */
  readonly vcpusPerLicenseOnOneThread?: number;

  /**
   * The fewest licenses for a virtual machine, however small it is: a whole number from 1 on.
   *
   * @default 1
   */
  readonly minimumPerVirtualMachine?: number;

  /**
   * The most vCPUs that a virtual machine with these licenses may have: a whole number from 1 on.
   *
   * @default - as many as there are
   */
  readonly maximumVcpus?: number;

  /**
   * How many physical cores of a host a license covers: a whole number from 1 on.
   *
   * @default - hosts are not licensed as a whole
   */
  readonly coresPerLicense?: number;

  /**
   * The fewest licenses for each processor of a host: a whole number from 0 on.
   *
   * @default 0
   */
  readonly minimumPerSocket?: number;

  /**
   * The fewest licenses for a host: a whole number from 1 on.
   *
   * @default 1
   */
  readonly minimumPerHost?: number;
}

/**
 * On what kind of machines licenses are used.
 */
export interface LicenseCountOptions {
  /**
   * How many threads a core runs on the machines that the licenses are for: 1 or 2. It makes a difference for licenses that cover more vCPUs if a core runs two.
   *
   * Throws a `ValidationError` for another number.
   *
   * @default 2
   */
  readonly threadsPerCore?: number;
}

/**
 * The terms by which a vendor's contract counts licenses: how many a machine needs, and how many vCPUs or cores those cover that were bought, which is what
 * License Manager counts by.
 *
 * | | a virtual machine needs | a Dedicated Host needs | source |
 * | --- | --- | --- | --- |
 * | `ORACLE_PROCESSOR` | one for 2 vCPUs, or for each vCPU without hyperthreading | the same: its virtual machines are counted | Oracle, June 2024 |
 * | `ORACLE_STANDARD_EDITION_2`, `_ONE` | one for 4 vCPUs; at most 8 vCPUs | the same | Oracle, June 2024 |
 * | `ORACLE_STANDARD_EDITION` | one for 4 vCPUs; at most 16 vCPUs | the same | Oracle, June 2024 |
 * | `SQL_SERVER_CORE` | one for each vCPU; at least 4 | one for each core; at least 4 a processor | Microsoft, November 2022 |
 * | `WINDOWS_SERVER_CORE` | is licensed by its host | one for each core; at least 8 a processor and 16 a host | Microsoft, 2016 and after |
 *
 * **Your contract decides.** The vendors change what they publish, contracts say otherwise, and whether a license may be used in AWS at all is another question.
 * Neither these figures nor what License Manager counts prove that anybody complies with a contract. `LicenseTerms.of()` is for one that says something else.
 *
 * License Manager adds vCPUs or cores up, and knows neither the minimum of a machine nor that parts of a license count as whole ones: for small machines it counts less than the
 * contract does. `licensesFor()` tells what they need.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { InstanceType } from 'aws-cdk-lib/aws-ec2';
 * import { CorePack, LicenseConfiguration, LicenseCounting, LicenseTerms, MachineSize } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Licenses');
 * new LicenseConfiguration(stack, 'SqlServer', {
 *   licenseCounting: LicenseCounting.vcpus(),
 *   licenseCount: LicenseTerms.SQL_SERVER_CORE.licenseCount(CorePack.TWO.licenses(48)), // 96 vCPUs
 * });
 * new LicenseConfiguration(stack, 'Oracle', {
 *   licenseCounting: LicenseCounting.vcpus(),
 *   licenseCount: LicenseTerms.ORACLE_PROCESSOR.licenseCount(10), // 20 vCPUs
 * });
 * LicenseTerms.ORACLE_PROCESSOR.licensesFor(MachineSize.instanceType(new InstanceType('r6i.4xlarge'))); // 8
 *
 * @see https://www.oracle.com/us/corporate/pricing/cloud-licensing-070579.pdf
 * @see https://www.microsoft.com/licensing/terms/productoffering/SQLServer
 * @see https://www.microsoft.com/licensing/terms/productoffering/WindowsServerStandardDatacenterEssentials
 * @see https://aws.amazon.com/windows/faq/
 */
export class LicenseTerms {
  /**
   * Processor licenses of Oracle, as its policy for authorized clouds counts them, of which AWS is one: Oracle Database Enterprise Edition, its options and packs, and other
   * programs that are licensed so. Oracle's table of core factors is not for authorized clouds.
   *
   * @see https://www.oracle.com/us/corporate/pricing/cloud-licensing-070579.pdf
   */
  public static readonly ORACLE_PROCESSOR = new LicenseTerms({ termsName: 'Oracle Processor', vcpusPerLicense: 2, vcpusPerLicenseOnOneThread: 1 });

  /**
   * Licenses of Oracle Database Standard Edition 2, of which one is needed for a socket: that is for 4 vCPUs, in authorized clouds.
   *
   * @see https://www.oracle.com/us/corporate/pricing/cloud-licensing-070579.pdf
   */
  public static readonly ORACLE_STANDARD_EDITION_2 = new LicenseTerms({ termsName: 'Oracle Standard Edition 2', vcpusPerLicense: 4, maximumVcpus: 8 });

  /**
   * Licenses of Oracle Database Standard Edition One.
   *
   * @see https://www.oracle.com/us/corporate/pricing/cloud-licensing-070579.pdf
   */
  public static readonly ORACLE_STANDARD_EDITION_ONE = new LicenseTerms({ termsName: 'Oracle Standard Edition One', vcpusPerLicense: 4, maximumVcpus: 8 });

  /**
   * Licenses of Oracle Database Standard Edition.
   *
   * @see https://www.oracle.com/us/corporate/pricing/cloud-licensing-070579.pdf
   */
  public static readonly ORACLE_STANDARD_EDITION = new LicenseTerms({ termsName: 'Oracle Standard Edition', vcpusPerLicense: 4, maximumVcpus: 16 });

  /**
   * Core licenses of Microsoft SQL Server, Enterprise and Standard: for virtual machines, which need Software Assurance or a subscription, or for the physical cores of
   * Dedicated Hosts.
   *
   * @see https://www.microsoft.com/licensing/terms/productoffering/SQLServer
   */
  public static readonly SQL_SERVER_CORE = new LicenseTerms({
    termsName: 'SQL Server core', vcpusPerLicense: 1, minimumPerVirtualMachine: 4, coresPerLicense: 1, minimumPerSocket: 4,
  });

  /**
   * Core licenses of Microsoft Windows Server, Datacenter and Standard, for the physical cores of Dedicated Hosts. Those of Standard have to cover the host again for every two
   * virtual machines on it.
   *
   * @see https://www.microsoft.com/licensing/terms/productoffering/WindowsServerStandardDatacenterEssentials
   */
  public static readonly WINDOWS_SERVER_CORE = new LicenseTerms({ termsName: 'Windows Server core', coresPerLicense: 1, minimumPerSocket: 8, minimumPerHost: 16 });

  /**
   * The terms of another product, or of a contract that says something else.
   *
   * They are checked when they are asked: a `ValidationError` is thrown for what the properties say, and for terms that cover neither vCPUs nor cores.
   *
   * @param terms how licenses are counted
   */
  public static of(terms: LicenseTermsProps): LicenseTerms {
    return new LicenseTerms(typeof terms === 'object' && terms !== null ? { ...terms } : terms);
  }

  private constructor(private readonly props: LicenseTermsProps) {
    brand(this, 'LicenseTerms');
  }

  /**
   * How many licenses a machine needs.
   *
   * Throws a `ValidationError` for a machine that may not have these licenses, being too large, or of a kind that is not licensed by them.
   *
   * @param machine how large it is
   */
  public licensesFor(machine: MachineSize): number {
    const who = 'LicenseTerms.licensesFor()';
    const terms = this.checked(who);
    const size = givenAs(who, 'machine', machine, ofClass('MachineSize'))._measure(who);
    if ('vcpus' in size) {
      return forVirtualMachine(who, terms, size);
    }
    const { termsName, coresPerLicense, minimumPerSocket = 0, minimumPerHost = 1 } = terms;
    return coresPerLicense === undefined
      ? refuse(who, lit`LicenseTermsOfVirtualMachines`, `'${termsName}' licenses are counted by the vCPUs of each virtual machine, on Dedicated Hosts as well. Use MachineSize.vcpus().`)
      : Math.max(Math.ceil(size.cores / coresPerLicense), minimumPerSocket * size.sockets, minimumPerHost);
  }

  /**
   * How many vCPUs, or cores where virtual machines are not licensed by themselves, a number of licenses covers at most: the `licenseCount` of a `LicenseConfiguration` that is counted so.
   *
   * Throws a `ValidationError` unless it is a whole number, at least 0, and for a token if a license covers more than one.
   *
   * @param licenses how many licenses the contract has
   * @param options  on what machines they are used
   */
  public licenseCount(licenses: number, options: LicenseCountOptions = {}): number {
    const who = 'LicenseTerms.licenseCount()';
    const terms = this.checked(who);
    const { threadsPerCore } = givenProps(who, options, COUNT, { all: 'options', areNeeded: false });
    const each = terms.vcpusPerLicense === undefined ? terms.coresPerLicense! : vcpusPerLicense(terms, threadsOf(who, threadsPerCore));
    return each === 1 && Token.isUnresolved(licenses) ? licenses : each * wholeFigure(who, 'licenses', licenses, 0);
  }

  private checked(who: string): LicenseTermsProps {
    const terms = givenProps(who, this.props, TERMS, { all: 'terms', of: ' of LicenseTerms.of()' });
    for (const name of FIGURES) {
      const property = `${name} of LicenseTerms.of()`;
      checkKnown(who, lit`LicenseTermsFigureToken`, { property, value: terms[name], decides: 'how licenses are counted' });
      checkWholeNumber(who, lit`LicenseTermsFigure`, { property, value: terms[name], minimum: name === 'minimumPerSocket' ? 0 : 1, maximum: MOST });
    }
    if (terms.vcpusPerLicense === undefined && terms.coresPerLicense === undefined) {
      refuse(who, lit`LicenseTermsOfNothing`, `'${terms.termsName}' has neither vcpusPerLicense nor coresPerLicense: a license would cover nothing. Set one of the two.`);
    }
    return terms;
  }
}

function forVirtualMachine(who: string, terms: LicenseTermsProps, { vcpus, threadsPerCore }: VirtualMachine): number {
  const { termsName, minimumPerVirtualMachine = 1, maximumVcpus = Infinity } = terms;
  if (terms.vcpusPerLicense === undefined) {
    refuse(who, lit`LicenseTermsOfHosts`, `'${termsName}' licenses cover the physical cores of the host on which virtual machines run. Use MachineSize.dedicatedHost().`);
  }
  if (vcpus > maximumVcpus) {
    refuse(who, lit`LicenseTermsTooLarge`,
      `a virtual machine with ${vcpus} vCPUs may have no '${termsName}' licenses: they are for at most ${maximumVcpus}. Use a smaller one, or other licenses.`);
  }
  return Math.max(Math.ceil(vcpus / vcpusPerLicense(terms, threadsPerCore)), minimumPerVirtualMachine);
}

function vcpusPerLicense({ vcpusPerLicense: each, vcpusPerLicenseOnOneThread: onOneThread }: LicenseTermsProps, threadsPerCore: number): number {
  return (threadsPerCore === 1 ? onOneThread : undefined) ?? each!;
}

const FIGURES = [
  'vcpusPerLicense', 'vcpusPerLicenseOnOneThread', 'minimumPerVirtualMachine', 'maximumVcpus', 'coresPerLicense', 'minimumPerSocket', 'minimumPerHost',
] as const;

const TERMS: Shape<LicenseTermsProps> = {
  termsName: needed(TEXT),
  vcpusPerLicense: NUMBER,
  vcpusPerLicenseOnOneThread: NUMBER,
  minimumPerVirtualMachine: NUMBER,
  maximumVcpus: NUMBER,
  coresPerLicense: NUMBER,
  minimumPerSocket: NUMBER,
  minimumPerHost: NUMBER,
};

const COUNT: Shape<LicenseCountOptions> = { threadsPerCore: NUMBER };
