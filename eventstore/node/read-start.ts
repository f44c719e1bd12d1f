import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { Refusal } from './refusal.js';
import { clampedNumber } from './wire.js';

const { StreamOptions, AllOptions } = streamsPb.ReadReq.Options;

/** What `start` and `end` stand for in this read. */
export interface Bounds {
  readonly start: number;
  readonly end: number;
}

/** The revision that a read of one stream names. Throws invalid-argument when it names none. */
export function streamStart(options: streamsPb.ReadReq.Options, bounds: Bounds): number {
  const stream = options.getStream();
  const { RevisionOptionCase } = StreamOptions;
  switch (stream?.getRevisionOptionCase()) {
    case RevisionOptionCase.REVISION: return clampedNumber(stream.getRevision());
    case RevisionOptionCase.START: return bounds.start;
    case RevisionOptionCase.END: return bounds.end;
    default: throw new Refusal('invalid-argument', 'a revision, start or end is required');
  }
}

/** The position that a read of `$all` names. Throws invalid-argument when it names none. */
export function allStart(options: streamsPb.ReadReq.Options, bounds: Bounds): number {
  const all = options.getAll();
  const { AllOptionCase } = AllOptions;
  switch (all?.getAllOptionCase()) {
    case AllOptionCase.POSITION: return clampedNumber(all.getPosition()?.getCommitPosition() ?? '0');
    case AllOptionCase.START: return bounds.start;
    case AllOptionCase.END: return bounds.end;
    default: throw new Refusal('invalid-argument', 'a position, start or end is required');
  }
}
