/** The rules that hold the house up (design.md, «Folders»): dependencies point one way. */
const LIBS_BELOW = {
  platform: [],
  calendar: [],
  contracts: ['platform', 'calendar'],
  integrity: ['contracts'],
  messaging: ['contracts', 'platform'],
  privacy: ['contracts', 'platform'],
  'event-store': ['contracts', 'platform'],
  'event-sourcing': ['contracts', 'platform', 'calendar', 'privacy', 'event-store', 'messaging'],
  views: ['contracts', 'platform', 'privacy', 'event-store'],
  hosting: ['contracts', 'platform', 'privacy', 'event-store', 'event-sourcing', 'messaging', 'views'],
};

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'not-resolvable',
      severity: 'error',
      // What a test generates stands beside it only while the test runs.
      from: { pathNot: '^test/e2e/fixtures/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'libs-know-no-services',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(services|test)/' },
    },
    {
      name: 'services-know-no-service',
      comment: 'Services meet in messages only. Standalone, and it alone, puts them into one process.',
      severity: 'error',
      from: { path: '^services/([^/]+)/', pathNot: '^services/standalone/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'no-import-of-tests',
      severity: 'error',
      from: { path: '^(libs|services)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '(^test/|\\.spec\\.ts$)' },
    },
    ...Object.entries(LIBS_BELOW).map(([lib, below]) => ({
      name: `${lib}-stands-on-what-is-below`,
      severity: 'error',
      from: { path: `^libs/${lib}/` },
      to: { path: '^libs/', pathNot: `^libs/(${[lib, ...below].join('|')})/` },
    })),
    {
      name: 'conformance-rules-are-data',
      comment:
        'Suites take describe, it and expect from @rapport/platform/conformance: a rule that only Jest knows is never run against wrong implementations.',
      severity: 'error',
      from: { path: '^libs/(?!platform/).+/conformance/', pathNot: '\\.spec\\.ts$' },
      to: { path: '@jest/globals' },
    },
    {
      name: 'pure-code-knows-no-outside',
      comment: 'Deciders, projections, calendar, tiering, matrices: no Nest, no I/O, no clock (design.md).',
      severity: 'error',
      from: {
        path: [
          '^libs/calendar/src/',
          '^services/.+(Decider|State|Projection)\\.ts$',
          '^services/profiles/src/standing/',
          '^services/risk/src/matrix/',
          '^libs/contracts/src/wire/',
        ],
        pathNot: '\\.spec\\.ts$',
      },
      to: {
        path: [
          '^(@nestjs|rxjs|fastify|libsql|pino)',
          'node_modules/(@nestjs|rxjs|fastify|libsql|pino)/',
          '/(sealing|keys)/',
        ],
      },
    },
    {
      name: 'pure-code-does-no-io',
      severity: 'error',
      from: {
        path: [
          '^libs/calendar/src/',
          '^services/.+(Decider|State|Projection)\\.ts$',
          '^services/profiles/src/standing/',
          '^services/risk/src/matrix/',
        ],
        pathNot: '\\.spec\\.ts$',
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-nest-below-services',
      comment:
        'Nest wires services. Of the libraries only contracts (decorators), messaging and event-sourcing know it.',
      severity: 'error',
      from: {
        path: '^libs/(platform|calendar|event-store|views|privacy|integrity)/',
        pathNot: '\\.spec\\.ts$',
      },
      to: { path: 'node_modules/@nestjs/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/dist/', '^test/bench/(peers|\\.work)/'] },
    tsConfig: { fileName: 'tsconfig.cruise.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
