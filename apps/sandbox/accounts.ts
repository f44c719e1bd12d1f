/** What every portal knows of an account, whatever else it keeps. */
export interface Account {
  readonly id: string;
  readonly version: number;
  readonly employeeNumber: string;
}

/** One line of a portal's history: `after` holds the fields that got a new value, and null when the account is gone. */
export interface AccountChange {
  readonly at: string;
  readonly portal: string;
  readonly account: string;
  readonly employeeNumber: string;
  readonly what: string;
  readonly changed: boolean;
  readonly after?: Readonly<Record<string, unknown>> | null;
}

/** A portal's accounts, found by id or by key without a scan; every effectful call goes through `record` first. */
export class Accounts<T extends Account> {
  private readonly byId = new Map<string, T>();
  private readonly byKey = new Map<string, Set<string>>();

  constructor(
    readonly portal: string,
    private readonly keysOf: (account: T) => readonly string[],
    private readonly record: (change: Omit<AccountChange, 'at'>) => void,
  ) {}

  get(id: string): T | undefined {
    return this.byId.get(id);
  }

  find(key: string): readonly T[] {
    const ids = this.byKey.get(key);
    return ids ? [...ids].flatMap((id) => this.byId.get(id) ?? []) : [];
  }

  all(): IterableIterator<T> {
    return this.byId.values();
  }

  get size(): number {
    return this.byId.size;
  }

  /** Gives `fields` new values. */
  change(account: T, what: string, fields: Partial<T>): T {
    const after = { ...fields, version: account.version + 1 };
    this.record({ ...this.naming(account, what), changed: true, after });
    return this.put({ ...account, ...after });
  }

  /** A call that found everything as it should be. */
  unchanged(account: T, what: string): T {
    this.record({ ...this.naming(account, what), changed: false });
    return account;
  }

  create(account: T, what: string): T {
    this.record({ ...this.naming(account, what), changed: true, after: Object.fromEntries(Object.entries(account)) });
    return this.put(account);
  }

  delete(account: T, what: string): void {
    this.record({ ...this.naming(account, what), changed: true, after: null });
    this.drop(account);
  }

  /** Takes in a line that was written before. */
  replay(change: AccountChange, isAccount: (value: object) => value is T): void {
    if (change.after === undefined) return;
    const before = this.byId.get(change.account);
    if (change.after === null) {
      if (before) this.drop(before);
      return;
    }
    const account = { ...before, ...change.after };
    if (isAccount(account)) this.put(account);
  }

  /** Puts an account in its place without a line of history: what a company starts with. */
  put(account: T): T {
    const before = this.byId.get(account.id);
    if (before) this.unindex(before);
    this.byId.set(account.id, account);
    for (const key of this.keysOf(account)) {
      const ids = this.byKey.get(key);
      if (ids) ids.add(account.id);
      else this.byKey.set(key, new Set([account.id]));
    }
    return account;
  }

  private naming(account: T, what: string) {
    return { portal: this.portal, account: account.id, employeeNumber: account.employeeNumber, what };
  }

  private drop(account: T): void {
    this.unindex(account);
    this.byId.delete(account.id);
  }

  private unindex(account: T): void {
    for (const key of this.keysOf(account)) this.byKey.get(key)?.delete(account.id);
  }
}
