import fc from 'fast-check';
import { BOOK_HARMS } from './book-harms.js';
import { BOOKS, KEY, noteOver } from './kept.js';
import type { EndPoint } from './end-point.js';
import { ENTRY_HARMS } from './entry-harms.js';
import { type Harm, inLedger, same } from './harm.js';
import { said, verifyOffline } from './offline.js';
import { Checks, type Row } from './row.js';

const LENGTH = BOOKS.ledger.length;
const SEED = 20_261_123;
const RANDOM_PLACES = 4;
const flips = fc.sample(fc.record({ place: fc.double({ min: 0, max: 0.999, noNaN: true }), bit: fc.nat(7) }), { numRuns: LENGTH, seed: SEED });

/** One bit of one byte of the entry, by chance. */
const ANY_BIT: Harm = {
  name: 'one bit flipped anywhere',
  harm: inLedger((ledger, at) => {
    const { place, bit } = flips[at]!;
    const { bytes } = ledger[at]!;
    const hit = Math.floor(place * bytes.length);
    return ledger.with(at, { ...ledger[at]!, bytes: bytes.map((byte, i) => (i === hit ? byte ^ (1 << bit) : byte)) });
  }),
  named: same,
  orNext: true,
};
const AT_RANDOM: readonly Harm[] = [ANY_BIT, ...ENTRY_HARMS.filter(({ name }) => ['deleted', 'twice', 'swapped with the one after it', 'another inserted before it'].includes(name))];

/** Every harm of the two lists: to one entry at the first, a middle, the last but one (a receipt) and the last place, then five of them at random. */
export async function tamperMatrix(endPoint: EndPoint): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const harm of ENTRY_HARMS) rows.push(await rowOf(endPoint, harm, placesOf(harm)));
  const places = fc.sample(fc.integer({ min: 1, max: LENGTH - 2 }), { numRuns: AT_RANDOM.length * RANDOM_PLACES, seed: SEED });
  for (const [i, harm] of AT_RANDOM.entries()) rows.push(await rowOf(endPoint, { ...harm, name: `${harm.name}, at random` }, places.slice(i * RANDOM_PLACES, (i + 1) * RANDOM_PLACES)));
  for (const harm of BOOK_HARMS) rows.push(await rowOf(endPoint, harm, [0]));
  return rows;
}

function placesOf({ notAt }: Harm): readonly number[] {
  return [notAt === 'first' ? 2 : 0, 40, LENGTH - 2, ...(notAt === 'last' ? [] : [LENGTH - 1])];
}

async function rowOf(endPoint: EndPoint, harm: Harm, places: readonly number[]): Promise<Row> {
  const checks = new Checks(harm.name);
  const spoken: { asked: string; offline: string }[] = [];
  for (const at of places) spoken.push(await tryAt(endPoint, harm, at, checks));
  const { asked, offline } = spoken[1] ?? spoken[0]!;
  return checks.row(places.length === 1 ? 'the book' : places.join(', '), asked, offline);
}

/** Both ways; where the harm must be consistent alone, first without a checkpoint, and then with those signed right before the harm and after it. */
async function tryAt(endPoint: EndPoint, harm: Harm, at: number, checks: Checks): Promise<{ asked: string; offline: string }> {
  const harmed = harm.harm(BOOKS, at);
  const pinned = harm.pinned === 'always' || (harm.pinned === 'at the last' && at === LENGTH - 1);
  if (pinned) {
    const [asked, offline] = await Promise.all([endPoint.over(harmed), verifyOffline(harmed)]);
    checks.that(asked.words === 'consistent', `end point at ${at}, alone`, asked.words);
    checks.that(offline.code === 0 && offline.words.startsWith('consistent: '), `offline at ${at}, alone`, offline.words);
  }
  const named = pinned ? Math.min(at, harm.named(at)) : harm.named(at);
  const pins = [...(named > 0 ? [noteOver(named)] : []), noteOver(LENGTH)];
  const [asked, offline] = await Promise.all([
    endPoint.over(harmed, pinned ? { checkpoint: noteOver(LENGTH), signed: named } : {}),
    harm.storeOnly ? undefined : verifyOffline(harmed, pinned ? pins : [], pinned ? [KEY] : []),
  ]);
  const names = (words: string): boolean => [named, ...(harm.orNext ? [named + 1] : [])].some((seq) => words.startsWith(`${harm.book ?? 'ledger'} entry ${seq}: `));
  checks.that(names(asked.words), `end point at ${at}`, asked.words);
  if (!offline) return { asked: asked.words, offline: 'not in an export' };
  const words = said(offline.words);
  checks.that(offline.code === 1 && words.startsWith('tampered: ') && names(words.slice('tampered: '.length)), `offline at ${at}`, words);
  return { asked: asked.words, offline: words };
}
