import { describe, expect, it } from '@jest/globals';
import { decidingRules, parsePolicy } from './policy.js';

const decided = (path: string, ...policies: string[]) => decidingRules(policies.flatMap(parsePolicy), path).flatMap((rule) => rule.capabilities);
const rule = (path: string, ...capabilities: string[]): string => `path "${path}" { capabilities = [${capabilities.map((c) => `"${c}"`).join(', ')}] }`;

describe('a policy', () => {
  it('is read in HCL and in JSON alike', () => {
    const hcl = `# what a role may do
      path "auth/approle/role/acme-scim/secret-id" {
        capabilities = ["update"]
        min_wrapping_ttl = "1s"
        max_wrapping_ttl = "5m"
      }`;
    const json = '{"path": {"auth/approle/role/acme-scim/secret-id": {"capabilities": ["update"], "min_wrapping_ttl": "1s", "max_wrapping_ttl": 300}}}';
    expect(parsePolicy(hcl)).toEqual([{ path: 'auth/approle/role/acme-scim/secret-id', capabilities: ['update'], minWrap: 1, maxWrap: 300 }]);
    expect(parsePolicy(json)).toEqual(parsePolicy(hcl));
  });

  it.each(['path "a" {', 'path "a" { capabilities = ["fly"] }', 'path "a" { allowed_parameters = ["x"] }', 'nonsense', '{"path": 1}', rule('a*b', 'read')])(
    'that would not be enforced is refused: %s',
    (text) => {
      expect(() => parsePolicy(text)).toThrow(/failed to parse policy/);
    },
  );

  it.each<[string, string, boolean]>([
    ['secret/data/a', 'secret/data/a', true],
    ['secret/data/a', 'secret/data/a/b', false],
    ['secret/data/*', 'secret/data/a/b', true],
    ['secret/data/a*', 'secret/data/abc', true],
    ['secret/+/keys/+/scim', 'secret/data/keys/c-1/scim', true],
    ['secret/+/keys/+/scim', 'secret/data/keys/c-1/directory', false],
    ['secret/+/keys/+/scim', 'secret/data/keys/c-1/more/scim', false],
    ['secret/+/keys/*', 'secret/data/keys/c-1/more', true],
    ['secret/+', 'secret/', false],
  ])('for %s matches %s: %s', (pattern, path, does) => {
    expect(decided(path, rule(pattern, 'read'))).toEqual(does ? ['read'] : []);
  });

  it('decides by its most specific pattern, from whichever policy that comes', () => {
    const wide = rule('secret/*', 'read', 'update', 'delete');
    expect(decided('secret/data/a', wide, rule('secret/data/a', 'read'))).toEqual(['read']);
    expect(decided('secret/data/a', wide, rule('secret/data/*', 'deny'))).toEqual(['deny']);
    expect(decided('secret/data/a', rule('secret/+/a', 'read'), rule('secret/data/+', 'list'))).toEqual(['list']);
    expect(decided('secret/data/a', rule('secret/data/a', 'read'), rule('secret/data/a', 'create'))).toEqual(['read', 'create']);
  });
});
