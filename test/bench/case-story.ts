import type { JsonObject } from '#decider';
import type { DoerJournal } from '#execution';
import { type Book, encodeEntry, type Entry, entryHash, type NewEntry } from '#ledger';
import type { OrderState, Tenant, TenantCommand } from '#lifecycle';
import { CASE, PLAN, Scenario } from '../lifecycle/scenario.js';

/** What a doer's journal says of one order, in order; `data` lacks what differs from order to order. */
const CARRIED_OUT: readonly (readonly [string, JsonObject])[] = [
  ...PLAN.map(({ portal }) => ['lease.requested', { portal }] as const),
  ...PLAN.map(({ portal }) => ['lease.issued', { portal, accessor: 'accessor-of-a-lease-in-vault', expiresAt: '2026-03-02T09:01:00.000Z' }] as const),
  ...PLAN.map(({ portal, account }) => ['state.recorded', { portal, account, part: 1, parts: 1, sealed: { alg: 'A256GCM-HKDF-commit', salt: 's', iv: 'i', ct: 'c', tag: 't', commit: 'k' } }] as const),
  ...PLAN.map(({ portal, account }) => ['step.applied', { portal, account, effects: ['deactivate', 'end_sessions', 'remove_groups'], read: 'confirmed' }] as const),
  ...PLAN.map(({ portal }) => ['lease.returned', { portal, accessor: 'accessor-of-a-lease-in-vault', confirmed: true }] as const),
];

const acceptedOf = ({ order, phase, digest, packet }: OrderState): JsonObject => ({ order, phase, digest, packet, steps: PLAN.map(({ portal, account, soft }) => ({ portal, account, effects: soft })) });

/** One offboarding from request to end, as a scenario plays it: what each command led to, one list a command. */
export function wholeCase(): readonly (readonly Entry[])[] {
  const told: (readonly Entry[])[] = [];
  const scenario = new (class extends Scenario {
    override do(command: TenantCommand): readonly Entry[] {
      const entries = super.do(command);
      told.push(entries);
      return entries;
    }
  })();
  told.splice(0);
  scenario.requested();
  for (const phase of ['soft', 'hard'] as const) {
    scenario.judged(phase);
    const { order } = scenario.order();
    scenario.in({ do: 'signed', order, hmac: 'h'.repeat(43), signature: 's'.repeat(86) });
    scenario.in({ do: 'dispatched', order, attempt: 1 });
    scenario.journal('packet.accepted', acceptedOf(scenario.order()));
    for (const [type, data] of CARRIED_OUT) scenario.journal(type, { order, ...data });
    scenario.finished();
    scenario.later(scenario.terms.windowSeconds + 1);
  }
  if (!scenario.found().ended) throw new Error('the case of the bench does not come to its end');
  return told.filter((entries) => entries.length > 0);
}

/** The two books that a case is played through: a doer's journal, and the ledger that takes it up. */
export interface TwoBooks {
  readonly ledger: Book<Tenant, TenantCommand>;
  readonly journal: Book<DoerJournal, readonly NewEntry[]>;
}

/** Plays another such case, each command awaited, as a gatekeeper does; answers how long the ledger's commits took, in milliseconds. */
export async function playCase({ ledger, journal }: TwoBooks, id: string, clock: { now: number }): Promise<number> {
  const scenario = new Scenario();
  const pending: TenantCommand[] = [];
  scenario.do = (command) => {
    pending.push(command);
    return [];
  };
  let took = 0;
  const committed = async (command: TenantCommand): Promise<void> => {
    const begun = performance.now();
    await ledger.commit(command);
    took += performance.now() - begun;
    scenario.state = ledger.state;
    scenario.now = new Date(clock.now).toISOString();
  };
  const sent = async (): Promise<void> => {
    for (const command of pending.splice(0)) await committed(command);
  };
  const told = async (type: string, data: JsonObject): Promise<void> => {
    const { entries } = await journal.commit([{ type, case: id, actor: 'doer', data }]);
    for (const entry of entries) await committed({ do: 'takeReceipt', seq: entry.seq, hash: entryHash(encodeEntry(entry)), entry: { ...entry } });
  };
  scenario.state = ledger.state;
  scenario.now = new Date(clock.now).toISOString();
  scenario.requested({ id });
  await sent();
  for (const phase of ['soft', 'hard'] as const) {
    scenario.judged(phase, {}, id);
    await sent();
    const { order } = scenario.order(id);
    scenario.in({ do: 'signed', order, hmac: 'h'.repeat(43), signature: 's'.repeat(86) }, id);
    scenario.in({ do: 'dispatched', order, attempt: 1 }, id);
    await sent();
    await told('packet.accepted', acceptedOf(scenario.order(id)));
    for (const [type, data] of CARRIED_OUT) await told(type, { order, ...data });
    await told('order.finished', { order, phase, outcomes: PLAN.map(({ portal, account }) => ({ portal, account, outcome: 'done' })) });
    clock.now += (scenario.terms.windowSeconds + 1) * 1_000;
    scenario.now = new Date(clock.now).toISOString();
  }
  if (!ledger.state.cases.get(id)?.ended) throw new Error('the case of the bench does not come to its end');
  return took;
}

/** The same case for another id: the sealed fields hold as many random characters as real ones do. */
export function stamped({ type, actor, data }: Entry, id: string, random: (length: number) => string): NewEntry {
  const text = JSON.stringify(data).replaceAll(CASE, id).replaceAll('"ct":"c"', () => `"ct":"${random(260)}"`).replaceAll('"commit":"k"', () => `"commit":"${random(43)}"`);
  return { type, case: id, actor, data: JSON.parse(text) as JsonObject };
}
