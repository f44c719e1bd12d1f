import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { Session } from './authentication.js';
import { accessDenied, Refusal } from './refusal.js';
import { mayRemoveStream } from './rights.js';
import type { StoreParts } from './store-parts.js';
import { expectedRevision, streamName } from './wire.js';

type RemoveOptions = streamsPb.DeleteReq.Options | streamsPb.TombstoneReq.Options;

/** Serves Delete: hides a stream's events; the next append goes on with its numbering. */
export async function serveDelete(request: streamsPb.DeleteReq, session: Session, parts: StoreParts): Promise<streamsPb.DeleteResp> {
  const at = await remove(request.getOptions(), session, parts, 'soft');
  const position = new streamsPb.DeleteResp.Position().setCommitPosition(at).setPreparePosition(at);
  return new streamsPb.DeleteResp().setPosition(position);
}

/** Serves Tombstone: closes a stream for ever. */
export async function serveTombstone(request: streamsPb.TombstoneReq, session: Session, parts: StoreParts): Promise<streamsPb.TombstoneResp> {
  const at = await remove(request.getOptions(), session, parts, 'tombstone');
  const position = new streamsPb.TombstoneResp.Position().setCommitPosition(at).setPreparePosition(at);
  return new streamsPb.TombstoneResp().setPosition(position);
}

async function remove(options: RemoveOptions | undefined, session: Session, parts: StoreParts, how: 'soft' | 'tombstone'): Promise<string> {
  if (options === undefined) throw new Refusal('invalid-argument', 'options are required');
  const stream = streamName(options.getStreamIdentifier());
  if (!mayRemoveStream(session.grant(), stream)) throw accessDenied();
  return String(await parts.writer.remove(stream, expectedRevision(options), how));
}
