import { generateKeyPairSync, sign } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { CodedError } from '#decider';
import { sha256Hex } from '#ledger';
import { ed25519Input, encodeDelivery, encodePacket, hmacTag, packetKeys } from '#packet';
import { DeliveryDesk } from './delivery-desk.js';
import { type DoerCommand, doerJournal } from './journal-book.js';
import type { Receive } from './order-execution.js';

const pair = generateKeyPairSync('ed25519');
const hmacKey = Buffer.alloc(32, 7);
const publicKey = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
const keys = packetKeys({ tenant: 'acme', hmac: { id: 'h1', key: hmacKey }, ed25519: { id: 'e1', publicKey } });
const bytes = encodePacket({
  v: 1, tenant: 'acme', case: 'c-0b6f7f6e-0000-4000-8000-000000000001', order: 1, phase: 'soft', steps: [{ portal: 'scim', account: 'u-1', effects: ['deactivate'] }],
  decision: 'a'.repeat(64), approvals: null, previous: null, notBefore: '2026-11-23T10:00:00.000Z', acceptBy: '2026-11-23T10:05:00.000Z', keys: { hmac: 'h1', ed25519: 'e1' },
});
const signed = { bytes, hmac: hmacTag(hmacKey, 'acme', bytes), signature: sign(null, ed25519Input('acme', bytes), pair.privateKey) };
const body = (change: Partial<typeof signed> = {}): Uint8Array => encodeDelivery({ signed: { ...signed, ...change }, grants: new Map([['scim', 'hvs.grant-1']]) });

let now: number, commands: DoerCommand[], received: [Receive, ReadonlyMap<string, string>][], fault: string | undefined, desk: DeliveryDesk;
beforeEach(() => {
  [now, commands, received, fault] = [Date.parse('2026-11-23T10:00:00.000Z'), [], [], undefined];
  const away = () => (fault === undefined ? Promise.resolve() : Promise.reject(new CodedError(fault, 'away')));
  const journal = { state: doerJournal({ tenant: 'acme', windowSeconds: 1, attempts: 1 }).initial, commit: (command: DoerCommand) => away().then(() => commands.push(command)) };
  const runner = { receive: (command: Receive, grants: ReadonlyMap<string, string>) => away().then(() => void received.push([command, grants])) };
  desk = new DeliveryDesk({ keys, journal, runner, clock: () => new Date(now) });
});

describe('the desk', () => {
  it('hands on a verified packet with its grants, by digest', async () => {
    expect(await desk.take('gatekeeper.acme', body())).toBe('journaled');
    expect(received).toMatchObject([[{ do: 'receive', digest: sha256Hex(bytes), source: 'gatekeeper.acme', grants: ['scim'] }, new Map([['scim', 'hvs.grant-1']])]]);
    expect(commands).toEqual([]);
  });

  it('answers the same for what it rejects, and journals reason, digest and source only', async () => {
    expect(await desk.take('s', body({ signature: Buffer.alloc(64) }))).toBe('journaled');
    expect(await desk.take('s', Buffer.from('no delivery'))).toBe('journaled');
    expect(commands).toEqual([
      { do: 'reject', rejected: { reason: 'ed25519', digest: sha256Hex(bytes), source: 's' } },
      { do: 'reject', rejected: { reason: 'delivery', digest: sha256Hex(Buffer.from('no delivery')), source: 's' } },
    ]);
    expect(received).toEqual([]);
  });

  it.each(['store_unreachable', 'tenant_stopped'])('is unavailable when the verdict is not journaled: %s', async (code) => {
    fault = code;
    expect(await desk.take('s', body())).toBe('unavailable');
    expect(await desk.take('s', Buffer.from('x'))).toBe('unavailable');
  });
});

describe('a flood of forgeries', () => {
  const flood = async (count: number) => Promise.all(Array.from({ length: count }, (_, i) => desk.take('s', Buffer.from(String(i)))));

  it('leaves 100 entries a minute and one count', async () => {
    await flood(1000);
    expect(commands).toHaveLength(100);
    await desk.tidy();
    expect(commands).toHaveLength(100);
    now += 60_000;
    await desk.tidy();
    await desk.tidy();
    expect(commands.slice(100)).toEqual([{ do: 'summarise', summary: { count: 900, from: '2026-11-23T10:00:00.000Z', to: '2026-11-23T10:01:00.000Z' } }]);
  });

  it('is summarised by the next one too, which gets an entry again, and at the end', async () => {
    await flood(101);
    now += 61_000;
    await flood(1);
    expect(commands.slice(100).map((command) => command.do)).toEqual(['summarise', 'reject']);
    await flood(100);
    await desk.end();
    expect(commands.at(-1)).toMatchObject({ do: 'summarise', summary: { count: 1 } });
  });
});
