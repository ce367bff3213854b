import type { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { threadsOf, type VirtualMachine, wholeFigure } from './figures';
import { brand } from '../private/identity/copies';
import { coresOf, vcpusOf } from '../private/license/instance-types';
import { copied } from '../private/validation/copy';
import { givenAs, givenProps, needed, NUMBER, ofClass } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkKnown, lit, refuse } from '../private/validation/validation';

/**
 * What else is known of a virtual machine.
 */
export interface VirtualMachineOptions {
  /**
   * How many threads a core runs, each of which is a vCPU: 1 or 2. It is 1 on processors without hyperthreading, such as AWS Graviton, and where the CPU options
   * of the instance turn it off.
   *
   * @default 2
   */
  readonly threadsPerCore?: number;
}

/**
 * The processors of a Dedicated Host.
 */
export interface DedicatedHostSize {
  /**
   * How many processors it has, which have the same number of cores: a whole number, at least 1.
   */
  readonly sockets: number;

  /**
   * How many physical cores they have, all together: a whole number, at least `sockets`.
   */
  readonly cores: number;
}

/**
 * How large a machine is, as license terms ask for it: a virtual machine, or a whole host.
 *
 * It is checked when terms are asked for it.
 */
export class MachineSize {
  /**
   * A virtual machine: an instance, or a database of Amazon RDS.
   *
   * A `ValidationError` is thrown for what is not a whole number from 1 on.
   *
   * @param vcpus   how many vCPUs it has
   * @param options whether they are threads or cores
   */
  public static vcpus(vcpus: number, options: VirtualMachineOptions = {}): MachineSize {
    const said = copied(options);
    return new MachineSize(who => ({
      vcpus: wholeFigure(who, 'vcpus of MachineSize', vcpus, 1),
      threadsPerCore: threadsOf(who, givenProps(who, said, VIRTUAL, { all: 'options of MachineSize.vcpus()', of: ' of MachineSize' }).threadsPerCore),
    }));
  }

  /**
   * An instance of a type, with all of its vCPUs.
   *
   * A `ValidationError` is thrown for a token, and for a type of which the vCPUs or the cores are not known: give them to `vcpus()`.
   *
   * @param instanceType the type, as Amazon EC2 has it, without the `db.` of Amazon RDS
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/cpu-options-supported-instances-values.html
   */
  public static instanceType(instanceType: InstanceType): MachineSize {
    return new MachineSize(who => {
      const type = givenAs(who, 'instanceType of MachineSize', instanceType, ofClass('InstanceType', 'sameInstanceClassAs')).toString();
      checkKnown(who, lit`MachineTypeToken`, { property: 'instanceType of MachineSize', value: type, decides: 'how many licenses are needed' });
      const [vcpus, cores] = [vcpusOf(type), coresOf(type)];
      return vcpus === undefined || cores === undefined
        ? refuse(who, lit`MachineTypeUnknown`, `instanceType of MachineSize is '${type}', of which it is not known how many vCPUs and cores it has. Use MachineSize.vcpus().`)
        : { vcpus, threadsPerCore: vcpus / cores };
    });
  }

  /**
   * A whole Dedicated Host, for licenses of physical cores.
   *
   * A `ValidationError` is thrown for what is not a whole number from 1 on, and for fewer cores than sockets.
   *
   * @param size its processors, as `aws ec2 describe-hosts` and the table of Amazon EC2 tell them
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-hosts-overview.html
   */
  public static dedicatedHost(size: DedicatedHostSize): MachineSize {
    const said = copied(size);
    return new MachineSize(who => {
      const { sockets, cores } = givenProps(who, said, HOST, { all: 'size of MachineSize.dedicatedHost()', of: ' of MachineSize' });
      wholeFigure(who, 'sockets of MachineSize', sockets, 1);
      return { sockets, cores: wholeFigure(who, 'cores of MachineSize', cores, sockets) };
    });
  }

  private constructor(private readonly measured: (who: string) => VirtualMachine | DedicatedHostSize) {
    brand(this, 'MachineSize');
  }

  /**
   * The figures, checked.
   *
   * @internal
   */
  public _measure(who: string): VirtualMachine | DedicatedHostSize {
    return this.measured(who);
  }
}

const VIRTUAL: Shape<VirtualMachineOptions> = { threadsPerCore: NUMBER };

const HOST: Shape<DedicatedHostSize> = { sockets: needed(NUMBER), cores: needed(NUMBER) };
