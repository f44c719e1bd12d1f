import type { Log } from '#edge';
import { noteSigner, originOf, type BookName } from '#ledger';
import { type NotaryOptions, TenantNotary } from '../../apps/notary/tenant-notary.js';

export const HOST = 'log.example';
export const SEED = new Uint8Array(32).fill(7);

/** Who signs a tenant's book in the tests. */
export const signerOf = (book: BookName, tenant = 'acme') => noteSigner(originOf(HOST, book, tenant), SEED);

let ids = 0;

/** A notary of the tests' host and key, and what it has logged; `logged` resolves at the next such event, or at one that was there before. */
export function notaryUnderTest(options: Pick<NotaryOptions, 'store' | 'folder'> & Partial<NotaryOptions>) {
  const events: { readonly event: string; readonly facts: Readonly<Record<string, unknown>> }[] = [];
  const waiting = new Set<() => void>();
  const log: Log = (event, facts = {}) => {
    events.push({ event, facts });
    for (const wake of waiting) wake();
  };
  const logged = (event: string, count = 1): Promise<Readonly<Record<string, unknown>>> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = events.filter((one) => one.event === event)[count - 1];
        if (!found) return;
        waiting.delete(look);
        resolve(found.facts);
      };
      waiting.add(look);
      look();
    });
  const notary = new TenantNotary({
    tenant: 'acme', host: HOST, signerOf: (origin) => noteSigner(origin, SEED), signEveryMs: 60_000, clock: () => new Date('2026-11-23T10:00:00.000Z'), log,
    newId: () => `00000000-0000-4000-9000-${(ids += 1).toString(16).padStart(12, '0')}`, ...options,
  });
  return { notary, events, logged };
}

/** The same, once it has read both books to their end. */
export async function followingNotary(options: Pick<NotaryOptions, 'store' | 'folder'> & Partial<NotaryOptions>): Promise<TenantNotary> {
  const { notary, logged } = notaryUnderTest(options);
  await logged('following');
  return notary;
}
