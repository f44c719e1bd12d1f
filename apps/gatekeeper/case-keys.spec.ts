import { beforeEach, describe, expect, it } from '@jest/globals';
import { CodedError, type JsonObject } from '#decider';
import type { Vault } from '#vault';
import { CaseKeys } from './case-keys.js';

const CASE = 'c-0f8fad5b-d9cb-469f-a165-70867728950e';
const OTHER = 'c-7c9e6679-7425-40de-944b-e07fc1f90ae7';
const order = { person: 'p-10042', cases: [CASE], portals: ['directory', 'scim'] };

/** A key-value store in memory; what is in `stubborn` cannot be destroyed, and `reads` counts. */
class Store {
  readonly held = new Map<string, JsonObject>();
  readonly destroyed: string[] = [];
  stubborn: string | undefined;
  failing = 0;
  reads = 0;
  readonly vault = {
    read: (path: string) => {
      this.reads += 1;
      return Promise.resolve(this.held.get(path));
    },
    createOnce: (path: string, value: JsonObject) => {
      const fresh = !this.held.has(path);
      if (fresh) this.held.set(path, value);
      return Promise.resolve(fresh);
    },
    exists: (path: string) => Promise.resolve(this.held.has(path)),
    destroy: (path: string) => {
      if (this.failing > 0 && this.destroyed.length >= this.failing) return Promise.reject(new CodedError('vault_unreachable', 'away'));
      this.destroyed.push(path);
      if (path !== this.stubborn) this.held.delete(path);
      return Promise.resolve();
    },
  } as unknown as Vault;
}

let store: Store;
let keys: CaseKeys;
beforeEach(async () => {
  store = new Store();
  keys = new CaseKeys(store.vault, 'acme', (bytes) => new Uint8Array(bytes).fill(store.held.size + 1));
  for (const id of [CASE, OTHER]) await keys.create(id);
});

describe('keys that are destroyed', () => {
  it('are those of the person, and of each case in the ledger and at each portal in the journal, and nobody else’s', async () => {
    await keys.destroy(order);
    expect([...store.destroyed].sort()).toEqual([
      `tenants/acme/journal-keys/${CASE}/directory`, `tenants/acme/journal-keys/${CASE}/scim`, `tenants/acme/ledger-keys/case/${CASE}`, 'tenants/acme/ledger-keys/person/p-10042',
    ]);
    expect([...store.held.keys()]).toEqual([`tenants/acme/ledger-keys/case/${OTHER}`]);
  });

  it('open nothing and seal nothing any more, though they were in memory', async () => {
    const sealed = await keys.seal(CASE, 'text', 'offboard Marta');
    expect([await keys.unseal(CASE, 'text', sealed), store.reads]).toEqual(['offboard Marta', 0]);
    await keys.destroy(order);
    await expect(keys.unseal(CASE, 'text', sealed)).rejects.toMatchObject({ code: 'erased' });
    await expect(keys.seal(CASE, 'text', 'late')).rejects.toMatchObject({ code: 'erased' });
    expect(await keys.unseal(OTHER, 'text', await keys.seal(OTHER, 'text', 'still'))).toBe('still');
  });

  it('are not remembered from the moment at which their end was ordered', async () => {
    const sealed = await keys.seal(CASE, 'text', 'offboard Marta');
    keys.forget([CASE]);
    await keys.unseal(CASE, 'text', sealed);
    await keys.unseal(CASE, 'text', sealed);
    expect(store.reads).toBe(2);
  });

  it('may be destroyed again after half of it failed', async () => {
    store.failing = 1;
    await expect(keys.destroy(order)).rejects.toMatchObject({ code: 'vault_unreachable' });
    store.failing = 0;
    await keys.destroy(order);
    await keys.destroy(order);
    expect([...store.held.keys()]).toEqual([`tenants/acme/ledger-keys/case/${OTHER}`]);
  });

  it('are looked for: one that is still there is never reported as gone', async () => {
    store.stubborn = `tenants/acme/ledger-keys/case/${CASE}`;
    await expect(keys.destroy(order)).rejects.toMatchObject({ code: 'key_still_there' });
  });
});
