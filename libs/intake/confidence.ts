import type { Action, ConfidencePart, EffectiveTime, Flag, Target } from './intent-packet.js';

/** A hit of the marker filter keeps the confidence below 0.4. */
export const markerCap = 0.39;

const caps: Readonly<Record<Flag, { readonly value: number; readonly because: string } | null>> = {
  prompt_injection_suspected: { value: markerCap, because: 'the marker filter found a marker' },
  homograph_address: { value: markerCap, because: 'an address mixes scripts or hides characters' },
  several_targets: { value: 0.3, because: 'more than one person is named' },
  several_actions: { value: 0.3, because: 'more than one action is asked for' },
  negated: { value: 0.2, because: 'the text says not to, or takes the request back' },
  question: { value: 0.2, because: 'a question is no request' },
  conditional: { value: 0.3, because: 'the request hangs on a condition' },
  no_action: { value: 0.1, because: 'no phrase asks for an action' },
  no_target: { value: 0.3, because: 'nobody is named' },
  no_date: null,
  date_unclear: { value: 0.35, because: 'the date cannot be told from the text' },
  date_in_past: null,
  truncated: { value: 0.35, because: 'the message is longer than what is read' },
};

/** What the confidence is computed from. */
export interface Understood {
  readonly action: Action;
  readonly directness: 'imperative' | 'statement' | 'field' | null;
  readonly target: Target | null;
  readonly effective: EffectiveTime | null;
  readonly flags: readonly Flag[];
}

/** The points that the understood fields earn, and the caps that the flags set. */
export function confidenceParts(understood: Understood): readonly ConfidencePart[] {
  return [action(understood), target(understood.target), time(understood), ...capsOf(understood.flags)];
}

/** The sum of the points, bounded by the lowest cap: an auditor recomputes it from the parts alone. */
export function confidenceOf(parts: readonly ConfidencePart[]): number {
  const points = parts.filter((part) => !part.name.startsWith('cap.')).reduce((sum, part) => sum + part.value, 0);
  const bounds = parts.filter((part) => part.name.startsWith('cap.')).map((part) => part.value);
  return Math.round(Math.min(1, points, ...bounds) * 100) / 100;
}

function action({ action: what, directness }: Understood): ConfidencePart {
  if (what === 'unknown' || directness === null) return { name: 'action', value: 0, because: 'no action was understood' };
  if (directness === 'field') return { name: 'action', value: 0.4, because: 'a field states it' };
  return directness === 'imperative'
    ? { name: 'action', value: 0.4, because: 'a phrase asks for it' }
    : { name: 'action', value: 0.25, because: 'a statement implies it' };
}

function target(named: Target | null): ConfidencePart {
  if (named === null) return { name: 'target', value: 0, because: 'no single person is named' };
  return named.kind === 'name'
    ? { name: 'target', value: 0.2, because: 'a name alone may fit several people' }
    : { name: 'target', value: 0.4, because: `one ${named.kind === 'address' ? 'address' : 'employee number'} is named` };
}

function time({ effective, flags }: Understood): ConfidencePart {
  if (effective === null) return { name: 'time', value: 0, because: 'no effective time was understood' };
  if (flags.includes('no_date')) return { name: 'time', value: 0.1, because: 'no date is given, so it means now' };
  if (flags.includes('date_in_past')) return { name: 'time', value: 0.1, because: 'the date lies in the past' };
  return { name: 'time', value: 0.2, because: 'the text says when' };
}

function capsOf(raised: readonly Flag[]): ConfidencePart[] {
  return raised.flatMap((flag) => {
    const cap = caps[flag];
    return cap === null ? [] : [{ name: `cap.${flag}`, value: cap.value, because: cap.because }];
  });
}
