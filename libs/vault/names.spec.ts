import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { feedKeyPath, journalKeyPath, ledgerKeyPath, logicalPath, packetKeyName, portalPath, roleName, segment } from './names.js';

const CASE = 'c-0f8fad5b-d9cb-469f-a165-70867728950e';
const tenant = fc.stringMatching(/^[a-z][a-z0-9-]{1,30}$/);
const portal = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/);

describe('names in Vault', () => {
  it('are those of the contract', () => {
    expect(ledgerKeyPath('acme', 'case', CASE)).toBe(`tenants/acme/ledger-keys/case/${CASE}`);
    expect(ledgerKeyPath('acme', 'person', 'p-10042')).toBe('tenants/acme/ledger-keys/person/p-10042');
    expect([feedKeyPath('acme', 'channel', 'hr'), feedKeyPath('acme', 'feed', 'hr')]).toEqual(['tenants/acme/ledger-keys/channel/hr', 'tenants/acme/ledger-keys/feed/hr']);
    expect(journalKeyPath('acme', CASE, 'scim')).toBe(`tenants/acme/journal-keys/${CASE}/scim`);
    expect(portalPath('acme', 'scim')).toBe('tenants/acme/portals/scim');
    expect(packetKeyName('acme')).toBe('packet-acme');
  });

  it('let nothing through that could leave its place', () => {
    for (const bad of ['..', '.', '', 'a/b', 'a%2fb', 'a?x', 'a#x', 'a b', '../sys', 'a\n', 'ä', '-a']) {
      expect(() => segment(bad)).toThrow('not a Vault name');
      expect(() => portalPath(bad, 'scim')).toThrow('not a tenant');
      expect(() => portalPath('acme', bad)).toThrow('not a portal');
      expect(() => ledgerKeyPath('acme', 'case', bad)).toThrow('not a case id');
    }
    for (const bad of ['../../sys/mounts', 'tenants//x', '/tenants', 'tenants/']) expect(() => logicalPath(bad)).toThrow('not a Vault name');
  });

  it('never give two tenants or portals one role', () => {
    fc.assert(
      fc.property(tenant, portal, tenant, portal, (t1, p1, t2, p2) => {
        expect(roleName(t1, p1) === roleName(t2, p2)).toBe(t1 === t2 && p1 === p2);
      }),
    );
    expect(roleName('ab-c', 'd')).not.toBe(roleName('ab', 'c-d'));
  });
});
