// .NET is generated, not compiled: the SDK, and Amazon.CDK.Lib in the version that this library needs, come from nuget.org only.
// What can be told without them is checked: every public type is there, under the name that it has in all other languages.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './shared.mjs';

export async function checkDotnet(library) {
  const assembly = JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8'));
  const { namespace, packageId } = assembly.targets.dotnet;
  const project = join(library, 'dotnet', packageId);
  const problems = [];

  const types = Object.values(assembly.types);
  for (const type of types) {
    const folder = [namespace, ...(type.namespace ?? '').split('.').filter(Boolean).map(pascalCase)].join('.');
    // A struct becomes a class and an interface. A class with a member of its own name, which C# forbids, would get another name.
    const names = type.datatype ? [type.name, `I${type.name}`] : [type.name];
    for (const name of names) {
      const file = join(project, ...folder.split('.'), `${name}.cs`);
      if (!existsSync(file)) {
        problems.push(`${type.fqn}: there is no ${file}`);
      } else if (!new RegExp(`\\b(class|interface|enum) ${name}\\b`).test(readFileSync(file, 'utf8'))) {
        problems.push(`${type.fqn}: ${file} does not declare ${name}`);
      }
    }
  }
  const files = readdirSync(project);
  for (const ending of ['.csproj', '.tgz']) {
    if (!files.some((name) => name.endsWith(ending))) {
      problems.push(`there is no *${ending} in ${project}`);
    }
  }
  if (problems.length > 0) {
    throw new Error(['What is generated for .NET is not complete:', ...problems].join('\n  '));
  }
  console.log(`   .NET: ${types.length} types generated into the namespace ${namespace}, not compiled: there is no .NET SDK to compile with`);
}

function pascalCase(name) {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
