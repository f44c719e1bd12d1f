import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Decider, fold, given, type Instant, plusSeconds } from '#decider';
import type { Packet, Phase } from '#packet';
import { seal } from '#vault';
import { type CaseExecution, decideExecution, evolveExecution, type ExecutionCommand, type ExecutionEvent, nextExecution, noExecution, openOrder, type Receive } from './order-execution.js';

type At<T> = T & { readonly at: Instant };
const terms = { tenant: 'acme', windowSeconds: 300, attempts: 3 };
const start = '2026-11-23T10:00:00.000Z';
const later = (seconds: number): Instant => plusSeconds(start, seconds);
const machine: Decider<CaseExecution, At<ExecutionEvent>, At<ExecutionCommand>> = {
  initial: noExecution,
  evolve: (state, event) => evolveExecution(state, event, event.at),
  decide: (command, state) => decideExecution(command, state, terms, command.at).map((event) => ({ ...event, at: command.at })),
};

const sealed = seal('{"exists":true}', Buffer.alloc(32), 'test');
const digestOf = (order: number, letter = 'd'): string => letter.repeat(63) + String(order);
function receive(order: number, phase: Phase, change: Partial<Packet> & { digest?: string; grants?: readonly string[] } = {}): Receive {
  const { digest = digestOf(order), grants = ['scim', 'directory'], ...fields } = change;
  const steps = ['scim', 'directory'].map((portal) => ({ portal, account: 'u-1', effects: ['deactivate'] }));
  const previous = order === 1 ? null : digestOf(order - 1);
  const packet: Packet = {
    v: 1, tenant: 'acme', case: 'c-1', order, phase, steps, decision: 'a'.repeat(64), approvals: null, previous,
    notBefore: later(-60), acceptBy: later(3600), keys: { hmac: 'h1', ed25519: 'e1' }, ...fields,
  };
  return { do: 'receive', packet, digest, bytes: 'e30', source: 'gatekeeper.acme@127.0.0.1', grants };
}
const lease = (accessor = 'acc-1') => ({ accessor, expiresAt: later(60) });
const close = (order: number, portal: string, effects = ['deactivate'], accessor = `${portal}-${order}`) =>
  ({ do: 'close', order, portal, lease: lease(accessor), confirmed: true, applied: [{ account: 'u-1', effects }], failures: [] }) as const;
const failure = (attempt: number, code = 'portal_unreachable') => ({ account: 'u-1', code, attempt });

/** Plays commands at instants in seconds, and answers the events of all. */
function play(...commands: readonly (readonly [number, ExecutionCommand])[]): readonly At<ExecutionEvent>[] {
  return commands.reduce<readonly At<ExecutionEvent>[]>(
    (events, [seconds, command]) => [...events, ...machine.decide({ ...command, at: later(seconds) }, fold(machine, events))],
    [],
  );
}
const soft = [[0, receive(1, 'soft')], [1, close(1, 'scim')], [2, close(1, 'directory')]] as const;
const softDone = play(...soft);
const when = (events: readonly At<ExecutionEvent>[], seconds: number, command: ExecutionCommand) =>
  given(machine, ...events).when({ ...command, at: later(seconds) }).map(({ at: _at, ...event }) => event);
const typesOf = (events: readonly ExecutionEvent[]): readonly string[] => events.map(({ type }) => type);

describe('an order', () => {
  it('is accepted in one go with the intent to lease at each portal', () => {
    const { packet, digest } = receive(1, 'soft');
    expect(when([], 0, receive(1, 'soft'))).toEqual([
      { type: 'packet.accepted', data: { order: 1, phase: 'soft', digest, packet: 'e30', steps: packet.steps } },
      { type: 'lease.requested', data: { order: 1, portal: 'scim' } },
      { type: 'lease.requested', data: { order: 1, portal: 'directory' } },
    ]);
  });

  it('finishes with its last portal', () => {
    expect(softDone.at(-1)).toMatchObject({
      type: 'order.finished',
      data: { order: 1, phase: 'soft', outcomes: [{ portal: 'scim', account: 'u-1', outcome: 'done' }, { portal: 'directory', account: 'u-1', outcome: 'done' }] },
    });
    expect(openOrder(fold(machine, softDone))).toBeUndefined();
  });

  it('says already where the first look found nothing to do', () => {
    const events = play([0, receive(1, 'soft')], [1, close(1, 'scim', [])], [2, close(1, 'directory')]);
    expect(events.at(-1)).toMatchObject({ data: { outcomes: [{ outcome: 'already' }, { outcome: 'done' }] } });
  });

  it.each<[string, readonly At<ExecutionEvent>[], number, Receive]>([
    ['tenant', [], 0, receive(1, 'soft', { tenant: 'other' })],
    ['order_used', softDone, 400, receive(1, 'hard', { digest: digestOf(9) })],
    ['order_lower', play([0, receive(5, 'soft', { previous: null })]), 1, receive(4, 'soft', { previous: digestOf(5) })],
    ['previous', softDone, 400, receive(2, 'hard', { previous: null })],
    ['previous', [], 0, receive(1, 'soft', { previous: digestOf(7) })],
    ['phase', [], 0, receive(1, 'hard')],
    ['phase', [], 0, receive(1, 'reinstate')],
    ['phase', softDone, 400, receive(2, 'hard', { steps: [{ portal: 'scim', account: 'u-2', effects: ['delete_account'] }] })],
    ['phase', play(...soft, [400, receive(2, 'reinstate')]), 800, receive(3, 'hard')],
    ['too_early', [], -61, receive(1, 'soft')],
    ['expired', [], 3601, receive(1, 'soft')],
    ['window', softDone, 301, receive(2, 'hard')],
    ['window', play([0, receive(1, 'soft')]), 400, receive(2, 'hard')],
    ['grant_missing', [], 0, receive(1, 'soft', { grants: ['scim'] })],
  ])('is rejected with %s, once, by digest and source', (reason, events, seconds, command) => {
    const { digest, source, packet } = command;
    const rejected = { type: 'doer.order_rejected', data: { reason, digest, source, order: packet.order } };
    expect(when(events, seconds, command)).toEqual([rejected]);
    expect(given(machine, ...events).whenTwice({ ...command, at: later(seconds) })).toEqual([]);
  });

  it('was not used up by a rejection: the same bytes are taken when what was missing is there', () => {
    const rejected = play([0, receive(1, 'soft', { grants: [] })]);
    expect(typesOf(when(rejected, 1, receive(1, 'soft')))).toContain('packet.accepted');
  });

  it('is taken as hard when its own window is over, and then nothing is reinstated', () => {
    expect(typesOf(when(softDone, 302, receive(2, 'hard')))).toContain('packet.accepted');
    const hard = play(...soft, [302, receive(2, 'hard')]);
    expect(when(hard, 303, receive(3, 'reinstate'))).toMatchObject([{ data: { reason: 'phase' } }]);
    expect(when(hard, 303, receive(3, 'soft'))).toMatchObject([{ data: { reason: 'phase' } }]);
  });

  it('that was accepted is finished, however late its bytes come again', () => {
    const needed = play([0, receive(1, 'soft')], [1, { do: 'refused', order: 1, portal: 'scim', code: 'grant_used' }], [2, { do: 'ask', order: 1, portals: ['scim'] }]);
    expect(when(needed, 9000, receive(1, 'soft'))).toEqual([{ type: 'lease.requested', data: { order: 1, portal: 'scim' } }]);
    expect(given(machine, ...needed).whenTwice({ ...receive(1, 'soft'), at: later(9000) })).toEqual([]);
  });

  it('waits for the one before it', () => {
    const two = play([0, receive(1, 'soft')], [1, receive(2, 'reinstate')]);
    expect(typesOf(two).at(-1)).toBe('packet.accepted');
    expect(() => when(two, 2, { do: 'request', order: 2, portals: ['scim'] })).toThrow('waits');
    expect(openOrder(fold(machine, two))?.order).toBe(1);
  });
});

describe('a portal', () => {
  const accepted = play([0, receive(1, 'soft')]);
  const refused = (code: string) => ({ do: 'refused', order: 1, portal: 'scim', code }) as const;

  it('records lease and before-state together, and the first state stands for ever', () => {
    const leased = { do: 'leased', order: 1, portal: 'scim', lease: lease(), states: [{ account: 'u-1', parts: [sealed, sealed] }] } as const;
    expect(when(accepted, 1, leased)).toMatchObject([
      { type: 'lease.issued', data: { accessor: 'acc-1' } },
      { type: 'state.recorded', data: { part: 1, parts: 2 } },
      { type: 'state.recorded', data: { part: 2, parts: 2 } },
    ]);
    const recorded = play([0, receive(1, 'soft')], [1, leased]);
    const other = seal('{"exists":false}', Buffer.alloc(32), 'test');
    expect(when(recorded, 2, { ...leased, states: [{ account: 'u-1', parts: [other] }] })).toEqual([]);
    const second = { type: 'state.recorded', at: start, data: { portal: 'scim', account: 'u-1', part: 1, parts: 1, sealed: other } } as const;
    expect(fold(machine, [...recorded, second]).before.get('scim')?.get('u-1')).toEqual([sealed, sealed]);
  });

  it('asks for a new grant when its own is used, and is given up when that goes on', () => {
    const once = play([0, receive(1, 'soft')], [1, refused('grant_used')]);
    expect(nextExecution(fold(machine, once), { granted: () => false, running: (_, portal) => portal !== 'scim' })).toMatchObject({ task: { ask: ['scim'] } });
    const again = { do: 'request', order: 1, portals: ['scim'] } as const;
    const twice = play([0, receive(1, 'soft')], [1, refused('grant_used')], [2, again], [3, refused('grant_used')], [4, again]);
    expect(typesOf(when(twice, 5, refused('grant_invalid')))).toEqual(['lease.refused', 'portal.given_up']);
    expect(typesOf(when(twice, 5, refused('vault_unreachable')))).toEqual(['lease.refused']);
  });

  it('stays open while tries are left, and is given up after the last or when no try can help', () => {
    const ended = (attempt: number, code?: string) => when(accepted, 1, { ...close(1, 'scim'), applied: [], failures: [failure(attempt, code)] });
    expect(typesOf(ended(2))).toEqual(['lease.issued', 'step.failed', 'lease.returned']);
    expect(ended(3).at(-1)).toEqual({ type: 'portal.given_up', data: { order: 1, portal: 'scim', code: 'portal_unreachable' } });
    expect(ended(1, 'effect_not_listed').at(-1)).toMatchObject({ type: 'portal.given_up', data: { code: 'effect_not_listed' } });
  });

  it('that is given up does not keep the others from finishing the order', () => {
    const events = play([0, receive(1, 'soft')], [1, { ...close(1, 'scim'), applied: [], failures: [failure(3)] }], [2, close(1, 'directory')]);
    expect(events.at(-1)).toMatchObject({ type: 'order.finished', data: { outcomes: [{ outcome: 'failed' }, { outcome: 'done' }] } });
  });

  it('takes no lease whose request is not in the journal', () => {
    expect(() => when(softDone.slice(0, -1), 3, close(1, 'scim', [], 'unasked'))).toThrow('no open request');
    expect(() => when([], 1, close(1, 'scim'))).toThrow('not accepted');
  });
});

describe('next', () => {
  const nothing = { granted: () => false, running: () => false };
  const accepted = fold(machine, play([0, receive(1, 'soft')]));
  it('runs what is granted and not running', () => {
    expect(nextExecution(accepted, { granted: () => true, running: (_, portal) => portal === 'scim' })).toMatchObject({ task: { run: ['directory'], request: [], ask: [] } });
  });
  it('asks for the grants that a restart lost, once', () => {
    expect(nextExecution(accepted, nothing)).toMatchObject({ task: { run: [], ask: ['scim', 'directory'] } });
    const asked = fold(machine, play([0, receive(1, 'soft')], [1, { do: 'ask', order: 1, portals: ['scim', 'directory'] }]));
    expect(nextExecution(asked, nothing)).toBeUndefined();
    expect(nextExecution(asked, { ...nothing, granted: () => true })).toMatchObject({ task: { request: ['scim', 'directory'] } });
  });
  it('has nothing to do when every order is finished', () => expect(nextExecution(fold(machine, softDone), nothing)).toBeUndefined());
});

describe('whatever is sent, in whatever order', () => {
  const portal = fc.constantFrom('scim', 'directory');
  const order = fc.integer({ min: 1, max: 3 });
  const delivery = fc
    .record({ order, phase: fc.constantFrom<Phase>('soft', 'hard', 'reinstate'), previous: fc.constantFrom(null, digestOf(1, 's'), digestOf(2, 's'), digestOf(2, 'r')), grants: fc.subarray(['scim', 'directory']) })
    .map(({ previous, ...r }) => receive(r.order, r.phase, { grants: r.grants, digest: digestOf(r.order, r.phase.charAt(0)), previous }));
  const command: fc.Arbitrary<ExecutionCommand> = fc.oneof(
    { weight: 3, arbitrary: delivery },
    { weight: 3, arbitrary: fc.tuple(order, portal, fc.subarray(['deactivate'])).map(([o, p, effects]) => close(o, p, effects, `${p}-${o}`)) },
    fc.record({ do: fc.constantFrom('request' as const, 'ask' as const), order, portals: fc.subarray(['scim', 'directory']) }),
    fc.record({ do: fc.constant('refused' as const), order, portal, code: fc.constantFrom('grant_used', 'vault_unreachable') }),
    fc.tuple(order, portal, fc.integer({ min: 1, max: 3 })).map(([o, p, attempt]) => ({ ...close(o, p), applied: [], failures: [failure(attempt)] })),
  );
  const history = fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), command), { maxLength: 40 }).map((steps) => {
    let seconds = 0;
    let events: readonly At<ExecutionEvent>[] = play([0, receive(1, 'soft', { digest: digestOf(1, 's') })]);
    for (const [pause, next] of steps) {
      seconds += pause;
      const at = { ...next, at: later(seconds) };
      try {
        events = [...events, ...machine.decide(at, fold(machine, events))];
      } catch {
        continue; // no state of the machine allows it, and nothing was written
      }
      expect(machine.decide(at, fold(machine, events))).toEqual([]);
    }
    return events;
  });

  it('a repeated command decides nothing; hard waits for its window; leases and ends come in order', () => {
    fc.assert(
      fc.property(history, (events) => {
        const requested = new Map<string, boolean>();
        const finished = new Map<number, Instant>();
        let lastSoft: number | undefined;
        for (const { type, data, at } of events) {
          if (type === 'packet.accepted' && data.phase === 'soft') lastSoft = data.order;
          if (type === 'packet.accepted' && data.phase === 'hard') expect(at >= plusSeconds(finished.get(lastSoft ?? 0) ?? '9999', 300)).toBe(true);
          if (type === 'lease.requested') requested.set(`${data.order} ${data.portal}`, true);
          if (type === 'lease.issued') {
            expect(requested.get(`${data.order} ${data.portal}`)).toBe(true);
            requested.set(`${data.order} ${data.portal}`, false);
          }
          if (type !== 'order.finished') continue;
          expect(finished.has(data.order)).toBe(false);
          finished.set(data.order, at);
        }
      }),
      { numRuns: 300 },
    );
  });
});
