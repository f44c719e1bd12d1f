import type { JsonObject } from '#decider';

export type Capability = 'create' | 'read' | 'update' | 'delete' | 'list' | 'deny' | 'sudo' | 'patch';
export type Operation = 'create' | 'read' | 'update' | 'delete' | 'list';

/** One request as Vault's backends see it: `path` is what follows `/v1/`, without a slash at the end. */
export interface Ask {
  readonly operation: Operation;
  readonly path: string;
  readonly body: JsonObject;
}

/** What a login or a token creation hands out. */
export interface Auth {
  readonly token: string;
  readonly accessor: string;
  readonly policies: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  readonly ttlSeconds: number;
  readonly orphan: boolean;
}

/** An answer with something in it, or nothing (204). */
export type Reply = { readonly data: JsonObject } | { readonly auth: Auth } | undefined;

/** A refusal in Vault's words: status and `errors`, and now and then data beside them. */
export class VaultRefusal extends Error {
  constructor(
    readonly status: number,
    readonly errors: readonly string[],
    readonly data?: JsonObject,
  ) {
    super(errors.join('; '));
  }
}

export const denied = (): VaultRefusal => new VaultRefusal(403, ['permission denied']);
export const absent = (): VaultRefusal => new VaultRefusal(404, []);
export const unsupported = (): VaultRefusal => new VaultRefusal(405, ['1 error occurred:\n\t* unsupported operation\n\n']);
export const invalid = (words: string): VaultRefusal => new VaultRefusal(400, [words]);

/**
 * Seconds of a duration: a number, or text such as `60`, `60s`, `5m`, `1h`; `otherwise` when it is not given.
 * @throws VaultRefusal 400 for anything else.
 */
export function seconds(value: unknown, otherwise: number): number {
  if (value === undefined || value === '') return otherwise;
  if (typeof value === 'number' && value >= 0) return value;
  const [, count, unit] = (typeof value === 'string' && /^(\d+)(s|m|h)?$/.exec(value)) || [];
  if (count === undefined) throw invalid('error converting input for a duration');
  return Number(count) * (unit === 'h' ? 3600 : unit === 'm' ? 60 : 1);
}

/** A list that may come as an array of texts or as one text with commas. */
export function names(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [];
  return list.flatMap((item) => (typeof item === 'string' && item.trim() !== '' ? [item.trim()] : []));
}
