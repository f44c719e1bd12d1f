import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { decodeDelivery, encodePacket, packetKeys, verifyPacket } from '#packet';
import { describeWith } from '../programs.js';

interface Golden {
  readonly keys: { readonly tenant: string; readonly hmac: { readonly id: string; readonly key: string }; readonly ed25519: { readonly id: string; readonly publicKey: string } };
  readonly packets: readonly { readonly name: string; readonly verdict: string; readonly digest: string; readonly delivery: object }[];
}

const { keys, packets } = JSON.parse(readFileSync('test/packets/golden.json', 'utf8')) as Golden;
const PAGE = readFileSync('docs/packet.md', 'utf8');
const binary = (text: string): Uint8Array => Buffer.from(text, 'base64url');

const folder = mkdtempSync(join(tmpdir(), 'packets-'));
copyFileSync('docs/packet.py', join(folder, 'packet.py'));
writeFileSync(join(folder, 'keys.json'), JSON.stringify(keys));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a line of the page as it is written there. */
function run(line: string): Promise<{ readonly code: number; readonly said: string }> {
  return new Promise((resolve) => {
    const child = execFile('sh', ['-c', line], { cwd: folder }, (_, out, err) => resolve({ code: child.exitCode ?? -1, said: (out + err).trim() }));
  });
}
const [, block = ''] = /```sh\n([\s\S]*?)```/.exec(PAGE) ?? [];
const [byPython = '', byOpenssl = ''] = block.trim().split('\n');

describe.each(packets)('the golden packet $name, by the doer', ({ verdict, digest, delivery }) => {
  const decoded = decodeDelivery(Buffer.from(JSON.stringify(delivery)));

  it(`gets ${verdict} from the doer`, () => {
    if (!decoded) throw new Error('it is no delivery');
    const ready = packetKeys({ tenant: keys.tenant, hmac: { ...keys.hmac, key: binary(keys.hmac.key) }, ed25519: { ...keys.ed25519, publicKey: binary(keys.ed25519.publicKey) } });
    const said = verifyPacket(decoded.signed, ready);
    expect(said).toMatchObject({ digest, ...(verdict === 'accepted' ? {} : { rejected: verdict }) });
    if ('accepted' in said) expect(encodePacket(said.accepted)).toEqual(decoded.signed.bytes);
    expect('accepted' in said).toBe(verdict === 'accepted');
  });
});

describeWith('python3', 'openssl').each(packets)('the golden packet $name, by programs that others wrote', ({ verdict, digest, delivery }) => {
  it('gets the same from Python and openssl, as the page writes it', async () => {
    writeFileSync(join(folder, 'delivery.json'), JSON.stringify(delivery));
    const python = await run(byPython);
    const openssl = await run(byOpenssl);
    const ofPython = python.code === 0 ? 'accepted' : python.said;
    if (python.code === 0) expect(python.said).toBe(`accepted ${digest}`);
    // what fails at the HMAC may fail at the signature too; the signature alone is openssl's
    if (verdict === 'ed25519') expect([ofPython, openssl.code]).toEqual(['accepted', 1]);
    else expect(ofPython).toBe(verdict);
    if (verdict === 'accepted') expect(openssl).toEqual({ code: 0, said: 'Signature Verified Successfully' });
  });
});

it('names every reason that a packet can be rejected for', () => {
  expect(new Set(packets.map(({ verdict }) => verdict))).toEqual(new Set(['accepted', 'hmac', 'ed25519', 'not_canonical', 'shape', 'tenant', 'key_id']));
});

it('is checked in forty lines', () => {
  expect(readFileSync('docs/packet.py', 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(40);
});
