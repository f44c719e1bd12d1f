import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonObject } from '#decider';
import type { Entry } from '#ledger';
import { CaseBook, text } from '../../dist/apps/console/story/case-book.js';
import { Teller } from '../../dist/apps/console/story/teller.js';
import { readBooks } from './books.js';
import { setStage, type Stage } from './stage.js';

/** Far enough for the seeded company to have nobody else who leaves then. */
const WORKDAY_SINCE = '2031-01-01';
const WORKDAY_DAY = '2031-03-14';
const LEAVER = '10042';
const OTHERS = ['10057', '10071', '10072'] as const;

describe('an HRIS that says by itself who leaves', () => {
  const teller = new Teller(() => undefined);
  let stage: Stage;
  let cases: CaseBook;

  beforeAll(async () => {
    stage = await setStage({ basePort: 24_000, windowSeconds: 60, workday: { everySeconds: 1, since: WORKDAY_SINCE } });
    cases = new CaseBook(stage.client, teller);
    await ready();
  });
  afterAll(() => stage.strike());

  const ready = (): Promise<unknown> => teller.until('a gatekeeper that is ready', async () => ((await stage.client.gatekeeper('/ready').catch(() => undefined))?.status === 200 ? true : undefined), 60);
  const hr = (employee: string, fields: JsonObject): Promise<JsonObject> => stage.client.control(`/control/employees/${employee}`, { json: fields });
  const bambooHr = async (employees: readonly string[], changedFields: readonly string[]): Promise<{ readonly status: unknown; readonly body: JsonObject }> => {
    const { status, body } = await stage.client.control('/control/bamboohr', { json: { employees, changedFields } });
    const answer: unknown = JSON.parse(text(body));
    return { status, body: isJsonObject(answer) ? answer : {} };
  };
  const received = async (channel: string): Promise<readonly Entry[]> => (await readBooks(stage.client)).ledger.filter(({ type, data }) => type === 'request.received' && data.channel === channel);
  const named = async (type: string): Promise<readonly unknown[]> => (await readBooks(stage.client)).ledger.flatMap((entry) => (entry.type === type && entry.data.dependency === 'feed:workday' ? [entry.seq] : []));

  describe('BambooHR', () => {
    it('makes a case of a termination, in the name of who answers for it, and looks it up like any other', async () => {
      await hr(LEAVER, { status: 'leaving', lastDay: '2030-11-29' });
      const { status, body } = await bambooHr([LEAVER], ['terminationDate']);
      expect([status, body]).toEqual([202, { status: 'accepted', cases: [expect.any(String)] }]);
      const [id = ''] = body.cases as readonly string[];
      const lines = await cases.until(id, 'gate.decided', undefined, 60);
      const line = (type: string): JsonObject | undefined => lines.find((one) => one.type === type)?.data;
      expect(line('request.received')).toMatchObject({ channel: 'bamboohr', requester: 'p-10003', format: 'json' });
      expect(line('intent.parsed')).toMatchObject({ action: 'offboard', source: 'json', confidence: 1, flags: [], effective: { precision: 'day', at: '2030-11-29T17:00:00.000Z' } });
      expect(line('evidence.taken')).toMatchObject({ person: `p-${LEAVER}`, findings: [] });
      expect(line('gate.decided')).toMatchObject({ outcome: 'allow' });
      // delivered again, with a time and a signature of its own
      expect((await bambooHr([LEAVER], ['status', 'terminationDate'])).body.cases).toEqual([id]);
      expect(await received('bamboohr')).toHaveLength(1);
    });

    it('has a person look at a last day that has passed', async () => {
      const [gone] = ['10100'] as const;
      await hr(gone, { status: 'terminated', lastDay: '2020-02-28' });
      const { body } = await bambooHr([LEAVER, gone], ['status', 'terminationDate']);
      const [known, id = ''] = body.cases as readonly string[];
      expect((await received('bamboohr')).map((entry) => entry.case)).toEqual([known, id]);
      const lines = await cases.until(id, 'approval.requested', undefined, 60);
      expect(lines.find(({ type }) => type === 'intent.parsed')?.data).toMatchObject({ flags: ['date_in_past'] });
      expect(lines.find(({ type }) => type === 'gate.decided')?.data).toMatchObject({ outcome: 'require_hitl' });
    });

    it('that changed something else is answered, and nothing comes of it', async () => {
      const [stays] = OTHERS.slice(1);
      for (const changed of [['jobTitle'], ['status'], ['terminationDate']]) expect(await bambooHr([stays!], changed)).toEqual({ status: 202, body: { cases: [], status: 'ignored' } });
      const logged = (): number => readFileSync(join(stage.data, 'logs', 'gatekeeper.log'), 'utf8').split('\n').filter((line) => line.includes('"nothing_asked"')).length;
      // the log goes through a pipe, and may come after the answer
      await teller.until('three lines in the log', () => Promise.resolve(logged() === 3 || undefined));
    });

    it('that is not believed learns nothing, and one that is learns what is wrong', async () => {
      const secret = readFileSync(join(stage.data, 'secrets', 'channel-bamboohr'), 'utf8').trim();
      const deliver = (raw: string, at = Date.now(), key = secret) => {
        const timestamp = String(Math.floor(at / 1000));
        return stage.client.gatekeeper('/channels/v1/acme/bamboohr', { raw, headers: { 'x-bamboohr-timestamp': timestamp, 'x-bamboohr-signature': createHmac('sha256', key).update(raw + timestamp).digest('hex') } });
      };
      const raw = JSON.stringify({ employees: [{ id: '1', action: 'Updated', changedFields: ['status'], fields: { status: 'Inactive', terminationDate: '2030-11-29' } }] });
      for (const doubtful of [deliver(raw, Date.now(), 'another'), deliver(raw, Date.now() - 3 * 3_600_000 - 60_000), deliver(raw, Date.now() + 400_000)]) expect((await doubtful).status).toBe(401);
      expect(await deliver(raw)).toMatchObject({ status: 422, body: { code: 'invalid_body', errors: [{ field: 'employees.0.fields.employeeNumber' }] } });
      expect((await deliver('{')).status).toBe(400);
    });

    it('that says of one what cannot be read files the others, names the field and is heard of', async () => {
      const before = (await received('bamboohr')).length;
      const fields = { status: 'Inactive', terminationDate: '2020-02-27' };
      const changed = { id: '1', action: 'Updated', changedFields: ['status'] };
      const raw = JSON.stringify({ employees: [{ ...changed, fields: { ...fields, employeeNumber: '10101' } }, { ...changed, fields: { ...fields, employeeNumber: '10102', terminationDate: null } }] });
      const timestamp = String(Math.floor(Date.now() / 1000));
      const secret = readFileSync(join(stage.data, 'secrets', 'channel-bamboohr'), 'utf8').trim();
      const answer = await stage.client.gatekeeper('/channels/v1/acme/bamboohr', { raw, headers: { 'x-bamboohr-timestamp': timestamp, 'x-bamboohr-signature': createHmac('sha256', secret).update(raw + timestamp).digest('hex') } });
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'employees.1.fields.terminationDate' }] } });
      expect(await received('bamboohr')).toHaveLength(before + 1);
      await teller.until('a line in the log', () => Promise.resolve(readFileSync(join(stage.data, 'logs', 'gatekeeper.log'), 'utf8').includes('"termination_unreadable"') || undefined));
    });
  });

  describe('Workday', () => {
    const [first, second, third] = OTHERS;
    const leaves = async (employee: string, known: number): Promise<readonly Entry[]> => {
      await hr(employee, { status: 'leaving', lastDay: WORKDAY_DAY });
      return teller.until(`request ${String(known)} of the report`, async () => {
        const all = await received('workday');
        return all.length >= known ? all : undefined;
      });
    };

    it('is asked for its report, and each termination becomes one request', async () => {
      const [entry] = await leaves(first, 1);
      expect(entry?.data).toMatchObject({ requester: 'p-10003', format: 'json' });
      const lines = await cases.until(entry?.case ?? '', 'gate.decided', undefined, 60);
      expect(lines.find(({ type }) => type === 'evidence.taken')?.data).toMatchObject({ person: `p-${first}`, findings: [] });
    });

    it('is named while it is away, once, and what it says afterwards is taken', async () => {
      await stage.client.control('/control/outage', { json: { service: 'hris', on: true } });
      await teller.until('a feed that is lost', async () => ((await named('dependency.lost')).length > 0 ? true : undefined), 60);
      expect((await stage.client.gatekeeper('/ready')).text).toContain('feed:workday');
      await stage.client.control('/control/outage', { json: { service: 'hris', on: false } });
      expect(await leaves(second, 2)).toHaveLength(2);
      await teller.until('a feed that is back', async () => ((await named('dependency.restored')).length > 0 ? true : undefined), 60);
      expect([await named('dependency.lost'), await named('dependency.restored')]).toEqual([[expect.any(Number)], [expect.any(Number)]]);
    });

    it('is taken up where it stood by a gatekeeper that was killed', async () => {
      await stage.stack.end('gatekeeper', 'SIGKILL');
      await stage.stack.start(stage.parts.gatekeeper);
      await ready();
      expect(await leaves(third, 3)).toHaveLength(3);
    });
  });
});
