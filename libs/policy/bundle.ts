import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError, isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { sha256Hex } from '#ledger';
import type { BundleFiles } from './archive.js';

/** A policy bundle: the Wasm, and the manifest that names what it was built from, as `tools/policy-build.sh` leaves them. */
export interface Bundle {
  readonly wasm: Uint8Array;
  /** SHA-256 over the Wasm; the policy's name everywhere. */
  readonly digest: string;
  readonly manifest: Manifest;
  /** When it was released: RFC 3339, UTC, whole seconds. Null where the bundle does not say. */
  readonly revision: string | null;
  /** The Rego that the Wasm was built from; empty where it does not come with the Wasm. */
  readonly text: PolicyText['files'];
}

export interface Manifest {
  readonly wasm: string;
  readonly entrypoints: readonly string[];
  /** SHA-256 of each Rego file, by its path in the policies folder. */
  readonly rego: Readonly<Record<string, string>>;
  readonly rules: readonly RuleText[];
}

/** A rule in words, from its METADATA. */
export type RuleText = Readonly<{ id: string; title: string; description: string; package: string }>;

/** The policy for people to read: `digest` names the Wasm, and each text is shown to be what that Wasm was built from. */
export interface PolicyText {
  readonly digest: string;
  readonly entrypoints: readonly string[];
  readonly rules: readonly RuleText[];
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

/** The two files that a folder must hold, and the one that it may: there OPA, too, has a bundle's revision. */
const WASM = 'policy.wasm';
const MANIFEST = 'manifest.json';
const REVISION = '.manifest';

/**
 * Reads and checks a bundle's folder; the Rego may stand beside it.
 * @throws CodedError `policy.bundle` when it is missing or malformed, `policy.digest` when the Wasm is not that of the
 *   manifest or not the expected one.
 */
export async function readBundle(folder: string, expectedDigest?: string): Promise<Bundle> {
  const [wasm, manifest, revision] = await Promise.all([read(join(folder, WASM)), read(join(folder, MANIFEST)), read(join(folder, REVISION)).catch(() => undefined)]);
  const bundle = bundleOf(wasm, manifestIn(manifest), revision && revisionIn(revision));
  if (expectedDigest !== undefined && bundle.digest !== expectedDigest) throw new CodedError('policy.digest', `policy bundle ${folder}: its Wasm is ${bundle.digest}`);
  return { ...bundle, text: await textBeside(folder, bundle.manifest).catch(() => []) };
}

/**
 * The bundle in an archive, which holds its Rego and says when it was released.
 * @throws CodedError `policy.bundle` or `policy.digest` as above.
 */
export function bundleIn(files: BundleFiles): Bundle {
  const file = (path: string): Uint8Array => files.get(path) ?? refuse(`${path} is missing`);
  const bundle = bundleOf(file(WASM), manifestIn(file(MANIFEST)), revisionIn(file(REVISION)));
  return { ...bundle, text: Object.entries(bundle.manifest.rego).map(([path, digest]) => regoOf(path, file(path), digest)) };
}

/**
 * The Rego beside a bundle, each file checked against the manifest.
 * @throws CodedError as `readBundle`, and `policy.digest` for a text that was changed since the Wasm was built.
 */
export async function readPolicyText(folder: string, expectedDigest?: string): Promise<PolicyText> {
  const { digest, manifest } = await readBundle(folder, expectedDigest);
  return { digest, entrypoints: manifest.entrypoints, rules: manifest.rules, files: await textBeside(folder, manifest) };
}

function bundleOf(wasm: Uint8Array, manifest: Manifest, revision: string | null = null): Bundle {
  const digest = sha256Hex(wasm);
  if (digest !== manifest.wasm) throw new CodedError('policy.digest', `policy bundle: its Wasm is ${digest}, and its manifest is of another`);
  return { wasm, digest, manifest, revision, text: [] };
}

async function textBeside(folder: string, manifest: Manifest): Promise<PolicyText['files']> {
  return Promise.all(Object.entries(manifest.rego).map(async ([path, digest]) => regoOf(path, await read(join(folder, '..', path)), digest)));
}

function regoOf(path: string, bytes: Uint8Array, digest: string): PolicyText['files'][number] {
  if (sha256Hex(bytes) !== digest) throw new CodedError('policy.digest', `${path} is not what the Wasm was built from`);
  return { path, text: new TextDecoder().decode(bytes) };
}

function refuse(why: string): never {
  throw new CodedError('policy.bundle', `policy bundle: ${why}`);
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new CodedError('policy.bundle', `policy bundle: ${path} cannot be read`, { cause });
  }
}

/** The time in `{"revision": …}`, which sorts as text. */
function revisionIn(bytes: Uint8Array): string {
  const parsed = parse(bytes, REVISION);
  const revision = isJsonObject(parsed) ? parsed.revision : undefined;
  return typeof revision === 'string' && isRevision(revision) ? revision : refuse(`the revision in ${REVISION} must be a time such as 2026-11-23T10:00:00Z`);
}

/** True for a UTC time of whole seconds in RFC 3339. */
export function isRevision(text: string): boolean {
  const at = Date.parse(text);
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/u.test(text) && !Number.isNaN(at) && new Date(at).toISOString() === text.replace('Z', '.000Z');
}

function manifestIn(bytes: Uint8Array): Manifest {
  const parsed = parse(bytes, MANIFEST);
  const { wasm, entrypoints, rego, rules } = isJsonObject(parsed) ? parsed : {};
  if (typeof wasm !== 'string' || !isTexts(entrypoints) || !isRego(rego) || !isRules(rules)) {
    return refuse(`${MANIFEST} is not a manifest`);
  }
  return { wasm, entrypoints, rego, rules };
}

function parse(bytes: Uint8Array, path: string): JsonValue {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as JsonValue;
  } catch (cause) {
    throw new CodedError('policy.bundle', `policy bundle: ${path} is not JSON`, { cause });
  }
}

function isTexts(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

// a path could otherwise lead out of the policies folder, and its text to the reader of /v1/policy
function isRego(value: JsonValue | undefined): value is JsonObject & Readonly<Record<string, string>> {
  if (value === undefined || !isJsonObject(value)) return false;
  return Object.entries(value).every(([path, digest]) => /^(?:[a-z_]+\/)+[a-z_]+\.rego$/u.test(path) && typeof digest === 'string');
}

function isRules(value: JsonValue | undefined): value is readonly (JsonObject & RuleText)[] {
  const members = ['id', 'title', 'description', 'package'];
  return Array.isArray(value) && value.every((rule: JsonValue) => isJsonObject(rule) && isTexts(members.map((name) => rule[name] ?? null)));
}
