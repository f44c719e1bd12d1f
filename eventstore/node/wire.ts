import { TextDecoder } from 'node:util';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { NewEvent, StoredEvent } from './database.js';
import type { Expected } from './expected-revision.js';
import type { Outlet } from './outlet.js';
import { Refusal } from './refusal.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NAME_LIMIT = 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A stream's name as sent: bytes that must be UTF-8. Throws invalid-argument. */
export function streamName(identifier: sharedPb.StreamIdentifier | undefined): string {
  let name: string;
  try {
    name = utf8.decode(identifier?.getStreamName_asU8() ?? new Uint8Array());
  } catch (error) {
    throw new Refusal('invalid-argument', 'the stream name is not UTF-8', {}, { cause: error });
  }
  if (name === '' || name.length > NAME_LIMIT || name.includes('\0')) {
    throw new Refusal('invalid-argument', `a stream name has 1 to ${NAME_LIMIT} characters, none of them NUL`);
  }
  if (name === '$all') throw new Refusal('invalid-argument', '$all is not a stream of its own');
  return name;
}

/** A stream's name as the protocol carries it. */
export function streamIdentifier(name: string): sharedPb.StreamIdentifier {
  const identifier = new sharedPb.StreamIdentifier();
  identifier.setStreamName(new TextEncoder().encode(name));
  return identifier;
}

/** A UUID in lower case, from either of its two forms. Throws invalid-argument. */
export function uuidText(uuid: sharedPb.UUID | undefined): string {
  const structured = uuid?.getStructured();
  const written = structured === undefined ? (uuid?.getString() ?? '').toLowerCase() : dashed(structured);
  if (!UUID.test(written)) throw new Refusal('invalid-argument', 'an id is not a UUID');
  return written;
}

function dashed(structured: sharedPb.UUID.Structured): string {
  const part = (value: string): string => BigInt.asUintN(64, BigInt(value)).toString(16).padStart(16, '0');
  const hex = part(structured.getMostSignificantBits()) + part(structured.getLeastSignificantBits());
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** A 64-bit number as sent; what is beyond exact numbers is beyond every revision and position, too. */
export function clampedNumber(digits: string): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
}

/** A proposed event. Throws invalid-argument, or missing-required-metadata-property. */
export function proposedEvent(message: streamsPb.AppendReq.ProposedMessage | streamsPb.BatchAppendReq.ProposedMessage): NewEvent {
  const type = message.getMetadataMap().get('type');
  const contentType = message.getMetadataMap().get('content-type');
  if (type === undefined || type === '' || contentType === undefined || contentType === '') {
    throw new Refusal('missing-required-metadata-property', 'an event needs the metadata type and content-type', { 'required-metadata-properties': 'type,content-type' });
  }
  return { id: uuidText(message.getId()), type, contentType, metadata: message.getCustomMetadata_asU8(), data: message.getData_asU8() };
}

/** What the options of appends, deletes and tombstones have in common. */
interface Expectation {
  hasNoStream(): boolean;
  hasAny(): boolean;
  hasStreamExists(): boolean;
}

/** The expectation of an append, delete or tombstone. Throws invalid-argument when there is none. */
export function expectedRevision(options: Expectation & { hasRevision(): boolean; getRevision(): string }): Expected {
  return expectation(options, options.hasRevision() ? options.getRevision() : undefined);
}

/** The expectation of a batch append. Throws invalid-argument when there is none. */
export function expectedPosition(options: streamsPb.BatchAppendReq.Options): Expected {
  return expectation(options, options.hasStreamPosition() ? options.getStreamPosition() : undefined);
}

function expectation(options: Expectation, revision: string | undefined): Expected {
  if (revision !== undefined) return { kind: 'exact', revision: clampedNumber(revision) };
  if (options.hasNoStream()) return { kind: 'no_stream' };
  if (options.hasAny()) return { kind: 'any' };
  if (options.hasStreamExists()) return { kind: 'stream_exists' };
  throw new Refusal('invalid-argument', 'an expected revision is required');
}

/** Sends an event to a reader or subscriber; true when that one should be waited for before the next. */
export function sendEvent(outlet: Outlet<streamsPb.ReadResp>, event: StoredEvent): boolean {
  return outlet.send(eventResponse(event), sizeOf(event));
}

/** Bytes that an event is counted with. */
export function sizeOf({ data, metadata }: StoredEvent): number {
  return data.length + metadata.length;
}

/** An event as it is sent to whoever reads it. */
export function eventResponse(event: StoredEvent): streamsPb.ReadResp {
  const id = new sharedPb.UUID();
  id.setString(event.id);
  const position = String(event.position);
  const recorded = new streamsPb.ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(id);
  recorded.setStreamIdentifier(streamIdentifier(event.stream));
  recorded.setStreamRevision(String(event.revision));
  recorded.setCommitPosition(position);
  recorded.setPreparePosition(position);
  const metadata = recorded.getMetadataMap();
  metadata.set('type', event.type);
  metadata.set('content-type', event.contentType);
  // The protocol counts in 100 ns.
  metadata.set('created', `${event.created}0000`);
  recorded.setCustomMetadata(event.metadata);
  recorded.setData(event.data);
  const read = new streamsPb.ReadResp.ReadEvent();
  read.setEvent(recorded);
  read.setCommitPosition(position);
  const response = new streamsPb.ReadResp();
  response.setEvent(read);
  return response;
}
