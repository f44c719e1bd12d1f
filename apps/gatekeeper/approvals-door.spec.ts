import 'reflect-metadata';
import { request } from 'node:https';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { listen } from '#edge';
import { authority, type Identity } from '../../test/certificates/authority.js';
import { gatekeeperApp } from './app.js';
import { Decisions } from './decisions.js';
import { IntakeLimits } from './intake-limits.js';
import { Tenants } from './tenants.js';

const TOKEN = `abc.${'A'.repeat(43)}`;
const nothing = (): void => undefined;
const identities = new Map<string, Identity>();
let app: NestExpressApplication;
let origin: string;

beforeAll(async () => {
  const issue = await authority();
  for (const name of ['gatekeeper', 'approvals', 'doer']) identities.set(name, await issue(name));
  const tenants = new Tenants([], nothing);
  const secrets = { linkKey: Buffer.alloc(32, 5), slackSigningSecret: 'a-signing-secret-of-slack', publicUrl: 'https://localhost:7443' };
  const decisions = new Decisions(tenants, secrets, () => new Date(), nothing);
  const { ca, cert, key } = identities.get('gatekeeper')!;
  const tls = { ca: Buffer.from(ca), cert: Buffer.from(cert), key: Buffer.from(key), minVersion: 'TLSv1.2', requestCert: true, rejectUnauthorized: false } as const;
  app = await gatekeeperApp(tenants, decisions, tls, nothing, () => new Date(), new IntakeLimits({ burst: 1, perSecond: 1 }, () => new Date()));
  origin = `https://${await listen(app, '127.0.0.1:0', 'GATEHOUSE_GATEKEEPER_LISTEN')}`;
});
afterAll(() => app.close());

/** The status and problem code that a peer of this name, or of none, is answered with. */
function asked(name: string | undefined, method: string, path: string): Promise<readonly [number | undefined, unknown]> {
  const { ca } = identities.get('gatekeeper')!;
  const own = name === undefined ? undefined : identities.get(name);
  return new Promise((resolve, reject) => {
    const call = request(origin + path, { method, ca, agent: false, ...(own && { cert: own.cert, key: own.key }) }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve([response.statusCode, (JSON.parse(text) as { code?: unknown }).code]));
    });
    call.on('error', reject);
    call.end();
  });
}

it.each([undefined, 'doer', 'gatekeeper'])('a renewal is not taken from %s', async (name) => {
  expect(await asked(name, 'POST', `/internal/v1/links/${TOKEN}/renewal`)).toEqual([403, 'forbidden']);
});

it('a renewal is taken from the approvals app, by POST alone, for a link that is ours', async () => {
  expect(await asked('approvals', 'POST', `/internal/v1/links/${TOKEN}/renewal`)).toEqual([404, 'unknown_link']);
  expect(await asked('approvals', 'GET', `/internal/v1/links/${TOKEN}/renewal`)).toEqual([405, 'method_not_allowed']);
});
