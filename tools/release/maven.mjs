// aws-cdk-lib for Maven, made from its npm package: Maven Central lags behind npm.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { jars } from '../languages/java.mjs';
import { generateDependencies, run, step, versionOf, work } from '../languages/shared.mjs';

/** A local repository of Maven that has aws-cdk-lib, with all that it depends on in the same jar, and constructs. */
export async function mavenRepository() {
  const folder = await generateDependencies('java-classes', {
    names: [],
    finish: async (unfinished) => {
      const sources = join(await generateDependencies('java'), 'java', 'src', 'main');
      const files = readdirSync(join(sources, 'java'), { recursive: true }).filter((name) => name.endsWith('.java') && !name.endsWith('module-info.java'));
      const list = join(work, 'sources.txt');
      writeFileSync(list, files.map((name) => `"${join(sources, 'java', name)}"`).join('\n'));
      const classes = join(work, 'aws-cdk-lib');
      mkdirSync(classes);
      const runtime = await jars();
      await step(`Compile the Java bindings of aws-cdk-lib ${versionOf('aws-cdk-lib')}, once`, () => run('javac', [
        '-encoding', 'UTF-8', '--release', '8', '-proc:none', '-nowarn', '-Xlint:none', '-J-Xmx4g', '-d', classes, '-classpath', runtime.join(delimiter), `@${list}`,
      ]));
      await run('jar', ['cf', join(unfinished, 'aws-cdk-lib.jar'), '-C', classes, '.', '-C', join(sources, 'resources'), '.']);
      writeFileSync(join(work, 'nothing.txt'), '');
      await run('jar', ['cf', join(unfinished, 'constructs.jar'), '-C', work, 'nothing.txt']);
    },
  });
  const repository = join(folder, 'repository');
  const runtime = [['software.amazon.jsii', 'jsii-runtime', versionOf('jsii-pacmak')], ['org.jetbrains', 'annotations', '19.0.0'], ['javax.annotation', 'javax.annotation-api', '1.3.2']];
  await install(repository, join(folder, 'constructs.jar'), ['software.constructs', 'constructs', versionOf('constructs')], []);
  await install(repository, join(folder, 'aws-cdk-lib.jar'), ['software.amazon.awscdk', 'aws-cdk-lib', versionOf('aws-cdk-lib')], runtime);
  return repository;
}

async function install(repository, jar, coordinates, dependencies) {
  const pom = join(work, `${coordinates[1]}.xml`);
  const tags = ([group, artifact, version]) => `<groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>`;
  writeFileSync(pom, `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>${tags(coordinates)}<dependencies>${
    dependencies.map((each) => `<dependency>${tags(each)}</dependency>`).join('')}</dependencies></project>`);
  await run('mvn', ['-B', '-q', `-Dmaven.repo.local=${repository}`, 'org.apache.maven.plugins:maven-install-plugin:3.1.1:install-file', `-Dfile=${jar}`, `-DpomFile=${pom}`]);
}
