/*
 * What the types have in common that are known by what they are: pairs, settings of one thing, questions.
 */
import { type Definition, partsOf, physicalIdOf, type PropertiesOf } from '../../contract/definition';
import type { ManagedType, Subject } from '../managed-type';

/** What a request is about: the properties that say what it is, from what is declared or, at a delete, from the physical id alone. */
export type Known = { readonly [property: string]: string };

/**
 * The identity of a type that is known by what it is.
 */
export function known<D extends Definition>(definition: D): Pick<ManagedType<D>, 'definition' | 'identify' | 'recognizes'> {
  return {
    definition,
    identify: declared => physicalIdOf(definition, declared),
    recognizes: physicalId => partsOf(definition, physicalId) !== undefined,
  };
}

/**
 * What a request is about. A delete goes by the id alone, so that the delete of what was replaced is not about what has replaced it.
 */
export function subjectOf<D extends Definition>({ declared, physicalId }: Subject<D>, definition: D): Known {
  const { by } = definition.identity!;
  const parts = declared ? by.map(name => String((declared as Known)[name])) : partsOf(definition, physicalId!)!;
  return Object.fromEntries(by.map((name, index) => [name, parts[index]]));
}

/**
 * What a physical id is of, without what it says at its end of what this resource has done itself.
 */
export function unmarked(mark: string): (physicalId: string) => string {
  return physicalId => physicalId.endsWith(mark) ? physicalId.slice(0, -mark.length) : physicalId;
}

/**
 * A question to a service. Nothing is ever written, and a delete asks nothing.
 */
export function question<D extends Definition, Answer>(
  definition: D,
  ask: (subject: Subject<D>, declared: PropertiesOf<D>) => Promise<Answer>,
  attributes: (answer: Answer) => Record<string, string>,
): ManagedType<D, Answer, never> {
  return {
    ...known(definition),
    read: async subject => subject.declared && ask(subject, subject.declared),
    compare: () => undefined,
    write: () => Promise.resolve(),
    attributes: (_physicalId, _subject, answer) => attributes(answer!),
  };
}
