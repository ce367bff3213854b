import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where programs keep what they can make again: `XDG_CACHE_HOME` where it is set, else as the operating system has it. */
export function cacheFolder(env: { readonly [name: string]: string | undefined }, platform: NodeJS.Platform): string {
  const home = env.HOME || homedir();
  return join(env.XDG_CACHE_HOME || join(home, ...platform === 'darwin' ? ['Library', 'Caches'] : ['.cache']), 'cdk-license-manager');
}
