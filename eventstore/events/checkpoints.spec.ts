import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonObject } from '#decider';
import { CompactRange, cosignaturesOf, encodeEntry, type Entry, jcs, leafHash, noteSigner, openCheckpoint, parseCanonical } from '#ledger';
import { CheckpointStream } from '../../apps/notary/checkpoint-stream.js';
import { sampleStore } from './sample-book.js';

interface Golden {
  readonly type: string;
  readonly description: string;
  readonly schema: JsonObject;
  readonly sample: { readonly v: 1; readonly book: 'ledger'; readonly at: string; readonly note: string };
}
const FOLDER = 'eventstore/events/checkpoints';
const GOLDEN = readdirSync(FOLDER).map((file) => ({ file, ...(JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as Golden) }));
const signer = noteSigner('log.example/ledger/acme', new Uint8Array(32).fill(7));
const { publicKey } = noteSigner('witness.example', new Uint8Array(32).fill(9));
/** The witness signs with a key of its own; here it is the seed of 32 nines. */
const witnesses = [{ witness: 'witness.example', publicKey }];
const newId = (): string => '00000000-0000-4000-8000-000000000000';
const STREAM = 'checkpoints-acme';

it('checkpoints have two events, one a file', () => {
  expect(GOLDEN.map(({ file, type }) => [file, type])).toEqual(['checkpoint.cosigned', 'checkpoint.signed'].map((type) => [`${type}.json`, type]));
});

/** Not an entry: it is no part of a book, so it has neither `prev` nor number, and what counts are the signatures in its note. */
describe.each(GOLDEN)('$type', (golden) => {
  it('has a golden sample of its schema, and a closed schema', () => {
    const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(golden.schema);
    expect([validate(golden.sample), validate.errors]).toEqual([true, null]);
    expect(validate({ ...golden.sample, added: 1 })).toBe(false);
    for (const name of Object.keys(golden.sample)) expect(validate(Object.fromEntries(Object.entries(golden.sample).filter(([key]) => key !== name)))).toBe(false);
  });

  it('has a golden note over the first two entries of the golden ledger', () => {
    const tree = new CompactRange();
    for (const name of ['ledger.opened', 'approver.enrolled']) tree.append(leafHash(encodeEntry((JSON.parse(readFileSync(`eventstore/events/ledger/${name}.json`, 'utf8')) as { sample: Entry }).sample)));
    expect(openCheckpoint(golden.sample.note, signer)).toMatchObject({ size: 2, root: Buffer.from(tree.root()) });
    expect(cosignaturesOf(golden.sample.note, witnesses)).toEqual(golden.type === 'checkpoint.cosigned' ? [{ witness: 'witness.example', at: '2026-11-23T09:01:02.000Z' }] : []);
  });

  it("is taken up by today's notary, and written by it in these bytes", async () => {
    const { book, at, note } = golden.sample;
    const stored = { revision: 0, id: newId(), type: golden.type, bytes: jcs(golden.sample) };
    const store = sampleStore(new Map([[STREAM, [stored]]]));
    const stream = new CheckpointStream(store, 'acme', newId);
    expect(await stream.readOn(new AbortController().signal)).toEqual([{ book, note }]);
    await stream.append(book, { ...openCheckpoint(note, signer), at, note, cosignatures: cosignaturesOf(note, witnesses) });
    const written: JsonObject[] = [];
    for await (const { type, bytes } of store.read(STREAM, 0)) written.push({ type, data: parseCanonical(bytes) });
    expect(written).toEqual([golden.type, golden.type].map((type) => ({ type, data: golden.sample })));
  });
});
