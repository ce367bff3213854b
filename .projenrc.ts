import { awscdk, github, javascript, JsonPatch, release } from 'projen';

/** What workflows run on. */
const NODE = '24.x';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-license-manager',
  description: 'AWS CDK constructs for AWS License Manager: self-managed and seller-issued licenses, asset groups, reports, hosts, subscriptions.',
  author: 'cdk-license-manager authors',
  authorAddress: 'cdk-license-manager@users.noreply.github.com',
  repositoryUrl: 'https://github.com/cdk-license-manager/cdk-license-manager.git',
  license: 'Apache-2.0',
  keywords: ['aws', 'cdk', 'aws-cdk', 'license-manager', 'licenses', 'byol', 'compliance', 'audit', 'windows-server', 'sql-server', 'oracle', 'red-hat'],
  defaultReleaseBranch: 'main',
  // Until 1.0.0 names may change in a minor version; what would have a stack replace something is said in CHANGELOG.md all the same.
  majorVersion: 0,
  stability: 'experimental',
  // Names and logical ids are an API: a release is decided on, and is no result of a merge.
  releaseTrigger: release.ReleaseTrigger.workflowDispatch(),
  nextVersionCommand: 'node tools/release/next-version.mjs',
  // Who publishes shows which workflow of which repository it is: there is no token that could be lost.
  npmTrustedPublishing: true,
  npmProvenance: true,
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  jsiiVersion: '~6.0.16',
  cdkVersion: '2.276.0',
  constructsVersion: '10.5.1',
  // The Lambda side is bundled into assets/ by esbuild, and the command into bin/; compiled files of them in lib/ would never run.
  excludeTypescript: ['src/custom-resource/handler/**/*.ts', 'src/usage-export/handler/**/*.ts', 'src/adopt/**/*.ts', 'src/command/**/*.ts'],
  bin: { 'cdk-license-manager': 'bin/cdk-license-manager.js' },
  autoDetectBin: false,
  minNodeVersion: '20.0.0',
  workflowNodeVersion: NODE,
  buildWorkflowOptions: {
    // What is generated is committed: a build that changes it fails, and may write nothing.
    mutableBuild: false,
    permissions: { contents: github.workflows.JobPermission.READ },
    env: { TESTED_BY_CI: 'true' },
  },

  // In pages by capability, below: one of everything helps nobody.
  docgen: false,

  publishToPypi: { distName: 'cdk-license-manager', module: 'cdk_license_manager', trustedPublishing: true },
  publishToMaven: {
    javaPackage: 'io.github.cdklicensemanager',
    mavenGroupId: 'io.github.cdk-license-manager',
    mavenArtifactId: 'cdk-license-manager',
  },
  publishToGo: { moduleName: 'github.com/cdk-license-manager/cdk-license-manager-go' },
  publishToNuget: { dotNetNamespace: 'CdkLicenseManager', packageId: 'CdkLicenseManager', trustedPublishing: true },

  devDeps: [
    // Pinned: what is bundled into the custom resource handler decides its hash, and with it the user's template.
    '@aws-sdk/client-license-manager@3.1048.0',
    // The demo and the deployment tests look at what was deployed with these.
    '@aws-sdk/client-cloudformation@3.1048.0',
    '@aws-sdk/client-cloudwatch@3.1048.0',
    '@aws-sdk/client-ram@3.1048.0',
    // What the client is made of: the services whose clients are not bundled are called with it.
    '@aws-sdk/core@3.981.0',
    '@smithy/core@3.41.0',
    '@smithy/node-http-handler',
    '@smithy/types',
    '@smithy/util-retry',
    'esbuild@0.28.2',
    'jsii-docgen@^10.5.0',
    '@types/aws-lambda',
    '@types/node@^24',
    // The Node version that the functions run on in Lambda; npm scripts pick it up before the machine's own.
    'node@24.21.0',
    'aws-cdk@2.1148.1',
    // The last stable release knows the modules of CDK v1 only.
    'awslint@2.262.2-alpha.0',
    'cdk-nag@3.0.2',
    // For its cfn-guard, a program made from the crate of that name, on Linux and macOS: compiling the crate takes minutes.
    '@cdklabs/cdk-validator-cfnguard@0.0.62',
    // What a workflow says, for the dry run of a release.
    'yaml',
    // Checks that run side by side.
    'concurrently',
    // Mutation tests, in a command of their own.
    '@stryker-mutator/core',
  ],

  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    coverageText: false,
    jestConfig: {
      coverageReporters: ['text-summary', 'lcov'],
      testPathIgnorePatterns: ['/node_modules/', '/cdk.out/'],
      modulePathIgnorePatterns: ['/cdk.out/', '<rootDir>/dist/', '<rootDir>/.cache/'],
      globalSetup: '<rootDir>/test/local-aws/global-setup.ts',
      globalTeardown: '<rootDir>/test/local-aws/global-teardown.ts',
      setupFilesAfterEnv: ['<rootDir>/test/support/collect-templates.ts'],
      // Whether a test passes is no matter of the machine: this is for what hangs.
      testTimeout: 1_800_000,
      testSequencer: '<rootDir>/test/support/sequencer.cjs',
      // Deployments wait most of the time: one worker less than there are processors, which is the default, would leave half of two idle.
      maxWorkers: '100%',
      // Every test file loads aws-cdk-lib's validator anew, and none gives its memory back: in a process of 2 GB, a file takes ten times as long as in a new one.
      workerIdleMemoryLimit: '1GB',
      // The example imports the library by its name, as a user does.
      moduleNameMapper: { '^cdk-license-manager$': '<rootDir>/src' },
      collectCoverageFrom: ['src/**/*.ts'],
      coverageThreshold: { lines: 95, branches: 95 },
    },
  },
  gitignore: ['/assets/', '/bin/', '/sbom.cdx.json', '.jsii.tabl.json.gz', '/.venv/', '.DS_Store', 'cdk.out', '/.cache/', '__pycache__', '*.egg-info'],
});

for (const path of ['/examples/', '/docs/', '/tools/', '/.ci/', '/.venv/', '/.cache/', '/bench/', '/rosetta/', '.eslintcache', '/CONTRIBUTING.md', '/package-lock.json']) {
  project.addPackageIgnore(path);
}
project.addPackageIgnore('!/assets/');
project.addPackageIgnore('!/sbom.cdx.json');
project.addPackageIgnore('!/bin/');

// 1.13.0 was published without some of its binaries, so that no lock file with it is complete.
project.package.addPackageResolutions('unrs-resolver@1.12.2');

// What is no longer in src would stay in lib, and go into the package.
project.compileTask.reset('node -e "for (const it of [\'lib\', \'tsconfig.tsbuildinfo\']) fs.rmSync(it, { recursive: true, force: true })"');
project.compileTask.exec('jsii --fail-on-warnings');
project.compileTask.exec('node tools/lazify.mjs');
// After it, the TypeScript example finds the library.
project.compileTask.exec('node tools/link-example.mjs');

// The functions, that of the custom resources and that of the usage export, and the command of the package: one file each, made from their sources.
const bundle = project.addTask('bundle', {
  description: 'Bundle the functions of the custom resources and of the usage export into assets/, and the command of the package into bin/',
  exec: 'node tools/bundle.mjs',
});
project.postCompileTask.prependSpawn(bundle);

// What is bundled is a development dependency, which no tool of users ever sees: the package says what it has in it, and a workflow asks what is known of that.
bundle.exec('node tools/sbom.mjs');
const audit = project.addTask('audit', {
  description: 'Ask npm for known vulnerabilities of what the bundles contain',
  exec: 'node tools/audit.mjs',
});

project.postCompileTask.spawn(project.addTask('docgen', {
  description: 'Write the API reference, docs/api, from the assembly',
  exec: 'node tools/api-docs.mjs',
}));
project.gitattributes.addAttributes('/docs/api/**', 'linguist-generated');

// The packages of all languages are made from what the npm package has, translations too.
const rosetta = project.addTask('rosetta', {
  description: 'Compile every snippet of the README, of the docstrings and of docs/, and translate those of the first two into the other languages',
  exec: 'node tools/rosetta.mjs',
});
project.postCompileTask.spawn(rosetta);

const venv = project.addTask('venv', {
  description: 'Install the local AWS and the template linters into .venv',
  exec: 'node tools/setup-venv.mjs',
});

const testPython = project.addTask('test:python', {
  description: 'Build the Python package, synthesize the Python example and compare its template, start the local AWS and adopt an account by its command',
  exec: 'node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON tools/languages/python.mjs',
});
project.addTask('test:languages', {
  description: 'Generate the Java, Go and .NET packages, synthesize the examples and compare their templates',
  exec: 'node tools/languages/languages.mjs',
});

// Everything that a reviewer would check, in the order in which it fails fastest.
const jestCommand = 'jest --ci --passWithNoTests=false';
project.testTask.reset();
// On a pull request, the job that makes the packages need not do what the job beside it does.
project.testTask.addCondition('node -e "if (process.env.TESTED_BY_CI) process.exit(1)"');
project.testTask.spawn(project.compileTask);
project.testTask.spawn(bundle);
project.testTask.spawn(venv);
// Jest only transpiles (isolatedModules), as it is faster. What takes one processor runs beside what takes another.
sideBySide([
  'tsc --noEmit -p test/tsconfig.json',
  'eslint --ext .ts --max-warnings 0 src test .projenrc.ts',
  '.venv/bin/ruff check --quiet --select E9,F,PLE test/local-aws tools examples/python',
  // What a merge has put behind a return: ruff does not see it.
  '.venv/bin/vulture --min-confidence 100 test/local-aws tools',
], { ESLINT_USE_FLAT_CONFIG: 'false' });
project.testTask.exec(jestCommand, { receiveArgs: true });
const awslint = project.addTask('awslint', {
  description: 'Check the API against the construct guidelines of aws-cdk',
  exec: 'node tools/awslint.mjs',
});
const lintTemplates = project.addTask('lint:templates', {
  description: 'Check every template that the tests have synthesized with tools made by others',
  exec: 'node tools/lint-templates.mjs',
});
sideBySide([
  '.venv/bin/python -m pytest --quiet test/local-aws/tests',
  [rosetta, awslint, lintTemplates].map(({ name }) => `projen ${name}`).join(' && '),
]);
project.testTask.spawn(testPython);

// Without the translations in the npm package, the other languages would get their snippets in TypeScript: nothing is packaged without them. That each of
// the library's own is translated, tools/rosetta.mjs sees to; of what is inherited from aws-cdk-lib the translations are not here, so that its snippets are
// taken as they are.
for (const language of ['python', 'java', 'dotnet', 'go']) {
  project.tasks.tryFind(`package:${language}`)?.reset(`jsii-pacmak -v --target ${language} --rosetta-unknown-snippets verbatim`);
}
for (const language of ['js', 'python', 'java', 'dotnet', 'go']) {
  project.tasks.tryFind(`package:${language}`)?.prependExec(
    'node -e "fs.existsSync(\'.jsii.tabl.json.gz\') || (console.error(\'The snippets are not translated: run npm run rosetta.\'), process.exit(1))"');
}

project.addTask('demo', {
  description: 'Deploy the example to the local AWS, change it, see a refusal, destroy it',
  steps: [
    { spawn: project.compileTask.name },
    { spawn: bundle.name },
    { spawn: venv.name },
    { exec: 'node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON tools/demo/demo.mjs', receiveArgs: true },
  ],
});
project.addTask('release:dry-run', {
  description: 'Make the packages of a release, install each and use it once; nothing is published',
  exec: 'node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON tools/release/dry-run.mjs',
});
project.addTask('guard', {
  description: 'Compile the cfn-guard of the version that AWS Config runs, for the tests of guardrails to run as well',
  exec: 'node tools/guard.mjs',
});
project.addTask('picture', {
  description: 'Draw the picture of the dashboard, docs/images/license-dashboard.svg; --check tells whether it is up to date',
  steps: [
    { spawn: project.compileTask.name },
    { spawn: venv.name },
    { exec: 'node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON tools/dashboard-picture.mjs', receiveArgs: true },
  ],
});
project.addTask('mutate', {
  description: 'Change the sources, a little at a time, and see whether the tests notice',
  steps: [
    { spawn: bundle.name },
    { spawn: venv.name },
    { exec: 'node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON tools/mutation/mutate.mjs', receiveArgs: true },
  ],
});
project.addTask('bench', {
  description: 'Measure synthesis, load time and the function against what they stand on',
  steps: [
    { spawn: project.compileTask.name },
    { spawn: bundle.name },
    { exec: 'node bench/bench.mjs', receiveArgs: true },
  ],
});

// All that a change has to pass, beside the job that makes the packages and those that compile them for each language.
project.buildWorkflow?.workflow.addJob('ci', {
  runsOn: ['ubuntu-latest'],
  timeoutMinutes: 90,
  permissions: { contents: github.workflows.JobPermission.READ },
  tools: { node: { version: NODE }, python: { version: '3.11' }, java: { version: '17' }, go: { version: '1.26' } },
  steps: [
    github.WorkflowSteps.checkout(),
    { name: 'All that a change has to pass', run: '.ci/run' },
  ],
});
project.autoMerge?.addConditions('status-success=ci');

// npm says where its package comes from by itself; GitHub says it of all that is published, also when the release is only tried.
const releaseWorkflow = project.github!.tryFindWorkflow('release')!.file!;
for (const [job, files] of Object.entries({
  release_npm: 'dist/js/*.tgz', release_maven: 'dist/java/**/*.jar', release_pypi: 'dist/python/*', release_nuget: 'dist/dotnet/*.nupkg',
})) {
  releaseWorkflow.addOverride(`jobs.${job}.permissions.id-token`, 'write');
  releaseWorkflow.addOverride(`jobs.${job}.permissions.attestations`, 'write');
  releaseWorkflow.patch(JsonPatch.add(`/jobs/${job}/steps/${job === 'release_npm' ? 9 : 10}`, {
    name: 'Say where it comes from', uses: 'actions/attest-build-provenance@v4', with: { 'subject-path': files },
  }));
}

const auditWorkflow = project.github!.addWorkflow('audit');
auditWorkflow.on({ schedule: [{ cron: '0 6 * * 1' }], workflowDispatch: {}, push: { branches: ['main'] } });
auditWorkflow.addJob('audit', {
  runsOn: ['ubuntu-latest'],
  permissions: { contents: github.workflows.JobPermission.READ },
  tools: { node: { version: NODE } },
  steps: [
    github.WorkflowSteps.checkout(),
    { name: 'Install dependencies', run: 'npm ci' },
    { name: 'What the bundles contain', run: `npx projen ${bundle.name}` },
    { name: 'Known vulnerabilities of it', run: `npx projen ${audit.name}` },
  ],
});

// What the Lambda side imports is bundled into it.
project.eslint?.allowDevDeps('src/custom-resource/handler/**');
project.eslint?.allowDevDeps('src/usage-export/handler/**');

// aws-cdk-lib's decorators (property injection, metadata) are those of the standard.
project.tryFindObjectFile('tsconfig.json')?.addOverride('compilerOptions.experimentalDecorators', false);

// The import rules of the house: patterns -> capabilities -> custom-resource/construct -> custom-resource/contract <- custom-resource/handler. The usage export
// has a function of its own: usage-export -> usage-export/contract <- usage-export/handler -> custom-resource/handler, which has the way to call AWS.
project.eslint?.addRules({
  'import/no-restricted-paths': ['error', {
    zones: [
      {
        target: ['./src/!(custom-resource|usage-export)/**/*', './src/usage-export/*.ts', './src/usage-export/contract/**/*'],
        from: ['./src/custom-resource/handler', './src/usage-export/handler'],
        message: 'The construct side shares with the Lambda side what is in src/custom-resource/contract, and nothing else.',
      },
      {
        target: './src/usage-export/handler',
        from: './src',
        except: ['./usage-export/handler', './usage-export/contract', './custom-resource/handler'],
        message: 'The function of the export imports nothing of the construct side but the contract, and of the other function how it calls AWS.',
      },
      {
        target: './src/usage-export/contract',
        from: './src',
        except: ['./usage-export/contract'],
        message: 'The contract stands by itself.',
      },
      {
        target: './src/custom-resource/construct',
        from: './src/custom-resource/handler',
        message: 'The construct side shares with the Lambda side what is in src/custom-resource/contract, and nothing else.',
      },
      {
        target: './src/custom-resource/handler',
        from: './src',
        except: ['./custom-resource/handler', './custom-resource/contract'],
        message: 'The Lambda side imports nothing of the construct side but the contract.',
      },
      {
        target: './src/custom-resource/contract',
        from: './src',
        except: ['./custom-resource/contract'],
        message: 'The contract stands by itself.',
      },
      {
        target: './src/custom-resource/construct',
        from: './src',
        except: ['./custom-resource', './private'],
        message: 'The ground of custom resources knows no capability.',
      },
      {
        target: './src/adopt',
        from: './src',
        except: ['./adopt', './command/problem.ts'],
        message: 'The command stands by itself: it runs without the library and without the CDK.',
      },
      {
        target: './src/command',
        from: './src',
        except: ['./command', './adopt/command.ts'],
        message: 'The command stands by itself: it runs without the library and without the CDK.',
      },
      {
        target: './src/!(adopt|command)/**/*',
        from: ['./src/adopt', './src/command'],
        message: 'The library knows nothing of the command.',
      },
      {
        target: './src/private',
        from: './src',
        except: ['./private'],
        message: 'What capabilities share knows none of them.',
      },
      {
        target: './src/!(mixins|patterns|index.ts)/**/*',
        from: ['./src/mixins', './src/patterns'],
        message: 'Capabilities know neither mixins nor patterns.',
      },
    ],
  }],
});
project.eslint?.addOverride({
  files: ['src/custom-resource/contract/**/*.ts', 'src/usage-export/contract/**/*.ts'],
  rules: {
    'no-restricted-imports': ['error', {
      patterns: [{ group: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', '@aws-sdk/*', '@smithy/*'], message: 'The contract needs neither CDK nor SDK.' }],
    }],
  },
});
project.eslint?.addOverride({
  files: ['src/adopt/**/*.ts', 'src/command/**/*.ts'],
  rules: {
    'no-restricted-imports': ['error', {
      patterns: [{ group: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', '@aws-sdk/*', '@smithy/*'], message: 'The command needs neither CDK nor SDK.' }],
    }],
  },
});
project.eslint?.addOverride({
  files: ['src/**/*.ts'],
  excludedFiles: ['src/*/handler/**/*.ts', 'src/*/contract/**/*.ts', 'src/adopt/**/*.ts', 'src/command/**/*.ts'],
  rules: {
    'no-restricted-imports': ['error', {
      patterns: [{ group: ['@aws-sdk/*', '@smithy/*'], message: 'The construct side needs nothing of the AWS SDK.' }],
    }],
  },
});

/** Runs commands of the test side by side; all end when one fails. What each says is shown when it has ended. */
function sideBySide(commands: string[], env: Record<string, string> = {}): void {
  project.testTask.exec(`concurrently --group --kill-others-on-fail ${commands.map(command => JSON.stringify(command)).join(' ')}`, { env });
}

project.synth();
