import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as Library from '../../src';

export type Copy = typeof Library;

const SOURCES = join(__dirname, '..', '..', 'src');

/** What the library imports of aws-cdk-lib: a peer dependency, of which an app has one copy. */
const PEERS = new Map([...new Set(readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts') && !file.includes('handler'))
  .flatMap(file => [...readFileSync(join(SOURCES, file), 'utf8').matchAll(/ from '((?:aws-cdk-lib|constructs)[^']*)'/g)].map(([, name]) => name)))]
  .map(name => [name, jest.requireActual<object>(name)]));

/** Loads the library anew, as an app has it a second time when a construct library brings a copy of its own. */
export function loadCopy(): Copy {
  let copy: Copy | undefined;
  jest.isolateModules(() => {
    PEERS.forEach((module, name) => jest.doMock(name, () => module));
    copy = jest.requireActual<Copy>('../../src');
  });
  return copy!;
}
