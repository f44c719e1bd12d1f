import { describe, expect, it } from '@jest/globals';
import { codeOf } from '#decider';
import type { Phase } from '#packet';
import { executionOf } from './journal-book.js';
import { openOrder } from './order-execution.js';
import { CASE, type Fault, World } from './world.double.js';

const before = new World().accounts;

/** A world in which `phase` can be ordered, and the number of that order. */
async function ready(phase: Phase): Promise<{ world: World; order: number }> {
  const world = new World();
  if (phase === 'soft') return { world, order: 1 };
  await world.finish(1, 'soft');
  world.now += 301_000;
  return { world, order: 2 };
}

async function callsOf(phase: Phase): Promise<readonly string[]> {
  const { world, order } = await ready(phase);
  const from = world.calls.length;
  await world.finish(order, phase);
  return world.calls.slice(from);
}

function expectDone(world: World, phase: Phase): void {
  const expected = { soft: { active: false, groups: [] }, hard: undefined, reinstate: before['scim'] }[phase];
  expect(world.accounts['scim']).toEqual(expected);
  expect(world.changes.length).toBe(new Set(world.changes).size);
  expect([...world.live]).toEqual([]);
  expect(openOrder(executionOf(world.journal.state, CASE))).toBeUndefined();
  expect(world.of('order.finished').at(-1)).toMatchObject({ phase, outcomes: [{ outcome: 'done' }, { outcome: 'done' }] });
  // every lease was asked for in the journal before it was taken
  expect(world.of('lease.requested').length).toBeGreaterThanOrEqual(world.of('lease.issued').length);
}

describe.each<Phase>(['soft', 'hard', 'reinstate'])('%s', (phase) => {
  it('ends the same when any outside call fails, before or after it took effect', async () => {
    const calls = await callsOf(phase);
    for (const [i, name] of calls.entries()) {
      // a lease is given back by `give`, which answers for itself
      if (name.startsWith('give')) continue;
      for (const when of ['before', 'after'] as const) {
        const { world, order } = await ready(phase);
        const code = /redeem|read|createOnce/.test(name) ? 'vault_unreachable' : 'portal_unreachable';
        const fault: Fault = { call: world.calls.length + i, when, code };
        world.faults = [fault];
        await world.finish(order, phase);
        expectDone(world, phase);
      }
    }
  });

  it('ends the same when the process dies at any call and another takes up the journal', async () => {
    const calls = await callsOf(phase);
    for (const i of calls.keys()) {
      const { world, order } = await ready(phase);
      const from = world.calls.length;
      let died = false;
      const dead = new Promise<void>((resolve) => {
        world.onCall = () => {
          if (died || world.calls.length - 1 - from !== i) return;
          died = true;
          // the dead process writes and calls nothing more; what it held in Vault ends by itself
          world.journalFault = () => 'tenant_stopped';
          world.down = () => 'dead';
          resolve();
        };
      });
      await world.send(order, phase);
      await dead;
      await world.runner.end();
      world.live.clear();
      world.journalFault = world.down = () => undefined;
      const done = world.whenFinished();
      world.runner = world.start();
      world.runner.resume();
      await done;
      await world.runner.end();
      expectDone(world, phase);
    }
  });
});

describe('the journal', () => {
  it('that is away is waited for, and what was done is written when it is back', async () => {
    const { world, order } = await ready('soft');
    let away = 5;
    world.journalFault = (command) => (command.do === 'inCase' && command.command.do === 'close' && away-- > 0 ? 'store_unreachable' : undefined);
    await world.finish(order, 'soft');
    expectDone(world, 'soft');
    expect(world.of('lease.issued')).toHaveLength(2);
  });

  it('that does not take the before-state lets nothing be applied, and the leases are given back', async () => {
    const { world, order } = await ready('soft');
    world.journalFault = (command) => (command.do === 'inCase' && command.command.do === 'leased' ? 'tenant_stopped' : undefined);
    await world.send(order, 'soft');
    await world.runner.end();
    expect([world.accounts, world.changes, [...world.live], world.stuck]).toEqual([before, [], [], ['journal_lost', 'journal_lost']]);
  });

  it('that does not take the order lets nothing begin', async () => {
    const { world, order } = await ready('soft');
    world.journalFault = () => 'store_unreachable';
    const refused = await world.send(order, 'soft').catch((error: unknown) => codeOf(error));
    await world.runner.end();
    expect([refused, world.calls]).toEqual(['store_unreachable', []]);
  });
});

describe('a process that is to end', () => {
  it('gives its leases back, and the next one finishes the order', async () => {
    const { world, order } = await ready('soft');
    world.onCall = (call) => {
      if (call === 'redeem scim') world.stop.abort();
    };
    await world.send(order, 'soft');
    await world.runner.end();
    expect([[...world.live], world.changes, world.of('lease.returned').length]).toEqual([[], [], 2]);
    world.onCall = () => undefined;
    world.stop = new AbortController();
    const done = world.whenFinished();
    world.runner = world.start();
    world.runner.resume();
    await done;
    await world.runner.end();
    expectDone(world, 'soft');
  });
});

describe('deliveries that come again', () => {
  it('while the order runs and after its end change nothing and write nothing', async () => {
    const { world, order } = await ready('soft');
    world.onCall = (call) => {
      if (call.startsWith('inspect')) void world.send(order);
    };
    await world.finish(order, 'soft');
    const entries = world.entries.length;
    await world.send(order);
    await world.runner.end();
    expect(world.entries.length).toBe(entries);
    expectDone(world, 'soft');
    expect(world.of('lease.issued')).toHaveLength(2);
  });
});
