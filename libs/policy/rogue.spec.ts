import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#decider';
import { openPolicy, type PolicyEngine, type PolicyInput } from './index.js';

// rogue/rogue/rogue.rego holds one policy for each way of misbehaving
const DEADLINE_MS = 1_500;
describe('a policy that misbehaves', () => {
  let engine: PolicyEngine;
  beforeAll(async () => {
    const tenantData = JSON.parse(await readFile('policies/tenant/data.json', 'utf8')) as JsonObject;
    engine = await openPolicy({ bundleDir: 'libs/policy/rogue/bundle', tenantData, deadlineMs: DEADLINE_MS });
  });
  afterAll(() => engine.close());

  const ask = async (policy: string, subject = 'p-2') => {
    const { outcome, reasons, quorum } = await engine.decide(`rogue/${policy}`, { v: 1, subject } as PolicyInput);
    return { outcome, rule: reasons[0]?.rule, text: reasons[0]?.text, quorum };
  };

  it.each([
    ['gives an answer of another form', 'shapeless', 'policy.answer'],
    ['gives no answer', 'silent', 'policy.undefined'],
    ['contradicts itself', 'torn', 'policy.error'],
    ['takes more memory than it may', 'greedy', 'policy.error'],
    ['never ends', 'endless', 'policy.deadline'],
  ])('and %s is a refusal, and the next question is answered', async (_, policy, rule) => {
    expect(await ask(policy)).toMatchObject({ outcome: 'deny', rule, quorum: 2 });
    expect(await ask('obliging', 'p-9')).toEqual({ outcome: 'allow', rule: 'allow.rogue', text: 'p-9', quorum: 1 });
  });

  it('takes nobody else down: those asked before and behind it get their own answers', async () => {
    const people = Array.from({ length: 40 }, (_, i) => `p-${String(i)}`);
    const answers = await Promise.all(people.map((person, i) => ask(i === 10 ? 'endless' : i === 20 ? 'torn' : 'obliging', person)));
    expect(answers.map(({ text }, i) => text === people[i])).toEqual(people.map((_, i) => i !== 10 && i !== 20));
    expect([answers[10]?.rule, answers[20]?.rule]).toEqual(['policy.deadline', 'policy.error']);
  });

  it('holds up no other tenant: whoever has a gate of their own is answered while it runs on', async () => {
    const tenantData = JSON.parse(await readFile('policies/tenant/data.json', 'utf8')) as JsonObject;
    const other = await openPolicy({ bundleDir: 'libs/policy/rogue/bundle', tenantData, deadlineMs: 60_000 });
    try {
      const obliging = async (person: string) => (await other.decide('rogue/obliging', { v: 1, subject: person } as PolicyInput)).reasons[0]?.text;
      await obliging('p-0'); // its thread has started
      let ended = false;
      const endless = ask('endless').finally(() => (ended = true));
      const answers: [string | undefined, boolean][] = [];
      for (let i = 0; i < 20; i += 1) answers.push([await obliging(`p-${String(i)}`), ended]);
      expect(answers).toEqual(Array.from({ length: 20 }, (_, i) => [`p-${String(i)}`, false]));
      expect((await endless).rule).toBe('policy.deadline');
    } finally {
      await other.close();
    }
  });

  it('is stopped by closing the gate, and whoever waits is refused', async () => {
    const asked = [ask('endless'), ask('obliging')];
    await engine.close();
    expect((await Promise.all(asked)).map(({ rule }) => rule)).toEqual(['policy.closed', 'policy.closed']);
  });
});
