import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Scenario } from '../../test/lifecycle/scenario.js';
import { wander, wanderings } from '../../test/lifecycle/wandering.js';
import { nextNotice, TENANT_CODEC, type Tenant } from './index.js';

/** All of a state as plain data, whatever order its maps are in. */
function plain({ cases, openByPerson, byIdempotency, approvers, lost, receipts, history }: Tenant): unknown {
  const sorted = (pairs: Iterable<readonly [string, unknown]>) => [...pairs].sort(([a], [b]) => (a < b ? -1 : 1));
  return { cases: sorted(cases), awake: sorted(cases.awake()).map(([id]) => id), openByPerson: sorted(openByPerson), byIdempotency: sorted(byIdempotency), approvers: sorted(approvers), lost: sorted(lost), receipts, history: { ...history, departures: sorted(history.departures), byRequester: sorted(history.byRequester) } };
}

/** What another process reads of what this one wrote: bytes, and nothing else. */
function restarted(state: Tenant): Tenant {
  return TENANT_CODEC.decode([...TENANT_CODEC.encode(state)].map(({ name, bytes }) => ({ name, bytes: Uint8Array.from(bytes) })));
}

test('whatever happened: a snapshot and the entries after it lead to the state that all entries lead to, and it decides alike', () => {
  let [ended, left] = [0, 0];
  fc.assert(
    fc.property(wanderings, fc.double({ min: 0, max: 1, noNaN: true }), (steps, share) => {
      const { log, machine, state, now } = wander(steps, () => undefined);
      const cut = Math.round(log.length * share);
      const upTo = log.slice(0, cut).reduce((s, entry) => machine.evolve(s, entry), machine.initial);
      const after = log.slice(cut).reduce((s, entry) => machine.evolve(s, entry), restarted(upTo));
      expect(plain(after)).toEqual(plain(state));
      ended += state.cases.size - [...state.cases.awake()].length;
      left += state.history.departures.size;
      for (const id of state.cases.keys()) {
        const command = { do: 'inCase', case: id, actor: 'p-1', command: { do: 'requestReinstate', requester: 'p-1' } } as const;
        expect(machine.decide(command, after, now)).toEqual(machine.decide(command, state, now));
      }
    }),
    { numRuns: 200 },
  );
  // cases at rest were among them
  expect(ended).toBeGreaterThan(20);
  expect(left).toBeGreaterThan(20);
});

test('a case in which something is left to do is awake, also when only a message is left to take back, and no other is', () => {
  let notices = 0;
  fc.assert(
    fc.property(wanderings, (steps) => {
      const { state } = wander(steps, () => undefined);
      const awake = new Set([...state.cases.awake()].map(([id]) => id));
      for (const [id, found] of state.cases) {
        const { ended } = found;
        const notice = nextNotice(found) !== undefined;
        if (ended && notice) notices += 1;
        expect([id, awake.has(id)]).toEqual([id, !ended || notice]);
      }
    }),
    { numRuns: 200 },
  );
  expect(notices).toBeGreaterThan(0);
});

test('idempotency keys, lost dependencies and receipts survive, however many', () => {
  const scenario = new Scenario();
  for (let i = 0; i < 2_345; i += 1) {
    const text = { alg: 'A256GCM-HKDF-commit', salt: 's', iv: 'i', ct: 'c', tag: 't', commit: 'k' } as const;
    scenario.do({ do: 'receive', case: `c-${i}`, request: { pipeline: 'offboard', requester: 'p-1', channel: 'api', format: 'text', text, idempotency: `key-${i}`, follows: null } });
  }
  scenario.do({ do: 'lose', dependency: 'vault' });
  scenario.journal('lease.requested', { order: 1, portal: 'scim' }, null);
  const after = restarted(scenario.state);
  expect(plain(after)).toEqual(plain(scenario.state));
  expect([after.byIdempotency.size, after.lost.size, after.receipts.seq]).toEqual([2_345, 1, 0]);
});
