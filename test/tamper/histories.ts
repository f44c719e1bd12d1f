import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BookEvent, layTiles, noteSigner, signCheckpoint, verifierKey } from '#ledger';
import { signerOf } from '../ledger/following-notary.js';
import { type Books, headOver, rehashed } from './books.js';
import type { EndPoint } from './end-point.js';
import { BOOKS, KEY, noteOver } from './kept.js';
import { inFolder, type Offline, runVerify, said, verifyOffline } from './offline.js';
import { Checks, type Row } from './row.js';

const LENGTH = BOOKS.ledger.length;
const PARTED = 40;
/** Another history from entry 40 on, which holds by itself; its server signs it with the right key. */
const OTHER: Books = { ...BOOKS, ledger: rehashed(BOOKS.ledger, PARTED, () => ({ actor: 'thief' })) };
const PARTING = `ledger entry ${PARTED}: checkpoint_mismatch`;
const found = ({ code, words }: Offline, at: number): boolean => code === 1 && said(words).startsWith(`tampered: ledger entry ${at}: `);

/** Harm that is none to one who sees a single history. */
export async function historyRows(endPoint: EndPoint): Promise<readonly Row[]> {
  return [await fork(endPoint), await chainAndTree(endPoint), await rolledBack(endPoint), await swappedKeys(endPoint)];
}

async function fork(endPoint: EndPoint): Promise<Row> {
  const checks = new Checks('a fork shown to two auditors');
  const spoken: [string, string][] = [];
  for (const [shown, own, others] of [[BOOKS, BOOKS, OTHER], [OTHER, OTHER, BOOKS]] as const) {
    const mine = await endPoint.over(shown, { checkpoint: noteOver(LENGTH, own) });
    const mineOffline = await verifyOffline(shown, [noteOver(LENGTH, own)], [KEY]);
    checks.that(mine.words === 'consistent_with_pinned', 'each with its own', mine.words);
    checks.that(mineOffline.code === 0, 'each with its own, offline', mineOffline.words);
    const crossed = await endPoint.over(shown, { checkpoint: noteOver(LENGTH, others), signed: PARTED });
    const crossedOffline = await verifyOffline(shown, [noteOver(PARTED), noteOver(LENGTH, others)], [KEY]);
    checks.that(crossed.words === PARTING, "with the other's", crossed.words);
    checks.that(found(crossedOffline, PARTED), "with the other's, offline", crossedOffline.words);
    spoken.push([crossed.words, said(crossedOffline.words)]);
  }
  return checks.row('from 40 on', ...spoken[0]!);
}

/** The chain of one history beside the tree of another: export and tiles hold alone, and never together. */
async function chainAndTree(endPoint: EndPoint): Promise<Row> {
  const checks = new Checks('a chain and a tree of two histories');
  const note = noteOver(LENGTH, OTHER);
  const alone = await endPoint.over(BOOKS);
  checks.that(alone.words === 'consistent', 'the chain alone', alone.words);
  const together = await endPoint.over(BOOKS, { checkpoint: note, signed: PARTED });
  checks.that(together.words === PARTING, 'together', together.words);
  const chain = await verifyOffline(BOOKS);
  checks.that(chain.code === 0, 'the chain alone, offline', chain.words);
  const pinned = await verifyOffline(BOOKS, [noteOver(PARTED), note], [KEY]);
  checks.that(found(pinned, PARTED), 'together, offline', pinned.words);
  const tree = await tiled({}, note);
  checks.that(tree.code === 0, 'the tree alone, offline', tree.words);
  // in a tiled log the entries are one history, the hashes above them another
  const entries = await tiled({ entries: BOOKS }, note);
  checks.that(found(entries, 0), 'entries of another history under a tree', entries.words);
  const hashes = await tiled({ hashes: BOOKS }, note);
  checks.that(hashes.code === 1 && hashes.words.includes('(tile_altered)'), 'hashes of another history over the entries', hashes.words);
  return checks.row('from 40 on', together.words, said(pinned.words));
}

/** A tiled log of the other history under its checkpoint, with entries or hashes of a different one where they are given. */
function tiled({ entries = OTHER, hashes = OTHER }: { readonly entries?: Books; readonly hashes?: Books }, note: string): Promise<Offline> {
  return inFolder(async (file, folder) => {
    for (const [{ ledger }, wanted] of [[entries, true], [hashes, false]] as const) {
      await layTiles(streamed(ledger), 'acme', headOver(ledger), (path, bytes) => {
        if (path.startsWith('tile/entries/') !== wanted) return;
        mkdirSync(join(folder, dirname(path)), { recursive: true });
        writeFileSync(join(folder, path), bytes);
      });
    }
    file('checkpoint', note);
    return runVerify([folder, '--key', file('key', KEY)]);
  });
}

async function rolledBack(endPoint: EndPoint): Promise<Row> {
  const checks = new Checks('a store rolled back together with its checkpoints');
  const back: Books = { ledger: BOOKS.ledger.slice(0, 60), journal: BOOKS.journal.slice(0, 30), checkpoints: BOOKS.checkpoints?.slice(0, 1) ?? [] };
  const alone = await endPoint.over(back);
  checks.that(alone.words === 'consistent', 'alone', alone.words);
  const own = await endPoint.over(back, { signed: LENGTH });
  checks.that(own.words === 'ledger entry 60: cut', 'by what the notary kept outside the store', own.words);
  const held = await endPoint.over(back, { checkpoint: noteOver(LENGTH) });
  checks.that(held.words === 'ledger entry 60: cut', 'by what the auditor kept', held.words);
  const offline = await verifyOffline(back, [noteOver(LENGTH)], [KEY]);
  checks.that(found(offline, 60), 'offline', offline.words);
  return checks.row('60 of 81 left', own.words, said(offline.words));
}

/** A server that signs its own history with another key, or under the name of the other book. */
async function swappedKeys(endPoint: EndPoint): Promise<Row> {
  const checks = new Checks('swapped keys under a checkpoint');
  const thief = noteSigner(signerOf('ledger').name, new Uint8Array(32).fill(9));
  const journal = signerOf('journal');
  const stolen = signCheckpoint(headOver(OTHER.ledger), thief);
  const asked = await endPoint.over(OTHER, { checkpoint: stolen });
  checks.that(asked.words === 'note_unknown_signer', "a thief's key", asked.words);
  const offline = await verifyOffline(OTHER, [stolen], [KEY]);
  checks.that(offline.code === 2 && offline.words.includes('(note_unknown_signer)'), "a thief's key, offline", offline.words);
  const under = signCheckpoint(headOver(BOOKS.ledger), journal);
  const askedUnder = await endPoint.over(BOOKS, { checkpoint: under });
  checks.that(askedUnder.words === 'journal entry 40: cut', "the ledger's head under the journal's key", askedUnder.words);
  const offlineUnder = await verifyOffline(BOOKS, [under], [KEY, verifierKey(journal)]);
  checks.that(offlineUnder.code === 1 && offlineUnder.words.includes('journal entry 40: '), "the ledger's head under the journal's key, offline", offlineUnder.words);
  return checks.row('the checkpoint', asked.words, said(offline.words));
}

async function* streamed(events: readonly BookEvent[]): AsyncGenerator<BookEvent> {
  for (const event of events) yield await Promise.resolve(event);
}
