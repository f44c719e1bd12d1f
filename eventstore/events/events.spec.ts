import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type Binding, bindingDigest, canonicalBinding, type PasskeyProof, recheckPasskeyProof } from '#approvals';
import type { JsonObject, JsonValue } from '#decider';
import { DOER_EVENT_TYPES, doerJournal } from '#execution';
import { decodeEntry, encodeEntry, type Entry, entryHash, jcs, verifyChain } from '#ledger';
import { type ErasureEvent, type GateDecided, type OffboardEvent, type RiskScored, type Tenant, type TenantEvent, tenantLedger } from '#lifecycle';
import { type Circumstances, DEFAULT_PROFILE, score, sumOf } from '#risk';

const FOLDER = 'eventstore/events';
/** The ledger's closed list: a type that is added or taken away in `libs/lifecycle` does not compile here. */
const LEDGER_EVENT_TYPES = Object.keys({
  'ledger.opened': true,
  'ledger.reopened': true,
  'approver.enrolled': true,
  'approver.revoked': true,
  'dependency.lost': true,
  'dependency.restored': true,
  'request.received': true,
  'requester.added': true,
  'intent.parsed': true,
  'evidence.taken': true,
  'risk.scored': true,
  'gate.decided': true,
  'approval.requested': true,
  'approval.unreachable': true,
  'approval.message_posted': true,
  'approval.message_closed': true,
  'approval.message_updated': true,
  'approval.link_requested': true,
  'approval.voted': true,
  'approval.refused': true,
  'approval.granted': true,
  'approval.rejected': true,
  'approval.expired': true,
  'approval.superseded': true,
  'soft.ordered': true,
  'hard.ordered': true,
  'reinstate.ordered': true,
  'packet.signed': true,
  'packet.dispatched': true,
  'receipt.taken': true,
  'reinstate.requested': true,
  'reinstate.refused': true,
  'person.needed': true,
  'case.parked': true,
  'case.resumed': true,
  'case.ended': true,
  'erasure.requested': true,
  'erasure.decided': true,
  'erasure.refused': true,
  'erasure.ordered': true,
  'erasure.finished': true,
} satisfies Record<(TenantEvent | OffboardEvent | ErasureEvent)['type'], true>);

/** What the golden books end in. New types come after these; nothing before them ever changes. */
const GOLDEN_HEADS = { ledger: 'a06302af9b52477fcbada673e687228f24c6acd98323e8c6a32aea0c05c274a4', journal: '78f0eb91fe28d898689effd7db0170c3fc13c62ea231ca3e885aa84bc1092700' };

interface Described {
  readonly type: string;
  readonly description: string;
  readonly schema: JsonObject;
  readonly sample: Entry & JsonObject;
}
const readJson = (path: string): JsonValue => JSON.parse(readFileSync(join(FOLDER, path), 'utf8')) as JsonValue;
const described = (book: string): readonly (readonly [string, Described])[] => readdirSync(join(FOLDER, book)).map((file) => [file, readJson(`${book}/${file}`) as JsonObject & Described] as const);

const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
ajv.addSchema(readJson('terms.json') as JsonObject);
const validators = new Map<string, ValidateFunction>();
const validates = ({ type, schema }: Described): ValidateFunction => {
  const known = validators.get(type) ?? ajv.compile(schema);
  validators.set(type, known);
  return known;
};

const books = { ledger: described('ledger'), journal: described('journal') };
const inOrder = (book: keyof typeof books): readonly Described[] => books[book].map(([, event]) => event).toSorted((a, b) => a.sample.seq - b.sample.seq);

describe.each([
  ['ledger', LEDGER_EVENT_TYPES],
  ['journal', DOER_EVENT_TYPES],
] as const)('the events of the %s', (book, types) => {
  it('are exactly those that the code knows, a file each', () => {
    expect(books[book].map(([file]) => file).sort()).toEqual(types.map((type) => `${type}.json`).sort());
    for (const [file, event] of books[book]) {
      expect(file).toBe(`${event.type}.json`);
      expect(event.sample.type).toBe(event.type);
      expect(event.description.endsWith('.')).toBe(true);
    }
  });

  it.each(inOrder(book).map((event) => [event.type, event] as const))('%s: its golden sample is an entry, and its data is of the schema', (_, event) => {
    expect(decodeEntry(encodeEntry(event.sample))).toEqual(event.sample);
    const validate = validates(event);
    expect([validate(event.sample.data), validate.errors]).toEqual([true, null]);
  });

  it.each(inOrder(book).map((event) => [event.type, event] as const))('%s: its schema is closed', (_, event) => {
    const validate = validates(event);
    expect(validate({ ...event.sample.data, added: 1 })).toBe(false);
    const [name = ''] = Object.keys(event.sample.data);
    expect(validate(Object.fromEntries(Object.entries(event.sample.data).filter(([key]) => key !== name)))).toBe(false);
  });

  it('have golden samples that are a book: on disk for ever, so a changed one breaks the chain', async () => {
    const stored = inOrder(book).map(({ type, sample }, revision) => ({ revision, id: sample.id, type, bytes: encodeEntry(sample) }));
    expect(await verifyChain(stored, 'acme')).toMatchObject({ consistent: true, entries: types.length, head: { hash: GOLDEN_HEADS[book] } });
  });
});

const terms = { tenant: 'acme', keys: { hmac: 'hmac-1', ed25519: 'packet-acme/1' }, acceptSeconds: 600, windowSeconds: 300, approvalSeconds: 86_400 };
const sample = (type: string): Described['sample'] => {
  const found = [...books.ledger, ...books.journal].find(([, event]) => event.type === type)?.[1].sample;
  if (!found) throw new Error(`no sample of ${type}`);
  return found;
};

describe("today's machines", () => {
  it('take up the whole golden ledger', () => {
    const machine = tenantLedger(terms);
    const state = inOrder('ledger').reduce<Tenant>((before, event) => machine.evolve(before, event.sample), machine.initial);
    const found = state.cases.get(sample('case.ended').case ?? '');
    expect(found).toMatchObject({ ended: { as: 'done' }, orders: [{ phase: 'soft', accepted: true }, { phase: 'reinstate' }, { phase: 'hard' }], approval: { votes: [{ approver: 'p-10007' }] } });
    expect([state.approvers.size, state.lost.size, state.receipts.seq]).toEqual([0, 0, 1]);
    expect(state.erasures.get(sample('erasure.finished').case ?? '')).toMatchObject({ person: 'p-10042', ended: { as: 'erased', cases: [found?.id, sample('erasure.finished').case] } });
  });

  it('take up each golden sample alone, before and after its case was opened', () => {
    const machine = tenantLedger(terms);
    const opened = machine.evolve(machine.initial, sample('request.received'));
    const erasing = machine.evolve(opened, sample('erasure.requested'));
    for (const { sample: entry } of inOrder('ledger')) for (const state of [machine.initial, opened, erasing]) expect(() => machine.evolve(state, entry)).not.toThrow();
  });

  it('take up the whole golden journal, and a receipt of each of its entries', () => {
    const journal = doerJournal({ tenant: 'acme', windowSeconds: 300, attempts: 3 });
    const told = inOrder('journal').reduce((state, event) => journal.evolve(state, event.sample), journal.initial);
    expect(told.cases.get(sample('packet.accepted').case ?? '')?.execution.orders).toHaveLength(1);
    const machine = tenantLedger(terms);
    const ordered = ['request.received', 'soft.ordered'].reduce((state, type) => machine.evolve(state, sample(type)), machine.initial);
    const taken = inOrder('journal').reduce((state, { sample: entry }) => machine.evolve(state, { ...sample('receipt.taken'), data: { seq: entry.seq, hash: entryHash(jcs(entry)), entry } }), ordered);
    expect(taken.cases.get(sample('packet.accepted').case ?? '')?.orders[0]).toMatchObject({ accepted: true, finished: { outcomes: [{ outcome: 'done' }, { outcome: 'failed' }] } });
  });
});

it('an intent that a model had a part in has all of what it says, and nothing else', () => {
  const validate = validates(books.ledger.find(([, { type }]) => type === 'intent.parsed')![1]);
  const intent = sample('intent.parsed').data;
  const model = { name: 'small-1', prompt: 'a'.repeat(64), outcome: 'answered', raised: ['model_filled'], filled: ['target'], dropped: ['reason'], differs: [], answer: intent.target! } satisfies JsonObject;
  const isValid = (said: JsonObject): boolean => validate({ ...intent, model: said });
  expect([isValid(model), isValid({ ...model, outcome: 'marked', answer: null })]).toEqual([true, true]);
  expect([isValid({ ...model, outcome: 'asleep' }), isValid({ ...model, filled: ['flags'] }), isValid({ ...model, said: 'x' }), isValid({ name: 'small-1' })]).toEqual([false, false, false, false]);
});

it('the golden approval is a real one: its assertion checks offline over the binding that was asked about', async () => {
  const { binding, digest } = sample('approval.requested').data as { binding: Binding; digest: string };
  expect(bindingDigest(binding)).toBe(digest);
  const { proof } = sample('approval.voted').data as { proof: PasskeyProof };
  expect(proof.digest).toBe(digest);
  expect(await recheckPasskeyProof(proof, canonicalBinding(binding))).toBe(true);
  expect(await recheckPasskeyProof(proof, canonicalBinding({ ...binding, band: 'low' }))).toBe(false);
});

describe('a score', () => {
  const { phase, score: stated, components, ceiling = 1 } = sample('risk.scored').data as RiskScored & JsonObject;

  it('is computed again by an auditor who holds the golden ledger and nothing else', () => {
    const plain = components.reduce((sum, { value, weight }) => sum + value * weight, 0);
    expect([stated, stated]).toEqual([Math.min(ceiling, Math.round(plain * 10_000) / 10_000), sumOf(components, ceiling)]);
    const { input } = sample('gate.decided').data as GateDecided & JsonObject;
    expect(input.risk).toEqual({ score: stated, components: components.map(({ name, value, weight }) => ({ name, value, weight })) });
    for (const { because } of components) expect(because).not.toBe('');
  });

  it('and its circumstances are of the schema, as they are written today', () => {
    const crowd = { last: 41, usual: 6 };
    const circumstances: Circumstances = { source: 'api', department: null, leavers: { tenant: crowd, source: crowd, department: crowd }, worst: { scope: 'tenant', ...crowd }, requests: { all: 90, by_requester: 2, around_hour: 1 } };
    const { input } = sample('gate.decided').data as GateDecided & JsonObject;
    const today = score({ ...input.evidence, confidence: 0.9, circumstances }, DEFAULT_PROFILE);
    const gate = { ...sample('gate.decided').data, input: { ...input, circumstances } };
    for (const [type, data] of [['risk.scored', { phase, ...today }], ['gate.decided', gate], ['evidence.taken', { ...sample('evidence.taken').data, department: 'sales' }]] as const) {
      const validate = validators.get(type);
      expect([type, validate?.(data), validate?.errors]).toEqual([type, true, null]);
    }
  });
});
