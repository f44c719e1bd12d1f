import { CodedError } from '#decider';
import type { HistoryEvent } from '../../apps/console/history/events.js';

/** The time that somebody went by one handle, in milliseconds since 1970; `end` is null for who is still there. */
export interface Spell {
  readonly handle: string;
  readonly start: number;
  readonly end: number | null;
  /** The person went on under another handle: `next` begins where the file says. */
  readonly next: Spell | null;
}

/** One human being: all of their tenures, each a chain of spells. */
export interface Being {
  readonly id: string;
  readonly tenures: readonly Spell[];
}

interface OpenSpell {
  readonly handle: string;
  readonly start: number;
  readonly being: { readonly id: string; readonly tenures: OpenSpell[] };
  end: number | null;
  next: OpenSpell | null;
}

/**
 * Who was there when, as it truly was: the halves of a rename are put together by their mark, commit and teams, as the file's own description
 * says. This is what a company is made of, and nothing that evidence is told.
 * @throws CodedError `history` for a rename whose other half is missing.
 */
export function beingsOf(events: readonly HistoryEvent[]): readonly Being[] {
  const beings = new Map<string, OpenSpell['being']>();
  const open = new Map<string, { spell: OpenSpell; teams: string }>();
  const halves: { readonly at: string; readonly teams: string; readonly spell: OpenSpell }[] = [];
  const byHandle = new Map<string, OpenSpell['being']>();
  for (const { at, handle, kind, teamsAfter, rename } of events) {
    const time = Date.parse(at);
    const teams = teamsAfter.join();
    const present = open.get(handle);
    if (kind === 'leave') {
      if (!present) throw new CodedError('history', `${handle} leaves at ${at} and was not there`);
      present.spell.end = time;
      open.delete(handle);
      if (rename) halves.push({ at, teams: present.teams, spell: present.spell });
    } else if (present) {
      open.set(handle, { spell: present.spell, teams });
    } else {
      const half = rename ? halves.splice(halves.findIndex((one) => one.at === at && one.teams === teams), 1)[0] : undefined;
      const being = half?.spell.being ?? byHandle.get(handle) ?? { id: `u-${String(beings.size + 1)}`, tenures: [] };
      const spell: OpenSpell = { handle, start: time, being, end: null, next: null };
      if (half) half.spell.next = spell;
      else being.tenures.push(spell);
      beings.set(being.id, being);
      byHandle.set(handle, being);
      open.set(handle, { spell, teams });
    }
  }
  const [half] = halves;
  if (half) throw new CodedError('history', `the rename of ${half.spell.handle} at ${half.at} has no other half`);
  return [...beings.values()];
}
