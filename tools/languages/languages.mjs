// npm run test:languages: the Go and Java examples synthesize what TypeScript synthesizes; what is generated for .NET is complete.
import { checkDotnet } from './dotnet.mjs';
import { synthGo } from './go.mjs';
import { synthJava } from './java.mjs';
import { assertEqual, ensureBuilt, generateLibrary, heading, main, run, synthTypeScript } from './shared.mjs';

await main(async () => {
  heading('Go, Java and .NET');
  // Said at once rather than after minutes.
  await Promise.all([run('go', ['version']), run('javac', ['-version']), run('mvn', ['-version'])]);
  await ensureBuilt();
  const [expected, library] = await Promise.all([synthTypeScript(), generateLibrary(['go', 'java', 'dotnet'])]);
  await Promise.all([
    synthGo(library).then((templates) => assertEqual('Go', templates, expected)),
    synthJava(library).then((templates) => assertEqual('Java', templates, expected)),
  ]);
  await checkDotnet(library);
});
