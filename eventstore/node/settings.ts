import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { accessSync, constants, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseUsers } from './users-file.js';

/** What the process is told by its environment. */
export interface Settings {
  readonly file: string;
  readonly listen: string;
  readonly tls: { readonly cert: string; readonly key: string };
  readonly usersFile: string;
}

/** A setting that is missing or wrong; the message names the variable. */
export class SettingError extends Error {
  constructor(variable: string, problem: string, options?: ErrorOptions) {
    super(`${variable}: ${problem}`, options);
    this.name = 'SettingError';
  }
}

/** Reads and checks all settings. Throws SettingError at the first that is not usable. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const file = required(env, 'GATEHOUSE_STORE_FILE');
  checked('GATEHOUSE_STORE_FILE', 'its folder must exist and be writable', () => accessSync(dirname(file), constants.W_OK));
  const listen = required(env, 'GATEHOUSE_STORE_LISTEN');
  const port = /^(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(listen)?.[1];
  if (port === undefined || Number(port) > 65_535) throw new SettingError('GATEHOUSE_STORE_LISTEN', 'host:port is needed, port 0 to 65535');
  const cert = readText(env, 'GATEHOUSE_STORE_TLS_CERT');
  checked('GATEHOUSE_STORE_TLS_CERT', 'a PEM certificate is needed', () => new X509Certificate(cert));
  const key = readText(env, 'GATEHOUSE_STORE_TLS_KEY');
  checked('GATEHOUSE_STORE_TLS_KEY', 'the PEM key of GATEHOUSE_STORE_TLS_CERT is needed', () => assert(new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))));
  const users = readText(env, 'GATEHOUSE_STORE_USERS');
  try {
    parseUsers(users);
  } catch (error) {
    throw new SettingError('GATEHOUSE_STORE_USERS', error instanceof Error ? error.message : 'not a users file', { cause: error });
  }
  return { file, listen, tls: { cert, key }, usersFile: required(env, 'GATEHOUSE_STORE_USERS') };
}

function required(env: Readonly<Record<string, string | undefined>>, variable: string): string {
  const value = env[variable];
  if (value === undefined || value === '') throw new SettingError(variable, 'is not set');
  return value;
}

function readText(env: Readonly<Record<string, string | undefined>>, variable: string): string {
  const path = required(env, variable);
  return checked(variable, 'names a file that cannot be read', () => readFileSync(path, 'utf8'));
}

function checked<T>(variable: string, problem: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw new SettingError(variable, problem, { cause: error });
  }
}
