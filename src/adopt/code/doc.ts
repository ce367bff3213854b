/*
 * Code as it is laid out: in one line where it fits, else each member in a line of its own.
 */

/** What is between brackets. */
interface Group {
  readonly open: string;
  readonly close: string;
  readonly members: readonly Doc[];
  /** What is between the bracket and the members if all is in one line. */
  readonly padding: string;
}

/** A piece of code. */
export type Doc = string | Group | readonly Doc[];

export function group(open: string, members: readonly Doc[], close: string, padding = ''): Doc {
  return { open, members, close, padding };
}

function isGroup(doc: Doc): doc is Group {
  return typeof doc === 'object' && 'members' in doc;
}

function flat(doc: Doc): string {
  if (typeof doc === 'string') {
    return doc;
  }
  if (!isGroup(doc)) {
    return doc.map(flat).join('');
  }
  const padding = doc.members.length === 0 ? '' : doc.padding;
  return doc.open + padding + doc.members.map(flat).join(', ') + padding + doc.close;
}

/** The layout of a language. */
export interface Layout {
  readonly width: number;
  readonly step: string;
}

/** The bracket and the semicolon that come after a piece of code in its last line. */
const ROOM_AT_END = 3;

/**
 * Lays a piece of code out.
 *
 * @param doc    the code
 * @param indent what the line that it begins in begins with
 * @param layout the layout of the language
 * @param column where in the line it begins
 * @param rest   how much follows it in its last line
 */
export function print(doc: Doc, indent: string, layout: Layout, column = indent.length, rest = ROOM_AT_END): string {
  if (typeof doc === 'string') {
    return doc;
  }
  const oneLine = flat(doc);
  if (column + oneLine.length + rest <= layout.width) {
    return oneLine;
  }
  if (isGroup(doc)) {
    const inner = indent + layout.step;
    return doc.members.length === 0 ? oneLine
      : `${doc.open}\n${doc.members.map(member => `${inner}${print(member, inner, layout)},\n`).join('')}${indent}${doc.close}`;
  }
  let text = '';
  for (const [index, part] of doc.entries()) {
    const lastLine = text.slice(text.lastIndexOf('\n') + 1);
    const following = doc.slice(index + 1).map(flat).join('').length;
    text += print(part, indent, layout, text.includes('\n') ? lastLine.length : column + lastLine.length, following + rest);
  }
  return text;
}
