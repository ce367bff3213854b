import type { Expression, Language } from '../code/language';

/** A local variable. It is written only if something refers to it. */
export class Variable {
  private used = false;
  private name = '';

  /** The variable, where it is used. */
  public readonly reference: Expression;

  /** @param id the id of the construct, which the name is made from */
  constructor(private readonly id: string) {
    this.reference = () => {
      this.used = true;
      return this.name;
    };
  }

  /** Whether something that was written refers to it. */
  public get isUsed(): boolean {
    return this.used;
  }

  /** Takes a name that nothing else has. */
  public declare(language: Language, taken: Set<string>): void {
    const plain = language.variable(this.id);
    this.name = plain;
    for (let number = 2; taken.has(this.name); number++) {
      this.name = `${plain}${number}`;
    }
    taken.add(this.name);
  }
}

/** A statement of the stack's constructor, with what is said about it. */
export interface Statement {
  readonly comments?: readonly string[];
  readonly variable?: Variable;
  /** Absent if there is nothing but something to say. */
  readonly value?: Expression;
  /** What is done with the variable. */
  readonly after?: readonly Expression[];
  /** Whether it is left out if nothing refers to its variable. */
  readonly isOptional?: boolean;
}

/** Statements of one kind. */
export interface Section {
  readonly title: string;
  readonly statements: readonly Statement[];
}

/** What `cdk import` is to take in: a logical id, and what CloudFormation knows the resource by. */
export interface Import {
  readonly logicalId: string;
  readonly identifier: { readonly [property: string]: string };
}

/** What is written. */
export interface Program {
  readonly sections: readonly Section[];
  readonly imports: readonly Import[];
  /** How many things there are that a comment speaks of, and that the stack does not manage. */
  readonly left: number;
  /** How many things are taken over in place, by the deployment that follows the import. */
  readonly takenOver: number;
}
