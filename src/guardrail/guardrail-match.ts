import { Annotations, Token } from 'aws-cdk-lib';
import type { InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import type { ReadInstances, ReadMatch, Recorded, Told } from './read-instances';
import { onceEach } from '../private/finding/doubles';
import { brand } from '../private/identity/copies';
import { identityOf, shown } from '../private/identity/reference';
import { AMI } from '../private/license/ec2-resource';
import { fits } from '../private/validation/format';
import { copyOf, givenAs, listOf, ofClass, TEXT } from '../private/validation/given';
import type { Kind } from '../private/validation/given';
import { checkKnown, checkSize, lit, refuse } from '../private/validation/validation';

/**
 * What an EC2 instance has to be, for a guardrail to govern it: what License Manager's rulesets match by (`InstanceMatch`), as far as AWS Config records it.
 *
 * A match fits if the instance has one of the values. An instance of which AWS Config has not recorded what is asked for has none.
 *
 * Values are checked when a guardrail takes them: a `ValidationError` is thrown for what is no list of values, and for an empty one. One that nothing can
 * have, such as an id of another form, causes a warning, and so does a value that is there twice.
 *
 * @see https://docs.aws.amazon.com/config/latest/developerguide/config-item-table.html
 * @see https://github.com/awslabs/aws-config-resource-schema/blob/master/config/properties/resource-types/AWS%3A%3AEC2%3A%3AInstance.properties.json
 */
export class GuardrailMatch {
  /**
   * An instance with one of these usage operations, which tell the product that EC2 bills, or that its owner brings.
   *
   * IAM cannot tell it at a launch.
   *
   * @param usageOperations such as `RunInstances:0800` for Windows Server BYOL, or `LicenseType.WINDOWS_BYOL.usageOperation`; each once; tokens are taken
   *
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-info-fields.html
   */
  public static usageOperation(usageOperations: string[]): GuardrailMatch {
    return new GuardrailMatch({
      ...texts('usageOperation', usageOperations),
      recorded: { scalar: 'configuration.usageOperation' },
      form: { pattern: /^RunInstances(:[0-9A-Za-z]+)?$/, expected: '\'RunInstances\', or \'RunInstances:\' and letters and digits' },
    });
  }

  /**
   * An instance with one of these platform details, which are the usage operation in words.
   *
   * IAM cannot tell them at a launch.
   *
   * @param platformDetails such as `Windows BYOL`, as EC2 writes them; each once; tokens are taken
   *
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-info-fields.html
   */
  public static platformDetails(platformDetails: string[]): GuardrailMatch {
    return new GuardrailMatch({ ...texts('platformDetails', platformDetails), recorded: { scalar: 'configuration.platformDetails' } });
  }

  /**
   * An instance that was launched from one of these AMIs.
   *
   * IAM can tell it at a launch (`ec2:ImageID`).
   *
   * @param amiIds `ami-` and 8 or 17 letters and digits, each once; tokens are taken
   */
  public static amiId(amiIds: string[]): GuardrailMatch {
    return new GuardrailMatch({
      ...texts('amiId', amiIds),
      recorded: { scalar: 'configuration.imageId' },
      told: { resource: 'image', key: 'ec2:ImageID' },
      form: { pattern: AMI.id, expected: `the id of an AMI, of '${AMI.prefix}' and 8 or 17 letters and digits` },
    });
  }

  /**
   * An instance of one of these products of AWS Marketplace.
   *
   * IAM can tell it at a launch (`ec2:ProductCode`).
   *
   * @param productCodes each once; tokens are taken
   */
  public static marketplaceProductCode(productCodes: string[]): GuardrailMatch {
    return new GuardrailMatch({
      ...texts('marketplaceProductCode', productCodes),
      recorded: { list: 'configuration.productCodes', member: 'productCodeId' },
      told: { resource: 'instance', key: 'ec2:ProductCode' },
    });
  }

  /**
   * An instance of one of these types.
   *
   * IAM can tell it at a launch (`ec2:InstanceType`).
   *
   * @param instanceTypes each once
   */
  public static instanceType(instanceTypes: InstanceType[]): GuardrailMatch {
    return new GuardrailMatch({
      factory: 'instanceType',
      kind: ofClass('InstanceType', 'isBurstable'),
      given: copyOf(instanceTypes),
      textOf: type => type.toString(),
      recorded: { scalar: 'configuration.instanceType' },
      told: { resource: 'instance', key: 'ec2:InstanceType' },
    });
  }

  /**
   * An instance with a tag.
   *
   * IAM can tell the tags that a launch itself gives to the instance (`aws:RequestTag`), and none that it gets later. Who may tag and untag instances decides
   * what is governed.
   *
   * @param key    the key of the tag: a text that is known at synthesis
   * @param values the values, of which the tag has to have one; each once; tokens are taken. Without them, any.
   */
  public static tag(key: string, values?: string[]): GuardrailMatch {
    return new GuardrailMatch({
      ...texts('tag', values ?? []),
      tagKey: { given: key },
      anyValue: values === undefined || values === null,
      recorded: { list: 'configuration.tags', member: 'value' },
    });
  }

  private constructor(private readonly criterion: Criterion) {
    brand(this, 'GuardrailMatch');
  }

  /**
   * The opposite: the instance has none of the values.
   */
  public negated(): GuardrailMatch {
    return new GuardrailMatch({ ...this.criterion, negated: !this.criterion.negated });
  }

  /**
   * Checks what was given, and reads it.
   *
   * @internal
   */
  public _read(scope: IConstruct): ReadMatch {
    return read(scope, this.criterion);
  }
}

/**
 * The instances that a guardrail governs: those that run a product for which one of its licenses is asked.
 *
 * It is checked when a guardrail takes it: a `ValidationError` is thrown for a list without a match, which would govern every instance.
 */
export class GovernedInstances {
  /**
   * Instances that fulfill a match.
   *
   * @param match what an instance has to be
   */
  public static matching(match: GuardrailMatch): GovernedInstances {
    return new GovernedInstances('all', [match]);
  }

  /**
   * Instances that fulfill all of the matches.
   *
   * IAM can tell a launch of them if it can tell each of the matches, and all of them on the AMI or all of them on the instance.
   *
   * @param matches at least one
   */
  public static matchingAll(matches: GuardrailMatch[]): GovernedInstances {
    return new GovernedInstances('all', matches);
  }

  /**
   * Instances that fulfill at least one of the matches.
   *
   * @param matches at least one
   */
  public static matchingAny(matches: GuardrailMatch[]): GovernedInstances {
    return new GovernedInstances('any', matches);
  }

  private constructor(private readonly logic: 'all' | 'any', private readonly matches: readonly GuardrailMatch[]) {
    brand(this, 'GovernedInstances');
    this.matches = copyOf(matches);
  }

  /**
   * Checks what was given, and reads it.
   *
   * @internal
   */
  public _read(scope: IConstruct): ReadInstances {
    const property = 'the list of matches of instances';
    const matches = givenAs(scope, property, this.matches, listOf(ofClass('GuardrailMatch')));
    checkSize(scope, lit`GuardrailWithoutMatch`, {
      property, value: matches, minimum: 1, maximum: Infinity, wayOut: 'Without one, every instance would be governed: say which are.',
    });
    const all = matches.map(match => match._read(scope));
    if (this.logic === 'all') {
      warnOfNothing(scope, all);
    }
    return { logic: this.logic, matches: all };
  }
}

/** Warns of matches that no instance fulfills together: of what there is once, such as its type, it has one value. */
function warnOfNothing(scope: IConstruct, matches: readonly ReadMatch[]): void {
  const once = new Map<string, ReadMatch[]>();
  for (const match of matches) {
    const key = 'scalar' in match.recorded ? match.recorded.scalar : match.tagKey === undefined ? undefined : `tag ${match.tagKey}`;
    if (key !== undefined && !match.values?.some(value => Token.isUnresolved(value))) {
      once.set(key, [...once.get(key) ?? [], match]);
    }
  }
  for (const together of once.values()) {
    const [first, ...others] = together.filter(({ negated }) => !negated);
    const excluded = together.filter(({ negated }) => negated);
    const isFulfilled = ({ values, negated }: ReadMatch, value: string) => values === undefined ? !negated : values.includes(value) !== negated;
    const left = first?.values?.filter(value => [...others, ...excluded].every(match => isFulfilled(match, value)));
    const isNone = first !== undefined && (left === undefined ? excluded.some(({ values }) => values === undefined) : left.length === 0);
    if (isNone) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:guardrailGovernsNothing',
        `No instance fulfills all of ${[...new Set(together.map(({ name }) => name))].join(' and ')}: nothing is governed. Write the values into one match, or use `
        + 'GovernedInstances.matchingAny().');
    }
  }
}

/** What is asked of an instance, as the user has given it: nothing of it is checked yet. */
interface Criterion {
  readonly factory: string;
  readonly kind: Kind;
  readonly given: readonly unknown[];
  readonly textOf: (value: any) => unknown;
  readonly recorded: Recorded;
  readonly told?: Told;
  readonly form?: { readonly pattern: RegExp; readonly expected: string };
  readonly negated?: boolean;
  readonly tagKey?: { readonly given: string };
  readonly anyValue?: boolean;
}

function texts(factory: string, given: readonly string[]): Pick<Criterion, 'factory' | 'kind' | 'given' | 'textOf'> {
  return { factory, kind: TEXT, given: copyOf(given), textOf: value => value };
}

function read(scope: IConstruct, criterion: Criterion): ReadMatch {
  const { factory, kind, given, textOf, form, negated = false, recorded, told, tagKey: tag, anyValue = false } = criterion;
  const name = `GuardrailMatch.${factory}()`;
  const tagKey = tag && readTagKey(scope, name, tag.given);
  const common = {
    name: `${name}${negated ? '.negated()' : ''}`,
    negated,
    recorded,
    told: tagKey === undefined ? told : { resource: 'instance' as const, key: `aws:RequestTag/${tagKey}` },
    tagKey,
  };
  if (anyValue) {
    return common;
  }
  const list = `the list of ${name}`;
  const all = givenAs(scope, list, given, listOf(kind));
  checkKnown(scope, lit`GuardrailValuesUnknown`, { property: list, value: all, decides: 'the text of a rule' });
  checkSize(scope, lit`GuardrailWithoutValue`, {
    property: list, value: all, minimum: 1, maximum: Infinity, wayOut: 'Name what is governed, or leave the match out.',
  });
  const values = all.map(textOf) as string[];
  for (const text of values) {
    if (form && !fits(form.pattern, text)) {
      Annotations.of(scope).addWarningV2('cdk-license-manager:guardrailMatchForm',
        `${name} has the value '${shown(scope, text)}', which nothing has: it has to be ${form.expected}. Correct it.`);
    }
  }
  return { ...common, values: onceEach(scope, list, values, identityOf, text => shown(scope, text)) };
}

function readTagKey(scope: IConstruct, name: string, given: string): string {
  const property = `the key of ${name}`;
  const key = givenAs(scope, property, given, TEXT);
  checkKnown(scope, lit`GuardrailTagKeyUnknown`, { property, value: key, decides: 'what is in the template' });
  if (key === '') {
    refuse(scope, lit`GuardrailTagKeyEmpty`, `${property} is empty: no tag has such a one. Write it.`);
  }
  return key;
}
