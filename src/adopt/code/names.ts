import { createHash } from 'node:crypto';

/*
 * The ids of constructs, the names of variables, and the logical ids that follow from ids.
 */

const MAXIMUM_ID = 60;

/** `sql-server 2019 (EA)` is `SqlServer2019EA`. Of a text that has nothing of Latin letters and digits, nothing is left. */
export function pascalCase(text: string): string {
  const words = text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').split(/[^A-Za-z0-9]+/).filter(word => word !== '');
  return words.map(word => word[0].toUpperCase() + word.slice(1)).join('').slice(0, MAXIMUM_ID);
}

/** What tells things of one name apart, also later, when others have come: it is made from what the thing is known by, and from nothing else. */
export function distinction(identity: string): string {
  return createHash('sha256').update(identity).digest('hex').slice(0, 8).toUpperCase();
}

/** Something that gets an id. */
export interface Named {
  /** What it is known by: its ARN. */
  readonly identity: string;
  /** The name that somebody gave it. */
  readonly name: string;
  /** What it is, for those without a name that can be an id: `License`. */
  readonly kind: string;
  /** What is put behind the name, so that a report does not take the id of a license: `Report`. */
  readonly suffix: string;
}

/**
 * The ids of constructs, by identity.
 *
 * Whatever has an id already keeps it. Of those that would have the same id, each gets one that tells it apart: so the order in which
 * they are told makes no difference.
 *
 * @param things what gets an id
 * @param known  the ids of an earlier time, by identity
 */
export function idsOf(things: readonly Named[], known: ReadonlyMap<string, string>): Map<string, string> {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  for (const { identity } of things) {
    const id = known.get(identity);
    if (id !== undefined && !taken.has(id.toLowerCase())) {
      ids.set(identity, id);
      taken.add(id.toLowerCase());
    }
  }
  const wanted = new Map<string, Named[]>();
  for (const thing of things.filter(({ identity }) => !ids.has(identity))) {
    const key = plainId(thing).toLowerCase();
    wanted.set(key, [...wanted.get(key) ?? [], thing]);
  }
  for (const [key, ofOneId] of wanted) {
    const isAlone = ofOneId.length === 1 && !taken.has(key) && pascalCase(ofOneId[0].name) !== '';
    for (const thing of ofOneId) {
      const id = isAlone ? plainId(thing) : `${plainId(thing)}${distinction(thing.identity)}`;
      ids.set(thing.identity, id);
      taken.add(id.toLowerCase());
    }
  }
  return ids;
}

/** The id of something whose name nothing else has. */
export function plainId({ name, kind, suffix }: Named): string {
  const id = pascalCase(name);
  if (id === '') {
    return kind;
  }
  // Neither can an identifier begin with a digit, nor has a logical id these two words of a path.
  const begun = /^[0-9]/.test(id) || id === 'Resource' || id === 'Default' ? `${kind}${id}` : id;
  return begun.endsWith(suffix) ? begun : begun + suffix;
}

/**
 * The logical id of the CloudFormation resource of a construct that is directly in a stack, or in another construct of it.
 *
 * @param path the ids of the constructs, from the stack's child to the resource. All of letters and digits.
 * @see https://docs.aws.amazon.com/cdk/v2/guide/identifiers.html#identifiers-logical-ids
 */
export function logicalIdOf(path: readonly string[]): string {
  if (path.length === 1) {
    return path[0];
  }
  const hash = createHash('md5').update(path.join('/')).digest('hex').slice(0, 8).toUpperCase();
  const said = path.filter((id, index) => index === 0 || !path[index - 1].endsWith(id));
  return said.filter(id => id !== 'Resource').join('').slice(0, 240) + hash;
}

/** The logical id of a resource of this library that is another one as soon as some of its properties are. */
export function replacingLogicalIdOf(path: readonly string[], values: readonly unknown[]): string {
  const hash = createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 8).toUpperCase();
  return logicalIdOf(path).slice(-247) + hash;
}
