import nodeVault from 'node-vault';
import { CodedError, isCoded, isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { type Call, exchange } from './exchange.js';

/** Where a Vault or OpenBao listens, and how long a call may take. */
export interface VaultAddress {
  readonly address: string;
  readonly ca?: string;
  readonly timeoutMs: number;
}

export type VaultCode = 'vault_unreachable' | 'vault_sealed' | 'vault_refused' | 'vault_answer';

/** `status` is the HTTP status behind it, where there was an answer. */
export class VaultError extends CodedError<VaultCode> {
  constructor(
    code: VaultCode,
    message: string,
    readonly status?: number,
  ) {
    super(code, message);
  }
}

/** The two verbs that everything here is made of; a path is what follows /v1/. */
export interface VaultClient {
  read(path: string): Promise<JsonObject>;
  write(path: string, body: JsonObject, headers?: Readonly<Record<string, string>>): Promise<JsonObject>;
  remove(path: string): Promise<void>;
}

interface NodeVaultRequest {
  readonly method: Call['method'];
  readonly uri: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly json?: JsonObject;
  readonly timeout: number;
}

/**
 * node-vault over `exchange`: its own HTTP client follows redirects with the token, asks proxies and puts tokens into errors.
 * @throws from each call VaultError; nothing that leaves here carries a token or a payload.
 */
export function vaultClient({ address, ca, timeoutMs }: VaultAddress, token: string): VaultClient {
  const carry = async ({ method, uri, headers, json, timeout }: NodeVaultRequest) => {
    const answer = await exchange({
      method,
      url: uri,
      headers: json === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      ...(ca !== undefined && { ca }),
      timeoutMs: timeout,
    });
    return { statusCode: answer.status, body: parsed(answer.text), request: { path: new URL(uri).pathname } };
  };
  const client = nodeVault({
    endpoint: address,
    token,
    debug: () => undefined, // DEBUG=node-vault prints secrets
    commands: {}, // its named methods drop unknown fields, and some replace the token
    'request-promise': { defaults: () => carry },
  });
  // node-vault falls back to VAULT_TOKEN, VAULT_NAMESPACE and VAULT_PREFIX of the environment
  Object.assign(client, { token, namespace: '', pathPrefix: '' });

  // fresh for each call: node-vault writes the token into the headers object it is given
  const bounds = (headers: Readonly<Record<string, string>> = {}) => ({ timeout: timeoutMs, headers: { ...headers } });
  return {
    read: async (path) => asked(path, client.read(path, bounds())),
    write: async (path, body, headers) => asked(path, client.write(path, body, bounds(headers))),
    remove: async (path) => {
      await asked(path, client.delete(path, bounds()));
    },
  };
}

async function asked(path: string, answer: Promise<unknown>): Promise<JsonObject> {
  let body: unknown;
  try {
    body = await answer;
  } catch (error) {
    throw refusal(path, error);
  }
  if (body === undefined) return {};
  if (!isJsonObject(body)) throw new VaultError('vault_answer', `${path}: not a JSON object`);
  return body;
}

function refusal(path: string, error: unknown): VaultError {
  if (error instanceof VaultError) return error;
  if (isCoded(error)) return new VaultError(error.code === 'http_answer' ? 'vault_answer' : 'vault_unreachable', error.message);
  const status = statusOf(error);
  return new VaultError(codeFor(status), `${path}: ${status === undefined ? 'no answer' : `status ${status}`}`, status);
}

function codeFor(status: number | undefined): VaultCode {
  if (status === 503) return 'vault_sealed';
  if (status === undefined || status >= 500 || status === 429 || status === 412) return 'vault_unreachable';
  return status >= 400 ? 'vault_refused' : 'vault_answer';
}

function statusOf(error: unknown): number | undefined {
  const response = error instanceof Error && 'response' in error ? error.response : undefined;
  return isJsonObject(response) && typeof response['statusCode'] === 'number' ? response['statusCode'] : undefined;
}

function parsed(text: string): JsonValue | undefined {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    // a proxy's error page; its status says the rest
    return null;
  }
}
