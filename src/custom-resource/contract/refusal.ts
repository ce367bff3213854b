/**
 * Something that a template declares and that cannot be.
 */
export class Refusal extends Error {}
