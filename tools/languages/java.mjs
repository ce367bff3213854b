// The Java example, against bindings generated from the npm packages: Maven Central lags behind npm.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { EXAMPLES, generateDependencies, run, step, synth, versionOf, work } from './shared.mjs';

export async function synthJava(library) {
  const dependencies = await generateDependencies('java');
  const runtime = (await step('Get the jsii runtime for Java', jars)).join(delimiter);
  const source = (folder) => join(folder, 'java', 'src', 'main', 'java');
  const resources = (folder) => join(folder, 'java', 'src', 'main', 'resources');

  // aws-cdk-lib has 20,000 classes; the compiler takes from the source path those few hundred that the example leads to.
  const classes = join(work, 'classes');
  mkdirSync(classes);
  const example = join(EXAMPLES, 'java', 'src', 'main', 'java');
  const files = readdirSync(example, { recursive: true }).filter((name) => name.endsWith('.java')).map((name) => join(example, name));
  await step('Compile the Java example', () => run('javac', [
    '-encoding', 'UTF-8', '--release', '17', '-proc:none', '-implicit:class', '-nowarn', '-Xlint:-options', '-J-Xmx1g',
    '-d', classes,
    '-classpath', runtime,
    '-sourcepath', [example, source(library), source(dependencies)].join(delimiter),
    ...files,
  ]));

  const classpath = [classes, resources(library), resources(dependencies), runtime].join(delimiter);
  return step('Synthesize the Java example', () => synth('java', { app: 'java com.myorg.LicenseExampleApp', env: { CLASSPATH: classpath } }));
}

/** The jars of the jsii runtime, which come from Maven, in the version of the generator. */
export async function jars() {
  const folder = join(work, 'jars');
  const pom = join(work, 'pom.xml');
  const dependency = (group, artifact, version) =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  writeFileSync(pom, `
    <project xmlns="http://maven.apache.org/POM/4.0.0">
      <modelVersion>4.0.0</modelVersion>
      <groupId>com.myorg</groupId><artifactId>runtime</artifactId><version>1</version><packaging>pom</packaging>
      <dependencies>
        ${dependency('software.amazon.jsii', 'jsii-runtime', versionOf('jsii-pacmak'))}
        ${dependency('org.jetbrains', 'annotations', '19.0.0')}
        ${dependency('javax.annotation', 'javax.annotation-api', '1.3.2')}
      </dependencies>
    </project>`);
  await run('mvn', ['-B', '-q', '-f', pom, 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies', `-DoutputDirectory=${folder}`]);
  return readdirSync(folder).map((name) => join(folder, name));
}
