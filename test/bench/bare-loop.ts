import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '#decider';
import { type Hris, openHris } from '#evidence';
import { type AccountRef, type Connector, openConnector } from '#portals';
import { journalKeyPath, ledgerKeyPath, type Lease, openVault, portalPath, redeemGrant, roleName, type Vault } from '#vault';
import type { Gatehouse } from '../../apps/console/gatehouse.js';
import { foldersOf, TENANT } from '../../apps/console/set-up.js';
import { httpUrl } from '../../apps/console/addresses.js';

/** Longer than any queue of calls that a busy machine makes. */
const TIMEOUT_MS = 60_000;
const GRANT_SECONDS = 300;

interface DoerPortal {
  readonly id: 'directory' | 'scim';
  readonly kind: 'directory' | 'scim';
  readonly url: string;
  readonly roleId: string;
}

interface Reach {
  readonly id: string;
  readonly roleId: string;
  readonly reader: Connector;
  readonly writer: (token: string) => Connector;
}

/**
 * The calls of one soft phase to HRIS, Vault and portals in Gatehouse's order, side by side where Gatehouse makes them so,
 * and nothing else: no ledger, no gate, no signature, no process in between.
 */
export class BareLoop {
  readonly #vaultUrl: string;
  readonly #vault: Vault;
  readonly #hris: Hris;
  readonly #portals: readonly Reach[];

  constructor({ data, addresses }: Gatehouse) {
    const { secrets, tenants } = foldersOf(data);
    const secret = (name: string): string => readFileSync(join(secrets, name), 'utf8').trim();
    const [doer] = JSON.parse(readFileSync(join(tenants, 'doer.json'), 'utf8')) as readonly [{ readonly portals: readonly DoerPortal[] }];
    this.#vaultUrl = httpUrl(addresses.vault);
    this.#vault = openVault({ address: this.#vaultUrl, token: secret('vault-gatekeeper.token'), timeoutMs: TIMEOUT_MS });
    this.#hris = openHris({ url: httpUrl(addresses.hris), token: secret('sandbox-hris-read'), timeoutMs: TIMEOUT_MS });
    this.#portals = doer.portals.map(({ id, kind, url, roleId }) => ({
      id,
      roleId,
      reader: openConnector({ portal: id, kind, url, token: secret(`sandbox-${id}-read`), timeoutMs: TIMEOUT_MS }),
      writer: (token: string) => openConnector({ portal: id, kind, url, token, timeoutMs: TIMEOUT_MS }),
    }));
  }

  /** Offboards the person behind an address; answers the milliseconds after what stands for the 202. */
  async offboard(email: string): Promise<number> {
    const id = `c-${randomUUID()}`;
    await this.#vault.createOnce(ledgerKeyPath(TENANT, 'case', id), { key: randomBytes(32).toString('base64url') });
    const accepted = performance.now();
    const accounts = await this.#lookUp(email);
    const metadata = { tenant: TENANT, case: id, order: '1' };
    const grants = await Promise.all(this.#portals.map(({ id: portal }) => this.#vault.mintGrant(roleName(TENANT, portal), metadata, GRANT_SECONDS)));
    await Promise.all(this.#portals.map((portal, i) => this.#work(portal, id, grants[i] ?? '', accounts)));
    return performance.now() - accepted;
  }

  async #lookUp(email: string): Promise<readonly AccountRef[]> {
    const [[employee]] = await Promise.all([
      this.#hris.find({ email }),
      this.#hris.find({ formerEmail: email }),
      ...this.#portals.map(({ reader }) => reader.find({ address: email })),
    ]);
    if (!employee) throw new CodedError('bench', 'the HRIS does not know a leaver');
    const [accounts] = await Promise.all([
      Promise.all(this.#portals.map(({ reader }) => reader.find({ employee: employee.employeeNumber }))),
      this.#hris.find({ name: employee.displayName }),
      ...(employee.personId === undefined ? [] : [this.#hris.find({ personId: employee.personId })]),
    ]);
    return accounts.flat();
  }

  async #work({ id: portal, roleId, writer }: Reach, caseId: string, grant: string, accounts: readonly AccountRef[]): Promise<void> {
    const lease = await redeemGrant({ address: this.#vaultUrl, timeoutMs: TIMEOUT_MS, roleId, grant, clock: () => new Date() });
    const connector = writer(await tokenOf(lease, portal, caseId));
    for (const { account } of accounts.filter((ref) => ref.portal === portal)) {
      const before = await connector.inspect(account);
      for (const step of connector.plan('soft', before, before)) await connector.apply(account, step);
      if (connector.plan('soft', before, await connector.inspect(account)).length > 0) throw new CodedError('bench', `${portal} is not as ordered`);
    }
    if (!(await lease.give()).confirmed) throw new CodedError('bench', 'a lease was not given back');
  }
}

async function tokenOf(lease: Lease, portal: string, caseId: string): Promise<string> {
  const key = { key: randomBytes(32).toString('base64url') };
  const [credential] = await Promise.all([lease.read(portalPath(TENANT, portal)), lease.createOnce(journalKeyPath(TENANT, caseId, portal), key)]);
  if (typeof credential?.token !== 'string') throw new CodedError('bench', `there is no credential for ${portal}`);
  return credential.token;
}
