import { createReadStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { codeOf, CodedError, type JsonValue } from '#decider';
import { alteredTile, type BookReport, type Cosignature, cosignaturesOf, exportedEntries, type HeldHead, leafHash, MerkleTree, openCheckpoint, readCheckpoint, readDisclosure, tiledEntries, type Verification, verifyBooks } from '#ledger';
import { type Keys, keysIn } from './keys.js';
import { tenantIn, tenantOf } from './tenant-of.js';

const USAGE = `usage: npm run verify -- <ledger export> [journal export] [--pin <checkpoint>]... [--key <verifier key>]...
       npm run verify -- <folder of a tiled log>   [--pin <checkpoint>]... [--key <verifier key>]...
       npm run verify -- --case <file of one case> [--key <verifier key>]`;
// exit codes
const [GOOD, TAMPERED, UNCHECKED] = [0, 1, 2];

interface Trust {
  readonly pins: readonly string[];
  readonly keys: Keys;
}

/** What a checkpoint file pins. @throws CodedError where it is no checkpoint of this tenant, or no key given opens it. */
function pinned(file: string, tenant: string, keys: Keys): HeldHead {
  const { origin, size, root, cosignatures } = believed(readFileSync(file, 'utf8'), file, keys);
  const [, book, of] = /\/(ledger|journal)\/([a-z][a-z0-9-]*)$/.exec(origin) ?? [];
  if ((book !== 'ledger' && book !== 'journal') || of !== tenant) throw new CodedError('checkpoint_origin', `${file} is of ${origin}, and this is of ${tenant}`);
  if (size === 0) throw new CodedError('held_empty', `${file} is over no entry, so it pins nothing`);
  return { book, holder: 'auditor', size, root, cosignatures };
}

/**
 * What a note says: by its signature, or without a key by the word of who kept it; and the cosignatures of the witnesses whose keys were given.
 * @throws CodedError of `openCheckpoint`, `cosignature_missing` where there is a key of a witness and no cosignature of it.
 */
function believed(note: string, name: string, { signers, witnesses }: Keys) {
  const checkpoint = readCheckpoint(note);
  const cosignatures = cosignaturesOf(note, witnesses);
  const missing = witnesses.find(({ witness }) => !cosignatures.some((one) => one.witness === witness));
  if (missing) throw new CodedError('cosignature_missing', `${name} carries no cosignature of ${missing.witness} that holds`);
  if (signers.length === 0) {
    console.log(`note: no --key was given, so the signature of ${name} was not checked`);
    return { ...checkpoint, cosignatures };
  }
  const key = signers.find((one) => one.name === checkpoint.origin);
  if (!key) throw new CodedError('note_unknown_signer', `no key was given for ${checkpoint.origin}, which ${name} is of`);
  return { ...openCheckpoint(note, key), cosignatures };
}

async function verifyExports(ledger: string, journal: string | undefined, { pins, keys }: Trust): Promise<number> {
  const tenant = await tenantOf(ledger);
  const held = tenant === '' ? [] : pins.map((file) => pinned(file, tenant, keys));
  const entries = (file: string) => exportedEntries(createReadStream(file));
  return said(tenant, await verifyBooks({ tenant, ledger: entries(ledger), held, ...(journal !== undefined && { journal: entries(journal) }) }));
}

async function verifyTiles(folder: string, { pins, keys }: Trust): Promise<number> {
  const note = join(folder, 'checkpoint');
  const { size, origin } = believed(readFileSync(note, 'utf8'), note, keys);
  const read = (path: string): Uint8Array => readFileSync(join(folder, path));
  const first = tiledEntries(size, read).next();
  const tenant = first.done === true ? '' : tenantIn(first.value.bytes);
  const tree = new MerkleTree();
  function* entries() {
    for (const event of tiledEntries(size, read)) {
      tree.append(leafHash(event.bytes));
      yield event;
    }
  }
  const held = [note, ...pins].map((file) => pinned(file, tenant, keys));
  // one log by itself, whichever book it is
  const code = said(tenant, await verifyBooks({ tenant, ledger: entries(), held: held.map((head) => ({ ...head, book: 'ledger' })) }));
  const altered = code === GOOD ? alteredTile(tree, size, read) : undefined;
  if (altered === undefined) return code;
  console.log(`tampered: ${altered} of ${origin} does not hold the hashes of its entries (tile_altered)`);
  return TAMPERED;
}

function verifyCase(file: string, keys: Keys): number {
  const disclosure = readDisclosure(JSON.parse(readFileSync(file, 'utf8')) as JsonValue);
  const { origin, size, cosignatures } = believed(disclosure.checkpoint, `the checkpoint in ${file}`, keys);
  console.log(`consistent_with_pinned: case ${disclosure.case}, ${disclosure.entries.length} entries of ${origin}, each proven under the checkpoint over ${size}${cosignatures.map(cosigned).join('')}`);
  return GOOD;
}

function cosigned({ witness, at }: Cosignature): string {
  return `, which ${witness} cosigned at ${at}`;
}

function said(tenant: string, { verdict, finding, losses = [], ledger, journal, receipts, time, rests_on }: Verification): number {
  for (const { book, seq, at, from, to } of losses) console.log(`lost: ${book} entries ${from} to ${to}, in a restore that entry ${seq} of ${at} tells of`);
  if (finding) {
    console.log(`${finding.code === 'lost_in_restore' ? 'lost' : 'tampered'}: ${finding.book} entry ${finding.seq}: ${finding.message} (${finding.code})`);
    return TAMPERED;
  }
  const report = (book: string, { entries, head, root }: BookReport): void => console.log(`${verdict}: ${book} of ${tenant}, ${entries} entries, head ${head?.hash ?? 'none'}, root ${root ?? 'none'}`);
  report('ledger', ledger);
  if (journal) report('journal', journal);
  if (journal && receipts) console.log(`receipts: ${receipts.matched} of ${journal.entries} journal entries`);
  const { count, entries: [first] } = time.ledger.dated_back;
  if (count > 0) console.log(`time: ${count} entries of the ledger, from ${first ?? 0} on, claim to be more than a minute older than a cosigned checkpoint without them`);
  console.log(`rests on ${rests_on.join('; ')}`);
  return GOOD;
}

/** Faults that are findings: somebody changed what was signed or proven. */
const FINDINGS = new Set(['bundle_malformed', 'disclosure_refused', 'not_canonical', 'entry_shape', 'note_signature']);

async function verify(): Promise<number> {
  const list = { type: 'string', multiple: true, default: [] as string[] } as const;
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { pin: list, key: list, case: { type: 'string' } } });
  const trust = { pins: values.pin, keys: keysIn(values.key) };
  const [first, second, ...others] = positionals;
  if (values.case !== undefined && first === undefined && values.pin.length === 0) return verifyCase(values.case, trust.keys);
  if (values.case !== undefined || first === undefined || others.length > 0) throw new CodedError('usage', USAGE);
  if (!statSync(first).isDirectory()) return verifyExports(first, second, trust);
  if (second !== undefined) throw new CodedError('usage', USAGE);
  return verifyTiles(first, trust);
}

try {
  process.exitCode = await verify();
} catch (error) {
  const code = codeOf(error) ?? 'fault';
  const words = `${error instanceof Error ? error.message : 'unknown'} (${code})`;
  process.exitCode = FINDINGS.has(code) ? TAMPERED : UNCHECKED;
  if (FINDINGS.has(code)) console.log(`tampered: ${words}`);
  else console.error(`could not check: ${words}`);
}
