import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jcs, sha256Hex } from '#ledger';
import { caseId } from '../../test/lifecycle/scenario.js';
import { type Step, wander, wanderings } from '../../test/lifecycle/wandering.js';
import { casesAbout, erasureInput, erasureScope, nextIn } from './index.js';

const PERSON = 'p-100';
const reason = { alg: 'A256GCM-HKDF-commit', salt: 's', iv: 'i', ct: 'c', tag: 't', commit: 'k' } as const;
const erasures = [caseId(91), caseId(92)] as const;

const asking = fc.record({ id: fc.constantFrom(...erasures), requester: fc.constantFrom('p-1', 'p-9') }).map(({ id, requester }): Step => () => ({ do: 'requestErasure', erasure: id, asked: { person: PERSON, requester, cases: [caseId(1), caseId(2)], reason } }));
const judging = fc.record({ id: fc.constantFrom(...erasures), outcome: fc.constantFrom(...Array.from({ length: 12 }, () => 'require_hitl' as const), 'allow' as const, 'deny' as const), quorum: fc.constantFrom(1, 2, 2, 3), stale: fc.integer({ min: 0, max: 9 }) }).map(({ id, outcome, quorum, stale }): Step => ({ state }) => {
  const found = state.erasures.get(id);
  if (!found) return undefined;
  const input = erasureInput(found, stale === 0 ? { ...erasureScope(state, found, id), open: [] } : erasureScope(state, found, id), 'acme');
  const decision = { outcome, quorum, reasons: [{ rule: 'r', text: 't' }], policyDigest: 'a'.repeat(64), dataDigest: 'b'.repeat(64), inputDigest: sha256Hex(jcs(input)), digest: 'd'.repeat(64) };
  return { do: 'inCase', case: id, actor: 'test', command: { do: 'judgeErasure', decision, nonce: 'n' } };
});
const voting = fc.record({ id: fc.constantFrom(...erasures), approver: fc.constantFrom('p-7', 'p-8', 'p-9', 'p-100', 'p-1'), strength: fc.constantFrom('passkey' as const, 'passkey' as const, 'link' as const) }).map(({ id, approver, strength }): Step => ({ state }) => {
  const number = state.erasures.get(id)?.approval?.requested.number;
  return number === undefined ? undefined : { do: 'inCase', case: id, actor: approver, command: { do: 'vote', number, approver, vote: 'approve', strength, proof: {} } };
});
const destroying = fc.constantFrom(...erasures).map((id): Step => ({ state }) => (state.erasures.has(id) ? { do: 'inCase', case: id, actor: 'test', command: { do: 'keysDestroyed' } } : undefined));
const steps = [{ weight: 2, arbitrary: asking }, { weight: 4, arbitrary: judging }, { weight: 6, arbitrary: voting }, { weight: 1, arbitrary: destroying }] as const;

/** Ends a case before any order: who is asked rejects it, or policy refuses it. */
const closing = fc.constantFrom(caseId(1), caseId(2)).map((id): Step => (scenario) => {
  const found = scenario.state.cases.get(id);
  if (!found || found.ended || found.orders.length > 0) return undefined;
  const number = found.approval?.outcome === 'open' ? found.approval.requested.number : undefined;
  if (number !== undefined) return { do: 'inCase', case: id, actor: 'p-8', command: { do: 'vote', number, approver: 'p-8', vote: 'reject', strength: 'link', proof: {} } };
  return { do: 'inCase', case: id, actor: 'test', command: scenario.judgement('soft', { outcome: 'deny' }, id) };
});
const during = fc.array(fc.oneof(...steps), { maxLength: 30 });
const after = fc.tuple(fc.array(closing, { minLength: 4, maxLength: 8 }), fc.array(fc.oneof(...steps), { minLength: 20, maxLength: 60, size: 'max' })).map(([ends, erasing]) => [...ends, ...erasing]);

/** Both in turn, and then the erasures alone, once cases have ended. */
// cut short as often as not: what was ordered stays open for long
const interleaved = fc.tuple(wanderings, fc.constantFrom(6, 12, 60), during, after).map(([cases, most, between, last]) => [...cases.slice(0, most).flatMap((step, i) => [step, ...between.slice(i, i + 1)]), ...last]);

test('whatever happens: keys are ordered to be destroyed with two people’s passkeys, of closed cases that are about the person or nobody, and gone after that alone', () => {
  let ordered = 0;
  fc.assert(
    fc.property(interleaved, (steps) => {
      wander(steps, ({ scenario, before, entries }) => {
        for (const { type, case: id, data } of entries) {
          const found = before.erasures.get(id ?? '');
          if (type === 'erasure.finished') expect(found?.ordered?.cases).toEqual(data.cases);
          if (type !== 'erasure.ordered') continue;
          ordered += 1;
          expect(casesAbout(before.cases, PERSON).filter(({ ended }) => ended === null)).toEqual([]);
          for (const one of data.cases as string[]) {
            const about = before.cases.get(one);
            if (about) expect([about.ended !== null, about.people.length === 0 || about.people.includes(PERSON)]).toEqual([true, true]);
            else expect(before.erasures.get(one)?.person).toBe(PERSON);
          }
          const approvers = new Set(found?.approval?.votes.filter(({ vote, strength }) => vote === 'approve' && strength === 'passkey').map(({ approver }) => approver));
          expect(approvers.size).toBeGreaterThanOrEqual(2);
          for (const nobody of [PERSON, found?.requester]) expect(approvers.has(nobody ?? '')).toBe(false);
        }
        const running = [...scenario.state.erasures.values()].filter(({ ended }) => ended === null);
        expect(running.length).toBeLessThanOrEqual(1);
        // what has not ended has something to do, or somebody to wait for
        for (const erasure of running) expect(nextIn(erasure, scenario.terms, scenario.now)).toBeDefined();
      });
    }),
    { numRuns: 200 },
  );
  // a law that was never tried says nothing
  expect(ordered).toBeGreaterThan(0);
});
