import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

/** Imports that a project's references do not allow: the room, and whom it reaches for. */
const CLOSED: readonly (readonly [string, string, string])[] = [
  ['libs/risk', '#signing', 'libs/signing'],
  ['apps/doer', '#signing', 'libs/signing'],
  ['apps/approvals', '#vault', 'libs/vault'],
  ['apps/notary', '#policy', 'libs/policy'],
  ['apps/gatekeeper', '#views', 'libs/views'],
];

/** Imports that only dependency-cruiser sees, and the rule that names each. */
const BARRED: readonly (readonly [string, string, string])[] = [
  ['libs/risk', 'node-vault', 'node-vault-only-in-vault'],
  ['libs/evidence', '@eventstore/db-client', 'the-store-client-only-in-ledger'],
  ['libs/portals', 'kafkajs', 'not-declared'],
  ['libs/lifecycle', '@nestjs/common', 'nest-and-validators-only-in-apps'],
  ['libs/intake', '@open-policy-agent/opa-wasm', 'opa-only-in-policy'],
  ['apps/gatekeeper', 'libsql', 'libsql-only-in-store-and-views'],
  ['apps/doer', '@slack/bolt', 'bolt-only-in-approvals'],
  ['apps/approvals', '@simplewebauthn/server', 'webauthn-only-in-approvals'],
  ['apps/notary', '../doer/settings.js', 'apps-never-import-each-other'],
  ['libs/signing', '../../apps/edge/index.js', 'libs-never-import-apps'],
  ['libs/views', '../vault/kv.js', 'one-index-a-lib'],
];

const ROOT = process.cwd();

interface Ran {
  readonly code: number;
  readonly text: string;
}

describe('a forbidden import', () => {
  const copy = mkdtempSync(join(tmpdir(), 'gatehouse-walls-'));

  beforeAll(() => {
    for (const what of ['libs', 'apps', 'eventstore', 'package.json', 'tsconfig.base.json', '.dependency-cruiser.cjs']) cpSync(join(ROOT, what), join(copy, what), { recursive: true, filter: (path) => !path.endsWith('.spec.ts') });
    // what is built already need not be built again: only the room with the new file is
    mkdirSync(join(copy, 'dist'));
    cpSync(join(ROOT, 'dist'), join(copy, 'dist'), { recursive: true, filter: (path) => !path.endsWith('.js') });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  const run = (program: string, args: readonly string[]): Promise<Ran> =>
    new Promise((resolve) => execFile(process.execPath, [join('node_modules', program), ...args], { cwd: copy, maxBuffer: 16 << 20 }, (error, out, err) => resolve({ code: error ? 1 : 0, text: out + err })));
  const compile = (room: string): Promise<Ran> => run('typescript/bin/tsc', ['-p', room, '--noEmit']);
  const cruise = (): Promise<Ran> => run('dependency-cruiser/bin/dependency-cruise.mjs', ['--config', '.dependency-cruiser.cjs', 'libs', 'apps', 'eventstore']);
  const intrude = (room: string, specifier: string): string => {
    const file = join(room, `forbidden-${specifier.replaceAll(/\W/g, '')}.ts`);
    writeFileSync(join(copy, file), `import * as forbidden from '${specifier}';\nexport const stolen = forbidden;\n`);
    return file;
  };

  it('is the only thing that keeps these rooms from compiling', async () => {
    expect(await Promise.all([compile('libs/risk'), compile('apps/doer')])).toEqual([{ code: 0, text: '' }, { code: 0, text: '' }]);
  });

  it.each(CLOSED)('of %s that reaches for %s does not compile', async (room, specifier, lib) => {
    const file = intrude(room, specifier);
    const { code, text } = await compile(room);
    rmSync(join(copy, file));
    expect(code).toBe(1);
    expect(text).toContain(`${file}(1,`);
    expect(text).toMatch(new RegExp(`${file}\\(1,\\d+\\): error TS6307: File '[^']*/${lib}/index\\.ts' is not listed`));
  });

  it('past the compiler is refused by the rule for it', async () => {
    expect((await cruise()).text).toContain('no dependency violations found');
    const intruders = BARRED.map(([room, specifier, rule]) => ({ file: intrude(room, specifier), rule }));
    const { code, text } = await cruise();
    for (const { file } of intruders) rmSync(join(copy, file));
    expect(code).toBe(1);
    expect(intruders.filter(({ file, rule }) => !text.includes(`error ${rule}: ${file} → `))).toEqual([]);
  });
});
