import { expect, test } from '@jest/globals';
import type { EndState } from '#lifecycle';
import type { TenantRuntime } from './tenant.js';
import { terminationRequest } from './termination.js';

const SOURCE = { id: 'workday', kind: 'feed', requester: 'p-1', key: new Uint8Array(32).fill(7) } as const;
const MOVED = { employee: '10042', lastDay: '2026-12-05' };

/** A ledger in which each request became a case, and each case ended so. */
class World {
  readonly cases = new Map<string, { ended: { as: EndState; into: string | null } | null }>();
  readonly byIdempotency = new Map<string, string>();
  readonly tenant = { ledger: { state: { cases: this.cases, byIdempotency: this.byIdempotency } } } as unknown as TenantRuntime;

  /** Files it; answers which case it is. */
  file(): string {
    const { earlier, idempotency } = terminationRequest(this.tenant, SOURCE, MOVED);
    if (earlier !== undefined) return earlier;
    const id = `c-${String(this.byIdempotency.size + 1)}`;
    this.byIdempotency.set(idempotency ?? '', id);
    return this.end(id);
  }

  end(id: string, as: EndState | null = null, into: string | null = null): string {
    this.cases.set(id, { ended: as && { as, into } });
    return id;
  }
}

test('a day is filed once, whatever became of its own case', () => {
  const world = new World();
  const id = world.file();
  for (const as of [null, 'done', 'rejected', 'expired', 'reinstated', 'denied', 'blocked'] as const) {
    world.end(id, as);
    expect(world.file()).toBe(id);
  }
});

test.each<[EndState | null, boolean]>([[null, false], ['done', false], ['reinstated', false], ['rejected', true], ['expired', true], ['denied', true], ['blocked', true]])('a day that joined another case, which ended %s, is filed again: %s', (as, again) => {
  const world = new World();
  const first = world.end(world.file(), 'joined', world.end('c-other', as));
  const second = world.file();
  expect(second !== first).toBe(again);
  // and once only
  expect(world.file()).toBe(second);
});

test('so it is through several cases that joined each other, and each time anew', () => {
  const world = new World();
  world.end('c-last', 'rejected');
  world.end('c-between', 'joined', 'c-last');
  const first = world.end(world.file(), 'joined', 'c-between');
  const second = world.end(world.file(), 'joined', 'c-last');
  const third = world.file();
  expect(new Set([first, second, third]).size).toBe(3);
});
