import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { freshFolder, TODAY } from '../../test/sandbox/started-sandbox.js';
import { CAST } from './cast.js';
import { readPeople } from './people-file.js';
import { Company, type Origin } from './state.js';

const seeded: Origin = { founding: { seed: 7, size: 80, today: TODAY } };
const opened: Company[] = [];
const open = (folder: string, origin: Origin = seeded): Company => {
  const company = new Company(folder, origin, () => new Date('2026-11-23T10:00:00.000Z'));
  opened.push(company);
  return company;
};
afterEach(() => opened.splice(0).forEach((company) => company.close()));

const picture = (company: Company) => ({
  employees: [...company.employees.all()],
  directory: [...company.directory.all()],
  scim: [...company.scim.all()],
  actions: company.actions(),
});

describe('what a company was told', () => {
  it('is there when it is opened again without having been closed', () => {
    const folder = freshFolder();
    const before = open(folder);
    const [account] = before.directory.find(`employeeNumber:${CAST.leaver}`);
    const off = before.directory.change(account!, 'deactivate', { active: false });
    before.directory.unchanged(off, 'deactivate');
    const [seat] = before.scim.find(`externalId:${CAST.leaver}`);
    before.scim.delete(seat!, 'delete');
    before.employees.change(CAST.secondLeaver, { status: 'active', lastDay: null });

    const after = open(folder);
    expect(picture(after)).toEqual(picture(before));
    expect(after.directory.find('email:marta.kowalska@acme.example')).toMatchObject([{ active: false, version: 2 }]);
    expect(after.scim.find(`externalId:${CAST.leaver}`)).toEqual([]);
    expect(after.actions().map(({ what, changed }) => [what, changed])).toEqual([['deactivate', true], ['deactivate', false], ['delete', true]]);
  });

  it('survives a line that was torn by a kill, and goes on behind it', () => {
    const folder = freshFolder();
    const [account] = open(folder).directory.find(`employeeNumber:${CAST.leaver}`);
    appendFileSync(join(folder, 'company.jsonl'), '{"at":"2026-11-23T10:00:00.000Z","portal":"direc');
    open(folder).directory.change(account!, 'deactivate', { active: false });
    expect(open(folder).directory.get(account!.id)).toMatchObject({ active: false });
  });

  it('keeps the founding, whatever it is opened with later', () => {
    const folder = freshFolder();
    const before = picture(open(folder));
    expect(picture(open(folder, { founding: { seed: 9, size: 5, today: '2030-01-01' } }))).toEqual(before);
  });
});

describe('a company from a list', () => {
  const file = (content: unknown): string => {
    const path = join(freshFolder(), 'people.json');
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const person = { employeeNumber: '7', displayName: 'New Handle', workEmail: 'new@t.example', formerEmails: ['old@t.example'], groups: ['lang'] };

  it('knows a renamed person by the former address, in the HRIS as such and in the directory as an alias', () => {
    const company = open(freshFolder(), { people: readPeople(file([person])) });
    expect(company.employees.find('formerEmail:old@t.example')).toMatchObject([{ employeeNumber: '7', status: 'active' }]);
    expect(company.employees.find('email:old@t.example')).toEqual([]);
    expect(company.directory.find('email:old@t.example')).toMatchObject([{ email: 'new@t.example', groups: ['lang'] }]);
  });

  it.each<[string, unknown]>([
    ['must be a list', {}],
    ['[0].employeeNumber must be text', [{ ...person, employeeNumber: 7 }]],
    ['[0].status must be one of', [{ ...person, status: 'gone' }]],
    ['7 is there twice', [person, person]],
  ])('says what is wrong with it: %s', (words, content) => {
    expect(() => readPeople(file(content))).toThrow(words);
  });
});
