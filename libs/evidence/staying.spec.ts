import { describe, expect, it } from '@jest/globals';
import type { AccountRef } from '#portals';
import type { Employee } from './hris.js';
import { signInFindings } from './judge-person.js';
import { meantBy } from './person.js';
import { stayingFindings, stays } from './staying.js';

const TODAY = '2026-11-23';
const ENDED: Employee = {
  employeeNumber: '10042',
  displayName: 'Marta Nowak',
  workEmail: 'nowak@acme.example',
  aliases: [],
  formerNames: [],
  formerEmails: [],
  employmentType: 'employee',
  status: 'terminated',
  lastDay: TODAY,
  personId: 'u-1',
  hireDate: '2021-04-01',
};
const NEXT: Employee = { ...ENDED, employeeNumber: '10099', status: 'active', lastDay: null, hireDate: '2026-12-07' };
const { personId: _ended, ...UNLINKED } = ENDED;
const { personId: _next, ...UNLINKED_NEXT } = NEXT;
const found = (ending: Employee, linked: readonly Employee[], alike: readonly Employee[] = []) => stayingFindings(ending, { linked, alike }, TODAY);

describe('a record that ends', () => {
  it.each<[string, Employee, readonly Employee[], readonly string[]]>([
    ['is a departure where the HRIS links nothing to it', ENDED, [ENDED], []],
    ['is none where the person is hired again', ENDED, [ENDED, NEXT], ['hris_not_terminated', 'rehired']],
    ['is none where a contractor is taken on', { ...ENDED, employmentType: 'contractor' }, [NEXT], ['hris_not_terminated', 'contractor_converted']],
    ['is none where the person goes on under another name', ENDED, [{ ...NEXT, displayName: 'Marta Kowalska' }], ['hris_not_terminated', 'rehired', 'renamed']],
    ['is none where the person goes on under another address', ENDED, [{ ...NEXT, workEmail: 'kowalska@acme.example' }], ['hris_not_terminated', 'rehired', 'renamed']],
    ['is a departure where every other record ended before', ENDED, [{ ...NEXT, status: 'terminated', hireDate: '2018-01-01' }], []],
    ['is a departure where the other record ends with it', ENDED, [{ ...NEXT, status: 'leaving', lastDay: TODAY }], []],
    ['is none where the other record ends later', ENDED, [{ ...NEXT, status: 'leaving', lastDay: '2026-12-31' }], ['hris_not_terminated', 'rehired']],
    ['is none where HR says that the person goes on', { ...ENDED, ending: 'continuation' }, [], ['hris_not_terminated', 'record_continues']],
    ['is none where HR says so of a contractor', { ...ENDED, ending: 'continuation', employmentType: 'contractor' }, [], ['hris_not_terminated', 'contractor_converted']],
    ['is a departure where HR says so', { ...ENDED, ending: 'departure' }, [], []],
  ])('%s', (_, ending, linked, codes) => {
    expect(found(ending, linked)).toEqual(codes);
    expect(stays(ending, { linked, alike: [] })).toBe(codes.length > 0);
  });

  it.each<[string, Employee, Employee, boolean]>([
    ['hired these days', UNLINKED, UNLINKED_NEXT, true],
    ['hired 30 days before', UNLINKED, { ...UNLINKED_NEXT, hireDate: '2026-10-24' }, true],
    ['hired 31 days before', UNLINKED, { ...UNLINKED_NEXT, hireDate: '2026-10-23' }, false],
    ['with a hire that nobody dated', UNLINKED, { ...ENDED, employeeNumber: '10099', status: 'active' }, false],
    ['whom the HRIS knows as another human being', ENDED, { ...NEXT, personId: 'u-2' }, false],
    ['who has gone as well', UNLINKED, { ...UNLINKED_NEXT, status: 'terminated' }, false],
  ])('is looked at by a human beside a namesake %s: %#', (_, ending, namesake, asks) => {
    const elsewhere = { ...namesake, workEmail: 'another@acme.example' };
    expect(found(ending, [], [ending, elsewhere])).toEqual(asks ? ['same_name_hired'] : []);
    expect(stays(ending, { linked: [], alike: [namesake] })).toBe(false);
  });

  const KOWALSKA = { ...UNLINKED_NEXT, displayName: 'Marta Kowalska', workEmail: 'kowalska@acme.example' };
  it.each<[string, Employee, Employee, readonly string[]]>([
    ['has the name as a former one', UNLINKED, { ...KOWALSKA, formerNames: [UNLINKED.displayName] }, ['same_name_hired']],
    ['has a former name', { ...UNLINKED, displayName: 'Marta Kowalska', formerNames: [UNLINKED.displayName] }, { ...UNLINKED_NEXT, workEmail: 'another@acme.example' }, ['same_name_hired']],
    ['has the address', UNLINKED, { ...KOWALSKA, workEmail: UNLINKED.workEmail }, ['same_address_held']],
    ['had the address', UNLINKED, { ...KOWALSKA, formerEmails: [UNLINKED.workEmail] }, ['same_address_held']],
    ['has the address beside another', UNLINKED, { ...KOWALSKA, aliases: [UNLINKED.workEmail.toUpperCase()] }, ['same_address_held']],
    ['has neither', UNLINKED, KOWALSKA, []],
    ['has no address, and neither has the other', { ...UNLINKED, workEmail: '' }, { ...KOWALSKA, workEmail: '' }, []],
  ])('is looked at by a human beside somebody who %s', (_, ending, other, codes) => {
    expect(found(ending, [], [ending, other])).toEqual(codes);
  });

  it('says nothing while the record goes on', () => {
    expect(found({ ...ENDED, status: 'active', lastDay: null }, [NEXT], [NEXT])).toEqual([]);
  });
});

describe('records that the HRIS links', () => {
  const meant = (...employees: readonly Employee[]) => meantBy({ employees, accounts: [] });

  it('are one person by the record that has not ended, or else by the latest, in any order', () => {
    for (const employees of [[ENDED, NEXT], [NEXT, ENDED]]) {
      expect(meant(...employees)).toEqual({ resolved: 'one', number: '10099' });
      expect(meant(...employees.map((one): Employee => ({ ...one, status: 'terminated' })))).toEqual({ resolved: 'one', number: '10099' });
    }
  });

  it('or that share an address one after the other mean its present holder, unless the earlier one still has an account', () => {
    const before = { ...UNLINKED, lastDay: '2024-06-30' };
    const after = { ...UNLINKED_NEXT, hireDate: '2024-07-01' };
    const account: AccountRef = { portal: 'directory', account: 'd1', employee: '10042', label: {}, matchedOn: 'address', state: { exists: true } };
    expect(meant(before, after)).toEqual({ resolved: 'one', number: '10099' });
    expect(meant(before, { ...after, status: 'terminated' })).toEqual({ resolved: 'one', number: '10099' });
    expect(meantBy({ employees: [before, after], accounts: [account] })).toEqual({ resolved: 'several' });
    expect(meant(before, { ...after, hireDate: '2024-06-30' })).toEqual({ resolved: 'several' });
    expect(meant(before, { ...after, workEmail: 'kowalska@acme.example' })).toEqual({ resolved: 'several' });
    expect(meant({ ...before, status: 'active' }, after)).toEqual({ resolved: 'several' });
  });

  it('are two people when nothing links them, however alike', () => {
    expect(meant(UNLINKED, { ...UNLINKED_NEXT, hireDate: TODAY })).toEqual({ resolved: 'several' });
    expect(meant(ENDED, { ...NEXT, personId: 'u-2', hireDate: TODAY })).toEqual({ resolved: 'several' });
  });
});

describe('an account of somebody who has gone', () => {
  const account = (lastSignIn?: string): AccountRef => ({ portal: 'directory', account: 'd1', employee: '10042', label: {}, matchedOn: 'employee', state: { exists: true }, ...(lastSignIn !== undefined && { lastSignIn }) });
  const at = '2026-11-30T10:00:00.000Z';
  const found = (account_: AccountRef, employee: Employee | undefined = ENDED) => signInFindings([account_], employee, 'Europe/Berlin', at).map(({ code, source }) => `${code} ${source}`);

  it('is a finding when it was used after the last day, by the tenant’s clock', () => {
    expect(found(account('2026-11-23T22:59:00.000Z'))).toEqual([]);
    expect(found(account('2026-11-23T23:00:00.000Z'))).toEqual(['signed_in_after_last_day directory']);
  });

  it('is none where nobody says when it was used, or where the person is still there', () => {
    expect(found(account())).toEqual([]);
    expect(found(account('2026-11-29T00:00:00.000Z'), { ...ENDED, status: 'leaving' })).toEqual([]);
    expect(found(account('2026-11-29T00:00:00.000Z'), { ...ENDED, lastDay: null })).toEqual([]);
  });
});
