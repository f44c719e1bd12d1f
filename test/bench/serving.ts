import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore } from '#ledger';
import { TILE_WIDTH } from '#ledger';
import { foldersOf } from '../../apps/console/set-up.js';
import { reach, type StoreStage } from './store-stage.js';

const TOKEN = 'a-token-of-the-benchmark';
const PAGE = 1_024;
const [ROUNDS, TILES_IN_FLIGHT] = [3, 4];

/** Entries a second that the notary's process hands out, whole and as tiles, against reading the same entries from the store. */
export async function measureServing(stage: StoreStage, tenant: string): Promise<readonly string[]> {
  writeFileSync(join(foldersOf(stage.data).tenants, 'notary.json'), JSON.stringify([{ id: tenant, tokens: [{ name: 'bench', sha256: createHash('sha256').update(TOKEN).digest('hex') }] }]), { mode: 0o600 });
  const notary = await stage.startNotary();
  const agent = new Agent({ keepAlive: true, ca: stage.access('notary').ca });
  const fetched = (path: string): Promise<number> =>
    new Promise((resolve, reject) => {
      get(`${notary}/v1/tenants/${tenant}/ledger/${path}`, { agent, headers: { authorization: `Bearer ${TOKEN}` } }, (response) => {
        let bytes = 0;
        response.on('data', (chunk: Buffer) => (bytes += chunk.length)).once('error', reject);
        response.once('end', () => (response.statusCode === 200 ? resolve(bytes) : reject(new Error(`${path}: ${String(response.statusCode)}`))));
      }).once('error', reject);
    });
  const size = await signedSize(`${notary}/v1/tenants/${tenant}/ledger/log/checkpoint`, agent);
  const store = stage.open('notary');
  const rates = { bare: 0, export: 0, tiles: 0 };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const took = { bare: await timed(() => readBare(store, `ledger-${tenant}`)), export: await timed(() => fetched('export')), tiles: await timed(() => allTiles(size, fetched)) };
    if (round > 0) for (const way of ['bare', 'export', 'tiles'] as const) rates[way] += (size * 1_000) / took[way] / ROUNDS;
  }
  agent.destroy();
  const line = (what: string, rate: number): string => reach(`${what} to reading the same entries bare`, rate / rates.bare, { least: 0.7 }, `${rate.toFixed()} and ${rates.bare.toFixed()} entries/s, ${size} entries`);
  return [line('export', rates.export), line('tile serving', rates.tiles)];
}

async function readBare(store: EventStore, stream: string): Promise<void> {
  for (let from = 0, found = PAGE; found === PAGE; from += PAGE) {
    found = 0;
    for await (const { bytes } of store.read(stream, from, PAGE)) found += bytes.length > 0 ? 1 : 0;
  }
}

/** Every full bundle of entries, and the tile of hashes over it, as who follows the log would take them. */
async function allTiles(size: number, fetched: (path: string) => Promise<number>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: TILES_IN_FLIGHT }, async () => {
      for (let n = next++; n < Math.floor(size / TILE_WIDTH); n = next++) {
        const place = n < 1_000 ? String(n).padStart(3, '0') : `x${String(Math.floor(n / 1_000)).padStart(3, '0')}/${String(n % 1_000).padStart(3, '0')}`;
        await fetched(`log/tile/entries/${place}`);
        await fetched(`log/tile/0/${place}`);
      }
    }),
  );
}

/** The size of the last checkpoint, once there is one. */
async function signedSize(url: string, agent: Agent): Promise<number> {
  for (;;) {
    const note = await new Promise<string>((resolve, reject) => {
      get(url, { agent, headers: { authorization: `Bearer ${TOKEN}` } }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString())).once('end', () => resolve(response.statusCode === 200 ? text : ''));
      }).once('error', reject);
    });
    if (note !== '') return Number(note.split('\n')[1]);
    // the notary tells nobody when it has signed
    await delay(100);
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
