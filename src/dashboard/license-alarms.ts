import { Annotations, Lazy, Stack } from 'aws-cdk-lib';
import { CompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarm, CfnAlarm, CfnCompositeAlarm, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct, IConstruct } from 'constructs';
import { brand } from '../private/identity/copies';
import { knownToDiffer } from '../private/identity/reference';
import { ALARM_ACTIONS, alarmsIn, applyActions, applyTexts } from '../private/license/alarm';
import { setStrategy, strategyOf } from '../private/license/alarm-strategy';
import { construct, givenAs, givenProps, TEXT } from '../private/validation/given';
import type { Shape } from '../private/validation/given';
import { checkLength, counted, isKnown, lit, refuse } from '../private/validation/validation';

/**
 * What is said once for all alarms of licenses in a scope.
 */
export interface LicenseAlarmsOptions {
  /**
   * What the names of alarms begin with: 1 to 200 characters. A unique name follows, made from the path of the alarm.
   *
   * An alarm with a name of its own keeps it, and so does one of Linux subscriptions, which the console of License Manager knows by its name.
   *
   * Throws a `ValidationError` for another length: the rest of the 255 that a name may have tells the alarms apart.
   *
   * **A change replaces the alarms**, which begin anew.
   *
   * @default - names that CloudFormation generates
   */
  readonly alarmNamePrefix?: string;

  /**
   * What all descriptions end with, such as whom to ask, and the address of a runbook: 1 to 512 characters.
   *
   * Throws a `ValidationError` for another length. An alarm throws one if its description has more than 1,024 characters with it.
   *
   * @default - nothing
   */
  readonly alarmDescriptionSuffix?: string;

  /**
   * What to do when an alarm goes off that says nothing of it: at most 5 actions. None (`[]`) says that nobody is to be told, as where a composite alarm tells
   * of all.
   *
   * An alarm throws a `ValidationError` for more.
   *
   * @default - the topic of the `ServiceSettings` in the same account and Region, if the app declares one
   */
  readonly actions?: IAlarmAction[];

  /**
   * What to do when an alarm is over that says nothing of it: at most 5 actions.
   *
   * An alarm throws a `ValidationError` for more.
   *
   * @default - nothing but the state of the alarm
   */
  readonly okActions?: IAlarmAction[];
}

/**
 * Options of an alarm that is made of others.
 */
export interface LicenseCompositeAlarmOptions {
  /**
   * What to do when the first of the alarms goes off: at most 5 actions. None (`[]`) says that nobody is to be told.
   *
   * Throws a `ValidationError` for more.
   *
   * @default - the topic of the `ServiceSettings` in the same account and Region, if the app declares one: `actions` of the scope are for the alarms themselves
   */
  readonly actions?: IAlarmAction[];

  /**
   * What to do when the last of the alarms is over: at most 5 actions.
   *
   * Throws a `ValidationError` for more.
   *
   * @default - nothing but the state of the alarm
   */
  readonly okActions?: IAlarmAction[];

  /**
   * The name of the alarm: 1 to 255 characters.
   *
   * Throws a `ValidationError` for another length.
   *
   * @default - with the prefix of the scope, if it has one; else generated
   */
  readonly compositeAlarmName?: string;

  /**
   * The description of the alarm, which its messages have: at most 1,024 characters.
   *
   * Throws a `ValidationError` for more.
   *
   * @default - what the alarm is made of
   */
  readonly alarmDescription?: string;
}

/**
 * The alarms of licenses in a scope: `addUsageAlarm` and `addHeadroomAlarm` of licenses, `addAlarm` of Linux subscriptions.
 *
 * What is the same for all of them is said once, and not at every call. What an alarm says itself, comes first; then what the nearest scope says.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
 * import { Topic } from 'aws-cdk-lib/aws-sns';
 * import { LicenseAlarms, LicenseConfiguration, LicenseCounting } from 'cdk-license-manager';
 *
 * const stack = new Stack(new App(), 'Licenses');
 * const action = new SnsAction(new Topic(stack, 'Topic', { enforceSSL: true }));
 * LicenseAlarms.of(stack).configure({ alarmNamePrefix: 'licenses-', actions: [action], okActions: [action] });
 * new LicenseConfiguration(stack, 'Windows', { licenseCounting: LicenseCounting.vcpus(), licenseCount: 96 }).addHeadroomAlarm('FewLeft', { licensesLeft: 8 });
 */
export class LicenseAlarms {
  /**
   * The alarms at and below a construct.
   *
   * @param scope an app, a stage, a stack, or a construct in a stack
   */
  public static of(scope: IConstruct): LicenseAlarms {
    return new LicenseAlarms(givenAs('LicenseAlarms.of()', 'scope', scope, construct('a construct', 'node')));
  }

  private constructor(private readonly scope: IConstruct) {}

  /**
   * Says what holds for the alarms. Call it before the first of them is made. An option that is not given, is taken from the nearest scope above that says it.
   *
   * Throws a `ValidationError` if there is an alarm at or below the scope already, and for a prefix or a suffix of another length.
   *
   * @param options what holds
   */
  public configure(options: LicenseAlarmsOptions): void {
    options = givenProps(this.scope, options, CONFIGURATION, { all: 'options of LicenseAlarms', areNeeded: true });
    checkLength(this.scope, lit`AlarmNamePrefix`, { property: 'alarmNamePrefix', value: options.alarmNamePrefix, minimum: 1, maximum: 200 });
    checkLength(this.scope, lit`AlarmDescriptionSuffix`, { property: 'alarmDescriptionSuffix', value: options.alarmDescriptionSuffix, minimum: 1, maximum: 512 });
    setStrategy(this.scope, options);
  }

  /**
   * Adds an alarm that is on as long as any of the alarms is: also those that are made later. Composite alarms are none of them.
   *
   * An alarm of another account or Region causes a warning, and is left out: CloudWatch composes no others.
   *
   * Throws a `ValidationError` if the scope is not in a stack; and when the app is complete, if there is no alarm, more than 100, or a rule of more than 10,240
   * characters, as far as they are known.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
   *
   * @param id      the alarm's construct id
   * @param options whom it tells, and more
   */
  public addCompositeAlarm(id: string, options: LicenseCompositeAlarmOptions = {}): CompositeAlarm {
    const { scope } = this;
    if (!scope.node.scopes.some(it => Stack.isStack(it))) {
      refuse(scope, lit`CompositeAlarmWithoutStack`,
        `composite alarm '${id}' has to be in a stack, as it is a resource, and CloudWatch composes alarms of one account and Region. Use LicenseAlarms.of() with a `
        + 'stack, or with a construct in one.');
    }
    options = givenProps(scope, options, COMPOSITE, { all: `options of alarm '${id}'`, of: ` of alarm '${id}'` });
    const { compositeAlarmName, alarmDescription } = options;
    checkLength(scope, lit`AlarmName`, { property: `compositeAlarmName of alarm '${id}'`, value: compositeAlarmName, minimum: 1, maximum: 255 });
    checkLength(scope, lit`AlarmDescription`, { property: `alarmDescription of alarm '${id}'`, value: alarmDescription, minimum: 0, maximum: 1024 });
    const { account, region } = Stack.of(scope);
    const alarm: CompositeAlarm = new CompositeAlarm(scope as Construct, id, {
      compositeAlarmName,
      alarmDescription: alarmDescription ?? `At least one of the alarms on licenses is on in account ${account}, ${region}. It says which one it is.`,
      alarmRule: { renderAlarmRule: () => Lazy.uncachedString({ produce: () => ruleOf(this.children(alarm)) }) },
    });
    brand(alarm, 'LicenseCompositeAlarm');
    const resource = alarm.node.defaultChild as CfnCompositeAlarm;
    applyTexts(alarm, resource, strategyOf(alarm), compositeAlarmName);
    applyActions(alarm, {}, options);
    alarm.node.addValidation({ validate: () => this.check(alarm) });
    return alarm;
  }

  /** Those that the alarm can be made of. */
  private children(composite: CompositeAlarm) {
    return alarmsIn(this.scope).filter(({ stack }) =>
      !knownToDiffer(stack.account, composite.stack.account) && !knownToDiffer(stack.region, composite.stack.region));
  }

  private check(composite: CompositeAlarm): string[] {
    const children = this.children(composite);
    const foreign = alarmsIn(this.scope).filter(alarm => !children.includes(alarm));
    if (foreign.length > 0) {
      Annotations.of(composite).addWarningV2('cdk-license-manager:alarmsOfAnotherEnvironment',
        `The alarm is not made of ${foreign.map(({ node }) => `'${node.path}'`).join(', ')}: CloudWatch composes alarms of one account and Region. Make a `
        + 'composite alarm there, too.');
    }
    if (children.length === 0) {
      return ['there is no alarm on licenses in the scope to make the composite alarm of. Add one (addUsageAlarm, addHeadroomAlarm), or leave the composite alarm out.'];
    }
    const wayOut = 'Make composite alarms of smaller scopes, and one of aws-cdk-lib (CompositeAlarm) over them.';
    if (children.length > MAXIMUM_CHILDREN) {
      return [`the composite alarm is made of ${counted(children.length, 'alarm')}, and CloudWatch takes at most ${MAXIMUM_CHILDREN}. ${wayOut}`];
    }
    // Of names that CloudFormation generates, nothing is known.
    const length = ruleOf(children.map(child => ({ alarmName: knownNameOf(child) }))).length;
    if (length > MAXIMUM_RULE) {
      return [`the rule of the composite alarm has at least ${length} characters, and CloudWatch takes at most ${MAXIMUM_RULE}. ${wayOut}`];
    }
    return [];
  }
}

/** Alarms are in the rule by their names, which are shorter than their ARNs: a rule has few characters. */
function ruleOf(alarms: readonly { readonly alarmName: string }[]): string {
  return alarms.map(({ alarmName }) => `ALARM("${alarmName}")`).join(' OR ');
}

function knownNameOf(alarm: Alarm): string {
  const { alarmName } = alarm.node.defaultChild as CfnAlarm;
  return isKnown(alarmName) ? alarmName : '';
}

const MAXIMUM_CHILDREN = 100;
const MAXIMUM_RULE = 10_240;

const CONFIGURATION: Shape<LicenseAlarmsOptions> = {
  alarmNamePrefix: TEXT,
  alarmDescriptionSuffix: TEXT,
  actions: ALARM_ACTIONS,
  okActions: ALARM_ACTIONS,
};

const COMPOSITE: Shape<LicenseCompositeAlarmOptions> = {
  actions: ALARM_ACTIONS,
  okActions: ALARM_ACTIONS,
  compositeAlarmName: TEXT,
  alarmDescription: TEXT,
};
