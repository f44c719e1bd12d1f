import { readFile } from 'node:fs/promises';
import { CodedError } from '#decider';
import { sha256Hex } from '#ledger';
import { exchange } from '#vault';
import { filesIn } from './archive.js';
import { type Bundle, bundleIn, readBundle } from './bundle.js';
import { type BundleKey, checkSignature } from './bundle-signature.js';

/** A bundle as a source gave it out; `tag` names the content, and is handed back at the next call. */
export interface Release {
  readonly tag: string;
  readonly bundle: Bundle;
}

/** Where an operator puts bundles. */
export interface BundleSource {
  readonly kind: 'folder' | 'file' | 'server';
  /**
   * The bundle that is there now; undefined while it is the one of `tag` still.
   * @throws CodedError `policy.bundle`, `policy.digest` or `policy.signature` for one that cannot be had, or not be believed.
   */
  latest(tag: string | undefined): Promise<Release | undefined>;
}

/** A folder that `tools/policy-build.sh` fills; who may write there is trusted. */
export function folderSource(folder: string): BundleSource {
  return {
    kind: 'folder',
    latest: async (tag) => {
      const bundle = await readBundle(folder);
      return unless(tag, [bundle.digest, bundle.revision ?? ''].join(' '), () => bundle);
    },
  };
}

/** A signed `.tar.gz`, which is replaced by renaming another over it. */
export function fileSource(path: string, key: BundleKey): BundleSource {
  return {
    kind: 'file',
    latest: async (tag) => {
      const archive = await readFile(path).catch((cause: unknown) => {
        throw new CodedError('policy.bundle', `policy bundle: ${path} cannot be read`, { cause });
      });
      return unless(tag, sha256Hex(archive), () => signedBundle(archive, key));
    },
  };
}

/**
 * A signed `.tar.gz` at an address, as OPA's bundle servers have it: an ETag is sent back, and 304 is "the same still" (RFC 9110, 13.1.2).
 * `ca` is PEM; no redirect is followed.
 */
export function serverSource(options: { readonly url: string; readonly key: BundleKey; readonly ca?: string; readonly timeoutMs: number }): BundleSource {
  const { url, key, ca, timeoutMs } = options;
  return {
    kind: 'server',
    latest: async (tag) => {
      const headers = { accept: 'application/gzip, application/vnd.openpolicyagent.bundles', ...(isEntityTag(tag) && { 'if-none-match': tag }) };
      const answer = await exchange({ method: 'GET', url, headers, timeoutMs, ...(ca !== undefined && { ca }) }).catch((cause: unknown) => {
        throw new CodedError('policy.bundle', 'policy bundle: its server does not answer', { cause });
      });
      if (answer.status === 304 && isEntityTag(tag)) return undefined;
      if (answer.status !== 200) throw new CodedError('policy.bundle', `policy bundle: its server answers ${String(answer.status)}`);
      const { etag } = answer.headers;
      return unless(tag, isEntityTag(etag) ? etag : sha256Hex(answer.bytes), () => signedBundle(answer.bytes, key));
    },
  };
}

function unless(before: string | undefined, tag: string, bundle: () => Bundle): Release | undefined {
  return tag === before ? undefined : { tag, bundle: bundle() };
}

function signedBundle(archive: Uint8Array, key: BundleKey): Bundle {
  const files = filesIn(archive);
  checkSignature(files, key);
  return bundleIn(files);
}

function isEntityTag(tag: string | undefined): tag is string {
  return tag !== undefined && /^(?:W\/)?"[\x21\x23-\x7e]{0,256}"$/u.test(tag);
}
