import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { JsonValue } from '#decider';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../apps/sandbox/sandbox.js';

/** The credentials of a sandbox that a spec starts. */
export const SECRETS = {
  hrisToken: 'hris-read',
  workday: { user: 'isu_gatehouse', password: 'workday-read' },
  bambooHr: { privateKey: 'bamboohr-signing', apiKey: 'bamboohr-read' },
  directory: { read: 'directory-read', write: 'directory-write' },
  scim: { read: 'scim-read', write: 'scim-write' },
  slack: { botToken: 'xoxb-sandbox', signingSecret: 'slack-signing', team: 'T0ACME' },
  vault: { rootToken: 'vault-root' },
};

export const TODAY = '2026-11-23';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder of its own, gone after the spec. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-sandbox-'));
  folders.push(folder);
  return folder;
}

/** A seeded company on free ports; give `data` to find an earlier one again. */
export function startedSandbox(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  return startSandbox({
    data: options.data ?? freshFolder(),
    basePort: 0,
    origin: { founding: { seed: 7, size: 120, today: TODAY } },
    secrets: SECRETS,
    clock: () => new Date(),
    ...options,
  });
}

/** One call; `json` and `body` are the answer's JSON (an empty object when it is none), `body` for the caller to say of what shape. */
export async function ask(method: string, url: string, init: { token?: string; body?: JsonValue; headers?: Record<string, string> } = {}) {
  const { token, body, headers } = init;
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer: unknown = JSON.parse(text.startsWith('{') ? text : '{}');
  return { status: response.status, text, body: answer, json: answer as Record<string, JsonValue> };
}
