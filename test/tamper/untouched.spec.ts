import 'reflect-metadata';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '#decider';
import { exportedEntries, type StoredEntry, verifyBooks } from '#ledger';
import { type Books, headOver, honest } from './books.js';
import { EndPoint } from './end-point.js';
import { linesOf, verifyOffline } from './offline.js';

const STORES = 1_000;
const SEED = 20_261_123;
const odd = ['\u2028', '\u2029', '\r', '\u0000', '\u{10ffff}', '"', '\\', '__proto__', '10', '9', ''];
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...odd));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(-0, 1e21, 1e-7, 0.1, 2 ** 53), fc.boolean(), fc.constant(null), fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(text, tie('value'), { maxKeys: 3, noNullPrototype: true })),
}));
const contents = fc.sample(fc.dictionary(text, value, { maxKeys: 4, noNullPrototype: true }), { numRuns: STORES, seed: SEED });
const stores = Object.fromEntries(contents.map((content, n): [string, Books] => [n === 0 ? 'acme' : `tenant-${n}`, honest(n === 0 ? 'acme' : `tenant-${n}`, 2, () => content as JsonObject)]));

let endPoint: EndPoint;
beforeAll(async () => {
  endPoint = await EndPoint.open(stores);
}, 300_000);
afterAll(() => endPoint.close());

it('a thousand untouched books of random content raise no alarm at the end point, odd texts, keys and numbers included', async () => {
  const alarms: string[] = [];
  await endPoint.untouched(async () => {
    for (const [tenant, { ledger }] of Object.entries(stores)) {
      const { size, root } = headOver(ledger, 4);
      const { words } = await endPoint.asked(tenant, { size: String(size), root: Buffer.from(root).toString('hex') });
      if (words !== 'consistent_with_pinned') alarms.push(`${tenant}: ${words}`);
    }
  });
  expect(alarms).toEqual([]);
}, 300_000);

it('nor from their exports: each as the offline program reads it, and some by the program itself', async () => {
  const alarms: string[] = [];
  const exported = (entries: readonly StoredEntry[]) => exportedEntries([linesOf(entries)]);
  for (const [tenant, { ledger, journal }] of Object.entries(stores)) {
    const { verdict } = await verifyBooks({ tenant, ledger: exported(ledger), journal: exported(journal), held: [headOver(ledger, 4)] });
    if (verdict !== 'consistent_with_pinned') alarms.push(`${tenant}: ${verdict}`);
  }
  for (const [tenant, books] of Object.entries(stores).slice(0, 8)) if ((await verifyOffline(books)).code !== 0) alarms.push(tenant);
  expect(alarms).toEqual([]);
});
