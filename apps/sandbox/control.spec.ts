import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#decider';
import { ask, SECRETS, startedSandbox } from '../../test/sandbox/started-sandbox.js';
import { CAST } from './cast.js';
import type { Sandbox } from './sandbox.js';

let sandbox: Sandbox;
beforeAll(async () => (sandbox = await startedSandbox()));
afterAll(() => sandbox.stop());

const control = (path: string, body?: JsonObject, headers: Record<string, string> = {}) =>
  ask(body ? 'POST' : 'GET', sandbox.addresses.control! + path, { headers, ...(body && { body }) });
const hris = async () => {
  const { body } = await ask('GET', `${sandbox.addresses.hris!}/v1/employees?employeeNumber=${CAST.leaver}`, { token: SECRETS.hrisToken });
  return (body as { employees: JsonObject[] }).employees[0];
};

describe('control', () => {
  it('shows a person in every system at once', async () => {
    expect((await control(`/state/accounts/${CAST.leaver}`)).json).toMatchObject({ hris: { displayName: 'Marta Kowalska' }, directory: { active: true }, scim: { active: true } });
    expect((await control('/state/accounts/99999')).status).toBe(404);
  });

  it('changes what HR says', async () => {
    expect((await control(`/control/employees/${CAST.leaver}`, { status: 'active', lastDay: null })).status).toBe(200);
    expect(await hris()).toMatchObject({ status: 'active', lastDay: null });
    await control(`/control/employees/${CAST.leaver}`, { lastDay: '2026-12-24' });
    expect(await hris()).toMatchObject({ status: 'active', lastDay: '2026-12-24' });
    for (const wrong of [{ status: 'sacked' }, { lastDay: 'tomorrow' }]) expect((await control(`/control/employees/${CAST.leaver}`, wrong)).status).toBe(400);
    expect((await control('/control/employees/99999', { status: 'active' })).status).toBe(404);
  });

  it('makes every system late, but itself', async () => {
    await control('/control/latency', { ms: 40 });
    const before = performance.now();
    await hris();
    expect(performance.now() - before).toBeGreaterThanOrEqual(39);
    expect((await control('/control/latency', { ms: 0 })).json).toEqual({ ms: 0 });
    expect((await control('/control/latency', { ms: -1 })).status).toBe(400);
  });

  it('takes a service away and brings it back', async () => {
    await control('/control/outage', { service: 'hris', on: true });
    await expect(hris()).rejects.toThrow();
    await control('/control/outage', { service: 'hris', on: false });
    expect(await hris()).toBeDefined();
    expect((await control('/control/outage', { service: 'control', on: true })).status).toBe(400);
  });

  it('shows the company on a page that loads nothing and lets no name break out of it', async () => {
    const { status, text } = await control('/');
    expect(status).toBe(200);
    for (const said of ['Sandbox company', '120 people', 'Priya Raman', sandbox.addresses.vault!]) expect(text).toContain(said);
    expect(text).not.toMatch(/<script|https?:\/\/(?!127\.0\.0\.1)/);
  });

  it('hears this machine alone', async () => {
    expect((await control('/control/latency', { ms: 1 }, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await control('/control/latency', { ms: 1 }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  });
});

describe('any service', () => {
  it.each([
    ['/v1/users/%E0%A4%A', 400],
    ['/v1/nothing', 404],
  ])('answers %s with %s', async (path, status) => {
    expect((await ask('GET', sandbox.addresses.directory! + path, { token: SECRETS.directory.read })).status).toBe(status);
  });

  it('refuses a body without end', async () => {
    const init = { token: SECRETS.directory.write, body: { active: 'x'.repeat(1024 * 1024) } };
    expect((await ask('PATCH', `${sandbox.addresses.directory!}/v1/users/x`, init)).status).toBe(413);
  });
});
