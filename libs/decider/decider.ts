/**
 * A pure state machine over events.
 * `decide` answers a repeated command with `[]`, an expected refusal with an event that carries a closed code,
 * and throws a `CodedError` for a command that no state of the machine allows.
 */
export interface Decider<State, Event, Command> {
  readonly initial: State;
  evolve(state: State, event: Event): State;
  decide(command: Command, state: State): readonly Event[];
}

/** What should happen now: a task to do, the instant at which to ask again, or nothing until the next event. */
export type Next<Task> = { readonly task: Task } | { readonly due: Instant } | undefined;

/** A point in time as RFC 3339 text in UTC with milliseconds, so that text order is time order. */
export type Instant = string;

/** The state that the events lead to. */
export function fold<State, Event>(
  machine: { readonly initial: State; evolve(state: State, event: Event): State },
  events: readonly Event[],
): State {
  return events.reduce((state, event) => machine.evolve(state, event), machine.initial);
}

/** `instant` moved by whole or fractional seconds. */
export function plusSeconds(instant: Instant, seconds: number): Instant {
  return new Date(Date.parse(instant) + seconds * 1000).toISOString();
}
