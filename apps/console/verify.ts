import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { codeOf } from '#decider';
import { decodeEntry, type Entry, type StoredEntry, verifyChain } from '#ledger';

/** Exit codes: 0 good, 1 tampered, 2 could not check. */
const { positionals } = parseArgs({ allowPositionals: true });

/** The lines of an export as the store would give them: number, bytes, and the type and id that the line itself states. */
async function* exported(file: string): AsyncGenerator<StoredEntry> {
  let revision = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const bytes = Buffer.from(line, 'utf8');
    const { type, id } = statedBy(bytes);
    yield { revision, type, id, bytes };
    revision += 1;
  }
}

function statedBy(bytes: Uint8Array): { readonly type: string; readonly id: string } {
  try {
    return decodeEntry(bytes);
  } catch {
    // what is no entry is named by the verification itself, with its number
    return { type: '', id: '' };
  }
}

async function tenantOf(file: string): Promise<string> {
  for await (const { bytes } of exported(file)) {
    try {
      return decodeEntry(bytes).tenant;
    } catch {
      return '';
    }
  }
  return '';
}

async function verify(ledger: string, journal: string | undefined): Promise<number> {
  const receipts = new Map<number, string>();
  const take = ({ type, data }: Entry): void => {
    if (type === 'receipt.taken' && typeof data.seq === 'number' && typeof data.hash === 'string') receipts.set(data.seq, data.hash);
  };
  const tenant = await tenantOf(ledger);
  const verdict = await verifyChain(exported(ledger), tenant, take);
  if (!verdict.consistent) {
    console.log(`tampered: ledger ${verdict.message} (${verdict.code})`);
    return 1;
  }
  console.log(`consistent: ledger of ${tenant}, ${String(verdict.entries)} entries, head ${verdict.head.hash}`);
  if (journal === undefined) return 0;
  let foreign: number | undefined;
  const other = await verifyChain(exported(journal), tenant, ({ seq }, hash) => {
    if (receipts.get(seq) !== hash) foreign ??= seq;
  });
  if (!other.consistent || foreign !== undefined || receipts.size > other.entries) {
    console.log(other.consistent ? `tampered: journal entry ${String(foreign ?? other.entries)} and its receipt differ, or one is missing` : `tampered: journal ${other.message} (${other.code})`);
    return 1;
  }
  console.log(`consistent: journal, ${String(other.entries)} entries, each with its receipt`);
  return 0;
}

const [ledger, journal] = positionals;
if (ledger === undefined) {
  console.error('usage: npm run verify -- <ledger export> [journal export]');
  process.exit(2);
}
verify(ledger, journal).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(`could not check: ${codeOf(error) ?? (error instanceof Error ? error.message : 'unknown fault')}`);
    process.exit(2);
  },
);
