import { createHash } from 'node:crypto';
import type { Account } from './accounts.js';
import type { Person } from './person.js';

/** An account of the directory; its JSON is what `GET /v1/users/{id}` answers. */
export interface DirectoryAccount extends Account {
  readonly email: string;
  readonly aliases: readonly string[];
  readonly displayName: string;
  readonly active: boolean;
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly licences: readonly string[];
  readonly sessions: readonly string[];
  readonly ownerOf: Person['ownerOf'];
  readonly escalations: Person['escalations'];
  readonly onCall: boolean;
  readonly filesOwned: number;
  readonly sharedMailboxes: readonly string[];
  readonly tokens: number;
  readonly lastSignIn: string | null;
  readonly manager: string | null;
  readonly department: string;
}

/** An account of the SCIM application. */
export interface ScimAccount extends Account {
  readonly userName: string;
  readonly displayName: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly active: boolean;
  /** Names of groups; SCIM shows them by id. */
  readonly groups: readonly string[];
  /** Seats that are paid for, by name. */
  readonly entitlements: readonly string[];
  readonly roles: readonly string[];
  readonly created: string;
}

/** An id that never changes and says nothing about whom it names: drawn from portal and key, so that a seed makes it again. */
export function portalId(portal: string, key: string): string {
  const hex = createHash('sha256').update(`${portal}\0${key}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The directory's account of somebody; who was terminated has one that is switched off and holds nothing. */
export function directoryAccountOf(person: Person): DirectoryAccount {
  const id = portalId('directory', person.employeeNumber);
  const gone = person.status === 'terminated';
  return {
    id,
    version: 1,
    employeeNumber: person.employeeNumber,
    email: person.workEmail,
    aliases: [...person.aliases, ...person.formerEmails],
    displayName: person.displayName,
    active: !gone,
    groups: gone ? [] : [...person.groups].sort(),
    roles: gone ? [] : [...person.roles].sort(),
    licences: gone ? [] : [...person.licences].sort(),
    sessions: gone ? [] : Array.from({ length: person.sessions }, (_, n) => portalId('session', `${person.employeeNumber}/${String(n)}`)),
    ownerOf: person.ownerOf,
    escalations: person.escalations,
    onCall: !gone && person.onCall,
    filesOwned: person.filesOwned,
    sharedMailboxes: person.sharedMailboxes,
    tokens: gone ? 0 : person.tokens,
    lastSignIn: person.lastSignIn,
    manager: person.managerEmployeeNumber,
    department: person.department,
  };
}

/** The application is for projects: groups that everybody of a kind is in are the directory's alone. */
export function isScimGroup(group: string): boolean {
  return group !== 'all-staff' && group !== 'contractors' && !group.startsWith('dept-');
}

/** The SCIM application's account of somebody; the seat it takes is its one entitlement. */
export function scimAccountOf(person: Person): ScimAccount {
  const gone = person.status === 'terminated';
  return {
    id: portalId('scim', person.employeeNumber),
    version: 1,
    employeeNumber: person.employeeNumber,
    userName: person.workEmail,
    displayName: person.displayName,
    givenName: person.firstName,
    familyName: person.lastName,
    active: !gone,
    groups: gone ? [] : person.groups.filter(isScimGroup).sort(),
    entitlements: gone ? [] : ['seat'],
    roles: gone ? [] : person.roles.includes('admin') ? ['owner'] : ['member'],
    created: `${person.hireDate}T08:00:00.000Z`,
  };
}
