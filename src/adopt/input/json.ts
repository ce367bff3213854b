import { Problem } from '../../command/problem';

/*
 * JSON of others, read without trust: what has another type than it should have is as if it were not there.
 */

/** A JSON object. */
export type Json = { readonly [name: string]: unknown };

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textIn(of: Json, name: string): string | undefined {
  const value = of[name];
  return typeof value === 'string' ? value : undefined;
}

/** A number, also of those that a tool has written as a text. */
export function numberIn(of: Json, name: string): number | undefined {
  const value = of[name];
  if (typeof value === 'string' && /^-?\d+$/.test(value)) {
    return Number(value);
  }
  return typeof value === 'number' ? value : undefined;
}

export function flagIn(of: Json, name: string): boolean | undefined {
  const value = of[name];
  return typeof value === 'boolean' ? value : undefined;
}

export function objectIn(of: Json, name: string): Json | undefined {
  const value = of[name];
  return isObject(value) ? value : undefined;
}

export function objectsIn(of: Json, name: string): Json[] {
  const value = of[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textsIn(of: Json, name: string): string[] {
  const value = of[name];
  return Array.isArray(value) ? value.filter(it => typeof it === 'string') : [];
}

/** An instant: the AWS CLI writes them as ISO 8601 or as seconds since 1970, by its version and its settings. */
export function instantIn(of: Json, name: string): Date | undefined {
  const value = of[name];
  const instant = typeof value === 'number' ? new Date(value * 1000) : typeof value === 'string' ? new Date(value) : undefined;
  return instant === undefined || Number.isNaN(instant.getTime()) ? undefined : instant;
}

/** Whether a text is an ARN, of whatever it is. */
export function isArn(text: string | undefined): text is string {
  return text !== undefined && /^arn:[a-z0-9-]+:[a-z0-9-]+:[a-z0-9-]*:[a-z0-9-]*:\S+$/.test(text);
}

/** The text of a file, as editors and shells write it: PowerShell writes UTF-16 with a mark at the beginning. */
export function decode(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/** The JSON documents of a text, one after another: what several commands have printed. */
export function documentsIn(text: string, source: string): unknown[] {
  const whole = text.trim();
  if (whole === '') {
    throw new Problem(`${source} is empty. Give the output of 'npx cdk-license-manager inventory | sh', or of 'aws … --output json'.`);
  }
  return split(whole).map((part, index) => {
    try {
      return JSON.parse(part);
    } catch (error) {
      const which = index === 0 ? '' : `, document ${index + 1}`;
      throw new Problem(`${source}${which} is not JSON (${(error as Error).message}). If the AWS CLI has written it, have it write JSON: --output json.`);
    }
  });
}

/** Where one document ends and the next one begins: after the bracket that closes the first one. */
function split(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let begin = 0;
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if ('[{'.includes(match[0])) {
      depth++;
    } else if (']}'.includes(match[0])) {
      depth--;
      if (depth === 0) {
        parts.push(text.slice(begin, match.index + 1));
        begin = match.index + 1;
      }
    }
  }
  const rest = text.slice(begin).trim();
  return rest === '' ? parts : [...parts, rest];
}
