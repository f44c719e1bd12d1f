import { startDirectory } from './directory.js';
import type { PortalTokens } from './bearer.js';
import { startHris } from './hris.js';
import { Conditions } from './latency.js';
import { startScim } from './scim.js';
import type { Place, Running } from './service.js';
import { Company, type Origin } from './state.js';
import { startVault, Vault } from './vault/vault.js';

/** What callers must show at the company's systems. */
export interface Secrets {
  readonly hrisToken: string;
  readonly directory: PortalTokens;
  readonly scim: PortalTokens;
  readonly vault: { readonly rootToken: string };
}

export interface SandboxOptions {
  /** Folder that keeps the company, its Vault and its messages. */
  readonly data: string;
  /** The first of eight ports in a row; 0 picks free ones. */
  readonly basePort: number;
  readonly origin: Origin;
  readonly secrets: Secrets;
  readonly clock: () => Date;
}

export interface Sandbox {
  /** URLs by service. */
  readonly addresses: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts the company in a box; answers when every service listens. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { data, basePort, secrets, clock } = options;
  const conditions = new Conditions();
  const company = new Company(data, options.origin, clock);
  const vault = new Vault(data, secrets.vault.rootToken, clock);
  const place = (name: string, offset: number): Place => ({ name, port: basePort === 0 ? 0 : basePort + offset, conditions });
  const services: Record<string, Running> = {
    hris: await startHris(company, secrets.hrisToken, place('hris', 0)),
    directory: await startDirectory(company, secrets.directory, place('directory', 1)),
    scim: await startScim(company, secrets.scim, place('scim', 2)),
    vault: await startVault(vault, place('vault', 4)),
  };
  return {
    addresses: Object.fromEntries(Object.entries(services).map(([name, { address }]) => [name, address])),
    stop: async () => {
      await Promise.all(Object.values(services).map((service) => service.stop()));
      company.close();
      vault.close();
    },
  };
}
