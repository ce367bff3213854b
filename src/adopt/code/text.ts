/*
 * Texts of others (names, tags, descriptions) in code: whatever they say, they stay texts. A literal ends where it is meant to, a comment is one line,
 * and nothing that is not seen turns what is read into something else.
 *
 * https://trojansource.codes/
 */

/** What ends a line somewhere, is not seen, or turns the direction of what follows; and halves of characters, which no file can hold. */
const UNSAFE = new RegExp([
  '[\\u0000-\\u001f\\u007f-\\u00a0\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202f\\u2060-\\u206f\\ufeff\\ufff0-\\ufffb]',
  '[\\ud800-\\udbff](?![\\udc00-\\udfff])',
  '(?<![\\ud800-\\udbff])[\\udc00-\\udfff]',
].join('|'), 'g');

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A literal that is the same in TypeScript and in Python, but for its quotes: no name is interpolated in either. */
export function literal(text: string, quote: '\'' | '"'): string {
  const inner = text
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')
    .replace(UNSAFE, escaped);
  return quote + inner + quote;
}

/** A text of others within a sentence of ours. */
export function shown(text: string): string {
  return text.replace(/\s+/g, ' ').replace(UNSAFE, escaped);
}

/** The lines of a comment, none of them longer than it can be read. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of shown(text).split(' ').filter(it => it !== '')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** `licenseCountHardLimit` is `license_count_hard_limit` in Python, as jsii has it. */
export function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/([A-Z])([A-Z][a-z])/g, '$1_$2').toLowerCase();
}
