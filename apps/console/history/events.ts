import { readFileSync } from 'node:fs';
import { CodedError, isJsonObject, type JsonValue } from '#decider';

/** One line of a history file: somebody joined, left or changed teams. */
export interface HistoryEvent {
  /** RFC 3339; never decreasing over the file. */
  readonly at: string;
  /** The handle, which changes when a person takes another. */
  readonly handle: string;
  readonly kind: 'join' | 'rejoin' | 'role_change' | 'leave';
  readonly teamsAfter: readonly string[];
  /** True on both events of a pair that is one person under another handle. */
  readonly rename: boolean;
}

const KINDS = ['join', 'rejoin', 'role_change', 'leave'] as const;

/**
 * The events of a joiner, mover and leaver history: JSON lines with `at`, `person`, `kind`, `teams_after` and `trap`.
 * @throws CodedError `history` naming the line and what is wrong with it.
 */
export function readEvents(path: string): readonly HistoryEvent[] {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CodedError('history', `${path} cannot be read`, { cause });
  }
  const events: HistoryEvent[] = [];
  for (const [i, line] of content.split('\n').entries()) {
    if (line.trim() === '') continue;
    const where = `${path}, line ${String(i + 1)}`;
    const event = eventOf(line, where);
    if (Date.parse(event.at) < Date.parse(events.at(-1)?.at ?? event.at)) throw new CodedError('history', `${where}: earlier than the line before it`);
    events.push(event);
  }
  return events;
}

function eventOf(line: string, where: string): HistoryEvent {
  const wrong = (what: string): CodedError => new CodedError('history', `${where}: ${what}`);
  let value: JsonValue;
  try {
    value = JSON.parse(line) as JsonValue;
  } catch {
    throw wrong('is not JSON');
  }
  if (!isJsonObject(value)) throw wrong('is not an object');
  const { at, person, teams_after: teams, trap } = value;
  const kind = KINDS.find((known) => known === value.kind);
  if (typeof at !== 'string' || !/^\d{4}-\d{2}-\d{2}T/.test(at) || Number.isNaN(Date.parse(at))) throw wrong('at must be a time such as 2019-05-03T10:00:00Z');
  if (typeof person !== 'string' || !/^[a-z0-9][a-z0-9-]{0,62}$/i.test(person)) throw wrong('person must be a handle of letters, digits and dashes');
  if (!kind) throw wrong(`kind must be one of ${KINDS.join(', ')}`);
  if (!Array.isArray(teams) || !teams.every((team) => typeof team === 'string')) throw wrong('teams_after must be a list of texts');
  return { at, handle: person, kind, teamsAfter: teams, rename: trap === 'rename' };
}
