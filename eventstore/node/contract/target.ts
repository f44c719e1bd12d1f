import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import db from '@eventstore/db-client';
import { hashPassword } from '../password.js';
import type { Grant } from '../rights.js';
import { startStore } from '../server.js';
import { loopbackCertificate } from './certificate.js';

/** A user of the store under test; the password is its name followed by `-secret`. */
export interface TestUser extends Grant {
  readonly name: string;
}

/** The store under test. */
export interface Target {
  /** A client of its own; the embedded store's root user unless another is named. */
  client(user?: string, password?: string): db.EventStoreDBClient;
  /** A user who may do all; the client takes the unary path for a call that brings credentials. */
  readonly credentials: db.Credentials;
  stop(): Promise<void>;
}

/** An embedded store over TLS with users, and what tests of it alone need. */
export interface EmbeddedTarget extends Target {
  readonly folder: string;
  readonly address: string;
  readonly cert: string;
  readonly logged: readonly string[];
  setUsers(users: readonly TestUser[], suffix?: string): Promise<void>;
}

const ROOT: TestUser = { name: 'root', append: ['*'], read: ['*'] };

/** The store that EVENTSTORE_URL names, else an embedded one. */
export function startTarget(): Promise<Target> {
  const url = process.env['EVENTSTORE_URL'];
  return url === undefined ? startEmbedded([]) : Promise.resolve(remote(url));
}

function remote(url: string): Target {
  const clients: db.EventStoreDBClient[] = [];
  const { username, password } = new URL(url);
  return {
    credentials: { username, password },
    client: () => {
      const client = db.EventStoreDBClient.connectionString(url);
      clients.push(client);
      return client;
    },
    stop: async () => {
      await Promise.all(clients.map((client) => client.dispose()));
    },
  };
}

/** Starts an embedded store with these users and `root`, who may do all. */
export async function startEmbedded(users: readonly TestUser[]): Promise<EmbeddedTarget> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-store-'));
  const usersFile = join(folder, 'users.json');
  await writeUsers(usersFile, [ROOT, ...users], '-secret');
  const { cert, key } = await loopbackCertificate();
  const logged: string[] = [];
  const store = await startStore({
    file: join(folder, 'store.db'), listen: '127.0.0.1:0', tls: { cert, key }, users: { file: usersFile },
    clock: () => new Date(), log: (event, fields) => logged.push(JSON.stringify({ event, ...fields })),
  });
  const clients: db.EventStoreDBClient[] = [];
  return {
    folder, address: store.address, cert, logged,
    credentials: { username: ROOT.name, password: `${ROOT.name}-secret` },
    client: (user = ROOT.name, password = `${user}-secret`) => {
      const client = new db.EventStoreDBClient({ endpoint: store.address }, { rootCertificate: Buffer.from(cert) }, { username: user, password });
      clients.push(client);
      return client;
    },
    setUsers: (next, suffix = '-secret') => writeUsers(usersFile, [ROOT, ...next], suffix),
    stop: async () => {
      await Promise.all(clients.map((client) => client.dispose()));
      await store.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Writes a users file in which each password is the user's name and a suffix. */
export async function writeUsers(path: string, users: readonly TestUser[], suffix: string): Promise<void> {
  const salt = Buffer.alloc(16, 7);
  const entries = await Promise.all(users.map(async ({ name, append, read }) => ({
    name, salt: salt.toString('hex'), hash: (await hashPassword(`${name}${suffix}`, salt)).toString('hex'), append, read,
  })));
  writeFileSync(path, JSON.stringify({ users: entries }));
}
