// The doors of the house that project references cannot see: which package may be opened where.
const only = (name, packages, rooms) => ({
  name,
  severity: 'error',
  from: { path: '^(libs|apps|eventstore)/', pathNot: [...rooms, '\\.spec\\.ts$'] },
  to: { path: packages.map((p) => `node_modules/${p}/`) },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles-between-rooms', severity: 'error', from: { path: '^(libs|apps)/([^/]+)/' }, to: { circular: true, viaOnly: { pathNot: '^$1/$2/' } } },
    { name: 'libs-never-import-apps', severity: 'error', from: { path: '^libs/', pathNot: '\\.spec\\.ts$' }, to: { path: '^(apps|eventstore)/' } },
    { name: 'apps-never-import-each-other', severity: 'error', from: { path: '^apps/([^/]+)/', pathNot: '\\.spec\\.ts$' }, to: { path: '^apps/', pathNot: ['^apps/$1/', '^apps/edge/'] } },
    { name: 'one-index-a-lib', severity: 'error', from: { path: '^(libs|apps)/([^/]+)/', pathNot: '\\.spec\\.ts$' }, to: { path: '^libs/([^/]+)/(?!index\\.ts$)', pathNot: '^$1/$2/' } },
    { name: 'not-declared', severity: 'error', from: { path: '^(libs|apps|eventstore)/' }, to: { dependencyTypes: ['unknown', 'undetermined', 'npm-no-pkg', 'npm-unknown'] } },
    only('the-store-client-only-in-ledger', ['@eventstore/db-client'], ['^libs/ledger/', '^eventstore/']),
    only('node-vault-only-in-vault', ['node-vault'], ['^libs/vault/']),
    only('opa-only-in-policy', ['@open-policy-agent'], ['^libs/policy/']),
    only('webauthn-only-in-approvals', ['@simplewebauthn'], ['^libs/approvals/']),
    only('libsql-only-in-store-and-views', ['libsql'], ['^eventstore/', '^libs/views/']),
    only('bolt-only-in-approvals', ['@slack/bolt'], ['^apps/approvals/']),
    only('nest-and-validators-only-in-apps', ['@nestjs', 'class-validator', 'class-transformer'], ['^apps/']),
  ],
  options: {
    tsPreCompilationDeps: true,
    exclude: { path: '(^dist/|\\.spec\\.ts$)' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['source', 'import', 'node', 'default'], extensions: ['.ts', '.js'] }, tsConfig: { fileName: 'tsconfig.base.json' },
  },
};
