import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { RE2JS } from 're2js';
import type { EventLabel } from './database.js';
import { Refusal } from './refusal.js';

/** Which events of `$all` a subscriber wants, and after how many considered events it is told a checkpoint. */
export interface Filter {
  matches(label: EventLabel): boolean;
  readonly checkpointEvery: number;
}

const WINDOW = 32;
const PATTERN_LIMIT = 1024;

/** Reads the protocol's filter. Throws invalid-argument. */
export function filterOf(options: streamsPb.ReadReq.Options.FilterOptions): Filter {
  const multiplier = options.getCheckpointintervalmultiplier();
  if (multiplier === 0) throw new Refusal('invalid-argument', 'the checkpoint interval multiplier must be above 0');
  const { WindowCase } = streamsPb.ReadReq.Options.FilterOptions;
  const window = options.getWindowCase() === WindowCase.MAX ? options.getMax() : WINDOW;
  if (window === 0) throw new Refusal('invalid-argument', 'the search window must be above 0');
  const onStream = options.getStreamIdentifier();
  const onType = options.getEventType();
  const checkpointEvery = multiplier * window;
  if (onStream !== undefined) {
    const matches = matcher(onStream);
    return { matches: (label) => matches(label.stream), checkpointEvery };
  }
  if (onType !== undefined) {
    const matches = matcher(onType);
    return { matches: (label) => matches(label.type), checkpointEvery };
  }
  throw new Refusal('invalid-argument', 'a filter is on the stream name or on the event type');
}

function matcher(expression: streamsPb.ReadReq.Options.FilterOptions.Expression): (value: string) => boolean {
  const prefixes = expression.getPrefixList();
  if (prefixes.length > 0) return (value) => prefixes.some((prefix) => value.startsWith(prefix));
  const source = expression.getRegex();
  if (source === '' || source.length > PATTERN_LIMIT) throw new Refusal('invalid-argument', `a filter has prefixes or a pattern of 1 to ${PATTERN_LIMIT} characters`);
  // A caller's pattern runs in our process: RE2 cannot backtrack without end.
  let pattern: RE2JS;
  try {
    pattern = RE2JS.compile(source);
  } catch (error) {
    throw new Refusal('invalid-argument', 'the filter is not a valid RE2 pattern', {}, { cause: error });
  }
  return (value) => pattern.matcher(value).find();
}
