import { createReadStream, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { codeOf, CodedError } from '#decider';
import { type BookEvent, type BookReport, decodeEntry, exportedEntries, type HeldHead, type NoteVerifier, openCheckpoint, parseVerifierKey, readCheckpoint, verifyBooks } from '#ledger';

/** Exit codes: 0 good, 1 tampered, 2 could not check. */
const USAGE = 'usage: npm run verify -- <ledger export> [journal export] [--pin <checkpoint>]... [--key <verifier key>]...';

const entriesIn = (file: string): AsyncGenerator<BookEvent> => exportedEntries(createReadStream(file));

async function tenantOf(file: string): Promise<string> {
  for await (const { bytes } of entriesIn(file)) {
    try {
      return decodeEntry(bytes).tenant;
    } catch {
      // what is no entry is named by the verification itself
      return '';
    }
  }
  return '';
}

/** What a checkpoint file pins. @throws CodedError where it is no checkpoint of this tenant, or no key given opens it. */
function pinned(file: string, tenant: string, keys: readonly NoteVerifier[]): HeldHead {
  const note = readFileSync(file, 'utf8');
  const { origin, size, root } = readCheckpoint(note);
  const [, book, of] = /\/(ledger|journal)\/([a-z][a-z0-9-]*)$/.exec(origin) ?? [];
  if ((book !== 'ledger' && book !== 'journal') || of !== tenant) throw new CodedError('checkpoint_origin', `${file} is of ${origin}, and these are the books of ${tenant}`);
  if (size === 0) throw new CodedError('held_empty', `${file} is over no entry, so it pins nothing`);
  if (keys.length === 0) console.log(`note: the signature of ${file} was not checked, since no --key was given: it counts as far as you have kept it yourself`);
  else openCheckpoint(note, keys.find(({ name }) => name === origin) ?? unknownSigner(file));
  return { book, holder: 'auditor', size, root };
}

function unknownSigner(file: string): never {
  throw new CodedError('note_unknown_signer', `none of the keys given is of the log that ${file} is of`);
}

async function verify(ledger: string, journal: string | undefined, pins: readonly string[], keyFiles: readonly string[]): Promise<number> {
  const tenant = await tenantOf(ledger);
  const keys = keyFiles.map((file) => parseVerifierKey(readFileSync(file, 'utf8').trim()));
  const held = tenant === '' ? [] : pins.map((file) => pinned(file, tenant, keys));
  const verdict = await verifyBooks({ tenant, ledger: entriesIn(ledger), held, ...(journal !== undefined && { journal: entriesIn(journal) }) });
  if (verdict.finding) {
    const { book, seq, message, code } = verdict.finding;
    console.log(`tampered: ${book} entry ${seq}: ${message} (${code})`);
    return 1;
  }
  const said = (book: string, { entries, head, root }: BookReport): void => console.log(`${verdict.verdict}: ${book} of ${tenant}, ${entries} entries, head ${head?.hash ?? 'none'}, root ${root ?? 'none'}`);
  said('ledger', verdict.ledger);
  if (verdict.journal) said('journal', verdict.journal);
  if (verdict.journal && verdict.receipts) console.log(`receipts: ${verdict.receipts.matched} of ${verdict.journal.entries} journal entries`);
  console.log(`rests on ${verdict.rests_on.join('; ')}`);
  return 0;
}

function unchecked(error: unknown): never {
  console.error(`could not check: ${error instanceof Error ? error.message : 'unknown fault'}${codeOf(error) === undefined ? '' : ` (${String(codeOf(error))})`}`);
  process.exit(2);
}

try {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { pin: { type: 'string', multiple: true, default: [] }, key: { type: 'string', multiple: true, default: [] } } });
  const [ledger, journal, ...others] = positionals;
  if (ledger === undefined || others.length > 0) throw new CodedError('usage', USAGE);
  process.exitCode = await verify(ledger, journal, values.pin, values.key);
} catch (error) {
  unchecked(error);
}
