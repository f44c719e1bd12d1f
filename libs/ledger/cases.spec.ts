import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonValue } from '#decider';
import { type CaseCodec, Cases, jsonIn } from './index.js';

interface Small {
  readonly text: string;
  readonly ended: boolean;
}

const codec: CaseCodec<Small> = { atRest: ({ ended }) => ended, encode: (found) => ({ ...found }), decode: (value) => value as JsonValue & Small };
const changes = fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c', '__proto__'), found: fc.record({ text: fc.string({ unit: 'grapheme' }), ended: fc.boolean() }) }), { maxLength: 20 });

test('whatever is set, whether it rests or not, is what is found again, and no value changes under its holder', () => {
  fc.assert(
    fc.property(changes, (plan) => {
      const known = new Map<string, Small>();
      let cases = Cases.none(codec);
      for (const { id, found } of plan) {
        const before = [...cases];
        const after = cases.set(id, found);
        expect([...cases]).toEqual(before);
        cases = after;
        known.set(id, found);
      }
      const sorted = (pairs: Iterable<readonly [string, unknown]>) => [...pairs].sort(([a], [b]) => (a < b ? -1 : 1));
      for (const state of [cases, Cases.from([...cases.parts()], codec)]) {
        expect(sorted(state)).toEqual(sorted(known));
        expect(sorted(state.awake())).toEqual(sorted([...known].filter(([, { ended }]) => !ended)));
        expect([state.size, [...state.keys()].sort(), [...state.values()].length]).toEqual([known.size, [...known.keys()].sort(), known.size]);
        for (const id of ['a', 'b', 'c', '__proto__', 'd']) expect([state.has(id), state.get(id)]).toEqual([known.has(id), known.get(id)]);
      }
    }),
  );
});

test('a case at rest takes a fraction of its text, and a snapshot carries it as it is', () => {
  const text = JSON.stringify(Array.from({ length: 200 }, (_, i) => ({ portal: 'directory', account: `u-${i}`, outcome: 'done' })));
  const parts = [...Cases.none(codec).set('a', { text, ended: true }).set('b', { text, ended: false }).parts()];
  expect(parts.map(({ name }) => name)).toEqual(['case/awake/b', 'case/resting/a']);
  expect(jsonIn(parts[0]!)).toEqual({ text, ended: false });
  expect(parts[1]!.bytes.length).toBeLessThan(text.length / 8);
});

test('however many cases wait, only those that were touched last are held unpacked, and all are found', () => {
  const waiting = (i: number): Small => ({ text: `case ${String(i)} of many`, ended: false });
  const ids = Array.from({ length: 1_000 }, (_, i) => `c-${String(i)}`);
  const all = ids.reduce((cases, id, i) => cases.set(id, waiting(i)), Cases.none(codec));
  for (const cases of [all, Cases.from([...all.parts()], codec), all.set('c-0', waiting(0))]) {
    expect([cases.size, new Set([...cases.awake()].map(([id]) => id))]).toEqual([1_000, new Set(ids)]);
    expect(ids.map((id) => cases.get(id))).toEqual(ids.map((_, i) => waiting(i)));
  }
  // what is unpacked is another object at each look
  const unpacked = (cases: Cases<Small>): number => ids.filter((id) => cases.get(id) === cases.get(id)).length;
  expect([unpacked(all), unpacked(all.set('c-0', waiting(0)))]).toEqual([256, 256]);
  const again = waiting(0);
  expect(all.set('c-0', again).get('c-0')).toBe(again);
});
