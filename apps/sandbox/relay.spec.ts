import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { authority, type Identity } from '../../test/certificates/authority.js';
import { ask, startedSandbox } from '../../test/sandbox/started-sandbox.js';
import { Caller } from './outgoing.js';
import type { Sandbox } from './sandbox.js';

let sandbox: Sandbox;
let doer: Server;
let acme: Identity;
let admin: Identity;
let stranger: Identity;
let arrived: { identity: unknown; body: string }[];
let says = 202;

beforeAll(async () => {
  const issue = await authority();
  [acme, admin] = [await issue('gatekeeper.acme'), await issue('admin')];
  stranger = await (await authority())('gatekeeper.acme');
  doer = createServer({ ...(await issue('doer')), requestCert: true, rejectUnauthorized: true }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      arrived.push({ identity: (request.socket as TLSSocket).getPeerCertificate().subject.CN, body: Buffer.concat(chunks).toString() });
      response.writeHead(says).end();
    });
  });
  await new Promise<void>((resolve) => doer.listen(0, '127.0.0.1', resolve));
  const target = new URL(`https://127.0.0.1:${String((doer.address() as AddressInfo).port)}`);
  sandbox = await startedSandbox({ relay: { tls: await issue('relay'), target, identities: { 'gatekeeper.acme': acme, 'gatekeeper.other': await issue('gatekeeper.other') } } });
});
afterAll(async () => {
  await sandbox.stop();
  doer.closeAllConnections();
  await new Promise((resolve) => doer.close(resolve));
});
beforeEach(() => {
  arrived = [];
  says = 202;
});

async function deliver(as: Identity, body: string): Promise<number> {
  const caller = new Caller(as);
  const url = new URL('/v1/packets', sandbox.addresses.relay);
  return caller.call({ method: 'POST', url, body }).then(({ status }) => status).finally(() => caller.close());
}
interface Log {
  readonly deliveries: readonly { readonly identity: string; readonly body: string; readonly status: number }[];
}
const log = async () => ((await ask('GET', `${sandbox.addresses.control!}/control/relay`)).body as Log).deliveries;
const steer = (what: string, body: Record<string, string>) => ask('POST', `${sandbox.addresses.control!}/control/relay/${what}`, { body });

describe('the relay', () => {
  it('carries a delivery on under the sender’s own identity, byte for byte, and keeps it', async () => {
    expect(await deliver(acme, '{"packet": "é"}')).toBe(202);
    expect(arrived).toEqual([{ identity: 'gatekeeper.acme', body: '{"packet": "é"}' }]);
    says = 503;
    expect(await deliver(acme, '{}')).toBe(503);
    expect(await log()).toMatchObject([{ identity: 'gatekeeper.acme', body: '{"packet": "é"}', status: 202 }, { status: 503 }]);
  });

  it('carries nothing for anybody else', async () => {
    expect(await deliver(admin, '{}')).toBe(403);
    await expect(deliver(stranger, '{}')).rejects.toThrow();
    expect(arrived).toEqual([]);
  });

  it('holds back when it is told to: the sender hears nothing, the doer gets nothing, the log has it', async () => {
    await steer('mode', { mode: 'hold' });
    await expect(deliver(acme, '{"held":1}')).rejects.toThrow();
    expect(arrived).toEqual([]);
    expect((await log()).at(-1)).toMatchObject({ body: '{"held":1}', status: 0 });
    await steer('mode', { mode: 'pass' });
    expect(await deliver(acme, '{}')).toBe(202);
  });

  it('sends any body as any tenant it holds', async () => {
    expect((await steer('send', { identity: 'gatekeeper.other', body: 'forged' })).json).toEqual({ status: 202, body: '' });
    expect(arrived).toEqual([{ identity: 'gatekeeper.other', body: 'forged' }]);
    expect((await steer('send', { identity: 'gatekeeper.nobody', body: 'x' })).status).toBe(404);
  });
});
