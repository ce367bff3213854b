import { Refusal } from '../contract/refusal';

/**
 * A write that has done some of what it had to do and could not do the rest: a create that ends so has left something, which the delete that follows
 * removes.
 */
export class PartlyDone extends Refusal {}

/**
 * A write that has done some of what it has to do, and whose time is up: another invocation goes on with the rest, which it finds by reading.
 */
export class TimeIsUp extends Error {}
