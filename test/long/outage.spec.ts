import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonValue } from '#decider';
import { bookFaults, readBooks, verification } from './books.js';
import { attend, endOf, ends, file, type Leaver, leavers, type Refusal, steadily } from './crowd.js';
import { setStage, type Stage } from './stage.js';

const WINDOW_SECONDS = 2;
/** Longer than the window, so that the hard phase falls due while something is away. */
const AWAY_MS = 5_000;
const STAGGER_MS = 600;

/** What can be away: a process of ours that ends, or a system of the company that tears its connections. */
interface Outage {
  readonly away: string;
  readonly process?: 'store' | 'doer' | 'approvals';
  /** As the ledger names it; the store's own absence cannot be written anywhere. */
  readonly named: readonly string[];
  /** Whom it must stop: everybody, or only those about whom humans must be asked. */
  readonly stops: 'all' | 'asking';
  /** The problem that requests are answered with meanwhile. */
  readonly refuses?: string;
}

const OUTAGES: readonly Outage[] = [
  { away: 'store', process: 'store', named: [], stops: 'all', refuses: 'store_unreachable' },
  { away: 'vault', named: ['vault'], stops: 'all', refuses: 'vault_unreachable' },
  { away: 'hris', named: ['sources'], stops: 'all' },
  { away: 'directory', named: ['sources'], stops: 'all' },
  { away: 'scim', named: ['sources'], stops: 'all' },
  { away: 'doer', process: 'doer', named: ['doer'], stops: 'all' },
  { away: 'slack', named: ['approvals'], stops: 'asking' },
  { away: 'approvals', process: 'approvals', named: ['approvals'], stops: 'asking' },
];

describe('a dependency that goes away for a while during running cases', () => {
  const kinds = new Map<string, Leaver['kind']>();
  let stage: Stage, attending: Promise<void>;
  let over = false;
  let people: readonly Leaver[];

  beforeAll(async () => {
    stage = await setStage({ basePort: 21_600, windowSeconds: WINDOW_SECONDS });
    people = await leavers(stage.client, { quiet: OUTAGES.length * 3, approved: OUTAGES.length, rejected: 0 });
    attending = attend(stage.client, kinds, () => over);
  });
  afterAll(async () => {
    over = true;
    await attending;
    await stage.strike();
  });

  const next = (kind: Leaver['kind']): Leaver => {
    const found = people.find((leaver) => leaver.kind === kind);
    people = people.filter((leaver) => leaver !== found);
    return found!;
  };
  const begin = async (leaver: Leaver, refused?: (refusal: Refusal) => void): Promise<string> => {
    const id = await file(stage.client, leaver, refused);
    kinds.set(id, leaver.kind);
    return id;
  };
  const softDone = (id: string) => steadily(`the soft phase of ${id}`, async () => ((await readBooks(stage.client)).journal.some(({ case: about, type }) => about === id && type === 'order.finished') ? true : undefined));
  const turn = async ({ away, process }: Outage, on: boolean): Promise<void> => {
    if (process === undefined) await stage.client.control('/control/outage', { json: { service: away, on } });
    else if (on) await stage.stack.end(process);
    else await stage.stack.start(stage.parts[process]);
  };
  const actionsBetween = async (from: string, to: string) => {
    const { actions } = await stage.client.control('/control/actions');
    return (actions as { at: string; employeeNumber: string; what: string }[]).filter(({ at }) => at > from && at < to);
  };

  it.each(OUTAGES)('$away: nothing is executed meanwhile, and everything goes on by itself when it is back', async (outage) => {
    const { client } = stage;
    const first = await begin(next('quiet'));
    await delay(STAGGER_MS);
    const second = await begin(next('quiet'));
    await Promise.all([softDone(first), softDone(second)]);

    await turn(outage, true);
    const from = new Date().toISOString();
    const [plain, asking] = [next('quiet'), next('approved')];
    const refusals: Refusal[] = [];
    const meanwhile = Promise.all([plain, asking].map((leaver) => begin(leaver, (refusal) => void refusals.push(refusal))));
    if (outage.refuses) {
      await steadily('a refusal of each request', () => Promise.resolve(refusals.length >= 2 ? true : undefined));
      await steadily('readiness that says so', async () => ((await client.gatekeeper('/ready')).status === 503 ? true : undefined));
    }
    await delay(Math.max(0, Date.parse(from) + AWAY_MS - Date.now()));
    const to = new Date().toISOString();
    await turn(outage, false);

    const filed = [first, second, ...(await meanwhile)];
    expect(await ends(client, filed)).toEqual(filed.map(() => 'done'));
    const executed = await actionsBetween(from, to);
    expect(outage.stops === 'all' ? executed : executed.filter(({ employeeNumber }) => employeeNumber === asking.employee)).toEqual([]);
    if (outage.stops === 'asking') expect(executed.map(({ employeeNumber }) => employeeNumber)).toContain(plain.employee);
    const problems = refusals.map(({ status, body: { status: said, type, detail } }) => [status, said, type, typeof detail]);
    expect(problems).toEqual(problems.map(() => [503, 503, `urn:gatehouse:problem:${outage.refuses ?? 'none'}`, 'string']));
    const { ledger } = await readBooks(client);
    const told = (type: string): readonly JsonValue[] => ledger.filter((entry) => entry.at >= from && entry.type === type).map(({ data }) => data.dependency ?? null);
    expect({ lost: told('dependency.lost'), restored: told('dependency.restored') }).toEqual({ lost: outage.named, restored: outage.named });
  });

  it('leaves everything that was accepted in books that fit', async () => {
    expect(bookFaults(await verification(stage.client))).toEqual([]);
    const { ledger } = await readBooks(stage.client);
    const accepted = ledger.filter(({ type }) => type === 'request.received').map(({ case: id }) => id);
    expect(accepted.sort()).toEqual([...kinds.keys()].sort());
    expect(await Promise.all([...kinds.keys()].map((id) => endOf(stage.client, id)))).not.toContain(undefined);
    const { missing } = (await stage.client.gatekeeper('/ready')).body;
    expect(missing).toEqual([]);
  });
});
