import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';

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

interface Found {
  readonly code: number;
  readonly file: string;
  readonly text: string;
}

describe('a forbidden import', () => {
  const copy = mkdtempSync(join(tmpdir(), 'gatehouse-walls-'));
  // what no intruder changes is read and parsed once for all the rooms
  const parsed = new Map<string, ts.SourceFile | undefined>();

  beforeAll(() => {
    for (const what of ['libs', 'apps', 'eventstore', 'package.json', 'tsconfig.base.json', '.dependency-cruiser.cjs']) cpSync(join(ROOT, what), join(copy, what), { recursive: true, filter: (path) => !path.endsWith('.spec.ts') });
    // a room's references are seen as what the build has made of them
    mkdirSync(join(copy, 'dist'));
    cpSync(join(ROOT, 'dist'), join(copy, 'dist'), { recursive: true, filter: (path) => !path.endsWith('.js') });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  const programOf = (room: string): ts.Program => {
    const config = ts.getParsedCommandLineOfConfigFile(join(copy, room, 'tsconfig.json'), { noEmit: true }, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: ({ messageText }) => expect(messageText).toBeUndefined() })!;
    expect(config.errors).toEqual([]);
    const host = ts.createCompilerHost(config.options);
    const read = host.getSourceFile.bind(host);
    host.getSourceFile = (name, how) => {
      if (!name.includes('/node_modules/')) return read(name, how);
      if (!parsed.has(name)) parsed.set(name, read(name, how));
      return parsed.get(name);
    };
    return ts.createProgram({ rootNames: config.fileNames, options: config.options, projectReferences: config.projectReferences ?? [], host });
  };
  const found = (diagnostics: readonly ts.Diagnostic[]): readonly Found[] => diagnostics.map(({ code, file, messageText }) => ({ code, file: relative(copy, file?.fileName ?? copy), text: ts.flattenDiagnosticMessageText(messageText, ' ') }));
  const cruise = (): Promise<{ readonly failed: boolean; readonly lines: readonly string[] }> =>
    new Promise((resolve) =>
      execFile(process.execPath, [join('node_modules', 'dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', 'libs', 'apps', 'eventstore'], { cwd: copy, maxBuffer: 16 << 20 }, (error, out, err) =>
        resolve({ failed: error !== null, lines: (out + err).split('\n').filter((line) => line.includes('error ')) }),
      ),
    );
  const intrude = (room: string, specifier: string): string => {
    const file = join(room, `forbidden-${specifier.replaceAll(/\W/g, '')}.ts`);
    writeFileSync(join(copy, file), `import * as forbidden from '${specifier}';\nexport const stolen = forbidden;\n`);
    return file;
  };

  it('is the only thing that keeps these rooms from compiling', () => {
    for (const room of ['libs/risk', 'apps/doer']) expect(found(ts.getPreEmitDiagnostics(programOf(room)))).toEqual([]);
  });

  it.each(CLOSED)('of %s that reaches for %s does not compile', (room, specifier, lib) => {
    const file = intrude(room, specifier);
    const program = programOf(room);
    const errors = found(program.getSemanticDiagnostics(program.getSourceFile(join(copy, file))));
    rmSync(join(copy, file));
    expect(errors).toEqual([{ code: 6307, file, text: expect.stringMatching(new RegExp(`^File '[^']*/${lib}/index\\.ts' is not listed`)) }]);
  });

  it('past the compiler is refused by the rule for it, and nothing else is', async () => {
    const intruders = BARRED.map(([room, specifier, rule]) => `error ${rule}: ${intrude(room, specifier)} → `);
    const { failed, lines } = await cruise();
    expect(failed).toBe(true);
    expect(intruders.filter((says) => !lines.some((line) => line.includes(says)))).toEqual([]);
    expect(lines.filter((line) => !/forbidden-\w+\.ts → /.test(line))).toEqual([]);
  });
});
