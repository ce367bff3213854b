import type { Doc } from './doc';
import { Inexpressible } from './inexpressible';
import type { Expression, Language, Module, Properties } from './language';

/*
 * The values that code is made of.
 */

/** A text. The CDK takes some texts for its own: for the place of a value that is not known yet. */
export function text(value: string): Expression {
  if (/[$#]\{Token\[/.test(value)) {
    throw new Inexpressible(`'${value}' is a text that the CDK takes for a token of its own`);
  }
  return language => language.text(value);
}

export function number(value: number): Expression {
  return () => String(value);
}

export function flag(value: boolean): Expression {
  return language => language.flag(value);
}

export function list(members: readonly Expression[]): Expression {
  return language => language.list(members.map(member => member(language)));
}

export function texts(values: readonly string[]): Expression {
  return list(values.map(text));
}

/** A map with keys of others. */
export function dictionary(entries: readonly (readonly [string, Expression])[]): Expression {
  entries.forEach(([key]) => text(key));
  return language => language.dictionary(entries.map(([key, value]) => [key, value(language)]));
}

/** Any JSON, as the properties of a resource are. What is null is left out: CloudFormation takes none. */
export function json(value: unknown): Expression {
  const isThere = (it: unknown) => it !== undefined && it !== null;
  switch (typeof value) {
    case 'string':
      return text(value);
    case 'number':
      return number(value);
    case 'boolean':
      return flag(value);
    default:
      return Array.isArray(value) ? list(value.filter(isThere).map(json))
        : dictionary(Object.entries(value as object).filter(([, it]) => isThere(it)).map(([key, it]) => [key, json(it)]));
  }
}

function given(language: Language, properties: Properties): [string, Doc][] {
  return Object.entries(properties).flatMap(([name, value]): [string, Doc][] => value === undefined ? [] : [[name, value(language)]]);
}

/** A constant of a class or an enum of this library, or of another. */
export function constant(type: string, name: string, module: Module = 'cdk-license-manager'): Expression {
  return language => `${language.use(module, type)}.${name}`;
}

/** A static method of a class. */
export function factory(
  type: string, name: string, args: readonly Expression[] = [], properties: Properties = {}, module: Module = 'cdk-license-manager',
): Expression {
  return language => language.call(`${language.use(module, type)}.${language.member(name)}`, args.map(arg => arg(language)), given(language, properties));
}

/** A new object of a class. */
export function create(type: string, args: readonly Expression[], properties: Properties = {}, module: Module = 'cdk-license-manager'): Expression {
  return language => language.call(language.create(language.use(module, type)), args.map(arg => arg(language)), given(language, properties));
}

/** A method of a variable. */
export function method(target: Expression, name: string, args: readonly Expression[], properties: Properties = {}): Expression {
  return language => language.call(`${target(language) as string}.${language.member(name)}`, args.map(arg => arg(language)), given(language, properties));
}

/** What is chained to a call. */
export function then(target: Expression, name: string, args: readonly Expression[]): Expression {
  return language => [target(language), language.call(`.${language.member(name)}`, args.map(arg => arg(language)))];
}

/** A struct of this library, somewhere within others. */
export function struct(name: string, properties: Properties): Expression {
  return language => language.struct(name, given(language, properties));
}

export const self: Expression = language => language.self;

/** An instant, in a form that every language reads. */
export function date(iso: string): Expression {
  return language => language.date(iso);
}
