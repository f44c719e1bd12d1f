import { isJsonObject, type JsonObject, type JsonValue } from '#decider';
import { type Capability, invalid, names, seconds } from './exchange.js';

/** What one `path` block of a policy allows; `+` stands for one segment, a `*` at the end for any rest. */
export interface Rule {
  readonly path: string;
  readonly capabilities: readonly Capability[];
  /** Seconds that a response must be wrapped for, where the policy asks for wrapping. */
  readonly minWrap?: number;
  readonly maxWrap?: number;
}

const CAPABILITIES: ReadonlySet<string> = new Set<Capability>(['create', 'read', 'update', 'delete', 'list', 'deny', 'sudo', 'patch']);

/** The policy that every token has unless it was made without it. */
export const DEFAULT_RULES: readonly Rule[] = [
  { path: 'auth/token/lookup-self', capabilities: ['read'] },
  { path: 'auth/token/revoke-self', capabilities: ['update'] },
  { path: 'sys/wrapping/unwrap', capabilities: ['update'] },
];

/**
 * Reads a policy in HCL (`path "…" { capabilities = […] min_wrapping_ttl = "…" max_wrapping_ttl = "…" }`) or its JSON form.
 * @throws VaultRefusal 400 for what this server would not enforce, so that nothing is believed to be forbidden that is not.
 */
export function parsePolicy(text: string): readonly Rule[] {
  const trimmed = text.trim();
  return trimmed.startsWith('{') ? fromJson(trimmed) : fromHcl(trimmed);
}

function fromJson(text: string): readonly Rule[] {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    throw invalid('failed to parse policy: not JSON');
  }
  const paths = isJsonObject(value) ? value.path : undefined;
  if (!isJsonObject(paths)) throw invalid('failed to parse policy: no path');
  return Object.entries(paths).map(([path, block]) => ruleOf(path, isJsonObject(block) ? block : {}));
}

const BLOCK = /^path\s+"([^"]+)"\s*\{([^{}]*)\}\s*/;
const SETTING = /^\s*([a-z_]+)\s*=\s*("[^"]*"|\[[^\]]*\]|\d+)\s*/;

function fromHcl(text: string): readonly Rule[] {
  const rules: Rule[] = [];
  let rest = text.replace(/^\s*(#|\/\/).*$/gm, '').trim();
  while (rest !== '') {
    const [block, path, inner] = BLOCK.exec(rest) ?? [];
    if (block === undefined || path === undefined || inner === undefined) throw invalid('failed to parse policy: expected a path block');
    rules.push(ruleOf(path, settingsOf(inner)));
    rest = rest.slice(block.length);
  }
  return rules;
}

function settingsOf(text: string): JsonObject {
  const settings: Record<string, JsonValue> = {};
  let rest = text.trim();
  while (rest !== '') {
    const [setting, name, value] = SETTING.exec(rest) ?? [];
    if (setting === undefined || name === undefined || value === undefined) throw invalid('failed to parse policy: expected a setting');
    settings[name] = value.startsWith('[') ? [...value.matchAll(/"([^"]*)"/g)].map(([, item]) => item ?? '') : value.replaceAll('"', '');
    rest = rest.slice(setting.length);
  }
  return settings;
}

function ruleOf(path: string, settings: JsonObject): Rule {
  const { capabilities, min_wrapping_ttl: min, max_wrapping_ttl: max, ...others } = settings;
  const [other] = Object.keys(others);
  if (other !== undefined) throw invalid(`failed to parse policy: ${other} is not enforced here`);
  const given = names(capabilities);
  const known = given.filter((name): name is Capability => CAPABILITIES.has(name));
  if (known.length !== given.length) throw invalid(`failed to parse policy: path "${path}": invalid capability`);
  if (/\*./.test(path)) throw invalid(`failed to parse policy: path "${path}": a * may only stand at the end`);
  return { path, capabilities: known, ...(min !== undefined && { minWrap: seconds(min, 0) }), ...(max !== undefined && { maxWrap: seconds(max, 0) }) };
}

/**
 * The rules that decide about `path`: those of the most specific pattern that matches it, from whichever policies they come.
 * A pattern is the more specific the later its first wildcard stands, without `*` at its end, with fewer `+`, and the longer it is.
 */
export function decidingRules(rules: readonly Rule[], path: string): readonly Rule[] {
  const matching = rules.filter((rule) => matches(rule.path, path));
  const [first, ...more] = matching;
  if (!first) return [];
  const best = more.reduce((chosen, rule) => (specificity(rule.path, chosen.path) > 0 ? rule : chosen), first);
  return matching.filter((rule) => rule.path === best.path);
}

function matches(pattern: string, path: string): boolean {
  const open = pattern.endsWith('*');
  if (!pattern.includes('+')) return open ? path.startsWith(pattern.slice(0, -1)) : pattern === path;
  const wanted = (open ? pattern.slice(0, -1) : pattern).split('/');
  const given = path.split('/');
  if (open ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((part, i) => {
    const segment = given[i] ?? '';
    if (part === '+') return segment !== '';
    return open && i === wanted.length - 1 ? segment.startsWith(part) : segment === part;
  });
}

function specificity(a: string, b: string): number {
  const wildcard = (pattern: string): number => (/[+*]/.exec(pattern)?.index ?? Number.MAX_SAFE_INTEGER);
  const pluses = (pattern: string): number => pattern.split('+').length;
  return (
    wildcard(a) - wildcard(b) ||
    Number(b.endsWith('*')) - Number(a.endsWith('*')) ||
    pluses(b) - pluses(a) ||
    a.length - b.length ||
    a.localeCompare(b)
  );
}
