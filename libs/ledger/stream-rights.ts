import { EventStoreDBClient } from '@eventstore/db-client';
import { CodedError } from '#decider';
import { rethrow, type StoreAccess } from './event-store.js';

/** Who may read a stream and who may append to it, by the names of store users. */
export interface StreamRights {
  readonly stream: string;
  readonly read: readonly string[];
  readonly append: readonly string[];
}

/** Deleting a stream, and its metadata, are for the store's own administrators, whom no list keeps out. */
const ADMINISTRATORS = ['$admins'];
const DEADLINE_MS = 5_000;

/**
 * Writes rights as `$acl` metadata, as EventStoreDB and KurrentDB take them; `access` is a store administrator. Whatever other metadata
 * a stream has is taken away with it, since a stream that is evidence has no `$maxCount`, `$maxAge` or `$tb`.
 * @returns the streams whose metadata was another before.
 * @throws CodedError `store_refused`, `store_unreachable`; `rights_not_kept` where the store gives back other metadata than was written.
 */
export async function writeStreamRights({ address, ca, user, password }: StoreAccess, rights: readonly StreamRights[]): Promise<readonly string[]> {
  const credentials = { username: user, password };
  const client = new EventStoreDBClient({ endpoint: address, defaultDeadline: DEADLINE_MS }, { rootCertificate: ca });
  const kept = async (stream: string): Promise<string> => JSON.stringify((await client.getStreamMetadata(stream, { credentials })).metadata ?? {});
  const written: string[] = [];
  try {
    for (const { stream, read, append } of rights) {
      const metadata = { acl: { readRoles: [...read], writeRoles: [...append], deleteRoles: ADMINISTRATORS, metaReadRoles: ADMINISTRATORS, metaWriteRoles: ADMINISTRATORS } };
      if ((await kept(stream)) === JSON.stringify(metadata)) continue;
      await client.setStreamMetadata(stream, metadata, { credentials, deadline: DEADLINE_MS });
      if ((await kept(stream)) !== JSON.stringify(metadata)) throw new CodedError('rights_not_kept', `${stream}: the store gives back other metadata than was written`);
      written.push(stream);
    }
    return written;
  } catch (error) {
    return rethrow(error);
  } finally {
    await client.dispose();
  }
}
