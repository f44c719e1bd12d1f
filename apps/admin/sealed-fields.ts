import { codeOf, isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { journalKeyPath, journalStateContext, ledgerFieldContext, ledgerKeyPath, unseal, type Vault } from '#vault';
import type { CaseEntry } from '#views';

/** What stands in the place of a sealed field: its value, or why it cannot be read. */
export type Opened = { readonly unsealed: JsonValue } | { readonly erased: true } | { readonly unreadable: string };

/** A sealed field: where it is in an entry's data, the path of its key, and what it is bound to. */
interface SealedField {
  readonly path: readonly string[];
  readonly key: string;
  readonly context: string;
}

const MOST_KEYS = 64;

/** A case's story in which every sealed field is opened for this one reading; nothing of it is kept. */
export async function openStory(vault: Pick<Vault, 'read'>, tenant: string, caseId: string, entries: readonly CaseEntry[]): Promise<readonly CaseEntry[]> {
  const keys = new Map<string, Promise<Key>>();
  const keyAt = (path: string): Promise<Key> => {
    const known = keys.get(path);
    if (known) return known;
    // a doer that was taken over could name portals without end, each of them a question to Vault
    if (keys.size >= MOST_KEYS) return Promise.resolve({ unreadable: 'too_many_keys' });
    const asked = readKey(vault, path);
    keys.set(path, asked);
    return asked;
  };
  return Promise.all(
    entries.map(async (entry) => {
      let { data } = entry;
      for (const { path, key, context } of sealedIn(entry, tenant, caseId)) {
        const sealed = valueAt(data, path);
        if (isJsonObject(sealed)) data = replaced(data, path, open(sealed, await keyAt(key), context));
      }
      return { ...entry, data };
    }),
  );
}

function sealedIn({ type, data }: CaseEntry, tenant: string, caseId: string): readonly SealedField[] {
  const inLedger = (field: string, ...path: readonly string[]): SealedField => ({ path, key: ledgerKeyPath(tenant, 'case', caseId), context: ledgerFieldContext(tenant, caseId, field) });
  switch (type) {
    case 'request.received':
      return [inLedger('text', 'text')];
    case 'intent.parsed':
      return [...['target', 'claimedRequester', 'reason'].map((field) => inLedger(field, field)), inLedger('model/answer', 'model', 'answer')];
    case 'evidence.taken':
      return [inLedger(`label/${text(data.phase)}`, 'label')];
    case 'approval.voted':
      return [inLedger(`slack/${text(data.number)}/${text(data.approver)}`, 'proof', 'body'), inLedger(`reason/${text(data.number)}/${text(data.approver)}`, 'proof', 'reason')];
    case 'erasure.requested':
      return [inLedger('reason', 'reason')];
    case 'receipt.taken':
      return sealedInJournal(data.entry, tenant, caseId);
    default:
      return [];
  }
}

/** A piece of an account's state before anything was done to it; the doer sealed it under its own key. */
function sealedInJournal(told: JsonValue | undefined, tenant: string, caseId: string): readonly SealedField[] {
  if (!isJsonObject(told) || told.type !== 'state.recorded' || !isJsonObject(told.data)) return [];
  const { portal = null, account = null, part = null, parts = null } = told.data;
  // the doer's word names a portal: it may lead to no other path than a journal key of this case
  if (typeof portal !== 'string' || !/^[a-z][a-z0-9-]{0,30}$/.test(portal)) return [];
  const context = journalStateContext({ tenant, case: caseId, portal, account }, part, parts);
  return [{ path: ['entry', 'data', 'sealed'], key: journalKeyPath(tenant, caseId, portal), context }];
}

type Key = { readonly bytes: Uint8Array } | { readonly erased: true } | { readonly unreadable: string };

async function readKey(vault: Pick<Vault, 'read'>, path: string): Promise<Key> {
  try {
    const stored = await vault.read(path);
    return typeof stored?.key === 'string' ? { bytes: new Uint8Array(Buffer.from(stored.key, 'base64url')) } : { erased: true };
  } catch (error) {
    return { unreadable: codeOf(error) ?? 'fault' };
  }
}

function open(sealed: JsonObject, key: Key, context: string): Opened {
  if (!('bytes' in key)) return key;
  try {
    return { unsealed: unseal(sealed, key.bytes, context) };
  } catch (error) {
    return { unreadable: codeOf(error) ?? 'fault' };
  }
}

function valueAt(value: JsonValue | undefined, [name, ...rest]: readonly string[]): JsonValue | undefined {
  if (name === undefined) return value;
  return isJsonObject(value) ? valueAt(value[name], rest) : undefined;
}

function replaced(data: JsonObject, [name = '', ...rest]: readonly string[], by: JsonObject): JsonObject {
  const inner = data[name];
  return { ...data, [name]: rest.length > 0 && isJsonObject(inner) ? replaced(inner, rest, by) : by };
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
