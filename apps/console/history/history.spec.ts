import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { companyOf } from './company.js';
import { type HistoryEvent, readEvents } from './events.js';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-history-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DAY = '2019-05-03T10:00:00Z';
const event = (kind: HistoryEvent['kind'], handle: string, teamsAfter: readonly string[] = [], rename = false): HistoryEvent => ({ at: DAY, handle, kind, teamsAfter, rename });

describe('the company behind a history', () => {
  it('takes a rename for one employee under the newest handle, however often it happened', () => {
    const { people, leaves } = companyOf([
      event('join', 'ada', ['infra']),
      event('leave', 'ada', [], true),
      event('join', 'lovelace', ['infra'], true),
      event('leave', 'lovelace', [], true),
      event('join', 'byron', ['infra'], true),
    ]);
    expect(people.slice(3)).toEqual([expect.objectContaining({ employeeNumber: '20001', workEmail: 'byron@acme.example', formerEmails: ['ada@acme.example', 'lovelace@acme.example'], formerNames: ['ada', 'lovelace'], status: 'active', groups: ['all-staff', 'team-infra'] })]);
    expect(leaves).toEqual(['ada', 'lovelace'].map((handle) => ({ employee: '20001', address: `${handle}@acme.example`, renamed: true })));
  });

  it('hires anew whoever comes back, under an address that nobody had before', () => {
    const { people, leaves } = companyOf([event('join', 'ada', ['infra']), event('leave', 'ada'), event('rejoin', 'ada', ['docs']), event('role_change', 'ada', ['docs', 'lang']), event('leave', 'ada')]);
    expect(people.slice(3).map(({ employeeNumber, workEmail, groups }) => [employeeNumber, workEmail, groups])).toEqual([
      ['20001', 'ada@acme.example', ['all-staff', 'team-infra']],
      ['20002', 'ada.2@acme.example', ['all-staff', 'team-docs', 'team-lang']],
    ]);
    expect(leaves).toEqual([
      { employee: '20001', address: 'ada@acme.example', renamed: false },
      { employee: '20002', address: 'ada.2@acme.example', renamed: false },
    ]);
  });

  it('tells two renames of one commit apart by their teams', () => {
    const { people } = companyOf([
      event('join', 'a', ['x']),
      event('join', 'b', ['y']),
      event('leave', 'a', [], true),
      event('leave', 'b', [], true),
      event('join', 'b2', ['y'], true),
      event('join', 'a2', ['x'], true),
    ]);
    expect(people.slice(3).map(({ workEmail, formerNames }) => [workEmail, formerNames])).toEqual([['a2@acme.example', ['a']], ['b2@acme.example', ['b']]]);
  });

  it('takes equal times and teams for nothing without the mark', () => {
    const { people, leaves } = companyOf([event('join', 'ada', ['infra']), event('leave', 'ada'), event('join', 'byron', ['infra'])]);
    expect([people.length, leaves[0]?.renamed]).toEqual([5, false]);
  });

  it('is not made where half of a rename is missing', () => {
    expect(() => companyOf([event('join', 'ada', ['infra']), event('leave', 'ada', [], true)])).toThrow(/the rename of ada at 2019-05-03T10:00:00Z has no other half/);
  });
});

describe('a history file', () => {
  const good = { at: DAY, person: 'ada', kind: 'join', teams_after: ['infra'], trap: null };
  const read = (...lines: readonly unknown[]): readonly HistoryEvent[] => {
    const file = join(folder, 'history.jsonl');
    writeFileSync(file, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
    return readEvents(file);
  };

  it('is read line by line', () => {
    expect(read(good, '', { ...good, person: 'byron', trap: 'rename' })).toEqual([event('join', 'ada', ['infra']), event('join', 'byron', ['infra'], true)]);
  });

  it.each<[string, readonly unknown[], RegExp]>([
    ['no JSON', [good, '{'], /line 2: is not JSON/],
    ['no object', ['[]'], /line 1: is not an object/],
    ['no time', [{ ...good, at: 'yesterday' }], /line 1: at must be a time/],
    ['a handle that is no part of an address', [{ ...good, person: 'a@b' }], /line 1: person must be a handle/],
    ['an unknown kind', [{ ...good, kind: 'vanish' }], /line 1: kind must be one of join, rejoin, role_change, leave/],
    ['teams that are no list', [{ ...good, teams_after: 'infra' }], /line 1: teams_after must be a list/],
    ['a step back in time', [good, '', { ...good, at: '2018-01-01T00:00:00Z' }], /line 3: earlier than the line before it/],
  ])('with %s is refused by line', (_, lines, message) => {
    expect(() => read(...lines)).toThrow(message);
  });

  it('that is not there is named', () => {
    expect(() => readEvents(join(folder, 'absent'))).toThrow(/absent cannot be read/);
  });
});
