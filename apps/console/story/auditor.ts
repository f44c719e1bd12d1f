import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodedError, isJsonObject, type JsonObject } from '#decider';
import { Client } from '../client.js';
import type { Gatehouse } from '../gatehouse.js';
import { foldersOf, TENANT } from '../set-up.js';
import { text } from './case-book.js';
import type { Stage } from './leavers.js';
import { checkExport, exported, verifyPinned } from './offline.js';
import type { Teller } from './teller.js';

/** Chapter 7: everything is recomputed, by Gatehouse and by a script that knows nothing of it; then one byte is flipped; the last word has the offline verifier. */
export async function auditor({ client, teller }: Stage, gatehouse: Gatehouse): Promise<void> {
  teller.chapter(7, 'The auditor');
  const good = await verdict(client);
  teller.expect('the verification', good.verdict, 'consistent');
  const ledger: JsonObject = isJsonObject(good.ledger) ? good.ledger : {};
  const head: JsonObject = isJsonObject(ledger.head) ? ledger.head : {};
  teller.say(`GET /v1/tenants/${TENANT}/ledger/verification: ${text(good.verdict)}, ${JSON.stringify(ledger.entries)} entries, head ${text(head.hash)}`);
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-audit-'));
  try {
    const offline = await checkExport(client, folder);
    teller.expect('the exit code of the checker', offline.status, 0);
    for (const line of offline.words) teller.say(`node docs/verify.mjs: ${line}`);
    await tamper(gatehouse, client, teller, folder);
    const last = await verifyPinned(client, folder);
    teller.expect('the exit code of the offline verifier', last.status, 0);
    teller.say('the books as they are, offline, against the signed checkpoints of both:');
    for (const line of last.words) teller.say(`  npm run verify: ${line}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tamper(gatehouse: Gatehouse, client: Client, teller: Teller, folder: string): Promise<void> {
  const { stack, parts, addresses } = gatehouse;
  const at = (address: string, by: number): string => address.replace(/\d+$/, (port) => String(Number(port) + by));
  const copy = join(folder, 'store');
  cpSync(foldersOf(gatehouse.data).store, copy, { recursive: true });
  // a notary beside this one keeps its heads beside these
  const checkpoints = join(folder, 'checkpoints');
  cpSync(foldersOf(gatehouse.data).checkpoints, checkpoints, { recursive: true });
  const shadow = { ...addresses, store: at(addresses.store, 10), notary: at(addresses.notary, 10) };
  const store = { ...parts.store, name: 'store-copy', env: { ...parts.store.env, GATEHOUSE_STORE_FILE: join(copy, 'events.db'), GATEHOUSE_STORE_LISTEN: shadow.store } };
  const notary = { ...parts.notary, name: 'notary-copy', env: { ...parts.notary.env, GATEHOUSE_STORE_ADDRESS: shadow.store.replace('127.0.0.1', 'localhost'), GATEHOUSE_NOTARY_LISTEN: shadow.notary, GATEHOUSE_NOTARY_CHECKPOINTS: checkpoints } };
  // an orderly end moves what the log holds into the database file
  await stack.start(store);
  await stack.end(store.name);
  const seq = flipOneByte(join(copy, 'events.db'), await exported(client, 'ledger'));
  await stack.start(store);
  await stack.start(notary);
  const reader = new Client(shadow, gatehouse.data);
  try {
    const { verdict: said, finding } = await verdict(reader);
    teller.expect('the verdict on the copy', said, 'inconsistent');
    const where: JsonObject = isJsonObject(finding) ? finding : {};
    teller.expect('where it is wrong', where.seq, seq);
    teller.say(`one byte flipped in a copy of the store, in entry ${String(seq)}`);
    teller.say(`  the end point: ${text(said)}, ${text(where.book)} entry ${JSON.stringify(where.seq)}, ${text(where.code)}`);
    const offline = await checkExport(reader, folder);
    teller.expect('the exit code of the checker', offline.status, 1);
    teller.check('the checker names the entry', offline.words.join(' ').includes(String(seq)), offline.words);
    for (const line of offline.words) teller.say(`  node docs/verify.mjs: ${line}`);
  } finally {
    reader.close();
    await stack.end(notary.name);
    await stack.end(store.name);
  }
}

async function verdict(client: Client): Promise<JsonObject> {
  return (await client.notary(`/v1/tenants/${TENANT}/ledger/verification`)).body;
}

/** Flips one bit in the stored bytes of an entry in the middle, at its `prev`; answers the entry's number. */
function flipOneByte(file: string, ledger: string): number {
  const bytes = readFileSync(file);
  const lines = ledger.trim().split('\n').map((line) => JSON.parse(line) as { seq: number; prev: string });
  for (const { seq, prev } of lines.slice(Math.floor(lines.length / 2))) {
    const at = bytes.indexOf(`"prev":"${prev}"`);
    // a long entry lies on several pages: one whose mark is whole is taken
    if (at < 0 || bytes.indexOf(`"prev":"${prev}"`, at + 1) >= 0) continue;
    const target = at + '"prev":"'.length;
    bytes.writeUInt8(bytes.readUInt8(target) === 0x30 ? 0x31 : 0x30, target);
    writeFileSync(file, bytes);
    return seq;
  }
  throw new CodedError('deviation', 'no entry was found in the copy of the store');
}
