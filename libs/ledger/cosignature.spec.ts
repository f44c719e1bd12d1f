import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addCosignature, cosignaturesOf, cosignedText, leafHash, noteSigner, openCheckpoint, parseVerifierKey, parseWitnessKey, signCheckpoint, verifierKey, type WitnessKey, witnessKey } from './index.js';

const log = noteSigner('log.example/ledger/acme', new Uint8Array(32).fill(1));
const note = signCheckpoint({ size: 7, root: leafHash(Buffer.from('an entry')) }, log);
const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
const coded = (code: string) => expect.objectContaining({ code });

/** A witness that signs as C2SP tlog-cosignature says. */
function witnessOf(name: string, seed: number) {
  const signer = noteSigner(name, new Uint8Array(32).fill(seed));
  const key: WitnessKey = { witness: name, publicKey: signer.publicKey };
  const line = (seconds: bigint, over = cosignedText(text, seconds)): string => {
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(seconds);
    const id = Buffer.from(witnessKey(key).split('+')[1]!, 'hex');
    return `\u2014 ${name} ${Buffer.concat([id, time, signer.sign(over)]).toString('base64')}\n`;
  };
  return { key, line };
}
const [one, two] = [witnessOf('witness.example/one', 2), witnessOf('witness.example/two', 3)];

describe('a cosignature', () => {
  it('has a key of its own kind: none of a note stands in its place', () => {
    expect(parseWitnessKey(witnessKey(one.key))).toEqual(one.key);
    expect(() => parseWitnessKey(verifierKey(log))).toThrow(coded('note_key'));
    expect(() => parseVerifierKey(witnessKey(one.key))).toThrow(coded('note_key'));
    const [name, id] = witnessKey(one.key).split('+');
    expect(() => parseWitnessKey(`${name}+${id}+${Buffer.from([1, ...one.key.publicKey]).toString('base64')}`)).toThrow(coded('note_key'));
  });

  it('stands beside the signature of the log, which still opens the note', () => {
    const first = addCosignature(note, one.line(1_790_000_000n), one.key);
    const both = addCosignature(first.note, `${one.line(5n)}${two.line(1_780_000_000n)}`, two.key);
    expect(openCheckpoint(both.note, log).size).toBe(7);
    expect(cosignaturesOf(both.note, [one.key, two.key])).toEqual([
      { witness: 'witness.example/two', at: '2026-05-28T20:26:40.000Z' },
      { witness: 'witness.example/one', at: '2026-09-21T14:13:20.000Z' },
    ]);
    expect(cosignaturesOf(both.note, [])).toEqual([]);
  });

  it('takes the place of an older one of the same witness', () => {
    const later = addCosignature(addCosignature(note, one.line(1_790_000_000n), one.key).note, one.line(1_790_000_060n), one.key);
    expect(cosignaturesOf(later.note, [one.key])).toEqual([{ witness: 'witness.example/one', at: '2026-09-21T14:14:20.000Z' }]);
    expect(later.note.trimEnd().split('\n')).toHaveLength(6);
  });

  it('is refused where it is over something else, by another key, without a time, or not there', () => {
    const wrong = [one.line(9n, cosignedText(text, 10n)), one.line(9n, cosignedText(`${text}more\n`, 9n)), one.line(9n, text), one.line(0n), one.line(2n ** 63n)];
    for (const line of wrong) expect(() => addCosignature(note, line, one.key)).toThrow(coded('cosignature_wrong'));
    for (const answer of ['', '\n', two.line(9n), one.line(9n).trimEnd()]) expect(() => addCosignature(note, answer, one.key)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^(cosignature_missing|note_malformed)$/) }));
    const key = { witness: one.key.witness, publicKey: two.key.publicKey };
    expect(() => addCosignature(note, one.line(9n), key)).toThrow(coded('cosignature_missing'));
  });

  it('holds with not one character otherwise', () => {
    const line = one.line(1_790_000_000n);
    fc.assert(
      fc.property(fc.nat(line.length - 2), fc.constantFrom('A', 'B', 'Z', 'a', '0', '9', '+', '/', '=', ' '), (at, character) => {
        const other = line.slice(0, at) + character + line.slice(at + 1);
        fc.pre(other !== line);
        expect(() => addCosignature(note, other, one.key)).toThrow();
      }),
    );
  });
});
