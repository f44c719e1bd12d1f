import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EMPTY_ROOT, leafHash, noteSigner, openCheckpoint, originOf, parseVerifierKey, readCheckpoint, signCheckpoint, verifierKey } from './index.js';
import { openNote, signNote } from './note.js';

const seedOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const signer = noteSigner(originOf('log.example', 'ledger', 'acme'), seedOf(1));
const root = leafHash(Buffer.from('an entry'));
const note = signCheckpoint({ size: 7, root }, signer);
const coded = (code: string) => expect.objectContaining({ code });

/** The example of the documentation of golang.org/x/mod/sumdb/note (BSD 3-clause). */
const PUBLIC = {
  key: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  signature: '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
};

describe('a signed note', () => {
  it('of the public example opens with its key', () => {
    const verifier = parseVerifierKey(PUBLIC.key);
    expect(verifierKey(verifier)).toBe(PUBLIC.key);
    expect(openNote(`${PUBLIC.text}\n${PUBLIC.signature}`, verifier)).toBe(PUBLIC.text);
    expect(() => openNote(`${PUBLIC.text.replace('your', 'my')}\n${PUBLIC.signature}`, verifier)).toThrow(coded('note_signature'));
  });

  it('signs with the Ed25519 key of RFC 8032, 7.1, test 1', () => {
    const { publicKey } = noteSigner('rfc8032', Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex'));
    expect(Buffer.from(publicKey).toString('hex')).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
  });

  it('may carry signatures of others beside its own', () => {
    const witness = signNote(PUBLIC.text, noteSigner('witness.example', seedOf(2)));
    expect(openNote(witness + PUBLIC.signature, parseVerifierKey(PUBLIC.key))).toBe(PUBLIC.text);
  });

  it('is refused with a code for what is wrong', () => {
    const verifier = parseVerifierKey(PUBLIC.key);
    const open = (text: string) => () => openNote(text, verifier);
    for (const malformed of ['', '\n', PUBLIC.text, PUBLIC.signature, `${PUBLIC.text}\n`, `${PUBLIC.text}\n${PUBLIC.signature}`.slice(0, -1), `${PUBLIC.text}\n${PUBLIC.signature}\n`, `\u0007${PUBLIC.text}\n${PUBLIC.signature}`, `${PUBLIC.text}\r\n\n${PUBLIC.signature}`, `\ud800${PUBLIC.text}\n${PUBLIC.signature}`, `${PUBLIC.text}\n${PUBLIC.signature.replace('nAM=', 'nAN=')}`, `${PUBLIC.text}\n${PUBLIC.signature.replace('\u2014', '-')}`, `${PUBLIC.text}\n\u2014 PeterNeumann x08g\n`, `${'x'.repeat(17_000)}\n\n${PUBLIC.signature}`])
      expect(open(malformed)).toThrow(coded('note_malformed'));
    expect(open(`${PUBLIC.text}\n${PUBLIC.signature.replace('PeterNeumann', 'PaulNeumann')}`)).toThrow(coded('note_unknown_signer'));
    expect(open(signNote(PUBLIC.text, noteSigner('PeterNeumann', seedOf(3))))).toThrow(coded('note_unknown_signer'));
    expect(open(`${PUBLIC.text}\n${PUBLIC.signature}\u2014 PeterNeumann x08gowAA\n`)).toThrow(coded('note_signature'));
  });

  it('has keys that are refused when they are none', () => {
    for (const line of ['', 'PeterNeumann', PUBLIC.key.replace('c74f20a3', 'c74f20a4'), PUBLIC.key.replace('+AR', '+BB'), PUBLIC.key.slice(0, -4), ` ${PUBLIC.key}`]) expect(() => parseVerifierKey(line)).toThrow(coded('note_key'));
    expect(() => noteSigner('a name', seedOf(1))).toThrow(coded('note_key'));
    expect(() => noteSigner('a', new Uint8Array(31))).toThrow(coded('note_key'));
  });
});

describe('a checkpoint', () => {
  it('is origin, size and root in three signed lines', () => {
    expect(note.startsWith(`log.example/ledger/acme\n7\n${Buffer.from(root).toString('base64')}\n\n\u2014 log.example/ledger/acme `)).toBe(true);
    expect(openCheckpoint(note, signer)).toEqual({ origin: 'log.example/ledger/acme', size: 7, root });
    expect(readCheckpoint(signCheckpoint({ size: 0, root: EMPTY_ROOT }, signer)).size).toBe(0);
  });

  it("is refused as another log's, as another signer's, and as malformed", () => {
    const journal = noteSigner(originOf('log.example', 'journal', 'acme'), seedOf(1));
    const globex = noteSigner(originOf('log.example', 'ledger', 'globex'), seedOf(1));
    for (const other of [journal, globex]) expect(() => openCheckpoint(signCheckpoint({ size: 7, root }, other), signer)).toThrow(coded('checkpoint_origin'));
    expect(() => openCheckpoint(signCheckpoint({ size: 7, root }, noteSigner(signer.name, seedOf(9))), signer)).toThrow(coded('note_unknown_signer'));
    const [origin, , line] = note.split('\n') as [string, string, string];
    for (const text of [`${origin}\n7\n`, `${origin}\n07\n${line}\n`, `${origin}\n-1\n${line}\n`, `${origin}\n1e3\n${line}\n`, `${origin}\n9999999999999999\n${line}\n`, `${origin}\n7\n${line.slice(4)}\n`, `${origin}\n7\n${line.slice(0, -2)}B=\n`, `${origin}\n7\n${line}\nextension\n`])
      expect(() => openCheckpoint(signNote(text, signer), signer)).toThrow(coded('checkpoint_malformed'));
    expect(() => openCheckpoint('nonsense', signer)).toThrow(coded('note_malformed'));
  });

  it('opens with not one character otherwise', () => {
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.integer({ min: 10, max: 126 }), (at, character) => {
        const other = note.slice(0, at) + String.fromCharCode(character) + note.slice(at + 1);
        fc.pre(other !== note);
        expect(() => openCheckpoint(other, signer)).toThrow();
      }),
    );
  });
});
