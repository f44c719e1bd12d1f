import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { IsInt, IsNotEmpty, IsOptional, Matches, Max, Min } from 'class-validator';
import { Type } from 'class-transformer';
import { CodedError, isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { authorityPem, readConfig, SystemUrl, tlsOptions } from '#edge';
import type { Credentials } from './outgoing.js';
import { readPeople } from './people-file.js';
import type { SandboxOptions, Secrets } from './sandbox.js';

/** The sandbox's environment. */
export class SandboxSettings {
  @IsNotEmpty()
  GATEHOUSE_SANDBOX_DATA!: string;

  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(65_528)
  GATEHOUSE_SANDBOX_BASE_PORT = 7400;

  @IsNotEmpty()
  GATEHOUSE_SANDBOX_SECRETS!: string;

  @IsNotEmpty()
  GATEHOUSE_SANDBOX_TLS_CA!: string;

  @IsNotEmpty()
  GATEHOUSE_SANDBOX_TLS_CERT!: string;

  @IsNotEmpty()
  GATEHOUSE_SANDBOX_TLS_KEY!: string;

  @IsNotEmpty()
  GATEHOUSE_SANDBOX_RELAY_IDENTITIES!: string;

  @SystemUrl('http', 'https')
  GATEHOUSE_SANDBOX_DOER_URL!: string;

  @SystemUrl('http', 'https')
  GATEHOUSE_SANDBOX_APPROVALS_URL!: string;

  /** The gatekeeper's channel for BambooHR's webhook. */
  @SystemUrl('http', 'https')
  GATEHOUSE_SANDBOX_BAMBOOHR_URL!: string;

  @IsNotEmpty()
  GATEHOUSE_SANDBOX_CA!: string;

  @IsOptional()
  @IsNotEmpty()
  GATEHOUSE_SANDBOX_PEOPLE?: string;

  /** The day on which a seeded company is founded; the present one when it is not given. */
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  GATEHOUSE_SANDBOX_TODAY?: string;
}

const TLS_VARIABLES = { ca: 'GATEHOUSE_SANDBOX_TLS_CA', cert: 'GATEHOUSE_SANDBOX_TLS_CERT', key: 'GATEHOUSE_SANDBOX_TLS_KEY' };
const SEED = 7;
const SIZE = 500;

/** @throws CodedError `configuration` whose message names the variable. */
export function readSandboxConfig(env: NodeJS.ProcessEnv): SandboxOptions {
  const settings = readConfig(SandboxSettings, env);
  const people = settings.GATEHOUSE_SANDBOX_PEOPLE;
  const clock = (): Date => new Date();
  const today = settings.GATEHOUSE_SANDBOX_TODAY ?? clock().toISOString().slice(0, 10);
  const { GATEHOUSE_SANDBOX_TLS_CA: caFile, GATEHOUSE_SANDBOX_TLS_CERT: certFile, GATEHOUSE_SANDBOX_TLS_KEY: keyFile } = settings;
  const { ca, cert, key } = tlsOptions({ ca: caFile, cert: certFile, key: keyFile }, 'ignored', TLS_VARIABLES);
  return {
    data: settings.GATEHOUSE_SANDBOX_DATA,
    basePort: settings.GATEHOUSE_SANDBOX_BASE_PORT,
    origin: people === undefined ? { founding: { seed: SEED, size: SIZE, today } } : { people: readPeople(people) },
    secrets: readSecrets(settings.GATEHOUSE_SANDBOX_SECRETS),
    clock,
    approvalsUrl: new URL(settings.GATEHOUSE_SANDBOX_APPROVALS_URL),
    bambooHrUrl: new URL(settings.GATEHOUSE_SANDBOX_BAMBOOHR_URL),
    ca: authorityPem('GATEHOUSE_SANDBOX_CA', settings.GATEHOUSE_SANDBOX_CA),
    relay: {
      tls: { ca, cert, key },
      target: new URL(settings.GATEHOUSE_SANDBOX_DOER_URL),
      identities: readIdentities(settings.GATEHOUSE_SANDBOX_RELAY_IDENTITIES, caFile),
    },
  };
}

function contentOf(variable: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new CodedError('configuration', `${variable}: ${path} cannot be read`, { cause });
  }
}

// every `gatekeeper.<tenant>.pem` with its `.key` is somebody whose deliveries can go on
function readIdentities(folder: string, caFile: string): Readonly<Record<string, Required<Credentials>>> {
  const variable = 'GATEHOUSE_SANDBOX_RELAY_IDENTITIES';
  let files: readonly string[];
  try {
    files = readdirSync(folder);
  } catch (cause) {
    throw new CodedError('configuration', `${variable}: ${folder} is not a readable folder`, { cause });
  }
  const names = files.flatMap((file) => /^(gatekeeper\.[a-z0-9-]+)\.pem$/.exec(file)?.[1] ?? []);
  if (names.length === 0) throw new CodedError('configuration', `${variable}: ${folder} holds no gatekeeper.<tenant>.pem`);
  const named = { ca: TLS_VARIABLES.ca, cert: variable, key: variable };
  const credentials = (name: string): Required<Credentials> => {
    const { ca, cert, key } = tlsOptions({ ca: caFile, cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) }, 'ignored', named);
    return { ca, cert, key };
  };
  return Object.fromEntries(names.map((name) => [name, credentials(name)]));
}

function readSecrets(path: string): Secrets {
  const variable = 'GATEHOUSE_SANDBOX_SECRETS';
  const content = contentOf(variable, path).toString('utf8');
  if ((statSync(path).mode & 0o077) !== 0) throw new CodedError('configuration', `${variable}: ${path} must be readable by its owner alone (0600)`);
  let value: JsonValue;
  try {
    value = JSON.parse(content) as JsonValue;
  } catch (cause) {
    throw new CodedError('configuration', `${variable}: ${path} is not JSON`, { cause });
  }
  // the values are left out of what is said: they are secrets
  const text = (part: JsonValue | undefined, name: string, within: string): string => {
    const found = isJsonObject(part) ? part[name] : undefined;
    if (typeof found !== 'string' || found === '') throw new CodedError('configuration', `${variable}: ${within}${name} is missing in ${path}`);
    return found;
  };
  const all: JsonObject = isJsonObject(value) ? value : {};
  const tokens = (portal: string) => ({ read: text(all[portal], 'read', `${portal}.`), write: text(all[portal], 'write', `${portal}.`) });
  const slack = (name: string): string => text(all.slack, name, 'slack.');
  return {
    hrisToken: text(all, 'hrisToken', ''),
    workday: { user: text(all.workday, 'user', 'workday.'), password: text(all.workday, 'password', 'workday.') },
    bambooHr: { privateKey: text(all.bambooHr, 'privateKey', 'bambooHr.'), apiKey: text(all.bambooHr, 'apiKey', 'bambooHr.') },
    directory: tokens('directory'),
    scim: tokens('scim'),
    slack: { botToken: slack('botToken'), signingSecret: slack('signingSecret'), team: slack('team') },
    vault: { rootToken: text(all.vault, 'rootToken', 'vault.') },
  };
}
