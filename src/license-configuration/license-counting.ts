import { Annotations, Fn, Token, Tokenization } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { onceEach } from '../private/finding/doubles';
import { brand } from '../private/identity/copies';
import { shown } from '../private/identity/reference';
import { copied } from '../private/validation/copy';
import { DURATION, FLAG, givenProps, listOf, NUMBER, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkOneOf, checkWholeNumber, lit, refuse } from '../private/validation/validation';

/**
 * The dimension that licenses are counted by: the user guide calls it the license type.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/APIReference/API_CreateLicenseConfiguration.html
 */
export enum LicenseCountingType {
  /**
   * A license for each vCPU.
   */
  VCPU = 'vCPU',

  /**
   * A license for each instance.
   */
  INSTANCE = 'Instance',

  /**
   * A license for each physical core, on Dedicated Hosts.
   */
  CORE = 'Core',

  /**
   * A license for each physical socket, on Dedicated Hosts.
   */
  SOCKET = 'Socket',
}

/**
 * An EC2 tenancy that a license may be used in.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/self-managed-license-rules-parameters.html
 */
export enum LicenseTenancy {
  /**
   * Shared tenancy: hardware that other AWS accounts use as well.
   */
  DEFAULT = 'EC2-Default',

  /**
   * Dedicated Instances: hardware that no other AWS account uses.
   */
  DEDICATED_INSTANCE = 'EC2-DedicatedInstance',

  /**
   * Dedicated Hosts: a physical server that is yours.
   */
  DEDICATED_HOST = 'EC2-DedicatedHost',
}

/**
 * Rules of a license that is counted by vCPU.
 */
export interface VcpuLicenseRules {
  /**
   * The fewest vCPUs that a resource may have: a positive whole number, at most `maximumVcpus`.
   *
   * @default - no lower limit
   */
  readonly minimumVcpus?: number;

  /**
   * The most vCPUs that a resource may have: a positive whole number, at least `minimumVcpus`.
   *
   * @default - no upper limit
   */
  readonly maximumVcpus?: number;

  /**
   * Whether the vCPUs are counted that an instance was customized to have (CPU optimization of Amazon EC2).
   *
   * If `false`, the default number of vCPUs of the instance type is counted.
   *
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-optimize-cpu.html
   * @default - no rule is sent, and License Manager counts the default number of vCPUs of the instance type
   */
  readonly honorVcpuOptimization?: boolean;

  /**
   * The tenancies that the license may be used in: at least one, each once. Their order is of no importance.
   *
   * @default - every tenancy
   */
  readonly allowedTenancy?: LicenseTenancy[];
}

/**
 * Rules of a license that is counted by physical core.
 */
export interface CoreLicenseRules {
  /**
   * The fewest cores that a resource may have: a positive whole number, at most `maximumCores`.
   *
   * @default - no lower limit
   */
  readonly minimumCores?: number;

  /**
   * The most cores that a resource may have: a positive whole number, at least `minimumCores`.
   *
   * @default - no upper limit
   */
  readonly maximumCores?: number;

  /**
   * The tenancy that the license may be used in: cores can be counted on Dedicated Hosts only.
   *
   * @default [LicenseTenancy.DEDICATED_HOST]
   */
  readonly allowedTenancy?: LicenseTenancy[];

  /**
   * Whether the rule on the tenancy is left out.
   *
   * For a license that exists without the rule and is to be taken into the app as it is: a rule more would replace it. Without the rule, License
   * Manager lets launches through that it cannot count.
   *
   * Throws a `ValidationError` if it is `true` together with `allowedTenancy`.
   *
   * @default false - the rule is sent
   */
  readonly withoutTenancyRule?: boolean;

  /**
   * For how long a license is bound to the host that it was used on: 1 to 180 whole days.
   *
   * It becomes available for another host within 24 hours after that.
   *
   * @default - a license can be used on another host at once
   */
  readonly licenseAffinityToHost?: Duration;
}

/**
 * Rules of a license that is counted by physical socket.
 */
export interface SocketLicenseRules {
  /**
   * The fewest sockets that a resource may have: a positive whole number, at most `maximumSockets`.
   *
   * @default - no lower limit
   */
  readonly minimumSockets?: number;

  /**
   * The most sockets that a resource may have: a positive whole number, at least `minimumSockets`.
   *
   * @default - no upper limit
   */
  readonly maximumSockets?: number;

  /**
   * The tenancy that the license may be used in: sockets can be counted on Dedicated Hosts only.
   *
   * @default [LicenseTenancy.DEDICATED_HOST]
   */
  readonly allowedTenancy?: LicenseTenancy[];

  /**
   * Whether the rule on the tenancy is left out.
   *
   * For a license that exists without the rule and is to be taken into the app as it is: a rule more would replace it. Without the rule, License
   * Manager lets launches through that it cannot count.
   *
   * Throws a `ValidationError` if it is `true` together with `allowedTenancy`.
   *
   * @default false - the rule is sent
   */
  readonly withoutTenancyRule?: boolean;

  /**
   * For how long a license is bound to the host that it was used on: 1 to 180 whole days.
   *
   * It becomes available for another host within 24 hours after that.
   *
   * @default - a license can be used on another host at once
   */
  readonly licenseAffinityToHost?: Duration;
}

/**
 * Rules of a license that is counted by instance.
 *
 * The user guide has limits on cores and sockets here; the current text of the API reference has limits on vCPUs only. They are sent
 * as the guide has them, with a warning.
 */
export interface InstanceLicenseRules {
  /**
   * The fewest cores that an instance may have: a positive whole number, at most `maximumCores`.
   *
   * @default - no lower limit
   */
  readonly minimumCores?: number;

  /**
   * The most cores that an instance may have: a positive whole number, at least `minimumCores`.
   *
   * @default - no upper limit
   */
  readonly maximumCores?: number;

  /**
   * The fewest sockets that an instance may have: a positive whole number, at most `maximumSockets`.
   *
   * @default - no lower limit
   */
  readonly minimumSockets?: number;

  /**
   * The most sockets that an instance may have: a positive whole number, at least `minimumSockets`.
   *
   * @default - no upper limit
   */
  readonly maximumSockets?: number;

  /**
   * The fewest vCPUs that an instance may have: a positive whole number, at most `maximumVcpus`.
   *
   * @default - no lower limit
   */
  readonly minimumVcpus?: number;

  /**
   * The most vCPUs that an instance may have: a positive whole number, at least `minimumVcpus`.
   *
   * @default - no upper limit
   */
  readonly maximumVcpus?: number;

  /**
   * The tenancies that the license may be used in: at least one, each once. Their order is of no importance.
   *
   * @default - every tenancy
   */
  readonly allowedTenancy?: LicenseTenancy[];
}

/**
 * How the licenses of an agreement are counted, and the rules of their use.
 *
 * Each dimension takes its own rules only. The values are checked when a license takes them: a `ValidationError` is thrown for a rule
 * of another dimension, for limits that are not positive whole numbers or cross each other, for an affinity of other than 1 to 180 whole days, and for a
 * tenancy that is missing, unknown or not possible. One that is there twice is sent once, with a warning.
 *
 * CloudFormation cannot change the counting type or the rules of a license: a change replaces the license by a new one with another
 * ARN.
 *
 * @see https://docs.aws.amazon.com/license-manager/latest/userguide/self-managed-license-rules-parameters.html
 */
export class LicenseCounting {
  /**
   * A license for each vCPU.
   *
   * The only type for products of Amazon RDS, which are tracked without any rule.
   *
   * @param rules the rules of the license; by default there is none
   */
  public static vcpus(rules: VcpuLicenseRules = {}): LicenseCounting {
    return new LicenseCounting(LicenseCountingType.VCPU, rules);
  }

  /**
   * A license for each physical core, on Dedicated Hosts.
   *
   * Managed nodes of AWS Systems Manager cannot be associated with it: they take licenses counted by vCPU or by instance.
   *
   * @param rules the rules of the license; by default there is none
   */
  public static cores(rules: CoreLicenseRules = {}): LicenseCounting {
    return new LicenseCounting(LicenseCountingType.CORE, rules);
  }

  /**
   * A license for each physical socket, on Dedicated Hosts.
   *
   * Managed nodes of AWS Systems Manager cannot be associated with it: they take licenses counted by vCPU or by instance.
   *
   * @param rules the rules of the license; by default there is none
   */
  public static sockets(rules: SocketLicenseRules = {}): LicenseCounting {
    return new LicenseCounting(LicenseCountingType.SOCKET, rules);
  }

  /**
   * A license for each instance.
   *
   * @param rules the rules of the license; by default there is none
   */
  public static instances(rules: InstanceLicenseRules = {}): LicenseCounting {
    return new LicenseCounting(LicenseCountingType.INSTANCE, rules);
  }

  /**
   * The counting of a license that exists, of which nothing but the type is known.
   *
   * @internal
   */
  public static _ofType(type: LicenseCountingType): LicenseCounting {
    return new LicenseCounting(type, {});
  }

  /**
   * The dimension that licenses are counted by.
   */
  public readonly licenseCountingType: LicenseCountingType;

  /**
   * The tenancies that the rules of the license allow; none if there is no rule on them.
   *
   * A license that is counted by core or by socket allows Dedicated Hosts only, whether that was said or not, unless `withoutTenancyRule` is set.
   */
  public readonly allowedTenancy?: LicenseTenancy[];

  private readonly rules: AnyRules;

  private constructor(type: LicenseCountingType, rules: AnyRules) {
    brand(this, 'LicenseCounting');
    this.licenseCountingType = type;
    this.rules = copied(rules);
    // License Manager accepts every tenancy unless it is told otherwise, yet can count cores and sockets on Dedicated Hosts only.
    // So the rule is sent unless it is left out by name: without it, launches would be let through that cannot be counted.
    this.allowedTenancy = this.rules?.allowedTenancy
      ?? (isCountedOnHosts(type) && !this.rules?.withoutTenancyRule ? [LicenseTenancy.DEDICATED_HOST] : undefined);
  }

  /**
   * Whether the user has set any rule.
   *
   * @internal
   */
  public get _hasRules(): boolean {
    return Object.values(this.rules ?? {}).some(rule => rule !== undefined && rule !== null);
  }

  /**
   * Checks the rules and writes them as License Manager reads them: `#name=value`.
   *
   * The order is always the same, whatever the user wrote: a template in which nothing but the order of rules or tenancies has
   * changed must not replace a license.
   *
   * @internal
   */
  public _render(scope: IConstruct): string[] {
    const rules = givenProps(scope, this.rules, RULES_SHAPE, { all: 'rules of LicenseCounting' });
    this.refuseOthers(scope, rules);
    const rendered: string[] = [];
    for (const unit of ['Cores', 'Sockets', 'Vcpus'] as const) {
      renderLimits(scope, rendered, unit, rules[`minimum${unit}`], rules[`maximum${unit}`]);
    }
    this.renderTenancy(scope, rendered);
    if (rules.licenseAffinityToHost !== undefined) {
      rendered.push(`#licenseAffinityToHost=${affinityInDays(scope, rules.licenseAffinityToHost)}`);
    }
    if (rules.honorVcpuOptimization !== undefined) {
      // Python's spelling is the API's.
      rendered.push(`#honorVcpuOptimization=${rules.honorVcpuOptimization ? 'True' : 'False'}`);
    }
    if (this.licenseCountingType === LicenseCountingType.INSTANCE
      && (rules.minimumCores ?? rules.maximumCores ?? rules.minimumSockets ?? rules.maximumSockets) !== undefined) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:instanceCoreAndSocketRules',
        'The license is counted by instance and limits cores or sockets. The user guide knows these rules, the current API reference ' +
        'knows limits of vCPUs only: License Manager may refuse them at deployment. Use minimumVcpus and maximumVcpus to be safe.');
    }
    return rendered;
  }

  /** A rule of another type gets here in an object that is more than the rules of the type: compilers look at literals only. */
  private refuseOthers(scope: IConstruct, rules: AnyRules): void {
    const taken = RULES[this.licenseCountingType];
    const other = Object.entries(rules).find(([name, value]) => value !== undefined && !taken.includes(name))?.[0];
    if (other !== undefined) {
      refuse(scope, lit`LicenseRuleOfAnotherType`,
        `'${other}' is not a rule of a license that is counted by '${this.licenseCountingType}', which has ${taken.join(', ')}. Leave it out, or ` +
        'count by something else.');
    }
  }

  private renderTenancy(scope: IConstruct, rendered: string[]): void {
    const { allowedTenancy } = this;
    if (allowedTenancy === undefined) {
      return;
    }
    if (this.rules?.withoutTenancyRule) {
      refuse(scope, lit`AllowedTenancyWithoutRule`,
        'withoutTenancyRule is true, and there is allowedTenancy: the rule cannot be both left out and sent. Leave one of the two out.');
    }
    if (Token.isUnresolved(allowedTenancy)) {
      rendered.push(`#allowedTenancy=${Fn.join(',', allowedTenancy)}`);
      return;
    }
    if (allowedTenancy.length === 0) {
      refuse(scope, lit`AllowedTenancyEmpty`,
        'allowedTenancy is empty: the license could not be used anywhere, at least 1 tenancy is needed. ' +
        'Name a tenancy, or leave allowedTenancy out.');
    }
    for (const value of allowedTenancy) {
      checkOneOf(scope, lit`AllowedTenancyUnknown`, {
        property: 'a member of allowedTenancy', value, allowed: Object.values(LicenseTenancy), wayOut: 'Correct it.',
      });
    }
    if (isCountedOnHosts(this.licenseCountingType)) {
      const impossible = allowedTenancy.find(tenancy => tenancy !== LicenseTenancy.DEDICATED_HOST && !Token.isUnresolved(tenancy));
      if (impossible !== undefined) {
        const unit = this.licenseCountingType === LicenseCountingType.CORE ? 'core' : 'socket';
        refuse(scope, lit`AllowedTenancyNotDedicatedHost`,
          `allowedTenancy names '${impossible}', but a license that is counted by ${unit} can be used in ` +
          `'${LicenseTenancy.DEDICATED_HOST}' only. Allow LicenseTenancy.DEDICATED_HOST alone, or count by vCPU or by instance.`);
      }
    }
    const distinct = onceEach(scope, 'allowedTenancy', allowedTenancy, tenancy => tenancy, tenancy => shown(scope, tenancy));
    // Several tenancies are one rule, separated by commas. AWS's own references show one tenancy only; the list is documented under "Rules" at
    // https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/licensemanager_license_configuration
    const tenancies = [
      ...TENANCIES.filter(tenancy => distinct.includes(tenancy)),
      ...distinct.filter(tenancy => Token.isUnresolved(tenancy)),
    ];
    rendered.push(`#allowedTenancy=${tenancies.join(',')}`);
  }
}

/** The rules of all types: what a type doesn't take is always absent. */
interface AnyRules extends VcpuLicenseRules, InstanceLicenseRules {
  readonly licenseAffinityToHost?: Duration;
  readonly withoutTenancyRule?: boolean;
}

/** The rules that each type takes. */
const RULES: Record<LicenseCountingType, readonly string[]> = {
  [LicenseCountingType.VCPU]: ['minimumVcpus', 'maximumVcpus', 'honorVcpuOptimization', 'allowedTenancy'],
  [LicenseCountingType.INSTANCE]: [
    'minimumCores', 'maximumCores', 'minimumSockets', 'maximumSockets', 'minimumVcpus', 'maximumVcpus', 'allowedTenancy',
  ],
  [LicenseCountingType.CORE]: ['minimumCores', 'maximumCores', 'allowedTenancy', 'withoutTenancyRule', 'licenseAffinityToHost'],
  [LicenseCountingType.SOCKET]: ['minimumSockets', 'maximumSockets', 'allowedTenancy', 'withoutTenancyRule', 'licenseAffinityToHost'],
};

const RULES_SHAPE: Shape<AnyRules> = {
  minimumCores: NUMBER,
  maximumCores: NUMBER,
  minimumSockets: NUMBER,
  maximumSockets: NUMBER,
  minimumVcpus: NUMBER,
  maximumVcpus: NUMBER,
  allowedTenancy: listOf(TEXT),
  licenseAffinityToHost: DURATION,
  withoutTenancyRule: FLAG,
  honorVcpuOptimization: FLAG,
};

const TENANCIES = [LicenseTenancy.DEFAULT, LicenseTenancy.DEDICATED_HOST, LicenseTenancy.DEDICATED_INSTANCE];

const MAXIMUM_AFFINITY_DAYS = 180;

function isCountedOnHosts(type: LicenseCountingType): boolean {
  return type === LicenseCountingType.CORE || type === LicenseCountingType.SOCKET;
}

function renderLimits(
  scope: IConstruct, rendered: string[], unit: string, minimum: number | undefined, maximum: number | undefined,
): void {
  if (minimum !== undefined) {
    rendered.push(`#minimum${unit}=${limit(scope, `minimum${unit}`, minimum)}`);
  }
  if (maximum !== undefined) {
    rendered.push(`#maximum${unit}=${limit(scope, `maximum${unit}`, maximum)}`);
  }
  if (minimum !== undefined && maximum !== undefined && minimum > maximum && !Token.isUnresolved(minimum) && !Token.isUnresolved(maximum)) {
    refuse(scope, lit`LicenseLimitsCrossed`,
      `minimum${unit} is ${minimum} and maximum${unit} is ${maximum}: the minimum has to be at most the maximum. ` +
      `Lower minimum${unit} or raise maximum${unit}.`);
  }
}

function limit(scope: IConstruct, name: string, value: number): string {
  if (Token.isUnresolved(value)) {
    return Tokenization.stringifyNumber(value);
  }
  checkWholeNumber(scope, lit`LicenseLimitRange`, { property: name, value, minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
  return String(value);
}

function affinityInDays(scope: IConstruct, affinity: Duration): string {
  if (affinity.isUnresolved()) {
    if (affinity.unitLabel() !== 'days') {
      refuse(scope, lit`LicenseAffinityUnit`,
        `licenseAffinityToHost is a token in ${affinity.unitLabel()}: License Manager counts it in days, and a token cannot be ` +
        'converted at synthesis. Use Duration.days().');
    }
    return Tokenization.stringifyNumber(affinity.toDays());
  }
  const days = affinity.toDays({ integral: false });
  if (!Number.isInteger(days) || days < 1 || days > MAXIMUM_AFFINITY_DAYS) {
    refuse(scope, lit`LicenseAffinityRange`,
      `licenseAffinityToHost is ${affinity.toHumanString()}: it has to be 1 to ${MAXIMUM_AFFINITY_DAYS} whole days. ` +
      'Correct it, or leave it out to bind licenses to no host.');
  }
  return String(days);
}
