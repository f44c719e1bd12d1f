import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import db from '@eventstore/db-client';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { type ClientReadableStream, credentials, Metadata } from '@grpc/grpc-js';
import { loopbackCertificate } from '../../eventstore/node/contract/certificate.js';
import { writeUsers } from '../../eventstore/node/contract/target.js';
import { streamIdentifier } from '../../eventstore/node/wire.js';

const SUBSCRIPTIONS = 1_000;
/** Slow readers share connections, since each connection has a window of its own that fills. */
const A_CONNECTION = 50;
/** Half of it is there before anybody subscribes, half comes while nobody reads. */
const BACKLOG_BYTES = 100 * 1024 * 1024;
const MOST_MB = 300;
/** So many events the late reader takes: more than lay in buffers while it did not read. */
const LATE = 60;
const STREAM = 'ledger-acme';
const ROOT = { username: 'root', password: 'root-secret' };

let folder: string, child: ChildProcess, address: string, cert: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-pressure-'));
  const certificate = await loopbackCertificate();
  cert = certificate.cert;
  writeFileSync(join(folder, 'cert.pem'), cert);
  writeFileSync(join(folder, 'key.pem'), certificate.key);
  await writeUsers(join(folder, 'users.json'), [{ name: 'root', append: ['*'], read: ['*'] }], '-secret');
  child = spawn(process.execPath, ['--max-semi-space-size=4', '--heap-growing-percent=30', 'dist/eventstore/node/main.js'], {
    env: {
      PATH: process.env.PATH ?? '', MALLOC_ARENA_MAX: '2', GATEHOUSE_STORE_FILE: join(folder, 'store.db'), GATEHOUSE_STORE_LISTEN: '127.0.0.1:0', GATEHOUSE_STORE_USERS: join(folder, 'users.json'),
      GATEHOUSE_STORE_TLS_CERT: join(folder, 'cert.pem'), GATEHOUSE_STORE_TLS_KEY: join(folder, 'key.pem'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
  address = /"address":"([^"]+)"/.exec(line)![1]!;
});
afterEach(async () => {
  child.kill('SIGKILL');
  await once(child, 'exit');
  rmSync(folder, { recursive: true });
});

/** The most memory the server ever held, and what it holds now, in MB. */
function memory(): { readonly most: number; readonly now: number } {
  const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8');
  const mb = (name: string): number => Math.round(Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024);
  return { most: mb('VmHWM'), now: mb('VmRSS') };
}

/** A connection of its own. */
function connect(): streamsGrpc.StreamsClient {
  return new streamsGrpc.StreamsClient(address, credentials.createSsl(Buffer.from(cert)), { 'grpc.use_local_subchannel_pool': 1 });
}

/** A subscription from the stream's start whose reader takes nothing until it is told to. */
function subscribe(client: streamsGrpc.StreamsClient): ClientReadableStream<streamsPb.ReadResp> {
  const stream = new streamsPb.ReadReq.Options.StreamOptions().setStreamIdentifier(streamIdentifier(STREAM)).setStart(new sharedPb.Empty());
  const options = new streamsPb.ReadReq.Options().setStream(stream).setSubscription(new streamsPb.ReadReq.Options.SubscriptionOptions()).setNoFilter(new sharedPb.Empty());
  options.setUuidOption(new streamsPb.ReadReq.Options.UUIDOption().setString(new sharedPb.Empty()));
  const identity = new Metadata();
  identity.set('authorization', `Basic ${Buffer.from(`${ROOT.username}:${ROOT.password}`).toString('base64')}`);
  const call = client.read(new streamsPb.ReadReq().setOptions(options), identity);
  call.on('error', () => undefined);
  return call;
}

async function fill(client: db.EventStoreDBClient, size: number, from: number): Promise<number> {
  const data = Buffer.alloc(size, 7);
  const atOnce = Math.max(1, Math.floor(800_000 / (size + 100)));
  let revision = from;
  for (const end = from + Math.ceil(BACKLOG_BYTES / 2 / size); revision < end; revision += atOnce) {
    const events = Array.from({ length: atOnce }, () => db.binaryEvent({ type: 'store.pressed', data }));
    await client.appendToStream(STREAM, events, { expectedRevision: revision === 0 ? 'no_stream' : BigInt(revision - 1), credentials: ROOT });
  }
  return revision;
}

/** Takes so many events of a subscription; answers their revisions in the order they came. */
async function take(call: ClientReadableStream<streamsPb.ReadResp>, count: number): Promise<readonly number[]> {
  const revisions: number[] = [];
  for await (const message of call as AsyncIterable<streamsPb.ReadResp>) {
    const event = message.getEvent()?.getEvent();
    if (event) revisions.push(Number(event.getStreamRevision()));
    if (revisions.length === count) break;
  }
  return revisions;
}

describe.each([['4 KB', 4 * 1024], ['64 KB, the largest entries', 65_000]])(`${SUBSCRIPTIONS} subscriptions over 100 MB of events of %s`, (name, size) => {
  it(`stay under ${MOST_MB} MB, whether or not anybody reads, and miss nothing`, async () => {
    const writer = new db.EventStoreDBClient({ endpoint: address }, { rootCertificate: Buffer.from(cert) });
    const clients = Array.from({ length: SUBSCRIPTIONS / A_CONNECTION }, connect);
    const half = await fill(writer, size, 0);
    const filled = memory();
    const slow = clients.flatMap((client) => Array.from({ length: A_CONNECTION }, () => subscribe(client)));
    // each is served: its first message, which confirms it, is taken, and then nothing
    // one on a connection of its own: HTTP/2 lets those who share one hold each other's window
    const patient = connect();
    const waiting = subscribe(patient);
    await Promise.all([...slow, waiting].map((call) => once(call, 'metadata')));
    const subscribed = memory();
    const count = await fill(writer, size, half);
    const grown = memory();
    // a slow reader that reads after all misses nothing, and beside them a new one reads all of it
    const [late, fresh] = await Promise.all([take(waiting, LATE), take(subscribe(connect()), count)]);
    const expected = Array.from({ length: count }, (_, i) => i);
    expect([late, fresh]).toEqual([expected.slice(0, LATE), expected]);
    const { most, now } = memory();
    console.log(`${name}: the server held ${filled.now} MB after 50 MB were written, ${subscribed.now} MB with ${SUBSCRIPTIONS} subscriptions that read nothing, ${grown.now} MB after another 50 MB, ${now} MB at the end; at most ${most} MB`);
    expect(most).toBeLessThan(MOST_MB);
    for (const call of [...slow, waiting]) call.cancel();
    for (const client of [...clients, patient]) client.close();
    await writer.dispose();
  }, 1_200_000);
});
