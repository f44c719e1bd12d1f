import type { JsonObject } from '#decider';
import { type Book, type Entry, jcs, type NewEntry, sha256Hex } from '#ledger';
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

/** Plays another such case through a book, each command awaited, as a gatekeeper does; answers how long that took, in milliseconds. */
export async function playCase(book: Book<Tenant, TenantCommand>, id: string, clock: { now: number }): Promise<number> {
  const scenario = new Scenario();
  const pending: TenantCommand[] = [];
  scenario.do = (command) => {
    pending.push(command);
    return [];
  };
  const begun = performance.now();
  const sent = async (): Promise<void> => {
    for (const command of pending.splice(0)) await book.commit(command);
    scenario.state = book.state;
    scenario.now = new Date(clock.now).toISOString();
  };
  const receipt = (type: string, data: JsonObject): TenantCommand => {
    const entry = { type, case: id, at: scenario.now, seq: book.state.receipts.seq + 1, data };
    return { do: 'takeReceipt', seq: entry.seq, hash: sha256Hex(jcs(entry)), entry };
  };
  await sent();
  scenario.requested({ id });
  await sent();
  for (const phase of ['soft', 'hard'] as const) {
    scenario.judged(phase, {}, id);
    await sent();
    const { order } = scenario.order(id);
    await book.commit({ do: 'inCase', case: id, actor: 'gatekeeper', command: { do: 'signed', order, hmac: 'h'.repeat(43), signature: 's'.repeat(86) } });
    await book.commit({ do: 'inCase', case: id, actor: 'gatekeeper', command: { do: 'dispatched', order, attempt: 1 } });
    await book.commit(receipt('packet.accepted', acceptedOf(scenario.order(id))));
    for (const [type, data] of CARRIED_OUT) await book.commit(receipt(type, { order, ...data }));
    await book.commit(receipt('order.finished', { order, phase, outcomes: PLAN.map(({ portal, account }) => ({ portal, account, outcome: 'done' })) }));
    clock.now += (scenario.terms.windowSeconds + 1) * 1_000;
    await sent();
  }
  if (!book.state.cases.get(id)?.ended) throw new Error('the case of the bench does not come to its end');
  return performance.now() - begun;
}

/** The same case for another id: the sealed fields hold as many random characters as real ones do. */
export function stamped({ type, actor, data }: Entry, id: string, random: (length: number) => string): NewEntry {
  const text = JSON.stringify(data).replaceAll(CASE, id).replaceAll('"ct":"c"', () => `"ct":"${random(260)}"`).replaceAll('"commit":"k"', () => `"commit":"${random(43)}"`);
  return { type, case: id, actor, data: JSON.parse(text) as JsonObject };
}
