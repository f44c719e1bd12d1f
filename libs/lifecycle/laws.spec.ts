import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sameBinding } from '#approvals';
import { isJsonObject, type JsonObject, plusSeconds } from '#decider';
import type { Entry } from '#ledger';
import { fromBase64url, type Packet } from '#packet';
import { type Scenario, TERMS } from '../../test/lifecycle/scenario.js';
import { type Decided, isLawfulRefusal, wander, wanderings } from '../../test/lifecycle/wandering.js';
import { bindingOf, type Offboard, type TenantCommand } from './index.js';
import { beingReinstated } from './offboard.js';

const RUNS = { numRuns: 500 };
const ORDERED = /^(soft|hard|reinstate)\.ordered$/;
const isOrder = ({ type }: Entry): boolean => ORDERED.test(type);
const packetIn = ({ data }: Entry): Packet => JSON.parse(Buffer.from(fromBase64url(data.packet as string)!).toString()) as Packet;
const casesOf = (scenario: Scenario): readonly (readonly Entry[])[] => [...scenario.state.cases.keys()].map((id) => scenario.log.filter((entry) => entry.case === id));

/** What holds at each decision of a wandering, and for the whole at its end. */
interface Law {
  readonly name: string;
  readonly watch: (decided: Decided) => void;
  readonly atTheEnd: (scenario: Scenario) => void;
}
const LAWS: Law[] = [];
const law = (name: string, watch: Law['watch'], atTheEnd: Law['atTheEnd'] = () => undefined): void => void LAWS.push({ name, watch, atTheEnd });

/** A broken law is named by the error that shows it. */
function held({ name }: Law, look: () => void): void {
  try {
    look();
  } catch (cause) {
    throw new Error(`not so: ${name}`, { cause });
  }
}

/** People who approved question `number` of a case with a passkey, by the ledger alone. */
function approvedBy(log: readonly Entry[], number: number): ReadonlySet<unknown> {
  return new Set(log.filter(({ type, data }) => type === 'approval.voted' && data.number === number && data.vote === 'approve' && data.strength === 'passkey').map(({ data }) => data.approver));
}
/** Everyone who asked for anything in a case, by the ledger alone. */
function askedBy(log: readonly Entry[]): ReadonlySet<unknown> {
  return new Set(log.filter(({ type }) => ['request.received', 'requester.added', 'reinstate.requested'].includes(type)).map(({ data }) => data.requester));
}

law('nothing is executed without an allow at that very moment, or people who may and did approve this very decision', ({ scenario, before, entries }) => {
  for (const ordered of entries.filter(isOrder)) {
    const log = scenario.log.slice(0, ordered.seq).filter((entry) => entry.case === ordered.case);
    const gate = log.findLast(({ type }) => type === 'gate.decided')!;
    const packet = packetIn(ordered);
    expect(entries).toContain(gate);
    expect([gate.data.phase, `${packet.phase}.ordered`, packet.decision]).toEqual([packet.phase, ordered.type, gate.data.digest]);
    if (gate.data.outcome === 'allow') {
      expect(packet.approvals).toBeNull();
      continue;
    }
    expect(gate.data.outcome).toBe('require_hitl');
    const was = before.cases.get(ordered.case!)!;
    const approval = was.approval!;
    const now = scenario.found(ordered.case!);
    const binding = bindingOf(now, now.judgements[packet.phase]!.gate!, 'acme', approval.requested.binding.phases);
    expect([approval.outcome, sameBinding(binding, approval.requested.binding), binding.phases.includes(packet.phase)]).toEqual(['granted', true, true]);
    expect(packet.approvals).toBe(approval.votesDigest);
    const { subject } = gate.data.input as JsonObject;
    const counted = [...approvedBy(log, approval.requested.number)].filter((person) => person !== subject && !askedBy(log).has(person));
    expect(counted.length).toBeGreaterThanOrEqual(gate.data.quorum as number);
    expect(subject).not.toBeNull();
  }
});

law('the same command once more leads to nothing new of consequence', ({ scenario, command }) => {
  const again = decidedAgain(scenario, command).map(({ type }) => type);
  const mere = new Set<string>(['evidence.taken', 'risk.scored', 'gate.decided', 'approval.refused', 'reinstate.refused']);
  expect(again.filter((type) => !mere.has(type))).toEqual([]);
});

law('a question has one outcome, and none is open in a case that has ended', () => undefined, (scenario) => {
  for (const log of casesOf(scenario)) {
    const outcomes = new Map<unknown, string>();
    for (const { type, data } of log.filter((entry) => /^approval\.(granted|rejected|expired|superseded|voted)$/.test(entry.type))) {
      const known = outcomes.get(data.number);
      if (type === 'approval.voted') expect(known).toBeUndefined();
      else expect([undefined, ...(type === 'approval.superseded' ? ['approval.granted'] : [])]).toContain(known);
      if (type !== 'approval.voted') outcomes.set(data.number, type);
    }
    const found = scenario.found(log[0]!.case!);
    expect(found.ended && found.approval?.outcome === 'open').toBeFalsy();
  }
});

law('after the end there is no order, no vote and no other end', () => undefined, (scenario) => {
  for (const log of casesOf(scenario)) {
    const end = log.findIndex(({ type }) => type === 'case.ended');
    const after = end < 0 ? [] : log.slice(end + 1).map(({ type }) => type);
    expect(after.filter((type) => !['receipt.taken', 'approval.refused', 'approval.message_closed', 'approval.message_posted', 'reinstate.refused', 'packet.dispatched'].includes(type))).toEqual([]);
  }
});

law('order numbers rise by one, and each packet names the one that was accepted before it', () => undefined, (scenario) => {
  for (const log of casesOf(scenario)) {
    const orders = log.filter(isOrder);
    expect(orders.map(({ data }) => data.order)).toEqual(orders.map((_order, i) => i + 1));
    for (const ordered of orders) {
      const accepted = log.filter(({ type, seq, data }) => type === 'receipt.taken' && seq < ordered.seq && (data.entry as JsonObject).type === 'packet.accepted').map(({ data }) => ((data.entry as JsonObject).data as JsonObject).digest);
      expect(packetIn(ordered).previous).toBe(accepted.at(-1) ?? null);
    }
  }
});

law('hard follows a soft that was carried out and its window, and nothing but hard follows hard', () => undefined, (scenario) => {
  for (const log of casesOf(scenario)) {
    const orders = log.filter(isOrder);
    for (const [i, ordered] of orders.entries()) {
      if (orders.slice(0, i).some(({ type }) => type === 'hard.ordered')) expect(ordered.type).toBe('hard.ordered');
      if (ordered.type !== 'hard.ordered') continue;
      const soft = orders.slice(0, i).findLast(({ type }) => type === 'soft.ordered')!;
      const finish = log.find(({ seq, type, data }) => type === 'receipt.taken' && seq > soft.seq && isFinish(data.entry, soft.data.order))!;
      expect(ordered.at >= plusSeconds(finish.at, TERMS.windowSeconds)).toBe(true);
      expect(ordered.at >= scenario.found(ordered.case!).request.effectiveAt).toBe(true);
    }
  }
});

law('whoever has an open case that takes away is found by it, and the one that is found is open and about them', ({ scenario }) => {
  const { cases, openByPerson } = scenario.state;
  for (const [person, id] of openByPerson) expect([cases.get(id)?.ended, cases.get(id)?.judgements.soft?.evidence.person]).toEqual([null, person]);
  for (const found of cases.values()) if (!found.ended && !beingReinstated(found) && found.judgements.soft?.gate && found.judgements.soft.evidence.person !== null) expect(openByPerson.has(found.judgements.soft.evidence.person)).toBe(true);
});

law('nobody is asked or decides about what they asked for, or about themselves', ({ scenario, entries }) => {
  for (const { case: id, type, data } of entries) {
    const asked = type === 'approval.voted' ? [data.approver] : type === 'approval.requested' ? (data.approvers as string[]) : [];
    const found = asked.length > 0 ? scenario.found(id!) : undefined;
    for (const person of asked) expect([...found!.request.requesters, ...found!.reinstaters, found!.judgements.soft?.evidence.person]).not.toContain(person);
  }
});

law('an open case always has something to do, a time to wait for, or somebody who is asked', ({ scenario }) => {
  for (const found of scenario.state.cases.values()) {
    const next = scenario.next(found.id);
    if (next === undefined) expect([found.id, isAtRest(found)]).toEqual([found.id, true]);
    if (next && 'due' in next) expect(next.due > scenario.now).toBe(true);
  }
});

law('what `next` wants judged is not wanted again once it was', ({ scenario, command, entries }) => {
  if (command.do !== 'inCase' || command.command.do !== 'judge' || !entries.some((entry) => entry.type === 'gate.decided')) return;
  const { phase } = command.command;
  const next = scenario.next(command.case);
  expect(next).not.toEqual({ task: { do: 'judge', phase } });
});

describe('whatever happens in whatever order', () => {
  // a wandering costs far more than looking at it: every law looks at the same ones
  test('every law holds, and each kind of order came to be', () => {
    const orders: Entry[] = [];
    const watch = (decided: Decided): void => LAWS.forEach((one) => held(one, () => one.watch(decided)));
    fc.assert(fc.property(wanderings, (steps) => {
      const scenario = wander(steps, watch);
      orders.push(...scenario.log.filter(isOrder));
      for (const one of LAWS) held(one, () => one.atTheEnd(scenario));
    }), RUNS);
    // a law that is never put to the test proves nothing
    for (const wanted of ['soft', 'hard', 'reinstate']) expect([wanted, orders.filter(({ type }) => type === `${wanted}.ordered`).length > 0]).toEqual([wanted, true]);
    expect(orders.filter((ordered) => packetIn(ordered).approvals !== null).length).toBeGreaterThan(0);
  });
});

function decidedAgain({ machine, state, now }: Scenario, command: TenantCommand): ReturnType<Scenario['machine']['decide']> {
  try {
    return machine.decide(command, state, now);
  } catch (error) {
    if (isLawfulRefusal(error)) return [];
    throw error;
  }
}

function isFinish(entry: unknown, order: unknown): boolean {
  return isJsonObject(entry) && entry['type'] === 'order.finished' && isJsonObject(entry['data']) && entry['data']['order'] === order;
}

/** Ended, or it waits for a person, or for the doer who has the order. */
function isAtRest({ ended, parked, personNeeded, orders }: Offboard): boolean {
  const order = orders.at(-1);
  return ended !== null || parked !== null || personNeeded !== null || (order?.accepted === true && order.finished === null);
}
