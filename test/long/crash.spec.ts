import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Seeded } from '../../apps/sandbox/seeded.js';
import type { Client } from '../../dist/apps/console/client.js';
import { type App, APPS } from '../../dist/apps/console/parts.js';
import { actionFaults } from './actions.js';
import { type Books, bookFaults, byCase, readBooks, verification } from './books.js';
import { attend, ends, file, type Leaver, leavers } from './crowd.js';
import { leaseFaults, type Lease, leasesOf } from './leases.js';
import { setStage, type Stage } from './stage.js';

const KILLS_EACH = 10;
const CASES = { quiet: 36, approved: 10, rejected: 4 } as const;
const SEED = 20_261_123;
const LEASE_MS = 60_000;
/** Slow systems, so that a kill often finds somebody in the middle of something. */
const LATENCY_MS = 80;

interface Kill {
  readonly app: App;
  readonly at: string;
}

/** Kills every process this often, in random order at random moments, and starts each again at once. */
async function havoc({ client, stack, parts }: Stage, kills: Kill[]): Promise<void> {
  const chance = new Seeded(SEED);
  const left = APPS.flatMap((app) => Array.from({ length: KILLS_EACH }, () => ({ app, when: chance.next() }))).sort((a, b) => a.when - b.when).map(({ app }) => app);
  for (const app of left) {
    await delay(chance.between(50, 900));
    await stack.end(app, 'SIGKILL');
    kills.push({ app, at: new Date().toISOString() });
    await stack.start(parts[app]);
    if (app === 'sandbox') await slow(client);
  }
}

async function slow(client: Client): Promise<void> {
  await client.control('/control/latency', { json: { ms: LATENCY_MS } });
}

describe('every process killed ten times while fifty cases run', () => {
  const kills: Kill[] = [];
  const cases = new Map<string, Leaver>();
  let stage: Stage, ended: ReadonlyMap<string, string>, books: Books, leases: readonly Lease[];
  let verified: Awaited<ReturnType<typeof verification>>;

  beforeAll(async () => {
    stage = await setStage({ basePort: 21_500, windowSeconds: 2 });
    const { client } = stage;
    const people = await leavers(client, CASES);
    await slow(client);
    const chance = new Seeded(SEED + 1);
    const shuffled = people.map((leaver) => ({ leaver, when: chance.next() })).sort((a, b) => a.when - b.when);
    const kinds = new Map<string, Leaver['kind']>();
    let over = false;
    const attending = attend(client, kinds, () => over);
    const filing = (async () => {
      const filed = shuffled.map(async ({ leaver }, i) => {
        // spread over the kills, so that some case is always under way
        while (kills.length < (i / shuffled.length) * KILLS_EACH * APPS.length * 0.97) await delay(50);
        const id = await file(client, leaver);
        cases.set(id, leaver);
        kinds.set(id, leaver.kind);
      });
      await Promise.all(filed);
    })();
    try {
      await Promise.all([havoc(stage, kills), filing]);
      const ids = [...cases.keys()];
      const states = await ends(client, ids);
      ended = new Map(ids.map((id, i) => [id, states[i] ?? '']));
    } finally {
      over = true;
      await attending;
    }
    verified = await verification(client);
    books = await readBooks(client);
    leases = await leasesOf(client);
    console.log(`${kills.length} kills, ${cases.size} cases, ${books.ledger.length} + ${books.journal.length} entries, ${leases.length} leases of which ${leases.filter(({ revokedAt }) => revokedAt === undefined).length} died with their holder`);
  }, 300_000);
  afterAll(() => stage.strike());

  it('happened as often as it should', () => {
    expect(APPS.map((app) => kills.filter((kill) => kill.app === app).length)).toEqual(APPS.map(() => KILLS_EACH));
    expect(cases.size).toBe(50);
    const underWay = (at: string): number => [...byCase(books.ledger).values()].filter((entries) => (entries[0]?.at ?? at) < at && (entries.find(({ type }) => type === 'case.ended')?.at ?? '') > at).length;
    const open = kills.map(({ at }) => underWay(at));
    console.log(`cases under way at each kill: ${open.join(' ')}`);
    expect(open.filter((count) => count > 0).length).toBeGreaterThan(kills.length * 0.8);
  });

  it('changes how no case ends', () => {
    const expected = [...cases].map(([id, { kind }]) => [id, kind === 'rejected' ? 'rejected' : 'done']);
    expect([...ended]).toEqual(expected);
  });

  it('makes no action at a portal take effect twice, and leaves none out', async () => {
    const { actions } = await stage.client.control('/control/actions');
    const deleted = [...cases.values()].filter(({ kind }) => kind !== 'rejected').map(({ employee }) => employee);
    expect(actionFaults(actions, deleted)).toEqual([]);
  });

  it('leaves books that fit, each journal entry with its receipt', () => {
    expect(bookFaults(verified)).toEqual([]);
  });

  it('leaves no lease but those that died with their holder', async () => {
    const entriesOf = byCase(books.journal);
    const holderDied = ({ at, what }: Lease): boolean => {
      const [id = '', order] = what.split('/');
      const end = entriesOf.get(id)?.find(({ type, data }) => type === 'order.finished' && data.order === Number(order))?.at ?? '';
      return kills.some((kill) => (kill.app === 'doer' || kill.app === 'sandbox') && kill.at >= at && kill.at <= end && Date.parse(kill.at) - Date.parse(at) < LEASE_MS);
    };
    expect(leaseFaults(leases, books.journal, holderDied)).toEqual([]);
    // and those end by themselves within their minute
    const { client, addresses } = stage;
    for (const { accessor, revokedAt } of leases) {
      if (revokedAt !== undefined) continue;
      const { status, body } = await client.ask(`http://${addresses.vault}/v1/auth/token/lookup-accessor`, { json: { accessor }, headers: { 'x-vault-token': client.token('vault-root') } });
      if (status === 200) expect(body).toMatchObject({ data: { ttl: expect.any(Number), creation_ttl: 60, orphan: true } });
      else expect(status).toBe(400);
    }
  });

  it('leaves the views as the ledger is', async () => {
    const { body } = await stage.client.admin('/v1/cases?outcome=open');
    expect(body).toMatchObject({ cases: [] });
  });
});
