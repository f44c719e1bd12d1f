import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Log } from './log.js';
import { hashPassword } from './password.js';
import { Refusal } from './refusal.js';
import type { Grant } from './rights.js';
import type { User, UsersFile } from './users-file.js';

/** Who is calling. `grant` answers the rights of this moment, and refuses once the user or password is gone. */
export interface Session {
  grant(): Grant;
}

/** Finds out who calls, from the `authorization` metadata. Rejects with not-authenticated or too-many. */
export interface Authentication {
  authenticate(authorization: string | undefined): Promise<Session>;
}

/** No identities: every caller may do all that the store allows to anyone. For tests on loopback. */
export const ANYONE: Authentication = {
  authenticate: () => Promise.resolve({ grant: () => ({ append: ['*'], read: ['*'] }) }),
};

const MOST_CHECKS = 32;

/** Basic authentication against a users file. A good credential is known again by a keyed digest, since scrypt is slow by design. */
export class BasicAuthentication implements Authentication {
  readonly #digestKey = randomBytes(32);
  readonly #decoySalt = randomBytes(16);
  readonly #known = new Map<string, User>();
  readonly #checks = new Map<string, Promise<User | undefined>>();

  constructor(private readonly file: UsersFile, private readonly log: Log) {}

  async authenticate(authorization: string | undefined): Promise<Session> {
    const credential = basicCredential(authorization);
    if (credential === undefined) throw notAuthenticated();
    const digest = createHmac('sha256', this.#digestKey).update(`${credential.name}:${credential.password}`).digest('hex');
    const known = this.#known.get(digest);
    const user = known !== undefined && this.#current(known) !== undefined ? known : await this.#check(digest, credential);
    if (user === undefined) throw notAuthenticated();
    return {
      grant: () => {
        const current = this.#current(user);
        if (current === undefined) throw notAuthenticated();
        return current;
      },
    };
  }

  /** The user's present entry, if it still has the password that was checked. */
  #current(user: User): User | undefined {
    const now = this.file.users().get(user.name);
    return now !== undefined && timingSafeEqual(now.hash, user.hash) && Buffer.from(now.salt).equals(user.salt) ? now : undefined;
  }

  /** Equal credentials that arrive together are checked once, and only so many checks run at a time. */
  async #check(digest: string, credential: Credential): Promise<User | undefined> {
    const running = this.#checks.get(digest);
    if (running !== undefined) return running;
    if (this.#checks.size >= MOST_CHECKS) throw new Refusal('too-many', 'too many logins at once');
    const check = this.#verify(credential).finally(() => this.#checks.delete(digest));
    this.#checks.set(digest, check);
    const user = await check;
    if (user === undefined) return undefined;
    for (const [other, old] of this.#known) if (this.#current(old) === undefined) this.#known.delete(other);
    this.#known.set(digest, user);
    return user;
  }

  async #verify({ name, password }: Credential): Promise<User | undefined> {
    const user = this.file.users().get(name);
    // An unknown name costs the same time, so that names cannot be tried out.
    const hash = await hashPassword(password, user?.salt ?? this.#decoySalt);
    if (user !== undefined && timingSafeEqual(hash, user.hash)) return user;
    // A name nobody has may be a password in the wrong field.
    this.log('login_failed', { user: user?.name ?? '(unknown)' });
    return undefined;
  }
}

interface Credential {
  readonly name: string;
  readonly password: string;
}

function basicCredential(authorization: string | undefined): Credential | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/]{1,1024}={0,2})$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const plain = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = plain.indexOf(':');
  return colon < 1 ? undefined : { name: plain.slice(0, colon), password: plain.slice(colon + 1) };
}

function notAuthenticated(): Refusal {
  return new Refusal('not-authenticated', 'no valid credentials');
}
