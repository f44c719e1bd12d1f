import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { JsonObject, JsonValue } from '#decider';
import { jcs } from '#ledger';

export type Files = Readonly<Record<string, string | Uint8Array>>;

const BLOCK = 512;

/** One entry of a ustar archive; `size` and `type` may lie. */
export function tarEntry(path: string, content: string | Uint8Array, { type = '0', size }: { readonly type?: string; readonly size?: number } = {}): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(BLOCK);
  const write = (at: number, text: string): void => void header.write(text, at, 'latin1');
  write(0, path);
  write(100, '0000644\0');
  write(124, `${(size ?? bytes.length).toString(8).padStart(11, '0')}\0`);
  write(148, ' '.repeat(8));
  write(156, type);
  write(257, 'ustar\x0000');
  write(148, `${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `);
  return Buffer.concat([header, bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
}

/** A `.tar.gz` of these entries with its end. */
export function archived(...entries: readonly Buffer[]): Buffer {
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(2 * BLOCK)]));
}

/** A `.tar.gz` of these files. */
export function tarGz(files: Files): Buffer {
  return archived(...Object.entries(files).map(([path, content]) => tarEntry(path, content)));
}

export const KEYS = {
  EdDSA: generateKeyPairSync('ed25519'),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
} as const;

export const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

interface Signing {
  readonly key?: KeyObject;
  readonly algorithm?: keyof typeof KEYS;
  readonly header?: JsonObject;
  /** What the JWT says in place of, or beside, what is true. */
  readonly payload?: JsonObject;
}

/** `.signatures.json` over the files, as OPA writes it. */
export function signatures(files: Files, { algorithm = 'EdDSA', key = KEYS[algorithm].privateKey, header = {}, payload = {} }: Signing = {}): string {
  const listed = Object.entries(files).map(([name, content]) => {
    const covered = ['.manifest', 'data.json'].includes(basename(name)) ? jcs(JSON.parse(Buffer.from(content).toString()) as JsonValue) : content;
    return { name, hash: createHash('sha256').update(covered).digest('hex'), algorithm: 'SHA-256' };
  });
  const part = (value: JsonValue): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const said = `${part({ alg: algorithm, ...header })}.${part({ files: listed, ...payload })}`;
  const signature = sign(algorithm === 'EdDSA' ? null : 'sha256', Buffer.from(said), { key, dsaEncoding: 'ieee-p1363' });
  return JSON.stringify({ signatures: [`${said}.${signature.toString('base64url')}`] });
}

/** The committed bundle with its Rego, released at `revision`. */
export function committed(revision: string, more: Files = {}): Files {
  const manifest = readFileSync('policies/bundle/manifest.json', 'utf8');
  const rego = Object.keys((JSON.parse(manifest) as { rego: JsonObject }).rego);
  const read = (path: string): readonly [string, Uint8Array] => [path, readFileSync(join('policies', path))];
  return { 'policy.wasm': readFileSync('policies/bundle/policy.wasm'), 'manifest.json': manifest, ...Object.fromEntries(rego.map(read)), '.manifest': JSON.stringify({ revision }), ...more };
}

/** The same, signed, as a `.tar.gz`. */
export function released(revision: string, more: Files = {}, signing: Signing = {}): Buffer {
  const files = committed(revision, more);
  return tarGz({ ...files, '.signatures.json': signatures(files, signing) });
}
