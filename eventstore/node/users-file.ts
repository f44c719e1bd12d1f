import { readFileSync, statSync } from 'node:fs';
import type { Grant } from './rights.js';

/** One identity of the users file. */
export interface User extends Grant {
  readonly name: string;
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

/** The users as the file has them now, read again whenever the file is another than before. */
export class UsersFile {
  #seen: string;
  #users: ReadonlyMap<string, User>;

  /** Throws when the file cannot be read or is not a users file: a start without it must not succeed. */
  constructor(private readonly path: string, private readonly onRejected: (reason: string) => void) {
    this.#seen = this.#stamp();
    this.#users = this.#read();
  }

  /** All users by name. A change that leaves no valid users file is reported once, and the last valid one stays in force. */
  users(): ReadonlyMap<string, User> {
    const stamp = this.#stamp();
    if (stamp === this.#seen) return this.#users;
    this.#seen = stamp;
    try {
      this.#users = this.#read();
    } catch (error) {
      this.onRejected(error instanceof Error ? error.message : 'unreadable');
    }
    return this.#users;
  }

  #stamp(): string {
    const stat = statSync(this.path, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? 'absent' : `${stat.mtimeNs}/${stat.size}/${stat.ino}`;
  }

  #read(): ReadonlyMap<string, User> {
    return parseUsers(readFileSync(this.path, 'utf8'));
  }
}

/** Reads a users file. Throws an Error that names the place and never a value, since values may be secrets. */
export function parseUsers(source: string): ReadonlyMap<string, User> {
  let root: unknown;
  try {
    root = JSON.parse(source);
  } catch {
    throw new Error('the users file is not JSON');
  }
  const list = fields(root, 'the users file', ['users']).get('users');
  if (!Array.isArray(list) || list.length === 0) throw new Error('users: a list of at least one user is needed');
  const users = new Map<string, User>();
  list.forEach((item: unknown, index) => {
    const user = parseUser(item, `users[${index}]`);
    if (users.has(user.name)) throw new Error(`users[${index}].name: the name is used twice`);
    users.set(user.name, user);
  });
  return users;
}

function parseUser(item: unknown, at: string): User {
  const values = fields(item, at, ['name', 'salt', 'hash', 'append', 'read']);
  const name = values.get('name');
  if (typeof name !== 'string' || !/^[^\s:]{1,64}$/.test(name)) throw new Error(`${at}.name: 1 to 64 characters without space or colon are needed`);
  return {
    name,
    salt: hex(values.get('salt'), `${at}.salt`, 16, 64),
    hash: hex(values.get('hash'), `${at}.hash`, 32, 32),
    append: prefixes(values.get('append'), `${at}.append`),
    read: prefixes(values.get('read'), `${at}.read`),
  };
}

function fields(value: unknown, at: string, names: readonly string[]): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${at}: an object is needed`);
  const entries = new Map<string, unknown>(Object.entries(value));
  const unknown = [...entries.keys()].find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`${at}: an unknown field stands in it`);
  return entries;
}

function hex(value: unknown, at: string, least: number, most: number): Uint8Array {
  if (typeof value !== 'string' || !/^(?:[0-9a-f]{2})*$/.test(value) || value.length < 2 * least || value.length > 2 * most) {
    throw new Error(`${at}: ${least === most ? least : `${least} to ${most}`} bytes in lower-case hex are needed`);
  }
  return Buffer.from(value, 'hex');
}

function prefixes(value: unknown, at: string): readonly string[] {
  if (!Array.isArray(value)) throw new Error(`${at}: a list of stream prefixes is needed`);
  return value.map((prefix: unknown, index) => {
    // An empty prefix would mean every stream; who means that writes `*`.
    if (typeof prefix !== 'string' || prefix === '') throw new Error(`${at}[${index}]: a stream prefix or * is needed`);
    return prefix;
  });
}
