import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isCoded, plusSeconds } from '#decider';
import type { Entry } from '#ledger';
import type { Packet, Phase } from '#packet';
import { type DoerCommand, type DoerJournal, doerJournal, type ExecutionCommand, executionOf, JOURNAL_CODEC } from './index.js';

const START = '2026-11-23T10:00:00.000Z';
const machine = doerJournal({ tenant: 'acme', windowSeconds: 300, attempts: 3 });
const sealed = { alg: 'A256GCM-HKDF-commit', salt: 's', iv: 'i', ct: 'c', tag: 't', commit: 'k' } as const;
const digestOf = (order: number): string => String(order).padStart(64, 'd');
const LAWFUL = new Set(['order_unknown', 'order_waits', 'lease_unrequested']);

const anyCase = fc.constantFrom('c-1', 'c-2');
const portal = fc.constantFrom('scim', 'directory');
const receiving = fc.record({ id: anyCase, order: fc.integer({ min: 1, max: 3 }), phase: fc.constantFrom<Phase>('soft', 'soft', 'hard', 'reinstate'), grants: fc.constantFrom(['scim', 'directory'], ['scim', 'directory'], ['scim']) }).map(({ id, order, phase, grants }) => {
  const steps = ['scim', 'directory'].map((name) => ({ portal: name, account: 'u-1', effects: ['deactivate'] }));
  const packet: Packet = {
    v: 1, tenant: 'acme', case: id, order, phase, steps, decision: 'a'.repeat(64), approvals: null, previous: order === 1 ? null : digestOf(order - 1),
    notBefore: START, acceptBy: plusSeconds(START, 86_400), keys: { hmac: 'h', ed25519: 'e' },
  };
  const command: ExecutionCommand = { do: 'receive', packet, digest: digestOf(order), bytes: 'e30', source: 's', grants };
  return { id, command };
});
const working = fc.record({ id: anyCase, order: fc.integer({ min: 1, max: 3 }), portal, what: fc.constantFrom('leased', 'failed', 'close', 'close', 'close', 'refused', 'ask', 'request'), attempt: fc.integer({ min: 1, max: 3 }), lease: fc.constantFrom('l-1', 'l-2') }).map(
  ({ id, order, portal: at, what, attempt, lease }): { id: string; command: ExecutionCommand } => {
    const held = { order, portal: at, lease: { accessor: `${lease}-${at}-${order}`, expiresAt: plusSeconds(START, 60) } };
    const failures = [{ account: 'u-1', code: 'portal_unreachable', attempt }];
    const commands: Readonly<Record<string, ExecutionCommand>> = {
      leased: { do: 'leased', ...held, states: [{ account: 'u-1', parts: attempt === 1 ? [sealed] : [sealed, sealed] }] },
      failed: { do: 'failed', ...held, failures },
      close: { do: 'close', ...held, confirmed: true, applied: attempt === 3 ? [] : [{ account: 'u-1', effects: attempt === 1 ? ['deactivate'] : [] }], failures: attempt === 3 ? failures : [] },
      refused: { do: 'refused', order, portal: at, code: 'grant_used' },
      ask: { do: 'ask', order, portals: [at] },
      request: { do: 'request', order, portals: [at] },
    };
    return { id, command: commands[what]! };
  },
);
const rejecting = fc.constant<DoerCommand>({ do: 'reject', rejected: { reason: 'delivery', digest: 'f'.repeat(64), source: 's' } });
const commands = fc.array(
  fc.record({ seconds: fc.constantFrom(0, 1, 301), command: fc.oneof({ weight: 9, arbitrary: fc.oneof(receiving, working, working).map(({ id, command }): DoerCommand => ({ do: 'inCase', case: id, command })) }, { weight: 1, arbitrary: rejecting }) }),
  { minLength: 10, maxLength: 60, size: 'max' },
);

/** All that the commands led to, in the order in which it was written. */
function written(plan: readonly { readonly seconds: number; readonly command: DoerCommand }[]): readonly Entry[] {
  const log: Entry[] = [];
  let state = machine.initial;
  let at = START;
  for (const { seconds, command } of plan) {
    at = plusSeconds(at, seconds);
    try {
      for (const wanted of machine.decide(command, state, at)) {
        log.push({ v: 1, tenant: 'acme', incarnation: 'i', seq: log.length, id: 'e', caseSeq: 0, at, command: 'c', prev: '0', ...wanted });
        state = machine.evolve(state, log.at(-1)!);
      }
    } catch (error) {
      if (!isCoded(error) || !LAWFUL.has(error.code)) throw error;
    }
  }
  return log;
}

const folded = (log: readonly Entry[], from: DoerJournal): DoerJournal => log.reduce((state, entry) => machine.evolve(state, entry), from);
const restarted = (state: DoerJournal): DoerJournal => JOURNAL_CODEC.decode([...JOURNAL_CODEC.encode(state)].map(({ name, bytes }) => ({ name, bytes: Uint8Array.from(bytes) })));

test('whatever the doer was told: a snapshot and the entries after it lead to the state that all entries lead to', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(commands, fc.double({ min: 0, max: 1, noNaN: true }), (plan, share) => {
      const log = written(plan);
      const cut = Math.round(log.length * share);
      const [all, after] = [folded(log, machine.initial), folded(log.slice(cut), restarted(folded(log.slice(0, cut), machine.initial)))];
      for (const id of ['c-1', 'c-2']) expect([executionOf(after, id), machine.entriesOf(after, id)]).toEqual([executionOf(all, id), machine.entriesOf(all, id)]);
      expect([...after.cases.awake()].map(([id]) => id).sort()).toEqual([...all.cases.awake()].map(([id]) => id).sort());
      for (const { type } of log) seen.add(type);
    }),
    { numRuns: 300 },
  );
  // each kind of state was put to the test
  expect([...seen]).toEqual(expect.arrayContaining(['packet.accepted', 'order.finished', 'state.recorded', 'doer.order_rejected', 'step.failed', 'grants.needed', 'portal.given_up']));
});
