import { CodedError, type JsonObject } from '#decider';
import { type IntentPacket, type ParseContext, parseRequest, parseStructured, type PartOf, screened, shownToModel, withModel } from '#intake';
import type { IntentParsed, ModelSaid, Offboard, RequestReceived } from '#lifecycle';
import { type ModelClient, promptDigest } from './model-client.js';
import type { TenantRuntime } from './tenant.js';

/** What a case reads its request with. */
export type Reader = Pick<TenantRuntime, 'keys' | 'markers' | 'settings'>;

/** Reads a request, asks the model about it where there is one, and answers what is to be recorded. @throws CodedError `request_shape`, VaultError. */
export async function understand(runtime: Reader, found: Offboard, model?: ModelClient): Promise<IntentParsed> {
  const { keys, settings, markers } = runtime;
  const { received } = found.request;
  const text = await keys.unseal(found.id, 'text', received.text);
  if (typeof text !== 'string') throw new CodedError('request_shape', 'the sealed request is not text');
  const context = { now: new Date(received.at), zone: settings.zone };
  const request = received.format === 'text' ? text : (JSON.parse(text) as Parameters<typeof parseStructured>[0]);
  const packet = typeof request === 'string' ? parseRequest(request, context, partOf(received)) : parseStructured(request, context);
  const read = screened(packet, request, markers);
  if (model === undefined || typeof request !== 'string') return sealed(runtime, found.id, read);
  const { packet: merged, said } = await besideModel(runtime, found, { read, text: request, context }, model);
  return { ...(await sealed(runtime, found.id, merged)), model: said };
}

interface Read {
  readonly read: IntentPacket;
  readonly text: string;
  readonly context: ParseContext;
}

/** Our own reading with what the model may add to it. A message that holds a marker is shown to no model, and neither is one of several requests, which it could not tell apart from the others. */
async function besideModel({ keys, markers }: Reader, { id, request: { received } }: Offboard, { read, text, context }: Read, model: ModelClient): Promise<{ readonly packet: IntentPacket; readonly said: ModelSaid }> {
  const nothing = { name: model.name, prompt: promptDigest, raised: [], filled: [], dropped: [], differs: [], answer: null };
  if (read.markers.length > 0) return { packet: read, said: { ...nothing, outcome: 'marked' } };
  if (received.part) return { packet: read, said: { ...nothing, outcome: 'several' } };
  const reply = await model.ask(shownToModel(text));
  if (reply.outcome !== 'answered') return { packet: read, said: { ...nothing, outcome: reply.outcome } };
  const { packet, part } = withModel(read, text, reply.answer, context);
  const said = { ...nothing, outcome: reply.outcome, ...part, answer: await keys.seal(id, 'model/answer', reply.answer) };
  return { packet: screened(packet, text, markers), said };
}

async function sealed({ keys }: Reader, id: string, packet: IntentPacket): Promise<IntentParsed> {
  const seal = async (field: string, value: string | JsonObject | null) => (value === null ? null : keys.seal(id, field, value));
  const { action, source, parser, confidence, confidenceParts, flags, markers, effective, target } = packet;
  return {
    action,
    source,
    parser,
    confidence,
    confidenceParts: confidenceParts.map((part) => ({ ...part })),
    flags: [...flags],
    markers: markers.map(({ class: name, version, start, end, view, field }) => ({ class: name, version, start, end, view, ...(field !== undefined && { field }) })),
    effective: effective && { at: effective.at, precision: effective.precision, zone: effective.zone },
    target: await seal('target', target && { kind: target.kind, value: target.value }),
    claimedRequester: await seal('claimedRequester', packet.claimedRequester),
    reason: await seal('reason', packet.reason),
  };
}

/** Which request of its message a case is about. */
function partOf({ part }: RequestReceived): PartOf {
  return part ? { number: part.number, of: part.cases.length } : { number: 1, of: 1 };
}
