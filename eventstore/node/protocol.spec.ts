import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { credentials, Metadata } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import db from '@eventstore/db-client';
import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import timestampPb from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { collect, freshStream, sampleEvent } from './contract/sample.js';
import { startEmbedded } from './contract/target.js';
import type { EmbeddedTarget } from './contract/target.js';
import { streamIdentifier } from './wire.js';

let target: EmbeddedTarget;
let raw: streamsGrpc.StreamsClient;
const metadata = new Metadata();
metadata.set('authorization', `Basic ${Buffer.from('root:root-secret').toString('base64')}`);

beforeAll(async () => {
  target = await startEmbedded([]);
  raw = new streamsGrpc.StreamsClient(target.address, credentials.createSsl(Buffer.from(target.cert)));
});
afterAll(async () => {
  raw.close();
  await target.stop();
});

function uuid(value: string = randomUUID()): sharedPb.UUID {
  const id = new sharedPb.UUID();
  id.setString(value);
  return id;
}

type Properties = Readonly<Record<string, string>>;
const COMPLETE: Properties = { 'type': 't', 'content-type': 'application/octet-stream' };

function fill<M extends streamsPb.AppendReq.ProposedMessage | streamsPb.BatchAppendReq.ProposedMessage>(message: M, properties: Properties, id = uuid()): M {
  message.setId(id);
  for (const [key, value] of Object.entries(properties)) message.getMetadataMap().set(key, value);
  return message;
}

/** One unary append of raw messages; answers the error, if any. */
function append(messages: readonly streamsPb.AppendReq[]): Promise<ServiceError | null> {
  return new Promise((resolve) => {
    const call = raw.append(metadata, (error) => resolve(error));
    call.on('error', () => undefined);
    for (const message of messages) call.write(message);
    call.end();
  });
}
const optionsFor = (stream: string): streamsPb.AppendReq =>
  new streamsPb.AppendReq().setOptions(new streamsPb.AppendReq.Options().setStreamIdentifier(streamIdentifier(stream)).setAny(new sharedPb.Empty()));
const proposed = (properties: Properties, id = uuid()): streamsPb.AppendReq =>
  new streamsPb.AppendReq().setProposedMessage(fill(new streamsPb.AppendReq.ProposedMessage(), properties, id));

describe('an unary append that is not well formed is refused, and nothing of it is written', () => {
  const stream = freshStream();
  test.each<[string, streamsPb.AppendReq[], object]>([
    ['no type', [optionsFor(stream), proposed(COMPLETE), proposed({ 'content-type': 'x' })], { code: 3, trailer: 'missing-required-metadata-property' }],
    ['no content type', [optionsFor(stream), proposed({ type: 't' })], { code: 3, trailer: 'missing-required-metadata-property' }],
    ['no options', [proposed(COMPLETE)], { code: 3, trailer: undefined }],
    ['nothing at all', [], { code: 3, trailer: undefined }],
    ['an id that is no UUID', [optionsFor(stream), proposed(COMPLETE, uuid('x'))], { code: 3, trailer: undefined }],
    ['no expected revision', [new streamsPb.AppendReq().setOptions(new streamsPb.AppendReq.Options().setStreamIdentifier(streamIdentifier(stream)))], { code: 3, trailer: undefined }],
    ['no stream name', [optionsFor('')], { code: 3, trailer: undefined }],
    ['the name $all', [optionsFor('$all')], { code: 3, trailer: undefined }],
  ])('%s', async (_name, messages, expected) => {
    const error = await append(messages);
    expect({ code: error?.code, trailer: error?.metadata.get('exception')[0] }).toEqual(expected);
    await expect(collect(target.client().readStream(stream))).rejects.toMatchObject({ type: 'stream-not-found' });
  });
});

/** Sends batch requests over one call and answers as many responses as asked for. */
async function batch(requests: readonly streamsPb.BatchAppendReq[], count: number): Promise<streamsPb.BatchAppendResp[]> {
  const call = raw.batchAppend(metadata);
  for (const request of requests) call.write(request);
  call.end();
  const responses = await collect<streamsPb.BatchAppendResp>(call);
  expect(responses).toHaveLength(count);
  return responses;
}

function part(correlation: string, properties: Properties, final: boolean, stream?: string, deadline?: Date): streamsPb.BatchAppendReq {
  const request = new streamsPb.BatchAppendReq().setCorrelationId(uuid(correlation)).setIsFinal(final);
  request.addProposedMessages(fill(new streamsPb.BatchAppendReq.ProposedMessage(), properties));
  if (stream === undefined) return request;
  const options = new streamsPb.BatchAppendReq.Options().setStreamIdentifier(streamIdentifier(stream)).setStreamPosition('0');
  if (deadline !== undefined) options.setDeadline(timestampPb.Timestamp.fromDate(deadline));
  return request.setOptions(options);
}

describe('a batch append', () => {
  const later = (): Date => new Date(Date.now() + 60_000);

  test('in parts is one append, answered once with its id, stream and expectation', async () => {
    const stream = freshStream();
    await target.client().appendToStream(stream, sampleEvent());
    const [one, two] = [randomUUID(), randomUUID()];
    const responses = await batch([part(one, COMPLETE, false, stream, later()), part(two, COMPLETE, true, freshStream(), later()), part(one, COMPLETE, true)], 2);
    const answer = responses.find((response) => response.getCorrelationId()?.getString() === one);
    expect(answer?.getSuccess()?.getCurrentRevision()).toBe('2');
    expect(Buffer.from(answer!.getStreamIdentifier()!.getStreamName_asU8()).toString()).toBe(stream);
    expect(answer?.getStreamPosition()).toBe('0');
    expect(responses.find((response) => response.getCorrelationId()?.getString() === two)?.getError()?.getDetails()?.getTypeName()).toBe('event_store.client.WrongExpectedVersion');
  });

  test('whose deadline has passed is answered Timeout and not written', async () => {
    const stream = freshStream();
    await target.client().appendToStream(stream, sampleEvent());
    const [answer] = await batch([part(randomUUID(), COMPLETE, true, stream, new Date(Date.now() - 1000))], 1);
    expect(answer?.getError()?.getDetails()?.getTypeName()).toBe('event_store.client.Timeout');
    expect(await collect(target.client().readStream(stream))).toHaveLength(1);
  });

  test.each([['a property is missing', { type: 't' }, false], ['options are missing', COMPLETE, true]])('is refused alone when %s', async (_name, properties, bare) => {
    const stream = freshStream();
    await target.client().appendToStream(stream, sampleEvent());
    const bad = randomUUID();
    const responses = await batch([part(bad, properties, true, bare ? undefined : stream, later()), part(randomUUID(), COMPLETE, true, stream, later())], 2);
    const refused = responses.find((response) => response.getCorrelationId()?.getString() === bad);
    expect(refused?.getError()?.getDetails()?.getTypeName()).toBe('event_store.client.BadRequest');
    expect(responses.filter((response) => response.hasSuccess())).toHaveLength(1);
  });
});

test.each([
  ['a checkpoint multiplier of 0', (filter: streamsPb.ReadReq.Options.FilterOptions) => filter.setCheckpointintervalmultiplier(0)],
  ['a pattern that is none', (filter: streamsPb.ReadReq.Options.FilterOptions) => filter.setStreamIdentifier(new streamsPb.ReadReq.Options.FilterOptions.Expression().setRegex('('))],
  ['no expression', (filter: streamsPb.ReadReq.Options.FilterOptions) => filter.clearStreamIdentifier()],
])('a filter with %s is refused', async (_name, spoil) => {
  const expression = new streamsPb.ReadReq.Options.FilterOptions.Expression().setPrefixList(['x']);
  const filter = new streamsPb.ReadReq.Options.FilterOptions().setCount(new sharedPb.Empty()).setCheckpointintervalmultiplier(1).setStreamIdentifier(expression);
  spoil(filter);
  const options = new streamsPb.ReadReq.Options().setAll(new streamsPb.ReadReq.Options.AllOptions().setStart(new sharedPb.Empty()));
  options.setSubscription(new streamsPb.ReadReq.Options.SubscriptionOptions()).setFilter(filter);
  await expect(collect(raw.read(new streamsPb.ReadReq().setOptions(options), metadata))).rejects.toMatchObject({ code: 3 });
});

test('discovery leads to the address that was asked', async () => {
  const [, port] = target.address.split(':');
  const client = new db.EventStoreDBClient({ discover: { address: 'localhost', port: Number(port) } }, { rootCertificate: Buffer.from(target.cert) }, target.credentials);
  await expect(client.appendToStream(freshStream(), sampleEvent())).resolves.toMatchObject({ success: true });
  await client.dispose();
});

test('discovery under a name that is no address is refused, and the store goes on', async () => {
  const gossip = new gossipGrpc.GossipClient(target.address, credentials.createSsl(Buffer.from(target.cert)), { 'grpc.default_authority': 'localhost:99999', 'grpc.ssl_target_name_override': 'localhost' });
  const error = await new Promise<ServiceError | null>((resolve) => gossip.read(new sharedPb.Empty(), resolve));
  expect(error?.code).toBe(3);
  gossip.close();
});
