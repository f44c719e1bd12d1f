import type { Employee, Hris, HrisQuery } from '#evidence';
import type { AccountRef, Connector } from '#portals';
import { sameText } from '#portals';
import type { Company, Version } from './hr-practice.js';

/** The company's HRIS as it was at any time: it knows nothing of what comes later. */
export class HrisInTime {
  readonly #numbers = new Map<string, Set<string>>();

  constructor(private readonly company: Company) {
    for (const [number, versions] of company.versions)
      for (const { employee } of versions) for (const key of keysOf(employee)) this.#numbers.set(key, (this.#numbers.get(key) ?? new Set()).add(number));
  }

  at(time: number): Hris {
    return { find: (query) => Promise.resolve(this.#find(query, time)) };
  }

  /** A portal with one harmless account for each record that had begun, until it was offboarded: it tells nothing about who stays. */
  portalAt(time: number): Connector {
    const never = (): never => {
      throw new TypeError('evidence only looks');
    };
    return {
      kind: 'directory',
      portal: 'directory',
      unrestorable: [],
      effects: () => [],
      inspect: never,
      plan: never,
      apply: never,
      holds: () => ({ privilege: 'none', production_owner: false, recent_escalation: false }),
      find: (subject) => {
        const query: HrisQuery = 'address' in subject ? { email: subject.address } : 'employee' in subject ? { employeeNumber: subject.employee } : subject;
        const had = this.#find(query, time).filter(({ employeeNumber }) => !this.#endedBefore(employeeNumber, time));
        return Promise.resolve(had.map(({ employeeNumber }): AccountRef => ({ portal: 'directory', account: `a-${employeeNumber}`, employee: employeeNumber, label: {}, matchedOn: 'address', state: { exists: true } })));
      },
    };
  }

  // a leave event comes when the record ends, so that at that very time the account is still there
  #endedBefore(number: string, time: number): boolean {
    const last = this.company.versions.get(number)?.at(-1);
    return last?.employee.status === 'terminated' && last.since < time;
  }

  #find(query: HrisQuery, time: number): readonly Employee[] {
    const [field, value] = Object.entries(query)[0] ?? ['', ''];
    const numbers = [...(this.#numbers.get(keyOf(field, value)) ?? [])];
    return numbers.flatMap((number) => {
      const employee = this.company.versions.get(number)?.findLast((version: Version) => version.since <= time)?.employee;
      return employee && keysOf(employee).some((key) => sameText(key, keyOf(field, value))) ? [employee] : [];
    });
  }
}

const keyOf = (field: string, value: string): string => `${field} ${value}`.toLowerCase();

function keysOf({ employeeNumber, workEmail, displayName, formerEmails, personId }: Employee): readonly string[] {
  const fields: readonly (readonly [string, string | undefined])[] = [['employeeNumber', employeeNumber], ['email', workEmail], ['name', displayName], ['personId', personId], ...formerEmails.map((one) => ['formerEmail', one] as const)];
  return fields.flatMap(([field, value]) => (value === undefined ? [] : [keyOf(field, value)]));
}
