import { type AccountRef, type Connector, PortalError, type PortalState, type Subject } from '#portals';
import { type Claim, type Employee, type Evidence, type HrisQuery, takeEvidence } from './index.js';

export const NOW = '2026-11-23T10:00:00.000Z';
export const MARTA: Employee = {
  employeeNumber: '10042',
  displayName: 'Marta Kowalska',
  workEmail: 'marta@acme.example',
  aliases: ['mk@acme.example'],
  formerNames: ['Marta Nowak'],
  formerEmails: ['nowak@acme.example'],
  employmentType: 'employee',
  status: 'leaving',
  lastDay: '2026-11-23',
  department: 'Field Sales',
};

export type Account = Omit<AccountRef, 'portal' | 'matchedOn' | 'state'> & { readonly addresses: readonly string[]; readonly state?: PortalState };
export const ACCOUNT: Account = { account: 'd1', employee: '10042', label: { address: 'marta@acme.example', name: 'Marta Kowalska' }, addresses: ['marta@acme.example'] };

/** An HRIS and portals in memory, any of which can be down. */
export class World {
  readonly asked: string[] = [];
  down = new Set<string>();
  constructor(
    readonly employees: readonly Employee[] = [MARTA],
    readonly accounts: Readonly<Record<string, readonly Account[]>> = { directory: [ACCOUNT], scim: [{ ...ACCOUNT, account: 's1' }] },
  ) {}

  private hear(source: string, query: object): void {
    this.asked.push(`${source} ${Object.keys(query).join()}`);
    if (this.down.has(source)) throw new PortalError('portal_unreachable', 'down');
  }

  readonly hris = {
    find: async (query: HrisQuery): Promise<readonly Employee[]> => {
      await Promise.resolve();
      this.hear('hris', query);
      return this.employees.filter((one) => {
        if ('email' in query) return [one.workEmail, ...one.aliases].includes(query.email);
        if ('formerEmail' in query) return one.formerEmails.includes(query.formerEmail);
        if ('name' in query) return [one.displayName, ...one.formerNames].includes(query.name);
        if ('personId' in query) return one.personId === query.personId;
        return one.employeeNumber === query.employeeNumber;
      });
    },
  };

  portal(portal: string): Connector {
    const nothing = (): never => {
      throw new Error('evidence only looks');
    };
    return {
      kind: 'directory',
      portal,
      unrestorable: [],
      effects: () => [],
      inspect: nothing,
      plan: nothing,
      apply: nothing,
      find: async (subject: Subject) => {
        await Promise.resolve();
        this.hear(portal, subject);
        return (this.accounts[portal] ?? [])
          .filter((one) => ('address' in subject ? one.addresses.includes(subject.address) : 'employee' in subject ? one.employee === subject.employee : one.label.name === subject.name))
          .map(({ account, employee, label, state }) => ({ portal, account, employee, label, matchedOn: 'address', state: state ?? { exists: true } }));
      },
      holds: (state) => {
        const is = (field: string): boolean => state.exists && state[field] === true;
        return { privilege: is('admin') ? 'admin' : 'none', production_owner: is('owner'), recent_escalation: is('escalated'), preconditions: is('owner') ? ['transfer_ownership'] : [] };
      },
    };
  }

  async look(claim: Claim | string = 'marta@acme.example', more: { action?: string; effectiveAt?: string } = {}): Promise<Evidence> {
    return takeEvidence({
      claim: typeof claim === 'string' ? { kind: 'address', value: claim } : claim,
      action: 'offboard',
      effectiveAt: NOW,
      now: () => new Date(NOW),
      zone: 'Europe/Berlin',
      hris: this.hris,
      portals: Object.keys(this.accounts).map((portal) => this.portal(portal)),
      ...more,
    });
  }
}
