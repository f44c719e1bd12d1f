import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonObject } from '#decider';
import { CompactRange, encodeEntry, type Entry, jcs, leafHash, noteSigner, openCheckpoint, parseCanonical } from '#ledger';
import { CheckpointStream } from '../../apps/notary/checkpoint-stream.js';
import { sampleStore } from './sample-book.js';

interface Golden {
  readonly type: string;
  readonly description: string;
  readonly schema: JsonObject;
  readonly sample: { readonly v: 1; readonly book: 'ledger'; readonly at: string; readonly note: string };
}
const golden = JSON.parse(readFileSync('eventstore/events/checkpoints/checkpoint.signed.json', 'utf8')) as Golden;
const signer = noteSigner('log.example/ledger/acme', new Uint8Array(32).fill(7));
const newId = (): string => '00000000-0000-4000-8000-000000000000';
const STREAM = 'checkpoints-acme';

/** Not an entry: it is no part of a book, so it has neither `prev` nor number, and what counts is the signature in its note. */
describe('checkpoint.signed', () => {
  it('is the only event of its stream', () => {
    expect(readdirSync('eventstore/events/checkpoints')).toEqual([`${golden.type}.json`]);
  });

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
  });

  it("is taken up by today's notary, and written by it in these bytes", async () => {
    const { book, at, note } = golden.sample;
    const stored = { revision: 0, id: newId(), type: golden.type, bytes: jcs(golden.sample) };
    const store = sampleStore(new Map([[STREAM, [stored]]]));
    const stream = new CheckpointStream(store, 'acme', newId);
    expect(await stream.readOn(new AbortController().signal)).toEqual([{ book, note }]);
    await stream.append(book, { ...openCheckpoint(note, signer), at, note });
    const written: JsonObject[] = [];
    for await (const { type, bytes } of store.read(STREAM, 0)) written.push({ type, data: parseCanonical(bytes) });
    expect(written).toEqual([golden.type, golden.type].map((type) => ({ type, data: golden.sample })));
  });
});
