/** What cannot be written as code, and why. */
export class Inexpressible extends Error {}
