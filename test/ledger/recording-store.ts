import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streamsGrpc, { type IStreamsServer } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { loopbackCertificate } from '../../eventstore/node/contract/certificate.js';
import { supportedMethods } from '../../eventstore/node/discovery.js';

/** One event as a client sent it, and who it said it was. */
export interface Appended {
  readonly stream: string;
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly authorization: string;
}

/** What an append comes to: an answer, an answer when `release` is called, none although it was written, or none at all. */
export type Manner = 'answered' | 'held' | 'written_unanswered' | 'unanswered';

/**
 * Speaks as much of EventStoreDB's protocol as appends and reads of one stream need, offers batch appends as the real one does, says what it
 * was sent, and misbehaves as it is told to. It checks no revision and no right.
 */
export class RecordingStore {
  readonly appended: Appended[] = [];
  /** How many appends came whole, answered or not. */
  received = 0;
  /** How many batch calls there were. */
  batches = 0;
  manner: Manner = 'answered';
  /** False: what was appended cannot be read. */
  keeps = true;
  readonly #held: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    readonly address: string,
    readonly cert: string,
  ) {}

  static async start(): Promise<RecordingStore> {
    const { cert, key } = await loopbackCertificate();
    const server = new Server();
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createSsl(null, [{ cert_chain: Buffer.from(cert), private_key: Buffer.from(key) }]), (error, bound) => (error ? reject(error) : resolve(bound)));
    });
    const store = new RecordingStore(server, `localhost:${port}`, cert);
    server.addService(streamsGrpc.StreamsService, { ...store.#handlers() });
    server.addService(featuresGrpc.ServerFeaturesService, { getSupportedMethods: (_call: unknown, answer: (error: null, methods: ReturnType<typeof supportedMethods>) => void) => answer(null, supportedMethods()) });
    return store;
  }

  forget(): void {
    this.appended.length = 0;
  }

  /** Answers the appends that are held. */
  release(): void {
    for (const answer of this.#held.splice(0)) answer();
  }

  stop(): void {
    this.server.forceShutdown();
  }

  #handlers(): Pick<IStreamsServer, 'append' | 'read' | 'batchAppend'> {
    return {
      append: (call, answer) => {
        const { manner } = this;
        const events: Appended[] = [];
        let stream = '';
        call.on('data', (request: streamsPb.AppendReq) => {
          const message = request.getProposedMessage();
          if (!message) stream = nameIn(request.getOptions()?.getStreamIdentifier());
          else {
            const about = message.getMetadataMap();
            events.push({ stream, id: message.getId()?.getString() ?? '', type: about.get('type') ?? '', contentType: about.get('content-type') ?? '', data: message.getData_asU8(), authorization: call.metadata.get('authorization').join() });
          }
        });
        call.on('end', () => {
          this.received += 1;
          if (manner === 'unanswered') return;
          this.appended.push(...events);
          const last = String(this.#of(stream).length - 1);
          const reply = (): void => answer(null, new streamsPb.AppendResp().setSuccess(new streamsPb.AppendResp.Success().setCurrentRevision(last).setNoPosition(new sharedPb.Empty())));
          if (manner === 'answered') reply();
          else if (manner === 'held') this.#held.push(reply);
        });
      },
      batchAppend: (call) => {
        this.batches += 1;
        call.emit('error', { code: status.UNAVAILABLE, details: 'no batch is taken here' });
      },
      read: (call) => {
        const options = call.request.getOptions()?.getStream();
        const stream = nameIn(options?.getStreamIdentifier());
        const found = this.keeps ? this.#of(stream) : [];
        if (found.length === 0) call.write(new streamsPb.ReadResp().setStreamNotFound(new streamsPb.ReadResp.StreamNotFound().setStreamIdentifier(options?.getStreamIdentifier())));
        // metadata is read from its end, books from where they were left
        const from = options?.hasEnd() === true ? found.length - 1 : Number(options?.getRevision() ?? 0);
        found.forEach((event, revision) => revision >= from && call.write(eventOf(event, revision)));
        call.end();
      },
    };
  }

  #of(stream: string): readonly Appended[] {
    return this.appended.filter((event) => event.stream === stream);
  }
}

function nameIn(identifier: sharedPb.StreamIdentifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? '').toString('utf8');
}

function eventOf({ stream, id, type, contentType, data }: Appended, revision: number): streamsPb.ReadResp {
  const uuid = new sharedPb.UUID();
  uuid.setString(id);
  const recorded = new streamsPb.ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(uuid);
  recorded.setStreamIdentifier(new sharedPb.StreamIdentifier().setStreamName(Buffer.from(stream)));
  recorded.setStreamRevision(String(revision));
  recorded.setCommitPosition('1');
  recorded.setPreparePosition('1');
  recorded.getMetadataMap().set('type', type).set('content-type', contentType).set('created', '0');
  recorded.setData(data);
  return new streamsPb.ReadResp().setEvent(new streamsPb.ReadResp.ReadEvent().setEvent(recorded).setNoPosition(new sharedPb.Empty()));
}
