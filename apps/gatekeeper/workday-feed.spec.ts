import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, test } from '@jest/globals';
import type { JsonObject } from '#decider';
import { openWorkdayReport } from '#evidence';
import { Book, EntrySeal } from '#ledger';
import { type Tenant, type TenantCommand, tenantLedger } from '#lifecycle';
import type { Vault } from '#vault';
import { type Says, type ScriptedServer, serverThat } from '../../test/connectors/scripted-server.js';
import { MemoryStore } from '../../test/ledger/memory-store.js';
import { TERMS } from '../../test/lifecycle/scenario.js';
import { CaseKeys } from './case-keys.js';
import { ReceiveRequestHandler } from './commands.js';
import type { TenantRuntime } from './tenant.js';
import { followWorkday, terminationIn } from './workday-feed.js';

const row = (employee: string, lastDay: string): JsonObject => ({ Employee_ID: employee, Termination_Date: lastDay });
const AWAY: Says = [500];

/** A gatekeeper's ledger in memory, and a report that says what it is told to, one answer a question, and the last one from then on. */
class Stage {
  readonly store = new MemoryStore();
  readonly logged: unknown[] = [];
  readonly #held = new Map<string, JsonObject>();
  readonly #over: (() => Promise<unknown>)[] = [];
  server!: ScriptedServer;
  said: Says[] = [];
  requester = 'p-10003';

  async open(): Promise<void> {
    this.server = await serverThat((_, nth) => this.said[Math.min(nth, this.said.length) - 1]);
  }

  /** Starts a gatekeeper that follows the report. */
  async start(): Promise<Book<Tenant, TenantCommand>> {
    const ledger = await Book.open<Tenant, TenantCommand>({
      store: this.store, stream: 'ledger-acme', tenant: 'acme', opening: { type: 'ledger.opened', case: null, actor: 'gatekeeper', data: { by: 'gatekeeper' } },
      machine: tenantLedger(TERMS), clock: () => new Date('2026-11-23T10:00:00.000Z'), newId: randomUUID, seal: new EntrySeal(new Uint8Array(32).fill(9)), patienceMs: 1_000,
    });
    const vault = {
      read: (path: string) => Promise.resolve(this.#held.get(path)),
      createOnce: (path: string, value: JsonObject) => Promise.resolve(Boolean(this.#held.set(path, value))),
    } as Vault;
    const tenant = { settings: { id: 'acme' }, ledger, keys: new CaseKeys(vault, 'acme', randomBytes) } as TenantRuntime;
    const over = new AbortController();
    const handler = new ReceiveRequestHandler();
    const following = followWorkday({
      tenant,
      feed: { hris: { id: 'workday', kind: 'feed', requester: this.requester, key: new Uint8Array(32).fill(7) }, report: openWorkdayReport({ url: this.server.url, user: 'isu', token: 'pw', timeoutMs: 60_000 }), since: '2026-11-01', everyMs: 5 },
      receive: (request) => handler.execute(request),
      signal: over.signal,
      log: (event, facts) => this.logged.push({ event, ...facts }),
    });
    this.#over.push(async () => {
      over.abort();
      await following;
      await ledger.close();
    });
    return ledger;
  }

  async end(): Promise<void> {
    for (const end of this.#over.splice(0)) await end();
  }

  /** Until the report was asked so often. */
  async asked(times: number): Promise<void> {
    while (this.server.asked.length < times) await new Promise((resolve) => setImmediate(resolve));
  }

  entries(type: string): readonly JsonObject[] {
    return this.store.all('ledger-acme').map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()) as JsonObject).filter((entry) => entry.type === type);
  }
}

let stage: Stage;
beforeEach(async () => {
  stage = new Stage();
  await stage.open();
});
afterEach(async () => {
  await stage.end();
  await stage.server.close();
});

const report = (...rows: readonly JsonObject[]): Says => [200, { Report_Entry: rows }];

describe('a report of terminations', () => {
  it('makes one request of each, however often it is read, restarted, or asked for in another name', async () => {
    stage.said = [report(row('10042', '2026-11-27')), report(row('10042', '2026-11-27'), row('10057', '2026-11-30'))];
    await stage.start();
    await stage.asked(5);
    await stage.end();
    stage.requester = 'p-10004';
    const ledger = await stage.start();
    await stage.asked(9);
    const received = stage.entries('request.received');
    expect(received.map(({ data }) => data)).toEqual([1, 2].map(() => expect.objectContaining({ channel: 'workday', requester: 'p-10003', format: 'json', pipeline: 'offboard' })));
    expect(JSON.stringify(received)).not.toMatch(/10042|10057/);
    expect(ledger.state.cases.size).toBe(2);
    expect(stage.logged).toEqual([]);
  });

  it('makes another of another last day, and none of who left before the feed was there', async () => {
    stage.said = [report(row('10042', '2026-11-27'), row('10099', '2026-10-31')), report(row('10042', '2026-12-04'), row('10099', '2026-10-31'))];
    await stage.start();
    await stage.asked(4);
    expect(stage.entries('request.received')).toHaveLength(2);
  });

  it('is named when it is away, once, and when it is back; what it says then is not lost', async () => {
    stage.said = [...Array.from({ length: 9 }, () => AWAY), report(row('10042', '2026-11-27'))];
    const ledger = await stage.start();
    await stage.asked(12);
    expect([stage.entries('dependency.lost'), stage.entries('dependency.restored')].map((all) => all.map(({ data }) => data))).toEqual([[{ dependency: 'feed:workday' }], [{ dependency: 'feed:workday' }]]);
    expect([ledger.state.cases.size, ledger.state.lost.size]).toEqual([1, 0]);
    expect(stage.logged).toEqual([{ event: 'feed_interrupted', tenant: 'acme', feed: 'workday', code: 'portal_unreachable' }]);
  });

  it('that fails once and answers when it is asked again was never away', async () => {
    stage.said = [AWAY, [429, null, { 'retry-after': '0' }], report()];
    await stage.start();
    await stage.asked(4);
    expect([stage.entries('dependency.lost'), stage.logged]).toEqual([[], []]);
  });

  test.each<[code: string, said: Says]>([
    ['portal_refused', [401]],
    ['portal_answer', [200, { Report_Entry: 'none' }]],
    ['portal_answer', [404]],
    ['portal_answer', report(row('10042', 'soon'))],
  ])('that answers %s is not hurried, and named', async (code, said) => {
    stage.said = [said, report()];
    const ledger = await stage.start();
    await stage.asked(3);
    expect([stage.entries('dependency.lost').length, ledger.state.lost.size]).toEqual([1, 0]);
    expect(stage.logged).toEqual([expect.objectContaining({ code })]);
  });

  it('is read past a row that cannot be read', async () => {
    stage.said = [report({ Worker: 'nobody' }, row('10042', '2026-11-27'))];
    const ledger = await stage.start();
    await stage.asked(2);
    expect([ledger.state.cases.size, [...ledger.state.lost.keys()]]).toEqual([1, ['feed:workday']]);
  });

  it('is asked for with its credential, which no log and no entry shows', async () => {
    stage.said = [[401], report()];
    await stage.start();
    await stage.asked(2);
    expect(stage.server.asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from('isu:pw').toString('base64')}`);
  });
});

describe('a row', () => {
  test.each<[row: JsonObject, read: string | undefined]>([
    [row('10042', '2026-11-27'), '10042 2026-11-27'],
    [row('10042', '2026-11-27-08:00'), '10042 2026-11-27'],
    [row(' 10042 ', '2026-11-27Z'), '10042 2026-11-27'],
    [row('10042', '2026-02-30'), undefined],
    [row('10042', '27.11.2026'), undefined],
    [row('10042', ''), undefined],
    [row('', '2026-11-27'), undefined],
    [row('10042:2026', '2026-11-27'), undefined],
    [{ Employee_ID: 10_042, Termination_Date: '2026-11-27' }, undefined],
    [{}, undefined],
  ])('%j', (one, read) => {
    const found = terminationIn(one);
    expect(found && `${found.employee} ${found.lastDay}`).toBe(read);
  });
});
