/*
 * What the conditions of a template are, as far as that is known before the deployment.
 */

/** Anything in a template. */
type Value = any;

/** The conditions of a template. */
export class Conditions {
  private readonly known = new Map<string, boolean | undefined>();

  /**
   * @param written what the template has
   * @param textOf  what a value is, if it is a text or a number that is known
   */
  constructor(private readonly written: { readonly [name: string]: Value }, private readonly textOf: (value: Value) => string | undefined) {}

  /** Whether a condition is so; nothing if nobody knows. */
  public isSo(name: Value): boolean | undefined {
    if (!this.known.has(name)) {
      // One that goes in circles is not known.
      this.known.set(name, undefined);
      this.known.set(name, this.evaluated(this.written[name]));
    }
    return this.known.get(name);
  }

  /** What is left of a value without `AWS::NoValue`, and of each `Fn::If` whose condition is known. */
  public pruned(value: Value): Value {
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    if (Array.isArray(value)) {
      return value.map(it => this.pruned(it)).filter(it => it !== undefined);
    }
    if (isNoValue(value)) {
      return undefined;
    }
    const choice = value['Fn::If'];
    if (Array.isArray(choice)) {
      const isSo = this.isSo(choice[0]);
      // Of one that is not known, it is told what it may be.
      return isSo === undefined ? { 'Fn::If': choice.map(it => isNoValue(it) ? it : this.pruned(it)) } : this.pruned(choice[isSo ? 1 : 2]);
    }
    return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, this.pruned(it)]).filter(([, it]) => it !== undefined));
  }

  private evaluated(value: Value): boolean | undefined {
    const [[key, argument] = []] = Object.entries<Value>(typeof value === 'object' && value !== null ? value : {});
    const all = () => (Array.isArray(argument) ? argument : []).map(it => this.evaluated(it));
    switch (key) {
      case 'Condition': return this.isSo(argument);
      case 'Fn::Equals': {
        const [one, other] = [0, 1].map(index => this.textOf(argument?.[index]));
        return one === undefined || other === undefined ? undefined : one === other;
      }
      case 'Fn::Not': return negated(all()[0]);
      case 'Fn::And': return every(all());
      case 'Fn::Or': return negated(every(all().map(negated)));
      default: return undefined;
    }
  }
}

/** Whether a value, as it is rendered, may be none at all. */
export function mayBeNone(value: Value): boolean {
  const choice = value?.['Fn::If'];
  return isNoValue(value) || Array.isArray(choice) && choice.slice(1).some(mayBeNone);
}

function isNoValue(value: Value): boolean {
  return value?.Ref === 'AWS::NoValue';
}

function negated(isSo: boolean | undefined): boolean | undefined {
  return isSo === undefined ? undefined : !isSo;
}

function every(all: readonly (boolean | undefined)[]): boolean | undefined {
  return all.includes(false) ? false : all.includes(undefined) ? undefined : true;
}
