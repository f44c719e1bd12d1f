import { absent, type Ask, denied, invalid, type Reply, unsupported } from './exchange.js';
import { decidingRules, DEFAULT_RULES, parsePolicy, type Rule } from './policy.js';
import type { Table } from './tables.js';

const PREFIX = 'sys/policies/acl/';

/** The ACL policies by name, and what they allow. */
export class Policies {
  private readonly rules = new Map<string, readonly Rule[]>([['default', DEFAULT_RULES]]);

  constructor(private readonly table: Table<string>) {
    for (const [name, text] of table.entries()) this.rules.set(name, parsePolicy(text));
  }

  /** @throws VaultRefusal 403 unless the named policies allow the request as it is wrapped. */
  demand(names: readonly string[], ask: Ask, wrapSeconds: number): void {
    if (names.includes('root')) return;
    const deciding = decidingRules(names.flatMap((name) => this.rules.get(name) ?? []), ask.path);
    const capabilities = new Set(deciding.flatMap((rule) => rule.capabilities));
    if (capabilities.has('deny') || !capabilities.has(ask.operation)) throw denied();
    for (const { minWrap, maxWrap } of deciding) {
      if (minWrap !== undefined && wrapSeconds < minWrap) throw denied();
      if (maxWrap !== undefined && (wrapSeconds === 0 || wrapSeconds > maxWrap)) throw denied();
    }
  }

  /** `sys/policies/acl/<name>`. */
  answer({ operation, path, body }: Ask): Reply {
    const name = path.slice(PREFIX.length);
    if (operation === 'list') return { data: { keys: [...this.rules.keys(), 'root'].sort() } };
    if (name === '') throw unsupported();
    if (operation === 'read') {
      const text = this.table.get(name);
      if (text === undefined) throw absent();
      return { data: { name, policy: text } };
    }
    if (name === 'root') throw invalid('cannot update "root" policy');
    if (operation === 'delete') {
      this.table.delete(name);
      this.rules.delete(name);
      return undefined;
    }
    if (typeof body.policy !== 'string' || body.policy === '') throw invalid("'policy' parameter not supplied or empty");
    const rules = parsePolicy(body.policy);
    this.table.set(name, body.policy);
    this.rules.set(name, rules);
    return undefined;
  }
}
