import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { cosignaturesOf, jcs, noteSigner, openCheckpoint, parseCanonical } from '#ledger';
import { CheckpointStream } from '../../apps/notary/checkpoint-stream.js';
import { MemoryStore } from '../../test/ledger/memory-store.js';

/** The events of `checkpoints-<tenant>`, which are no entries of a book. */
const FOLDER = 'eventstore/events/checkpoints';
interface Described {
  readonly type: string;
  readonly schema: JsonObject;
  readonly sample: { readonly book: 'ledger' | 'journal'; readonly at: string; readonly note: string } & JsonObject;
}
const read = (path: string): JsonValue => JSON.parse(readFileSync(path, 'utf8')) as JsonValue;
const described = readdirSync(FOLDER).map((file) => [file, read(join(FOLDER, file)) as JsonObject & Described] as const);
const log = noteSigner('log.example/ledger/acme', new Uint8Array(32).fill(7));
const witness = { witness: 'witness.example/w', publicKey: noteSigner('witness.example/w', new Uint8Array(32).fill(5)).publicKey };
const cosigned = (note: string) => cosignaturesOf(note, [witness]);

it.each(described)('%s: its golden sample is of its closed schema, and its note holds', (file, { type, schema, sample }) => {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  ajv.addSchema(read('eventstore/events/terms.json') as JsonObject);
  const validate = ajv.compile(schema);
  expect([file, validate(sample), validate({ ...sample, added: 1 })]).toEqual([`${type}.json`, true, false]);
  expect(openCheckpoint(sample.note, log).size).toBe(1);
  expect(cosigned(sample.note)).toHaveLength(type === 'checkpoint.cosigned' ? 1 : 0);
});

it("today's notary writes them byte for byte, and reads them", async () => {
  const store = new MemoryStore();
  const stream = new CheckpointStream(store, 'acme', () => 'an-id');
  const { size, root } = openCheckpoint(described[0]![1].sample.note, log);
  for (const [, { sample }] of described) await stream.append(sample.book, { size, root, at: sample.at, note: sample.note, cosignatures: cosigned(sample.note) });
  const stored = store.all('checkpoints-acme');
  expect(stored.map(({ type }) => type)).toEqual(described.map(([, { type }]) => type));
  expect(stored.map(({ bytes }) => parseCanonical(bytes)).every(isJsonObject)).toBe(true);
  expect(stored.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(described.map(([, { sample }]) => Buffer.from(jcs(sample)).toString()));
  expect(await new CheckpointStream(store, 'acme', () => 'another').readOn(new AbortController().signal)).toEqual(described.map(([, { sample }]) => ({ book: sample.book, note: sample.note })));
});
