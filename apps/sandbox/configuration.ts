import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { IsInt, IsOptional, IsString, IsUrl, Matches, Max, Min } from 'class-validator';
import { Type } from 'class-transformer';
import { CodedError, isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { readConfig } from '#edge';
import type { Credentials } from './outgoing.js';
import { readPeople } from './people-file.js';
import type { SandboxOptions, Secrets } from './sandbox.js';

const LOOPBACK = { require_tld: false, require_protocol: true, protocols: ['https', 'http'] };

/** The sandbox's environment. */
export class SandboxSettings {
  @IsString()
  GATEHOUSE_SANDBOX_DATA!: string;

  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(65_528)
  GATEHOUSE_SANDBOX_BASE_PORT = 7400;

  @IsString()
  GATEHOUSE_SANDBOX_SECRETS!: string;

  @IsString()
  GATEHOUSE_SANDBOX_TLS_CA!: string;

  @IsString()
  GATEHOUSE_SANDBOX_TLS_CERT!: string;

  @IsString()
  GATEHOUSE_SANDBOX_TLS_KEY!: string;

  @IsString()
  GATEHOUSE_SANDBOX_RELAY_IDENTITIES!: string;

  @IsUrl(LOOPBACK)
  GATEHOUSE_SANDBOX_DOER_URL!: string;

  @IsUrl(LOOPBACK)
  GATEHOUSE_SANDBOX_APPROVALS_URL!: string;

  @IsString()
  GATEHOUSE_SANDBOX_CA!: string;

  @IsOptional()
  @IsString()
  GATEHOUSE_SANDBOX_PEOPLE?: string;

  /** The day on which a seeded company is founded; the present one when it is not given. */
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  GATEHOUSE_SANDBOX_TODAY?: string;
}

const SEED = 7;
const SIZE = 500;

/** @throws CodedError `configuration` whose message names the variable. */
export function readSandboxConfig(env: NodeJS.ProcessEnv): SandboxOptions {
  const settings = readConfig(SandboxSettings, env);
  const people = settings.GATEHOUSE_SANDBOX_PEOPLE;
  const clock = (): Date => new Date();
  const today = settings.GATEHOUSE_SANDBOX_TODAY ?? clock().toISOString().slice(0, 10);
  const ca = contentOf('GATEHOUSE_SANDBOX_TLS_CA', settings.GATEHOUSE_SANDBOX_TLS_CA);
  return {
    data: settings.GATEHOUSE_SANDBOX_DATA,
    basePort: settings.GATEHOUSE_SANDBOX_BASE_PORT,
    origin: people === undefined ? { founding: { seed: SEED, size: SIZE, today } } : { people: readPeople(people) },
    secrets: readSecrets(settings.GATEHOUSE_SANDBOX_SECRETS),
    clock,
    approvalsUrl: new URL(settings.GATEHOUSE_SANDBOX_APPROVALS_URL),
    ca: contentOf('GATEHOUSE_SANDBOX_CA', settings.GATEHOUSE_SANDBOX_CA),
    relay: {
      tls: {
        ca,
        cert: contentOf('GATEHOUSE_SANDBOX_TLS_CERT', settings.GATEHOUSE_SANDBOX_TLS_CERT),
        key: contentOf('GATEHOUSE_SANDBOX_TLS_KEY', settings.GATEHOUSE_SANDBOX_TLS_KEY),
      },
      target: new URL(settings.GATEHOUSE_SANDBOX_DOER_URL),
      identities: readIdentities(settings.GATEHOUSE_SANDBOX_RELAY_IDENTITIES, ca),
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
function readIdentities(folder: string, ca: Buffer): Readonly<Record<string, Required<Credentials>>> {
  const variable = 'GATEHOUSE_SANDBOX_RELAY_IDENTITIES';
  let files: readonly string[];
  try {
    files = readdirSync(folder);
  } catch (cause) {
    throw new CodedError('configuration', `${variable}: ${folder} is not a readable folder`, { cause });
  }
  const names = files.flatMap((file) => /^(gatekeeper\.[a-z0-9-]+)\.pem$/.exec(file)?.[1] ?? []);
  if (names.length === 0) throw new CodedError('configuration', `${variable}: ${folder} holds no gatekeeper.<tenant>.pem`);
  const credentials = (name: string) => ({ ca, cert: contentOf(variable, join(folder, `${name}.pem`)), key: contentOf(variable, join(folder, `${name}.key`)) });
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
    directory: tokens('directory'),
    scim: tokens('scim'),
    slack: { botToken: slack('botToken'), signingSecret: slack('signingSecret'), team: slack('team') },
    vault: { rootToken: text(all.vault, 'rootToken', 'vault.') },
  };
}
