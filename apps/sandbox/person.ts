/** Who somebody is and what they hold, before any portal was touched: what the sandbox's systems are filled from. */
export interface Person {
  readonly employeeNumber: string;
  readonly displayName: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly workEmail: string;
  readonly aliases: readonly string[];
  readonly formerNames: readonly string[];
  readonly formerEmails: readonly string[];
  readonly department: string;
  readonly managerEmployeeNumber: string | null;
  readonly employmentType: 'employee' | 'contractor';
  readonly status: EmployeeStatus;
  /** Date `YYYY-MM-DD`, or null while no end is known. */
  readonly lastDay: string | null;
  /** The number of the human being, the same on all of their records. */
  readonly personId?: string;
  /** Whether the person departs with this record or goes on under another. */
  readonly ending?: 'departure' | 'continuation';
  readonly hireDate: string;
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly licences: readonly string[];
  readonly sessions: number;
  readonly ownerOf: readonly { readonly system: string; readonly production: boolean }[];
  readonly escalations: readonly { readonly at: string; readonly role: string }[];
  readonly onCall: boolean;
  readonly filesOwned: number;
  readonly sharedMailboxes: readonly string[];
  /** Tokens for programs, that outlive a session. */
  readonly tokens: number;
  readonly lastSignIn: string | null;
  readonly portals: readonly ('directory' | 'scim')[];
}

export const EMPLOYEE_STATUSES = ['active', 'leaving', 'terminated', 'on_leave'] as const;
export type EmployeeStatus = (typeof EMPLOYEE_STATUSES)[number];

/** What the portals, and not the HRIS, know of a person. */
type Held = 'groups' | 'roles' | 'licences' | 'sessions' | 'ownerOf' | 'escalations' | 'onCall' | 'filesOwned' | 'sharedMailboxes' | 'tokens' | 'lastSignIn' | 'portals';

/** An employee as the HRIS shows one. */
export type Employee = Omit<Person, Held>;

/** The HRIS's part of a person. */
export function employeeOf(person: Person): Employee {
  const held: Readonly<Record<Held, true>> = {
    groups: true, roles: true, licences: true, sessions: true, ownerOf: true, escalations: true,
    onCall: true, filesOwned: true, sharedMailboxes: true, tokens: true, lastSignIn: true, portals: true,
  };
  return Object.fromEntries(Object.entries(person).filter(([field]) => !(field in held))) as Employee;
}
