import { expect, it } from '@jest/globals';
import { addCosignature, cosignedText, leafHash, noteSigner, signCheckpoint, witnessKey } from '#ledger';
import { signerOf } from '../../test/ledger/following-notary.js';
import { heldIn } from './held-query.js';

const verifiers = { ledger: signerOf('ledger'), journal: signerOf('journal') };
const note = signCheckpoint({ size: 7, root: leafHash(Buffer.from('an entry')) }, verifiers.ledger);
const signer = noteSigner('witness.example/w', new Uint8Array(32).fill(5));
const key = { witness: signer.name, publicKey: signer.publicKey };

it('takes the times of a checkpoint from the cosignatures of the witnesses that are configured, and of no other', () => {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(1_790_000_000n);
  const signature = signer.sign(cosignedText(note.slice(0, note.lastIndexOf('\n\n') + 1), 1_790_000_000n));
  const line = Buffer.concat([Buffer.from(witnessKey(key).split('+')[1]!, 'hex'), time, signature]).toString('base64');
  const cosigned = addCosignature(note, `\u2014 ${signer.name} ${line}\n`, key).note;
  const checkpoint = Buffer.from(cosigned).toString('base64url');
  expect(heldIn({ checkpoint }, verifiers, [key])).toMatchObject({ book: 'ledger', signed: true, size: 7, cosignatures: [{ witness: 'witness.example/w', at: '2026-09-21T14:13:20.000Z' }] });
  for (const others of [[], [{ ...key, publicKey: verifiers.ledger.publicKey }]]) expect(heldIn({ checkpoint }, verifiers, others)?.cosignatures).toEqual([]);
});
