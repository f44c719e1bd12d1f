import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#decider';
import { type Entry, encodeEntry, entryHash, openStore } from '#ledger';
import type { EvidenceTaken } from '#lifecycle';
import { encodePacket, packetDigest, toBase64url } from '#packet';
import { foldersOf } from '../../dist/apps/console/set-up.js';
import { CaseBook, text } from '../../dist/apps/console/story/case-book.js';
import { addressOf, CAST, picture } from '../../dist/apps/console/story/people.js';
import { Teller } from '../../dist/apps/console/story/teller.js';
import { setStage, type Stage } from './stage.js';
import { exported } from './erasure-stage.js';

const WINDOW_SECONDS = 2;

/** The order that two people were asked about and have not approved, as an entry that fits the chain in every way. */
function forgedOrder(entries: readonly Entry[], id: string, keys: { readonly hmac: string; readonly ed25519: string }): Entry {
  const own = entries.filter((entry) => entry.case === id);
  const dataOf = (type: string): JsonObject | undefined => own.find((entry) => entry.type === type)?.data;
  const plan = dataOf('evidence.taken')?.plan as EvidenceTaken['plan'];
  const decision = text(dataOf('gate.decided')?.digest);
  const last = entries.at(-1)!;
  const [notBefore, acceptBy] = [last.at, new Date(Date.parse(last.at) + 600_000).toISOString()];
  const steps = plan.map(({ portal, account, soft }) => ({ portal, account, effects: soft }));
  const bytes = encodePacket({ v: 1, tenant: 'acme', case: id, order: 1, phase: 'soft', steps, decision, approvals: 'a'.repeat(64), previous: null, notBefore, acceptBy, keys });
  const order = { order: 1, packet: toBase64url(bytes), digest: packetDigest(bytes), acceptBy };
  return { ...last, seq: last.seq + 1, id: randomUUID(), type: 'soft.ordered', case: id, caseSeq: own.length, command: randomUUID(), actor: 'gatekeeper', prev: entryHash(encodeEntry(last)), data: order };
}

describe('somebody who can write to the store as it lies on the disk, and puts an order there that nobody approved', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage({ basePort: 23_300, windowSeconds: WINDOW_SECONDS });
  });
  afterAll(() => stage.strike());

  it('stops the tenant, and no portal changes', async () => {
    const { client, data, addresses } = stage;
    const teller = new Teller(() => undefined);
    const cases = new CaseBook(client, teller);
    const before = await picture(client, CAST.productionOwner);
    const id = await cases.file({ text: `Please offboard ${await addressOf(client, CAST.productionOwner)}, last day today` });
    await cases.until(id, 'approval.message_posted');
    const { secrets, tls, tenants } = foldersOf(data);
    const [gatekeeper] = JSON.parse(readFileSync(join(tenants, 'gatekeeper.json'), 'utf8')) as [{ readonly ed25519KeyId: string }];
    const store = openStore({ address: addresses.store.replace('127.0.0.1', 'localhost'), ca: readFileSync(join(tls, 'ca.pem')), user: 'gatekeeper', password: readFileSync(join(secrets, 'store-gatekeeper.password'), 'utf8').trim() });
    // until it is the next entry: the gatekeeper may write meanwhile
    for (let placed = false; !placed; ) {
      const { entries } = await exported(client, 'ledger');
      const forged = forgedOrder(entries, id, { hmac: 'hmac-1', ed25519: gatekeeper.ed25519KeyId });
      placed = await store.append('ledger-acme', [{ id: forged.id, type: forged.type, bytes: encodeEntry(forged) }], forged.seq - 1).then(() => true, () => false);
    }
    await store.close();
    await teller.until('the gatekeeper says that its ledger holds a foreign entry', async () => ((await client.gatekeeper('/ready')).text.includes('entry_forged') ? true : undefined));
    // it chains, so whoever only looks at the chain finds nothing
    expect((await client.notary('/v1/tenants/acme/ledger/verification')).body.verdict).toBe('consistent');
    expect((await client.gatekeeper('/v1/requests', { token: client.token('requester-hr'), json: { text: 'Please offboard somebody' } })).status).toBe(503);

    // nor does it come up on it
    await stage.stack.end('gatekeeper');
    await stage.stack.start(stage.parts.gatekeeper);
    await teller.until('it says so at its next start', async () => ((await client.gatekeeper('/ready')).text.includes('entry_forged') ? true : undefined));
    const types = async (book: 'ledger' | 'journal'): Promise<readonly string[]> => (await exported(client, book)).entries.filter((entry) => entry.case === id).map(({ type }) => type);
    expect([...(await types('ledger')), ...(await types('journal'))]).not.toContain('packet.signed');
    expect(await types('journal')).toEqual([]);
    expect(await picture(client, CAST.productionOwner)).toEqual(before);
  });
});
