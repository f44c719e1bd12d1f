import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CodedError } from '#decider';
import type { EventStore, StoredEntry } from '#ledger';
import { openViews, type Views } from '#views';
import { type Said, sampleBook, sampleStore } from '../../eventstore/events/sample-book.js';
import { ViewKeeper } from './view-keeper.js';

const LONG: readonly Said[] = [
  { type: 'ledger.opened', case: null, data: {} },
  ...Array.from({ length: 900 }, (_, i): Said => ({ type: 'request.received', case: `c-${i}`, data: { pipeline: 'offboard', requester: 'p-1' } })),
];
const book = sampleBook('acme', LONG);

let streams: Map<string, readonly StoredEntry[]>;
let store: EventStore;
let views: Views;
let logged: string[];
let keepers: ViewKeeper[];
beforeEach(() => {
  streams = new Map([['ledger-acme', book]]);
  store = sampleStore(streams);
  views = openViews({ file: join(mkdtempSync(join(tmpdir(), 'keeper-')), 'views.db'), tenant: 'acme' });
  logged = [];
  keepers = [];
});
afterEach(() => Promise.all(keepers.map((keeper) => keeper.end())));

/** A keeper of views whose batches are counted; settles when `done` says so after one of its batches or log lines. */
function keep(done: () => boolean, failing: () => void = () => undefined): { batches: number[]; keeper: ViewKeeper; settled: Promise<void> } {
  const batches: number[] = [];
  let settle = (): void => undefined;
  const settled = new Promise<void>((resolve) => (settle = resolve));
  const watched: Views = {
    ...views,
    apply(entries) {
      failing();
      views.apply(entries);
      batches.push(entries.length);
      if (done()) settle();
    },
  };
  const keeper = new ViewKeeper(store, 'acme', watched, (_, facts) => {
    logged.push(String(facts?.['code']));
    if (done()) settle();
  });
  keepers.push(keeper);
  keeper.start();
  return { batches, keeper, settled };
}

describe('the keeper of views', () => {
  it('catches up in batches, not entry by entry', async () => {
    const { batches, keeper, settled } = keep(() => views.position().seq === 900);
    await settled;
    expect(batches.length).toBeLessThan(20);
    expect(Math.max(...batches)).toBeLessThanOrEqual(256);
    expect(keeper.trouble).toBeUndefined();
  });

  it('starts again from its position when the views failed once', async () => {
    let failures = 1;
    const { settled } = keep(
      () => views.position().seq === 900,
      () => {
        if (failures-- > 0) throw new Error('disk full');
      },
    );
    await settled;
    expect(logged).toEqual(['fault']);
    expect(views.cases({}, { limit: 1 }).cases[0]?.case).toBe('c-899');
  });

  it('waits for a store that is away, and says so meanwhile', async () => {
    const behind = store;
    let away = true;
    store = {
      ...store,
      subscribe: (...asked) => {
        if (!away) return behind.subscribe(...asked);
        away = false;
        return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new CodedError('store_unreachable', 'away')) }) };
      },
    };
    const { keeper, settled } = keep(() => views.position().seq === 900);
    await settled;
    expect(away).toBe(false);
    expect(keeper.trouble).toBeUndefined();
  });

  it.each<[string, readonly StoredEntry[], string]>([
    ['was rewritten', sampleBook('acme', LONG.map((entry) => ({ ...entry, actor: 'somebody' }))), 'prev_mismatch'],
    ['was cut', book.slice(0, 100), 'store_behind'],
  ])('stops when the ledger %s under it', async (_, harmed, code) => {
    const first = keep(() => views.position().seq === 900);
    await first.settled;
    streams.set('ledger-acme', harmed);
    const again = keep(() => logged.length > 0);
    await again.settled;
    expect(logged).toEqual([code]);
    expect(again.keeper.trouble).toBe(code);
  });
});
