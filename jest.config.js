// These packages ship ES modules only.
const esModulesOnly = ['@middy', 'jose', 'preact', 'valibot', 'classic-level', 'abstract-level'];

/** Large, and without a state that one test could leave to another. */
const loadedOnce = [
  'aws-cdk-lib',
  'constructs',
  'playwright-core',
  '@axe-core',
  'dynalite',
  '@cloud-copilot',
  '@seriousme',
];

// The processes that tests start read the same sources again and again: Node keeps what it compiled.
process.env.NODE_COMPILE_CACHE ??= `${import.meta.dirname}/dist/compile-cache`;

export default {
  testEnvironment: '<rootDir>/test/support/environment.cjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    [`/node_modules/(${loadedOnce.join('|')})/`]: '<rootDir>/test/support/load-once-transform.cjs',
    '\\.[cm]?[jt]s$': '<rootDir>/test/support/esbuild-transform.cjs',
  },
  // Their package exports name an `import` condition only, which Jest does not ask for.
  moduleNameMapper: { '^@middy/(core|util)$': '<rootDir>/node_modules/@middy/$1/index.js' },
  transformIgnorePatterns: [`/node_modules/(?!(${[...esModulesOnly, ...loadedOnce].join('|')})/)`],
  testPathIgnorePatterns: ['/node_modules/', '/cdk.out/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/dist'],
  // For a machine that is busy with other work: a start of a gate alone may then take a minute.
  testTimeout: 180_000,
  // More than the two cores: many tests wait for times to pass.
  maxWorkers: 3,
  workerIdleMemoryLimit: '1500MB',
};
