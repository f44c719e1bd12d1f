import { randomBytes, randomUUID } from 'node:crypto';
import { invalid, type Reply } from './exchange.js';
import type { Table } from './tables.js';
import { hashOf } from './tokens.js';

/** A wrapped answer under the hash of its wrapping token. */
export interface Wrapped {
  readonly accessor: string;
  readonly expiresAt: number;
  readonly reply: Reply;
}

/** Response wrapping: an answer is kept for its wrapping token, which opens it once. */
export class Wrapping {
  constructor(
    private readonly table: Table<Wrapped>,
    private readonly clock: () => Date,
  ) {}

  /** Keeps `reply` and answers the `wrap_info` that goes out in its place. */
  wrap(reply: Reply, ttlSeconds: number, path: string) {
    const token = `hvs.${randomBytes(60).toString('base64url')}`;
    const now = this.clock();
    const accessor = randomUUID();
    this.table.set(hashOf(token), { accessor, expiresAt: now.getTime() + ttlSeconds * 1000, reply });
    return { token, accessor, ttl: ttlSeconds, creation_time: now.toISOString(), creation_path: path };
  }

  /** @throws VaultRefusal 400 for a token that was used, is over or never was. */
  unwrap(token: string): Reply {
    const hash = hashOf(token);
    const wrapped = this.table.get(hash);
    this.table.delete(hash);
    if (!wrapped || wrapped.expiresAt <= this.clock().getTime()) throw invalid('wrapping token is not valid or does not exist');
    return wrapped.reply;
  }
}
