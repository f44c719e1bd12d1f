import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError, isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { sha256Hex } from '#ledger';

/** A policy bundle as `tools/policy-build.sh` leaves it: the Wasm, and the manifest that names what it was built from. */
export interface Bundle {
  readonly wasm: Uint8Array;
  /** SHA-256 over the Wasm; the policy's name everywhere. */
  readonly digest: string;
  readonly manifest: Manifest;
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

/**
 * Reads and checks a bundle.
 * @throws CodedError `policy.bundle` when it is missing or malformed, `policy.digest` when the Wasm is not that of the
 *   manifest or not the expected one.
 */
export async function readBundle(folder: string, expectedDigest?: string): Promise<Bundle> {
  const wasm = await read(join(folder, 'policy.wasm'));
  const manifest = manifestIn(await read(join(folder, 'manifest.json')));
  const digest = sha256Hex(wasm);
  if (digest !== manifest.wasm || (expectedDigest !== undefined && digest !== expectedDigest)) {
    throw new CodedError('policy.digest', `policy bundle ${folder}: its Wasm is ${digest}`);
  }
  return { wasm, digest, manifest };
}

/**
 * The Rego beside a bundle, each file checked against the manifest.
 * @throws CodedError as `readBundle`, and `policy.digest` for a text that was changed since the Wasm was built.
 */
export async function readPolicyText(folder: string, expectedDigest?: string): Promise<PolicyText> {
  const { digest, manifest } = await readBundle(folder, expectedDigest);
  const files = await Promise.all(
    Object.entries(manifest.rego).map(async ([path, expected]) => {
      const bytes = await read(join(folder, '..', path));
      if (sha256Hex(bytes) !== expected) throw new CodedError('policy.digest', `${path} is not what the Wasm was built from`);
      return { path, text: new TextDecoder().decode(bytes) };
    }),
  );
  return { digest, entrypoints: manifest.entrypoints, rules: manifest.rules, files };
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new CodedError('policy.bundle', `policy bundle: ${path} cannot be read`, { cause });
  }
}

function manifestIn(bytes: Uint8Array): Manifest {
  const parsed = parse(bytes);
  const { wasm, entrypoints, rego, rules } = isJsonObject(parsed) ? parsed : {};
  if (typeof wasm !== 'string' || !isTexts(entrypoints) || !isRego(rego) || !isRules(rules)) {
    throw new CodedError('policy.bundle', 'policy bundle: manifest.json is not a manifest');
  }
  return { wasm, entrypoints, rego, rules };
}

function parse(bytes: Uint8Array): JsonValue {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as JsonValue;
  } catch (cause) {
    throw new CodedError('policy.bundle', 'policy bundle: manifest.json is not JSON', { cause });
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
