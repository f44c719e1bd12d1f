import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonValue } from '#decider';
import type { Connector, Phase, PlannedStep, PortalState } from './index.js';
import { openConnector } from './index.js';

const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/), { maxLength: 6 }).map((list): JsonValue => list.toSorted());
const picture = { active: fc.boolean(), groups: names, roles: names };
const STATES: Record<Connector['kind'], fc.Arbitrary<PortalState>> = {
  directory: fc.record({ ...picture, exists: fc.constant<true>(true), licences: names, sessions: fc.nat({ max: 5 }), department: fc.string() }),
  scim: fc.record({ ...picture, exists: fc.constant<true>(true), userName: fc.string(), entitlements: names }),
};
const LISTS: Readonly<Record<string, string>> = { groups: 'groups', roles: 'roles', licences: 'licences' };

/** What a portal makes of a step: the meaning of each effect, told once more and independently of the connectors. */
function after(state: PortalState, { effect, detail }: PlannedStep): PortalState {
  if (!state.exists) return state;
  if (effect === 'delete_account') return { exists: false };
  if (effect === 'end_sessions') return { ...state, sessions: 0 };
  if (effect === 'activate' || effect === 'deactivate') return { ...state, active: effect === 'activate' };
  const field = LISTS[effect.split('_')[1] ?? ''];
  if (field === undefined) throw new Error(`unheard of: ${effect}`);
  const has = new Set(state[field] as string[]);
  for (const name of detail['add'] as string[]) has.add(name);
  for (const name of detail['remove'] as string[]) has.delete(name);
  return { ...state, [field]: [...has].sort() };
}
const run = (state: PortalState, steps: readonly PlannedStep[]): PortalState => steps.reduce(after, state);

describe.each(['directory', 'scim'] as const)('the plan of %s', (kind) => {
  const connector = openConnector({ portal: kind, kind, url: 'http://127.0.0.1:1', token: 't', timeoutMs: 1 });
  const phases = fc.constantFrom<Phase>('soft', 'hard', 'reinstate');
  const states = STATES[kind];

  it('reinstates what soft took, field by field but for what it declares', () => {
    fc.assert(
      fc.property(states, (before) => {
        const soft = run(before, connector.plan('soft', before, before));
        const again = run(soft, connector.plan('reinstate', before, soft));
        const lost = Object.fromEntries(connector.unrestorable.flatMap((field) => (field in before ? [[field, 0]] : [])));
        expect(again).toEqual({ ...before, ...lost });
      }),
    );
  });

  it('reinstates from any state that the account has come into since', () => {
    fc.assert(
      fc.property(states, states, (before, meanwhile) => {
        const again = run(meanwhile, connector.plan('reinstate', before, meanwhile));
        expect(again).toMatchObject({ active: before.exists && before['active'], groups: before.exists && before['groups'] });
      }),
    );
  });

  it('leaves nothing to do once it is done, and only what is left when it is taken up half-way', () => {
    fc.assert(
      fc.property(phases, states, states, fc.nat(), (phase, before, current, cut) => {
        const steps = connector.plan(phase, before, current);
        const half = run(current, steps.slice(0, cut % (steps.length + 1)));
        const done = run(half, connector.plan(phase, before, half));
        expect(done).toEqual(run(current, steps));
        expect(connector.plan(phase, before, done)).toEqual([]);
      }),
    );
  });

  it('takes away access by soft, and the account by hard', () => {
    fc.assert(
      fc.property(states, (state) => {
        const soft = run(state, connector.plan('soft', state, state));
        expect(soft).toMatchObject({ active: false, groups: [] });
        expect(run(soft, connector.plan('hard', state, soft))).toEqual({ exists: false });
      }),
    );
  });

  it('holds no effect that an approver was not shown, and calls reversible what comes back', () => {
    fc.assert(
      fc.property(phases, states, states, (phase, before, current) => {
        const shown = new Map(connector.effects(phase).map(({ effect, reversible }) => [effect, reversible]));
        for (const { effect, reversible } of connector.plan(phase, before, current)) expect(shown.get(effect)).toBe(reversible);
      }),
    );
  });

  it('is empty for what is gone, but says so to a reinstate', () => {
    const gone: PortalState = { exists: false };
    const before: PortalState = { exists: true, active: true, groups: [], roles: [], licences: [], sessions: 0 };
    expect(connector.plan('soft', before, gone)).toEqual([]);
    expect(connector.plan('hard', before, gone)).toEqual([]);
    expect(() => connector.plan('reinstate', before, gone)).toThrow('deleted');
    expect(connector.plan('reinstate', gone, gone)).toEqual([]);
  });

  it('refuses a state of another make', () => {
    const good: PortalState = { exists: true, active: true, groups: [], roles: [], licences: [], sessions: 0 };
    expect(() => connector.plan('reinstate', { exists: true, groups: [], roles: [], licences: [] }, good)).toThrow('active');
    expect(() => connector.plan('soft', good, { exists: true, active: true, groups: 'x' })).toThrow('groups');
  });
});

describe('what an account holds', () => {
  const of = (kind: Connector['kind'], state: PortalState) =>
    openConnector({ portal: kind, kind, url: 'http://127.0.0.1:1', token: 't', timeoutMs: 1 }).holds(state, '2026-11-23T10:00:00.000Z');
  const directory = (more: Record<string, JsonValue>) => of('directory', { exists: true, roles: [], ownerOf: [], escalations: [], ...more });

  it('is read from roles, ownership and escalations of the last thirty days', () => {
    expect(directory({})).toEqual({ privilege: 'none', production_owner: false, recent_escalation: false, preconditions: [] });
    expect(directory({ roles: ['helpdesk-admin'] })).toMatchObject({ privilege: 'elevated' });
    expect(directory({ roles: ['helpdesk-admin', 'admin'] })).toMatchObject({ privilege: 'admin' });
    expect(directory({ ownerOf: [{ system: 'wiki', production: false }] })).toMatchObject({ production_owner: false });
    expect(directory({ ownerOf: [{ system: 'db', production: true }] })).toMatchObject({ production_owner: true });
    expect(directory({ escalations: [{ at: '2026-10-01T00:00:00.000Z', role: 'x' }] })).toMatchObject({ recent_escalation: false });
    expect(directory({ escalations: [{ at: '2026-11-01T00:00:00.000Z', role: 'x' }] })).toMatchObject({ recent_escalation: true });
  });

  it('names what people must hand over before the account goes', () => {
    const all = { ownerOf: [{ system: 'wiki', production: false }], onCall: true, filesOwned: 2, sharedMailboxes: ['sales'] };
    expect(directory(all).preconditions).toEqual(['hand_over_mailboxes', 'hand_over_on_call', 'transfer_files', 'transfer_ownership']);
    expect(directory({ onCall: false, filesOwned: 0, sharedMailboxes: [] }).preconditions).toEqual([]);
  });

  it('is worse, never better, where the portal is vague', () => {
    expect(directory({ ownerOf: [{ system: 'db' }], escalations: [{ role: 'x' }] })).toMatchObject({ production_owner: true, recent_escalation: true });
  });

  it('is left open where the portal does not tell', () => {
    expect(of('directory', { exists: true })).toEqual({});
    expect(of('directory', { exists: false })).toEqual({});
    expect(of('scim', { exists: true, roles: [] })).toEqual({});
    expect(of('scim', { exists: true, roles: ['member'] })).toEqual({ privilege: 'none' });
    expect(of('scim', { exists: true, roles: ['member', 'billing'] })).toEqual({ privilege: 'elevated' });
    expect(of('scim', { exists: true, roles: ['Org Owner'] })).toEqual({ privilege: 'admin' });
  });
});
