import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError, isJsonObject, type JsonObject, plusSeconds } from '#decider';
import { ed25519Input, encodePacket, fromBase64url, hmacTag, isPacket, type Packet, packetDigest, toBase64url } from '#packet';
import { openVault, packetKeyName } from '#vault';
import { httpUrl } from '../addresses.js';
import { foldersOf, TENANT } from '../set-up.js';
import { text } from './case-book.js';
import type { Stage } from './leavers.js';
import { addressOf, CAST, picture } from './people.js';

/** What the doer's journal must say of a forgery, by the receipt's type and reason. */
interface Forgery {
  readonly what: string;
  readonly body: JsonObject;
  readonly says: string;
}

/**
 * Chapter 6: what the relay between gatekeeper and doer recorded is sent again, changed in every way, some of it even
 * signed with the stolen keys of the gatekeeper. Each is dropped, each leaves its own entry, and no portal changes.
 */
export async function forger({ client, teller, cases }: Stage, data: string): Promise<string> {
  teller.chapter(6, 'The forger');
  await client.control(`/control/employees/${CAST.victim}`, { json: { status: 'leaving', lastDay: new Date().toISOString().slice(0, 10) } });
  const softCase = await cases.file({ text: `Please offboard ${await addressOf(client, CAST.victim)}, last day today` });
  await cases.until(softCase, 'doer: order.finished');
  const recorded = await recordedDelivery(client, softCase);
  const forgeries = await forge(recorded, data, httpUrl(client.addresses.vault));
  const [actions, before] = [await client.control('/control/actions'), await picture(client, CAST.victim)];
  for (const { what, body, says } of forgeries) {
    const journaled = await journalLength(client);
    const answer = await client.control('/control/relay/send', { json: { identity: `gatekeeper.${TENANT}`, body } });
    teller.expect(`the answer to "${what}"`, [answer.status, answer.body], [202, '']);
    const entries = await teller.until(`a journal entry about "${what}"`, async () => {
      const all = await journal(client);
      return all.length > journaled ? all.slice(journaled) : undefined;
    });
    teller.expect(`what the journal says of "${what}"`, entries.map(({ type, data: said }) => `${text(type)} ${isJsonObject(said) ? text(said.reason) : ''}`), [says]);
    teller.say(`${what.padEnd(58)} 202, and ${says}`);
  }
  const journaled = await journalLength(client);
  teller.expect('the answer to the same bytes', (await client.control('/control/relay/send', { json: { identity: `gatekeeper.${TENANT}`, body: recorded } })).status, 202);
  teller.expect('entries after the same bytes', await journalLength(client), journaled);
  teller.say(`${'the same bytes once more'.padEnd(58)} 202, and no effect and no entry`);
  teller.expect('what the portals did', await client.control('/control/actions'), actions);
  teller.expect('the person in every portal', await picture(client, CAST.victim), before);
  await teller.until('every rejection in the ledger', async () => {
    const { body } = await client.notary(`/v1/tenants/${TENANT}/ledger/verification`);
    return isJsonObject(body.receipts) && body.receipts.matched === (await journalLength(client)) ? true : undefined;
  });
  teller.say('no portal changed, and every rejection has its receipt in the ledger');
  return softCase;
}

async function forge(recorded: JsonObject, data: string, vaultUrl: string): Promise<readonly Forgery[]> {
  const secrets = foldersOf(data).secrets;
  const stolen = (name: string): string => readFileSync(join(secrets, name), 'utf8').trim();
  const vault = openVault({ address: vaultUrl, token: stolen('vault-gatekeeper.token'), timeoutMs: 10_000 });
  const hmacKey = Buffer.from(stolen('packet-hmac'), 'base64url');
  const bytes = fromBase64url(text(recorded.packet)) ?? new Uint8Array();
  const packet: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  if (!isPacket(packet)) throw new CodedError('deviation', 'the relay recorded no packet');
  const flipped = Uint8Array.from(bytes, (byte, i) => (i === 40 ? byte ^ 1 : byte));
  const { privateKey } = generateKeyPairSync('ed25519');
  /** Signed as the gatekeeper would, with all that it holds. */
  const signed = async (changed: Packet): Promise<JsonObject> => {
    const out = encodePacket(changed);
    const signature = await vault.signEd25519(packetKeyName(TENANT), ed25519Input(TENANT, out));
    return { packet: toBase64url(out), hmac: toBase64url(hmacTag(hmacKey, TENANT, out)), signature: toBase64url(signature), grants: { ...(isJsonObject(recorded.grants) && recorded.grants) } };
  };
  const next = { ...packet, order: packet.order + 1, previous: packetDigest(bytes) };
  const now = new Date().toISOString();
  const fresh = { ...next, notBefore: plusSeconds(now, -1), acceptBy: plusSeconds(now, 600) };
  return [
    { what: 'changed by one bit', body: { ...recorded, packet: toBase64url(flipped) }, says: 'doer.signature_rejected hmac' },
    { what: 'unsigned', body: { ...recorded, signature: toBase64url(new Uint8Array(64)) }, says: 'doer.signature_rejected ed25519' },
    { what: 'signed with another key', body: { ...recorded, signature: toBase64url(sign(null, ed25519Input(TENANT, bytes), privateKey)) }, says: 'doer.signature_rejected ed25519' },
    { what: 'authenticated with another HMAC key', body: { ...recorded, hmac: toBase64url(hmacTag(randomBytes(32), TENANT, bytes)) }, says: 'doer.signature_rejected hmac' },
    { what: 'for another tenant, signed with the stolen keys', body: await signed({ ...fresh, tenant: 'globex' }), says: 'doer.signature_rejected tenant' },
    { what: 'other bytes under a used order, signed with the stolen keys', body: await signed({ ...packet, acceptBy: fresh.acceptBy }), says: 'doer.order_rejected order_used' },
    { what: 'after its time, signed with the stolen keys', body: await signed({ ...next, notBefore: plusSeconds(now, -20), acceptBy: plusSeconds(now, -10) }), says: 'doer.order_rejected expired' },
    { what: 'hard before its window, signed with the stolen keys', body: await signed({ ...fresh, phase: 'hard', steps: packet.steps.map((step) => ({ ...step, effects: ['delete_account'] })) }), says: 'doer.order_rejected window' },
    { what: 'without a grant, signed with the stolen keys', body: { ...(await signed({ ...fresh, phase: 'reinstate' })), grants: {} }, says: 'doer.order_rejected grant_missing' },
  ];
}

async function recordedDelivery(client: Stage['client'], softCase: string): Promise<JsonObject> {
  const { deliveries } = await client.control('/control/relay');
  const bodies = (Array.isArray(deliveries) ? deliveries : []).filter(isJsonObject).map(({ body }) => JSON.parse(text(body)) as JsonObject);
  const found = bodies.find(({ packet }) => Buffer.from(text(packet), 'base64url').toString('utf8').includes(softCase));
  if (!found) throw new CodedError('deviation', 'the relay recorded no delivery of the case');
  return found;
}

async function journal(client: Stage['client']): Promise<readonly JsonObject[]> {
  const { text: lines } = await client.notary(`/v1/tenants/${TENANT}/journal/export`);
  return lines.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as JsonObject);
}

async function journalLength(client: Stage['client']): Promise<number> {
  return (await journal(client)).length;
}
