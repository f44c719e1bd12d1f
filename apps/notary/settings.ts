import { statSync } from 'node:fs';
import { IsNotEmpty, Matches } from 'class-validator';
import { CodedError } from '#decider';
import { readSecret, StoreSettings } from '#edge';

/** The notary's environment. */
export class Settings extends StoreSettings {
  @Matches(/^[a-z0-9.-]+:\d{1,5}$/i, { message: 'must be host:port' }) GATEHOUSE_NOTARY_LISTEN!: string;
  @IsNotEmpty() GATEHOUSE_TENANTS!: string;
  /** Names the logs for ever: the first part of each checkpoint's origin. */
  @Matches(/^[a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?(:\d{1,5})?$/, { message: 'must be a host name such as audit.example.com' }) GATEHOUSE_NOTARY_HOST!: string;
  @IsNotEmpty() GATEHOUSE_NOTARY_KEY_FILE!: string;
  /** A folder outside the event store and its backups. */
  @IsNotEmpty() GATEHOUSE_NOTARY_CHECKPOINTS!: string;
}

const OTHERS = 0o077;

/** The Ed25519 seed in a file (base64url, 32 bytes, mode 0600). @throws CodedError `configuration`. */
export function readSeed(path: string): Uint8Array {
  const text = readSecret('GATEHOUSE_NOTARY_KEY_FILE', path);
  const seed = Buffer.from(text, 'base64url');
  if (seed.length !== 32 || seed.toString('base64url') !== text) throw new CodedError('configuration', `GATEHOUSE_NOTARY_KEY_FILE: ${path} must hold 32 bytes in base64url`);
  if ((statSync(path).mode & OTHERS) !== 0) throw new CodedError('configuration', `GATEHOUSE_NOTARY_KEY_FILE: ${path} must have mode 0600: others can read or write it`);
  return seed;
}
