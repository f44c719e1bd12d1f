import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { isJsonObject, type JsonObject, type JsonValue } from '#decider';
import type { ProblemException } from '#edge';
import { terminationsIn } from './bamboohr-webhook.js';
import { ChannelSettings, FeedSettings } from './settings.js';
import { terminationIn } from './workday-feed.js';

const page = readFileSync('docs/intake.md', 'utf8');
const block = (name: string): JsonObject => JSON.parse(page.split(`\`\`\`json ${name}\n`)[1]?.split('```')[0] ?? 'null') as JsonObject;
const change = (changedFields: JsonValue, fields: JsonValue): JsonObject => ({ id: '123', action: 'Updated', changedFields, fields });
const webhook = (...employees: readonly JsonObject[]): JsonObject => ({ employees });
const POSTED = { employeeNumber: '10042', status: 'Inactive', terminationDate: '2026-11-27' };
const fieldsOf = async (body: unknown): Promise<readonly string[]> => {
  const faults = await terminationsIn(body).then(
    ({ terminations, faults }) => (expect(terminations).toEqual([]), faults),
    (error: unknown) => (expect((error as ProblemException).getStatus()).toBe(422), (error as ProblemException).errors ?? []),
  );
  expect(faults).not.toEqual([]);
  return faults.map(({ field }) => field);
};
const filed = async (body: unknown) => {
  const { terminations, faults } = await terminationsIn(body);
  expect(faults).toEqual([]);
  return terminations;
};

describe('docs/intake.md, HR systems', () => {
  const rows = (page.split('| changed | status | terminationDate | what comes of it |')[1]?.split('\n\n')[0] ?? '')
    .split('\n')
    .slice(2)
    .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));

  test.each(rows)('%s, %s, %s: %s', async (changed = '', status = '', terminationDate = '', outcome = '') => {
    const body = webhook(change([changed.replaceAll('`', '')], { employeeNumber: '10042', status, terminationDate }));
    const refused = /^refused, `(\w+)`$/.exec(outcome)?.[1];
    if (refused !== undefined) expect(await fieldsOf(body)).toEqual([`employees.0.fields.${refused}`]);
    else expect(await filed(body)).toEqual(outcome === 'a request' ? [{ employee: '10042', lastDay: terminationDate }] : []);
    expect(['a request', 'nothing', `refused, \`${refused ?? ''}\``]).toContain(outcome);
  });

  it('shows a webhook and a report that make a request each', async () => {
    expect(await filed(block('bamboohr'))).toEqual([{ employee: '10042', lastDay: '2026-11-27' }]);
    const { Report_Entry: entries } = block('workday');
    expect((entries as readonly JsonObject[]).map(terminationIn)).toEqual([{ employee: '10057', lastDay: '2026-11-30' }]);
  });

  it('shows settings that the gatekeeper takes', () => {
    const { channels, feeds } = block('hris settings');
    const [channel, feed] = [channels, feeds].map((list) => (Array.isArray(list) && isJsonObject(list[0]) ? list[0] : {}));
    for (const one of [plainToInstance(ChannelSettings, channel), plainToInstance(FeedSettings, feed)]) expect(validateSync(one, { whitelist: true, forbidNonWhitelisted: true })).toEqual([]);
    const { requester: _requester, ...nobody } = channel ?? {};
    expect(validateSync(plainToInstance(ChannelSettings, nobody)).map(({ property }) => property)).toEqual(['requester']);
    for (const wrong of [{ since: '2026-13-01' }, { everySeconds: 0 }, { url: 'https://user:pw@services.workday.example' }])
      expect(validateSync(plainToInstance(FeedSettings, { ...feed, ...wrong })).map(({ property }) => property)).toEqual(Object.keys(wrong));
  });
});

describe('a webhook', () => {
  it('may speak of several people, and wraps its values or does not', async () => {
    const wrapped = Object.fromEntries(Object.entries({ ...POSTED, employeeNumber: 10_043 }).map(([name, value]) => [name, { value }]));
    expect(await filed(webhook(change(['status'], POSTED), change(['city'], []), change(null, []), change(['terminationDate'], wrapped)))).toEqual([
      { employee: '10042', lastDay: '2026-11-27' },
      { employee: '10043', lastDay: '2026-11-27' },
    ]);
    expect(await filed(webhook())).toEqual([]);
  });

  it('that cannot be read of one holds up no other', async () => {
    const { terminations, faults } = await terminationsIn(webhook(change(['status'], { ...POSTED, terminationDate: null }), change(['status'], POSTED)));
    expect([terminations, faults.map(({ field }) => field)]).toEqual([[{ employee: '10042', lastDay: '2026-11-27' }], ['employees.0.fields.terminationDate']]);
  });

  test.each<[what: string, body: unknown, fields: readonly string[]]>([
    ['posts nothing of what is needed', webhook(change(['city'], {}), change(['status'], [])), ['employees.1.fields.status', 'employees.1.fields.terminationDate']],
    ['has no number', webhook(change(['status'], { ...POSTED, employeeNumber: '' })), ['employees.0.fields.employeeNumber']],
    ['has a number that JSON cannot hold', webhook(change(['status'], { ...POSTED, employeeNumber: 2 ** 53 })), ['employees.0.fields.employeeNumber']],
    ['has a number that is none', webhook(change(['status'], { ...POSTED, employeeNumber: '10042 or 10043' })), ['employees.0.fields.employeeNumber']],
    ['has a day that is none', webhook(change(['terminationDate'], { ...POSTED, terminationDate: '2026-02-30' })), ['employees.0.fields.terminationDate']],
    ['has a list for a status', webhook(change(['status'], { ...POSTED, status: ['Inactive'] })), ['employees.0.fields.status']],
    ['changes no list', webhook(change('status', POSTED)), ['employees.0.changedFields', 'employees.0.changedFields']],
    ['is an event of the other kind', { type: 'employee.updated', data: { employeeId: '1' } }, ['employees', 'employees']],
  ])('that %s is refused, and the field is named', async (_, body, fields) => {
    expect([...new Set(await fieldsOf(body))]).toEqual([...new Set(fields)]);
  });

  test.each([null, [], 7, 'text', { employees: [null] }, { employees: ['x'] }, { employees: {} }])('%j is none', async (body) => {
    await fieldsOf(body);
  });
});
