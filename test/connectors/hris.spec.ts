import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import type { JsonObject, JsonValue } from '#decider';
import { type Employee, type Hris, HRIS_KINDS, type HrisKind, openHris } from '#evidence';
import { BAMBOOHR_API } from '../../apps/sandbox/bamboohr.js';
import { CAST } from '../../apps/sandbox/cast.js';
import { company } from '../../apps/sandbox/company.js';
import type { Sandbox } from '../../apps/sandbox/sandbox.js';
import { REPORTS } from '../../apps/sandbox/workday.js';
import { ask, SECRETS, startedSandbox, TODAY } from '../sandbox/started-sandbox.js';
import { everythingIn, refusalOf, type Says, serverThat } from './scripted-server.js';

const NOW = new Date(`${TODAY}T12:00:00.000Z`);
/** Enough people for some to stand in every way. */
const FOUNDING = { seed: 7, size: 250, today: TODAY };
const PEOPLE = company(FOUNDING);

/** What sets a protocol apart: where it is spoken, with what, and what it does not keep. */
const SPOKEN: Readonly<Record<HrisKind, { readonly path: string; readonly credential: { readonly user?: string; readonly token: string }; readonly forgets: readonly (keyof Employee)[] }>> = {
  employees: { path: '', credential: { token: SECRETS.hrisToken }, forgets: [] },
  bamboohr: { path: `/${BAMBOOHR_API}`, credential: { user: SECRETS.bambooHr.apiKey, token: 'x' }, forgets: ['aliases', 'formerNames', 'formerEmails'] },
  workday: { path: `/${REPORTS}/Workers?format=json`, credential: { user: SECRETS.workday.user, token: SECRETS.workday.password }, forgets: ['aliases', 'formerNames', 'formerEmails'] },
};

let sandbox: Sandbox;
beforeAll(async () => (sandbox = await startedSandbox({ origin: { founding: FOUNDING } })));
afterAll(() => sandbox.stop());

describe.each(HRIS_KINDS)('the contract of an HRIS, kept by %s', (kind) => {
  const { path, credential, forgets } = SPOKEN[kind];
  const open = (wrong: Partial<typeof credential> = {}, url = sandbox.addresses.hris! + path): Hris => openHris({ kind, now: () => NOW, url, ...credential, ...wrong, timeoutMs: 60_000 });
  const numbers = (found: readonly Employee[]): readonly string[] => found.map(({ employeeNumber }) => employeeNumber);

  it('tells of everybody who they are, where they stand and when they leave', async () => {
    const hris = open();
    const standings = new Set<string>();
    for (const { employeeNumber, displayName, workEmail, employmentType, status, lastDay, ...person } of PEOPLE) {
      const [found, ...others] = await hris.find({ employeeNumber });
      expect([found, others]).toMatchObject([{ employeeNumber, displayName, workEmail, status, lastDay }, []]);
      expect([employmentType, ...(kind === 'bamboohr' && status === 'terminated' ? ['unknown'] : [])]).toContain(found?.employmentType);
      for (const field of ['aliases', 'formerNames', 'formerEmails'] as const) expect(found?.[field]).toEqual(forgets.includes(field) ? [] : person[field]);
      standings.add(`${status} ${employmentType}`);
    }
    for (const each of ['active employee', 'active contractor', 'leaving employee', 'terminated employee', 'on_leave employee']) expect([...standings]).toContain(each);
  });

  it('finds by address and name whatever their case, all who share a name, and nobody who is not there', async () => {
    const hris = open();
    expect(numbers(await hris.find({ email: 'Marta.Kowalska@ACME.example' }))).toEqual([CAST.leaver]);
    expect(numbers(await hris.find({ name: 'marta kowalska' }))).toEqual([CAST.leaver]);
    expect([...numbers(await hris.find({ name: 'Daniel Kim' }))].sort()).toEqual(CAST.namesakes);
    for (const odd of ['nobody@acme.example', '', ' ', '%', '*', '"', '&email=a', 'ä', '0'])
      for (const query of [{ email: odd }, { employeeNumber: odd }, { name: odd }, { formerEmail: odd }]) expect(await hris.find(query)).toEqual([]);
  });

  it('finds under a former address only where it keeps those', async () => {
    expect(numbers(await open().find({ formerEmail: 'elena.sokolova@acme.example' }))).toEqual(forgets.includes('formerEmails') ? [] : [CAST.renamed]);
  });

  it('hears of a change at the next question', async () => {
    const hris = open();
    const change = (body: JsonObject): Promise<unknown> => ask('POST', `${sandbox.addresses.control!}/control/employees/${CAST.secondLeaver}`, { body });
    const before = PEOPLE.find(({ employeeNumber }) => employeeNumber === CAST.secondLeaver)!;
    await change({ status: 'terminated', lastDay: '2026-11-20' });
    expect(await hris.find({ employeeNumber: CAST.secondLeaver })).toMatchObject([{ status: 'terminated', lastDay: '2026-11-20' }]);
    await change({ status: before.status, lastDay: before.lastDay });
    expect(await hris.find({ employeeNumber: CAST.secondLeaver })).toMatchObject([{ status: before.status, lastDay: before.lastDay }]);
  });

  it('is refused with another credential, and says neither', async () => {
    const error = await refusalOf(open({ token: 'very-secret' }).find({ employeeNumber: CAST.leaver }));
    expect(error.code).toBe('portal_refused');
    expect(everythingIn(error)).not.toContain('very-secret');
  });

  it('is away and back', async () => {
    const outage = (on: boolean): Promise<unknown> => ask('POST', `${sandbox.addresses.control!}/control/outage`, { body: { service: 'hris', on } });
    const hris = open();
    await outage(true);
    expect((await refusalOf(hris.find({ employeeNumber: CAST.leaver }))).code).toBe('portal_unreachable');
    await outage(false);
    expect(numbers(await hris.find({ employeeNumber: CAST.leaver }))).toEqual([CAST.leaver]);
  });

  test.each<{ readonly says: Says }>([{ says: [200, {}] }, { says: [200, []] }, { says: [404] }, { says: [200, { employees: [7], Report_Entry: [7] }] }, { says: [200, { employees: [{ employeeNumber: '1' }], Report_Entry: [{ Employee_ID: '1' }] }] }])('that answers $says is not believed', async ({ says }) => {
    const server = await serverThat(() => says);
    expect((await refusalOf(open({}, server.url).find({ employeeNumber: '1' }))).code).toBe('portal_answer');
    await server.close();
  });
});

it('docs/intake.md names every kind, and all that BambooHR and Workday are asked for', async () => {
  const rows = new Map(readFileSync('docs/intake.md', 'utf8').split('### Asking them for evidence')[1]!.split('\n').map((line) => [/^\| `(\w+)`/.exec(line)?.[1], line]));
  for (const kind of HRIS_KINDS) expect([kind, rows.has(kind)]).toEqual([kind, true]);
  const server = await serverThat(() => [200, { employees: [] }]);
  await openHris({ kind: 'bamboohr', now: () => NOW, url: server.url, token: 'x', timeoutMs: 60_000 }).find({ employeeNumber: '1' });
  for (const field of server.asked[0]!.body.fields as readonly string[]) expect(rows.get('bamboohr')).toContain(`\`${field}\``);
  await server.close();
  const { user, password } = SECRETS.workday;
  const { json } = await ask('GET', `${sandbox.addresses.hris!}/${REPORTS}/Workers?format=json`, { headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` } });
  for (const column of Object.keys((json.Report_Entry as readonly JsonObject[]).find((row) => row.Termination_Date !== undefined)!)) expect(rows.get('workday')).toContain(`\`${column}\``);
});

describe('a record of BambooHR or Workday', () => {
  it('without an address is nobody whom an empty one could mean', async () => {
    const server = await serverThat(() => [200, { Report_Entry: [{ Employee_ID: '1', Worker: 'A', Worker_Type: 'Employee', Worker_Status: 'Active' }] }]);
    const hris = openHris({ kind: 'workday', now: () => NOW, url: server.url, token: 'x', timeoutMs: 60_000 });
    expect([await hris.find({ email: ' ' }), (await hris.find({ name: 'a' })).length]).toEqual([[], 1]);
    await server.close();
  });

  const bamboo = (fields: JsonObject): JsonValue => ({ employees: [{ employeeNumber: '1', displayName: 'A', workEmail: null, status: 'Active', employmentHistoryStatus: 'Full-Time', terminationDate: null, ...fields }] });
  const worker = (fields: JsonObject): JsonValue => ({ Report_Entry: [{ Employee_ID: '1', Worker: 'A', Worker_Type: 'Employee', Worker_Status: 'Active', ...fields }] });
  const stands = async (kind: HrisKind, body: JsonValue): Promise<string> => {
    const server = await serverThat(() => [200, body]);
    const asked = openHris({ kind, now: () => NOW, url: server.url, token: 'x', timeoutMs: 60_000 }).find({ employeeNumber: '1' });
    const [found] = await asked.finally(() => server.close());
    return found ? `${found.status} ${String(found.lastDay)} ${found.employmentType}` : 'nobody';
  };

  test.each<[kind: HrisKind, what: string, body: JsonValue, stands: string]>([
    ['bamboohr', 'who came back', bamboo({ terminationDate: '2025-03-31' }), 'active null employee'],
    ['bamboohr', 'who leaves today', bamboo({ terminationDate: TODAY }), `leaving ${TODAY} employee`],
    ['bamboohr', 'whose last day is over everywhere', bamboo({ terminationDate: '2026-11-22' }), 'active null employee'],
    ['bamboohr', 'who is gone', bamboo({ status: 'Inactive', employmentHistoryStatus: 'Terminated', terminationDate: '2026-10-31' }), 'terminated 2026-10-31 unknown'],
    ['bamboohr', 'without a date', bamboo({ terminationDate: '0000-00-00' }), 'active null employee'],
    ['bamboohr', 'without a number', bamboo({ employeeNumber: '' }), 'nobody'],
    ['workday', 'who came back', worker({ Termination_Date: '2025-03-31' }), 'active null employee'],
    ['workday', 'who leaves, by a date with a zone', worker({ Termination_Date: '2026-12-31-08:00' }), 'leaving 2026-12-31 employee'],
    ['workday', 'who is on leave', worker({ Worker_Status: 'On Leave' }), 'on_leave null employee'],
    ['workday', 'who is gone', worker({ Worker_Status: 'Terminated', Worker_Type: 'Contingent Worker', Termination_Date: '2026-10-31' }), 'terminated 2026-10-31 contractor'],
  ])('%s: of somebody %s', async (kind, _, body, expected) => {
    expect(await stands(kind, body)).toBe(expected);
  });

  test.each<[kind: HrisKind, body: JsonValue]>([
    ['bamboohr', bamboo({ status: null })],
    ['bamboohr', bamboo({ terminationDate: 'soon' })],
    ['workday', worker({ Worker_Status: 'Retired' })],
    ['workday', worker({ Termination_Date: '2026-02-30' })],
  ])('%s: %j is not believed', async (kind, body) => {
    expect((await refusalOf(stands(kind, body))).code).toBe('portal_answer');
  });
});
