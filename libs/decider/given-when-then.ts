import { type Decider, fold } from './decider.js';

/** given(decider, events).when(command) answers the events that are decided, or the error that is thrown. */
export function given<State, Event, Command>(decider: Decider<State, Event, Command>, ...events: readonly Event[]) {
  const state = fold(decider, events);
  return {
    state,
    when: (command: Command): readonly Event[] => decider.decide(command, state),
    /** The same command once more, after what it decided the first time. */
    whenTwice: (command: Command): readonly Event[] =>
      decider.decide(command, decider.decide(command, state).reduce((s, e) => decider.evolve(s, e), state)),
  };
}
