import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { jcs, sha256Hex } from '#ledger';
import { type Erasure, erasureInput, erasureScope, type TenantCommand } from '#lifecycle';
import { count, fails, holdTimers, pass, releaseTimers, settle, stage, type Stage } from '../../test/lifecycle/saga-stage.js';
import { caseId, Scenario, TERMS } from '../../test/lifecycle/scenario.js';

const ERASURE = caseId(9);
const sealed = { alg: 'A256GCM-HKDF-commit', salt: 's', iv: 'i', ct: 'c', tag: 't', commit: 'k' } as const;

beforeEach(holdTimers);
afterEach(releaseTimers);

/** A saga over a ledger with one closed case about somebody, and an erasure of them that was asked for. */
async function asked(): Promise<Stage> {
  const scenario = new Scenario(TERMS, ['p-7', 'p-8']);
  scenario.requested();
  scenario.judged('soft', { outcome: 'deny' });
  scenario.do({ do: 'requestErasure', erasure: ERASURE, asked: { person: 'p-100', requester: 'p-1', cases: [], reason: sealed } });
  const on = stage(scenario);
  const inErasure = (command: (TenantCommand & { do: 'inCase' })['command']): Promise<unknown> => on.ledger.commit({ do: 'inCase', case: ERASURE, actor: 'test', command });
  on.instead.set('judgeErasure', async () => {
    const found = scenario.state.erasures.get(ERASURE) as Erasure;
    const inputDigest = sha256Hex(jcs(erasureInput(found, erasureScope(scenario.state, found, ERASURE), 'acme')));
    await inErasure({ do: 'judgeErasure', nonce: 'n', decision: { outcome: 'require_hitl', reasons: [{ rule: 'hitl.erasure', text: 'two' }], quorum: 2, policyDigest: 'a'.repeat(64), dataDigest: 'b'.repeat(64), inputDigest, digest: 'd'.repeat(64) } });
  });
  on.instead.set('destroyKeys', () => inErasure({ do: 'keysDestroyed' }).then(() => undefined));
  on.saga.start();
  await settle();
  return on;
}
async function approve(on: Stage): Promise<void> {
  for (const approver of ['p-7', 'p-8']) await on.ledger.commit({ do: 'inCase', case: ERASURE, actor: approver, command: { do: 'vote', number: 1, approver, vote: 'approve', strength: 'passkey', proof: {} } });
  await settle();
}

describe('the saga of an erasure', () => {
  test('asks people, and destroys nothing before both have approved', async () => {
    const on = await asked();
    expect(on.done.filter((task) => !task.endsWith('Message'))).toEqual(['9 judgeErasure']);
    await approve(on);
    expect(on.done.filter((task) => !task.endsWith('Message'))).toEqual(['9 judgeErasure', '9 judgeErasure', '9 destroyKeys']);
    expect([count(on, 'erasure.ordered'), count(on, 'erasure.finished')]).toEqual([1, 1]);
  });

  test('waits while Vault is away, and the ledger says so once', async () => {
    const on = await asked();
    const destroy = on.instead.get('destroyKeys')!;
    on.instead.set('destroyKeys', fails('vault_unreachable'));
    await approve(on);
    for (let i = 0; i < 5; i += 1) await pass(on, 2_000);
    expect([count(on, 'erasure.ordered'), count(on, 'erasure.finished'), count(on, 'dependency.lost')]).toEqual([1, 0, 1]);
    on.instead.set('destroyKeys', destroy);
    await pass(on, 2_000);
    expect([count(on, 'erasure.ordered'), count(on, 'erasure.finished'), count(on, 'dependency.restored')]).toEqual([1, 1, 1]);
  });

  test('sets it aside for a person when a key will not go, and goes on when they have looked', async () => {
    const on = await asked();
    const destroy = on.instead.get('destroyKeys')!;
    on.instead.set('destroyKeys', fails('key_still_there'));
    await approve(on);
    expect(on.scenario.state.erasures.get(ERASURE)).toMatchObject({ parked: 'key_still_there', ended: null });
    on.instead.set('destroyKeys', destroy);
    await on.ledger.commit({ do: 'inCase', case: ERASURE, actor: 'p-1', command: { do: 'resume', by: 'p-1' } });
    await settle();
    expect(on.scenario.state.erasures.get(ERASURE)?.ended).toMatchObject({ as: 'erased' });
  });

  test('after a crash between the keys and their record, a new process destroys them once more', async () => {
    const on = await asked();
    // the process dies in the middle of the task: nothing of it is ever recorded
    on.instead.set('destroyKeys', () => new Promise(() => undefined));
    await approve(on);
    on.saga.end();
    expect([count(on, 'erasure.ordered'), count(on, 'erasure.finished')]).toEqual([1, 0]);
    const again = stage(on.scenario);
    again.instead.set('destroyKeys', () => again.ledger.commit({ do: 'inCase', case: ERASURE, actor: 'test', command: { do: 'keysDestroyed' } }).then(() => undefined));
    again.saga.start();
    await settle();
    expect([again.done.filter((task) => task.endsWith('Keys')), count(again, 'erasure.finished')]).toEqual([['9 destroyKeys'], 1]);
  });
});
