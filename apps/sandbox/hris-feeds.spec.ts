import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#decider';
import { type ScriptedServer, serverThat } from '../../test/connectors/scripted-server.js';
import { ask, SECRETS, startedSandbox } from '../../test/sandbox/started-sandbox.js';
import { basic } from './bearer.js';
import { CAST } from './cast.js';
import type { Sandbox } from './sandbox.js';
import { REPORTS } from './workday.js';

const TERMINATIONS = `${REPORTS}/Terminations`;

let sandbox: Sandbox;
let gatekeeper: ScriptedServer;
beforeAll(async () => {
  gatekeeper = await serverThat(() => [202, { status: 'accepted' }]);
  sandbox = await startedSandbox({ bambooHrUrl: new URL('/channels/v1/acme/bamboohr', gatekeeper.url) });
});
afterAll(async () => {
  await sandbox.stop();
  await gatekeeper.close();
});

const control = (path: string, body: JsonObject) => ask('POST', sandbox.addresses.control! + path, { body });

describe('BambooHR in the sandbox', () => {
  it('posts what changed about an employee, signed over body and time', async () => {
    await control(`/control/employees/${CAST.leaver}`, { status: 'terminated', lastDay: '2026-12-24' });
    expect((await control('/control/bamboohr', { employees: [CAST.leaver, CAST.renamed], changedFields: ['status'] })).json).toEqual({ status: 202, body: '{"status":"accepted"}' });
    const [{ path, headers, body }] = gatekeeper.asked as [ScriptedServer['asked'][number]];
    expect(path).toBe('/channels/v1/acme/bamboohr');
    expect(headers['x-bamboohr-signature']).toBe(createHmac('sha256', SECRETS.bambooHr.privateKey).update(JSON.stringify(body) + String(headers['x-bamboohr-timestamp'])).digest('hex'));
    const fields = (employeeNumber: string, status: string, terminationDate: string) => ({ employeeNumber: { value: employeeNumber }, status: { value: status }, terminationDate: { value: terminationDate } });
    expect(body.employees).toMatchObject([
      { action: 'Updated', changedFields: ['status'], fields: fields(CAST.leaver, 'Inactive', '2026-12-24') },
      { action: 'Updated', changedFields: ['status'], fields: fields(CAST.renamed, 'Active', '0000-00-00') },
    ]);
  });

  it('says what it cannot send, and when nobody takes it', async () => {
    for (const wrong of [{}, { employees: CAST.leaver, changedFields: [] }, { employees: [1], changedFields: [] }]) expect((await control('/control/bamboohr', wrong)).status).toBe(400);
    expect((await control('/control/bamboohr', { employees: ['99999'], changedFields: [] })).status).toBe(404);
    const alone = await startedSandbox();
    expect((await ask('POST', `${alone.addresses.control!}/control/bamboohr`, { body: { employees: [], changedFields: [] } })).status).toBe(404);
    await alone.stop();
  });
});

describe('Workday in the sandbox', () => {
  const { user, password } = SECRETS.workday;
  const read = (path = `${TERMINATIONS}?format=json`, secret = password, method = 'GET') =>
    ask(method, `${sandbox.addresses.hris!}/${path}`, { headers: { authorization: basic(user, secret) } });

  it('reports everybody whose last day is known', async () => {
    await control(`/control/employees/${CAST.secondLeaver}`, { status: 'leaving', lastDay: '2026-12-31' });
    const rows = (await read()).json.Report_Entry as readonly JsonObject[];
    expect(rows).toContainEqual({ Employee_ID: CAST.secondLeaver, Worker: 'Tomas Rivera', Termination_Date: '2026-12-31' });
    expect(rows.map((row) => row.Employee_ID)).not.toContain(CAST.renamed);
  });

  it('serves that report alone, as JSON, to its user, and is read-only', async () => {
    const statuses = [read(undefined, 'wrong'), read(`${REPORTS}/Salaries?format=json`), read(undefined, undefined, 'DELETE'), read(TERMINATIONS)].map(async (one) => (await one).status);
    expect(await Promise.all(statuses)).toEqual([401, 404, 403, 400]);
    expect((await ask('GET', `${sandbox.addresses.hris!}/${TERMINATIONS}?format=json`, { token: SECRETS.hrisToken })).status).toBe(401);
  });
});
