import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '#decider';
import { openPolicy, type PolicyEngine } from '#policy';
import { DEFAULT_PROFILE, score } from '#risk';
import { USUAL } from '../../test/risk/usual.js';
import type { Employee, Evidence } from './index.js';
import { ACCOUNT, MARTA, NOW, World } from './world.double.js';

const SOURCES = ['hris', 'directory', 'scim'] as const;
const flag = fc.boolean();
const account = fc.record({ admin: flag, owner: flag, escalated: flag }).map((state) => ({ ...ACCOUNT, state: { exists: true as const, ...state } }));
const someone: fc.Arbitrary<Employee> = fc.record({
  status: fc.constantFrom<Employee['status']>('active', 'leaving', 'terminated', 'on_leave'),
  lastDay: fc.constantFrom(null, '2026-11-23', '2026-11-30'),
}).map((changed) => ({ ...MARTA, ...changed }));
const world = fc.record({ employees: fc.array(someone, { maxLength: 1 }), directory: fc.array(account, { maxLength: 1 }), scim: fc.array(account, { maxLength: 1 }) });
const silent = fc.subarray([...SOURCES], { minLength: 1 });
type Made = typeof world extends fc.Arbitrary<infer T> ? T : never;

const look = async ({ employees, directory, scim }: Made, down: readonly string[]): Promise<Evidence> => {
  const made = new World(employees, { directory, scim });
  for (const source of down) made.down.add(source);
  return made.look();
};
const codesOf = ({ findings }: Evidence): readonly string[] => [...new Set(findings.map(({ code }) => code))].sort();
const scored = (evidence: Evidence) => score({ facts: evidence.facts, findings: codesOf(evidence), resolved: evidence.resolved, confidence: 1, circumstances: USUAL }, DEFAULT_PROFILE);

/** The same world, but that what is silent would have had nothing to say against the request. */
const harmlessIn = ({ employees, directory, scim }: Made, down: readonly string[]): Made => ({
  employees: down.includes('hris') ? [MARTA] : employees,
  directory: down.includes('directory') ? [] : directory,
  scim: down.includes('scim') ? [] : scim,
});

describe('a source that is down', () => {
  let gate: PolicyEngine;
  beforeAll(async () => {
    gate = await openPolicy({ bundleDir: 'policies/bundle', tenantData: JSON.parse(readFileSync('policies/tenant/data.json', 'utf8')) as JsonObject, deadlineMs: 60_000 });
  });
  afterAll(() => gate.close());

  it('is a finding, and what it might have said of what is held stays unknown unless another knows the worst', async () => {
    await fc.assert(
      fc.asyncProperty(world, silent, async (made, down) => {
        const evidence = await look(made, down);
        expect(codesOf(evidence)).toEqual(expect.arrayContaining(down.map((source) => `source_unknown:${source}`)));
        if (!down.some((source) => source !== 'hris')) return;
        for (const [fact, worst] of [['privilege', 'admin'], ['production_owner', true], ['recent_escalation', true]] as const) expect(['unknown', worst]).toContain(evidence.facts[fact]);
      }),
    );
  });

  it('never makes the score lower than if it had nothing to say', async () => {
    await fc.assert(fc.asyncProperty(world, silent, async (made, down) => expect(scored(await look(made, down)).score).toBeGreaterThanOrEqual(scored(await look(harmlessIn(made, down), [])).score)));
  });

  it('never lets an order go without a human', async () => {
    await fc.assert(
      fc.asyncProperty(world, silent, async (made, down) => {
        const evidence = await look(made, down);
        const { score: sum, components } = scored(evidence);
        const { outcome } = await gate.decide('gatehouse/offboard/decision', {
          v: 1, tenant: 'acme', pipeline: 'offboard', phase: 'soft', at: NOW, requester: 'p-1', requesters: ['p-1'], subject: evidence.person, accounts: [], approvers: [],
          intent: { action: 'offboard', confidence: 1, flags: [], source: 'text' },
          evidence: { resolved: evidence.resolved, findings: codesOf(evidence), facts: evidence.facts },
          risk: { score: sum, components: components.map(({ name, value, weight }) => ({ name, value, weight })) },
        });
        expect(outcome).not.toBe('allow');
      }),
    );
  });
});

describe('what was told', () => {
  const ORDER: Record<string, readonly unknown[]> = { privilege: ['none', 'elevated', 'unknown', 'admin'], production_owner: [false, 'unknown', true], recent_escalation: [false, 'unknown', true] };

  it('is what each fact follows from: the worst that any source says of it, with its question and time', async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.subarray([...SOURCES]), async (made, down) => {
        const { resolved, facts, told, sources } = await look(made, down);
        for (const { source, query, at } of told) {
          const asked = sources.filter((one) => one.source === source);
          expect(query.split('+').sort()).toEqual([...new Set(asked.map((one) => one.query))].sort());
          expect(asked.map((one) => one.at)).toContain(at);
        }
        if (resolved !== 'one') return;
        const says = (fact: string): readonly unknown[] => told.filter((one) => one.fact === fact).map((one) => one.says);
        for (const [fact, order] of Object.entries(ORDER)) {
          const worst = Math.max(...says(fact).map((value) => order.indexOf(value)));
          expect(order[worst]).toBe(facts[fact as 'privilege']);
        }
        expect(says('hris_status')).toEqual([facts.hris_status]);
        expect(says('employment')).toEqual([facts.employment]);
      }),
    );
  });

  it('names whom the request could mean by opaque ids, and what matched', async () => {
    const other = { ...ACCOUNT, account: 's1', employee: '10077' };
    const { candidates, preconditions } = await new World([MARTA], { directory: [{ ...ACCOUNT, state: { exists: true, owner: true } }], scim: [other] }).look();
    expect(candidates).toEqual([
      { person: 'p-10042', source: 'directory', matchedOn: ['address'], verdict: 'meant' },
      { person: 'p-10042', source: 'hris', matchedOn: ['address'], verdict: 'meant' },
      { person: 'p-10077', source: 'scim', matchedOn: ['address'], verdict: 'other_person' },
    ]);
    expect(preconditions).toEqual([{ code: 'transfer_ownership', source: 'directory', query: 'address+employee', at: '2026-11-23T10:00:00.000Z' }]);
    const several = await new World([MARTA, { ...MARTA, employeeNumber: '10077' }]).look({ kind: 'name', value: 'Marta Nowak' });
    expect(several.candidates.map(({ source, matchedOn, verdict }) => `${source} ${matchedOn.join()} ${verdict}`)).toEqual(['hris former_name one_of_several', 'hris former_name one_of_several']);
  });
});
