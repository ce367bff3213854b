// Prints the version that the next release has: the one that CHANGELOG.md begins with. Somebody has to decide it, as what a version means to users, and not
// the form of its commits, says how much of a change it is.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const changelog = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'CHANGELOG.md');
const [, heading] = /^## (.+)$/m.exec(readFileSync(changelog, 'utf8')) ?? [];
const [version] = /^\d+\.\d+\.\d+$/.exec(heading) ?? [];
if (!version) {
  console.error(`The first heading of CHANGELOG.md is "${heading}", and not a version: write that of the release, such as "## 0.1.0".`);
  process.exit(1);
}
process.stdout.write(version);
