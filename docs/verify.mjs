// Checks the export of a tenant's ledger, and of the doer's journal beside it, with a hash function and nothing of Gatehouse.
//   node verify.mjs ledger.ndjson [journal.ndjson]      exit 0: all of it fits   1: the first thing wrong   2: could not read
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
let [[ledger, journal], told, taken] = [process.argv.slice(2), [], 0]; // the journal's entries, each of which the ledger must take up once, whole and in order
const end = (code, words) => { console.error(words); process.exit(code); };
if (!ledger) end(2, 'usage: node verify.mjs ledger.ndjson [journal.ndjson]');
async function* linesOf(file) { // as bytes: the hash is over what is in the file, not over what it decodes to
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(file)) {
    rest = Buffer.concat([rest, chunk]);
    for (let at; (at = rest.indexOf('\n')) >= 0; rest = rest.subarray(at + 1)) yield rest.subarray(0, at);
  }
  if (rest.length > 0) throw new Error('the last line has no end, so the export was cut short');
}

async function check(book, file) {
  let [seq, head, before, entry] = [0, '0'.repeat(64)];
  const insist = (holds, wrong) => holds || end(1, `${book} entry ${seq}: ${wrong}`);
  for await (const line of linesOf(file)) {
    try { entry = JSON.parse(line); } catch { insist(false, 'it is not JSON'); }
    insist(entry?.prev === head, 'its prev is not the SHA-256 of the line before it, so one of the two was changed');
    insist(entry.seq === seq, `it says that it is entry ${entry.seq}`);
    const reopened = entry.type === `${book}.reopened`;
    insist(entry.tenant === (before ??= entry).tenant && (reopened || entry.incarnation === before.incarnation), 'it is of another tenant or incarnation');
    if (reopened) console.log(`${book} entry ${seq} says that a restore lost entries ${seq} to ${entry.data?.known?.entries - 1}`);
    head = createHash('sha256').update(line).digest('hex');
    if (book === 'journal') told.push(JSON.stringify({ entry, hash: head, seq }));
    else if (journal && entry.type === 'receipt.taken') insist(JSON.stringify(entry.data) === told[taken++], `it is not the receipt of journal entry ${taken - 1}`);
    [before, seq] = [entry, seq + 1];
  }
  if (seq === 0) throw new Error(`the ${book} is empty`);
  console.log(`${book}: ${seq} entries, head ${head}`);
}

try {
  if (journal) await check('journal', journal);
  await check('ledger', ledger);
  if (journal) console.log(`receipts: ${taken} of ${told.length} journal entries`);
} catch (error) { end(2, `could not read: ${error.message}`); }
