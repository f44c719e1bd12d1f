import { describe, expect, it } from '@jest/globals';
import { PortalError } from '#portals';
import { type Account, World } from './world.double.js';

const outcomes = (outcome: string) => ['scim', 'directory'].map((portal) => ({ portal, account: 'u-1', outcome }));
const softened: Account = { active: false, groups: [] };

describe('a run', () => {
  it('brings every portal about, side by side, in three appends each at most, and gives every lease back', async () => {
    const world = new World();
    expect(await world.finish(1, 'soft')).toEqual({ order: 1, phase: 'soft', outcomes: outcomes('done') });
    expect(world.accounts).toEqual({ scim: softened, directory: softened });
    expect([world.live.size, world.commits]).toEqual([0, 5]);
    const of = (portal: string) => world.calls.filter((call) => call.includes(portal)).map((call) => call.split(' ')[0]);
    expect(of('scim')).toEqual(['redeem', 'read', 'createOnce', 'inspect', 'apply', 'apply', 'inspect', 'give']);
    expect(world.calls.indexOf('redeem directory')).toBeLessThan(world.calls.indexOf('inspect scim'));
  });

  it('writes no credential, no key and nothing of a portal state in the clear', async () => {
    const world = new World();
    await world.finish(1, 'soft');
    const written = JSON.stringify(world.entries);
    for (const secret of ['secret-token', 'staff-secret-group', Buffer.alloc(32, 9).toString('base64url'), 'grant-']) {
      expect(written.replaceAll(/"accessor":"acc-grant[^"]*"/g, '')).not.toContain(secret);
    }
  });

  it('reinstates exactly the first before-state, also after a restart', async () => {
    const world = new World();
    const before = structuredClone(world.accounts);
    await world.finish(1, 'soft');
    world.runner = world.start();
    expect(await world.finish(2, 'reinstate')).toMatchObject({ outcomes: outcomes('done') });
    expect(world.accounts).toEqual(before);
    expect(world.of('state.recorded')).toHaveLength(2);
  });

  it('does nothing that the packet does not list, and lets the other portals go on', async () => {
    const world = new World();
    world.accounts['directory'] = { active: true, groups: [] };
    expect(await world.finish(1, 'soft', ['deactivate'])).toMatchObject({ outcomes: [{ outcome: 'failed' }, { outcome: 'done' }] });
    expect(world.of('portal.given_up')).toEqual([{ order: 1, portal: 'scim', code: 'effect_not_listed' }]);
    expect([world.changes, world.live.size]).toEqual([['deactivate directory'], 0]);
  });

  it('tries a broken portal as often as configured, then leaves it to a person', async () => {
    const world = new World();
    world.down = (call) => (call === 'inspect scim' ? 'portal_unreachable' : undefined);
    expect(await world.finish(1, 'soft')).toMatchObject({ outcomes: [{ outcome: 'failed' }, { outcome: 'done' }] });
    expect(world.waits).toEqual([1000, 2000, 5000]);
    expect(world.of('step.failed').map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    expect(world.live.size).toBe(0);
  });

  it('leaves a throttling portal alone as long as it asks, and never beyond the lease', async () => {
    for (const [seconds, leases] of [[30, 2], [58, 3]] as const) {
      const world = new World();
      world.onCall = (call) => {
        if (call !== 'apply deactivate scim') return;
        world.onCall = () => undefined;
        throw new PortalError('portal_throttled', 'slow down', seconds);
      };
      expect(await world.finish(1, 'soft')).toMatchObject({ outcomes: outcomes('done') });
      expect([world.waits, world.of('lease.issued').length, world.live.size]).toEqual([[seconds * 1000], leases, 0]);
    }
  });

  it('goes on with a new grant when the lease ends in the middle', async () => {
    const world = new World();
    let slow = true;
    world.onCall = (call) => {
      if (slow && call === 'apply deactivate scim') [slow, world.now] = [false, world.now + 58_000];
    };
    expect(await world.finish(1, 'soft')).toMatchObject({ outcomes: outcomes('done') });
    expect(world.of('step.failed').every(({ code }) => code === 'lease_expired')).toBe(true);
    expect([world.of('lease.issued').length, world.changes.length, world.live.size]).toEqual([4, 4, 0]);
  });

  it('waits for Vault as long as it is away, and gives no portal up for it', async () => {
    const world = new World();
    let tries = 0;
    world.down = (call) => (call === 'redeem scim' && ++tries <= 9 ? 'vault_unreachable' : undefined);
    expect(await world.finish(1, 'soft')).toMatchObject({ outcomes: outcomes('done') });
    expect(world.of('lease.refused').length).toBe(2);
  });
});
