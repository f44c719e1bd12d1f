import { readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { CodedError } from '#decider';

const KEY_BYTES = 32;

/**
 * One process's settings from its environment: a class whose properties are the variables' names.
 * @throws CodedError `configuration` whose message names the variable, what is wrong and what would be right.
 */
export function readConfig<T extends object>(Settings: new () => T, env: NodeJS.ProcessEnv): T {
  const known = Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('GATEHOUSE_')));
  return validated(Settings, known, '');
}

/**
 * A structured settings file (JSON) of an array of `Item`, named by a variable.
 * @throws CodedError `configuration` naming the variable and the path inside the file.
 */
export function readItems<T extends object>(Item: new () => T, variable: string, path: string): readonly T[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new CodedError('configuration', `${variable}: ${path} is not a readable JSON file`, { cause });
  }
  if (!Array.isArray(content) || content.length === 0)
    throw new CodedError('configuration', `${variable}: ${path} must be a list with at least one item`);
  return content.map((item: unknown, i) => validated(Item, item, `${variable}[${String(i)}].`));
}

/** The content of a secret's file without its last newline. */
export function readSecret(variable: string, path: string): string {
  let content: string;
  try {
    content = readFileSync(path, 'utf8').trimEnd();
  } catch (cause) {
    throw new CodedError('configuration', `${variable}: ${path} cannot be read`, { cause });
  }
  if (content === '') throw new CodedError('configuration', `${variable}: ${path} is empty`);
  return content;
}

/** A key's file: base64url of at least 32 bytes, so that a wrong file stops the process at once and not the first case that needs it. */
export function readKey(variable: string, path: string): Uint8Array {
  const text = readSecret(variable, path);
  const key = Buffer.from(text, 'base64url');
  if (key.toString('base64url') !== text || key.byteLength < KEY_BYTES) throw new CodedError('configuration', `${variable}: ${path} must hold at least ${String(KEY_BYTES)} bytes as base64url without padding`);
  return key;
}

function validated<T extends object>(Shape: new () => T, plain: unknown, prefix: string): T {
  const instance = plainToInstance(Shape, plain, { exposeDefaultValues: true });
  const errors = validateSync(instance, { whitelist: true, forbidUnknownValues: true, forbidNonWhitelisted: prefix !== '' });
  const [first] = errors;
  if (first) throw new CodedError('configuration', describe(first, prefix));
  return instance;
}

function describe(error: ValidationError, prefix: string): string {
  const [child] = error.children ?? [];
  if (child) return describe(child, `${prefix}${error.property}.`);
  // the value itself is left out: it may be a secret
  return `${prefix}${error.property}: ${Object.values(error.constraints ?? {})[0] ?? 'is not valid'}`;
}
