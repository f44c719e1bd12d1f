import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { plusSeconds } from '#decider';
import { addCosignature, CompactRange, cosignedText, leafHash, noteSigner, signCheckpoint, verifierKey, witnessKey } from '#ledger';
import { sampleBook } from '../../eventstore/events/sample-book.js';
import { signerOf } from './following-notary.js';

/** The offline verifier over an export and a checkpoint that a witness has cosigned. */
const START = '2026-11-23T09:00:00.000Z';
const ledger = sampleBook('acme', Array.from({ length: 6 }, (_, n) => ({ type: n === 0 ? 'ledger.opened' : 'note.taken', case: null, data: { n } })), START);
const tree = new CompactRange();
for (const { bytes } of ledger.slice(0, 4)) tree.append(leafHash(bytes));
const note = signCheckpoint({ size: 4, root: tree.root() }, signerOf('ledger'));
const signer = noteSigner('witness.example/w', new Uint8Array(32).fill(5));
const key = { witness: signer.name, publicKey: signer.publicKey };

/** The note with a cosignature of so many seconds after the first entry. */
function cosignedAfter(seconds: number): string {
  const at = Date.parse(plusSeconds(START, seconds)) / 1_000;
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(at));
  const signature = signer.sign(cosignedText(note.slice(0, note.lastIndexOf('\n\n') + 1), at));
  const line = Buffer.concat([Buffer.from(witnessKey(key).split('+')[1]!, 'hex'), time, signature]).toString('base64');
  return addCosignature(note, `\u2014 ${signer.name} ${line}\n`, key).note;
}

let folder: string;
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cosigned-'));
  file('ledger', Buffer.concat(ledger.flatMap(({ bytes }) => [bytes, Buffer.from('\n')])));
  file('log.key', `${verifierKey(signerOf('ledger'))}\n`);
  file('witness.key', `${witnessKey(key)}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

function verify(pin: string): Promise<{ readonly code: number; readonly words: string }> {
  const at = (name: string): string => join(folder, name);
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['dist/apps/console/verify.js', at('ledger'), '--pin', file('pin', pin), '--key', at('log.key'), '--key', at('witness.key')], (_, out, err) => resolve({ code: child.exitCode ?? -1, words: out + err }));
  });
}

describe('the offline verifier with the key of a witness', () => {
  it('rests on its cosignature', async () => {
    expect(await verify(cosignedAfter(10))).toMatchObject({ code: 0, words: expect.stringContaining(`a cosignature by witness.example/w of ${plusSeconds(START, 10)} over 4 entries of the ledger`) });
  });

  it('cannot check a checkpoint without it, or with one that does not hold', async () => {
    const wrong = cosignedAfter(10).replace(/(\u2014 witness\.example\/w \S{30})(\S)/, (_, before: string, one: string) => `${before}${one === 'A' ? 'B' : 'A'}`);
    for (const pin of [note, wrong]) expect(await verify(pin)).toMatchObject({ code: 2, words: expect.stringContaining('carries no cosignature of witness.example/w that holds (cosignature_missing)') });
  });

  it('finds an entry that claims to be younger than its cosignature, and says which claim to be older than one without them', async () => {
    expect(await verify(cosignedAfter(-58))).toMatchObject({ code: 1, words: expect.stringContaining('tampered: ledger entry 3: ') });
    expect(await verify(cosignedAfter(120))).toMatchObject({ code: 0, words: expect.stringContaining('time: 2 entries of the ledger, from 4 on, claim to be more than a minute older') });
  });
});
