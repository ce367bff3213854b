/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  plugins: ['./tools/mutation/runner.mjs'],
  testRunner: 'in-process',
  // No mutant reaches what runs in processes of its own, or is not about src/. What Stryker takes here has no patterns that take files away again.
  testFiles: [
    'test/!(docs).test.ts', 'test/!(deployment|local-aws|tools|custom-resource|command)/**/*.test.ts', 'test/custom-resource/!(bundle|clock).test.ts',
    'test/command/local/!(command|packed).test.ts',
    'test/custom-resource/*/**/*.test.ts',
  ],
  mutate: ['src/**/*.ts'],
  ignorers: ['error-names'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  incremental: true,
  incrementalFile: '.cache/mutation/incremental.json',
  tempDirName: '.cache/mutation/sandbox',
  ignorePatterns: ['/.cache', '/.venv', '/coverage', '/dist', '/lib', '/test-reports', '/test/deployment', 'cdk.out'],
  reporters: ['clear-text', 'progress-append-only', 'html', 'json'],
  htmlReporter: { fileName: '.cache/mutation/report.html' },
  jsonReporter: { fileName: '.cache/mutation/report.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  allowEmpty: false,
  checkers: [],
  thresholds: { high: 95, low: 90, break: 85 },
};
