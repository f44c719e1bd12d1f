import { IsNotEmpty, Matches } from 'class-validator';
import { readSecret } from './configuration.js';
import { tlsOptions } from './tls-files.js';

/** The part of a process's environment that says who it is: its certificate, and the authority it trusts. */
export class IdentitySettings {
  @IsNotEmpty() GATEHOUSE_TLS_CA!: string;
  @IsNotEmpty() GATEHOUSE_TLS_CERT!: string;
  @IsNotEmpty() GATEHOUSE_TLS_KEY!: string;
}

/** The same for a process with an identity at the event store. */
export class StoreSettings extends IdentitySettings {
  @Matches(/^[a-z0-9.-]+:\d{1,5}$/i, { message: 'must be host:port' }) GATEHOUSE_STORE_ADDRESS!: string;
  @IsNotEmpty() GATEHOUSE_STORE_USER!: string;
  @IsNotEmpty() GATEHOUSE_STORE_PASSWORD_FILE!: string;
}

/** The process's TLS material. @throws CodedError `configuration` for a file that is not what it should be. */
export function identityTls(settings: IdentitySettings, clients: 'asked' | 'ignored'): ReturnType<typeof tlsOptions> {
  return tlsOptions({ ca: settings.GATEHOUSE_TLS_CA, cert: settings.GATEHOUSE_TLS_CERT, key: settings.GATEHOUSE_TLS_KEY }, clients);
}

/** How the process reaches the event store. @throws CodedError `configuration` for a password that cannot be read. */
export function storeAccess(settings: StoreSettings, ca: Buffer): { address: string; ca: Buffer; user: string; password: string } {
  const password = readSecret('GATEHOUSE_STORE_PASSWORD_FILE', settings.GATEHOUSE_STORE_PASSWORD_FILE);
  return { address: settings.GATEHOUSE_STORE_ADDRESS, ca, user: settings.GATEHOUSE_STORE_USER, password };
}
