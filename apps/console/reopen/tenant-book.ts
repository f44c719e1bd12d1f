import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readKey, readSecret } from '#edge';
import { type BookName, EntrySeal, KeptHeadFile, openStore, reopenBook, surveyBook } from '#ledger';
import { foldersOf } from '../set-up.js';
import { NotaryFolder } from './notary-folder.js';

/** Whose identity writes a book, and what its stream is called. */
const WRITERS = { ledger: { user: 'gatekeeper', prefix: 'ledger-' }, journal: { user: 'doer', prefix: 'doer-' } } as const satisfies Record<BookName, { user: string; prefix: string }>;

/** Which Gatehouse, and which of its tenants. */
export interface Reopened {
  readonly data: string;
  readonly address: string;
  readonly tenant: string;
  /** False only says what was lost. */
  readonly accept: boolean;
}

/**
 * Holds one book in the store against what gatekeeper, doer and notary kept of it outside, and says what was lost. Accepted, the loss is
 * written into the book by the identity of its own writer, and the notary's signed heads of what was lost are set aside.
 * @returns whether anything is left to be accepted.
 */
export async function reopen(book: BookName, { data, address, tenant, accept }: Reopened, write: (line: string) => void): Promise<boolean> {
  const { tls, secrets, heads, checkpoints } = foldersOf(data);
  const { user, prefix } = WRITERS[book];
  const stream = `${prefix}${tenant}`;
  const kept = new KeptHeadFile(join(heads, user, `${stream}.json`)).load();
  const notary = new NotaryFolder(join(checkpoints, tenant, book));
  const password = readSecret(user, join(secrets, `store-${user}.password`));
  const store = openStore({ address, ca: readFileSync(join(tls, 'ca.pem')), user, password });
  try {
    const place = { store, stream, book, tenant };
    const survey = await surveyBook(place, { kept: kept ? [kept] : [], signed: notary.heads });
    const { loss, lostSigned, head } = survey;
    if (!loss && lostSigned.length === 0) {
      write(`${book} of ${tenant}: ${head.seq + 1} entries, nothing is missing that the book does not tell of`);
      return false;
    }
    if (loss) write(`${book} of ${tenant}: entries ${loss.restored.entries} to ${loss.known.entries - 1} are gone; the store ends with entry ${head.seq}, ${head.hash}, and the last known head was ${loss.known.hash ?? 'a signed checkpoint'} over ${loss.known.entries} entries`);
    if (lostSigned.length > 0) write(`  ${lostSigned.length} signed checkpoints, over ${lostSigned.map(({ size }) => size).join(', ')} entries, are of what is gone`);
    if (!accept) return true;
    if (loss) {
      const seal = new EntrySeal(readKey(user, join(secrets, `entry-${user}-key`)));
      write(`  accepted: entry ${await reopenBook(place, { ...survey, loss }, { clock: () => new Date(), newId: randomUUID, seal })} of the ${book} says so`);
    }
    if (lostSigned.length > 0) notary.setAside(lostSigned);
    return false;
  } finally {
    await store.close();
  }
}
