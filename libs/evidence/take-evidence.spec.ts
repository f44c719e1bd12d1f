import { describe, expect, it } from '@jest/globals';
import type { Evidence } from './index.js';
import { type Account, ACCOUNT, MARTA, World } from './world.double.js';

const OTHER = { ...MARTA, employeeNumber: '10077', workEmail: 'other@acme.example', aliases: [], formerNames: [], formerEmails: [] };
const seen = ({ findings }: Evidence): readonly string[] => findings.map(({ code, source }) => `${code} ${source}`);
const HARMLESS = { privilege: 'none', production_owner: false, recent_escalation: false, employment: 'employee' };

describe('evidence of a leaver', () => {
  it('finds the person, both accounts and nothing amiss', async () => {
    const evidence = await new World().look();
    expect(evidence).toMatchObject({ person: 'p-10042', resolved: 'one', findings: [], facts: { ...HARMLESS, hris_status: 'leaving', accounts: 2 } });
    expect(evidence.accounts.map(({ portal, account }) => `${portal} ${account}`)).toEqual(['directory d1', 'scim s1']);
    expect(evidence.label).toMatchObject({ name: 'Marta Kowalska', address: 'marta@acme.example' });
    expect(evidence.department).toBe('field-sales');
  });

  it('asks everybody side by side first, then the portals by number and the HRIS for namesakes', async () => {
    const world = new World();
    await world.look();
    expect(world.asked.slice(0, 4).sort()).toEqual(['directory address', 'hris email', 'hris formerEmail', 'scim address']);
    expect(world.asked.slice(4).sort()).toEqual(['directory employee', 'hris name', 'hris name', 'scim employee']);
  });

  it('does not ask the portals again when the number is given', async () => {
    const world = new World();
    expect(await world.look({ kind: 'employee', value: '10042' })).toMatchObject({ person: 'p-10042', findings: [], facts: { accounts: 2 } });
    expect(world.asked.toSorted()).toEqual(['directory employee', 'hris email', 'hris employeeNumber', 'hris formerEmail', 'hris name', 'hris name', 'scim employee']);
  });

  it('holds nothing personal but in the label and the states', async () => {
    const { label: _label, accounts: _accounts, ...rest } = await new World([MARTA, OTHER]).look({ kind: 'name', value: 'Marta Kowalska' });
    expect(JSON.stringify(rest)).not.toMatch(/marta|kowalska|acme/i);
  });

  it('finds an account under another address by the number, and takes its rights into account', async () => {
    const second: Account = { account: 'd2', employee: '10042', label: {}, addresses: ['adm-marta@acme.example'], state: { exists: true, admin: true } };
    expect(await new World([MARTA], { directory: [ACCOUNT, second] }).look()).toMatchObject({ facts: { privilege: 'admin', accounts: 2 } });
  });
});

describe('evidence that does not bear the request out', () => {
  const withHris = (changed: Partial<typeof MARTA>) => new World([{ ...MARTA, ...changed }]);

  it.each<[string, Partial<typeof MARTA>, readonly string[], string]>([
    ['stays', { status: 'active', lastDay: null }, ['hris_not_terminated hris'], 'active'],
    ['is on leave', { status: 'on_leave', lastDay: null }, ['hris_not_terminated hris', 'on_leave hris'], 'active'],
    ['leaves on another day', { lastDay: '2026-11-30' }, ['hris_date_differs hris'], 'leaving'],
    ['leaves on no known day', { lastDay: null }, ['hris_date_differs hris'], 'leaving'],
    ['is gone already', { status: 'terminated', lastDay: '2026-11-02' }, [], 'terminated'],
    ['is gone, no day kept', { status: 'terminated', lastDay: null }, [], 'terminated'],
  ])('the person %s', async (_, changed, findings, status) => {
    const evidence = await withHris(changed).look();
    expect(seen(evidence)).toEqual(findings);
    expect(evidence.facts.hris_status).toBe(status);
  });

  it('asks nothing about leaving when nobody is to leave', async () => {
    expect(seen(await withHris({ status: 'active', lastDay: null }).look('marta@acme.example', { action: 'reinstate' }))).toEqual([]);
  });

  it('the address is a former one of somebody who stays', async () => {
    const world = new World([{ ...MARTA, status: 'active', lastDay: null }]);
    expect(seen(await world.look('nowak@acme.example'))).toEqual(['hris_not_terminated hris', 'renamed hris']);
  });

  it('the HRIS knows the number of the account under another address only', async () => {
    const world = new World([{ ...MARTA, status: 'active', lastDay: null, formerEmails: [] }], { directory: [{ ...ACCOUNT, addresses: ['nowak@acme.example'] }] });
    const evidence = await world.look('nowak@acme.example');
    expect(evidence.person).toBe('p-10042');
    expect(seen(evidence)).toEqual(['hris_not_terminated hris', 'renamed hris']);
  });

  it('the name is a former one', async () => {
    expect(seen(await new World().look({ kind: 'name', value: 'Marta Nowak' }))).toEqual(['renamed hris']);
  });

  it('the HRIS has nobody, though a portal has an account', async () => {
    const evidence = await new World([]).look();
    expect(evidence).toMatchObject({ person: 'p-10042', resolved: 'one', facts: { hris_status: 'absent', employment: 'unknown', accounts: 2 } });
    expect(seen(evidence)).toEqual(['hris_unknown hris']);
  });

  it('an account under the address is another person, and is never included', async () => {
    const evidence = await new World([MARTA], { directory: [ACCOUNT], scim: [{ ...ACCOUNT, account: 's1', employee: '10077' }] }).look();
    expect(evidence.accounts).toHaveLength(1);
    expect(seen(evidence)).toEqual(['hris_other_person scim']);
  });

  it('an account under the address is linked to nobody, and is never included', async () => {
    const evidence = await new World([MARTA], { directory: [ACCOUNT], scim: [{ ...ACCOUNT, account: 's1', employee: null }] }).look();
    expect(evidence.accounts).toHaveLength(1);
    expect(seen(evidence)).toEqual(['account_unlinked scim']);
  });

  it('the address only looks like the person', async () => {
    const evidence = await new World().look('m\u0430rta@acme.example');
    expect(evidence).toMatchObject({ person: null, resolved: 'none' });
    expect(seen(evidence)).toEqual(['homograph claim', 'nobody claim']);
  });
});

describe('evidence of more or fewer than one', () => {
  it('names nobody and plans nothing when two people have the name', async () => {
    const evidence = await new World([MARTA, { ...OTHER, displayName: 'Marta Kowalska' }]).look({ kind: 'name', value: 'Marta Kowalska' });
    expect(evidence).toMatchObject({ person: null, resolved: 'several', accounts: [], facts: { privilege: 'unknown', hris_status: 'unknown' } });
    expect(evidence.label.candidates.map(({ person }) => person)).toEqual(['p-10042', 'p-10077']);
    expect(seen(evidence)).toEqual(['several_people claim']);
  });

  it('takes an address that went from one person to another for two people', async () => {
    const world = new World([{ ...MARTA, formerEmails: [] }, { ...OTHER, formerEmails: ['marta@acme.example'] }]);
    expect(await world.look()).toMatchObject({ resolved: 'several', person: null });
  });

  it('takes accounts of two numbers under an address that the HRIS does not know for two people', async () => {
    const world = new World([], { directory: [ACCOUNT], scim: [{ ...ACCOUNT, employee: '10077' }] });
    expect(await world.look()).toMatchObject({ resolved: 'several' });
  });

  it('says that nobody is there, and that the HRIS said so', async () => {
    const evidence = await new World([], { directory: [] }).look();
    expect(evidence).toMatchObject({ person: null, resolved: 'none', facts: { hris_status: 'absent', privilege: 'unknown' } });
    expect(seen(evidence)).toEqual(['nobody claim']);
  });
});

describe('evidence while a source is down', () => {
  it('leaves the HRIS facts unknown', async () => {
    const world = new World();
    world.down.add('hris');
    const evidence = await world.look();
    expect(evidence).toMatchObject({ person: 'p-10042', facts: { hris_status: 'unknown', employment: 'unknown', privilege: 'none' } });
    expect(seen(evidence)).toEqual(['source_unknown:hris hris']);
    expect(evidence.sources.filter(({ answered }) => !answered).map(({ source, query }) => `${source} ${query}`)).toEqual(['hris email', 'hris formerEmail']);
  });

  it('leaves what the person holds unknown, and does not ask the same portal twice', async () => {
    const world = new World();
    world.down.add('scim');
    const evidence = await world.look();
    expect(evidence.facts).toMatchObject({ privilege: 'unknown', production_owner: 'unknown', recent_escalation: 'unknown', hris_status: 'leaving' });
    expect(seen(evidence)).toEqual(['source_unknown:scim scim']);
    expect(world.asked.filter((one) => one.startsWith('scim'))).toEqual(['scim address']);
  });

  it('guesses nothing when all are down', async () => {
    const world = new World();
    for (const source of ['hris', 'directory', 'scim']) world.down.add(source);
    expect(await world.look()).toMatchObject({ person: null, resolved: 'none', facts: { hris_status: 'unknown', privilege: 'unknown', production_owner: 'unknown' } });
  });

  it('takes a fault of ours for a fault, not for an outage', async () => {
    const world = new World();
    world.hris.find = () => Promise.reject(new TypeError('ours'));
    await expect(world.look()).rejects.toThrow('ours');
  });
});

describe('a new record that nothing links to the one that ends', () => {
  const next = { ...OTHER, employeeNumber: '10099', displayName: 'Marta Zielinska', workEmail: 'zielinska@acme.example', hireDate: '2026-11-24', status: 'active', lastDay: null } as const;
  const by = { number: { kind: 'employee', value: '10042' }, address: { kind: 'address', value: 'marta@acme.example' }, alias: { kind: 'address', value: 'mk@acme.example' } } as const;

  it.each([
    ['which has the name as a former one', { formerNames: ['Marta Kowalska'] }, 'same_name_hired hris'],
    ['which has the address', { aliases: ['marta@acme.example'] }, 'same_address_held hris'],
    ['which had the address', { formerEmails: ['marta@acme.example'] }, 'same_address_held hris'],
  ])('%s, brings a human, however the person is named', async (_, changed, finding) => {
    const world = new World([MARTA, { ...next, ...changed }]);
    const looks = await Promise.all(Object.values(by).map((claim) => world.look(claim)));
    // by the address itself both may be meant
    expect(looks.map((evidence) => evidence.resolved === 'several' || seen(evidence).includes(finding))).toEqual([true, true, true]);
  });
});
