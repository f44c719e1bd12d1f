import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#decider';
import type { Connector, Phase, PlannedStep, PortalState } from '#portals';
import { refusalOf } from './scripted-server.js';

/** Somebody with an account in the portal; no two tests get the same one. */
export interface Holder {
  readonly employee: string;
  readonly address: string;
  readonly name: string;
}

/** A portal that a connector's contract runs against. */
export interface ConnectorHarness {
  /** Holders of varied make: many groups and none, odd names, roles, disabled accounts. At least forty. */
  readonly holders: readonly Holder[];
  open(credential: 'write' | 'read' | 'wrong'): Connector;
  /** What the portal says was done and changed something, by account. */
  changes(account: string): Promise<number>;
  outage(on: boolean): Promise<void>;
  stop(): Promise<void>;
}

const PHASES: readonly Phase[] = ['soft', 'hard', 'reinstate'];

/** What every connector must keep, over the portal's real protocol. */
export function connectorContract(name: string, start: () => Promise<ConnectorHarness>): void {
  describe(`the contract of a connector, kept by ${name}`, () => {
    let harness: ConnectorHarness;
    let connector: Connector;
    let next = 0;

    beforeAll(async () => {
      harness = await start();
      connector = harness.open('write');
    });
    afterAll(async () => harness.stop());

    const holder = (): Holder => harness.holders[next++]!;
    const accountOf = async ({ employee }: Holder): Promise<string> => (await connector.find({ employee }))[0]!.account;
    const apply = async (account: string, steps: readonly PlannedStep[]): Promise<void> => {
      for (const step of steps) await connector.apply(account, step);
    };
    const run = async (phase: Phase, account: string, before: PortalState): Promise<PortalState> => {
      await apply(account, connector.plan(phase, before, await connector.inspect(account)));
      return connector.inspect(account);
    };
    const lasting = (state: PortalState): JsonObject =>
      Object.fromEntries(Object.entries(state).filter(([field]) => !connector.unrestorable.includes(field)));
    /** A step of each effect of the phase, whether it is planned just now or not. */
    const everyStep = (phase: Phase): readonly PlannedStep[] =>
      connector.effects(phase).map(({ effect, reversible }) => ({ effect, reversible, detail: { add: ['any'], remove: ['other'] } }));

    it('finds an account by address, number and name, and brings along what inspect says', async () => {
      const { employee, address, name: called } = holder();
      const account = await accountOf({ employee, address, name: called });
      for (const subject of [{ address }, { address: address.toUpperCase() }, { employee }, { name: called }]) {
        const found = (await connector.find(subject)).find((ref) => ref.account === account);
        expect(found).toMatchObject({ portal: connector.portal, employee, label: { address, name: called } });
        expect(found?.state).toEqual(await connector.inspect(account));
      }
    });

    it('finds nobody who is not there, whatever characters are asked for', async () => {
      for (const odd of ['nobody@acme.example', '"', '\\', 'x" or userName pr or userName eq "', '%', '&email=a', '*', 'ä ö', '#', '+', '(objectClass=*)']) {
        for (const subject of [{ address: odd }, { employee: odd }, { name: odd }]) expect(await connector.find(subject)).toEqual([]);
      }
      expect(await connector.inspect('no-such-account')).toEqual({ exists: false });
    });

    it('reinstates exactly what soft took, whatever the account was like', async () => {
      for (let i = 0; i < 25; i++) {
        const account = await accountOf(holder());
        const before = await connector.inspect(account);
        const soft = await run('soft', account, before);
        expect(soft).toMatchObject({ exists: true, active: false, groups: [] });
        expect(connector.plan('soft', before, soft)).toEqual([]);
        const again = await run('reinstate', account, before);
        expect(lasting(again)).toEqual(lasting(before));
        expect(connector.plan('reinstate', before, again)).toEqual([]);
      }
    }, 30_000);

    it('takes a repeated step for done, and changes nothing by it', async () => {
      const account = await accountOf(holder());
      const before = await connector.inspect(account);
      const soft = connector.plan('soft', before, before);
      await apply(account, soft);
      const [state, changes] = [await connector.inspect(account), await harness.changes(account)];
      await apply(account, soft);
      expect(await connector.inspect(account)).toEqual(state);
      expect(await harness.changes(account)).toBe(changes);
      const back = connector.plan('reinstate', before, state);
      await apply(account, [...back, ...back]);
      expect(lasting(await connector.inspect(account))).toEqual(lasting(before));
    });

    it('goes on from wherever it was cut off, and does nothing twice', async () => {
      const account = await accountOf(holder());
      const before = await connector.inspect(account);
      const steps = connector.plan('soft', before, before);
      for (const step of steps) {
        const current = await connector.inspect(account);
        expect(connector.plan('soft', before, current)[0]).toEqual(step);
        await connector.apply(account, step);
      }
      expect(connector.plan('soft', before, await connector.inspect(account))).toEqual([]);
      const changes = await harness.changes(account);
      await run('soft', account, before);
      expect(await harness.changes(account)).toBe(changes);
    });

    it('deletes by hard, once; then nothing brings it back', async () => {
      const who = holder();
      const account = await accountOf(who);
      const before = await connector.inspect(account);
      const soft = await run('soft', account, before);
      const hard = connector.plan('hard', before, soft);
      await apply(account, [...hard, ...hard]);
      const gone = await connector.inspect(account);
      expect(gone).toEqual({ exists: false });
      expect(await connector.find({ employee: who.employee })).toEqual([]);
      for (const phase of ['soft', 'hard'] as const) expect(connector.plan(phase, before, gone)).toEqual([]);
      expect(() => connector.plan('reinstate', before, gone)).toThrow('deleted');
    });

    it('cannot apply anything with the read-only credential, and can look all the same', async () => {
      const reader = harness.open('read');
      const who = holder();
      const account = await accountOf(who);
      const before = await reader.inspect(account);
      expect(await reader.find({ employee: who.employee })).toHaveLength(1);
      for (const phase of PHASES)
        for (const step of everyStep(phase)) expect((await refusalOf(reader.apply(account, step))).code).toBe('portal_refused');
      expect(await connector.inspect(account)).toEqual(before);
      expect(await harness.changes(account)).toBe(0);
    });

    it('is refused with a wrong credential', async () => {
      const stranger = harness.open('wrong');
      const { employee } = holder();
      expect((await refusalOf(stranger.find({ employee }))).code).toBe('portal_refused');
      expect((await refusalOf(stranger.inspect(await accountOf({ employee, address: '', name: '' })))).code).toBe('portal_refused');
    });

    it('says that a portal is away, and goes on when it is back', async () => {
      const account = await accountOf(holder());
      const before = await connector.inspect(account);
      await harness.outage(true);
      expect((await refusalOf(connector.inspect(account))).code).toBe('portal_unreachable');
      expect((await refusalOf(connector.apply(account, { effect: 'deactivate', reversible: true, detail: {} }))).code).toBe('portal_unreachable');
      await harness.outage(false);
      expect(await connector.inspect(account)).toEqual(before);
    });
  });
}
