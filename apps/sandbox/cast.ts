import type { Person } from './person.js';

/** The people whom a story needs by name: their part, and the number under which everything about them is found. */
export const CAST = {
  chief: '10001',
  /** HR partner who asks for offboardings. */
  requester: '10003',
  /** The two security leads who approve. */
  approvers: ['10004', '10005'],
  /** Owns production systems and is an administrator; leaves today. */
  productionOwner: '10013',
  /** Another of the kind, for the case that is rejected. */
  furtherOwner: '10021',
  /** Ordinary leavers whose last day is today. */
  leaver: '10042',
  secondLeaver: '10057',
  /** Took another name and address last year. */
  renamed: '10064',
  /** Two people of one name. */
  namesakes: ['10071', '10072'],
} as const;

type Part = Pick<Person, 'firstName' | 'lastName' | 'department'> & Partial<Person>;

const leaving = (today: string): Partial<Person> => ({ status: 'leaving', lastDay: today });

/** What is fixed about the cast, by employee number; the rest of each is filled in like anybody's. */
export function castMembers(today: string, daysAgo: (days: number) => string): Readonly<Record<string, Part>> {
  const owner = (system: string, role: string): Partial<Person> => ({
    ...leaving(today),
    roles: ['admin'],
    ownerOf: [
      { system, production: true },
      { system: 'deploy-pipeline', production: true },
    ],
    escalations: [{ at: `${daysAgo(3)}T14:20:00.000Z`, role }],
    onCall: true,
    filesOwned: 214,
    sharedMailboxes: [`${system}-alerts`],
    tokens: 3,
  });
  return {
    [CAST.chief]: { firstName: 'Ada', lastName: 'Okafor', department: 'People' },
    [CAST.requester]: { firstName: 'Hanna', lastName: 'Lindqvist', department: 'People' },
    [CAST.approvers[0]]: { firstName: 'Imran', lastName: 'Qureshi', department: 'Security', roles: ['security-lead'] },
    [CAST.approvers[1]]: { firstName: 'Noor', lastName: 'van Dijk', department: 'Security', roles: ['security-lead'] },
    [CAST.productionOwner]: { firstName: 'Priya', lastName: 'Raman', department: 'Platform', ...owner('payments-db', 'admin') },
    [CAST.furtherOwner]: { firstName: 'Jonas', lastName: 'Weber', department: 'Platform', ...owner('identity-core', 'admin') },
    [CAST.leaver]: { firstName: 'Marta', lastName: 'Kowalska', department: 'Sales', ...leaving(today) },
    [CAST.secondLeaver]: { firstName: 'Tomas', lastName: 'Rivera', department: 'Marketing', ...leaving(today) },
    [CAST.renamed]: {
      firstName: 'Elena',
      lastName: 'Petrova',
      department: 'Finance',
      formerNames: ['Elena Sokolova'],
      formerEmails: ['elena.sokolova@acme.example'],
    },
    [CAST.namesakes[0]]: { firstName: 'Daniel', lastName: 'Kim', department: 'Support' },
    [CAST.namesakes[1]]: { firstName: 'Daniel', lastName: 'Kim', department: 'Engineering' },
  };
}
