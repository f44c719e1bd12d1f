import type { PortalTokens } from './bearer.js';
import { startControl } from './control.js';
import { startDirectory } from './directory.js';
import { type HrisSecrets, startHris } from './hris.js';
import { Conditions } from './latency.js';
import { Caller } from './outgoing.js';
import { Phones, startPhones } from './phones.js';
import { Relay, type RelayOptions } from './relay.js';
import { startScim } from './scim.js';
import type { Place, Running } from './service.js';
import { type SlackSecrets, startSlack } from './slack.js';
import { SlackMessages } from './slack-messages.js';
import { Company, type Origin } from './state.js';
import { startVault, Vault } from './vault/vault.js';

/** What callers must show at the company's systems. */
export interface Secrets extends HrisSecrets {
  readonly directory: PortalTokens;
  readonly scim: PortalTokens;
  readonly slack: SlackSecrets;
  readonly vault: { readonly rootToken: string };
}

export interface SandboxOptions {
  /** Folder that keeps the company, its Vault, its messages and its phones. */
  readonly data: string;
  /** The first of eight ports in a row; 0 picks free ones. */
  readonly basePort: number;
  readonly origin: Origin;
  readonly secrets: Secrets;
  readonly clock: () => Date;
  /** The approvals app: Slack sends there what people press. */
  readonly approvalsUrl?: URL;
  /** Where BambooHR posts its webhook. */
  readonly bambooHrUrl?: URL;
  /** The authority that phones, Slack and BambooHR trust when they call out. */
  readonly ca?: Buffer;
  readonly relay?: Pick<RelayOptions, 'tls' | 'target' | 'identities'>;
}

export interface Sandbox {
  /** URLs by service. */
  readonly addresses: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts the company in a box; answers when every service listens. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { data, basePort, secrets, clock } = options;
  const port = (offset: number): number => (basePort === 0 ? 0 : basePort + offset);
  const conditions = new Conditions();
  const place = (name: string, offset: number): Place => ({ name, port: port(offset), conditions });
  const company = new Company(data, options.origin, clock);
  const vault = new Vault(data, secrets.vault.rootToken, clock);
  const messages = new SlackMessages(data, clock);
  const caller = new Caller(options.ca ? { ca: options.ca } : {});
  const phones = new Phones(data, caller);
  const relay = options.relay && new Relay({ ...options.relay, port: port(5), clock });
  const services: Record<string, Running> = {};
  const addresses = (): Record<string, string> => Object.fromEntries(Object.entries(services).map(([name, { address }]) => [name, address]));
  const stop = async (): Promise<void> => {
    await Promise.all(Object.values(services).map((service) => service.stop()));
    for (const held of [company, vault, messages, phones, caller, relay]) held?.close();
  };
  try {
    services.hris = await startHris(company, secrets, place('hris', 0));
    services.directory = await startDirectory(company, secrets.directory, place('directory', 1));
    services.scim = await startScim(company, secrets.scim, place('scim', 2));
    services.slack = await startSlack(company, messages, secrets.slack, place('slack', 3));
    services.vault = await startVault(vault, place('vault', 4));
    if (relay) services.relay = await relay.start();
    services.phones = await startPhones(phones, { name: 'phones', port: port(6) });
    const interactivity = options.approvalsUrl && { url: new URL('/slack/events', options.approvalsUrl), caller, secrets: secrets.slack, clock };
    const webhook = options.bambooHrUrl && { url: options.bambooHrUrl, caller, privateKey: secrets.bambooHr.privateKey, clock };
    const controlled = { company, vault, messages, conditions, addresses, ...(relay && { relay }), ...(interactivity && { interactivity }), ...(webhook && { webhook }) };
    services.control = await startControl(controlled, { name: 'control', port: port(7) });
  } catch (error) {
    await stop();
    throw error;
  }
  return { addresses: addresses(), stop };
}
