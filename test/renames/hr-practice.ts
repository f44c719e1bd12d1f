import type { Employee } from '#evidence';
import { FIRST_NAMES, LAST_NAMES } from '../../apps/sandbox/names.js';
import { Seeded } from '../../apps/sandbox/seeded.js';
import type { Being, Spell } from './spells.js';

/** What HR does in its system when somebody takes another handle, from the most that it can say to nothing. */
export const PRACTICES = {
  kept: 'the number stays, the address changes at the join',
  told: 'a new record at the join; the old one says that the person goes on',
  linked: 'a new record, entered ahead, with the number of the human being',
  named: 'a new record, entered ahead; only the name is the same',
  silent: 'a new record at the join; until then no sign of it',
} as const;
export type Practice = keyof typeof PRACTICES;

/** What the HRIS says of one record from `since` on, until it says something else. */
export interface Version {
  readonly since: number;
  readonly employee: Employee;
}

/** A leave event of the feed, by the record that ends there. */
export interface FeedLeave {
  readonly at: number;
  readonly employeeNumber: string;
  readonly address: string;
  readonly renamed: boolean;
}

/** Everything that the HRIS ever says, and the feed's leave events; `versions` of a record are in their order. */
export interface Company {
  readonly versions: ReadonlyMap<string, readonly Version[]>;
  readonly leaves: readonly FeedLeave[];
}

const FIRST_NUMBER = 20_001;
const NAMES_SEED = 20_181_104;
const addressOf = (handle: string): string => `${handle}@acme.example`;
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/**
 * The company that lived through a history under one practice of its HR, each join of a rename shifted by `shiftMs` (before the leave when negative),
 * as far as the spells beside it leave room. Names are drawn from 1,140, so that namesakes are far more common than they are.
 */
export function companyUnder(practice: Practice, shiftMs: number, beings: readonly Being[]): Company {
  const chance = new Seeded(NAMES_SEED);
  const versions = new Map<string, Version[]>();
  const leaves: FeedLeave[] = [];
  for (const { id, tenures } of beings) {
    const displayName = `${chance.pick(FIRST_NAMES)} ${chance.pick(LAST_NAMES)}`;
    for (const tenure of tenures) {
      const first = String(FIRST_NUMBER + versions.size);
      const spells = shifted(tenure, shiftMs);
      for (const [i, { handle, start, end, renamed }] of spells.entries()) {
        const kept = practice === 'kept';
        const employeeNumber = kept ? first : String(FIRST_NUMBER + versions.size);
        const record: Employee = {
          employeeNumber,
          displayName,
          workEmail: addressOf(handle),
          aliases: [],
          formerNames: [],
          formerEmails: kept ? spells.slice(0, i).map((spell) => addressOf(spell.handle)) : [],
          // every third rename is a contractor who is taken on
          employmentType: !kept && renamed && leaves.length % 3 === 0 ? 'contractor' : 'employee',
          status: 'active',
          lastDay: null,
          ...(practice !== 'named' && { personId: id }),
          hireDate: dayOf(kept ? (spells[0]?.start ?? start) : start),
        };
        const entered = practice === 'linked' || practice === 'named' ? Math.min(start, spells[i - 1]?.end ?? start) : start;
        const said = [...(versions.get(employeeNumber) ?? []), { since: entered, employee: record }];
        versions.set(employeeNumber, said);
        if (end === null) continue;
        leaves.push({ at: end, employeeNumber, address: record.workEmail, renamed });
        if (kept && renamed) continue;
        said.push({ since: end, employee: { ...record, status: 'terminated', lastDay: dayOf(end), ...(practice === 'told' && { ending: renamed ? 'continuation' : 'departure' }) } });
      }
    }
  }
  return { versions, leaves };
}

interface Shifted {
  readonly handle: string;
  readonly start: number;
  readonly end: number | null;
  readonly renamed: boolean;
}

/** A tenure's spells, the first one's start as it was and every later one's shifted, but never beyond its own end or before the start of the one before it. */
function shifted(tenure: Spell, shiftMs: number): readonly Shifted[] {
  const spells: Shifted[] = [];
  for (let spell: Spell | null = tenure; spell; spell = spell.next) {
    const earliest = spells.at(-1)?.start;
    const wanted = earliest === undefined ? spell.start : Math.max(spell.start + shiftMs, earliest + 1);
    spells.push({ handle: spell.handle, start: spell.end === null ? wanted : Math.min(wanted, spell.end - 1), end: spell.end, renamed: spell.next !== null });
  }
  return spells;
}
