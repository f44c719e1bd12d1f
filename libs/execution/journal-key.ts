import { CodedError, type JsonObject } from '#decider';
import { fromBase64url, toBase64url } from '#packet';
import type { Lease } from '#vault';

/**
 * The key that seals the before-states of one case at one portal, reached through the lease.
 * @param fresh - 32 random bytes, to become the key where none has sealed anything yet; undefined where one must be there.
 * @throws CodedError `before_unreadable` when the key is gone (erased) or no key.
 */
export async function journalKey(lease: Pick<Lease, 'read' | 'createOnce'>, path: string, fresh: Uint8Array | undefined): Promise<Uint8Array> {
  if (fresh && (await lease.createOnce(path, { key: toBase64url(fresh) }))) return fresh;
  const key = keyIn(await lease.read(path));
  if (key?.length !== 32) throw new CodedError('before_unreadable', 'the key of the before-states is not there');
  return key;
}

function keyIn(found: JsonObject | undefined): Uint8Array | undefined {
  return typeof found?.['key'] === 'string' ? fromBase64url(found['key']) : undefined;
}
