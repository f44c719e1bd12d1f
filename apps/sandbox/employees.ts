import type { Employee, EmployeeStatus } from './person.js';

/** What the HR department changed about somebody. */
export interface EmployeeChange {
  readonly at: string;
  readonly what: 'employee_changed';
  readonly employeeNumber: string;
  readonly fields: { readonly status?: EmployeeStatus; readonly lastDay?: string | null };
}

/** The HRIS's people, found by number, address, name, former address or human being without a scan. */
export class Employees {
  private readonly byNumber = new Map<string, Employee>();
  private readonly byKey = new Map<string, string[]>();

  constructor(private readonly record: (change: Omit<EmployeeChange, 'at'>) => void) {}

  get(employeeNumber: string): Employee | undefined {
    return this.byNumber.get(employeeNumber);
  }

  /** @param key - `email:`, `name:`, `formerEmail:` or `personId:` and the value in small letters. */
  find(key: string): readonly Employee[] {
    return (this.byKey.get(key) ?? []).flatMap((number) => this.byNumber.get(number) ?? []);
  }

  all(): IterableIterator<Employee> {
    return this.byNumber.values();
  }

  /** Answers the employee as they are afterwards, or undefined when there is none of that number. */
  change(employeeNumber: string, fields: EmployeeChange['fields']): Employee | undefined {
    const before = this.byNumber.get(employeeNumber);
    if (!before) return undefined;
    this.record({ what: 'employee_changed', employeeNumber, fields });
    return this.update(before, fields);
  }

  replay(change: EmployeeChange): void {
    const before = this.byNumber.get(change.employeeNumber);
    if (before) this.update(before, change.fields);
  }

  put(employee: Employee): void {
    this.byNumber.set(employee.employeeNumber, employee);
    const keys = [
      ...[employee.workEmail, ...employee.aliases].map((address) => `email:${address}`),
      ...[employee.displayName, ...employee.formerNames].map((name) => `name:${name}`),
      ...employee.formerEmails.map((address) => `formerEmail:${address}`),
      ...(employee.personId === undefined ? [] : [`personId:${employee.personId}`]),
    ];
    for (const key of keys.map((k) => foldKey(k))) {
      const numbers = this.byKey.get(key);
      if (!numbers) this.byKey.set(key, [employee.employeeNumber]);
      else if (!numbers.includes(employee.employeeNumber)) numbers.push(employee.employeeNumber);
    }
  }

  private update(before: Employee, fields: EmployeeChange['fields']): Employee {
    const after = { ...before, ...fields };
    this.byNumber.set(before.employeeNumber, after);
    return after;
  }
}

/** A key whose value is in small letters: addresses and names are compared without case. */
export function foldKey(key: string): string {
  const colon = key.indexOf(':') + 1;
  return key.slice(0, colon) + key.slice(colon).toLowerCase();
}
