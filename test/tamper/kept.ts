import { jcs, signCheckpoint, type StoredEntry, verifierKey } from '#ledger';
import { sampleId } from '../../eventstore/events/sample-book.js';
import { signerOf } from '../ledger/following-notary.js';
import { type Books, headOver, honest } from './books.js';

const SIGNER = signerOf('ledger');
const SIGNED_AT = '2026-11-23T09:59:00.000Z';

/** The checkpoint over the first entries of a ledger, as acme's notary signs it. */
export function noteOver(size: number, { ledger }: Books = BOOKS): string {
  return signCheckpoint(headOver(ledger, size), SIGNER);
}

/** The line that verifies them, as the auditor was given it. */
export const KEY = `${verifierKey(SIGNER)}\n`;

const books = honest();
/** The books that are harmed, with what the notary wrote beside them. */
export const BOOKS: Books = {
  ...books,
  checkpoints: [41, books.ledger.length].map((size, revision): StoredEntry => ({ revision, id: sampleId(revision), type: 'checkpoint.signed', bytes: jcs({ v: 1, book: 'ledger', at: SIGNED_AT, note: noteOver(size, books) }) })),
};
