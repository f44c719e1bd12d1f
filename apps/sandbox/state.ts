import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type DirectoryAccount, directoryAccountOf, isScimGroup, portalId, type ScimAccount, scimAccountOf } from './account-kinds.js';
import { type AccountChange, Accounts } from './accounts.js';
import { AppendFile } from './append-file.js';
import { company, type Founding } from './company.js';
import { Employees, type EmployeeChange } from './employees.js';
import { employeeOf, type Person } from './person.js';

/** What a company is filled from: a seed, or people who were given. */
export type Origin = { readonly founding: Founding } | { readonly people: readonly Person[] };

type Line = { readonly what: 'founded'; readonly origin: Origin } | EmployeeChange | AccountChange;

/** A company as its systems hold it now: every change is in the append file before the caller hears of it. */
export class Company {
  readonly employees: Employees;
  readonly directory: Accounts<DirectoryAccount>;
  readonly scim: Accounts<ScimAccount>;
  /** The groups, roles and licences that exist, by kind; what is not among them cannot be given. */
  readonly catalogue = { groups: new Set<string>(), roles: new Set<string>(), licences: new Set<string>() };
  /** SCIM groups by id. */
  readonly scimGroups = new Map<string, string>();
  private readonly file: AppendFile<Line>;

  /**
   * Opens the company in `folder`, or founds it there from `origin`: what was founded once stays, whatever `origin` says later.
   * @param clock - the time that changes are marked with.
   */
  constructor(
    folder: string,
    origin: Origin,
    private readonly clock: () => Date,
  ) {
    const record = (change: Omit<AccountChange, 'at'>): void => this.file.append({ at: this.now(), ...change });
    this.employees = new Employees((change) => this.file.append({ at: this.now(), ...change }));
    this.directory = new Accounts('directory', directoryKeys, record);
    this.scim = new Accounts('scim', scimKeys, record);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, 'company.jsonl');
    const founded = existsSync(path) && statSync(path).size > 0;
    this.file = AppendFile.open<Line>(path, (line) => this.replay(line));
    if (!founded) {
      this.file.append({ what: 'founded', origin });
      this.found(origin);
    }
  }

  /** Every effectful call that a portal took, oldest first. */
  actions(): readonly Omit<AccountChange, 'after'>[] {
    return this.file.lines().flatMap((line) => {
      if (!('account' in line)) return [];
      const { at, portal, account, employeeNumber, what, changed } = line;
      return [{ at, portal, account, employeeNumber, what, changed }];
    });
  }

  now(): string {
    return this.clock().toISOString();
  }

  close(): void {
    this.file.close();
  }

  private replay(line: Line): void {
    if ('origin' in line) this.found(line.origin);
    else if (!('account' in line)) this.employees.replay(line);
    else if (line.portal === 'directory') this.directory.replay(line, (value): value is DirectoryAccount => 'email' in value);
    else this.scim.replay(line, (value): value is ScimAccount => 'userName' in value);
  }

  private found(origin: Origin): void {
    for (const person of 'founding' in origin ? company(origin.founding) : origin.people) {
      this.employees.put(employeeOf(person));
      if (person.portals.includes('directory')) this.directory.put(directoryAccountOf(person));
      if (person.portals.includes('scim')) this.scim.put(scimAccountOf(person));
      person.groups.forEach((group) => this.catalogue.groups.add(group));
      person.roles.forEach((role) => this.catalogue.roles.add(role));
      person.licences.forEach((licence) => this.catalogue.licences.add(licence));
    }
    for (const group of this.catalogue.groups) if (isScimGroup(group)) this.scimGroups.set(portalId('scim-group', group), group);
  }
}

function directoryKeys(account: DirectoryAccount): readonly string[] {
  const addresses = [account.email, ...account.aliases].map((address) => `email:${address.toLowerCase()}`);
  return [`employeeNumber:${account.employeeNumber}`, `name:${account.displayName.toLowerCase()}`, ...addresses];
}

function scimKeys(account: ScimAccount): readonly string[] {
  return [
    `externalId:${account.employeeNumber}`,
    `userName:${account.userName.toLowerCase()}`,
    `displayName:${account.displayName.toLowerCase()}`,
    ...account.groups.map((group) => `group:${group}`),
  ];
}
